/**
 * Single-key shortcuts: off until the person switches them on, silent in fields and dialogs, and by the place of the
 * key, so that they work on every keyboard layout. Space and Enter stay with the focused button.
 */
export function onKeys(actions: Record<string, () => void>, enabled: () => boolean): void {
  document.addEventListener("keydown", (event) => {
    const busy = event.target instanceof Element && event.target.closest("input, select, textarea, dialog");
    if (event.repeat || event.altKey || event.metaKey || busy || !enabled()) return;
    const act = actions[(event.ctrlKey ? "Control+" : "") + event.code];
    if (!act) return;
    event.preventDefault();
    act();
  });
}
