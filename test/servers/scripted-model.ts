/**
 * The file of the scripted model, written anew when its scripts have changed, and what the model says.
 * Knows no server that loads it.
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync } from 'node:fs';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

const path = (name: string) => fileURLToPath(new URL(name, import.meta.url));
const SOURCES = ['make.mjs', 'scripts.json', 'chat.jinja'].map(name => path(`scripted-model/${name}`));
/** Where what the tests make is kept; git passes it over. */
export const CACHE = path('../../.cache/');

const scripts = JSON.parse(readFileSync(path('scripted-model/scripts.json'), 'utf8')) as Record<string, string>;
const [thinking = '', answer = ''] = (scripts['③'] ?? '').replace('<think>\n', '').split('</think>\n\n');

/** What visitors ask, in words that a model without a script understands too. The template looks for one word in each. */
export const QUESTIONS = {
  markdown: 'Say hello, with a **bold** word and a list.',
  code: 'Show two lines of code in Python.',
  think: 'What do you think: how much is 6 times 7?',
  forever: 'Count upwards, forever.',
  weather: 'What is the weather in Oslo now? Ask your tool.',
} as const;

export const ANSWERS = {
  markdown: scripts['①'] ?? '',
  code: scripts['②'] ?? '',
  think: { thinking, answer },
  /** To whatever a tool gives. */
  toolResult: scripts['⑤'] ?? '',
} as const;

/** @returns its path */
export function scriptedModel(): string {
  const hash = createHash('sha256');
  for (const source of SOURCES) hash.update(readFileSync(source));
  const file = `${CACHE}scripted-${hash.digest('hex').slice(0, 8)}.gguf`;
  if (!existsSync(file)) {
    mkdirSync(CACHE, { recursive: true });
    // A server may never find half of it.
    const unfinished = `${file}.${process.pid}`;
    execFileSync(process.execPath, [SOURCES[0]!, unfinished], { stdio: ['ignore', 'ignore', 'inherit'] });
    renameSync(unfinished, file);
  }
  return file;
}
