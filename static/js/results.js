/* More opens at the lower edge of a column that scrolls: bring what it shows into sight. A provider
   that is silent answers with words for beside the buttons. */
(() => {
  "use strict";
  document.addEventListener("toggle", (event) => {
    if (event.target.id === "result-more" && event.target.open) event.target.scrollIntoView({ block: "nearest" });
  }, true);
  document.addEventListener("htmx:beforeSwap", (event) => {
    const { xhr } = event.detail;
    if (xhr.status !== 503 || event.detail.target.id !== "result-notice" || !xhr.responseText.includes("result-notice")) return;
    event.detail.shouldSwap = true;
    event.detail.isError = false;
  });
})();
