/**
 * Finds an nginx for the tests of the gateway, or installs one: `node test/find-nginx.mjs` does the latter where none is found.
 * Nothing else needs it, so a machine without one is told of and no failure.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

/** Where it lies on systems that keep it off the path of ordinary users. */
const usualPlaces = ['/usr/sbin/nginx', '/usr/local/sbin/nginx', '/opt/homebrew/bin/nginx'];

/** @returns {string | undefined} the program of an installed nginx */
export function findNginx() {
  const folders = (process.env.PATH ?? '').split(delimiter).filter(Boolean);
  return [...folders.map(folder => join(folder, 'nginx')), ...usualPlaces].find(path => existsSync(path));
}

function installNginx() {
  const command = 'apt-get update && apt-get install --yes --no-install-recommends nginx-light';
  if (process.platform === 'linux' && process.getuid?.() === 0) {
    console.log(`No nginx found. Trying: ${command}`);
    spawnSync(command, { shell: true, stdio: ['ignore', 'inherit', 'inherit'] });
  }
  if (!findNginx()) console.log('No nginx: the tests of the gateway are skipped. Any nginx of 1.22 or newer on the PATH will do.');
}

if (process.argv[1] === fileURLToPath(import.meta.url) && !findNginx()) installNginx();
