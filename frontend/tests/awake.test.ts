import { beforeEach, describe, expect, it, vi } from "vitest";
import { stayAwake } from "../src/audio/awake";

const release = vi.fn(async () => undefined);
const request = vi.fn(async (_what: string) => ({ release }));

describe("staying awake", () => {
  beforeEach(() => {
    vi.stubGlobal("navigator", { wakeLock: { request } });
    vi.clearAllMocks();
  });

  it("asks once, and lets go once", async () => {
    for (const isNeeded of [true, true, false, false]) stayAwake(isNeeded);
    await vi.waitFor(() => expect(release).toHaveBeenCalledOnce());
    expect(request).toHaveBeenCalledExactlyOnceWith("screen");
  });

  it("asks again for the next take", async () => {
    for (const isNeeded of [true, false, true, false]) stayAwake(isNeeded);
    await vi.waitFor(() => expect(release).toHaveBeenCalledTimes(2));
    expect(request).toHaveBeenCalledTimes(2);
  });

  it("goes on where it is refused, and where browsers don't know it", () => {
    request.mockRejectedValueOnce(new Error("battery"));
    stayAwake(true);
    stayAwake(false);
    vi.stubGlobal("navigator", {});
    stayAwake(true);
    stayAwake(false);
    expect(release).not.toHaveBeenCalled();
  });
});
