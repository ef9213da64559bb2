/** All that a visitor does with kept conversations, under the strictest policy that a page can have: the browser reports nothing. */
import { readFile } from 'node:fs/promises';
import { SAMPLE } from '../support/behaviours.ts';
import { asks, type ChatPage, come, expect, kept, settled, test as base } from './storage-site.ts';

/** Each test fails for whatever the browser reports on any page that it was on. */
const test = base.extend({
  page: async ({ page }, use) => {
    const reports: string[] = [];
    await page.exposeFunction('report', (text: string) => void reports.push(text));
    await page.addInitScript(() => {
      const { report } = window as unknown as { report: (text: string) => void };
      document.addEventListener('securitypolicyviolation', ({ effectiveDirective, blockedURI, sourceFile, lineNumber, sample }) =>
        report([effectiveDirective, blockedURI, sourceFile, lineNumber, sample].join(' ')),
      );
    });
    await use(page);
    expect(reports).toEqual([]);
  },
});

const list = (at: ChatPage) => at.chat.getByRole('region', { name: 'Conversations' });
const rows = (at: ChatPage) => list(at).getByRole('listitem');

test('with the list: reload in mid-answer, go on, name, find, export, delete, undo, import', async ({ prepare, page }) => {
  const at = await prepare({ persist: 'browser', model: 'held' }, { isStrict: true });
  await come(at);
  await at.ask('What is new?');
  await expect(at.answers).toContainText('Hello! This is');
  await come(at);
  await at.set({ model: 'tiny' });
  await at.button('Continue').click();
  await at.idle();
  await at.button('New chat').click();
  await asks(at, 'And another?');
  await asks(at, '<img src=x onerror=alert(1)>');

  await at.button('Conversations').click();
  await expect(rows(at)).toHaveText([/And another\?/, /What is new\?/]);
  await list(at).getByRole('searchbox').fill('onerror');
  await expect(rows(at)).toHaveText([/And another\?/]);
  await list(at).getByRole('searchbox').fill('');
  await rows(at).last().hover();
  await at.button('Rename “What is new?”').click();
  await list(at).getByRole('textbox', { name: 'New title' }).fill('<b>News</b>');
  await page.keyboard.press('Enter');
  await expect(rows(at)).toHaveText([/And another\?/, /<b>News<\/b>/]);

  const files: Record<string, string> = {};
  for (const format of ['To read (Markdown)', 'To import again (JSON)']) {
    await at.button('Export “And another?”').click();
    const download = page.waitForEvent('download');
    await at.button(format).click();
    files[format] = await readFile(await (await download).path(), 'utf8');
  }
  expect(files['To read (Markdown)']).toContain('And another?');
  const json = files['To import again (JSON)']!;
  const said = await kept(page, 'browser');
  expect(JSON.parse(json)).toMatchObject({
    format: 'ollama-chat',
    messages: said.map(({ id, role, content, status }) => ({ id, role, content, status })),
  });

  await at.button('Delete “And another?”').click();
  await expect(rows(at)).toHaveText([/<b>News<\/b>/]);
  await list(at).getByRole('button', { name: 'Undo' }).click();
  await expect(rows(at)).toHaveCount(2);
  await at.button('Delete all').click();
  await expect(rows(at)).toHaveCount(0);
  await list(at)
    .locator('input[type=file]')
    .setInputFiles({ name: 'chat.json', mimeType: 'application/json', buffer: Buffer.from('{') });
  await expect(list(at).getByRole('alert')).toBeVisible();
  await list(at)
    .locator('input[type=file]')
    .setInputFiles({ name: 'chat.json', mimeType: 'application/json', buffer: Buffer.from(json) });
  await expect(at.questions).toHaveText([/And another\?/, /<img src=x onerror=alert\(1\)>/]);
  expect((await at.messages()).map(({ content }) => content)).toEqual(said.map(({ content }) => content));
  await come(at);
  await expect(at.questions).toHaveCount(2);
});

test('a popup: the next page in mid-answer, what waits, a notice, a change of language', async ({ prepare, page }) => {
  const at = await prepare({ layout: 'popup', model: 'held' }, { isStrict: true });
  await come(at);
  await at.button('Open chat').click();
  await at.ask('What is new?');
  await expect(at.answers).toContainText('Hello! This is');
  await at.ask('And then?');
  await expect(at.chat.locator('.queued')).toHaveText('And then?');
  await come(at, `${at.site.url}/?two`);
  await expect(at.box).toBeVisible();
  await expect(at.chat.locator('.queued')).toHaveText('And then?');
  await at.set({ model: 'tiny' });
  await at.button('Send now').click();
  await expect(at.questions).toHaveCount(2);
  await at.idle();
  expect((await at.messages()).at(-1)?.content).toBe(SAMPLE);
  await at.chat.evaluate(chat => chat.setAttribute('persist', 'false'));
  await page.evaluate(() => sessionStorage.setItem('ollama-chat:default:chat', '{'));
  await come(at);
  await settled(at);
  await expect(at.chat.getByText('A part of this conversation can’t be read')).toBeVisible();
  await at.set({ lang: 'vi' });
  await expect(at.chat.getByText('A part of this conversation')).toHaveCount(0);
});
