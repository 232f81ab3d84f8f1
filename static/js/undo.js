/* A deletion says how many seconds are left for its undo, and closes up after them; never while someone is on it.
   Each has a toast of its own, that shows itself while no crossed frame on the page offers the same. */
(() => {
  "use strict";
  const { $, $$, word } = window.fluxgen;
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
      element.textContent = left ? word("left", left) : word("late");
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
    for (const toast of $$("[data-undoes]")) toast.hidden = Boolean($(`[id="${toast.dataset.card}"].generation-card--deleted`));
  }
  /* undone, wherever: its toast is done, and no other */
  document.addEventListener("htmx:beforeOnLoad", (event) => {
    const { requestConfig, xhr } = event.detail, path = new URL(requestConfig.path, location).pathname;
    if (requestConfig.verb !== "post" || xhr.status >= 400) return;
    const own = requestConfig.elt.closest(".toast:not([data-undoes])");
    for (const toast of own ? [own] : $$(`[data-undoes="${path}"]`)) if (toast !== event.detail.target) setTimeout(() => toast.remove());
  });
  wind(document);
  document.addEventListener("htmx:afterSettle", () => wind(document));
})();
