import { post, read } from "../api";
import { Island, handedOver, written } from "../island";
import { onKeys } from "../keys";
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
const HEARD = 0.8; // share of the clip's length after which one may judge, as the server counts it
const WHOLE = 0.97; // players seldom play the last frame

/**
 * Judging clips, on top of a plain form that works without this. `data-state` is loading, ready, playing, heard,
 * empty or failed; judging opens once most of the clip was heard.
 */
export class Listen extends Island {
  private readonly page = handedOver<Page>("listen-data");
  private clips = this.page.clips;
  private last: Clip | null = null;
  private judged = 0;
  private heard = false;

  protected start(): void {
    const audio = this.audio();
    audio.controls = false;
    audio.addEventListener("timeupdate", () => this.listenOn());
    audio.addEventListener("ended", () => this.listenOn());
    audio.addEventListener("error", () => (this.state = "failed"));
    this.onPress("play", () => this.play());
    this.onPress("retry", () => this.show());
    this.onPress("report", () => this.piece<Report>("reasons").ask((reasons) => this.report(reasons)));
    this.onPress("undo", () => this.undo());
    this.piece<HTMLFormElement>("form").addEventListener("submit", (event) => this.submit(event));
    this.wireSpeed();
    bindCheckbox(this.piece("keys"), "keys", false);
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
    const reasons = this.pieces<HTMLButtonElement>("reason");
    const press = (name: string) => () => this.piece<HTMLButtonElement>(name).click();
    const digits = reasons.map((button, i) => [`Digit${i + 1}`, () => button.checkVisibility() && button.click()] as const);
    const actions = {
      KeyP: () => this.play(),
      KeyK: () => this.play(),
      KeyY: press("yes"),
      KeyN: () => this.piece<HTMLElement>("no-summary").click(),
      KeyS: press("skip"),
      KeyZ: () => this.undo(),
      Escape: () => (this.piece<HTMLDetailsElement>("no").open = false),
      ...Object.fromEntries(digits),
    };
    onKeys(actions, () => this.piece<HTMLInputElement>("keys").checked);
  }

  private play(): void {
    const audio = this.audio();
    if (audio.paused) void audio.play().catch(() => undefined);
    else audio.pause();
    this.classList.toggle("is-playing", !audio.paused);
  }

  /** Judging opens when most of the clip was played, wherever the player jumped in between. */
  private listenOn(): void {
    const audio = this.audio();
    let played = 0;
    for (let i = 0; i < audio.played.length; i++) played += audio.played.end(i) - audio.played.start(i);
    this.style.setProperty("--progress", String(audio.duration ? audio.currentTime / audio.duration : 0));
    this.classList.toggle("is-playing", !audio.paused && !audio.ended);
    const wanted = Math.min(HEARD * Math.max(1, audio.playbackRate), WHOLE);
    if (audio.duration && played >= wanted * audio.duration) this.open();
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
    const [clip] = this.clips;
    this.piece<HTMLDetailsElement>("no").open = false;
    this.piece("judged").textContent = written(this.judged);
    this.classList.toggle("has-last", this.last !== null);
    if (!clip) {
      this.state = "empty";
      return;
    }
    this.piece("sentence").textContent = clip.sentence.text;
    this.piece<HTMLInputElement>("clip").value = clip.id;
    this.heard = false;
    this.lock(true);
    this.state = "ready";
    this.style.setProperty("--progress", "0");
    const audio = this.audio();
    audio.src = clip.audioSrc;
    audio.playbackRate = Number(this.piece<HTMLSelectElement>("speed").value);
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
    this.judged++;
    this.last = clip;
    this.clips = this.clips.slice(1);
    if (this.clips.length < AHEAD) await this.fetchMore();
    this.show();
    this.piece("play").focus();
  }

  private async fetchMore(): Promise<void> {
    const fresh = await read<Clip[]>(`/${this.page.locale}/clips?count=10`).catch(() => []);
    const known = new Set([...this.clips, this.last].map((clip) => clip?.id));
    this.clips = [...this.clips, ...fresh.filter((clip) => !known.has(clip.id))];
  }

  /** Go back to the clip before: judging it again replaces the answer. */
  private undo(): void {
    if (!this.last) return;
    this.clips = [this.last, ...this.clips];
    this.last = null;
    this.judged--;
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
