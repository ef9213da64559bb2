/** The list of conversations: what is open in it, and what the visitor wants done. */
import type { Keeper } from '../history/keeper';
import type { Library, Summary } from '../history/shelf';
import { exportJson, exportMarkdown, ImportError, importJson, type MarkdownWords, type Transfer } from '../history/transfer';
import type { HistoryStrings } from '../i18n/history-en';
import { fill } from '../i18n/strings';
import { historyList } from './history-list';
import type { Kit } from './kit';

export { styles } from '../styles/history';

/** What the view needs to know of the widget. */
export interface HistoryWords {
  strings: HistoryStrings;
  close: string;
  newChat: string;
  undo: string;
  lang: string;
  markdown: MarkdownWords;
}

export interface HistoryViewOptions {
  library: Library;
  keeper: Keeper;
  words: () => HistoryWords;
  onChange: () => void;
  /** The visitor is done here. */
  onClose: () => void;
  /** Whether nothing has been begun in the conversation that is open. */
  isUnused: () => boolean;
  /** Another conversation is to be shown. */
  onOpen: (id: string) => Promise<void>;
  onNew: () => void;
  onImport: (conversation: Transfer) => void;
}

/** How often what is searched for is looked up while it is being typed, in milliseconds. */
const TYPING = 150;

export class HistoryView {
  readonly #options: HistoryViewOptions;
  #isOpen = false;
  #all: readonly Summary[] = [];
  #query = '';
  /** In whose messages it was found; `undefined` while that is not known. */
  #found: ReadonlySet<string> | undefined;
  #search: AbortController | undefined;
  #renaming: string | undefined;
  #exporting: string | undefined;
  /** Of all that have been in the list since it was opened. */
  #order: readonly string[] = [];
  #discarded: readonly string[] = [];
  /** The one among them that was open. */
  #left: string | undefined;
  #notice: string | undefined;

  constructor(options: HistoryViewOptions) {
    this.#options = options;
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  async open(): Promise<void> {
    this.#isOpen = true;
    this.#order = [];
    this.#options.onChange();
    await this.refresh();
  }

  /** What was deleted cannot be brought back any more. */
  close(): void {
    this.#search?.abort();
    this.#forget();
    this.#isOpen = false;
    this.#query = '';
    this.#found = this.#renaming = this.#exporting = this.#notice = undefined;
    this.#options.onChange();
  }

  /** The list may have changed. */
  async refresh(): Promise<void> {
    // A title that is being edited stays where it is.
    if (!this.#isOpen || this.#renaming) return;
    const all = await this.#options.library.list().catch(() => []);
    // Where there is no room it cannot even be noted that one was put away.
    const shown = all.filter(({ id }) => !this.#discarded.includes(id));
    this.#order = [...shown.flatMap(({ id }) => (this.#order.includes(id) ? [] : id)), ...this.#order];
    // A row does not move away from under a finger.
    this.#all = shown.toSorted((a, b) => this.#order.indexOf(a.id) - this.#order.indexOf(b.id));
    this.#options.onChange();
  }

  template(kit: Kit): unknown {
    const { keeper, words, onNew } = this.#options;
    const { markdown: _, ...said } = words();
    return historyList(kit, {
      ...said,
      conversations: this.#shown(),
      current: keeper.id,
      query: this.#query,
      renaming: this.#renaming,
      exporting: this.#exporting,
      discarded: this.#discarded.length,
      notice: this.#notice,
      onClose: () => this.#leave(),
      onNew: () => {
        this.close();
        onNew();
      },
      onOpen: id => void this.#open(id),
      onSearch: text => this.#onSearch(text),
      onRename: id => this.#set(() => (this.#renaming = id)),
      onRenamed: (id, title) => void this.#rename(id, title),
      onDelete: ids => void this.#delete(ids),
      onUndo: () => void this.#restore(),
      onExport: (id, format) => void this.#export(id, format),
      onImport: file => void this.#import(file),
      onDismiss: () => this.#set(() => (this.#notice = undefined)),
    });
  }

  #set(change: () => void) {
    change();
    this.#options.onChange();
  }

  #leave() {
    this.close();
    this.#options.onClose();
  }

  #shown(): readonly Summary[] {
    const wanted = this.#query.trim().toLowerCase();
    if (!wanted) return this.#all;
    return this.#all.filter(({ id, title }) => title.toLowerCase().includes(wanted) || this.#found?.has(id));
  }

