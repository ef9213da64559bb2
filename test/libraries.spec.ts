/** The CDN file holds less of the libraries than npm does: what is left out must change nothing. */
import { readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, type Page, test } from '@playwright/test';
import { build, type PluginOption } from 'vite';
import { embedLibraries } from '../.build/embed-libraries.ts';
import { squeeze } from '../.build/squeeze.ts';
import { hostileHtml, randomHtml } from './support/hostile-html.ts';
import type * as exported from './support/markdown-build.ts';
import { examplesIn, gfmExamples, randomDocument, seeded } from './support/markdown-documents.ts';

const path = (file: string) => fileURLToPath(new URL(file, import.meta.url));

/** As a script that puts what support/markdown-build.ts exports into a global of this name. */
async function script(name: string, plugins: PluginOption[]): Promise<string> {
  const built = await build({
    configFile: false,
    logLevel: 'error',
    plugins,
    define: { 'process.env.NODE_ENV': '"production"' },
    build: {
      write: false,
      minify: plugins.length > 0,
      lib: { entry: path('support/markdown-build.ts'), formats: ['iife'], name },
      rolldownOptions: { output: { minify: plugins.length > 0 } },
    },
  });
  const [output] = [built].flat();
  if (!output || !('output' in output)) throw new Error('nothing was built');
  return output.output[0].code;
}

type Exports = typeof exported;

let page: Page;

// Two builds and some thousand texts: seconds, and more where the machine does other things too.
test.describe.configure({ mode: 'serial', timeout: 120_000 });

test.beforeAll(async ({ browser }) => {
  test.setTimeout(120_000);
  page = await browser.newPage();
  await page.goto('about:blank');
  // A classic script's own top level, as on a page.
  await page.addScriptTag({ content: await script('whole', []) });
  await page.addScriptTag({ content: await script('trimmed', [embedLibraries(), squeeze()]) });
});
test.afterAll(() => page.close());

/** The inputs of which the two builds make something else, with what they make of it; and how many were tried. */
function differences<K extends 'shown' | 'sanitized'>(what: K, inputs: Parameters<Exports[K]>[0][]) {
  return page.evaluate(
    ({ what, inputs }) => {
      const { whole, trimmed } = window as unknown as Record<'whole' | 'trimmed', Record<string, (input: unknown) => unknown>>;
      const both = inputs.map(input => ({ input, whole: whole[what]!(input), trimmed: trimmed[what]!(input) }));
      return {
        tried: both.length,
        nothing: both.filter(({ whole }) => !String(whole)).length,
        found: both.filter(({ whole, trimmed }) => JSON.stringify(whole) !== JSON.stringify(trimmed)).slice(0, 5),
      };
    },
    { what, inputs: inputs as unknown[] },
  );
}

/** In one piece, and in two. */
const cuts = (text: string): string[][] => [[text], [text.slice(0, text.length / 2), text.slice(text.length / 2)]];

test('the trimmed Markdown library reads the examples of the specifications, and random documents, as the whole one does', async () => {
  const examples = examplesIn(readFileSync(path('../node_modules/commonmark-spec/spec.txt'), 'utf8'));
  const random = seeded(48);
  const texts = [...examples, ...gfmExamples, ...Array.from({ length: 300 }, () => randomDocument(random))];
  const { tried, found } = await differences('shown', texts.flatMap(cuts));
  expect(tried).toBeGreaterThan(1900);
  expect(found).toEqual([]);
});

test('the trimmed sanitizer lets through what the whole one does, and no more', async () => {
  const random = seeded(48);
  const inputs = [...hostileHtml, ...Array.from({ length: 2000 }, () => randomHtml(random))];
  const { tried, nothing, found } = await differences('sanitized', inputs);
  expect(found).toEqual([]);
  // Most of it leaves something to compare.
  expect(nothing).toBeLessThan(tried / 2);
});

test('and an element of another namespace goes, even where a parser lets it stand among ours', async () => {
  const left = await page.evaluate(() => {
    const parse = DOMParser.prototype.parseFromString;
    let [namespace, tag]: (string | null)[] = [];
    DOMParser.prototype.parseFromString = function (...given) {
      const parsed = parse.apply(this, given);
      for (const place of parsed.querySelectorAll('mark')) {
        const stranger = parsed.createElementNS(namespace ?? null, tag ?? 'p');
        stranger.append(...place.childNodes);
        place.replaceWith(stranger);
      }
      return parsed;
    };
    const builds = window as unknown as Record<'whole' | 'trimmed', Exports>;
    const results: string[] = [];
    for (namespace of ['http://www.w3.org/2000/svg', 'http://www.w3.org/1998/Math/MathML', 'urn:x', null])
      for (tag of ['a', 'p', 'code', 'input'])
        for (const build of ['whole', 'trimmed'] as const) results.push(builds[build].sanitized('<p>x<mark><u>y</u></mark></p>')[0] ?? '');
    DOMParser.prototype.parseFromString = parse;
    return results;
  });
  expect(new Set(left)).toEqual(new Set(['<p>x</p>']));
  expect(left).toHaveLength(32);
});

/** What the trimmed Lit cannot do any more, by the words that would ask for it: it would fail without a word. */
const NOT_IN_LIT = {
  'a style sheet with expressions': /\bcss`[^`]*\$\{/,
  'an attribute that is there or not, by `?`': /\s\?[\w-]+=\$\{/,
  'an expression in a text area, a title, a script or a style': /\}[^<>`]*<\/(?:textarea|title|script|style)>/,
  'an expression in the place of attributes': /<(?!ollama-chat )[a-z][\w-]*\s+\$\{/,
  'a comment in a template': /<!--(?![^\n]*\*\/)/,
  'a listener that is no function': /\bhandleEvent\b/,
  'another directive than guard()': /'lit\/(?:async-directive|directive(?!s\/guard\.js'))/,
  'guard() by something else than a list': /\bguard\((?!\[)/,
  'options of a rendering': /\b(?:renderOptions|renderBefore|creationScope|isServer)\b/,
  'another kind of property': /@property\([^)]*\b(?:type: (?!Boolean)|hasChanged|noAccessor)/,
  'another way to update': /\b(?:shouldUpdate|firstUpdated|scheduleUpdate|getUpdateComplete|removeController|addInitializer)\b/,
  'a change that is told by the name of a property': /\brequestUpdate\((?!\))(?!\): void)/,
};

test('nothing of ours asks the trimmed Lit for what was left out of it', () => {
  const root = path('../src');
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter(name => name.endsWith('.ts'));
  const found = files.flatMap(file => {
    const text = readFileSync(`${root}/${file}`, 'utf8');
    return Object.entries(NOT_IN_LIT).flatMap(([what, words]) => (words.test(text) ? [`${file}: ${what}, ${words.exec(text)?.[0]}`] : []));
  });
  expect(files.length).toBeGreaterThan(50);
  expect(found).toEqual([]);
});
