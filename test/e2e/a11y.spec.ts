/** What assistive technology finds, and that a keyboard is enough. */
import type { Page } from '@playwright/test';
import { findings } from './axe.ts';
import { type ChatPage, expect, test as base } from './chat-page.ts';

const test = base.extend({ contextOptions: { reducedMotion: 'reduce' } });

const PAGE = { body: (tag: string) => `<main><h1>A page</h1>${tag}</main>` };
const RICH =
  'Some `code`, a [link](https://example.com), **bold**:\n\n```js\nlet a = 1;\n```\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n- [x] done\n- [ ] open\n\n> quoted\n\n### Heading';

const STATES: { state: string; model?: string; reach?: (at: ChatPage) => Promise<void> }[] = [
  { state: 'the empty chat' },
  {
    state: 'waiting',
    model: 'silent',
    reach: async at => {
      await at.ask('Why?');
      await expect(at.button('Stop')).toBeVisible();
    },
  },
  {
    state: 'streaming, with a draft',
    model: 'stalls',
    reach: async at => {
      await at.ask('Why?');
      await at.box.fill('a draft');
      await expect(at.answers).toContainText('The answer begins');
    },
  },
  {
    state: 'an answer with code, a table and more',
    reach: async at => {
      await at.begin('Why?', RICH, 'And?', RICH);
      await expect(at.answers.first().getByRole('table')).toBeVisible();
    },
  },
  {
    state: 'unfolded thinking',
    model: 'think',
    reach: async at => {
      await at.ask('Why?');
      await at.idle();
      await at.answers.getByText(/^Thought/).click();
      await expect(at.answers).toContainText('Two plus two');
    },
  },
  {
    state: 'a failure',
    model: 'nope',
    reach: async at => {
      await at.ask('Why?');
      await expect(at.alert).toBeVisible();
    },
  },
  {
    state: 'a broken-off answer',
    model: 'error-midstream',
    reach: async at => {
      await at.ask('Why?');
      await expect(at.alert).toBeVisible();
    },
  },
  {
    state: 'a stopped answer, and the offer to undo',
    model: 'stalls',
    reach: async at => {
      await at.ask('Why?');
      await at.button('Stop').click();
      await expect(at.answers).toContainText('Stopped');
      expect(await findings(at.page)).toEqual([]);
      await at.button('New chat').click();
      await expect(at.button('Undo')).toBeVisible();
    },
  },
];

for (const { state, model = 'tiny', reach } of STATES) {
  test(`axe finds nothing in ${state}, light and dark`, async ({ open, page }) => {
    const at = await open({ model, suggestions: 'What can you do?\nTell me more' }, PAGE);
    await reach?.(at);
    expect(await findings(page)).toEqual([]);
    await at.set({ theme: 'dark' });
    expect(await findings(page)).toEqual([]);
  });
}

test('axe finds nothing in a popup, closed, open and with a new answer', async ({ open, page }) => {
  const at = await open({ layout: 'popup', model: 'held' }, PAGE);
  expect(await findings(page)).toEqual([]);
  await at.chat.getByRole('button', { name: 'Open chat' }).click();
  await at.ask('Why?');
  await expect(at.answers).toContainText('Hello!');
  expect(await findings(page)).toEqual([]);
  await page.keyboard.press('Escape');
  await expect(at.chat.getByRole('dialog')).toBeHidden();
  at.ollama.release();
  await expect(at.chat.getByRole('button', { name: 'Open chat, new answer' })).toBeVisible();
  expect(await findings(page)).toEqual([]);
});

test('axe finds nothing in Vietnamese', async ({ open, page }) => {
  const at = await open({ model: 'nope', suggestions: 'Bạn làm được gì?' }, { ...PAGE, lang: 'vi' });
  expect(await findings(page)).toEqual([]);
  await at.ask('Tại sao?');
  await expect(at.alert).toBeVisible();
  expect(await findings(page)).toEqual([]);
});

