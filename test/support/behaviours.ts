/**
 * What the test server does, by the name of the model: replies that a well server streams, and faults. On every path that asks for
 * an answer, each in its own way of writing.
 * Knows no port and keeps no record.
 */
import type { ServerResponse } from 'node:http';
import { type Dialect, partsOf, type Piece } from '../../demo/ollama/answer.ts';
import type { Chat } from '../../demo/ollama/chat-request.ts';
import { text, tokens } from '../../demo/ollama/replies.ts';
import { pause, sendText } from '../../demo/ollama/wire.ts';
import { transcript } from './transcripts.ts';

/** What is asked of a fault. */
export interface Call {
  readonly chat: Chat;
  /** How the path that was asked writes an answer. */
  readonly dialect: Dialect;
  /** What follows the first colon of the model's name. */
  readonly argument: string;
  /** 1 for the first chat with this model. */
  readonly attempt: number;
  readonly response: ServerResponse;
  /** Aborted when the client goes. */
  readonly signal: AbortSignal;
  /** Resolves when the test releases the answer, or the client goes. */
  readonly released: () => Promise<void>;
  /** Ends the connection, not the answer; with `true` by a reset instead of a regular end. */
  readonly hangUp: (reset?: boolean) => void;
}

/** The answer of every behaviour that is not about its text: several scripts, an emoji of two parts, and what Go escapes. */
export const SAMPLE = 'Hello! This is **bold**, `code` & 1 < 2. Xin chào 👋🏽, привет, 你好.';
/** What a broken answer has said before it breaks. */
export const PARTIAL = 'The answer begins well, but';

/** Answered as by a well server. */
export const REPLIES: Record<string, (chat: Chat, argument: string) => Iterable<Piece>> = {
  /** The sample, at once. */
  tiny: () => tokens(SAMPLE),
  /** `wait:2000`: silence before the first header, as while a model is loaded. */
  wait: (_, ms) => [{ wait: Number(ms) }, ...tokens(SAMPLE)],
  /** Numbered words until the connection closes. */
  'never-ends': endless,
  /** Some text, then silence with the connection open. */
  stalls: () => [...tokens(PARTIAL), { wait: 1e9 }],
  /** An error as a line of the 200 stream. */
  'error-midstream': () => [...tokens(PARTIAL), { error: 'an error was encountered while running the model: unexpected EOF' }],
  /** An error before the stream: a 500. */
  'out-of-memory': () => [{ error: 'llama-server reported out-of-memory during startup: cudaMalloc failed: out of memory' }],
  /** A complete answer without a word. */
  'empty-reply': () => [],
  /** Thinking, then the sample. */
  think: () => [...thoughts('Two plus two is four. 🤔'), ...tokens(SAMPLE)],
  /** Thinking, and nothing after it. */
  'think-only': () => thoughts('Two plus two is four.'),
  /** The demo's texts; this one has about 1700 words. */
  long: () => tokens(text('long')),
  code: () => tokens(text('code')),
  table: () => tokens(text('table')),
  list: () => tokens(text('list')),
  /** The messages it received, as JSON. */
  echo: chat => [JSON.stringify(chat.messages)],
};

