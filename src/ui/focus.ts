/** Where the focus goes when a control is gone with what it was for: on to the composer, on a phone without its keyboard. */

export function moveOn(host: HTMLElement & { readonly updateComplete: Promise<unknown> }): void {
  const selector = matchMedia('(pointer: coarse)').matches ? '.log' : '.composer textarea';
  void host.updateComplete.then(() => host.shadowRoot?.querySelector<HTMLElement>(selector)?.focus({ preventScroll: true }));
}
