/** What can be done with a message: copy, edit, delete, see what an answer has cost, turn to an earlier answer. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Locator, Page } from '@playwright/test';
import type { AxeResults } from 'axe-core';
import { PARTIAL, SAMPLE } from '../support/behaviours.ts';
import { ChatPage, expect, type OllamaChat, rect, test } from './chat-page.ts';

const STATS = { total_duration: 3.42e9, load_duration: 2.31e9, prompt_eval_count: 1226, eval_count: 118, eval_duration: 3.3e9 };
const FACTS = ['118 tokens', '35.8 tokens/s', '1,226 tokens read', 'loaded in 2.3 s', '3.4 s in all'];

const inside = (message: Locator, name: string) => message.getByRole('button', { name, exact: true });
const question = (at: ChatPage, text: string) => at.questions.filter({ hasText: text });
const answer = (at: ChatPage, text: string) => at.answers.filter({ hasText: text });
const editor = (at: ChatPage) => at.log.getByRole('textbox', { name: 'Edit the message' });
const versions = (at: ChatPage) => at.log.getByRole('group', { name: 'Versions of this answer' });
const deleted = (at: ChatPage) => at.chat.getByText('Message deleted');

/** What it says of itself; and it says the very same to a reader of the screen and to one of its tree. */
async function expectVersion(at: ChatPage, index: number, count: number): Promise<void> {
  await expect(versions(at)).toContainText(`${index}/${count}`);
  await expect(versions(at)).toContainText(`${index} of ${count}`);
  await expect(inside(versions(at), 'Previous version')).toHaveAttribute('aria-disabled', String(index === 1));
  await expect(inside(versions(at), 'Next version')).toHaveAttribute('aria-disabled', String(index === count));
}

/** Begins with a conversation whose answers have been counted. */
async function beginCounted(at: ChatPage, ...said: string[]): Promise<void> {
  await at.chat.evaluate(
    (chat: OllamaChat, [texts, stats]) =>
      void (chat.messages = texts.map((content, index) => (index % 2 ? { role: 'assistant', content, stats } : { role: 'user', content }))),
    [said, STATS] as const,
  );
}

/** Another answer to the last question, by another model. */
async function answerAgain(at: ChatPage, model: string): Promise<void> {
  await at.set({ model });
  // Only what has been seen is known: what does that comes after the first message.
  await expect(at.button('Delete').last()).toBeVisible();
  await at.button('Answer again').click();
  await at.idle();
}

const focused = (page: Page) =>
  page.evaluate(() => {
    let active = document.activeElement;
    while (active?.shadowRoot?.activeElement) active = active.shadowRoot.activeElement;
    return active === document.body
      ? 'nothing'
      : `${active?.localName} ${active?.getAttribute('aria-label') ?? active?.textContent?.trim()}`;
  });

test.describe('Details', () => {
  test('are what the server counted, behind a button', async ({ open }) => {
    const at = await open();
    await beginCounted(at, 'One', 'First', 'Two', 'Second');
    const button = inside(answer(at, 'First'), 'Details');
    await expect(button).toHaveAttribute('aria-expanded', 'false');
    await button.click();
    await expect(button).toHaveAttribute('aria-expanded', 'true');
    const facts = at.log.getByRole('list', { name: 'Details' });
    await expect(facts.getByRole('listitem')).toHaveText(FACTS);
    expect((await rect(facts)).top).toBeGreaterThanOrEqual((await rect(button)).bottom);
    await button.click();
    await expect(facts).toHaveCount(0);
    await expect(button).toBeFocused();
  });

  test('of a recorded answer of a real server', async ({ open }) => {
    const at = await open({ model: 'transcript:ollama-0.24.0:rendered-chat' });
    await at.ask('Why?');
    await at.idle();
    await at.button('Details').click();
    await expect(at.log.getByRole('list', { name: 'Details' }).getByRole('listitem')).toHaveText([
      ...['18 tokens', '417 tokens/s', '27 tokens read', 'loaded in 0.002 s', '0.05 s in all'],
    ]);
  });

  test('are not offered where nothing was counted', async ({ open }) => {
    const at = await open();
    await at.begin('One', 'First');
    await expect(inside(answer(at, 'First'), 'Delete')).toHaveCount(1);
    await expect(at.button('Details')).toHaveCount(0);
  });

  test('that unfold below the edge of the log are brought into view', async ({ open }) => {
    const at = await open();
    await beginCounted(at, 'One', 'First', 'Two', 'A line.\n\n'.repeat(60));
    const button = inside(answer(at, 'First'), 'Details');
    await expect(button).toHaveCount(1);
    await button.evaluate(element => {
      const log = element.closest('.log')!;
      log.scrollTop += element.getBoundingClientRect().bottom - log.getBoundingClientRect().bottom + 4;
    });
    await button.press('Enter');
    await expect
      .poll(async () => (await rect(at.log)).bottom - (await rect(at.log.getByText('118 tokens'))).bottom)
      .toBeGreaterThanOrEqual(18);
  });
});

