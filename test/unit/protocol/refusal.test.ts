import { expect } from '@open-wc/testing';
import type { Capability, ChatErrorDetail } from '../../../src/errors.ts';
import { refusal, serverError } from '../../../src/protocol/refusal.ts';
import { transcripts } from '../../support/transcripts-browser.ts';

const url = 'http://ollama.test';

/** A kind that is told in the server's own words. */
type Worded = 'out-of-memory' | 'load-timeout' | 'crashed' | 'bad-tool-call' | 'cloud-unavailable' | 'bad-request' | 'too-long';

type Row = [status: number, text: string, detail: Worded | ChatErrorDetail, inStream?: Worded | ChatErrorDetail];

const missing: ChatErrorDetail = { kind: 'model-missing', model: 'asked' };
const incapable = (capability: Capability, text: string): ChatErrorDetail => ({
  kind: 'capability-missing',
  model: 'asked',
  capability,
  text,
});
const incompatible = (text: string): ChatErrorDetail => ({ kind: 'model-incompatible', model: 'asked', text });
const busy = (status: number, text: string): ChatErrorDetail => ({ kind: 'busy', status, text });
const server = (text: string, status?: number): ChatErrorDetail => ({ kind: 'server', text, ...(status !== undefined && { status }) });

const row = (status: number, text: string, detail: (text: string) => ChatErrorDetail): Row => [status, text, detail(text)];
/** Refused for its status; the words alone, in a stream, say no more than themselves. */
const badRequest = (text: string): Row => [400, text, 'bad-request', server(text)];

/** Where there is no status, what it would be. */
const busyRow = (status: number, text: string): Row => [status, text, busy(status, text), busy(503, text)];

/** What ends a download, and says nothing of the model. The first is recorded; the others are put together from the same parts. */
const DOWNLOADS = [
  'pull model manifest: Get "https://registry.example/v2/library/asked/manifests/latest": dial tcp: lookup registry.example: no such host',
  'pull model manifest: 500: internal error',
  'Head "https://registry.example/v2/library/asked/blobs/sha256:00": dial tcp: lookup registry.example: no such host',
  'max retries exceeded: Get "https://registry.example/v2/library/asked/blobs/sha256:00": EOF',
  'write /models/blobs/sha256-00-partial-0: no space left on device',
];

