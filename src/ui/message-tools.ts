/**
 * What can be done with a message beside reading it: copy and edit a question, turn to an earlier answer, see what an answer
 * has cost, delete either.
 */
import type { ChatMessage } from '../conversation/message';
import type { ExtrasContext, MessageExtras } from './extras-host';
import { bringIntoView, keepInPlace } from './in-place';
import { details } from './message-details';
import { MessageEdit } from './message-edit';
import { QuestionBodies } from './question-body';
import { DELETE, EDIT, NEXT } from './shapes';
import { without } from './turns';
import { type Place, Versions } from './versions';

/** What can be undone. */
interface Deleted {
  before: readonly ChatMessage[];
  after: readonly ChatMessage[];
  /** The versions of its answers. */
  known: unknown;
}

const ICONS = {
  edit: EDIT,
  delete: DELETE,
  details: 'M20.5 12a8.5 8.5 0 1 1-17 0 8.5 8.5 0 0 1 17 0ZM12 11.5V16M12 8v.01',
  previous: 'm14.5 6-6 6 6 6',
  next: NEXT,
};

export class MessageTools implements MessageExtras {
  readonly #context: ExtrasContext;
  readonly #bodies: QuestionBodies;
  readonly #versions = new Versions();
  /** Of which messages the details are unfolded. */
  readonly #unfolded = new Set<string>();
  /** Of which the text is being edited. */
  readonly #edits = new Map<string, MessageEdit>();
  #deleted: Deleted | undefined;
  #count = 0;
  #words: unknown;
  #wasBusy = false;

  constructor(context: ExtrasContext) {
    this.#context = context;
    this.#bodies = new QuestionBodies(context);
    // It goes with the conversation: there is nothing to end.
    context.conversation.subscribe(change => change === 'state' && this.#onChange());
    this.#onChange();
  }

  close(): void {
    this.#bodies.close();
    this.#edits.clear();
    this.#deleted = undefined;
    this.change();
  }

  get version(): unknown {
    const words = this.#context.words();
    if (words !== this.#words) this.#count += 1;
    this.#words = words;
    return this.#count;
  }

  bubble(message: ChatMessage): unknown {
    return this.#bodies.body(message, this.#edits.get(message.id)?.template);
  }

  steps(message: ChatMessage): unknown {
    return this.#context.steps(message);
  }

  questionActions(message: ChatMessage): unknown {
    const { id, content } = message;
    const { kit, words, surroundings } = this.#context;
    const { html, nothing, copyButton } = kit;
    return html`<div class="tools at-hand">
      ${content ? copyButton(surroundings().strings.copy, 'message') : nothing}
      ${this.#button('pencil', words().edit, ICONS.edit, () => this.#edit(message))}
      ${this.#button('delete', words().delete, ICONS.delete, () => this.#delete(id))}
    </div>`;
  }

  answerActions({ id, stats }: ChatMessage): unknown {
    const { kit, words, surroundings } = this.#context;
    const { html, nothing } = kit;
    const { strings, lang } = surroundings();
    const place = this.#versions.placeOf(id);
    const facts = stats ? details(stats, words(), strings, lang) : [];
    const isUnfolded = facts.length > 0 && this.#unfolded.has(id);
    return html`${place ? this.#pager(place) : nothing}
      ${facts.length ? this.#detailsButton(id, isUnfolded) : nothing}
      <div class="tools at-hand">${this.#button('delete', words().delete, ICONS.delete, () => this.#delete(id))}</div>
      ${
        isUnfolded
          ? html`<ul class="facts" role="list" aria-label=${words().details}>
              ${facts.map(fact => html`<li><bdi>${fact}</bdi></li>`)}
            </ul>`
          : nothing
      }`;
  }

  /** Above the composer. */
  get notice(): unknown {
    const { kit, words, surroundings } = this.#context;
    const { html, nothing } = kit;
    if (!this.#deleted) return nothing;
    return html`<div part="notice" class="dock-notice">
      <span role="status">${words().deletedMessage}</span
      ><button type="button" class="quiet" @click=${() => this.#undo()}>${surroundings().strings.undo}</button>
    </div>`;
  }

  // Details.

  #detailsButton(id: string, isUnfolded: boolean): unknown {
    const { html } = this.#context.kit;
    const name = this.#context.words().details;
    return html`<button
      type="button"
      class="icon-button small details"
      aria-label=${name}
      title=${name}
      aria-expanded=${isUnfolded}
      @click=${() => this.#unfold(id, !isUnfolded)}
    >
      ${this.#icon(ICONS.details)}
    </button>`;
  }

  #unfold(id: string, isUnfolded: boolean) {
    if (isUnfolded) this.#unfolded.add(id);
    else this.#unfolded.delete(id);
    this.change();
    void this.#context.host.updateComplete.then(() => {
      const facts = this.#find(id, '.facts');
      if (facts && this.#log) bringIntoView(this.#log, facts);
    });
  }

  // Edit.

