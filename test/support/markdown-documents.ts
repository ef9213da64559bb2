/** Markdown to try the renderer with: the examples of the specifications, and seeded random documents. */

export { seeded } from './seeded.mjs';

/** The examples of CommonMark: 652 Markdown sources. */
export async function specExamples(): Promise<string[]> {
  return examplesIn(await (await fetch('/node_modules/commonmark-spec/spec.txt')).text());
}

/** Those in the text of the specification. */
export function examplesIn(spec: string): string[] {
  const examples = spec.matchAll(/^`{32} example[^\n]*\n([^]*?)^\.\n[^]*?^`{32}$/gm);
  return [...examples].map(example => (example[1] ?? '').replaceAll('→', '\t'));
}

/** The extensions of GitHub Flavored Markdown, each in the shapes that its specification names. */
export const gfmExamples = [
  '| foo | bar |\n| --- | --- |\n| baz | bim |',
  '| abc | defghi |\n:-: | -----------:\nbar | baz',
  '| f\\|oo  |\n| ------ |\n| b `\\|` az |\n| b **\\|** im |',
  '| abc | def |\n| --- | --- |\n| bar | baz |\n> bar',
  '| abc | def |\n| --- | --- |\n| bar | baz |\nbar\n\nbar',
  '| abc | def |\n| --- |\n| bar |',
  '| abc | def |\n| --- | --- |\n| bar |\n| bar | baz | boo |',
  '| abc | def |\n| --- | --- |',
  'text before\n| a | b |\n|---|---|\n| 1 | 2 |\n- list',
  'a\n:--\nb\n===\n',
  'x\na\n:--\nb\n    c\n---\n',
  'x\n3.\n:--\n--\n',
  'x\nDelta,\n:--\ny\n    code\n[two]: <x y> é\n---',
  '- [ ] foo\n- [x] bar',
  '- [x] foo\n  - [ ] bar\n  - [x] baz\n- [ ] bim',
  '- [ ] foo\n\n- [x] bar\n',
  '~~Hi~~ Hello, ~there~ world!',
  'This ~~has a\n\nnew paragraph~~.',
  'This will ~~~not~~~ strike.',
  'www.commonmark.org, visit www.commonmark.org/help. (www.google.com/search?q=Markup+(business))',
  'https://encrypted.google.com/search?q=Markup+(business) and http://commonmark.org/&hl;',
  "foo@bar.baz and hello@mail+xyz.example isn't valid, a.b-c_d@a.b_",
  'mailto:foo@bar.baz xmpp:foo@bar.baz/txt',
];

export type Random = () => number;

export const pick = <T>(random: Random, from: readonly T[]): T => from[Math.floor(random() * from.length)] as T;
const times = <T>(count: number, make: () => T): T[] => Array.from({ length: count }, make);

const WORDS = [
  'alpha',
  'beta',
  'gamma.',
  'Delta,',
  'snake_case',
  'naïve',
  'café',
  '2',
  '1984',
  '3.',
  'x',
  '日本',
  'www.a.de',
  'http://b.cc/d',
  'a@b.cd',
];
const MARKS = [
  ...[
    '**bold**',
    '*em*',
    '_em_',
    '__b__',
    '~~del~~',
    '`code`',
    '``a`b``',
    '[link](http://a.b/c)',
    '[ref]',
    '[Ref][two]',
    '![pic](http://a.b/i.png)',
  ],
  ...[
    '**open',
    '*',
    '_',
    '`',
    '~',
    '[',
    ']',
    '](',
    '[a](b',
    '<',
    '<u>',
    '</u>',
    '<sub>a</sub>',
    '<br>',
    '<b>x</b>',
    '<http://x.yz>',
    '\\',
    '\\*',
    '&amp;',
  ],
  ...[
    '&#35;',
    '&',
    '!',
    '![',
    '***',
    '**',
    '$x$',
    '$a_b *c$',
    '$$z$$',
    '\\(x_1 * y\\)',
    '\\[ q \\]',
    '$5 and $6',
    '$',
    '$$',
    '\\(',
    '\\)',
    '|',
    'a*b*c',
    '(note)',
    '"q"',
    '  ',
    '<!--',
    '<div>',
    '[ref]: /x',
  ],
];
const LINES = [
  ...[
    '',
    '',
    '',
    '   ',
    '# H',
    '## H ##',
    '#x',
    '---',
    '***',
    '- - -',
    '===',
    '=',
    '-',
    '--',
    '```',
    '```js',
    '~~~',
    '````',
    '    code',
    '\tcode',
    '> q',
  ],
  ...[
    '>',
    '> - a',
    '> > q',
    '- a',
    '* b',
    '+ c',
    '1. a',
    '2) b',
    '10. z',
    '-',
    '1.',
    '- [ ] t',
    '- [x] t',
    '  - n',
    '   1. m',
    '  text',
    '    text',
  ],
  ...[
    '| a | b |',
    '|---|:-:|',
    '| 1 | 2 |',
    'a | b',
    '--|--',
    ':--',
    '| 1 |',
    '[ref]: http://r.r/1',
    '[two]: <x y> "t"',
    "[three]: http://t.t\n'title'",
  ],
  ...[
    '<div>',
    '</div>',
    '<!-- c',
    '-->',
    '- ```',
    '  ```',
    '> ```',
    '-\tt',
    '[ref]:',
    '  ===',
    '# ',
    'a  ',
    'b\\',
    '* * *',
    '-   # h',
    '- > q',
  ],
  ...[
    '<details>',
    '<details><summary>S *t*</summary>',
    '<summary>s</summary>',
    '</details>',
    'end</details>',
    '> <details>',
    '- </details>',
  ],
  ...['$$', '  $$', '\\[', '\\]', '$$x$$', '$$ y', 'z $$', '> $$', '- $$', '= b', '+ c', '\\\\[2pt]'],
  ...['> [!NOTE]', '> [!TIP] x', '[![p](http://a.b/p)](http://c.d)', '![p]', '[p]: http://p.p/p'],
];

