/** A model that says what a test makes it say, when the test makes it. */
import type { ChatClient, ChatEvent, ChatRequest, RequestOptions } from '../../../src/protocol/client.ts';

/** One request and the answer to it. */
export interface Call {
  readonly request: ChatRequest;
  readonly signal: AbortSignal | undefined;
  /** Whether nobody reads the answer any more. */
  readonly left: boolean;
  /** Says `events`. Resolves when all have been taken. */
  say(...events: ChatEvent[]): Promise<void>;
  /** Ends the answer, with "done" or without. */
  end(): void;
  fail(error: unknown): void;
}

export const text = (content: string): ChatEvent => ({ type: 'text', text: content });
export const thinking = (content: string): ChatEvent => ({ type: 'thinking', text: content });
export const done: Extract<ChatEvent, { type: 'done' }> = { type: 'done', reason: 'stop', stats: {} };

export class ScriptedClient implements ChatClient {
  readonly calls: Call[] = [];
  readonly #waiting: (() => void)[] = [];

  /** @param deaf whether aborting does nothing to an answer */
  constructor(readonly deaf = false) {}

  /** The request of that number, counted from 0, as soon as it is made. */
  async call(index: number): Promise<Call> {
    while (!this.calls[index]) await new Promise<void>(resolve => this.#waiting.push(resolve));
    return this.calls[index];
  }

  chat(request: ChatRequest, { signal }: RequestOptions = {}): AsyncIterable<ChatEvent> {
    const answer = new Answer();
    if (!this.deaf) {
      const abort = () => answer.fail(signal?.reason);
      if (signal?.aborted) abort();
      else signal?.addEventListener('abort', abort);
    }
    this.calls.push({
      request,
      signal,
      get left() {
        return answer.left;
      },
      say: async (...events) => {
        for (const event of events) await answer.add({ event });
      },
      end: () => void answer.add('end'),
      fail: error => answer.fail(error),
    });
    for (const resolve of this.#waiting.splice(0)) resolve();
    return answer;
  }
}

type Step = 'end' | { event: ChatEvent } | { error: unknown };

/** An async queue. Not a generator, which could not be left while it waits. */
class Answer implements AsyncIterableIterator<ChatEvent> {
  left = false;
  readonly #steps: { step: Step; taken: () => void }[] = [];
  #wake = () => {};
  /** Ends the wait for what was said last: the reader has dealt with it when it asks for more. */
  #taken = () => {};

  /** Resolves when `step` has been dealt with. */
  add(step: Step): Promise<void> {
    return new Promise(taken => {
      this.#steps.push({ step, taken });
      this.#wake();
    });
  }

  fail(error: unknown): void {
    void this.add({ error });
  }

  [Symbol.asyncIterator]() {
    return this;
  }

  async next(): Promise<IteratorResult<ChatEvent>> {
    this.#taken();
    while (!this.#steps.length) await new Promise<void>(resolve => (this.#wake = resolve));
    const { step, taken } = this.#steps.shift()!;
    this.#taken = taken;
    if (step === 'end') return { done: true, value: undefined };
    if ('error' in step) throw step.error;
    return { done: false, value: step.event };
  }

  async return(): Promise<IteratorResult<ChatEvent>> {
    this.left = true;
    this.#taken();
    return { done: true, value: undefined };
  }
}
