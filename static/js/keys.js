/* The keyboard. Single keys act outside fields only, and every key has a visible control. */
(() => {
  "use strict";
  const { $, $$ } = window.fluxgen;
  const typing = (target) => target.closest("input:not([type=radio], [type=checkbox]), textarea, select, [contenteditable]");
  const inLightbox = {
    ArrowLeft: "a[rel=prev]", ArrowRight: "a[rel=next]", d: "[data-key=download]", c: "[data-key=copy]",
    Delete: "[data-key=delete]", Backspace: "[data-key=delete]",
  };

  function neighbour(all, at, key) {
    if (key === "ArrowRight") return all[at + 1];
    if (key === "ArrowLeft") return all[at - 1];
    const up = key === "ArrowUp", here = all[at].getBoundingClientRect(), middle = here.left + here.width / 2;
    const rest = all.map((link) => ({ link, box: link.getBoundingClientRect() }))
      .filter(({ box }) => up ? box.top < here.top - 8 : box.top > here.top + 8);
    const line = up ? Math.max(...rest.map(({ box }) => box.top)) : Math.min(...rest.map(({ box }) => box.top));
    const far = ({ box }) => Math.abs(box.left + box.width / 2 - middle);
    return rest.filter(({ box }) => Math.abs(box.top - line) < 8).sort((one, other) => far(one) - far(other))[0]?.link;
  }
  function move(event) {
    const all = $$(".sheet .generation-card__picture[href]"), at = all.indexOf(document.activeElement);
    const to = at < 0 ? null : neighbour(all, at, event.key);
    if (to) { event.preventDefault(); to.focus(); }
  }
  addEventListener("keydown", (event) => {
    if ((event.metaKey || event.ctrlKey) && event.key === "Enter") {
      const form = $("#compose-form");
      if (form?.contains(event.target)) { event.preventDefault(); form.requestSubmit($("#generate")); }
      return;
    }
    if (event.altKey || event.metaKey || event.ctrlKey || typing(event.target) || $(":popover-open, dialog[open]:not(.lightbox)")) return;
    const view = $("dialog.lightbox[open]") ?? $(".lightbox--page");
    const control = view && !event.repeat && inLightbox[event.key] && $(inLightbox[event.key], view);
    if (control) { event.preventDefault(); control.click(); }
    else if (event.key === "/" && $("#prompt, .slot__words")) { event.preventDefault(); $("#prompt, .slot__words").focus(); }
    else if (event.key === "?") $("#keyboard").showModal();
    else if (event.key.startsWith("Arrow") && !view) move(event);
  });
})();
