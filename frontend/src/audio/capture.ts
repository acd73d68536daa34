/**
 * The microphone, raw: echo cancellation, noise suppression and gain control are asked off, since they change a voice
 * beyond repair; what the browser really did is kept with the take. Sound runs through a ring, so that a take begins
 * 300 ms before the press or the voice and ends 400 ms after it.
 */
import type { Block } from "./worklet";
import workletUrl from "./worklet.ts?worker&url";
import { Compressed } from "./compressed";

const BEFORE = 0.3; // seconds
const AFTER = 0.4;
const NOTICED = 0.2; // seconds until a voice is told from a click
const PATIENCE = 3000; // ms to wait for sound that is not digital silence; Firefox needs up to 2 s

export interface Sound {
  /** Empty where the browser has no audio worklet: then only `compressed` holds the take. */
  samples: Int16Array<ArrayBuffer>;
  rate: number;
  lostMs: number;
  compressed: Blob | null;
}

export class Microphone {
  /** Called for every block of sound, about 23 times a second, with its peak (0 to 1) and length in seconds. */
  onLevel: (peak: number, seconds: number) => void = () => undefined;
  /** Called when the microphone goes away by itself. */
  onLost: () => void = () => undefined;

  private stream: MediaStream | null = null;
  private context: AudioContext | null = null;
  private compressed: Compressed | null = null;
  private blocks: Float32Array[] = [];
  private held = 0;
  private lost = 0;
  private wanted = Infinity;
  private recording = false;
  private arrived: (() => void) | null = null;
  private flowing: (() => void) | null = null;

  /** Ask for the microphone, unless it is open; rejects with the browser's own error. Sound may not flow yet. */
  async ask(device: string): Promise<void> {
    if (this.isOpen) return;
    this.close();
    this.stream = await navigator.mediaDevices.getUserMedia({
      audio: {
        echoCancellation: false,
        noiseSuppression: false,
        autoGainControl: false,
        channelCount: 1,
        ...(device ? { deviceId: { ideal: device } } : {}),
      },
    });
    this.track().addEventListener("ended", () => this.onLost());
  }

  /** Resolve once sound flows, or when waiting longer would not help. */
  async warm(): Promise<void> {
    if (this.context || !("AudioWorkletNode" in window)) return;
    const context = this.open();
    await context.audioWorklet.addModule(workletUrl);
    const tap = new AudioWorkletNode(context, "tap", { numberOfInputs: 1, numberOfOutputs: 1 });
    const flowing = new Promise<void>((resolve) => {
      this.flowing = resolve;
      setTimeout(resolve, PATIENCE);
    });
    tap.port.onmessage = ({ data }: MessageEvent<Block>) => this.hear(data);
    context.createMediaStreamSource(this.required()).connect(tap);
    tap.connect(context.destination); // silent: without an outlet some engines never run the node
    void context.resume();
    await flowing;
    context.onstatechange = () => context.state !== "running" && context.state !== "closed" && this.onLost();
  }

  /** Tell whether levels and the time before a press are known: not in browsers without audio worklets. */
  get hears(): boolean {
    return this.context !== null;
  }

  /** Begin a take, with `byVoice` before the voice that was just heard; `small` also has the browser compress it. */
  begin(small: boolean, { byVoice = false } = {}): void {
    if (!byVoice) this.trim(BEFORE);
    this.recording = true;
    this.wanted = Infinity;
    this.lost = 0;
    this.compressed = small || !this.context ? new Compressed(this.required()) : null;
  }

  /** End the take after its tail and return it. */
  async end(): Promise<Sound> {
    if (this.context) {
      await new Promise<void>((resolve) => {
        this.wanted = this.held + AFTER * this.rate();
        this.arrived = resolve;
        setTimeout(resolve, 3 * AFTER * 1000); // the microphone may be gone: keep what there is
      });
    }
    const compressed = (await this.compressed?.done()) ?? null;
    const sound = { samples: this.joined(), rate: this.rate(), lostMs: this.lostMs(), compressed };
    this.drop();
    return sound;
  }

  /** Forget the running take. */
  drop(): void {
    this.recording = false;
    this.compressed = null;
    this.trim(BEFORE + NOTICED);
  }

  close(): void {
    this.stream?.getTracks().forEach((track) => track.stop());
    if (this.context) this.context.onstatechange = null;
    void this.context?.close();
    [this.stream, this.context, this.blocks, this.held] = [null, null, [], 0];
    this.recording = false;
  }

  private get isOpen(): boolean {
    const isLive = this.stream?.getAudioTracks()[0]?.readyState === "live";
    return isLive && (!this.context || this.context.state === "running");
  }

  /** What the browser really does to the sound, without the ids that tell devices apart. */
  settings(): Record<string, unknown> {
    const { deviceId: _device, groupId: _group, ...applied } = this.track().getSettings();
    return applied;
  }

  private open(): AudioContext {
    const options: AudioContextOptions = { latencyHint: "playback" };
    const rate = this.track().getSettings().sampleRate;
    try {
      this.context = new AudioContext(rate ? { ...options, sampleRate: rate } : options);
    } catch {
      this.context = new AudioContext(options);
    }
    return this.context;
  }

  private hear({ samples, peak, lost }: Block): void {
    this.blocks.push(samples);
    this.held += samples.length;
    if (this.recording) this.lost += lost;
    else this.trim(BEFORE + NOTICED);
    this.onLevel(peak, samples.length / this.rate());
    if (peak > 0) this.flowing?.();
    if (this.held >= this.wanted) this.arrived?.();
  }

  /** Keep no more than the last seconds. */
  private trim(seconds: number): void {
    const ring = seconds * this.rate();
    while (this.blocks[0] && this.held - this.blocks[0].length >= ring) {
      this.held -= this.blocks.shift()?.length ?? 0;
    }
  }

  private joined(): Int16Array<ArrayBuffer> {
    const samples = new Int16Array(this.held);
    let at = 0;
    for (const block of this.blocks) {
      for (const value of block) samples[at++] = Math.max(-32768, Math.min(32767, Math.round(value * 32768)));
    }
    return samples;
  }

  private rate(): number {
    return this.context?.sampleRate ?? 48000;
  }

  private lostMs(): number {
    return Math.round((1000 * this.lost) / this.rate());
  }

  private required(): MediaStream {
    if (!this.stream) throw new Error("the microphone is closed");
    return this.stream;
  }

  private track(): MediaStreamTrack {
    const [track] = this.required().getAudioTracks();
    if (!track) throw new Error("the stream has no sound");
    return track;
  }
}
