/** Follows the answer, but only as long as the reader does. */
import type { ChatPage } from './chat-page.ts';
import { expect, test } from './chat-page.ts';

const fromEnd = (at: ChatPage) => at.log.evaluate(log => Math.round(log.scrollHeight - log.scrollTop - log.clientHeight));
const height = (at: ChatPage) => at.log.evaluate(log => log.scrollHeight);
const top = (at: ChatPage) => at.log.evaluate(log => Math.round(log.scrollTop));

/** Waits until the answer has become some lines longer. */
async function grows(at: ChatPage) {
  const before = await height(at);
  await expect.poll(() => height(at)).toBeGreaterThan(before + 40);
}

/** A conversation of many lines, and an answer that does not end. */
async function reading(open: (attributes: Record<string, string>) => Promise<ChatPage>): Promise<ChatPage> {
  const at = await open({ model: 'never-ends' });
  await at.page.setViewportSize({ width: 360, height: 600 });
  await at.begin('Q', 'A paragraph of an earlier answer, some words long.\n\n'.repeat(30));
  await at.ask('Go on');
  await expect(at.answers.last()).toContainText('word 10 ');
  return at;
}

test('the end of the answer stays in view while it grows', async ({ open }) => {
  const at = await reading(open);
  for (let time = 0; time < 3; time++) {
    await grows(at);
    await expect.poll(() => fromEnd(at)).toBeLessThanOrEqual(1);
  }
  await expect(at.button('Jump to latest')).toHaveCount(0);
});

test('scrolling up stops that, Jump to latest goes back and follows again', async ({ open, page }) => {
  const at = await reading(open);
  await at.log.hover();
  await page.mouse.wheel(0, -300);
  await expect(at.button('Jump to latest')).toBeVisible();
  // The wheel's scrolling may take a moment to come to rest; where the answer is followed nothing ever rests.
  await expect(async () => {
    const before = await top(at);
    await grows(at);
    expect(await top(at)).toBe(before);
  }).toPass();
  await at.button('Jump to latest').click();
  await expect(at.button('Jump to latest')).toHaveCount(0);
  await expect.poll(() => fromEnd(at)).toBeLessThanOrEqual(1);
  await grows(at);
  await expect.poll(() => fromEnd(at)).toBeLessThanOrEqual(1);
});

test('scrolling back to the end by hand follows again', async ({ open, page }) => {
  const at = await reading(open);
  await at.log.hover();
  await page.mouse.wheel(0, -300);
  await expect(at.button('Jump to latest')).toBeVisible();
  // The answer may have grown on before the wheel's scrolling is at its end.
  await expect(async () => {
    await page.mouse.wheel(0, 5000);
    await expect(at.button('Jump to latest')).toHaveCount(0, { timeout: 1000 });
  }).toPass();
  await grows(at);
  await expect.poll(() => fromEnd(at)).toBeLessThanOrEqual(1);
});

test('the keyboard alone does all of it', async ({ open, page }) => {
  const at = await reading(open);
  await at.log.focus();
  await page.keyboard.press('PageUp');
  await expect(at.button('Jump to latest')).toBeVisible();
  await page.keyboard.press('Home');
  await expect.poll(() => top(at)).toBe(0);
  await at.button('Jump to latest').focus();
  await page.keyboard.press('Enter');
  await expect(at.button('Jump to latest')).toHaveCount(0);
  await expect.poll(() => fromEnd(at)).toBeLessThanOrEqual(1);
  // The focus is not lost with the button.
  expect(await at.chat.evaluate(chat => chat.shadowRoot!.activeElement?.localName)).toMatch(/^(textarea|div)$/);
});

test('a new question leads to its answer, wherever the reader was', async ({ open, page }) => {
  const at = await open();
  await at.page.setViewportSize({ width: 360, height: 600 });
  await at.begin('Q', 'A paragraph of an earlier answer, some words long.\n\n'.repeat(30));
  await at.log.hover();
  await page.mouse.wheel(0, -5000);
  await expect(at.button('Jump to latest')).toBeVisible();
  await at.ask('Next');
  await at.idle();
  await expect(at.button('Jump to latest')).toHaveCount(0);
  await expect.poll(() => fromEnd(at)).toBeLessThanOrEqual(1);
});

test('the end stays in view when the chat is made smaller', async ({ open }) => {
  const at = await reading(open);
  await at.button('Stop').click();
  await at.chat.evaluate(chat => (chat.style.blockSize = '300px'));
  await expect.poll(() => fromEnd(at)).toBeLessThanOrEqual(1);
});
