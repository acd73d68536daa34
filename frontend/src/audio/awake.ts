/** Keeps the screen on while somebody speaks without touching it: a page that goes dark ends its take. */
let lock: Promise<WakeLockSentinel | null> | null = null;

/** Keep the screen on, or let it go dark again; browsers may refuse, or not know how. */
export function stayAwake(isNeeded: boolean): void {
  const { wakeLock } = navigator as { wakeLock?: WakeLock };
  if (isNeeded && !lock) lock = wakeLock?.request("screen").catch(() => null) ?? null;
  if (isNeeded || !lock) return;
  void lock.then((held) => held?.release());
  lock = null;
}
