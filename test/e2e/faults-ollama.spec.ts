/** What Ollama says itself: every refusal and every error of its API, before an answer and in the middle of one; and lines that are none. */
import { PARTIAL, SAMPLE } from '../support/behaviours.ts';
import { END, type Question, type Step } from '../support/fault-server.ts';
import { begun, breaksOff, chunk, head, healthy, LAST, partialLines, refuses, sampleLines, status } from '../support/faults.ts';
import { type Case, type Outcome, test } from './fault-page.ts';

const REGISTRY = 'registry.ollama.ai/library';
const BAD_REQUEST = { kind: 'bad-request' } as const;
const TOO_LONG = { kind: 'too-long' } as const;
const BUSY = { kind: 'busy' } as const;
const CLOUD = { kind: 'cloud-unavailable' } as const;
const MEMORY = { kind: 'out-of-memory' } as const;
const CRASHED = { kind: 'crashed' } as const;
const SLOW = { kind: 'load-timeout' } as const;
const BAD_LINE = { kind: 'bad-line' } as const;
const MISSING = { kind: 'model-missing', title: 'The model m isn’t installed', says: ['ollama pull m'] } as const;
const CANNOT = { kind: 'capability-missing', title: 'The model m can’t do this' } as const;
const MISFIT = { kind: 'model-incompatible', title: 'The model m doesn’t fit this version of Ollama', says: ['ollama pull m'] } as const;

const OVERFLOW = {
  code: 400,
  message: 'request (5210 tokens) exceeds the available context size (4096 tokens), try increasing it',
  type: 'exceed_context_size_error',
  n_prompt_tokens: 5210,
  n_ctx: 4096,
};
const NESTED = JSON.stringify({ error: OVERFLOW });

/** Before anything is streamed. */
const REFUSALS: [code: number, text: string, outcome: Outcome][] = [
  [400, 'missing request body', BAD_REQUEST],
  [400, "invalid character 'x' looking for beginning of value", BAD_REQUEST],
  [400, 'unexpected EOF', BAD_REQUEST],
  [400, 'json: cannot unmarshal array into Go struct field ChatRequest.messages.content of type string', BAD_REQUEST],
  [400, 'model is required', BAD_REQUEST],
  [400, 'invalid model name', BAD_REQUEST],
  [400, 'use either :local or :cloud, not both: "m:cloud:local"', BAD_REQUEST],
  [404, "model 'm' not found", MISSING],
  [404, "model 'm:latest' not found", MISSING],
  [404, 'model "m" not found, try pulling it first', MISSING],
  [400, '"m" does not support chat', { ...CANNOT, says: ['completion'] }],
  [400, '"m" does not support generate', { ...CANNOT, says: ['completion'] }],
  [400, '"m" does not support thinking', { ...CANNOT, says: ['thinking'] }],
  [400, `${REGISTRY}/m:latest does not support tools`, { ...CANNOT, says: ['tools'] }],
  [400, `${REGISTRY}/m:latest does not support tools\n${REGISTRY}/m:latest does not support insert`, { ...CANNOT, says: ['tools'] }],
  [400, `${REGISTRY}/m:latest does not support insert`, BAD_REQUEST],
  [400, 'invalid think value: "lots" (must be "high", "medium", "low", "max", true, or false)', { ...CANNOT, says: ['thinking'] }],
  [400, 'think must be a boolean or string ("high", "medium", "low", "max", true, or false)', BAD_REQUEST],
  [400, 'think value "low" is not supported for this model', { ...CANNOT, says: ['thinking'] }],
  [400, 'top_logprobs must be between 0 and 20', BAD_REQUEST],
  [400, 'illegal base64 data at input byte 4', BAD_REQUEST],
  [400, 'time: missing unit in duration "300"', BAD_REQUEST],
  [400, 'time: invalid duration "soon"', BAD_REQUEST],
  [400, "Unsupported type: 'bool'", BAD_REQUEST],
  [
    400,
    'the prompt is longer than the context length currently available to the model; shorten the prompt, adjust the context length in settings, or use a model with a longer context length',
    TOO_LONG,
  ],
  [400, 'the input length exceeds the context length', TOO_LONG],
  [400, NESTED, { ...TOO_LONG, says: ['5210', '4096'], forgotten: true }],
  [401, 'unauthorized', { kind: 'unauthorized', says: ['401'] }],
  [403, 'ollama cloud is disabled: remote model is unavailable', CLOUD],
  [403, 'ollama cloud is disabled: remote model details are unavailable', CLOUD],
  [403, 'ollama cloud is disabled: web search is unavailable', CLOUD],
  [429, 'you have reached your hourly usage limit, upgrade for higher limits', BUSY],
  [500, 'option "num_ctx" must be of type integer', BAD_REQUEST],
  [500, 'invalid format: "yaml"; expected "json" or a valid JSON Schema object', BAD_REQUEST],
  [
    500,
    JSON.stringify({
      error: {
        code: 500,
        message: 'image input is not supported - hint: if this is unexpected, you may need to provide the mmproj',
        type: 'server_error',
      },
    }),
    { ...CANNOT, says: ['vision'] },
  ],
  [
    400,
    JSON.stringify({
      error: {
        code: 400,
        message: 'Multimodal data provided, but model does not support multimodal requests.',
        type: 'invalid_request_error',
      },
    }),
    { ...CANNOT, says: ['vision'] },
  ],
  [
    501,
    JSON.stringify({ error: { code: 501, message: 'This server does not support tool calls.', type: 'not_supported_error' } }),
    { kind: 'server' },
  ],
  [502, 'Post "https://ollama.com:443/api/chat?ts=1795344765": dial tcp: lookup ollama.com: no such host', CLOUD],
  [503, 'server busy, please try again.  maximum pending requests exceeded', BUSY],
  [503, 'account unavailable', CLOUD],
];

