/** `ollama-chat/client` as it was built, for a program: this one. */
import type * as Client from '../../src/client/index.ts';

/** Not known by name: it is there only once it was built. */
const BUILT = new URL('../../dist/client/index.js', import.meta.url).href;

export const loadClient = async () => (await import(BUILT)) as typeof Client;

/** As every one of these servers wants its key. */
export const bearer = (key: string) => ({ Authorization: `Bearer ${key}` });
