import { Island } from "../island";

const QUIETEST = -60; // dBFS at the meter's empty end

/**
 * The level of the microphone: `<vc-meter role="meter" …><span></span></vc-meter>`. It is drawn by a custom property
 * and is no live region: nothing may be read out while somebody records.
 */
export class Meter extends Island {
  private shown = 0;

  protected start(): void {
    this.level(0);
  }

  /** Show a peak from 0 to 1; falls back slowly, as the eye expects. */
  level(peak: number): void {
    const level = peak > 0 ? Math.max(0, Math.min(1, 1 - (20 * Math.log10(peak)) / QUIETEST)) : 0;
    this.shown = peak > 0 ? Math.max(level, this.shown * 0.85) : 0;
    this.style.setProperty("--level", this.shown.toFixed(3));
    this.setAttribute("aria-valuenow", String(Math.round(this.shown * 100)));
    this.state = peak >= 0.98 ? "loud" : level > 0.95 ? "high" : "fine";
  }
}

customElements.define("vc-meter", Meter);
