/** What models have refused to be asked with: it is left out, and the question asked once more. Knows no API. */
import type { ChatEvent } from './client';

export class Refused<Mark> {
  readonly #byModel = new Map<string, Set<Mark>>();
  readonly #tell: (model: string, mark: Mark) => void;

  /** @param tell hears of each refusal that is new. */
  constructor(tell: (model: string, mark: Mark) => void) {
    this.#tell = tell;
  }

  /**
   * Asks, and again after each new refusal that came before anything of an answer.
   * @param attempt asks without what is marked, and tells when something of an answer has come
   * @param markOf what an error says is refused; `undefined` for nothing
   * @throws whatever `attempt` throws besides; a second refusal of the same has another cause.
   */
  async *ask(
    model: string,
    attempt: (marks: ReadonlySet<Mark>, onBegin: () => void) => AsyncIterable<ChatEvent>,
    markOf: (error: unknown, marks: ReadonlySet<Mark>) => Mark | undefined,
  ): AsyncIterable<ChatEvent> {
    const marks = this.#byModel.get(model) ?? new Set();
    this.#byModel.set(model, marks);
    for (let begun = false; ;) {
      try {
        return yield* attempt(marks, () => (begun = true));
      } catch (error) {
        const mark = markOf(error, marks);
        if (begun || mark === undefined || marks.has(mark)) throw error;
        marks.add(mark);
        this.#tell(model, mark);
      }
    }
  }
}
