/* More opens at the lower edge of a column that scrolls: bring what it shows into sight. */
(() => {
  "use strict";
  document.addEventListener("toggle", (event) => {
    if (event.target.id === "result-more" && event.target.open) event.target.scrollIntoView({ block: "nearest" });
  }, true);
})();
