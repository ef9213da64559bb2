/** Which language, whose words, and how facts are put into them. */
import { en, type Strings } from './en';

export { en, type Strings };

/** English is always there; a page pays for another language where it is spoken. */
const OTHERS = new Map<string, () => Promise<Strings>>([['vi', async () => (await import('./vi')).vi]]);

/** The table for a BCP 47 tag such as `vi-VN`; English where there is none, or it cannot be loaded. */
export async function loadStrings(lang: string): Promise<Strings> {
  try {
    return (await OTHERS.get(lang.toLowerCase().split(/[-_]/, 1)[0] ?? '')?.()) ?? en;
  } catch {
    return en;
  }
}

/** Signs that turn the words around them: a model's name, say, could make a title read backwards. */
const TURNS = /[\u202a-\u202e\u2066-\u2069]/g;

/** Puts `facts` in the place of the `{names}` in `text`. */
export const fill = (text: string, facts: Record<string, string | number | undefined>): string =>
  text.replace(/\{(\w+)\}/g, (whole, name: string) => String(facts[name] ?? whole).replace(TURNS, ''));

/** A span of time as people say it: `12 s`, `2 min 5 s`. */
export function duration(strings: Strings, milliseconds: number): string {
  const seconds = Math.max(1, Math.round(milliseconds / 1000));
  if (seconds < 60) return fill(strings.seconds, { n: seconds });
  return fill(strings.minutes, { m: Math.floor(seconds / 60), n: seconds % 60 });
}
