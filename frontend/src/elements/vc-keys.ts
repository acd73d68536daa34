import { Island } from "../island";
import { onKeys } from "../keys";
import { bindCheckbox } from "../settings";

/** Lets keys press the buttons of a page that needs no script: each button names its keys in `data-keys`. */
class Keys extends Island {
  protected start(): void {
    const box = this.piece<HTMLInputElement>("keys");
    bindCheckbox(box, "keys", false);
    onKeys(Object.fromEntries(this.buttons()), () => box.checked);
  }

  private buttons(): [string, () => void][] {
    const named = [...this.querySelectorAll<HTMLElement>("[data-keys]")];
    return named.flatMap((button) =>
      (button.dataset["keys"] ?? "").split(" ").map((key): [string, () => void] => [key, () => press(button)]),
    );
  }
}

function press(button: HTMLElement): void {
  if (button.checkVisibility()) button.click();
}

customElements.define("vc-keys", Keys);
