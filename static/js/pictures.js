/* A signed address ends while a page stays open: then the picture is asked for at its lasting one, once. */
(() => {
  "use strict";
  document.addEventListener("error", ({ target }) => {
    const lasting = target.dataset?.lasting;
    if (!lasting || target.tagName !== "IMG") return;
    const variant = new URL(target.currentSrc || target.src).pathname.split("/").pop();
    delete target.dataset.lasting;
    target.removeAttribute("srcset");
    target.src = lasting + variant;
  }, true);
})();
