/** Code that grows. Its text stands in pieces, so that the browser lays out what is new and may skip what is off screen. */

/** Lines in a piece. */
const LINES = 100;

export class LongText {
  #text: Text | undefined;
  #lines = 0;

  constructor(readonly parent: Element) {}

  append(text: string): void {
    for (let start = 0; start < text.length;) {
      const end = endOfLines(text, start, LINES - this.#lines);
      this.#append(text.slice(start, end.at), end.lines);
      start = end.at;
    }
  }

  #append(text: string, lines: number) {
    if (!this.#text || this.#lines >= LINES) this.#text = this.#begin();
    this.#text.appendData(text);
    this.#lines += lines;
  }

  /** The first piece is the element's own text: most code is short. */
  #begin(): Text {
    const text = document.createTextNode('');
    if (this.#text) {
      const piece = document.createElement('span');
      piece.className = 'lines';
      piece.append(text);
      this.parent.append(piece);
    } else this.parent.append(text);
    this.#lines = 0;
    return text;
  }
}

/** Where this many lines from `start` end, or fewer if there are fewer; at least one. */
function endOfLines(text: string, start: number, count: number): { at: number; lines: number } {
  let at = start;
  for (let lines = 0; lines < Math.max(count, 1); lines++) {
    const end = text.indexOf('\n', at);
    if (end < 0) return { at: text.length, lines };
    at = end + 1;
  }
  return { at, lines: Math.max(count, 1) };
}
