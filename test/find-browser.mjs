/**
 * Finds a Chromium for the tests, or installs one: `node test/find-browser.mjs` does the latter where none is found.
 * Installing is a process of its own, because Node remembers that a package was not there.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright';

const windows = process.platform === 'win32';
const isRoot = process.getuid?.() === 0;

/** Without windows: tests take half the time in it. */
const shells = ['chromium-headless-shell', 'chrome-headless-shell'];
const programs = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'microsoft-edge', 'msedge', 'chrome'];
const usualPlaces = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
  ...[process.env.PROGRAMFILES, process.env['PROGRAMFILES(X86)'], process.env.LOCALAPPDATA].flatMap(folder =>
    folder ? [join(folder, 'Google/Chrome/Application/chrome.exe'), join(folder, 'Microsoft/Edge/Application/msedge.exe')] : [],
  ),
];

/** What every test browser is started with: quiet, and without a sandbox only where it cannot have one. */
export const browserArgs = [
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  ...(isRoot ? ['--no-sandbox'] : []),
];

/**
 * @param {object} [wanted]
 * @param {boolean} [wanted.hasWindows] rather one that hides pages, and keeps those that were left
 * @returns {Promise<string | undefined>} the program of an installed browser
 * @throws {Error} if CHROME_PATH names none: a wrong setting is not silently passed over
 */
export async function findBrowser({ hasWindows = false } = {}) {
  const named = process.env.CHROME_PATH;
  if (named && !existsSync(named)) throw new Error(`CHROME_PATH names no program: ${named}`);
  const full = [chromium.executablePath(), ...onPath(programs), ...usualPlaces];
  const places = hasWindows ? [...full, ...onPath(shells)] : [...onPath(shells), ...full];
  return named || places.find(path => path && existsSync(path)) || bundledBrowser();
}

/** @param {string[]} programs */
function onPath(programs) {
  const folders = (process.env.PATH ?? '').split(delimiter).filter(Boolean);
  return programs.flatMap(name => folders.map(folder => join(folder, windows ? `${name}.exe` : name)));
}

/** A Chromium inside an npm package (Linux x64), there if installBrowser() had to resort to it. */
async function bundledBrowser() {
  // Read at import: then the package unpacks the libraries that a bare system lacks.
  process.env.AWS_EXECUTION_ENV ??= 'AWS_Lambda_nodejs22.x';
  const name = '@sparticuz/chromium';
  const bundled = await import(name).catch(() => undefined);
  return /** @type {Promise<string> | undefined} */ (bundled?.default.executablePath());
}

/** Tries the ways to get a browser, the usual one first. */
function installBrowser() {
  const ways = [
    { command: 'npx playwright install chromium', possible: true },
    { command: 'npm install --no-save @sparticuz/chromium@153', possible: process.platform === 'linux' && process.arch === 'x64' },
    ...['chromium-headless-shell', 'chromium'].map(name => ({
      command: `apt-get install --yes --no-install-recommends ${name}`,
      possible: process.platform === 'linux' && isRoot,
    })),
  ];
  for (const { command } of ways.filter(({ possible }) => possible)) {
    console.log(`No browser found. Trying: ${command}`);
    if (spawnSync(command, { shell: true, stdio: ['ignore', 'inherit', 'inherit'] }).status === 0) return;
  }
  console.error(
    `No browser could be installed. Name one in CHROME_PATH, or run one of:\n${ways.map(way => `  ${way.command}`).join('\n')}`,
  );
  process.exitCode = 1;
}

if (process.argv[1] === fileURLToPath(import.meta.url) && !(await findBrowser())) installBrowser();
