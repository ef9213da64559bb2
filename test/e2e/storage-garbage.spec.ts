/** Garbage in the store of the browser: what can be read is there, the rest stays as it is and is never sent, and the chat answers. */
import { SAMPLE } from '../support/behaviours.ts';
import { type ChatPage, come, expect, NOTICES } from './storage-site.ts';
import { conversation, dump, type Garbage, GARBAGE, message, NOTHINGS, NUMBERS, put, sent, test, TEXTS, tryAll } from './storage-tamper.ts';

test('garbage in any field of a kept message: the message is there without that, or left out, and stays as it is in the store', async ({
  prepare,
}) => {
  const at = await prepare();
  await come(at);
  /** Which garbage leaves a message readable, and which of that is no loss. Fields that are not named take any. */
  const readable = new Map<string, readonly Garbage[]>([
    ['version', []],
    ['role', []],
    ['content', TEXTS],
    ['order', NUMBERS],
  ]);
  const harmless = new Map<string, readonly Garbage[]>([
    ...[...readable].map(([field, garbage]) => [field, garbage] as const),
    ...['thinking', 'tool_name', 'tool_call_id'].map(field => [field, [...TEXTS, ...NOTHINGS]] as const),
    ...['images', 'tool_calls'].map(field => [field, ['empty list', ...NOTHINGS]] as const),
  ]);
  const fields = [...harmless.keys(), 'status', 'stats', 'foreign', 'constructor', '__proto__'];
  for (const field of fields) {
    const messages = (key: string, values: readonly Garbage[]) => [
      message(key, 'good', { order: -5 }),
      ...values.map((garbage, index) => message(key, garbage, { order: index, [field]: { garbage } })),
    ];
    await put(at.page, 'conversations', [conversation(field), conversation(`harmless ${field}`)]);
    await put(at.page, 'messages', [
      ...messages(field, GARBAGE),
      message(field, 'a list', { asList: true }),
      ...messages(`harmless ${field}`, harmless.get(field) ?? GARBAGE),
    ]);
  }
  const before = await dump(at.page);
  const outcomes = await tryAll(at, [...fields, ...fields.map(field => `harmless ${field}`)]);
  const after = await dump(at.page);
  for (const { key, said, notice, answered } of outcomes) {
    const isHarmless = key.startsWith('harmless');
    const expected = (isHarmless ? harmless : readable).get(key.replace('harmless ', '')) ?? GARBAGE;
    expect(said.toSorted(), key).toEqual(['good', ...expected].toSorted());
    expect(answered, key).toBe(SAMPLE);
    expect(notice, key).toBe(isHarmless ? '' : `${NOTICES.damaged} and was left out.`);
  }
  for (const [key, record] of Object.entries(before)) if (key.startsWith('messages')) expect(after[key], key).toBe(record);
  for (const { role, content, ...rest } of sent(at)) {
    expect(
      Object.values(rest)
        .flat()
        .map(value => typeof value)
        .join(),
    ).toMatch(/^(?:string(?:,|$))*$/);
    expect(role).toMatch(/^(?:user|assistant)$/);
    expect(content).toMatch(/^(?:content .{1,30}|asked in .*|text|__proto__|<img.*|[\ud83d\ufffd]|)$|^Hello!/);
  }
});

test('garbage in a kept conversation: what was said in it is there, it goes on, and what is no record at all is set aside', async ({
  prepare,
}) => {
  const at = await prepare();
  await come(at);
  const own = ['title', 'name', 'size', 'updated', 'stamp', 'draft', 'queue', 'foreign', 'constructor', '__proto__'];
  const cases = GARBAGE.flatMap(garbage => {
    const isNumber = [...NUMBERS, 'NaN'].includes(garbage);
    const kinds = { version: ['version'], discarded: isNumber ? [] : ['discarded'], own };
    return Object.entries(kinds).map(([kind, fields]) => ({ kind, fields, garbage, key: `${kind} as ${garbage}` }));
  });
  await put(
    at.page,
    'conversations',
    cases.map(({ key, fields, garbage }) => conversation(key, Object.fromEntries(fields.map(field => [field, { garbage }])))),
  );
  await put(
    at.page,
    'messages',
    cases.flatMap(({ key }) => [message(key, 'one', { order: 1 }), message(key, 'two', { order: 2, role: 'assistant' })]),
  );
  const before = await dump(at.page);
  const outcomes = new Map(
    (
      await tryAll(
        at,
        cases.map(({ key }) => key),
      )
    ).map(outcome => [outcome.key, outcome]),
  );
  const after = Object.values(await dump(at.page)).map(text => text.replace('"unreadable:first"', '"first"'));
  for (const { key, kind, garbage } of cases) {
    const { said, draft, waiting, notice, answered, length } = outcomes.get(key)!;
    expect({ said, answered, length }, key).toEqual({ said: ['one', 'two'], answered: SAMPLE, length: 4 });
    const shown = { text: 'text', 'name of a prototype': '__proto__', HTML: '<img src=x onerror=pwned(0)>', 'half a character': '\ud83d' };
    if (garbage === 'huge text' && kind === 'own') expect(draft.length).toBeLessThan(1_000_000);
    else expect(draft, key).toBe(kind === 'own' ? ((shown as Record<string, string>)[garbage] ?? '') : '');
    expect(waiting, key).toEqual(kind === 'own' && garbage === 'list of texts' ? ['text'] : []);
    const isWhole = kind === 'discarded' || (kind === 'own' && garbage === 'nothing');
    expect(notice, key).toBe(isWhole ? '' : `${NOTICES.damaged} and was left out.`);
    if (kind === 'version') expect(after, key).toContain(before[`conversations ${JSON.stringify([key, 'first'])}`]);
  }
});

