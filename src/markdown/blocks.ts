/**
 * Reads Markdown as it comes: each block once it is final, and of the open one as much as is. Only what is still open is
 * read again when more comes, so the work grows with the length of the text and no faster. Knows no DOM.
 */
import type { Token, Tokens } from 'marked';
import { countFinal, FENCE, isFence } from './boundary';
import { Fence, PlainText } from './fence';
import { withFormulaClosed } from './formula';
import { continues, dropStandIn, type Growing, type Part, split, type Split } from './growing';
import { type Inline, isFold, lexBlocks, type Lexed, lexInlines } from './lexer';
import { Links } from './links';
import { complete, withoutUndecided } from './unfinished';

/** What is to be done to show what has been read, in this order. Before it all that was `open` is taken away. */
export type Step =
  /** Add a block that is final. */
  | { do: 'add'; part: Part }
  /** Add to the block that grows what is inside this one; where none grows, this one begins to. */
  | { do: 'grow'; part: Part }
  /** Begin plain text that grows: this part of the text is too much to format. */
  | { do: 'plain' }
  /** Add to the code or plain text that grows. */
  | { do: 'write'; text: string }
  /** The fold that was added last, of those that have not ended, ends. */
  | { do: 'leave' }
  /** The block that grows is complete. */
  | { do: 'end' }
  /** The block that grew is of another kind: remove it, it comes again. */
  | { do: 'undo' }
  /** A definition has come that this part refers to: show it again. */
  | { do: 'mend'; part: Part }
  /** Show for the time being, the first in the block that grows. */
  | { do: 'open'; tokens: Token[] };

/** Code longer than this is added piece by piece even where it is complete. */
const LONG_CODE = 4096;

/** Beyond this length an open block of which nothing is final goes on as plain text. */
const LONGEST_OPEN = 16_384;

/** How much should be given at once, where there is more. */
export const LONGEST_READ = 16_384;

export class Blocks {
  readonly #links = new Links<Part>();
  /** What has been read of no final block. */
  #tail = '';
  /** A CR that may still get its LF. */
  #held = '';
  #growing: Growing | undefined;
  #raw: Fence | PlainText | undefined;
  /** How many folds are open. */
  #folds = 0;
  #steps: Step[] = [];

  /** Reads on. With `final` the text ends here. */
  read(text: string, final: boolean): Step[] {
    const held = this.#held;
    this.#held = !final && text.endsWith('\r') ? '\r' : '';
    this.#tail += normalize(held + (this.#held ? text.slice(0, -1) : text));
    while (this.#raw ? this.#readRaw(this.#raw, final) : this.#readBlocks(final));
    const steps = this.#steps;
    this.#steps = [];
    return steps;
  }

  /** Returns whether there is more to read. */
  #readRaw(raw: Fence | PlainText, final: boolean): boolean {
    const { text, length, ended } = raw.read(this.#tail, final);
    this.#tail = this.#tail.slice(length);
    if (text) this.#steps.push({ do: 'write', text });
    if (ended) {
      this.#steps.push({ do: 'end' });
      this.#raw = undefined;
    }
    return ended;
  }

  /** What is open is read again with all that comes, so it must not be long; and the library gives up on some texts. */
  #readBlocks(final: boolean): boolean {
    try {
      return this.#readFormatted(final) || (this.#tail.length > LONGEST_OPEN && !final && this.#beginPlain());
    } catch {
      return this.#beginPlain();
    }
  }

  #beginPlain(): boolean {
    if (this.#steps.at(-1)?.do === 'open') this.#steps.pop();
    if (this.#growing) this.#steps.push({ do: 'end' });
    this.#growing = undefined;
    this.#raw = new PlainText();
    this.#steps.push({ do: 'plain' });
    return true;
  }

  #readFormatted(final: boolean): boolean {
    const growing = this.#growing;
    const standIn = growing?.standIn ?? '';
    const decided = standIn + (final ? this.#tail : withoutUndecided(this.#tail, growing?.type === 'table'));
    const { text: source, at: guess = Infinity } = (final ? undefined : withFormulaClosed(decided)) ?? { text: decided };
    const lexed = lexBlocks(source, this.#folds);
    if (growing && !continues(growing, lexed.tokens[0])) return this.#startOver(growing);
    const { count, length } = countDone(lexed.tokens, source, final ? 'all' : guess);
    if (growing) dropStandIn(lexed);
    if (count) {
      this.#tail = this.#tail.slice(length - standIn.length);
      this.#close(lexed, count);
    }
    const open = lexed.tokens[count];
    if (open && opensCode(open)) return this.#beginCode(open);
    if (open) this.#showOpen(lexed, count, source.slice(length));
    return false;
  }

  /** What grew was something else: a heading, the head of a table, a list with paragraphs. */
  #startOver({ raw }: Growing): boolean {
    this.#tail = raw + this.#tail;
    this.#growing = undefined;
    this.#steps.push({ do: 'undo' });
    return true;
  }

  #beginCode(token: Tokens.Code): boolean {
    const fence = new Fence(token.raw);
    this.#raw = fence;
    this.#tail = this.#tail.slice(fence.head.length);
    this.#steps.push({ do: 'grow', part: { token: { ...token, text: '' }, inlines: [] } });
    return true;
  }

