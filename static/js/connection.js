/* Says in words what a request could not do. Polling repeats itself (polling.js); everything else stays as it was. */
(() => {
  "use strict";
  const { $ } = window.fluxgen;
  const notice = $("#connection"), main = notice.parentNode;
  const words = {
    lost: "No connection. Your words are still in the box; try again when you are back.",
    broken: "Something broke on our side. Nothing was charged. Try again in a moment.",
    stranger: "You were signed out. Sign in and carry on; your words are kept.",
    missing: "That is no longer here.",
    large: "That file is too large. Your words are still here; choose a smaller one.",
    refused: "That was refused. Reload the page and try again.",
  };

  /* Within an open dialog: what is outside is neither seen nor heard. Written after it is shown: an alert is
     read when its words change. */
  const show = (kind) => {
    const place = $("dialog[open]") ?? main;
    if (notice.parentNode !== place) place.prepend(notice);
    else if (!notice.hidden && notice.textContent === words[kind]) return;
    notice.hidden = false;
    notice.textContent = words[kind];
    if (kind === "stranger") {
      const link = Object.assign(document.createElement("a"), { className: "button button--line", href: notice.dataset.signin, textContent: "Sign in", target: "_blank" });
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
