/**
 * A question that is being edited, in the place of its bubble. Keeps what is typed whatever is rendered around it.
 * Enter sends, Shift+Enter breaks the line, Escape leaves all as it was; the keys that belong to a composition do none of it.
 */
import { adopt } from '../markdown/late-styles';
import type { ChatMessage } from '../conversation/message';
import { editField } from '../styles/message-tools';
import type { ExtrasContext } from './extras-host';
import { joinParts, splitParts } from './message-parts';

interface EditOptions {
  onEdited: (content: string) => void;
  onCancel: () => void;
  /** There is something to send now, or no longer. */
  onBlank: () => void;
}

export class MessageEdit {
  readonly #context: ExtrasContext;
  readonly #options: EditOptions;
  readonly #whole: (text: string) => string;
  /** A shadow root of its own around the field: the composer's is the one text box of the widget, and looks as it does. */
  readonly #box = document.createElement('div');
  readonly #field = document.createElement('textarea');
  #isBlank = false;

  constructor(context: ExtrasContext, message: ChatMessage, options: EditOptions) {
    this.#context = context;
    this.#options = options;
    const parts = splitParts(message);
    // What is beside the words stays as it is.
    this.#whole = text => joinParts({ ...parts, text });
    this.#field.value = parts.text;
    this.#field.rows = 1;
    this.#field.enterKeyHint = 'send';
    this.#field.autocomplete = 'off';
    this.#field.addEventListener('input', () => this.#onInput());
    this.#isBlank = !this.#whole(parts.text).trim();
    this.#box.className = 'edit-box';
    const root = this.#box.attachShadow({ mode: 'open', delegatesFocus: true });
    adopt(root, editField);
    root.append(this.#field);
  }

  /** In the place of the bubble. */
  get template(): unknown {
    const { kit, words, surroundings } = this.#context;
    const { editLabel, cancel } = words();
    const { strings } = surroundings();
    this.#field.setAttribute('aria-label', editLabel);
    // The second click of a double click would hit what comes in its place.
    const once = (act: () => void) => (event: MouseEvent) => event.detail > 1 || act();
    return kit.html`<div class="edit" role="group" aria-label=${editLabel} @keydown=${(event: KeyboardEvent) => this.#onKey(event)}>
      ${this.#box}
      <div class="edit-ways">
        <button type="button" class="quiet" @click=${once(() => this.#options.onCancel())}>${cancel}</button>
        <button type="button" class="primary" aria-disabled=${!this.#maySend} @click=${once(() => this.#send())}>${strings.send}</button>
      </div>
    </div>`;
  }

  focus(): void {
    this.#fit();
    this.#field.focus();
    this.#field.setSelectionRange(this.#field.value.length, this.#field.value.length);
  }

  /** Not while an answer is being written: it would be sent after it, and what is seen until then would be the old question. */
  get #maySend(): boolean {
    return !this.#isBlank && !this.#context.conversation.reply;
  }

  #send() {
    if (this.#maySend) this.#options.onEdited(this.#whole(this.#field.value));
  }

  #onInput() {
    this.#fit();
    const isBlank = !this.#whole(this.#field.value).trim();
    if (isBlank === this.#isBlank) return;
    this.#isBlank = isBlank;
    this.#options.onBlank();
  }

  #onKey(event: KeyboardEvent) {
    // Safari ends a composition before it reports the key that ended it: only the key code 229 still tells.
    if (event.isComposing || event.keyCode === 229) return;
    const isEnter = event.key === 'Enter' && !event.shiftKey && event.target === this.#box;
    if (!isEnter && event.key !== 'Escape') return;
    event.preventDefault();
    // The popup itself closes on Escape.
    event.stopPropagation();
    if (!isEnter) this.#options.onCancel();
    else if (!event.repeat) this.#send();
  }

  /** To the size of the text; some browsers do it by themselves. */
  #fit() {
    if (CSS.supports('field-sizing', 'content')) return;
    this.#field.style.blockSize = 'auto';
    this.#field.style.blockSize = `${this.#field.scrollHeight}px`;
  }
}