  #onSearch(text: string) {
    this.#search?.abort();
    const { signal } = (this.#search = new AbortController());
    this.#set(() => (this.#query = text));
    const wanted = text.trim();
    if (!wanted) return;
    setTimeout(async () => {
      if (signal.aborted) return;
      const found = await this.#options.library.search(wanted, signal).catch(() => undefined);
      if (!signal.aborted) this.#set(() => (this.#found = found));
    }, TYPING);
  }

  async #open(id: string) {
    const { keeper } = this.#options;
    if (id !== keeper.id) await this.#options.onOpen(id);
    this.#leave();
  }

  async #rename(id: string, title: string) {
    const { library, keeper } = this.#options;
    this.#renaming = undefined;
    await library.rename(id, title.trim()).catch(() => {});
    keeper.tell({ type: 'list' });
    await this.refresh();
  }

  async #delete(ids: readonly string[]) {
    const { library, keeper } = this.#options;
    this.#discarded = [...this.#discarded, ...ids];
    await library.discard(ids).catch(() => {});
    keeper.tell({ type: 'gone', conversations: ids });
    if (ids.includes(keeper.id)) {
      this.#left = keeper.id;
      keeper.leave();
    }
    await this.refresh();
  }

  async #restore() {
    const ids = this.#discarded;
    this.#discarded = [];
    await this.#options.library.restore(ids).catch(() => {});
    this.#options.keeper.tell({ type: 'list' });
    // Back to where the visitor was, unless they have begun something else.
    if (this.#left && ids.includes(this.#left) && this.#options.isUnused()) await this.#options.onOpen(this.#left);
    this.#left = undefined;
    await this.refresh();
  }

  /** For good, by now. */
  #forget() {
    if (this.#discarded.length) void this.#options.library.purge(this.#discarded).catch(() => {});
    this.#discarded = [];
  }

  async #export(id: string | undefined, format: 'markdown' | 'json' | undefined) {
    this.#set(() => (this.#exporting = format ? undefined : id));
    if (!id || !format) return;
    const { library, words } = this.#options;
    const kept = await library.read(id).catch(() => undefined);
    if (!kept) return;
    const title = this.#all.find(summary => summary.id === id)?.title ?? '';
    const { messages } = kept;
    const text = format === 'json' ? exportJson({ title, messages }, new Date()) : exportMarkdown({ title, messages }, words().markdown);
    download(text, title || 'chat', format === 'json' ? 'json' : 'md');
  }

  async #import(file: File) {
    try {
      this.#options.onImport(importJson(await file.text()));
      this.#leave();
    } catch (error) {
      const { importErrors } = this.#options.words().strings;
      const { reason, number } = error instanceof ImportError ? error : { reason: 'not-json' as const, number: undefined };
      this.#set(() => (this.#notice = fill(importErrors[reason], { number })));
    }
  }
}

function download(text: string, title: string, ending: 'json' | 'md') {
  const type = ending === 'json' ? 'application/json' : 'text/markdown';
  const href = URL.createObjectURL(new Blob([text], { type }));
  const name = title.replace(/[^\p{L}\p{M}\p{N}]+/gu, '-').replace(/^-|-$/g, '');
  const link = Object.assign(document.createElement('a'), { href, download: `${name.slice(0, 80) || 'chat'}.${ending}` });
  link.click();
  // Once the browser has taken hold of it.
  setTimeout(() => URL.revokeObjectURL(href), 10_000);
}
