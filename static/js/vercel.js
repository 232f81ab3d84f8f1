// Vercel's counting of public pages, without the query and without anybody who objects.
window.va = window.va || function (...given) { (window.vaq = window.vaq || []).push(given); };
window.va("beforeSend", (event) => {
  if (navigator.globalPrivacyControl || navigator.doNotTrack === "1") return null;
  const address = new URL(event.url);
  return { ...event, url: address.origin + address.pathname };
});
