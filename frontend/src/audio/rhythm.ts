/**
 * Hears when somebody begins to read and when they are done, for recording hands-free: voice, then a second of quiet.
 * What is quiet is learnt from the room: the lowest level so far, which slowly rises so that it can follow the room.
 */
const BEGUN = 0.12; // seconds of voice that are no click any more
const VOICE = 0.2; // seconds of voice that are something read
const GAP = 0.3; // seconds of quiet that make one click forgotten before the next
const PAUSE = 1.1; // seconds of quiet that end a take
const ABOVE_ROOM = 4; // times the room's level
const VOICE_AT_LEAST = 0.02; // peak, full scale 1
const RISE = 1.02; // a second

export class Rhythm {
  private room = 1;
  private voiced = 0;
  private quiet = 0;

  /** Wait for somebody to read: what is known of the room stays. */
  begin(): void {
    this.voiced = 0;
    this.quiet = 0;
  }

  /** Take in the peak of so many seconds of sound. */
  hear(peak: number, seconds: number): void {
    this.room = Math.min(Math.max(peak, 0.0005), this.room * RISE ** seconds);
    if (peak > Math.max(VOICE_AT_LEAST, ABOVE_ROOM * this.room)) {
      this.voiced += seconds;
      this.quiet = 0;
    } else {
      this.quiet += seconds;
      if (!this.hasBegun && this.quiet >= GAP) this.voiced = 0;
    }
  }

  /** Tell whether somebody has begun to speak. */
  get hasBegun(): boolean {
    return this.voiced >= BEGUN;
  }

  /** Tell whether the sentence is over. */
  get isOver(): boolean {
    return this.voiced >= VOICE && this.quiet >= PAUSE;
  }

  /** Tell whether what seemed to be a voice was none. */
  get wasNoise(): boolean {
    return this.voiced < VOICE && this.quiet >= PAUSE;
  }
}
