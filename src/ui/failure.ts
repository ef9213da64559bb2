/**
 * A failure, shown: its cause, the way out, *Try again*, and whether the server is back.
 * A part of its own, loaded with the first failure.
 */
import type { Strings } from '../i18n/strings';
import { explain, type Explanation, type Situation, type Step } from './explanation';
import type { Kit } from './kit';

export { watchRecovery } from './recovery';

/** What is known of it, beside what the page tells about itself. */
export interface FailureProps extends Omit<Situation, 'origin' | 'userAgent'> {
  /** Which of the explanation's systems. */
  chosen: number;
  isBack: boolean;
  onRetry: () => void;
  onSystem: (index: number) => void;
  /** Fetches a model that the server lacks; absent where visitors may not. */
  onDownload: ((model: string) => void) | undefined;
}

export function failure(kit: Kit, props: FailureProps) {
  const { html, nothing } = kit;
  const { strings, isBack, isOllama, detail, onRetry, onDownload } = props;
  const explanation = explain({ ...props, origin: self.origin, userAgent: navigator.userAgent });
  const missing = onDownload && isOllama && detail.kind === 'model-missing' ? detail.model : undefined;
  const { title, folded, why, words } = explanation;
  // Not atomic: another system's steps are read out alone, and not the whole again.
  return html`<div part="notice" class="failure" role="alert" aria-atomic="false">
    <strong><svg viewBox="0 0 24 24" aria-hidden="true"><circle cx="12" cy="12" r="8.5" /><path d="M12 8v4.5M12 16v.01" /></svg> ${folded ? folded.title : title}</strong>
    ${
      folded
        ? html`<p>${folded.hint}</p>
            <details>
              <summary>${strings.forOwner}</summary>
              <p><b>${title}</b></p>
              ${content(kit, explanation, props)}
            </details>`
        : content(kit, explanation, props)
    }
    ${isBack ? html`<p class="back"><span class="dot loaded"></span>${words.answersNow}</p>` : nothing}
    <div class="failure-ways">
      ${
        missing
          ? html`<button type="button" class="primary" @click=${() => onDownload?.(missing)}>
              ${kit.fill(words.fetchModel, { model: kit.shortName(missing) })}
            </button>`
          : nothing
      }
      <button type="button" class=${missing ? 'quiet' : 'primary'} @click=${onRetry}>${strings.tryAgain}</button>
      ${
        why && !folded
          ? html`<details>
              <summary>${words.why}</summary>
              <p>${why}</p>
            </details>`
          : nothing
      }
    </div>
  </div>`;
}

function content(kit: Kit, explanation: Explanation, { strings, chosen, onSystem }: FailureProps) {
  const { html, nothing } = kit;
  const { steps, systems, link, quote, words } = explanation;
  return html`${steps.map(step => html`<p>${step.text}</p>${line(kit, step, strings)}`)}
    ${link ? html`<p><a href=${link.href} target="_blank" rel="noopener noreferrer">${link.text}</a></p>` : nothing}
    ${
      systems
        ? html`<fieldset class="systems">
              <legend class="hidden">${words.system}</legend>
              ${systems.map(
                ({ name }, index) =>
                  html`<label><input type="radio" name="system" .checked=${index === chosen} @change=${() => onSystem(index)} />${name}</label>`,
              )}
            </fieldset>
            <ol>
              ${systems[chosen]?.steps.map(step => html`<li>${step.text} ${line(kit, step, strings)}</li>`)}
            </ol>`
        : nothing
    }
    ${quote ? html`<p class="quote">${words.serverSaid}: <q>${quote}</q></p>` : nothing}`;
}

const line = ({ html, nothing, copyButton }: Kit, { command }: Step, strings: Strings) =>
  command ? html`<div class="command"><code dir="ltr">${command}</code>${copyButton(strings.copy, 'code')}</div>` : nothing;

const css = String.raw;

export const styles = css`
  .failure {
    margin-block-end: 20px;
    padding: 14px 16px;
    border: 1px solid var(--_border);
    border-inline-start: 3px solid var(--_danger);
    border-radius: 12px;
    border-start-start-radius: 4px;
    border-end-start-radius: 4px;
    font-size: 14px;
    overflow-wrap: anywhere;
    animation: appear 160ms ease-out;
  }

  .failure > strong {
    display: flex;
    gap: 10px;
    margin-block-end: 6px;
    font-size: 15px;
    font-weight: 600;
    line-height: 1.4;
  }

  .failure > strong svg {
    flex: none;
    margin-block-start: 1px;
    color: var(--_danger);
  }

  .failure p {
    margin: 4px 0;
  }

  .failure summary {
    width: fit-content;
    padding-block: 4px;
    border-radius: 6px;
    color: var(--_muted);
    cursor: pointer;
  }

  .failure-ways {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 4px 16px;
    margin-block-start: 10px;
  }

  .failure-ways summary {
    list-style: none;
  }

  .failure-ways summary:hover {
    color: var(--_text);
  }

  .failure-ways details[open] {
    flex-basis: 100%;
  }

  .failure a {
    color: var(--_link);
  }

  .failure ol {
    margin: 4px 0;
    padding-inline-start: 20px;
  }

  .failure li {
    margin-block: 6px;
  }

  .systems {
    display: flex;
    flex-wrap: wrap;
    gap: 2px;
    min-inline-size: 0;
    margin-block: 8px 4px;
    margin-inline: -10px 0;
    padding: 0;
    border: 0;
  }

  .systems label {
    position: relative;
    padding: 3px 10px;
    border: 1px solid transparent;
    border-radius: 8px;
    color: var(--_muted);
    cursor: pointer;
  }

  .systems label:hover,
  .systems label:has(:checked) {
    color: var(--_text);
  }

  .systems label:has(:checked) {
    border-color: var(--_edge);
  }

  .systems label:has(:focus-visible) {
    outline: 2px solid var(--_text);
    outline-offset: 2px;
  }

  .systems input {
    position: absolute;
    opacity: 0;
    inset: 0;
    margin: 0;
    cursor: inherit;
  }

  .back {
    display: flex;
    align-items: center;
    gap: 8px;
  }

  .quote {
    color: var(--_muted);
    font-size: 13px;
  }

  .command {
    display: flex;
    align-items: flex-start;
    gap: 4px;
    margin-block: 6px 8px;
    padding: 5px 5px 5px 12px;
    border-radius: 10px;
    background: var(--_fill);
  }

  .command code {
    flex: 1;
    padding-block: 4px;
    font: 13px/1.5 var(--_code-font);
    overflow-wrap: anywhere;
    white-space: pre-wrap;
  }
`;
