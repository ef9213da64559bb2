/** Pictures and text files: how they are attached, what is sent of them, and what the log shows. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from '@playwright/test';
import type { AxeResults } from 'axe-core';
import { png } from '../support/png.ts';
import { type Attributes, ChatPage, expect, type OllamaChat, type PageOptions, pageHtml, test } from './chat-page.ts';

const SEES = { name: 'sees', capabilities: ['completion', 'vision'] };
const BLIND = { name: 'blind', capabilities: ['completion'] };
const SERVER = { models: [SEES, BLIND] };

interface Given {
  name: string;
  mimeType: string;
  buffer: Buffer;
}

const picture = (name = 'red.png', width = 40, height = 30): Given => ({ name, mimeType: 'image/png', buffer: png(width, height) });
const text = (content: string, name = 'notes.txt'): Given => ({ name, mimeType: 'text/plain', buffer: Buffer.from(content) });
const SVG = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>document.title = "run"</script></svg>');
const HEIC = Buffer.from('\0\0\0\x18ftypheic\0\0\0\0mif1heic', 'latin1');

const input = (at: ChatPage) => at.chat.locator('.composer input[type=file]');
const attached = (at: ChatPage) => at.chat.getByRole('list', { name: 'Attached' });
const items = (at: ChatPage) => attached(at).getByRole('listitem');
const notice = (at: ChatPage) => at.chat.locator('.attach-notice');

async function attach(at: ChatPage, ...files: Given[]): Promise<void> {
  const before = await items(at).count();
  await input(at).setInputFiles(files);
  await expect(items(at)).toHaveCount(before + files.length);
  await expect(attached(at).getByText('Reading')).toHaveCount(0);
}

type Open = (attributes?: Attributes, options?: PageOptions) => Promise<ChatPage>;

/** A chat that somebody has touched: then everything is there. */
async function begin(open: Open, attributes: Attributes = {}, options: PageOptions = {}): Promise<ChatPage> {
  const at = await open({ model: 'sees', ...attributes }, { server: SERVER, ...options });
  if (attributes['layout'] === 'popup') await at.button('Open chat').click();
  await at.box.focus();
  await expect(at.button(attributes['model'] === 'blind' ? 'Attach text files' : 'Attach pictures or text files')).toBeVisible();
  return at;
}

const lastSent = (at: ChatPage) => at.ollama.chats().at(-1)!.body.messages.at(-1)!;

/** What a browser makes of base64. */
const decoded = (page: Page, base64: string) =>
  page.evaluate(async data => {
    const bitmap = await createImageBitmap(new Blob([Uint8Array.from(atob(data), character => character.charCodeAt(0))]));
    return { width: bitmap.width, height: bitmap.height };
  }, base64);

/** As somebody does who holds files: `type` happens over `selector`. Resolves with whether the page kept it from the browser. */
const hand = (at: ChatPage, type: 'paste' | 'dragover' | 'dragleave' | 'drop', selector: string, files: Given[], words?: string) =>
  at.chat.evaluate(
    (chat, given) => {
      const transfer = new DataTransfer();
      if (given.words) transfer.setData('text/plain', given.words);
      for (const { name, mimeType, data } of given.files) {
        const bytes = Uint8Array.from(atob(data), character => character.charCodeAt(0));
        transfer.items.add(new File([bytes], name, { type: mimeType }));
      }
      const init = { bubbles: true, composed: true, cancelable: true };
      const event =
        given.type === 'paste'
          ? new ClipboardEvent('paste', { ...init, clipboardData: transfer })
          : new DragEvent(given.type, { ...init, dataTransfer: transfer });
      return !chat.shadowRoot!.querySelector(given.selector)!.dispatchEvent(event);
    },
    { type, selector, words, files: files.map(({ name, mimeType, buffer }) => ({ name, mimeType, data: buffer.toString('base64') })) },
  );

