/**
 * What answers are made of, byte by byte, and where they can be broken.
 * Knows no socket, and not what a widget makes of them.
 */
import { chatLines } from '../../demo/ollama/chat.ts';
import { tokens } from '../../demo/ollama/replies.ts';
import { goJson } from '../../demo/ollama/wire.ts';
import { PARTIAL, SAMPLE } from './behaviours.ts';
import { answer, CLOSE, END, type Fault, type Question, type Step } from './fault-server.ts';

export const STREAM = `Content-Type: application/x-ndjson\r\n${CLOSE}`;
export const CHUNKED = 'Transfer-Encoding: chunked\r\n';
/** The end of a chunked body. */
export const LAST = '0\r\n\r\n';

/** Status line and headers. */
export const head = ({ cors }: Pick<Question, 'cors'>, more = STREAM + CHUNKED, status = '200 OK') =>
  `HTTP/1.1 ${status}\r\n${cors}${more}\r\n`;

export function chunk(text: string | Uint8Array, extension = ''): Buffer {
  const bytes = Buffer.from(text);
  return Buffer.concat([Buffer.from(`${bytes.length.toString(16)}${extension}\r\n`), bytes, Buffer.from('\r\n')]);
}

/** The lines of a whole answer. */
export const sampleLines = ({ chat }: Question) => chatLines(chat, tokens(SAMPLE));
/** The lines of one that has only begun. */
export const partialLines = ({ chat }: Question) => chatLines(chat, tokens(PARTIAL)).slice(0, -1);

/** Headers and {@link PARTIAL}, chunk by chunk as Ollama sends it. */
export const begun = (question: Question): Step[] => [head(question), ...partialLines(question).map(line => chunk(line))];

/** A line of which each break leaves a part: in the middle of it stands a character of four bytes. */
const NEXT = '{"model":"m","created_at":"2026-11-22T08:03:00Z","message":{"role":"assistant","content":" and 👋"},"done":false}\n';
const inside = Buffer.from(NEXT).indexOf(Buffer.from('👋')) + 2;
/** Up to the middle of a line, and of a character. */
export const HALF_LINE = NEXT.slice(0, 60);
export const HALF_CHARACTER = Buffer.from(NEXT).subarray(0, inside);
export const OTHER_HALF = Buffer.from(NEXT).subarray(inside);

/** As a well server answers. */
export const healthy = (question: Question): Step[] => [head(question), ...sampleLines(question).map(line => chunk(line)), LAST, END];

/** An answer with a status, after which the connection can be used again. */
export const status =
  (line: string, type = '', body: string | Uint8Array = '', more = ''): Fault =>
  ({ cors }) =>
    answer(line, type, body, cors + more);

/** As Ollama refuses: `{"error":"…"}`. */
export const refuses = (code: number, error: unknown, more = ''): Fault =>
  status(`${code} ${REASONS[code] ?? 'Unknown'}`, 'application/json; charset=utf-8', goJson({ error }), more);

/** The same as a line in the middle of an answer. */
export const breaksOff =
  (error: unknown): Fault =>
  question => [...begun(question), chunk(`${goJson({ error })}\n`), LAST, END];

/** As a proxy reports that the server behind it does not answer. */
export const proxyPage = (code: number, more = ''): Fault =>
  status(`${code} ${REASONS[code] ?? 'Unknown'}`, 'text/html', htmlPage(`${code} ${REASONS[code]}`), more);

export const htmlPage = (title: string) =>
  `<html>\r\n<head><title>${title}</title></head>\r\n<body>\r\n<center><h1>${title}</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n`;

/** `fault` for the first `times` requests, then a well answer. */
export const passing =
  (times: number, fault: Fault): Fault =>
  question =>
    (question.attempt <= times ? fault : healthy)(question);

/** The same, read by no page of another origin. */
export const unreadable =
  (fault: Fault): Fault =>
  question =>
    fault({ ...question, cors: '' });

const REASONS: Record<number, string> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  413: 'Request Entity Too Large',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  501: 'Not Implemented',
  502: 'Bad Gateway',
  503: 'Service Unavailable',
  504: 'Gateway Timeout',
};
