/**
 * Markdown (GFM) to HTML text. The Markdown library is imported here only.
 * What comes out is not safe yet: it is made for `sanitize.ts` and nobody else.
 */
import { Lexer, type MarkedOptions, Parser, Renderer, Tokenizer, type Tokens } from 'marked';

/** Tags without attributes that models really write. Everything else that looks like HTML is shown as it was written. */
const TAG = /^<(?:br ?\/?|\/?(?:sub|sup|kbd|mark|u))>/i;

// In the tokenizer and not in the renderer: so no HTML of a model is ever a token that another rule could let through.
class TextOnlyTokenizer extends Tokenizer {
  override html(): undefined {}

  override tag(src: string): Tokens.Tag | undefined {
    const raw = TAG.exec(src)?.[0];
    return raw ? { type: 'html', raw, text: raw, block: false, inLink: false, inRawBlock: false } : undefined;
  }
}

// Loading a picture would tell its host who is reading, and when: it becomes a link that says where it leads.
class QuietRenderer extends Renderer {
  override image({ href, text }: Tokens.Image): string {
    const host = hostOf(href);
    return `<a href="${escape(href)}">${escape(text || href)}${host ? ` (${escape(host)})` : ''}</a>`;
  }
}

/** Lexer and parser by name: the library's default instance, which nobody needs, stays out of the CDN file. */
export function toHtml(markdown: string): string {
  const options: MarkedOptions = { gfm: true, tokenizer: new TextOnlyTokenizer(), renderer: new QuietRenderer() };
  return Parser.parse(Lexer.lex(markdown, options), options);
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
