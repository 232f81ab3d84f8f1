/* What is typed and not sent is still there after looking at another page. It lies in this tab's own
   storage and goes with the tab, on sending, at sign-out, and where somebody else signs in; nothing of it is sent
   to be kept. */
(() => {
  "use strict";
  const { $ } = window.fluxgen;
  const KEY = "studio", { whose } = $("[data-whose]")?.dataset ?? {};
  const NOT_KEPT = new Set(["nonce", "intent", "reference", "working_copy", "has_reference", "reference_person", "shown_credits"]);
  const isKept = (name) => !NOT_KEPT.has(name) && !/\.(consented|adult)$/.test(name); /* said of one picture only */
  const form = () => $("#compose-form");

  function keep() {
    const fields = [...new FormData(form())].filter(([name, value]) => typeof value === "string" && isKept(name));
    const typed = fields.some(([name, value]) => (name === "prompt" || name === "look") && value.trim());
    if (typed) sessionStorage.setItem(KEY, JSON.stringify({ whose, fields }));
    else sessionStorage.removeItem(KEY);
  }
  function restore() {
    const { whose: theirs, fields } = JSON.parse(sessionStorage.getItem(KEY) ?? "{}");
    if (theirs !== whose) sessionStorage.removeItem(KEY);
    if (theirs !== whose || !fields?.length || location.search || $("#prompt")?.value !== "" || $("[role=alert]", form())) return;
    const values = { intent: "options", nonce: form().elements.nonce.value };
    let words = "";
    for (const [name, value] of fields) {
      if (name === "prompt") words = value;
      else values[name] = name in values ? [values[name], value].flat() : value;
    }
    window.htmx.ajax("POST", form().action, { source: form(), target: "#compose-form", swap: "outerHTML", values }).then(() => {
      const box = form().elements.prompt;
      box.value = words;
      box.dispatchEvent(new Event("input", { bubbles: true }));
    });
  }
  document.addEventListener("input", (event) => { if (event.target.closest("#compose-form")) keep(); });
  document.addEventListener("htmx:afterSettle", (event) => { if (event.target.closest("#compose-form")) keep(); });
  document.addEventListener("submit", (event) => { if (event.target.action.endsWith("/signout")) sessionStorage.clear(); });
  if (form()) restore();
})();
