/**
 * The page that the chat stands in, as a diagnosis asks about it. A part of its own, with the diagnosis, loaded with the first
 * failure, or where the browser may ask the visitor before the first request.
 */
import { diagnose } from '../protocol/diagnosis';
import { localPermission, type Page } from '../protocol/page';

const page: Page = {
  get hostname() {
    return self.origin === 'null' ? '' : new URL(self.origin).hostname;
  },
  get secure() {
    return isSecureContext;
  },
  get origin() {
    return self.origin;
  },
  get https() {
    // Of a sandboxed frame the origin says nothing.
    return self.origin.startsWith('https:') || location.protocol === 'https:';
  },
  get embedded() {
    try {
      return top?.origin !== self.origin;
    } catch {
      return true; // another site's frame does not say where it is
    }
  },
  get online() {
    return navigator.onLine;
  },
  async permission(name) {
    try {
      return (await navigator.permissions.query({ name: name as PermissionName })).state;
    } catch {
      return undefined;
    }
  },
  watchPolicy(origin) {
    let blocked = false;
    const listen = (event: SecurityPolicyViolationEvent) => {
      const isOurs = event.effectiveDirective === 'connect-src' && event.blockedURI.startsWith(origin);
      if (event.disposition === 'enforce' && isOurs) blocked = true;
    };
    document.addEventListener('securitypolicyviolation', listen);
    return () => {
      document.removeEventListener('securitypolicyviolation', listen);
      return blocked;
    };
  },
};

export const diagnoseHere = diagnose.bind(undefined, page);

/** Whether the browser may ask the visitor before it lets a request to `url` through. */
export const mayAsk = async (url: string): Promise<boolean> => (await localPermission(page, url)) === 'prompt';
