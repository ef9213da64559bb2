/** A conversation, from the first word on: what is sent, what is shown, what is told to the page. */
import { SAMPLE } from '../support/behaviours.ts';
import { expect, type OllamaChat, test } from './chat-page.ts';

test('a question is answered, and the next one is sent with all that was said, the system prompt first', async ({ open }) => {
  const at = await open({ system: 'Be brief.' });
  await at.ask('Who are you?');
  await at.idle();
  await at.ask('And now?');
  await at.idle();
  const [first, second, ...more] = at.ollama.chats();
  expect(more).toEqual([]);
  expect(first?.body).toEqual({
    model: 'tiny',
    stream: true,
    messages: [
      { role: 'system', content: 'Be brief.' },
      { role: 'user', content: 'Who are you?' },
    ],
  });
  expect(second?.body.messages).toEqual([
    { role: 'system', content: 'Be brief.' },
    { role: 'user', content: 'Who are you?' },
    { role: 'assistant', content: SAMPLE },
    { role: 'user', content: 'And now?' },
  ]);
  await expect(at.questions).toHaveText(['Who are you?', 'And now?']);
  await expect(at.answers).toHaveCount(2);
  await expect(at.answers.last()).toContainText('Hello! This is bold, code & 1 < 2. Xin chào 👋🏽, привет, 你好.');
});

test('an answer is shown as the Markdown that it is', async ({ open }) => {
  const at = await open();
  await at.ask('bold and code');
  await expect(at.answers.getByRole('strong')).toHaveText('bold');
  await expect(at.answers.getByRole('code')).toHaveText('code');
  for (const [model, role] of [
    ['table', 'table'],
    ['list', 'list'],
    ['code', 'code'],
  ] as const) {
    await at.idle();
    await at.set({ model });
    await at.ask(model);
    await expect(at.answers.last().getByRole(role).first()).toBeVisible();
  }
  await at.idle();
  await expect(at.answers.nth(1).getByRole('columnheader').first()).toBeVisible();
  await expect(at.answers.nth(2).getByRole('listitem').first()).toBeVisible();
  await expect(at.answers.last().locator('pre > code').first()).toBeVisible();
});

test('what a visitor types is shown as it was typed', async ({ open }) => {
  const at = await open();
  const text = '**not bold** <img src=x onerror=alert(1)>\n  second line';
  await at.ask(text);
  await expect(at.questions.getByText('**not bold**')).toHaveText(text, { useInnerText: true });
});

test('thinking is folded above the answer, with its duration', async ({ open }) => {
  const at = await open({ model: 'think-held' });
  await at.ask('2 + 2?');
  await expect(at.answers.getByText('Thinking …')).toBeVisible();
  at.ollama.release();
  await expect(at.answers.getByText('bold')).toBeVisible();
  await at.idle();
  const summary = at.answers.getByText(/^Thought for \d+ s/);
  const thoughts = at.answers.getByText('Two plus two is four. Let me see that again.');
  await expect(summary).toBeVisible();
  await expect(thoughts).toBeHidden();
  await summary.click();
  await expect(thoughts).toBeVisible();
  const [above, below] = [await thoughts.boundingBox(), await at.answers.getByText('Hello!').boundingBox()];
  expect(above!.y + above!.height).toBeLessThanOrEqual(below!.y);
  await summary.click();
  await expect(thoughts).toBeHidden();
  // Thoughts are not said: they are not sent back.
  expect(await at.said()).toEqual(['user: 2 + 2?', `assistant: ${SAMPLE}`]);
});

test('nothing is sent for a blank message', async ({ open }) => {
  const at = await open();
  await expect(at.button('Send')).toBeDisabled();
  await at.ask('  \n ');
  await expect(at.button('Send')).toBeDisabled();
  expect(await at.chat.evaluate((chat: OllamaChat) => chat.send(' \n'))).toBeUndefined();
  expect(await at.messages()).toEqual([]);
  expect(at.ollama.chats()).toEqual([]);
});

test('a double click on Send asks once and leaves the answer alone', async ({ open }) => {
  const at = await open({ model: 'held' });
  await at.box.fill('Once');
  await at.button('Send').dblclick();
  at.ollama.release();
  await at.idle();
  expect(await at.said()).toEqual(['user: Once', `assistant: ${SAMPLE}`]);
  expect(at.ollama.chats()).toHaveLength(1);
});

