/** One piece of work that several wait for. It goes on as long as one of them does. */
export class Joined<T> {
  readonly #controller = new AbortController();
  readonly #work: Promise<T>;
  #waiting = 0;
  #done = false;

  constructor(start: (signal: AbortSignal) => Promise<T>) {
    this.#work = start(this.#controller.signal);
    const end = () => {
      this.#done = true;
    };
    // Where everybody has left, nobody is told.
    this.#work.then(end, end);
  }

  /** Nobody waits any more, so that it ends without a result. */
  get left(): boolean {
    return this.#controller.signal.aborted;
  }

  /** @throws the signal's reason when it aborts. */
  async join(signal: AbortSignal): Promise<T> {
    signal.throwIfAborted();
    let leave = () => {};
    const left = new Promise<never>((_, reject) => {
      leave = () => reject(signal.reason as Error);
      signal.addEventListener('abort', leave, { once: true });
    });
    this.#waiting++;
    try {
      return await Promise.race([this.#work, left]);
    } finally {
      signal.removeEventListener('abort', leave);
      if (--this.#waiting === 0 && !this.#done) this.#controller.abort();
    }
  }
}
