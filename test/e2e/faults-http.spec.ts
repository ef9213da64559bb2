/** HTTP that is broken, odd, or somebody else's: framing, statuses, proxies, CORS. */
import { deflateSync, gzipSync } from 'node:zlib';
import { PARTIAL } from '../support/behaviours.ts';
import { answer, CLOSE, END, type Fault, HOLD, type Question, RESET } from '../support/fault-server.ts';
import {
  begun,
  CHUNKED,
  chunk,
  HALF_LINE,
  head,
  healthy,
  htmlPage,
  LAST,
  partialLines,
  proxyPage,
  refuses,
  sampleLines,
  status,
  STREAM,
  unreadable,
} from '../support/faults.ts';
import { type Case, test } from './fault-page.ts';

const INTERRUPTED = { kind: 'interrupted', kept: PARTIAL } as const;
const NOTHING_CAME = { kind: 'interrupted' } as const;
const NO_ANSWER = { kind: 'no-answer' } as const;
const NOT_OLLAMA = { kind: 'not-ollama' } as const;
const PROXY = { kind: 'proxy' } as const;
const REFUSED = { kind: 'origin-refused', says: ['OLLAMA_ORIGINS='], asked: 0 } as const;

const whole = (question: Question) => sampleLines(question).join('');
const partial = (question: Question) => partialLines(question).join('');
const gzip = 'Content-Encoding: gzip\r\n';

const FRAMING: Record<string, Case> = {
  'a Content-Length that is too long': {
    ...INTERRUPTED,
    fault: question => [head(question, `${STREAM}Content-Length: 99999\r\n`), partial(question), HOLD, END],
  },
  'a Content-Length that is too long, around a whole answer': {
    open: true,
    fault: question => [head(question, `${STREAM}Content-Length: 99999\r\n`), whole(question)],
  },
  'a Content-Length that is too short': {
    ...INTERRUPTED,
    fault: question => {
      const short = partial(question) + HALF_LINE;
      return [
        head(question, `${STREAM}Content-Length: ${Buffer.byteLength(short)}\r\n`),
        short,
        `rest of the line\n${whole(question)}`,
        HOLD,
        END,
      ];
    },
  },
  'two different lengths': {
    ...NO_ANSWER,
    fault: question => [head(question, `${STREAM}Content-Length: 5\r\nContent-Length: 6\r\n`), whole(question), END],
  },
  'a chunk without a size, first': { ...NOTHING_CAME, fault: question => [head(question), 'zz\r\n', whole(question), HOLD] },
  'a chunk without a size, later': { ...INTERRUPTED, fault: question => [...begun(question), HOLD, 'zz\r\n', whole(question)] },
  'a chunk that is longer than its size': {
    ...INTERRUPTED,
    fault: question => [...begun(question), HOLD, `5\r\n${partial(question)}\r\n`, LAST],
  },
  'chunks promised, and none made': { ...NOTHING_CAME, fault: question => [head(question), whole(question), END] },
  'no chunks promised, and made': {
    kind: 'bad-line',
    fault: question => [head(question, STREAM), chunk(whole(question)), LAST, END],
  },
  'a status line of another protocol': { ...NO_ANSWER, fault: () => ['SSH-2.0-OpenSSH_9.2\r\n', END] },
  'bytes that are no HTTP': { ...NO_ANSWER, fault: () => [Buffer.from('1603010200010001fc0303', 'hex'), END] },
  '101, another protocol': { ...NO_ANSWER, fault: question => [head(question, 'Upgrade: websocket\r\n', '101 Switching Protocols'), END] },
  'headers that never end': { ...NO_ANSWER, fault: () => [`HTTP/1.1 200 OK\r\nX-Filler: ${'x'.repeat(300_000)}`] },
  'HTTP/1.0, no length, cut': {
    ...INTERRUPTED,
    fault: question => [head(question, STREAM).replace('1.1', '1.0'), partial(question), HOLD, END],
  },
  'Connection: close, no length, cut': { ...INTERRUPTED, fault: question => [head(question, STREAM), partial(question), HOLD, END] },
  'Connection: close, no length, reset': { ...INTERRUPTED, fault: question => [head(question, STREAM), partial(question), HOLD, RESET] },
  'a gzip that is cut': {
    ...NOTHING_CAME,
    fault: question => [head(question, STREAM + gzip + CHUNKED), chunk(gzipSync(whole(question)).subarray(0, 80)), LAST, END],
  },
  'a gzip that is none': {
    ...NOTHING_CAME,
    fault: question => [head(question, STREAM + gzip + CHUNKED), chunk(whole(question)), LAST, END],
  },

  // Odd, and right.
  'HTTP/1.0 without a length': { fault: question => [head(question, STREAM).replace('1.1', '1.0'), whole(question), END] },
  'HTTP/1.1 without a length': { fault: question => [head(question, STREAM), whole(question), END] },
  'a Content-Length that is no number': {
    fault: question => [head(question, `${STREAM}Content-Length: many\r\n`), whole(question), END],
  },
  'a status line without a status': { fault: question => [head(question, STREAM, 'great'), whole(question), END] },
  'a Content-Length beside chunks': {
    fault: question => [head(question, `${STREAM}Content-Length: 7\r\n${CHUNKED}`), chunk(whole(question)), LAST, END],
  },
  'chunk extensions and trailers': {
    fault: question => [
      head(question),
      ...sampleLines(question).map((line, index) => chunk(line, `;n=${index};note="a;b"`)),
      '0;end\r\nX-Checksum: 1\r\n\r\n',
      END,
    ],
  },
  'sizes with zeros in front, in upper case': {
    fault: question => [
      head(question),
      ...sampleLines(question).map(line =>
        chunk(line)
          .toString('utf8')
          .replace(/^\w+/, size => `00${size.toUpperCase()}`),
      ),
      LAST,
      END,
    ],
  },
  'headers without spaces, in any case, over two lines': {
    fault: question => [
      `HTTP/1.1 200\r\n${question.cors.toLowerCase()}content-type:application/x-ndjson\r\nX-Old:a\r\n  b\r\nTRANSFER-ENCODING:chunked\r\n\r\n`,
      ...sampleLines(question).map(line => chunk(line)),
      LAST,
      END,
    ],
  },
  'the headers, byte by byte': { fault: question => [...head(question), chunk(whole(question)), LAST, END] },
  'gzip, in pieces': {
    fault: question => [
      head(question, STREAM + gzip + CHUNKED),
      ...(
        gzipSync(whole(question))
          .toString('latin1')
          .match(/.{1,20}/gs) ?? []
      ).map(part => chunk(Buffer.from(part, 'latin1'))),
      LAST,
      END,
    ],
  },
  deflate: {
    fault: question => [head(question, `${STREAM}Content-Encoding: deflate\r\n${CHUNKED}`), chunk(deflateSync(whole(question))), LAST, END],
  },
  '100 Continue before the answer': { fault: question => ['HTTP/1.1 100 Continue\r\n\r\n', ...healthy(question)] },
  '103 Early Hints before the answer': {
    fault: question => ['HTTP/1.1 103 Early Hints\r\nLink: </style.css>; rel=preload\r\n\r\n', ...healthy(question)],
  },
  'a proxy that passes on the whole answer at its end': {
    fault: question => answer('200 OK', 'application/x-ndjson', whole(question), question.cors),
  },
  'a proxy that passes on pieces of a fixed size': {
    fault: question => [
      head(question),
      ...(
        Buffer.from(whole(question))
          .toString('latin1')
          .match(/.{1,512}/gs) ?? []
      ).map(part => chunk(Buffer.from(part, 'latin1'))),
      LAST,
      END,
    ],
  },
  'no Content-Type': { fault: question => answer('200 OK', '', whole(question), question.cors) },
  'a Content-Type of plain text': { fault: question => answer('200 OK', 'text/plain; charset=latin1', whole(question), question.cors) },
};

