/** Copies text as a visitor would, from a field that is there for a moment: for plain-http pages. */

/** Whether it worked. */
export function copyBySelection(text: string, root: ShadowRoot): boolean {
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
