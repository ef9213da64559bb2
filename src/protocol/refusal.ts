/**
 * A server's refusal, read: HTTP status and text to a `ChatError`. Pure.
 * Texts as Ollama 0.24 and 0.33, llama-server and LiteLLM send them; new ones are rows of the table.
 */
import { ChatError, type Capability, type ChatErrorDetail } from '../errors';
import { isCount, isObject, isText, parseJson } from './json';
import { secondsOf } from './retry';

export { pause, retryDelay } from './retry';

/** An answer that is no success. */
export interface RefusedAnswer {
  status: number;
  text: string;
  retryAfter?: string | null;
  /** The headers that the page itself set: a server that repeats a key must not make it public. */
  own?: Readonly<Record<string, string>>;
}

interface Refusal {
  status?: number;
  /** The server's words, unwrapped. */
  text: string;
  /** The object the words came in: llama-server's own, or the whole answer. */
  facts: Record<string, unknown>;
  model: string;
  /** In seconds. */
  retryAfter?: number;
  /** The server's. */
  url: string;
}

interface Row {
  when: RegExp | ((refusal: Refusal) => boolean);
  as: (refusal: Refusal) => ChatErrorDetail;
}

/** How much of a server's words is read, in characters: they may be anything. */
const LONGEST = 2000;

/** An address that somebody may be sent to; what stands before an `@` could be taken for its host. */
function signIn(value: unknown): string | undefined {
  const url = isText(value) && URL.canParse(value) ? new URL(value) : undefined;
  return url?.protocol === 'https:' && !url.username && !url.password ? url.href : undefined;
}

/** A row for errors of which only the words are known. */
const worded = (
  kind: 'out-of-memory' | 'load-timeout' | 'crashed' | 'bad-tool-call' | 'cloud-unavailable' | 'bad-request',
  when: Row['when'],
): Row => ({ when, as: ({ text }) => ({ kind, text }) });

const incapable = (capability: Capability, when: RegExp): Row => ({
  when,
  as: ({ model, text }) => ({ kind: 'capability-missing', model, capability, text }),
});

