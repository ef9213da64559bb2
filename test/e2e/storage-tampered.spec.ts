/** Storage that a newer version has left, that is half written, too much, or tampered with in a tab. */
import { SAMPLE } from '../support/behaviours.ts';
import { asks, type ChatPage, come, expect, keptTexts, notices, NOTICES, type OllamaChat, saysOnce } from './storage-site.ts';
import { conversation, dump, make, message, put, sent, test, tryAll } from './storage-tamper.ts';

const SAID = ['user: One?', `assistant: ${SAMPLE}`, 'user: Two?', `assistant: ${SAMPLE}`];

/** All of the tab's storage but the seat, which says no more than that a page is using it. */
const items = ({ page }: ChatPage, ...but: string[]) =>
  page.evaluate(
    names =>
      Object.entries(sessionStorage)
        .filter(([name]) => !names.includes(name))
        .toSorted(),
    but,
  );

/** The chat works on in memory, says so once, and leaves the store as it is. */
async function leavesIt(at: ChatPage, notice: Parameters<typeof saysOnce>[1]) {
  const before = await dump(at.page);
  await come(at);
  await saysOnce(at, notice);
  await asks(at, 'One?');
  await asks(at, 'Two?');
  expect(await at.said()).toEqual(SAID);
  await expect(notices(at)).toHaveCount(0);
  await at.page.goto(`${at.site.url}/empty.html`);
  expect(await dump(at.page)).toEqual(before);
}

test('a conversation of a newer version is left as it is, and what is said now is not kept', async ({ prepare }) => {
  const at = await prepare({ persist: 'browser' });
  await put(at.page, 'conversations', [
    conversation('default', { version: 2, messages: { new: 'shape' } }),
    conversation('default', { id: 'put away', version: 2, discarded: 5 }),
  ]);
  await put(at.page, 'messages', [message('default', 'one', { version: 2, parts: ['new shape'] })]);
  await at.page.evaluate(() => sessionStorage.setItem('ollama-chat:default', JSON.stringify({ version: 1, conversation: 'first' })));
  await leavesIt(at, 'newer');
});

test('a store of a newer version is left as it is', async ({ prepare }) => {
  const at = await prepare({ persist: 'browser' });
  await make(at.page, 2);
  await leavesIt(at, 'newer');
  expect(await at.page.evaluate(() => indexedDB.databases())).toEqual([{ name: 'ollama-chat', version: 2 }]);
});

test('a store of the same name and version that holds something else is left as it is', async ({ prepare }) => {
  const at = await prepare({ persist: 'browser' });
  await make(at.page, 1);
  await leavesIt(at, 'blocked');
});

test('messages of a newer version are left out and left as they are, and the others are there', async ({ prepare }) => {
  const at = await prepare({ persist: 'browser' });
  await put(at.page, 'conversations', [conversation('default')]);
  await put(at.page, 'messages', [
    message('default', 'one', { content: 'One?', order: 1 }),
    message('default', 'two', { version: 2, order: 2, content: 'of a newer version' }),
  ]);
  const { 'messages ["default","first","two"]': newer } = await dump(at.page);
  await come(at);
  await saysOnce(at, 'damaged');
  await expect(at.questions).toHaveText([/^One\?/]);
  await asks(at, 'Two?');
  expect(JSON.stringify(at.ollama.chats().map(({ body }) => body))).not.toContain('newer');
  expect(await dump(at.page)).toMatchObject({ 'messages ["default","first","two"]': newer });
  await come(at);
  await expect(at.questions).toHaveText([/^One\?/, /^Two\?/]);
});

test('messages without their conversation are there, and a conversation without its messages says that they are missing', async ({
  prepare,
}) => {
  const at = await prepare({ persist: 'browser' });
  await put(at.page, 'messages', [message('default', 'one', { content: 'One?' })]);
  await put(at.page, 'conversations', [conversation('other')]);
  await come(at);
  await saysOnce(at, 'damaged');
  await expect(at.questions).toHaveText([/^One\?/]);
  await asks(at, 'Two?');
  await expect.poll(() => keptTexts(at.page, 'browser')).toEqual(['One?', 'Two?', SAMPLE]);
  await at.chat.evaluate(chat => chat.setAttribute('storage-key', 'other'));
  await expect(at.questions).toHaveCount(0);
  await asks(at, 'Other?');
  await expect.poll(() => keptTexts(at.page, 'browser', 'other')).toEqual(['Other?', SAMPLE]);
});

