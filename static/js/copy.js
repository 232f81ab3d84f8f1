/* Copies words, a seed or a whole recipe, and says so. */
(() => {
  "use strict";
  const { $, say, word } = window.fluxgen;
  const SHOWN_MS = 1600;

  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copies]");
    if (!button) return;
    const label = $("span", button);
    let words = word("copied");
    try {
      await navigator.clipboard.writeText($("#" + button.dataset.copies).textContent.trim());
      say(button.dataset.copied);
    } catch {
      words = word("uncopied");
      say(words);
    }
    if (!label || button.dataset.was) return;
    button.dataset.was = label.textContent;
    label.textContent = words;
    setTimeout(() => { label.textContent = button.dataset.was; delete button.dataset.was; }, SHOWN_MS);
  });
})();
