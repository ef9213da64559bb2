import { expect } from '@open-wc/testing';
import { Blocks, type Step } from '../../../src/markdown/blocks';
import { toHtml } from '../../../src/markdown/parse';

/** Reads the pieces and tells what each of them led to, in a line. */
function told(...pieces: string[]): string[] {
  const blocks = new Blocks();
  return pieces.map(piece => blocks.read(piece, false).map(tell).join(' '));
}

function tell(step: Step): string {
  if (step.do === 'write') return `write(${step.text})`;
  if (step.do === 'open') return `open(${text(toHtml(step.tokens))})`;
  return 'part' in step ? `${step.do}(${text(toHtml([step.part.token]))})` : step.do;
}

const text = (html: string) => html.replace(/\n/g, '');

describe('Blocks', () => {
  it('finishes a paragraph at its blank line', () => {
    expect(told('one', '\n', '\n', 'two')).to.deep.equal(['open(<p>one</p>)', 'open(<p>one</p>)', 'add(<p>one</p>)', 'open(<p>two</p>)']);
  });

  it('finishes a heading with its line', () => {
    expect(told('# a', '\n')).to.deep.equal(['open(<h1>a</h1>)', 'add(<h1>a</h1>)']);
  });

  it('waits with a list for what follows', () => {
    expect(told('- a\n\n', 'b')).to.deep.equal(['open(<ul><li>a</li></ul>)', 'add(<ul><li>a</li></ul>) open(<p>b</p>)']);
    expect(told('- a\n\n', '- ', 'b\n').at(-1)).to.equal('grow(<ul><li><p>a</p></li></ul>) open(<ul><li><p>b</p></li></ul>)');
  });

  it('adds the items of a list one by one', () => {
    expect(told('- a\n- b', '\n- c\n', '- d\n')).to.deep.equal([
      'open(<ul><li>a</li><li>b</li></ul>)',
      'grow(<ul><li>a</li><li>b</li></ul>) open(<ul><li>c</li></ul>)',
      'grow(<ul><li>c</li></ul>) open(<ul><li>d</li></ul>)',
    ]);
  });

  it('begins a list again that turns loose', () => {
    expect(told('- a\n- b\n', '\n- c\n').at(-1)).to.equal(
      'undo grow(<ul><li><p>a</p></li><li><p>b</p></li></ul>) open(<ul><li><p>c</p></li></ul>)',
    );
  });

  it('adds the rows of a table one by one', () => {
    const head = '<table><thead><tr><th>a</th></tr></thead>';
    expect(told('| a |\n|---|\n| 1 |\n', '| 2 |\n')).to.deep.equal([
      `grow(${head}<tbody><tr><td>1</td></tr></tbody></table>) open(${head}</table>)`,
      `grow(${head}<tbody><tr><td>2</td></tr></tbody></table>) open(${head}</table>)`,
    ]);
  });

  it('writes code as it comes, but not what may be its end', () => {
    expect(told('```js\na', 'b\n``', '`\nc')).to.deep.equal([
      'grow(<pre><code class="language-js"></code></pre>) write(a)',
      'write(b\n)',
      'end open(<p>c</p>)',
    ]);
  });

  it('freezes the settled part of a long paragraph', () => {
    const long = 'word '.repeat(300);
    const [first, second] = told(long, 'and more');
    expect(first).to.match(/^grow\(<p>(word )+<\/p>\) open\(<p>word <\/p>\)$/);
    expect(second).to.equal('open(<p>word and more</p>)');
  });

  it('makes a heading of it all where an underline comes late', () => {
    const long = 'word '.repeat(300);
    expect(told(long, '\n===\n').at(-1)).to.match(/^undo add\(<h1>(word ?)+<\/h1>\)$/);
  });

  it('mends what a late definition is for, and nothing else', () => {
    const steps = told('see [a] and [b]\n\n[c]\n\n', '[a]: http://x.y\n\n').at(-1);
    expect(steps).to.equal('mend(<p>see <a href="http://x.y">a</a> and [b]</p>)');
  });

  it('takes a CR and its LF for one line end, also apart', () => {
    expect(told('a\r', '\n\r\n')).to.deep.equal(['open(<p>a</p>)', 'add(<p>a</p>)']);
  });

  it('reads little more than once what is long', () => {
    // The work is measured by what is rendered: each block once, and the open one again with each piece.
    const blocks = new Blocks();
    const piece = 'A paragraph of some length.\n\n- with\n- a list\n\n';
    let rendered = 0;
    for (let count = 0; count < 500; count++) {
      for (const step of blocks.read(piece, false)) {
        rendered += step.do === 'open' ? toHtml(step.tokens).length : 'part' in step ? toHtml([step.part.token]).length : 0;
      }
    }
    expect(rendered).to.be.below(piece.length * 500 * 5);
  });
});

describe('what is half typed', () => {
  const open = (source: string) => /open\((.*)\)/.exec(told(source)[0] ?? '')?.[1] ?? '';

  for (const [source, shown] of [
    ['a **bo', '<p>a <strong>bo</strong></p>'],
    ['a **bold*', '<p>a <strong>bold</strong></p>'],
    ['a **', '<p>a </p>'],
    ['*it **bo', '<p><em>it <strong>bo</strong></em></p>'],
    ['`co', '<p><code>co</code></p>'],
    ['[wor', '<p>wor</p>'],
    ['[words](http', '<p>words</p>'],
    ['[**words** and](http://a.b', '<p><strong>words</strong> and</p>'],
    ['a ![pict](http://a.b/c', '<p>a </p>'],
    ['a &am', '<p>a </p>'],
    ['a <su', '<p>a </p>'],
    ['H<sub>2', '<p>H<sub>2</sub></p>'],
    ['is 2 * 3', '<p>is 2 * 3</p>'],
    ['snake_case', '<p>snake_case</p>'],
    ['- [ ', ''],
    ['#', ''],
    ['-', ''],
    ['12.', ''],
    ['``', ''],
    ['```j', ''],
    ['a\n-', '<p>a</p>'],
    ['a\n- ', '<p>a</p>'],
    ['| a | b |', ''],
    ['text\n| a | b |\n|--', '<p>text</p>'],
  ] as const) {
    it(`shows ${JSON.stringify(source)} as ${shown || 'nothing yet'}`, () => expect(open(source)).to.equal(shown));
  }
});
