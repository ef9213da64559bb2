/**
 * Markdown tokens to HTML text. What comes out is not safe yet: it is made for `sanitize.ts` and nobody else.
 */
import { type MarkedOptions, Parser, Renderer, type Token, type Tokens } from 'marked';
import { DEEPEST } from './lexer';

// Loading a picture would tell its host who is reading, and when: it becomes a link that says where it leads.
class QuietRenderer extends Renderer {
  override image({ href, text }: Tokens.Image): string {
    const host = hostOf(href);
    return `<a href="${escape(href)}">${escape(text || href)}${host ? ` (${escape(host)})` : ''}</a>`;
  }
}

// What a model leaves open ends with the text around it, so that no block reaches into the next.
class TidyParser extends Parser {
  override parseInline(tokens: Token[], renderer?: Parameters<Parser['parseInline']>[1]): string {
    return super.parseInline(tokens.some(({ type }) => type === 'html') ? balance(tokens) : tokens, renderer);
  }
}

/** HTML of blocks: one element each, none for blank lines and definitions. */
export function toHtml(tokens: Token[]): string {
  const options: MarkedOptions = { gfm: true, renderer: new QuietRenderer() };
  return new TidyParser(options).parse(tokens);
}

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

function hostOf(href: string): string | undefined {
  try {
    return new URL(href).host;
  } catch {
    return undefined;
  }
}

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escape = (text: string) => text.replace(/[&<>"]/g, character => ENTITIES[character] ?? '');