  /** The first `count` blocks are final. */
  #close({ tokens, inlines }: Lexed, count: number) {
    const closed = tokens.slice(0, count);
    this.#define(closed);
    for (const [owner, token] of closed.entries()) {
      const part = { token, inlines: inlines.filter(inline => inline.owner === owner) };
      if (this.#growing) {
        this.#settle('grow', part);
        this.#steps.push({ do: 'end' });
        this.#growing = undefined;
      } else if (isFold(token, 'end')) this.#steps.push({ do: 'leave' });
      else if (isShown(token)) this.#settle('add', part);
      this.#folds += isFold(token, 'begin') ? 1 : isFold(token, 'end') ? -1 : 0;
    }
  }

  /** Definitions in final blocks hold, also for what was shown without them. */
  #define(tokens: Token[]) {
    for (const part of this.#links.define(tokens)) this.#settle('mend', part);
  }

  #settle(what: 'add' | 'grow' | 'mend', part: Part) {
    lexInlines(part.inlines, this.#links.lookup);
    this.#links.remember(part);
    this.#steps.push({ do: what, part });
  }

  /** Shows what is not final, from the block with this index on. */
  #showOpen({ tokens, inlines }: Lexed, index: number, source: string) {
    let part: Part = { token: tokens[index] as Token, inlines: inlines.filter(({ owner }) => owner === index) };
    const parts = this.#split(part, source);
    if (parts) part = parts.open;
    const open = [...part.inlines, ...inlines.filter(({ owner }) => owner > index)];
    const last = open.pop();
    if (last) open.push(endsWith(source, last) ? completed(last) : last);
    lexInlines(
      open.filter(({ read }) => !read),
      this.#links.lookup,
    );
    this.#links.forget();
    this.#steps.push({ do: 'open', tokens: [part.token, ...tokens.slice(index + 1)] });
  }

  /** Settles what is final of a block that has not ended. */
  #split(part: Part, source: string): Split | undefined {
    const standIn = this.#growing?.standIn.length ?? 0;
    const isTable = part.token.type === 'table';
    const own = isTable ? source : source.slice(standIn);
    const parts = split(part, own, inlines => lexInlines(inlines, this.#links.lookup));
    if (!parts) return undefined;
    const raw = own.slice(isTable ? standIn : 0, parts.length);
    this.#tail = this.#tail.slice(raw.length);
    this.#growing = {
      type: part.token.type,
      raw: (this.#growing?.raw ?? '') + raw,
      standIn: parts.standIn,
      loose: (part.token as Tokens.List).loose,
    };
    this.#define([parts.final.token]);
    this.#settle('grow', parts.final);
    return parts;
  }
}

/** Lines end in \n, and there is no NUL, as CommonMark has it. */
const normalize = (text: string) => text.replace(/\r\n|\r/g, '\n').replaceAll('\0', '\uFFFD');

/** How many of the blocks are done with now, and the length of their source; none of those that reach beyond `limit`. */
function countDone(tokens: Token[], source: string, limit: number | 'all'): { count: number; length: number } {
  const final = limit === 'all';
  const count = final ? tokens.length : countFinal(tokens, source, limit);
  const code = tokens.findIndex((token, index) => index < count && opensCode(token) && token.raw.length > LONG_CODE);
  const done = tokens.slice(0, code < 0 ? count : code);
  const last = done.at(-1);
  // Behind a blank line may already stand the indentation of what follows.
  const indentation = last?.type === 'space' && !final ? last.raw.length - last.raw.lastIndexOf('\n') - 1 : 0;
  return { count: done.length, length: done.reduce((sum, { raw }) => sum + raw.length, 0) - indentation };
}

const opensCode = (token: Token): token is Tokens.Code => isFence(token) && FENCE.test(token.raw);

const isShown = ({ type }: Token) => type !== 'space' && type !== 'def';

function completed(inline: Inline): Inline {
  const src = complete(inline.src);
  return src === inline.src ? inline : { ...inline, src, read: false };
}

/** Whether the source ends with this inline text, as far as can be told by its last line. */
const endsWith = (source: string, { src }: Inline) => source.trimEnd().endsWith(src.slice(src.lastIndexOf('\n') + 1).trimEnd());
