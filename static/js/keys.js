/* The keyboard. Single keys act outside fields only, can be switched off in the account, and every key has a
   visible control. */
(() => {
  "use strict";
  const { $, $$, say, word } = window.fluxgen;
  const areOn = document.documentElement.dataset.singleKeys !== "off";
  const fields = "input:not([type=radio], [type=checkbox]), textarea, select, [contenteditable]";
  const ends = { ArrowLeft: "newest", ArrowRight: "oldest" };
  const inLightbox = {
    ArrowLeft: "a[rel=prev]", ArrowRight: "a[rel=next]", f: "[data-key=favourite]", r: "#remix", d: "[data-key=download]",
    c: "[data-key=copy]", Delete: "[data-key=delete]", Backspace: "[data-key=delete]",
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
  const isDeleting = (key) => key === "Delete" || key === "Backspace";
  function onSelected(event, key) {
    if (!isDeleting(key) || !$(".generation-card__check input:checked, #selection-all:checked")) return false;
    event.preventDefault();
    $("#selection-delete").click();
    return true;
  }
  function onTile(event, key) {
    const link = document.activeElement.closest(".generation-card__picture[data-deletes]");
    if (!link) return false;
    const card = link.closest(".generation-card");
    if (key === "f") $(".star__button", card)?.click();
    else if (!isDeleting(key)) return false;
    else window.htmx.ajax("POST", link.dataset.deletes, { source: link, target: card, swap: "outerHTML" });
    event.preventDefault();
    return true;
  }
  function inView(event, key, view) {
    const control = !event.repeat && inLightbox[key] && $(inLightbox[key], view);
    if (control) { event.preventDefault(); control.click(); }
    else if (ends[key] && $(".lightbox__strip", view)) say(word(ends[key]));
    return Boolean(control);
  }
  addEventListener("keydown", (event) => {
    if ((event.metaKey || event.ctrlKey) && event.key === "Enter") {
      const form = $("#compose-form");
      if (form?.contains(event.target)) { event.preventDefault(); form.requestSubmit($("#generate")); }
      return;
    }
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key, isArrow = key.startsWith("Arrow");
    if (event.defaultPrevented || event.altKey || event.metaKey || event.ctrlKey || event.target.closest(fields)) return;
    if ($(":popover-open, dialog[open]:not(.lightbox)") || !(areOn || isArrow)) return;
    if (isArrow && event.target.matches("[type=radio]")) return;
    const view = $("dialog.lightbox[open]") ?? $(".lightbox--page");
    if (view ? inView(event, key, view) : !event.repeat && (onSelected(event, key) || onTile(event, key))) return;
    const words = !view && key === "/" && $("#history-q, #prompt, .slot__words");
    if (words) { event.preventDefault(); words.focus(); }
    else if (key === "?") $("#keyboard").showModal();
    else if (isArrow && !view) move(event);
  });
})();
