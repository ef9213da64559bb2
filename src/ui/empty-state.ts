/** Before the first message: a greeting, one honest sentence, prompts to start with. */
import { css, html, nothing } from 'lit';
import { fill, type Strings } from '../i18n/strings';
import { shortName } from './header';
import { forwardIcon } from './icons';

export interface EmptyStateProps {
  strings: Strings;
  greeting: string;
  model: string | undefined;
  place: string;
  /** Whether nothing leaves this computer. */
  isPrivate: boolean;
  suggestions: string[];
  onSuggestion: (text: string) => void;
}

export function emptyState({ strings, greeting, model, place, isPrivate, suggestions, onSuggestion }: EmptyStateProps) {
  const source = model ? fill(strings.source, { model: shortName(model), place }) : fill(strings.sourceNoModel, { place });
  return html`<div class="empty">
    <slot name="greeting">
      <h3>${greeting}</h3>
      <p>${place ? source : nothing}${isPrivate ? ` ${strings.private}` : nothing}</p>
    </slot>
    ${suggestions.map(
      text =>
        html`<button type="button" class="suggestion" @click=${() => onSuggestion(text)}><span>${text}</span><span class="forward">${forwardIcon}</span></button>`,
    )}
  </div>`;
}

export const emptyStateStyles = css`
  .empty {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: 8px;
    overflow-wrap: anywhere;
    margin-block: auto;
    padding: 20px 4px;
  }

  .empty h3 {
    margin: 0;
    font-size: 20px;
    font-weight: 650;
    line-height: 1.3;
    letter-spacing: -0.01em;
  }

  .empty p {
    margin: 0 0 8px;
    color: var(--_muted);
  }

  .suggestion {
    display: flex;
    justify-content: space-between;
    align-items: center;
    gap: 12px;
    padding: 9px 13px;
    border: 1px solid var(--_border);
    border-radius: 12px;
  }

  .suggestion:hover {
    border-color: var(--_edge);
  }

  .suggestion svg {
    inline-size: 16px;
    block-size: 16px;
    color: var(--_muted);
  }
`;