test.describe('A question', () => {
  test('is copied as it was typed', async ({ open, context }) => {
    await context.grantPermissions(['clipboard-read', 'clipboard-write']);
    const at = await open();
    const typed = 'Is **this** *typed*?\n\n  - so';
    await at.begin(typed, 'Yes');
    await inside(at.questions, 'Copy').click();
    await expect.poll(() => at.page.evaluate(() => navigator.clipboard.readText())).toBe(typed);
  });

  test('is edited in its place and asked again: what came after it is gone', async ({ open }) => {
    const at = await open({ model: 'echo' });
    await at.begin('One', 'First', 'Two', 'Second', 'Three', 'Third');
    await inside(question(at, 'Two'), 'Edit').click();
    await expect(editor(at)).toBeFocused();
    await expect(editor(at)).toHaveValue('Two');
    await editor(at).press('End');
    await editor(at).pressSequentially(' and');
    await editor(at).press('Shift+Enter');
    await editor(at).pressSequentially('a half');
    await editor(at).press('Enter');
    await expect(editor(at)).toHaveCount(0);
    await expect(at.box).toBeFocused();
    await at.idle();
    expect(at.ollama.chats().at(-1)?.body.messages).toEqual([
      { role: 'user', content: 'One' },
      { role: 'assistant', content: 'First' },
      { role: 'user', content: 'Two and\na half' },
    ]);
    await expect(at.questions).toHaveText([/One/, /Two and\na half/]);
    await expect(at.answers).toHaveCount(2);
  });

  test('is sent by the button, and left as it was by the other one and by Escape', async ({ open }) => {
    const at = await open({ layout: 'popup', open: true });
    await at.begin('One', 'First');
    const pencil = inside(question(at, 'One'), 'Edit');
    const group = at.log.getByRole('group', { name: 'Edit the message' });
    for (const leave of [
      () => inside(group, 'Cancel').click(),
      () => editor(at).press('Escape'),
      () => inside(group, 'Cancel').press('Escape'),
    ]) {
      await pencil.click();
      await editor(at).fill('Another');
      await leave();
      await expect(editor(at)).toHaveCount(0);
      await expect(pencil).toBeFocused();
      await expect(at.questions).toHaveText([/One/]);
    }
    // Escape was for the editor alone.
    await expect(at.chat.getByRole('dialog')).toBeVisible();
    await pencil.click();
    await editor(at).fill('Another');
    await inside(group, 'Send').click();
    await at.idle();
    expect(await at.said()).toEqual(['user: Another', `assistant: ${SAMPLE}`]);
  });

  test('cannot be sent blank, nor by the Enter that ends a composition', async ({ open }) => {
    const at = await open();
    await at.begin('One', 'First');
    await inside(question(at, 'One'), 'Edit').click();
    await editor(at).evaluate(field => {
      for (const init of [{ isComposing: true }, { keyCode: 229 }])
        field.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, composed: true, cancelable: true, ...init }));
    });
    await editor(at).fill(' \n ');
    const send = inside(at.log, 'Send');
    await expect(send).toHaveAttribute('aria-disabled', 'true');
    await editor(at).press('Enter');
    await send.click({ force: true });
    await expect(editor(at)).toBeVisible();
    await editor(at).fill('Something');
    await expect(send).toHaveAttribute('aria-disabled', 'false');
    expect(at.ollama.chats()).toHaveLength(0);
  });

  test('keeps its pictures, and the files that are quoted in it, when it is edited', async ({ open }) => {
    const at = await open({ model: 'echo' });
    const file = '`sum.py` (1/1):\n\n```py\nprint(1)\n```';
    const pixel = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
    await at.chat.evaluate(
      (chat: OllamaChat, [quoted, image]) =>
        void (chat.messages = [
          { role: 'user', content: `What is this?\n\n${quoted}`, images: [image!] },
          { role: 'assistant', content: 'This' },
        ]),
      [file, pixel],
    );
    await inside(at.questions, 'Edit').click();
    await expect(editor(at)).toHaveValue('What is this?');
    await expect(at.questions.getByRole('img')).toBeVisible();
    await expect(at.questions.getByText('sum.py')).toBeVisible();
    await editor(at).fill('And what is it for?');
    await editor(at).press('Enter');
    await at.idle();
    expect((await at.messages())[0]).toMatchObject({ content: `And what is it for?\n\n${file}`, images: [pixel] });
  });

  test('keeps what is typed over all that happens around it, and waits for an answer that is being written', async ({ open }) => {
    const at = await open({ model: 'held' });
    await at.begin('One', 'First', 'Two', 'Second');
    await inside(question(at, 'One'), 'Edit').click();
    await editor(at).fill('One, edited');
    const box = at.chat.getByRole('textbox', { name: 'Message', exact: true });
    await box.fill('Three');
    await at.set({ theme: 'dark' });
    await box.press('Enter');
    await expect(answer(at, 'Hello!')).toBeVisible();
    await expect(editor(at)).toHaveValue('One, edited');
    await expect(box).toHaveValue('');
    await expect(inside(at.log, 'Send')).toHaveAttribute('aria-disabled', 'true');
    await editor(at).press('Enter');
    await expect(editor(at)).toBeVisible();
    at.ollama.release();
    await at.idle();
    await expect(inside(at.log, 'Send')).toHaveAttribute('aria-disabled', 'false');
    await expect(editor(at)).toHaveValue('One, edited');
    await editor(at).press('Enter');
    await expect(answer(at, 'Hello!')).toHaveCount(1);
    at.ollama.release();
    await at.idle();
    expect(await at.said()).toEqual(['user: One, edited', `assistant: ${SAMPLE}`]);
  });

  test('that goes while it is edited leaves nothing behind, and the focus in the chat', async ({ open, page }) => {
    const at = await open();
    await at.begin('One', 'First');
    await inside(question(at, 'One'), 'Edit').click();
    await expect(editor(at)).toBeFocused();
    await at.begin('Another', 'One');
    await expect(editor(at)).toHaveCount(0);
    await expect(at.box).toBeFocused();
    expect(await focused(page)).toBe('textarea Message');
  });
});

