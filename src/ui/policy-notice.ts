/** What is left to show where the page's Content-Security-Policy refuses a Trusted Types policy of ours: words, without any HTML. */
import { html, render } from 'lit';
import type { Strings } from '../i18n/strings';
import { isRefused } from '../markdown/sanitize';

/** Shows the notice in `root` where it is needed, and says whether it was. */
export function showPolicyNotice(root: DocumentFragment | HTMLElement, { notAvailable, forOwner, policyMissing }: Strings): boolean {
  if (!isRefused() && canRender()) return false;
  const notice = Object.assign(document.createElement('p'), { className: 'panel policy' });
  notice.part.add('notice');
  notice.textContent = `${notAvailable.title}. ${forOwner}: ${policyMissing}`;
  root.append(notice);
  return true;
}

/** Lit makes its templates by a policy of its own. */
function canRender(): boolean {
  try {
    render(html`<br />`, document.createElement('div'));
    return true;
  } catch {
    return false;
  }
}
