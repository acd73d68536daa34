/**
 * The takes on this device, in IndexedDB: each from the moment it was recorded until the server's receipt is here.
 * Sound is kept as an ArrayBuffer, since WebKit loses Blobs in a private window.
 */
export type Kind = "sentence" | "topic";

export interface Take {
  /** Made here; the server knows the recording by it, so that sending twice is harmless. */
  id: string;
  prompt: string;
  /** Of the prompt; takes of earlier versions, which don't say, are of sentences. */
  kind?: Kind;
  text: string;
  locale: string;
  speaker: string;
  /** Proves to the server whose take it is, even when the browser has lost its cookies. */
  pass: string;
  bytes: ArrayBuffer;
  type: string;
  /** What the browser did and what was measured; sent along. */
  settings: Record<string, unknown>;
  made: number;
  /** kept: in review; waiting: to be sent; refused: the server said no for good, shown until dismissed. */
  state: "kept" | "waiting" | "refused";
  /** The server's words for a refusal. */
  why: string;
}

const CHANGED = "voicecollect-outbox";
const ROOM = 20_000_000; // bytes: five takes of 15 s as WAV, and as much again
const BYTES_PER_SECOND = 96_000; // of WAV
let opening: Promise<IDBDatabase> | null = null;

function database(): Promise<IDBDatabase> {
  opening ??= new Promise((resolve, reject) => {
    const request = indexedDB.open("voicecollect", 1);
    request.onupgradeneeded = () => {
      request.result.createObjectStore("takes", { keyPath: "id" });
      request.result.createObjectStore("answered");
    };
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => {
      opening = null;
      reject(request.error ?? new Error("no database"));
    };
  });
  return opening;
}

/** Run one transaction and resolve with the request's result once all of it is on the disk. */
async function transact<T>(
  mode: IDBTransactionMode,
  work: (takes: IDBObjectStore, answered: IDBObjectStore) => IDBRequest<T>,
): Promise<T> {
  const open = await database();
  return new Promise((resolve, reject) => {
    const transaction = open.transaction(["takes", "answered"], mode, { durability: "strict" });
    const request = work(transaction.objectStore("takes"), transaction.objectStore("answered"));
    transaction.oncomplete = () => resolve(request.result);
    transaction.onabort = () => reject(transaction.error ?? new Error("not stored"));
  });
}

/** Keep a take, and remember that its prompt is answered; `instead` is the take it replaces. Rejects on a full disk. */
export async function keep(take: Take, instead?: string): Promise<void> {
  await transact("readwrite", (takes, answered) => {
    if (instead) takes.delete(instead);
    answered.put(take.made, `${take.speaker} ${take.prompt}`);
    return takes.put(take);
  });
  announce();
}

/** Change a take; one that is gone stays gone. */
export async function change(id: string, changes: Partial<Take>): Promise<void> {
  await transact<unknown>("readwrite", (takes) => {
    const request: IDBRequest = takes.get(id);
    request.onsuccess = () => request.result && takes.put({ ...(request.result as Take), ...changes });
    return request;
  });
  announce();
}

export async function remove(id: string): Promise<void> {
  await transact("readwrite", (takes) => takes.delete(id));
  announce();
}

export function get(id: string): Promise<Take | undefined> {
  return transact("readonly", (takes) => takes.get(id) as IDBRequest<Take | undefined>);
}

/** Return all takes, the oldest first. */
export async function all(): Promise<Take[]> {
  const takes = await transact("readonly", (store) => store.getAll() as IDBRequest<Take[]>);
  return takes.sort((a, b) => a.made - b.made);
}

/** Return the ids of the prompts that this speaker answered on this device, sent or not. */
export async function answered(speaker: string): Promise<Set<string>> {
  const keys = await transact("readonly", (_, store) => store.getAllKeys());
  const own = keys.map(String).filter((key) => key.startsWith(`${speaker} `));
  return new Set(own.map((key) => key.slice(speaker.length + 1)));
}

/** Tell whether there is hardly room for more, with one take so long; false where the browser doesn't say. */
export async function isNearlyFull(seconds: number): Promise<boolean> {
  const { quota, usage = 0 } = (await navigator.storage?.estimate?.()) ?? {};
  return quota !== undefined && quota - usage < ROOM + 2 * seconds * BYTES_PER_SECOND;
}

/** Tell every page and the service worker that something changed. */
function announce(): void {
  const channel = new BroadcastChannel(CHANGED);
  channel.postMessage(null);
  channel.close();
}

/** Call `act` whenever a take changes, here or in another tab. */
export function onChange(act: () => void): void {
  new BroadcastChannel(CHANGED).onmessage = act;
}
