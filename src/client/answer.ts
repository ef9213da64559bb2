/** An answer that can be awaited as a whole or read as it comes. Knows no server. */

/**
 * Asks with the first `await` or loop, and once: whoever comes later gets the same from its beginning. Leaving a loop early
 * ends the request; an `await` of it rejects then, as it does with whatever ended the answer before it was whole.
 */
export class Answer<Event, Whole> implements AsyncIterable<Event>, Promise<Whole> {
  readonly [Symbol.toStringTag] = 'Answer';
  readonly #source: AsyncIterator<Event>;
  readonly #sum: (events: readonly Event[]) => Whole;
  readonly #events: Event[] = [];
  #pulling: Promise<boolean> | undefined;
  #whole: Promise<Whole> | undefined;

  /** @param sum What all events are together. Throws where they are no whole answer. */
  constructor(source: AsyncIterable<Event>, sum: (events: readonly Event[]) => Whole) {
    this.#source = source[Symbol.asyncIterator]();
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
      if (!isDone) await this.#source.return?.();
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
      if (done) return false;
      this.#pulling = undefined;
      this.#events.push(value);
      return true;
    }));
  }
}
