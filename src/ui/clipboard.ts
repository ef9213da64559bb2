/** Copies text. */

/** Resolves with whether it worked. `root` is where a helper field may stand for a moment. */
export async function copyText(text: string, root: ShadowRoot): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    // Plain-http pages have no Clipboard API. There, and only there, this is worth a request.
    return import('./copy-by-selection').then(
      ({ copyBySelection }) => copyBySelection(text, root),
      () => false,
    );
  }
}
