/** The same for servers that speak OpenAI's API: events instead of lines, and errors that are written in other ways. */
import { PARTIAL, SAMPLE } from '../support/behaviours.ts';
import { END, type Fault, HOLD, type Question, RESET, type Step } from '../support/fault-server.ts';
import { CHUNKED, chunk, head, htmlPage, LAST, proxyPage, status } from '../support/faults.ts';
import { type Case, test } from './fault-page.ts';

const EVENTS = `Content-Type: text/event-stream\r\nConnection: close\r\n${CHUNKED}`;
const event = (value: unknown) => `data: ${typeof value === 'string' ? value : JSON.stringify(value)}\n\n`;
const delta = (content: string, finish_reason: string | null = null) =>
  event({ choices: [{ index: 0, delta: { content }, finish_reason }] });
const words = (text: string) => text.split(/(?<= )/).map(word => delta(word));

const stream = (question: Question, ...events: string[]): Step[] => [head(question, EVENTS), ...events.map(text => chunk(text))];
const begun = (question: Question) => stream(question, ...words(PARTIAL));
const well: Fault = question => [...stream(question, ...words(SAMPLE), delta('', 'stop'), event('[DONE]')), LAST, END];
const then =
  (...events: string[]): Fault =>
  question => [...begun(question), ...events.map(text => chunk(text)), LAST, END];
const refuses = (code: string, error: object): Fault => status(code, 'application/json', JSON.stringify({ error }));

const INTERRUPTED = { kind: 'interrupted', kept: PARTIAL } as const;

const CASES: Record<string, Case> = {
  'nothing listens on the port': {
    kind: 'unreachable',
    title: 'The model server on this computer doesn’t answer',
    asked: 0,
    before: ({ server }) => server.close(),
  },
  'an origin that is refused': {
    kind: 'origin-refused',
    title: 'The server at this computer doesn’t accept this page',
    says: ['Access-Control-Allow-Origin'],
    asked: 0,
    before: ({ server }) => {
      server.origins = [];
    },
  },
  'reset after the question': { kind: 'no-answer', fault: () => [RESET] },
  'reset in the middle of an answer': { ...INTERRUPTED, fault: question => [...begun(question), HOLD, RESET] },
  'the end inside an event': { ...INTERRUPTED, fault: question => [...begun(question), chunk('data: {"choices":[{"del'), HOLD, END] },
  'the end without a reason and without [DONE], as Ollama ends where it fails': { ...INTERRUPTED, fault: then() },
  'silence in the middle of an answer': {
    kind: 'timeout',
    title: 'The answer stalled',
    kept: PARTIAL,
    attributes: { timeout: '1' },
    open: true,
    fault: begun,
  },
  'an error as an event': {
    kind: 'crashed',
    kept: PARTIAL,
    fault: then(event({ error: { message: 'model runner has unexpectedly stopped', type: 'server_error' } })),
  },
  'an error as an event, and [DONE]': {
    kind: 'out-of-memory',
    kept: PARTIAL,
    fault: then(event({ error: { message: 'CUDA error: out of memory' } }), event('[DONE]')),
  },
  'an error as an event of its own name': {
    kind: 'server',
    says: ['it broke'],
    kept: PARTIAL,
    fault: then(`event: error\n${event({ error: 'it broke' })}`),
  },
  'an event that is no JSON': { kind: 'bad-line', kept: PARTIAL, fault: then(event('slot released')) },
  '[DONE] without a word': { kind: 'empty-reply', fault: question => [...stream(question, event('[DONE]')), LAST, END] },
  'a web page': {
    kind: 'not-ollama',
    title: 'No model server answered',
    says: ['200'],
    fault: status('200 OK', 'text/html', htmlPage('Welcome')),
  },
  '204, no content': { kind: 'not-ollama', title: 'No model server answered', says: ['204'], fault: status('204 No Content') },
  '502 of a proxy': { kind: 'proxy', says: ['502'], fault: proxyPage(502) },
  'a key that is wrong': {
    kind: 'unauthorized',
    says: ['Invalid API Key'],
    fault: refuses('401 Unauthorized', { message: 'Invalid API Key', type: 'authentication_error', code: 401 }),
  },
  'a key that LiteLLM does not know': {
    kind: 'unauthorized',
    fault: refuses('400 Bad Request', { message: 'No connected db.', type: 'no_db_connection', param: null, code: '400' }),
  },
  'a model that is not there': {
    kind: 'model-missing',
    title: 'The server has no model m',
    fault: refuses('404 Not Found', { message: "model 'm' not found", type: 'not_found_error' }),
  },
  'a path that is not there': {
    kind: 'not-ollama',
    title: 'No model server answered',
    says: ['404'],
    fault: refuses('404 Not Found', { message: 'File Not Found', type: 'not_found_error', code: 404 }),
  },
  'a chat that is too long': {
    kind: 'too-long',
    says: ['2421', '1024'],
    forgotten: true,
    fault: refuses('400 Bad Request', {
      code: 400,
      message: 'request (2421 tokens) exceeds the available context size (1024 tokens)',
      type: 'exceed_context_size_error',
      n_prompt_tokens: 2421,
      n_ctx: 1024,
    }),
  },
  'too many requests': { kind: 'busy', fault: refuses('429 Too Many Requests', { message: 'Rate limit reached', type: 'requests' }) },

  // What looks like a failure and is none.
  'the connection breaks once the model has finished': {
    fault: question => [...stream(question, ...words(SAMPLE), delta('', 'stop')), LAST, END],
  },
  'open after [DONE]': { open: true, fault: question => stream(question, ...words(SAMPLE), delta('', 'stop'), event('[DONE]')) },
  'comments, and events that nobody knows': {
    fault: question => [
      ...stream(
        question,
        ': waiting\n\n',
        'event: ping\ndata: {}\n\n',
        'retry: 100\n\n',
        ...words(SAMPLE),
        delta('', 'stop'),
        event('[DONE]'),
      ),
      LAST,
      END,
    ],
  },
};

for (const [name, { before, ...theCase }] of Object.entries(CASES)) {
  test(`OpenAI: ${name}`, ({ at }) =>
    at.survives({ ...theCase, before, well, attributes: { url: `${at.server.url}/v1`, ...theCase.attributes } }));
}