/** Every text that a known server has for a refusal, and what it is taken for: of a whole answer, and of a line in a stream. */
const tables: Record<string, Row[]> = {
  'of a request that nobody can read': [
    badRequest('missing request body'),
    badRequest("invalid character 'x' looking for beginning of value"),
    badRequest('unexpected EOF'),
    badRequest('json: cannot unmarshal array into Go struct field ChatRequest.messages.content of type string'),
    badRequest('model is required'),
    badRequest('invalid model name'),
    badRequest('use either :local or :cloud, not both: "a:local:cloud"'),
    badRequest('EOF'),
    badRequest("[] is too short - 'messages'"),
    badRequest('invalid message content type: <nil>'),
    badRequest('Invalid JSON payload: unexpected end of data: line 1 column 10 (char 9)'),
  ],
  'of a setting': [
    badRequest('"asked" does not support insert'),
    badRequest('think must be a boolean or string ("high", "medium", "low", "max", true, or false)'),
    badRequest('top_logprobs must be between 0 and 20'),
    badRequest('illegal base64 data at input byte 4'),
    badRequest('time: missing unit in duration "300"'),
    badRequest('time: invalid duration "soon"'),
    badRequest("Unsupported type: 'bool'"),
    badRequest('raw mode does not support template, system, or context'),
    [500, 'option "num_ctx" must be of type integer', 'bad-request'],
    [500, 'invalid format: "x"; expected "json" or a valid JSON Schema object', 'bad-request'],
  ],
  'of a model that is missing': [
    [404, "model '' not found", missing],
    [404, "model 'asked' not found", missing],
    [404, "model 'asked:latest' not found", missing],
    [404, 'model "asked" not found, try pulling it first', missing],
    [500, 'pull model manifest: file does not exist', missing],
    [400, '/chat/completions: Invalid model name passed in model=asked. Call `/v1/models` to view available models for your key.', missing],
  ],
  'of a model that cannot do it': [
    row(400, '"asked" does not support chat', text => incapable('completion', text)),
    row(400, '"asked" does not support generate', text => incapable('completion', text)),
    row(400, '"asked" does not support thinking', text => incapable('thinking', text)),
    row(400, 'invalid think value: "lots" (must be "high", "medium", "low", "max", true, or false)', text => incapable('thinking', text)),
    row(400, 'think value "low" is not supported for this model', text => incapable('thinking', text)),
    row(400, 'registry.example/library/asked:latest does not support tools', text => incapable('tools', text)),
    row(400, 'example/library/asked:latest does not support tools\nexample/library/asked:latest does not support thinking', text =>
      incapable('tools', text),
    ),
    row(500, 'image input is not supported - hint: if this is unexpected, you may need to provide the mmproj', text =>
      incapable('vision', text),
    ),
    row(400, 'Multimodal data provided, but model does not support multimodal requests.', text => incapable('vision', text)),
  ],
  'of a model that does not fit this server': [
    row(
      500,
      'llama-server process has terminated: exit status 1: this model may be incompatible with your version of Ollama. If you previously pulled this model, try updating it by running `ollama pull asked`',
      incompatible,
    ),
    row(
      500,
      "'llama3.2-vision' is no longer compatible with your version of Ollama and has been replaced by a newer version",
      incompatible,
    ),
    row(500, 'pull model manifest: 412: The model you are attempting to pull requires a newer version of Ollama.', incompatible),
    row(500, 'pull model manifest: 412', incompatible),
  ],
  'for want of memory': [
    [
      500,
      'llama-server reported out-of-memory during startup: ggml_backend_cuda_buffer_type_alloc_buffer: allocating 9000 MiB',
      'out-of-memory',
    ],
    [500, 'llama-server process has terminated: exit status 1: cudaMalloc failed: out of memory', 'out-of-memory'],
    [500, 'llama-server process has terminated: exit status 1: error: failed to allocate buffer', 'out-of-memory'],
    [500, 'unable to load full model on GPU', 'out-of-memory'],
    [500, 'CUDA error: out of memory', 'out-of-memory'],
    [500, 'model requires more system memory (9.1 GiB) than is available (4.2 GiB)', 'out-of-memory'],
  ],
  'of a process that ended': [
    [500, 'llama-server process has terminated: exit status 2: segmentation fault', 'crashed'],
    [500, 'llama-server process has terminated: exit status 1: error loading model: unknown architecture', 'crashed'],
    [500, 'llama-server process no longer running: -1 ', 'crashed'],
    [500, 'llama runner process has terminated: signal: killed', 'crashed'],
    [
      500,
      'model runner has unexpectedly stopped, this may be due to resource limitations or an internal error, check ollama server logs for details',
      'crashed',
    ],
    [500, 'an error was encountered while running the model: unexpected EOF', 'crashed'],
    [500, 'llama-server binary not found (checked: llama-server)', 'crashed'],
  ],
  'of a model that is not loaded in time': [
    [500, 'timed out waiting for llama-server to start - ', 'load-timeout'],
    [500, 'timed out waiting for llama runner to start - progress 0.25 - ', 'load-timeout'],
  ],
  'of a server that is busy': [
    busyRow(503, 'server busy, please try again.  maximum pending requests exceeded'),
    busyRow(500, 'unexpected server status: llm server loading model'),
    busyRow(500, 'unexpected server status: 2'),
    busyRow(500, 'no slots available after 10 retries'),
    busyRow(503, 'Loading model'),
    [429, 'slow down', busy(429, 'slow down'), server('slow down')],
  ],
  'of a chat that is too long': [
    [
      400,
      'the prompt is longer than the context length currently available to the model; shorten the prompt, adjust the context length in settings, or use a model with a longer context length',
      'too-long',
    ],
    [400, 'the input length exceeds the context length', 'too-long'],
    [400, 'request (5210 tokens) exceeds the available context size (4096 tokens), try increasing it', 'too-long'],
  ],
  'of a tool call that nobody can read': [[500, 'llama-server returned invalid tool call arguments for "get_weather": {', 'bad-tool-call']],
  'of an answer that is too large': [
    [500, 'llama-server response stream event exceeded 8 MB limit', { kind: 'too-large', limit: 8 * 1024 * 1024 }],
  ],
  'of a cloud that is not to be had': [
    [403, 'ollama cloud is disabled: remote model is unavailable', 'cloud-unavailable'],
    [403, 'ollama cloud is disabled: remote model details are unavailable', 'cloud-unavailable'],
    [403, 'ollama cloud is disabled: web search is unavailable', 'cloud-unavailable'],
    [502, 'Post "https://ollama.example:443/api/chat?ts=1": dial tcp: lookup ollama.example: no such host', 'cloud-unavailable'],
    [503, 'account unavailable', 'cloud-unavailable'],
  ],
  'of a download': DOWNLOADS.map(text => [500, text, server(text, 500), server(text)]),
  'of a server behind a gateway that is gone': [
    [
      500,
      'litellm.APIConnectionError: APIConnectionError: OpenAIException - Connection error.',
      { kind: 'proxy', status: 500, url },
      { kind: 'interrupted' },
    ],
  ],
  'for want of a key': [
    [401, 'unauthorized', { kind: 'unauthorized', status: 401, text: 'unauthorized' }, server('unauthorized')],
    [401, 'Invalid API Key', { kind: 'unauthorized', status: 401, text: 'Invalid API Key' }, server('Invalid API Key')],
    [403, 'no', { kind: 'unauthorized', status: 403, text: 'no' }, server('no')],
  ],
  'of a path that is not there': [[404, 'File Not Found', { kind: 'not-ollama', status: 404, url }, server('File Not Found')]],
  'that no table knows': [
    [500, 'llama-server chat error: odd', server('llama-server chat error: odd', 500), server('llama-server chat error: odd')],
    [
      501,
      'This server does not support embeddings. Start it with `--embeddings`',
      server('This server does not support embeddings. Start it with `--embeddings`', 501),
      server('This server does not support embeddings. Start it with `--embeddings`'),
    ],
    [500, 'error loading model: bad magic', server('error loading model: bad magic', 500), server('error loading model: bad magic')],
    [502, 'upstream is away', server('upstream is away', 502), server('upstream is away')],
  ],
};

