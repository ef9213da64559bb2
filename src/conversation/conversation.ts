/**
 * The store: what has been said, and what is being said now. The truth is here and nowhere else.
 * Knows no DOM, no server and no words: it is handed a way to reach a model and tells its listeners what changed.
 */
import { ChatError } from '../errors';
import { aborted } from '../aborted';
import type { ChatEvent } from '../protocol/client';
import { withoutMark } from '../protocol/tool-call';
import type { Backend } from './backend';
import { type ChatMessage, type ChatMessageInput, createMessage, isEmpty, mayContinue } from './message';
import { reduce } from './reduce';
import { requestMessages } from './request-messages';
import { ThinkTags } from './think-tags';
import { createReply, newTurn, timeThinking, type Turn, turnElsewhere } from './turn';

/** The longest reply that is kept, in UTF-16 units: a guard against a model that never ends. */
const REPLY_LIMIT = 4 * 1024 * 1024;

/** The most tool calls that one reply may hold. */
const CALL_LIMIT = 128;

/** What the conversation is doing. A reply exists only while one is being written, an error only after a failure. */
export type Phase =
  | { name: 'idle' }
  | { name: 'failed'; error: ChatError }
  /** `since` is `performance.now()` at the last sign of life: the request, then each event. */
  | { name: 'waiting' | 'thinking' | 'answering' | 'tool'; reply: ChatMessage; since: number };

/** `delta`: the reply has grown and nothing else happened. `state`: anything may have changed. */
export type Change = 'delta' | 'state';

/** A reply that is being written elsewhere. */
export interface Elsewhere {
  name: 'waiting' | 'thinking' | 'answering' | 'tool';
  reply: ChatMessage;
  /** The visitor wants it to end. */
  stop: () => void;
}

export class Conversation {
  #messages: readonly ChatMessage[] = [];
  #phase: Phase = { name: 'idle' };
  #turn: Turn | undefined;
  /** Counts the conversations: what was queued for an earlier one is dropped. */
  #era = 0;
  #cleared: readonly ChatMessage[] = [];
  readonly #listeners = new Set<(change: Change) => void>();
  readonly #reach: (signal: AbortSignal) => Promise<Backend>;

  constructor(reach: (signal: AbortSignal) => Promise<Backend>) {
    this.#reach = reach;
  }

  /** All that has been said, without the reply that is being written. The same array until that changes. */
  get messages(): readonly ChatMessage[] {
    return this.#messages;
  }

  get phase(): Phase {
    return this.#phase;
  }

  /** The reply that is being written. */
  get reply(): ChatMessage | undefined {
    return 'reply' in this.#phase ? this.#phase.reply : undefined;
  }

  /** Whether that is done elsewhere, see {@link follow}. */
  get isElsewhere(): boolean {
    return !!this.#turn?.elsewhere;
  }

  /** What would remain if everything ended now. The same array until that changes, unless a reply is being written. */
  get soFar(): readonly ChatMessage[] {
    return this.#ended('interrupted');
  }

  /** Another number for another conversation: the same one may still have become a different one. */
  get era(): number {
    return this.#era;
  }

  /** What {@link undoClear} would bring back. */
  get cleared(): readonly ChatMessage[] {
    return this.#cleared;
  }

