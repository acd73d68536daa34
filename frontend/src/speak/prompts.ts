/** Where sentences come from: the page brings some, the API more, and what was answered here is left out. */
import { read } from "../api";
import { type Kind, all, answered } from "../outbox/store";
import type { Prompt, Slot } from "./set";

/** Prompts to have in hand, so that recording goes on without a network. */
export const AHEAD = 25;

/** Leave out what this speaker answered on this device, sent or not: a page from the cache may offer it again. */
export async function unanswered(prompts: Prompt[], speaker: string): Promise<Prompt[]> {
  const done = await answered(speaker).catch(() => new Set<string>());
  return prompts.filter((prompt) => !done.has(prompt.id));
}

interface Wanted {
  kind: Kind;
  locale: string;
  speaker: string;
}

/** Fetch more; none when there is no network. Questions are few and come with the page. */
export async function more({ kind, locale, speaker }: Wanted): Promise<Prompt[]> {
  if (kind === "topic") return [];
  const fresh = await read<Prompt[]>(`/${locale}/sentences?count=${AHEAD}`).catch(() => []);
  return unanswered(fresh, speaker);
}

/** Return the takes that this speaker recorded on an earlier visit but never sent. */
export async function unsent({ kind, locale, speaker }: Wanted): Promise<Slot[]> {
  const takes = await all().catch(() => []);
  return takes
    .filter((take) => take.state === "kept" && (take.kind === "topic") === (kind === "topic"))
    .filter((take) => take.locale === locale && take.speaker === speaker)
    .map((take) => ({ prompt: { id: take.prompt, text: take.text }, take: take.id, problem: null }));
}