test('a picture is chosen by the button, shown small, and sent as base64 without a prefix, small enough for a model', async ({
  open,
  page,
}) => {
  const at = await begin(open);
  const chooser = page.waitForEvent('filechooser');
  await at.button('Attach pictures or text files').click();
  const large = { ...picture('large.png'), buffer: png(3000, 1500, (x, y) => [x ^ y, x * y, y]) };
  expect((await chooser).isMultiple()).toBe(true);
  await (await chooser).setFiles(large);
  await expect(attached(at).getByRole('img', { name: 'large.png' })).toBeVisible();
  await expect(at.box).toBeFocused();
  await at.ask('What is it?');
  await at.idle();
  const { content, images } = lastSent(at);
  expect(content).toBe('What is it?');
  expect(images).toHaveLength(1);
  expect(images![0]).toMatch(/^[A-Za-z0-9+/]+={0,2}$/);
  expect(await decoded(page, images![0]!)).toEqual({ width: 1536, height: 768 });
  await expect(items(at)).toHaveCount(0);
  await expect(at.box).toHaveValue('');
  await expect(at.questions.getByRole('img', { name: 'Picture 1' })).toBeVisible();
  await expect(at.questions).toContainText('What is it?');
});

test('a picture is pasted into the composer, and words are pasted as ever', async ({ open }) => {
  const at = await begin(open);
  expect(await hand(at, 'paste', 'textarea', [picture('image.png')])).toBe(true);
  await expect(attached(at).getByRole('img', { name: 'image.png' })).toBeVisible();
  await expect(at.box).toBeFocused();
  expect(await hand(at, 'paste', 'textarea', [], 'words')).toBe(false);
  // Words that come with a picture of them.
  expect(await hand(at, 'paste', 'textarea', [picture('image.png')], 'words')).toBe(false);
  await expect(items(at)).toHaveCount(1);
});

test('files are dropped anywhere on the panel, which says so meanwhile', async ({ open }) => {
  const at = await begin(open);
  const files = [picture(), text('words')];
  expect(await hand(at, 'dragover', '.log', files)).toBe(true);
  await expect(at.chat.getByText('Drop to attach')).toBeVisible();
  // Elsewhere by now: nothing more is heard of it.
  await expect(at.chat.getByText('Drop to attach')).toHaveCount(0);
  await hand(at, 'dragover', '.log', files);
  await expect(at.chat.getByText('Drop to attach')).toBeVisible();
  expect(await hand(at, 'drop', '.log', files)).toBe(true);
  await expect(at.chat.getByText('Drop to attach')).toHaveCount(0);
  await expect(items(at)).toHaveCount(2);
  await expect(at.box).toBeFocused();
});

test('what is dropped and is no file is left to the browser', async ({ open }) => {
  const at = await begin(open);
  expect(await hand(at, 'dragover', '.log', [], 'https://example.com/')).toBe(false);
  expect(await hand(at, 'drop', 'textarea', [], 'https://example.com/')).toBe(false);
  await expect(at.chat.getByText('Drop to attach')).toHaveCount(0);
  await expect(attached(at)).toHaveCount(0);
});

test('several are sent together, and one can be removed before', async ({ open }) => {
  const at = await begin(open);
  await attach(at, picture('one.png'), picture('two.png', 20, 10), picture('two.png', 30, 10), text('words'));
  await at.button('Remove two.png').click();
  await expect(items(at)).toHaveCount(3);
  await expect(at.box).toBeFocused();
  await expect(attached(at).getByRole('img', { name: 'two.png (2)' })).toBeVisible();
  await at.button('Remove notes.txt').click();
  await at.ask('And?');
  await at.idle();
  expect(lastSent(at).content).toBe('And?');
  const sizes = await Promise.all(lastSent(at).images!.map(image => decoded(at.page, image)));
  expect(sizes).toEqual([
    { width: 40, height: 30 },
    { width: 30, height: 10 },
  ]);
  await expect(at.questions.getByRole('img')).toHaveCount(2);
});

