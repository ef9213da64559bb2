/** The Markdown library's lexer with our rules: what is a block, and where in it the inline text stands. */
import { Lexer, type MarkedOptions, type Token, Tokenizer, type Tokens, type TokensList } from 'marked';
import { blockStart, formulas, maskFormulas } from './formula';

/** Tags without attributes that models really write. Everything else that looks like HTML is shown as it was written. */
const TAG = /^<(?:br ?\/?|\/?(?:sub|sup|kbd|mark|u))>/i;

/** `<details>`, with its `<summary>` where that follows, and its end. */
const FOLD = /^ {0,3}<details>(?:[ \t]*\n?[ \t]*<summary>([^\n]*)<\/summary>)?[ \t]*(?:\n(?:[ \t]*\n)*)?/i;
const FOLD_END = /^ {0,3}<\/details>[ \t]*(?:\n(?:[ \t]*\n)*)?/i;

/** Whether a token is one of the two ends of a fold. */
export const isFold = (token: Token | undefined, which: 'begin' | 'end'): boolean =>
  (token as { fold?: string } | undefined)?.fold === which;

/** Quotes and lists in each other, or emphasis; below that their marks are text. Each level costs a pass over the text. */
export const DEEPEST = 24;

/** How much text may be searched for the ends of emphasis in one run, in characters; beyond that marks are text. */
const MOST_SEARCHED = 4e6;

// In the tokenizer and not in the renderer: so no HTML of a model is ever a token that another rule could let through.
export class TextOnlyTokenizer extends Tokenizer {
  /** How much has been searched so far. */
  searched = 0;
  #depth = 0;

  /** @param folds How many `<details>` are open where the text begins. */
  constructor(public folds = 0) {
    super();
  }

  /** A fold may hold any blocks, so its two ends are blocks of their own. Inside of quotes and lists there are none. */
  override html(src: string): Tokens.HTML | undefined {
    if (this.#depth) return undefined;
    const end = this.folds && FOLD_END.exec(src);
    const found = end || (this.folds < DEEPEST && FOLD.exec(src));
    if (!found) return undefined;
    this.folds += end ? -1 : 1;
    const [raw, summary] = found;
    const tokens = summary && this.lexer.inline(summary.trim());
    return { type: 'html', fold: end ? 'end' : 'begin', raw, text: '', block: true, pre: false, ...(tokens && { tokens }) } as Tokens.HTML;
  }

  override tag(src: string): Tokens.Tag | undefined {
    const raw = TAG.exec(src)?.[0];
    return raw ? { type: 'html', raw, text: raw, block: false, inLink: false, inRawBlock: false } : undefined;
  }

  override blockquote(src: string): Tokens.Blockquote | undefined {
    return this.#nest(() => super.blockquote(src));
  }

  override list(src: string): Tokens.List | undefined {
    return this.#nest(() => super.list(src));
  }

  #nest<T>(read: () => T): T | undefined {
    if (this.#depth >= DEEPEST) return undefined;
    this.#depth++;
    const token = read();
    this.#depth--;
    return token;
  }

  override emStrong(src: string, ...rest: [string, string]): Tokens.Em | Tokens.Strong | undefined {
    if (/^[*_]/.test(src)) this.searched += src.length;
    return this.searched < MOST_SEARCHED ? this.#nest(() => super.emStrong(src, ...rest)) : undefined;
  }

  // The lines over an underline end where a formula begins, as those of a paragraph do.
  override lheading(src: string): Tokens.Heading | undefined {
    const formula = blockStart(src);
    return super.lheading(formula > 0 ? src.slice(0, formula) : src);
  }

  // A definition ends at a blank line, as CommonMark has it: its title cannot reach into text that is still to come.
  override def(src: string): Tokens.Def | undefined {
    if (!/^ {0,3}\[/.test(src)) return undefined;
    const blank = /\n[ \t]*\n/.exec(src);
    return super.def(blank ? src.slice(0, blank.index + 1) : src);
  }
}

/** A run of inline text: its source, the tokens that come of it, and which block of the document it belongs to. */
export interface Inline {
  src: string;
  tokens: Token[];
  owner: number;
  /** Whether the tokens are there. */
  read?: boolean;
}

export interface Lexed {
  tokens: Token[];
  inlines: Inline[];
}

type Links = TokensList['links'];

/** Definitions come into force when their block is final, see blocks.ts; here each of them is a token. */
const NO_LINKS: Links = new Proxy({}, { get: () => undefined, set: () => true });

/** How the library is to read. */
export const options = (tokenizer: TextOnlyTokenizer): MarkedOptions => ({
  gfm: true,
  tokenizer,
  extensions: formulas,
  hooks: MASK,
});

/** Called with the lexer that is at work. */
const MASK = {
  emStrongMask(this: { lexer: TextLexer }, masked: string) {
    return maskFormulas(this.lexer.source, masked);
  },
} as unknown as NonNullable<MarkedOptions['hooks']>;

/** Remembers the text that it reads: what stands before a formula matters too. */
export class TextLexer extends Lexer {
  source = '';

  override inlineTokens(src: string, tokens?: Token[]): Token[] {
    const outer = this.source;
    this.source = src;
    const read = super.inlineTokens(src, tokens);
    this.source = outer;
    return read;
  }
}

class BlockLexer extends TextLexer {
  constructor(links: Links, tokenizer: TextOnlyTokenizer) {
    super(options(tokenizer));
    this.tokens.links = links;
  }

  override inline(src: string, tokens: Token[] = []): Token[] {
    // While a block is being read it is not in `tokens` yet.
    (this.inlineQueue as Inline[]).push({ src, tokens, owner: this.tokens.length });
    return tokens;
  }
}

/**
 * The blocks of `source` (lines end in \n), their inline text still unread.
 * @param folds How many `<details>` are open where it begins.
 */
export function lexBlocks(source: string, folds: number): Lexed {
  const lexer = new BlockLexer(NO_LINKS, new TextOnlyTokenizer(folds));
  lexer.blockTokens(source, lexer.tokens);
  return { tokens: lexer.tokens, inlines: lexer.inlineQueue as Inline[] };
}

/** Reads the inline text, or reads it again. */
export function lexInlines(inlines: Inline[], links: Links): void {
  const tokenizer = new TextOnlyTokenizer();
  const lexer = new BlockLexer(links, tokenizer);
  for (const inline of inlines) {
    const { src, tokens } = inline;
    inline.read = true;
    // The box of a task is part of its block.
    tokens.splice(tokens[0]?.type === 'checkbox' ? 1 : 0);
    tokenizer.searched = 0;
    try {
      lexer.inlineTokens(src, tokens);
    } catch {
      // Nested too deeply for the library: the text as it is.
      tokens.splice(0, Infinity, { type: 'text', raw: src, text: src });
    }
  }
}
