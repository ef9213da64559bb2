/**
 * A small server of pages and built files, for tests that need a page of another origin than the file it loads.
 * Serves nothing that was not named: the given pages, and what lies in one folder.
 */
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { extname } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Certificate } from './certificate.ts';

/** The text of a page, or the text with headers of its own, for example a Content-Security-Policy. */
export type Page = string | { readonly body: string; readonly headers?: Readonly<Record<string, string>> };

export interface StaticServer {
  /** Without a slash at its end. */
  readonly url: string;
  /** The paths that were asked for, in order. */
  readonly requests: readonly string[];
  close(): Promise<void>;
}

const TYPES: Record<string, string> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.map': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
};

const DIST = fileURLToPath(new URL('../../dist/', import.meta.url));

/**
 * @param pages By their path without the first slash; `/` is `index.html`.
 * @param options.root The folder of the files, by default `dist/`: `/cdn/ollama-chat.js` is `dist/cdn/ollama-chat.js`.
 * @param options.host A name that leads to 127.0.0.1, where the page's origin should have another one, as `localhost`.
 * @param options.tls With it, the pages are there by https.
 */
export async function servePages(
  pages: Readonly<Record<string, Page>>,
  { root = DIST, host = '127.0.0.1', tls }: { root?: string; host?: string; tls?: Certificate } = {},
): Promise<StaticServer> {
  const folder = pathToFileURL(root.endsWith('/') ? root : `${root}/`);
  const requests: string[] = [];
  const serve = (request: IncomingMessage, response: ServerResponse) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    requests.push(pathname);
    const path = pathname === '/' ? 'index.html' : pathname.slice(1);
    const page = pages[path];
    if (page === undefined) void sendFile(response, new URL(`./${path}`, folder), folder);
    else sendPage(response, path, page);
  };
  const server = tls ? createTlsServer(tls, serve) : createServer(serve);
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `${tls ? 'https' : 'http'}://${host}:${port}`,
    requests,
    close: () =>
      new Promise(resolve => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function sendPage(response: ServerResponse, path: string, page: Page): void {
  const { body, headers = {} } = typeof page === 'string' ? { body: page } : page;
  send(response, 200, path, body, headers);
}

async function sendFile(response: ServerResponse, file: URL, folder: URL): Promise<void> {
  try {
    if (!file.href.startsWith(folder.href)) throw new Error('outside the folder');
    send(response, 200, file.pathname, await readFile(file));
  } catch {
    send(response, 404, '.txt', 'Not found');
  }
}

function send(
  response: ServerResponse,
  status: number,
  path: string,
  body: string | Buffer,
  headers: Readonly<Record<string, string>> = {},
): void {
  const type = TYPES[extname(path)] ?? 'text/plain; charset=utf-8';
  // Any page may load the files, as from a CDN.
  response.writeHead(status, { 'Content-Type': type, 'Access-Control-Allow-Origin': '*', 'Cache-Control': 'no-store', ...headers });
  response.end(body);
}
