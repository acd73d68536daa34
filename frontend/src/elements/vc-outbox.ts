import { Island, written } from "../island";
import { deliver } from "../outbox/courier";
import { all, onChange } from "../outbox/store";

/**
 * Tells on every page how many takes wait on this device: `data-state` is empty, waiting, offline or refused. Pieces:
 * `waiting` and `refused` hold the numbers, `send` sends now.
 */
export class Outbox extends Island {
  protected start(): void {
    const show = () => void this.show();
    onChange(show);
    addEventListener("online", show);
    addEventListener("offline", show);
    this.onPress("send", () => void deliver());
    show();
  }

  private async show(): Promise<void> {
    const takes = await all().catch(() => []);
    const waiting = takes.filter((take) => take.state === "waiting").length;
    const refused = takes.filter((take) => take.state === "refused").length;
    this.piece("waiting").textContent = written(waiting);
    this.piece("refused").textContent = written(refused);
    this.classList.toggle("has-refused", refused > 0);
    this.state = waiting ? (navigator.onLine ? "waiting" : "offline") : refused ? "refused" : "empty";
  }
}

customElements.define("vc-outbox", Outbox);
