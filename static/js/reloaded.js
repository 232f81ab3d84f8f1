/* A picture's page that was opened in place over another page and then loaded anew has no page beneath it:
   Back says where to go, and what is there is loaded. */
(() => {
  "use strict";
  const here = location.pathname;

  addEventListener("popstate", () => { if (location.pathname !== here) location.reload(); });
})();
