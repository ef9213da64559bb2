/** An answer that is JSON reads best as code. */

/** What is laid out anew, in characters: more is no answer that somebody reads line by line. */
const LONGEST = 100_000;

/** How deep it may be nested for that: hostile depths would be all indentation. */
const DEEPEST = 50;

const OPEN = '```json\n';

/** Whether a text begins as JSON does; `undefined` while nothing has come. */
export const isJsonBegun = (text: string): boolean | undefined => (text.trim() ? /^\s*[[{]/.test(text) : undefined);

/** The Markdown that an answer is shown as while it is being written: the fence is closed once it is whole. */
export const jsonSoFar = (content: string): string => OPEN + content;

/**
 * The Markdown that a whole answer is shown as.
 * @param isExpected Whether JSON was asked for: then it is code also where it was cut off.
 */
export function jsonAsCode(content: string, isExpected: boolean): string {
  if (!isJsonBegun(content)) return content;
  const text = content.trim();
  if (!isJson(text)) return isExpected ? `${OPEN}${text}\n\`\`\`` : content;
  // What a model writes without line breaks nobody could read.
  return `${OPEN}${text.includes('\n') ? text : layOut(text)}\n\`\`\``;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** Only blanks change: as a value and back, numbers would lose digits. */
function layOut(json: string): string {
  if (json.length > LONGEST) return json;
  let depth = 0;
  let deepest = 0;
  const line = () => `\n${'  '.repeat(Math.min(depth, DEEPEST))}`;
  const result = json.replace(/"(?:[^"\\]|\\.)*"|\[\s*\]|\{\s*\}|[{}[\],:]|\s+/g, token => {
    if (/^\s/.test(token)) return '';
    if (token === '{' || token === '[') {
      depth += 1;
      deepest = Math.max(deepest, depth);
      return token + line();
    }
    if (token === '}' || token === ']') {
      depth -= 1;
      return line() + token;
    }
    return token === ',' ? token + line() : token === ':' ? ': ' : token;
  });
  return deepest > DEEPEST ? json : result;
}
