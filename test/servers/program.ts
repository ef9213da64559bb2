/**
 * A server program of the test's own: found, started on a free port of 127.0.0.1, waited for, and ended by its id.
 * Does not know what the program serves.
 */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import process from 'node:process';
import { freePorts } from '../support/nginx.ts';

/** Something that this machine lacks; the message says what, and how to get it. No failure of ours. */
export class Missing extends Error {}

export interface Program {
  readonly port: number;
  /** Ends it as its owner would. */
  close(): Promise<void>;
  /** Ends it without a chance to say goodbye. */
  kill(): Promise<void>;
}

/** How long a server may take until it answers, in milliseconds: one that is all Python, on a busy machine. */
const START = 120_000;

/**
 * @returns The program that the variable names, else the one of that name on the PATH.
 * @throws {Error} if the variable names none: a wrong setting is not silently passed over
 */
export function findProgram(name: string, variable: string): string | undefined {
  const named = process.env[variable];
  if (named && !existsSync(named)) throw new Error(`${variable} names no program: ${named}`);
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter(Boolean);
  return named || folders.map(folder => join(folder, name)).find(path => existsSync(path));
}

/**
 * Starts it; resolves once it says that it is ready.
 * @param health The path that answers 200 then.
 */
export async function startProgram(
  command: string,
  args: (port: number) => string[],
  { health, env = {} }: { health: string; env?: Record<string, string> },
): Promise<Program> {
  const [port = 0] = await freePorts(1);
  const program = spawn(command, args(port), { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...env } });
  let said = '';
  for (const stream of [program.stdout, program.stderr]) stream.on('data', (text: Buffer) => (said = (said + text).slice(-4000)));
  let failure: Error | undefined;
  const ended = new Promise<void>(resolve => {
    program.once('close', () => resolve());
    program.once('error', error => {
      failure = error;
      resolve();
    });
  });
  const end = async (signal: NodeJS.Signals) => {
    program.kill(signal);
    await ended;
  };
  const until = Date.now() + START;
  while (!(await isReady(`http://127.0.0.1:${port}${health}`))) {
    const isOver = failure || program.exitCode !== null || program.signalCode !== null;
    if (isOver || Date.now() > until) {
      await end('SIGKILL');
      throw new Error(`${command} ${isOver ? 'ended' : 'was not ready in time'}: ${said}`, { cause: failure });
    }
    await new Promise(resolve => setTimeout(resolve, 50));
  }
  return { port, close: () => end('SIGTERM'), kill: () => end('SIGKILL') };
}

async function isReady(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(5000) });
    await response.body?.cancel();
    return response.ok;
  } catch {
    return false;
  }
}
