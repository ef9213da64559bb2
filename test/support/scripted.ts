/**
 * The scripted Ollama by itself, for tests of what it answers: on a port of its own, asked without a browser.
 * Keeps no record, and knows no behaviour by name.
 */
import { createServer, type IncomingHttpHeaders, request as send } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createOllama, type OllamaOptions } from '../../demo/ollama/handler.ts';
import type { Model } from '../../demo/ollama/models.ts';
import type { Transcript } from './transcript-format.ts';

/** Those of the recordings, and one that makes vectors. */
export const MODELS: readonly Model[] = [
  { name: 'native', capabilities: ['completion', 'tools', 'thinking'] },
  { name: 'plain', capabilities: ['completion'] },
  { name: 'rendered', capabilities: ['completion', 'tools', 'thinking'] },
  { name: 'vectors', capabilities: ['embedding'] },
];

export async function served<T>(options: Partial<OllamaOptions>, use: (port: number) => Promise<T>): Promise<T> {
  const handler = createOllama({ models: MODELS, reply: () => ['Yes'], ...options });
  const server = createServer((asked, answer) => void handler(asked, answer));
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  try {
    return await use((server.address() as AddressInfo).port);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

export const post = (port: number, path: string, body: object) => ask(port, { method: 'POST', path, body: JSON.stringify(body) });

export function ask(port: number, { method, path, headers = {}, body = '' }: Transcript['request']) {
  return new Promise<{ status: number; headers: IncomingHttpHeaders; text: string }>((resolve, reject) => {
    const options = { port, host: '127.0.0.1', method, path, headers: { ...headers, 'Content-Length': Buffer.byteLength(body) } };
    const asked = send(options, answer => {
      let text = '';
      answer.setEncoding('utf8').on('data', (part: string) => (text += part));
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, text }));
    });
    asked.on('error', reject).end(body);
  });
}

/** Without what differs from one answer to the next. */
export function fixed(text: string): string {
  return text
    .replace(/"created_at":"[^"]*"/g, '"created_at":"…"')
    .replace(/"context":\[[\d,]+\]/g, '"context":[…]')
    .replace(/"id":"chatcmpl-\d+"/g, '"id":"chatcmpl-…"')
    .replace(/"(created|\w+_duration|\w+_count|\w+_tokens)":\d+/g, '"$1":…');
}
