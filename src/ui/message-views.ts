/** The imperative insides of all messages, by id. They live as long as their message, so that a selection in it survives. */
import type { ChatMessage } from '../conversation/message';
import type { MarkdownSettings } from './enrich';
import { duration } from '../i18n/strings';
import { isJsonBegun, jsonAsCode, jsonSoFar } from './json-answer';
import { MarkdownView } from './markdown-view';

/** How much of a thought is shown as it comes, in characters. */
const LIVE = 120;

export class MessageView {
  /** What Lit renders the message into. */
  readonly root = document.createElement('div');
  /** For how long it has been thinking, and what it thinks now. */
  readonly live = document.createElement('span');
  readonly lastThought = document.createElement('div');
  #since: number | undefined;
  #isJson: boolean | undefined;
  #whole: { content: string; markdown: string } | undefined;
  #content: MarkdownView | undefined;
  #thinking: MarkdownView | undefined;
  #unfolded = false;
  #message: ChatMessage | undefined;
  #final = false;

  constructor(readonly settings: () => MarkdownSettings) {}

  /** Made when first needed: a question has neither. */
  get content(): MarkdownView {
    return (this.#content ??= new MarkdownView(this.settings));
  }

  get thinking(): MarkdownView {
    return (this.#thinking ??= new MarkdownView(this.settings));
  }

  /** The answer as it reads. */
  get text(): string {
    return this.content.element.textContent ?? '';
  }

  /** Brings the text up to date; `final` once nothing more will come. */
  show(message: ChatMessage, final: boolean): void {
    this.#message = message;
    this.#final = final;
    const { strings } = this.settings();
    this.content.show(this.#markdownOf(message.content, final), final);
    if (!final && message.thinking && !message.content) {
      this.#since ??= performance.now();
      this.live.textContent = duration(strings, performance.now() - this.#since);
      this.lastThought.textContent = message.thinking.slice(-LIVE).trimEnd().split('\n').at(-1) ?? '';
    }
    // Thoughts are long and mostly unread: they are rendered once somebody opens them.
    if (this.#unfolded) this.thinking.show(message.thinking ?? '', final);
  }

  /** Found out once: looking into a text that is being put together makes a copy of it. */
  #markdownOf(content: string, final: boolean): string {
    const { isJson } = this.settings();
    if (final && content !== this.#whole?.content) this.#whole = { content, markdown: jsonAsCode(content, isJson) };
    if (final) return this.#whole?.markdown ?? content;
    if (isJson) this.#isJson ??= isJsonBegun(content);
    return this.#isJson ? jsonSoFar(content) : content;
  }

  unfold(open: boolean): void {
    this.#unfolded = open;
    if (this.#message) this.show(this.#message, this.#final);
  }
}

export class MessageViews {
  readonly #views = new Map<string, MessageView>();

  constructor(readonly settings: () => MarkdownSettings) {}

  of(message: ChatMessage): MessageView {
    let view = this.#views.get(message.id);
    if (!view) this.#views.set(message.id, (view = new MessageView(this.settings)));
    return view;
  }

  /** Whether the message has been shown. */
  has(message: ChatMessage): boolean {
    return this.#views.has(message.id);
  }

  /** Forgets the views of messages that are no longer there, and says whether there were any. */
  keep(messages: readonly ChatMessage[]): boolean {
    const ids = new Set(messages.map(({ id }) => id));
    const gone = [...this.#views.keys()].filter(id => !ids.has(id));
    for (const id of gone) this.#views.delete(id);
    return gone.length > 0;
  }
}
