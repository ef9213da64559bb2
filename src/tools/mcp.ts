/**
 * The tools of an MCP server, over Streamable HTTP: one connection, made when it is first needed, and once more where it was lost.
 * The one file that knows the library of the protocol; loaded where a page names a server. Asks nobody whether a tool may run.
 */
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport, StreamableHTTPError } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { McpError, ResultSchema, ToolListChangedNotificationSchema } from '@modelcontextprotocol/sdk/types.js';
import type { RequestHeaders } from '../protocol/headers';
import { isText } from '../protocol/json';
import { withoutUser } from '../protocol/server-url';
import { LONGEST } from '../protocol/silence';
import { Joined } from './joined';
import { progressText, textOfResult } from './mcp-result';
import { type Approvals, type Call, toolsOfList } from './mcp-tool';
import { McpWire, NoAnswer, NoHeaders } from './mcp-wire';
import type { Tool } from './tool';

/** A server as a page names it. */
export interface McpServer {
  /** Its MCP endpoint; relative addresses resolve against the page. */
  url: string;
  /** Keys, for example: an object, or a function that is asked anew for each request. */
  headers?: RequestHeaders;
  /** By the name of a tool. `allow`: it runs at once; `ask`: the visitor is asked; `off`: the model does not know of it. Default: `ask`. */
  approval?: Approvals;
}

export interface McpOptions {
  /** The page's address. */
  base: string;
  /** Seconds without a word of progress until a call is given up; 0 for never. */
  timeout: () => number;
  /** The tools are others now: the server says so, or it has gone, or is back. */
  onChange: () => void;
}

interface Session {
  client: Client;
  transport: StreamableHTTPClientTransport;
  wire: McpWire;
}

/** Seconds for what has to come before the model can be asked: a chat must not wait for a server as long as a tool may run. */
const PATIENCE = 30;

/** More pages than a list has that ends. */
const PAGES = 100;

/** In the place of the answer that a lost request never gets. */
const LOST = { lost: true };

/** Has words already. */
class Worded extends Error {
  override readonly name = 'Error';
}

export class McpConnection {
  readonly #server: McpServer;
  readonly #options: McpOptions;
  readonly #closed = new AbortController();
  #session: Session | undefined;
  #connecting: Joined<Session> | undefined;
  #listing: Joined<Tool[]> | undefined;
  #tools: Tool[] | undefined;
  /** There was a session before. */
  #lost = false;

  constructor(server: McpServer, options: McpOptions) {
    this.#server = server;
    this.#options = options;
  }

  /**
   * Connects where that is not done. The list is kept until the server says that it changed, or is lost.
   * @throws {Error} that names the server and says what happened.
   * @throws the signal's reason when it aborts.
   */
  async tools(signal: AbortSignal): Promise<Tool[]> {
    if (this.#tools) return this.#tools;
    return this.#alive(signal, alive => {
      if (!this.#listing || this.#listing.left) {
        const listing = new Joined(async shared => {
          try {
            const tools = await this.#list(shared);
            // What has changed meanwhile is asked for anew.
            if (this.#listing === listing && this.#session) this.#tools = tools;
            return tools;
          } finally {
            if (this.#listing === listing) this.#listing = undefined;
          }
        });
        this.#listing = listing;
      }
      return this.#listing.join(alive);
    });
  }

  /** Ends the session and all that runs in it, for good. */
  close(): void {
    this.#closed.abort();
    this.#tools = undefined;
    const session = this.#session;
    if (!session) return;
    const { sessionId, protocolVersion } = session.transport;
    this.#end(session);
    if (!sessionId) return;
    const version = protocolVersion ? { 'mcp-protocol-version': protocolVersion } : undefined;
    session.wire.forget(this.#url(), { 'mcp-session-id': sessionId, ...version });
  }

  async #list(signal: AbortSignal): Promise<Tool[]> {
    return this.#use(signal, async ({ client }) => {
      if (!client.getServerCapabilities()?.tools) return [];
      const found: unknown[] = [];
      let cursor: string | undefined;
      for (let page = 0; page < PAGES; page++) {
        const params = cursor === undefined ? {} : { cursor };
        const { tools, nextCursor } = await request(client, { method: 'tools/list', params }, signal, { timeout: PATIENCE * 1000 });
        if (Array.isArray(tools)) found.push(...(tools as unknown[]));
        if (!isText(nextCursor) || nextCursor === cursor) break;
        cursor = nextCursor;
      }
      return toolsOfList(this.#url(), found, this.#server.approval, this.#call);
    });
  }

