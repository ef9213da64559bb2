/** An answer that is JSON reads best as code. */

/**
 * The Markdown that an answer is shown as.
 * @param isExpected Whether JSON was asked for: then it is code from its first sign on, and not only once it is whole.
 */
export function jsonAsCode(content: string, isWhole: boolean, isExpected: boolean): string {
  // Looking into a text that is being put together makes a copy of it.
  if (!isWhole && !isExpected) return content;
  const text = content.trim();
  if (!/^[[{]/.test(text)) return content;
  try {
    // What a model writes without line breaks nobody could read.
    const value = isWhole && (JSON.parse(text) as unknown);
    if (value) return fence(text.includes('\n') ? text : JSON.stringify(value, null, 2));
  } catch {
    // Cut off, or no JSON after all.
  }
  return isExpected ? fence(text) : content;
}

const fence = (code: string) => `\`\`\`json\n${code}\n\`\`\``;
