/** Plays takes of this device, one at a time. */
import { get } from "../outbox/store";

export class Player {
  private readonly audio = new Audio();

  constructor(onChange: (isPlaying: boolean) => void) {
    for (const event of ["play", "pause", "ended"]) {
      this.audio.addEventListener(event, () => onChange(!this.audio.paused && !this.audio.ended));
    }
  }

  get isPlaying(): boolean {
    return !this.audio.paused;
  }

  /** Play the take of that id; one that is gone is passed over. */
  async play(id: string): Promise<void> {
    const take = await get(id);
    if (!take) return;
    URL.revokeObjectURL(this.audio.src);
    this.audio.src = URL.createObjectURL(new Blob([take.bytes], { type: take.type }));
    await this.audio.play().catch(() => undefined); // another press came first
  }

  stop(): void {
    this.audio.pause();
  }
}
