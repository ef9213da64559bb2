/** A chat with tools: what the model does, what the page holds, where the visitor is asked. */
import { partsOf, type Piece } from '../../demo/ollama/answer.ts';
import { type Call, sendAll } from '../support/behaviours.ts';
import type { ChatPage, OllamaChat } from './chat-page.ts';

export const call = (name: string, args: object, id?: string) => ({ ...(id && { id }), function: { name, arguments: args } });

/** What the model does, request by request; then, and where that is nothing, it says what it was told. */
export function script(...rounds: (Piece[] | undefined)[]) {
  let round = 0;
  const answer = (asked: Call) => {
    const { messages } = asked.chat;
    const results = messages.slice(messages.findLastIndex(({ role }) => role === 'assistant') + 1).filter(({ role }) => role === 'tool');
    const pieces = rounds[round++] ?? [`I was told: ${results.map(({ content }) => content).join(' | ')}`];
    return sendAll(asked, partsOf(asked.dialect, asked.chat, pieces));
  };
  return { server: { answer, models: [{ name: 'tiny', capabilities: ['completion', 'tools'] }] } };
}

/** Runs in the page: tools that tell what was done with them. */
export function giveTools(chat: OllamaChat) {
  const ran: string[] = [];
  Object.assign(window, { ran });
  const tool = (
    name: string,
    title: string,
    execute: (args: Record<string, string>, options: { signal: AbortSignal }) => unknown,
    approval?: 'allow',
  ) => ({
    ...{ name, title, description: `${title} of a city` },
    parameters: { type: 'object', properties: { city: { type: 'string' }, when: { enum: ['today', 'tonight'] } }, required: ['city'] },
    ...(approval && { approval }),
    execute: (args: Record<string, string>, options: { signal: AbortSignal }) => {
      ran.push(`${name} ${JSON.stringify(args)}`);
      options.signal.addEventListener('abort', () => ran.push(`${name} aborted`));
      return execute(args, options);
    },
  });
  chat.tools = [
    tool('get_weather', 'Weather', ({ city }) => `4 °C in ${city}`),
    tool('get_time', 'Time', ({ city }) => ({ city, time: '09:02' }), 'allow'),
    tool('fails', 'Broken', () => Promise.reject(new Error('out of order')), 'allow'),
    tool('hangs', 'Slow', () => new Promise(() => {}), 'allow'),
    tool('hostile', 'Hostile', () => '<img src=x onerror=alert(1)> **bold**', 'allow'),
  ];
}

export const ran = (at: ChatPage) => at.page.evaluate(() => (window as unknown as { ran: string[] }).ran);
export const consent = (at: ChatPage, title = 'Weather') => at.chat.getByRole('group', { name: `Let the model use ${title}?` });
/** What each request sent behind the last question. */
export const sent = (at: ChatPage) =>
  at.ollama.chats().map(({ body }) => body.messages.slice(body.messages.findLastIndex(({ role }) => role === 'user') + 1));
