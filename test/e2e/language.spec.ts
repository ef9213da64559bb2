/** The words, the colours, and whose choice they are. */
import { ChatPage, expect, test } from './chat-page.ts';

const VIETNAMESE = { answer: 'Trả lời', you: 'Bạn' };

test('lang on the tag puts it in Vietnamese', async ({ open }) => {
  const { page, ollama, site } = await open({ lang: 'vi', model: 'nope' });
  const at = new ChatPage(page, ollama, site, VIETNAMESE);
  await expect(at.chat.getByRole('heading', { name: 'Bạn muốn hỏi gì?' })).toBeVisible();
  await expect(at.box).toHaveAttribute('placeholder', 'Nhập tin nhắn');
  await expect(at.button('Cuộc trò chuyện mới')).toBeVisible();
  await at.ask('Tại sao?');
  await expect(at.alert).toContainText('Chưa cài đặt mô hình nope');
  await at.set({ model: 'tiny' });
  await at.button('Thử lại').click();
  await at.idle();
  await expect(at.answers.getByRole('button', { name: 'Sao chép' })).toBeVisible();
  await expect(at.questions).toHaveText('Tại sao?');
});

test('the language is the page’s, a region makes no difference, and another language falls back to English', async ({ open }) => {
  const at = await open({}, { lang: 'vi-VN' });
  await expect(at.button('Gửi')).toBeVisible();
  await at.chat.evaluate(chat => chat.setAttribute('lang', 'en-GB'));
  await expect(at.button('Send')).toBeVisible();
  await at.chat.evaluate(chat => chat.setAttribute('lang', 'xx'));
  await expect(at.button('Send')).toBeVisible();
});

test('changing the language re-words what is there', async ({ open }) => {
  const at = await open({ model: 'nope' });
  await at.begin('Q', 'A');
  await at.ask('Why?');
  await expect(at.alert).toContainText('isn’t installed');
  await at.chat.evaluate(chat => chat.setAttribute('lang', 'vi'));
  await expect(at.alert).toContainText('Chưa cài đặt mô hình nope');
  await expect(at.log).toHaveAccessibleName('Tin nhắn');
  await expect(at.log.getByRole('article', { name: 'Trả lời' }).getByRole('button', { name: 'Sao chép' })).toBeVisible();
  await at.chat.evaluate(chat => chat.removeAttribute('lang'));
  await expect(at.alert).toContainText('isn’t installed');
});

test('so does setting the property', async ({ open }) => {
  const at = await open();
  await at.set({ lang: 'vi' });
  await expect(at.button('Gửi')).toBeVisible();
  await at.set({ lang: '' });
  await expect(at.button('Send')).toBeVisible();
});

test('the page’s own words win over those of the language', async ({ open }) => {
  const at = await open({ lang: 'vi', heading: 'Cửa hàng', greeting: 'Xin chào!', placeholder: 'Hỏi đi' });
  await expect(at.chat.getByRole('heading', { name: 'Cửa hàng' })).toBeVisible();
  await expect(at.chat.getByRole('heading', { name: 'Xin chào!' })).toBeVisible();
  await expect(at.box).toHaveAttribute('placeholder', 'Hỏi đi');
});

/** Black or white, roughly. */
const isDark = (at: ChatPage) =>
  at.log.evaluate(log => {
    const [red = 255] = getComputedStyle(log.closest('.panel')!).backgroundColor.match(/\d+/g)!.map(Number);
    return red < 128;
  });

test('a dark page gets a dark chat, a light one a light chat, whatever the visitor’s system prefers', async ({ open, page }) => {
  await page.emulateMedia({ colorScheme: 'dark' });
  const at = await open();
  expect(await isDark(at)).toBe(false);
  await page.evaluate(() => (document.documentElement.style.colorScheme = 'dark'));
  expect(await isDark(at)).toBe(true);
  await page.evaluate(() => (document.documentElement.style.colorScheme = 'light dark'));
  expect(await isDark(at)).toBe(true);
  await page.emulateMedia({ colorScheme: 'light' });
  expect(await isDark(at)).toBe(false);
});

test('theme decides against the page', async ({ open }) => {
  const at = await open({ theme: 'dark' });
  expect(await isDark(at)).toBe(true);
  await at.set({ theme: 'light' });
  await at.page.evaluate(() => (document.documentElement.style.colorScheme = 'dark'));
  expect(await isDark(at)).toBe(false);
  await at.set({ theme: 'auto' });
  expect(await isDark(at)).toBe(true);
});

test('an unknown theme counts as auto, with a warning', async ({ open, page }) => {
  const warnings: string[] = [];
  page.on('console', message => message.type() === 'warning' && warnings.push(message.text()));
  await open({ theme: 'drak' });
  await expect.poll(() => warnings).toHaveLength(1);
  expect(warnings[0]).toContain('theme="drak"');
});

for (const accent of ['#ffffff', '#000000', '#ffd400', '#0a7cff', '#777777', '#e5484d', 'oklch(0.7 0.15 150)', 'rebeccapurple']) {
  test(`what stands on the accent ${accent} has a contrast of 4.5 : 1`, async ({ open }) => {
    const at = await open({}, { head: `<style>ollama-chat { --ollama-chat-accent: ${accent} }</style>` });
    await at.box.fill('a draft');
    await expect(at.button('Send')).toBeEnabled();
    for (const theme of ['light', 'dark'] as const) {
      await at.set({ theme });
      await expect
        .poll(() =>
          at.button('Send').evaluate(button => {
            // A canvas knows every way to write a colour.
            const context = document.createElement('canvas').getContext('2d')!;
            const luminance = (colour: string) => {
              context.fillStyle = colour;
              context.fillRect(0, 0, 1, 1);
              const [red = 0, green = 0, blue = 0] = [...context.getImageData(0, 0, 1, 1).data].map(value => {
                const part = value / 255;
                return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
              });
              return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
            };
            const { color, backgroundColor } = getComputedStyle(button);
            const [dark = 0, light = 0] = [luminance(color), luminance(backgroundColor)].sort((a, b) => a - b);
            return (light + 0.05) / (dark + 0.05);
          }),
        )
        .toBeGreaterThanOrEqual(4.5);
    }
  });
}
