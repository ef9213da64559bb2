/**
 * A real LiteLLM proxy in front of servers that speak OpenAI's API, with demo/gateway/litellm.yaml. Where none is installed and Python is there, one is installed,
 * for these tests alone and once. Knows nothing of the chat.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { litellmConfig } from '../support/gateway-config.ts';
import { findProgram, Missing, type Program, startProgram } from './program.ts';
import { CACHE } from './scripted-model.ts';

export interface LiteLlm extends Program {
  /** As a page names it. */
  readonly url: string;
}

/** The name of the model that litellm.yaml offers, and asks the servers for. */
export const DOCS = 'docs';

const PINNED = '1.108.7';
const HOME = `${CACHE}litellm-${PINNED}`;

/** It would like to tell its makers, and to ask them for prices. */
const ALONE = {
  LITELLM_TELEMETRY: 'False',
  LITELLM_LOCAL_MODEL_COST_MAP: 'True',
  DISABLE_ADMIN_UI: 'True',
  NO_PROXY: '127.0.0.1',
  no_proxy: '127.0.0.1',
};

/** @returns The program. @throws {Missing} */
function program(): string {
  // Only where it is named: one on the PATH can be any version, with or without its proxy.
  const named = process.env['LITELLM'] && findProgram('litellm', 'LITELLM');
  return named || install();
}

function install(): string {
  const installed = join(HOME, 'bin', 'litellm');
  const whole = join(HOME, 'whole');
  if (existsSync(whole)) return installed;
  const how = 'or name an installed one: LITELLM=path';
  if (spawnSync('python3', ['--version']).status !== 0)
    throw new Missing(`No LiteLLM: it needs Python 3 (python3) to be installed, ${how}`);
  console.log(`Installing LiteLLM ${PINNED} into ${HOME}, once`);
  // What broke off in the middle is begun anew.
  rmSync(HOME, { recursive: true, force: true });
  mkdirSync(CACHE, { recursive: true });
  const steps = [
    ['python3', '-m', 'venv', HOME],
    [join(HOME, 'bin', 'pip'), 'install', '--quiet', '--disable-pip-version-check', `litellm[proxy]==${PINNED}`],
  ];
  for (const [command = '', ...args] of steps) {
    if (spawnSync(command, args, { stdio: ['ignore', 'inherit', 'inherit'] }).status === 0) continue;
    throw new Missing(`No LiteLLM: \`${[command, ...args].join(' ')}\` failed; Python 3.10 or newer and its venv are needed, ${how}`);
  }
  writeFileSync(whole, '');
  return installed;
}

/** For example `litellm-1.108.7`. */
export function litellmVersion(): string {
  const { stdout } = spawnSync(program(), ['--version'], { encoding: 'utf8', env: { ...process.env, ...ALONE } });
  return `litellm-${/Version = ([\w.]+)/.exec(stdout)?.[1] ?? 'unknown'}`;
}

/** Where litellm.yaml takes its keys from. */
interface Keys {
  /** Of the servers behind. */
  readonly SERVER_KEY: string;
  /** Its own. */
  readonly LITELLM_MASTER_KEY: string;
}

/**
 * @param servers The two that stand behind.
 * @throws {Missing}
 */
export async function startLiteLlm(servers: readonly { port: number }[], keys: Keys): Promise<LiteLlm> {
  const command = program();
  const folder = await mkdtemp(join(tmpdir(), 'litellm-'));
  const config = join(folder, 'litellm.yaml');
  await writeFile(config, litellmConfig(servers.map(({ port }) => `127.0.0.1:${port}`)));
  const clean = () => rm(folder, { recursive: true, force: true });
  try {
    const server = await startProgram(command, port => ['--config', config, '--host', '127.0.0.1', '--port', String(port)], {
      health: '/health/liveliness',
      env: { ...ALONE, ...keys },
    });
    const end = (how: 'close' | 'kill') => async () => {
      await server[how]();
      await clean();
    };
    return { ...server, close: end('close'), kill: end('kill'), url: `http://127.0.0.1:${server.port}/v1` };
  } catch (error) {
    await clean();
    throw error;
  }
}
