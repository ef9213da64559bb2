/** What the tabs of a site say to each other, and which of them may write. Knows no conversation. */

/** Messages to all others that have the same name, in this tab or another one of the site. */
export class Channel<News> {
  readonly #channel: BroadcastChannel;

  constructor(name: string, onNews: (news: News) => void) {
    this.#channel = new BroadcastChannel(name);
    this.#channel.onmessage = ({ data }) => onNews(data as News);
  }

  post(news: News): void {
    this.#channel.postMessage(news);
  }

  close(): void {
    this.#channel.close();
  }
}

/** Those who wait in this page, where the browser keeps no locks: it does only on secure pages. */
const waiting = new Map<string, Promise<void>>();

/**
 * Resolves once nobody else holds the lock of this name, with the way to give it back.
 * @throws what `signal` was aborted with.
 */
export async function hold(name: string, signal: AbortSignal): Promise<() => void> {
  const { promise: held, resolve: release } = deferred();
  if (!navigator.locks) {
    const before = waiting.get(name);
    waiting.set(
      name,
      Promise.all([before, held]).then(() => {}),
    );
    await Promise.race([before, abortOf(signal)]);
    return release;
  }
  return new Promise((resolve, reject) => {
    navigator.locks
      .request(name, { signal }, () => {
        resolve(release);
        return held;
      })
      .catch(reject);
  });
}

/** Resolves once nobody holds it, also because a tab is gone; never where the browser keeps no locks. */
export async function whenFree(name: string, signal: AbortSignal): Promise<void> {
  if (navigator.locks) await navigator.locks.request(name, { signal, mode: 'shared' }, () => {});
  else await abortOf(signal);
}

function abortOf(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason as Error);
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
  });
}

function deferred() {
  let resolve = () => {};
  const promise = new Promise<void>(done => (resolve = done));
  return { promise, resolve };
}
