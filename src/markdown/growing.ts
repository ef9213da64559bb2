/**
 * Blocks that grow in parts: of a list all items but the last are final, of a table all complete rows, of a long paragraph
 * all up to a place that nothing can reach back over. The rest is lexed by itself, behind a stand-in for what is final.
 */
import type { Token, Tokens } from 'marked';
import type { Inline, Lexed } from './lexer';
import { settledLength } from './settle';

/** What is known of a block that has begun to grow. */
export interface Growing {
  type: string;
  /** All of its source that is final. */
  raw: string;
  /** Stands before the rest, so that the lexer reads it as more of the same block. */
  standIn: string;
  loose: boolean;
}

/** A block in two parts, each a block of the same kind, with the inline text that is in it. */
export interface Split {
  final: Part;
  open: Part;
  /** How much of the source is final. */
  length: number;
  standIn: string;
}

export interface Part {
  token: Token;
  inlines: Inline[];
}

/** Paragraphs are parted into pieces of about this length. */
const PIECE = 1024;
const STAND_IN = 'x ';

/** Whether `token` is read as more of the same block. If not, it was another kind of block all along. */
export function continues({ type, loose }: Growing, token: Token | undefined): boolean {
  // A list that turns loose puts each of its items into paragraphs.
  return token?.type === type && (type !== 'list' || (token as Tokens.List).loose === loose);
}

/** Takes the stand-in out of what was read. */
export function dropStandIn({ tokens: [token], inlines: [inline] }: Lexed): void {
  if (token?.type === 'list') (token as Tokens.List).items.shift();
  else if (token?.type === 'paragraph' && inline) inline.src = inline.src.slice(STAND_IN.length);
}

/**
 * Parts a block that has not ended; `undefined` where nothing of it is final.
 * @param source What it was read from, of a list or paragraph without the stand-in.
 * @param read Reads inline text.
 */
export function split({ token, inlines }: Part, source: string, read: (inlines: Inline[]) => void): Split | undefined {
  if (token.type === 'list') return splitList(token as Tokens.List, inlines, source);
  if (token.type === 'table') return splitTable(token as Tokens.Table, inlines, source);
  return token.type === 'paragraph' ? splitParagraph(token as Tokens.Paragraph, inlines[0], source, read) : undefined;
}

function splitList(list: Tokens.List, inlines: Inline[], source: string): Split | undefined {
  const before = list.items.slice(0, -1);
  let length = before.reduce((sum, { raw }) => sum + raw.length, 0);
  // Until its first line is complete the last item may turn out to be a line of the one before, or a rule.
  if (!source.includes('\n', length)) length -= before.pop()?.raw.length ?? 0;
  const rest = list.items.slice(before.length);
  if (!before.length || !rest[0]) return undefined;
  const bullet = /^ *\S+/.exec(rest[0].raw)?.[0];
  return {
    ...divide({ ...list, items: before }, { ...list, items: rest }, inlines),
    length,
    standIn: `${bullet} x\n${list.loose ? '\n' : ''}`,
  };
}

function splitTable(table: Tokens.Table, inlines: Inline[], source: string): Split | undefined {
  const lines = source.split('\n');
  const count = Math.min(table.rows.length, lines.length - 3);
  if (count <= 0) return undefined;
  const through = (line: number) => lines.slice(0, line).join('\n').length + 1;
  return {
    ...divide({ ...table, rows: table.rows.slice(0, count) }, { ...table, rows: table.rows.slice(count) }, inlines),
    length: through(count + 2),
    standIn: source.slice(0, through(2)),
  };
}

function splitParagraph(
  paragraph: Tokens.Paragraph,
  inline: Inline | undefined,
  source: string,
  read: (inlines: Inline[]) => void,
): Split | undefined {
  if (!inline || inline.src.length < PIECE || !source.startsWith(inline.src)) return undefined;
  read([inline]);
  const length = settledLength(inline.tokens);
  if (length < PIECE / 2) return undefined;
  const part = (src: string): Part => {
    const tokens: Token[] = [];
    return { token: { ...paragraph, tokens }, inlines: [{ owner: inline.owner, src, tokens }] };
  };
  return { final: part(inline.src.slice(0, length)), open: part(inline.src.slice(length)), length, standIn: STAND_IN };
}

/** The inline text goes with the part that it is in. */
function divide(final: Token, open: Token, inlines: Inline[]): { final: Part; open: Part } {
  const inOpen = new Set(runs(open));
  const of = (wanted: boolean) => inlines.filter(({ tokens }) => inOpen.has(tokens) === wanted);
  return { final: { token: final, inlines: of(false) }, open: { token: open, inlines: of(true) } };
}

/** The lists of inline tokens in a block. */
function runs(token: Token): Token[][] {
  const inside = (tokens: Token[]) => tokens.flatMap(runs);
  if (token.type === 'list') return (token as Tokens.List).items.flatMap(item => inside(item.tokens));
  if (token.type === 'blockquote') return inside((token as Tokens.Blockquote).tokens);
  if (token.type === 'table') return (token as Tokens.Table).rows.flat().map(cell => cell.tokens);
  return 'tokens' in token && token.tokens ? [token.tokens] : [];
}