/** A model that cannot be loaded, or ends: before the answer, or in the middle of it. */
const RUNNER: [text: string, outcome: Outcome][] = [
  ['llama-server reported out-of-memory during startup: ggml_backend_cuda_buffer_type_alloc_buffer: failed', MEMORY],
  ['cudaMalloc failed: out of memory', MEMORY],
  ['CUDA error: out of memory', MEMORY],
  ['llama_kv_cache_init: failed to allocate buffer for kv cache', MEMORY],
  ['unable to load full model on GPU', MEMORY],
  ['model requires more system memory (9.5 GiB) than is available (7.1 GiB)', MEMORY],
  [
    `${JSON.stringify({ error: { code: 500, message: 'out of memory', type: 'server_error' } })}\nggml_cuda: allocating 1 GiB failed`,
    MEMORY,
  ],
  ['llama-server process has terminated: exit status 2: error loading model', CRASHED],
  ['llama-server process no longer running: 1', CRASHED],
  ['llama runner process has terminated: exit status 2', CRASHED],
  ['timed out waiting for llama-server to start - progress 0.12 - ', SLOW],
  ['timed out waiting for llama runner to start - progress 0.12 - ', SLOW],
  [
    'model runner has unexpectedly stopped, this may be due to resource limitations or an internal error, check ollama server logs for details',
    CRASHED,
  ],
  ['an error was encountered while running the model: unexpected EOF', CRASHED],
  ['unexpected server status: llm server loading model', BUSY],
  ['no slots available after 10 retries', BUSY],
  [
    'llama-server process has terminated: exit status 1: this model may be incompatible with your version of Ollama. If you previously pulled this model, try updating it by running `ollama pull m`',
    MISFIT,
  ],
  [
    "'llama3.2-vision' is no longer compatible with your version of Ollama and has been replaced by a newer version. To re-download, run 'ollama pull llama3.2-vision'",
    MISFIT,
  ],
  ['llama-server binary not found (checked: /usr/lib/ollama/llama-server)', CRASHED],
  ['llama-server returned invalid tool call arguments for "get_weather": unexpected end of JSON input', { kind: 'bad-tool-call' }],
  ['llama-server chat error: map[code:500 message:Compute error. type:server_error]', { kind: 'server', says: ['Compute error.'] }],
  ['llama-server response stream event exceeded 8 MB limit', { kind: 'too-large' }],
];

