import { describe, expect, it } from "vitest";
import { type Limits, measure, problems } from "../src/audio/checks";

const RATE = 16000;
const LIMITS: Limits = {
  shortestSeconds: 1,
  longestSeconds: 15,
  quietDbfs: -45,
  clippedShare: 0.001,
  voicedShare: 0.3,
  charactersPerSecond: 15,
};
const TEXT = "Nothing is as calm as snow.";

/** Quiet noise, then a hum that stands for a voice, then quiet noise; lengths in seconds. */
function take({ before = 0.3, voice = 2, after = 0.4, loudness = 0.2, room = 0.0003 } = {}): Int16Array {
  const [start, end] = [before * RATE, (before + voice) * RATE];
  let seed = 7;
  return Int16Array.from({ length: Math.round((before + voice + after) * RATE) }, (_, i) => {
    seed = (seed * 48271) % 2147483647;
    const noise = (seed / 2147483647 - 0.5) * 2 * room;
    const tone = i >= start && i < end ? loudness * Math.sin((2 * Math.PI * 150 * i) / RATE) : 0;
    return Math.max(-32768, Math.min(32767, Math.round((noise + tone) * 32768)));
  });
}

const CASES: [string, Int16Array, string[]][] = [
  ["a good take", take(), []],
  ["digital silence", new Int16Array(3 * RATE), ["silent"]],
  ["an empty take", new Int16Array(0), ["silent"]],
  ["room noise alone", take({ voice: 0, after: 3 }), ["silent"]],
  ["loud room noise alone", take({ voice: 0, after: 3, room: 0.01 }), ["silent"]],
  ["a short take", take({ voice: 0.25 }), ["too-short", "little-voice"]],
  ["a long take", take({ voice: 16 }), ["too-long"]],
  ["a quiet take", take({ loudness: 0.005 }), ["quiet"]],
  ["a take too loud for the microphone", take({ loudness: 1.5 }), ["clipped"]],
  ["one word of a sentence", take({ voice: 0.4, after: 2 }), ["little-voice"]],
  ["pressed too late", take({ before: 0 }), ["cut-start"]],
  ["stopped too early", take({ after: 0 }), ["cut-end"]],
  ["voice from edge to edge", take({ before: 0, after: 0 }), ["cut-start", "cut-end"]],
  ["a voice in a noisy room", take({ room: 0.01 }), []],
];

describe("problems", () => {
  it.each(CASES)("of %s", (_, samples, expected) => {
    expect(problems(measure(samples, RATE), LIMITS, TEXT)).toEqual(expected);
  });

  it("expects little time for a text of few signs", () => {
    expect(problems(measure(take({ voice: 0.4 }), RATE), LIMITS, "雪很安静")).toEqual([]);
  });

  it("follows the thresholds that the page hands over", () => {
    const strict = { ...LIMITS, quietDbfs: -10 };
    expect(problems(measure(take(), RATE), strict, TEXT)).toEqual(["quiet"]);
  });
});

describe("measure", () => {
  it("tells the level of the voice, not of the pauses", () => {
    expect(measure(take({ after: 5 }), RATE).voicedDbfs).toBeCloseTo(-17, 0);
  });

  it("takes no notice of a microphone's offset", () => {
    const shifted = take().map((sample) => sample + 3000);
    expect(measure(shifted, RATE).voicedSeconds).toBeCloseTo(measure(take(), RATE).voicedSeconds, 1);
  });
});
