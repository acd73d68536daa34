import { describe, expect, it } from "vitest";
import { type RecorderEvent, type RecorderState, TABLE, isIdle, next } from "../src/audio/recorder-state";

function after(state: RecorderState, ...events: RecorderEvent[]): RecorderState {
  return events.reduce(next, state);
}

const PATHS: [string, RecorderState, RecorderEvent[], RecorderState][] = [
  ["a first take", "off", ["press", "granted", "flowing", "press", "ended", "good"], "kept"],
  ["a second take needs no asking", "kept", ["moved", "press"], "recording"],
  ["again, without moving on", "doubtful", ["press"], "recording"],
  ["a press while the microphone opens changes nothing", "warming", ["press"], "warming"],
  ["silence", "stopping", ["ended", "silent"], "refused"],
  ["advice", "stopping", ["ended", "advised"], "doubtful"],
  ["a full disk", "checking", ["unstored"], "failed"],
  ["dropped with Esc", "recording", ["dropped"], "ready"],
  ["unplugged in the middle of a take", "recording", ["lost", "ended", "good"], "kept"],
  ["hidden in the middle of a take", "recording", ["closed", "ended"], "checking"],
  ["the time is up", "recording", ["ended"], "stopping"],
  ["no permission", "asking", ["denied"], "denied"],
  ["permission given after all", "denied", ["press", "granted"], "warming"],
  ["no microphone", "asking", ["missing"], "missing"],
  ["the microphone closed after a minute", "ready", ["closed"], "off"],
  ["a late answer to a closed request", "off", ["granted"], "off"],
];

describe("the recorder's states", () => {
  it.each(PATHS)("%s", (_, from, events, to) => {
    expect(after(from, ...events)).toBe(to);
  });

  it("can all be left again by pressing or by what always comes", () => {
    const always: RecorderEvent[] = ["press", "granted", "flowing", "ended", "good"];
    for (const state of Object.keys(TABLE) as RecorderState[]) {
      expect(always.some((event) => next(state, event) !== state)).toBe(true);
    }
  });

  it("never gives the microphone away in the middle of a take", () => {
    expect((Object.keys(TABLE) as RecorderState[]).filter((state) => !isIdle(state))).toEqual([
      "asking",
      "warming",
      "recording",
      "stopping",
      "checking",
    ]);
  });
});
