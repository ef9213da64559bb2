/**
 * Runs in the page, before anything of it: asks the questions, and looks at all that comes of the answers.
 * Installed as text, so it can use nothing from outside its one function.
 */
import type { OllamaChat } from '../../src/ollama-chat.ts';
import type { Payload } from '../support/hostile-payloads.ts';
import type { Allowed } from './allowed.ts';

/** Something that went wrong, and while which payload was being answered. */
export interface Fault {
  id: number;
  what: string;
}

export interface Question extends Pick<Payload, 'id' | 'field' | 'literal'> {
  /** As armed. */
  text: string;
  /** What the visitor asks; tells the server what to answer. */
  ask: string;
  /** The server, where it is another one than the page's. */
  url: string;
}

export interface Hostile {
  ask(question: Question): Promise<void>;
  faults: Fault[];
}

export function install(allowed: Allowed): void {
  const faults: Fault[] = [];
  let current = -1;
  const fault = (what: string, id = current) => {
    // One of a kind is enough.
    if (!faults.some(known => known.id === id && known.what === what)) faults.push({ id, what });
  };

  // Whatever may be called.
  const pwned = (id: number) => fault('its code ran', id);
  const asked = (name: string) => () => void fault(`window.${name}() was called`);
  Object.assign(window, { pwned }, Object.fromEntries(['alert', 'confirm', 'prompt', 'print', 'open'].map(name => [name, asked(name)])));

  // Whatever the policy reports.
  document.addEventListener('securitypolicyviolation', ({ effectiveDirective, blockedURI, sample }) =>
    fault(`policy: ${[effectiveDirective, blockedURI, sample].join(' ')}`),
  );
  new ReportingObserver(reports => reports.forEach(({ body }) => fault(`report: ${JSON.stringify(body)}`)), {
    types: ['csp-violation', 'permissions-policy-violation'],
    buffered: true,
  }).observe();

  const tagOf = ({ localName, namespaceURI }: Element) =>
    namespaceURI === 'http://www.w3.org/1999/xhtml' ? localName : `${namespaceURI?.split('/').at(-1)?.toLowerCase()}:${localName}`;
  const nameOf = (element: Element) => (element.cloneNode() as Element).outerHTML.slice(0, 150);
  const fits = (value: string, pattern: string | undefined) => pattern !== undefined && new RegExp(`^(?:${pattern})$`).test(value);

  function checkInside(element: Element): void {
    const tag = tagOf(element).replace('mathml:', 'math:');
    const name = [`${tag}.${element.classList[0]}`, tag].find(key => Object.hasOwn(allowed.inside, key));
    const rule = name === undefined ? undefined : allowed.inside[name];
    if (!rule) return fault(`not on the list: ${nameOf(element)}`);
    const attributes: Record<string, string> = { ...rule.may, ...rule.must };
    for (const { name, value } of element.attributes) {
      const pattern = Object.hasOwn(attributes, name) ? attributes[name] : undefined;
      if (!fits(value, pattern)) fault(`${name} is not as it may be: ${nameOf(element)}`);
    }
    for (const name of Object.keys(rule.must ?? {})) if (!element.hasAttribute(name)) fault(`${name} is missing: ${nameOf(element)}`);
    if (rule.in && !element.parentElement?.closest(rule.in)) fault(`not in ${rule.in}: ${nameOf(element)}`);
    if (element instanceof HTMLAnchorElement && !allowed.schemes.includes(element.protocol)) fault(`leads elsewhere: ${nameOf(element)}`);
  }

  function checkAround(element: Element): void {
    if (!element.matches(allowed.around.join())) fault(`not of the interface: ${nameOf(element)}`);
    for (const { name } of element.attributes) if (fits(name, allowed.neverAround)) fault(`${name} around the reply: ${nameOf(element)}`);
  }

  function check(element: Element): void {
    if (element.shadowRoot) fault(`has a shadow root: ${nameOf(element)}`);
    if (element.parentElement?.closest('.markdown')) checkInside(element);
    else checkAround(element);
  }

  const checkAll = (root: Element | ShadowRoot) => {
    if (root instanceof Element) check(root);
    for (const element of root.querySelectorAll('*')) check(element);
  };

  /** Looks at everything in the moment it is inserted or changed. */
  const observer = new MutationObserver(records => {
    for (const { target, addedNodes } of records) {
      if (target instanceof Element) check(target);
      for (const node of addedNodes) if (node instanceof Element) checkAll(node);
      // Thoughts are rendered once somebody looks.
      if (target instanceof Element) for (const fold of target.querySelectorAll<HTMLDetailsElement>('details.thoughts')) fold.open = true;
    }
  });

  const shadow = (chat: OllamaChat) => chat.renderRoot as ShadowRoot;
  const find = (chat: OllamaChat, selector: string) => shadow(chat).querySelector<HTMLElement>(selector)!;
  const focused = (chat: OllamaChat) => document.activeElement === chat && shadow(chat).activeElement?.localName;
  const frame = () => new Promise(requestAnimationFrame);
  // A bracket at the start of a line is a quote's.
  const words = (text: string) => text.replace(/[^a-z0-9<]/gi, '').toLowerCase();

  /** Nothing of the answer is outside of its own box, or over anything else, and the visitor still is where they were. */
  function checkPlaces(chat: OllamaChat): void {
    if (focused(chat) !== 'textarea') fault(`focus has moved to ${String(focused(chat))}`);
    const log = find(chat, '.log').getBoundingClientRect();
    const article = [...shadow(chat).querySelectorAll('article')].at(-1);
    const own = article?.getBoundingClientRect();
    for (const element of article?.querySelectorAll('.markdown *') ?? []) {
      // What is in a closed fold has a place that nobody sees.
      if (element.parentElement?.closest(allowed.scrolls) || !element.checkVisibility()) continue;
      const { left, right, top, bottom, width } = element.getBoundingClientRect();
      // The box of an inline element may be a little higher than its line.
      const outside = width && own && (left < log.left - 1 || right > log.right + 1 || top < own.top - 9 || bottom > own.bottom + 9);
      if (outside) fault(`outside of its message: ${nameOf(element)}`);
      if (!/^(?:static|relative)$/.test(getComputedStyle(element).position)) fault(`is positioned: ${nameOf(element)}`);
    }
    for (const selector of ['header', 'textarea']) {
      const { left, top, width, height } = find(chat, selector).getBoundingClientRect();
      const hit = shadow(chat).elementFromPoint(left + width / 2, top + height / 2);
      if (!hit?.closest('header, .composer, form')) fault(`${selector} is covered`);
    }
    const sign = document.querySelector('#sign')!;
    const { left, top } = sign.getBoundingClientRect();
    if (document.elementFromPoint(left + 2, top + 2) !== sign) fault('the page is covered');
    for (const selector of ['header', '.log', 'textarea']) {
      if (getComputedStyle(find(chat, selector)).direction !== 'ltr') fault(`${selector} has turned its direction`);
    }
  }

  function checkDepth(chat: OllamaChat): void {
    for (const element of shadow(chat).querySelectorAll('.markdown :not(:has(*))')) {
      let depth = 0;
      for (let at = element.parentElement; at && !at.matches('.markdown'); at = at.parentElement) depth++;
      if (depth > allowed.deepest) fault(`${depth} elements in each other`);
    }
  }

  /** A server's words may turn themselves around, but not those of the interface in the same line. */
  function checkDirections(chat: OllamaChat): void {
    const texts = document.createTreeWalker(shadow(chat), NodeFilter.SHOW_TEXT);
    for (let text = texts.nextNode(); text; text = texts.nextNode()) {
      const turns = /[\u202a-\u202e\u2066-\u2069]/.test(text.nodeValue ?? '');
      if (turns && !text.parentElement?.closest(allowed.ownLine)) fault(`turns the words around it: ${nameOf(text.parentElement!)}`);
    }
  }

  /** The page as it was: names, head, address, prototypes. */
  const page = () =>
    JSON.stringify([
      Object.getOwnPropertyNames(window).length,
      Object.getOwnPropertyNames(Object.prototype).sort(),
      document.head.innerHTML,
      document.body.children.length,
      document.title,
      document.baseURI,
      frames.length,
      document.styleSheets.length,
    ]);

  function checkText(chat: OllamaChat, { field, text, literal }: Question): void {
    const reply = chat.messages.at(-1);
    const received = field === 'content' ? reply?.content : field === 'thinking' ? reply?.thinking : undefined;
    if ((field === 'content' || field === 'thinking') && received !== text) fault(`another text arrived: ${JSON.stringify(received)}`);
    if (!literal) return;
    const place = field === 'content' ? [...shadow(chat).querySelectorAll('.markdown')].at(-1) : find(chat, '[role=alert]');
    const shown = words(place?.textContent ?? '');
    // A failure quotes a part of a long text.
    for (const [tag] of text.slice(0, field === 'content' ? Infinity : 400).matchAll(/<[a-z!/?][^<>]*>/gi)) {
      if (!fits(tag.toLowerCase(), allowed.written) && !shown.includes(words(tag))) fault(`is not shown as text: ${tag}`);
    }
  }

  /** A new chat for another server; else the one that is there. */
  async function chatFor(url: string): Promise<OllamaChat> {
    let chat = document.querySelector<OllamaChat>('ollama-chat')!;
    if (new URL(chat.url).href !== new URL(url).href) {
      const next = Object.assign(document.createElement('ollama-chat'), { url });
      chat.replaceWith(next);
      chat = next;
    }
    await chat.updateComplete;
    observer.observe(shadow(chat), { subtree: true, childList: true, attributes: true });
    return chat;
  }

  async function ask(question: Question): Promise<void> {
    current = question.id;
    const before = page();
    const chat = await chatFor(question.url);
    chat.focus();
    // A new chat is focused once it is there.
    while (focused(chat) !== 'textarea') await frame();
    checkDirections(chat);
    let answering = true;
    const sent = chat.send(question.ask).then(
      () => '',
      (error: Error) => error.message,
    );
    void sent.then(() => (answering = false));
    for (; answering; await frame()) checkPlaces(chat);
    const failed = await sent;
    const fails = ['error line', 'refusal', 'error page', 'missing model'].includes(question.field);
    if (fails !== !!failed) fault(`the answer ended ${failed ? `with ${failed}` : 'well'}`);
    await chat.updateComplete;
    // The words about a failure come from a file of their own; the server's are quoted there.
    const isQuoted = failed && ['error line', 'refusal'].includes(question.field);
    for (let frames = 0; isQuoted && frames < 200 && !find(chat, '[role=alert] q'); frames++) await frame();
    await frame();
    await frame();
    checkAll(shadow(chat));
    checkPlaces(chat);
    checkDepth(chat);
    checkDirections(chat);
    checkText(chat, question);
    if (page() !== before) fault(`the page has changed: ${page()}, before ${before}`);
  }

  Object.assign(window, { hostile: { ask, faults } satisfies Hostile });
}