test('what a tab was left by a newer version stays as it is, the seat included', async ({ prepare }) => {
  const at = await prepare({ persist: 'tab' });
  await at.page.evaluate(() => {
    sessionStorage.setItem('ollama-chat:default', '{"version":2,"live":true,"place":"new shape"}');
    sessionStorage.setItem('ollama-chat:default:chat', '{"version":2,"order":["one"]}');
    sessionStorage.setItem('ollama-chat:default:chat:one', '{"version":2,"parts":["new shape"]}');
  });
  const before = await items(at);
  await leavesIt(at, 'newer');
  expect(await items(at)).toEqual(before);
});

/** What stands where the conversation of a tab should, and what is read of it. */
const HEADS: Record<string, { head: string; said?: string[]; draft?: string; waiting?: string[]; whole?: true }> = {
  'no JSON': { head: 'text' },
  'half of it': { head: '{"version":1,"order":["one","tw' },
  nothing: { head: '' },
  null: { head: 'null' },
  'a number': { head: '7' },
  'a list': { head: '["one","two"]' },
  'no version': { head: '{"order":["one","two"]}' },
  'a version in words': { head: '{"version":"1","order":["one"]}' },
  'no order': { head: '{"version":1,"draft":"a draft"}', draft: 'a draft' },
  'an order of everything': {
    head: '{"version":1,"order":[1,null,{},["one"],"one","one","none","__proto__","constructor","text","two"]}',
    said: ['one', 'two'],
  },
  'prototypes of its own': {
    head: '{"version":1,"order":["one"],"__proto__":{"polluted":1,"draft":"x"},"constructor":{"prototype":{"polluted":1}}}',
    said: ['one'],
    whole: true,
  },
  'a draft of the wrong kind': { head: '{"version":1,"order":["one"],"draft":{"length":3}}', said: ['one'] },
  'a queue of the wrong kind': { head: '{"version":1,"order":["one"],"queue":{"length":1,"0":"text"}}', said: ['one'] },
  'a queue of everything': {
    head: '{"version":1,"order":["one"],"queue":[1,null,"wait",["x"],"<b>"]}',
    said: ['one'],
    waiting: ['wait', '<b>'],
  },
  'a queue of thousands': {
    head: JSON.stringify({ version: 1, order: ['one'], queue: Array.from({ length: 20_000 }, (_, index) => `${index}`) }),
    said: ['one'],
    waiting: Array.from({ length: 100 }, (_, index) => `${index}`),
  },
};

test('garbage where the conversation of a tab should be: what can be read is there, the rest is set aside, and the chat answers', async ({
  prepare,
}) => {
  const at = await prepare();
  const keys = Object.keys(HEADS);
  const item = (key: string, name = '') => `ollama-chat:${key}:chat${name}`;
  const messages = {
    one: '{"id":"one","role":"user","content":"content one"}',
    two: '{"id":"two","role":"assistant","content":"content two"}',
  };
  const before = Object.entries(HEADS).flatMap(([key, { head }]) => [
    [item(key), head],
    ...Object.entries({ ...messages, none: '{"id":"other","role":"user","content":"moved"}', text: 'no message' }).map(([id, text]) => [
      item(key, `:${id}`),
      text,
    ]),
  ]) as [string, string][];
  await at.page.evaluate(all => all.forEach(([name, text]) => sessionStorage.setItem(name, text)), before);
  await come(at);
  for (const { key, ...found } of await tryAll(at, keys, 'tab')) {
    const { said = [], draft = '', waiting = [], whole } = HEADS[key]!;
    const notice = whole ? '' : `${NOTICES.damaged} and was left out.`;
    expect(found, key).toEqual({
      ...{ said, texts: said.map(id => `content ${id}`), draft, waiting, notice, answered: SAMPLE, length: said.length + 2 },
    });
  }
  expect(JSON.stringify(sent(at))).not.toMatch(/no message|moved/);
  const after = new Map(await at.page.evaluate(() => Object.entries(sessionStorage)));
  for (const [name, text] of before) {
    const isSetAside = name.endsWith(':chat') && !HEADS[name.slice(12, -5)]!.head.startsWith('{"version":1,"');
    expect(after.get(isSetAside ? name.replace(/chat$/, 'unreadable') : name), name).toEqual(
      name.endsWith(':chat') && !isSetAside ? expect.anything() : text,
    );
  }
  await come(at);
  for (const { key, texts, draft, notice } of await tryAll(at, keys, 'tab')) {
    const { said = [], draft: before = '' } = HEADS[key]!;
    expect({ texts, draft }, key).toEqual({ texts: [...said.map(id => `content ${id}`), `asked in ${key}`, SAMPLE], draft: before });
    expect(notice, key).toBe(key === 'an order of everything' ? `${NOTICES.damaged} and was left out.` : '');
  }
});

