import { Island } from "../island";
import { deliver } from "../outbox/courier";
import { type Take, all, change, onChange, remove } from "../outbox/store";
import { Player } from "../speak/player";

/**
 * The takes on this device one by one, to hear, send again or delete: a `<template data-piece="row">` is stamped for
 * each, its own pieces `text`, `why`, `play`, `again` and `delete`.
 */
export class OutboxList extends Island {
  private readonly player = new Player(() => undefined);

  protected start(): void {
    onChange(() => void this.show());
    void this.show();
  }

  private async show(): Promise<void> {
    const takes = await all().catch(() => []);
    this.state = takes.length ? "some" : "empty";
    this.piece("list").replaceChildren(...takes.map((take) => this.row(take)));
  }

  private row(take: Take): HTMLElement {
    const row = this.stamp("row");
    const piece = (name: string) => row.querySelector<HTMLElement>(`[data-piece="${name}"]`);
    const text = piece("text");
    if (text) [text.textContent, text.lang] = [take.text, take.locale];
    const why = piece("why");
    if (why) why.textContent = take.why;
    row.dataset["state"] = take.state;
    piece("play")?.addEventListener("click", () => void this.player.play(take.id));
    piece("again")?.addEventListener("click", () => void this.sendAgain(take));
    piece("delete")?.addEventListener("click", () => void remove(take.id));
    return row;
  }

  private async sendAgain(take: Take): Promise<void> {
    await change(take.id, { state: "waiting", why: "" });
    await deliver();
  }
}

customElements.define("vc-outbox-list", OutboxList);