test('Enter and a click on Send at the same moment ask once', async ({ open }) => {
  const at = await open({ model: 'held' });
  await at.box.fill('Once');
  await at.chat.evaluate(chat => {
    const root = chat.shadowRoot!;
    const send = root.querySelector<HTMLButtonElement>('button[part="send"]')!;
    root.querySelector('textarea')!.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, cancelable: true }));
    send.click();
  });
  at.ollama.release();
  await at.idle();
  expect(await at.said()).toEqual(['user: Once', `assistant: ${SAMPLE}`]);
  expect(at.ollama.chats()).toHaveLength(1);
});

test('Enter that is held down asks once', async ({ open }) => {
  const at = await open();
  await at.box.fill('Once');
  await at.page.keyboard.down('Enter');
  await at.page.keyboard.down('Enter');
  await at.page.keyboard.up('Enter');
  await at.idle();
  expect(at.ollama.chats()).toHaveLength(1);
  await expect(at.box).toHaveValue('');
});

test('Shift+Enter breaks the line, Enter sends both', async ({ open }) => {
  const at = await open();
  await at.box.fill('one');
  await at.box.press('Shift+Enter');
  await at.box.pressSequentially('two');
  await expect(at.box).toHaveValue('one\ntwo');
  expect(at.ollama.chats()).toEqual([]);
  await at.box.press('Enter');
  await at.idle();
  await expect(at.box).toHaveValue('');
  expect(at.ollama.chats()[0]?.body.messages).toEqual([{ role: 'user', content: 'one\ntwo' }]);
});

for (const [browser, init] of [
  ['as Chromium and Firefox report it', { isComposing: true }],
  ['as Safari reports it', { keyCode: 229 }],
] as const) {
  test(`the Enter that ends a composition is the input method’s own, ${browser}`, async ({ open }) => {
    const at = await open();
    await at.box.fill('にほん');
    const taken = await at.box.evaluate(
      (box, more) =>
        !box.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, composed: true, cancelable: true, ...more })),
      init,
    );
    expect(taken).toBe(false);
    await expect(at.box).toHaveValue('にほん');
    expect(await at.messages()).toEqual([]);
    await at.box.press('Enter');
    await expect(at.box).toHaveValue('');
  });
}

test('the Enter of a real composition sends nothing', async ({ open, page }) => {
  const at = await open();
  await at.box.focus();
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('Input.imeSetComposition', { text: 'nihon', selectionStart: 5, selectionEnd: 5 });
  await devtools.send('Input.dispatchKeyEvent', { type: 'rawKeyDown', key: 'Enter', code: 'Enter', windowsVirtualKeyCode: 229 });
  await devtools.send('Input.insertText', { text: '日本' });
  await expect(at.box).toHaveValue('日本');
  expect(await at.messages()).toEqual([]);
});

test('text typed while an answer streams stays in the composer', async ({ open }) => {
  const at = await open({ model: 'held' });
  await at.ask('First');
  await at.box.fill('Second');
  at.ollama.release();
  await at.idle();
  await expect(at.box).toHaveValue('Second');
  expect(at.ollama.chats()).toHaveLength(1);
});

test('two messages that the page sends at once are answered one after the other', async ({ open }) => {
  const at = await open({ model: 'held' });
  const answers = at.chat.evaluate(async (chat: OllamaChat) => {
    const both = await Promise.all([chat.send('First'), chat.send('Second')]);
    return both.map(answer => answer?.content);
  });
  await expect(at.answers).toContainText('Hello!');
  expect(at.ollama.chats()).toHaveLength(1);
  for (const _ of ['First', 'Second']) at.ollama.release();
  expect(await answers).toEqual([SAMPLE, SAMPLE]);
  expect(await at.said()).toEqual(['user: First', `assistant: ${SAMPLE}`, 'user: Second', `assistant: ${SAMPLE}`]);
  expect(at.ollama.chats().map(({ body }) => body.messages.length)).toEqual([1, 3]);
});

