/** The chatbot in the page's corner: where its panel is, how it opens and closes, and what it leaves alone. */
import type { Locator, Page } from '@playwright/test';
import { SAMPLE } from '../support/behaviours.ts';
import { type Attributes, type ChatPage, expect, type PageOptions, rect, test as base } from './chat-page.ts';

interface PopupPage extends ChatPage {
  panel: Locator;
  launcher: Locator;
}

const test = base.extend<{ popup: (attributes?: Attributes, options?: PageOptions) => Promise<PopupPage> }>({
  contextOptions: { reducedMotion: 'reduce' },
  popup: async ({ open }, use) => {
    await use(async (attributes = {}, options = {}) => {
      const at = await open({ layout: 'popup', id: 'chat', ...attributes }, options);
      return Object.assign(at, {
        panel: at.chat.getByRole('dialog'),
        launcher: at.chat.getByRole('button', { name: 'Open chat' }),
      });
    });
  },
});

const BUTTON = '<button commandfor="chat" command="--toggle">Ask us</button>';
const LONG = '<p>A line of a long page.</p>'.repeat(200);

/** Whether a point of the page belongs to the chat and to nothing above it. */
const belongsToChat = (page: Page, x: number, y: number) =>
  page.evaluate(([left, top]) => document.elementFromPoint(left!, top!)?.localName === 'ollama-chat', [x, y]);

/** Nothing clips or covers the panel, whichever way one looks, once it has come to where it belongs. */
async function isWhole(page: Page, panel: Locator) {
  const size = page.viewportSize()!;
  await expect(async () => {
    const { left, top, right, bottom } = await rect(panel);
    expect(left).toBeGreaterThanOrEqual(0);
    expect(top).toBeGreaterThanOrEqual(0);
    expect(right).toBeLessThanOrEqual(size.width);
    expect(bottom).toBeLessThanOrEqual(size.height);
    for (const x of [left + 20, right - 20]) {
      for (const y of [top + 20, bottom - 20]) expect(await belongsToChat(page, x, y), `the point ${x}, ${y}`).toBe(true);
    }
  }).toPass();
}

test('the launcher opens the panel at its corner, 24 px from the edges', async ({ popup, page }) => {
  const at = await popup();
  await expect(at.panel).toBeHidden();
  expect(await rect(at.launcher)).toMatchObject({ width: 56, height: 56, right: 1280 - 24, bottom: 720 - 24 });
  await at.launcher.click();
  await expect(at.box).toBeFocused();
  expect(await rect(at.panel)).toMatchObject({ width: 400, height: 620, right: 1280 - 24, bottom: 720 - 24 });
  await expect(at.chat).toHaveJSProperty('open', true);
  await expect(at.chat).toHaveAttribute('open');
  await isWhole(page, at.panel);
  await page.setViewportSize({ width: 700, height: 400 });
  await expect.poll(() => rect(at.panel)).toMatchObject({ width: 400, height: 400 - 48, right: 700 - 24, bottom: 400 - 24 });
});

test('a popup holds a conversation', async ({ popup }) => {
  const at = await popup();
  await at.launcher.click();
  await at.ask('Who are you?');
  await at.idle();
  expect(await at.said()).toEqual(['user: Who are you?', `assistant: ${SAMPLE}`]);
  await expect(at.answers).toContainText('Hello!');
});

for (const [what, style] of [
  ['clips', 'position: relative; overflow: hidden; width: 300px; height: 200px; clip-path: inset(0)'],
  ['transforms', 'transform: scale(0.9) translateX(10px); contain: paint'],
  ['stacks below', 'position: relative; z-index: -1; isolation: isolate'],
] as const) {
  test(`no ancestor that ${what} and no overlay of the page gets over the panel`, async ({ popup, page }) => {
    const overlay = '<div style="position: fixed; inset: 0; z-index: 2147483647; background: rgb(255 0 0 / 0.2)"></div>';
    const at = await popup({}, { body: tag => `<div style="${style}">${tag}</div>${overlay}` });
    await at.chat.evaluate((chat: HTMLElement & { show(): void }) => chat.show());
    await expect(at.panel).toBeVisible();
    expect(await at.panel.evaluate(panel => panel.matches(':popover-open'))).toBe(true);
    expect(await rect(at.panel)).toMatchObject({ width: 400, height: 620 });
    await isWhole(page, at.panel);
    await at.ask('Hello?');
    await at.idle();
    expect(await at.messages()).toHaveLength(2);
  });
}

