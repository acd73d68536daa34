/** The one place that knows how this site's own API is called. Used by pages and by the service worker. */

export const API = "/api/v1";
/** The cache of sentences read aloud, by their addresses. */
export const READINGS = "readings";

interface CookieStore {
  get(name: string): Promise<{ value: string } | null>;
}

/** Return Django's CSRF token, whose name has a prefix on https: from the page's cookies, or in a worker, where there is no document, from the store. */
export async function csrfToken(): Promise<string> {
  const { document, cookieStore } = globalThis as { document?: { cookie: string }; cookieStore?: CookieStore };
  if (document) return /(?:^|;\s*)(?:__Host-)?csrftoken=([^;]+)/.exec(document.cookie)?.[1] ?? "";
  const cookie = (await cookieStore?.get("__Host-csrftoken")) ?? (await cookieStore?.get("csrftoken"));
  return cookie?.value ?? "";
}

/** Fetch one of the API's lists or rows; throws when there is no network or the answer is not 2xx. */
export async function read<T>(path: string): Promise<T> {
  const answer = await fetch(API + path, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(`${answer.status} for ${path}`);
  return (await answer.json()) as T;
}

/** Post JSON; throws as `read` does. What is answered is returned unread. */
export async function post(path: string, body: unknown = {}, headers: Record<string, string> = {}): Promise<Response> {
  const answer = await fetch(API + path, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-CSRFToken": await csrfToken(), ...headers },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`${answer.status} for ${path}`);
  return answer;
}
