import { post, read } from "../api";
import { Island, handedOver, written } from "../island";
import { drawn, shareHeard } from "../audio/hearing";
import { Keys, type Places } from "../keys";
import { type Audible, audible, forget } from "../listen/sound";
import { bindCheckbox, set, setting } from "../settings";
import type { Report } from "./vc-report";

interface Clip {
  id: string;
  sentence: { id: string; text: string };
  audioSrc: string;
}

interface Page {
  locale: string;
  clips: Clip[];
}

const AHEAD = 3; // clips in hand below which more are fetched
const HEARD = 0.8; // share of a clip's voice, and of its length as the server counts it, after which one may judge
const WHOLE = 0.97; // players seldom play the last frame
const KEYS: Places = {
  play: "KeyP", yes: "KeyY", no: "KeyN", skip: "KeyS", undo: "KeyZ", close: "Escape",
  "reason-1": "Digit1", "reason-2": "Digit2", "reason-3": "Digit3", "reason-4": "Digit4",
  "reason-5": "Digit5", "reason-6": "Digit6", "reason-7": "Digit7", "reason-8": "Digit8",
};

/**
 * Judging clips, on top of a plain form that works without this. `data-state` is loading, ready, playing, heard,
 * empty or failed; judging opens once most of its voice was heard.
 */
export class Listen extends Island {
  private readonly page = handedOver<Page>("listen-data");
  private clips = this.page.clips;
  /** What was judged, the newest last: all of it can be judged again. */
  private past: Clip[] = [];
  private readonly sounds = new Map<string, Promise<Audible>>();
  /** What the player has; null while it is on its way. */
  private playing: Audible | null = null;
  /** Whether it is to be played once it is there. */
  private isWished = false;
  private heard = false;

  protected start(): void {
    const audio = this.audio();
    audio.controls = false;
    audio.addEventListener("timeupdate", () => this.listenOn());
    audio.addEventListener("ended", () => this.listenOn());
    audio.addEventListener("error", () => audio.hasAttribute("src") && (this.state = "failed"));
    this.onPress("play", () => this.play());
    this.onPress("retry", () => this.show());
    this.onPress("report", () => this.piece<Report>("reasons").ask((reasons) => this.report(reasons)));
    this.onPress("undo", () => this.undo());
    this.piece<HTMLFormElement>("form").addEventListener("submit", (event) => this.submit(event));
    this.wireSpeed();
    this.wireKeys();
    this.classList.add("is-awake");
    this.show();
  }

  private audio(): HTMLAudioElement {
    return this.piece<HTMLAudioElement>("audio");
  }

  private wireSpeed(): void {
    const speed = this.piece<HTMLSelectElement>("speed");
    speed.value = setting("speed", "1");
    speed.value ||= "1"; // what was chosen once may no longer be offered
    speed.addEventListener("change", () => {
      set("speed", speed.value);
      this.audio().playbackRate = Number(speed.value);
    });
  }

  private wireKeys(): void {
    const box = this.piece<HTMLInputElement>("keys");
    const settings = this.piece<HTMLDetailsElement>("settings");
    const press = (name: string) => () => this.piece<HTMLButtonElement>(name).click();
    const reasons = this.pieces<HTMLButtonElement>("reason");
    const digits = reasons.map((button, i) => [`reason-${i + 1}`, () => button.checkVisibility() && button.click()] as const);
    bindCheckbox(box, "keys", false, (isOn) => this.classList.toggle("has-keys", isOn));
    const actions = {
      play: () => this.play(),
      yes: press("yes"),
      no: press("no-summary"),
      skip: press("skip"),
      undo: () => this.undo(),
      close: () => (this.piece<HTMLDetailsElement>("no").open = false),
      list: () => (settings.open = true) && box.focus(),
      ...Object.fromEntries(digits),
    };
    new Keys(this, "listen", KEYS, actions, () => box.checked);
  }

  private play(): void {
    const audio = this.audio();
    if (!this.playing) this.isWished = !this.isWished;
    else if (audio.paused) void audio.play().catch(() => undefined);
    else audio.pause();
    this.classList.toggle("is-playing", this.playing ? !audio.paused : this.isWished);
  }

  /** Judging opens when most of the voice was played, wherever the player jumped in between. */
  private listenOn(): void {
    const audio = this.audio();
    this.style.setProperty("--progress", String(audio.duration ? audio.currentTime / audio.duration : 0));
    this.classList.toggle("is-playing", !audio.paused && !audio.ended);
    if (audio.duration && this.isHeard(audio)) this.open();
  }

