/** What is kept of the conversation: finds out whether there is anything to be kept, and fetches what does that. */
import { nothing, type ReactiveController, type ReactiveControllerHost } from 'lit';
import type { Conversation } from '../conversation/conversation';
import type { ChatMessage } from '../conversation/message';
import { ChatError } from '../errors';
import type { History } from './history';
import type { HistoryHost, HistorySurroundings } from './history-host';
import { kit } from './kit';
import { keyOf } from './storage-key';

type Host = ReactiveControllerHost & HistoryHost & { layout: string; persist: 'tab' | 'browser' | boolean | undefined; storageKey: string };

export class HistoryController implements ReactiveController {
  #history: History | undefined;
  #loading: Promise<History | undefined> | undefined;

  constructor(
    readonly host: Host,
    readonly conversation: Conversation,
    readonly surroundings: () => Omit<HistorySurroundings, 'reach' | 'key'>,
  ) {
    host.addController(this);
  }

  get #reach(): HistorySurroundings['reach'] {
    const { persist, layout } = this.host;
    const reach = persist ?? (layout === 'popup' && 'tab');
    return reach === true ? 'browser' : reach;
  }

  get #key(): string {
    return keyOf(this.host);
  }

  /** A popup that was open on the last page is open on this one, from its first moment. */
  hostConnected(): void {
    const open = this.#reach && /"live":false,"open":(\w+)/.exec(this.#trace)?.[1];
    if (open) this.host.open = open === 'true';
    // Back in the page: it is kept again.
    if (this.#history) this.host.requestUpdate();
  }

  hostUpdate(): void {
    const { host } = this;
    // Who has left the page may still change, and nothing of that is kept.
    if (!host.isConnected) return;
    // Who has never opened a popup, in this tab, pays for nothing.
    const isUsed = host.open || host.layout !== 'popup' || this.conversation.messages.length || this.#trace;
    if (this.#reach && isUsed) void this.load();
    this.#history?.update();
  }

  hostDisconnected(): void {
    // A move within the page is no end.
    queueMicrotask(() => this.host.isConnected || this.#history?.close());
  }

  /** `undefined` where it cannot be loaded: a script that was copied without its parts keeps nothing. */
  load(): Promise<History | undefined> {
    return (this.#loading ??= import('./history').then(
      ({ History }) => {
        const surroundings = () => ({ ...this.surroundings(), reach: this.#reach, key: this.#key });
        this.#history = new History(kit, this.host, this.conversation, surroundings);
        if (this.host.isConnected) this.#history.update();
        return this.#history;
      },
      () => undefined,
    ));
  }

  /** @throws {ChatError} `part-missing` */
  async need(): Promise<History> {
    const history = await this.load();
    if (history) return history;
    throw new ChatError({ kind: 'part-missing', part: 'history' });
  }

  /** Before the model is asked. */
  async claim(signal: AbortSignal): Promise<void> {
    if (this.#reach) await (await this.load())?.claim(signal);
  }

  /** For after the answer that is being written; where that cannot be, the text stays in the composer. */
  async enqueue(text: string): Promise<void> {
    const { host } = this;
    if (!text.trim()) return;
    // At once: a second Enter means what is typed until then.
    if (text === host.draft) host.draft = '';
    const history = await this.load();
    if (history) history.queue.add(text);
    else host.draft = text + host.draft;
  }

  /** The last message into the composer: the one that waits, else the one that was said. */
  recall(wordsOf: (message: ChatMessage) => string): void {
    const said = this.conversation.messages.findLast(({ role }) => role === 'user');
    this.host.draft = this.#history?.queue.take() ?? (said ? wordsOf(said) : '');
  }

  get button() {
    return this.#history?.button ?? nothing;
  }

  get waiting() {
    return this.#history?.waiting ?? nothing;
  }

  get view() {
    return this.#history?.view ?? nothing;
  }

  get #trace(): string {
    try {
      return sessionStorage.getItem(`ollama-chat:${this.#key}`) ?? '';
    } catch {
      return '';
    }
  }
}
