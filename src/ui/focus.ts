/** Where the focus goes when a control is gone with what it was for: on to the composer, on a phone without its keyboard. */

type Host = HTMLElement & { readonly updateComplete: Promise<unknown> };

/** @param to where it rather goes, as a selector */
export function moveOn(host: Host, to = matchMedia('(pointer: coarse)').matches ? '.log' : '.composer textarea'): void {
  void host.updateComplete.then(() => host.shadowRoot?.querySelector<HTMLElement>(to)?.focus({ preventScroll: true }));
}

/** The same, where nobody else has found a place for it. */
export function catchFocus(host: Host): void {
  void host.updateComplete.then(() => host.shadowRoot?.activeElement ?? moveOn(host));
}
