import { describe, expect, it } from "vitest";
import { drawn, hearing, shareHeard } from "../src/audio/hearing";

const RATE = 8000;

/** Half a second of quiet, a second of voice at that level, half a second of quiet. */
function clip(level: number): Int16Array {
  return Int16Array.from({ length: 2 * RATE }, (_, i) => {
    const isVoice = i >= RATE / 2 && i < 1.5 * RATE;
    return 32767 * (isVoice ? level : 0.0005) * Math.sin((2 * Math.PI * 440 * i) / RATE);
  });
}

describe("a clip to be judged", () => {
  it("counts as heard by its voice, not by the quiet around it", () => {
    const heard = hearing(clip(0.3), RATE);
    expect(shareHeard(heard, [[0, 0.5]])).toBe(0);
    expect(shareHeard(heard, [[0.5, 1.3]])).toBeCloseTo(0.8, 1);
    expect(shareHeard(heard, [[0.5, 0.9], [1.1, 1.5]])).toBeCloseTo(0.8, 1);
    expect(shareHeard(heard, [[0, 1.6]])).toBe(1);
  });

  it("without any voice is heard at once", () => {
    expect(shareHeard({ voiced: [false, false], step: 0.02 }, [])).toBe(1);
  });

  it("is played as loud as every other", () => {
    const level = (peak: number) => 20 * Math.log10(peak * hearing(clip(peak), RATE).gain);
    expect(level(0.05)).toBeCloseTo(level(0.5), 1);
  });

  it("is never made louder than full scale", () => {
    const spiky = clip(0.02);
    spiky[RATE] = 32767;
    expect(hearing(spiky, RATE).gain).toBeLessThanOrEqual(1);
  });

  it("is drawn as bars, the loudest as high as the box", () => {
    const { bars } = hearing(clip(0.3), RATE);
    expect(bars).toHaveLength(64);
    expect(Math.max(...bars)).toBe(1);
    expect(drawn([1, 0])).toBe("M0.5 0V2M1.5 0.96V1.04");
  });
});
