import { describe, expect, it } from "vitest";
import { type RecorderEvent, type RecorderState, TABLE, isBusy, next } from "../src/audio/recorder-state";

function after(state: RecorderState, ...events: RecorderEvent[]): RecorderState {
  return events.reduce(next, state);
}

const PATHS: [string, RecorderState, RecorderEvent[], RecorderState][] = [
  ["a first take", "idle", ["press", "granted", "flowing", "press", "ended", "good"], "kept"],
  ["on to the next sentence", "kept", ["moved", "press", "granted", "flowing"], "recording"],
  ["again, without moving on", "doubtful", ["press", "granted", "flowing"], "recording"],
  ["a press while the microphone opens changes nothing", "warming", ["press"], "warming"],
  ["silence", "stopping", ["ended", "silent"], "refused"],
  ["advice", "stopping", ["ended", "advised"], "doubtful"],
  ["a full disk", "checking", ["unstored"], "failed"],
  ["dropped with Esc", "recording", ["dropped"], "idle"],
  ["unplugged in the middle of a take", "recording", ["lost", "ended", "good"], "kept"],
  ["unplugged between takes", "kept", ["lost"], "kept"],
  ["hidden in the middle of a take", "recording", ["hidden", "ended"], "checking"],
  ["hidden while the microphone opens", "warming", ["hidden", "flowing"], "idle"],
  ["the time is up", "recording", ["ended"], "stopping"],
  ["hands-free", "warming", ["listening", "heard", "ended", "ended", "good"], "kept"],
  ["a noise instead of a voice", "waiting", ["heard", "noise"], "waiting"],
  ["no more waiting for a voice", "waiting", ["press"], "idle"],
  ["another sentence while waiting for a voice", "waiting", ["moved"], "idle"],
  ["hidden while waiting for a voice", "waiting", ["hidden", "heard"], "idle"],
  ["unplugged while waiting for a voice", "waiting", ["lost"], "lost"],
  ["no permission", "asking", ["denied"], "denied"],
  ["permission given after all", "denied", ["press", "granted"], "warming"],
  ["no microphone", "asking", ["missing"], "missing"],
  ["taken by another program", "asking", ["lost"], "lost"],
  ["a late answer to a dropped request", "idle", ["granted"], "idle"],
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

  it("knows when a take is under way", () => {
    expect((Object.keys(TABLE) as RecorderState[]).filter((state) => isBusy(state))).toEqual([
      "asking",
      "warming",
      "recording",
      "stopping",
      "checking",
    ]);
  });
});
