/** What went wrong, in its own words: a tool may throw anything. */
export function messageOf(error: unknown): string {
  try {
    return error instanceof Error ? error.message || error.name : String(error);
  } catch {
    // An object without a prototype has no text.
    return 'It failed, and does not say why.';
  }
}