test('a text file travels in the message to the letter, and lies folded in the log', async ({ open }) => {
  const at = await begin(open, { model: 'blind' });
  const source = 'a,b\r\n1,"```"\n<script>alert(1)</script>\ttail\n\n';
  await attach(at, text(source, 'table.csv'), text('# Title', 'read me.md'));
  await expect(items(at).first()).toHaveText(/table\.csv\s*0\.1 kB/);
  await at.ask('Sum it up');
  await at.idle();
  const expected = `Sum it up\n\n\`table.csv\` (1/2):\n\n\`\`\`\`csv\n${source}\n\`\`\`\`\n\n\`read me.md\` (2/2):\n\n\`\`\`md\n# Title\n\`\`\``;
  expect(lastSent(at)).toEqual({ role: 'user', content: expected });
  await expect(at.questions.locator('.bubble')).toHaveText('Sum it up');
  const quoted = at.questions.getByRole('group').filter({ hasText: 'table.csv' });
  await expect(quoted.locator('pre')).toBeHidden();
  await quoted.getByText('table.csv').click();
  await expect(quoted.locator('pre')).toBeVisible();
  expect(await quoted.locator('pre').textContent()).toBe(source);
});

test('a picture alone can be sent, and so can a file', async ({ open }) => {
  const at = await begin(open);
  await expect(at.button('Send')).toHaveAttribute('aria-disabled', 'true');
  await attach(at, picture());
  await expect(at.button('Send')).toHaveAttribute('aria-disabled', 'false');
  await at.button('Send').click();
  await at.idle();
  expect(lastSent(at)).toMatchObject({ content: '', images: [expect.any(String)] });
  await expect(at.questions.locator('.bubble')).toHaveCount(0);
  await attach(at, text('words'));
  await at.button('Send').click();
  await at.idle();
  expect(lastSent(at)).toEqual({ role: 'user', content: '`notes.txt` (1/1):\n\n```\nwords\n```' });
});

test('what is sent while a file is being read waits for that', async ({ open, page }) => {
  const at = await begin(open);
  await page.evaluate(() => {
    const { createImageBitmap } = window;
    const waiting = new Promise<void>(resolve => Object.assign(window, { goOn: resolve }));
    window.createImageBitmap = async (...given: [ImageBitmapSource]) => waiting.then(() => createImageBitmap(...given));
  });
  await input(at).setInputFiles(picture());
  await expect(attached(at).getByText('Reading red.png')).toBeAttached();
  await at.ask('What is it?');
  await expect(at.box).toHaveValue('What is it?');
  expect(at.ollama.chats()).toHaveLength(0);
  await page.evaluate(() => (window as unknown as { goOn: () => void }).goOn());
  await expect(at.questions.getByRole('img')).toBeVisible();
  await at.idle();
  expect(lastSent(at)).toMatchObject({ content: 'What is it?', images: [expect.any(String)] });
});

test('a description of a picture is its words in the log, and goes along', async ({ open, page }) => {
  const at = await begin(open, { persist: 'browser' });
  await attach(at, picture('a.png'), picture('b.png'));
  await at.button('Describe b.png').click();
  const field = at.chat.getByRole('textbox', { name: 'Describe b.png' });
  await expect(field).toBeFocused();
  await expect(field).toHaveAttribute('placeholder', 'What is in the picture');
  await page.keyboard.type('a red wall');
  await expect(attached(at).getByRole('img', { name: 'a red wall' })).toBeVisible();
  await page.keyboard.press('Enter');
  await expect(field).toHaveCount(0);
  await expect(at.chat.getByRole('textbox', { name: 'Message' })).toBeFocused();
  await page.keyboard.type('Which?');
  await page.keyboard.press('Enter');
  await at.idle();
  expect(lastSent(at).content).toBe('Which?\n\n> Picture 2: a red wall');
  const isShown = async () => {
    await expect(at.questions.getByRole('img', { name: 'Picture 1' })).toBeVisible();
    await expect(at.questions.getByRole('img', { name: 'a red wall' })).toBeVisible();
    await expect(at.questions.locator('.bubble')).toHaveText('Which?');
  };
  await isShown();
  await page.reload();
  await isShown();
});