  private isHeard(audio: HTMLAudioElement): boolean {
    const played = Array.from({ length: audio.played.length }, (_, i): [number, number] => [
      audio.played.start(i),
      audio.played.end(i),
    ]);
    const seconds = played.reduce((sum, [start, end]) => sum + end - start, 0);
    const wanted = Math.min(HEARD * Math.max(1, audio.playbackRate), WHOLE);
    const voice = this.playing?.hearing ? shareHeard(this.playing.hearing, played) : 1;
    return seconds >= wanted * audio.duration && voice >= HEARD;
  }

  private open(): void {
    if (this.heard) return;
    this.heard = true;
    this.state = "heard";
    this.lock(false);
  }

  private lock(locked: boolean): void {
    for (const name of ["yes", "unsure"]) this.piece<HTMLButtonElement>(name).disabled = locked;
    this.piece("no").toggleAttribute("inert", locked);
  }

  private show(): void {
    const [clip, next] = this.clips;
    this.piece<HTMLDetailsElement>("no").open = false;
    this.piece("judged").textContent = written(this.past.length);
    this.classList.toggle("has-last", this.past.length > 0);
    if (!clip) {
      this.state = "empty";
      this.piece("finished-title").focus();
      return;
    }
    this.piece("sentence").textContent = clip.sentence.text;
    this.piece<HTMLInputElement>("clip").value = clip.id;
    this.heard = false;
    this.lock(true);
    this.state = "ready";
    this.style.setProperty("--progress", "0");
    void this.load(clip);
    if (next) void this.sound(next);
  }

  /** Put the clip into the player, unless the person has gone on meanwhile. */
  private async load(clip: Clip): Promise<void> {
    const audio = this.audio();
    audio.pause();
    audio.removeAttribute("src");
    this.playing = null;
    this.isWished = false;
    this.classList.remove("is-playing");
    const sound = await this.sound(clip);
    if (this.clips[0] !== clip) return;
    this.playing = sound;
    for (const wave of this.querySelectorAll("[data-piece=wave]")) {
      wave.setAttribute("d", sound.hearing ? drawn(sound.hearing.bars) : "");
    }
    audio.src = sound.url;
    audio.playbackRate = Number(this.piece<HTMLSelectElement>("speed").value);
    if (this.isWished) this.play();
  }

  /** Fetch a clip once; the next one is fetched while this one is judged. */
  private sound(clip: Clip): Promise<Audible> {
    const known = this.sounds.get(clip.id) ?? audible(clip.audioSrc);
    this.sounds.set(clip.id, known);
    return known;
  }

  private submit(event: SubmitEvent): void {
    event.preventDefault();
    const [clip] = this.clips;
    const { name, value } = event.submitter as HTMLButtonElement;
    if (!clip) return;
    if (name === "skip") void this.done(clip, () => post(`/skipped_clips/${clip.id}`));
    else void this.done(clip, () => this.vote(clip, name, value));
  }

  private vote(clip: Clip, name: string, value: string): Promise<Response> {
    const isValid = { yes: true, no: false }[name] ?? null;
    const reasons = name === "no" && value ? [value] : [];
    return post(`/${this.page.locale}/clips/${clip.id}/votes`, { isValid, reasons });
  }

  /** Say it to the server, and only then go on: an answer that did not arrive is not an answer. */
  private async done(clip: Clip, say: () => Promise<Response>): Promise<void> {
    this.audio().pause();
    this.lock(true);
    this.state = "sending";
    try {
      await say();
    } catch {
      this.state = "unsent";
      return this.lock(false);
    }
    this.past.push(clip);
    this.clips = this.clips.slice(1);
    void this.sounds.get(clip.id)?.then(forget);
    this.sounds.delete(clip.id);
    if (this.clips.length < AHEAD) await this.fetchMore();
    this.show();
    this.piece("play").focus();
  }

  private async fetchMore(): Promise<void> {
    const fresh = await read<Clip[]>(`/${this.page.locale}/clips?count=10`).catch(() => []);
    const known = new Set([...this.clips, ...this.past].map((clip) => clip.id));
    this.clips = [...this.clips, ...fresh.filter((clip) => !known.has(clip.id))];
  }

  /** Go back to the clip before, as often as one likes: judging it again replaces the answer. */
  private undo(): void {
    const last = this.past.pop();
    if (!last) return;
    this.clips = [last, ...this.clips];
    this.show();
    this.open();
  }

  private report(reasons: string[]): void {
    const [clip] = this.clips;
    if (!clip) return;
    void this.done(clip, async () => {
      await post("/reports", { id: clip.id, kind: "clip", reasons });
      return post(`/skipped_clips/${clip.id}`);
    });
  }
}

customElements.define("vc-listen", Listen);
