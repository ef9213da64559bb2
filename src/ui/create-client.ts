/** The client for the server that the settings name. Its patience and its headers are theirs at each request. */
import { ChatError } from '../errors';
import type { ChatClient, ChatRequest } from '../protocol/client';
import { OllamaApi } from '../protocol/ollama';
import type { RequestHeaders } from '../protocol/headers';
import type { Retry, ServerOptions } from '../protocol/request';
import { serverUrl } from '../protocol/server-url';

export type Api = 'ollama' | 'openai' | 'generate';

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

/** @throws {ChatError} `bad-url`, `part-missing` */
export async function createClient(settings: () => ServerSettings, api: Api, onRetry: (retry: Retry) => void): Promise<ChatClient> {
  const { client } = settings();
  if (client)
    return import('../protocol/own-client').then(
      ({ OwnClient }) => new OwnClient(client),
      () => client,
    );
  const options: ServerOptions = {
    url: serverUrl(settings().url, document.baseURI),
    get timeout() {
      return settings().timeout;
    },
    get retries() {
      return settings().retries;
    },
    get headers() {
      return settings().headers;
    },
    onRetry,
    diagnose: async failure => (await import('./page')).diagnoseHere(failure),
  };
  try {
    if (api === 'openai') return new (await import('../protocol/openai')).OpenAIApi(options);
    return new OllamaApi(options, api === 'generate' ? (await import('../protocol/generate')).GENERATE : undefined);
  } catch (cause) {
    throw new ChatError({ kind: 'part-missing', part: api }, { cause });
  }
}
