/**
 * Which pages may talk to the server, decided and answered exactly as Ollama does.
 * Knows nothing of what is asked for.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';

/** What Ollama accepts when OLLAMA_ORIGINS is not set. One `*` stands for anything. */
export const DEFAULT_ORIGINS: readonly string[] = [
  ...['localhost', '127.0.0.1', '0.0.0.0'].flatMap(host => [`http://${host}`, `https://${host}`, `http://${host}:*`, `https://${host}:*`]),
  ...['app', 'file', 'tauri', 'vscode-webview', 'vscode-file'].map(scheme => `${scheme}://*`),
];

const HEADERS = [
  'Authorization,Content-Type,User-Agent,Accept,X-Requested-With,Openai-Beta',
  'X-Stainless-Arch,X-Stainless-Async,X-Stainless-Custom-Poll-Interval,X-Stainless-Helper-Method,X-Stainless-Lang',
  'X-Stainless-Os,X-Stainless-Package-Version,X-Stainless-Poll-Helper,X-Stainless-Retry-Count,X-Stainless-Runtime',
  'X-Stainless-Runtime-Version,X-Stainless-Timeout',
].join(',');

/**
 * Sets the CORS headers of an accepted page; a refused one and a preflight are answered here.
 * @returns Whether the request may go on.
 */
export function passesCors(request: IncomingMessage, response: ServerResponse, origins: readonly string[]): boolean {
  const { origin, host } = request.headers;
  const sameOrigin = origin === `http://${host}` || origin === `https://${host}`;
  if (origin && !sameOrigin) {
    const all = origins.includes('*');
    if (!all && !origins.some(allowed => matches(origin, allowed))) return end(response, 403);
    response.setHeader('Access-Control-Allow-Origin', all ? '*' : origin);
    if (!all) response.setHeader('Vary', 'Origin');
  }
  if (request.method !== 'OPTIONS') return true;
  if (origin && !sameOrigin) allowEverything(response, origins.includes('*'));
  return end(response, 204);
}

function allowEverything(response: ServerResponse, all: boolean): void {
  response.setHeader('Access-Control-Allow-Methods', 'GET,POST,PUT,PATCH,DELETE,HEAD,OPTIONS');
  response.setHeader('Access-Control-Allow-Headers', HEADERS);
  response.setHeader('Access-Control-Max-Age', '43200');
  if (!all) response.setHeader('Vary', 'Origin, Access-Control-Request-Method, Access-Control-Request-Headers');
}

function end(response: ServerResponse, status: number): false {
  response.writeHead(status, status === 204 ? {} : { 'Content-Length': 0 });
  response.end();
  return false;
}

function matches(origin: string, allowed: string): boolean {
  const [start = '', rest] = allowed.split('*');
  if (rest === undefined) return origin === allowed;
  return origin.length >= start.length + rest.length && origin.startsWith(start) && origin.endsWith(rest);
}
