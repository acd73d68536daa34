/** Sentences read aloud by somebody, for people who don't read: kept ahead on the device, and played one at a time. */
import { READINGS } from "../api";
import { savesData } from "../settings";
import type { Prompt } from "./set";

const HUSH = 300; // ms until loudspeaker and room are silent

/** Keep the sound of these sentences and of no others, so that it is there without a network; nothing on one that saves data. */
export async function keepAhead(prompts: Prompt[]): Promise<void> {
  const kept = await caches.open(READINGS);
  const wanted = new Set(prompts.flatMap(({ audio }) => (audio ? new URL(audio, location.href).href : [])));
  for (const { url } of await kept.keys()) {
    if (!wanted.delete(url)) await kept.delete(url);
  }
  if (!savesData()) for (const url of wanted) await kept.add(url);
}

export class Reader {
  /** Whether it reads, or the room isn't silent yet. */
  isOn = false;
  private isStopped = false;
  private readonly audio = new Audio();

  constructor(private readonly onChange: (isOn: boolean) => void) {}

  /** Play a sentence; resolves once the room is silent again. What can't be played is passed over. */
  async read(address: string): Promise<void> {
    this.turn(true);
    this.isStopped = false;
    const kept = await caches.match(address, { ignoreVary: true }).catch(() => undefined);
    const sound = kept ? URL.createObjectURL(await kept.blob()) : address;
    if (!this.isStopped) await this.play(sound);
    URL.revokeObjectURL(sound);
    await new Promise((resolve) => setTimeout(resolve, HUSH));
    this.turn(false);
  }

  stop(): void {
    this.isStopped = true;
    this.audio.pause();
  }

  private play(sound: string): Promise<void> {
    return new Promise((resolve) => {
      this.audio.onpause = this.audio.onended = () => resolve();
      this.audio.src = sound;
      this.audio.play().catch(() => resolve());
    });
  }

  private turn(isOn: boolean): void {
    this.isOn = isOn;
    this.onChange(isOn);
  }
}
