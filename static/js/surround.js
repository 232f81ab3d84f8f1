/* The surround that a picture is judged by stays as chosen while one steps on; nothing is stored. */
(() => {
  "use strict";
  const { $ } = window.fluxgen;
  let chosen = "room";

  document.addEventListener("change", (event) => { if (event.target.name === "surround") chosen = event.target.value; });
  document.addEventListener("lightbox:shown", (event) => {
    const radio = $(`[name=surround][value=${chosen}]`, event.target);
    if (radio) radio.checked = true;
  });
})();
