/** A download in the log. Adopted with the part that shows it. */
const css = String.raw;

export const styles = css`
  .card {
    margin-block-end: 20px;
    padding: 14px 16px;
    border: 1px solid var(--_border);
    border-radius: 12px;
    background: var(--_raised);
    font-size: 14px;
    overflow-wrap: anywhere;
    animation: appear 160ms ease-out;
  }

  .card.alert {
    border-inline-start: 3px solid var(--_danger);
    border-start-start-radius: 4px;
    border-end-start-radius: 4px;
    background: none;
  }

  .card > strong {
    font-size: 15px;
    font-weight: 600;
    line-height: 1.4;
  }

  .card p {
    margin: 4px 0 0;
    color: var(--_muted);
  }

  .card progress {
    appearance: none;
    display: block;
    inline-size: 100%;
    block-size: 4px;
    margin-block: 12px 8px;
    border: 0;
    border-radius: 2px;
    overflow: hidden;
    background: var(--_fill-strong);
    color: var(--_accent);
  }

  .card progress::-webkit-progress-bar {
    background: var(--_fill-strong);
  }

  .card progress::-webkit-progress-value {
    border-radius: 2px;
    background: var(--_accent);
    transition: inline-size 160ms ease-out;
  }

  .card progress::-moz-progress-bar {
    border-radius: 2px;
    background: var(--_accent);
  }

  .card progress:indeterminate {
    animation: pulse 1.6s ease-in-out infinite;
  }

  .card progress:indeterminate::-moz-progress-bar {
    background: none;
  }

  .card-facts {
    display: flex;
    flex-wrap: wrap;
    justify-content: space-between;
    gap: 0 12px;
    font-size: 13px;
    font-variant-numeric: tabular-nums;
  }

  .card-ways {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 4px 12px;
    margin-block-start: 12px;
  }

  .outlined {
    padding: 7px 13px;
    border: 1px solid var(--_edge);
    border-radius: 10px;
    font-weight: 550;
  }

  .outlined:hover {
    background: var(--_fill-strong);
  }

  @media (forced-colors: active) {
    .card progress {
      border: 1px solid;
    }
  }
`;
