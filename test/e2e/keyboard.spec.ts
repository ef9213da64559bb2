/** Everything about models by keyboard alone: the header, the list, the switch for thinking, a download. */
import { PULL_PARTS, SAMPLE } from '../support/behaviours.ts';
import { expect, test as base } from './chat-page.ts';

const test = base.extend({ contextOptions: { reducedMotion: 'reduce' } });

test('a model is chosen, kept from thinking, another one downloaded and asked, by keyboard alone', async ({ open, page }) => {
  const at = await open({ layout: 'popup', model: 'think,held-pull', 'allow-pull': true });
  const { keyboard } = page;
  const model = at.chat.getByRole('button', { name: /^Model: / });
  const list = at.chat.getByRole('listbox', { name: 'Choose a model' });

  /** Goes there by Tab, whichever way, and never out of the chat. */
  const tabTo = async (name: RegExp, key: 'Tab' | 'Shift+Tab' = 'Tab') => {
    const focused = () =>
      page.evaluate(() => {
        const element = document.activeElement?.shadowRoot?.activeElement;
        return element?.getAttribute('aria-label') ?? element?.textContent?.trim() ?? 'nothing';
      });
    const way: string[] = [];
    for (let step = 0; step < 24 && !name.test(way.at(-1) ?? ''); step++) {
      await keyboard.press(key);
      way.push(await focused());
    }
    expect(way.at(-1), way.join(' → ')).toMatch(name);
  };

  await keyboard.press('Tab');
  await keyboard.press('Enter');
  await expect(at.box).toBeFocused();
  await expect(at.button('Thinking')).toBeVisible();
  await tabTo(/^Thinking$/, 'Shift+Tab');
  await keyboard.press('Space');
  await expect(at.button('Thinking')).toHaveAttribute('aria-pressed', 'false');
  await expect(at.button('Thinking')).toBeFocused();
  await tabTo(/^Message$/);
  await keyboard.type('Why?');
  await keyboard.press('Enter');
  await at.idle();
  expect(at.ollama.chats().map(({ body }) => body.think)).toEqual([false]);

  await tabTo(/^Model: think$/, 'Shift+Tab');
  await keyboard.press('Enter');
  await expect(list).toBeFocused();
  await keyboard.press('ArrowDown');
  await keyboard.press('Enter');
  await expect(model).toHaveAccessibleName('Model: held-pull');
  await expect(model).toBeFocused();
  await expect(at.button('Thinking')).toHaveCount(0);

  await expect(at.button('Download held-pull')).toBeVisible();
  await tabTo(/^Download held-pull$/);
  await keyboard.press('Enter');
  await expect(at.chat.getByRole('progressbar')).toBeVisible();
  at.ollama.release();
  await expect(at.chat.getByRole('progressbar')).toHaveAttribute('value', /^0\.2/);
  await expect(at.button('Cancel'), 'the way out is where the way in was').toBeFocused();
  await keyboard.press('Enter');
  await expect(at.button('Go on')).toBeFocused();
  await keyboard.press('Enter');
  for (let step = 1; step <= PULL_PARTS; step++) at.ollama.release();
  await expect(at.chat.getByRole('progressbar')).toHaveCount(0);
  await expect(at.box, 'and on to what it was for').toBeFocused();

  await keyboard.type('And then?');
  await keyboard.press('Enter');
  await at.idle();
  expect(at.ollama.chats().map(({ body }) => body.model)).toEqual(['think', 'held-pull']);
  expect((await at.messages()).at(-1)?.content).toBe(SAMPLE);
  await keyboard.press('Escape');
  await expect(at.chat.getByRole('dialog')).toBeHidden();
});
