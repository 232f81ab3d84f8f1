/* Says in words what a request could not do: the server's, where it sent plain ones (views/errors.py), which are
   swapped nowhere, else our own. Polling repeats itself (polling.js); everything else stays as it was. */
(() => {
  "use strict";
  const { $, word } = window.fluxgen;
  const notice = $("#connection"), main = notice.parentNode;
  let said = 0;
  /* Within an open dialog: what is outside is neither seen nor heard. Written after it is shown: an alert is
     read when its words change. */
  const show = (kind, words = word(kind)) => {
    const place = $("dialog[open]") ?? main;
    if (notice.parentNode !== place) place.prepend(notice);
    else if (!notice.hidden && notice.firstChild?.data === words) return;
    notice.hidden = false;
    notice.textContent = words;
    if (kind === "stranger") {
      const link = Object.assign(document.createElement("a"), { className: "button button--line", href: notice.dataset.signin, textContent: word("signin"), target: "_blank" });
      notice.append(link);
    }
  };
  const kind = (status) => status >= 500 ? "broken" : status === 401 ? "stranger" : status === 413 ? "large" : status === 404 || status === 410 ? "missing" : "refused";

  /* keeps the one page that is shown without a connection (views/offline.py) */
  addEventListener("load", () => { navigator.serviceWorker?.register("/worker.js").catch(() => null); });

  /* what a person's act (2) could not do stays said until their next one: polls (0) and looking on (1) go on meanwhile */
  const rank = ({ detail: { requestConfig: { elt, verb } } }) => ["unfinished", "unread"].includes(elt.id) ? 0 : verb === "get" ? 1 : 2;
  const isLost = () => { said = 0; show("lost"); };
  document.addEventListener("htmx:sendError", isLost);
  document.addEventListener("htmx:timeout", isLost);
  document.addEventListener("fluxgen:trouble", (event) => { said = 1; show(event.detail); });
  const isPlain = (xhr) => xhr.status >= 400 && xhr.getResponseHeader("Content-Type")?.startsWith("text/plain");
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (isPlain(event.detail.xhr)) Object.assign(event.detail, { shouldSwap: false, isError: true });
  });
  document.addEventListener("htmx:responseError", (event) => {
    const { xhr } = event.detail;
    said = rank(event);
    show(kind(xhr.status), isPlain(xhr) && xhr.responseText || undefined);
  });
  document.addEventListener("htmx:afterOnLoad", (event) => { if (event.detail.xhr.status < 400 && rank(event) >= said) notice.hidden = true; });
})();