const REFUSED: [what: string, file: Given, words: string][] = [
  [
    'a drawing that is called a PNG',
    { name: 'logo.png', mimeType: 'image/png', buffer: SVG },
    '“logo.png” is no picture that can be shown',
  ],
  ['a picture of a phone', { name: 'IMG_1.heic', mimeType: '', buffer: HEIC }, '“IMG_1.heic” is no picture that can be shown'],
  ['an archive', { name: 'a.zip', mimeType: '', buffer: Buffer.from('PK\x03\x04\0\0') }, '“a.zip” is no text'],
  ['a text in another encoding', { ...text(''), buffer: Buffer.from([0xe4, 0xf6]) }, 'save it as UTF\u20118'],
  ['an empty file', text(''), '“notes.txt” is empty'],
  ['a large text', text('a'.repeat(100 * 1024 + 1)), '“notes.txt” is too large: at most 100 kB'],
  ['a picture of too many pixels', { ...picture(), buffer: png(1, 1).fill(0x7f, 16, 24) }, 'million pixels'],
  ['half a picture', { ...picture(), buffer: png(90, 90, x => [x * 7, x * x, x]).subarray(0, 90) }, '“red.png” can’t be read'],
];

for (const [what, file, words] of REFUSED) {
  test(`${what} is refused in words, and the rest stays`, async ({ open }) => {
    const at = await begin(open);
    await attach(at, picture('kept.png'));
    await at.box.fill('a draft');
    await input(at).setInputFiles(file);
    await expect(notice(at)).toContainText(words);
    await expect(notice(at)).toHaveRole('status');
    await expect(items(at)).toHaveCount(1);
    await expect(at.box).toHaveValue('a draft');
    expect(await at.page.title()).toBe('A page with a chat');
    // It goes with what is done next.
    await at.button('Remove kept.png').click();
    await expect(notice(at)).toHaveCount(0);
  });
}

test('a large picture is refused before it is read', async ({ open, page }) => {
  const at = await begin(open);
  await page.evaluate(() => {
    const { arrayBuffer } = Blob.prototype;
    Blob.prototype.arrayBuffer = function () {
      if (this.size > 1000) throw new Error('read');
      return arrayBuffer.call(this);
    };
  });
  // Made in the page: handing over so many bytes takes long.
  await input(at).evaluate(
    (field: HTMLInputElement, head) => {
      const transfer = new DataTransfer();
      transfer.items.add(new File([Uint8Array.from(head), new Uint8Array(20 * 2 ** 20)], 'red.png'));
      field.files = transfer.files;
      field.dispatchEvent(new Event('change'));
    },
    Array.from(png(1, 1)),
  );
  await expect(notice(at)).toHaveText('“red.png” is too large: at most 20 MB.');
  await expect(items(at)).toHaveCount(0);
});

test('at most eight pictures and eight files', async ({ open }) => {
  const at = await begin(open);
  const many = Array.from({ length: 9 }, (_, index) => [picture(`${index}.png`, 4, 4), text('a', `${index}.txt`)]).flat();
  await input(at).setInputFiles(many);
  await expect(items(at)).toHaveCount(16);
  await expect(notice(at)).toHaveText('At most 8 pictures and 8 files can be attached.');
  await input(at).setInputFiles(picture('late.png'));
  await expect(notice(at)).toHaveText('At most 8 pictures and 8 files can be attached.');
  await expect(items(at)).toHaveCount(16);
});

test('several reasons are told in a few lines', async ({ open }) => {
  const at = await begin(open);
  await input(at).setInputFiles(Array.from({ length: 5 }, (_, index) => text('', `${index}.txt`)));
  await expect(notice(at)).toHaveText(/“0\.txt” is empty\..*“1\.txt” is empty\..*“2\.txt” is empty\..*And 2 more can’t be attached\./s);
});

test('a model that cannot see is shown no picture: refused before any request', async ({ open }) => {
  const at = await begin(open, { model: 'blind' });
  await expect(input(at)).not.toHaveAttribute('accept', /image/);
  await hand(at, 'paste', 'textarea', [picture()]);
  await expect(notice(at)).toHaveText('blind can’t see pictures. Choose a model with vision.');
  await expect(items(at)).toHaveCount(0);
  await attach(at, text('words'));
  await expect(notice(at)).toHaveCount(0);
  expect(at.ollama.chats()).toHaveLength(0);
});

