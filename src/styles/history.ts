/** The list of conversations. A text and not a sheet of Lit's: it comes with a part that is loaded late. */
const css = String.raw;

export const styles = css`
  .history {
    display: flex;
    flex-direction: column;
    position: absolute;
    z-index: 2;
    inset: 0;
    /* What a phone's notch takes. */
    padding: inherit;
    overflow: hidden auto;
    background: var(--_surface);
    animation: appear 160ms ease-out;
  }

  /* Nothing behind it is to be seen, or reached. */
  .panel:has(> .history) > :not(.history, [role='status']) {
    visibility: hidden;
  }

  /* It has the focus while none of its controls has. */
  .history:focus-visible {
    outline: none;
  }

  .history-top {
    flex: none;
    padding: 12px 8px 4px;
  }

  .history-search {
    display: flex;
    align-items: center;
    gap: 8px;
    padding-inline: 11px;
    border: 1px solid var(--_edge);
    border-radius: 12px;
    background: var(--_raised);
    color: var(--_muted);
    cursor: text;
  }

  .history-search:focus-within {
    border-color: var(--_text);
    box-shadow: 0 0 0 1px var(--_text);
  }

  .history-search svg {
    flex: none;
    inline-size: 17px;
    block-size: 17px;
  }

  .history input {
    min-inline-size: 0;
    margin: 0;
    border: 0;
    background: none;
    color: var(--_text);
    font: inherit;
    unicode-bidi: plaintext;
  }

  .history-search input {
    flex: 1;
    padding: 7px 0;
    appearance: none;
    outline: none;
  }

  .history-search input::placeholder {
    color: var(--_muted);
    opacity: 1;
  }

  .history-log {
    flex: 1 0 0;
    min-block-size: 120px;
    display: flex;
    overflow: hidden auto;
    overscroll-behavior: contain;
    scrollbar-width: thin;
    scrollbar-color: var(--_edge) transparent;
  }

  .history ul {
    display: flex;
    flex-direction: column;
    gap: 2px;
    margin-block: 0;
    padding: 8px;
    list-style: none;
  }

  .history-row {
    flex: none;
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    position: relative;
    padding-inline-end: 6px;
    border-radius: 12px;
    content-visibility: auto;
    contain-intrinsic-block-size: auto 52px;
  }

  .history-row:hover,
  .current {
    background: var(--_fill);
  }

  .history-open,
  .history-edit {
    flex: 1;
    display: grid;
    min-inline-size: 0;
    padding: 7px 8px;
    border-radius: 12px;
  }

  .history-open:focus-visible {
    outline-offset: -2px;
  }

  .history-name {
    overflow: hidden;
    line-height: 1.4;
    white-space: nowrap;
    text-overflow: ellipsis;
    text-align: start;
    unicode-bidi: plaintext;
  }

  .current .history-name {
    font-weight: 550;
  }

  .untitled {
    color: var(--_muted);
  }

  .history time {
    color: var(--_muted);
    font-size: 12px;
    line-height: 1.4;
  }

  .history-ways {
    flex: none;
    display: flex;
    gap: 2px;
  }

  @media (hover: hover) and (not (any-pointer: coarse)) {
    .history-row:not(:hover, :focus-within, .current) .history-ways {
      position: absolute;
      opacity: 0;
    }
  }

  @media (pointer: coarse) {
    .history-ways {
      gap: 14px;
      padding-inline: 8px 6px;
    }

    /* The buttons are always there, and leave little room beside them. */
    .history-name {
      display: -webkit-box;
      -webkit-box-orient: vertical;
      -webkit-line-clamp: 2;
      white-space: normal;
      overflow-wrap: anywhere;
    }

    /* iOS zooms into fields with smaller text. */
    .history input {
      font-size: 16px;
    }

    .history .quiet {
      padding-block: 12px;
    }
  }

  /* Its words where the title's were. */
  .history-edit input {
    inline-size: calc(100% + 6px);
    block-size: calc(1.4em + 4px);
    margin: -2px -6px;
    padding: 0 5px;
    border: 1px solid var(--_text);
    border-radius: 6px;
    background: var(--_raised);
    box-shadow: 0 0 0 1px var(--_text);
    outline: none;
  }

  .history-formats {
    flex: 1 0 100%;
    display: flex;
    flex-wrap: wrap;
    gap: 6px;
    padding: 2px 2px 8px 8px;
  }

  .history-formats .quiet,
  .history-all .quiet {
    font-size: 13px;
    font-weight: 500;
  }

  .history-formats .quiet {
    border: 1px solid var(--_border);
    background: var(--_raised);
  }

  .history-none {
    margin-block: auto;
    padding-block: 20px;
    text-align: center;
    overflow-wrap: anywhere;
  }

  .history-none p {
    margin: 4px 0 0;
    color: var(--_muted);
    font-size: 13px;
  }

  .history-foot {
    flex: none;
    border-block-start: 1px solid var(--_border);
  }

  .history-foot > .column {
    padding: 8px 8px 12px;
  }

  .history-all {
    display: flex;
    flex-wrap: wrap;
    justify-content: space-between;
  }

  .history-all .quiet:not(:hover) {
    color: var(--_muted);
  }

  .history-foot p {
    margin: 0 8px;
    color: var(--_muted);
    font-size: 12px;
    text-wrap: pretty;
  }

  .refusal {
    border-inline-start: 3px solid var(--_danger);
    border-start-start-radius: 4px;
    border-end-start-radius: 4px;
    color: var(--_text);
  }

  @media (forced-colors: active) {
    .current {
      outline: 1px solid;
    }
  }
`;
