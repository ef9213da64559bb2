/** How long a model may go on calling: counts the rounds of one answer, and knows what was called in the last. */
import type { ToolCall } from '../protocol/client';
import { signatureOf } from './calls';

export class Rounds {
  #count = 0;
  #isLast = false;
  #before: ReadonlySet<string> = new Set();

  /** What was called in the round before. */
  get before(): ReadonlySet<string> {
    return this.#before;
  }

  /** Whether the model was asked without tools: what it calls all the same does not run. */
  get isOver(): boolean {
    return this.#isLast;
  }

  /**
   * Takes the calls of a round, and says how the model is asked after it: with tools; without them, at the `limit` and where it repeats
   * itself; or no more, where it calls all the same.
   */
  next(calls: readonly ToolCall[], limit: number): 'with' | 'without' | 'no more' {
    const signatures = calls.map(signatureOf);
    const repeats = signatures.some(signature => this.#before.has(signature));
    this.#before = new Set(signatures);
    this.#count += 1;
    const wasLast = this.#isLast;
    this.#isLast = repeats || this.#count >= limit;
    return wasLast ? 'no more' : this.#isLast ? 'without' : 'with';
  }
}
