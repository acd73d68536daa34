/**
 * When to try again: 4 s after the first failure, doubling up to 5 minutes. Kept for each take, and for the line as a
 * whole (no network, a server in trouble). Only in memory: a fresh page may try at once.
 */
export const LINE = "the line";
const FIRST = 4_000;
const LONGEST = 300_000;

const waits = new Map<string, { tries: number; until: number }>();

/** Put off; `atLeast` (ms) is what the server asked for. */
export function postpone(what: string, atLeast: number): void {
  const tries = waits.get(what)?.tries ?? 0;
  const wait = Math.max(atLeast, Math.min(LONGEST, FIRST * 2 ** tries));
  waits.set(what, { tries: tries + 1, until: Date.now() + wait });
}

/** Return the time before which it is not to be tried; 0 for at once. */
export function until(what: string): number {
  return waits.get(what)?.until ?? 0;
}

export function succeeded(what: string): void {
  waits.delete(what);
}
