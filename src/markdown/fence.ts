/** A code block that is being written: its text grows by what is new of it. */
import { closes, FENCE } from './boundary';

export class Fence {
  /** The opening line, which says all about the block but its text. */
  readonly head: string;
  readonly #mark: string;
  readonly #indent: number;
  /** How much of the unfinished last line has been given out. */
  #given = 0;

  /** @param raw The block as far as it has come; its first line is complete. */
  constructor(raw: string) {
    const [head = '', indent = '', mark = ''] = FENCE.exec(raw) ?? [];
    this.head = head;
    this.#mark = mark;
    // The library takes the indentation of the fence off each line, but of tildes.
    this.#indent = mark.startsWith('`') ? indent.length : 0;
  }

  /**
   * Reads on.
   * @param text All that has come since what was read last.
   * @returns what is new of the code, how much of `text` has been read, and whether the block ended there.
   */
  read(text: string, final: boolean): { code: string; length: number; ended: boolean } {
    let code = '';
    let start = 0;
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', start)) {
      const line = text.slice(start, end);
      start = end + 1;
      if (closes(line, this.#mark)) return { code, length: start, ended: true };
      code += `${this.#rest(line)}\n`;
      this.#given = 0;
    }
    const line = text.slice(start);
    if (final) return { code: line && !closes(line, this.#mark) ? `${code}${this.#rest(line)}\n` : code, length: text.length, ended: true };
    // Spaces and marks may become the end of the block.
    if (!/^\s*[`~]*\s*$/.test(line)) {
      const rest = this.#rest(line);
      code += rest;
      this.#given += rest.length;
    }
    return { code, length: start, ended: false };
  }

  /** What of a line has not been given out yet. */
  #rest(line: string): string {
    const indent = Math.min(this.#indent, line.search(/\S|$/));
    return line.slice(indent + this.#given);
  }
}
