/** Steps of tools in the log, and the question before one. Adopted with the part that shows them. */
const css = String.raw;

export const styles = css`
  .steps {
    display: grid;
    gap: 10px;
    margin-block: 10px 8px;
    font-size: 14px;
  }

  .step > summary,
  .step > p {
    display: flex;
    align-items: center;
    gap: 8px;
    min-block-size: 28px;
    margin: 0;
    color: var(--_muted);
    overflow-wrap: anywhere;
  }

  /* What comes of it belongs to it. */
  .answer:has(> .steps):not(:has(> .actions)) {
    margin-block-end: 6px;
  }

  .unanswered {
    margin: 0;
    color: var(--_muted);
  }

  .step > summary {
    inline-size: fit-content;
    max-inline-size: 100%;
    border-radius: 6px;
    list-style: none;
    cursor: pointer;
  }

  .step > summary::-webkit-details-marker {
    display: none;
  }

  .step > summary:hover,
  .step strong {
    color: var(--_text);
  }

  .step strong {
    margin-inline-end: 4px;
    font-weight: 600;
  }

  .step svg {
    flex: none;
    inline-size: 16px;
    block-size: 16px;
  }

  .step.done > summary > svg:first-child {
    color: var(--_good);
  }

  .step.failed > summary > svg:first-child {
    color: var(--_danger);
  }

  .step .turn {
    inline-size: 14px;
    block-size: 14px;
    transition: rotate 160ms ease-out;
  }

  .step[open] > summary .turn {
    rotate: 90deg;
  }

  .step-body {
    margin-block: 4px 2px;
    margin-inline-start: 24px;
  }

  .step-body h3 {
    margin: 8px 0 2px;
    color: var(--_muted);
    font-size: 13px;
    font-weight: 400;
  }

  .step-body pre {
    max-block-size: 240px;
    margin: 0;
    padding: 8px 12px;
    overflow: auto;
    border-radius: 8px;
    background: var(--_fill);
    font: 13px/1.5 var(--_code-font);
    white-space: pre-wrap;
    overflow-wrap: anywhere;
    unicode-bidi: plaintext;
  }

  .given {
    display: grid;
    grid-template-columns: minmax(0, max-content) minmax(0, 1fr);
    gap: 4px 14px;
    margin: 0;
    max-block-size: 240px;
    overflow: auto;
  }

  .given dt {
    color: var(--_muted);
    overflow-wrap: anywhere;
  }

  .given dd {
    margin: 0;
    white-space: pre-wrap;
    overflow-wrap: anywhere;
    unicode-bidi: plaintext;
  }

  .consent {
    padding: 14px 16px;
    border: 1px solid var(--_border);
    border-radius: 12px;
    background: var(--_raised);
    overflow-wrap: anywhere;
    animation: appear 160ms ease-out;
  }

  .consent-head {
    display: grid;
    grid-template-columns: 16px minmax(0, 1fr);
    gap: 2px 10px;
    align-items: center;
    margin-block-end: 10px;
  }

  .consent-head svg {
    inline-size: 16px;
    block-size: 16px;
    color: var(--_muted);
  }

  .consent-head strong {
    font-size: 15px;
    font-weight: 600;
    line-height: 1.4;
  }

  .consent-head code {
    grid-column: 2;
    color: var(--_muted);
    font: 13px var(--_code-font);
  }

  .consent-head .origin {
    grid-column: 2;
    color: var(--_muted);
    font-size: 13px;
  }

  .consent-ways {
    display: grid;
    grid-template-columns: repeat(auto-fit, minmax(min(100%, 120px), 1fr));
    gap: 8px;
    margin-block-start: 14px;
  }

  .consent-ways button {
    justify-content: center;
    min-block-size: 40px;
    margin: 0;
    text-align: center;
  }

  .consent label {
    display: flex;
    align-items: center;
    gap: 8px;
    min-block-size: 24px;
    margin-block-start: 10px;
    color: var(--_muted);
    font-size: 13px;
    cursor: pointer;
  }

  .consent input {
    flex: none;
    inline-size: 16px;
    block-size: 16px;
    margin: 0;
    accent-color: var(--_accent);
  }

  @media (pointer: coarse) {
    .consent-ways button {
      min-block-size: 44px;
    }

    .consent label,
    .step > summary {
      min-block-size: 44px;
    }
  }
`;
