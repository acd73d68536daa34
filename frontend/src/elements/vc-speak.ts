import type { Limits } from "../audio/checks";
import type { Sound } from "../audio/capture";
import type { RecorderState } from "../audio/recorder-state";
import { post } from "../api";
import { Island, handedOver, written } from "../island";
import { Keys, type Places } from "../keys";
import { deliver } from "../outbox/courier";
import { type Kind, change, isNearlyFull } from "../outbox/store";
import { set, setting } from "../settings";
import { Choices } from "../speak/choices";
import { keepTake } from "../speak/keeping";
import { Player } from "../speak/player";
import { AHEAD, more, unanswered, unsent } from "../speak/prompts";
import { Reader, keepAhead } from "../speak/reader";
import { Recorder } from "../speak/recorder";
import { type Prompt, type Slot, answer, begin, extend, isDone, replace, settle, takes } from "../speak/set";
import type { Meter } from "./vc-meter";
import type { Report } from "./vc-report";

interface Page {
  kind: Kind;
  locale: string;
  speaker: string;
  pass: string;
  limits: Limits;
  prompts: Prompt[];
}

const KEYS: Places = {
  record: "KeyR", play: "KeyP", skip: "KeyS", drop: "Escape", send: "Control+Enter",
  "step-1": "Digit1", "step-2": "Digit2", "step-3": "Digit3", "step-4": "Digit4", "step-5": "Digit5",
};
const COUNTED = 3; // seconds before the end that are counted down

/**
 * Recording: `data-state` is the recorder's state, `data-view` is task, review, thanks, empty or unsupported. One
 * object holds what is so (`set`); `render` alone shows it.
 */
export class Speak extends Island {
  private readonly page = handedOver<Page>("speak-data");
  private set = begin([]);
  private coming = Promise.resolve(); // more sentences
  private readonly player = new Player((isPlaying) => this.classList.toggle("is-playing", isPlaying));
  private readonly reader = new Reader((isOn) => this.classList.toggle("is-reading", isOn));
  private recordsNext = false; // once the sentence was read aloud
  private readonly choices = new Choices(this, (id) => this.changeMicrophone(id));
  private readonly recorder = new Recorder({
    longestSeconds: this.page.limits.longestSeconds,
    choices: this.choices,
    keep: (sound, applied) => this.keep(sound, applied),
    onState: (state) => this.show(state),
    onLevel: (peak) => this.piece<Meter>("meter").level(peak),
    onTime: (seconds) => this.countDown(seconds),
  });

  protected start(): void {
    if (!navigator.mediaDevices?.getUserMedia) {
      this.dataset["view"] = "unsupported";
      return;
    }
    this.wire();
    this.wireKeys();
    void this.beginSet();
    void this.watchRoom();
  }

  private async watchRoom(): Promise<void> {
    this.classList.toggle("is-nearly-full", await isNearlyFull(this.page.limits.longestSeconds).catch(() => false));
  }

  private wire(): void {
    this.onPress("main", () => this.press());
    this.onPress("hear", () => void this.hear(false));
    this.onPress("play", () => this.playCurrent());
    this.onPress("again", () => this.again());
    this.onPress("skip", () => this.skip());
    this.onPress("report", () => this.piece<Report>("reasons").ask((reasons) => this.report(reasons)));
    this.onPress("review", () => this.review());
    this.onPress("send", () => void this.send());
    this.onPress("more", () => void this.beginSet());
    this.onPress("first", () => this.openSettings("check"));
    this.piece("mic-check").addEventListener("heard", () => void this.choices.listMicrophones());
    this.classList.toggle("is-new", setting("recorded", "no") === "no");
    this.pieces("step").forEach((step, at) => step.addEventListener("click", () => this.goTo(at)));
  }

  private wireKeys(): void {
    const steps = this.pieces("step").map((_, at) => [`step-${at + 1}`, () => this.goTo(at)] as const);
    const actions = {
      record: () => (this.current()?.take && !this.recorder.isBusy ? this.again() : this.press()),
      play: () => this.playCurrent(),
      skip: () => this.skip(),
      drop: () => this.recorder.drop(),
      send: () => void this.send(),
      list: () => this.openSettings("keys"),
      ...Object.fromEntries(steps),
    };
    new Keys(this, "speak", KEYS, actions, () => this.choices.keys);
  }

