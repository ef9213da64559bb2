/** The Markdown library's lexer with our rules: what is a block, and where in it the inline text stands. */
import { Lexer, type MarkedOptions, type Token, Tokenizer, type Tokens, type TokensList } from 'marked';

/** Tags without attributes that models really write. Everything else that looks like HTML is shown as it was written. */
const TAG = /^<(?:br ?\/?|\/?(?:sub|sup|kbd|mark|u))>/i;

// In the tokenizer and not in the renderer: so no HTML of a model is ever a token that another rule could let through.
export class TextOnlyTokenizer extends Tokenizer {
  override html(): undefined {}

  override tag(src: string): Tokens.Tag | undefined {
    const raw = TAG.exec(src)?.[0];
    return raw ? { type: 'html', raw, text: raw, block: false, inLink: false, inRawBlock: false } : undefined;
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
}

export interface Lexed {
  tokens: Token[];
  inlines: Inline[];
}

type Links = TokensList['links'];

/** Definitions come into force when their block is final, see blocks.ts; here each of them is a token. */
const NO_LINKS: Links = new Proxy({}, { get: () => undefined, set: () => true });

class BlockLexer extends Lexer {
  constructor(links: Links) {
    const options: MarkedOptions = { gfm: true, tokenizer: new TextOnlyTokenizer() };
    super(options);
    this.tokens.links = links;
  }

  override inline(src: string, tokens: Token[] = []): Token[] {
    // While a block is being read it is not in `tokens` yet.
    (this.inlineQueue as Inline[]).push({ src, tokens, owner: this.tokens.length });
    return tokens;
  }
}

/** The blocks of `source` (lines end in \n), their inline text still unread. */
export function lexBlocks(source: string): Lexed {
  const lexer = new BlockLexer(NO_LINKS);
  lexer.blockTokens(source, lexer.tokens);
  return { tokens: lexer.tokens, inlines: lexer.inlineQueue as Inline[] };
}

/** Reads the inline text, or reads it again. */
export function lexInlines(inlines: Inline[], links: Links): void {
  const lexer = new BlockLexer(links);
  for (const { src, tokens } of inlines) {
    // The box of a task is part of its block.
    tokens.splice(tokens[0]?.type === 'checkbox' ? 1 : 0);
    lexer.inlineTokens(src, tokens);
  }
}
