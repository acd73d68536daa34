/**
 * A custom element that wakes HTML which the server wrote.
 *
 * The template owns every word and says what each state shows; an island finds its pieces by name
 * (`data-piece="play"`) and switches `data-state`. It never makes markup of its own: what repeats is a `<template>`.
 */
export abstract class Island extends HTMLElement {
  private awake = false;

  connectedCallback(): void {
    if (this.awake) return;
    this.awake = true;
    this.start();
  }

  protected abstract start(): void;

  get state(): string {
    return this.dataset["state"] ?? "";
  }

  set state(state: string) {
    this.dataset["state"] = state;
  }

  /** Return the piece of that name; a template without it is a mistake, so it throws. */
  piece<T extends HTMLElement = HTMLElement>(name: string): T {
    const found = this.querySelector<T>(`[data-piece="${name}"]`);
    if (!found) throw new Error(`<${this.localName}> has no piece "${name}"`);
    return found;
  }

  pieces<T extends HTMLElement = HTMLElement>(name: string): T[] {
    return [...this.querySelectorAll<T>(`[data-piece="${name}"]`)];
  }

  /** Return a fresh copy of what `<template data-piece="name">` holds. */
  stamp(name: string): HTMLElement {
    const template = this.piece<HTMLTemplateElement & HTMLElement>(name);
    const made = template.content.firstElementChild?.cloneNode(true);
    if (!(made instanceof HTMLElement)) throw new Error(`<template> "${name}" is empty`);
    return made;
  }

  /** Call `act` when a piece of that name is pressed. */
  onPress(name: string, act: () => void): void {
    for (const piece of this.pieces(name)) piece.addEventListener("click", act);
  }
}

/** Return what the template left in `{{ value|json_script:id }}`. */
export function handedOver<T>(id: string): T {
  const holder = document.getElementById(id);
  if (!holder?.textContent) throw new Error(`the page hands over no "${id}"`);
  return JSON.parse(holder.textContent) as T;
}

/** Write a whole number as readers of the page's language do. */
export function written(number: number): string {
  return new Intl.NumberFormat(document.documentElement.lang || "en").format(number);
}
