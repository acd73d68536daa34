import { describe, expect, it } from "vitest";
import { encodeFlac } from "../src/audio/flac";
import { decodeFlac } from "./flac-decoder";

function noise(length: number, loudness: number): Int16Array {
  let seed = 1;
  return Int16Array.from({ length }, () => {
    seed = (seed * 48271) % 2147483647;
    return Math.round((seed / 2147483647 - 0.5) * 2 * loudness);
  });
}

function tone(length: number, rate: number): Int16Array {
  return Int16Array.from({ length }, (_, i) => Math.round(20000 * Math.sin((2 * Math.PI * 440 * i) / rate)));
}

const SOUNDS: [string, Int16Array, number][] = [
  ["a tone", tone(48000, 48000), 48000],
  ["quiet noise", noise(20000, 30), 44100],
  ["noise at full scale", noise(9000, 32767), 16000],
  ["digital silence", new Int16Array(10000), 48000],
  ["one sample", Int16Array.of(-32768), 8000],
  ["five samples", Int16Array.of(1, -1, 32767, -32768, 0), 22050],
  ["exactly one block", tone(4096, 48000), 48000],
  ["one sample more than a block", tone(4097, 48000), 48000],
  ["a rate without a code", tone(5000, 12000), 12000],
  ["a square wave at full scale", Int16Array.from({ length: 8192 }, (_, i) => (i % 7 < 3 ? 32767 : -32768)), 96000],
  ["more frames than one byte can number", noise(140 * 4096, 3), 48000],
];

describe("encodeFlac", () => {
  it.each(SOUNDS)("gives %s back bit for bit", (_, samples, rate) => {
    const decoded = decodeFlac(encodeFlac(samples, rate));
    expect(decoded.rate).toBe(rate);
    expect(decoded.samples).toEqual(samples);
  });

  it("makes a tone much smaller than it was", () => {
    const samples = tone(48000, 48000);
    expect(encodeFlac(samples, 48000).length).toBeLessThan(samples.byteLength * 0.6);
  });
});
