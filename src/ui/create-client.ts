/** The client for the server that the settings name. Its patience is theirs at each request. */
import { ChatError } from '../errors';
import type { ChatRequest } from '../protocol/client';
import { OllamaClient } from '../protocol/ollama';
import type { OpenAIClient } from '../protocol/openai';
import type { Retry, ServerOptions } from '../protocol/request';
import { serverUrl } from '../protocol/server-url';

/** The attributes of the same names. */
export interface ServerSettings {
  url: string;
  /** One name, several with commas between them, or nothing. */
  model: string;
  api: '' | 'ollama' | 'openai';
  timeout: number;
  retries: number;
  think: ChatRequest['think'];
  options: ChatRequest['options'];
  format: ChatRequest['format'];
  keepAlive: string | number;
  preload: 'focus' | 'load' | 'none';
  /** Where the visitor's choice of a model is remembered. */
  id: string;
  storageKey: string;
}

export type Client = OllamaClient | OpenAIClient;

/** @throws {ChatError} `bad-url`, `part-missing` */
export async function createClient(
  settings: () => ServerSettings,
  speaksOllama: boolean,
  onRetry: (retry: Retry) => void,
): Promise<Client> {
  const options: ServerOptions = {
    url: serverUrl(settings().url, document.baseURI),
    get timeout() {
      return settings().timeout;
    },
    get retries() {
      return settings().retries;
    },
    onRetry,
    diagnose: async (base, took, signal) => (await import('./page')).diagnoseHere(base, took, signal),
  };
  if (speaksOllama) return new OllamaClient(options);
  try {
    return new (await import('../protocol/openai')).OpenAIClient(options);
  } catch (cause) {
    throw new ChatError({ kind: 'part-missing', part: 'openai' }, { cause });
  }
}
