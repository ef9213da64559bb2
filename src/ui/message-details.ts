/** What the server counted while it answered, in words. Pure. */
import type { ExtrasStrings } from '../i18n/extras-en';
import { duration, fill, type Strings } from '../i18n/strings';
import type { ChatStats } from '../protocol/client';

type Words = Pick<ExtrasStrings, 'tokens' | 'tokensPerSecond' | 'promptTokens' | 'loadTime' | 'totalTime'>;

/** One text for each, in the order of their importance; none of what the server did not tell. */
export function details(stats: ChatStats, words: Words, strings: Strings, lang: string): string[] {
  const { eval_count, eval_duration, prompt_eval_count, load_duration, total_duration } = stats;
  const count = (value: number, places = 0) => format(value, lang, { maximumFractionDigits: places });
  const time = (nanoseconds: number) => exactDuration(strings, nanoseconds / 1e6, lang);
  const rate = isCount(eval_count) && isTime(eval_duration) && eval_count > 0 ? (eval_count / eval_duration) * 1e9 : undefined;
  return [
    isCount(eval_count) && fill(words.tokens, { count: count(eval_count) }),
    rate !== undefined && fill(words.tokensPerSecond, { rate: count(rate, rate < 99.95 ? 1 : 0) }),
    isCount(prompt_eval_count) && fill(words.promptTokens, { count: count(prompt_eval_count) }),
    isTime(load_duration) && fill(words.loadTime, { time: time(load_duration) }),
    isTime(total_duration) && fill(words.totalTime, { time: time(total_duration) }),
  ].filter(text => text !== false);
}

/** A page may give messages with anything in them. */
const isCount = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value) && value >= 0;

/** What took no time was not measured. */
const isTime = (value: unknown): value is number => isCount(value) && value > 0;

/** As {@link duration}, and below ten seconds as exact as it is of interest: `2.3 s`, `0.4 s`, `0.02 s`. */
export function exactDuration(strings: Strings, milliseconds: number, lang: string): string {
  const seconds = milliseconds / 1000;
  if (seconds >= 9.95) return duration(strings, milliseconds);
  const places = seconds >= 0.095 ? 1 : seconds >= 0.0095 ? 2 : 3;
  const n = format(Math.max(seconds, 0.001), lang, { minimumFractionDigits: places, maximumFractionDigits: places });
  return fill(strings.seconds, { n });
}

function format(value: number, lang: string, options: Intl.NumberFormatOptions): string {
  try {
    return value.toLocaleString(lang || undefined, options);
  } catch {
    return value.toLocaleString(undefined, options); // `lang` is what the page says: en_US is no language
  }
}
