/* The lightbox: every picture has its own page; here that page opens in place. Back closes it, Forward opens it
   again, and focus returns to the picture it came from or to the one stepped to. Its neighbours are fetched ahead. */
(() => {
  "use strict";
  const { $, $$, reveal, say } = window.fluxgen;
  const box = $("#lightbox"), holds = $("#lightbox-holds"), title = document.title, TIMEOUT_MS = 15000;
  const ahead = new Map(), still = matchMedia("(prefers-reduced-motion: reduce)"), LONGEST_WAIT_MS = 150;
  let from = null, at = "", pushed = false, order = 0;

  const read = async (fragment) => {
    const answer = await fetch(fragment, { headers: { "HX-Request": "true" }, signal: AbortSignal.timeout(TIMEOUT_MS) });
    if (!answer.ok) throw new Error(`lightbox: ${answer.status}`);
    return answer.text();
  };
  function fetchAhead() {
    for (const link of $$("a[rel]", holds)) {
      if (link.dataset.picture) Object.assign(new Image(), { fetchPriority: "low", src: link.dataset.picture });
      if (!ahead.has(link.dataset.fragment)) ahead.set(link.dataset.fragment, read(link.dataset.fragment).catch(() => null));
    }
  }
  /* what a view needs once it is in the box, opened or answered */
  function ready() {
    const view = $(".lightbox__view", holds);
    view.dataset.shown = "";
    /* what changes a frame, or begins on a table, has a page of its own where neither is on this page */
    for (const form of $$("[hx-target^='#generation-']", view)) form.toggleAttribute("hx-disable", !$(form.getAttribute("hx-target")));
    for (const form of $$("[data-begins]", view)) form.toggleAttribute("hx-disable", !$("#on-the-table"));
    reveal(box);
    document.title = title.replace(/^[^·]+/, view.dataset.title + " ");
    const strip = $(".lightbox__strip", view), here = strip && $("[aria-current]", strip);
    if (here) strip.scrollLeft = here.offsetLeft - (strip.clientWidth - here.offsetWidth) / 2;
    view.dispatchEvent(new Event("lightbox:shown", { bubbles: true }));
    fetchAhead();
  }
  /* the picture grows from its tile, and shrinks back: where the browser can, and nobody asked for less motion */
  const moves = (tile) => tile && document.startViewTransition && !still.matches && !document.hidden;
  function move(change) {
    const moving = document.startViewTransition(change);
    moving.ready.catch(() => null);
    return moving;
  }
  async function grow(tile, view, change) {
    if (!moves(tile)) return change();
    const large = new Image();
    large.src = $(".lightbox__stage > img", view)?.src ?? "";
    await Promise.race([large.decode().catch(() => null), new Promise((enough) => setTimeout(enough, LONGEST_WAIT_MS))]);
    tile.dataset.moves = "";
    await move(() => { delete tile.dataset.moves; change(); }).updateCallbackDone;
  }
  async function open(fragment, tile) {
    const mine = ++order;
    const text = await (ahead.get(fragment) ?? read(fragment)) ?? await read(fragment);
    if (mine !== order) return false;
    ahead.clear();
    const view = $(".lightbox__view", new DOMParser().parseFromString(text, "text/html"));
    const step = box.contains(document.activeElement) && document.activeElement.rel;
    await grow(tile, view, () => {
      if (mine !== order) return;
      holds.replaceChildren(document.adoptNode(view));
      if (!box.open) box.showModal();
      ready();
      window.htmx.process(holds);
      ($(`a[rel="${step}"]`, holds) ?? $("[data-lightbox-focus]", holds)).focus({ preventScroll: true });
    });
    return mine === order;
  }
  const linksOf = (card) => $$(`[id="${card}"] .generation-card__picture`);
  function leave(back) {
    if (holds.firstChild || pushed) order++; /* what is still loading opens nothing any more */
    const links = box.open ? linksOf($(".lightbox__view", box).dataset.card) : [], tile = links.find((link) => link.href === at);
    if (!moves(tile)) return shut(back);
    move(() => { shut(back); tile.dataset.moves = ""; }).finished.finally(() => { delete tile.dataset.moves; });
  }
  function shut(back) {
    if (!holds.firstChild) return; /* the dialog itself may be closed already, where Escape cannot be held up */
    order++;
    const { card } = $(".lightbox__view", box).dataset;
    box.close();
    holds.replaceChildren();
    ahead.clear();
    document.title = title;
    if (back && pushed) history.back();
    pushed = false;
    const links = linksOf(card);
    const undo = $(`[id="${card}"] button`);
    (links.find((link) => link.href === at) ?? links[0] ?? undo ?? (from?.isConnected ? from : $("h1, h2")))?.focus();
  }
  document.addEventListener("click", async (event) => {
    const link = event.target.closest("a[data-fragment]");
    if (!link || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    const stepping = box.open, { fragment } = link.dataset;
    if (!stepping) from = link;
    link.dataset.opening = "";
    try {
      if (!await open(fragment, stepping ? null : link)) return;
      at = link.href;
      history[stepping ? "replaceState" : "pushState"]({ lightbox: fragment }, "", link.href);
      if (stepping) say($(".lightbox__view", box).dataset.says); else pushed = true;
    } catch { location.href = link.href; } finally { delete link.dataset.opening; }
  });
  box.addEventListener("click", (event) => {
    if (event.target.closest("[data-closes]")) { event.preventDefault(); leave(true); }
    for (const menu of $$(".lightbox__download[open]", box)) if (!menu.contains(event.target)) menu.open = false;
  });
  /* Escape closes the topmost only: first what has opened inside */
  box.addEventListener("keydown", (event) => {
    const menu = event.key === "Escape" && $(".lightbox__download[open]", box);
    if (!menu) return;
    event.preventDefault();
    menu.open = false;
    $("summary", menu).focus();
  });
  box.addEventListener("cancel", (event) => { if (event.target === box) { event.preventDefault(); leave(true); } });
  addEventListener("popstate", (event) => {
    if (!event.state?.lightbox) return leave(false);
    pushed = true;
    at = location.href;
    open(event.state.lightbox).catch(() => location.reload());
  });
  /* an act says what of the generation is on the page underneath, so that it changes, too */
  document.addEventListener("htmx:configRequest", (event) => {
    const { elt, parameters, verb } = event.detail;
    if (verb !== "post") return;
    const card = box.open ? $(".lightbox__view", box)?.dataset.card : elt.closest(".toast")?.dataset.card ?? elt.closest(".generation-card")?.id ?? elt.getAttribute("hx-target")?.slice(1);
    if (!parameters.beneath) parameters.beneath = card && document.getElementById(card) ? $(".history") ? "tile" : "card" : "";
  });
  document.addEventListener("htmx:beforeSwap", (event) => {
    const { requestConfig, target, xhr } = event.detail;
    if (requestConfig.verb !== "get") ahead.clear();
    if (!box.contains(requestConfig.elt)) return;
    /* closed before the frame changes underneath, so that it can take the focus; a question comes above it */
    if (!box.contains(target) && xhr.getResponseHeader("HX-Retarget") !== "#asking") { if (event.detail.shouldSwap) shut(true); return; }
    if (xhr.status === 503 && xhr.responseText.includes("result-notice")) { /* a silent provider: our words say so */
      event.detail.shouldSwap = true;
      event.detail.isError = false;
    }
  });
  document.addEventListener("htmx:afterSettle", () => {
    const view = $(".lightbox__view", holds);
    if (!view || "shown" in view.dataset || !box.open) return;
    ready();
    say(view.dataset.says);
    ($("[data-undo]", view) ?? $("[data-lightbox-focus]", view)).focus({ preventScroll: true });
  });
})();
