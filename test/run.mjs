/**
 * `npm test`: a browser, then every check, then every test, whatever failed before; at the end one line,
 * `N passed, N failed`. A check or a build that fails counts as one failed. A test that passed on its second try counts as
 * passed; how many did is said on a line of its own, and which ones by their runner.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

process.chdir(fileURLToPath(new URL('..', import.meta.url)));

/** @param {string} command */
function run(command) {
  console.log(`\n▶ ${command}`);
  return spawnSync(command, { shell: true, stdio: ['ignore', 'inherit', 'inherit'] }).status === 0;
}

/** @param {string} command */
function check(command) {
  return { passed: 0, failed: run(command) ? 0 : 1 };
}

/**
 * @param {string} command
 * @param {string} report the file in which the runner leaves its counts
 * @param {(report: any) => { passed: number, failed: number, flaky?: number }} count
 */
function tests(command, report, count) {
  rmSync(report, { force: true });
  const ok = run(command);
  let counts = { passed: 0, failed: 0 };
  try {
    counts = count(JSON.parse(readFileSync(report, 'utf8')));
  } catch {
    console.error(`${command} left no counts in ${report}`);
  }
  const ranNothing = counts.passed + counts.failed === 0;
  return { ...counts, failed: Math.max(counts.failed, ok && !ranNothing ? 0 : 1) };
}

const phases = [
  check('node test/find-browser.mjs'),
  check('node test/find-nginx.mjs'),
  check('npm run --silent lint'),
  check('npm run --silent check'),
  check('npm run --silent build'),
  tests('npm run --silent test:unit', '.cache/unit.json', report => report),
  tests('npm run --silent test:e2e', '.cache/e2e.json', ({ stats }) => ({
    passed: stats.expected + stats.flaky,
    failed: stats.unexpected,
    flaky: stats.flaky,
  })),
];
const sum = (/** @type {'passed' | 'failed' | 'flaky'} */ key) => phases.reduce((total, phase) => total + (phase[key] ?? 0), 0);
const failed = sum('failed');
if (sum('flaky')) console.log(`\n${sum('flaky')} flaky: failed first, passed on the second try, counted as passed`);
console.log(`\n${sum('passed')} passed, ${failed} failed`);
process.exitCode = failed ? 1 : 0;