/** Answered as no well server does, or when the test says so. */
export const FAULTS: Record<string, (call: Call) => void | Promise<void>> = {
  /** The sample, held half-way until the test calls `release()`. */
  held: call => hold(call, tokens(SAMPLE), 12),
  /** The same, held before the first header. */
  'held-first': call => hold(call, tokens(SAMPLE), 0),
  /** Thinking, held in the middle of it, then the sample. */
  'think-held': call => hold(call, [...thoughts('Two plus two is four. Let me see that again.'), ...tokens(SAMPLE)], 6),
  /** Takes the request, and never sends a header. */
  silent: () => undefined,
  /** Some text, then, once released, the connection ends without the last chunk. */
  cut: async call => {
    await send(call, partialLines(call));
    await breakOff(call);
  },
  /** Some text, then, once released, the connection is reset. */
  reset: async call => {
    await send(call, partialLines(call));
    await breakOff(call, true);
  },
  /** Some text, then a regular end without `done`. */
  'ends-early': async call => {
    await send(call, partialLines(call));
    call.response.end();
  },
  /** A complete answer, and the connection stays open. */
  'done-open': call => send(call, sampleLines(call)),
  /** A proxy's own error page. */
  'html-502': ({ response }) => sendText(response, 502, nginxPage('502 Bad Gateway'), 'text/html'),
  /** The same as nginx sends it by itself: no page of another origin may read it. */
  'html-502-unreadable': ({ response }) => {
    response.removeHeader('Access-Control-Allow-Origin');
    sendText(response, 502, nginxPage('502 Bad Gateway'), 'text/html');
  },
  /** Some other server's page where Ollama should be. */
  'html-200': ({ response }) => sendText(response, 200, nginxPage('Welcome to nginx!'), 'text/html'),
  /** More requests waiting than Ollama takes. */
  'queue-full': ({ dialect, response }) => dialect.refuse(response, 503, QUEUE_FULL),
  /** `busy:2`: a full queue for the first two chats, then the sample. */
  busy: async call => {
    if (call.attempt <= Number(call.argument)) return call.dialect.refuse(call.response, 503, QUEUE_FULL);
    await send(call, sampleLines(call));
    call.response.end();
  },
  /** A line that is no JSON, in the middle of the sample. */
  'garbage-line': call => sendAll(call, withFrames(call, 'slot released')),
  /** JSON that is no object. */
  'null-line': call => sendAll(call, withFrames(call, 'null')),
  /** Objects and values that no Ollama sends. */
  'odd-lines': call =>
    sendAll(call, withFrames(call, '[]', '7', '"text"', '{"message":{"content":{"a":1}}}', '{"message":null,"new":true}')),
  /** A 200 with no body at all. */
  'empty-body': ({ dialect, response }) => sendText(response, 200, '', dialect.type),
  /** One byte per write. Its text is short. */
  'byte-slow': call => sendAll(call, cutBytes(lines(call, ['Hi ', '👋🏽 chào']).join(''), 1)),
  /** Two lines, and once a line and a half, per write. */
  'two-lines-per-read': call => sendAll(call, pairs(sampleLines(call)), 5),
  /** Every line in several writes, every character of several bytes in as many. */
  'split-lines': call => sendAll(call, cutBytes(sampleLines(call).join(''), 40), 3),
  /** Windows line ends, and a blank line among them. */
  crlf: call => {
    const [first = '', ...rest] = sampleLines(call);
    return sendAll(
      call,
      [first, '\n', ...rest].map(line => line.replaceAll('\n', '\r\n')),
    );
  },
  /** The last line ends with the stream. */
  'no-final-newline': call =>
    sendAll(
      call,
      sampleLines(call).map((line, index, all) => (index === all.length - 1 ? line.trimEnd() : line)),
    ),
  /** The whole answer as one object, although a stream was asked for. */
  'single-object': ({ dialect, response }) => {
    const { text: answer, type } = dialect.whole({ content: SAMPLE }, { done_reason: 'stop' });
    sendText(response, 200, answer, type);
  },
  /** `transcript:<file>:<case>`: what a real server sent. Where its connection broke, this one does once released. */
  transcript: replay,
};

/** In how many parts a model's weights come here. */
export const PULL_PARTS = 4;

/** Models that can be pulled, of a gigabyte each, and what happens before each part and before they are verified. */
export const PULLS: Record<string, (released: () => Promise<void>) => Promise<void>> = {
  /** As fast as it goes. */
  pullable: () => Promise.resolve(),
  /** Each step held until the test calls `release()`: `PULL_PARTS` times for the weights, and once for the end. */
  'held-pull': released => released(),
  /** The server's disk is full, once the test calls `release()`. */
  'full-disk': async released => {
    await released();
    throw new Error('write /root/.ollama/models/blobs/sha256-00-partial-0: no space left on device');
  },
};

