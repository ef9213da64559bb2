/**
 * Owns the inside of one message: text in, nodes out. Lit never looks in here, so a growing reply costs no update of the
 * interface. How the nodes come to be is `markdown/`'s business; how often, and how many at a time, is decided here.
 */
import { Blocks, LONGEST_READ } from '../markdown/blocks';
import { Page } from '../markdown/page';
import { decorate } from './decorate';
import { enrich, type MarkdownSettings } from './enrich';

/** After a rendering that took a while, the next one waits this many times as long: the page keeps most of its time. */
const REST = 4;
/** And at least this long, in milliseconds: twenty times a second is as fast as anybody reads along, and a third of the work of sixty. */
const LEAST_REST = 40;
/** What comes faster than anybody reads, in characters at a time, is shown less often. */
const FLOOD = 500;
const FLOOD_REST = 80;

/** Long texts are read in pieces, as many in a frame as this many milliseconds allow. */
const BUDGET = 12;

export class MarkdownView {
  readonly element = Object.assign(document.createElement('div'), { className: 'markdown' });
  #blocks = new Blocks();
  #page: Page;
  #text = '';
  #final = false;
  /** What has been read of it; `done` once that is all there will be. */
  #read = '';
  #done = false;
  #restUntil = 0;
  #frame = 0;

  constructor(readonly settings: () => MarkdownSettings) {
    this.#page = this.#begin();
  }

  #begin() {
    return new Page(this.element, {
      decorate: blocks => decorate(blocks, this.settings().strings),
      onFinal: nodes => enrich(nodes, this.settings()),
      plainNotice: () => this.settings().strings.plainText,
      linkSources: () => this.settings().linkSources,
    });
  }

  /** Shows `text`: at once where it is final, as far as it is not very long; otherwise with the next frame that has time for it. */
  show(text: string, final: boolean): void {
    if (text === this.#text && (final === this.#final || this.#done)) return;
    this.#text = text;
    this.#final = final;
    if (final) this.#render();
    else this.#schedule();
  }

  /** Another text, and not more of the same. */
  #reset() {
    this.element.replaceChildren();
    this.#blocks = new Blocks();
    this.#page = this.#begin();
    this.#read = '';
    this.#done = false;
  }

  #schedule() {
    // A hidden page has no frames. What comes meanwhile is shown with the first one; only an end that is long does not wait.
    if (this.#final && document.hidden) setTimeout(this.#onFrame);
    else this.#frame ||= requestAnimationFrame(this.#onFrame);
  }

  readonly #onFrame = () => {
    this.#frame = 0;
    if (performance.now() < this.#restUntil && !this.#final) this.#schedule();
    else this.#render();
  };

  #render() {
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
    const start = performance.now();
    // Not for each token: looking into a text that is being put together makes a copy of it.
    if (this.#done || !this.#text.startsWith(this.#read)) this.#reset();
    const rest = this.#text.length - this.#read.length > FLOOD ? FLOOD_REST : LEAST_REST;
    do this.#readPiece();
    while (!this.#isRead() && performance.now() - start < BUDGET);
    if (!this.#isRead()) this.#schedule();
    // A timer runs once the frame has been laid out and painted, which costs more than the rendering.
    setTimeout(() => {
      const end = performance.now();
      this.#restUntil = Math.max(start + rest, end + REST * (end - start));
    });
  }

  #isRead() {
    return this.#read.length === this.#text.length;
  }

  #readPiece() {
    const end = this.#read.length + LONGEST_READ;
    const piece = this.#text.slice(this.#read.length, end);
    this.#read = this.#text.slice(0, end);
    this.#done = this.#final && this.#isRead();
    this.#page.show(this.#blocks.read(piece, this.#done));
  }
}
