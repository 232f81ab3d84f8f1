/* Finding in place: the address always says what is looked for, Back goes to what was looked for before.
   Without this the form is sent and the page comes anew. */
(() => {
  "use strict";
  const { $, $$, say } = window.fluxgen;
  const form = $("#history-search");
  if (!form) return;
  let shown = location.search;

  const asks = (event) => event.detail.elt === form;
  document.addEventListener("htmx:configRequest", (event) => {
    if (!asks(event)) return;
    const said = new FormData(), { formData } = event.detail;
    for (const [name, value] of formData) if (value) said.append(name, value);
    for (const name of [...new Set(formData.keys())]) formData.delete(name);
    for (const [name, value] of said) formData.append(name, value);
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    if (!asks(event) || !event.detail.successful) return;
    const address = new URL(event.detail.pathInfo.finalRequestPath, location.href);
    if (address.search !== shown) history.pushState(null, "", address);
    shown = address.search;
    const found = $("#history-matches") ?? $("#history-total");
    if (found) say(found.textContent);
  });
  /* what was asked for what is replaced now finds nothing there any more: an answer to a question is dropped, of an
     act's answer only what the page still has a place for is kept */
  const late = (event) => { if (event.detail.requestConfig.verb === "get") event.preventDefault(); };
  const placed = (text) => {
    const answer = Object.assign(document.createElement("template"), { innerHTML: text });
    for (const part of $$("[id][hx-swap-oob]", answer.content)) if (!document.getElementById(part.id)) part.remove();
    return answer.innerHTML;
  };
  document.addEventListener("htmx:beforeSwap", ({ detail: { shouldSwap, target } }) => {
    if (!shouldSwap || target.id !== "history") return;
    target.addEventListener("htmx:beforeOnLoad", late);
    target.addEventListener("htmx:beforeSwap", ({ detail }) => { detail.serverResponse = placed(detail.serverResponse); });
  });
  addEventListener("popstate", (event) => {
    if (!event.state?.lightbox && location.pathname === form.getAttribute("action") && location.search !== shown) location.reload();
  });

  /* what has opened closes when one goes on elsewhere, or by Escape, and gives the focus back */
  const open = () => $(".history details[open]");
  addEventListener("click", (event) => { for (const one of $$(".history details[open]")) if (!one.contains(event.target)) one.open = false; });
  addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || $("dialog[open]") || !open()) return;
    const inside = open();
    inside.open = false;
    $("summary", inside).focus();
  });
})();
