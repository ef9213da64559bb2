/** Where the focus goes when a control is gone with what it was for: on to the composer, on a phone without its keyboard. */

/** @param to where it rather goes */
export function moveOn(host: HTMLElement & { readonly updateComplete: Promise<unknown> }, to?: string): void {
  const selector = (to ?? matchMedia('(pointer: coarse)').matches) ? '.log' : '.composer textarea';
  void host.updateComplete.then(() => host.shadowRoot?.querySelector<HTMLElement>(selector)?.focus({ preventScroll: true }));
}
