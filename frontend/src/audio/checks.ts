/**
 * What a take is like, and what is worth telling the person at once. Measured on the device, advice only: the server
 * measures again. Thresholds come from the page, so that each language may have its own.
 */
export interface Limits {
  shortestSeconds: number;
  longestSeconds: number;
  quietDbfs: number;
  /** Share of samples at or above 0.99 of full scale that still passes. */
  clippedShare: number;
  /** Share of the time that the text should take which must hold voice. */
  voicedShare: number;
  charactersPerSecond: number;
}

export interface Measures {
  seconds: number;
  peak: number;
  voicedSeconds: number;
  /** Level of the voiced parts; -120 where there are none. */
  voicedDbfs: number;
  clippedShare: number;
  /** Level of the room: of the quietest tenth. */
  roomDbfs: number;
  quietBefore: number;
  quietAfter: number;
}

export type Problem =
  | "silent"
  | "too-short"
  | "too-long"
  | "quiet"
  | "clipped"
  | "little-voice"
  | "cut-start"
  | "cut-end";

const FRAME = 0.02; // seconds
const FLOOR_AT_MOST = -40; // dBFS: a take without a pause must not count its own voice as noise
const ABOVE_FLOOR = 10; // dB
const VOICE_AT_LEAST = -55; // dBFS
const EDGE = 0.06; // seconds of quiet that show an end was not cut
const SILENT = 0.2; // seconds of voice below which there is nothing to keep

/** Tell for each frame of `step` seconds whether it holds voice. */
export function voicedFrames(samples: Int16Array, rate: number): { voiced: boolean[]; step: number } {
  const levels = frameLevels(samples, frameSize(rate));
  return { voiced: levels.map(voiceIn(roomLevel(levels))), step: frameSize(rate) / rate };
}

function frameSize(rate: number): number {
  return Math.max(1, Math.round(rate * FRAME));
}

function roomLevel(levels: number[]): number {
  return [...levels].sort((a, b) => a - b)[Math.floor(levels.length / 10)] ?? -120;
}

function voiceIn(room: number): (level: number) => boolean {
  const floor = Math.min(FLOOR_AT_MOST, room);
  return (level) => level > Math.max(floor + ABOVE_FLOOR, VOICE_AT_LEAST);
}

/** Measure a take: 16-bit samples, `rate` in Hz. */
export function measure(samples: Int16Array, rate: number): Measures {
  const levels = frameLevels(samples, frameSize(rate));
  const room = roomLevel(levels);
  const isVoice = voiceIn(room);
  const voiced = levels.filter(isVoice);
  const first = levels.findIndex(isVoice);
  const power = voiced.reduce((sum, level) => sum + 10 ** (level / 10), 0) / voiced.length;
  return {
    seconds: samples.length / rate,
    voicedSeconds: voiced.length * FRAME,
    roomDbfs: room,
    voicedDbfs: voiced.length ? 10 * Math.log10(power) : -120,
    quietBefore: first < 0 ? 0 : first * FRAME,
    quietAfter: first < 0 ? 0 : (levels.length - 1 - levels.findLastIndex(isVoice)) * FRAME,
    ...extremes(samples),
  };
}

function extremes(samples: Int16Array): Pick<Measures, "peak" | "clippedShare"> {
  let peak = 0;
  let clipped = 0;
  for (const sample of samples) {
    const size = Math.abs(sample);
    if (size > peak) peak = size;
    if (size >= 0.99 * 32768) clipped++;
  }
  return { peak: peak / 32768, clippedShare: samples.length ? clipped / samples.length : 0 };
}

/** Level of each whole frame in dBFS (a full-scale square wave is 0), the microphone's offset taken out. */
function frameLevels(samples: Int16Array, size: number): number[] {
  const levels: number[] = [];
  for (let from = 0; from + size <= samples.length; from += size) {
    let sum = 0;
    let squares = 0;
    for (let i = from; i < from + size; i++) {
      const value = (samples[i] ?? 0) / 32768;
      sum += value;
      squares += value * value;
    }
    const power = squares / size - (sum / size) ** 2;
    levels.push(Math.max(-120, 10 * Math.log10(power + 1e-12)));
  }
  return levels;
}

/** Return what is wrong, the weightiest first; only "silent" means that there is nothing to keep. */
export function problems(take: Measures, limits: Limits, text: string): Problem[] {
  if (take.voicedSeconds < SILENT) return ["silent"];
  const expected = [...text].length / limits.charactersPerSecond;
  const found: [Problem, boolean][] = [
    ["too-short", take.seconds < limits.shortestSeconds],
    ["too-long", take.seconds > limits.longestSeconds],
    ["clipped", take.clippedShare > limits.clippedShare],
    ["quiet", take.voicedDbfs < limits.quietDbfs],
    ["little-voice", take.voicedSeconds < limits.voicedShare * expected],
    ["cut-start", take.quietBefore < EDGE],
    ["cut-end", take.quietAfter < EDGE],
  ];
  return found.filter(([, is]) => is).map(([problem]) => problem);
}
