/** The page's own headers, a key for example, as a request takes them. Keeps nothing, and repeats nothing of them in a failure. */
import { aborted } from '../aborted';
import { ChatError } from '../errors';

/** Headers for each request: an object, or a function, also an async one, that is asked anew each time. */
export type RequestHeaders = Readonly<Record<string, string>> | (() => HeaderValues | Promise<HeaderValues>);

type HeaderValues = Readonly<Record<string, string>> | undefined;

/**
 * Asks the page where it gave a function. Names come in small letters.
 * @throws {ChatError} `bad-headers`
 * @throws the signal's reason when it aborts.
 */
export async function readHeaders(page: RequestHeaders, signal: AbortSignal): Promise<Record<string, string>> {
  const values = typeof page === 'function' ? await ask(page, signal) : page;
  try {
    const given = Object.entries(values ?? {}).filter(([, value]) => value !== undefined);
    return Object.fromEntries(new Headers(given));
  } catch {
    // What the browser says of it can hold the key.
    throw new ChatError({ kind: 'bad-headers' });
  }
}

async function ask(page: Extract<RequestHeaders, () => unknown>, signal: AbortSignal) {
  signal.throwIfAborted();
  try {
    // A page that never answers must not hold up Stop.
    return await Promise.race([page(), aborted(signal)]);
  } catch (cause) {
    signal.throwIfAborted();
    throw new ChatError({ kind: 'bad-headers' }, { cause });
  }
}