  private current(): Slot | undefined {
    return this.set.slots[this.set.at];
  }

  /** Begin a set: first with what an earlier visit recorded but did not send. */
  private async beginSet(): Promise<void> {
    const { speaker, prompts } = this.page;
    this.set = begin(await unanswered([...this.set.queue, ...prompts], speaker), await unsent(this.page));
    if (!this.set.slots.length) this.set = begin(await more(this.page));
    this.goTo(settle(this.set).at);
    if (this.set.queue.length < AHEAD) this.coming = this.fetchMore();
    else this.keepReadings();
  }

  private async fetchMore(): Promise<void> {
    const fresh = await more(this.page);
    this.set = extend(this.set, fresh);
    this.render();
    this.keepReadings();
  }

  private keepReadings(): void {
    const prompts = [...this.set.slots.map(({ prompt }) => prompt), ...this.set.queue];
    this.classList.toggle("has-readings", prompts.some(({ audio }) => audio));
    void keepAhead(prompts).catch(() => undefined); // no room, or no network
  }

  /** The main button: next sentence when this one is done, else record or stop. */
  private press(): void {
    if (this.current()?.take && !this.recorder.isBusy) this.goTo(settle(this.set).at);
    else this.record();
  }

  private again(): void {
    this.player.stop();
    this.record();
  }

  /** Record or stop. Who wished that hears the sentence first; a press meanwhile ends the reading. */
  private record(): void {
    const isFirst = this.reader.isOn || (this.choices.readFirst && this.current()?.prompt.audio);
    if (isFirst && !this.recorder.isBusy && this.state !== "waiting") void this.hear(true);
    else this.recorder.press();
  }

  /** Play the sentence, read aloud, or stop it; the microphone is given back, so that no take has that voice in it. */
  private async hear(recordsNext: boolean): Promise<void> {
    const address = this.current()?.prompt.audio;
    if (!address || this.recorder.isBusy) return;
    this.recordsNext = recordsNext;
    if (this.reader.isOn) return this.reader.stop();
    this.player.stop();
    this.recorder.release();
    await this.reader.read(address);
    if (this.recordsNext && !document.hidden) this.recorder.press();
    this.recordsNext = false;
  }

  private hush(): void {
    this.recordsNext = false;
    this.player.stop();
    this.reader.stop();
  }

  private goTo(at: number): void {
    if (this.recorder.isBusy) return;
    this.hush();
    this.set = { ...this.set, at };
    this.recorder.move();
    this.say("");
    if (!this.set.slots.length) this.dataset["view"] = "empty";
    else if (this.current()) this.dataset["view"] = "task";
    else return this.review();
    this.render();
  }

  private skip(): void {
    const slot = this.current();
    if (!slot || slot.take || this.recorder.isBusy) return;
    void post(`/skipped_sentences/${slot.prompt.id}`).catch(() => undefined); // without a network it may come again
    const isWaiting = this.recorder.state === "waiting";
    this.set = replace(this.set);
    this.goTo(this.set.at);
    if (isWaiting && this.current()) this.record();
  }

  private report(reasons: string[]): void {
    const id = this.current()?.prompt.id;
    if (!id) return;
    void post("/reports", { id, kind: "sentence", reasons }).catch(() => undefined);
    this.skip();
    this.say("reported");
  }

  private review(): void {
    if (this.recorder.isBusy) return;
    this.hush();
    this.recorder.release();
    this.dataset["view"] = "review";
    this.piece("list").replaceChildren(...this.set.slots.flatMap((slot, at) => (slot.take ? [this.row(slot, at)] : [])));
    this.render();
    this.piece("review-title").focus();
  }

  private row(slot: Slot, at: number): HTMLElement {
    const row = this.stamp("row");
    const piece = (name: string) => row.querySelector<HTMLElement>(`[data-piece="${name}"]`);
    row.dataset["state"] = slot.problem ? "doubtful" : "good";
    const text = piece("row-text");
    if (text) text.textContent = slot.prompt.text;
    piece("row-play")?.addEventListener("click", () => void this.play(slot));
    piece("row-again")?.addEventListener("click", () => this.goTo(at));
    return row;
  }