  #edit(message: ChatMessage) {
    const { id } = message;
    const { conversation, host, moveOn } = this.#context;
    if (conversation.reply) return;
    const edit = new MessageEdit(this.#context, message, {
      onEdited: text => {
        this.#edits.delete(id);
        this.change();
        void host.edit(id, text);
        moveOn();
      },
      onCancel: () => {
        this.#edits.delete(id);
        this.change();
        void this.#passFocus(() => this.#find(id, '.pencil'));
      },
      onBlank: () => this.change(),
    });
    this.#edits.set(id, edit);
    this.change();
    void this.#passFocus(() => edit);
  }

  // Versions.

  #pager({ question, index, count }: Place): unknown {
    const { kit, words } = this.#context;
    const { html, fill } = kit;
    const { versions, version, previous, next } = words();
    const button = (name: string, kind: string, shape: string, to: number) => html`<button
      type="button"
      class="icon-button small tool forward ${kind}"
      aria-label=${name}
      title=${name}
      aria-disabled=${to < 0 || to === count}
      @click=${() => this.#turn({ question, index: to, count }, kind)}
    >
      ${this.#icon(shape)}
    </button>`;
    return html`<div class="versions" role="group" aria-label=${versions} data-question=${question}>
      ${button(previous, 'previous', ICONS.previous, index - 1)}
      <span aria-hidden="true">${index + 1}/${count}</span><span class="hidden">${fill(version, { index: index + 1, count })}</span>
      ${button(next, 'next', ICONS.next, index + 1)}
    </div>`;
  }

  #turn(to: Place, kind: string) {
    const { kit, conversation, words, surroundings } = this.#context;
    const turned = this.#versions.turned(conversation.messages, to);
    if (turned === conversation.messages || conversation.reply) return;
    const find = () =>
      this.#all('.versions')
        .find(({ dataset }) => dataset.question === to.question)
        ?.querySelector<HTMLElement>(`.${kind}`);
    if (this.#log) keepInPlace(this.#log, find);
    conversation.amend(turned);
    surroundings().announce(kit.fill(words().version, { index: to.index + 1, count: to.count }));
    void this.#passFocus(find);
  }

  // Delete.

  #delete(id: string) {
    const { conversation, moveOn } = this.#context;
    const before = conversation.messages;
    const after = without(before, id);
    if (after === before || conversation.reply) return;
    this.#deleted = { before, after, known: this.#versions.known };
    conversation.amend(after);
    moveOn();
  }

  #undo() {
    const { conversation, moveOn } = this.#context;
    if (!this.#deleted || conversation.reply) return;
    const { before, known } = this.#deleted;
    this.#deleted = undefined;
    this.#versions.restore(known);
    conversation.amend(before);
    moveOn();
  }

  // What all of them need.

  #onChange() {
    const { messages, reply } = this.#context.conversation;
    if (this.#deleted?.after !== messages) this.#deleted = undefined;
    const ids = new Set(messages.map(({ id }) => id));
    for (const id of this.#edits.keys()) if (!ids.has(id)) this.#edits.delete(id);
    for (const id of this.#unfolded) if (!ids.has(id)) this.#unfolded.delete(id);
    const isBusy = !!reply;
    const isOther = isBusy ? false : this.#versions.note(messages);
    // The rest of what is not to be used meanwhile is hidden by its styles.
    if (isOther || (this.#edits.size && isBusy !== this.#wasBusy)) this.change();
    this.#wasBusy = isBusy;
  }

  /** Something beside a message looks different now. */
  change(): void {
    this.#count += 1;
    this.#context.changed();
  }

  #button(kind: string, name: string, shape: string, act: () => void): unknown {
    // The second click of a double click would hit what comes in its place.
    const onClick = (event: MouseEvent) => event.detail > 1 || act();
    return this.#context.kit.html`<button
      type="button"
      class="icon-button small tool ${kind}"
      aria-label=${name}
      title=${name}
      @click=${onClick}
    >
      ${this.#icon(shape)}
    </button>`;
  }

  #icon(shape: string): unknown {
    return this.#context.kit.html`<svg viewBox="0 0 24 24" aria-hidden="true"><path d=${shape} /></svg>`;
  }

  /** A control is gone, and another one has come that means the same. Until that is there the focus stays in the chat. */
  async #passFocus(find: () => { focus(options?: FocusOptions): void } | null | undefined): Promise<void> {
    this.#log?.focus({ preventScroll: true });
    await this.#context.host.updateComplete;
    find()?.focus({ preventScroll: true });
  }

  get #log(): HTMLElement | null {
    return this.#all('.log')[0] ?? null;
  }

  #all(selector: string): HTMLElement[] {
    return [...(this.#context.host.shadowRoot?.querySelectorAll<HTMLElement>(selector) ?? [])];
  }

  /** In the message with this id. */
  #find(id: string, selector: string): HTMLElement | null {
    return (
      this.#all('article')
        .find(({ dataset }) => dataset.id === id)
        ?.querySelector<HTMLElement>(selector) ?? null
    );
  }
}
