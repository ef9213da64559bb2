/**
 * The earlier answers to a question that was asked again, as long as the page lives. Pure: it is told what is said, and answers
 * what would be said instead.
 */
import { type ChatMessage, isEmpty } from '../conversation/message';
import { messagesOf, turnsOf } from './turns';

type Messages = readonly ChatMessage[];

/** Of one question, in the order in which they came. */
interface Known {
  /** Another one makes it another question. */
  content: string;
  tails: readonly Messages[];
}

/** Which one is shown. */
export interface Place {
  question: string;
  /** From 0 on. */
  index: number;
  count: number;
}

export class Versions {
  #known: ReadonlyMap<string, Known> = new Map();
  #places: ReadonlyMap<string, Place> = new Map();

  /** All that is known, for {@link restore}. */
  get known(): unknown {
    return this.#known;
  }

  /** Brings back what was known before some of it was deleted. */
  restore(known: unknown): void {
    this.#known = known as ReadonlyMap<string, Known>;
  }

  /**
   * Call it while no reply is being written: what is no longer said is forgotten, and a new answer is one more.
   * @returns whether another place is to be shown somewhere.
   */
  note(messages: Messages): boolean {
    const known = new Map<string, Known>();
    const places = new Map<string, Place>();
    for (const { question, tail } of turnsOf(messages)) {
      if (!question || tail.every(isEmpty)) continue;
      const before = this.#known.get(question.id);
      const tails = withTail(before?.content === question.content ? before.tails : [], tail);
      known.set(question.id, { content: question.content, tails });
      const place = { question: question.id, index: tails.indexOf(tail), count: tails.length };
      // Results have no controls of their own.
      if (tails.length > 1) places.set(tail.findLast(({ role }) => role !== 'tool')?.id ?? '', place);
    }
    const isNew = JSON.stringify([...places]) !== JSON.stringify([...this.#places]);
    this.#known = known;
    this.#places = places;
    return isNew;
  }

  /** Of the answer of which this is the last reply; `undefined` where there is only one. */
  placeOf(id: string): Place | undefined {
    return this.#places.get(id);
  }

  /** What is said with another version of an answer in its place; what comes behind it stays. */
  turned(messages: Messages, { question, index }: Place): Messages {
    const tail = this.#known.get(question)?.tails[index];
    return tail ? messagesOf(turnsOf(messages).map(turn => (turn.question?.id === question ? { ...turn, tail } : turn))) : messages;
  }
}

/** Where one begins with all that the other has to say, it is the same one, which has gone on. */
function withTail(tails: readonly Messages[], tail: Messages): readonly Messages[] {
  const said = (messages: Messages) => messages.filter(message => !isEmpty(message));
  const isBegun = (short: Messages, long: Messages) => said(short).every(({ id }, index) => id === said(long)[index]?.id);
  const at = tails.findIndex(other => isBegun(other, tail) || isBegun(tail, other));
  return at < 0 ? [...tails, tail] : tails.with(at, tail);
}