const STATUSES: Record<string, Case> = {
  '204, no content': { ...NOT_OLLAMA, says: ['204'], fault: status('204 No Content') },
  '205, reset content': { ...NOT_OLLAMA, says: ['205'], fault: status('205 Reset Content') },
  '200, empty': { ...NOTHING_CAME, fault: status('200 OK', 'application/x-ndjson') },
  '200, a web page': { ...NOT_OLLAMA, says: ['200'], fault: status('200 OK', 'text/html', htmlPage('Welcome to nginx!')) },
  '200, JSON of somebody else': { ...NOTHING_CAME, fault: status('200 OK', 'application/json', '{"ok":true}') },
  '302, to a sign-in': { ...NO_ANSWER, fault: status('302 Found', '', '', 'Location: https://login.example/\r\n') },
  '307, without CORS headers, as Ollama answers a slash at the end': {
    ...NO_ANSWER,
    fault: unreadable(status('307 Temporary Redirect', '', '', 'Location: /api/chat\r\n')),
  },
  '302, without a place': { ...NOT_OLLAMA, says: ['302'], fault: status('302 Found') },
  '304, not modified': { ...NOT_OLLAMA, says: ['304'], fault: status('304 Not Modified') },
  '401 without a word': { kind: 'unauthorized', says: ['401'], fault: status('401 Unauthorized', '', '', 'WWW-Authenticate: Bearer\r\n') },
  '401 that would open the browser’s own question': {
    kind: 'unauthorized',
    says: ['401'],
    fault: status('401 Unauthorized', 'text/html', htmlPage('401'), 'WWW-Authenticate: Basic realm="models"\r\n'),
  },
  '403 without a word: the Host check': {
    kind: 'host-refused',
    says: ['proxy_set_header Host localhost:11434;', 'proxy_set_header Origin "";'],
    fault: status('403 Forbidden'),
  },
  '403, a proxy’s page': { kind: 'unauthorized', says: ['403'], fault: status('403 Forbidden', 'text/html', htmlPage('403 Forbidden')) },
  '404, not Ollama’s': { ...NOT_OLLAMA, says: ['404'], fault: status('404 Not Found', 'text/plain', '404 page not found') },
  '404, llama-server’s': {
    ...NOT_OLLAMA,
    says: ['404'],
    fault: refuses(404, { message: 'File Not Found', type: 'not_found_error', code: 404 }),
  },
  '404, LiteLLM’s': { ...NOT_OLLAMA, says: ['404'], fault: status('404 Not Found', 'application/json', '{"detail":"Not Found"}') },
  '405, wrong method': { ...NOT_OLLAMA, says: ['405'], fault: status('405 Method Not Allowed', 'text/plain', '405 method not allowed') },
  '413, a proxy’s page': {
    kind: 'too-long',
    title: 'This chat is too long for the server',
    says: ['client_max_body_size'],
    fault: status('413 Request Entity Too Large', 'text/html', htmlPage('413')),
  },
  '429 without a word': { kind: 'busy', fault: status('429 Too Many Requests') },
  '429 with a time that the page may not read': {
    kind: 'busy',
    says: ['Too many questions'],
    fault: status('429 Too Many Requests', 'text/html', htmlPage('429'), 'Retry-After: 30\r\n'),
  },
  '429 with a time': {
    kind: 'busy',
    says: ['30 s'],
    fault: status(
      '429 Too Many Requests',
      'text/html',
      htmlPage('429'),
      'Retry-After: 30\r\nAccess-Control-Expose-Headers: Retry-After\r\n',
    ),
  },
  '500, a web server’s page': { ...NOT_OLLAMA, says: ['500'], fault: status('500 Internal Server Error', 'text/html', htmlPage('500')) },
  '500 without a word': { ...NOT_OLLAMA, says: ['500'], fault: status('500 Internal Server Error') },
  '502, a proxy’s page': { ...PROXY, says: ['502'], fault: proxyPage(502) },
  '503, a proxy’s page': { ...PROXY, says: ['503'], fault: proxyPage(503) },
  '504, a proxy’s page': { ...PROXY, says: ['504'], fault: proxyPage(504) },
  '502 without a word': { ...PROXY, says: ['502'], fault: status('502 Bad Gateway') },
  '502, broken off in the middle of its page': {
    ...PROXY,
    says: ['502'],
    fault: question => [head(question, `${CLOSE}Content-Type: text/html\r\nContent-Length: 999\r\n`, '502 Bad Gateway'), '<html>', END],
  },
  '520, a CDN’s page': { ...NOT_OLLAMA, says: ['520'], fault: status('520 Unknown', 'text/html', htmlPage('520')) },
  '418, JSON without an error': { ...NOT_OLLAMA, says: ['418'], fault: status('418 Teapot', 'application/json', '{"short":true}') },
};

