/** Walks the imports of src/: which layer may use which, who may touch which library, no cycles, no giant files. */
import { readFileSync, readdirSync } from 'node:fs';
import { join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@playwright/test';
import { parseSync } from 'vite';

interface Layer {
  /** A folder of src/ (with a slash), or one file. */
  layer: string;
  /** Layers that it may import. */
  may: string[];
  /** Layers of which it may import types only. */
  types?: string[];
  why: string;
}

const layers: Layer[] = [
  { layer: 'errors.ts', may: [], why: 'a failure is known to all and knows nobody' },
  { layer: 'aborted.ts', may: [], why: 'whoever waits may need it, whatever for' },
  { layer: 'patience.ts', may: [], why: 'whoever waits may give up, whatever for' },
  { layer: 'protocol/', may: ['errors.ts', 'aborted.ts'], why: 'the wire knows no conversation, no page and no words' },
  { layer: 'client/', may: ['protocol/', 'errors.ts'], why: 'a program that asks a model needs no chat, and no page' },
  { layer: 'conversation/', may: ['protocol/', 'errors.ts', 'aborted.ts'], why: 'what was said is independent of how it looks' },
  {
    layer: 'history/',
    may: ['conversation/', 'errors.ts', 'aborted.ts', 'patience.ts'],
    types: ['protocol/'],
    why: 'what is kept does not depend on how it looks, or where it came from',
  },
  {
    layer: 'tools/',
    may: ['protocol/', 'errors.ts', 'aborted.ts'],
    types: ['conversation/'],
    why: 'what a model may call, and how it is answered, knows neither the chat nor how it looks; webmcp.ts alone asks a document',
  },
  { layer: 'markdown/', may: [], why: 'text to safe HTML is of use, and can be checked, by itself' },
  { layer: 'i18n/', may: [], types: ['errors.ts', 'protocol/'], why: 'words are data: they know the kinds to be worded, not the code' },
  { layer: 'styles/', may: [], why: 'a style sheet imports nothing' },
  { layer: 'events.ts', may: ['errors.ts'], types: ['protocol/', 'conversation/'], why: 'an event carries data and does nothing' },
  {
    layer: 'ui/',
    may: ['history/', 'tools/', 'conversation/', 'markdown/', 'i18n/', 'styles/', 'protocol/', 'errors.ts', 'events.ts', 'patience.ts'],
    why: 'the view may use all below, and nothing below knows the view',
  },
  {
    layer: 'settings.ts',
    may: ['ui/'],
    types: ['i18n/', 'protocol/', 'tools/'],
    why: 'settings are named here, and given a meaning elsewhere',
  },
  {
    layer: 'ollama-chat.ts',
    may: ['settings.ts', 'ui/', 'conversation/', 'markdown/', 'i18n/', 'styles/', 'protocol/', 'errors.ts', 'events.ts', 'patience.ts'],
    why: 'the element wires everything, so nothing but the entries may need it',
  },
  { layer: 'define.ts', may: ['ollama-chat.ts', 'events.ts'], why: 'registering is its only job' },
  {
    layer: 'index.ts',
    may: ['define.ts', 'ollama-chat.ts', 'events.ts', 'errors.ts'],
    types: ['protocol/', 'conversation/', 'tools/', 'i18n/', 'ui/'],
    why: 'the package entry only passes on',
  },
];

interface Library {
  library: RegExp;
  /** Layers or files that may import it. */
  only: string[];
  why: string;
}

const libraries: Library[] = [
  {
    library: /^(lit|@lit\/.*)(\/|$)/,
    only: ['ui/', 'styles/', 'settings.ts', 'ollama-chat.ts'],
    why: 'what is not a view runs, and is tested, without one',
  },
  { library: /^marked(\/|$)/, only: ['markdown/'], why: 'the Markdown library can be exchanged in one folder' },
  { library: /^dompurify(\/|$)/, only: ['markdown/sanitize.ts'], why: 'HTML leaves by one door' },
  { library: /^temml$/, only: ['markdown/mathml.ts'], why: 'loaded at the first formula, and never before' },
  { library: /^@speed-highlight\//, only: ['markdown/highlight.ts'], why: 'loaded at the first block of code, and never before' },
  {
    library: /^eventsource-parser(\/|$)/,
    only: ['protocol/sse.ts'],
    why: 'only OpenAI-compatible servers send events, and a page that asks none must not load their parser',
  },
  { library: /^idb$/, only: ['history/database.ts'], why: 'one file knows it, and is loaded where conversations are kept in the browser' },
  {
    library: /^@modelcontextprotocol\/sdk(\/|$)/,
    only: ['tools/mcp.ts'],
    why: 'one file knows it, which is built by itself: see .build/embed-mcp.ts',
  },
  {
    library: /^@cfworker\/json-schema$/,
    only: ['tools/validator.ts'],
    why: 'loaded at the first call of a tool, and never before',
  },
  { library: /^/, only: [], why: 'any other library is a decision: add it to this table with its reason' },
];

const lineLimit = 300;

interface Import {
  to: string;
  typeOnly: boolean;
}

/** Every broken rule among `files` (path below src/ → text), as one sentence each. */
function checkImports(files: Map<string, string>): string[] {
  const graph = new Map([...files].map(([file, text]) => [file, importsOf(file, text, files)]));
  const arrows = [...graph].flatMap(([file, imports]) => imports.flatMap(found => brokenRule(file, found) ?? []));
  const cycles = findCycles(graph).map(cycle => `${cycle.join(' → ')}: a cycle; move what both need into a file below them`);
  const giants = [...files].flatMap(([file, text]) => overLimit(file, text) ?? []);
  return [...arrows, ...cycles, ...giants];
}

function importsOf(file: string, text: string, files: Map<string, string>): Import[] {
  const { module, errors } = parseSync(file, text);
  if (errors.length) throw new Error(`${file}: ${errors[0]?.message}`);
  const found = [
    ...module.staticImports.map(({ moduleRequest, entries }) => ({ to: moduleRequest.value, typeOnly: allTypes(entries) })),
    ...module.staticExports.flatMap(({ entries }) =>
      entries.flatMap(({ moduleRequest, isType }) => (moduleRequest ? { to: moduleRequest.value, typeOnly: isType } : [])),
    ),
    // Also the `import('./x').T` of a type, which the parser does not list.
    ...[...withoutComments(file, text).matchAll(/\bimport\(\s*['"]([^'"]+)/g)].map(match => ({ to: match[1] ?? '', typeOnly: false })),
  ];
  return found.map(({ to, typeOnly }) => ({ to: to.startsWith('.') ? resolve(file, to, files) : to, typeOnly }));
}

const allTypes = (entries: { isType: boolean }[]) => entries.length > 0 && entries.every(entry => entry.isType);

function resolve(from: string, specifier: string, files: Map<string, string>): string {
  const path = posix.join(posix.dirname(from), specifier.replace(/\.[jt]s$/, ''));
  return './' + ([`${path}.ts`, `${path}/index.ts`].find(candidate => files.has(candidate)) ?? path);
}

function brokenRule(file: string, { to, typeOnly }: Import): string | undefined {
  if (!to.startsWith('./')) {
    const rule = libraries.find(({ library }) => library.test(to));
    return rule && !rule.only.some(place => isIn(place, file)) ? `${file} imports ${to}: ${rule.why}` : undefined;
  }
  const target = to.slice(2);
  const from = layers.find(({ layer }) => isIn(layer, file));
  if (!from) return `${file} imports ${target}: ${file} is in no layer; add it to the table`;
  if (isIn(from.layer, target) || from.may.some(layer => isIn(layer, target))) return;
  const asType = from.types?.some(layer => isIn(layer, target));
  if (asType && typeOnly) return;
  return `${file} imports ${target}${asType ? ' as more than a type' : ''}: ${from.why}`;
}

const isIn = (place: string, file: string) => (place.endsWith('/') ? file.startsWith(place) : file === place);

/** Depth first; a file that is met again on the way down closes a cycle. */
function findCycles(graph: Map<string, Import[]>): string[][] {
  const cycles: string[][] = [];
  const done = new Set<string>();
  const visit = (file: string, way: string[]) => {
    if (way.includes(file)) cycles.push([...way.slice(way.indexOf(file)), file]);
    if (done.has(file) || way.includes(file)) return;
    for (const { to } of graph.get(file) ?? []) if (to.startsWith('./')) visit(to.slice(2), [...way, file]);
    done.add(file);
  };
  for (const file of graph.keys()) visit(file, []);
  return cycles;
}

function overLimit(file: string, text: string): string | undefined {
  const lines = withoutComments(file, text)
    .split('\n')
    .filter(line => line.trim()).length;
  if (lines <= lineLimit || /^\W*Over 300 lines because \S/m.test(text)) return;
  return `${file} has ${lines} lines of code: over ${lineLimit} a file wants splitting, or a line "Over 300 lines because …" at its head`;
}

function withoutComments(file: string, text: string): string {
  return parseSync(file, text).comments.reduceRight((code, { start, end }) => code.slice(0, start) + code.slice(end), text);
}

function sourceFiles(): Map<string, string> {
  const root = fileURLToPath(new URL('../src', import.meta.url));
  const names = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter(name => name.endsWith('.ts'));
  return new Map(names.map(name => [name.replaceAll('\\', '/'), readFileSync(join(root, name), 'utf8')]));
}

test('src/ keeps every rule', () => {
  const files = sourceFiles();
  expect(files.size).toBeGreaterThan(0);
  expect(checkImports(files)).toEqual([]);
});

/** What the rules say of a few lines in `file`, beside the files they import. */
const verdict = (file: string, code: string, beside: Record<string, string> = {}) =>
  checkImports(new Map(Object.entries({ 'errors.ts': '', ...beside, [file]: code })));

test.describe('the check', () => {
  for (const { layer, may, types = [] } of layers) {
    const file = layer.endsWith('/') ? `${layer}a.ts` : layer;
    const depth = layer.endsWith('/') ? '../' : './';
    const inside = (other: string) => (other.endsWith('/') ? `${other}b.ts` : other);
    const specifier = (other: string) => depth + inside(other).replace(/\.ts$/, '');
    const others = layers.map(other => other.layer).filter(other => other !== layer);

    test(`lets ${layer} import ${may.join(', ') || 'nothing'} only`, () => {
      for (const other of others.filter(name => !types.includes(name))) {
        const broken = verdict(file, `import { x } from '${specifier(other)}';`, { [inside(other)]: '' });
        expect(broken.join(), other).toMatch(may.includes(other) ? /^$/ : `${file} imports ${inside(other)}: `);
      }
    });

    for (const other of types) {
      test(`lets ${layer} import ${other} as types only`, () => {
        expect(verdict(file, `import type { X } from '${specifier(other)}';`, { [inside(other)]: '' })).toEqual([]);
        expect(verdict(file, `import { x } from '${specifier(other)}';`, { [inside(other)]: '' })).toEqual([
          expect.stringContaining(`${file} imports ${inside(other)} as more than a type`),
        ]);
      });
    }
  }

  for (const [library, allowed, refused] of [
    ['lit', 'ui/a.ts', 'conversation/a.ts'],
    ['lit/directive.js', 'styles/a.ts', 'markdown/a.ts'],
    ['@lit/reactive-element', 'ollama-chat.ts', 'define.ts'],
    ['marked', 'markdown/a.ts', 'ui/a.ts'],
    ['dompurify', 'markdown/sanitize.ts', 'markdown/a.ts'],
    ['eventsource-parser', 'protocol/sse.ts', 'protocol/a.ts'],
    ['@modelcontextprotocol/sdk/types.js', 'tools/mcp.ts', 'tools/a.ts'],
    ['@cfworker/json-schema', 'tools/validator.ts', 'tools/mcp.ts'],
  ] as const) {
    test(`keeps ${library} out of ${refused}`, () => {
      expect(verdict(allowed, `import '${library}';`)).toEqual([]);
      expect(verdict(refused, `import '${library}';`)).toEqual([expect.stringContaining(`${refused} imports ${library}: `)]);
    });
  }

  test('refuses a library that no row names', () => {
    expect(verdict('ui/a.ts', `import 'left-pad';`)).toEqual([expect.stringContaining('ui/a.ts imports left-pad: ')]);
  });

  test('refuses a file in no layer', () => {
    expect(verdict('utils/a.ts', `import '../errors';`)).toEqual([expect.stringContaining('utils/a.ts is in no layer')]);
  });

  for (const form of [`import '../ui/b';`, `export * from '../ui/b';`, `await import('../ui/b');`, `let x: import('../ui/b').X;`]) {
    test(`sees ${form}`, () => {
      expect(verdict('protocol/a.ts', form, { 'ui/b.ts': '' })).toHaveLength(1);
    });
  }

  test('does not see an import in a comment', () => {
    expect(verdict('protocol/a.ts', `// import('../ui/b')\n/** import '../ui/b' */`)).toEqual([]);
  });

  test('finds a cycle, also one of types', () => {
    const beside = { 'ui/b.ts': `import type { C } from './c';`, 'ui/c.ts': `import './a';` };
    expect(verdict('ui/a.ts', `import type { B } from './b';`, beside)).toEqual([expect.stringContaining(' → ui/a.ts')]);
  });

  test('finds a file that imports itself', () => {
    expect(verdict('ui/a.ts', `import './a';`)).toEqual([expect.stringContaining('ui/a.ts → ui/a.ts: a cycle')]);
  });

  const long = (lines: number) => 'let x;\n'.repeat(lines);

  test('refuses a file over the limit', () => {
    expect(verdict('ui/a.ts', long(lineLimit + 1))).toEqual([expect.stringContaining('ui/a.ts has 301 lines of code')]);
  });

  test('does not count blanks and comments', () => {
    expect(verdict('ui/a.ts', `${long(lineLimit)}\n\n// one\n/* two\nthree */\n`)).toEqual([]);
  });

  test('accepts a long file that says why', () => {
    expect(verdict('ui/a.ts', `/** A table.\n * Over 300 lines because it is one table. */\n${long(lineLimit + 1)}`)).toEqual([]);
  });
});
