/** Copy buttons: one look, one handler for all of them. */
import { css, html } from 'lit';
import { copyText } from './clipboard';
import { copyIcon, doneIcon } from './icons';

/** How long a button shows that it worked, in milliseconds. */
const SHOWN = 1500;

/** `code`: the code of the block or line that it stands in; `message`: the whole message as Markdown. */
export const copyButton = (label: string, source: 'code' | 'message') =>
  html`<button type="button" class="icon-button small copy" data-copy=${source} aria-label=${label} title=${label}>${copyIcon}${doneIcon}</button>`;

/**
 * Handles a click anywhere in the log.
 * @param messageText The Markdown of the message with this id.
 * @returns whether something was copied; `undefined` where the click was for something else.
 */
export async function copyFrom(event: Event, messageText: (id: string) => string): Promise<boolean | undefined> {
  const button = event.target instanceof Element ? event.target.closest<HTMLElement>('[data-copy]') : null;
  const root = button?.getRootNode();
  if (!button || !(root instanceof ShadowRoot)) return undefined;
  const text =
    button.dataset.copy === 'message'
      ? messageText(button.closest<HTMLElement>('[data-id]')?.dataset.id ?? '')
      : (button.closest('.code, .command')?.querySelector('code')?.textContent ?? '');
  const copied = await copyText(text, root);
  if (copied) {
    button.classList.add('copied');
    setTimeout(() => button.classList.remove('copied'), SHOWN);
  }
  return copied;
}

export const copyStyles = css`
  .copy svg + svg,
  .copied svg:first-child {
    display: none;
  }

  .copied svg + svg {
    display: block;
    color: var(--_good);
  }
`;