const forbid =
  (...paths: string[]): Case['before'] =>
  at => {
    for (const path of paths) at.server.play(() => answer('403 Forbidden', '', ''), path);
  };

const everywhere =
  (fault: Fault): Case['before'] =>
  ({ server }) => {
    for (const path of ['/', '/api/version', '/api/tags', '/api/ps', '/api/chat']) server.play(fault, path);
  };

const CORS: Record<string, Case> = {
  'an origin that is refused': {
    ...REFUSED,
    before: ({ server }) => {
      server.origins = [];
    },
  },
  'an origin that is refused as soon as the question is asked': { ...NO_ANSWER, fault: unreadable(status('403 Forbidden')) },
  'everything is sent to a sign-in, which the page may read': {
    kind: 'redirected',
    says: ['session'],
    before: everywhere(status('302 Found', '', '', 'Location: /login\r\n')),
  },
  'everything is sent to a sign-in, which the page may not read': {
    ...REFUSED,
    asked: 1,
    before: everywhere(unreadable(status('302 Found', '', '', 'Location: /login\r\n'))),
  },
  'a preflight that is refused, of chats alone': { ...NO_ANSWER, asked: 0, before: forbid('OPTIONS /api/chat') },
  'a preflight that is reset': {
    ...NO_ANSWER,
    asked: 0,
    before: ({ server }) => server.play(() => [RESET], 'OPTIONS /api/chat'),
  },
  'CORS headers on the answer, and not on errors': { ...NO_ANSWER, fault: unreadable(refuses(404, "model 'm' not found")) },
  'CORS headers on errors, and not on the answer': { ...NO_ANSWER, fault: unreadable(healthy) },
  'a proxy’s page without CORS headers': { ...NO_ANSWER, fault: unreadable(proxyPage(502)) },
  'CORS headers twice, by Ollama and by a proxy': {
    ...NO_ANSWER,
    fault: question => healthy({ ...question, cors: question.cors + question.cors }),
  },
  'CORS headers for another page': {
    ...NO_ANSWER,
    fault: question => healthy({ ...question, cors: 'Access-Control-Allow-Origin: https://other.example\r\n' }),
  },
};

for (const [name, theCase] of Object.entries({ ...FRAMING, ...STATUSES, ...CORS })) test(name, ({ at }) => at.survives(theCase));
