/** Notices that a failed connection may be there again. The fix happens elsewhere, in a terminal or in the browser's settings. */

import type { ChatErrorDetail, ChatErrorKind } from '../errors';

/** After these it is worth looking. */
const CONNECTION = new Set<ChatErrorKind>([
  ...(['unreachable', 'offline', 'origin-refused', 'local-network', 'no-answer', 'host-refused', 'proxy', 'interrupted'] as const),
]);

/** The permissions for a server nearby (https://wicg.github.io/local-network-access/). */
const PERMISSIONS = ['loopback-network', 'local-network', 'local-network-access'];

/**
 * Looks by `check` when the network, the page or a permission comes back, until that finds an answer; then calls `onBack`, once.
 * @param detail of the failure
 * @param check one harmless request
 * @param signal ends it
 * @param isLate whether that may have happened already
 */
export function watchRecovery(
  detail: ChatErrorDetail,
  check: (signal: AbortSignal) => Promise<boolean>,
  onBack: () => void,
  signal: AbortSignal,
  isLate: boolean,
): void {
  if (!CONNECTION.has(detail.kind)) return;
  const done = new AbortController();
  const ended = AbortSignal.any([done.signal, signal]);
  let checking = false;
  const look = async () => {
    if (checking || document.hidden) return;
    checking = true;
    const back = await check(ended).catch(() => false);
    checking = false;
    if (!back || ended.aborted) return;
    done.abort();
    onBack();
  };
  // While the browser may ask, a request would make it ask again.
  if (!('permission' in detail && detail.permission === 'prompt')) {
    addEventListener('online', look, { signal: ended });
    if (isLate) void look();
    // Another window beside this one can hold the fix without hiding the page.
    addEventListener('focus', look, { signal: ended });
    document.addEventListener('visibilitychange', look, { signal: ended });
  }
  for (const name of PERMISSIONS) {
    navigator.permissions?.query({ name: name as PermissionName }).then(
      status => ended.aborted || status.addEventListener('change', look, { signal: ended }),
      () => {}, // a name that this browser does not know
    );
  }
}