test('while an answer is being written nothing is edited, deleted or turned', async ({ open }) => {
  const at = await open();
  await at.begin('One', 'First', 'Two', 'Second');
  await answerAgain(at, 'tiny');
  await at.set({ model: 'held' });
  const names = ['Edit', 'Delete', 'Previous version'];
  for (const name of names) await expect(at.button(name).first()).toBeVisible();
  await at.ask('Three');
  await expect(at.answers.last()).toContainText('Hello!');
  for (const name of names) await expect(at.button(name)).toHaveCount(0);
  at.ollama.release();
  await at.idle();
  for (const name of names) await expect(at.button(name).first()).toBeVisible();
});

test.describe('Deleting', () => {
  test('a question takes its answer along; Undo brings both back to where they were', async ({ open }) => {
    const at = await open();
    await at.begin('One', 'First', 'Two', 'Second', 'Three', 'Third');
    const before = await at.messages();
    await inside(question(at, 'Two'), 'Delete').click();
    await expect(at.questions).toHaveText([/One/, /Three/]);
    await expect(at.answers).toHaveText([/First/, /Third/]);
    await expect(at.chat.getByRole('status').filter({ hasText: 'Message deleted' })).toBeVisible();
    await expect(at.box).toBeFocused();
    await at.button('Undo').click();
    await expect(deleted(at)).toHaveCount(0);
    await expect(at.box).toBeFocused();
    expect(await at.messages()).toEqual(before);
    await expect(at.questions).toHaveText([/One/, /Two/, /Three/]);
  });

  test('an answer leaves its question, which can be asked again', async ({ open }) => {
    const at = await open();
    await at.begin('One', 'First');
    await inside(answer(at, 'First'), 'Delete').click();
    await expect(question(at, 'One')).toContainText('Not answered');
    await at.button('Answer again').click();
    await at.idle();
    await expect(deleted(at)).toHaveCount(0);
    expect(await at.said()).toEqual(['user: One', `assistant: ${SAMPLE}`]);
    await expect(versions(at)).toHaveCount(0);
  });

  test('is no longer undone once something else has been said, or deleted', async ({ open }) => {
    const at = await open();
    await at.begin('One', 'First', 'Two', 'Second');
    await inside(question(at, 'One'), 'Delete').click();
    await inside(answer(at, 'Second'), 'Delete').click();
    await at.button('Undo').click();
    await expect(at.answers).toHaveText([/Second/]);
    await expect(at.questions).toHaveText([/Two/]);
    await inside(answer(at, 'Second'), 'Delete').click();
    await at.ask('Three');
    await expect(deleted(at)).toHaveCount(0);
    await at.idle();
    expect((await at.said()).slice(0, 2)).toEqual(['user: Two', 'user: Three']);
  });

  test('all that was said leaves the empty chat, and Undo', async ({ open }) => {
    const at = await open();
    await at.begin('One', 'First');
    await inside(question(at, 'One'), 'Delete').click();
    await expect(at.chat.getByText('Ask me anything')).toBeVisible();
    await at.button('Undo').click();
    await expect(at.questions).toHaveText([/One/]);
    await expect(at.button('Undo')).toHaveCount(0);
  });

  test('a question that failed takes the failure along', async ({ open }) => {
    const at = await open({ model: 'out-of-memory' });
    await at.ask('One');
    await expect(at.alert).toBeVisible();
    await inside(question(at, 'One'), 'Delete').click();
    await expect(at.alert).toHaveCount(0);
    expect(await at.messages()).toEqual([]);
  });

  test('reaches what is kept, and the other tabs', async ({ open, context }) => {
    const at = await open({ persist: 'browser' });
    await at.ask('One');
    await at.idle();
    await at.ask('Two');
    await at.idle();
    const page = await context.newPage();
    await page.goto(at.site.url);
    const other = new ChatPage(page, at.ollama, at.site);
    await expect(other.questions).toHaveText([/One/, /Two/]);
    await inside(question(at, 'One'), 'Delete').click();
    await expect(other.questions).toHaveText([/Two/]);
    await at.page.reload();
    await expect(at.questions).toHaveText([/Two/]);
    await inside(question(at, 'Two'), 'Delete').click();
    await expect(other.questions).toHaveCount(0);
    await at.page.reload();
    await expect(at.chat.getByText('Ask me anything')).toBeVisible();
    await at.button('Conversations').click();
    await expect(at.chat.getByRole('region', { name: 'Conversations' }).getByRole('listitem')).toHaveCount(0);
    await other.ask('Three');
    await other.idle();
    expect((await other.said())[0]).toBe('user: Three');
    await page.close();
  });
});

