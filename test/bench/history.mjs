/**
 * `npm run bench:history`: what a long past costs the page's main thread, from the built script: showing it, typing below
 * it, one more answer; and the same where it was kept in the browser, after a reload. CPU time of the page's thread and of its
 * longest task, the median of several rounds that take turns: compare the ratios, since the times are the machine's.
 * `npm run build` comes first. `node test/bench/history.mjs 500 10000` measures these; BENCH_ROUNDS says how often.
 */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright';
import { build } from 'vite';
import { browserArgs, findBrowser } from '../find-browser.mjs';

const ROUNDS = Number(process.env.BENCH_ROUNDS) || 3;
const KEYS = 'a line as it is typed, of forty letters.';
const given = process.argv.slice(2).map(Number);
/** The empty chat is what the others are compared with. */
const sizes = [...new Set([0, ...(given.length ? given : [50, 500, 2000])])];

const cdn = new URL('../../dist/cdn/', import.meta.url);
const keeps = existsSync(new URL('parts/history.js', cdn));
const [{ output }] = await build({
  configFile: false,
  logLevel: 'error',
  build: { write: false, lib: { entry: fileURLToPath(new URL('history-page.mjs', import.meta.url)), formats: ['iife'], name: 'page' } },
});
const page = attributes => `<!doctype html><html lang="en"><meta charset="utf-8"><title>Bench</title><link rel="icon" href="data:,">
<style>ollama-chat { block-size: 600px }</style>
<script>performance.mark('start');${output[0].code}</script><script src="/cdn/ollama-chat.js" defer></script>
<ollama-chat url="http://ollama.test" model="bench"${attributes}></ollama-chat>`;
const pages = { '/': page(''), '/kept': page(' persist="browser"') };

const server = createServer(async ({ url = '/' }, response) => {
  try {
    const body = pages[url] ?? (await readFile(new URL(url.replace(/^\/cdn\//, ''), cdn)));
    response.writeHead(200, { 'Content-Type': url in pages ? 'text/html' : 'text/javascript' }).end(body);
  } catch {
    response.writeHead(404).end();
  }
});
await new Promise(resolve => server.listen(0, '127.0.0.1', resolve));
const origin = `http://127.0.0.1:${server.address().port}`;
const browser = await chromium.launch({ executablePath: await findBrowser(), args: browserArgs });

/** What happens to the conversation: set by the page and kept nowhere, or kept in the browser and found there. */
const kinds = { '/': begun, ...(keeps && { '/kept': found }) };
const measured = Object.fromEntries(Object.keys(kinds).map(path => [path, Object.fromEntries(sizes.map(size => [size, []]))]));
for (let round = 0; round < ROUNDS; round++)
  for (const size of round % 2 ? sizes.toReversed() : sizes)
    for (const [path, begin] of Object.entries(kinds)) measured[path][size].push(await measure(path, begin, size));

console.log(`Chromium ${browser.version()}, ${ROUNDS} rounds; CPU of the main thread in ms, of it the longest task in brackets`);
console.log('The answer has 4 KB, 64 tokens in each frame');
for (const [path, begin] of Object.entries(kinds)) {
  console.log(
    `\n| messages, ${begin === found ? 'kept' : 'not kept'} | ${begin === found ? 'found' : 'shown'} | a key | sent | answer | / in an empty chat | nodes |\n|--:|--:|--:|--:|--:|--:|--:|`,
  );
  for (const size of sizes) {
    const middle = (what, of = size) => median(measured[path][of].map(one => one[what]));
    const both = (what, digits) => `${middle(what).toFixed(digits)} (${middle(`${what}Longest`).toFixed(digits)})`;
    const ratio = (middle('answer') / middle('answer', 0)).toFixed(2);
    console.log(
      `| ${size.toLocaleString('en')} | ${both('shown')} | ${both('key', 1)} | ${both('sent')} | ${both('answer')} | ${ratio} | ${middle('nodes')} |`,
    );
  }
}
await browser.close();
server.close();

/** In a page of its own, with nothing warm but what \`begin\` has been through. */
async function measure(path, begin, size) {
  const context = await browser.newContext({ viewport: { width: 1000, height: 800 } });
  const tab = await context.newPage();
  await tab.goto(origin + path);
  const shown = await begin(tab, size);
  const nodes = await tab.evaluate(() => window.bench.nodes());
  await tab.evaluate(() => document.querySelector('ollama-chat').focus());
  await sleep(300);
  const typed = await traced(tab, async () => {
    await tab.evaluate(() => void performance.mark('start'));
    for (const key of KEYS) {
      await tab.keyboard.press(key);
      await sleep(30);
    }
    await tab.evaluate(() => void performance.mark('end'));
  });
  await tab.evaluate(() => window.bench.warm());
  const replied = await traced(tab, () => tab.evaluate(() => window.bench.reply()));
  await context.close();
  return {
    ...between('shown', shown, 'start', 'end'),
    ...between('key', typed, 'start', 'end', KEYS.length),
    ...between('sent', replied, 'start', 'sent'),
    ...between('answer', replied, 'sent', 'end'),
    nodes,
  };
}

/** The page sets it. */
async function begun(tab, size) {
  await tab.evaluate(count => window.bench.prepare(count), size);
  return traced(tab, () => tab.evaluate(() => window.bench.mount()));
}

/** It was left there before: from the beginning of the page. */
async function found(tab, size) {
  // What a page sets before that is its own beginning, and not kept while nobody has said anything.
  await tab.evaluate(() => document.querySelector('ollama-chat').exportConversation());
  await begun(tab, size);
  await tab.evaluate(count => window.bench.stored(count), size);
  return traced(tab, async () => {
    await tab.reload();
    const count = await tab.evaluate(expected => window.bench.opened(expected), size);
    if (count !== size) throw new Error(`${count} of ${size} messages came back`);
  });
}

/** What the browser did meanwhile. */
async function traced(tab, act) {
  await browser.startTracing(tab, { categories: ['disabled-by-default-devtools.timeline', 'blink.user_timing'] });
  await act();
  return JSON.parse(String(await browser.stopTracing())).traceEvents;
}

/** The thread's time between two marks, divided by `times`, and that of the longest task there; in milliseconds. */
function between(name, events, from, to, times = 1) {
  const mark = which => events.findLast(event => event.cat === 'blink.user_timing' && event.name === which);
  const [{ pid, tid, tts: start }, { tts: end }] = [mark(from), mark(to)];
  const tasks = events
    .filter(event => event.name === 'RunTask' && event.ph === 'X' && event.pid === pid && event.tid === tid)
    .map(({ tts = 0, tdur = 0 }) => Math.min(end, tts + tdur) - Math.max(start, tts));
  return { [name]: (end - start) / 1000 / times, [`${name}Longest`]: Math.max(0, ...tasks) / 1000 };
}

function median(values) {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
}
