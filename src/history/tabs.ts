/** What the tabs of a site say to each other, and which of them may write. Knows no conversation. */
import { aborted } from '../aborted';

/** Messages to all others that have the same name, in this tab or another one of the site. Where there are none, to nobody. */
export class Channel<News> {
  #channel: BroadcastChannel | undefined;

  constructor(name: string, onNews: (news: News) => void) {
    try {
      this.#channel = new BroadcastChannel(name);
    } catch {
      // An old browser, or one that lets this page store nothing.
      return;
    }
    this.#channel.onmessage = ({ data }: MessageEvent<unknown>) => {
      if (typeof data === 'object' && data) onNews(data as News);
    };
  }

  post(news: News): void {
    this.#channel?.postMessage(news);
  }

  close(): void {
    this.#channel?.close();
    this.#channel = undefined;
  }
}

/** Who may write: one at a time, in all tabs. */
export class WriterLock {
  readonly #name: string;
  #release: (() => void) | undefined;
  #request: AbortController | undefined;
  #taking: Promise<void> | undefined;
  #watch: AbortController | undefined;

  constructor(name: string) {
    this.#name = `ollama-chat:${name}`;
  }

  get isHeld(): boolean {
    return !!this.#release;
  }

  /** Resolves once it is held, or was given back before. */
  take(): Promise<void> {
    return (this.#taking ??= this.#take((this.#request = new AbortController())));
  }

  async #take({ signal }: AbortController): Promise<void> {
    // Where the browser refuses to say, as where it keeps no locks, nobody else is there.
    const release = await hold(this.#name, signal).catch(() => () => {});
    if (signal.aborted) release();
    else this.#release = release;
  }

  /** Gives it back, or waits no longer. */
  give(): void {
    this.#request?.abort();
    this.#release?.();
    this.#request = this.#release = this.#taking = undefined;
  }

  /** Calls `onFree` once nobody else holds it, also because a tab is gone; never where the browser keeps no locks. */
  watch(onFree: () => void): void {
    if (this.#watch) return;
    const { signal } = (this.#watch = new AbortController());
    const onGranted = () => {
      if (signal.aborted) return;
      this.#watch = undefined;
      onFree();
    };
    navigator.locks?.request(this.#name, { signal, mode: 'shared' }, onGranted).catch(() => {});
  }

  unwatch(): void {
    this.#watch?.abort();
    this.#watch = undefined;
  }
}

/** Those who wait in this page, where the browser keeps no locks: it does only on secure pages. */
const waiting = new Map<string, Promise<void>>();
let isDenied = false;

async function hold(name: string, signal: AbortSignal): Promise<() => void> {
  let release = () => {};
  const held = new Promise<void>(done => (release = done));
  if (!navigator.locks || isDenied) {
    const before = waiting.get(name);
    waiting.set(
      name,
      Promise.all([before, held]).then(() => {}),
    );
    await Promise.race([before, aborted(signal)]).catch((reason: unknown) => {
      release();
      throw reason;
    });
    return release;
  }
  return new Promise((resolve, reject) => {
    const onGranted = () => {
      resolve(release);
      return held;
    };
    const onFailed = (error: unknown) => {
      if (signal.aborted) return reject(error as Error);
      // The browser has them, and not for this page.
      isDenied = true;
      resolve(hold(name, signal));
    };
    navigator.locks.request(name, { signal }, onGranted).catch(onFailed);
  });
}
