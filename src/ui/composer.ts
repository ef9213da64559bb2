/** Where the visitor writes. Enter sends, Shift+Enter breaks the line, the Enter that ends a composition does neither. */
import { css, html } from 'lit';
import type { Strings } from '../i18n/strings';
import { sendIcon, stopIcon } from './icons';

export interface ComposerProps {
  strings: Strings;
  placeholder: string;
  draft: string;
  busy: boolean;
  /** Whether there is something to be sent beside the text. */
  isLaden: boolean;
  /** Further controls before the text, as a template. */
  tools: unknown;
  onInput: (text: string) => void;
  onSend: () => void;
  /** The same by keyboard: the visitor writes on. */
  onEnter: () => void;
  /** Up, where there is no line to go up to: bring back what was said last. */
  onRecall: () => void;
  onStop: () => void;
}

export function composer({ strings, placeholder, draft, busy, isLaden, tools, onInput, onSend, onEnter, onRecall, onStop }: ComposerProps) {
  const onKeydown = (event: KeyboardEvent) => {
    const recalls =
      event.key === 'ArrowUp' && !event.ctrlKey && !event.altKey && !event.metaKey && !(event.currentTarget as HTMLTextAreaElement).value;
    if ((!recalls && event.key !== 'Enter') || event.shiftKey || isComposing(event)) return;
    event.preventDefault();
    if (recalls) onRecall();
    else if (!event.repeat) onEnter();
  };
  // One button for both, so that the focus stays on it. The second click of a double click means what the first one meant.
  const onClick = (event: MouseEvent) => event.detail === 2 || (busy ? onStop() : onSend());
  return html`<div part="composer" class="composer" @click=${focusField}>
    ${tools}<textarea
      rows="1"
      aria-label=${placeholder}
      placeholder=${placeholder}
      enterkeyhint="send"
      autocomplete="off"
      @input=${(event: InputEvent) => onInput((event.currentTarget as HTMLTextAreaElement).value)}
      @keydown=${onKeydown}
    ></textarea>
    <button
      type="button"
      part="send"
      class="send"
      aria-label=${busy ? strings.stop : strings.send}
      title=${busy ? strings.stop : strings.send}
      aria-disabled=${!busy && !isLaden && !draft.trim()}
      @click=${onClick}
    >
      ${busy ? stopIcon : sendIcon}
    </button>
  </div>`;
}

/** Safari ends a composition before it reports the Enter that ended it: only the key code 229 still tells. */
const isComposing = (event: KeyboardEvent) => event.isComposing || event.keyCode === 229;

/** The whole box is the field, as it looks. */
function focusField(event: Event) {
  if (event.target === event.currentTarget) (event.currentTarget as Element).querySelector('textarea')?.focus();
}

/** Brings `draft` into the field, which a visitor may have changed since, and the field to the size of its text. */
export function showDraft(field: HTMLTextAreaElement, draft: string): void {
  if (field.value !== draft) field.value = draft;
  // Some browsers do it by themselves.
  if (CSS.supports('field-sizing', 'content')) return;
  field.style.blockSize = 'auto';
  field.style.blockSize = `${field.scrollHeight}px`;
}

export const composerStyles = css`
  .composer {
    position: relative;
    display: flex;
    align-items: flex-end;
    gap: 4px;
    padding: 5px;
    border: 1px solid var(--_edge);
    border-radius: var(--_radius);
    background: var(--_raised);
    cursor: text;
  }

  .composer:has(textarea:focus) {
    border-color: var(--_text);
    box-shadow: 0 0 0 1px var(--_text);
  }

  textarea {
    flex: 1;
    min-inline-size: 0;
    min-block-size: 36px;
    max-block-size: min(160px, 30dvh);
    margin: 0;
    padding: 6px 4px 6px 10px;
    border: 0;
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

  textarea:focus-visible {
    outline: none;
  }

  /* iOS zooms into fields with smaller text. */
  @media (pointer: coarse) {
    textarea {
      font-size: 16px;
    }
  }

  textarea::placeholder {
    color: var(--_muted);
    opacity: 1;
  }

  .send {
    flex: none;
    display: grid;
    place-items: center;
    inline-size: 36px;
    block-size: 36px;
    border-radius: 11px;
    background: var(--_accent);
    color: var(--_on-accent);
  }

  .send[aria-disabled='true'] {
    background: var(--_fill-strong);
    color: var(--_muted);
    cursor: default;
  }
`;