for (const closeWatcher of [true, false]) {
  test(`Escape closes the panel and the focus returns to the launcher${closeWatcher ? '' : ', also without CloseWatcher'}`, async ({
    popup,
    page,
  }) => {
    if (!closeWatcher) await page.addInitScript(() => Reflect.deleteProperty(window, 'CloseWatcher'));
    const at = await popup();
    expect(await page.evaluate(() => 'CloseWatcher' in window)).toBe(closeWatcher);
    await at.launcher.focus();
    for (let time = 1; time <= 2; time++) {
      await page.keyboard.press('Enter');
      await expect(at.box).toBeFocused();
      await page.keyboard.press('Escape');
      await expect(at.panel).toBeHidden();
      await expect(at.launcher).toBeFocused();
    }
    expect((await at.events('chat-toggle')).map(event => event.open)).toEqual([true, false, true, false]);
  });
}

test('Close closes it', async ({ popup }) => {
  const at = await popup();
  await at.launcher.click();
  await at.button('Close').click();
  await expect(at.panel).toBeHidden();
  await expect(at.launcher).toBeFocused();
});

test('a button of the page’s own opens it, gets the focus back, and needs no launcher', async ({ popup, page }) => {
  const at = await popup({ 'no-launcher': true }, { body: tag => `${BUTTON}${tag}` });
  const own = page.getByRole('button', { name: 'Ask us' });
  await expect(at.launcher).toHaveCount(0);
  await own.click();
  await expect(at.box).toBeFocused();
  await isWhole(page, at.panel);
  await page.keyboard.press('Escape');
  await expect(at.panel).toBeHidden();
  await expect(own).toBeFocused();
  await own.click();
  await expect(at.panel).toBeVisible();
  await own.click();
  await expect(at.panel).toBeHidden();
  expect((await at.events('chat-toggle')).map(event => event.open)).toEqual([true, false, true, false]);
});

test('a launcher that is switched off leaves no trace on the page', async ({ popup, page }) => {
  await popup({ 'no-launcher': true });
  expect(await belongsToChat(page, 1280 - 50, 720 - 50)).toBe(false);
});

test('closing never stops an answer, and the launcher says that a new one has come', async ({ popup, page }) => {
  const at = await popup({ model: 'held' });
  await at.launcher.click();
  await at.ask('Why?');
  await expect(at.answers).toContainText('Hello!');
  await page.keyboard.press('Escape');
  await expect(at.panel).toBeHidden();
  await expect(at.launcher).toHaveAccessibleName('Open chat');
  await expect(at.chat).toHaveJSProperty('phase', 'answering');
  at.ollama.release();
  await at.idle();
  await expect(at.launcher).toHaveAccessibleName('Open chat, new answer');
  expect((await at.messages())[1]).toMatchObject({ content: SAMPLE, status: 'complete' });
  await at.launcher.click();
  await expect(at.answers).toContainText('你好.');
  await page.keyboard.press('Escape');
  await expect(at.launcher).toHaveAccessibleName('Open chat');
});

test('an answer that comes while the panel is open is no news', async ({ popup, page }) => {
  const at = await popup();
  await at.launcher.click();
  await at.ask('Why?');
  await at.idle();
  await page.keyboard.press('Escape');
  await expect(at.launcher).toHaveAccessibleName('Open chat');
});

test('a draft survives closing', async ({ popup, page }) => {
  const at = await popup();
  await at.launcher.click();
  await at.box.fill('half a thought');
  await page.keyboard.press('Escape');
  await at.launcher.click();
  await expect(at.box).toHaveValue('half a thought');
});

for (const [corner, css, expected] of [
  ['bottom left', 'inset: auto auto 24px 24px', { left: 24, bottom: 720 - 24 }],
  ['top right', 'inset: 24px 24px auto auto', { right: 1280 - 24, top: 24 }],
  ['top left', 'inset: 10px auto auto 10px', { left: 10, top: 10 }],
  ['middle of the right edge', 'inset: 50% 0 auto auto', { right: 1280 }],
] as const) {
  test(`moved to the ${corner} by the page’s CSS it opens there, inside the viewport`, async ({ popup, page }) => {
    const at = await popup({}, { head: `<style>ollama-chat { ${css} }</style>` });
    expect(await rect(at.launcher)).toMatchObject({ width: 56, height: 56 });
    await at.launcher.click();
    await expect(at.panel).toBeVisible();
    expect(await rect(at.panel)).toMatchObject({ width: 400, height: 620, ...expected });
    await isWhole(page, at.panel);
    await page.setViewportSize({ width: 640, height: 480 });
    await expect.poll(() => rect(at.panel)).toMatchObject({ width: 400, height: 432 });
    await isWhole(page, at.panel);
  });
}