/** First match wins. Texts before statuses: within a stream there is no status. */
const KINDS: Row[] = [
  {
    // Of a pull the cause alone counts: `pull model manifest: …` is also said of a registry that cannot be reached.
    when: /model ['"].*['"] not found|invalid model name passed|file does not exist/i,
    as: ({ text, model }) => ({ kind: 'model-missing', model: model || (/model ['"](.+?)['"]/i.exec(text)?.[1] ?? '') }),
  },
  {
    // Before the crash that it comes with. The 412 is the registry's, for a model that an Ollama of this age cannot run.
    when: /may be incompatible with your version|is no longer compatible|requires a newer version of Ollama|^pull model manifest: 412/i,
    as: ({ text, model }) => ({ kind: 'model-incompatible', model, text }),
  },
  worded(
    'out-of-memory',
    /out[- ]of[- ]memory|requires more system memory|cudaMalloc failed|failed to allocate|unable to load full model/i,
  ),
  worded('load-timeout', /timed out waiting for (?:llama|model)/i),
  worded(
    'crashed',
    /process (?:has terminated|no longer running)|unexpectedly stopped|error was encountered while running|binary not found/i,
  ),
  worded('bad-tool-call', /invalid tool call arguments/i),
  incapable('tools', /does not support tools/i),
  incapable('thinking', /does not support thinking|think value/i),
  incapable('vision', /image input is not supported|not support multimodal/i),
  incapable('completion', /does not support (?:chat|generate)/i),
  {
    when: ({ text, facts }) =>
      facts.type === 'exceed_context_size_error' ||
      facts.code === 'context_length_exceeded' ||
      /exceeds the (?:available )?context (?:size|length)|prompt is longer than the context|maximum context length/i.test(text),
    as: ({ text, facts }) => ({
      kind: 'too-long',
      text,
      ...(isCount(facts.n_prompt_tokens) && { promptTokens: facts.n_prompt_tokens }),
      ...(isCount(facts.n_ctx) && { contextLength: facts.n_ctx }),
    }),
  },
  { when: /event exceeded \d+ MB/i, as: ({ text }) => ({ kind: 'too-large', limit: Number(/(\d+) MB/i.exec(text)?.[1]) * 2 ** 20 }) },
  // A path in `/v2/` is the registry's, where a download has stopped.
  worded('cloud-unavailable', /ollama cloud is disabled|^(?:Post|Get|Head) "https:(?!\S*\/v2\/)|account unavailable/i),
  {
    when: ({ facts }) => signIn(facts.signin_url) !== undefined,
    as: ({ facts }) => ({ kind: 'sign-in', url: signIn(facts.signin_url) ?? '' }),
  },
  {
    when: ({ status, text }) =>
      status === 429 ||
      status === 503 ||
      /server busy|maximum pending requests|unexpected server status|^loading model|no slots available/i.test(text),
    as: ({ status, text, retryAfter }) => ({
      kind: 'busy',
      status: status ?? 503,
      text,
      ...(retryAfter !== undefined && { retryAfter }),
    }),
  },
  {
    // What LiteLLM says of a server behind it that is gone; within an answer it is the connection that has ended.
    when: /APIConnectionError/i,
    as: ({ status, url }) => (status === undefined ? { kind: 'interrupted' } : { kind: 'proxy', status, url }),
  },
  {
    // The last is LiteLLM's answer to a key that it does not know, where it has no database to look it up.
    when: ({ status, facts }) => status === 401 || status === 403 || facts.type === 'no_db_connection',
    as: ({ status, text }) => ({ kind: 'unauthorized', status: status ?? 401, text }),
  },
  {
    // A path that llama-server does not have.
    when: ({ status, text }) => status === 404 && text === 'File Not Found',
    as: ({ status = 404, url }) => ({ kind: 'not-ollama', status, url }),
  },
  worded('bad-request', ({ status, text }) => status === 400 || status === 422 || /^option "|^invalid format/.test(text)),
];

/** Reads an answer that is no success. `url` is the server's, `model` the one that was asked for. */
export function refusal({ status, text: said, retryAfter, own = {} }: RefusedAnswer, url: string, model = ''): ChatError {
  const text = withoutSecrets(said, own);
  const facts = parseJson(text);
  const seconds = secondsOf(retryAfter ?? null);
  const read = { status, model, ...(seconds !== undefined && { retryAfter: seconds }) };
  if (isObject(facts)) {
    // FastAPI, and with it vLLM, writes the words into the answer itself.
    const { error = facts.message ?? complaints(facts.detail) } = facts;
    if (error) return serverError(error, { ...read, facts, url });
  }
  return new ChatError(wordless(read, text.trim(), url));
}

function withoutSecrets(text: string, own: Readonly<Record<string, string>>): string {
  // Also without the word before a key, such as `Bearer`. What is short is no secret, and stands in many words.
  const secrets = Object.values(own).flatMap(value => [value, value.replace(/^\w+ +/, '')]);
  return secrets.filter(secret => secret.length > 5).reduce((left, secret) => left.replaceAll(secret, '…'), text);
}

/** What FastAPI finds wrong with a request: `body.think: Extra inputs are not permitted`. */
function complaints(detail: unknown): string {
  const words = (Array.isArray(detail) ? detail : []).flatMap((item: unknown) =>
    isObject(item) && isText(item.msg) ? [`${Array.isArray(item.loc) ? item.loc.join('.') : ''}: ${item.msg}`] : [],
  );
  return words.join('\n');
}

/** What a status says by itself, where the words are not Ollama's: a proxy's page, a web server's plain 404, or nothing. */
function wordless({ status, retryAfter }: { status: number; retryAfter?: number }, text: string, url: string): ChatErrorDetail {
  if (status === 403 && !text) return { kind: 'host-refused', url };
  if (status === 401 || status === 403) return { kind: 'unauthorized', status, text: '' };
  if (status === 413) return { kind: 'too-long', text: '' };
  if (status === 429) return { kind: 'busy', status, text: '', ...(retryAfter !== undefined && { retryAfter }) };
  if (status >= 502 && status <= 504) return { kind: 'proxy', status, url };
  return { kind: 'not-ollama', status, url };
}

/** Reads the value of an `error` field, of a whole answer or of a line within a stream. `facts` is the object it stood in. */
export function serverError(
  error: unknown,
  { model = '', url = '', facts = {}, ...given }: Partial<Omit<Refusal, 'text'>> = {},
): ChatError {
  const words = unwrap(error);
  words.text = words.text.slice(0, LONGEST);
  const read: Refusal = { ...given, model, url, text: words.text, facts: { ...facts, ...words.facts } };
  const row = KINDS.find(({ when }) => (typeof when === 'function' ? when(read) : when.test(read.text)));
  const { status, text } = read;
  return new ChatError(row ? row.as(read) : { kind: 'server', text, ...(status !== undefined && { status }) });
}

/**
 * The words of an error. They can be a string, an object with a `message`, or llama-server's whole JSON answer as a
 * string, which Ollama passes on as it came, sometimes with a line of log behind it.
 */
function unwrap(error: unknown): Pick<Refusal, 'text' | 'facts'> {
  if (isObject(error)) {
    if (error.error) return unwrap(error.error);
    return { text: isText(error.message) ? error.message : JSON.stringify(error), facts: error };
  }
  if (typeof error !== 'string') return { text: JSON.stringify(error) ?? '', facts: {} };
  const inner = parseJson(error) ?? parseJson(error.split('\n', 1)[0] ?? '');
  if (isObject(inner) && inner.error) return unwrap(inner.error);
  return { text: goMessage(error.slice(0, LONGEST)) ?? error, facts: {} };
}

/** The message in a map as Go prints it, which is how Ollama passes on some of llama-server's errors: `map[code:500 message:… type:…]`. */
function goMessage(text: string): string | undefined {
  const map = text.indexOf('map[');
  const start = text.indexOf('message:', map);
  if (map < 0 || start < 0 || !text.endsWith(']')) return undefined;
  return text.slice(start + 'message:'.length, -1).replace(/(?: n_\w+:\d+)*(?: type:\w+)?$/, '');
}
