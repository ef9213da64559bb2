/** Copies text, also on plain-http pages, where the Clipboard API is missing. */

/** Resolves with whether it worked. `root` is where a helper field may stand for a moment. */
export async function copyText(text: string, root: ShadowRoot): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyBySelection(text, root);
  }
}

function copyBySelection(text: string, root: ShadowRoot): boolean {
  const before = root.activeElement;
  const field = document.createElement('textarea');
  field.className = 'hidden';
  field.value = text;
  // Inside a modal dialog only what is in it can be focused.
  (root.querySelector('dialog') ?? root).append(field);
  field.select();
  const copied = document.execCommand('copy');
  field.remove();
  if (before instanceof HTMLElement) before.focus({ preventScroll: true });
  return copied;
}
