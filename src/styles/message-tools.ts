/** What can be done with a message. Texts and not sheets of Lit's: they come with a part that is loaded late. */
const css = String.raw;

export const styles = css`
  /* What stands out of it is cut off: buttons at its sides, and the ring around the one that has the focus. */
  .group {
    margin-inline: -16px;
    padding-inline: 16px;
  }

  /* The last picture ends where the bubble does. */
  .question > .actions {
    margin-block-start: 2px;
    margin-inline: 0 -6px;
    justify-content: end;
  }

  /* What is below the bubble takes the place of the space between them. */
  .question:not(:has(> .edit)) {
    margin-block-end: 2px;
  }

  .tools {
    display: flex;
    align-items: center;
    gap: inherit;
  }

  /* Within reach of the pointer and of the keyboard, and quiet until then. */
  @media (hover: hover) and (pointer: fine) {
    .at-hand {
      opacity: 0;
      transition: opacity 160ms ease-out;
    }

    article:is(:hover, :focus-within) .at-hand {
      opacity: 1;
    }
  }

  /* While an answer is being written nothing else of the conversation changes. */
  [aria-busy='true'] .tool:not(:focus) {
    visibility: hidden;
  }

  .versions {
    display: flex;
    align-items: center;
    color: var(--_muted);
    font-size: 13px;
    font-variant-numeric: tabular-nums;
  }

  .versions [aria-disabled='true'] {
    background: none;
    color: var(--_edge);
    cursor: default;
  }

  .details[aria-expanded='true'] {
    background: var(--_fill-strong);
    color: var(--_text);
  }

  .facts {
    flex: 1 0 100%;
    display: flex;
    flex-wrap: wrap;
    margin: 0;
    padding: 2px 6px 0;
    color: var(--_muted);
    font-size: 13px;
    font-variant-numeric: tabular-nums;
    list-style: none;
    animation: appear 160ms ease-out;
  }

  /* A dot between them, which nobody has to hear. */
  .facts li:not(:last-child)::after {
    display: inline-block;
    margin-inline: 7px;
    border: 1.5px solid;
    border-radius: 50%;
    vertical-align: middle;
    content: '';
  }

  .edit {
    justify-self: stretch;
    border: 1px solid var(--_edge);
    border-radius: 16px;
    border-end-end-radius: 4px;
    background: var(--_raised);
    animation: appear 160ms ease-out;
  }

  .edit:has(> .edit-box:focus-within) {
    border-color: var(--_text);
    /* Inside: what stands out of a group of messages is cut off. */
    box-shadow: inset 0 0 0 1px var(--_text);
  }

  .edit-ways {
    display: flex;
    flex-wrap: wrap;
    justify-content: end;
    gap: 4px;
    padding: 0 5px 5px;
  }

  .edit-ways button {
    padding: 5px 12px;
    border-radius: 11px;
    font-size: 14px;
  }

  .edit-ways [aria-disabled='true'] {
    background: var(--_fill-strong);
    color: var(--_muted);
    cursor: default;
  }

  .question:has(> .edit) > .actions {
    display: none;
  }

  /* What a finger needs around one button is not the other's. */
  @media (pointer: coarse) {
    .question:not(:has(> .edit)) {
      margin-block-end: 8px;
    }

    .actions {
      gap: 12px 16px;
    }

    .facts {
      margin-block-start: -10px;
    }

    /* A line for each, where both are too much for one. */
    @container (inline-size < 420px) {
      .question > .actions:has(.note) > .tools {
        flex: 1 0 100%;
        justify-content: end;
      }
    }

    .edit-ways button {
      padding: 9px 16px;
    }
  }
`;

/** The field that a question is edited in. */
export const editField = css`
  textarea {
    display: block;
    box-sizing: border-box;
    inline-size: 100%;
    max-block-size: min(320px, 45dvh);
    margin: 0;
    padding: 8px 14px;
    border: 0;
    outline: none;
    background: none;
    color: inherit;
    font: inherit;
    resize: none;
    field-sizing: content;
    overflow-y: auto;
    overscroll-behavior: contain;
    scrollbar-width: thin;
    unicode-bidi: plaintext;
  }

  /* iOS zooms into fields with smaller text. */
  @media (pointer: coarse) {
    textarea {
      font-size: 16px;
    }
  }
`;
