/* A working copy is opened by dropping it anywhere on the studio. Only the file's beginning is sent, where its
   recipe stands; a picture without one is a reference image, as before. */
(() => {
  "use strict";
  const { $ } = window.fluxgen;
  const RECIPE = "urn:fluxgen:recipe:1#", ENOUGH_BYTES = 256 * 1024;

  async function beginning(file) {
    const part = file.slice(0, ENOUGH_BYTES);
    const words = new TextDecoder("latin1").decode(await part.arrayBuffer());
    return words.includes(RECIPE) ? new File([part], "working-copy", { type: file.type }) : null;
  }
  function open(file) {
    const carrier = new DataTransfer();
    carrier.items.add(file);
    $("#working-copy-file").files = carrier.files;
    $("#working-copy-open").click();
  }
  const isOurs = (event) => $("#compose-form") && event.dataTransfer?.types.includes("Files");
  document.addEventListener("dragover", (event) => { if (isOurs(event)) event.preventDefault(); });
  document.addEventListener("drop", async (event) => {
    const file = event.dataTransfer?.files[0];
    if (!isOurs(event) || !file) return;
    const { reference } = window.fluxgen, takesReference = reference?.carries(event);
    event.preventDefault();
    event.stopImmediatePropagation();
    $(".reference-field__drop")?.classList.remove("reference-field__drop--over");
    const recipe = await beginning(file).catch(() => null);
    if (recipe || !takesReference) open(recipe ?? new File([file.slice(0, ENOUGH_BYTES)], "working-copy"));
    else reference.take(file);
  }, true);
  document.addEventListener("change", async (event) => {
    if (event.target.id !== "working-copy-file" || !event.target.files[0]) return;
    event.stopPropagation(); /* choosing is opening; the form's own listeners are about choices */
    const [file] = event.target.files;
    open(await beginning(file).catch(() => null) ?? new File([file.slice(0, ENOUGH_BYTES)], "working-copy"));
  }, true);
  /* What is wrong with the file is said far below where it may have been dropped. */
  document.addEventListener("htmx:afterSettle", (event) => {
    if (event.target.id === "compose-form" && $("#working-copy-error")) $("#working-copy-file").focus();
  });
})();
