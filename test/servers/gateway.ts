/** The recommended gateway, the files of demo/gateway/ in a real nginx, in front of real servers. Does not know what they serve. */
import { findNginx } from '../find-nginx.mjs';
import { gatewayConfig } from '../support/gateway-config.ts';
import { type Nginx, startNginx } from '../support/nginx.ts';
import { Missing } from './program.ts';

/** Which of the servers has answered, for the tests alone: no page can read it. */
export const ANSWERED_BY = 'x-answered-by';

/** The tests' pages, each on a port of its own, in the way that the file shows for all names under one. */
const PAGES = String.raw`~^http://127\.0\.0\.1:\d+$`;
/** What stands behind door B, which has tests of its own. */
const NOBODY = '127.0.0.1:9';

/**
 * Its door A.
 * @param servers A host and a port each.
 * @param key What the servers ask for; the gateway adds it.
 * @throws {Missing}
 */
export async function startGateway(servers: readonly string[], key?: string): Promise<Pick<Nginx, 'close'> & { url: string }> {
  if (!findNginx()) throw new Missing('No nginx: any of 1.22 or newer on the PATH will do; `node test/find-nginx.mjs` says how to get one');
  const { urls, close } = await startNginx((a, b) => {
    const config = gatewayConfig({
      a: `127.0.0.1:${a}`,
      page: PAGES,
      b: `127.0.0.1:${b}`,
      site: NOBODY,
      sessions: NOBODY,
      servers,
      key: key && `Bearer ${key}`,
    });
    return (
      config
        // The first place is in door A.
        .replace('add_header Vary Origin always;', text => `${text}\n  add_header ${ANSWERED_BY} $upstream_addr always;`)
        // All tests of a file are one address, and ask at once what a visitor asks in minutes.
        .replace('rate=20r/m', 'rate=20r/s')
    );
  }, 2);
  return { url: urls[0]!, close };
}
