/**
 * `npm run test:mutants`: takes out one wall after the other, in a copy of the project, and expects the tests to notice.
 * `npm run test:mutants -- words` tries only those with these words in their name. Takes some minutes.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const copy = join(root, '.cache/mutant');
const HOSTILE = 'test/e2e/hostile.spec.ts';
/** Formulas come a moment after their answer: the test of their own waits for them. */
const FORMULAS = 'test/e2e/rich.spec.ts';
/** @param {string} file */
const isE2e = file => file.endsWith('.spec.ts');
const SANITIZER = 'src/markdown/sanitize.ts';
const ALLOW_LIST = 'test/unit/markdown/allow-list.test.ts';

/** @typedef {[file: string, find: string, replace: string]} Edit */

/** @type {Edit} */
const withoutSanitizer = [
  SANITIZER,
  '(purify.sanitize(html) as unknown as DocumentFragment | null) ?? document.createDocumentFragment()',
  "Object.assign(document.createElement('template'), { innerHTML: html }).content",
];

/** @type {Edit[]} */
const withHtml = [
  ['src/markdown/lexer.ts', String.raw`/^<(?:br ?\/?|\/?(?:sub|sup|kbd|mark|u))>/i`, '/^<[^>]+>/'],
  [
    'src/markdown/lexer.ts',
    'if (this.#depth) return undefined;',
    "{ const raw = /^<[^>]+>/.exec(src)?.[0]; if (raw) return { type: 'html', raw, text: raw, block: true, pre: false }; }",
  ],
];

/**
 * What is changed, each place by a text that stands there exactly once, which tests must fail for it, and what they must say.
 * @type {{ name: string, edits: Edit[], tests: string[], says?: string[] }[]}
 */
const mutations = [
  // With both gone it must be seen that code runs and pictures load: else the traps are no traps.
  {
    name: 'no wall at all',
    edits: [withoutSanitizer, ...withHtml],
    tests: [HOSTILE],
    says: ['its code ran', 'the page asks for http', 'the canary had'],
  },
  { name: 'no sanitizer: the HTML is parsed as it is', edits: [withoutSanitizer], tests: [HOSTILE, ALLOW_LIST] },
  { name: 'the tokenizer reads HTML', edits: withHtml, tests: [HOSTILE] },
  {
    name: 'links of any scheme',
    edits: [[SANITIZER, 'LINK_SCHEMES.includes(link.protocol)', 'true']],
    tests: [HOSTILE, 'test/unit/markdown/sanitize.test.ts'],
  },
  {
    name: 'links without a target and rel',
    edits: [
      [SANITIZER, "link.target = '_blank';", ''],
      [SANITIZER, "link.rel = 'noopener noreferrer nofollow';", ''],
    ],
    tests: [HOSTILE, ALLOW_LIST],
  },
  {
    name: 'pictures that load',
    edits: [
      [
        'src/markdown/parse.ts',
        'return `<a type="image" href="${escape(href)}"${title ? ` title="${escape(title)}"` : \'\'}>${escape(text)}</a>`;',
        'return `<img src="${escape(href)}" alt="${escape(text + title)}">`;',
      ],
      [SANITIZER, "'input', //", "'input', 'img', //"],
      [SANITIZER, "'href', 'title'", "'href', 'title', 'src', 'alt'"],
    ],
    tests: [HOSTILE],
  },
  {
    name: 'pictures of all sources are shown at once',
    edits: [['src/ui/enrich.ts', 'if (isListed(button.value, settings.imageSources)) ', '']],
    tests: [HOSTILE],
  },
  {
    name: 'lists of sources compare texts',
    edits: [['src/markdown/sources.ts', 'covers(new URL(entry, document.baseURI), new URL(address))', 'address.startsWith(entry)']],
    tests: ['test/unit/markdown/sources.test.ts'],
  },
  {
    name: 'links to all sources',
    edits: [[SANITIZER, '!isListed(link.href, sources)', 'false']],
    tests: ['test/unit/markdown/sources.test.ts'],
  },
  {
    name: 'formulas as the library makes them',
    edits: [['src/markdown/mathml.ts', 'copy(made.firstElementChild)[0]', 'made.firstElementChild']],
    tests: [FORMULAS],
  },
  {
    name: 'formulas that define',
    edits: [['src/markdown/mathml.ts', ' || DEFINES.test(tex)', '']],
    tests: [FORMULAS],
  },
  {
    name: 'style is an allowed attribute',
    edits: [[SANITIZER, "'class', //", "'class', 'style', //"]],
    tests: [ALLOW_LIST],
  },
  {
    name: 'any class',
    edits: [[SANITIZER, String.raw`node.localName === 'code' && /^language-[\w+#.-]+$/.test(data.attrValue)`, 'true']],
    tests: [HOSTILE, ALLOW_LIST],
  },
  {
    name: 'any input',
    edits: [[SANITIZER, "for (const input of fragment.querySelectorAll('input')) admitInput(input);", '']],
    tests: [ALLOW_LIST],
  },
  {
    name: "a server's error text as HTML",
    edits: [
      [
        'src/ui/failure.ts',
        '<q>${text.length > QUOTE_LENGTH ? `${text.slice(0, QUOTE_LENGTH)} …` : text}</q>',
        '<q .innerHTML=${text}></q>',
      ],
    ],
    tests: [HOSTILE],
  },
  {
    name: 'replies without an end',
    edits: [['src/conversation/conversation.ts', '> REPLY_LIMIT)', '> Infinity)']],
    tests: ['test/unit/conversation/conversation.test.ts'],
  },
  {
    name: 'lines without an end',
    edits: [
      ['src/protocol/lines.ts', "if (line.length > limit) throw new ChatError({ kind: 'too-large', limit });", ''],
      ['src/protocol/lines.ts', "if (held > limit) throw new ChatError({ kind: 'too-large', limit });", ''],
    ],
    tests: ['test/unit/protocol/lines.test.ts'],
  },
  {
    name: 'nesting without an end',
    edits: [['src/markdown/lexer.ts', 'DEEPEST = 24', 'DEEPEST = 2400']],
    tests: [HOSTILE],
  },
  {
    name: "another name for the sanitizer's policy",
    edits: [[SANITIZER, "createPolicy('ollama-chat',", "createPolicy('dompurify',"]],
    tests: [HOSTILE],
  },
  {
    name: "another name for the templates' policy",
    edits: [['.build/embed-libraries.ts', 'createPolicy("ollama-chat-lit"', 'createPolicy("lit-html-2"']],
    tests: [HOSTILE],
  },
];

