/* A deleted frame closes up after its time, and so does its toast; never while someone is on it. */
(() => {
  "use strict";
  const { $$ } = window.fluxgen;

  function close(element) {
    if (element.matches(":hover, :focus-within")) {
      const later = () => setTimeout(() => close(element), 1000);
      element.addEventListener("focusout", later, { once: true });
      element.addEventListener("pointerleave", later, { once: true });
      return;
    }
    element.remove();
  }
  function wind(root) {
    for (const element of $$("[data-closes-after]:not([data-wound])", root)) {
      element.dataset.wound = "";
      setTimeout(() => close(element), Number(element.dataset.closesAfter) * 1000);
    }
  }
  wind(document);
  document.addEventListener("htmx:afterSettle", () => wind(document));
})();
