/**
 * `npm run bench`: what a streamed reply costs the page's main thread, ours against plain text and against marked and
 * DOMPurify once a frame. CPU time of the page's thread, the median of several rounds in which the contenders take turns:
 * compare the ratios, since the times are the machine's. `npm run build` comes first.
 * `node test/bench/bench.mjs mixed:100 fence:100` measures these; BENCH_ROUNDS says how often.
 */
import { readFileSync } from 'node:fs';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright';
import { build } from 'vite';
import { browserArgs, findBrowser } from '../find-browser.mjs';
import { reply, tokens } from './corpus.mjs';

const ROUNDS = Number(process.env.BENCH_ROUNDS) || 3;
const given = process.argv.slice(2);
const cases = given.length
  ? given
  : ['mixed:4', 'mixed:20', 'mixed:100', 'mixed:400', 'prose:100', 'code:100', 'table:100', 'paragraph:100', 'list:100', 'fence:100'];
/** Beyond this size rendering the whole once a frame takes minutes. */
const PER_FRAME_UP_TO = 20;

const here = file => fileURLToPath(new URL(file, import.meta.url));
const element = readFileSync(here('../../dist/cdn/ollama-chat.js'), 'utf8');
const [{ output }] = await build({
  configFile: false,
  logLevel: 'error',
  build: { write: false, lib: { entry: here('contenders.mjs'), formats: ['iife'], name: 'bench' } },
});
const contenders = output[0].code;
const browser = await chromium.launch({ executablePath: await findBrowser(), args: browserArgs });

console.log(`Chromium ${browser.version()}, ${ROUNDS} rounds, 64 tokens in each frame; CPU of the main thread in ms\n`);
console.log('| reply | plain text | ours | ours / text | marked + DOMPurify per frame | / ours |\n|---|--:|--:|--:|--:|--:|');
for (const name of cases) {
  const [shape = '', size = ''] = name.split(':');
  const pieces = tokens(reply(shape, Number(size)));
  const names = Number(size) > PER_FRAME_UP_TO ? ['text', 'ours'] : ['text', 'ours', 'perFrame'];
  const costs = Object.fromEntries(names.map(contender => [contender, []]));
  for (let round = 0; round < ROUNDS; round++)
    for (const contender of round % 2 ? names.toReversed() : names) costs[contender].push(await cost(contender, pieces));
  const { text, ours, perFrame } = Object.fromEntries(names.map(contender => [contender, median(costs[contender])]));
  const ratio = (a, b) => (a / b).toFixed(2);
  console.log(
    `| ${shape}, ${size} KB | ${text} | ${ours} | ${ratio(ours, text)} | ${perFrame ?? '–'} | ${perFrame ? ratio(perFrame, ours) : '–'} |`,
  );
}
await browser.close();

/** In a page of its own, with nothing warm. */
async function cost(contender, pieces) {
  const context = await browser.newContext({ viewport: { width: 1000, height: 800 } });
  const page = await context.newPage();
  // An origin of its own; no request leaves.
  await page.route('http://bench.test/', route =>
    route.fulfill({ contentType: 'text/html', body: '<!doctype html><meta charset="utf-8">' }),
  );
  await page.goto('http://bench.test/');
  await page.addStyleTag({ content: '.log { block-size: 600px; overflow: auto } ollama-chat { block-size: 600px }' });
  await page.addScriptTag({ content: contender === 'ours' ? `${contenders}\n${element}` : contenders });
  const session = await context.newCDPSession(page);
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  const spent = async () => (await session.send('Performance.getMetrics')).metrics.find(metric => metric.name === 'TaskDuration').value;
  const before = await spent();
  await page.evaluate(([name, all]) => window.run(name, all), [contender, pieces]);
  const milliseconds = Math.round(((await spent()) - before) * 1000);
  await context.close();
  return milliseconds;
}

function median(values) {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
}
