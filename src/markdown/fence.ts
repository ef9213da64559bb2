/** A code block that is being written: its text grows by what is new of it. */
import { closes, FENCE } from './boundary';

/** What is new of a text that is shown as it is, how much has been read for it, and whether it ends there. */
export interface Raw {
  text: string;
  length: number;
  ended: boolean;
}

/** Text that is too much to format, up to the next blank line. */
export class PlainText {
  read(text: string, final: boolean): Raw {
    const end = text.indexOf('\n\n');
    if (end >= 0) return { text: text.slice(0, end), length: end + 2, ended: true };
    // A last line end may be the first of two.
    const length = text.length - (!final && text.endsWith('\n') ? 1 : 0);
    return { text: text.slice(0, length), length, ended: final };
  }
}

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
   */
  read(text: string, final: boolean): Raw {
    let code = '';
    let start = 0;
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', start)) {
      const line = text.slice(start, end);
      start = end + 1;
      if (closes(line, this.#mark)) return { text: code, length: start, ended: true };
      code += `${this.#rest(line)}\n`;
      this.#given = 0;
    }
    const line = text.slice(start);
    if (final) {
      const isText = line && !closes(line, this.#mark);
      return { text: isText ? `${code}${this.#rest(line)}\n` : code, length: text.length, ended: true };
    }
    // Spaces and marks may become the end of the block.
    if (!/^\s*[`~]*\s*$/.test(line)) {
      const rest = this.#rest(line);
      code += rest;
      this.#given += rest.length;
    }
    return { text: code, length: start, ended: false };
  }

  /** What of a line has not been given out yet. */
  #rest(line: string): string {
    const indent = Math.min(this.#indent, line.search(/\S|$/));
    return line.slice(indent + this.#given);
  }
}
