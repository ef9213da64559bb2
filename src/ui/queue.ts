/**
 * Messages that wait for the end of an answer: their order, and how they are shown above the composer.
 * A part of its own, loaded with the first of them. Knows nothing of the conversation: it sends nothing by itself.
 */
import type { TemplateResult } from 'lit';
import type { Kit } from './kit';
import { EDIT } from './shapes';

export interface QueueWords {
  /** Names the list. */
  queueLabel: string;
  /** Said below it: when they go … */
  queued: string;
  /** … or that they do not go by themselves. */
  queueHeld: string;
  sendNow: string;
  takeBack: string;
  remove: string;
}

export interface QueuedMessage {
  readonly id: string;
  readonly text: string;
}

export class Queue {
  readonly #onChange: () => void;
  #places: readonly (QueuedMessage | undefined)[] = [];
  #items: readonly QueuedMessage[] = [];
  #held = false;
  #count = 0;

  constructor(onChange: () => void) {
    this.#onChange = onChange;
  }

  /** In their order. */
  get items(): readonly QueuedMessage[] {
    return this.#items;
  }

  /**
   * The same with gaps where some have gone, until all have: each keeps its place. What is shown of a message then never
   * becomes another's, under the finger of somebody who was about to remove it.
   */
  get places(): readonly (QueuedMessage | undefined)[] {
    return this.#places;
  }

  /** Whether they wait for the visitor instead of an answer. Never while there are none. */
  get held(): boolean {
    return this.#held;
  }

  /** At the end. What is blank is nothing to send. */
  add(text: string): void {
    if (text.trim()) this.#change([...this.#places, this.#item(text)]);
  }

  /** Takes one out, the last without `id`. Returns its text; `undefined` where it has gone already. */
  take(id = this.#items.at(-1)?.id): string | undefined {
    const item = this.#items.find(candidate => candidate.id === id);
    if (item) this.#change(this.#places.with(this.#places.indexOf(item), undefined));
    return item?.text;
  }

  remove(id: string): void {
    this.take(id);
  }

