import { post } from "../api";
import { Island, written } from "../island";

const PAUSE = 800; // ms without a key, after which a sentence is looked at
const MOST = 100; // sentences, as many as are taken in one go
const LONGEST = 1000; // characters

interface Fault {
  position: number;
  words: string;
}

/** Tells what can't be used of the sentences in a field while they are written, as the server will when they are sent. */
export class Check extends Island {
  private pause: ReturnType<typeof setTimeout> | undefined;
  private newest = "";

  protected start(): void {
    const field = this.piece<HTMLTextAreaElement>("text");
    field.addEventListener("input", () => {
      clearTimeout(this.pause);
      this.pause = setTimeout(() => void this.look(field.value), PAUSE);
    });
  }

  private async look(text: string): Promise<void> {
    this.newest = text;
    const lines = text.split("\n").map((line) => line.trim().slice(0, LONGEST));
    const faults = await this.ask(lines.filter(Boolean).slice(0, MOST));
    if (this.newest === text) this.piece("faults").replaceChildren(...faults.map((fault) => this.told(fault)));
  }

  /** Return what the server finds; nothing while it can't be asked: it looks again at what is sent. */
  private async ask(sentences: string[]): Promise<Fault[]> {
    if (!sentences.length) return [];
    const language = { "Accept-Language": document.documentElement.lang };
    const answer = await post(`/${this.dataset["locale"]}/sentences/check`, { sentences }, language).catch(() => null);
    return answer ? ((await answer.json()) as Fault[]) : [];
  }

  private told({ position, words }: Fault): HTMLElement {
    const item = this.stamp("fault");
    for (const [name, text] of [["number", written(position + 1)], ["words", words]] as const) {
      const piece = item.querySelector(`[data-piece="${name}"]`);
      if (piece) piece.textContent = text;
    }
    return item;
  }
}

customElements.define("vc-check", Check);
