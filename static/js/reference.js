/* The reference image: chosen, dropped or pasted, shown from memory, made smaller before it is sent
   (which also leaves its EXIF behind), and kept while the form around it is swapped. */
(() => {
  "use strict";
  const { $, $$, say, word, number } = window.fluxgen;
  const TYPES = ["image/png", "image/jpeg", "image/webp"];
  const SAID = "[name=reference_person], [name$='.consented'], [name$='.adult']";
  const said = new Set(); /* ids of what was ticked about the person in this very picture */
  let saidOf = ""; /* which of one's own that is, where it is none from a file */
  let file = null, shown = "", trouble = "", turn = 0;

  const field = () => $("[data-reference]");
  const own = () => $("[name=reference_from]")?.value ?? "";
  const weight = (bytes) => bytes < 1e6 ? `${number(Math.ceil(bytes / 1e3))} kB` : `${number(Math.round(bytes / 1e5) / 10)} MB`;

  function show() {
    const root = field();
    if (!root) return;
    const input = $("#reference"), picture = $("#reference-picture");
    if (file && input.files[0] !== file) {
      const carrier = new DataTransfer();
      carrier.items.add(file);
      input.files = carrier.files;
    } else if (!file && input.files.length) input.value = "";
    root.classList.add("reference-field--live");
    root.classList.toggle("reference-field--filled", Boolean(file));
    $("#reference-ways").hidden = Boolean(file);
    $("#reference-remove").hidden = !file;
    picture.hidden = !file || Boolean(trouble);
    $("#reference-choose").textContent = word(file ? "change" : $("#reference-own") ? "another" : "choose");
    $("#reference-facts").textContent = trouble || (file ? weight(file.size) : word("takes"));
    root.classList.toggle("reference-field--wrong", Boolean(trouble));
    picture.replaceChildren();
    if (!picture.hidden) picture.append(Object.assign(new Image(), { src: shown, alt: word("yours"), width: 104, height: 104 }));
    if (file) $("#reference-again")?.remove();
    $("[name=has_reference]", root).value = file ? "yes" : "";
    if (saidOf && own() !== saidOf) { said.clear(); saidOf = ""; }
    for (const id of file || saidOf ? said : []) { const box = document.getElementById(id); if (box) box.checked = true; }
  }

  /* Who is in a picture is said of that picture: another one is asked for anew. */
  function note() {
    said.clear();
    saidOf = file ? "" : own();
    for (const box of $$(SAID)) if (box.checked) said.add(box.id);
  }
  function forget() {
    said.clear();
    saidOf = "";
    for (const box of $$(SAID)) box.checked = false;
  }

  function keep(next, words = "") {
    const had = Boolean(file);
    if (had || $("#reference-own")) forget();
    URL.revokeObjectURL(shown);
    file = next;
    trouble = words;
    shown = next ? URL.createObjectURL(next) : "";
    $("#reference-error")?.remove();
    $("#reference")?.removeAttribute("aria-invalid");
    show();
    if (had !== Boolean(file)) $("[name=has_reference]")?.dispatchEvent(new Event("change", { bubbles: true }));
  }

  /* The browser turns it upright and paints it anew; what it cannot read goes as it is, for our words. */
  async function smaller(bitmap, chosen, side, bytes) {
    const factor = Math.min(1, side / Math.max(bitmap.width, bitmap.height));
    if (factor === 1 && chosen.size <= bytes) return chosen;
    const canvas = document.createElement("canvas");
    canvas.width = Math.max(1, Math.round(bitmap.width * factor));
    canvas.height = Math.max(1, Math.round(bitmap.height * factor));
    const brush = canvas.getContext("2d");
    brush.fillStyle = "#fff";
    brush.fillRect(0, 0, canvas.width, canvas.height);
    brush.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
    bitmap.close();
    const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.9));
    return blob ? new File([blob], "reference.jpg", { type: "image/jpeg" }) : chosen;
  }

  async function take(chosen) {
    const root = field(), mine = ++turn;
    if (!root || !chosen) return;
    if (!TYPES.includes(chosen.type)) {
      trouble = word("wrong");
      show();
      say(trouble);
      return;
    }
    const bitmap = await createImageBitmap(chosen).catch(() => null);
    const ready = bitmap ? await smaller(bitmap, chosen, Number(root.dataset.side), Number(root.dataset.bytes)) : chosen;
    if (mine !== turn) return;
    keep(ready, bitmap ? "" : word("unread"));
    say(trouble || word("chosen"));
  }

  document.addEventListener("change", (event) => {
    if (event.target.id !== "reference" || event.target.files[0] === file) return;
    event.stopImmediatePropagation(); /* the form learns of it when the picture is ready */
    if (event.target.files[0]) take(event.target.files[0]); else show();
  }, true);
  document.addEventListener("change", (event) => { if (event.target.matches(SAID)) note(); });
  document.addEventListener("click", (event) => {
    if (!event.target.closest("#reference-remove")) return;
    turn++;
    keep(null);
    $("#reference").focus();
    say(word("removed"));
  });
  document.addEventListener("paste", (event) => {
    const pasted = [...(event.clipboardData?.files ?? [])].find((each) => TYPES.includes(each.type));
    if (!pasted || !field()) return;
    event.preventDefault();
    take(pasted);
  });
  const carries = (event) => field() && event.dataTransfer?.types.includes("Files");
  const over = (is) => $(".reference-field__drop")?.classList.toggle("reference-field__drop--over", is);
  document.addEventListener("dragover", (event) => { if (carries(event)) { event.preventDefault(); over(true); } });
  document.addEventListener("dragleave", (event) => { if (!event.relatedTarget) over(false); });
  document.addEventListener("drop", (event) => {
    over(false);
    if (!carries(event)) return;
    event.preventDefault();
    take(event.dataTransfer.files[0]);
  });

  window.fluxgen.reference = { take, carries };

  /* A provider that is silent answers with the form, too: show it, nothing typed is lost. */
  document.addEventListener("htmx:beforeSwap", (event) => {
    const { xhr } = event.detail;
    if (xhr.status !== 503 || !xhr.responseText.includes('id="compose-form"')) return;
    event.detail.shouldSwap = true;
    event.detail.isError = false;
  });
  document.addEventListener("htmx:afterSwap", show);
  document.addEventListener("htmx:afterSettle", show); /* settling puts the printed classes back */
  if (field()) {
    const first = $("#reference").files[0]; /* the browser kept it over a reload */
    if (first) take(first); else show();
    if (!first && !$("#reference-own")) forget(); /* a browser gives ticks back over a reload */
  }
})();
