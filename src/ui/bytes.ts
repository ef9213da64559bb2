/** Bytes as people read them, in decimal units as Ollama counts them. Knows nothing of what they are bytes of. */

const UNITS = ['kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const;

/** Such as `820 kB`, `24 MB`, `1.2 GB`. */
export const formatBytes = (bytes: number, lang: string): string => format(bytes, unitOf(bytes), lang);

/** A part and its whole in the whole's unit, which is said once: `1.2` and `2.0 GB`. */
export function formatBytesOf(part: number, whole: number, lang: string): { part: string; whole: string } {
  const unit = unitOf(whole);
  const number = inUnit(part, unit);
  return { part: new Intl.NumberFormat(lang, decimals(number)).format(number), whole: format(whole, unit, lang) };
}

/** Such as `24 MB/s`. */
export const formatSpeed = (bytesPerSecond: number, lang: string): string =>
  format(bytesPerSecond, unitOf(bytesPerSecond), lang, '-per-second');

/** The smallest in which less than a thousand are left, rounded as they will be shown: never `1000 MB`. */
function unitOf(bytes: number): number {
  const unit = UNITS.findIndex((_, index) => Math.round(inUnit(bytes, index)) < 1000);
  return unit < 0 ? UNITS.length - 1 : unit;
}

const inUnit = (bytes: number, unit: number) => bytes / 1000 ** (unit + 1);

/** One place as long as it changes something for the reader; also in `2.0`, so that the width stays. */
function decimals(number: number): Intl.NumberFormatOptions {
  const places = number > 0 && number < 9.95 ? 1 : 0;
  return { minimumFractionDigits: places, maximumFractionDigits: places };
}

function format(bytes: number, unit: number, lang: string, per: '' | '-per-second' = ''): string {
  const number = inUnit(bytes, unit);
  return new Intl.NumberFormat(lang, { style: 'unit', unit: UNITS[unit] + per, unitDisplay: 'short', ...decimals(number) }).format(number);
}