test.describe('Versions', () => {
  test('are kept when an answer is asked for again, and turned to and fro', async ({ open }) => {
    const at = await open({ model: 'tiny' });
    await at.ask('One');
    await at.idle();
    await expect(versions(at)).toHaveCount(0);
    await answerAgain(at, 'table');
    await expectVersion(at, 2, 2);
    await answerAgain(at, 'byte-slow');
    await expectVersion(at, 3, 3);
    await expect(at.answers).toContainText('Hi 👋🏽 chào');

    const previous = inside(versions(at), 'Previous version');
    await previous.click();
    await expectVersion(at, 2, 3);
    await expect(at.answers.getByRole('table').first()).toBeVisible();
    await expect(previous).toBeFocused();
    await expect(at.chat.getByRole('status').filter({ hasText: '2 of 3' })).toHaveCount(1);
    await previous.click();
    await expectVersion(at, 1, 3);
    expect(await at.said()).toEqual(['user: One', `assistant: ${SAMPLE}`]);
    // At an end it stays where it is, and so does the focus.
    await previous.press('Enter');
    await expectVersion(at, 1, 3);
    await expect(previous).toBeFocused();
    await inside(versions(at), 'Next version').press('Enter');
    await inside(versions(at), 'Next version').press('Enter');
    await expectVersion(at, 3, 3);
  });

  test('of an earlier answer leave all that came later; the next question is asked with the one that is shown', async ({ open }) => {
    const at = await open();
    await at.begin('One', 'First');
    await answerAgain(at, 'tiny');
    await at.set({ model: 'echo' });
    await at.ask('Two');
    await at.idle();
    await inside(versions(at), 'Previous version').click();
    await expect(at.answers.first()).toContainText('First');
    await expect(at.questions).toHaveText([/One/, /Two/]);
    await at.ask('Three');
    await at.idle();
    expect(at.ollama.chats().at(-1)?.body.messages.slice(0, 3)).toEqual([
      { role: 'user', content: 'One' },
      { role: 'assistant', content: 'First' },
      { role: 'user', content: 'Two' },
    ]);
    await expectVersion(at, 1, 2);
  });

  test('stay under the pointer while one turns them, however long each is', async ({ open }) => {
    const at = await open();
    await at.begin('One', 'First');
    await answerAgain(at, 'long');
    await at.begin(...((await at.messages()).map(({ content }) => content) as [string, string]));
    await answerAgain(at, 'tiny');
    await at.set({ model: 'long' });
    await at.ask('Two');
    await at.idle();
    const previous = inside(versions(at), 'Previous version');
    await previous.evaluate(button => button.scrollIntoView({ block: 'center' }));
    const { top } = await rect(previous);
    await previous.click();
    await expectVersion(at, 1, 2);
    await expect.poll(async () => Math.abs((await rect(previous)).top - top)).toBeLessThanOrEqual(2);
    await inside(versions(at), 'Next version').click();
    await expectVersion(at, 2, 2);
  });

  test('are none where the new answer failed before its first word: the old one is there again', async ({ open }) => {
    const at = await open();
    await at.begin('One', 'First');
    await at.set({ model: 'out-of-memory' });
    await at.button('Answer again').click();
    await expect(at.alert).toBeVisible();
    await expect(at.answers).toHaveText([/First/]);
    await expect(versions(at)).toHaveCount(0);
  });

  test('are two where the new answer broke off, and the old one is one click away', async ({ open }) => {
    const at = await open();
    await at.begin('One', 'First');
    await at.set({ model: 'error-midstream' });
    await at.button('Answer again').click();
    await expect(at.alert).toBeVisible();
    await expect(at.answers).toContainText(PARTIAL);
    await expectVersion(at, 2, 2);
    await inside(versions(at), 'Previous version').click();
    await expect(at.answers).toContainText('First');
    await expect(at.alert).toHaveCount(0);
    await inside(versions(at), 'Next version').click();
    await expect(at.answers).toContainText('The answer broke off here');
    await at.set({ model: 'tiny' });
    await at.button('Continue').click();
    await at.idle();
    await expectVersion(at, 2, 2);
  });

  test('begin anew with an edited question, and go with what was deleted until that is undone', async ({ open }) => {
    const at = await open();
    await at.begin('One', 'First');
    await answerAgain(at, 'tiny');
    await inside(at.answers, 'Delete').click();
    await expect(versions(at)).toHaveCount(0);
    await at.button('Undo').click();
    await expectVersion(at, 2, 2);
    await inside(question(at, 'One'), 'Edit').click();
    await editor(at).fill('Another');
    await editor(at).press('Enter');
    await at.idle();
    await expect(at.answers).toContainText('Hello!');
    await expect(versions(at)).toHaveCount(0);
  });

  test('the one that is shown is the one that is kept', async ({ open }) => {
    const at = await open({ persist: 'browser', model: 'tiny' });
    await at.ask('One');
    await at.idle();
    await answerAgain(at, 'byte-slow');
    await at.ask('Two');
    await at.idle();
    await inside(versions(at), 'Previous version').click();
    await expectVersion(at, 1, 2);
    const before = await at.messages();
    await at.page.reload();
    await expect(at.questions).toHaveText([/One/, /Two/]);
    await expect.poll(() => at.messages()).toEqual(before);
    expect(before[1]?.content).toBe(SAMPLE);
    await expect(versions(at)).toHaveCount(0);
  });
});

