/**
 * A page with a chat, and a real nginx between it and its server. Every address is on this machine, so a page of another origin is
 * one of another port.
 */
import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createSessions } from '../../demo/gateway/session.mjs';
import { chatLines } from '../../demo/ollama/chat.ts';
import type { ChatErrorDetail } from '../../src/errors.ts';
import { findNginx } from '../find-nginx.mjs';
import type { Call } from '../support/behaviours.ts';
import { gatewayConfig, type GatewayAddresses } from '../support/gateway-config.ts';
import { type Nginx, startNginx } from '../support/nginx.ts';
import { type ChatPage, expect, type OllamaChat, test as base } from './chat-page.ts';

export { expect } from './chat-page.ts';

export const SECRET = 'of the session';

/** What a site may have set for all its servers, and the gateway must not inherit. */
const SURROUNDINGS = `
  gzip on; gzip_types *; gzip_min_length 1;
  error_page 401 403 404 413 429 502 504 /error.html;
  add_header X-Site yes;
  proxy_set_header Host $host;
  proxy_read_timeout 5s;
  proxy_next_upstream error timeout http_502 http_503 non_idempotent;
`;

/** A failure is shown at once: what is tried again has a test of its own. */
export const ONCE = { retries: '0' };

interface Doors {
  /** The gateway's own address. */
  a: string;
  /** The site's own, with the gateway under `/ollama`. */
  b: string;
}

interface DoorsOptions extends Pick<GatewayAddresses, 'key' | 'patience'> {
  servers?: readonly { port: number }[];
}

interface Fixtures {
  /** Skips the test where there is none. */
  hasNginx: void;
  /** One of one's own, stopped after the test. */
  nginx: (config: (...ports: number[]) => string, ports?: number) => Promise<Nginx>;
  /** The recommended gateway between the page and its Ollama, or several servers. */
  doors: (at: ChatPage, options?: DoorsOptions) => Promise<Doors>;
}

export const test = base.extend<Fixtures>({
  hasNginx: [
    async ({}, use) => {
      test.skip(!findNginx(), 'There is no nginx on this machine: node test/find-nginx.mjs says how to get one');
      await use();
    },
    { auto: true },
  ],

  nginx: async ({}, use) => {
    const started: Nginx[] = [];
    await use(async (config, ports) => {
      const nginx = await startNginx(config, ports);
      started.push(nginx);
      return nginx;
    });
    await Promise.all(started.map(nginx => nginx.close()));
  },

  doors: async ({ nginx }, use) => {
    const sessions = createSessions(SECRET);
    await new Promise<void>(resolve => sessions.listen(0, '127.0.0.1', resolve));
    await use(async ({ ollama, site }, { servers = [ollama], ...options } = {}) => {
      const address = (port: number) => `127.0.0.1:${port}`;
      const config = (a: number, b: number) =>
        SURROUNDINGS +
        gatewayConfig({
          ...options,
          a: address(a),
          page: site.url,
          b: address(b),
          site: new URL(site.url).host,
          sessions: address((sessions.address() as AddressInfo).port),
          servers: servers.map(({ port }) => address(port)),
        });
      const [a = '', b = ''] = (await nginx(config, 2)).urls;
      return { a, b };
    });
    sessions.closeAllConnections();
    sessions.close();
  },
});

interface Answer {
  status: number | undefined;
  headers: IncomingHttpHeaders;
  /** Every value of a header, as it was sent. */
  all: (name: string) => string[];
}

interface Question {
  method?: string;
  origin?: string;
  cookie?: string;
  headers?: Record<string, string>;
  body?: object;
}

/** Asks as it stands, path and origin too, which browsers and fetch() would put in order. */
export function ask(url: string, path: string, { method = 'GET', origin, cookie, headers, body }: Question = {}): Promise<Answer> {
  const { hostname, port } = new URL(url);
  const sent = { ...headers, ...(origin && { Origin: origin }), ...(cookie && { Cookie: cookie }) };
  return new Promise((resolve, reject) => {
    const request = httpRequest({ hostname, port, path, method, headers: sent }, response => {
      response.resume();
      const raw = response.rawHeaders;
      const all = (name: string) => raw.filter((_, index) => index % 2 && raw[index - 1]?.toLowerCase() === name.toLowerCase());
      response.once('end', () => resolve({ status: response.statusCode, headers: response.headers, all }));
    });
    request.once('error', reject);
    request.end(body && JSON.stringify(body));
  });
}

export const PREFLIGHT = {
  method: 'OPTIONS',
  headers: { 'Access-Control-Request-Method': 'POST', 'Access-Control-Request-Headers': 'authorization,content-type' },
};

export const corsHeaders = ({ headers }: Answer) => Object.keys(headers).filter(name => name.startsWith('access-control-'));

/** Asks through the widget for an answer that does not come. Returns what its send() rejects with. */
export async function failure(at: ChatPage): Promise<ChatErrorDetail | undefined> {
  const detail = await at.chat.evaluate((chat: OllamaChat) =>
    chat.send('Why?').then(
      () => undefined,
      (error: { detail: ChatErrorDetail }) => error.detail,
    ),
  );
  await expect(at.alert).toBeVisible();
  return detail;
}

/** What a script of the page can see of an answer. */
export function seen(at: ChatPage, url: string, init: RequestInit = {}) {
  return at.page.evaluate(
    async ([address, options]) => {
      const response = await fetch(address, options).catch(String);
      if (typeof response === 'string') return response;
      return { status: response.status, retryAfter: response.headers.get('Retry-After') };
    },
    [url, init] as const,
  );
}

/** One word after the other, each when the test says so. */
export async function wordByWord({ chat, response, released }: Call): Promise<void> {
  response.setHeader('Content-Type', 'application/x-ndjson');
  for (const [index, line] of chatLines(chat, ['One ', 'word ', 'after ', 'another.']).entries()) {
    if (index) await released();
    response.write(line);
  }
  response.end();
}
