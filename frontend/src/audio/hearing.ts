/**
 * What a listener needs to know of a clip: where its voice is, how it looks, and how loud to play it so that no clip is
 * louder than the next. Only the player's copy is made louder or softer, never the file.
 */
import { measure, voicedFrames } from "./checks";

const BARS = 64;
const LEVEL = -22; // dBFS of the voice, as every clip is played
const LOUDEST = 0.97; // full scale 1: no gain may clip
const SOFTEST_GAIN = 0.1;
const LOUDEST_GAIN = 8;

export interface Hearing {
  /** Height of each bar of the picture, from 0 to 1. */
  bars: number[];
  /** For each stretch of `step` seconds, whether it holds voice. */
  voiced: boolean[];
  step: number;
  gain: number;
}

/** Look at a clip: 16-bit samples, `rate` in Hz. */
export function hearing(samples: Int16Array, rate: number): Hearing {
  const { peak, voicedDbfs } = measure(samples, rate);
  const { voiced, step } = voicedFrames(samples, rate);
  return { bars: bars(samples), voiced, step, gain: gain(peak, voicedDbfs) };
}

function gain(peak: number, level: number): number {
  const wanted = 10 ** ((LEVEL - level) / 20);
  return Math.min(Math.max(wanted, SOFTEST_GAIN), LOUDEST_GAIN, LOUDEST / Math.max(peak, 1e-4));
}

function bars(samples: Int16Array): number[] {
  const size = Math.max(1, Math.ceil(samples.length / BARS));
  const peaks = Array.from({ length: BARS }, (_, bar) => {
    let peak = 0;
    for (const sample of samples.subarray(bar * size, (bar + 1) * size)) peak = Math.max(peak, Math.abs(sample));
    return peak;
  });
  const highest = Math.max(1, ...peaks);
  return peaks.map((peak) => peak / highest);
}

/** Return the share of the voice that lies in what was played, each stretch from start to end in seconds. */
export function shareHeard({ voiced, step }: Pick<Hearing, "voiced" | "step">, played: [number, number][]): number {
  const all = voiced.flatMap((is, i) => (is ? [(i + 0.5) * step] : []));
  const heard = all.filter((at) => played.some(([start, end]) => at >= start && at <= end));
  return all.length ? heard.length / all.length : 1;
}

/** Return a path that draws the bars around the middle of a box of 64 by 2. */
export function drawn(heights: number[]): string {
  return heights.map((height, at) => `M${at + 0.5} ${1 - Math.max(0.04, height)}V${1 + Math.max(0.04, height)}`).join("");
}
