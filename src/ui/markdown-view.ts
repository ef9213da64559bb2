/**
 * Owns the inside of one message: text in, nodes out. Lit never looks in here, so a growing reply costs no update of the
 * interface. How the nodes come to be is `markdown/`'s business; how often, is decided here.
 */
import { renderMarkdown } from '../markdown/sanitize';
import { decorate } from './decorate';

/** After a rendering that took a while, the next one waits this many times as long: the page keeps most of its time. */
const REST = 4;

export class MarkdownView {
  readonly element = Object.assign(document.createElement('div'), { className: 'markdown' });
  #text = '';
  #shown = '';
  #restUntil = 0;
  #frame = 0;

  constructor(
    /** The name of the copy buttons, in the language of the interface. */
    readonly copyLabel: () => string,
  ) {}

  /** Shows `text`: at once where it is final, otherwise with the next frame that has time for it. */
  show(text: string, final: boolean): void {
    this.#text = text;
    if (final) this.#render();
    else if (!this.#frame && text !== this.#shown) this.#frame = requestAnimationFrame(this.#onFrame);
  }

  readonly #onFrame = () => {
    this.#frame = 0;
    if (performance.now() < this.#restUntil) this.#frame = requestAnimationFrame(this.#onFrame);
    else this.#render();
  };

  #render() {
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
    if (this.#text === this.#shown) return;
    const start = performance.now();
    const fragment = renderMarkdown(this.#text);
    decorate(fragment, this.copyLabel());
    this.element.replaceChildren(fragment);
    this.#shown = this.#text;
    const end = performance.now();
    this.#restUntil = end + REST * (end - start);
  }
}
