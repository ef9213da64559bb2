import { expect } from '@open-wc/testing';
import { onePass } from '../../support/markdown-oracle.ts';
import { outline } from './outline.ts';

const show = (markdown: string) => outline(onePass(markdown));
const inline = (tex: string) => `<code class="language-math">${tex}</code>`;
const display = (tex: string) => `<code class="language-math-display">${tex}</code>`;
const block = (tex: string) => `<pre>${inline(`${tex}⏎`)}</pre>`;

describe('a formula', () => {
  const formulas: Record<string, [markdown: string, shown: string]> = {
    'in dollar signs': ['so $a + b$.', `<p>so ${inline('a + b')}.</p>`],
    'in parentheses with backslashes': [String.raw`so \(a + b\).`, `<p>so ${inline('a + b')}.</p>`],
    'before letters that belong to its word': ['the $n$th', `<p>the ${inline('n')}th</p>`],
    'with marks that mean nothing there': ['$a_1 * b_2 * c$ and *d*', `<p>${inline('a_1 * b_2 * c')} and <em>d</em></p>`],
    'within emphasis': ['**so $x*y$ is**', `<p><strong>so ${inline('x*y')} is</strong></p>`],
    'with an escaped dollar sign': [String.raw`$\$5 + x$`, `<p>${inline(String.raw`\$5 + x`)}</p>`],
    'in a table': [
      '| a |\n|---|\n| $x_1$ |',
      `<table><thead><tr><th>a</th></tr></thead><tbody><tr><td>${inline('x_1')}</td></tr></tbody></table>`,
    ],
    'displayed within a line': [String.raw`so $$a$$ and \[b_1\]`, `<p>so ${display('a')} and ${display('b_1')}</p>`],
    'as a block in dollar signs': ['$$\na\n+ b\n= c\n$$', block('a⏎+ b⏎= c')],
    'as a block in brackets': [String.raw`\[` + '\na\n- b\n' + String.raw`\]`, block('a⏎- b')],
    'as a block of one line': ['$$ a $$', block('a')],
    'right behind the words of a paragraph': ['as in\n$$\na\n$$\nwe see', `<p>as in</p>${block('a')}<p>we see</p>`],
    'in a list': ['- as in\n  $$\n  a\n  + b\n  $$', `<ul><li>as in${block('a⏎+ b')}</li></ul>`],
    'as a fence': ['```math\na\n```', block('a')],
  };
  for (const [what, [markdown, shown]] of Object.entries(formulas))
    it(`${what} is kept as it is`, () => expect(show(markdown)).to.equal(shown));
});

describe('no formula', () => {
  const texts: Record<string, string> = {
    'two prices': 'It costs $5 and $10 here',
    'a range of prices': 'from $5-$10 on, $100k–$200k',
    'a price and its sign behind': 'either $5 or 10$ or so',
    'currencies with letters': 'US$5 or A$6$',
    'variables of a shell': 'set $HOME/bin:$PATH, ${a}${b} and $a,$b',
    'variables in quotation marks': '"$name" is "$value"',
    'names of stocks': '$AAPL/$TSLA and $XX–$YY',
    'a call': '$foo->bar($baz)',
    'a pattern': '/^a+$/ and /^x$/',
    'a sign alone': 'a $ b $ c',
    'a sign that is not closed': 'so $a + b',
    'two signs in a text': 'PID $$, parent $$',
  };
  for (const [what, markdown] of Object.entries(texts)) it(`is ${what}`, () => expect(show(markdown)).to.equal(`<p>${markdown}</p>`));

  const escaped: Record<string, [markdown: string, shown: string]> = {
    'an index': [String.raw`array\[0\] and matrix\[i\]\[j\]`, 'array[0] and matrix[i][j]'],
    'a footnote': [String.raw`see \[1\]`, 'see [1]'],
    'a word in brackets': [String.raw`\[Note\]`, '[Note]'],
    'a link that is shown': [String.raw`\[a b\](c)`, '[a b](c)'],
    'a call with escaped brackets': [String.raw`func\(a, b\)`, 'func(a, b)'],
    'a path': [String.raw`C:\(x86\)`, 'C:(x86)'],
  };
  for (const [what, [markdown, shown]] of Object.entries(escaped))
    it(`is ${what}`, () => expect(show(markdown)).to.equal(`<p>${shown}</p>`));

  it('is what stands in code', () => {
    expect(show('`$a$` and `\\(b\\)`')).to.equal('<p><code>$a$</code> and <code>\\(b\\)</code></p>');
    expect(show('```sh\necho $$\n$$\n```')).to.equal('<pre><code class="language-sh">echo $$⏎$$⏎</code></pre>');
  });

  it('reaches over a blank line', () => {
    expect(show('$$\na\n\nb\n$$')).to.equal('<p>$$⏎a</p><p>b⏎$$</p>');
  });

  it('is longer than 2,000 characters', () => {
    expect(show(`$$\n${'a'.repeat(2001)}\n$$`)).to.contain('<p>$$');
  });
});
