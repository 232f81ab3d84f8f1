/* What opens at the lower edge of a column that scrolls is brought into sight. */
(() => {
  "use strict";
  document.addEventListener("toggle", ({ target }) => {
    if (target.open && target.matches("#result-more, .lightbox__alt, .lightbox__recipe, .collections-of")) target.scrollIntoView({ block: "nearest" });
  }, true);
})();
