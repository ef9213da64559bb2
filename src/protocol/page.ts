/** What has to be known of the page that requests are made from. Asks the browser, never a server. */
import { addressSpace } from './address-space';

/** The page that a request was made from. */
export interface Page {
  /** `null` (as text) for one without an address of its own: a file, a sandboxed frame. */
  readonly origin: string;
  /** Of its origin; empty where that is `null`. */
  readonly hostname: string;
  /** Whether the page itself came by https. */
  readonly https: boolean;
  /** Whether it is a secure context, which only those are that may ask for a permission. */
  readonly secure: boolean;
  /** Whether it stands in a frame of another site. */
  readonly embedded: boolean;
  readonly online: boolean;
  /** The state of a permission; `undefined` where the browser does not know its name. */
  permission(name: string): Promise<PermissionState | undefined>;
  /** Watches whether the page's policy blocks requests to `origin`. The function that it returns ends that, and tells. */
  watchPolicy(origin: string): () => boolean;
}

/**
 * The state of the browser's permission for pages of the internet to reach the visitor's own computer or network
 * (https://wicg.github.io/local-network-access/). `undefined` where it does not matter, or the browser has none.
 */
export async function localPermission(page: Page, url: string): Promise<PermissionState | undefined> {
  const space = addressSpace(new URL(url).hostname);
  // What a page that is near itself may do does not depend on it.
  if (!space || addressSpace(page.hostname)) return undefined;
  const state = (await page.permission(`${space}-network`)) ?? (await page.permission('local-network-access'));
  // Whatever is said there: it is for secure pages alone.
  return state && !page.secure ? 'denied' : state;
}
