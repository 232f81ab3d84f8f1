/* The page's one question, "what became of my unfinished pictures?". It rests while nobody looks, and a lost
   connection or a server in trouble makes it ask more slowly, never stop: 5 s, then doubling to 60 s. */
(() => {
  "use strict";
  const { $ } = window.fluxgen;
  const FIRST_WAIT_MS = 5000, LONGEST_WAIT_MS = 60000;
  const BUSY_PAGE = ".lightbox--page [aria-busy]";
  const watched = $(BUSY_PAGE) !== null;
  let wait = FIRST_WAIT_MS, rests = false;

  /* the element that asked: once swapped out, htmx tells its parent instead */
  const asks = (event) => event.detail.requestConfig.elt.id === "unfinished";
  const ask = () => $("#unfinished[hx-get]")?.dispatchEvent(new Event("ask"));

  document.addEventListener("htmx:beforeRequest", (event) => {
    if (!asks(event) || !document.hidden) return;
    event.preventDefault();
    rests = true;
  });
  document.addEventListener("visibilitychange", () => {
    if (document.hidden || !rests) return;
    rests = false;
    ask();
  });

  const again = () => {
    setTimeout(ask, wait);
    wait = Math.min(wait * 2, LONGEST_WAIT_MS);
  };
  for (const name of ["htmx:sendError", "htmx:timeout", "htmx:sendAbort"]) {
    document.addEventListener(name, (event) => { if (asks(event)) again(); });
  }
  document.addEventListener("htmx:responseError", (event) => {
    const status = event.detail.xhr.status;
    if (asks(event) && (status >= 500 || status === 429)) again();
  });

  /* A generation's own page shows more than its card: when the card is finished, the page is read again. */
  document.addEventListener("htmx:afterOnLoad", (event) => {
    if (!asks(event) || event.detail.xhr.status >= 400) return;
    wait = FIRST_WAIT_MS;
    if (watched && !$(BUSY_PAGE)) location.reload();
  });
})();
