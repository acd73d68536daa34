import { Microphone } from "../audio/capture";
import { measure } from "../audio/checks";
import { encodeWav } from "../audio/wav";
import { Island } from "../island";
import type { Meter } from "./vc-meter";

const SECONDS = 4;
const NOISY = -42; // dBFS of the room
const QUIET = -42; // dBFS of the voice
const CLIPPED = 0.001;

/**
 * Trying the microphone: hears four seconds, says what they are like, and plays them back. `data-state` is idle,
 * hearing or told. The words of each verdict stand in `data-words`.
 */
class MicCheck extends Island {
  private readonly microphone = new Microphone();
  private readonly player = new Audio();

  protected start(): void {
    this.microphone.onLevel = (peak) => this.piece<Meter>("check-meter").level(peak);
    this.onPress("check", () => void this.check());
  }

  private async check(): Promise<void> {
    if (this.state === "hearing") return;
    this.player.pause();
    this.state = "hearing";
    this.say("hearing");
    try {
      this.say(await this.hear());
    } catch {
      this.say("unheard");
    }
    this.microphone.close();
    this.piece<Meter>("check-meter").level(0);
    this.state = "told";
  }

  private async hear(): Promise<string> {
    await this.microphone.ask(this.dataset["device"] ?? "");
    await this.microphone.warm();
    this.dispatchEvent(new Event("heard")); // now browsers tell what microphones there are
    this.microphone.begin(false);
    await new Promise((resolve) => setTimeout(resolve, SECONDS * 1000));
    const { samples, rate, compressed } = await this.microphone.end();
    this.play(compressed ?? new Blob([encodeWav(samples, rate)], { type: "audio/wav" }));
    const heard = measure(samples, rate);
    if (compressed) return "played";
    if (heard.voicedSeconds < 0.2) return "nothing";
    if (heard.roomDbfs > NOISY) return "noisy";
    if (heard.clippedShare > CLIPPED) return "loud";
    return heard.voicedDbfs < QUIET ? "faint" : "fine";
  }

  private play(sound: Blob): void {
    URL.revokeObjectURL(this.player.src);
    this.player.src = URL.createObjectURL(sound);
    void this.player.play().catch(() => undefined);
  }

  private say(what: string): void {
    this.piece("verdict").textContent = this.querySelector(`[data-verdict="${what}"]`)?.textContent ?? "";
  }
}

customElements.define("vc-miccheck", MicCheck);
