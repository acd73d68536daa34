import { describe, expect, it } from "vitest";
import { Rhythm } from "../src/audio/rhythm";

const BLOCK = 0.0427; // seconds

type Stretch = [peak: number, seconds: number];

/** Feed stretches; return after how many seconds it first tells `what`. */
function after(what: "hasBegun" | "isOver" | "wasNoise", ...stretches: Stretch[]): number | null {
  const rhythm = new Rhythm();
  let time = 0;
  for (const [peak, seconds] of stretches) {
    for (let passed = 0; passed < seconds; passed += BLOCK) {
      time += BLOCK;
      rhythm.hear(peak, BLOCK);
      if (rhythm[what]) return time;
    }
  }
  return null;
}

const overAfter = (...stretches: Stretch[]) => after("isOver", ...stretches);

describe("Rhythm", () => {
  it("ends a second after the voice", () => {
    expect(overAfter([0.001, 0.5], [0.3, 2], [0.001, 3])).toBeCloseTo(3.6, 0);
  });

  it("waits for a slow reader's short pauses", () => {
    expect(overAfter([0.001, 0.5], [0.3, 1], [0.001, 0.8], [0.3, 1], [0.001, 0.5])).toBeNull();
  });

  it("does not end before anything was said", () => {
    expect(overAfter([0.001, 10])).toBeNull();
  });

  it("is not misled by a click", () => {
    expect(overAfter([0.001, 1], [0.5, 0.04], [0.001, 5])).toBeNull();
  });

  it("learns how noisy the room is", () => {
    expect(overAfter([0.03, 0.5], [0.4, 2], [0.03, 3])).toBeCloseTo(3.6, 0);
  });

  it("hears that somebody begins, soon enough for what is kept of the time before", () => {
    const seconds = after("hasBegun", [0.001, 3], [0.3, 2]) ?? 0;
    expect(seconds - 3).toBeGreaterThan(0);
    expect(seconds - 3).toBeLessThan(0.2);
  });

  it("hears nobody begin in a quiet room, nor in clicks", () => {
    expect(after("hasBegun", [0.001, 60])).toBeNull();
    expect(after("hasBegun", ...Array.from({ length: 40 }, (): Stretch[] => [[0.001, 1], [0.5, 0.04]]).flat())).toBeNull();
  });

  it("tells what was no voice after all", () => {
    const rhythm = new Rhythm();
    for (const [peak, times] of [[0.001, 10], [0.5, 3], [0.001, 30]] as const) {
      for (let block = 0; block < times; block++) rhythm.hear(peak, BLOCK);
    }
    expect([rhythm.wasNoise, rhythm.isOver]).toEqual([true, false]);
  });

  it("knows single short words", () => {
    expect(overAfter([0.001, 1], [0.3, 0.25], [0.001, 3])).toBeCloseTo(2.4, 0);
  });
});
