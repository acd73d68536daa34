/**
 * The service worker: pages from the network first, so that they are fresh, and from the cache when there is none;
 * built files, whose names change with what they hold, from the cache first. Never the API, never sound. Where
 * Background Sync exists it also empties the outbox.
 */
import { READINGS } from "./api";
import { sendWaiting } from "./outbox/send";

declare const self: ServiceWorkerGlobalScope;
/** Put in by the build: addresses of all built files, and a name that changes with them. */
declare const FILES: string[];
declare const VERSION: string;

interface SyncEvent extends ExtendableEvent {
  tag: string;
}

const BUILT = `built-${VERSION}`;
const PAGES = "pages";
const OFFLINE = ["en", "fr", "ar"].map((language) => `/${language}/offline/`);

self.addEventListener("install", (event) => {
  event.waitUntil(
    (async () => {
      await (await caches.open(BUILT)).addAll(FILES);
      await (await caches.open(PAGES)).addAll(OFFLINE);
      await self.skipWaiting();
    })(),
  );
});

self.addEventListener("activate", (event) => {
  event.waitUntil(
    (async () => {
      const old = (await caches.keys()).filter((name) => ![BUILT, PAGES, READINGS].includes(name));
      await Promise.all(old.map((name) => caches.delete(name)));
      await self.clients.claim();
    })(),
  );
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  if (request.mode === "navigate") event.respondWith(page(request));
  else if (FILES.includes(url.pathname)) event.respondWith(built(request));
});

self.addEventListener("sync", (event) => {
  const sync = event as SyncEvent;
  if (sync.tag === "outbox") sync.waitUntil(deliver());
});

/** Throwing when something still waits asks the browser to try once more later. */
async function deliver(): Promise<void> {
  if ((await sendWaiting({ now: true })) !== null) throw new Error("not all could be sent");
}

async function page(request: Request): Promise<Response> {
  const pages = await caches.open(PAGES);
  try {
    const answer = await fetch(request);
    if (mayKeep(answer)) await pages.put(request, answer.clone());
    return answer;
  } catch {
    const language = new URL(request.url).pathname.split("/")[1] ?? "";
    const instead = (await pages.match(`/${language}/offline/`)) ?? (await pages.match(OFFLINE[0] ?? ""));
    return (await pages.match(request)) ?? instead ?? Response.error();
  }
}

/** Pages alone, never a download; those that are one person's own say `no-store`; errors are not worth keeping. */
function mayKeep(answer: Response): boolean {
  const isPage = answer.headers.get("Content-Type")?.startsWith("text/html") ?? false;
  const policy = answer.headers.get("Cache-Control") ?? "";
  return isPage && answer.status === 200 && !answer.redirected && !policy.includes("no-store");
}

async function built(request: Request): Promise<Response> {
  return (await caches.match(request)) ?? fetch(request);
}
