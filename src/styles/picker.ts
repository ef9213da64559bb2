/** The list of models, and the switch for thinking. Adopted with the part that shows them. */
const css = String.raw;

export const styles = css`
  .model-button {
    display: flex;
    align-items: center;
    gap: 2px;
    min-inline-size: 3ch;
    margin-inline-start: -4px;
    padding-inline: 4px 2px;
    border-radius: 6px;
  }

  .model-button:hover,
  .model-button[aria-expanded='true'] {
    background: var(--_fill-strong);
    color: var(--_text);
  }

  .model-button svg {
    flex: none;
    inline-size: 16px;
    block-size: 16px;
  }

  .picker {
    display: flex;
    flex-direction: column;
    position: absolute;
    z-index: 2;
    inset-block-start: 54px;
    inset-inline-start: 8px;
    inline-size: min(320px, 100% - 16px);
    max-block-size: min(420px, 100% - 66px);
    border: 1px solid var(--_border);
    border-radius: 14px;
    background: var(--_raised);
    box-shadow: 0 8px 28px rgb(0 0 0 / 0.14);
    animation: appear 160ms ease-out;
  }

  .picker input {
    all: unset;
    box-sizing: border-box;
    margin: 6px 6px 0;
    padding: 8px 10px;
    border: 1px solid var(--_edge);
    border-radius: 10px;
    font-size: 14px;
  }

  .picker input:focus-visible {
    border-color: var(--_text);
    box-shadow: 0 0 0 1px var(--_text);
  }

  @media (pointer: coarse) {
    .picker input {
      font-size: 16px;
    }
  }

  .picker ul {
    margin: 0;
    padding: 6px;
    overflow: hidden auto;
    overscroll-behavior: contain;
    scrollbar-width: thin;
    list-style: none;
    outline: none;
  }

  .picker li {
    display: flex;
    align-items: center;
    justify-content: space-between;
    gap: 8px;
    padding: 8px 10px;
    border-radius: 10px;
    cursor: pointer;
  }

  .picker li > div {
    min-inline-size: 0;
  }

  .picker li > svg {
    flex: none;
  }

  .picker .active {
    background: var(--_fill);
  }

  .picker :focus-visible .active,
  .picker input:focus-visible ~ ul .active {
    outline: 2px solid var(--_text);
    outline-offset: -2px;
  }

  .picker-name {
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
    line-height: 1.4;
  }

  .picker-facts {
    color: var(--_muted);
    font-size: 13px;
    line-height: 1.4;
    overflow-wrap: anywhere;
  }

  .picker-facts .dot {
    display: inline-block;
    margin-inline-end: 5px;
    vertical-align: 1px;
  }

  .picker > p {
    margin: 0;
    padding: 4px 16px 12px;
    color: var(--_muted);
    font-size: 13px;
  }

  .think span {
    position: absolute;
    inset-block-end: 3px;
    inset-inline-end: 4px;
    font-size: 10px;
    line-height: 1;
  }

  .think[aria-pressed='true'] {
    background: var(--_fill-strong);
    color: var(--_text);
  }
`;
