/* The box one writes in: counts its characters, and takes a borrowed sentence. */
(() => {
  "use strict";
  const { $ } = window.fluxgen;

  document.addEventListener("input", (event) => {
    if (event.target.id === "prompt") $("#prompt-length").textContent = event.target.value.length.toLocaleString("en-GB");
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
