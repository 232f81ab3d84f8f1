/* A swipe over the large picture steps on: to the left the older one, to the right the newer one. Not while zoomed in. */
(() => {
  "use strict";
  const { $ } = window.fluxgen;
  const FAR_PX = 48, LONGEST_MS = 800, STEEPEST = .6;
  let began = null;

  const stage = (event) => event.target.closest?.(".lightbox__stage");
  addEventListener("touchstart", (event) => {
    const one = event.touches.length === 1 && stage(event) && (window.visualViewport?.scale ?? 1) < 1.05;
    began = one ? { x: event.touches[0].clientX, y: event.touches[0].clientY, at: event.timeStamp } : null;
  }, { passive: true });
  addEventListener("touchend", (event) => {
    if (!began || !stage(event)) return;
    const [finger] = event.changedTouches, across = finger.clientX - began.x, down = finger.clientY - began.y;
    const brief = event.timeStamp - began.at < LONGEST_MS;
    began = null;
    if (!brief || Math.abs(across) < FAR_PX || Math.abs(down) > Math.abs(across) * STEEPEST) return;
    $(`.lightbox__stage a[rel=${across < 0 ? "next" : "prev"}]`)?.click();
  }, { passive: true });
  addEventListener("touchcancel", () => { began = null; }, { passive: true });
})();