test('all of it by keyboard alone, and the focus always shows where it is', async ({ open, page }) => {
  const at = await open();
  await beginCounted(at, 'One', 'First');
  await answerAgain(at, 'tiny');
  await at.log.focus();
  const way: string[] = [];
  for (let step = 0; step < 14 && way.at(-1) !== 'textarea Message'; step++) {
    await page.keyboard.press('Tab');
    way.push(await focused(page));
    const isSeen = () =>
      at.chat.evaluate(chat => {
        const active = chat.shadowRoot!.activeElement!;
        const hand = active.closest('.at-hand');
        return getComputedStyle(active).outlineStyle !== 'none' && (!hand || getComputedStyle(hand).opacity === '1');
      });
    if (!way.at(-1)?.startsWith('textarea')) await expect.poll(isSeen, way.at(-1)).toBe(true);
  }
  expect(way).toEqual([
    ...['button Copy', 'button Edit', 'button Delete'],
    ...['button Copy', 'button Answer again', 'button Previous version', 'button Next version', 'button Details', 'button Delete'],
    ...['button Attach text files', 'textarea Message'],
  ]);
  const go = async (key: string, expected: string) => {
    await page.keyboard.press(key);
    await expect.poll(() => focused(page), key).toBe(expected);
  };
  for (const name of ['Attach text files', 'Delete', 'Details']) await go('Shift+Tab', `button ${name}`);
  await page.keyboard.press('Enter');
  await expect(at.log.getByRole('list', { name: 'Details' })).toBeVisible();
  await go('Shift+Tab', 'button Next version');
  await go('Shift+Tab', 'button Previous version');
  await go('Enter', 'button Previous version');
  await expectVersion(at, 1, 2);
  for (const name of ['Answer again', 'Copy', 'Delete', 'Edit']) await go('Shift+Tab', `button ${name}`);
  await go('Enter', 'textarea Edit the message');
  await go('Escape', 'button Edit');
  await go('Tab', 'button Delete');
  await go('Enter', 'textarea Message');
  expect(await at.messages()).toEqual([]);
  await go('Shift+Tab', 'button Attach text files');
  await go('Shift+Tab', 'button Undo');
  await go('Enter', 'textarea Message');
  await expect(at.questions).toHaveCount(1);
});