test('a picture that a page sends to a model that cannot see is refused in words, without a request', async ({ open }) => {
  const at = await begin(open, { model: 'blind' });
  const data = picture().buffer.toString('base64');
  const kind = await at.chat.evaluate(
    (chat: OllamaChat, image) => chat.send('What is it?', { images: [image] }).catch((error: { kind: string }) => error.kind),
    data,
  );
  expect(kind).toBe('capability-missing');
  await expect(at.alert).toContainText('vision');
  expect(at.ollama.chats()).toHaveLength(0);
});

test('a model that turns out to be blind: what is attached stays, and is not sent', async ({ open }) => {
  const at = await begin(open);
  await attach(at, picture());
  await at.box.fill('What is it?');
  await at.set({ model: 'blind' });
  await expect(notice(at)).toHaveText('blind can’t see pictures. Choose a model with vision.');
  await at.box.press('Enter');
  await at.button('Send').click();
  await expect(at.box).toHaveValue('What is it?');
  await expect(items(at)).toHaveCount(1);
  expect(at.ollama.chats()).toHaveLength(0);
  await expect(at.questions).toHaveCount(0);
  await at.set({ model: 'sees' });
  await expect(notice(at)).toHaveCount(0);
  await at.box.press('Enter');
  await at.idle();
  expect(lastSent(at).images).toHaveLength(1);
});

test('an earlier picture is left out for a model that cannot see, and stays in the log', async ({ open }) => {
  const at = await begin(open);
  await attach(at, picture());
  await at.ask('What is it?');
  await at.idle();
  await at.set({ model: 'blind' });
  await at.ask('And now?');
  await at.idle();
  const { messages } = at.ollama.chats().at(-1)!.body;
  expect(messages.map(({ content, images }) => [content, images?.length])).toEqual([
    ['What is it?', undefined],
    [expect.any(String), undefined],
    ['And now?', undefined],
  ]);
  await expect(at.questions.getByRole('img')).toBeVisible();
  expect((await at.messages())[0]?.images).toHaveLength(1);
});

test('while an answer is being written pictures wait in the composer, and a file goes to what waits', async ({ open }) => {
  const held = { name: 'held', capabilities: ['completion', 'vision'] };
  const at = await begin(open, { model: 'held' }, { server: { models: [held] } });
  await at.ask('First');
  await expect(at.answers).toContainText('Hello!');
  await attach(at, picture());
  await at.ask('Second');
  await expect(notice(at)).toHaveText('Pictures can be sent once the answer has ended.');
  await expect(at.box).toHaveValue('Second');
  await expect(items(at)).toHaveCount(1);
  await at.button('Remove red.png').click();
  await attach(at, text('words'));
  await at.box.press('Enter');
  await expect(at.chat.getByRole('list', { name: 'Next messages' }).getByRole('listitem')).toHaveCount(1);
  await expect(items(at)).toHaveCount(0);
  at.ollama.release();
  await expect.poll(() => at.ollama.chats().length).toBe(2);
  expect(lastSent(at).content).toBe('Second\n\n`notes.txt` (1/1):\n\n```\nwords\n```');
  at.ollama.release();
  await at.idle();
});

test('what the page keeps back by chat-send stays attached', async ({ open, page }) => {
  const at = await begin(open);
  await page.evaluate(() => document.addEventListener('chat-send', event => event.preventDefault(), { once: true }));
  await attach(at, picture(), text('words'));
  await at.ask('What is it?');
  await expect(at.box).toHaveValue('What is it?');
  await expect(items(at)).toHaveCount(2);
  await at.box.press('Enter');
  await at.idle();
  expect(lastSent(at).images).toHaveLength(1);
});

test('what is attached moves along with the widget, and is there again when it comes back', async ({ open, page }) => {
  const at = await begin(open);
  await attach(at, picture(), text('words'));
  const isShown = () =>
    expect
      .poll(() =>
        attached(at)
          .getByRole('img')
          .evaluate((image: HTMLImageElement) => image.complete && image.naturalWidth),
      )
      .toBe(40);
  await at.chat.evaluate(chat => document.body.appendChild(document.createElement('main')).append(chat));
  await isShown();
  await at.chat.evaluate(async chat => {
    Object.assign(window, { chat });
    chat.remove();
    await new Promise(resolve => setTimeout(resolve));
  });
  await page.evaluate(() => document.body.append((window as unknown as { chat: Element }).chat));
  await expect(items(at)).toHaveCount(2);
  await isShown();
  // It listens again, and once.
  await hand(at, 'drop', '.log', [picture('late.png')]);
  await expect(items(at)).toHaveCount(3);
});

