/**
 * Sends what waits, one take at a time. A take leaves the device only against a receipt that names its own hash.
 * Trouble that may pass is tried again later; what the server refuses for good is kept and shown.
 */
import { API, csrfToken } from "../api";
import { digest } from "./digest";
import { alone } from "./lock";
import { type Take, all, change, remove } from "./store";
import { LINE, postpone, succeeded, until } from "./waits";

/** Statuses of the 400s that say nothing about the take itself. */
const PASSING = new Set([408, 409, 425, 429]);
/** Problems of the way, by the server's own codes: the same bytes may arrive whole the next time. */
const DAMAGED = new Set(["digest", "cut-off"]);

type Outcome =
  | { kind: "delivered" }
  | { kind: "later"; all: boolean; after: number }
  | { kind: "refused"; why: string };

const CUT_OFF: Outcome = { kind: "later", all: true, after: 0 };

/** Send all that is due, or with `now` all that waits. Returns the time when the next is due; null when none waits. */
export async function sendWaiting({ now = false } = {}): Promise<number | null> {
  await alone(() => round(now));
  const left = await waiting();
  return left.length ? Math.max(until(LINE), Math.min(...left.map((take) => until(take.id)))) : null;
}

async function waiting(): Promise<Take[]> {
  return (await all()).filter((take) => take.state === "waiting");
}

async function round(now: boolean): Promise<void> {
  const due = (what: string) => now || until(what) <= Date.now();
  if (!due(LINE)) return;
  for (const take of await waiting()) {
    if (!due(take.id)) continue;
    const outcome = await send(take);
    await settle(take, outcome);
    if (outcome.kind === "later" && outcome.all) return postpone(LINE, outcome.after);
    succeeded(LINE);
  }
}

async function settle(take: Take, outcome: Outcome): Promise<void> {
  if (outcome.kind === "later") return outcome.all ? undefined : postpone(take.id, outcome.after);
  succeeded(take.id);
  if (outcome.kind === "delivered") return remove(take.id);
  return change(take.id, { state: "refused", why: outcome.why });
}

async function send(take: Take): Promise<Outcome> {
  try {
    const { base64, hex } = await digest(take.bytes);
    const answer = await fetch(address(take), {
      method: "PUT",
      headers: {
        "Content-Type": take.type,
        ...(take.pass ? { Authorization: `Pass ${take.pass}` } : {}),
        "Content-Digest": `sha-256=:${base64}:`,
        "Recorder-Settings": ascii(take.settings),
        "X-CSRFToken": await csrfToken(),
      },
      body: take.bytes,
    });
    return await judge(answer, hex);
  } catch {
    return CUT_OFF;
  }
}

function address({ id, prompt, speaker }: Take): string {
  return `${API}/recordings/${id}?${new URLSearchParams({ prompt, speaker }).toString()}`;
}

async function judge(answer: Response, hex: string): Promise<Outcome> {
  if (answer.ok) {
    const receipt = (await answer.json()) as { sha256?: string };
    return receipt.sha256 === hex ? { kind: "delivered" } : { kind: "later", all: false, after: 0 };
  }
  const after = 1000 * (Number(answer.headers.get("Retry-After")) || 0);
  if (answer.status < 400 || answer.status >= 500) return { kind: "later", all: true, after };
  if (PASSING.has(answer.status)) return { kind: "later", all: answer.status === 429, after };
  const problem = (await answer.json().catch(() => ({}))) as { code?: string; detail?: string; title?: string };
  if (DAMAGED.has(problem.code ?? "")) return { kind: "later", all: false, after };
  return { kind: "refused", why: problem.detail ?? problem.title ?? String(answer.status) };
}

/** JSON in ASCII, as a header must be. */
function ascii(value: unknown): string {
  return JSON.stringify(value).replace(
    /[^\x20-\x7e]/g,
    (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
