/* The boxes one writes in: counts their characters, takes a borrowed sentence, and keeps what is
   typed while the form before is still on its way. */
(() => {
  "use strict";
  const { $, number } = window.fluxgen;

  document.addEventListener("input", (event) => {
    const part = event.detail !== "kept" && event.target.name !== "locked" && event.target.closest(".slot, .compose-prompt, .compose-form__row");
    if (part) { /* what was wrong is being mended */
      $(".field__error", part)?.remove();
      $("[aria-invalid]", part)?.removeAttribute("aria-invalid");
    }
    const counter = event.target.id && document.getElementById(event.target.id + "-count");
    if (counter) counter.textContent = number([...event.target.value].length);
  });
  let sent = null;
  const isForm = (event) => event.detail.target.id === "compose-form";
  document.addEventListener("htmx:beforeRequest", (event) => { if (isForm(event)) sent = $("#prompt")?.value ?? null; });
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (!isForm(event) || sent === null || $("#prompt")?.value === sent) return;
    const typed = $("#prompt")?.value;
    document.addEventListener("htmx:afterSwap", () => {
      const box = $("#prompt");
      if (!box || typed === undefined) return;
      box.value = typed;
      box.dispatchEvent(new CustomEvent("input", { bubbles: true, detail: "kept" })); /* what is refused is still to be read */
    }, { once: true });
  });
  const put = (words) => {
    const box = $("#prompt");
    box.value = words;
    box.dispatchEvent(new Event("input", { bubbles: true }));
    box.focus();
  };
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-borrows]");
    if (!button) return;
    const words = $("#" + button.dataset.borrows).textContent;
    if ($("#prompt")) return put(words);
    document.addEventListener("htmx:afterSettle", () => put(words), { once: true });
    $("#way-words").click();
  });
})();