test('at rest only what answers are read with is seen; the rest comes with the pointer', async ({ open }) => {
  const at = await open();
  await beginCounted(at, 'One', 'First');
  const opacity = (name: string, message: Locator) =>
    inside(message, name).evaluate(button => Number(getComputedStyle(button.closest('.at-hand') ?? button).opacity));
  await at.box.hover();
  await expect.poll(() => opacity('Edit', at.questions)).toBe(0);
  await expect.poll(() => opacity('Delete', at.answers)).toBe(0);
  expect(await opacity('Details', at.answers)).toBe(1);
  await at.questions.hover();
  await expect.poll(() => opacity('Edit', at.questions)).toBe(1);
  await at.answers.hover();
  await expect.poll(() => opacity('Delete', at.answers)).toBe(1);
});

test.describe('axe finds nothing', () => {
  test.use({ contextOptions: { reducedMotion: 'reduce' } });
  const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

  async function findings(page: Page): Promise<string[]> {
    await page.evaluate(axe);
    const { violations } = await page.evaluate(() => (window as unknown as { axe: { run(): Promise<AxeResults> } }).axe.run());
    return violations.flatMap(({ id, help, nodes }) =>
      nodes.map(({ target, failureSummary }) => `${id}: ${help}: ${JSON.stringify(target)} ${failureSummary}`),
    );
  }

  test('in details, versions, an editor and after a deletion, light and dark', async ({ open, page }) => {
    const at = await open({}, { body: tag => `<main><h1>A page</h1>${tag}</main>` });
    await beginCounted(at, 'One', 'First', 'Two', 'Second', 'Three', 'Third');
    await answerAgain(at, 'tiny');
    await inside(answer(at, 'First'), 'Details').click();
    await inside(question(at, 'Two'), 'Delete').click();
    await inside(question(at, 'Three'), 'Edit').click();
    await expect(versions(at)).toBeVisible();
    await expect(deleted(at)).toBeVisible();
    for (const theme of ['light', 'dark'] as const) {
      await at.set({ theme });
      expect(await findings(page)).toEqual([]);
      await answer(at, 'First').hover();
      expect(await findings(page)).toEqual([]);
    }
    await editor(at).fill('');
    expect(await findings(page)).toEqual([]);
  });
});

