/**
 * Lists of addresses that a page trusts, as in `image-sources` and `link-sources`: origins or addresses to begin with,
 * separated by white space. Compared as the browser reads them, part by part, so that no way of writing one gets past.
 */

/** Whether the absolute address is one of those listed. */
export const isListed = (address: string, list: string): boolean =>
  list
    .split(/\s+/)
    .some(entry => entry && URL.canParse(entry, document.baseURI) && covers(new URL(entry, document.baseURI), new URL(address)));

function covers(prefix: URL, url: URL): boolean {
  // A name or password before the host is there to deceive; a slash that is written as %2F means one to some servers.
  if (url.username || url.password || prefix.protocol !== url.protocol || prefix.host !== url.host) return false;
  const path = prefix.pathname.replace(/\/$/, '');
  return !path || url.pathname === path || (url.pathname.startsWith(`${path}/`) && !/%(?:2f|5c)/i.test(url.pathname));
}
