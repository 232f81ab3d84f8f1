/* Selecting in the grid. The boxes work by themselves; this adds ranges (Shift with a click, Space or an arrow),
   clicking pictures while some are selected, the count, and what an act changes on the page. */
(() => {
  "use strict";
  const { $, $$, say, counted } = window.fluxgen;
  const PICTURE = ".generation-card--done .generation-card__picture", BOX = ".generation-card__check input";
  let anchor = null, from = null, words = "", newest = null, sent = { tiles: [], isAll: false };
  const acted = new Map(), aside = new Map();

  const boxes = () => $$(BOX).filter((box) => !box.closest("[hidden]"));
  const chosen = () => boxes().filter((box) => box.checked);
  const boxOf = (element) => $(BOX, element.closest(".generation-card"));
  const isAll = () => Boolean($("#selection-all")?.checked);
  const isOn = () => isAll() || chosen().length > 0;

  /* says how many, unless something else has just been said */
  function count(isSaid = true) {
    const number = chosen().length, place = $("#selection-count");
    if (!place) return;
    $("#selection-compare").hidden = number !== 2 || isAll();
    const next = isAll() ? "" : counted("selected", number);
    if (place.textContent !== next) place.textContent = next;
    if (isSaid && next && next !== words && (number || words)) say(next);
    words = next;
  }
  /* who takes one out does not mean all that match any more */
  function exceptFor(box) { if (!box.checked && isAll()) $("#selection-all").checked = false; }
  function range(to, checked) {
    const all = boxes(), ends = [all.indexOf(anchor ?? to), all.indexOf(to)].sort((one, other) => one - other);
    for (const box of all.slice(Math.max(0, ends[0]), ends[1] + 1)) box.checked = checked;
  }
  function toggle(box, extends_) {
    if (extends_ && anchor?.isConnected) range(box, true);
    else { box.checked = !box.checked; anchor = box; }
    exceptFor(box);
    count();
  }
  function clear(some = $$(BOX), wasAll = true, isSaid = true) {
    for (const box of some) box.checked = false;
    if (wasAll && $("#selection-all")) $("#selection-all").checked = false;
    if ($("#selection-more")) $("#selection-more").open = false;
    anchor = null;
    count(isSaid);
  }

  /* of what is gone there is nothing older to fetch, until it is undone: then as if never asked for */
  function setAside(moment) {
    const older = $("#older");
    if (!older) return;
    const place = document.createComment("older"), anew = older.cloneNode(true);
    older.replaceWith(place);
    aside.set(moment, () => {
      place.replaceWith(anew);
      window.htmx.process(anew);
    });
  }

  addEventListener("click", (event) => {
    const box = event.target.closest(BOX), picture = event.target.closest(PICTURE);
    if (box) {
      if (event.shiftKey && anchor?.isConnected) range(box, box.checked);
      anchor = box;
      exceptFor(box);
      count();
    } else if (picture && boxOf(picture) && !event.ctrlKey && !event.metaKey && !event.altKey && event.button === 0 && event.detail > 0 && (event.shiftKey || isOn())) {
      event.preventDefault();
      event.stopPropagation();
      toggle(boxOf(picture), event.shiftKey);
    } else if (event.target.closest("#selection-keep")) {
      $("#selection-news").replaceChildren();
      $("#selection-delete").focus();
    }
  }, true);
  addEventListener("keydown", (event) => {
    from = document.activeElement;
    if (event.key !== " " || !from?.matches(PICTURE) || !boxOf(from) || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    toggle(boxOf(from), event.shiftKey);
  }, true);
  addEventListener("keydown", (event) => {
    const to = document.activeElement;
    if (event.shiftKey && event.key.startsWith("Arrow") && from !== to && [from, to].every((one) => one?.matches(PICTURE) && boxOf(one))) {
      if (!anchor?.isConnected || !boxOf(from).checked) anchor = boxOf(from);
      range(boxOf(to), true);
      count();
    } else if (event.key === "Escape" && isOn() && !$("dialog[open], .history details[open], :popover-open")) clear();
  });
  document.addEventListener("change", (event) => {
    if (event.target.id !== "selection-all") return;
    for (const box of boxes()) box.checked = event.target.checked;
    newest = boxes()[0]?.value;
    count();
  });
  document.addEventListener("reset", (event) => { if (event.target.matches("#selection")) setTimeout(() => clear()); });

  /* what an act is about: what is ticked while it is under way is not among it */
  document.addEventListener("htmx:beforeRequest", (event) => {
    const { elt, verb } = event.detail.requestConfig;
    if (verb === "post" && elt.form?.matches("#selection")) sent = { isAll: isAll(), tiles: chosen().map((box) => box.closest(".generation-card")) };
  });
  addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.target.id !== "selection-name") return;
    event.preventDefault();
    $("#selection-collect").click();
  });
  /* what an act does to the page: deleted tiles step aside, and come back with the undo */
  document.addEventListener("fluxgen:selected", (event) => {
    const { act, moment } = event.detail;
    if (act === "deleted" || act === "removed") {
      for (const tile of sent.tiles) tile.hidden = true;
      acted.set(moment, sent.tiles);
      if (sent.isAll) setAside(moment);
    }
    if (act === "collected") $("#selection-name").value = "";
    if (act !== "undone") return clear(sent.tiles.flatMap((tile) => $$(BOX, tile)), sent.isAll, false);
    const undone = Number(event.target.elements.moment.value), back = acted.get(undone) ?? [];
    for (const tile of back) tile.hidden = false;
    aside.get(undone)?.();
    if (back.some((tile) => tile.isConnected)) $(PICTURE, back[0])?.focus();
    else window.htmx.ajax("GET", location.href, { target: "#history", select: "#history", swap: "outerHTML" });
  });
  /* a tile that is drawn anew stays ticked */
  document.addEventListener("htmx:oobBeforeSwap", (event) => {
    const was = $(BOX, event.detail.target), is = event.detail.fragment.querySelector(BOX);
    if (was?.checked && is?.value === was.value) is.checked = true;
  });
  document.addEventListener("htmx:afterSettle", () => {
    /* what comes above the newest of then was not counted among all */
    const all = boxes();
    if (isAll()) for (const box of all.slice(Math.max(0, all.findIndex((one) => one.value === newest)))) box.checked = true;
    count();
  });
  count();
})();