test('the browser keeps no picture longer than it is shown', async ({ open, page }) => {
  await page.addInitScript(() => {
    const addresses = new Set<string>();
    const { createObjectURL, revokeObjectURL } = URL;
    URL.createObjectURL = object => {
      const url = createObjectURL.call(URL, object);
      addresses.add(url);
      return url;
    };
    URL.revokeObjectURL = url => {
      addresses.delete(url);
      revokeObjectURL.call(URL, url);
    };
    Object.assign(window, { addresses });
  });
  const kept = () => page.evaluate(() => (window as unknown as { addresses: Set<string> }).addresses.size);
  const at = await begin(open);
  await attach(at, picture('a.png'), picture('b.png'), text('words'));
  expect(await kept()).toBe(2);
  await at.button('Remove a.png').click();
  await expect.poll(kept).toBe(1);
  await at.ask('What is it?');
  await at.idle();
  await expect(at.questions.getByRole('img')).toBeVisible();
  // In the log, and nowhere else.
  await expect.poll(kept).toBe(1);
  await at.button('New chat').click();
  await expect.poll(kept).toBe(0);
  await at.button('Undo').click();
  await expect(at.questions.getByRole('img')).toBeVisible();
  await expect.poll(kept).toBe(1);
  await attach(at, picture());
  await expect.poll(kept).toBe(2);
  await at.chat.evaluate(chat => chat.remove());
  await expect.poll(kept).toBe(0);
});

test('no-attachments leaves all of it away, also later', async ({ open }) => {
  const at = await open({ model: 'sees', 'no-attachments': true }, { server: SERVER });
  await at.ask('Why?');
  await at.idle();
  await expect(at.chat.locator('input[type=file]')).toHaveCount(0);
  expect(await hand(at, 'paste', 'textarea', [picture()])).toBe(false);
  expect(await hand(at, 'dragover', '.log', [picture()])).toBe(false);
  await expect(items(at)).toHaveCount(0);
  await at.chat.evaluate(chat => chat.removeAttribute('no-attachments'));
  await attach(at, picture());
  await at.chat.evaluate(chat => chat.setAttribute('no-attachments', ''));
  await expect(items(at)).toHaveCount(0);
  await at.ask('And?');
  await at.idle();
  expect(lastSent(at)).toEqual({ role: 'user', content: 'And?' });
});

test('send() takes Blobs, data: URLs and base64', async ({ open, page }) => {
  const at = await begin(open);
  const data = picture().buffer.toString('base64');
  await at.chat.evaluate(async (chat: OllamaChat, base64) => {
    const bytes = Uint8Array.from(atob(base64), character => character.charCodeAt(0));
    await chat.send('Which?', { images: [new Blob([bytes]), `data:image/png;base64,${base64}`, base64] });
  }, data);
  const { images = [] } = lastSent(at);
  expect(images.slice(1)).toEqual([data, data]);
  expect(await decoded(page, images[0]!)).toEqual({ width: 40, height: 30 });
  await expect(at.questions.getByRole('img')).toHaveCount(3);
  const name = await at.chat.evaluate((chat: OllamaChat) =>
    chat.send('Which?', { images: [new Blob(['words'])] }).then(
      () => '',
      (error: Error) => error.name,
    ),
  );
  expect(name).toBe('TypeError');
  expect(at.ollama.chats()).toHaveLength(1);
});

test('what is no picture in a message is words in its place', async ({ open }) => {
  const at = await begin(open);
  await at.chat.evaluate((chat: OllamaChat, svg) => {
    chat.messages = [
      { role: 'user', content: 'Look', images: [btoa(svg), 'A', btoa('\x89PNG\r\n\x1a\n and nothing more')] },
      { role: 'assistant', content: 'At what?' },
    ];
  }, SVG.toString());
  await expect(at.questions.getByText('Picture 1')).toBeVisible();
  await expect(at.questions.getByText('Picture 2')).toBeVisible();
  await expect(at.questions.getByText('Picture 3')).toBeVisible();
  await expect(at.questions.getByRole('img')).toHaveCount(0);
  await expect(at.questions.locator('.bubble')).toHaveText('Look');
});

