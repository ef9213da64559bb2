/**
 * Owns the inside of one message: text in, nodes out. Lit never looks in here, so a growing reply costs no update of the
 * interface. How the nodes come to be is `markdown/`'s business; how often, and how many at a time, is decided here.
 */
import { Blocks } from '../markdown/blocks';
import { Page } from '../markdown/page';
import { decorate } from './decorate';

/** After a rendering that took a while, the next one waits this many times as long: the page keeps most of its time. */
const REST = 4;

/** Long texts are read in pieces of this length, as many in a frame as this many milliseconds allow. */
const PIECE = 16_384;
const BUDGET = 12;

export class MarkdownView {
  readonly element = Object.assign(document.createElement('div'), { className: 'markdown' });
  #blocks = new Blocks();
  #page: Page;
  #text = '';
  #final = false;
  /** How much of the text has been read; `done` once that is all there will be. */
  #read = 0;
  #done = false;
  #restUntil = 0;
  #frame = 0;

  /** @param copyLabel The name of the copy buttons, in the language of the interface. */
  constructor(readonly copyLabel: () => string) {
    this.#page = new Page(this.element, blocks => decorate(blocks, copyLabel()));
  }

  /** Shows `text`: at once where it is final, as far as it is not very long; otherwise with the next frame that has time for it. */
  show(text: string, final: boolean): void {
    if (text === this.#text && (final === this.#final || this.#done)) return;
    if (this.#done || !text.startsWith(this.#text)) this.#reset();
    this.#text = text;
    this.#final = final;
    if (final) this.#render();
    else this.#schedule();
  }

  #reset() {
    this.element.replaceChildren();
    this.#blocks = new Blocks();
    this.#page = new Page(this.element, this.#page.decorate);
    this.#read = 0;
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
    do this.#readPiece();
    while (!this.#isRead() && performance.now() - start < BUDGET);
    if (!this.#isRead()) this.#schedule();
    // A timer runs once the frame has been laid out and painted, which costs more than the rendering.
    setTimeout(() => {
      const end = performance.now();
      this.#restUntil = end + REST * (end - start);
    });
  }

  #isRead() {
    return this.#read === this.#text.length;
  }

  #readPiece() {
    const piece = this.#text.slice(this.#read, this.#read + PIECE);
    this.#read += piece.length;
    this.#done = this.#final && this.#isRead();
    this.#page.show(this.#blocks.read(piece, this.#done));
  }
}
