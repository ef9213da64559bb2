import { expect } from '@open-wc/testing';
import type { ChatErrorDetail } from '../../../src/errors.ts';
import { refusal, serverError } from '../../../src/protocol/refusal.ts';

const url = 'http://ollama.test/api/chat';
const outOfMemory = [
  'llama-server reported out-of-memory during startup: ggml_backend_cuda_buffer_type_alloc_buffer: allocating 9000 MiB',
  'llama-server process has terminated: exit status 1: cudaMalloc failed: out of memory',
  'llama-server process has terminated: exit status 1: error: failed to allocate buffer',
  'unable to load full model on GPU',
  'CUDA error: out of memory',
  'model requires more system memory (9.1 GiB) than is available (4.2 GiB)',
];
const tooLong = [
  'the prompt is longer than the context length currently available to the model; shorten the prompt, adjust the context length in settings, or use a model with a longer context length',
  'the input length exceeds the context length',
  'request (5210 tokens) exceeds the available context size (4096 tokens), try increasing it',
];
/** Known texts that are told in the server's own words. */
const plain: [status: number, text: string][] = [
  [400, 'missing request body'],
  [400, "invalid character 'x' looking for beginning of value"],
  [400, 'unexpected EOF'],
  [400, 'json: cannot unmarshal array into Go struct field ChatRequest.messages.content of type string'],
  [400, 'model is required'],
  [400, 'invalid model name'],
  [400, 'use either :local or :cloud, not both: "a:local:cloud"'],
  [400, '"embed" does not support chat'],
  [400, '"plain" does not support thinking'],
  [400, 'registry.example/library/plain:latest does not support tools'],
  [400, 'invalid think value: "lots" (must be "high", "medium", "low", "max", true, or false)'],
  [400, 'illegal base64 data at input byte 4'],
  [400, 'time: missing unit in duration "300"'],
  [500, 'option "num_ctx" must be of type integer'],
  [500, 'invalid format: "x"; expected "json" or a valid JSON Schema object'],
  [500, 'llama-server process has terminated: exit status 2: segmentation fault'],
  [500, 'llama runner process has terminated: signal: killed'],
  [500, 'timed out waiting for llama-server to start - '],
  [
    500,
    'model runner has unexpectedly stopped, this may be due to resource limitations or an internal error, check ollama server logs for details',
  ],
  [500, 'an error was encountered while running the model: unexpected EOF'],
  [500, 'unexpected server status: llm server loading model'],
  [500, 'llama-server binary not found (checked: /usr/lib/ollama)'],
  [500, 'llama-server returned invalid tool call arguments for "get_weather": {'],
  [500, 'llama-server chat error: map[code:500 message:no type:server_error]'],
  [500, 'llama-server response stream event exceeded 8 MB limit'],
  [500, "'llama3.2-vision' is no longer compatible with your version of Ollama"],
  [502, 'dial tcp: lookup ollama.com: no such host'],
];

