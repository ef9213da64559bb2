/** The client for the server that the settings name. Its patience and its headers are theirs at each request. */
import { ChatError } from '../errors';
import type { ChatClient, ChatRequest } from '../protocol/client';
import { OllamaApi } from '../protocol/ollama';
import type { RequestHeaders } from '../protocol/headers';
import type { ServerOptions } from '../protocol/request';
import { namesOpenAI, serverUrl } from '../protocol/server-url';

type Api = 'ollama' | 'openai' | 'generate';

/** The attributes and properties of the same names. */
export interface ServerSettings {
  url: string;
  /** One name, several with commas between them, or nothing. */
  model: string;
  api: '' | Api;
  timeout: number;
  retries: number;
  headers: RequestHeaders | undefined;
  client: ChatClient | undefined;
  think: ChatRequest['think'];
  options: ChatRequest['options'];
  format: ChatRequest['format'];
  keepAlive: string | number;
  preload: 'focus' | 'load' | 'none';
  /** Where the visitor's choice of a model is remembered. */
  id: string;
  storageKey: string;
}

/** What the server speaks. */
export const apiOf = ({ api, url }: ServerSettings): Api => api || (namesOpenAI(url) ? 'openai' : 'ollama');

/** The server's address; `undefined` where it cannot be read, or only the page's own client knows it. */
export function baseOf({ client, url }: ServerSettings): URL | undefined {
  try {
    return client ? undefined : new URL(serverUrl(url, document.baseURI));
  } catch {
    return undefined;
  }
}

/** @throws {ChatError} `bad-url`, `part-missing` */
export async function createClient(
  settings: () => ServerSettings,
  told: Pick<ServerOptions, 'onRetry' | 'onRefused'>,
): Promise<ChatClient> {
  const { client } = settings();
  if (client)
    return import('../protocol/own-client').then(
      ({ OwnClient }) => new OwnClient(client),
      () => client,
    );
  const { url } = settings();
  const api = apiOf(settings());
  let { headers } = settings();
  const options: ServerOptions = {
    url: serverUrl(url, document.baseURI),
    get timeout() {
      return settings().timeout;
    },
    get retries() {
      return settings().retries;
    },
    get headers() {
      // Those for another server are none of this one's business, also where it is asked again.
      if (settings().url === url) ({ headers } = settings());
      return headers;
    },
    ...told,
    diagnose: async failure => (await import('./page')).diagnoseHere(failure),
  };
  try {
    if (api === 'openai') return new (await import('../protocol/openai')).OpenAIApi(options);
    return new OllamaApi(options, api === 'generate' ? (await import('../protocol/generate')).GENERATE : undefined);
  } catch (cause) {
    throw new ChatError({ kind: 'part-missing', part: api }, { cause });
  }
}
