/** Which language, whose words, and how facts are put into them. */
import type { ContextStrings } from './context-words';
import { en, type Strings } from './en';
import type { FailureStrings } from './failures-en';
import type { ExtrasStrings } from './extras-en';
import type { HistoryStrings } from './history-en';
import type { ToolStrings } from './tools-en';

export { en, type FailureStrings, type Strings };

/** Words of a page's own, in the place of some of ours: the same tables, in parts. */
export type StringOverrides = DeepPartial<Strings & ContextStrings & FailureStrings & HistoryStrings & ExtrasStrings & ToolStrings>;

type DeepPartial<T> = { [K in keyof T]?: T[K] extends string ? string : DeepPartial<T[K]> };

/** English is always there; a page pays for another language where it is spoken. */
const OTHERS = new Map<string, () => Promise<Strings>>([['vi', async () => (await import('./vi')).vi]]);

/** The language of a BCP 47 tag. */
export const languageOf = (lang: string) => lang.toLowerCase().split(/[-_]/, 1)[0] ?? '';

/** The table for a BCP 47 tag such as `vi-VN`; English where there is none, or it cannot be loaded. */
export async function loadStrings(lang: string): Promise<Strings> {
  try {
    return (await OTHERS.get(languageOf(lang))?.()) ?? en;
  } catch {
    return en;
  }
}

/**
 * The words about failures, loaded with the first one.
 * @throws where not even the English ones can be loaded.
 */
export async function loadFailureStrings(lang: string): Promise<FailureStrings> {
  if (languageOf(lang) === 'vi') {
    try {
      return (await import('./failures-vi')).failures;
    } catch {
      // English is better than nothing.
    }
  }
  return (await import('./failures-en')).failures;
}

/** `words` with a page's own in their places. What is not a text where one belongs is passed over. */
export const override = <T extends object>(words: T, own: object | null | undefined): T =>
  Object.fromEntries(
    Object.entries(words).map(([key, word]: [string, string | object]) => {
      const other = (own as Record<string, unknown> | null | undefined)?.[key];
      return [key, typeof word === 'object' ? override(word, other as object) : typeof other === 'string' ? other : word];
    }),
  ) as T;

/** Signs that turn the words around them: a model's name, say, could make a title read backwards. */
const TURNS = /[\u202a-\u202e\u2066-\u2069]/g;

/** Puts `facts` in the place of the `{names}` in `text`. */
export const fill = (text: string, facts: Record<string, unknown>): string =>
  text.replace(/\{(\w+)\}/g, (whole, name: string) => String(facts[name] ?? whole).replace(TURNS, ''));

/** A span of time as people say it: `12 s`, `2 min 5 s`. */
export function duration(strings: Strings, milliseconds: number): string {
  const seconds = Math.max(1, Math.round(milliseconds / 1000));
  if (seconds < 60) return fill(strings.seconds, { n: seconds });
  return fill(strings.minutes, { m: Math.floor(seconds / 60), n: seconds % 60 });
}
