/** What a person chose on this device: kept in localStorage, which may be forbidden. */
export function setting(name: string, otherwise: string): string {
  try {
    return localStorage.getItem(`voicecollect-${name}`) ?? otherwise;
  } catch {
    return otherwise;
  }
}

export function set(name: string, value: string): void {
  try {
    localStorage.setItem(`voicecollect-${name}`, value);
  } catch {
    // Without storage the choice lasts as long as the page.
  }
}

/** Tie a checkbox to a choice of yes or no. */
export function bindCheckbox(box: HTMLInputElement, name: string, otherwise: boolean): void {
  box.checked = setting(name, otherwise ? "yes" : "no") === "yes";
  box.addEventListener("change", () => set(name, box.checked ? "yes" : "no"));
}

/** Tell whether the connection asks for little data. */
export function savesData(): boolean {
  return (navigator as { connection?: { saveData?: boolean } }).connection?.saveData ?? false;
}
