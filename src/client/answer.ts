/** An answer that can be awaited as a whole or read as it comes. Knows no server. */
import { ChatError } from '../errors';
import type { RequestOptions } from '../protocol/client';

/**
 * Asks with the first `await` or loop, and once: whoever comes later gets the same from its beginning. Leaving a loop early
 * closes the connection; whoever waits for the whole, or loops again, hears that it was `interrupted`. An `async` function that returns one
 * returns the whole: return it from a plain function, or in an object.
 */
export class Answer<Event, Whole> implements AsyncIterable<Event>, Promise<Whole> {
  readonly [Symbol.toStringTag] = 'Answer';
  readonly #source: AsyncIterator<Event>;
  readonly #sum: (events: readonly Event[]) => Whole;
  readonly #events: Event[] = [];
  #pulling: Promise<boolean> | undefined;
  #whole: Promise<Whole> | undefined;

  readonly #left = new AbortController();

  /**
   * @param ask Begins to ask; the signal says that nobody wants it any more.
   * @param sum What all events are together. Throws where they are no whole answer.
   */
  constructor(
    ask: (options: RequestOptions) => AsyncIterable<Event>,
    sum: (events: readonly Event[]) => Whole,
    options: RequestOptions = {},
  ) {
    const signal = AbortSignal.any([this.#left.signal, ...(options.signal ? [options.signal] : [])]);
    this.#source = ask({ ...options, signal })[Symbol.asyncIterator]();
    this.#sum = sum;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Event, void, undefined> {
    let isDone = false;
    try {
      for (let index = 0; ; index++) {
        if (index >= this.#events.length && !(await this.#pull())) break;
        yield this.#events[index] as Event;
      }
      isDone = true;
    } finally {
      if (!isDone) {
        this.#left.abort(new ChatError({ kind: 'interrupted' }));
        // Not awaited: it waits for the server where somebody else reads.
        void this.#source.return?.()?.catch(() => {});
      }
    }
  }

  // oxlint-disable-next-line unicorn/no-thenable -- to be awaited is what it is for
  then<A = Whole, B = never>(
    onWhole?: ((whole: Whole) => A | PromiseLike<A>) | null,
    onFailure?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    return (this.#whole ??= this.#read()).then(onWhole, onFailure);
  }

  catch<B = never>(onFailure?: ((reason: unknown) => B | PromiseLike<B>) | null): Promise<Whole | B> {
    return this.then(undefined, onFailure);
  }

  finally(onEnd?: (() => void) | null): Promise<Whole> {
    return (this.#whole ??= this.#read()).finally(onEnd);
  }

  async #read(): Promise<Whole> {
    while (await this.#pull());
    return this.#sum(this.#events);
  }

  /** Whether there is one more. A failure stays: it is the same for whoever asks later. */
  #pull(): Promise<boolean> {
    return (this.#pulling ??= this.#source.next().then(({ done, value }) => {
      if (done) {
        this.#left.signal.throwIfAborted();
        return false;
      }
      this.#pulling = undefined;
      this.#events.push(value);
      return true;
    }));
  }
}