  readonly #call: Call = (name, args, { signal, progress }) =>
    this.#alive(signal, async alive => {
      const seconds = this.#options.timeout();
      return this.#use(alive, async ({ client, wire }) => {
        const result = await request(client, { method: 'tools/call', params: { name, arguments: args } }, alive, {
          timeout: seconds > 0 ? Math.min(seconds * 1000, LONGEST) : LONGEST,
          resetTimeoutOnProgress: true,
          onprogress: told => !alive.aborted && progress(progressText(told)),
        });
        try {
          return textOfResult(result);
        } catch (error) {
          throw new Worded(wire.discreet((error as Error).message));
        }
      });
    });

  /** Gives `work` a signal that also says that the connection is closed. */
  async #alive<T>(signal: AbortSignal, work: (alive: AbortSignal) => Promise<T>): Promise<T> {
    signal.throwIfAborted();
    const alive = AbortSignal.any([signal, this.#closed.signal]);
    try {
      alive.throwIfAborted();
      return await work(alive);
    } catch (error) {
      signal.throwIfAborted();
      if (alive.aborted) throw new Worded(`The connection to ${this.#host()} has been closed.`);
      throw error;
    }
  }

  /** Does something in the session. Where the server has forgotten it, once more in another one: nothing was done then. */
  async #use<T>(signal: AbortSignal, work: (session: Session) => Promise<T>): Promise<T> {
    for (let isFirst = true; ; isFirst = false) {
      const session = await this.#connected(signal);
      try {
        return await work(session);
      } catch (error) {
        signal.throwIfAborted();
        const status = error instanceof StreamableHTTPError ? error.code : undefined;
        const isForgotten = status === 404;
        const isEnded = this.#session !== session;
        // Some servers say 400 of a session that they have forgotten; it can mean anything else, too.
        if (isForgotten || status === 400 || error instanceof NoAnswer) this.#lose(session);
        if (!isForgotten || !isFirst) throw isEnded ? this.#gone() : this.#worded(error, session.wire);
      }
    }
  }

  async #connected(signal: AbortSignal): Promise<Session> {
    if (this.#session) return this.#session;
    if (!this.#connecting || this.#connecting.left) {
      const connecting = new Joined(async shared => {
        try {
          const session = await this.#connect(shared);
          if (shared.aborted || this.#closed.signal.aborted) this.#end(session);
          shared.throwIfAborted();
          this.#session = session;
          if (this.#lost) this.#options.onChange();
          this.#lost = false;
          return session;
        } finally {
          if (this.#connecting === connecting) this.#connecting = undefined;
        }
      });
      this.#connecting = connecting;
    }
    return this.#connecting.join(signal);
  }

  async #connect(signal: AbortSignal): Promise<Session> {
    const wire = new McpWire(this.#server.headers, id =>
      // A request that has its answer does not get another one.
      transport.onmessage?.({ jsonrpc: '2.0', id: id as number, error: { code: -32000, message: '', data: LOST } }),
    );
    const transport = new StreamableHTTPClientTransport(this.#url(), { fetch: wire.fetch });
    const client = new Client(
      { name: 'ollama-chat', version: '1' },
      // Whether a result fits its tool's schema is no matter to a model that reads it as text.
      { jsonSchemaValidator: { getValidator: () => input => ({ valid: true, data: input as never, errorMessage: undefined }) } },
    );
    const session = { client, transport, wire };
    client.onerror = error => {
      // The stream of news has been lost, and did not come back.
      if (error.message.startsWith('Maximum reconnection attempts')) this.#lose(session);
    };
    client.setNotificationHandler(ToolListChangedNotificationSchema, () => {
      if (this.#session === session) this.#changed();
    });
    const attempt = new AbortController();
    const abort = () => attempt.abort(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
    try {
      signal.throwIfAborted();
      // The types of the library do not hold where undefined is told from absent.
      await client.connect(transport as Parameters<Client['connect']>[0], { signal: attempt.signal, timeout: PATIENCE * 1000 });
      return session;
    } catch (error) {
      this.#end(session);
      signal.throwIfAborted();
      throw this.#worded(error, wire, true);
    } finally {
      signal.removeEventListener('abort', abort);
    }
  }

  #changed(): void {
    this.#tools = undefined;
    this.#listing = undefined;
    if (!this.#closed.signal.aborted) this.#options.onChange();
  }

  /** The server is gone, or does not know the session. */
  #lose(session: Session): void {
    if (this.#session !== session) return;
    this.#lost = true;
    this.#end(session);
    this.#changed();
  }

  #end(session: Session): void {
    if (this.#session === session) this.#session = undefined;
    session.wire.end();
    session.client.close().catch(() => {});
  }

  /** @throws {Worded} */
  #url(): URL {
    const { url } = this.#server;
    let parsed: URL | undefined;
    try {
      parsed = new URL(url, this.#options.base);
    } catch {}
    if (parsed && /^https?:$/.test(parsed.protocol) && !parsed.username && !parsed.password) return parsed;
    throw new Worded(`${JSON.stringify(withoutUser(String(url)).split('?')[0])} is not the http address of an MCP server.`);
  }

  #host(): string {
    try {
      return this.#url().host;
    } catch {
      return 'the server';
    }
  }

  readonly #gone = () => new Worded(`${this.#host()} is gone, and has not finished its answer.`);

  #worded(error: unknown, wire: McpWire, isConnecting = false): Error {
    if (error instanceof Worded) return error;
    if (error instanceof McpError && error.data === LOST) return this.#gone();
    return new Worded(wire.discreet(this.#words(error, isConnecting)));
  }

  #words(error: unknown, isConnecting: boolean): string {
    const host = this.#host();
    if (error instanceof NoHeaders) return `The headers for ${host} could not be had.`;
    if (error instanceof NoAnswer) return `${host} cannot be reached.`;
    if (error instanceof StreamableHTTPError) return statusWords(host, error.code ?? -1, isConnecting);
    if (error instanceof McpError && isTimeout(error)) return `${host} gave no answer within ${error.data.timeout / 1000} seconds.`;
    if (error instanceof McpError) return `${host}: ${error.message.replace(/^MCP error -?\d+: /, '').slice(0, 1000)}`;
    return isConnecting ? `${host} does not answer as an MCP server.` : `${host} sent an answer that cannot be read.`;
  }
}

function statusWords(host: string, status: number, isConnecting: boolean): string {
  if (status === 0) return `${host} sends the request elsewhere, which is not followed.`;
  if (status === -1) return `${host} does not answer as an MCP server.`;
  if (status === 401 || status === 403) return `${host} refused the request (status ${status}).`;
  if (isConnecting && (status === 404 || status === 405)) return `${host} has no MCP server there (status ${status}).`;
  return `${host} failed (status ${status}).`;
}

/** With a signal of its own: the library listens to it for ever, and would cancel what has long been answered. */
async function request(
  client: Client,
  asked: Parameters<Client['request']>[0],
  signal: AbortSignal,
  options: Parameters<Client['request']>[2],
): Promise<Record<string, unknown>> {
  const own = new AbortController();
  const abort = () => own.abort(signal.reason);
  signal.throwIfAborted();
  signal.addEventListener('abort', abort, { once: true });
  try {
    // Read by us, not by the library's schemas: one odd tool would cost the whole list.
    return await client.request(asked, ResultSchema, { ...options, signal: own.signal });
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

const isTimeout = (error: McpError): error is McpError & { data: { timeout: number } } =>
  typeof (error.data as { timeout?: unknown } | undefined)?.timeout === 'number';
