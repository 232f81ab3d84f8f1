/* The page's one question, "what became of my unfinished pictures?". While nobody looks it is asked seldom, for
   the title; a lost connection or a server in trouble makes it ask more slowly, never stop: 5 s, then doubling to 60 s. */
(() => {
  "use strict";
  const { $, $$ } = window.fluxgen;
  const FIRST_WAIT_MS = 5000, LONGEST_WAIT_MS = 60000, HIDDEN_WAIT_MS = 10000;
  const BUSY_PAGE = ".lightbox--page [aria-busy]";
  const watched = $(BUSY_PAGE) !== null;
  let wait = FIRST_WAIT_MS, rest = null, isSeldom = false;

  /* the element that asked: once swapped out, htmx tells its parent instead */
  const asks = (event) => ["unfinished", "unread"].includes(event.detail.requestConfig.elt.id);
  const ask = () => $$("#unfinished[hx-get], #unread[hx-get]").forEach((asker) => asker.dispatchEvent(new Event("ask")));

  document.addEventListener("htmx:beforeRequest", (event) => {
    if (!asks(event) || !document.hidden) return;
    if (isSeldom) { isSeldom = false; return; }
    event.preventDefault();
    clearTimeout(rest);
    rest = setTimeout(() => { isSeldom = true; ask(); }, HIDDEN_WAIT_MS);
  });
  document.addEventListener("visibilitychange", () => {
    if (document.hidden || rest === null) return;
    clearTimeout(rest);
    rest = null;
    ask();
  });

  /* What was asked for in another window has no card here; in the archive, what is done becomes a tile. */
  const here = (path) => {
    const url = new URL(path, location);
    const ids = url.searchParams.get("ids").split(",").filter((id) => document.getElementById(`generation-${id}`));
    url.searchParams.set("ids", ids.join(","));
    if ($("#arrived")) url.searchParams.set("grid", "yes");
    return ids.length ? url.pathname + url.search : "";
  };
  /* The answer to a form replaces the question, so the form says what the page still waits for. */
  document.addEventListener("htmx:configRequest", (event) => {
    if (event.detail.elt.id === "unfinished") {
      event.detail.path = here(event.detail.path);
      if (!event.detail.path) event.preventDefault();
    }
    if (event.detail.verb !== "post") return;
    event.detail.parameters.waits = $$(".generation-card[aria-busy]").map((card) => card.id.replace("generation-", "")).join(",");
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