const cases: Record<string, Case> = {};

/** The server's own words are there, for who has to find the cause. Of those in JSON, its message. */
const quoted = (text: string, { kind, says = [] }: Outcome) =>
  /^\{|map\[/.test(text) || kind === 'model-missing' || kind === 'too-large' ? says : [...says, text.split('\n', 1)[0] ?? ''];

for (const [code, text, outcome] of REFUSALS) {
  cases[`${code}: ${text}`] = { ...outcome, says: quoted(text, outcome), fault: refuses(code, text) };
}
for (const [text, outcome] of RUNNER) {
  const shown = { ...outcome, says: quoted(text, outcome) };
  cases[`500: ${text}`] = { ...shown, fault: refuses(500, text) };
  cases[`in the middle of an answer: ${text}`] = { ...shown, kept: PARTIAL, fault: breaksOff(text) };
}

const line = (question: Question, ...lines: string[]): Step[] => [...begun(question), ...lines.map(text => chunk(`${text}\n`)), LAST, END];
/** `lines` after the second of a whole answer. */
const between = (question: Question, ...lines: string[]): Step[] => {
  const all = sampleLines(question);
  return [head(question), ...[...all.slice(0, 2), ...lines.map(text => `${text}\n`), ...all.slice(2)].map(text => chunk(text)), LAST, END];
};

Object.assign(cases, {
  'a cloud model that needs a sign-in': {
    kind: 'sign-in',
    says: ['Sign in at ollama.com'],
    fault: status(
      '401 Unauthorized',
      'application/json',
      '{"error":"unauthorized","signin_url":"https://ollama.com/connect?name=a&key=b"}',
    ),
  },
  'a cloud model whose sign-in is no web address': {
    kind: 'unauthorized',
    fault: status('401 Unauthorized', 'application/json', '{"error":"unauthorized","signin_url":"javascript:alert(1)"}'),
  },
  'a cloud model whose sign-in hides its host': {
    kind: 'unauthorized',
    fault: status('401 Unauthorized', 'application/json', '{"error":"unauthorized","signin_url":"https://ollama.com@evil.example/"}'),
  },
  'a remote stub’s own form of an error': {
    kind: 'unauthorized',
    says: ['key expired'],
    fault: status('401 Unauthorized', 'application/json', '{"StatusCode":401,"Status":"401 Unauthorized","error":"key expired"}'),
  },
  'an error that is an object': { kind: 'server', says: ['it broke'], fault: refuses(500, { message: 'it broke' }) },
  'an error that is a number': { kind: 'server', says: ['42'], fault: refuses(500, 42) },
  'an error of many words': { kind: 'server', says: ['word word', '…'], fault: refuses(500, 'word '.repeat(20_000)) },
  'an error in the middle that is an object': {
    kind: 'server',
    says: ['it broke'],
    kept: PARTIAL,
    fault: breaksOff({ message: 'it broke' }),
  },
  'an overflow in the middle': { ...TOO_LONG, says: ['5210', '4096'], kept: PARTIAL, forgotten: true, fault: breaksOff(NESTED) },
  'an error line, and more lines after it': {
    ...CRASHED,
    kept: PARTIAL,
    open: true,
    fault: (question: Question) => [
      ...begun(question),
      chunk('{"error":"llama runner process has terminated: signal: killed"}\n'),
      ...partialLines(question).map(text => chunk(text)),
    ],
  },
  'an error line that is the whole answer': {
    ...CRASHED,
    fault: (question: Question) => [head(question), chunk('{"error":"model runner has unexpectedly stopped"}'), LAST, END],
  },
  'an error beside done': {
    ...CRASHED,
    kept: PARTIAL,
    fault: (question: Question) =>
      line(question, '{"error":"model runner has unexpectedly stopped","done":true,"message":{"content":"!"}}'),
  },

  'the end without done': { kind: 'interrupted', kept: PARTIAL, fault: (question: Question) => line(question) },
  'a line that is no JSON': { ...BAD_LINE, kept: PARTIAL, fault: (question: Question) => line(question, 'slot released') },
  'a line of HTML': { ...BAD_LINE, kept: PARTIAL, fault: (question: Question) => line(question, '<html><body>504</body></html>') },
  'a line that begins like JSON': {
    ...BAD_LINE,
    kept: PARTIAL,
    fault: (question: Question) => line(question, '{"model":', '{"model":"m"}'),
  },
  'a line of null': { ...BAD_LINE, kept: PARTIAL, fault: (question: Question) => line(question, 'null') },
  'a line that is an array': { ...BAD_LINE, kept: PARTIAL, fault: (question: Question) => line(question, '[]') },
  'a line that is a number': { ...BAD_LINE, kept: PARTIAL, fault: (question: Question) => line(question, '7') },
  'a line that is a text': { ...BAD_LINE, kept: PARTIAL, fault: (question: Question) => line(question, '"text"') },
  'an event stream in the place of lines': {
    ...BAD_LINE,
    fault: (question: Question) => [head(question), ...sampleLines(question).map(text => chunk(`data: ${text}\n`)), LAST, END],
  },
  'a line of more than 8 million characters': {
    kind: 'too-large',
    kept: PARTIAL,
    open: true,
    fault: (question: Question) => [...begun(question), ...Array.from({ length: 9 }, () => chunk('x'.repeat(1e6)))],
  },
  'a complete answer without a word': {
    kind: 'empty-reply',
    fault: (question: Question) => [head(question), chunk(sampleLines(question).at(-1) ?? ''), LAST, END],
  },

  // What a reader gets over.
  'lines with what no Ollama sends': {
    fault: (question: Question) =>
      between(
        question,
        '{"message":{"content":{"a":1},"thinking":7,"tool_calls":"none"}}',
        '{"message":null,"new":true}',
        '{"message":[1],"done":"no"}',
        '{"error":""}',
        '{"error":null}',
        '{}',
      ),
  },
  'blank lines and Windows line ends': {
    fault: (question: Question) => [head(question), chunk(`\r\n\n${sampleLines(question).join('\r\n\r\n')}`), LAST, END],
  },
  'a byte order mark': { fault: (question: Question) => [head(question), chunk(`\ufeff${sampleLines(question).join('')}`), LAST, END] },
  'lines after done': {
    fault: (question: Question) => [...healthy(question).slice(0, -2), chunk('slot released\nnull\n{"error":"late"}\n'), LAST, END],
  },
  'a last line without its end': {
    fault: (question: Question) => [head(question), chunk(sampleLines(question).join('').trimEnd()), LAST, END],
  },
  'a reason without done': {
    fault: (question: Question) => [head(question), chunk(sampleLines(question).join('').replace('"done":true,', '')), LAST, END],
  },
  'one object, although a stream was asked for': {
    fault: (question: Question) => [
      head(question, 'Content-Type: application/json; charset=utf-8\r\nTransfer-Encoding: chunked\r\n'),
      chunk(JSON.stringify({ model: 'm', message: { role: 'assistant', content: SAMPLE }, done: true, done_reason: 'stop' })),
      LAST,
      END,
    ],
  },
  'a refusal to think: asked again without': {
    asked: 2,
    attributes: { think: 'true' },
    fault: (question: Question) => (question.chat.think === undefined ? healthy : refuses(400, '"m" does not support thinking'))(question),
  },
  'a refusal of tools by a template that has none': {
    ...CANNOT,
    says: ['tools'],
    fault: breaksOff(`${REGISTRY}/m:latest does not support tools`),
    kept: PARTIAL,
  },
} satisfies Record<string, Case>);

for (const [name, theCase] of Object.entries(cases)) test(name.slice(0, 120), ({ at }) => at.survives(theCase));