  /** From now on nothing goes by itself, until {@link next} is called for the visitor. */
  hold(): void {
    if (this.#items.length && !this.#held) this.#change(this.#places, true);
  }

  /** Takes out the first, to be sent now. Ends the holding: whom no visitor has asked looks at {@link held} before. */
  next(): string | undefined {
    this.#held = false;
    return this.take(this.#items[0]?.id);
  }

  /** All of them. */
  clear(): void {
    this.#change([]);
  }

  /** In front of what is there, and held: what comes from an earlier visit, or could not be sent. */
  restore(texts: readonly string[]): void {
    const items = texts.filter(text => text.trim()).map(text => this.#item(text));
    if (items.length) this.#change([...items, ...this.#places], true);
  }

  #item(text: string): QueuedMessage {
    return { id: String(++this.#count), text };
  }

  #change(places: readonly (QueuedMessage | undefined)[], held = this.#held): void {
    this.#items = places.filter(place => place !== undefined);
    this.#places = this.#items.length ? places : [];
    this.#held = held && this.#items.length > 0;
    this.#onChange();
  }
}

export interface QueueProps {
  words: QueueWords;
  queue: Queue;
  /** Into the composer with it. */
  onEdit: (id: string) => void;
  onRemove: (id: string) => void;
  /** Absent while an answer is being written. */
  onSendNow?: () => void;
}

/** How much of a message is shown, in characters: more than two lines hold. */
const SHOWN = 600;

/** How much of it is in the names of its buttons. */
const NAMED = 40;

export function queueList(kit: Kit, props: QueueProps): TemplateResult | Kit['nothing'] {
  const { html, nothing } = kit;
  const { words, queue, onSendNow } = props;
  if (!queue.items.length) return nothing;
  return html`<div class="queue">
    <div class="queue-scroll">
      <ul role="list" aria-label=${words.queueLabel}>
        ${queue.places.map(item => (item ? row(kit, item, props) : nothing))}
      </ul>
    </div>
    <div class="queue-line">
      <span role="status">${queue.held ? words.queueHeld : words.queued}</span>
      ${queue.held && onSendNow ? html`<button type="button" class="quiet" @click=${onSendNow}>${words.sendNow}</button>` : nothing}
    </div>
  </div>`;
}

function row({ html, fill }: Kit, { id, text }: QueuedMessage, { words, onEdit, onRemove }: QueueProps): TemplateResult {
  const button = (word: string, act: (id: string) => void, shape: TemplateResult) => {
    // The rows move up when one goes: the second click of a double click would meet another message.
    const onClick = (event: MouseEvent) => event.detail === 2 || act(id);
    const name = fill('{word}: {text}', { word, text: beginning(text.slice(0, SHOWN).replace(/\s+/g, ' '), NAMED) });
    return html`<button type="button" class="icon-button small" aria-label=${name} title=${word} @click=${onClick}>${shape}</button>`;
  };
  return html`<li>
    <div class="queued">${beginning(text, SHOWN)}</div>
    <div class="queued-ways">
      ${button(words.takeBack, onEdit, html`<svg viewBox="0 0 24 24" aria-hidden="true"><path d=${EDIT} /></svg>`)}
      ${button(words.remove, onRemove, html`<svg viewBox="0 0 24 24" aria-hidden="true"><path d="m6 6 12 12M18 6 6 18" /></svg>`)}
    </div>
  </li>`;
}

/** Cut between characters, not within one. */
function beginning(text: string, length: number): string {
  const trimmed = text.trim();
  return trimmed.length > length
    ? `${trimmed
        .slice(0, length)
        .replace(/[\ud800-\udbff]$/, '')
        .trimEnd()} …`
    : trimmed;
}

const css = String.raw;

export const styles = css`
  /* Where the panel is low it is the list that gives way: the composer stays in it. */
  .dock:has(.queue) {
    display: flex;
    flex: 0 1 auto;
    flex-direction: column;
    min-block-size: 0;
  }

  .dock:has(.queue) > slot {
    display: block;
  }

  .dock > .queue {
    flex: 0 1 auto;
    display: flex;
    flex-direction: column;
    min-block-size: 0;
    margin-block-end: 8px;
    animation: appear 160ms ease-out;
  }

  /* Upside down, so that the last one is in sight. */
  .queue-scroll {
    display: flex;
    flex-direction: column-reverse;
    min-block-size: 0;
    max-block-size: min(160px, 30dvh);
    overflow: hidden auto;
    overscroll-behavior: contain;
    scrollbar-width: thin;
    scrollbar-color: var(--_edge) transparent;
  }

  .queue ul {
    display: grid;
    justify-items: end;
    gap: 4px;
    margin: 0;
    /* Parts of a pixel are cut at the end. */
    padding: 0 0 1px;
    list-style: none;
  }

  .queue li {
    display: flex;
    align-items: center;
    gap: 8px;
    padding-block: 5px;
    padding-inline: 13px 5px;
    border: 1px dashed var(--_edge);
    border-radius: 16px;
    border-end-end-radius: 4px;
  }

  .queued {
    display: -webkit-box;
    -webkit-box-orient: vertical;
    -webkit-line-clamp: 2;
    overflow: hidden;
    font-size: 14px;
    line-height: 20px;
    white-space: pre-wrap;
    overflow-wrap: anywhere;
    unicode-bidi: plaintext;
  }

  .queued-ways {
    display: flex;
    gap: 4px;
  }

  .queue-line {
    flex: none;
    display: flex;
    flex-wrap: wrap;
    justify-content: end;
    align-items: center;
    gap: 2px 4px;
    padding: 4px 6px 0;
    color: var(--_muted);
    font-size: 13px;
    text-align: end;
  }

  /* What a finger needs around one button is not the other's. */
  @media (pointer: coarse) {
    .queue li {
      padding-inline-end: 8px;
    }

    .queued-ways {
      gap: 16px;
    }
  }
`;
