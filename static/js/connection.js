/* Says in words what a request could not do. Polling repeats itself (polling.js); everything else stays as it was. */
(() => {
  "use strict";
  const { $, word } = window.fluxgen;
  const notice = $("#connection"), main = notice.parentNode;
  /* Within an open dialog: what is outside is neither seen nor heard. Written after it is shown: an alert is
     read when its words change. */
  const show = (kind) => {
    const place = $("dialog[open]") ?? main;
    if (notice.parentNode !== place) place.prepend(notice);
    else if (!notice.hidden && notice.textContent === word(kind)) return;
    notice.hidden = false;
    notice.textContent = word(kind);
    if (kind === "stranger") {
      const link = Object.assign(document.createElement("a"), { className: "button button--line", href: notice.dataset.signin, textContent: word("signin"), target: "_blank" });
      notice.append(link);
    }
  };
  const kind = (status) => status >= 500 ? "broken" : status === 401 ? "stranger" : status === 413 ? "large" : status === 404 || status === 410 ? "missing" : "refused";

  /* keeps the one page that is shown without a connection (views/offline.py) */
  addEventListener("load", () => { navigator.serviceWorker?.register("/worker.js").catch(() => null); });

  document.addEventListener("htmx:sendError", () => show("lost"));
  document.addEventListener("htmx:timeout", () => show("lost"));
  document.addEventListener("htmx:responseError", (event) => show(kind(event.detail.xhr.status)));
  document.addEventListener("htmx:afterOnLoad", (event) => { if (event.detail.xhr.status < 400) notice.hidden = true; });
})();
