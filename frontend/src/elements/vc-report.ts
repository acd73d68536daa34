import { Island } from "../island";

/**
 * Asks what is wrong with a sentence or a recording: a dialog with a form of radio buttons named `reason`, one button
 * with the value "report", and any others to go back.
 */
export class Report extends Island {
  private tell: (reasons: string[]) => void = () => undefined;

  protected start(): void {
    this.piece("report-form").addEventListener("submit", (event) => this.submit(event));
  }

  /** Open the dialog, and call `tell` if the person gives a reason. */
  ask(tell: (reasons: string[]) => void): void {
    this.tell = tell;
    this.piece<HTMLDialogElement>("dialog").showModal();
  }

  private submit(event: SubmitEvent): void {
    const form = this.piece<HTMLFormElement>("report-form");
    const reasons = new FormData(form).getAll("reason").map(String);
    form.reset();
    if (event.submitter?.getAttribute("value") === "report" && reasons.length) this.tell(reasons);
  }
}

customElements.define("vc-report", Report);
