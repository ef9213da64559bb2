/** Why something could not be attached, in words. */
import type { ExtrasStrings } from '../i18n/extras-en';
import type { AttachmentFault } from './attachment-error';
import { formatBytes } from './bytes';
import type { Kit } from './kit';

export interface Refusal {
  reason: AttachmentFault | 'too-many' | 'cannot-see';
  /** What the file is called; for `cannot-see` the model. */
  name: string;
  limit: number;
}

/** So many are told one by one. */
const TOLD = 3;

/** One line for each, and none twice. */
export function refusalLines(refusals: readonly Refusal[], words: ExtrasStrings, lang: string, fill: Kit['fill']): string[] {
  const lines = new Set(refusals.map(refusal => line(refusal, words, lang, fill)));
  const told = [...lines].slice(0, TOLD);
  return lines.size > TOLD ? [...told, fill(words.refusedMore, { count: String(lines.size - TOLD) })] : told;
}

function line({ reason, name, limit }: Refusal, { cannotSee, refused }: ExtrasStrings, lang: string, fill: Kit['fill']): string {
  if (reason === 'cannot-see') return fill(cannotSee, { model: name });
  return fill(refused[reason], { name, limit: limitText(reason, limit, lang) });
}

function limitText(reason: Refusal['reason'], limit: number, lang: string): string {
  if (reason === 'too-large') return formatBytes(asMeant(limit), lang);
  return new Intl.NumberFormat(lang).format(reason === 'too-many-pixels' ? limit / 1e6 : limit);
}

/** A limit counts in powers of two, and is meant as the round number beside. */
const asMeant = (bytes: number) => (bytes < 2 ** 20 ? bytes / 1.024 : bytes / 1.024 ** 2);