  /** Calls `listener` after each change, synchronously. Returns the way to end that. */
  subscribe(listener: (change: Change) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /**
   * Says something and resolves with the answer, also with one that was stopped, or ended at the model's limit. While a reply is being written the
   * message waits for its end. Resolves with `undefined` when the conversation was cleared, replaced or left meanwhile.
   * @throws {ChatError} when no complete answer came; what had come stays in {@link messages}.
   */
  async send(input: ChatMessageInput): Promise<ChatMessage | undefined> {
    const message = createMessage(input);
    return this.#inTurn(() => {
      this.#cleared = [];
      this.#messages = [...this.#messages, message];
      return this.#answer();
    });
  }

  /** Asks the last question again. The new answer takes the old one's place; the old one stays where none comes. */
  regenerate(): Promise<ChatMessage | undefined> {
    return this.#inTurn(async () => {
      // What tools have done is not done again because the answer to it did not come, or broke off. Calls without results never ran.
      const results = this.#messages.findLastIndex(({ role }) => role === 'tool') + 1;
      const rest = this.#messages.slice(results);
      if (results && rest.every(({ role, status, tool_calls }) => role === 'assistant' && (status !== 'complete' || tool_calls?.length))) {
        this.#messages = this.#messages.slice(0, results);
        return this.#answer(rest);
      }
      const question = this.#messages.findLastIndex(message => message.role === 'user');
      if (question < 0) return undefined;
      const replaced = this.#messages.slice(question + 1);
      this.#messages = this.#messages.slice(0, question + 1);
      return this.#answer(replaced);
    });
  }

  /** Lets the model go on where its last answer was cut off. Resolves as {@link send} does. */
  continue(): Promise<ChatMessage | undefined> {
    return this.#inTurn(async () => {
      const cut = this.#messages.at(-1);
      if (!cut || !mayContinue(cut)) return undefined;
      this.#messages = this.#messages.slice(0, -1);
      return this.#answer([cut], { ...cut, status: 'interrupted' });
    });
  }

  /** Asks another question in the place of an earlier one: what came after that is gone. Resolves as {@link send} does. */
  edit(id: string, content: string): Promise<ChatMessage | undefined> {
    return this.#inTurn(async () => {
      const index = this.#messages.findIndex(message => message.id === id && message.role === 'user');
      const question = this.#messages[index];
      if (!question) return undefined;
      this.#cleared = [];
      this.#messages = [...this.#messages.slice(0, index), { ...question, content }];
      return this.#answer();
    });
  }

  /**
   * The same conversation has gone on elsewhere: all of it, without the reply that is being written there.
   * While one is being written here, `messages` are what comes before it, and nothing else changes.
   */
  follow(messages: readonly ChatMessage[], elsewhere?: Elsewhere): void {
    const turn = this.#turn;
    const { reply: before } = this;
    const grown = messages === this.#messages && elsewhere?.name === this.#phase.name && elsewhere.reply.id === before?.id;
    this.#cleared = [];
    this.#messages = messages;
    if (turn && !turn.elsewhere) return this.#tell('state');
    if (!elsewhere) {
      this.#turn = undefined;
      this.#enter({ name: 'idle' });
      return turn?.elsewhere?.end();
    }
    const { name, reply, stop } = elsewhere;
    this.#turn = turn ?? turnElsewhere(stop);
    this.#phase = { name, reply, since: performance.now() };
    this.#tell(grown ? 'delta' : 'state');
  }

  /**
   * The same conversation with other messages: some are deleted or come back, or an earlier answer takes the place of a later one.
   * Nothing happens while a reply is being written.
   */
  amend(messages: readonly ChatMessage[]): void {
    if (!this.#turn) this.follow(messages);
  }

  /** Ends the reply that is being written; what has come of it stays. */
  stop(): void {
    // There it ends with all that has come of it.
    if (this.#turn?.elsewhere) this.#turn.elsewhere.stop();
    else this.#settle(this.#turn, 'stopped');
  }

  /** Ends everything, for a widget that is gone. What has come stays and counts as interrupted. */
  leave(): void {
    this.#era += 1;
    this.#settle(this.#turn, 'interrupted');
  }

  /** Begins anew. {@link undoClear} brings back what was said, until something new is. */
  clear(): void {
    // What is written elsewhere goes on there.
    const said = this.isElsewhere ? this.#messages : this.#ended('stopped');
    if (said.length) this.#cleared = said;
    this.#begin([]);
  }

  undoClear(): void {
    if (!this.#cleared.length) return;
    const messages = this.#cleared;
    this.#cleared = [];
    this.#begin(messages);
  }

  /** Replaces all that was said. */
  replace(messages: readonly ChatMessage[]): void {
    this.#cleared = [];
    this.#begin(messages);
  }

  #begin(messages: readonly ChatMessage[]) {
    const turn = this.#turn;
    this.#era += 1;
    this.#turn = undefined;
    this.#messages = messages;
    turn?.controller.abort();
    turn?.elsewhere?.end();
    // Told last, once all is as it will be: whoever listens may send at once.
    this.#enter({ name: 'idle' });
  }

  /** Waits until no reply is being written, first come first served; too late for a conversation that is another one by then. */
  async #inTurn(start: () => Promise<ChatMessage | undefined>): Promise<ChatMessage | undefined> {
    const era = this.#era;
    while (this.#turn) {
      await this.#turn.finished.catch(() => {});
      if (era !== this.#era) return undefined;
    }
    return start();
  }

  /** @param reply What there is of it already. */
  #answer(replaced: readonly ChatMessage[] = [], reply = createReply()): Promise<ChatMessage | undefined> {
    const era = this.#era;
    const turn = (this.#turn = newTurn());
    this.#write(turn, reply, replaced);
    turn.finished = this.#run(turn).then(outcome => (era === this.#era ? outcome : undefined));
    return turn.finished;
  }

  async #run(turn: Turn): Promise<ChatMessage | undefined> {
    const { signal } = turn.controller;
    const outcome = () => this.#messages.find(({ id }) => id === turn.current.id);
    try {
      // A client that overlooks its signal must not hold up Stop.
      await Promise.race([this.#read(turn, signal), aborted(signal)]);
      this.#settle(turn, this.reply?.status ?? 'complete');
    } catch (cause) {
      if (signal.aborted) return outcome();
      // A page's own client may throw anything.
      const error =
        cause instanceof ChatError ? cause : new ChatError({ kind: 'server', text: String((cause as Error)?.message ?? cause) }, { cause });
      this.#settle(turn, 'interrupted', error);
      throw error;
    }
    return outcome();
  }

  async #read(turn: Turn, signal: AbortSignal): Promise<void> {
    const backend = await this.#reach(signal);
    for (let { request } = backend; ;) {
      await this.#readReply(turn, { ...backend, request }, signal);
      const { reply } = this;
      if (turn !== this.#turn || !reply?.tool_calls || !backend.answerCalls) return;
      this.#enter({ name: 'tool', reply, since: performance.now() });
      const answers = await backend.answerCalls(reply, signal, results => {
        if (turn !== this.#turn) return;
        turn.current.results = results;
        this.#tell('state');
      });
      if (turn !== this.#turn || !answers) return;
      turn.current.results = answers.results;
      if (!answers.request) return;
      request = answers.request;
      // What it replaces is replaced for good.
      this.#messages = this.#ended('complete');
      this.#write(turn, createReply());
    }
  }

  async #readReply(turn: Turn, { client, request, system, fit }: Backend, signal: AbortSignal): Promise<void> {
    if (turn !== this.#turn || !this.reply) return;
    const all = requestMessages(system, [...this.#messages, this.reply]);
    let isDone = false;
    for await (const event of client.chat({ ...request, messages: fit?.(all) ?? all }, { signal })) {
      if (turn !== this.#turn) return;
      this.#take(turn, event);
      isDone = event.type === 'done';
      if (isDone) break;
    }
    const { reply } = this;
    if (turn !== this.#turn || !reply) return;
    if (!isDone) throw new ChatError({ kind: 'interrupted' });
    if (isEmpty(reply)) throw new ChatError({ kind: 'empty-reply' });
  }

  /** Begins a reply of a turn: its only one, or one behind the results of its calls. */
  #write(turn: Turn, reply: ChatMessage, replaced: readonly ChatMessage[] = []) {
    turn.current = { id: reply.id, replaced, results: [], tags: new ThinkTags() };
    this.#enter({ name: 'waiting', reply, since: performance.now() });
  }

  #take(turn: Turn, event: ChatEvent) {
    if (!('reply' in this.#phase)) return;
    const { name } = this.#phase;
    const since = performance.now();
    const isText = event.type === 'text';
    const told = reduce(this.#phase.reply, event);
    const sorted = isText ? turn.current.tags.sort(told, event.text) : told;
    const isThought = event.type === 'thinking' || (isText && turn.current.tags.isOpen);
    const reply = timeThinking(turn.current, isThought, sorted);
    if (reply.content.length + (reply.thinking?.length ?? 0) > REPLY_LIMIT) throw new ChatError({ kind: 'too-large', limit: REPLY_LIMIT });
    if ((reply.tool_calls?.length ?? 0) > CALL_LIMIT) throw new ChatError({ kind: 'too-large', limit: CALL_LIMIT });
    const next = isThought ? 'thinking' : isText ? 'answering' : name;
    // Text that turns out to be thoughts goes elsewhere.
    const isFolded = reply.thinking !== undefined && this.#phase.reply.thinking === undefined;
    if (next === name && !isFolded) {
      this.#phase = { name, reply, since };
      this.#tell('delta');
    } else {
      this.#enter({ name: next, reply, since });
    }
  }

  /** Ends `turn`, once: its reply joins the conversation unless there is nothing of it to keep. */
  #settle(turn: Turn | undefined, status: ChatMessage['status'], error?: ChatError) {
    if (!turn || turn !== this.#turn) return;
    const messages = this.#ended(status);
    this.#turn = undefined;
    this.#messages = messages;
    this.#enter(error ? { name: 'failed', error } : { name: 'idle' });
    turn.controller.abort();
    turn.elsewhere?.end();
  }

  /** All that has been said, once the reply has ended like this: the answer it replaces stays where nothing has come. */
  #ended(status: ChatMessage['status']): readonly ChatMessage[] {
    const { reply } = this;
    if (!reply) return this.#messages;
    const { replaced = [], results = [] } = this.#turn?.current ?? {};
    // A stopped question keeps its place for an answer, so that send() has one to give and the log says what happened.
    const ended = { ...reply, status, ...(reply.tool_calls && { tool_calls: reply.tool_calls.map(withoutMark) }) };
    const kept = isEmpty(reply) && (replaced.length || status !== 'stopped') ? replaced : [ended];
    return [...this.#messages, ...kept, ...results];
  }

  #enter(phase: Phase) {
    this.#phase = phase;
    this.#tell('state');
  }

  #tell(change: Change) {
    for (const listener of [...this.#listeners]) listener(change);
  }
}
