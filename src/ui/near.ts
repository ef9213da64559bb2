/** What of the page decides whether the browser may ask the visitor before a request, which is said ahead. */
import type { Page } from '../protocol/page';

export const near: Pick<Page, 'hostname' | 'secure' | 'permission'> = {
  get hostname() {
    return self.origin === 'null' ? '' : new URL(self.origin).hostname;
  },
  get secure() {
    return isSecureContext;
  },
  async permission(name) {
    try {
      return (await navigator.permissions.query({ name: name as PermissionName })).state;
    } catch {
      return undefined;
    }
  },
};
