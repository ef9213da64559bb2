/** The page that the chat stands in, as a diagnosis asks about it. A part of its own, with the diagnosis, loaded with the first failure. */
import { diagnose } from '../protocol/diagnosis';
import type { Page } from '../protocol/page';
import { near } from './near';

const page: Page = {
  ...near,
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
