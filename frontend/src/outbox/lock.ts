/**
 * Run `work` unless it runs already, in this tab, another, or the service worker: two senders would send a take twice.
 * Browsers without locks (before 2022) get a lock of this tab alone; the server takes the same take twice calmly.
 */
let busy = false;

export async function alone(work: () => Promise<void>): Promise<void> {
  const locks = (navigator as { locks?: LockManager }).locks;
  if (locks) {
    await locks.request("voicecollect-outbox", { ifAvailable: true }, (lock) => (lock ? work() : undefined));
    return;
  }
  if (busy) return;
  busy = true;
  await work().finally(() => (busy = false));
}
