/** Link definitions, and who asked for one that had not come yet. */
import type { Token, Tokens } from 'marked';

export type Link = Pick<Tokens.Def, 'href' | 'title'>;

export class Links<Asker extends object> {
  readonly #known: Record<string, Link> = Object.create(null);
  readonly #askers = new Map<string, Set<Asker>>();
  readonly #missed = new Set<string>();

  /** To be handed to the lexer: notes each label that is asked for in vain. */
  readonly lookup = new Proxy(this.#known, {
    get: (known, label: string) => this.#note(label, known[label]),
    getOwnPropertyDescriptor: (known, label: string) => this.#note(label, Object.getOwnPropertyDescriptor(known, label)),
  });

  #note<Found>(label: string, found: Found): Found {
    if (!found) this.#missed.add(label);
    return found;
  }

  /** What was asked for in vain since the last call was for `asker`. */
  remember(asker: Asker): void {
    for (const label of this.#missed) {
      const askers = this.#askers.get(label);
      if (askers) askers.add(asker);
      else this.#askers.set(label, new Set([asker]));
    }
    this.forget();
  }

  forget(): void {
    this.#missed.clear();
  }

  /** Takes the definitions out of finished blocks; the first of a label holds. Returns who had asked for them. */
  define(tokens: Token[]): Set<Asker> {
    const waiting = new Set<Asker>();
    for (const { tag, href, title } of definitions(tokens)) {
      if (this.#known[tag]) continue;
      this.#known[tag] = { href, title };
      for (const asker of this.#askers.get(tag) ?? []) waiting.add(asker);
      this.#askers.delete(tag);
    }
    return waiting;
  }
}

/** All definitions, also those in quotes and list items. */
function definitions(tokens: Token[]): Tokens.Def[] {
  return tokens.flatMap(token => {
    if (token.type === 'def') return [token as Tokens.Def];
    if (!token.raw.includes(']:')) return [];
    if (token.type === 'blockquote') return definitions((token as Tokens.Blockquote).tokens);
    return token.type === 'list' ? (token as Tokens.List).items.flatMap(item => definitions(item.tokens)) : [];
  });
}
