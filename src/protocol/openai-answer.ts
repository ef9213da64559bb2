/** One answer in the words of OpenAI's API, read chunk by chunk. Knows no bytes and no request. */
import { ChatError } from '../errors';
import type { ChatEvent, ChatStats, DoneReason } from './client';
import { isObject, isText } from './json';
import { LINE_LIMIT } from './lines';
import { COUNTERS, REASONS, THOUGHTS } from './openai-servers';
import { toolCall } from './tool-call';

export type Chunk = Record<string, unknown>;

/** A call that is being written. */
interface Call {
  id: string;
  name: string;
  fragments: string[];
}

/** What has come of one answer. A call is complete only when the answer is. */
export class OpenAIAnswer {
  reason: DoneReason | undefined;
  #stats: ChatStats = {};
  readonly #calls: Call[] = [];
  /** Of all that has come for the calls. */
  #length = 0;
  /** The call that each index stands for at present. */
  readonly #current = new Map<number, Call>();

  *take(chunk: Chunk): Generator<ChatEvent, void, undefined> {
    this.#stats = { ...this.#stats, ...stats(chunk) };
    const choice: unknown = Array.isArray(chunk.choices) ? chunk.choices[0] : undefined;
    if (!isObject(choice)) return;
    const delta = choice.delta ?? choice.message;
    if (isObject(delta)) {
      const thinking = THOUGHTS.map(name => delta[name]).find(isText);
      if (thinking) yield { type: 'thinking', text: thinking };
      const said = [delta.content, delta.refusal].map(textOf).join('');
      if (said) yield { type: 'text', text: said };
      if (Array.isArray(delta.tool_calls)) delta.tool_calls.forEach((call, index) => this.#takeCall(call, index));
    }
    if (isText(choice.finish_reason)) this.reason ??= REASONS[choice.finish_reason] ?? 'stop';
  }

  /** @throws {ChatError} `interrupted` where the model has not finished. */
  *end(): Generator<ChatEvent, void, undefined> {
    if (!this.reason) throw new ChatError({ kind: 'interrupted' });
    for (const { id, name, fragments } of this.#calls) {
      const call = toolCall({ id, function: { name, arguments: fragments.join('') } });
      // What the limit of tokens has cut off is no call.
      if (call && (this.reason !== 'length' || call.unread === undefined)) yield { type: 'tool-call', call };
    }
    yield { type: 'done', reason: this.reason, stats: this.#stats };
  }

  /** Servers send a call at once, or its name first and then its arguments in pieces. */
  #takeCall(part: unknown, place: number) {
    if (!isObject(part)) return;
    this.#length += JSON.stringify(part).length;
    if (this.#length > LINE_LIMIT) throw new ChatError({ kind: 'too-large', limit: LINE_LIMIT });
    const index = typeof part.index === 'number' ? part.index : place;
    let call = this.#current.get(index);
    // Some count every call as 0.
    if (!call || (isText(part.id) && call.id && part.id !== call.id)) {
      call = { id: '', name: '', fragments: [] };
      this.#calls.push(call);
      this.#current.set(index, call);
    }
    if (isText(part.id)) call.id = part.id;
    if (!isObject(part.function)) return;
    const { name, arguments: fragment } = part.function;
    if (isText(name)) call.name ||= name;
    if (isText(fragment)) call.fragments.push(fragment);
    // As Ollama's own API writes them, and what imitates both.
    if (isObject(fragment)) call.fragments.push(JSON.stringify(fragment));
  }
}

/** Some write parts, as they take them. */
const textOf = (content: unknown): string =>
  isText(content)
    ? content
    : Array.isArray(content)
      ? content.map(part => (isObject(part) && isText(part.text) ? part.text : '')).join('')
      : '';

function stats(chunk: Chunk): ChatStats {
  return Object.fromEntries(
    COUNTERS.flatMap(({ counter, at: [group, name], unit }) => {
      const counts = chunk[group];
      const count = isObject(counts) ? counts[name] : undefined;
      return typeof count === 'number' && count >= 0 && Number.isFinite(count) ? [[counter, Math.round(count * unit)]] : [];
    }),
  );
}
