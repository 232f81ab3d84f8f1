/* The box one writes in: counts its characters, takes a borrowed sentence, and keeps what is
   typed while the form before is still on its way. */
(() => {
  "use strict";
  const { $ } = window.fluxgen;

  document.addEventListener("input", (event) => {
    if (event.target.id === "prompt") $("#prompt-length").textContent = event.target.value.length.toLocaleString("en-GB");
  });
  let sent = null;
  const isForm = (event) => event.detail.elt.id === "compose-form";
  document.addEventListener("htmx:beforeRequest", (event) => { if (isForm(event)) sent = $("#prompt").value; });
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (!isForm(event) || sent === null || $("#prompt").value === sent) return;
    const typed = $("#prompt").value;
    document.addEventListener("htmx:afterSwap", () => {
      $("#prompt").value = typed;
      $("#prompt").dispatchEvent(new Event("input", { bubbles: true }));
    }, { once: true });
  });
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-borrows]");
    if (!button) return;
    const box = $("#prompt");
    box.value = $("#" + button.dataset.borrows).textContent;
    box.dispatchEvent(new Event("input", { bubbles: true }));
    box.focus();
  });
})();
