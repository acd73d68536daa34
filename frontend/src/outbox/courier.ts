/** Decides when to send: on load, when the network comes back, when asked, and by a timer for what must wait. */
import { sendWaiting } from "./send";

let timer: ReturnType<typeof setTimeout> | undefined;

interface SyncManager {
  register(tag: string): Promise<void>;
}

/** Send what waits now, and again when the next is due. */
export async function deliver(): Promise<void> {
  clearTimeout(timer);
  const due = await sendWaiting({ now: true });
  plan(due);
}

function plan(due: number | null): void {
  clearTimeout(timer);
  if (due === null) return;
  void askForSync();
  timer = setTimeout(() => void sendWaiting().then(plan), Math.max(1000, due - Date.now()));
}

/** Where Background Sync exists the service worker sends on, even when the page is gone. */
async function askForSync(): Promise<void> {
  const registration = await navigator.serviceWorker?.getRegistration();
  const sync = (registration as { sync?: SyncManager } | undefined)?.sync;
  await sync?.register("outbox").catch(() => undefined); // refused in private windows: the timer remains
}

/** Begin: once for each page. */
export function startCourier(): void {
  void deliver();
  addEventListener("online", () => void deliver());
  addEventListener("pageshow", (event) => event.persisted && void deliver());
}
