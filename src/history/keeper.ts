/**
 * Keeps conversations, one of them open: brings back what is on the shelf, and goes from one to the next.
 * The truth of this tab is in the conversation, that of all tabs on the shelf; how they are kept in step is in in-step.ts.
 */
import { aborted } from '../aborted';
import type { Conversation } from '../conversation/conversation';
import { type ChatMessage, createId, isEmpty } from '../conversation/message';
import { Copy } from './copy';
import { byId, sameOf } from './difference';
import { InStep } from './in-step';
import { type News, NewsChannel, type Written } from './news';
import { within } from '../patience';
import { type Desk, type Kept, NOTHING, type Shelf, type ShelfFault } from './shelf';

/** How often a reply that is being written is saved, in milliseconds; and what the visitor types. */
const RHYTHM = 200;

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

type Messages = readonly ChatMessage[];

interface Before {
  era: number;
  messages: Messages;
  said: () => Messages;
  /** Whether a reply was being written elsewhere. */
  wasElsewhere: boolean;
}

export class Keeper {
  readonly #options: KeeperOptions;
  readonly #channel: NewsChannel;
  readonly #step: InStep;
  readonly #unsubscribe: () => void;
  #opening: Promise<void> | undefined;
  /** Counts the conversations: who comes too late for one changes nothing. */
  #era = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Somebody has asked before it was known what is kept. */
  #isAsked: boolean;
  /** Before the last change: what was said, and what of that there was to be kept. */
  #before: Before = { era: 0, messages: [], said: () => [], wasElsewhere: false };
  /** What was left by a clear(), and what it looked like: an undo brings exactly that back. */
  #left: { copy: Copy; messages: Messages } | undefined;

  constructor(options: KeeperOptions) {
    this.#options = options;
    this.#channel = new NewsChannel(`ollama-chat:${options.scope}`, news => this.#onNews(news));
    this.#step = new InStep({ ...options, onGone: () => this.leave() }, this.#channel);
    this.#isAsked = this.#step.isReplying;
    this.#unsubscribe = options.conversation.subscribe(change => (change === 'delta' ? this.#onDelta() : this.#onChange()));
  }

  /** The conversation that is open. */
  get id(): string {
    return this.#step.copy?.id ?? '';
  }

  // Opening.

  /**
   * Shows what is kept of a conversation. A question that was asked before it could be brought back comes after it.
   * @param id One that is not kept is a new one. The one that is open is brought up to date.
   */
  open(id: string): Promise<void> {
    const { copy } = this.#step;
    return (this.#opening = copy?.id === id ? this.#comeBack(copy) : this.#open(id));
  }

  async #open(id: string): Promise<void> {
    const { shelf, onFault } = this.#options;
    this.#leave();
    const era = this.#era;
    let kept: Kept | undefined;
    try {
      kept = await shelf.read(id);
    } catch (error) {
      if (era !== this.#era) return;
      this.#step.onFault(error);
      // No room yet for a first one: it is kept as soon as there is.
    }
    if (this.#step.isOff || era !== this.#era) return;
    if (kept?.damaged) onFault('damaged');
    this.#enter(id, kept);
  }

  #enter(id: string, kept: Kept | undefined) {
    const { conversation, shelf, onOpen } = this.#options;
    const copy = this.#newCopy(id);
    const known = byId(conversation.messages);
    copy.takeKept({ ...NOTHING, ...kept, messages: (kept?.messages ?? []).map(message => sameOf(known.get(message.id), message)) });
    const extra = conversation.messages.filter(message => !copy.stored.has(message.id));
    const isSeeded = this.#isSeed(extra);
    if (isSeeded && shelf.isLibrary) return this.#begin(kept, !this.#isAsked);
    copy.isAsking = this.#step.isReplying && conversation.phase.name !== 'waiting';
    this.#step.copy = copy;
    if (!isSeeded) this.#step.show(copy, [...copy.stored.values(), ...extra]);
    onOpen(id, kept);
    this.#onChange();
    this.#channel.post({ type: 'hello', conversation: id });
  }

  /** Whether the page itself has begun with these: not a question that waits, or has been stopped. */
  #isSeed(messages: Messages): boolean {
    const isAlone = !this.#options.conversation.reply && messages.at(-1)?.role === 'user';
    return isAlone || messages.some(message => message.role !== 'user' && !isEmpty(message));
  }

  /** After much may have happened to it. */
  #comeBack(copy: Copy): Promise<void> {
    const done = copy.inOrder(() => this.#step.read(copy)).catch(this.#step.onFault);
    this.#channel.post({ type: 'hello', conversation: copy.id });
    return done;
  }