test('chat-toggle tells what the visitor chose, and not what the page did', async ({ popup, page }) => {
  const at = await popup();
  await at.set({ open: true });
  await expect(at.panel).toBeVisible();
  await at.set({ open: false });
  await expect(at.panel).toBeHidden();
  await at.chat.evaluate((chat: HTMLElement & { toggle(): void }) => chat.toggle());
  await expect(at.panel).toBeVisible();
  expect(await at.events('chat-toggle')).toEqual([]);
  await page.keyboard.press('Escape');
  await expect.poll(async () => (await at.events('chat-toggle')).map(event => event.open)).toEqual([false]);
});

test('the attribute open opens and closes it', async ({ popup }) => {
  const at = await popup({ open: true });
  await expect(at.panel).toBeVisible();
  await at.chat.evaluate(chat => chat.removeAttribute('open'));
  await expect(at.panel).toBeHidden();
  await at.chat.evaluate(chat => chat.setAttribute('open', ''));
  await expect(at.panel).toBeVisible();
});

test('moving the element while it is open keeps it open, and the answer coming', async ({ popup }) => {
  const at = await popup({ model: 'held' }, { body: tag => `${tag}<main id="other"></main>` });
  await at.launcher.click();
  await at.ask('Why?');
  await expect(at.answers).toContainText('Hello!');
  await at.chat.evaluate(chat => document.querySelector('#other')!.append(chat));
  await expect(at.panel).toBeVisible();
  at.ollama.release();
  await at.idle();
  expect(await at.said()).toEqual(['user: Why?', `assistant: ${SAMPLE}`]);
  await expect(at.answers).toContainText('你好.');
});

test('a popup that is open when the page loads leaves the focus where it is', async ({ popup, page }) => {
  const at = await popup({ open: true }, { body: tag => `<input>${tag}` });
  await expect(at.panel).toBeVisible();
  expect(await page.evaluate(() => document.activeElement?.localName)).toBe('body');
});

test('removing the element while it is open leaves nothing behind', async ({ popup, page }) => {
  const at = await popup({}, { body: tag => tag + LONG });
  await at.launcher.click();
  await at.chat.evaluate(chat => chat.remove());
  await page.keyboard.press('Escape');
  expect(await page.evaluate(() => document.documentElement.getAttribute('style') ?? '')).toBe('');
  expect(await at.events('chat-toggle')).toHaveLength(1);
});

test('the page behind stays usable beside the panel', async ({ popup, page }) => {
  const at = await popup({}, { body: tag => `<input aria-label="Name">${tag}` });
  await at.launcher.click();
  await page.getByLabel('Name').fill('works');
  await expect(at.panel).toBeVisible();
});