describe('a refusal', () => {
  describe('of a model that is missing', () => {
    const texts = [
      "model 'asked' not found",
      "model 'asked:latest' not found",
      'model "asked" not found, try pulling it first',
      'model "asked:latest" not found, try pulling it first',
      'pull model manifest: file does not exist',
      'pull model manifest: 412',
    ];
    for (const text of texts) {
      it(`names the model that was asked for: ${text}`, () => {
        expect(read(404, { error: text }, 'asked')).to.deep.equal({ kind: 'model-missing', model: 'asked' });
      });
    }

    it('takes the name from the text where none was asked for, in both kinds of quotes', () => {
      expect(read(404, { error: "model 'it:7b' not found" })).to.deep.equal({ kind: 'model-missing', model: 'it:7b' });
      expect(read(404, { error: 'model "it:7b" not found, try pulling it first' })).to.deep.equal({
        kind: 'model-missing',
        model: 'it:7b',
      });
      expect(read(404, { error: "model '' not found" })).to.deep.equal({ kind: 'model-missing', model: '' });
    });
  });

  for (const text of outOfMemory) {
    it(`for want of memory: ${text}`, () => {
      expect(read(500, { error: text })).to.deep.equal({ kind: 'out-of-memory', text });
      expect(serverError(text).detail, 'as a line of a stream').to.deep.equal({ kind: 'out-of-memory', text });
    });
  }

  for (const text of tooLong) {
    it(`of a chat that is too long: ${text}`, () => {
      expect(read(400, { error: text })).to.deep.equal({ kind: 'too-long', text });
      expect(serverError(text).detail, 'as a line of a stream').to.deep.equal({ kind: 'too-long', text });
    });
  }

  describe('of a server that is busy', () => {
    const text = 'server busy, please try again.  maximum pending requests exceeded';

    it('is known by its status', () => {
      expect(read(503, { error: text })).to.deep.equal({ kind: 'busy', status: 503, text });
      expect(read(429, { error: 'slow down' })).to.deep.equal({ kind: 'busy', status: 429, text: 'slow down' });
    });

    it('is known by its text within a stream', () => expect(serverError(text).detail).to.deep.equal({ kind: 'busy', status: 503, text }));

    it('needs no words with status 429', () => expect(read(429, '')).to.deep.equal({ kind: 'busy', status: 429, text: '' }));
  });

  describe('for want of a key', () => {
    it('keeps status and words', () => {
      expect(read(401, { error: 'unauthorized', signin_url: 'https://ollama.example/connect' })).to.deep.equal({
        kind: 'unauthorized',
        status: 401,
        text: 'unauthorized',
      });
      const text = 'ollama cloud is disabled: remote model is unavailable';
      expect(read(403, { error: text })).to.deep.equal({ kind: 'unauthorized', status: 403, text });
    });

    it('needs no words, and takes none from a page', () => {
      for (const body of ['', '<html><h1>403 Forbidden</h1></html>', 'Forbidden']) {
        expect(read(401, body)).to.deep.equal({ kind: 'unauthorized', status: 401, text: '' });
        expect(read(403, body)).to.deep.equal({ kind: 'unauthorized', status: 403, text: '' });
      }
    });
  });

  for (const [status, text] of plain) {
    it(`is told in the server’s own words: ${text}`, () => {
      expect(read(status, { error: text })).to.deep.equal({ kind: 'server', status, text });
      expect(serverError(text).detail, 'as a line of a stream').to.deep.equal({ kind: 'server', text });
    });
  }

  describe('that no Ollama wrote', () => {
    const bodies = ['<html><h1>502 Bad Gateway</h1></html>', '404 page not found', '', '{"detail":"Not Found"}', 'null', '[]', '"error"'];
    for (const body of [...bodies, '{"error":""}', '{"error":null}', '{"error":"cut o']) {
      it(`says so: ${body || 'nothing'}`, () => {
        for (const status of [404, 500, 502, 503]) expect(read(status, body)).to.deep.equal({ kind: 'not-ollama', status, url });
      });
    }
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
        expect(read(500, { error: text })).to.deep.equal({ kind: 'server', status: 500, text });
      }
    });
  });

  describe('with an error that is no text', () => {
    it('takes the words of an object', () => {
      const error = { message: 'Invalid API Key', type: 'authentication_error', code: 401 };
      expect(read(401, { error })).to.deep.equal({ kind: 'unauthorized', status: 401, text: 'Invalid API Key' });
      expect(read(404, { error: { message: 'File Not Found', code: 404 } })).to.deep.equal({
        kind: 'server',
        status: 404,
        text: 'File Not Found',
      });
      expect(read(500, { error: { error: 'words' } })).to.deep.equal({ kind: 'server', status: 500, text: 'words' });
      expect(read(500, { error: { error: { message: 'deep' } } })).to.deep.equal({ kind: 'server', status: 500, text: 'deep' });
    });

    it('never shows [object Object]', () => {
      for (const error of [{ code: 7 }, { message: { text: 'x' } }, ['a', { b: 1 }], 7, true]) {
        expect(read(500, { error })).to.deep.equal({ kind: 'server', status: 500, text: JSON.stringify(error) });
      }
    });
  });

  it('keeps the words of a server whose object says more than the error', () => {
    const body = { StatusCode: 500, Status: '500 Internal Server Error', error: 'upstream failed' };
    expect(read(500, body)).to.deep.equal({ kind: 'server', status: 500, text: 'upstream failed' });
  });
});

function read(status: number, body: unknown, model?: string): ChatErrorDetail {
  return refusal(status, typeof body === 'string' ? body : JSON.stringify(body), url, model).detail;
}
