/** A real llama-server with the scripted model. Knows nothing of the chat. */
import { spawnSync } from 'node:child_process';
import { findProgram, Missing, type Program, startProgram } from './program.ts';
import { scriptedModel } from './scripted-model.ts';

export interface LlamaServer extends Program {
  /** As a page names it. */
  readonly url: string;
  /** How many answers it is computing now. */
  busy(): Promise<number>;
}

/** Several that hold the same. */
export interface LlamaServers {
  readonly servers: readonly LlamaServer[];
  /** How many answers they are computing now, all of them together. */
  busy(): Promise<number>;
  close(): Promise<void>;
}

interface Options {
  /** What it asks for. */
  key?: string;
  /** The name of its model. */
  alias?: string;
  /** Whether it takes tools. Without, it does not know the model's template, and all answers are empty. */
  tools?: boolean;
}

export const MODEL = 'scripted';

function program(): string {
  const found = findProgram('llama-server', 'LLAMA_SERVER');
  if (found) return found;
  throw new Missing(
    'No llama-server: on Debian (sid) `apt-get install llama.cpp`, on macOS `brew install llama.cpp`, or name one: LLAMA_SERVER=path',
  );
}

/** For example `llama-server-0.7.0`. */
export function llamaVersion(): string {
  const { stdout, stderr } = spawnSync(program(), ['--version'], { encoding: 'utf8' });
  return `llama-server-${/version: ([\w.]+)/.exec(stdout + stderr)?.[1] ?? 'unknown'}`;
}

/** @throws {Missing} */
export async function startLlamaServer({ key, alias = MODEL, tools = true }: Options = {}): Promise<LlamaServer> {
  const file = scriptedModel();
  const server = await startProgram(
    program(),
    // One answer at a time: the next one comes only if a stopped one is over. The context moves along, or `forever` would end.
    port => [
      ...['-m', file, '--alias', alias, '--temp', '0', '--parallel', '1', '--context-shift', '--slots'],
      ...(tools ? ['--jinja'] : ['--chat-template', 'chatml']),
      ...['--host', '127.0.0.1', '--port', String(port)],
    ],
    { health: '/health', env: { ...(key && { LLAMA_API_KEY: key }), ...(!tools && { LLAMA_ARG_JINJA: '0' }) } },
  );
  const at = `http://127.0.0.1:${server.port}`;
  return {
    ...server,
    url: `${at}/v1`,
    async busy() {
      const headers: Record<string, string> = key ? { Authorization: `Bearer ${key}` } : {};
      const slots = (await (await fetch(`${at}/slots`, { headers })).json()) as { is_processing: boolean }[];
      return slots.filter(slot => slot.is_processing).length;
    },
  };
}

/** @throws {Missing} */
export async function startLlamaServers(count: number, options?: Options): Promise<LlamaServers> {
  const servers: LlamaServer[] = [];
  const close = async () => void (await Promise.all(servers.map(server => server.close())));
  const busy = async () => (await Promise.all(servers.map(server => server.busy()))).reduce((sum, each) => sum + each, 0);
  try {
    for (let index = 0; index < count; index++) servers.push(await startLlamaServer(options));
  } catch (error) {
    await close();
    throw error;
  }
  return { servers, busy, close };
}
