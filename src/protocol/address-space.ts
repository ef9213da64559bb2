/** How far away a host is, by its name alone: on this computer, in its network, or somewhere else. Pure. */

/** The words of Local Network Access (https://wicg.github.io/local-network-access/). */
export type AddressSpace = 'loopback' | 'local';

const LOOPBACK = /^(?:127(?:\.\d{1,3}){3}|\[::1\]|(?:.+\.)?localhost)$/;
const LOCAL = /^(?:10|192\.168|169\.254|172\.(?:1[6-9]|2\d|3[01]))(?:\.\d{1,3}){2,3}$|^\[(?:f[cd][\da-f]|fe[89ab])[\da-f]:|\.local$/;

/**
 * The space of a host as `URL` writes it. `undefined` for a public address and for a name that could be anywhere.
 * Loopback: 127.0.0.0/8, ::1, `localhost` and what ends in it. Local: the private and link-local ranges, and `.local`.
 */
export function addressSpace(hostname: string): AddressSpace | undefined {
  return LOOPBACK.test(hostname) ? 'loopback' : LOCAL.test(hostname) ? 'local' : undefined;
}

/** What `fetch` is told about `url`, so that a browser lets an https page reach a plain-http server nearby; nothing where it does not know the word. */
export function targetAddressSpace(url: string): RequestInit {
  const space = addressSpace(new URL(url).hostname);
  if (!space) return {};
  const init = { targetAddressSpace: space } as RequestInit;
  try {
    // fetch() would only reject, as for a server that is down; building a request says that the word is unknown.
    new Request(url, init);
    return init;
  } catch {
    return {};
  }
}
