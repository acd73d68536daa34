import { describe, expect, it } from "vitest";
import { answer, begin, extend, isDone, replace, settle, takes } from "../src/speak/set";

const prompts = (...ids: string[]) => ids.map((id) => ({ id, text: `Sentence ${id}` }));
const QUEUE = prompts("a", "b", "c", "d", "e", "f", "g");

function texts(set: ReturnType<typeof begin>): string {
  return set.slots.map((slot) => slot.prompt.id + (slot.take ? "!" : "")).join("");
}

describe("a set of sentences", () => {
  it("takes five from the queue", () => {
    const set = begin(QUEUE);
    expect(texts(set)).toBe("abcde");
    expect(set.queue.map(({ id }) => id)).toEqual(["f", "g"]);
  });

  it("begins with what an earlier visit left, and offers no sentence twice", () => {
    const left = [{ prompt: QUEUE[1]!, take: "t1", problem: null }];
    const set = begin(QUEUE, left);
    expect(texts(set)).toBe("b!acde");
    expect(set.at).toBe(1);
  });

  it("may be smaller", () => {
    expect(texts(begin(prompts("a", "b")))).toBe("ab");
    expect(begin([])).toEqual({ slots: [], at: 0, queue: [] });
  });

  it("goes on to the next sentence without a take, round to the first", () => {
    let set = begin(QUEUE);
    set = settle(answer({ ...set, at: 3 }, 3, "t4", null));
    expect(set.at).toBe(4);
    set = settle(answer(set, 4, "t5", "quiet"));
    expect(set.at).toBe(0);
    expect(takes(set)).toEqual(["t4", "t5"]);
  });

  it("is done when every sentence has a take", () => {
    let set = begin(prompts("a", "b"));
    set = settle(answer(set, 0, "t1", null));
    set = settle(answer(set, 1, "t2", null));
    expect([set.at, isDone(set)]).toEqual([2, true]);
    expect(isDone(replace({ ...begin(QUEUE), at: 0 }))).toBe(false);
  });

  it("replaces a sentence that is skipped", () => {
    const set = replace(begin(QUEUE));
    expect(texts(set)).toBe("fbcde");
    expect(set.queue.map(({ id }) => id)).toEqual(["g"]);
  });

  it("grows shorter when nothing is left to replace it", () => {
    expect(texts(replace(begin(prompts("a", "b"))))).toBe("b");
    expect(replace(begin(prompts("a"))).slots).toEqual([]);
  });

  it("learns new sentences only once", () => {
    const set = extend(begin(QUEUE), prompts("a", "g", "h"));
    expect(set.queue.map(({ id }) => id)).toEqual(["f", "g", "h"]);
  });

  it("that began short is filled up by what comes later, and goes on with it", () => {
    let set = settle(answer(begin(prompts("a")), 0, "t1", null));
    expect(set.at).toBe(1);
    set = extend(set, prompts("a", "b", "c", "d", "e", "f"));
    expect(texts(set)).toBe("a!bcde");
    expect(set.queue.map(({ id }) => id)).toEqual(["f"]);
    expect(settle(set).at).toBe(1);
  });

  it("that was sent begins no other by itself", () => {
    const set = extend({ slots: [], at: 0, queue: [] }, prompts("a"));
    expect(set).toEqual({ slots: [], at: 0, queue: prompts("a") });
  });
});
