/**
 * Single-key shortcuts: off until the person switches them on, silent in fields and dialogs, and by the place of the
 * key, so that they work on every keyboard layout. Space and Enter stay with the focused button. Each can be moved to
 * another key: `<button data-rebind="play">` waits for one, `<kbd data-key="play">` shows it wherever it stands.
 */
import { set, setting } from "./settings";

/** Where each action is at first: a `KeyboardEvent.code`, behind "Control+" if that is held. */
export type Places = Record<string, string>;

export class Keys {
  private readonly codes: Places;
  private waiting: HTMLElement | null = null;

  /** `page` holds the buttons and signs; `usual` keys are remembered under `name` once they are moved. */
  constructor(
    private readonly page: HTMLElement,
    private readonly name: string,
    private readonly usual: Places,
    private readonly actions: Record<string, () => void>,
    private readonly enabled: () => boolean,
  ) {
    this.codes = { ...usual, ...remembered(name) };
    document.addEventListener("keydown", (event) => this.press(event));
    for (const button of this.rebinders()) button.addEventListener("click", () => this.wait(button));
    page.querySelector("[data-piece=keys-reset]")?.addEventListener("click", () => this.keep(this.usual));
    this.show();
  }

  private rebinders(): HTMLElement[] {
    return [...this.page.querySelectorAll<HTMLElement>("[data-rebind]")];
  }

  private press(event: KeyboardEvent): void {
    if (this.waiting) return this.move(event);
    const isBusy = event.target instanceof Element && event.target.closest("input:not([type=checkbox]), select, textarea, dialog");
    if (event.repeat || event.altKey || event.metaKey || isBusy || !this.enabled()) return;
    const code = (event.ctrlKey ? "Control+" : "") + event.code;
    const name = event.key === "?" ? "list" : Object.keys(this.codes).find((each) => this.codes[each] === code);
    const act = name && this.actions[name];
    if (!act) return;
    event.preventDefault();
    act();
  }

  private wait(button: HTMLElement): void {
    if (this.waiting) delete this.waiting.dataset["state"];
    this.waiting = button;
    button.dataset["state"] = "waiting";
  }

  /** Give the action that waits the key just pressed, and its old key to whatever had that one; Tab and Escape don't. */
  private move(event: KeyboardEvent): void {
    if (["Shift", "Control", "Alt", "Meta"].includes(event.key)) return;
    const name = this.waiting?.dataset["rebind"] ?? "";
    delete this.waiting?.dataset["state"];
    this.waiting = null;
    if (event.code === "Tab" || event.code === "Escape") return;
    event.preventDefault();
    const code = (event.ctrlKey ? "Control+" : "") + event.code;
    const other = Object.keys(this.codes).find((each) => this.codes[each] === code);
    this.keep({ ...this.codes, ...(other ? { [other]: this.codes[name] ?? "" } : {}), [name]: code });
  }

  private keep(codes: Places): void {
    Object.assign(this.codes, codes);
    set(`keys-${this.name}`, JSON.stringify(this.codes));
    this.show();
  }

  private show(): void {
    for (const sign of this.page.querySelectorAll<HTMLElement>("[data-key]")) {
      sign.textContent = label(this.codes[sign.dataset["key"] ?? ""] ?? "");
    }
  }
}

function remembered(name: string): Places {
  try {
    return JSON.parse(setting(`keys-${name}`, "{}")) as Places;
  } catch {
    return {};
  }
}

/** Write a key as it stands on the keyboard: "KeyR" is R. */
function label(code: string): string {
  return code.replace("Control+", "Ctrl ").replace(/Key|Digit|Arrow/, "").replace("Escape", "Esc");
}
