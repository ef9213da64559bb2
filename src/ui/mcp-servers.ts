/** The MCP servers that a page names, as a chat uses them: one connection for each, as long as the page names it. */
import { isObject, isText } from '../protocol/json';
import type { McpConnection, McpServer } from '../tools/mcp';
import { messageOf } from '../tools/message-of';
import type { Tool } from '../tools/tool';
import { within } from '../patience';
import type { ExtrasHost } from './extras-host';

/** How long a question waits for a list of tools, in milliseconds: an answer without them is better than none. */
const PATIENCE = 10_000;

interface Held {
  connection: McpConnection;
  /** As the page names it now: a function for headers is another one each time that a framework renders. */
  server: McpServer;
}

export class McpServers {
  readonly #host: Pick<ExtrasHost, 'mcpServers' | 'timeout'>;
  readonly #changed: () => void;
  readonly #warn: (text: string) => void;
  /** By what {@link keyOf} says: an array that says the same ends no session. */
  readonly #held = new Map<string, Held>();
  /** What the page had said when that was last looked at. */
  #seen: ExtrasHost['mcpServers'];
  #gone = new AbortController();
  /** The hosts whose tools were not to be had for the last question. */
  lost: string[] = [];

  /** @param warn told what is wrong with what a page says */
  constructor(host: Pick<ExtrasHost, 'mcpServers' | 'timeout'>, changed: () => void, warn: (text: string) => void) {
    this.#host = host;
    this.#changed = changed;
    this.#warn = warn;
  }

  /** The page may name others: called at each of the widget's updates, of which an answer has thousands. */
  update(): void {
    if (this.#host.mcpServers !== this.#seen) this.#sweep();
  }

  /** Ends the sessions of those that the page names no more. */
  #sweep() {
    this.#seen = this.#host.mcpServers;
    const named = new Map(this.#named.map(server => [keyOf(server), server]));
    if (!named.size) this.lost = [];
    for (const [key, held] of this.#held) {
      const server = named.get(key);
      if (server) held.server = server;
      else this.#end(key, held);
    }
  }

  /** All of their tools, as far as they can be had. Never rejects: who cannot be reached is named by {@link lost}, and in the console. */
  async tools(): Promise<Tool[]> {
    this.#sweep();
    const { signal } = this.#gone;
    const servers = this.#named;
    const lost: string[] = [];
    const lists = await Promise.all((await this.#connect(servers, signal)).map(connection => this.#list(connection, signal)));
    servers.forEach((server, index) => lists[index] ?? lost.push(hostOf(server)));
    this.lost = lost;
    // The page may have named others meanwhile.
    this.#sweep();
    this.#changed();
    return lists.flatMap(list => list ?? []);
  }

  /** Ends all sessions. */
  close(): void {
    this.#gone.abort();
    this.#gone = new AbortController();
    for (const [key, held] of this.#held) this.#end(key, held);
  }

  get #named(): readonly McpServer[] {
    return namedServers(this.#host.mcpServers ?? [], this.#warn);
  }

  async #list(connection: McpConnection, signal: AbortSignal): Promise<Tool[] | undefined> {
    const asking = connection.tools(signal);
    try {
      return (await within(asking, PATIENCE)) ? await asking : undefined;
    } catch (error) {
      if (!signal.aborted) console.warn(`<ollama-chat> ${messageOf(error)}`);
      return undefined;
    }
  }

  async #connect(servers: readonly McpServer[], signal: AbortSignal): Promise<McpConnection[]> {
    if (!servers.length) return [];
    const part = await import('../tools/mcp').catch(() => undefined);
    // The widget may have left the page.
    if (signal.aborted) return [];
    if (!part) {
      console.warn('<ollama-chat> MCP servers need the file parts/mcp.js beside the script.');
      return [];
    }
    const options = { base: document.baseURI, timeout: () => this.#host.timeout, onChange: this.#changed };
    return servers.map(server => {
      const key = keyOf(server);
      const known = this.#held.get(key);
      if (known) return known.connection;
      const headers = () => {
        const { headers: now } = held.server;
        return typeof now === 'function' ? now() : now;
      };
      const held: Held = { server, connection: new part.McpConnection({ ...server, headers }, options) };
      this.#held.set(key, held);
      return held.connection;
    });
  }

  #end(key: string, { connection }: Held) {
    connection.close();
    this.#held.delete(key);
  }
}

const APPROVALS: readonly unknown[] = ['allow', 'ask', 'off'];

/** Those that can be asked. Never throws. */
function namedServers(given: unknown, warn: (text: string) => void): McpServer[] {
  if (!Array.isArray(given)) {
    warn('<ollama-chat> mcpServers are left out: give an array, [{ url }].');
    return [];
  }
  return given.filter((server: unknown, index): server is McpServer => {
    const { url, approval = {} } = isObject(server) ? server : {};
    if (!isText(url)) warn(`<ollama-chat> mcpServers[${index}] is left out: give it a url.`);
    else if (!isObject(approval) || !Object.values(approval).every(word => APPROVALS.includes(word)))
      warn(`<ollama-chat> mcpServers[${index}]: its approval is an object of "allow", "ask" and "off" by the name of a tool. Others ask.`);
    return isText(url);
  });
}

/** What makes it another server: with other keys it may let in whom it has refused. */
const keyOf = ({ url, headers, approval }: McpServer) => JSON.stringify([url, typeof headers === 'function' || headers, approval]);

function hostOf({ url }: McpServer): string {
  return URL.canParse(url, document.baseURI) ? new URL(url, document.baseURI).host : url;
}
