/* What comes while the archive is open. A card that is done becomes its tile, at its place among those of its day;
   where that place is further down than the page has come to, it waits in its card's until then. Whatever comes or
   goes, the page's numbers are asked for anew. */
(() => {
  "use strict";
  const { $, $$ } = window.fluxgen;
  const TILES = ".day[id] .generation-card[data-number]";
  const waiting = new Map();

  const number = (tile) => Number(tile.dataset.number);
  const recount = () => { for (const one of $$("#history-total, #history-matches[hx-get]")) one.dispatchEvent(new Event("recount")); };

  /* true once it is where it stays */
  function place(tile, day) {
    if (!$("#arrived[data-top]")) return false;
    const others = $$(TILES).filter((one) => one !== tile);
    const older = others.find((one) => number(one) < number(tile));
    if (!older && $("#older")) return false;
    const own = document.getElementById(day.id);
    if (own?.contains(older ?? null)) older.before(tile);
    else if (own) $(".sheet", own).append(tile);
    else {
      $(".sheet", day).append(tile);
      (older?.closest(".day") ?? $(".day--ended, .selecting")).before(day);
    }
    $(".history .empty")?.remove();
    return true;
  }
  function settle() {
    for (const [tile, day] of waiting) {
      const isThere = $$(TILES).some((one) => one !== tile && one.id === tile.id);
      if (isThere) tile.remove();
      if (isThere || !tile.isConnected || place(tile, day)) waiting.delete(tile);
    }
  }
  function arrive(tile, day) {
    const card = document.getElementById(tile.id);
    if (!card) return;
    const isHeld = card.contains(document.activeElement);
    tile.classList.add("generation-card--new");
    card.replaceWith(tile);
    waiting.set(tile, day);
    settle();
    window.htmx.process(tile);
    if (isHeld) $("a", tile).focus({ preventScroll: true });
  }
  document.addEventListener("htmx:afterSettle", () => {
    const brought = $$("#arrived template");
    for (const each of brought) {
      each.remove();
      for (const day of [...each.content.children]) for (const tile of $$(".generation-card", day)) arrive(tile, day);
    }
    if (brought.length) recount();
    else settle();
  });
  document.addEventListener("htmx:afterOnLoad", (event) => {
    if (event.detail.requestConfig.verb === "post" && event.detail.xhr.status < 300) recount();
  });
})();
