/**
 * The states of the recorder and what leads from one to the next, as one table: pure, so that every path is tested
 * without a browser. What a pair does not name changes nothing (a second press while the microphone opens, say).
 */
export type RecorderState =
  | "off" // the microphone is closed
  | "asking" // the browser asks the person for it
  | "warming" // it is open, but no sound flows yet
  | "ready" // sound flows, nothing is kept
  | "recording"
  | "stopping" // the tail after the press is still coming in
  | "checking" // measured, encoded and stored
  | "kept" // good
  | "doubtful" // kept, with advice to do it again
  | "refused" // silence: not kept
  | "denied" // the person or the browser said no
  | "missing" // there is no microphone
  | "lost" // it went away, or was taken by another program
  | "failed"; // the take could not be stored on the device

export type RecorderEvent =
  | "press"
  | "granted"
  | "flowing"
  | "ended"
  | "good"
  | "advised"
  | "silent"
  | "unstored"
  | "dropped"
  | "denied"
  | "missing"
  | "lost"
  | "closed"
  | "moved"; // to another sentence

type Row = Partial<Record<RecorderEvent, RecorderState>>;

const READY: Row = { press: "recording", lost: "off", closed: "off" };
const JUDGED: Row = { ...READY, moved: "ready" };
const RETRY: Row = { press: "asking", moved: "off", closed: "off" };

export const TABLE: Record<RecorderState, Row> = {
  off: { press: "asking" },
  asking: { granted: "warming", denied: "denied", missing: "missing", lost: "lost", closed: "off" },
  warming: { flowing: "recording", lost: "lost", closed: "off" },
  ready: READY,
  recording: { press: "stopping", ended: "stopping", lost: "stopping", closed: "stopping", dropped: "ready" },
  stopping: { ended: "checking", lost: "checking" },
  checking: { good: "kept", advised: "doubtful", silent: "refused", unstored: "failed" },
  kept: JUDGED,
  doubtful: JUDGED,
  refused: JUDGED,
  failed: JUDGED,
  denied: RETRY,
  missing: RETRY,
  lost: RETRY,
};

/** Return the state that follows; the same one where the table names none. */
export function next(state: RecorderState, event: RecorderEvent): RecorderState {
  return TABLE[state][event] ?? state;
}

/** Tell whether the microphone may be taken away in that state without cutting a take. */
export function isIdle(state: RecorderState): boolean {
  return !["asking", "warming", "recording", "stopping", "checking"].includes(state);
}
