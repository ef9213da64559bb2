/** A client of the page's own, held to its word: what it yields is what the chat can work with, or a failure that says what is wrong. */
import type { ChatClient, ChatEvent, ChatRequest, DoneReason, ModelInfo, RequestOptions } from './client';
import { isCount, isObject, isText } from './json';
import { toolCall } from './tool-call';

export class OwnClient implements ChatClient {
  constructor(readonly client: ChatClient) {}

  /** @throws {TypeError} for an event that cannot be read; whatever the page's client throws. One of an unknown type is passed over. */
  async *chat(request: ChatRequest, options?: RequestOptions): AsyncIterable<ChatEvent> {
    for await (const event of this.client.chat(request, options)) {
      const known = read(event);
      if (known) yield known;
    }
  }

  /** Those that have a name. */
  async models(options?: RequestOptions): Promise<ModelInfo[]> {
    const models: unknown = await this.client.models?.(options);
    return Array.isArray(models) ? models.filter((model): model is ModelInfo => isObject(model) && isText(model.name)) : [];
  }
}

function read(event: unknown): ChatEvent | undefined {
  if (!isObject(event)) throw new TypeError(`chat() yielded ${String(event)}, which is no event.`);
  const { type, text, call, reason, stats } = event;
  switch (type) {
    case 'text':
    case 'thinking':
      if (typeof text !== 'string') throw new TypeError(`chat() yielded an event "${type}" whose text is ${typeof text}, not a string.`);
      return { type, text };
    case 'tool-call': {
      const known = toolCall(call);
      if (!known) throw new TypeError('chat() yielded a "tool-call" whose call.function has no name.');
      return { type, call: known };
    }
    case 'done':
      return {
        type,
        reason: isText(reason) ? (reason as DoneReason) : 'stop',
        stats: Object.fromEntries(Object.entries(isObject(stats) ? stats : {}).filter(([, count]) => isCount(count))),
      };
    default:
      return undefined;
  }
}
