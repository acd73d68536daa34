/** Runs the microphone through the recorder's states: what to do on entering each stands in `enter`. */
import { stayAwake } from "../audio/awake";
import { type Sound, Microphone } from "../audio/capture";
import { Rhythm } from "../audio/rhythm";
import { cue } from "../audio/tone";
import { type RecorderEvent, type RecorderState, isBusy, next } from "../audio/recorder-state";

const UNUSED = 60_000; // ms after which the microphone is given back

export interface Wanted {
  /** Which microphone, by the browser's id; empty for the usual one. */
  microphone: string;
  /** Have the browser compress the take, to save data. */
  small: boolean;
  /** Begin a take with the voice, and end it after a pause. */
  handsFree: boolean;
  /** Wait for a screen reader and give a tone before recording. */
  cued: boolean;
}

export interface Wishes {
  longestSeconds: number;
  choices: Wanted;
  /** Store and judge a take; "unstored" when the device could not keep it. */
  keep: (sound: Sound, applied: Record<string, unknown>) => Promise<"good" | "advised" | "silent" | "unstored">;
  onState: (state: RecorderState) => void;
  onLevel: (peak: number) => void;
  onTime: (seconds: number) => void;
}

export class Recorder {
  state: RecorderState = "idle";
  private readonly microphone = new Microphone();
  private unused: ReturnType<typeof setTimeout> | undefined;
  private clock: ReturnType<typeof setInterval> | undefined;
  private readonly rhythm = new Rhythm();

  constructor(private readonly wishes: Wishes) {
    this.microphone.onLevel = (peak, seconds) => this.hear(peak, seconds);
    this.microphone.onLost = () => this.happen("lost");
    document.addEventListener("visibilitychange", () => document.hidden && this.hide());
    addEventListener("pagehide", () => this.hide());
  }

  get isBusy(): boolean {
    return isBusy(this.state);
  }

  press(): void {
    this.happen("press");
  }

  /** Go to another sentence. */
  move(): void {
    this.happen("moved");
  }

  /** Throw the running take away. */
  drop(): void {
    this.happen("dropped");
  }

  /** Give the microphone back, unless a take is under way. */
  release(): void {
    if (this.state === "waiting") this.happen("hidden");
    if (!this.isBusy) this.microphone.close();
    this.wishes.onLevel(0);
  }

  /** End a running take, which is kept, and give the microphone back: nobody is recorded unseen. */
  private hide(): void {
    this.happen("hidden");
    this.release();
  }

  private happen(event: RecorderEvent): void {
    const before = this.state;
    this.state = next(before, event);
    clearTimeout(this.unused);
    if (!this.isBusy) this.unused = setTimeout(() => this.release(), UNUSED);
    if (this.state === before) return;
    if (before === "recording") clearInterval(this.clock);
    stayAwake(this.state === "recording" || this.state === "waiting");
    this.wishes.onState(this.state);
    void this.enter(this.state, before);
  }

  private async enter(state: RecorderState, before: RecorderState): Promise<void> {
    if (state === "asking") return this.ask();
    if (state === "warming") return this.warm();
    if (state === "waiting") return this.wait();
    if (state === "recording") return this.record(before === "waiting");
    if (state === "stopping") return this.stop();
    if (state === "idle") return this.microphone.drop();
    if (["denied", "missing", "lost"].includes(state)) this.release();
  }

  private async ask(): Promise<void> {
    try {
      await this.microphone.ask(this.wishes.choices.microphone);
      this.happen("granted");
      if (this.state === "idle") this.release();
    } catch (error) {
      const name = error instanceof DOMException ? error.name : "";
      this.happen(name === "NotAllowedError" ? "denied" : name === "NotFoundError" ? "missing" : "lost");
    }
  }

  private async warm(): Promise<void> {
    try {
      await this.microphone.warm();
      if (this.wishes.choices.cued) await cue();
      this.happen(this.startsByVoice ? "listening" : "flowing");
    } catch {
      this.happen("lost");
    }
  }

  /** A take that the browser compresses begins with the press: what was before it is nowhere. */
  private get startsByVoice(): boolean {
    return this.wishes.choices.handsFree && !this.wishes.choices.small && this.microphone.hears;
  }

  private wait(): void {
    this.microphone.drop();
    this.rhythm.begin();
  }

  private record(byVoice: boolean): void {
    this.microphone.begin(this.wishes.choices.small, { byVoice });
    if (!byVoice) this.rhythm.begin();
    const start = performance.now();
    this.clock = setInterval(() => {
      const seconds = (performance.now() - start) / 1000;
      this.wishes.onTime(seconds);
      if (seconds >= this.wishes.longestSeconds) this.happen("ended");
    }, 200);
  }

  private hear(peak: number, seconds: number): void {
    this.wishes.onLevel(peak);
    this.rhythm.hear(peak, seconds);
    if (!this.wishes.choices.handsFree) return;
    if (this.state === "waiting" && this.rhythm.hasBegun) this.happen("heard");
    else if (this.state === "recording" && this.rhythm.isOver) this.happen("ended");
    else if (this.state === "recording" && this.startsByVoice && this.rhythm.wasNoise) this.happen("noise");
  }

  private async stop(): Promise<void> {
    const applied = this.microphone.settings();
    const sound = await this.microphone.end();
    this.happen("ended");
    this.happen(await this.wishes.keep(sound, applied));
  }
}
