/**
 * The states of the recorder and what leads from one to the next, as one table: pure, so that every path is tested
 * without a browser. What a pair does not name changes nothing (a second press while the microphone opens, say).
 */
export type RecorderState =
  | "idle" // nothing in hand; the microphone may be open already, or not
  | "asking" // the browser asks the person for the microphone
  | "warming" // it is open, but no sound flows yet
  | "waiting" // hands-free: for a voice; nothing is kept but the last half second
  | "recording"
  | "stopping" // the tail after the press is still coming in
  | "checking" // stored, measured, made small
  | "kept" // good
  | "doubtful" // kept, with advice to do it again
  | "refused" // silence: not kept
  | "failed" // the device could not store it
  | "denied" // the person or the browser said no
  | "missing" // there is no microphone
  | "lost"; // it went away, or another program has it

export type RecorderEvent =
  | "press"
  | "granted"
  | "flowing"
  | "listening" // sound flows, and the voice itself is to begin the take
  | "heard" // it did
  | "noise" // it was none
  | "ended"
  | "good"
  | "advised"
  | "silent"
  | "unstored"
  | "dropped"
  | "denied"
  | "missing"
  | "lost"
  | "hidden" // the page went out of sight
  | "moved"; // to another sentence

type Row = Partial<Record<RecorderEvent, RecorderState>>;

const AT_REST: Row = { press: "asking", moved: "idle" };

export const TABLE: Record<RecorderState, Row> = {
  idle: { press: "asking" },
  asking: { granted: "warming", denied: "denied", missing: "missing", lost: "lost", hidden: "idle" },
  warming: { flowing: "recording", listening: "waiting", lost: "lost", hidden: "idle" },
  waiting: { heard: "recording", press: "idle", moved: "idle", dropped: "idle", hidden: "idle", lost: "lost" },
  recording: { press: "stopping", ended: "stopping", lost: "stopping", hidden: "stopping", noise: "waiting", dropped: "idle" },
  stopping: { ended: "checking" },
  checking: { good: "kept", advised: "doubtful", silent: "refused", unstored: "failed" },
  kept: AT_REST,
  doubtful: AT_REST,
  refused: AT_REST,
  failed: AT_REST,
  denied: AT_REST,
  missing: AT_REST,
  lost: AT_REST,
};

/** Return the state that follows; the same one where the table names none. */
export function next(state: RecorderState, event: RecorderEvent): RecorderState {
  return TABLE[state][event] ?? state;
}

const BUSY: ReadonlySet<RecorderState> = new Set(["asking", "warming", "recording", "stopping", "checking"]);

/** Tell whether a take is under way in that state: the microphone and the sentence must stay. */
export function isBusy(state: RecorderState): boolean {
  return BUSY.has(state);
}
