/* What the other files share. Classic scripts, no inline handlers, no eval: they run under script-src 'self'. */
window.fluxgen = (() => {
  "use strict";
  const $ = (selector, root = document) => root.querySelector(selector);
  const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];

  /* One polite announcement at a time; emptied first so that the same words are read again. What is outside an
     open dialog is not heard, so a dialog has its own place for it. */
  const say = (words) => {
    const live = $("dialog[open] [data-live]") ?? $("#live");
    live.textContent = "";
    requestAnimationFrame(() => { live.textContent = words; });
  };
  const credits = (amount) => `${amount.toLocaleString("en-GB")} ${amount === 1 ? "credit" : "credits"}`;
  const seconds = (amount) => amount < 60 ? `${amount} s` : `${Math.floor(amount / 60)} min ${amount % 60} s`;

  /* Controls that only work with script are printed hidden. */
  const reveal = (root) => { for (const control of $$("[data-opens][hidden], [data-copies][hidden], [data-borrows][hidden]", root)) control.hidden = false; };
  reveal(document);

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-opens]");
    if (!button) return;
    button.closest("[popover]")?.hidePopover();
    $("#" + button.dataset.opens).showModal();
  });
  return { $, $$, say, credits, seconds, reveal };
})();
