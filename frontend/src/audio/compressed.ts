/** Has the browser compress a take: to save data, or where there is no audio worklet. */

// WebKit claims WebM but cannot play its own, so it is asked for MP4; the others make Opus.
const KINDS = ["audio/webm;codecs=opus", "audio/ogg;codecs=opus", "audio/mp4"];
const KINDS_OF_WEBKIT = ["audio/mp4", ...KINDS];
const BITS_PER_SECOND = 64_000;

export class Compressed {
  private readonly recorder: MediaRecorder;
  private readonly made: Promise<Blob>;

  constructor(stream: MediaStream) {
    const kinds = "GestureEvent" in window ? KINDS_OF_WEBKIT : KINDS;
    const mimeType = kinds.find((kind) => MediaRecorder.isTypeSupported(kind));
    this.recorder = new MediaRecorder(stream, {
      audioBitsPerSecond: BITS_PER_SECOND,
      ...(mimeType ? { mimeType } : {}),
    });
    this.made = new Promise((resolve) => {
      this.recorder.ondataavailable = ({ data }) => resolve(data);
    });
    this.recorder.start();
  }

  /** Stop and return the take, its kind in `type`. */
  done(): Promise<Blob> {
    if (this.recorder.state !== "inactive") this.recorder.stop();
    return this.made;
  }
}
