/** The MCP servers that a page names, as a chat uses them: one connection for each, as long as the page names it. */
import type { McpConnection, McpServer } from '../tools/mcp';
import { messageOf } from '../tools/message-of';
import type { Tool } from '../tools/tool';
import { within } from '../history/patience';
import type { ExtrasHost } from './extras-host';

/** How long a question waits for a list of tools, in milliseconds: an answer without them is better than none. */
const PATIENCE = 10_000;

export class McpServers {
  readonly #host: Pick<ExtrasHost, 'mcpServers' | 'timeout'>;
  readonly #changed: () => void;
  #connections = new Map<McpServer, McpConnection>();
  #gone = new AbortController();
  /** The hosts whose tools were not to be had for the last question. */
  lost: string[] = [];

  constructor(host: Pick<ExtrasHost, 'mcpServers' | 'timeout'>, changed: () => void) {
    this.#host = host;
    this.#changed = changed;
  }

  /** All of their tools, as far as they can be had. Never rejects: who cannot be reached is named by {@link lost}, and in the console. */
  async tools(): Promise<Tool[]> {
    const servers = this.#host.mcpServers ?? [];
    const connections = await this.#connect(servers);
    const { signal } = this.#gone;
    const lost: string[] = [];
    const lists = await Promise.all(
      connections.map(async (connection, index) => {
        const asking = connection.tools(signal);
        try {
          if (await within(asking, PATIENCE)) return await asking;
        } catch (error) {
          if (!signal.aborted) console.warn(`<ollama-chat> ${messageOf(error)}`);
        }
        lost.push(hostOf(servers[index]));
        return [];
      }),
    );
    this.lost = lost;
    this.#changed();
    return lists.flat();
  }

  /** Ends all sessions. */
  close(): void {
    this.#gone.abort();
    this.#gone = new AbortController();
    for (const connection of this.#connections.values()) connection.close();
    this.#connections.clear();
  }

  async #connect(servers: readonly McpServer[]): Promise<McpConnection[]> {
    for (const [server, connection] of this.#connections) {
      if (servers.includes(server)) continue;
      connection.close();
      this.#connections.delete(server);
    }
    if (!servers.length) return [];
    const part = await import('../tools/mcp').catch(() => undefined);
    if (!part) {
      console.warn('<ollama-chat> MCP servers need the file parts/mcp.js beside the script.');
      return [];
    }
    const options = { base: document.baseURI, timeout: () => this.#host.timeout, onChange: this.#changed };
    return servers.map(server => {
      const connection = this.#connections.get(server) ?? new part.McpConnection(server, options);
      this.#connections.set(server, connection);
      return connection;
    });
  }
}

function hostOf(server: McpServer | undefined): string {
  const url = server?.url ?? '';
  return URL.canParse(url, document.baseURI) ? new URL(url, document.baseURI).host : '';
}
