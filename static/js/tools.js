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
  /* The page brings its words in the reader's language; {0} is what is filled in. */
  const words = JSON.parse($("meta[name=words]").content), { lang } = document.documentElement;
  /* What knows languages takes its time to start: it does when a number needs it. */
  let plurals = null;
  const number = (amount) => amount < 1000 ? `${amount}` : amount.toLocaleString(lang);
  const filled = (said, ...given) => said.replace(/\{(\d)\}/g, (_, at) => given[at]);
  const word = (name, ...given) => filled(words[name], ...given);
  const counted = (name, amount) => filled(words[name][(plurals ??= new Intl.PluralRules(lang)).select(amount)] ?? words[name].other, number(amount));
  const seconds = (amount) => amount < 60 ? word("seconds", amount) : word("minutes", Math.floor(amount / 60), amount % 60);

  /* Controls that only work with script are printed hidden. */
  const reveal = (root) => { for (const control of $$("[data-opens][hidden], [data-copies][hidden], [data-borrows][hidden]", root)) control.hidden = false; };
  reveal(document);

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-opens]");
    if (!button) return;
    button.closest("[popover]")?.hidePopover();
    $("#" + button.dataset.opens).showModal();
  });
  return { $, $$, say, word, counted, number, seconds, reveal };
})();
