import { Island } from "../island";
import { Keys, type Places } from "../keys";
import { bindCheckbox } from "../settings";

const KEYS: Places = {
  yes: "KeyA",
  no: "KeyR",
  unsure: "KeyS",
  undo: "KeyZ",
  ...Object.fromEntries([1, 2, 3, 4, 5, 6, 7, 8].map((n) => [`reason-${n}`, `Digit${n}`])),
};

/** Lets keys press the buttons of the page for reviewing, which needs no script: each says in `data-press` what it is. */
class Review extends Island {
  protected start(): void {
    const box = this.piece<HTMLInputElement>("keys");
    const settings = this.piece<HTMLDetailsElement>("settings");
    bindCheckbox(box, "keys", false, (isOn) => this.classList.toggle("has-keys", isOn));
    const buttons = [...this.querySelectorAll<HTMLElement>("[data-press]")];
    const actions = Object.fromEntries(buttons.map((each) => [each.dataset["press"] ?? "", () => press(each)]));
    new Keys(this, "review", KEYS, { ...actions, list: () => (settings.open = true) && box.focus() }, () => box.checked);
  }
}

function press(button: HTMLElement): void {
  if (button.checkVisibility()) button.click();
}

customElements.define("vc-review", Review);
