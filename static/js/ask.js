/* A question that came as an answer: shown on top of everything, gone when it is answered. */
(() => {
  "use strict";
  const { $, $$ } = window.fluxgen;

  document.addEventListener("htmx:afterSettle", () => {
    for (const dialog of $$("#asking [data-asks]:not([open])")) {
      dialog.addEventListener("close", () => dialog.remove());
      dialog.showModal();
    }
  });
  document.addEventListener("htmx:beforeSwap", (event) => {
    const asked = event.detail.requestConfig.elt.closest?.("#asking") && $("#asking dialog[open]");
    if (asked) asked.close();
  });
})();
