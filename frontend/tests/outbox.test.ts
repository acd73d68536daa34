import "fake-indexeddb/auto";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { digest } from "../src/outbox/digest";
import { sendWaiting } from "../src/outbox/send";
import { type Take, all, answered, change, get, keep, remove } from "../src/outbox/store";
import { LINE, succeeded } from "../src/outbox/waits";

type Fault = (bytes: ArrayBuffer) => Promise<Response> | Response;

/** Stands for the site: keeps what it acknowledges, after the faults that a test puts before it. */
const server = {
  kept: new Map<string, ArrayBuffer>(),
  requests: [] as { id: string; headers: Headers; url: string }[],
  faults: [] as Fault[],
  async fetch(url: string, options: RequestInit): Promise<Response> {
    const id = /recordings\/([^?]+)/.exec(url)?.[1] ?? "";
    server.requests.push({ id, url, headers: new Headers(options.headers) });
    const fault = server.faults.shift();
    if (fault) return fault(options.body as ArrayBuffer);
    server.kept.set(id, options.body as ArrayBuffer);
    return receipt((await digest(options.body as ArrayBuffer)).hex);
  },
};

function receipt(sha256: string): Response {
  return Response.json({ id: "x", sha256, received_at: "2026-01-01T00:00:00Z" }, { status: 201 });
}

function problem(status: number, detail = "", headers = {}): Fault {
  return () => Response.json({ status, detail }, { status, headers });
}

const cut: Fault = () => Promise.reject(new TypeError("network"));

let count = 0;
function take(changes: Partial<Take> = {}): Take {
  const number = ++count;
  return {
    id: `take-${number}`,
    prompt: `prompt-${number}`,
    text: "A sentence",
    locale: "br",
    speaker: "anna",
    pass: "anna:proof",
    bytes: Uint8Array.of(1, 2, number).buffer,
    type: "audio/flac",
    settings: { format: "flac" },
    made: number,
    state: "waiting",
    why: "",
    ...changes,
  };
}

beforeEach(async () => {
  vi.useRealTimers();
  for (const { id } of await all()) {
    await remove(id);
    succeeded(id);
  }
  succeeded(LINE);
  server.kept.clear();
  server.requests = [];
  server.faults = [];
  vi.stubGlobal("fetch", server.fetch);
  vi.stubGlobal("navigator", {}); // no locks: the tab's own
  vi.stubGlobal("document", { cookie: "a=b; csrftoken=abc" });
});

describe("sending", () => {
  it("delivers each take once and empties the outbox", async () => {
    for (const one of [take(), take(), take()]) await keep(one);
    expect(await sendWaiting()).toBeNull();
    expect(server.kept.size).toBe(3);
    expect(server.requests).toHaveLength(3);
    expect(await all()).toEqual([]);
  });

  it("says what the API asks for", async () => {
    const one = take({ settings: { label: "Mikrofon für Ä" } });
    await keep(one);
    await sendWaiting();
    const { url, headers } = server.requests[0]!;
    expect(url).toBe(`/api/v1/recordings/${one.id}?prompt=${one.prompt}&speaker=anna`);
    expect(headers.get("Content-Type")).toBe("audio/flac");
    expect(headers.get("Content-Digest")).toBe(`sha-256=:${(await digest(one.bytes)).base64}:`);
    expect(headers.get("Authorization")).toBe("Pass anna:proof");
    expect(headers.get("X-CSRFToken")).toBe("abc");
    expect(headers.get("Recorder-Settings")).toMatch(/^[\x20-\x7e]+$/);
    expect(JSON.parse(headers.get("Recorder-Settings")!)).toEqual(one.settings);
  });

  it("leaves takes in review alone", async () => {
    await keep(take({ state: "kept" }));
    expect(await sendWaiting()).toBeNull();
    expect(server.requests).toEqual([]);
  });

  it("sends once although two ask at the same time", async () => {
    await keep(take());
    await Promise.all([sendWaiting(), sendWaiting()]);
    expect(server.requests).toHaveLength(1);
  });
});

const PASSING: [string, Fault][] = [
  ["a server in trouble", problem(503)],
  ["a connection cut", cut],
  ["a receipt for other bytes", () => receipt("0".repeat(64))],
  ["a receipt cut short", () => new Response('{"sha2', { status: 201 })],
  ["a proxy's page instead of a receipt", () => new Response("<h1>Welcome to our Wi-Fi</h1>", { status: 200 })],
  ["damage on the way", () => Response.json({ status: 400, code: "digest" }, { status: 400 })],
  ["408", problem(408)],
  ["409", problem(409)],
  ["425", problem(425)],
  ["429", problem(429)],
];

