/** The closed state: a bubble in the page's corner, with a dot when an answer has come. */
import { css, html, nothing } from 'lit';
import type { Strings } from '../i18n/strings';
import { chatIcon } from './icons';

export interface LauncherProps {
  strings: Strings;
  open: boolean;
  unread: boolean;
  onClick: () => void;
}

export const launcher = ({ strings, open, unread, onClick }: LauncherProps) =>
  html`<button
    type="button"
    part="launcher"
    class="launcher"
    aria-haspopup="dialog"
    aria-expanded=${open}
    aria-label=${unread ? strings.openNew : strings.open}
    @click=${onClick}
  >
    <slot name="launcher-icon">${chatIcon}</slot>
    ${unread ? html`<span class="unread"></span>` : nothing}
  </button>`;

export const launcherStyles = css`
  .launcher {
    cursor: pointer;
    display: grid;
    place-items: center;
    position: relative;
    inline-size: 56px;
    block-size: 56px;
    border-radius: 50%;
    background: var(--_accent);
    color: var(--_on-accent);
    /* The light ring shows it on dark pages. */
    box-shadow:
      0 0 0 1px rgb(255 255 255 / 0.25),
      0 4px 16px rgb(0 0 0 / 0.2);
  }

  .launcher svg {
    inline-size: 26px;
    block-size: 26px;
  }

  .unread {
    position: absolute;
    inset-block-start: 0;
    inset-inline-end: 0;
    inline-size: 14px;
    block-size: 14px;
    border: 2px solid var(--_surface);
    border-radius: 50%;
    background: var(--_good);
  }
`;
