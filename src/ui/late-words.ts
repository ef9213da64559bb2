/** The words of a part that is loaded late, in the language of the page, with a page's own in their places. */
import { languageOf, override } from '../i18n/strings';
import type { ExtrasSurroundings } from './extras-host';

export class LateWords<Words extends object> {
  readonly #english: Words;
  readonly #vietnamese: () => Promise<Words>;
  readonly #changed: () => void;
  #table: Words;
  #lang = 'en';
  #overrides: ExtrasSurroundings['overrides'] = null;
  words: Words;

  /** @param changed called when the words are others now */
  constructor(english: Words, vietnamese: () => Promise<Words>, changed: () => void) {
    this.#english = this.#table = this.words = english;
    this.#vietnamese = vietnamese;
    this.#changed = changed;
  }

  /** The page may speak another language, or have other words. */
  update({ lang, overrides }: Pick<ExtrasSurroundings, 'lang' | 'overrides'>): void {
    if (lang !== this.#lang) void this.#load(lang);
    if (overrides !== this.#overrides) {
      this.#overrides = overrides;
      this.#set(this.#table);
    }
  }

  async #load(lang: string) {
    this.#lang = lang;
    // English is better than nothing.
    const words = languageOf(lang) === 'vi' ? await this.#vietnamese().catch(() => undefined) : undefined;
    if (lang === this.#lang) this.#set(words ?? this.#english);
  }

  #set(table: Words) {
    this.#table = table;
    this.words = override(table, this.#overrides);
    this.#changed();
  }
}