  /** Hand the takes of the set over to the outbox. */
  private async send(): Promise<void> {
    const ids = takes(this.set);
    if (!ids.length || this.recorder.isBusy) return;
    this.hush();
    this.recorder.release();
    for (const id of ids) await change(id, { state: "waiting" });
    const left = this.set.slots.filter((slot) => !slot.take).map((slot) => slot.prompt);
    this.set = { slots: [], at: 0, queue: [...left, ...this.set.queue] };
    this.dataset["view"] = "thanks";
    this.piece("sent").textContent = written(ids.length);
    this.piece("thanks-title").focus();
    await deliver();
  }

  private changeMicrophone(id: string): void {
    this.recorder.release();
    this.piece("mic-check").dataset["device"] = id;
  }

  private openSettings(piece: string): void {
    this.piece<HTMLDetailsElement>("settings").open = true;
    this.piece(piece).focus();
  }

  private playCurrent(): void {
    const slot = this.current();
    if (slot) void this.play(slot);
  }

  /** Play a take, or stop it. The microphone is given back first: with it open, iPhones use the ear piece. */
  private async play({ take }: Slot): Promise<void> {
    if (this.player.isPlaying) return this.player.stop();
    if (!take || this.recorder.isBusy) return;
    this.hush();
    this.recorder.release();
    await this.player.play(take);
  }

  private async keep(sound: Sound, applied: Record<string, unknown>): Promise<"good" | "advised" | "silent" | "unstored"> {
    const { at } = this.set;
    const slot = this.current();
    if (!slot) return "silent";
    try {
      const kept = await keepTake(sound, { ...this.page, prompt: slot.prompt, applied, instead: slot.take });
      if (!kept) return "silent";
      this.set = answer(this.set, at, kept.id, kept.problem);
      set("recorded", "yes");
      void this.watchRoom();
      return kept.problem ? "advised" : "good";
    } catch {
      return "unstored";
    }
  }

  private show(state: RecorderState): void {
    this.state = state;
    dispatchEvent(new Event("recorder")); // hands-free, nobody touches anything
    if (state === "recording") void this.choices.listMicrophones();
    // While somebody records nothing may be read out: there are no words for that state, which empties the line.
    this.say(state === "doubtful" ? (this.current()?.problem ?? "") : state);
    this.render();
    if (state === "kept" && this.choices.handsFree) void this.goOn();
  }

  /** Hands-free: on to the next sentence, and record it, while there is one; it may still be on its way. */
  private async goOn(): Promise<void> {
    if (isDone(this.set)) await this.coming;
    if (this.state !== "kept" || this.dataset["view"] !== "task") return; // the person went elsewhere meanwhile
    this.goTo(settle(this.set).at);
    if (!isDone(this.set)) this.record();
  }

  /** Put the template's words for it into the status line; without words it is emptied. */
  private say(what: string): void {
    this.piece("status").textContent = this.querySelector(`[data-words="${what}"]`)?.textContent ?? "";
  }

  private countDown(seconds: number): void {
    dispatchEvent(new Event("recorder"));
    const left = Math.ceil(this.page.limits.longestSeconds - seconds);
    this.piece("countdown").textContent = left > 0 && left <= COUNTED ? written(left) : "";
  }

  private render(): void {
    const { slots, at } = this.set;
    const slot = slots[at];
    if (slot) this.piece("sentence").textContent = slot.prompt.text;
    this.piece("countdown").textContent = "";
    this.piece("place").textContent = written(Math.min(at + 1, slots.length));
    this.piece("total").textContent = written(slots.length);
    for (const count of this.pieces("count")) count.textContent = written(takes(this.set).length);
    this.classList.toggle("has-takes", takes(this.set).length > 0);
    this.classList.toggle("has-take", Boolean(slot?.take));
    this.classList.toggle("has-reading", Boolean(slot?.prompt.audio));
    this.pieces("step").forEach((step, i) => renderStep(step, slots[i], i === at));
  }
}

function renderStep(step: HTMLElement, slot: Slot | undefined, isCurrent: boolean): void {
  step.parentElement?.toggleAttribute("hidden", !slot);
  step.dataset["state"] = slot?.take ? (slot.problem ? "doubtful" : "good") : "open";
  if (isCurrent) step.setAttribute("aria-current", "step");
  else step.removeAttribute("aria-current");
}

customElements.define("vc-speak", Speak);
