/** Sizes as people read them. */

/** Bytes in decimal units, as Ollama writes them: `2.0 GB`, `24 MB`. */
export function formatBytes(bytes: number, lang: string): string {
  const unit = bytes >= 1e9 ? 'gigabyte' : bytes >= 1e6 ? 'megabyte' : 'kilobyte';
  const value = bytes / { gigabyte: 1e9, megabyte: 1e6, kilobyte: 1e3 }[unit];
  const digits = value < 10 ? 1 : 0;
  return new Intl.NumberFormat(lang, { style: 'unit', unit, minimumFractionDigits: digits, maximumFractionDigits: digits }).format(value);
}
