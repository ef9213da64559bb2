/** Whether a refused request is sent again, and when. Sends nothing. */

/** What a proxy says when the server behind it cannot be reached at this moment, and what Ollama says when its queue is full. */
const PASSING = new Set([502, 503, 504]);

/** The longest wait between two attempts, in seconds. Who is asked to wait longer is told so instead. */
const LONGEST = 60;

/** In seconds: nobody waits longer. */
const DAY = 86_400;

/**
 * Seconds until the next attempt: 1, 2, 4, … ± 25 %, so that many visitors do not come back in step; or what the server asks
 * for. `undefined` where trying again would not help.
 * @param attempt How many there were before, from 0.
 * @param retryAfter The header's value, in seconds or as a date, where the page may read it.
 */
export function retryDelay(status: number, attempt: number, retryAfter: string | null, random = Math.random): number | undefined {
  if (!PASSING.has(status)) return undefined;
  const asked = secondsOf(retryAfter);
  if (asked !== undefined) return asked > LONGEST ? undefined : asked;
  return Math.min(2 ** attempt, LONGEST) * (0.75 + random() / 2);
}

/** Seconds that a `Retry-After` header asks for (RFC 9110, 10.2.3); `undefined` where it is missing or says nothing. */
export function secondsOf(retryAfter: string | null): number | undefined {
  const text = retryAfter?.trim() ?? '';
  if (/^\d+(?:\.\d+)?$/.test(text)) return Math.min(Number(text), DAY);
  // Date.parse() makes a date of nearly everything that holds a number.
  const wait = text.endsWith(' GMT') ? (Date.parse(text) - Date.now()) / 1000 : NaN;
  return Number.isNaN(wait) ? undefined : Math.min(Math.max(0, Math.ceil(wait)), DAY);
}

/** Resolves after `seconds`, or rejects with the signal's reason. */
export function pause(seconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const abort = () => {
      clearTimeout(timer);
      reject(signal?.reason as Error);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', abort);
      resolve();
    }, seconds * 1000);
    if (signal?.aborted) abort();
    signal?.addEventListener('abort', abort, { once: true });
  });
}