test('pictures and files are there again after a reload', async ({ open, page }) => {
  const at = await begin(open, { persist: 'browser' });
  await attach(at, picture(), text('words'));
  await at.ask('What is it?');
  await at.idle();
  await page.reload();
  await expect
    .poll(() => at.questions.getByRole('img').evaluate((image: HTMLImageElement) => image.complete && image.naturalWidth))
    .toBe(40);
  await at.questions.getByText('notes.txt').click();
  await expect(at.questions.locator('pre')).toHaveText('words');
  await at.ask('And now?');
  await at.idle();
  expect(at.ollama.chats().at(-1)!.body.messages[0]!.images).toHaveLength(1);
});

test('under the strictest policy the browser reports nothing', async ({ page, pages, serve }) => {
  const reports: string[] = [];
  await page.exposeFunction('report', (line: string) => void reports.push(line));
  await page.addInitScript(() => {
    const { report } = window as unknown as { report: (line: string) => void };
    document.addEventListener('securitypolicyviolation', ({ effectiveDirective, blockedURI, sourceFile, lineNumber }) =>
      report([effectiveDirective, blockedURI, sourceFile, lineNumber].join(' ')),
    );
  });
  const ollama = await serve(SERVER);
  const policy = `default-src 'none'; script-src 'self'; style-src 'self'; img-src blob:; connect-src ${ollama.url}; require-trusted-types-for 'script'; trusted-types ollama-chat ollama-chat-lit`;
  const body = pageHtml({ url: ollama.url, model: 'sees', persist: 'browser' }).replace('<link rel="icon" href="data:,">', '');
  const site = await pages({ 'index.html': { body, headers: { 'Content-Security-Policy': policy } } });
  await page.goto(site.url);
  const at = new ChatPage(page, ollama, site);
  await at.box.focus();
  await attach(at, picture('large.png', 2000, 1000), text('words'));
  await hand(at, 'paste', 'textarea', [picture('image.png')]);
  await hand(at, 'dragover', '.log', [picture()]);
  await hand(at, 'drop', '.log', [{ name: 'page.html', mimeType: 'text/html', buffer: Buffer.from('<img src=x onerror=alert(1)>') }]);
  await expect(items(at)).toHaveCount(4);
  await at.button('Describe image.png').click();
  await page.keyboard.type('a red wall');
  await page.keyboard.press('Enter');
  await input(at).setInputFiles({ name: 'logo.png', mimeType: 'image/png', buffer: SVG });
  await expect(notice(at)).toContainText('logo.png');
  await at.ask('What is it?');
  await at.idle();
  await expect(at.questions.getByRole('img')).toHaveCount(2);
  await at.questions.getByText('page.html').click();
  await page.reload();
  await expect(at.questions.getByRole('img')).toHaveCount(2);
  expect(reports).toEqual([]);
});

test('all of it by keyboard', async ({ open, page }) => {
  const at = await begin(open);
  const chooser = page.waitForEvent('filechooser');
  await page.keyboard.press('Shift+Tab');
  await expect(at.button('Attach pictures or text files')).toBeFocused();
  await page.keyboard.press('Enter');
  await (await chooser).setFiles([picture('a.png'), picture('b.png')]);
  await expect(attached(at).getByRole('img')).toHaveCount(2);
  await expect(at.box).toBeFocused();
  for (const name of ['Attach pictures or text files', 'Remove b.png', 'Describe b.png', 'Remove a.png', 'Describe a.png']) {
    await page.keyboard.press('Shift+Tab');
    await expect(at.button(name)).toBeFocused();
  }
  await page.keyboard.press('Enter');
  await expect(at.chat.getByRole('textbox', { name: 'Describe a.png' })).toBeFocused();
  await page.keyboard.type('a wall');
  await page.keyboard.press('Escape');
  await expect(at.button('Describe a.png')).toBeFocused();
  await page.keyboard.press('Tab');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Tab');
  await expect(at.button('Remove b.png')).toBeFocused();
  await page.keyboard.press('Space');
  await expect(at.box).toBeFocused();
  await page.keyboard.press('Enter');
  await at.idle();
  expect(lastSent(at)).toMatchObject({ content: '> Picture 1: a wall', images: [expect.any(String)] });
});

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

