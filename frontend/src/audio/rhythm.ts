/**
 * Hears when somebody has read their sentence, for recording hands-free: voice, then a second of quiet. What is quiet
 * is learnt from the room: the lowest level so far, which slowly rises so that it can follow the room.
 */
const PAUSE = 1.1; // seconds of quiet that end a take
const VOICE = 0.35; // seconds of voice before that
const ABOVE_ROOM = 4; // times the room's level
const VOICE_AT_LEAST = 0.02; // peak, full scale 1
const RISE = 1.02; // a second

export class Rhythm {
  private room = 1;
  private voiced = 0;
  private quiet = 0;

  /** A take begins: what is known of the room stays. */
  begin(): void {
    this.voiced = 0;
    this.quiet = 0;
  }

  /** Take in the peak of so many seconds of sound, and tell whether the sentence is over. */
  isOver(peak: number, seconds: number): boolean {
    this.room = Math.min(Math.max(peak, 0.0005), this.room * RISE ** seconds);
    if (peak > Math.max(VOICE_AT_LEAST, ABOVE_ROOM * this.room)) {
      this.voiced += seconds;
      this.quiet = 0;
    } else {
      this.quiet += seconds;
    }
    return this.voiced >= VOICE && this.quiet >= PAUSE;
  }
}