function makeCopy() {
  rmSync(copy, { recursive: true, force: true });
  for (const name of ['.build', 'demo', 'src', 'test', 'package.json', 'tsconfig.json', 'vite.config.ts'])
    cpSync(join(root, name), join(copy, name), { recursive: true });
  symlinkSync(realpathSync(join(root, 'node_modules')), join(copy, 'node_modules'), 'junction');
}

/** @param {Edit} edit */
function apply([file, find, replace]) {
  const parts = readFileSync(join(copy, file), 'utf8').split(find);
  // A mutation that changes nothing would prove nothing.
  if (parts.length !== 2) throw new Error(`${file} has ${parts.length - 1} places with: ${find}`);
  writeFileSync(join(copy, file), parts.join(replace));
}

/** @param {string} command */
function run(command) {
  return spawnSync(command, { cwd: copy, shell: true, encoding: 'utf8' });
}

function build() {
  for (const mode of ['cdn', 'parts']) {
    const { status, stdout, stderr } = run(`node node_modules/vite/bin/vite.js build --logLevel warn --mode ${mode}`);
    if (status !== 0) throw new Error(`the build failed: ${stdout}${stderr}`);
  }
}

/**
 * What the tests in a file say.
 * @param {string} file
 * @returns {{ passed: number, failed: number, why: string, output: string }}
 */
function runTests(file) {
  const e2e = isE2e(file);
  const report = join(copy, e2e ? '.cache/e2e.json' : '.cache/unit.json');
  rmSync(report, { force: true });
  const { stdout, stderr } = run(
    e2e ? `npm run --silent test:e2e -- ${file.replace(/^test\/|\.ts$/g, '')}` : `npm run --silent test:unit -- --files ${file}`,
  );
  try {
    const counts = JSON.parse(readFileSync(report, 'utf8'));
    if (!e2e) return { ...counts, why: '', output: stdout };
    return {
      passed: counts.stats.expected,
      failed: counts.stats.unexpected,
      why: /^\s*\+ {3}"(.*)",$/m.exec(stdout)?.[1] ?? '',
      output: stdout,
    };
  } catch {
    throw new Error(`${file} left no counts: ${stdout}${stderr}`);
  }
}

/** @param {(typeof mutations)[number]} mutation */
function attempt({ name, edits, tests, says = [] }) {
  makeCopy();
  edits.forEach(apply);
  if (tests.some(isE2e)) build();
  return tests.map(test => {
    const { passed, failed, why, output } = runTests(test);
    const silent = says.filter(words => !output.includes(words));
    console.log(`${name} · ${test}: ${passed} passed, ${failed} failed. ${silent.map(words => `Not said: ${words}. `).join('')}${why}`);
    return { name, test, passed, failed: silent.length ? 0 : failed };
  });
}

const wanted = process.argv.slice(2).join(' ');
const chosen = mutations.filter(({ name }) => name.includes(wanted));
const tests = [...new Set(chosen.flatMap(mutation => mutation.tests))];
// Tests that fail anyway would catch everything.
const sound = attempt({ name: 'nothing changed', edits: [], tests });
const broken = sound.filter(({ passed, failed }) => failed || !passed);
const results = broken.length ? [] : chosen.flatMap(attempt);
rmSync(copy, { recursive: true, force: true });

const missed = results.filter(({ failed }) => !failed);
console.table(results.map(({ name, test, failed }) => ({ mutation: name, test, caught: failed ? `${failed} failed` : 'NOT CAUGHT' })));
for (const { test } of broken) console.error(`${test} fails without any mutation.`);
for (const { name, test } of missed) console.error(`${test} does not notice: ${name}`);
console.log(`${chosen.length} mutations, ${results.length - missed.length} of ${results.length} checks noticed theirs`);
process.exitCode = broken.length || missed.length ? 1 : 0;
