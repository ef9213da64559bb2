/**
 * A real nginx of the test's own: its files in a folder that goes with it, its ports on 127.0.0.1.
 * Knows nothing of Ollama.
 */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findNginx } from '../find-nginx.mjs';

export interface Nginx {
  /** One for each port, without a slash at its end. */
  readonly urls: readonly string[];
  close(): Promise<void>;
}

/**
 * Starts it; resolves once it accepts connections.
 * @param config What stands inside `http { }`, given the free ports it may listen on.
 */
export async function startNginx(config: (...ports: number[]) => string, ports = 1): Promise<Nginx> {
  for (let attempt = 1; ; attempt++) {
    const free = await freePorts(ports);
    try {
      const close = await run(config(...free));
      return { urls: free.map(port => `http://127.0.0.1:${port}`), close };
    } catch (error) {
      // Between the look for a port and its use somebody else may have taken it.
      if (attempt === 5 || !String(error).includes('Address already in use')) throw error;
    }
  }
}

/** @returns What stops it again. */
async function run(config: string): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'nginx-'));
  const path = (name: string) => JSON.stringify(join(folder, name));
  const kept = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(name => `${name}_temp_path ${path(name)};`);
  // One process: nobody is left when it ends, and it may read its own folder, whoever started it.
  await writeFile(
    join(folder, 'nginx.conf'),
    `daemon off; master_process off; error_log stderr; pid ${path('pid')}; events { }\nhttp { access_log off; ${kept.join(' ')}\n${config}\n}\n`,
  );
  const nginx = spawn(findNginx() ?? 'nginx', ['-p', folder, '-c', join(folder, 'nginx.conf')], { stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  nginx.stderr.on('data', (text: Buffer) => (said += text));
  let failure: Error | undefined;
  const ended = new Promise<void>(resolve => {
    nginx.once('close', () => resolve());
    nginx.once('error', error => {
      failure = error;
      resolve();
    });
  });
  const close = async () => {
    nginx.kill();
    await ended;
    await rm(folder, { recursive: true, force: true });
  };
  // It writes its number when its ports are open.
  while (!existsSync(join(folder, 'pid'))) {
    if (failure || nginx.exitCode !== null || nginx.signalCode !== null) {
      await close();
      throw new Error(`nginx did not start: ${said}`, { cause: failure });
    }
    await new Promise(resolve => setTimeout(resolve, 10));
  }
  return close;
}

/** Held all at once, so that they differ. */
export async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer();
      await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
      return server;
    }),
  );
  const ports = servers.map(server => (server.address() as AddressInfo).port);
  await Promise.all(servers.map(server => new Promise(resolve => server.close(resolve))));
  return ports;
}
