/**
 * The only door by which model output becomes nodes: an allow-list as data, DOMPurify, and a look at every link.
 * Its result is a fragment to insert; nobody turns it back into text.
 */
import createDOMPurify, { type Config, type DOMPurify, type UponSanitizeAttributeHookEvent } from 'dompurify';
import { isListed } from './sources';

const TAGS = [
  ...['p', 'br', 'hr', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'blockquote', 'ul', 'ol', 'li', 'pre'],
  ...['strong', 'em', 'del', 'code', 'sub', 'sup', 'kbd', 'mark', 'u', 'a', 'details', 'summary'],
  ...['table', 'thead', 'tbody', 'tr', 'th', 'td'],
  'input', // task lists; anything but a disabled checkbox is dropped below
];

const ATTRIBUTES = [
  ...['href', 'title'], // links
  'align', // table cells
  'start', // numbered lists
  ...['type', 'checked', 'disabled'], // task lists, and links that stand for pictures
  'class', // `language-…` on code, see below
];

/** Schemes a link may have. Read from the parsed URL, so that no way of writing one gets past. */
const LINK_SCHEMES = ['http:', 'https:', 'mailto:'];

const CONFIG = {
  ALLOWED_TAGS: TAGS,
  ALLOWED_ATTR: ATTRIBUTES,
  ALLOW_ARIA_ATTR: false,
  ALLOW_DATA_ATTR: false,
  RETURN_DOM_FRAGMENT: true,
} as const satisfies Config;

/**
 * HTML text to nodes that are safe to insert. Where sanitizing is impossible (no DOM, no policy), the words alone.
 * @param linkSources Where links may lead, see sources.ts; empty for anywhere.
 */
export function sanitize(html: string, linkSources = ''): DocumentFragment {
  const purify = (door ??= openDoor());
  if (!purify) return wordsOf(html);
  // There is none for a document without a body.
  const fragment = (purify.sanitize(html) as unknown as DocumentFragment | null) ?? document.createDocumentFragment();
  for (const link of fragment.querySelectorAll('a')) if (!admitPicture(link)) admitLink(link, linkSources);
  for (const input of fragment.querySelectorAll('input')) admitInput(input);
  return fragment;
}

function wordsOf(html: string): DocumentFragment {
  const fragment = document.createDocumentFragment();
  fragment.append(Object.assign(document.createElement('p'), { textContent: html.replace(/<[^>]*>/g, '') }));
  return fragment;
}

let door: DOMPurify | undefined;

function openDoor(): DOMPurify | undefined {
  // An instance of our own: hooks that the page sets on its DOMPurify never meet ours.
  const purify = createDOMPurify(window);
  if (!purify.isSupported || isRefused()) return undefined;
  purify.addHook('uponSanitizeAttribute', keepLanguageClass);
  // Once: it would be read anew for each call.
  purify.setConfig({ ...CONFIG, TRUSTED_TYPES_POLICY: policy as Policy });
  return purify;
}

type Policy = NonNullable<Config['TRUSTED_TYPES_POLICY']>;

/** `null` where the page's Content-Security-Policy does not allow ours, `undefined` where the browser knows none. */
let policy: Policy | null | undefined;
let isCreated = false;

/** Whether the page forbids what sanitizing needs. Without a policy of ours DOMPurify would create one called `dompurify`. */
export function isRefused(): boolean {
  if (!isCreated) policy = createPolicy();
  isCreated = true;
  return policy === null;
}

function createPolicy(): Policy | null | undefined {
  const same = (text: string) => text;
  try {
    return (window as TrustedTypesWindow).trustedTypes?.createPolicy('ollama-chat', { createHTML: same, createScriptURL: same });
  } catch {
    return null;
  }
}

/** Not in TypeScript's DOM library: https://w3c.github.io/trusted-types/ */
interface TrustedTypesWindow {
  trustedTypes?: { createPolicy(name: string, rules: object): Policy };
}

function keepLanguageClass(node: Element, data: UponSanitizeAttributeHookEvent) {
  if (data.attrName !== 'class') return;
  data.keepAttr = node.localName === 'code' && /^language-[\w+#.-]+$/.test(data.attrValue);
}

/** A picture becomes a button that holds its address: whoever presses it wants to have it loaded. */
function admitPicture(link: HTMLAnchorElement): boolean {
  if (link.type !== 'image') return false;
  // A relative address would be one of the page, about which the model knows nothing.
  const address = /^https?:\/\//i.test(link.getAttribute('href') ?? '') && link.host ? link.href : '';
  const button = Object.assign(document.createElement('button'), { type: 'button', className: 'picture', value: address });
  if (link.title) button.title = link.title;
  button.append(...link.childNodes);
  link.replaceWith(...(address ? [button] : button.childNodes));
  return true;
}

function admitLink(link: HTMLAnchorElement, sources: string) {
  // `protocol` is that of the parsed address, and ":" where there is none.
  // An empty address, or a fragment alone, would lead to this page itself.
  const leads = /^[^#]/.test(link.getAttribute('href') ?? '') && LINK_SCHEMES.includes(link.protocol);
  if (!leads || (sources && !isListed(link.href, sources))) {
    link.replaceWith(...link.childNodes);
    return;
  }
  link.target = '_blank';
  link.rel = 'noopener noreferrer nofollow';
}

function admitInput(input: HTMLInputElement) {
  if (input.type === 'checkbox') input.disabled = true;
  else input.remove();
}
