{# takes: version, kept #}
const KEPT = "offline-{{ version }}", FILES = {{ kept|tojson }};

addEventListener("install", (event) => {
  skipWaiting();
  event.waitUntil(caches.open(KEPT).then((kept) => kept.addAll(FILES.map((file) => new Request(file, { credentials: "omit" })))));
});
addEventListener("activate", (event) => event.waitUntil((async () => {
  for (const name of await caches.keys()) if (name !== KEPT) await caches.delete(name);
  await registration.navigationPreload?.enable();
  await clients.claim();
})()));
addEventListener("fetch", (event) => {
  const { method, mode, url } = event.request;
  if (method !== "GET") return;
  if (FILES.indexOf(new URL(url).pathname) > 0) event.respondWith(caches.match(url).then((kept) => kept ?? fetch(event.request)));
  else if (mode === "navigate" && !/download|export|\.csv/.test(url)) event.respondWith((async () => {
    try { return await event.preloadResponse ?? await fetch(event.request); } catch { return await caches.match(FILES[0]) ?? Response.error(); }
  })());
});