test('a cancelled chat-send keeps the text in the composer and asks nobody', async ({ open, page }) => {
  const at = await open();
  await page.evaluate(() => document.addEventListener('chat-send', event => event.preventDefault()));
  await at.ask('Not this');
  await expect(at.box).toHaveValue('Not this');
  expect(await at.chat.evaluate((chat: OllamaChat) => chat.send('Nor this'))).toBeUndefined();
  expect((await at.events('chat-send')).map(({ text }) => text)).toEqual(['Not this', 'Nor this']);
  expect(await at.messages()).toEqual([]);
  expect(at.ollama.chats()).toEqual([]);
});

test('the page hears of each step, and of no token', async ({ open }) => {
  const at = await open({ model: 'think-held' });
  const busy = () => at.chat.evaluate(chat => chat.matches(':state(busy)'));
  expect(await busy()).toBe(false);
  await at.ask('Why?');
  expect(await busy()).toBe(true);
  await expect(at.log).toHaveAttribute('aria-busy', 'true');
  at.ollama.release();
  await at.idle();
  expect(await busy()).toBe(false);
  await expect(at.log).toHaveAttribute('aria-busy', 'false');
  await expect.poll(() => at.events('chat-reply')).toHaveLength(1);
  const heard = await at.events();
  expect(heard.map(({ type, phase }) => phase ?? type).filter(name => name !== 'chat-reply')).toEqual([
    'chat-send',
    'waiting',
    'thinking',
    'answering',
    'idle',
  ]);
  const { message } = heard.find(({ type }) => type === 'chat-reply')!;
  expect(message).toMatchObject({ role: 'assistant', content: SAMPLE, status: 'complete' });
  expect(message?.stats?.eval_count).toBeGreaterThan(0);
});

test('assistive technology is told that an answer is on its way, and then the answer', async ({ open }) => {
  const at = await open({ model: 'held-first' });
  const status = at.chat.getByRole('status');
  await at.ask('Why?');
  await expect(status).toHaveText('Waiting for held-first');
  at.ollama.release();
  await at.idle();
  await expect(status).toContainText('Hello! This is bold');
});

test('messages are a copy, and setting them replaces the conversation', async ({ open }) => {
  const at = await open({ system: 'Be brief.' });
  await at.begin('Earlier question', 'Earlier **answer**');
  await expect(at.answers.getByRole('strong')).toHaveText('answer');
  const told = await at.chat.evaluate((chat: OllamaChat) => {
    const copy = chat.messages;
    copy[0]!.content = 'changed';
    copy.pop();
    return chat.messages;
  });
  expect(told.map(({ role, content, status }) => ({ role, content, status }))).toEqual([
    { role: 'user', content: 'Earlier question', status: 'complete' },
    { role: 'assistant', content: 'Earlier **answer**', status: 'complete' },
  ]);
  expect(new Set(told.map(({ id }) => id)).size).toBe(2);
  await at.ask('Next');
  await at.idle();
  expect(at.ollama.chats()[0]?.body.messages.map(({ content }) => content)).toEqual([
    'Be brief.',
    'Earlier question',
    'Earlier **answer**',
    'Next',
  ]);
  const refused = await at.chat.evaluate((chat: OllamaChat) => {
    try {
      chat.messages = [{ role: 'system' as 'user', content: '' }];
      return '';
    } catch (error) {
      return String(error);
    }
  });
  expect(refused).toMatch(/^TypeError: .*"system"/);
  expect(await at.messages()).toHaveLength(4);
});

test('Answer again asks the last question once more, and the new answer takes the place of the old one', async ({ open }) => {
  const at = await open();
  await at.begin('Q1', 'A1', 'Q2', 'A2');
  await at.button('Answer again').click();
  await at.idle();
  expect(await at.said()).toEqual(['user: Q1', 'assistant: A1', 'user: Q2', `assistant: ${SAMPLE}`]);
  expect(at.ollama.chats().map(({ body }) => body.messages.map(({ content }) => content))).toEqual([['Q1', 'A1', 'Q2']]);
  await expect(at.answers).toHaveCount(2);
});

test('New chat empties the log, Undo brings it back, and the next message ends that offer', async ({ open }) => {
  const at = await open();
  await at.begin('Q1', 'A1');
  await at.box.fill('a draft');
  await at.button('New chat').click();
  await expect(at.log.getByRole('heading', { name: 'Ask me anything' })).toBeVisible();
  await expect(at.box).toBeFocused();
  await expect(at.box).toHaveValue('a draft');
  await at.button('Undo').click();
  await expect(at.answers).toContainText('A1');
  await expect(at.button('Undo')).toHaveCount(0);
  await at.button('New chat').click();
  await at.ask('Q2');
  await expect(at.button('Undo')).toHaveCount(0);
  await at.idle();
  expect(at.ollama.chats()[0]?.body.messages).toEqual([{ role: 'user', content: 'Q2' }]);
});

