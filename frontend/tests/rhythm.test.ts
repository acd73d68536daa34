import { describe, expect, it } from "vitest";
import { Rhythm } from "../src/audio/rhythm";

const BLOCK = 0.0427; // seconds

/** Feed stretches of [peak, seconds]; return after how many seconds it says that the sentence is over. */
function overAfter(...stretches: [peak: number, seconds: number][]): number | null {
  const rhythm = new Rhythm();
  let time = 0;
  for (const [peak, seconds] of stretches) {
    for (let passed = 0; passed < seconds; passed += BLOCK) {
      time += BLOCK;
      if (rhythm.isOver(peak, BLOCK)) return time;
    }
  }
  return null;
}

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
});
