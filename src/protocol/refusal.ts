/**
 * A server's refusal, read: HTTP status and text to a `ChatError`. Pure.
 * Texts as Ollama 0.24 and 0.33 send them; new ones are rows of the table.
 */
import { ChatError, type ChatErrorDetail } from '../errors';
import { isObject, parseJson } from './json';

interface Refusal {
  status?: number;
  /** The server's words, unwrapped. */
  text: string;
  /** The object the words came in, where llama-server's own JSON was passed on. */
  facts: Record<string, unknown>;
  model: string;
}

/** First match wins. Texts before statuses: within a stream there is no status. */
const KINDS: { when: RegExp | ((refusal: Refusal) => boolean); as: (refusal: Refusal) => ChatErrorDetail }[] = [
  {
    when: /model ['"].*['"] not found|file does not exist|pull model manifest/i,
    as: ({ text, model }) => ({ kind: 'model-missing', model: model || (/model ['"](.+?)['"]/i.exec(text)?.[1] ?? '') }),
  },
  {
    when: /out[- ]of[- ]memory|requires more system memory|cudaMalloc failed|failed to allocate|unable to load full model/i,
    as: ({ text }) => ({ kind: 'out-of-memory', text }),
  },
  {
    when: ({ text, facts }) =>
      facts.type === 'exceed_context_size_error' ||
      /exceeds the (?:available )?context (?:size|length)|prompt is longer than the context/i.test(text),
    as: ({ text, facts }) => ({
      kind: 'too-long',
      text,
      ...(typeof facts.n_prompt_tokens === 'number' && { promptTokens: facts.n_prompt_tokens }),
      ...(typeof facts.n_ctx === 'number' && { contextLength: facts.n_ctx }),
    }),
  },
  {
    when: ({ status, text }) => status === 429 || status === 503 || /server busy|maximum pending requests/i.test(text),
    as: ({ status, text }) => ({ kind: 'busy', status: status ?? 503, text }),
  },
  {
    when: ({ status }) => status === 401 || status === 403,
    as: ({ status, text }) => ({ kind: 'unauthorized', status: status ?? 401, text }),
  },
];

/** Reads the body of an answer that is no success. `model` is the one that was asked for. */
export function refusal(status: number, body: string, url: string, model = ''): ChatError {
  const error = errorOf(body);
  if (error === undefined) {
    // Not one of Ollama's: a proxy's HTML, a web server's plain 404, or nothing at all.
    if (status === 401 || status === 403) return new ChatError({ kind: 'unauthorized', status, text: '' });
    if (status === 429) return new ChatError({ kind: 'busy', status, text: '' });
    return new ChatError({ kind: 'not-ollama', status, url });
  }
  return serverError(error, { status, model });
}

/** Reads the value of an `error` field, of a whole answer or of a line within a stream. */
export function serverError(error: unknown, { status, model = '' }: { status?: number; model?: string } = {}): ChatError {
  const read = { ...unwrap(error), model, ...(status !== undefined && { status }) };
  const row = KINDS.find(({ when }) => (typeof when === 'function' ? when(read) : when.test(read.text)));
  return new ChatError(row ? row.as(read) : { kind: 'server', text: read.text, ...(status !== undefined && { status }) });
}

function errorOf(body: string): unknown {
  const value = parseJson(body);
  return isObject(value) && value.error ? value.error : undefined;
}

/**
 * The words of an error. They can be a string, an object with a `message`, or llama-server's whole JSON answer as a
 * string, which Ollama passes on as it came, sometimes with a line of log behind it.
 */
function unwrap(error: unknown): Pick<Refusal, 'text' | 'facts'> {
  if (isObject(error)) {
    if (error.error) return unwrap(error.error);
    return { text: typeof error.message === 'string' ? error.message : JSON.stringify(error), facts: error };
  }
  if (typeof error !== 'string') return { text: JSON.stringify(error) ?? '', facts: {} };
  const inner = parseJson(error) ?? parseJson(error.split('\n', 1)[0] ?? '');
  return isObject(inner) && inner.error ? unwrap(inner.error) : { text: error, facts: {} };
}
