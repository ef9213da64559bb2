/** What every request to a model server has in common, also one that only looks for the cause of a failure. */
import { targetAddressSpace } from './address-space';

export const requestInit = (url: string): RequestInit => ({
  ...targetAddressSpace(url),
  // A gateway on the page's own origin sees the site's session; any other server gets nothing, not even a referrer.
  credentials: 'same-origin',
  referrerPolicy: 'no-referrer',
  cache: 'no-store',
});
