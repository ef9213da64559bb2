import { expect } from '@open-wc/testing';
import { en } from '../../../src/i18n/en';
import { MarkdownView } from '../../../src/ui/markdown-view';
import { comparable, expected } from '../../support/markdown-oracle';

const frame = () => new Promise(requestAnimationFrame);
const rested = async () => {
  for (let count = 0; count < 6; count++) await frame();
};

describe('MarkdownView', () => {
  let view: MarkdownView;

  beforeEach(() => {
    view = new MarkdownView(() => ({ strings: en, codeRenderers: {}, imageSources: '', linkSources: '', isJson: false }));
    document.body.append(view.element);
  });
  afterEach(() => view.element.remove());

  /** How often the element's inside changes while `action` runs. */
  async function changes(action: () => Promise<void>): Promise<MutationRecord[]> {
    const observer = new MutationObserver(() => {});
    observer.observe(view.element, { childList: true, subtree: true, characterData: true });
    await action();
    const records = observer.takeRecords();
    observer.disconnect();
    return records;
  }

  it('shows a final text at once', () => {
    view.show('**a**', true);
    expect(comparable(view.element)).to.equal(expected('**a**'));
  });

  it('shows many deltas with one rendering', async () => {
    view.show('a', false);
    await rested();
    let first: Element | null = null;
    for (let count = 0; count < 100; count++) view.show(`a${'b'.repeat(count)}`, false);
    first = view.element.querySelector('p');
    expect(first?.textContent).to.equal('a');
    // How long the view rests depends on how busy the machine is.
    while (view.element.textContent !== `a${'b'.repeat(99)}`) await frame();
  });

  it('never touches finished blocks again', async () => {
    const finished = '# Title\n\nA paragraph.\n\n```js\nlet a;\n```\n\n| a |\n|---|\n| b |\n\n';
    view.show(finished, false);
    await rested();
    const before = [...view.element.querySelectorAll('*')];
    const touched = await changes(async () => {
      for (const more of ['- o', '- one\n', '- one\n- two', '- one\n- two\n\nThe end']) {
        view.show(finished + more, false);
        await rested();
      }
      view.show(`${finished}- one\n- two\n\nThe end.`, true);
    });
    expect([...view.element.querySelectorAll('*')].slice(0, before.length)).to.deep.equal(before);
    const inside = before.filter(element => !element.matches('.blocks'));
    expect(touched.filter(({ target }) => inside.includes(target as Element))).to.deep.equal([]);
  });

  it('does nothing when it is given the same final text again', async () => {
    view.show('a\n\nb', true);
    const touched = await changes(async () => {
      view.show('a\n\nb', true);
      await rested();
    });
    expect(touched).to.deep.equal([]);
  });

  it('begins anew with another text', async () => {
    view.show('one', true);
    view.show('two', true);
    expect(view.element.textContent).to.equal('two');
  });

  it('spreads a very long text over frames and gets it all', async function () {
    this.timeout(60_000);
    const times: number[] = [];
    // The best of ten: a busy machine is late now and then.
    while (times.length < 10 && !times.some(took => took < 250)) {
      const text = `A **paragraph** of text ${times.length}.\n\n`.repeat(12_000);
      const start = performance.now();
      view.show(text, true);
      times.push(performance.now() - start);
    }
    expect(Math.min(...times), `milliseconds: ${times.join(', ')}`).to.be.below(250);
    expect(view.element.querySelectorAll('p').length).to.be.below(12_000);
    while (view.element.querySelectorAll('p').length < 12_000) await frame();
  });

  it('frames code once, with its language and a button', () => {
    view.show('```js\na\n```\n\n```\nb', true);
    const frames = [...view.element.querySelectorAll('.code')];
    expect(frames.map(code => code.textContent?.trim())).to.deep.equal(['jsa', 'b']);
    expect(frames.every(code => code.querySelector('button[data-copy=code]'))).to.equal(true);
  });

  it('keeps long code in pieces that copy as one text', () => {
    const lines = Array.from({ length: 350 }, (_, line) => `line number ${line}`).join('\n');
    view.show(`\`\`\`\n${lines}`, true);
    const code = view.element.querySelector('code');
    expect(code?.textContent).to.equal(`${lines}\n`);
    expect(code?.querySelectorAll('.lines')).to.have.length(3);
    getSelection()?.selectAllChildren(code as Element);
    expect(getSelection()?.toString().trimEnd()).to.equal(lines);
  });

  it('keeps a fold open that the reader has opened while more comes into it', async () => {
    const text = '<details>\n<summary>More</summary>\n\nFirst words.\n\n';
    view.show(`${text}Th`, false);
    await rested();
    const fold = view.element.querySelector('details') as HTMLDetailsElement;
    const first = fold.querySelector('p');
    fold.open = true;
    view.show(`${text}Then others.\n\n</details>\n\nBehind it.`, true);
    expect(view.element.querySelector('details')).to.equal(fold);
    expect(fold.open).to.equal(true);
    expect(fold.contains(first)).to.equal(true);
    expect(fold.textContent).to.equal('MoreFirst words.Then others.');
    expect(view.element.textContent).to.equal('MoreFirst words.Then others.Behind it.');
  });

  it('shows a formula that is being written as its source, without the marks around it', async () => {
    for (const [text, shown] of [
      ['so \\(a_1 + ', 'so a_1 +'],
      ['so\n$$\na\n+ b_', 'soa\n+ b_\n'],
      ['$$', ''],
      ['$$\n', ''],
      ['so $$a_1', 'so a_1'],
      ['so $a_1 + ', 'so a_1 +'],
    ]) {
      view.show('', true);
      view.show(text as string, false);
      await rested();
      expect(view.element.textContent, text).to.equal(shown);
    }
  });

  it('shows no formula where prose goes on behind a mark that may begin one', async () => {
    for (const text of ['a \\[ bracket that is never closed', 'the PID is $$ in a shell', 'to open a \\( group']) {
      view.show('', true);
      view.show(text, false);
      await rested();
      expect(view.element.querySelector('code'), text).to.equal(null);
    }
  });

  it('waits with a fold for its title', async () => {
    view.show('<details>\n', false);
    await rested();
    expect(view.element.querySelector('details')).to.equal(null);
    view.show('<details>\n<summary>A *ti', false);
    await rested();
    expect(view.element.querySelector('details')).to.equal(null);
    view.show('<details>\n<summary>A *title*</summary>\n', false);
    await rested();
    expect(view.element.querySelector('summary')?.textContent).to.equal('A title');
  });

  it('puts the pictures of a fold’s title below it, and of links only the words', () => {
    view.show('<details><summary>a ![b](https://b.example/b) [c](https://c.example)</summary>\n\nd', true);
    expect(view.element.querySelector('summary')?.innerHTML).to.equal('a  c');
    expect(view.element.querySelector('details > p button')?.getAttribute('value')).to.equal('https://b.example/b');
  });

  it('labels a picture that a late definition brings into the title of a fold', () => {
    view.show('<details><summary>![a][p]</summary>\n\nhi\n\n</details>\n\nwords\n\n', false);
    view.show('<details><summary>![a][p]</summary>\n\nhi\n\n</details>\n\nwords\n\n[p]: https://p.example/a.png\n', true);
    expect(view.element.querySelector('details button')?.textContent).to.contain('Load picture from p.example');
    expect(view.element.querySelector('details')?.textContent).to.contain('hi');
  });

  it('knows only its own kinds of alerts', () => {
    view.show('> [!constructor]\n> hi', true);
    expect(view.element.querySelector('blockquote')?.className).to.equal('');
  });

  it('gives an alert its title, once its mark is complete', async () => {
    view.show('> [!WARN', false);
    await rested();
    expect(view.element.textContent).to.equal('');
    view.show('> [!WARNING]\n> Hot *water*.\n\nand\n\n> [!Other]\n> text', true);
    const [alert, quote] = view.element.querySelectorAll('blockquote');
    expect(alert?.className).to.equal('alert alert-warning');
    expect(alert?.innerText.replace(/\n+/g, '|')).to.equal('Warning|Hot water.');
    expect(quote?.className).to.equal('');
    expect(quote?.textContent).to.contain('[!Other]');
  });

  describe('with a renderer of the page’s own', () => {
    const asked: string[][] = [];
    const show = async (text: string, renderer: (code: string, language: string) => Node | undefined | Promise<Node | undefined>) => {
      asked.length = 0;
      view.element.remove();
      view = new MarkdownView(() => ({
        strings: en,
        codeRenderers: {
          mermaid: (...given) => {
            asked.push(given);
            return renderer(...given);
          },
        },
        imageSources: '',
        linkSources: '',
        isJson: false,
      }));
      document.body.append(view.element);
      view.show(text, false);
      await rested();
      expect(asked, 'while it is being written').to.deep.equal([]);
      view.show(`${text}\n\`\`\``, true);
      await rested();
    };
    const diagram = () => Object.assign(document.createElement('figure'), { textContent: 'A diagram' });

    it('shows what that returns, and keeps the code to copy', async () => {
      await show('```mermaid\na --> b', diagram);
      expect(asked).to.deep.equal([['a --> b\n', 'mermaid']]);
      expect(view.element.querySelector('.code > figure')?.textContent).to.equal('A diagram');
      expect(view.element.querySelector('pre')?.hidden).to.equal(true);
      expect(view.element.querySelector('pre')?.textContent).to.equal('a --> b\n');
    });

    it('shows the code where that returns no node, or is of another language', async () => {
      for (const nothing of [undefined, null, 'text', 5, {}]) {
        await show('```mermaid\na --> b', async () => nothing as undefined);
        expect(view.element.querySelector('pre')?.hidden, String(nothing)).to.equal(false);
      }
      await show('```constructor\na --> b', diagram);
      expect(asked).to.deep.equal([]);
    });

    it('shows the code where that is a picture which cannot be loaded', async () => {
      await show('```mermaid\na --> b', () => Object.assign(new Image(), { src: 'data:image/png;base64,AAAA' }));
      while (view.element.querySelector('pre')?.hidden) await frame();
      expect(view.element.querySelector('img')?.hidden).to.equal(true);
    });

    it('shows the code where that fails, and says so on the console', async () => {
      const { error } = console;
      const said: unknown[] = [];
      console.error = (...words: unknown[]) => void said.push(words[0]);
      try {
        await show('```mermaid\na --> b', () => Promise.reject(new Error('no')));
      } finally {
        console.error = error;
      }
      expect(view.element.querySelector('pre')?.hidden).to.equal(false);
      expect(said).to.deep.equal(['<ollama-chat>: codeRenderers.mermaid failed']);
    });
  });
});
