/** How long a model may go on calling: counts the rounds of one answer, and knows what was called in the last. */
import type { ToolCall } from '../protocol/client';
import { signatureOf } from './calls';

export class Rounds {
  #count = 0;
  #before: ReadonlySet<string> = new Set();

  /** What was called in the round before. */
  get before(): ReadonlySet<string> {
    return this.#before;
  }

  /**
   * Takes the calls of a round, and says whether the model may call once more after it: not beyond `limit`, and not where it repeats itself.
   */
  next(calls: readonly ToolCall[], limit: number): boolean {
    const signatures = calls.map(signatureOf);
    const repeats = signatures.some(signature => this.#before.has(signature));
    this.#before = new Set(signatures);
    this.#count += 1;
    return !repeats && this.#count < limit;
  }
}