const inline = (random: Random) =>
  times(1 + random() * 6, () => (random() < 0.7 ? pick(random, WORDS) : pick(random, MARKS))).join(random() < 0.9 ? ' ' : '');

function line(random: Random): string {
  const kind = random();
  if (kind < 0.35) return inline(random);
  if (kind < 0.75) return pick(random, LINES);
  return pick(random, LINES) + (random() < 0.5 ? ' ' : '') + inline(random);
}

const paragraph = (random: Random) =>
  times(20 + random() * 120, () => (random() < 0.93 ? pick(random, WORDS) : pick(random, MARKS))).join(' ');

/** A block as a model writes it, so that much of it is well formed. */
function block(random: Random): string {
  const text = () => inline(random);
  const make: (() => string)[] = [
    text,
    () => `${'#'.repeat(1 + random() * 4)} ${text()}`,
    () => times(2 + random() * 5, () => `- ${text()}`).join('\n'),
    () => times(2 + random() * 5, () => `${1 + Math.floor(random() * 3)}. ${text()}`).join(random() < 0.5 ? '\n' : '\n\n'),
    () => times(2 + random() * 3, () => `- ${text()}\n  - ${text()}\n\n  ${text()}`).join('\n'),
    () => times(1 + random() * 3, () => `> ${text()}`).join('\n'),
    () => `| ${text()} | b |\n|---|---|\n${times(random() * 4, () => `| ${text()} | ${text()} |`).join('\n')}`,
    () => `\`\`\`js\n${times(random() * 8, () => line(random)).join('\n')}\n\`\`\``,
    () => paragraph(random),
    () => `$$\n${text()}\n${pick(random, ['+ b', '= c', '\\\\', 'd'])}\n$$`,
    () => `\\[\n${text()}\n\\]`,
    () => `<details>\n<summary>${text()}</summary>\n\n${text()}\n\n- ${text()}\n- ${text()}\n\n${pick(random, ['</details>', ''])}`,
    () => `[${pick(random, ['ref', 'two', 'x'])}]: http://${pick(random, ['a', 'b'])}.c`,
  ];
  return pick(random, make)();
}

/** Half of them soup, half like a reply, some with Windows line ends. */
export function randomDocument(random: Random): string {
  const soup = random() < 0.5;
  const parts = times(1 + random() * (soup ? 14 : 7), () => (soup ? line(random) : block(random)));
  const text = parts.join(soup ? '\n' : random() < 0.85 ? '\n\n' : '\n');
  return random() < 0.05 ? text.replaceAll('\n', '\r\n') : text;
}

/** Cut into pieces of random length, now and then into single characters. */
export function randomPieces(random: Random, text: string): string[] {
  const longest = random() < 0.1 ? 1 : 1 + random() * (text.length / 2 + 4);
  const pieces: string[] = [];
  for (let at = 0; at < text.length;) {
    const length = 1 + Math.floor(random() * longest);
    pieces.push(text.slice(at, at + length));
    at += length;
  }
  return pieces;
}
