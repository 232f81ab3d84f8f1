/* Keeps the keyboard's place. htmx puts focus back on a control with the same id; when the focused control is
   gone after a swap, focus goes to the same id if it returned, or what stands in its place (Generate: Buy credits),
   else to the first control of what replaced it. */
(() => {
  "use strict";
  const { $, $$ } = window.fluxgen;
  let held = null;

  const hold = (root) => { if (root.contains(document.activeElement) && document.activeElement !== document.body) held = document.activeElement; };
  document.addEventListener("htmx:beforeRequest", (event) => hold(event.target));
  document.addEventListener("htmx:beforeSwap", (event) => hold(event.detail.target));
  document.addEventListener("htmx:oobBeforeSwap", (event) => hold(event.detail.target));

  document.addEventListener("htmx:afterSettle", (event) => {
    if (!held) return;
    if (document.activeElement !== document.body) { held = null; return; }
    const same = held.id && document.getElementById(held.id);
    const next = [same, same && $("#buy", same.parentNode), ...$$("a[href], button, [tabindex]", event.target)].find((each) => each && each.getClientRects().length);
    if (!next || next.disabled) return; /* its own answer is under way yet */
    held = null;
    next.focus({ preventScroll: true });
  });
})();
