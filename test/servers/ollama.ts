/** An Ollama that somebody runs, named by OLLAMA_HOST, and a model of it. Starts none, and loads none into it. */
import process from 'node:process';
import { ollamaUrl } from '../../demo/ollama/real.ts';
import { Missing } from './program.ts';

interface Listed {
  name: string;
  capabilities?: string[];
  remote_host?: string;
}

interface Found {
  url: string;
  model: string;
  version: () => string;
  callsTools: () => Promise<boolean>;
}

/** @throws {Missing} */
export async function findOllama(): Promise<Found> {
  if (!process.env['OLLAMA_HOST'])
    throw new Missing('No Ollama was named: OLLAMA_HOST=127.0.0.1:11434, and OLLAMA_MODEL for one of its models');
  const url = ollamaUrl();
  const ask = async <T>(path: string) => (await (await fetch(url + path, { signal: AbortSignal.timeout(10_000) })).json()) as T;
  const { version } = await ask<{ version: string }>('/api/version');
  const model = process.env['OLLAMA_MODEL'] || (await ask<{ models: Listed[] }>('/api/tags')).models.find(canChat)?.name;
  if (!model) throw new Missing(`No model that can chat in the Ollama at ${url}: \`ollama pull\` gets one, or name it: OLLAMA_MODEL=name`);
  // The list of models may leave it out.
  const callsTools = async () => {
    const shown = await fetch(`${url}/api/show`, { method: 'POST', body: JSON.stringify({ model }), signal: AbortSignal.timeout(10_000) });
    const { capabilities } = (await shown.json()) as Pick<Listed, 'capabilities'>;
    return capabilities?.includes('tools') ?? true;
  };
  return { url, model, version: () => `ollama-${version}`, callsTools };
}

/** Never one in somebody's cloud, unless it was named. */
const canChat = ({ capabilities, remote_host }: Listed) => !remote_host && (capabilities?.includes('completion') ?? true);
