/* Copies the words of a picture and says so. */
(() => {
  "use strict";
  const { $, say } = window.fluxgen;
  const SHOWN_MS = 1600;

  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copies]");
    if (!button) return;
    const label = $("span", button);
    try {
      await navigator.clipboard.writeText($("#" + button.dataset.copies).textContent.trim());
    } catch {
      label.textContent = "Not allowed by the browser";
      return;
    }
    label.textContent = "Copied";
    say("Words copied");
    setTimeout(() => { label.textContent = "Copy words"; }, SHOWN_MS);
  });
})();
