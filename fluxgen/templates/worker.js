{# takes: version, kept #}
const KEPT = "offline-{{ version }}", FILES = {{ kept|tojson }};

addEventListener("install", (event) => {
  skipWaiting();
  event.waitUntil(caches.open(KEPT).then((kept) => kept.addAll(FILES.map((file) => new Request(file, { credentials: "omit" })))));
});
addEventListener("activate", (event) => event.waitUntil((async () => {
  for (const name of await caches.keys()) if (name !== KEPT) await caches.delete(name);
  await clients.claim();
})()));
addEventListener("fetch", (event) => {
  const { method, mode, url } = event.request, { pathname } = new URL(url);
  if (method !== "GET") return;
  if (FILES.indexOf(pathname) > 0) event.respondWith(caches.match(url).then((kept) => kept ?? fetch(event.request)));
  else if (mode === "navigate" && !/download|export|\.csv/.test(pathname)) event.respondWith((async () => {
    try { return await fetch(event.request); } catch { return await caches.match(FILES[0]) ?? Response.error(); }
  })());
});
