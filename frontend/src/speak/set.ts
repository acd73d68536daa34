/** A set of sentences to record, reviewed and sent together: pure, each function returns a new set. */
import type { Problem } from "../audio/checks";

export interface Prompt {
  id: string;
  text: string;
  /** Where somebody reads it aloud, if anybody does. */
  audio?: string;
}

export interface Slot {
  prompt: Prompt;
  /** The take that answers it, by its id in the outbox. */
  take: string | null;
  problem: Problem | null;
}

export interface TakeSet {
  slots: Slot[];
  /** The slot that is being recorded; equal to the number of slots when none is left. */
  at: number;
  /** Prompts for what comes after. */
  queue: Prompt[];
}

export const SIZE = 5;

/** Begin a set with what was recorded before the page was left, filled up from the queue. */
export function begin(queue: Prompt[], resumed: Slot[] = []): TakeSet {
  const kept = resumed.slice(0, SIZE);
  const used = new Set(kept.map((slot) => slot.prompt.id));
  const fresh = queue.filter((prompt) => !used.has(prompt.id));
  const slots = [...kept, ...fresh.slice(0, SIZE - kept.length).map(empty)];
  return settle({ slots, at: 0, queue: fresh.slice(SIZE - kept.length) });
}

function empty(prompt: Prompt): Slot {
  return { prompt, take: null, problem: null };
}

/** Put the take into the slot it was recorded for. */
export function answer(set: TakeSet, at: number, take: string, problem: Problem | null): TakeSet {
  return { ...set, slots: set.slots.map((slot, i) => (i === at ? { ...slot, take, problem } : slot)) };
}

/** Go to the next slot without a take, from here round to here again. */
export function settle(set: TakeSet): TakeSet {
  const order = set.slots.map((_, i) => (set.at + i) % set.slots.length);
  return { ...set, at: order.find((i) => set.slots[i]?.take === null) ?? set.slots.length };
}

/** Tell whether every sentence has its take. */
export function isDone(set: TakeSet): boolean {
  return set.slots.every((slot) => slot.take !== null);
}

/** Put another prompt in place of this one; without any left the slot goes. */
export function replace(set: TakeSet): TakeSet {
  const [fresh, ...queue] = set.queue;
  if (fresh) return { ...set, queue, slots: set.slots.map((slot, i) => (i === set.at ? empty(fresh) : slot)) };
  return settle({ ...set, slots: set.slots.filter((_, i) => i !== set.at) });
}

/** Return the ids of the takes in the set. */
export function takes(set: TakeSet): string[] {
  return set.slots.flatMap((slot) => slot.take ?? []);
}

/** Add prompts that came from the server, leaving out those that are here already: first to a set that began short. */
export function extend(set: TakeSet, prompts: Prompt[]): TakeSet {
  const known = new Set([...set.slots.map((slot) => slot.prompt.id), ...set.queue.map((prompt) => prompt.id)]);
  const queue = [...set.queue, ...prompts.filter((prompt) => !known.has(prompt.id))];
  const room = set.slots.length ? SIZE - set.slots.length : 0;
  return { ...set, slots: [...set.slots, ...queue.slice(0, room).map(empty)], queue: queue.slice(room) };
}
