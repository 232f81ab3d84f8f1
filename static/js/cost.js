/* The price before it is spent, and the choices in one line. The server has the last word; this repeats its numbers. */
(() => {
  "use strict";
  const { $, $$, word, counted, number, seconds } = window.fluxgen;

  function show() {
    const form = $("#compose-form"), tier = $("[name=tier]:checked", form), count = $("[name=count]:checked", form), model = $("[name=model]:checked", form);
    if (!tier || !count) return;
    const cost = tier.dataset.cost * count.value, have = Number(form.dataset.available), short = cost > have;
    $("#compose-cost").textContent = $("#generate-cost").textContent = counted("credits", cost);
    form.elements.shown_credits.value = cost;
    $("#compose-seconds").textContent = seconds(tier.dataset.seconds);
    $("#tier-promise").textContent = tier.dataset.promise;
    $("#compose-left").textContent = short ? word("have", number(have)) : word("leaves", number(have - cost));
    if (model) {
      const row = model.closest("label");
      $("#model-title").textContent = model.dataset.says;
      $("#model-strength").textContent = $(".compose-models__strength", row).textContent;
      $(".compose-models__chosen use").setAttribute("href", $("use", row).getAttribute("href"));
    }
    const named = [model ?? $("#look-model"), ...["tier", "aspect_ratio", "count"].map((name) => $(`[name=${name}]:checked`, form))];
    $("#compose-summary").textContent = named.map((each) => each?.dataset.says).filter(Boolean).join(" · ");
    const pack = $("#buy-pack"); /* the server's, for what was missing then */
    if (pack) pack.hidden = cost - have !== Number(pack.dataset.missing);
    form.classList.toggle("compose-form--short", short);
  }
  document.addEventListener("change", (event) => { if (event.target.closest("#compose-form")) show(); });
  document.addEventListener("htmx:afterSettle", (event) => { if (event.target.closest("#compose-form")) show(); });
  /* What was held came back, or more is held. */
  document.addEventListener("htmx:oobAfterSwap", (event) => {
    const form = $("#compose-form");
    if (!form || event.detail.target.id !== "purse") return;
    form.dataset.available = $("#balance").dataset.available;
    show();
  });
  /* The server has printed all this, but for what a browser gives back over a reload. */
  if ($$("#compose-form input").some((each) => each.checked !== each.defaultChecked)) show();
})();
