/** Answers of numbered words at a steady pace, and a record of when each was sent. */
import { chatLines } from '../../demo/ollama/chat.ts';
import { pause } from '../../demo/ollama/wire.ts';
import type { ChatMessage } from '../../src/conversation/message.ts';
import type { Call } from './behaviours.ts';

const THOUGHTS = Array.from({ length: 12 }, (_, index) => `t${index + 1} `);
const WORDS = Array.from({ length: 60 }, (_, index) => `w${index + 1} `);
export const TOKENS = THOUGHTS.length + WORDS.length;
export const WHOLE = { thinking: THOUGHTS.join(''), content: WORDS.join('') };

/** Between two tokens, in milliseconds; an answer takes about one and a half seconds. */
const PACE = 20;
/** Before the headers. */
const SILENCE = 80;

/** A question that begins like this is answered at that pace, once; all else at once, a beginning with its rest. */
export const SLOWLY = 'Slowly';

export const tokensOf = (message: Partial<ChatMessage> | undefined) =>
  message?.role === 'assistant' ? `${message.thinking ?? ''}${message.content}`.split(' ').length - 1 : 0;

/** `answer` is for the options of a server. */
export class Teller {
  sent: number[] = [];
  isSentWhole = false;
  /** Whether the slow answers do not begin. */
  isSilent = false;
  #onRequest = () => {};
  readonly #told = new Set<string>();

  /** Resolves when the next slow answer is asked for. */
  nextRequest(): Promise<void> {
    return new Promise(resolve => (this.#onRequest = resolve));
  }

  readonly answer = async (call: Call): Promise<void> => {
    const { role, content = '' } = call.chat.messages.at(-1) ?? {};
    call.response.setHeader('Content-Type', 'application/x-ndjson');
    if (role === 'user' && content.startsWith(SLOWLY) && !this.#told.has(content)) {
      this.#told.add(content);
      return this.#answerSlowly(call);
    }
    const pieces = role === 'assistant' ? [WHOLE.content.slice(content.length)] : [{ thinking: WHOLE.thinking }, WHOLE.content];
    call.response.end(chatLines(call.chat, pieces).join(''));
  };

  async #answerSlowly({ chat, response, signal, released }: Call) {
    this.sent = [];
    this.isSentWhole = false;
    this.#onRequest();
    await (this.isSilent ? released() : pause(SILENCE, signal));
    for (const line of chatLines(chat, [...THOUGHTS.map(thinking => ({ thinking })), ...WORDS])) {
      if (signal.aborted) return;
      response.write(line);
      if (this.sent.length < TOKENS) this.sent.push(Date.now());
      else this.isSentWhole = true;
      await pause(PACE, signal);
    }
    response.end();
  }
}
