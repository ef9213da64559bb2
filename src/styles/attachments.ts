/** What is attached to the next message, and what was attached to a question. Adopted with the part that shows it. */
const css = String.raw;

export const styles = css`
  .attach-notice {
    display: grid;
    gap: 4px;
    padding: 8px 14px;
  }

  .attach-notice > span:first-child {
    padding: 0;
  }

  .attach-notice > span {
    overflow-wrap: anywhere;
  }

  .attached {
    margin-block-end: 8px;
    animation: appear 160ms ease-out;
  }

  .attached ul {
    display: flex;
    flex-wrap: wrap;
    gap: 10px;
    max-block-size: min(144px, 30dvh);
    margin: 0 -8px;
    /* The buttons in the corners stand out a little. */
    padding: 6px 8px 1px;
    overflow: hidden auto;
    overscroll-behavior: contain;
    scrollbar-width: thin;
    scrollbar-color: var(--_edge) transparent;
    list-style: none;
  }

  .attached li {
    flex: none;
    max-inline-size: 100%;
  }

  .attached-picture,
  .attached-file {
    position: relative;
    block-size: 56px;
    border: 1px solid var(--_border);
    border-radius: 12px;
    background: var(--_fill);
  }

  .attached-picture {
    inline-size: 56px;
  }

  .attached-picture img {
    display: block;
    inline-size: 100%;
    block-size: 100%;
    border-radius: 11px;
    object-fit: cover;
    overflow: hidden;
    font-size: 11px;
  }

  .unseen img {
    opacity: 0.4;
  }

  .attached-file {
    display: flex;
    align-items: center;
    gap: 8px;
    min-inline-size: 120px;
    max-inline-size: 240px;
    padding-inline: 10px 16px;
    color: var(--_muted);
  }

  .attached-file > svg,
  .quoted svg {
    flex: none;
  }

  .attached-file > div {
    min-inline-size: 0;
  }

  .attached-name,
  .quoted-name {
    overflow: hidden;
    color: var(--_text);
    text-overflow: ellipsis;
    white-space: nowrap;
    unicode-bidi: plaintext;
  }

  .attached-name {
    font-size: 14px;
    line-height: 1.4;
  }

  .attached-size,
  .quoted-size {
    font-size: 12px;
    line-height: 1.4;
  }

  .attached-button {
    display: grid;
    place-items: center;
    position: absolute;
    inline-size: 22px;
    block-size: 22px;
    border: 1px solid var(--_border);
    border-radius: 50%;
    background: var(--_raised);
    color: var(--_muted);
  }

  .attached-button:hover,
  .attached-button[aria-expanded='true'] {
    background: var(--_fill-strong);
    color: var(--_text);
  }

  .attached-button svg {
    inline-size: 13px;
    block-size: 13px;
    stroke-width: 2.25;
  }

  .attached-button.remove {
    inset: -6px -6px auto auto;
  }

  .attached-button.describe {
    inset: auto auto 3px 3px;
  }

  .attached-button::after {
    content: '';
    position: absolute;
    inset: 50% auto auto 50%;
    inline-size: 28px;
    block-size: 28px;
    translate: -50% -50%;
  }

  .attached-field {
    all: unset;
    box-sizing: border-box;
    inline-size: 100%;
    margin-block-start: 8px;
    padding: 7px 12px;
    border: 1px solid var(--_edge);
    border-radius: 10px;
    background: var(--_raised);
    font-size: 14px;
    animation: appear 160ms ease-out;
  }

  .attached-field::placeholder {
    color: var(--_muted);
    opacity: 1;
  }

  .attached-field:focus-visible {
    border-color: var(--_text);
    box-shadow: 0 0 0 1px var(--_text);
  }

  @media (pointer: coarse) {
    .attached ul {
      gap: 12px;
      max-block-size: min(150px, 30dvh);
    }

    .attached-button::after {
      inline-size: 44px;
      block-size: 44px;
    }

    .attached-field {
      font-size: 16px;
    }
  }

  .drop-overlay {
    display: grid;
    place-items: center;
    position: absolute;
    z-index: 3;
    inset: 8px;
    border: 2px dashed var(--_edge);
    border-radius: max(4px, var(--_radius) - 6px);
    background: color-mix(in srgb, var(--_surface) 92%, transparent);
    font-weight: 550;
    pointer-events: none;
    animation: appear 160ms ease-out;
  }

  .drop-overlay p {
    display: flex;
    align-items: center;
    gap: 8px;
    margin: 0;
    padding: 16px;
  }

  /* In the log. */
  .question {
    grid-template-columns: minmax(0, 1fr);
  }

  .sent-pictures {
    display: flex;
    flex-wrap: wrap;
    justify-content: end;
    gap: 6px;
  }

  .sent-picture {
    display: block;
    inline-size: auto;
    block-size: auto;
    max-inline-size: 100%;
    max-block-size: 240px;
    border: 1px solid var(--_border);
    border-radius: 12px;
    background: var(--_fill);
    object-fit: cover;
    overflow-wrap: anywhere;
  }

  .sent-picture:not(:only-child) {
    max-block-size: 120px;
  }

  .sent-picture.lost {
    inline-size: auto;
    block-size: auto;
    padding: 8px 14px;
    border: 1px dashed var(--_edge);
    background: none;
    color: var(--_muted);
    font-size: 13px;
  }

  .question > :is(.sent-pictures, .quoted) {
    margin-block-end: 6px;
  }

  .question > :is(.sent-pictures, .quoted):nth-last-child(2) {
    margin-block-end: 0;
  }

  .quoted {
    max-inline-size: 85%;
    border: 1px solid var(--_border);
    border-radius: 12px;
  }

  .quoted[open] {
    inline-size: 85%;
  }

  .quoted summary {
    display: flex;
    align-items: center;
    gap: 8px;
    padding: 8px 12px;
    border-radius: 11px;
    color: var(--_muted);
    font-size: 14px;
    line-height: 1.4;
    list-style: none;
    cursor: pointer;
  }

  .quoted summary:hover {
    background: var(--_fill);
  }

  .quoted svg {
    inline-size: 17px;
    block-size: 17px;
  }

  .quoted-name {
    flex: 0 1 auto;
    min-inline-size: 0;
  }

  .quoted-size {
    flex: none;
    margin-inline-end: auto;
  }

  .quoted summary > svg:last-child {
    inline-size: 14px;
    block-size: 14px;
    transition: rotate 160ms ease-out;
  }

  .quoted[open] summary > svg:last-child {
    rotate: 180deg;
  }

  .quoted pre {
    max-block-size: 280px;
    margin: 0;
    padding: 10px 12px;
    border-block-start: 1px solid var(--_border);
    border-radius: 0 0 11px 11px;
    overflow: auto;
    overscroll-behavior: contain;
    font: 13px/1.5 var(--_code-font);
    tab-size: 4;
    scrollbar-width: thin;
    scrollbar-color: var(--_edge) transparent;
  }

  .quoted pre:focus-visible {
    outline-offset: -2px;
  }
`;
