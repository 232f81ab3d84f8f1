/* A signed address ends while a page stays open: then the picture is asked for at its lasting one, once. What does
   not come from there either leaves its placeholder to be seen. */
(() => {
  "use strict";
  document.addEventListener("error", ({ target }) => {
    if (target.tagName !== "IMG") return;
    const lasting = target.dataset.lasting;
    if (!lasting && !target.alt) target.remove();
    if (!lasting) return;
    const variant = new URL(target.currentSrc || target.src).pathname.split("/").pop();
    delete target.dataset.lasting;
    target.removeAttribute("srcset");
    target.src = lasting + variant;
  }, true);
})();
