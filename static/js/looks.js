/* Small comforts of the desk: a question that takes three takes no fourth, the chosen Look is in
   sight, the list of models closes behind a click, and a marked word leads to its question. */
(() => {
  "use strict";
  const { $, $$ } = window.fluxgen;

  function arrange() {
    for (const pills of $$("[data-most]")) {
      const full = $$(":checked", pills).length >= pills.dataset.most;
      for (const box of $$("input", pills)) box.disabled = full && !box.checked;
    }
  }
  const inSight = () => {
    const tile = $(".compose-looks__tile[aria-pressed=true]"), row = tile?.parentElement;
    if (tile?.previousElementSibling) row.scrollLeft = tile.offsetLeft - row.offsetLeft - (row.clientWidth - tile.offsetWidth) / 2;
  };
  document.addEventListener("change", arrange);
  document.addEventListener("click", (event) => {
    /* the keyboard's own clicks on radios have no detail: there the list stays open */
    if (event.detail && event.target.closest(".compose-models__model")) $("#compose-models").open = false;
    const blank = event.target.closest("a.blank"), slot = blank && $(blank.getAttribute("href"));
    if (!slot) return;
    event.preventDefault();
    slot.scrollIntoView({ block: "center" });
    ($(":checked", slot) ?? $("input:not([type=hidden])", slot)).focus({ preventScroll: true });
  });
  document.addEventListener("htmx:afterSettle", (event) => {
    arrange();
    if (event.target.id === "compose-form") inSight();
  });
  arrange();
  inSight();
})();
