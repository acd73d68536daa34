/**
 * Runs on the audio thread: mixes whatever channels the microphone gives down to one and posts blocks of 2,048 samples
 * with their peak, so that meter and recording come from one source. `lost` counts samples that never arrived: gaps
 * in the frame clock and calls without any input.
 */
export interface Block {
  samples: Float32Array<ArrayBuffer>;
  peak: number;
  lost: number;
}

declare class AudioWorkletProcessor {
  readonly port: MessagePort;
}
declare const currentFrame: number;
declare function registerProcessor(name: string, processor: new () => AudioWorkletProcessor): void;

const SIZE = 2048;

class Tap extends AudioWorkletProcessor {
  private samples = new Float32Array(SIZE);
  private filled = 0;
  private lost = 0;
  private next = -1;
  private open = true;

  constructor() {
    super();
    // Whoever closes the microphone first asks for what is still in the block, so that no end is cut off.
    this.port.onmessage = ({ data }: MessageEvent<"drain" | "close">) => {
      this.post();
      if (data === "close") this.open = false;
    };
  }

  process([channels]: Float32Array[][]): boolean {
    const length = channels?.[0]?.length ?? 128;
    if (this.next >= 0 && currentFrame > this.next) this.lost += currentFrame - this.next;
    this.next = currentFrame + length;
    if (!channels?.length) this.lost += length;
    else this.take(channels, length);
    return this.open;
  }

  private take(channels: Float32Array[], length: number): void {
    for (let i = 0; i < length; i++) {
      let sum = 0;
      for (const channel of channels) sum += channel[i] ?? 0;
      this.samples[this.filled++] = sum / channels.length;
      if (this.filled === SIZE) this.post();
    }
  }

  private post(): void {
    const samples = this.samples.slice(0, this.filled);
    let peak = 0;
    for (const sample of samples) peak = Math.max(peak, Math.abs(sample));
    const block: Block = { samples, peak, lost: this.lost };
    this.port.postMessage(block, [samples.buffer]);
    this.filled = 0;
    this.lost = 0;
  }
}

registerProcessor("tap", Tap);
