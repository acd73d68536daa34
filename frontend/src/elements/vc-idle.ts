import { Island } from "../island";

const QUIET = 45_000; // ms without a touch before it asks
const ANSWER = 15_000; // ms for the answer
const ACTIVITY = ["pointerdown", "keydown", "input", "wheel", "recorder"];

/**
 * On a device that many people share: asks who is silent whether they are still there, then goes to the address in
 * `data-home` for the next person. Pieces: the dialog `ask`, and `stay`.
 */
export class Idle extends Island {
  private timer: ReturnType<typeof setTimeout> | undefined;

  protected start(): void {
    if (location.pathname === this.dataset["home"]) return;
    for (const event of ACTIVITY) addEventListener(event, (what) => this.notice(what), { capture: true, passive: true });
    this.onPress("stay", () => this.dialog.close());
    this.dialog.addEventListener("close", () => this.wait());
    this.wait();
  }

  private get dialog(): HTMLDialogElement {
    return this.piece("ask");
  }

  /** A touch or a key that answers the question must not close it before it is let go: what lies below would get it. */
  private notice({ type }: Event): void {
    if (!this.dialog.open) this.wait();
    else if (type === "recorder") this.dialog.close();
  }

  private wait(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.ask(), QUIET);
  }

  private ask(): void {
    this.dialog.showModal();
    this.timer = setTimeout(() => location.assign(this.dataset["home"] ?? "/"), ANSWER);
  }
}

customElements.define("vc-idle", Idle);
