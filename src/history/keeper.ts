/**
 * Keeps one conversation: brings back what is on the shelf, writes what is said, follows what other tabs say of it.
 * The truth of this tab is in the conversation, that of all tabs on the shelf. Whoever asks the model holds the lock.
 */
import type { Conversation } from '../conversation/conversation';
import { type ChatMessage, createId, createMessage } from '../conversation/message';
import { byId, difference, sameOf, type Stored } from './difference';
import { type News, NewsChannel, type Written } from './news';
import { titleOf } from './record';
import { type Desk, type Kept, NOTHING, type Shelf, type ShelfFault, shelfError } from './shelf';
import { WriterLock } from './tabs';

/** How often a reply that is being written is saved, in milliseconds; and what the visitor types. */
const RHYTHM = 200;

/** How long a question waits for being put on the shelf, in milliseconds. */
const PATIENCE = 2000;

export interface KeeperOptions {
  conversation: Conversation;
  shelf: Shelf;
  /** Whose conversations they are: those of a key, or of a tab. */
  scope: string;
  desk: () => Desk;
  /** The conversation is another one now. */
  onOpen: (id: string, desk: Desk | undefined) => void;
  /** Something could not be read or written. */
  onFault: (fault: ShelfFault | 'damaged') => void;
  /** What a list of conversations shows may have changed. */
  onList: () => void;
}

export class Keeper {
  readonly #options: KeeperOptions;
  readonly #channel: NewsChannel;
  readonly #lock: WriterLock;
  readonly #unsubscribe: () => void;
  #id = '';
  /** What is on the shelf, as far as this tab knows, in its order. */
  #stored: Stored = new Map();
  #desk: Desk = { draft: '', queue: [] };
  #stamp = '';
  #timer: ReturnType<typeof setTimeout> | undefined;
  #savedAt = -Infinity;
  #saving: Promise<void> | undefined;
  /** The one after it. */
  #nextSave: Promise<void> | undefined;
  #isOff = false;
  #opening: Promise<void> | undefined;
  /** Begun by the page: nothing to be kept yet. */
  #isSeed = false;
  /** The conversation that was left by a clear(), and what it looked like: an undo brings exactly that back. */
  #left: { id: string; messages: readonly ChatMessage[] } | undefined;
  #before: readonly ChatMessage[] = [];
  /** Another tab has written while this one was. */
  #isBehind = false;

  constructor(options: KeeperOptions) {
    this.#options = options;
    this.#channel = new NewsChannel(`ollama-chat:${options.scope}`, news => this.#onNews(news));
    this.#lock = new WriterLock(options.scope);
    this.#unsubscribe = options.conversation.subscribe(change => (change === 'delta' ? this.#onDelta() : this.#onChange()));
  }

  /** The conversation that is open. */
  get id(): string {
    return this.#id;
  }

