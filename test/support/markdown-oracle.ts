/** The oracle: however a text is cut, what is shown in the end is what one pass over the whole text gives. */
import { Blocks, type Step } from '../../src/markdown/blocks';
import { options, TextLexer, TextOnlyTokenizer } from '../../src/markdown/lexer';
import { Page } from '../../src/markdown/page';
import { toHtml } from '../../src/markdown/parse';
import { sanitize } from '../../src/markdown/sanitize';

/** One pass: the library's own lexer over the whole text, once. */
export const onePass = (text: string, linkSources?: string): DocumentFragment =>
  sanitize(toHtml(new TextLexer(options(new TextOnlyTokenizer())).lex(text)), linkSources);

export function expected(text: string): string {
  const root = document.createElement('div');
  root.append(onePass(text.replaceAll('\0', '\uFFFD')));
  return comparable(root);
}

/** The text given piece by piece. */
export function streamed(pieces: string[]): string {
  const blocks = new Blocks();
  const page = newPage();
  for (const piece of pieces) page.show(blocks.read(piece, false));
  page.show(blocks.read('', true));
  return comparable(page.element);
}

/** The same in one go, which is quicker: all that was final at any time, and nothing of what was shown meanwhile. */
export function settled(pieces: string[]): string {
  const blocks = new Blocks();
  const page = newPage();
  const steps = [...pieces, ''].flatMap((piece, index) => blocks.read(piece, index === pieces.length));
  page.show(steps.filter(step => step.do !== 'open'));
  return comparable(page.element);
}

export const newPage = () =>
  new Page(document.createElement('div'), {
    decorate() {},
    onFinal() {},
    plainNotice: () => 'Plain',
    linkSources: () => '',
  });

/** Without the boxes that are ours, and without the white space between blocks that nobody sees. */
export function comparable(element: Element): string {
  const copy = element.cloneNode(true) as Element;
  for (const box of copy.querySelectorAll('.blocks, .lines')) box.replaceWith(...box.childNodes);
  copy.normalize();
  const texts = document.createTreeWalker(copy, NodeFilter.SHOW_TEXT);
  const blank: Node[] = [];
  for (let text = texts.nextNode(); text; text = texts.nextNode()) {
    if (!text.nodeValue?.trim() && (text.parentNode === copy || text.parentElement?.matches('ul, ol, table, thead, tbody, tr, details')))
      blank.push(text);
  }
  for (const text of blank) (text as Text).remove();
  return copy.innerHTML;
}

/** What went wrong with the finished part while the text came, if anything. */
export function settledFaults(pieces: string[], whole: string): string[] {
  const blocks = new Blocks();
  const page = newPage();
  const faults: string[] = [];
  let settled: Node[] = [];
  for (const [index, piece] of [...pieces, ''].entries()) {
    const steps = blocks.read(piece, index === pieces.length).filter(step => step.do !== 'open');
    page.show(steps);
    const redone = steps.some(({ do: what }: Step) => what === 'mend' || what === 'undo');
    if (!redone && settled.some(node => !page.element.contains(node)))
      faults.push(`a finished node was removed at ${JSON.stringify(piece)}`);
    settled = nodesOf(page.element);
  }
  if (comparable(page.element) !== whole) faults.push('without its open parts the text ends as another one');
  return faults;
}

function nodesOf(root: Node): Node[] {
  const walker = document.createTreeWalker(root);
  const nodes: Node[] = [];
  for (let node = walker.nextNode(); node; node = walker.nextNode()) nodes.push(node);
  return nodes;
}
