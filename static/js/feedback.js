/* A click answers at once, however long the server takes. htmx marks what has asked (feedback.css shows it); this
   does the same for links and forms that lead to another page, and lets nothing be sent twice meanwhile. */
(() => {
  "use strict";
  const GIVE_UP_MS = 20000, BEGUN_MS = 2000; /* a download leaves the page where it is */
  const root = document.documentElement;
  let rest = 0;

  const arrive = () => { clearTimeout(rest); delete root.dataset.leaving; };
  const leave = (by) => { root.dataset.leaving = ""; clearTimeout(rest); rest = setTimeout(arrive, by && "downloads" in by.dataset ? BEGUN_MS : GIVE_UP_MS); };
  const isBusy = (form, button) => form?.matches(".htmx-request") || button?.matches(".htmx-request");

  document.addEventListener("submit", (event) => {
    if (event.target.method !== "post" || !isBusy(event.target, event.submitter)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
  }, true);
  /* a form of a dialog closes it and leads nowhere */
  addEventListener("submit", (event) => { if (!event.defaultPrevented && event.target.getAttribute("method") !== "dialog") leave(event.submitter); });
  addEventListener("click", (event) => {
    const link = event.target.closest("a[href]");
    if (!link || event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    if (link.target || link.hasAttribute("download") || link.origin !== location.origin) return;
    if (link.hash && link.pathname === location.pathname && link.search === location.search) return;
    leave(link);
  });
  addEventListener("pageshow", arrive);
  addEventListener("keydown", (event) => { if (event.key === "Escape") arrive(); });
})();
