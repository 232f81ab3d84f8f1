/* What was finished while nobody looked, in the page's title: "(2) Credits". Elsewhere the server counts; where
   the cards themselves are shown, those that came while the page was hidden, until somebody looks again. */
(() => {
  "use strict";
  const { $, $$, number } = window.fluxgen;
  const title = document.title.replace(/^\([^)]+\) /, "");
  let seen = 0;

  const done = () => $$(".generation-card--done").length;
  const show = () => {
    const unread = $("#unread");
    const count = unread ? Number(unread.dataset.count) : document.hidden ? done() - seen : 0;
    document.title = count > 0 ? `(${number(count)}) ${title}` : title;
  };
  document.addEventListener("visibilitychange", () => { seen = done(); show(); });
  document.addEventListener("htmx:afterSettle", show);
})();
