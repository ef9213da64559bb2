/** `npm run fuzz`, with FUZZ_SEED and FUZZ_COUNT: the oracle of the renderer over many random documents, in a real browser. */
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { defaultReporter } from '@web/test-runner';
import base from '../web-test-runner.config.mjs';

const given = name => Number(process.env[`FUZZ_${name}`]);
const fuzz = { seed: given('SEED') || Date.now() % 1e9, count: given('COUNT') || 100_000 };

export default {
  ...base,
  files: fileURLToPath(new URL('*.fuzz.ts', import.meta.url)),
  testRunnerHtml: framework => `<script>window.fuzz = ${JSON.stringify(fuzz)}</script><script type="module" src="${framework}"></script>`,
  testFramework: { config: { timeout: '0' } },
  testsFinishTimeout: 3_600_000,
  reporters: [defaultReporter()],
};
