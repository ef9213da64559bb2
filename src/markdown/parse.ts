/**
 * Markdown tokens to HTML text. What comes out is not safe yet: it is made for `sanitize.ts` and nobody else.
 */
import { type MarkedOptions, Parser, Renderer, type Token, type Tokens } from 'marked';
import { DEEPEST, isFold } from './lexer';

class QuietRenderer extends Renderer {
  // Loading a picture would tell its host who is reading, and when: sanitize.ts makes a button of this.
  override image({ href, title, text }: Tokens.Image): string {
    return `<a type="image" href="${escape(href)}"${title ? ` title="${escape(title)}"` : ''}>${escape(text)}</a>`;
  }

  // A button cannot stand inside a link: the pictures come first, then the link by its words or its address.
  override link(link: Tokens.Link): string {
    const { pictures, words } = apart(link.tokens);
    if (!pictures.length) return super.link(link);
    const isBlank = !this.parser
      .parseInline(words)
      .replace(/<[^>]*>/g, '')
      .trim();
    const tokens: Token[] = isBlank ? [{ type: 'text', raw: link.href, text: link.href }] : words;
    return `${this.parser.parseInline(pictures)} ${super.link({ ...link, tokens })}`;
  }

  override codespan(token: Tokens.Codespan & { isFormula?: true; isDisplay?: boolean }): string {
    if (!token.isFormula) return super.codespan(token);
    return `<code class="language-math${token.isDisplay ? '-display' : ''}">${escape(token.text)}</code>`;
  }

  override html({ fold, text, tokens = [] }: Tokens.HTML & { fold?: 'begin' | 'end'; tokens?: Token[] }): string {
    if (!fold) return text;
    if (fold === 'end') return '</details>';
    // Pressing the summary opens the fold, and nothing else: no pictures and links in there.
    const { pictures, words } = apart(tokens);
    const summary = this.parser.parseInline(words).replace(/<\/?a\b[^>]*>/g, '');
    return `<details>${summary && `<summary>${summary}</summary>`}${pictures.length ? `<p>${this.parser.parseInline(pictures)}</p>` : ''}`;
  }
}

/** The pictures among inline tokens, however deep, and the tokens without them. */
function apart(tokens: Token[]): { pictures: Token[]; words: Token[] } {
  const pictures: Token[] = [];
  const words = tokens.flatMap(token => {
    if (token.type === 'image') {
      pictures.push(token);
      return [];
    }
    if (!('tokens' in token) || !token.tokens) return token;
    const inner = apart(token.tokens);
    pictures.push(...inner.pictures);
    return { ...token, tokens: inner.words };
  });
  return { pictures, words };
}

// What a model leaves open ends with the text around it, so that no block reaches into the next.
class TidyParser extends Parser {
  override parseInline(tokens: Token[], renderer?: Parameters<Parser['parseInline']>[1]): string {
    return super.parseInline(tokens.some(({ type }) => type === 'html') ? balance(tokens) : tokens, renderer);
  }
}

/** HTML of blocks: one element each, none for blank lines, definitions and the end of a fold that began before. */
export function toHtml(tokens: Token[]): string {
  const options: MarkedOptions = { gfm: true, renderer: new QuietRenderer() };
  return new TidyParser(options).parse(closeFolds(tokens));
}

function closeFolds(tokens: Token[]): Token[] {
  let open = 0;
  const kept = tokens.filter(token => {
    if (isFold(token, 'end')) return open > 0 && open-- > 0;
    if (isFold(token, 'begin')) open++;
    return true;
  });
  return [...kept, ...Array.from({ length: open }, () => FOLD_END)];
}

const FOLD_END = { type: 'html', fold: 'end' } as unknown as Token;

/** Leaves out closing tags that close nothing, and opening ones that are too many; adds closing ones that are missing. */
function balance(tokens: Token[]): Token[] {
  const open: string[] = [];
  const kept = tokens.filter(({ type, raw }) => {
    if (type !== 'html' || /^<br/i.test(raw)) return true;
    const name = raw.slice(1, -1).toLowerCase();
    return name.startsWith('/') ? open.at(-1) === name.slice(1) && open.pop() : open.length < DEEPEST && open.push(name);
  });
  const missing = open.toReversed().map(name => ({ type: 'html', raw: '', text: `</${name}>` }) as Token);
  return [...kept, ...missing];
}

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escape = (text: string) => text.replace(/[&<>"]/g, character => ENTITIES[character] ?? '');
