/**
 * The way to a real Ollama: where it is said to be, whether it answers, and how to reach it for a page it refuses.
 * Knows nothing of scripted replies.
 */
import { request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import { request as httpsRequest } from 'node:https';

export interface RealOllama {
  readonly url: string;
  /** Empty where the server keeps it to itself. */
  readonly version: string;
  /** Whether a page of the given origin may talk to it directly. */
  readonly direct: boolean;
}

/** In milliseconds. Where nothing listens the answer is no at once; a busy machine may take a while to say yes. */
const PATIENCE = 2000;

/** Where OLLAMA_HOST says that Ollama is, read as Ollama reads it; where it is by default, if it says nothing. */
export function ollamaUrl(host = process.env['OLLAMA_HOST']): string {
  const named = host?.trim().replace(/^["']|["']$/g, '') || '127.0.0.1';
  const [, scheme, rest = ''] = /^(?:(https?):\/\/)?(.*)$/i.exec(named) ?? [];
  // The port alone means this computer, and only without a scheme is it Ollama's own by default.
  const address = rest.startsWith(':') ? `127.0.0.1${rest}` : rest;
  const url = new URL(`${scheme ?? 'http'}://${address}`);
  if (!scheme && !/:\d+(?:\/|$)/.test(address)) url.port = '11434';
  // Where a server listens, not where it is reached.
  if (url.hostname === '0.0.0.0' || url.hostname === '[::]') url.hostname = '127.0.0.1';
  return url.href.replace(/\/+$/, '');
}

const isLoopback = (url: string) => /^(?:127\.[\d.]+|\[::1\]|(?:.+\.)?localhost)$/.test(new URL(url).hostname);

/** The Ollama at `url` as a page of `origin` sees it; `undefined` where nothing answers like one. */
export async function findOllama(url: string, origin: string): Promise<RealOllama | undefined> {
  const [version, accepts] = await Promise.all([versionOf(url), acceptsOrigin(url, origin)]);
  if (version === undefined) return undefined;
  // A page on another machine would look for a loopback server on its own.
  const reachable = isLoopback(origin) || !isLoopback(url);
  return { url, version, direct: accepts && reachable };
}

async function versionOf(url: string): Promise<string | undefined> {
  const { version } = await getJson(`${url}/api/version`);
  if (typeof version === 'string') return version;
  // A gateway may let through only what a chat needs.
  const { models } = await getJson(`${url}/api/tags`);
  return Array.isArray(models) ? '' : undefined;
}

async function getJson(url: string): Promise<Record<string, unknown>> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(PATIENCE) });
    return Object(await response.json()) as Record<string, unknown>;
  } catch {
    return {};
  }
}

async function acceptsOrigin(url: string, origin: string): Promise<boolean> {
  try {
    const response = await fetch(`${url}/api/version`, { headers: { Origin: origin }, signal: AbortSignal.timeout(PATIENCE) });
    await response.body?.cancel();
    return [origin, '*'].includes(response.headers.get('Access-Control-Allow-Origin') ?? '');
  } catch {
    return false;
  }
}

/** Passes a request through as it is, and the answer back as it comes. When the page closes it, so does the server's side. */
export function passThrough(base: string, request: IncomingMessage, response: ServerResponse): void {
  const target = new URL(base + (request.url ?? '/'));
  // Without the page's origin and host, both of which the server would refuse.
  const { origin: _origin, referer: _referer, host: _host, ...headers } = request.headers;
  const send = target.protocol === 'https:' ? httpsRequest : httpRequest;
  const upstream = send(target, { method: request.method, headers });
  upstream.on('response', answer => {
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.on('error', () => response.destroy());
    answer.pipe(response);
  });
  upstream.on('error', error => {
    if (response.headersSent) response.destroy();
    else response.writeHead(502, { 'Content-Type': 'text/plain' }).end(`The server at ${base} does not answer: ${error.message}\n`);
  });
  response.on('close', () => upstream.destroy());
  request.pipe(upstream);
}
