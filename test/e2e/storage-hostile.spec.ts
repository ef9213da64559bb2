/** Hostile words in the storage, in every field that is shown: kept messages are no more trusted than a model's, and titles and drafts are text. */
import { ALLOWED, type Allowed } from '../hostile/allowed.ts';
import { startCanary } from '../hostile/canary.ts';
import { type Hostile, install } from '../hostile/in-page.ts';
import { SAMPLE } from '../support/behaviours.ts';
import { arm, type Payload, SPREAD } from '../support/hostile-payloads.ts';
import { isNetworkLine } from './chat-page.ts';
import { expect, type OllamaChat } from './storage-site.ts';
import { conversation, message, put, type Sketch, test } from './storage-tamper.ts';

/** What the queue and the list are made of; both hold the visitor's words in lines of their own. */
const allowed: Allowed = {
  ...ALLOWED,
  around: [...ALLOWED.around, 'ul', 'li', 'footer', 'time', 'input'],
  ownLine: `${ALLOWED.ownLine}, .queued, .history-name`,
};

/** Everything in a conversation that is a text is this one. */
function recordsOf({ id }: Payload, text: string) {
  const key = `payload ${id}`;
  // As long as a name may be, and without what none may hold.
  const name = (before: string) => `${before}${text}`.replace(/\p{Cc}/gu, '').slice(0, 200);
  const calls = [{ id: text, function: { name: text.slice(0, 1000) || 'x', arguments: { [text]: text } } }];
  const place = { conversation: name(''), status: 'interrupted' };
  const messages: Sketch[] = [
    message(key, name('q'), { ...place, content: text, order: 1 }),
    message(key, name('a'), { ...place, role: 'assistant', content: text, thinking: text, tool_calls: calls, tool_name: text, order: 2 }),
  ];
  return { key, head: conversation(key, { id: name(''), title: text, stamp: text, draft: text, queue: [text] }), messages };
}

for (const [persist, where] of [
  ['browser', 'under a strict policy'],
  ['tab', 'without a policy'],
] as const) {
  test(`nothing of ${SPREAD.length} hostile conversations that are kept runs, loads or escapes ${where}: ${persist}`, async ({
    page,
    prepare,
  }) => {
    const canary = await startCanary();
    const body = (tag: string) => `<p id="sign">Words of the page.</p>${tag}`;
    const { ollama, site } = await prepare({ persist, 'storage-key': 'none' }, { isStrict: persist === 'browser', body });
    const heard: string[] = [];
    page.on('request', request => {
      const { origin, pathname } = new URL(request.url());
      if (origin !== ollama.url && !(origin === site.url && /^\/(?:cdn\/.*|favicon\.ico)?$/.test(pathname)))
        heard.push(`a request: ${request.url()}`);
    });
    page.on('popup', popup => heard.push(`a window: ${popup.url()}`));
    page.on('download', download => heard.push(`a download: ${download.url()}`));
    page.on('dialog', dialog => void dialog.dismiss().then(() => heard.push(`a dialog: ${dialog.message()}`)));
    page.on('console', entry => {
      if (/error|warning/.test(entry.type()) && !isNetworkLine(entry.text())) heard.push(`on the console: ${entry.text()}`);
    });
    await page.addInitScript(install, allowed);

    const all = SPREAD.map(payload => ({
      id: payload.id,
      name: payload.name,
      text: arm(payload, { canary: canary.url }),
      ...recordsOf(payload, arm(payload, { canary: canary.url })),
    }));
    await put(
      page,
      'conversations',
      all.map(({ head }) => head),
    );
    await put(
      page,
      'messages',
      all.flatMap(({ messages }) => messages),
    );
    await page.evaluate(given => {
      for (const { key, head, messages } of given) {
        sessionStorage.setItem(`ollama-chat:${key}`, JSON.stringify({ version: 1, conversation: head['id'] }));
        sessionStorage.setItem(`ollama-chat:${key}:chat`, JSON.stringify({ ...head, order: messages.map(({ id }) => id) }));
        for (const entry of messages) sessionStorage.setItem(`ollama-chat:${key}:chat:${String(entry['id'])}`, JSON.stringify(entry));
      }
    }, all);

    await page.goto(site.url);
    await page.evaluate(() => customElements.whenDefined('ollama-chat'));
    for (const { id, key, text, name } of all) {
      const shown = await page.evaluate(look, { id, key, text, url: ollama.url, sample: SAMPLE, isList: persist === 'browser' });
      const lines = (words: string) => words.replace(/\r\n?/g, '\n');
      expect({ ...shown, question: lines(shown.question), draft: lines(shown.draft) }, name).toMatchObject({
        question: lines(text),
        draft: lines(text),
      });
      const words = (given: string) => given.replace(/\s+/g, ' ').trim();
      expect(words(text).startsWith(words(shown.waiting).replace(/ ?…$/, '')), name).toBe(true);
      if (persist === 'browser')
        expect(words(text).startsWith(words(shown.title).replace(/…$/, '')) || (!words(text) && shown.title === 'Untitled'), name).toBe(
          true,
        );
    }
    const { faults } = await page.evaluate(() => ({ faults: (window as unknown as { hostile: Hostile }).hostile.faults }));
    const names = new Map(all.map(({ id, name }) => [id, name]));
    const visits = canary.visits.map(visit => `the canary had ${visit}`);
    await canary.close();
    expect([...faults.map(({ id, what: fault }) => `${names.get(id)}: ${fault}`), ...heard, ...visits]).toEqual([]);
    expect(page.url()).toBe(`${site.url}/`);
    expect(ollama.chats()).toHaveLength(all.length);
  });
}

/** Runs in the page: a chat that finds all this, asked once more, and what it shows of it. */
async function look({
  id,
  key,
  text,
  url,
  sample,
  isList,
}: {
  id: number;
  key: string;
  text: string;
  url: string;
  sample: string;
  isList: boolean;
}) {
  const { hostile } = window as unknown as { hostile: Hostile };
  const old = document.querySelector('ollama-chat')!;
  const chat = old.cloneNode() as OllamaChat;
  chat.storageKey = key;
  old.replaceWith(chat);
  await chat.exportConversation();
  await chat.updateComplete;
  const root = chat.shadowRoot!;
  for (const fold of root.querySelectorAll<HTMLDetailsElement>('details.thoughts')) fold.open = true;
  const first = (selector: string) => root.querySelector(selector)?.textContent ?? '';
  await hostile.ask({ id, field: 'content', literal: false, text: sample, ask: `And now, ${id}?`, url });
  const shown = {
    question: first('.bubble'),
    waiting: first('.queued'),
    draft: root.querySelector('textarea')!.value,
    title: '',
    said: chat.messages.length,
  };
  if (!isList) return shown;
  root.querySelector<HTMLElement>('[aria-label="Conversations"]')!.click();
  while (!root.querySelector('.history-row')) await new Promise(requestAnimationFrame);
  root.querySelector<HTMLElement>('[aria-label^="Rename"]')!.click();
  await chat.updateComplete;
  const field = root.querySelector<HTMLInputElement>('.history-edit input')!;
  const found = { ...shown, title: field.value };
  field.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', bubbles: true }));
  await chat.updateComplete;
  return { ...found, title: first('.history-name'), text };
}
