/* A deletion says how many seconds are left for its undo, and closes up after them; never while someone is on it. */
(() => {
  "use strict";
  const { $$ } = window.fluxgen;
  const SECOND_MS = 1000;

  function close(element) {
    if (element.matches(":hover, :focus-within")) {
      const later = () => setTimeout(() => close(element), SECOND_MS);
      element.addEventListener("focusout", later, { once: true });
      element.addEventListener("pointerleave", later, { once: true });
      return;
    }
    element.remove();
  }
  function count(element) {
    const ends = performance.now() + Number(element.dataset.left) * SECOND_MS;
    const tick = setInterval(() => {
      const left = Math.max(0, Math.round((ends - performance.now()) / SECOND_MS));
      element.textContent = left ? `within ${left} s` : "too late";
      if (!left || !element.isConnected) clearInterval(tick);
    }, SECOND_MS);
  }
  function wind(root) {
    for (const element of $$("[data-closes-after]:not([data-wound])", root)) {
      element.dataset.wound = "";
      setTimeout(() => close(element), Number(element.dataset.closesAfter) * SECOND_MS);
    }
    for (const element of $$("[data-left]:not([data-wound])", root)) {
      element.dataset.wound = "";
      count(element);
    }
  }
  wind(document);
  document.addEventListener("htmx:afterSettle", () => wind(document));
})();