test.describe('on a phone', () => {
  test.use({ viewport: { width: 375, height: 667 }, isMobile: true, hasTouch: true });

  const KEYBOARD = 300;

  /** An on-screen keyboard as the page sees it: only the visual viewport becomes smaller. */
  const raiseKeyboard = (page: Page, height: number, offsetTop = 0) =>
    page.evaluate(
      ([smaller, top]) => {
        const viewport = window.visualViewport!;
        Object.defineProperty(viewport, 'height', { configurable: true, get: () => innerHeight - smaller! });
        Object.defineProperty(viewport, 'offsetTop', { configurable: true, get: () => top });
        viewport.dispatchEvent(new Event('resize'));
        viewport.dispatchEvent(new Event('scroll'));
      },
      [height, offsetTop],
    );

  /** Composer and last line of the answer, in the part of the screen above the keyboard. */
  async function expectVisible(at: PopupPage, top: number, bottom: number) {
    await expect
      .poll(async () => {
        const [box, line] = [
          await rect(at.box),
          await at.answers.last().evaluate(answer => {
            const walker = document.createTreeWalker(answer.querySelector('.markdown') ?? answer, NodeFilter.SHOW_TEXT);
            let last: Node | null = null;
            for (let node = walker.nextNode(); node; node = walker.nextNode()) if (node.textContent?.trim()) last = node;
            const range = document.createRange();
            range.selectNodeContents(last!);
            const lines = [...range.getClientRects()];
            return { top: lines.at(-1)!.top, bottom: lines.at(-1)!.bottom };
          }),
        ];
        return {
          composer: box.top >= top && box.bottom <= bottom,
          lastLine: line.top >= top && line.bottom <= box.top,
        };
      })
      .toEqual({ composer: true, lastLine: true });
  }

  test('it is a sheet over the whole screen', async ({ popup, page }) => {
    const at = await popup({}, { body: tag => tag + LONG });
    await at.launcher.tap();
    await expect(at.panel).toBeVisible();
    expect(await rect(at.panel)).toMatchObject({ left: 0, top: 0, width: 375, height: 667 });
    await isWhole(page, at.panel);
    await at.ask('Hello?');
    await at.idle();
    expect(await at.messages()).toHaveLength(2);
    await at.button('Close').tap();
    await expect(at.panel).toBeHidden();
    await expect(at.launcher).toBeFocused();
  });

  test('the page behind stands still and is as before afterwards', async ({ popup, page }) => {
    const at = await popup({}, { body: tag => tag + LONG });
    const scrolled = () => page.evaluate(() => scrollY);
    await page.evaluate(() => {
      document.documentElement.style.overflow = 'auto';
      scrollTo(0, 500);
    });
    await at.launcher.tap();
    await expect(at.panel).toBeVisible();
    await page.mouse.move(180, 300);
    await page.mouse.wheel(0, 400);
    await page.keyboard.press('Escape');
    await expect(at.panel).toBeHidden();
    expect(await scrolled()).toBe(500);
    await expect.poll(() => page.evaluate(() => document.documentElement.style.overflow)).toBe('auto');
    // The wheel may come before the page has been painted anew.
    await expect(async () => {
      await page.mouse.wheel(0, 400);
      await expect.poll(scrolled, { timeout: 1000 }).toBeGreaterThan(500);
    }).toPass();
    expect((await at.events('chat-toggle')).map(event => event.open)).toEqual([true, false]);
  });

  test('above a keyboard of 300 px the composer and the last line of the answer are visible', async ({ popup, page }) => {
    const at = await popup();
    await at.launcher.tap();
    await at.begin('Q', 'A paragraph of an earlier answer, some words long.\n\n'.repeat(20));
    await at.ask('Tell me');
    await at.idle();
    await at.box.tap();
    await raiseKeyboard(page, KEYBOARD);
    await expectVisible(at, 0, 667 - KEYBOARD);
    await raiseKeyboard(page, 0);
    await expectVisible(at, 0, 667);
    expect(await rect(at.panel)).toMatchObject({ top: 0, height: 667 });
  });

  test('so they are where the browser has moved the page up under the keyboard', async ({ popup, page }) => {
    const at = await popup();
    await at.launcher.tap();
    await at.ask('Tell me');
    await at.idle();
    await raiseKeyboard(page, KEYBOARD, 120);
    await expectVisible(at, 120, 120 + 667 - KEYBOARD);
  });

  test('so they are while the answer streams', async ({ popup, page }) => {
    const at = await popup({ model: 'never-ends' });
    await at.launcher.tap();
    await at.begin('Q', 'An earlier paragraph of the answer.\n\n'.repeat(20));
    await at.ask('Tell me');
    await raiseKeyboard(page, KEYBOARD);
    for (const word of ['word 5 ', 'word 40 ', 'word 80 ']) {
      await expect(at.answers.last()).toContainText(word);
      await expectVisible(at, 0, 667 - KEYBOARD);
    }
    await at.button('Stop').tap();
    await expectVisible(at, 0, 667 - KEYBOARD);
  });

  test('turned on its side and back it stays open: beside the launcher while there is room', async ({ popup, page }) => {
    const at = await popup();
    await at.launcher.tap();
    await at.box.fill('a draft');
    await page.setViewportSize({ width: 667, height: 375 });
    await expect.poll(() => at.panel.evaluate(panel => panel.matches(':popover-open'))).toBe(true);
    await expect.poll(() => rect(at.panel)).toMatchObject({ width: 400, height: 375 - 48, right: 667 - 24, bottom: 375 - 24 });
    await page.setViewportSize({ width: 375, height: 667 });
    await expect.poll(() => rect(at.panel)).toMatchObject({ left: 0, top: 0, width: 375, height: 667 });
    expect((await at.events('chat-toggle')).map(event => event.open)).toEqual([true]);
    await expect(at.box).toHaveValue('a draft');
    await page.keyboard.press('Escape');
    await expect(at.panel).toBeHidden();
    await expect.poll(() => page.evaluate(() => document.documentElement.style.overflow)).toBe('');
  });

  test('nothing ever scrolls the sheet sideways', async ({ popup }) => {
    const at = await popup();
    await at.launcher.tap();
    const wide = 'x'.repeat(300);
    await at.begin(wide, `${wide}\n\n\`\`\`\n${wide}\n\`\`\`\n\n| a | b |\n|-|-|\n| ${wide} | ${wide} |\n\n\`${wide}\``);
    await expect(at.answers.getByRole('table')).toBeVisible();
    expect(await at.log.evaluate(log => log.scrollWidth - log.clientWidth)).toBe(0);
    expect(await at.panel.evaluate(panel => panel.scrollWidth - panel.clientWidth)).toBe(0);
  });
});
