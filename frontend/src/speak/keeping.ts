/** From sound to a take in the outbox: stored first, as WAV; then measured and made small without loss. */
import { type Limits, type Measures, type Problem, measure, problems } from "../audio/checks";
import type { Sound } from "../audio/capture";
import FlacWorker from "../audio/flac.worker.ts?worker";
import { encodeWav } from "../audio/wav";
import { type Kind, type Take, change, keep, remove } from "../outbox/store";
import type { Prompt } from "./set";

export interface Kept {
  id: string;
  problem: Problem | null;
}

interface Circumstances {
  prompt: Prompt;
  kind: Kind;
  locale: string;
  speaker: string;
  pass: string;
  limits: Limits;
  /** What the browser does to the sound. */
  applied: Record<string, unknown>;
  /** The take that this one replaces. */
  instead: string | null;
}

/** Store a take and judge it; null for silence, of which nothing stays. Rejects when the device can't store it. */
export async function keepTake(sound: Sound, { prompt, ...about }: Circumstances): Promise<Kept | null> {
  const take: Take = {
    id: crypto.randomUUID(),
    prompt: prompt.id,
    kind: about.kind,
    text: prompt.text,
    locale: about.locale,
    speaker: about.speaker,
    pass: about.pass,
    made: Date.now(),
    state: "kept",
    why: "",
    settings: { applied: about.applied, lost_ms: sound.lostMs },
    ...(await firstForm(sound)),
  };
  await keep(take);
  const measures = sound.samples.length ? measure(sound.samples, sound.rate) : null;
  const found = measures ? problems(measures, about.limits, prompt.text) : [];
  if (found[0] === "silent") return (await remove(take.id), null);
  await change(take.id, { ...(await smaller(sound)), settings: { ...take.settings, ...told(measures, found) } });
  if (about.instead) await remove(about.instead);
  void navigator.storage?.persist?.();
  return { id: take.id, problem: found[0] ?? null };
}

async function firstForm({ samples, rate, compressed }: Sound): Promise<Pick<Take, "bytes" | "type">> {
  if (compressed) return { bytes: await compressed.arrayBuffer(), type: compressed.type };
  return { bytes: encodeWav(samples, rate), type: "audio/wav" };
}

/** Return the take as FLAC, if the browser did not compress it; nothing if that fails: the WAV stays. */
async function smaller({ samples, rate, compressed }: Sound): Promise<Partial<Take>> {
  if (compressed) return {};
  const worker = new FlacWorker();
  try {
    const bytes = await new Promise<ArrayBuffer>((resolve, reject) => {
      worker.onmessage = ({ data }: MessageEvent<ArrayBuffer>) => resolve(data);
      worker.onerror = reject;
      worker.postMessage({ samples, rate });
    });
    return { bytes, type: "audio/flac" };
  } catch {
    return {};
  } finally {
    worker.terminate();
  }
}

function told(measures: Measures | null, found: Problem[]): Record<string, unknown> {
  if (!measures) return {};
  const rounded = Object.entries(measures).map(([name, value]) => [name, Math.round(value * 1e4) / 1e4]);
  return { measures: Object.fromEntries(rounded) as Record<string, number>, problems: found };
}