async function findings(page: Page): Promise<string[]> {
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => (window as unknown as { axe: { run(): Promise<AxeResults> } }).axe.run());
  return violations.flatMap(({ id, help, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id}: ${help}: ${JSON.stringify(target)} ${failureSummary}`),
  );
}

test.describe('without motion', () => {
  test.use({ contextOptions: { reducedMotion: 'reduce' } });

  for (const theme of ['light', 'dark'] as const) {
    test(`axe finds nothing, ${theme}`, async ({ open, page }) => {
      const at = await begin(open, { theme }, { body: tag => `<main><h1>A page</h1>${tag}</main>` });
      await attach(at, picture(), text('words'));
      await at.button('Describe red.png').click();
      await input(at).setInputFiles({ name: 'logo.png', mimeType: 'image/png', buffer: SVG });
      await expect(notice(at)).toBeVisible();
      expect(await findings(page)).toEqual([]);
      await page.keyboard.press('Enter');
      await at.ask('What is it?');
      await at.idle();
      await at.questions.getByText('notes.txt').click();
      expect(await findings(page)).toEqual([]);
      await hand(at, 'dragover', '.log', [picture()]);
      await expect(at.chat.getByText('Drop to attach')).toBeVisible();
      // What lies below the overlay is not to be read then.
      await attach(at, picture());
      await at.set({ model: 'blind' });
      await expect(notice(at)).toBeVisible();
      await expect(at.chat.getByText('Drop to attach')).toHaveCount(0);
      expect(await findings(page)).toEqual([]);
    });
  }
});

test.describe('on a phone', () => {
  test.use({ viewport: { width: 320, height: 568 }, isMobile: true, hasTouch: true });

  test('everything has its place in a popup, and a finger finds it', async ({ open, page }) => {
    const at = await open({ layout: 'popup', model: 'sees', lang: 'vi' }, { server: SERVER });
    await at.chat.getByRole('button').tap();
    await expect(at.button('Đính kèm ảnh hoặc tệp văn bản')).toBeVisible();
    await input(at).setInputFiles([
      ...Array.from({ length: 8 }, (_, index) => picture(`${index}.png`)),
      ...Array.from({ length: 8 }, (_, index) => text('a', `${index} ${'rất dài '.repeat(9)}.txt`)),
    ]);
    const list = at.chat.getByRole('list', { name: 'Đính kèm' });
    await expect(list.getByRole('listitem')).toHaveCount(16);
    await expect(list.getByRole('img')).toHaveCount(8);
    const width = () => page.evaluate(() => document.documentElement.scrollWidth);
    expect(await width()).toBe(320);
    await expect(at.box).toBeInViewport({ ratio: 1 });
    await expect(at.log).toBeInViewport();
    // 44 px around each, without taking from the one beside it.
    await list.evaluate(element => (element.scrollTop = 0));
    for (const name of ['Bỏ 1.png', 'Mô tả 1.png']) {
      const { x, y, width: across, height } = (await at.button(name).boundingBox())!;
      for (const [left, top] of [
        [x + across / 2 - 20, y + height / 2],
        [x + across / 2, y + height / 2 + 20],
      ] as const) {
        const hit = await at.chat.evaluate(
          (chat, point) => chat.shadowRoot!.elementFromPoint(point[0]!, point[1]!)?.closest('button')?.getAttribute('aria-label'),
          [left, top],
        );
        expect(hit, `${name} at ${left}, ${top}`).toBe(name);
      }
    }
    await at.button('Bỏ 1.png').tap();
    await expect(list.getByRole('listitem')).toHaveCount(15);
    await at.button('Gửi').tap();
    await at.idle();
    await expect(at.log.getByRole('img')).toHaveCount(7);
    expect(await width()).toBe(320);
    const inside = await at.log.evaluate(log => log.scrollWidth <= log.clientWidth);
    expect(inside).toBe(true);
  });
});
