/** What is sent of a conversation: in a form that every server takes, whatever became of it. Pure. */
import type { RequestMessage, ToolCall } from '../protocol/client';
import type { ChatMessage } from './message';

/** What a model is told of a call that has no result: one without any costs the conversation at many servers. */
export const NOT_FINISHED = 'Error: This call was not finished.';

/**
 * What stands for the answer that never came behind results. It has words: Mistral's models refuse a question right there, and
 * whoever takes empty answers out would bring it there again.
 */
const NO_ANSWER = '(No answer.)';

/**
 * The system prompt, then the whole history. Behind each call stands its result, in the order of the calls; a result that no call
 * asked for is left out. Many chat templates refuse two turns of the visitor in a row, so a question that never got an answer is
 * followed by an empty one.
 */
export function requestMessages(system: string, history: readonly ChatMessage[]): RequestMessage[] {
  const sent: RequestMessage[] = system.trim() ? [{ role: 'system', content: system }] : [];
  const question = history.findLastIndex(({ role }) => role === 'user');
  for (const [index, message] of history.entries()) {
    const { role, content, tool_calls = [] } = message;
    if (role === 'tool' || (role === 'assistant' && !content && !tool_calls.length)) continue;
    const last = sent.at(-1)?.role;
    if (role === 'user' && (last === 'user' || last === 'tool'))
      sent.push({ role: 'assistant', content: last === 'tool' ? NO_ANSWER : '' });
    const results = resultsOf(tool_calls, history, index + 1);
    sent.push(toRequest(message, index > question), ...tool_calls.map((call, place) => toResult(call, results[place])));
  }
  return sent;
}

/**
 * What became of the calls of a reply, one for each: by their ids; in their order where one of them has none.
 * @param start where what follows the reply begins
 */
export function resultsOf(calls: readonly ToolCall[], history: readonly ChatMessage[], start: number): (ChatMessage | undefined)[] {
  // Nearly every message has none, and a history may be long.
  if (!calls.length) return [];
  const end = history.findIndex(({ role }, index) => index >= start && role !== 'tool');
  const left = history.slice(start, end < 0 ? undefined : end);
  const ids = new Set(calls.map(({ id }) => id));
  return calls.map(({ id }) => {
    const own = left.findIndex(({ tool_call_id }) => id && tool_call_id === id);
    const at = own < 0 ? left.findIndex(({ tool_call_id }) => !tool_call_id || (!id && !ids.has(tool_call_id))) : own;
    return at < 0 ? undefined : left.splice(at, 1)[0];
  });
}

const toResult = ({ id, function: { name } }: ToolCall, result: ChatMessage | undefined): RequestMessage => ({
  role: 'tool',
  content: result?.content ?? NOT_FINISHED,
  tool_name: name,
  ...(id && { tool_call_id: id }),
});

/** Thoughts go back to a model only while it answers: what it thought before a call is what it called for. */
function toRequest({ role, content, thinking, images, tool_calls }: ChatMessage, isOpen: boolean): RequestMessage {
  return {
    role,
    content,
    ...(isOpen && thinking && tool_calls?.length && { thinking }),
    ...(images?.length && { images }),
    ...(tool_calls?.length && { tool_calls }),
  };
}
