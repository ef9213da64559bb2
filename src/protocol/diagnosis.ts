/**
 * Why a request got no answer that the page may read. Browsers say the same, "failed to fetch", for a stopped server, a refused
 * origin, a policy, mixed content and a missing permission: this asks what each of them answers differently.
 * Runs only after a failure. Knows nothing of what was asked; what it has to know of the page is passed in.
 */
import type { ChatErrorDetail } from '../errors';
import { addressSpace } from './address-space';
import { localPermission, type Page } from './page';
import type { NoAnswer } from './request';
import { requestInit } from './request-init';

/** How long the diagnosis may take, in milliseconds. */
const LIMIT = 3000;

/** A request that failed sooner, in milliseconds, did not fail because somebody closed the browser's question. */
const HUMAN = 1000;

/** @throws the signal's reason when it aborts. */
export async function diagnose(page: Page, { url, took, headers, signal }: Omit<NoAnswer, 'cause'>): Promise<ChatErrorDetail> {
  const { origin, hostname, protocol } = new URL(url);
  const space = addressSpace(hostname);
  const permission = await localPermission(page, url);
  signal?.throwIfAborted();

  // Asking again would open the question again that the visitor has just closed.
  if (permission === 'prompt' && took > HUMAN) return localNetwork(page, url, permission);

  const limit = AbortSignal.any([AbortSignal.timeout(LIMIT), ...(signal ? [signal] : [])]);
  const isBlocked = page.watchPolicy(origin);
  const answer = await (origin === page.origin ? askOwn(url, limit) : askOther(url, limit));
  // A policy's report comes one task after the refusal.
  await new Promise(resolve => setTimeout(resolve));
  const blocked = isBlocked();
  signal?.throwIfAborted();

  if (blocked) return { kind: 'blocked-by-csp', url };
  if (answer === 'redirected') return { kind: 'redirected', url };
  if (answer === 'readable') {
    const refused = origin === page.origin ? [] : await refusedHeaders(url, headers, limit);
    signal?.throwIfAborted();
    return refused.length ? { kind: 'bad-headers', refused } : { kind: 'no-answer', url };
  }
  if (answer === 'unreadable') return { kind: 'origin-refused', url, origin: page.origin };
  if (!page.online && space !== 'loopback') return { kind: 'offline', url };
  // Browsers without that permission let an https page reach plain http on its own computer only.
  const far = !space || (space === 'local' && !permission && !addressSpace(page.hostname));
  if (page.https && protocol === 'http:' && far) return { kind: 'mixed-content', url };
  return permission === 'prompt' || permission === 'denied' ? localNetwork(page, url, permission) : { kind: 'unreachable', url };
}

const localNetwork = ({ secure, embedded }: Page, url: string, permission: 'prompt' | 'denied'): ChatErrorDetail => ({
  kind: 'local-network',
  url,
  permission,
  secure,
  embedded,
});

type Answer = 'readable' | 'unreadable' | 'redirected' | undefined;

/** An origin is never refused by itself. */
async function askOwn(url: string, signal: AbortSignal): Promise<Answer> {
  const response = await get(`${url}/api/version`, { redirect: 'manual', signal });
  return response && (response.type === 'opaqueredirect' ? 'redirected' : 'readable');
}

async function askOther(url: string, signal: AbortSignal): Promise<Answer> {
  // With the header of a question, so that it needs the same consent of the server as one.
  const headers = { 'Content-Type': 'application/json' };
  const response = await get(`${url}/api/version`, { headers, redirect: 'manual', signal });
  if (response) return response.type === 'opaqueredirect' ? 'redirected' : 'readable';
  if (signal.aborted) return undefined;
  // This needs no consent: an answer, whichever, says that there is a server.
  return (await get(`${url}/`, { mode: 'no-cors', signal })) && 'unreadable';
}

/** Which of these names the server does not let pages send. Their values stay where they are. */
async function refusedHeaders(url: string, names: readonly string[], signal: AbortSignal): Promise<string[]> {
  const answers = await Promise.all(names.map(name => get(`${url}/api/version`, { headers: { [name]: '-' }, redirect: 'manual', signal })));
  // Silence until the limit says nothing about a header.
  return signal.aborted ? [] : names.filter((_, index) => !answers[index]);
}

/** What came, whichever status it has; `undefined` for nothing. */
async function get(url: string, init: RequestInit): Promise<Response | undefined> {
  try {
    const response = await fetch(url, { ...requestInit(url), ...init });
    void response.body?.cancel();
    return response;
  } catch {
    return undefined;
  }
}