  /**
   * Shows what is kept of a conversation. A question that was asked before it could be brought back comes after it.
   * @param id One that is not kept is a new one.
   */
  open(id: string): Promise<void> {
    return (this.#opening = this.#open(id));
  }

  async #open(id: string): Promise<void> {
    const { conversation, shelf, onFault, onOpen } = this.#options;
    this.#end();
    this.#id = '';
    let kept: Kept | undefined;
    try {
      kept = await shelf.read(id);
    } catch (error) {
      return this.#onFault(error);
    }
    // Gone by now, or on the way to another one.
    if (this.#isOff || this.#id) return;
    if (kept?.damaged) onFault('damaged');
    const known = byId(conversation.messages);
    const messages = (kept?.messages ?? []).map(message => sameOf(known.get(message.id), message));
    const isSeeded = !conversation.reply && conversation.messages.some(message => !messages.includes(message));
    // What the page itself has begun with is a conversation of its own, and not kept as long as nobody answers.
    this.#isSeed = isSeeded && messages.length > 0 && shelf.isLibrary;
    this.#id = this.#isSeed ? createId() : id;
    this.#take(this.#isSeed ? NOTHING : { ...NOTHING, ...kept, messages });
    onOpen(this.#id, kept);
    if (isSeeded) return void this.#save();
    this.#show([...messages, ...conversation.messages.filter(message => !messages.includes(message))]);
    this.#channel.post({ type: 'hello', conversation: id });
  }

  /** Leaves the conversation that is open for another one, and what is being written in it. */
  async change(id: string): Promise<void> {
    const { conversation } = this.#options;
    if (this.#isOwn) conversation.stop();
    await this.#save();
    this.#end();
    this.#id = '';
    conversation.replace([]);
    await this.open(id);
  }

  /** A new conversation, which is kept once something is said in it. */
  begin(): void {
    this.#end();
    this.#id = createId();
    this.#take(NOTHING);
    this.#options.onOpen(this.#id, undefined);
  }

  /**
   * Before the model is asked: waits for other tabs, catches up with them, and puts the question on the shelf.
   * @throws what `signal` was aborted with.
   */
  async claim(signal: AbortSignal): Promise<void> {
    const { shelf } = this.#options;
    await this.#opening;
    if (this.#isOff) return;
    const id = this.#id;
    await this.#lock.take(id, signal);
    if (this.#isOff || id !== this.#id) return this.#lock.give();
    // A store that is slow, or hangs, must not keep the visitor from an answer.
    await Promise.race([this.#prepare(shelf), new Promise(resolve => setTimeout(resolve, PATIENCE))]);
  }

  async #prepare(shelf: Shelf): Promise<void> {
    try {
      if ((await shelf.stampOf(this.#id)) !== (this.#stamp || undefined)) await this.#catchUp();
    } catch (error) {
      this.#onFault(error);
    }
    await this.#save();
  }

  /** What the visitor has typed or queued may have changed. */
  touch(): void {
    const { draft, queue } = this.#options.desk();
    if (draft !== this.#desk.draft || queue !== this.#desk.queue) this.#onDelta();
  }

  /** The page may be gone in a moment. */
  flush(): void {
    void this.#write(true);
  }

  /** Tells the other tabs. */
  tell(news: Exclude<News, Written>): void {
    this.#channel.post(news);
  }

  /** Nothing is kept from now on. */
  close(): void {
    this.flush();
    this.#unsubscribe();
    this.#end();
    if (this.#isOwn) this.#tellWritten([], [], true);
    this.#isOff = true;
    this.#channel.close();
    this.#options.shelf.close();
  }

  /** Whether this tab is asking the model. */
  get #isOwn(): boolean {
    const { reply, isElsewhere } = this.#options.conversation;
    return !!reply && !isElsewhere;
  }

  #end() {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#lock.give();
    this.#lock.unwatch();
    this.#left = undefined;
  }

  #take({ messages, draft, queue, stamp }: Kept) {
    this.#stored = byId(messages);
    this.#desk = { draft, queue };
    this.#stamp = stamp;
    this.#isBehind = false;
  }

  #onFault(error: unknown) {
    const { fault } = shelfError(error);
    // Where there is no room now there may be some later.
    if (fault !== 'full') this.#isOff = true;
    this.#options.onFault(fault);
  }

  // Saving.

  #onDelta() {
    const rest = this.#savedAt + RHYTHM - performance.now();
    // Not by a timer alone: in a hidden page those are slow.
    if (rest <= 0) this.#save();
    else this.#timer ??= setTimeout(() => this.#save(), rest);
  }

  #onChange() {
    const { messages, phase, reply } = this.#options.conversation;
    const before = this.#before;
    this.#before = messages;
    if (!this.#id) return;
    if (this.#options.shelf.isLibrary) {
      if (!messages.length && !reply && before.length) return this.#onClear(before);
      if (this.#left && messages === this.#left.messages) return void this.open(this.#left.id);
      if (messages.length) this.#left = undefined;
    }
    if (reply) this.#isSeed = false;
    void this.#save();
    if (phase.name === 'idle' || phase.name === 'failed') void this.#onEnd();
  }

  /** The old conversation stays on the shelf, and the next one begins; what is in the composer goes along. */
  #onClear(messages: readonly ChatMessage[]) {
    const { id } = this;
    void this.#write(true, messages, { draft: '', queue: [] });
    this.begin();
    this.#left = { id, messages };
  }

  /** Nothing is being written here any more. */
  async #onEnd() {
    await this.#save();
    if (this.#options.conversation.reply) return;
    this.#lock.give();
    if (this.#isBehind) await this.#catchUp().catch(() => {});
  }

  /** Saves what has changed, one writing at a time. */
  #save(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#saving) {
      this.#nextSave ??= this.#saving.then(() => {
        this.#nextSave = undefined;
        return this.#save();
      });
      return this.#nextSave;
    }
    // Not before the others have been waited for.
    if (this.#isOwn && !this.#lock.isHeld) return Promise.resolve();
    return (this.#saving = this.#write(false).finally(() => (this.#saving = undefined)));
  }

  async #write(isLast: boolean, said = this.#said, desk = this.#options.desk()): Promise<void> {
    const { conversation, shelf, onList } = this.#options;
    const id = this.#id;
    if (this.#isOff || this.#isSeed || !id) return;
    const { put, remove } = difference(this.#stored, said);
    const isSame = !put.length && !remove.length && desk.draft === this.#desk.draft && desk.queue === this.#desk.queue;
    // Nothing is kept of a chat in which nothing has happened.
    const isNothing = !said.length && !this.#stamp && !desk.draft && !desk.queue.length;
    if (isSame || isNothing) return this.#tellWritten([], []);
    const before = { stored: this.#stored, desk: this.#desk, stamp: this.#stamp };
    this.#savedAt = performance.now();
    this.#stored = byId(said);
    this.#desk = desk;
    this.#stamp = createId();
    try {
      const change = { put, remove, title: titleOf(said), size: said.length, stamp: this.#stamp, ...desk };
      await shelf.write(id, change, isLast);
    } catch (error) {
      // To be tried again with the next change.
      if (id === this.#id) ({ stored: this.#stored, desk: this.#desk, stamp: this.#stamp } = before);
      return this.#onFault(error);
    }
    if (id === this.#id) this.#tellWritten(put, remove);
    if (!conversation.reply) onList();
  }

  /** All that there is to be kept. A reply of another tab is kept there. */
  get #said(): readonly ChatMessage[] {
    const { isElsewhere, soFar } = this.#options.conversation;
    return isElsewhere ? [...this.#stored.values()] : soFar;
  }

  #tellWritten(put: readonly ChatMessage[], remove: readonly string[], isEnd = false) {
    const { phase } = this.#options.conversation;
    const writing = 'reply' in phase && this.#isOwn && !isEnd ? { id: phase.reply.id, name: phase.name } : undefined;
    if (this.#isOff) return;
    this.#channel.postWritten({ type: 'written', conversation: this.#id, put, remove, stamp: this.#stamp, writing });
  }

  // Following.

  #onNews(news: News) {
    const { conversation, onList } = this.#options;
    if (news.type === 'list') return onList();
    if (news.type === 'gone') {
      onList();
      if (news.conversations.includes(this.#id)) this.leave();
      return;
    }
    if (news.type === 'written' && !news.writing) onList();
    if (news.conversation !== this.#id) return;
    if (news.type === 'written') this.#onWritten(news);
    else if (this.#isOwn && news.type === 'stop') conversation.stop();
    else if (this.#isOwn && news.type === 'hello') {
      this.#channel.forget();
      this.#tellWritten([], []);
    }
  }

  /** The conversation is no longer there: the next one begins. */
  leave(): void {
    const { conversation } = this.#options;
    if (this.#isOwn) conversation.stop();
    this.begin();
    this.#before = [];
    conversation.replace([]);
  }

  #onWritten({ put, remove, stamp, writing }: Written) {
    // Caught up with once this tab has written.
    if (this.#isOwn) return void (this.#isBehind = true);
    const stored = new Map(this.#stored);
    const unsaved = difference(stored, this.#said).put;
    for (const id of remove) stored.delete(id);
    for (const message of put) stored.set(message.id, message);
    this.#stored = stored;
    this.#stamp = stamp;
    this.#show([...stored.values(), ...unsaved.filter(({ id }) => !stored.has(id))], writing);
  }

  /** Shows what is said elsewhere. */
  #show(all: readonly ChatMessage[], writing?: Written['writing']) {
    const { conversation } = this.#options;
    const before = conversation.messages;
    const messages = all.filter(({ id }) => id !== writing?.id);
    const isSame = messages.length === before.length && messages.every((message, index) => message === before[index]);
    if (!writing) {
      this.#lock.unwatch();
      if (!isSame || conversation.reply) conversation.follow(messages);
      return;
    }
    // The other tab may crash: then its lock is free, and what it has written is all there is.
    this.#lock.watch(this.#id, () => void this.#catchUp().catch(() => {}));
    const reply = this.#stored.get(writing.id) ?? createMessage({ role: 'assistant', content: '', id: writing.id, status: 'interrupted' });
    conversation.follow(isSame ? before : messages, { name: writing.name, reply, stop: () => this.#stopElsewhere(writing.id) });
  }

  #stopElsewhere(reply: string) {
    const { conversation } = this.#options;
    this.#channel.post({ type: 'stop', conversation: this.#id });
    // Where there are no locks nothing else tells that nobody is there any more.
    setTimeout(() => {
      if (conversation.isElsewhere && conversation.reply?.id === reply) void this.#catchUp().catch(() => {});
    }, PATIENCE);
  }

  /** Reads what is on the shelf, and puts what only this tab has behind it. */
  async #catchUp(): Promise<void> {
    const { conversation, shelf } = this.#options;
    const id = this.#id;
    const kept = await shelf.read(id);
    if (id !== this.#id) return;
    const base = this.#stored;
    const mine = this.#said;
    const theirs = byId((kept?.messages ?? []).map(message => sameOf(base.get(message.id), message)));
    this.#isBehind = false;
    this.#stored = theirs;
    this.#stamp = kept?.stamp ?? '';
    const isSame = [...theirs.keys()].join() === [...base.keys()].join();
    const { put } = difference(base, mine);
    if (this.#isOwn) {
      // What would be replaced is no longer the end of it.
      const replaces = [...base.keys()].some(name => !conversation.messages.some(message => message.id === name));
      if (isSame) return;
      if (replaces) return conversation.replace([...theirs.values()]);
      const { reply } = conversation;
      return conversation.follow([...theirs.values(), ...put.filter(message => !theirs.has(message.id) && message.id !== reply?.id)]);
    }
    this.#show([...theirs.values(), ...put.filter(message => !theirs.has(message.id))]);
  }
}
