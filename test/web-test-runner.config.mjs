/** Unit tests, each file a page of its own in a real browser. `npm run test:unit -- --watch` stays and reruns. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { esbuildPlugin } from '@web/dev-server-esbuild';
import { defaultReporter } from '@web/test-runner';
import { chromeLauncher } from '@web/test-runner-chrome';
import { browserArgs, findBrowser } from './find-browser.mjs';

const rootDir = fileURLToPath(new URL('..', import.meta.url));

/** Leaves the counts in .cache/unit.json, where test/run.mjs adds them up. */
const countReporter = {
  onTestRunFinished({ sessions }) {
    const all = sessions.flatMap(({ testResults }) => (testResults ? results(testResults) : []));
    const ran = all.filter(test => !test.skipped);
    // A file that did not load has no results, and has failed all the same.
    const broken = sessions.filter(session => !session.passed && results(session.testResults).every(test => test.passed || test.skipped));
    const passed = ran.filter(test => test.passed).length;
    mkdirSync(`${rootDir}.cache`, { recursive: true });
    writeFileSync(`${rootDir}.cache/unit.json`, JSON.stringify({ passed, failed: ran.length - passed + broken.length }));
  },
};

const results = suite => (suite ? [...suite.tests, ...suite.suites.flatMap(results)] : []);

export default {
  rootDir,
  files: `${rootDir}test/unit/**/*.test.ts`,
  nodeResolve: true,
  plugins: [esbuildPlugin({ ts: true, target: 'es2022', tsconfig: `${rootDir}tsconfig.json` })],
  browsers: [chromeLauncher({ launchOptions: { executablePath: await findBrowser(), args: browserArgs } })],
  // Lit's development build runs here for its warnings; this one is not news.
  filterBrowserLogs: ({ args }) => !String(args[0]).startsWith('Lit is in dev mode'),
  // Generous, for a busy machine: they end what hangs.
  testFramework: { config: { timeout: 30_000 } },
  browserStartTimeout: 120_000,
  testsStartTimeout: 120_000,
  testsFinishTimeout: 300_000,
  reporters: [defaultReporter({ reportTestResults: true, reportTestProgress: true }), countReporter],
};
