/** What the person chose in the settings below the sentence, and the microphones they may choose from. */
import type { Island } from "../island";
import { bindCheckbox, savesData } from "../settings";

export class Choices {
  private readonly device: HTMLSelectElement;

  /** Tie the page's fields to what is remembered; `onDevice` hears of another microphone. */
  constructor(
    private readonly page: Island,
    onDevice: (id: string) => void,
  ) {
    this.device = page.piece("device");
    this.device.addEventListener("change", () => onDevice(this.device.value));
    bindCheckbox(this.box("small"), "small", savesData());
    for (const name of ["hands-free", "cued", "read-first"]) {
      for (const box of page.pieces<HTMLInputElement>(name)) bindCheckbox(box, name, false);
    }
    bindCheckbox(this.box("keys"), "keys", false, (isOn) => page.classList.toggle("has-keys", isOn));
  }

  get small(): boolean {
    return this.box("small").checked;
  }

  get handsFree(): boolean {
    return this.page.pieces<HTMLInputElement>("hands-free")[0]?.checked ?? false; // free answers have pauses of their own
  }

  get cued(): boolean {
    return this.box("cued").checked;
  }

  get readFirst(): boolean {
    return this.box("read-first").checked;
  }

  get keys(): boolean {
    return this.box("keys").checked;
  }

  get microphone(): string {
    return this.device.value;
  }

  /** Offer the microphones by name; browsers tell the names only while one is open. */
  async listMicrophones(): Promise<void> {
    if (this.device.options.length > 1) return;
    const devices = await navigator.mediaDevices.enumerateDevices();
    const microphones = devices.filter(({ kind, deviceId }) => kind === "audioinput" && deviceId !== "default");
    this.device.append(...microphones.map(({ label, deviceId }) => new Option(label, deviceId)));
  }

  private box(name: string): HTMLInputElement {
    return this.page.piece(name);
  }
}
