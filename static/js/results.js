/* What opens at the lower edge of a column that scrolls is brought into sight; an edit says its editor's price. */
(() => {
  "use strict";
  document.addEventListener("toggle", ({ target }) => {
    if (target.open && target.matches("#result-more, .lightbox__alt, .lightbox__recipe, .collections-of")) target.scrollIntoView({ block: "nearest" });
  }, true);
  document.addEventListener("change", ({ target }) => {
    const editor = target.closest(".result-more__editor");
    if (editor) target.form.querySelector("#edit-cost").textContent = editor.querySelector(".fact").textContent;
  });
})();