test.describe('on a phone, in Vietnamese', () => {
  test.use({ viewport: { width: 320, height: 640 }, isMobile: true, hasTouch: true });

  test('all of it fits, is seen without a pointer, and is large enough for a finger', async ({ open, page }) => {
    const at = await open({}, { lang: 'vi' });
    const chat = new ChatPage(page, at.ollama, at.site, { answer: 'Trả lời', you: 'Bạn' });
    await beginCounted(chat, 'Một câu hỏi', 'Thứ nhất');
    await expect(chat.button('Sửa')).toBeVisible();
    await chat.set({ model: 'tiny' });
    await chat.button('Trả lời lại').tap();
    await chat.idle();
    await expect(chat.button('Bản trước')).toBeVisible();
    await chat.button('Chi tiết').tap();
    await expect(chat.log.getByText(/token trả lời/)).toBeVisible();
    await chat.button('Bản trước').tap();
    await expect(chat.answers).toContainText('Thứ nhất');

    const buttons = await chat.log.getByRole('button').all();
    expect(buttons.length).toBeGreaterThanOrEqual(8);
    for (const button of buttons) {
      await button.scrollIntoViewIfNeeded();
      const name = await button.getAttribute('aria-label');
      const { left, right, top, bottom, width, height } = await rect(button);
      expect([left >= 0, right <= 320], String(name)).toEqual([true, true]);
      const [x, y] = [left + width / 2, top + height / 2];
      const reach = Math.min(21, Math.round(width / 2) + 6);
      for (const [at_, y_] of [
        [x - reach, y],
        [x + reach, y],
        [x, bottom - 1],
      ] as const) {
        const hit = await chat.chat.evaluate(
          (host, [px, py]) => host.shadowRoot!.elementFromPoint(px, py)?.closest('button')?.getAttribute('aria-label'),
          [at_, y_] as const,
        );
        expect(hit, `${name} at ${at_}, ${y_}`).toBe(name);
      }
    }
    expect(await chat.log.evaluate(log => log.scrollWidth - log.clientWidth)).toBe(0);

    await chat.button('Sửa').tap();
    const field = chat.log.getByRole('textbox', { name: 'Sửa tin nhắn' });
    await expect(field).toBeFocused();
    expect(await field.evaluate(element => getComputedStyle(element).fontSize)).toBe('16px');
    for (const name of ['Hủy', 'Gửi'])
      expect((await rect(chat.log.getByRole('button', { name, exact: true }))).height).toBeGreaterThanOrEqual(38);
    await chat.log.getByRole('button', { name: 'Hủy' }).tap();
    await chat.answers.getByRole('button', { name: 'Xóa' }).tap();
    await expect(chat.chat.getByText('Đã xóa tin nhắn')).toBeVisible();
    expect(await chat.log.evaluate(log => log.scrollWidth - log.clientWidth)).toBe(0);
  });
});

test('from right to left: back is to the right, and the tools are below the end of the bubble', async ({ open }) => {
  const at = await open({}, { body: tag => `<div dir="rtl">${tag}</div>` });
  await at.begin('One', 'First');
  await answerAgain(at, 'tiny');
  const [previous, next] = [await rect(at.button('Previous version')), await rect(at.button('Next version'))];
  expect(previous.left).toBeGreaterThan(next.left);
  expect((await rect(at.log.locator('.bubble'))).left).toBe((await rect(inside(at.questions, 'Delete'))).left + 6);
});
