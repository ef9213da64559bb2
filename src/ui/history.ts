/**
 * What of a chat survives, and what waits: the conversation over page changes and reloads, several of them with a list,
 * messages for after the answer, export and import. A part of its own, loaded where there is something to be kept.
 */
import type { Conversation } from '../conversation/conversation';
import { Keeper } from '../history/keeper';
import { titleOf } from '../history/record';
import { Seat } from '../history/seat';
import { type Desk, type Library, NOTHING, type ShelfFault } from '../history/shelf';
import { TabShelf } from '../history/tab-shelf';
import { type PageLife, watchPage } from '../history/page-life';
import { within } from '../patience';
import type { MarkdownWords, Transfer } from '../history/transfer';
import { history, type HistoryStrings } from '../i18n/history-en';
import { languageOf, override } from '../i18n/strings';
import { adopt } from '../markdown/late-styles';
import { moveOn } from './focus';
import type { HistoryHost, HistorySurroundings } from './history-host';
import type { HistoryView, HistoryViewOptions } from './history-view';
import type { Kit } from './kit';
import { Queue, queueList, styles as queueStyles } from './queue';

/** The one conversation of a tab. */
const ONLY = 'chat';

export class History {
  readonly #kit: Kit;
  readonly #host: HistoryHost;
  readonly #conversation: Conversation;
  readonly #surroundings: () => HistorySurroundings;
  /** Messages for after the answer that is being written. */
  readonly queue = new Queue(() => this.#onQueue());
  #texts: readonly string[] = [];
  #words = history;
  #lang = 'en';
  /** What is kept, under which name; begun anew where a page changes that. */
  #settings = '';
  #key: string | undefined;
  #session: Session | undefined;
  #ready = Promise.resolve();
  #fault: ShelfFault | 'damaged' | undefined;
  /** Said once. */
  readonly #said = new Set<string>();
  #unsubscribe = () => {};
  #listening: AbortController | undefined;
  readonly #life: PageLife = {
    onHidden: () => this.#session?.keeper.flush(),
    onLeave: () => {
      // What was deleted is gone for good, whether the list was closed or not.
      this.#session?.view?.close();
      this.#session?.seat.leave();
    },
    onReturn: () => {
      const { seat, keeper } = this.#session ?? {};
      seat?.sit();
      if (keeper?.id) void keeper.open(keeper.id);
    },
  };

  constructor(kit: Kit, host: HistoryHost, conversation: Conversation, surroundings: () => HistorySurroundings) {
    this.#kit = kit;
    this.#host = host;
    this.#conversation = conversation;
    this.#surroundings = surroundings;
  }