const list = (at: ChatPage) => at.chat.getByRole('region', { name: 'Conversations' });
const rows = (at: ChatPage) => list(at).getByRole('listitem');

async function openList(at: ChatPage) {
  await at.button('Conversations').click();
  await expect(list(at)).toBeVisible();
}

test('garbage in the list of conversations: whatever has an id can be opened, named, found and deleted, and all of it is text', async ({
  prepare,
}) => {
  const at = await prepare({ persist: 'browser' });
  const fields = ['title', 'name', 'size', 'updated', 'foreign'];
  const ids = ['x"]\n\'', '__proto__', ' ', '', 'constructor', '<b onclick=pwned(0)>', '\u202e', '\ud83d', 'long '.repeat(1000)];
  const sketches = [
    ...GARBAGE.map(garbage =>
      conversation('default', { id: `all as ${garbage}`, ...Object.fromEntries(fields.map(field => [field, { garbage }])) }),
    ),
    ...ids.map((id, index) => conversation('default', { id, title: `Odd ${index}`, updated: 1_700_000_000_000 + index })),
    conversation('default', { id: 'no record', version: 'none' }),
    conversation('default', { id: 'newest', title: 'The newest', updated: 1_800_000_000_000 }),
  ];
  await put(at.page, 'conversations', sketches);
  await put(
    at.page,
    'messages',
    sketches.map(({ id }, index) => message('default', 'm', { conversation: id, content: `first words of ${index}` })),
  );
  await come(at);
  await openList(at);
  // All but the one without a version, and the one that is of no size.
  await expect(rows(at)).toHaveCount(sketches.length - 2);
  await expect(rows(at).filter({ hasText: '<img src=x onerror=pwned(0)>' })).toHaveCount(1);
  await expect(list(at).locator('img, b')).toHaveCount(0);
  for (const index of [0, 1, 3, 5, 8]) {
    await list(at)
      .getByRole('searchbox')
      .fill(`first words of ${GARBAGE.length + index}`);
    await expect(rows(at)).toHaveText([new RegExp(`^\\s*Odd ${index}`)]);
    await rows(at).getByRole('button').first().click();
    await expect(at.questions).toHaveText(new RegExp(`first words of ${GARBAGE.length + index}`));
    await openList(at);
  }
  await rows(at).filter({ hasText: 'Odd 0' }).hover();
  await at.button('Rename “Odd 0”').click();
  await list(at).getByRole('textbox', { name: 'New title' }).fill('Even 0');
  await at.page.keyboard.press('Enter');
  await expect(rows(at).filter({ hasText: 'Even 0' })).toHaveCount(1);
  await at.button('Delete all').click();
  await expect(rows(at)).toHaveCount(0);
  await list(at).getByRole('button', { name: 'Undo' }).click();
  await expect(rows(at)).toHaveCount(sketches.length - 2);
  await at.button('Delete all').click();
  await list(at).getByRole('button', { name: 'Close' }).click();
  await expect
    .poll(async () => Object.keys(await dump(at.page)).sort())
    .toEqual(
      ['zero', 'no record']
        .flatMap(name => {
          const id = name === 'zero' ? 'all as zero' : name;
          return [`conversations ["default","${id}"]`, `messages ["default","${id}","m"]`];
        })
        .sort(),
    );
});