const QUEUE_FULL = 'server busy, please try again.  maximum pending requests exceeded';

const thoughts = (words: string): Piece[] => tokens(words).map(thinking => ({ thinking }));
const lines = ({ dialect, chat }: Call, pieces: Iterable<Piece>) => partsOf(dialect, chat, pieces);
const sampleLines = (call: Call) => lines(call, tokens(SAMPLE));
const partialLines = (call: Call) => lines(call, tokens(PARTIAL)).slice(0, -1);

function* endless(): Iterable<Piece> {
  for (let number = 1; ; number++) yield* [{ wait: 15 }, `word ${number} `];
}

/** Each of `writes` on its own, `gap` milliseconds apart; headers go out with the first. */
async function send({ dialect, response, signal }: Call, writes: readonly (string | Buffer)[], gap = 1): Promise<void> {
  if (!response.headersSent) response.setHeader('Content-Type', dialect.type);
  for (const part of writes) {
    if (signal.aborted) return;
    response.write(part);
    await pause(gap, signal);
  }
}

/** Each of `writes` on its own, then a regular end. */
export async function sendAll(call: Call, writes: readonly (string | Buffer)[], gap?: number): Promise<void> {
  await send(call, writes, gap);
  call.response.end();
}

/** The first `count` pieces, and the others once the test releases them. */
async function hold(call: Call, pieces: readonly Piece[], count: number): Promise<void> {
  const all = lines(call, pieces);
  await send(call, all.slice(0, count));
  await call.released();
  await sendAll(call, all.slice(count));
}

/** A browser may drop what it has not read yet when the connection breaks: the test says when it has. */
async function breakOff({ released, hangUp }: Call, reset = false): Promise<void> {
  await released();
  hangUp(reset);
}

/** Pieces of at most `size` bytes, cut also inside every character of several bytes. */
function cutBytes(words: string, size: number): Buffer[] {
  const bytes = Buffer.from(words);
  const cuts = [0];
  for (let at = 1; at < bytes.length; at++) {
    const continues = ((bytes[at] ?? 0) & 0xc0) === 0x80;
    if (continues || at - (cuts.at(-1) ?? 0) >= size) cuts.push(at);
  }
  return cuts.map((start, index) => bytes.subarray(start, cuts[index + 1]));
}

function pairs(parts: readonly string[]): string[] {
  const all = parts.join('');
  const middle = all.indexOf('\n') + 60;
  const rest = all.slice(middle).split(/(?<=\n)/);
  return [all.slice(0, middle), ...rest.flatMap((line, index) => (index % 2 ? [] : [line + (rest[index + 1] ?? '')]))];
}

/** The sample, with these after its second line. */
function withFrames(call: Call, ...extra: string[]): string[] {
  const all = sampleLines(call);
  return [...all.slice(0, 2), ...extra.map(call.dialect.frame), ...all.slice(2)];
}

function nginxPage(title: string): string {
  return `<html>\r\n<head><title>${title}</title></head>\r\n<body>\r\n<center><h1>${title}</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n`;
}

async function replay(call: Call): Promise<void> {
  const [file = '', name = ''] = call.argument.split(/:(.*)/s);
  const { status, headers, chunks, cut } = transcript(file, name).response;
  // A recorded refusal lets no page read it; the other headers of CORS are for the page that asks now.
  if (status === 403 && !headers['access-control-allow-origin']) call.response.removeHeader('Access-Control-Allow-Origin');
  for (const [header, value] of Object.entries(headers)) {
    if (!/^(?:access-control-.*|vary|connection|transfer-encoding)$/.test(header)) call.response.setHeader(header, value);
  }
  call.response.statusCode = status;
  await send(call, chunks);
  if (cut) await breakOff(call);
  else call.response.end();
}
