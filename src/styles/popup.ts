/** The popup layout: the tag is the launcher's box, the panel lies in the top layer. */
import { css } from 'lit';

export const popupStyles = css`
  :host([layout='popup']) {
    position: fixed;
    inset-block-end: 24px;
    inset-inline-end: 24px;
    z-index: 1000;
    inline-size: 56px;
    block-size: 56px;
  }

  :host([layout='popup'][no-launcher]) {
    pointer-events: none;
  }

  .policy {
    block-size: auto;
    padding: 16px;
  }

  :host([layout='popup']) .policy {
    position: absolute;
    inset: auto 0 0 auto;
    inline-size: min(320px, 100dvw - 48px);
  }

  dialog {
    pointer-events: auto;
  }

  /* The panel grows from its corner and lies over it. */
  :host([open]) .launcher {
    visibility: hidden;
  }

  dialog.panel {
    position: fixed;
    inline-size: min(400px, 100dvw - 48px);
    block-size: min(620px, 100dvh - 48px);
    max-inline-size: none;
    max-block-size: none;
    box-shadow: 0 16px 48px rgb(0 0 0 / 0.18);
  }

  dialog.panel:not([open], :popover-open) {
    display: none;
  }

  dialog.panel::backdrop {
    background: none;
  }

  dialog.panel:is([open], :popover-open) {
    animation: appear 160ms ease-out;
  }

  /* A sheet over the whole screen. Its size follows what the keyboard leaves, see popup-controller.ts. */
  @media (max-width: 479.98px) {
    dialog.panel {
      inset: 0;
      inline-size: 100dvw;
      block-size: 100dvh;
      border: 0;
      border-radius: 0;
      box-shadow: none;
      padding: env(safe-area-inset-top) env(safe-area-inset-right) env(safe-area-inset-bottom) env(safe-area-inset-left);
    }
  }
`;