test.describe('on a phone', () => {
  test.use({ viewport: { width: 320, height: 568 }, isMobile: true, hasTouch: true });

  test('axe finds nothing in the sheet', async ({ open, page }) => {
    const at = await open({ layout: 'popup' }, PAGE);
    await at.chat.getByRole('button', { name: 'Open chat' }).tap();
    await expect(at.chat.getByRole('dialog')).toBeVisible();
    expect(await findings(page)).toEqual([]);
    await at.begin('Why?', RICH);
    await expect(at.answers.getByRole('table')).toBeVisible();
    expect(await findings(page)).toEqual([]);
  });

  test('every control is at least 44 px for a finger', async ({ open }) => {
    const at = await open({ layout: 'popup' });
    await at.chat.getByRole('button', { name: 'Open chat' }).tap();
    for (const name of ['New chat', 'Close']) {
      const { x, y, width, height } = (await at.button(name).boundingBox())!;
      const [middle, centre] = [x + width / 2, y + height / 2];
      for (const [left, top] of [
        [middle - 21, centre],
        [middle, centre + 21],
      ] as const) {
        const hit = await at.chat.evaluate(
          (chat, point) => chat.shadowRoot!.elementFromPoint(point[0]!, point[1]!)?.closest('button')?.getAttribute('aria-label'),
          [left, top],
        );
        expect(hit, `${name} at ${left}, ${top}`).toBe(name);
      }
    }
  });
});

/** What has the focus, as its role and name, and whether that shows. */
const focused = (page: Page) =>
  page.evaluate(() => {
    let active = document.activeElement;
    while (active?.shadowRoot?.activeElement) active = active.shadowRoot.activeElement;
    if (!active || active === document.body) return { what: 'nothing', shown: true };
    const name = active.getAttribute('aria-label') ?? active.textContent?.trim();
    const around = active.closest('[part="composer"]');
    const shown = [active, ...(around ? [around] : [])].some(element => {
      const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(element);
      return (outlineStyle !== 'none' && parseFloat(outlineWidth) > 0) || (element === around && boxShadow !== 'none');
    });
    return { what: `${active.getAttribute('role') ?? active.localName} ${name}`, shown };
  });

test('Tab leads from the header through the log to the composer, and the focus always shows', async ({ open, page }) => {
  const at = await open({}, { body: tag => `<button>Before</button>${tag}<button>After</button>` });
  await at.begin('Why?', 'Because:\n\n```js\nlet a = 1;\n```');
  await at.box.fill('a draft');
  await expect(at.button('Attach text files')).toBeVisible();
  await expect(at.button('Edit')).toBeVisible();
  await page.getByRole('button', { name: 'Before' }).focus();
  const way: string[] = [];
  for (let step = 0; step < 18 && way.at(-1) !== 'button After'; step++) {
    await page.keyboard.press('Tab');
    const { what, shown } = await focused(page);
    expect(shown, `the focus on ${what}`).toBe(true);
    way.push(what);
  }
  expect(way).toEqual([
    'button New chat',
    'log Messages',
    ...['button Copy', 'button Edit', 'button Delete'],
    ...['button Copy', 'pre let a = 1;'],
    ...['button Copy', 'button Answer again', 'button Delete'],
    'button Attach text files',
    'textarea Message',
    'button Send',
    'button After',
  ]);
});

test('a whole conversation by keyboard alone', async ({ open, page }) => {
  const at = await open({ layout: 'popup', model: 'stalls' });
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await expect(at.box).toBeFocused();
  await page.keyboard.type('Why?');
  await page.keyboard.press('Enter');
  await expect(at.answers).toContainText('The answer begins');
  await page.keyboard.press('Tab');
  await expect(at.button('Stop')).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(at.answers).toContainText('Stopped');
  // Stop has turned into Send: the focus is still in the chat.
  expect((await focused(page)).what).not.toBe('nothing');
  await page.keyboard.press('Escape');
  await expect(at.chat.getByRole('dialog')).toBeHidden();
});

test('everything that can be reached has a name', async ({ open }) => {
  const at = await open({ layout: 'popup', suggestions: 'One' });
  await at.chat.getByRole('button', { name: 'Open chat' }).click();
  await at.begin('Q', RICH);
  await at.set({ model: 'nope' });
  await at.ask('Why?');
  await expect(at.alert).toBeVisible();
  const controls = at.chat.locator('button, textarea, [role], [tabindex="0"]:not(pre, .table), dialog');
  for (const control of await controls.all()) {
    if (await control.isHidden()) continue;
    if (['status', 'alert'].includes((await control.getAttribute('role')) ?? '')) continue;
    await expect(control).toHaveAccessibleName(/\S/);
  }
});
