/**
 * How `POST /api/chat` writes an answer: a JSON object for each line.
 * Does not know what is in it.
 */
import { type Dialect, partsOf, type Piece, type Said } from './answer.ts';
import type { Chat } from './chat-request.ts';
import { goJson, goTime, sendError } from './wire.ts';

export type { Piece } from './answer.ts';

export const JSON_TYPE = 'application/json; charset=utf-8';
export const LINES_TYPE = 'application/x-ndjson';

export function chatDialect({ model }: Pick<Chat, 'model'>): Dialect {
  return {
    type: LINES_TYPE,
    frame: text => `${text}\n`,
    part: said => `${goJson(line(model, said, { done: false }))}\n`,
    end: counts => `${goJson(line(model, {}, { done: true, ...counts }))}\n`,
    broken: error => `${goJson({ error })}\n`,
    whole: (said, counts) => ({ text: goJson(line(model, said, { done: true, ...counts })), type: JSON_TYPE }),
    refuse: sendError,
  };
}

/** A whole stream as its lines, for whoever wants to send them in an unusual way. */
export function chatLines(chat: Chat, pieces: Iterable<Piece>): string[] {
  return partsOf(chatDialect(chat), chat, pieces);
}

function line(model: string, { content = '', thinking, tool_calls }: Said, rest: object): object {
  const message = { role: 'assistant', content, ...(thinking && { thinking }), ...(tool_calls?.length && { tool_calls }) };
  return { model, created_at: goTime(), message, ...rest };
}
