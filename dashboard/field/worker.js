/* The service worker of the field form: the page opens from here, whether there is a network or not.
 *
 * MARK and KEPT stand before this file (`pages.py`). The files of one MARK are kept together and change together. The
 * declarations are asked for anew each time, and come from here where nobody answers. What an officer has to report is
 * never kept here: the page keeps that encrypted.
 */
"use strict";

const SHELL = `muster-field-${MARK}`, FORMS = "muster-field-forms", PATIENCE = 5000;

self.addEventListener("install", (event) => {
  const fresh = KEPT.map((address) => new Request(address, { cache: "reload" }));
  event.waitUntil(caches.open(SHELL).then((cache) => cache.addAll(fresh)).then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  const old = (name) => name.startsWith("muster-field-") && name !== SHELL && name !== FORMS;
  event.waitUntil(caches.keys().then((names) => Promise.all(names.filter(old).map((name) => caches.delete(name)))).then(() => self.clients.claim()));
});

self.addEventListener("fetch", (event) => {
  const { pathname, origin } = new URL(event.request.url);
  if (event.request.method !== "GET" || origin !== self.location.origin) return;
  if (pathname.startsWith("/field/forms/")) event.respondWith(newest(event.request));
  else if (KEPT.includes(pathname)) event.respondWith(kept(pathname, event.request));
});

async function kept(pathname, request) {
  return await (await caches.open(SHELL)).match(pathname) || fetch(request);
}

async function newest(request) {
  const cache = await caches.open(FORMS);
  try {
    const answer = await fetch(request, { signal: AbortSignal.timeout(PATIENCE) });
    if (answer.ok) await cache.put(request, answer.clone());
    if (answer.ok) return answer;
  } catch { /* nobody answers: what was kept */ }
  return await cache.match(request) || Response.error();
}
