/** A page view alone must never make the browser knock at the visitor's own computer. */
import { expect, test } from './chat-page.ts';

test('a page with both layouts, untouched for five seconds, asks the server nothing', async ({ open, page }) => {
  const at = await open({}, { body: tag => `${tag}${tag.replace('<ollama-chat', '<ollama-chat layout="popup"')}` });
  await page.mouse.move(300, 300);
  await page.mouse.wheel(0, 200);
  await page.waitForTimeout(5000);
  expect(at.ollama.requests).toEqual([]);
});

for (const model of ['tiny', null]) {
  const which = model ? 'with a model' : 'without a model';
  test(`focusing an inline chat asks, ${which}`, async ({ open }) => {
    const at = await open({ model });
    await at.box.focus();
    await at.ollama.waitForRequest(({ path }) => path === '/api/tags');
    expect(at.ollama.chats()).toEqual([]);
  });

  test(`opening a popup asks, ${which}`, async ({ open }) => {
    const at = await open({ layout: 'popup', model });
    await at.chat.getByRole('button', { name: 'Open chat' }).focus();
    await at.page.waitForLoadState('networkidle');
    expect(at.ollama.requests).toEqual([]);
    await at.page.keyboard.press('Enter');
    await at.ollama.waitForRequest(({ path }) => path === '/api/tags');
    expect(at.ollama.chats()).toEqual([]);
  });
}

test('a popup that is open from the start asks nothing until it is touched', async ({ open, page }) => {
  const at = await open({ layout: 'popup', open: true, model: null });
  await expect(at.box).toBeVisible();
  await page.waitForLoadState('networkidle');
  await page.waitForTimeout(500);
  expect(at.ollama.requests).toEqual([]);
  await at.box.click();
  await at.ollama.waitForRequest(({ path }) => path === '/api/tags');
});

test('looking for models again and again is not the widget’s business', async ({ open }) => {
  const at = await open({ model: null });
  await at.box.focus();
  await at.ollama.waitForRequest(({ path }) => path === '/api/ps');
  await at.log.focus();
  await at.box.focus();
  await at.ask('Why?');
  await at.idle();
  expect(at.ollama.requests.filter(({ path }) => path === '/api/tags')).toHaveLength(1);
});
