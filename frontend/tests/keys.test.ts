import { beforeEach, describe, expect, it, vi } from "vitest";
import { Keys } from "../src/keys";

type Listener = (event: unknown) => void;

/** A page with one button for each action and one sign that shows its key. */
function page(names: string[]) {
  const element = (dataset: Record<string, string>) => {
    const heard: Listener[] = [];
    return { dataset, textContent: "", addEventListener: (_: string, act: Listener) => heard.push(act), click: () => heard.forEach((act) => act(null)) };
  };
  const buttons = names.map((name) => element({ rebind: name }));
  const signs = names.map((name) => element({ key: name }));
  const querySelectorAll = (what: string) => (what === "[data-key]" ? signs : buttons);
  return { buttons, signs, root: { querySelectorAll, querySelector: () => null } as unknown as HTMLElement };
}

let press: (code: string, more?: object) => void;
let store: Map<string, string>;

beforeEach(() => {
  vi.stubGlobal("Element", class {});
  vi.stubGlobal("document", {
    addEventListener: (_: string, act: Listener) => {
      press = (code, more = {}) => act({ code, key: code, preventDefault: () => undefined, ...more });
    },
  });
  store = new Map();
  vi.stubGlobal("localStorage", { getItem: (key: string) => store.get(key) ?? null, setItem: (key: string, value: string) => store.set(key, value) });
});

describe("shortcuts", () => {
  const usual = { play: "KeyP", send: "Control+Enter" };
  const make = (isOn = true) => {
    const { buttons, signs, root } = page(["play", "send"]);
    const act = { play: vi.fn(), send: vi.fn(), list: vi.fn() };
    new Keys(root, "speak", usual, act, () => isOn);
    return { buttons, signs, act };
  };

  it("are off until they are switched on", () => {
    const { act } = make(false);
    press("KeyP");
    expect(act.play).not.toHaveBeenCalled();
  });

  it("act by the place of the key, and show it", () => {
    const { act, signs } = make();
    press("KeyP", { key: "п" });
    press("Enter", { ctrlKey: true });
    press("Slash", { key: "?" });
    expect([act.play, act.send, act.list].map((each) => each.mock.calls.length)).toEqual([1, 1, 1]);
    expect(signs.map((sign) => sign.textContent)).toEqual(["P", "Ctrl Enter"]);
  });

  it("can be moved, which is remembered", () => {
    const { act, buttons, signs } = make();
    buttons[0]?.click();
    press("KeyX");
    press("KeyX");
    press("KeyP");
    expect(act.play).toHaveBeenCalledTimes(1);
    expect(signs[0]?.textContent).toBe("X");
    expect(make().signs[0]?.textContent).toBe("X");
  });

  it("swap their keys rather than share one", () => {
    const { act, buttons } = make();
    buttons[0]?.click();
    press("Enter", { ctrlKey: true });
    press("KeyP");
    expect([act.play, act.send].map((each) => each.mock.calls.length)).toEqual([0, 1]);
  });

  it("stay where they are when the person thinks better of it", () => {
    const { act, buttons } = make();
    buttons[0]?.click();
    press("Escape");
    press("KeyP");
    expect(act.play).toHaveBeenCalledTimes(1);
  });
});
