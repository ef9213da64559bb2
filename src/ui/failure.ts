/** What went wrong, in words that lead to the next step. Facts come in, the wording is chosen here, when it is shown. */
import { css, html, nothing } from 'lit';
import type { ChatErrorDetail } from '../errors';
import { fill, type Strings } from '../i18n/strings';
import { copyButton } from './copy';
import { alertIcon } from './icons';

export interface FailureProps {
  strings: Strings;
  detail: ChatErrorDetail;
  /** The server as the header names it. */
  place: string;
  /** Whether the visitor can do something about the server: it is on this computer, and this is one. */
  ownServer: boolean;
  onRetry: () => void;
}

/** Kinds that only the owner of the server can mend; a visitor of a public page reads that the chat isn't available. */
const OWNERS_BUSINESS = new Set<ChatErrorDetail['kind']>([
  'bad-url',
  'unreachable',
  'no-model',
  'model-missing',
  'unauthorized',
  'not-ollama',
]);

/** How much of the server's own words is shown, in characters. */
const QUOTE_LENGTH = 400;

export function failure(props: FailureProps) {
  const { strings, detail, ownServer, onRetry } = props;
  const folded = !ownServer && OWNERS_BUSINESS.has(detail.kind);
  const title = folded ? strings.notAvailable.title : titleOf(props);
  return html`<div part="notice" class="failure" role="alert">
    <span class="failure-icon">${alertIcon}</span>
    <div class="failure-text">
      <strong>${title}</strong>
      ${
        folded
          ? html`<p>${strings.notAvailable.hint}</p>
            <details>
              <summary>${strings.forOwner}</summary>
              <p><b>${titleOf(props)}</b></p>
              ${explanation(props)}
            </details>`
          : explanation(props)
      }
      <button type="button" class="primary" @click=${onRetry}>${strings.tryAgain}</button>
    </div>
  </div>`;
}

const titleOf = ({ strings, detail, place }: FailureProps) => fill(strings.errors[detail.kind].title, { ...detail, place });

function explanation(props: FailureProps) {
  const { strings, detail, place } = props;
  const text = 'text' in detail ? detail.text.trim() : '';
  const size = detail.kind === 'too-long' && detail.promptTokens && detail.contextLength ? fill(strings.tokens, { ...detail }) : '';
  return html`<p>${fill(strings.errors[detail.kind].hint, { ...detail, place })} ${size}</p>
    ${steps(props).map(
      ({ what, command }) =>
        html`${what ? html`<p>${what}</p>` : nothing}
          <div class="command">
            <code>${command}</code>${copyButton(strings.copy, 'code')}
          </div>`,
    )}
    ${text ? html`<p class="quote">${strings.serverSaid}: <q>${text.length > QUOTE_LENGTH ? `${text.slice(0, QUOTE_LENGTH)} …` : text}</q></p>` : nothing}`;
}

/** Lines for a terminal. */
function steps({ strings, detail }: FailureProps): { what: string; command: string }[] {
  switch (detail.kind) {
    case 'unreachable':
      return [{ what: strings.startOllama, command: 'ollama serve' }, ...allowThisPage(strings)];
    case 'no-model':
      return [{ what: '', command: 'ollama pull llama3.2' }];
    case 'model-missing':
      // A name can come from the server's text: only what is a name goes into a line that somebody will run.
      return /^[\w./:@-]+$/.test(detail.model) ? [{ what: '', command: `ollama pull ${detail.model}` }] : [];
    default:
      return [];
  }
}

function allowThisPage(strings: Strings): { what: string; command: string }[] {
  // Ollama accepts these by itself, see §5 of its middleware's defaults (envconfig.AllowedOrigins).
  if (/^https?:\/\/(?:localhost|127\.0\.0\.1|0\.0\.0\.0)(?::\d+)?$/.test(location.origin)) return [];
  const command = /Windows/.test(navigator.userAgent)
    ? `$env:OLLAMA_ORIGINS="${location.origin}"; ollama serve`
    : `OLLAMA_ORIGINS=${location.origin} ollama serve`;
  return [{ what: strings.allowPage, command }];
}

export const failureStyles = css`
  .failure {
    display: flex;
    gap: 10px;
    margin-block-end: 20px;
    padding: 14px 16px;
    border: 1px solid var(--_border);
    border-inline-start: 3px solid var(--_danger);
    border-radius: 4px 12px 12px 4px;
    font-size: 14px;
    animation: appear 160ms ease-out;
  }

  .failure-icon {
    flex: none;
    margin-block-start: 1px;
    color: var(--_danger);
  }

  .failure-text {
    flex: 1;
    min-inline-size: 0;
    overflow-wrap: anywhere;
  }

  .failure strong {
    display: block;
    font-size: 15px;
    font-weight: 600;
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

  .failure .primary {
    margin-block-start: 10px;
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