test('a seat that is garbage is taken all the same, and the conversation is still there', async ({ prepare }) => {
  const at = await prepare();
  const seats = [
    ...['text', 'null', '7', '[]', '{"live":true}', '{"live":true,"tab":{},"conversation":7,"open":"yes"}', '{"__proto__":{"live":true}}'],
    ...[
      `{"live":true,"tab":"${'x'.repeat(100_000)}"}`,
      `{"live":false,"tab":"${'x'.repeat(100_000)}","conversation":"${'x'.repeat(100_000)}"}`,
    ],
  ];
  await at.page.evaluate(all => {
    for (const [index, seat] of all.entries()) {
      sessionStorage.setItem(`ollama-chat:${index}`, seat);
      sessionStorage.setItem(`ollama-chat:${index}:chat`, '{"version":1,"order":["one"]}');
      sessionStorage.setItem(`ollama-chat:${index}:chat:one`, '{"id":"one","role":"user","content":"One?"}');
    }
  }, seats);
  await come(at);
  for (const { key, texts, notice, answered } of await tryAll(at, [...seats.keys()].map(String), 'tab')) {
    expect({ texts, notice, answered }, seats[Number(key)]).toEqual({ texts: ['One?'], notice: '', answered: SAMPLE });
  }
});

test('thousands of conversations, and one of thousands of messages, are there, and the chat answers', async ({ prepare }) => {
  const at = await prepare({ persist: 'browser' });
  await at.page.evaluate(async () => {
    const { tamper } = window as unknown as { tamper: { put(store: string, sketches: object[]): Promise<void> } };
    const many = Array.from({ length: 5000 }, (_, index) => index);
    const common = { key: 'default', version: 1 };
    await tamper.put('conversations', [
      ...many.map(index => ({
        ...common,
        id: `c${index}`,
        title: `Number ${index}`,
        size: 1,
        updated: index,
        stamp: 's',
        draft: '',
        queue: [],
      })),
      { ...common, id: 'long', title: 'The long one', size: 20_000, updated: 1e12, stamp: 's', draft: '', queue: [] },
    ]);
    const message = { ...common, role: 'user', content: 'Words.', status: 'complete' };
    await tamper.put(
      'messages',
      many.map(index => ({ ...message, conversation: `c${index}`, id: 'm', order: 1, content: `Words ${index}.` })),
    );
    const long = Array.from({ length: 20_000 }, (_, index) => index);
    await tamper.put(
      'messages',
      long.map(index => ({ ...message, conversation: 'long', id: `m${index}`, order: index })),
    );
  });
  await come(at);
  await expect(at.questions.last()).toHaveText(/Words\./);
  expect(await at.chat.evaluate((chat: OllamaChat) => chat.messages.length)).toBe(20_000);
  await asks(at, 'And now?');
  await at.button('Conversations').click();
  const list = at.chat.getByRole('region', { name: 'Conversations' });
  await expect(list.getByRole('listitem')).toHaveCount(5001);
  await list.getByRole('searchbox').fill('words 4321');
  await expect(list.getByRole('listitem')).toHaveText([/Number 4321/]);
  await list.getByRole('listitem').getByRole('button').first().click();
  await expect(at.questions).toHaveText([/Words 4321\./]);
});