test('a suggestion is asked with one click', async ({ open }) => {
  const at = await open({ suggestions: 'What can you do?\n\n  Tell me a story  ' });
  await at.button('Tell me a story').click();
  await at.idle();
  expect(at.ollama.chats()[0]?.body.messages).toEqual([{ role: 'user', content: 'Tell me a story' }]);
});

const CODE = 'if (a < b) {\n  return "&amp;";\n}\n';
const ANSWER = `Some **Markdown**:\n\n\`\`\`js\n${CODE}\`\`\`\n\nThe end.`;

for (const [where, at_] of [
  ['', undefined],
  [', also on a plain-http page', 'http://intranet.example/'],
] as const) {
  test(`Copy gives the Markdown of a message and the bare code of a block${where}`, async ({ open, context }) => {
    const at = await open({}, at_ ? { at: at_ } : {});
    if (!at_) await context.grantPermissions(['clipboard-read', 'clipboard-write']);
    expect(await at.page.evaluate(() => isSecureContext)).toBe(!at_);
    await at.begin('Q', ANSWER);
    const [ofCode, ofMessage] = [
      at.answers.getByRole('button', { name: 'Copy' }).first(),
      at.answers.getByRole('button', { name: 'Copy' }).last(),
    ];
    for (const [button, text] of [
      [ofMessage, ANSWER],
      [ofCode, CODE],
    ] as const) {
      await button.click();
      await expect(at.chat.getByRole('status')).toHaveText('Copied');
      // The second time it has said so before: the clipboard may still hold the first text.
      await expect(async () => {
        await at.box.fill('');
        await at.box.press('ControlOrMeta+v');
        await expect(at.box).toHaveValue(text, { timeout: 1000 });
      }).toPass();
    }
  });
}

test('everything works before the first render', async ({ open, page }) => {
  const { ollama } = await open({}, { body: () => '' });
  const done = await page.evaluate(async url => {
    const chat = Object.assign(document.createElement('ollama-chat'), { url, model: 'tiny', draft: 'a draft' });
    chat.stop();
    chat.clear();
    chat.toggle();
    chat.hide();
    chat.focus();
    chat.messages = [
      { role: 'user', content: 'Q1' },
      { role: 'assistant', content: 'A1' },
    ];
    const answer = chat.send('Q2');
    document.body.append(chat);
    return { answer: (await answer)?.content, phase: chat.phase, draft: chat.draft };
  }, ollama.url);
  expect(done).toEqual({ answer: SAMPLE, phase: 'idle', draft: 'a draft' });
  expect(ollama.chats()[0]?.body.messages.map(({ content }) => content)).toEqual(['Q1', 'A1', 'Q2']);
});

test('a changed attribute holds from the next message on', async ({ open, serve }) => {
  const at = await open({ model: 'held', system: 'One.' });
  const other = await serve();
  await at.ask('First');
  await expect(at.answers).toContainText('Hello!');
  await at.chat.evaluate((chat, url) => {
    chat.setAttribute('model', 'echo');
    chat.setAttribute('system', 'Two.');
    chat.setAttribute('url', url);
  }, other.url);
  at.ollama.release();
  await at.idle();
  expect(await at.said()).toEqual(['user: First', `assistant: ${SAMPLE}`]);
  expect(other.chats()).toEqual([]);
  await at.ask('Second');
  await at.idle();
  expect(at.ollama.chats()).toHaveLength(1);
  expect(other.chats().map(({ body }) => [body.model, ...body.messages.map(({ content }) => content)])).toEqual([
    ['echo', 'Two.', 'First', SAMPLE, 'Second'],
  ]);
});

test('two chats on one page are two conversations', async ({ open }) => {
  const at = await open({}, { body: tag => tag + tag });
  await at.box.first().fill('Here');
  await at.box.first().press('Enter');
  await expect(at.answers).toHaveCount(1);
  await expect(at.log.last().getByRole('article')).toHaveCount(0);
});
