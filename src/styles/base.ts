/** The box of the tag itself, and what all controls share. */
import { css } from 'lit';

export const base = css`
  :host {
    display: block;
    block-size: min(620px, 80dvh);
  }

  /* Nothing of how the page sets its text comes in, but its direction and its colour scheme. */
  .panel,
  .launcher {
    all: initial;
    box-sizing: border-box;
    color-scheme: inherit;
    visibility: inherit;
    color: var(--_text);
    font: 400 15px/1.55 var(--_font);
    -webkit-text-size-adjust: 100%;
    -webkit-tap-highlight-color: transparent;
  }

  :host([hidden]) {
    display: none;
  }

  *,
  ::before,
  ::after {
    box-sizing: border-box;
  }

  .panel {
    display: flex;
    flex-direction: column;
    container-type: inline-size;
    position: relative;
    inline-size: 100%;
    block-size: 100%;
    margin: 0;
    padding: 0;
    overflow: hidden;
    border: 1px solid var(--_border);
    border-radius: var(--_radius);
    background: var(--_surface);
  }

  button {
    all: unset;
    box-sizing: border-box;
    cursor: pointer;
    -webkit-tap-highlight-color: transparent;
    touch-action: manipulation;
  }

  :focus-visible {
    outline: 2px solid var(--_text);
    outline-offset: 2px;
  }

  svg {
    display: block;
    inline-size: 20px;
    block-size: 20px;
    fill: none;
    stroke: currentColor;
    stroke-width: 1.75;
    stroke-linecap: round;
    stroke-linejoin: round;
  }

  /* Pointing forward means the other way round where the text runs from right to left. */
  .forward:dir(rtl) svg {
    transform: scaleX(-1);
  }

  .icon-button {
    flex: none;
    display: grid;
    place-items: center;
    position: relative;
    inline-size: 36px;
    block-size: 36px;
    border-radius: 10px;
    color: var(--_muted);
  }

  .icon-button:hover {
    background: var(--_fill-strong);
    color: var(--_text);
  }

  .icon-button.small {
    inline-size: 28px;
    block-size: 28px;
    border-radius: 8px;
  }

  .icon-button.small svg {
    inline-size: 17px;
    block-size: 17px;
  }

  /* A finger needs 44 px; the picture stays as small as it is. */
  @media (pointer: coarse) {
    .icon-button::after {
      content: '';
      position: absolute;
      inset: 50% auto auto 50%;
      inline-size: max(100%, 44px);
      block-size: max(100%, 44px);
      translate: -50% -50%;
    }
  }

  .primary {
    padding: 8px 14px;
    border-radius: 10px;
    background: var(--_accent);
    color: var(--_on-accent);
    font-weight: 550;
  }

  .quiet {
    padding: 4px 8px;
    border-radius: 8px;
    color: var(--_text);
    font-weight: 550;
  }

  .quiet:hover {
    background: var(--_fill-strong);
  }

  .hidden {
    position: absolute;
    inline-size: 1px;
    block-size: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }

  .column {
    inline-size: 100%;
    max-inline-size: 592px;
    margin-inline: auto;
    padding-inline: 16px;
  }

  @keyframes appear {
    from {
      opacity: 0;
      translate: 0 6px;
    }
  }

  @keyframes pulse {
    50% {
      opacity: 0.4;
    }
  }

  /* Colours are gone there: shapes need an edge, and dots are all colour. */
  @media (forced-colors: active) {
    .bubble,
    .send,
    .launcher {
      border: 1px solid;
    }

    .dot,
    .waiting-dot,
    .unread {
      forced-color-adjust: none;
    }
  }

  @media (prefers-reduced-motion: reduce) {
    *,
    ::before,
    ::after {
      animation: none !important;
      transition: none !important;
    }
  }
`;
