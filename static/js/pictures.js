/* A signed address ends while a page stays open: then the picture is asked for at its lasting one, once. What does
   not come from there either leaves its placeholder to be seen, and where it is a store that is down, that is said. */
(() => {
  "use strict";
  let isAsked = false; /* under way, or answered with trouble */

  /* a picture that was deleted elsewhere is no trouble; an address that leads on is one of a picture that is there */
  async function ask(address) {
    if (isAsked || !address.startsWith(`${location.origin}/`)) return; /* a blob: has our origin, too */
    isAsked = true;
    const answer = await fetch(address, { method: "HEAD", redirect: "manual" }).catch(() => null);
    isAsked = !answer || answer.status >= 500 || answer.type === "opaqueredirect";
    if (isAsked) document.dispatchEvent(new CustomEvent("fluxgen:trouble", { detail: answer ? "unshown" : "lost" }));
  }
  function failed(target) {
    if (target.tagName !== "IMG") return;
    const { lasting } = target.dataset;
    if (!lasting) ask(target.currentSrc || target.src);
    if (!lasting && !target.alt) target.remove();
    if (!lasting) return;
    const variant = new URL(target.currentSrc || target.src).pathname.split("/").pop();
    delete target.dataset.lasting;
    target.removeAttribute("srcset");
    target.src = lasting + variant;
  }
  document.addEventListener("error", ({ target }) => failed(target), true);
  for (const image of document.images) if (image.complete && image.currentSrc && !image.naturalWidth) failed(image);
})();
