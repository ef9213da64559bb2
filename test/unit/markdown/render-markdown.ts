/** One pass over a whole text, as the oracle does it: what the parser makes of it, through the sanitizer. */
import { Lexer } from 'marked';
import { TextOnlyTokenizer } from '../../../src/markdown/lexer.ts';
import { toHtml } from '../../../src/markdown/parse.ts';
import { sanitize } from '../../../src/markdown/sanitize.ts';

export const renderMarkdown = (text: string): DocumentFragment =>
  sanitize(toHtml(Lexer.lex(text, { gfm: true, tokenizer: new TextOnlyTokenizer() })));
