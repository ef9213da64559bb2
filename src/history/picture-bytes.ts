/** Pictures travel as base64 and are kept as bytes, which are a quarter smaller. */

/** `undefined` for what is no base64. */
export function fromBase64(text: string): Blob | undefined {
  let bytes: string;
  try {
    bytes = atob(text);
  } catch {
    return undefined;
  }
  return new Blob([Uint8Array.from(bytes, character => character.charCodeAt(0))]);
}

/** @throws where the browser no longer has the bytes. */
export async function toBase64(blob: Blob): Promise<string> {
  const bytes = new Uint8Array(await blob.arrayBuffer());
  let text = '';
  // A call takes only so many arguments.
  for (let start = 0; start < bytes.length; start += 0x8000) text += String.fromCharCode(...bytes.subarray(start, start + 0x8000));
  return btoa(text);
}
