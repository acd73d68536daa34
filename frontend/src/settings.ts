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

/** Tie a checkbox to a choice of yes or no; `onChoice` hears of it now and whenever it changes. */
export function bindCheckbox(
  box: HTMLInputElement,
  name: string,
  otherwise: boolean,
  onChoice: (isOn: boolean) => void = () => undefined,
): void {
  box.checked = setting(name, otherwise ? "yes" : "no") === "yes";
  onChoice(box.checked);
  box.addEventListener("change", () => {
    set(name, box.checked ? "yes" : "no");
    onChoice(box.checked);
  });
}

/** Tell whether the connection asks for little data: by the person's wish, or since it is slow. */
export function savesData(): boolean {
  const { connection } = navigator as { connection?: { saveData?: boolean; effectiveType?: string } };
  return Boolean(connection?.saveData) || ["slow-2g", "2g"].includes(connection?.effectiveType ?? "");
}
