/**
 * Gives the demo a server to talk to, in `vite` and `vite preview`: a real Ollama where one answers, else the scripted one; and
 * one page a backend of its own.
 * Does not know what either of them says.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Connect, Plugin } from 'vite';
import { answer } from '../own-backend/backend.ts';
import { createOllama, VERSION } from './handler.ts';
import { findOllama, ollamaUrl, passThrough } from './real.ts';
import { DEMO_LIBRARY, DEMO_MODELS, demoReply } from './replies.ts';
import { sendJson } from './wire.ts';

/** What `/demo/server.json` tells the pages of the demo. */
export interface DemoServer {
  /** For the `url` attribute. */
  readonly url: string;
  readonly version: string;
  /** No model is behind it. */
  readonly scripted: boolean;
  /** A real Ollama that does not accept this page, passed through by the page's own server. */
  readonly proxied?: true;
}

export function ollamaDemo(): Plugin {
  return {
    name: 'ollama-demo',
    configureServer: ({ middlewares }) => void middlewares.use(demoServer()),
    configurePreviewServer: ({ middlewares }) => void middlewares.use(demoServer()),
  };
}

/** The paths that a model server has. */
const API = ['/api/', '/v1/'];

function demoServer(): Connect.NextHandleFunction {
  // About 35 tokens a second, what a small model reaches on a laptop.
  const scripted = createOllama({
    models: DEMO_MODELS,
    library: DEMO_LIBRARY,
    reply: demoReply,
    under: API,
    pace: { load: 500, first: 250, next: 27 },
  });
  let behind: string | undefined; // the server that these are passed through to, decided at the last load of a page

  async function decide(request: IncomingMessage): Promise<DemoServer> {
    const page = originOf(request);
    const real = await findOllama(ollamaUrl(), page);
    behind = real?.direct === false ? real.url : undefined;
    if (!real) return { url: page, version: VERSION, scripted: true };
    const { url, version, direct } = real;
    return direct ? { url, version, scripted: false } : { url: page, version, scripted: false, proxied: true };
  }

  return (request, response, next) => {
    const { url = '/' } = request;
    if (/^\/demo\/server\.json(?:\?|$)/.test(url)) void decide(request).then(server => sendDecision(response, server), next);
    else if (url === '/demo/own-backend/ask') void answer(request, response).then(undefined, next);
    else if (behind && API.some(start => url.startsWith(start))) passThrough(behind, request, response);
    else if (!scripted(request, response)) next();
  };
}

function sendDecision(response: ServerResponse, server: DemoServer): void {
  response.setHeader('Cache-Control', 'no-store');
  sendJson(response, 200, server);
}

function originOf({ socket, headers }: IncomingMessage): string {
  return `${'encrypted' in socket ? 'https' : 'http'}://${headers.host}`;
}