  /** Anything about the widget may have changed. */
  update(): void {
    const { reach, key, lang } = this.#surroundings();
    if (this.#host.shadowRoot) adopt(this.#host.shadowRoot, queueStyles);
    if (lang !== this.#lang) void this.#loadWords(lang);
    const settings = JSON.stringify([reach, key]);
    if (settings !== this.#settings) {
      this.#end();
      this.#settings = settings;
      // What was said under another key stays there.
      if (this.#key !== undefined && this.#key !== key) {
        this.#conversation.replace([]);
        this.#clearDesk();
      }
      this.#key = key;
      const gone = this.#begin();
      this.#ready = reach ? this.#keep(reach, key, gone) : Promise.resolve();
    }
    this.#session?.keeper.touch();
    this.#session?.seat.set({ open: this.#host.open });
  }

  /** Before the model is asked: what is kept is there, and the question with it. */
  async claim(signal: AbortSignal): Promise<void> {
    // A store that is slow, or hangs, must not keep the visitor from an answer.
    await within(this.#ready);
    await this.#session?.keeper.claim(signal);
  }

  /** The widget has left the page. */
  close(): void {
    const isKept = !!this.#session;
    this.#end();
    // It comes back with the rest.
    if (isKept) this.queue.clear();
    this.#settings = '';
  }

  async exportConversation(format: 'json' | 'markdown'): Promise<string> {
    const { exportJson, exportMarkdown } = await import('../history/transfer');
    await within(this.#ready);
    const messages = this.#conversation.soFar;
    const { library, keeper } = this.#session ?? {};
    const kept = await library?.list().catch(() => []);
    const title = kept?.find(({ id }) => id === keeper?.id)?.title ?? titleOf(messages);
    return format === 'json' ? exportJson({ title, messages }, new Date()) : exportMarkdown({ title, messages }, this.#markdownWords);
  }

  /** @throws {ImportError} */
  async importConversation(json: string): Promise<void> {
    const { importJson } = await import('../history/transfer');
    const conversation = importJson(json);
    await within(this.#ready);
    this.#takeOver(conversation);
  }

  // What is shown.

  /** In the header. */
  get button(): unknown {
    const { html, nothing } = this.#kit;
    if (!this.#session?.library) return nothing;
    const { conversations } = this.#allWords;
    const onClick = () => void this.#openView().catch(() => {}); // a file that is not there is told on the console
    return html`<button type="button" class="icon-button" aria-label=${conversations} title=${conversations} @click=${onClick}>
      <svg viewBox="0 0 24 24" aria-hidden="true"><path d="M5 6.5h14M5 12h14M5 17.5h9" /></svg>
    </button>`;
  }

  /** Over everything else. */
  get view(): unknown {
    const view = this.#session?.view;
    return view?.isOpen ? view.template(this.#kit) : this.#kit.nothing;
  }

  /** Above the composer. */
  get waiting(): unknown {
    const { html, nothing } = this.#kit;
    const words = this.#allWords;
    const fault = this.#fault;
    const dismiss = () => {
      this.#fault = undefined;
      this.#focus();
    };
    return html`${
      fault
        ? html`<div part="notice" class="dock-notice">
            <span role="status">${words.notKept[fault]}</span><button type="button" class="quiet" @click=${dismiss}>${words.dismiss}</button>
          </div>`
        : nothing
    }${queueList(this.#kit, {
      words,
      queue: this.queue,
      onEdit: id => this.#edit(this.queue.take(id)),
      onRemove: id => {
        this.queue.remove(id);
        this.#focus();
      },
      ...(!this.#conversation.reply && {
        onSendNow: () => {
          this.#send();
          this.#focus();
        },
      }),
    })}`;
  }

  get #allWords(): HistoryStrings {
    return override(this.#words, this.#surroundings().overrides);
  }

  get #markdownWords(): MarkdownWords {
    const { you, answer, thought } = this.#surroundings().strings;
    const { picture, tool } = this.#allWords;
    return { you, answer, thoughts: thought, picture, tool };
  }

  async #loadWords(lang: string) {
    this.#lang = lang;
    const words = languageOf(lang) === 'vi' ? await import('../i18n/history-vi').catch(() => undefined) : undefined;
    if (lang !== this.#lang) return;
    this.#words = words?.history ?? history;
    this.#host.requestUpdate();
  }

  async #openView() {
    const session = this.#session;
    const root = this.#host.shadowRoot;
    if (!session?.library || !root) return;
    const { HistoryView, styles } = await import('./history-view');
    adopt(root, styles);
    session.view ??= new HistoryView(this.#viewOptions(session.library, session.keeper));
    await session.view.open();
    await this.#host.updateComplete;
    root.querySelector<HTMLElement>('.history')?.focus();
  }

  #focus() {
    this.#host.requestUpdate();
    moveOn(this.#host);
  }

  // Keeping.

  #begin(): AbortSignal {
    this.#unsubscribe = this.#conversation.subscribe(change => change === 'state' && this.#onChange());
    const { signal } = (this.#listening = new AbortController());
    watchPage(this.#life, signal);
    return signal;
  }

  #end() {
    this.#unsubscribe();
    this.#listening?.abort();
    const session = this.#session;
    this.#session = undefined;
    session?.view?.close();
    session?.keeper.close();
    session?.seat.leave();
  }

  /** @param gone Aborted once it is no longer to be kept like this. */
  async #keep(reach: 'tab' | 'browser', key: string, gone: AbortSignal): Promise<void> {
    const host = this.#host;
    const seat = await Seat.take(key, host.open);
    if (gone.aborted) return seat.leave();
    // Where the last page has left in order the element knows already.
    if (seat.hasCrashed) host.open = seat.open;
    const part = reach === 'browser' && (await import('../history/browser-shelf').catch(() => undefined));
    if (gone.aborted) return seat.leave();
    // A script that was copied without this part.
    if (part === undefined) return this.#onFault('blocked');
    const library = part ? new part.BrowserShelf(key) : undefined;
    const shelf = library ?? new TabShelf(key);
    const keeper = new Keeper({
      conversation: this.#conversation,
      shelf,
      scope: JSON.stringify(reach === 'tab' ? [key, seat.tab] : [key]),
      desk: () => ({ draft: host.draft ?? '', queue: this.#texts }),
      onOpen: (id, desk) => {
        seat.set({ conversation: id });
        this.#onOpen(desk);
      },
      onFault: fault => this.#onFault(fault),
      onList: () => void this.#session?.view?.refresh(),
    });
    this.#session = { seat, keeper, library, view: undefined };
    if (shelf instanceof TabShelf && !seat.isOld) shelf.clear();
    const id = (await library?.start(seat.conversation).catch(() => undefined)) ?? ONLY;
    if (gone.aborted) return;
    await keeper.open(id);
    if (gone.aborted) return;
    void library?.purge().catch(() => {});
    host.requestUpdate();
  }

  #viewOptions(library: Library, keeper: Keeper): HistoryViewOptions {
    const host = this.#host;
    return {
      library,
      keeper,
      words: () => {
        const { lang, strings } = this.#surroundings();
        const { close, newChat, undo } = strings;
        return { strings: this.#allWords, close, newChat, undo, lang, markdown: this.#markdownWords };
      },
      onChange: () => host.requestUpdate(),
      onClose: () => this.#focus(),
      isUnused: () => !this.#conversation.messages.length && !host.draft,
      onOpen: id => {
        const opened = keeper.change(id);
        this.#clearDesk();
        return opened;
      },
      onNew: () => {
        host.clear();
        this.#focus();
      },
      onImport: conversation => this.#takeOver(conversation),
    };
  }

  /** It stays with the conversation that is left. */
  #clearDesk() {
    this.queue.clear();
    this.#host.draft = '';
  }

  #onOpen({ draft, queue }: Desk = NOTHING) {
    // What was typed meanwhile is newer.
    this.#host.draft ||= draft;
    this.queue.restore(queue);
    this.#host.requestUpdate();
  }

  #onFault(fault: ShelfFault | 'damaged') {
    if (this.#said.has(fault)) return;
    this.#said.add(fault);
    this.#fault = fault;
    this.#host.requestUpdate();
  }

  #takeOver({ title, messages }: Transfer) {
    this.queue.hold();
    this.#conversation.stop();
    if (this.#session?.library) this.#session.keeper.begin(title === titleOf(messages) ? undefined : title);
    this.#conversation.replace(messages);
  }

  // The queue.

  #onQueue() {
    this.#texts = this.queue.items.map(({ text }) => text);
    this.#host.requestUpdate();
    this.#onChange();
  }

  #onChange() {
    const { phase, messages } = this.#conversation;
    // After a failure the next one would fail as well; in a new chat it may no longer be meant.
    if (phase.name === 'failed' || !messages.length) this.queue.hold();
    // Once whoever else listens has heard of it.
    else if (phase.name === 'idle' && !this.queue.held && this.#texts.length) queueMicrotask(() => this.queue.held || this.#send());
  }

  #send() {
    const { reply, messages } = this.#conversation;
    if (reply) return;
    const text = this.queue.next();
    if (text === undefined) return;
    void this.#host.send(text);
    // The page has kept it back: it is the visitor's again.
    if (this.#conversation.messages !== messages) return;
    this.#edit(text);
    this.queue.hold();
  }

  /** Into the composer, before what is there. */
  #edit(text: string | undefined) {
    const { draft } = this.#host;
    if (text !== undefined) this.#host.draft = draft ? `${text}\n\n${draft}` : text;
    this.#host.focus();
  }
}

interface Session {
  seat: Seat;
  keeper: Keeper;
  /** Where there can be more than one conversation. */
  library: Library | undefined;
  view: HistoryView | undefined;
}
