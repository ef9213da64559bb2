/**
 * Keeps what is said in this tab, what is on the shelf, and what other tabs say in step.
 * Whoever writes holds the lock, and looks first whether it knows what is there; who only hears of a writing reads what is
 * there where it has missed the one before. Knows of no other conversation than the one it is handed.
 */
import type { Conversation } from '../conversation/conversation';
import { type ChatMessage, createMessage } from '../conversation/message';
import type { Copy, Said } from './copy';
import { behind, byId, isSame, patched, rebase, sameOf, type Stored } from './difference';
import type { News, NewsChannel, Written } from './news';
import { within, PATIENCE } from '../patience';
import { type Desk, type Kept, NOTHING, type Shelf, type ShelfFault, shelfError } from './shelf';

export interface InStepOptions {
  conversation: Conversation;
  shelf: Shelf;
  desk: () => Desk;
  /** Something could not be read or written. */
  onFault: (fault: ShelfFault | 'damaged') => void;
  /** What a list of conversations shows may have changed. */
  onList: () => void;
  /** The conversation is no longer on the shelf. */
  onGone: () => void;
}

/** How long until it is tried again where there was no room, in milliseconds: browsers take their time to see that there is some. */
const FULL = 5000;

export class InStep {
  readonly #options: InStepOptions;
  readonly #channel: NewsChannel;
  /** What the conversation of this tab is a copy of. */
  copy: Copy | undefined;
  /** All of which something may still have to be written. */
  readonly copies = new Set<Copy>();
  /** With the reply that another tab is writing, in its place. */
  shown: Said['messages'] = [];
  /** The last news of a writing. */
  #heard: Written | undefined;
  #writtenAt = -Infinity;
  #isOff = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(options: InStepOptions, channel: NewsChannel) {
    this.#options = options;
    this.#channel = channel;
  }

  /** Whether nothing is kept any more. */
  get isOff(): boolean {
    return this.#isOff;
  }

  /** When something was last written, in `performance.now()`. */
  get writtenAt(): number {
    return this.#writtenAt;
  }

  /** The last news of a writing, by which to tell whether there are any. */
  get heard(): unknown {
    return this.#heard;
  }

  /** Whether this tab is asking the model, or about to. */
  get isReplying(): boolean {
    const { reply, isElsewhere } = this.#options.conversation;
    return !!reply && !isElsewhere;
  }

  /** All that there is to be kept. */
  saidOf(copy: Copy): Said {
    const { conversation, desk } = this.#options;
    return copy.left ?? { messages: conversation.isElsewhere ? this.shown : conversation.soFar, desk: desk() };
  }

  turnOff(): void {
    const { conversation } = this.#options;
    for (const copy of this.copies) {
      this.#tell(copy, true);
      copy.lock.give();
      copy.lock.unwatch();
    }
    this.#isOff = true;
    clearTimeout(this.#timer);
    // Nobody would say when it ends.
    if (conversation.isElsewhere) conversation.follow(this.shown);
  }

  readonly onFault = (error: unknown): void => {
    if (this.#isOff) return;
    const { fault } = shelfError(error);
    if (fault !== 'full') this.turnOff();
    else this.#timer ??= setTimeout(() => this.#saveAll(), FULL);
    this.#options.onFault(fault);
  };

  // Writing.

  /** Saves what has changed, once this tab may. */
  async save(copy: Copy): Promise<void> {
    if (this.#isOff || copy.isSeed) return;
    if (!this.#isOwn(copy) && !copy.isBehind && !copy.changeTo(this.saidOf(copy))) {
      if (copy.lock.isHeld) this.#rest(copy);
      else copy.lock.give();
      return;
    }
    if (!copy.lock.isHeld) {
      await copy.lock.take();
      // Whoever has given it back meanwhile has had a reason.
      return copy.lock.isHeld ? this.save(copy) : undefined;
    }
    const isInTime = await within(copy.inOrderOnce(() => this.#write(copy)));
    this.#rest(copy, !isInTime);
  }

  #saveAll() {
    this.#timer = undefined;
    for (const copy of this.copies) void this.save(copy);
  }

  /** At once, whoever else may be writing: the page may be gone in a moment. */
  flush(): void {
    for (const copy of this.copies) this.#put(copy, true).catch(this.onFault);
  }

  /** Lets the others write. */
  #rest(copy: Copy, isLate = false) {
    if (this.#isOwn(copy) || !(isLate || copy.isQuiet)) return;
    if (copy.lock.isHeld) this.#tell(copy);
    copy.lock.give();
    if (copy !== this.copy) this.copies.delete(copy);
  }

  async #write(copy: Copy): Promise<void> {
    try {
      const found = await this.#look(copy);
      await this.#put(copy, false, copy.isAsking ? found : copy.stamp);
    } catch (error) {
      this.onFault(error);
    }
  }

  /** Nobody else is writing: catches up with what was written before. Returns the stamp of what is there. */
  async #look(copy: Copy): Promise<string> {
    if (this.#isOff) return '';
    const stamp = (await this.#options.shelf.stampOf(copy.id)) ?? '';
    if (this.#isOff) return stamp;
    const isNew = stamp !== copy.stamp;
    copy.writing = undefined;
    if (copy.isAsking) copy.isBehind ||= isNew;
    else if (isNew || copy.isBehind) await this.read(copy);
    else if (copy === this.copy && this.#options.conversation.isElsewhere) this.show(copy, this.shown);
    return stamp;
  }

  /** @param from What is there now. */
  async #put(copy: Copy, isLast: boolean, from = copy.stamp): Promise<void> {
    const { conversation, shelf, onList } = this.#options;
    if (this.#isOff || copy.isSeed) return;
    const said = isLast ? this.#saidInHaste(copy) : this.saidOf(copy);
    // What is on its way may get lost with the page.
    const change = copy.changeTo(said, isLast) ?? (isLast && !copy.isQuiet ? copy.asItIs(said) : undefined);
    // Nothing is kept of a chat in which nothing has happened.
    const isNothing = !said.messages.length && !copy.stamp && !change?.draft && !change?.queue.length;
    if (!change || isNothing) return isLast ? undefined : this.#tell(copy);
    this.#writtenAt = performance.now();
    const undo = copy.apply(change, said);
    const { put, remove } = change;
    const tell = () => this.#tell(copy, false, { put, remove, from });
    try {
      const writing = shelf.write(copy.id, change, isLast);
      if (isLast) tell();
      await writing;
    } catch (error) {
      // To be tried again with the next change.
      undo();
      throw error;
    }
    if (!isLast) tell();
    if (!conversation.reply) onList();
  }

  /** A question that waits for another tab has no place yet: it waits with the other texts. */
  #saidInHaste(copy: Copy): Said {
    const said = this.saidOf(copy);
    if (!this.#isOwn(copy) || copy.lock.isHeld || copy.isAsking) return said;
    const isNew = (message: ChatMessage) => message.role === 'user' && message !== copy.stored.get(message.id);
    const asked = said.messages.filter(isNew);
    // Only words can wait.
    const pictured = asked.filter(({ id, images }) => images?.length && !copy.stored.has(id));
    const waiting = asked.flatMap(message => (pictured.includes(message) ? [] : message.content));
    return { messages: [...copy.stored.values(), ...pictured], desk: { ...said.desk, queue: [...waiting, ...said.desk.queue] } };
  }

  #tell(copy: Copy, isEnd = false, news: Partial<Written> = {}) {
    if (this.#isOff) return;
    const { phase } = this.#options.conversation;
    const { id: conversation, stamp, desk, lock } = copy;
    const writing = 'reply' in phase && this.#isOwn(copy) && !isEnd ? { id: phase.reply.id, name: phase.name } : null;
    const written: Written = { type: 'written', conversation, from: stamp, stamp, put: [], remove: [], desk, ...news };
    this.#channel.postWritten({ ...written, ...(lock.isHeld && { writing }) });
  }

  #isOwn(copy: Copy): boolean {
    return copy === this.copy && this.isReplying;
  }

  // Following.

  /** What another tab says of the conversation. */
  hear(news: Extract<News, { conversation: string }>): void {
    const { conversation } = this.#options;
    const { copy } = this;
    if (this.#isOff || news.conversation !== copy?.id) return;
    if (news.type === 'written') {
      this.#heard = news;
      copy.inOrder(() => this.#follow(copy, news)).catch(this.onFault);
    } else if (!this.isReplying) return;
    else if (news.type === 'stop') {
      if (conversation.reply?.id === news.reply) conversation.stop();
    } else if (copy.lock.isHeld) {
      this.#channel.forget();
      this.#tell(copy);
    }
  }

  async #follow(copy: Copy, { from, stamp, put, remove, desk, writing }: Written): Promise<void> {
    if (this.#isOff || copy !== this.copy) return;
    if (copy.isAsking) {
      if (stamp === copy.stamp) return;
      // What is said is caught up with afterwards; what lies beside it must not be written over until then.
      copy.isBehind = true;
      copy.desk = desk;
      return;
    }
    if (!this.isReplying && writing !== undefined) copy.writing = writing ?? undefined;
    if (stamp === copy.stamp) this.#rebase(copy, copy.stored);
    else if (from === copy.stamp) this.#rebase(copy, patched(copy.stored, put, remove), { stamp, desk });
    // Whatever else has been heard meanwhile is there as well.
    else if (stamp === this.#heard?.stamp) await this.read(copy);
  }

  /** Catches up with what is on the shelf. */
  async read(copy: Copy): Promise<void> {
    if (this.#isOff) return;
    let stamp: string;
    let kept: Kept | undefined;
    do {
      ({ stamp } = copy);
      kept = await this.#options.shelf.read(copy.id);
      if (this.#isOff) return;
      // Something was written after all, in a hurry.
    } while (stamp !== copy.stamp);
    if (copy.isAsking) return void (copy.isBehind = true);
    // The store was cleared: what was deleted does not come back from here.
    if (!kept && copy.stored.size && copy === this.copy && !this.isReplying) {
      copy.take({ stored: byId([]), stamp: '', desk: NOTHING });
      return this.#options.onGone();
    }
    const { messages, ...rest } = kept ?? NOTHING;
    const theirs = byId(messages.map(message => sameOf(copy.stored.get(message.id), message)));
    this.#rebase(copy, theirs, { stamp: rest.stamp, desk: { draft: rest.draft, queue: rest.queue } });
  }

  /** Others have made this of it: what was said here, and is not on the shelf yet, stays. */
  #rebase(copy: Copy, theirs: Stored, { stamp, desk }: { stamp: string; desk: Desk } = copy) {
    const { conversation } = this.#options;
    const { stored: base } = copy;
    let mine = this.saidOf(copy).messages;
    if (this.#isOwn(copy)) {
      const { messages } = conversation;
      const isChanged = !isSame(base.values(), theirs.values());
      const all = rebase(base, messages, theirs);
      const isReplaced = [...base.keys()].some(id => !messages.some(message => message.id === id));
      if (!isChanged || (!isReplaced && all.at(-1)?.id === messages.at(-1)?.id)) {
        copy.take({ stored: theirs, stamp, desk });
        if (isChanged) conversation.follow(all);
        return;
      }
      // What was to be replaced, or answered, is no longer the end of it.
      conversation.stop();
      mine = [...base.values()];
    }
    copy.take({ stored: theirs, stamp, desk });
    // What came while the model was asked has its place behind the reply.
    const all = rebase(base, mine, copy.isBehind ? behind(base, theirs) : theirs);
    copy.isBehind = false;
    if (copy.left) copy.left = { ...copy.left, messages: all };
    else if (copy === this.copy) this.show(copy, all);
  }

  /** Shows all that is said, here and elsewhere. */
  show(copy: Copy, all: Said['messages']): void {
    const { conversation } = this.#options;
    const { writing } = copy;
    const before = conversation.messages;
    const messages = all.filter(({ id }) => id !== writing?.id);
    const shown = isSame(messages, before) ? before : messages;
    this.shown = all;
    if (!writing || this.isReplying) {
      copy.lock.unwatch();
      if (shown !== before || conversation.isElsewhere) conversation.follow(shown);
      return;
    }
    // The other tab may crash: then its lock is free, and what it has written is all there is.
    copy.lock.watch(() => this.#onFree(copy));
    const { id, name } = writing;
    const reply = copy.stored.get(id) ?? createMessage({ role: 'assistant', content: '', id, status: 'interrupted' });
    conversation.follow(shown, { name, reply, stop: () => this.#stopElsewhere(copy) });
  }

  #onFree(copy: Copy) {
    copy.inOrder(async () => void (copy === this.copy && !this.#isOff && (await this.#look(copy)))).catch(this.onFault);
  }

  #stopElsewhere(copy: Copy) {
    const reply = copy.writing?.id ?? '';
    this.#channel.post({ type: 'stop', conversation: copy.id, reply });
    // Where there are no locks nothing else tells that nobody is there any more.
    setTimeout(() => copy.writing?.id === reply && this.#onFree(copy), PATIENCE);
  }
}
