/** The name of a file, as it may stand in a line: whoever made the file has chosen it, and not always for its reader. */

const LIMIT = 100;

/** What stays in front when a name is too long; its end tells what it is. */
const FRONT = 70;

/**
 * Controls, halves of characters, ends of lines, and signs that are not seen: those turn the text around them, or hold words of
 * their own. But not the joiners, which scripts and emoji are written with.
 */
const UNSEEN = /(?![\u200c\u200d])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]+/gu;

/** In one line, without backticks, of up to 100 characters, never empty. A name that is so already stays as it is. */
export function safeFileName(name: string): string {
  const line = name.replace(/\s+/g, ' ').replace(UNSEEN, '').replaceAll('`', "'").replace(/ {2,}/g, ' ').trim();
  const characters = Array.from(line);
  if (characters.length <= LIMIT) return line || 'file';
  return [...characters.slice(0, FRONT), '…', ...characters.slice(FRONT + 1 - LIMIT)].join('');
}
