/** The one limit on waiting: how long a server may say nothing. Knows no request. */
import { ChatError } from '../errors';

/** Timers take no more milliseconds than this. */
export const LONGEST = 2 ** 31 - 1;

/** Aborts `signal` with a `timeout` after `seconds` without a call of {@link heard}, and with the outer signal's reason at once. */
export class SilenceLimit {
  /** What ended it, where it was silence. */
  failure: ChatError | undefined;
  readonly #controller = new AbortController();
  readonly #milliseconds: number;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #last = performance.now();
  #begun = false;

  /** @param seconds 0 for no limit */
  constructor(
    readonly seconds: number,
    readonly outer?: AbortSignal,
  ) {
    this.#milliseconds = Math.min(seconds * 1000, LONGEST);
    outer?.addEventListener('abort', this.#abort);
    if (outer?.aborted) this.#abort();
    else if (seconds > 0) this.#wait(this.#milliseconds);
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Something came. Costs a look at the clock; the timer is set anew when it runs out. */
  heard(): void {
    this.#begun = true;
    this.#last = performance.now();
  }

  /** Nothing is waited for any more. */
  end(): void {
    clearTimeout(this.#timer);
    this.outer?.removeEventListener('abort', this.#abort);
  }

  #wait(milliseconds: number) {
    this.#timer = setTimeout(() => {
      const left = this.#last + this.#milliseconds - performance.now();
      if (left > 1) return this.#wait(left);
      this.failure = new ChatError({ kind: 'timeout', seconds: this.seconds, phase: this.#begun ? 'answering' : 'waiting' });
      this.#stop(this.failure);
    }, milliseconds);
  }

  readonly #abort = () => this.#stop(this.outer?.reason);

  #stop(reason: unknown) {
    this.end();
    this.#controller.abort(reason);
  }
}