describe("trouble that passes", () => {
  it.each(PASSING)("keeps the take after %s and delivers it later", async (_, fault) => {
    const one = take();
    await keep(one);
    server.faults = [fault];
    expect(await sendWaiting()).toBeGreaterThan(Date.now());
    expect((await get(one.id))?.bytes).toEqual(one.bytes);
    expect(await sendWaiting({ now: true })).toBeNull();
    expect(server.kept.get(one.id)).toEqual(one.bytes);
  });

  it("sends again when the answer to a stored take was lost", async () => {
    const one = take();
    await keep(one);
    server.faults = [(bytes) => (server.kept.set(one.id, bytes), Promise.reject(new TypeError("cut")))];
    await sendWaiting();
    expect(await get(one.id)).toBeDefined();
    await sendWaiting({ now: true });
    expect(await all()).toEqual([]);
    expect(server.requests.map(({ id }) => id)).toEqual([one.id, one.id]);
  });

  it("waits 4 s, then twice as long each time, up to 5 minutes", async () => {
    vi.useFakeTimers({ now: 0, toFake: ["Date"] });
    await keep(take());
    const waits: number[] = [];
    for (let i = 0; i < 9; i++) {
      server.faults = [problem(503)];
      waits.push(((await sendWaiting({ now: true })) ?? 0) / 1000);
    }
    expect(waits).toEqual([4, 8, 16, 32, 64, 128, 256, 300, 300]);
  });

  it("waits as long as the server asks", async () => {
    vi.useFakeTimers({ now: 0, toFake: ["Date"] });
    await keep(take());
    server.faults = [problem(429, "", { "Retry-After": "60" })];
    expect(await sendWaiting()).toBe(60_000);
  });

  it("does not trouble a server in trouble with the rest of the line", async () => {
    for (const one of [take(), take(), take()]) await keep(one);
    server.faults = [problem(503)];
    await sendWaiting();
    expect(server.requests).toHaveLength(1);
    await sendWaiting();
    expect(server.requests).toHaveLength(1);
  });

  it("lets the others pass a take that must wait", async () => {
    const [first, second] = [take(), take()];
    await keep(first);
    await keep(second);
    server.faults = [problem(409)];
    await sendWaiting();
    expect((await all()).map(({ id }) => id)).toEqual([first.id]);
  });
});

describe("a refusal for good", () => {
  it.each([400, 403, 404, 410, 413, 415, 422])("with %i keeps the take and the server's words", async (status) => {
    const one = take();
    await keep(one);
    server.faults = [problem(status, "This sentence is no longer here.")];
    expect(await sendWaiting()).toBeNull();
    expect(await get(one.id)).toMatchObject({ state: "refused", why: "This sentence is no longer here." });
    await sendWaiting({ now: true });
    expect(server.requests).toHaveLength(1);
  });
});

describe("the store", () => {
  it("returns takes in the order they were made", async () => {
    await keep(take({ id: "b", made: 2 }));
    await keep(take({ id: "a", made: 1 }));
    expect((await all()).map(({ id }) => id)).toEqual(["a", "b"]);
  });

  it("replaces the take before in one step", async () => {
    const [old, fresh] = [take(), take()];
    await keep(old);
    await keep(fresh, old.id);
    expect((await all()).map(({ id }) => id)).toEqual([fresh.id]);
  });

  it("does not bring a removed take back", async () => {
    await change("gone", { state: "waiting" });
    expect(await all()).toEqual([]);
  });

  it("remembers which prompts each speaker answered, sent or not", async () => {
    await keep(take({ speaker: "bo", prompt: "p1" }));
    await keep(take({ speaker: "cy", prompt: "p2" }));
    await sendWaiting();
    expect(await answered("bo")).toEqual(new Set(["p1"]));
  });

  it("says so when the disk is full", async () => {
    const full = new DOMException("full", "QuotaExceededError");
    const put = vi.spyOn(IDBObjectStore.prototype, "put").mockImplementation(() => {
      throw full;
    });
    await expect(keep(take())).rejects.toBe(full);
    put.mockRestore();
    expect(await all()).toEqual([]);
  });
});
