/**
 * A real MCP server, by the official library, on 127.0.0.1: Streamable HTTP with sessions, for pages of any origin, and a record of
 * what was asked and what its tools went through.
 */
import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import { isInitializeRequest, ListToolsRequestSchema, type ListToolsResult } from '@modelcontextprotocol/sdk/types.js';
import * as z from 'zod/v4';

export interface McpTestServer {
  /** Its MCP endpoint. */
  readonly url: string;
  readonly port: number;
  /** `METHOD what`, in order: of a POST the method of the protocol. Preflights are left out. */
  readonly requests: readonly string[];
  /** What the tool `countdown` went through: `started`, `cancelled`, `done`. */
  readonly countdowns: readonly string[];
  /** Sessions that were begun and not ended. */
  sessions(): number;
  /** Answers that are not complete. */
  streams(): number;
  /** One more tool, in every session. */
  addTool(name: string): void;
  /** Ends as a process does that is killed: all at once, and without a word. */
  close(): Promise<void>;
}

export interface McpServerOptions {
  /** To come back where an earlier server was. */
  readonly port?: number;
  /** Requests without `Authorization: Bearer …` with it are refused, and their header is repeated. */
  readonly key?: string;
  /** Answers in one piece of JSON, and has no stream of news. */
  readonly json?: boolean;
  /** What it says of a session that it does not know. The protocol wants 404. */
  readonly unknown?: number;
  /** Answers every request, instead of the protocol. */
  readonly answer?: (response: ServerResponse) => void;
}

/** How many tools are on a page of the list. */
const PAGE = 3;

export async function startMcp({ port = 0, key, json = false, unknown = 404, answer }: McpServerOptions = {}): Promise<McpTestServer> {
  const sessions = new Map<string, { server: McpServer; transport: StreamableHTTPServerTransport }>();
  const requests: string[] = [];
  const countdowns: string[] = [];
  const open = new Set<ServerResponse>();

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    response.setHeader('Access-Control-Allow-Origin', '*');
    response.setHeader('Access-Control-Expose-Headers', 'Mcp-Session-Id');
    if (request.method === 'OPTIONS') {
      response.setHeader('Access-Control-Allow-Methods', 'GET, POST, DELETE');
      response.setHeader(
        'Access-Control-Allow-Headers',
        'authorization, content-type, last-event-id, mcp-protocol-version, mcp-session-id',
      );
      return void response.writeHead(204).end();
    }
    open.add(response);
    response.once('close', () => open.delete(response));
    const body: unknown = request.method === 'POST' ? JSON.parse(await textOf(request)) : undefined;
    requests.push(`${request.method} ${(body as { method?: string } | undefined)?.method ?? ''}`.trim());
    if (answer) return answer(response);
    if (request.url !== '/mcp') return void response.writeHead(404).end();
    if (key && request.headers.authorization !== `Bearer ${key}`)
      return void response.writeHead(401).end(`The key ${request.headers.authorization} is none of mine.`);
    if (json && request.method === 'GET') return void response.writeHead(405).end();
    const id = request.headers['mcp-session-id'];
    if (id !== undefined) {
      const session = sessions.get(String(id));
      if (!session) return void response.writeHead(unknown).end();
      return session.transport.handleRequest(request, response, body);
    }
    if (!isInitializeRequest(body)) return void response.writeHead(400).end();
    const session = {
      server: toolServer(countdowns),
      transport: new StreamableHTTPServerTransport({
        sessionIdGenerator: randomUUID,
        enableJsonResponse: json,
        onsessioninitialized: begun => void sessions.set(begun, session),
        onsessionclosed: ended => void sessions.delete(ended),
      }),
    };
    await session.server.connect(session.transport as Parameters<McpServer['connect']>[0]);
    return session.transport.handleRequest(request, response, body);
  }

  const http = createServer((request, response) => void handle(request, response).catch(() => response.destroy()));
  await new Promise<void>(resolve => http.listen(port, '127.0.0.1', resolve));
  const { port: own } = http.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${own}/mcp`,
    port: own,
    requests,
    countdowns,
    sessions: () => sessions.size,
    streams: () => open.size,
    addTool: name => {
      for (const { server } of sessions.values()) server.registerTool(name, { description: 'Late' }, () => text('late'));
    },
    close: () =>
      new Promise(resolve => {
        http.close(() => resolve());
        http.closeAllConnections();
      }),
  };
}

const text = (words: string) => ({ content: [{ type: 'text' as const, text: words }] });

function toolServer(countdowns: string[]): McpServer {
  const server = new McpServer({ name: 'test', version: '1' });
  const numbers = { a: z.number(), b: z.number() };
  server.registerTool('add', { title: 'Add', description: 'Adds two numbers', inputSchema: numbers }, ({ a, b }) => text(String(a + b)));
  server.registerTool('sum', { inputSchema: numbers, outputSchema: { sum: z.number() }, annotations: { title: 'Sum up' } }, ({ a, b }) => ({
    content: [],
    structuredContent: { sum: a + b },
  }));
  server.registerTool(
    'countdown',
    { description: 'Counts, and tells', inputSchema: { steps: z.number(), ms: z.number() } },
    async ({ steps, ms }, { signal, sendNotification, _meta }) => {
      countdowns.push('started');
      signal.addEventListener('abort', () => countdowns.push('cancelled'));
      for (let progress = 1; progress <= steps; progress++) {
        await sleep(ms, undefined, { signal });
        const progressToken = _meta?.progressToken;
        if (progressToken !== undefined)
          await sendNotification({ method: 'notifications/progress', params: { progressToken, progress, total: steps } });
      }
      countdowns.push('done');
      return text('liftoff');
    },
  );
  server.registerTool('fail', {}, () => ({ ...text('No such file.'), isError: true }));
  server.registerTool('image', {}, () => ({ content: [{ type: 'image', data: 'aGVsbG8=', mimeType: 'image/png' }] }));
  server.registerTool('secret.delete-all', { annotations: { readOnlyHint: true } }, () => text('deleted'));
  inPages(server);
  return server;
}

/** The library lists all at once. */
function inPages({ server }: McpServer): void {
  const handlers = (server as unknown as { _requestHandlers: Map<string, (...given: unknown[]) => Promise<ListToolsResult>> })
    ._requestHandlers;
  const whole = handlers.get('tools/list');
  server.setRequestHandler(ListToolsRequestSchema, async (request, extra) => {
    const { tools } = (await whole?.(request, extra)) ?? { tools: [] };
    const start = Number(request.params?.cursor ?? 0);
    const end = start + PAGE;
    return { tools: tools.slice(start, end), ...(end < tools.length && { nextCursor: String(end) }) };
  });
}

async function textOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString('utf8');
}
