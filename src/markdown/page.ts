/** Turns the steps of blocks.ts into nodes. What is final is inserted once and never touched again. */
import type { Step } from './blocks';
import type { Part } from './growing';
import { LongText } from './long-text';
import { toHtml } from './parse';
import { sanitize } from './sanitize';

/** How many blocks share a box that the browser may skip while it is off screen. */
const BOX = 16;

/** A block that grows. */
interface Host {
  /** The block in its frame. */
  root: Element;
  block: Element;
  text: LongText;
  isCode: boolean;
}

/** What the page's owner has to say. */
export interface PageOwner {
  /** Frames blocks before they are inserted. */
  decorate(blocks: DocumentFragment): void;
  /** Told of what is final, once it stands where it stays. */
  onFinal(nodes: ChildNode[]): void;
  /** Says that a part of the text is shown as it was written. */
  plainNotice(): string;
  /** Where links may lead, see sources.ts. */
  linkSources(): string;
}

export class Page {
  #host: Host | undefined;
  #open: ChildNode[] = [];
  /** Where blocks are added: the message, or the innermost fold that has not ended. */
  #folds: Element[];
  /** Where parts stand, for those that a late definition mends. */
  readonly #places = new WeakMap<Part, ChildNode[]>();

  constructor(
    readonly element: HTMLElement,
    readonly owner: PageOwner,
  ) {
    this.#folds = [element];
  }

  show(steps: Step[]): void {
    for (const node of this.#open.splice(0)) node.remove();
    const html = steps.map(htmlOf).join('');
    // One call for all: most of its cost does not depend on the length.
    const blocks = html ? [...sanitize(html, this.owner.linkSources()).children] : [];
    for (const step of steps) this.#take(step, blocks);
  }

  #take(step: Step, blocks: Element[]) {
    if (step.do === 'write') this.#host?.text.append(step.text);
    else if (step.do === 'end') this.#end();
    else if (step.do === 'leave') this.#folds.pop();
    else if (step.do === 'plain') this.#beginPlain();
    else if (step.do === 'undo') this.#undo();
    else if (step.do === 'open') this.#open = this.#showOpen(blocks);
    else {
      const block = blocks.shift();
      if (!block) return;
      if (step.do === 'mend') this.#mend(step.part, block);
      else this.#settle(step.part, step.do === 'add' ? this.#add(block) : this.#grow(block));
      if (step.do === 'add' && block.localName === 'details') this.#folds.push(block);
    }
  }

  #settle(part: Part, nodes: ChildNode[]) {
    this.#places.set(part, nodes);
    // Code that grows is final when it ends.
    if (!this.#host?.isCode) this.owner.onFinal(nodes);
  }

  #end() {
    if (this.#host?.isCode) this.owner.onFinal([this.#host.root]);
    this.#host = undefined;
  }

  #add(block: Element): ChildNode[] {
    const place = this.#folds.at(-1) as Element;
    let box = place.lastElementChild;
    if (!box?.matches('.blocks') || box.childElementCount >= BOX) {
      box = document.createElement('div');
      box.className = 'blocks';
      place.append(box);
    }
    return this.#insert([block], box);
  }

  #grow(block: Element): ChildNode[] {
    if (this.#host) return this.#insert(childrenOf(block), insideOf(this.#host));
    const code = block.localName === 'pre' && block.firstElementChild;
    const [root] = this.#add(block);
    this.#host = { root: root as Element, block, text: new LongText(code || block), isCode: !!code };
    return [...childrenOf(block)];
  }

  #beginPlain() {
    const [notice, text] = [document.createElement('p'), document.createElement('p')];
    notice.className = 'note';
    notice.textContent = this.owner.plainNotice();
    text.className = 'plain';
    this.#add(notice);
    this.#grow(text);
  }

  #showOpen(blocks: Element[]): ChildNode[] {
    const rest = blocks.splice(0);
    const first = this.#host && rest.shift();
    return [...(first ? this.#grow(first) : []), ...rest.flatMap(block => this.#add(block))];
  }

  #undo() {
    this.#host?.root.remove();
    this.#host = undefined;
  }

  #mend(part: Part, block: Element) {
    const old = this.#places.get(part);
    const parent = old?.[0]?.parentElement;
    if (!old || !parent) return;
    // In the summary of a fold, which goes on with all that it holds.
    if (block.localName === 'details') return this.#mendSummary(old[0] as Element, block);
    const fresh = parent.matches('.blocks') ? [block] : childrenOf(block);
    const next = old.at(-1)?.nextSibling ?? null;
    for (const node of old) node.remove();
    this.#settle(part, this.#insert(fresh, parent, next));
  }

  #mendSummary(fold: Element, fresh: Element) {
    const isHead = (element: Element | null) => element && !element.matches('.blocks');
    while (isHead(fold.firstElementChild)) fold.firstElementChild?.remove();
    this.owner.onFinal(this.#insert(fresh.childNodes, fold, fold.firstChild));
  }

  #insert(nodes: Iterable<ChildNode>, parent: Element, before: ChildNode | null = null): ChildNode[] {
    const fragment = document.createDocumentFragment();
    fragment.append(...nodes);
    this.owner.decorate(fragment);
    const inserted = [...fragment.childNodes];
    parent.insertBefore(fragment, before);
    return inserted;
  }
}

function htmlOf(step: Step): string {
  if (step.do === 'open') return toHtml(step.tokens);
  return 'part' in step ? toHtml([step.part.token]) : '';
}

const isTable = (block: Element): block is HTMLTableElement => block.localName === 'table';

/** What grows in a block: of a table its rows. */
const childrenOf = (block: Element): Iterable<ChildNode> => (isTable(block) ? (block.tBodies[0]?.childNodes ?? []) : block.childNodes);

/** Where that stands. A table has no body before its first row. */
const insideOf = ({ block }: Host): Element => (isTable(block) ? (block.tBodies[0] ?? block.createTBody()) : block);