describe('a refusal', () => {
  for (const [what, rows] of Object.entries(tables)) {
    describe(what, () => {
      for (const [status, text, detail, inStream = detail] of rows) {
        it(`is known by its words: ${status} ${text}`, () => {
          const told = (as: Worded | ChatErrorDetail) => (typeof as === 'string' ? { kind: as, text } : as);
          expect(read(status, { error: text }, 'asked')).to.deep.equal(told(detail));
          expect(read(status, { error: { message: text, type: 'api_error', param: null, code: null } }, 'asked'), 'on /v1').to.deep.equal(
            told(detail),
          );
          expect(serverError(text, { model: 'asked' }).detail, 'as a line of a stream').to.deep.equal(told(inStream));
        });
      }
    });
  }

  it('takes the name of a missing model from the text where none was asked for, in both kinds of quotes', () => {
    expect(read(404, { error: "model 'it:7b' not found" })).to.deep.equal({ kind: 'model-missing', model: 'it:7b' });
    expect(read(404, { error: 'model "it:7b" not found, try pulling it first' })).to.deep.equal({ kind: 'model-missing', model: 'it:7b' });
    expect(read(404, { error: "model '' not found" })).to.deep.equal({ kind: 'model-missing', model: '' });
  });

  it('is read in no time, whatever a server writes', () => {
    const start = performance.now();
    for (const piece of ["model '", 'map[ message:', 'map[code:500 message:', '{"error":', "not found'"]) {
      serverError(piece.repeat(100_000));
      serverError(`${piece.repeat(100_000)}]`);
    }
    // A hundredth of a second at most; with the patterns open to all of it, minutes.
    expect(performance.now() - start).to.be.below(2000);
  });

  it('counts no tokens that are no number of them', () => {
    for (const n_ctx of [-1, 1e308, 1.5, '7', { a: 1 }]) {
      const { detail } = serverError({ message: 'exceeds the available context size', n_ctx, n_prompt_tokens: n_ctx });
      expect(detail).to.deep.equal({ kind: 'too-long', text: 'exceeds the available context size' });
    }
  });

  it('of a cloud model tells where to sign in', () => {
    const signin_url = 'https://ollama.example/connect?name=pc';
    expect(read(401, { error: 'unauthorized', signin_url })).to.deep.equal({ kind: 'sign-in', url: signin_url });
    expect(serverError('unauthorized', { facts: { error: 'unauthorized', signin_url } }).detail).to.deep.equal({
      kind: 'sign-in',
      url: signin_url,
    });
  });

  it('never leads to an address that is no https', () => {
    for (const signin_url of [
      'javascript:alert(1)',
      'http://ollama.example',
      '//ollama.example',
      'https://ollama.com@evil.example/',
      7,
      null,
      { a: 1 },
    ]) {
      expect(read(401, { error: 'unauthorized', signin_url })).to.include({ kind: 'unauthorized' });
    }
  });

  it('for a key that LiteLLM cannot look up is one for want of a key', () => {
    const error = { message: 'No connected db.', type: 'no_db_connection', param: null, code: '400' };
    expect(read(400, { error })).to.deep.equal({ kind: 'unauthorized', status: 400, text: 'No connected db.' });
  });

  it('in the words of vLLM and FastAPI is read', () => {
    expect(read(404, { object: 'error', message: 'The model `a` does not exist.', code: 404 })).to.deep.include({
      kind: 'server',
      status: 404,
    });
    expect(read(422, { detail: [{ loc: ['body', 'think'], msg: 'Extra inputs are not permitted' }] })).to.deep.equal({
      kind: 'bad-request',
      text: 'body.think: Extra inputs are not permitted',
    });
    const message = "This model's maximum context length is 2048 tokens.";
    expect(read(400, { error: { message, code: 'context_length_exceeded' } })).to.deep.equal({ kind: 'too-long', text: message });
  });

  describe('that tells when to come back', () => {
    it('keeps the time where the server is busy', () => {
      const told = { kind: 'busy', status: 503, text: 'server busy', retryAfter: 90 };
      expect(refusal({ status: 503, text: '{"error":"server busy"}', retryAfter: '90' }, url).detail).to.deep.equal(told);
      expect(refusal({ status: 429, text: '', retryAfter: '90' }, url).detail).to.deep.equal({ ...told, status: 429, text: '' });
    });

    it('keeps none that says nothing', () => {
      for (const retryAfter of [null, undefined, '', 'soon']) {
        expect(refusal({ status: 429, text: '', retryAfter }, url).detail).to.deep.equal({ kind: 'busy', status: 429, text: '' });
      }
    });
  });

  describe('that no model server wrote', () => {
    const bodies = ['<html><h1>502 Bad Gateway</h1></html>', '404 page not found', '{"detail":"Not Found"}', 'null', '[]', '"error"'];
    for (const body of ['', ...bodies, '{"error":""}', '{"error":null}', '{"error":"cut o']) {
      it(`is told by its status: ${body || 'nothing'}`, () => {
        for (const status of [400, 404, 405, 500, 501]) expect(read(status, body)).to.deep.equal({ kind: 'not-ollama', status, url });
        for (const status of [502, 503, 504]) expect(read(status, body)).to.deep.equal({ kind: 'proxy', status, url });
        expect(read(401, body)).to.deep.equal({ kind: 'unauthorized', status: 401, text: '' });
        expect(read(413, body)).to.deep.equal({ kind: 'too-long', text: '' });
        expect(read(429, body)).to.deep.equal({ kind: 'busy', status: 429, text: '' });
      });
    }

    it('is one of the name that a proxy called the server by where a 403 holds nothing', () => {
      for (const body of ['', ' \n']) expect(read(403, body)).to.deep.equal({ kind: 'host-refused', url });
      for (const body of bodies) expect(read(403, body)).to.deep.equal({ kind: 'unauthorized', status: 403, text: '' });
    });
  });

  describe('with JSON inside the error string', () => {
    const message = 'request (5210 tokens) exceeds the available context size (4096 tokens), try increasing it';
    const inner = JSON.stringify({ error: { code: 400, message, type: 'exceed_context_size_error', n_prompt_tokens: 5210, n_ctx: 4096 } });
    const detail: ChatErrorDetail = { kind: 'too-long', text: message, promptTokens: 5210, contextLength: 4096 };

    it('is unwrapped to words and numbers', () => {
      expect(read(400, { error: inner })).to.deep.equal(detail);
      expect(serverError(inner).detail, 'as a line of a stream').to.deep.equal(detail);
    });

    it('is known by its type, whatever the words', () => {
      const words = JSON.stringify({ error: { message: 'zu lang', type: 'exceed_context_size_error', n_ctx: '4096' } });
      expect(read(400, { error: words })).to.deep.equal({ kind: 'too-long', text: 'zu lang' });
    });

    it('is unwrapped also with lines of a log behind it', () => {
      expect(read(400, { error: `${inner}\nsrv  send_error: task id = 3, error: no\n` })).to.deep.equal(detail);
      const memory = '{"error":{"code":500,"message":"failed to allocate buffer","type":"server_error"}}\nggml: out of memory';
      expect(read(500, { error: memory })).to.deep.equal({ kind: 'out-of-memory', text: 'failed to allocate buffer' });
    });

    it('keeps the text where the JSON says no more', () => {
      for (const text of ['{}', '[1]', '5', '{"error":""}', '{"message":"x"}', '{"error":{"message":"cut o']) {
        expect(read(500, { error: text })).to.deep.equal(server(text, 500));
      }
    });
  });

  describe('printed as Go prints a map', () => {
    const maps: Record<string, string> = {
      'map[code:500 message:no type:server_error]': 'no',
      'map[code:500 message:cannot read [INST] of a[0]: no type: here type:server_error]': 'cannot read [INST] of a[0]: no type: here',
      'map[message:two\nlines]': 'two\nlines',
      'map[code:500 type:server_error]': 'llama-server chat error: map[code:500 type:server_error]',
    };
    for (const [map, text] of Object.entries(maps)) {
      it(`is unwrapped to its words: ${map}`, () => {
        expect(read(500, { error: `llama-server chat error: ${map}` })).to.deep.equal(server(text, 500));
      });
    }

    it('is known by these words', () => {
      const message = 'request (5210 tokens) exceeds the available context size (4096 tokens), try increasing it';
      const map = `map[code:400 message:${message} n_ctx:4096 n_prompt_tokens:5210 type:exceed_context_size_error]`;
      expect(read(500, { error: `llama-server chat error: ${map}` })).to.deep.equal({ kind: 'too-long', text: message });
    });
  });

  describe('with an error that is no text', () => {
    it('takes the words of an object', () => {
      expect(read(500, { error: { error: 'words' } })).to.deep.equal(server('words', 500));
      expect(read(500, { error: { error: { message: 'deep' } } })).to.deep.equal(server('deep', 500));
    });

    it('never shows [object Object]', () => {
      for (const error of [{ code: 7 }, { message: { text: 'x' } }, ['a', { b: 1 }], 7, true]) {
        expect(read(500, { error })).to.deep.equal(server(JSON.stringify(error), 500));
      }
    });
  });

  it('keeps the words of a server whose object says more than the error', () => {
    const body = { StatusCode: 500, Status: '500 Internal Server Error', error: 'upstream failed' };
    expect(read(500, body)).to.deep.equal(server('upstream failed', 500));
  });

  it('that a real server has sent is one that is known, but for one about embeddings', async () => {
    const unknown: string[] = [];
    let refused = 0;
    for (const { file, name, response } of await transcripts()) {
      if (response.status < 400) continue;
      refused++;
      if (read(response.status, response.chunks.join('')).kind === 'server') unknown.push(`${name} of ${file}`);
    }
    expect(refused).to.be.above(70);
    expect(unknown).to.deep.equal(['native-embed of ollama-0.33.0-rc2', 'rendered-embed of ollama-0.33.0-rc2']);
  });
});

function read(status: number, body: unknown, model?: string): ChatErrorDetail {
  return refusal({ status, text: typeof body === 'string' ? body : JSON.stringify(body) }, url, model).detail;
}
