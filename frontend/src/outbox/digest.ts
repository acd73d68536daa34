/** Return the SHA-256 of the bytes as the header wants it (base64) and as the receipt says it (hex). */
export async function digest(bytes: ArrayBuffer): Promise<{ base64: string; hex: string }> {
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return {
    base64: btoa(String.fromCharCode(...hash)),
    hex: [...hash].map((byte) => byte.toString(16).padStart(2, "0")).join(""),
  };
}
