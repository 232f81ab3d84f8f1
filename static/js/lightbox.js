/* The lightbox: every picture has its own page; here that page opens in place. Back closes it, Forward opens it
   again, and focus returns to the picture it came from or to the one stepped to. */
(() => {
  "use strict";
  const { $, $$, reveal, say } = window.fluxgen;
  const box = $("#lightbox"), title = document.title, TIMEOUT_MS = 15000;
  let from = null, pushed = false, order = 0;

  async function open(fragment) {
    const mine = ++order;
    const answer = await fetch(fragment, { headers: { "HX-Request": "true" }, signal: AbortSignal.timeout(TIMEOUT_MS) });
    if (!answer.ok) throw new Error(`lightbox: ${answer.status}`);
    const view = $(".lightbox__view", new DOMParser().parseFromString(await answer.text(), "text/html"));
    if (mine !== order) return false;
    /* a picture without a frame on this page is deleted by plain form */
    view.toggleAttribute("hx-disable", !document.getElementById(view.dataset.card));
    /* and what begins here has a page of its own where there is no table for it */
    for (const form of $$("[data-begins]", view)) form.toggleAttribute("hx-disable", !document.getElementById("on-the-table"));
    box.replaceChildren(document.adoptNode(view));
    reveal(box);
    window.htmx.process(box);
    document.title = title.replace(/^[^·]+/, view.dataset.title + " ");
    if (!box.open) box.showModal();
    $("[data-lightbox-focus]", box).focus({ preventScroll: true });
    return true;
  }
  function shut(back) {
    if (!box.open) return;
    const card = $(".lightbox__view", box).dataset.card;
    box.close();
    box.replaceChildren();
    document.title = title;
    if (back && pushed) history.back();
    pushed = false;
    ($(`#${card} .generation-card__picture`) ?? from)?.focus();
  }
  document.addEventListener("click", async (event) => {
    const link = event.target.closest("a[data-fragment]");
    if (!link || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    const stepping = box.open, fragment = link.dataset.fragment;
    if (!stepping) from = link;
    try {
      if (!await open(fragment)) return;
      history[stepping ? "replaceState" : "pushState"]({ lightbox: fragment }, "", link.href);
      if (stepping) say($(".lightbox__bar .fact", box).textContent); else pushed = true;
    } catch { location.href = link.href; }
  });
  box.addEventListener("click", (event) => { if (event.target.closest("[data-closes]")) { event.preventDefault(); shut(true); } });
  box.addEventListener("cancel", (event) => { event.preventDefault(); shut(true); });
  addEventListener("popstate", (event) => {
    if (!event.state?.lightbox) return shut(false);
    pushed = true;
    open(event.state.lightbox).catch(() => location.reload());
  });
  /* closed before the frame changes underneath, so that Undo can take the focus */
  document.addEventListener("htmx:beforeSwap", (event) => {
    const { requestConfig, target, xhr } = event.detail;
    if (!box.contains(requestConfig.elt)) return;
    if (!box.contains(target)) { if (event.detail.shouldSwap) shut(true); return; }
    if (xhr.status === 503 && xhr.responseText.includes("result-notice")) { /* a silent provider: our words say so */
      event.detail.shouldSwap = true;
      event.detail.isError = false;
    }
  });
})();
