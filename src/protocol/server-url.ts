/** Reads the address of a server the way people write it. Pure: the page's address is passed in. */
import { ChatError } from '../errors';

/** Ollama on the visitor's own computer. */
export const DEFAULT_URL = 'http://localhost:11434';

/** Endpoints that people copy from examples along with the address. Longest first: one is taken off. */
const ENDPOINT = /\/(?:api\/chat|v1\/chat\/completions|api|v1)\/?$/;

/**
 * The base address of the server that `given` names, without a slash at its end.
 * Relative addresses resolve against `page`. Without a scheme it is read as Ollama reads OLLAMA_HOST
 * (https://docs.ollama.com/faq): `http`, port 11434; the port alone means this computer.
 * @throws {ChatError} `bad-url` where it is no http(s) address, or holds a user name or a password.
 */
export function serverUrl(given: string | null | undefined, page?: string): string {
  const text = given?.trim() || DEFAULT_URL;
  let url: URL;
  try {
    url = parse(text, page);
  } catch (cause) {
    throw new ChatError({ kind: 'bad-url', url: withoutUser(text) }, { cause });
  }
  // A name or password in an address would be shown and logged, and fetch() refuses it.
  if (!/^https?:$/.test(url.protocol) || url.username || url.password) throw new ChatError({ kind: 'bad-url', url: withoutUser(text) });
  // Where a server listens, not where it is reached.
  if (url.hostname === '0.0.0.0') url.hostname = '127.0.0.1';
  if (url.hostname === '[::]') url.hostname = '[::1]';
  const path = url.pathname.replace(ENDPOINT, '').replace(/\/+$/, '');
  return url.origin + path;
}

/** An address as it may be shown: without a name and a password. */
export const withoutUser = (text: string): string => text.replace(/^((?:[a-z][a-z\d+.-]*:)?\/\/)?[^/?#]*@/i, '$1');

/** Whether an address as people copy it is that of an OpenAI-compatible server. */
export const namesOpenAI = (given: string | null | undefined): boolean => /\/v1(?:\/chat\/completions)?\/?$/.test(given?.trim() ?? '');

function parse(text: string, page: string | undefined): URL {
  if (/^[a-z][a-z\d+.-]*:\/\//i.test(text)) return new URL(text);
  if (/^(?:\/|\.\.?(?:\/|$))/.test(text)) return new URL(text, page);
  if (/^[\da-f]*:[\da-f]*:[\da-f:.]*$/i.test(text)) return parse(`[${text}]`, page); // an IPv6 address alone
  const url = new URL(`http://${text.startsWith(':') ? `127.0.0.1${text}` : text}`);
  // URL drops a written `:80` as the default port of http; OLLAMA_HOST means it.
  const port = /^[^/?#]*:(\d+)(?:[/?#]|$)/.exec(text)?.[1];
  if (!port) url.port = '11434';
  return url;
}