  /** Leaves the conversation that is open for another one, and what is being written in it. */
  async change(id: string): Promise<void> {
    const { conversation } = this.#options;
    if (this.#step.isReplying) conversation.stop();
    this.#leave();
    conversation.replace([]);
    await this.open(id);
  }

  /** A new conversation, which is kept once something is said in it. */
  begin(title?: string): void {
    this.#begin(undefined);
    if (this.#step.copy) this.#step.copy.name = title;
  }

  /** The old one stays on the shelf; what is in the composer goes along. */
  #begin(desk: Desk | undefined, isSeed = false, said?: Messages) {
    this.#leave(said, { draft: '', queue: [] });
    const copy = this.#newCopy(createId());
    copy.isSeed = isSeed;
    this.#step.copy = copy;
    this.#options.onOpen(copy.id, desk);
    this.#onChange();
  }

  /** The conversation is no longer there: the next one begins. */
  leave(): void {
    const { conversation } = this.#options;
    const { copy } = this.#step;
    if (this.#step.isReplying) conversation.stop();
    // Nothing more is written of it.
    if (copy) this.#leave([...copy.stored.values()], copy.desk);
    conversation.replace([]);
    this.begin();
  }

  #newCopy(id: string): Copy {
    return new Copy(id, this.#options.scope);
  }

  /** What there still is to be kept of it is written in its own time. */
  #leave(messages?: Messages, desk = this.#options.desk()) {
    this.#era += 1;
    this.#left = undefined;
    const { copy } = this.#step;
    if (!copy) return;
    copy.left = { messages: messages ?? this.#step.saidOf(copy).messages, desk };
    copy.isAsking = false;
    copy.lock.unwatch();
    this.#step.copy = undefined;
    void this.#step.save(copy);
  }

  // Keeping.

  /**
   * Before the model is asked: waits for other tabs, catches up with them, and puts the question on the shelf.
   * @throws what `signal` was aborted with.
   */
  async claim(signal: AbortSignal): Promise<void> {
    const step = this.#step;
    // A store that is slow, or hangs, must not keep the visitor from an answer.
    if (!(await within(this.#opening))) return;
    const { copy } = step;
    if (step.isOff || !copy) return;
    const taken = copy.lock.take();
    await Promise.race([taken, aborted(signal), this.#silence(copy, taken)]);
    if (copy !== step.copy || !copy.lock.isHeld) return;
    await step.save(copy);
    if (copy === step.copy && step.isReplying) copy.isAsking = true;
  }

  /** Resolves once whoever holds the lock says nothing any more: a phone may have put that tab to sleep in the middle of an answer. */
  async #silence({ id }: Copy, taken: Promise<void>): Promise<void> {
    let heard: unknown = taken;
    while (!(await within(taken)) && heard !== this.#step.heard) {
      ({ heard } = this.#step);
      this.#channel.post({ type: 'hello', conversation: id });
    }
  }

  /** What the visitor has typed or queued may have changed. */
  touch(): void {
    const { copy } = this.#step;
    if (copy && !copy.isOwnDesk(this.#options.desk())) this.#onDelta();
  }

  /** The page may be gone in a moment. */
  flush(): void {
    this.#step.flush();
  }

  /** Tells the other tabs. */
  tell(news: Exclude<News, Written>): void {
    this.#channel.post(news);
  }

  /** Nothing is kept from now on. */
  close(): void {
    this.flush();
    this.#unsubscribe();
    this.#era += 1;
    clearTimeout(this.#timer);
    this.#step.turnOff();
    this.#channel.close();
    this.#options.shelf.close();
  }

  #save() {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#step.copy) void this.#step.save(this.#step.copy);
  }

  #onDelta() {
    const rest = this.#step.writtenAt + RHYTHM - performance.now();
    // Not by a timer alone: in a hidden page those are slow.
    if (rest <= 0) this.#save();
    else this.#timer ??= setTimeout(() => this.#save(), rest);
  }

  #onChange() {
    const { conversation, shelf } = this.#options;
    const { era, messages, reply, isElsewhere } = conversation;
    const { copy, copies, isReplying } = this.#step;
    const before = this.#before;
    // Where it is not, all that was said may have been deleted, here or elsewhere: that is not kept then.
    const isAnother = era !== before.era;
    // A reply has grown without a word here: of that there is what was written.
    const said = () => (isReplying ? [...(copy?.stored.values() ?? [])] : isElsewhere ? this.#step.shown : messages);
    this.#before = { era, messages, said, wasElsewhere: isElsewhere };
    if (!copy) return void (this.#isAsked ||= isReplying);
    this.#isAsked = false;
    copies.add(copy);
    if (shelf.isLibrary && !reply) {
      if (this.#left?.messages === messages) return this.#undo(this.#left.copy);
      if (isAnother && !messages.length && before.messages.length) return this.#onClear(copy, before);
      // Others than those that were there: the page has begun another one.
      const isOther = isAnother && copy.stored.size && !messages.some(({ id }) => copy.stored.has(id));
      if (messages.length && isOther) return this.#begin(undefined, true, before.said());
    }
    if (messages.length) this.#left = undefined;
    if (isReplying) copy.isSeed = false;
    else copy.isAsking = false;
    this.#save();
  }

  /** The old conversation stays on the shelf, and the next one begins. */
  #onClear(copy: Copy, { messages, said, wasElsewhere }: Before) {
    const { cleared } = this.#options.conversation;
    this.#begin(undefined, false, cleared.length && !wasElsewhere ? cleared : said());
    this.#left = { copy, messages: cleared.length ? cleared : messages };
  }

  #undo(copy: Copy) {
    const said = copy.left?.messages ?? [];
    this.#leave([], { draft: '', queue: [] });
    copy.left = undefined;
    this.#step.copy = copy;
    this.#step.copies.add(copy);
    this.#step.show(copy, said);
    this.#options.onOpen(copy.id, undefined);
    void this.open(copy.id);
  }

  #onNews(news: News) {
    if (news.type === 'list' || news.type === 'gone' || (news.type === 'written' && !news.writing)) this.#options.onList();
    if (news.type === 'list') return;
    if (news.type !== 'gone') this.#step.hear(news);
    else if (news.conversations.includes(this.id)) this.leave();
  }
}
