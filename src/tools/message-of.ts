/** What went wrong, in its own words: a tool may throw anything. */
export const messageOf = (error: unknown): string => (error instanceof Error ? error.message || error.name : String(error));
