/** What is loaded when it is first needed: code colours, formulas, and pictures that somebody asked for. */
import type { Locator, Page } from '@playwright/test';
import { type Call, sendAll } from '../support/behaviours.ts';
import { type ChatPage, expect, type OllamaChat, test, watchBlocks } from './chat-page.ts';

const CODE = '```js\nconst answer = 42; // why\n```\n';

/** What the document colours: each name with the text under it. */
const coloured = (page: Page) =>
  page.evaluate(() =>
    Object.fromEntries(
      [...CSS.highlights].map(([name, highlight]) => [
        name,
        [...highlight].map(({ startContainer, startOffset, endOffset }) =>
          (startContainer as Text).data.slice(startOffset, endOffset).trim(),
        ),
      ]),
    ),
  );
const counted = async (page: Page) => Object.values(await coloured(page)).flat().length;

/** But those that come with any message. */
const parts = ({ site }: ChatPage) => site.requests.filter(path => path.includes('/parts/') && !/(?:extras|shared)\.js$/.test(path));

test('code has its colours once it is complete, and the part for it is loaded then', async ({ open, page }) => {
  const at = await open();
  await at.begin('Code?', `In words \`only\`.`);
  await expect(at.answers).toContainText('only');
  expect(parts(at)).toEqual([]);
  await at.begin('Code?', CODE);
  await expect
    .poll(() => coloured(page))
    .toEqual({
      'ollama-chat-word': ['const'],
      'ollama-chat-number': ['42'],
      'ollama-chat-comment': ['// why'],
    });
  expect(parts(at)).toContain('/cdn/parts/highlight.js');
  const colour = await at.answers.locator('code').evaluate(code => getComputedStyle(code, '::highlight(ollama-chat-word)').color);
  expect(colour).not.toBe(await at.answers.locator('code').evaluate(code => getComputedStyle(code).color));
});

test('the document forgets the colours of what has gone, and has them again when it comes back', async ({ open, page }) => {
  const at = await open();
  await at.begin('Code?', CODE);
  await expect.poll(() => counted(page)).toBe(3);
  await at.chat.evaluate(chat => {
    Object.assign(window, { kept: chat });
    chat.remove();
  });
  await expect.poll(() => counted(page)).toBe(0);
  await page.evaluate(() => document.body.append((window as unknown as { kept: Element }).kept));
  await expect.poll(() => counted(page)).toBe(3);
  await at.chat.evaluate((chat: OllamaChat) => chat.clear());
  await expect.poll(() => counted(page)).toBe(0);
});

test('a formula becomes MathML, and one that is none stays as it was written', async ({ open }) => {
  const at = await open();
  await at.begin('Maths?', String.raw`So $a_1^2$ and $\nonsense{x}$.` + '\n\n$$\n\\frac{1}{2}\n$$');
  await expect(at.answers.locator('math')).toHaveCount(2);
  await expect(at.answers.locator('math msubsup')).toHaveText('a12');
  await expect(at.answers.locator('math[display=block] mfrac')).toHaveText('12');
  await expect(at.answers.locator('code:not(.formula)')).toHaveText(String.raw`\nonsense{x}`);
  expect(parts(at)).toContain('/cdn/parts/mathml.js');
});

test('of a hostile formula nothing is left that links, loads, names or covers', async ({ open }) => {
  const at = await open();
  const formulas = [
    String.raw`\href{javascript:alert(1)}{a}`,
    String.raw`\url{https://x.example}`,
    String.raw`\includegraphics{https://x.example/a.png}`,
    String.raw`\class{panel}{a}`,
    String.raw`\id{chat}{a}`,
    String.raw`\style{position:fixed}{a}`,
    String.raw`\data{x=y}{a}`,
    String.raw`\color{red}{a}\colorbox{red}{b}\fbox{c}`,
    String.raw`\rule{9999em}{9999em}\kern-9999em\raise9999em{a}\hspace{9999em}`,
    String.raw`\text{<img src=x onerror=alert(1)><script>alert(1)</script>}`,
    String.raw`\def\a{\a\a}\a`,
    `\\def\\a{${'x '.repeat(700)}}${'\\a '.repeat(190)}`,
    String.raw`\hspace{9999in}\raisebox{+9999em}{a}`,
    `${'{'.repeat(900)}a${'}'.repeat(900)}`,
    String.raw`\boxed{a}`,
  ];
  await at.begin('Maths?', formulas.map(tex => `$$${tex}$$`).join('\n\n'));
  await expect(at.answers.locator('.boxed')).toHaveCount(2);
  const inside = at.answers.locator('math, math *');
  const found = await inside.evaluateAll(elements =>
    elements.flatMap(element => [
      ...(element.namespaceURI?.endsWith('MathML') ? [] : [element.localName]),
      ...element.getAttributeNames().filter(name => /^(?:style|id|name|href|src|on.*|data-.*|xlink:.*)$/.test(name)),
      ...[...element.classList].filter(name => !/^(?:tml-|boxed)/.test(name)),
    ]),
  );
  expect(found).toEqual([]);
  const log = await at.log.evaluate(element => element.getBoundingClientRect());
  for (const box of await at.answers.locator('.formula').all()) {
    const { left, right } = await box.evaluate(element => element.getBoundingClientRect());
    expect(left).toBeGreaterThanOrEqual(log.left);
    expect(right).toBeLessThanOrEqual(log.right);
  }
});

test('a late definition mends a paragraph whose formula and picture stand already', async ({ open }) => {
  const line = (content: string, done = false) => `${JSON.stringify({ model: 'any', message: { role: 'assistant', content }, done })}\n`;
  const words = 'some more words '.repeat(90);
  const answer = async (call: Call) => {
    call.response.write(line(`See [the docs][d], $a+b$ and ![a cat](https://p.example/c.gif), ${words}\n\nNext.\n\n`));
    await call.released();
    await sendAll(call, [line('[d]: https://docs.example/\n\nEnd.'), line('', true)]);
  };
  const at = await open({}, { server: { answer } });
  await at.ask('Where?');
  await expect(at.answers.locator('math')).toHaveCount(1);
  at.ollama.release();
  await at.idle();
  await expect(at.answers.getByRole('link', { name: 'the docs' })).toHaveCount(1);
  await expect(at.answers.locator('math')).toHaveCount(1);
  await expect(at.answers.locator('p').first()).toHaveText(/^See the docs, a\+b and a cat Load picture from p.example, some more/);
});

test('a wide formula in a line can be read to its end, also by keyboard', async ({ open, page }) => {
  await page.setViewportSize({ width: 380, height: 700 });
  const at = await open();
  await at.begin('Long?', 'So $f(x) = a_0 + a_1 x + a_2 x^2 + a_3 x^3 + a_4 x^4 + a_5 x^5 + a_6 x^6 + a_7 x^7 = 0$ and $a$.');
  const [wide, small] = [at.answers.locator('.formula').first(), at.answers.locator('.formula').last()];
  await expect(wide).toHaveAttribute('tabindex', '0');
  expect(await wide.evaluate(formula => (formula.scrollLeft = 1e4))).toBe(1e4);
  expect(await wide.evaluate(formula => formula.scrollLeft)).toBeGreaterThan(0);
  await expect(small).not.toHaveAttribute('tabindex');
});

test('where nothing is beside the script, code and formulas are there all the same', async ({ open, page }) => {
  await page.route('**/parts/**', route => route.abort());
  const at = await open();
  await at.begin('Both?', `${CODE}\n$a^2$`);
  await expect(at.answers.locator('pre')).toContainText('const answer = 42;');
  await expect(at.answers.locator('code').last()).toHaveText('a^2');
});

test.describe('a picture', () => {
  const PIXEL = Buffer.from('R0lGODlhAQABAIAAAP8AAAAAACwAAAAAAQABAAACAkQBADs=', 'base64');

  /** A server of pictures that notes who asked. */
  async function pictures(page: Page, works = true) {
    const asked: { url: string; referrer: string | undefined }[] = [];
    await page.route('https://pics.example/**', async route => {
      asked.push({ url: route.request().url(), referrer: route.request().headers().referer });
      await (works ? route.fulfill({ body: PIXEL, contentType: 'image/gif' }) : route.fulfill({ status: 404, body: '' }));
    });
    return asked;
  }
  const picture = (answers: Locator) => answers.getByRole('img');

  test('names its host, and is loaded by a click, without telling from where', async ({ open, page }) => {
    const asked = await pictures(page);
    const at = await open();
    await at.begin('A cat?', '![A cat](https://pics.example/cat.gif)');
    const button = at.answers.getByRole('button', { name: 'A cat Load picture from pics.example' });
    await expect(button).toBeVisible();
    expect(asked).toEqual([]);
    await button.focus();
    await page.keyboard.press('Enter');
    await expect(picture(at.answers)).toHaveJSProperty('naturalWidth', 1);
    await expect(picture(at.answers)).toHaveAccessibleName('A cat');
    await expect(picture(at.answers)).toBeFocused();
    expect(asked).toEqual([{ url: 'https://pics.example/cat.gif', referrer: undefined }]);
  });

  test('that cannot be loaded says so, and can be tried again', async ({ open, page }) => {
    const asked = await pictures(page, false);
    const at = await open();
    await at.begin('A cat?', '![A cat](https://pics.example/cat.gif)');
    await at.answers.getByRole('button', { name: /^A cat/ }).focus();
    await page.keyboard.press('Enter');
    const again = at.answers.getByRole('button', { name: 'A cat The picture from pics.example can’t be loaded' });
    await expect(again).toBeVisible();
    await expect(again).toBeFocused();
    await again.click();
    await expect.poll(() => asked.length).toBe(2);
  });

  test('of a listed source is shown at once when the answer has it, and only such a one', async ({ open, page }) => {
    const asked = await pictures(page);
    const at = await open({ 'image-sources': 'https://pics.example/public/' });
    await at.begin('Cats?', '![one](https://pics.example/public/1.gif)\n\n![two](https://pics.example/private/2.gif)');
    await expect(picture(at.answers)).toHaveJSProperty('naturalWidth', 1);
    await expect(at.answers.getByRole('button', { name: 'two Load picture from pics.example' })).toBeVisible();
    expect(asked.map(({ url }) => url)).toEqual(['https://pics.example/public/1.gif']);
  });

  test('never is part of the conversation that is sent or copied', async ({ open, page }) => {
    await pictures(page);
    const at = await open();
    const said = '![A cat](https://pics.example/cat.gif)';
    await at.begin('A cat?', said);
    await at.answers.getByRole('button', { name: /^A cat/ }).click();
    expect((await at.messages())[1]?.content).toBe(said);
  });
});

test('links elsewhere than listed are words', async ({ open }) => {
  const at = await open({ 'link-sources': 'https://docs.example' });
  await at.begin('Links?', '[in](https://docs.example/a) and [out](https://docs.example.evil.example/a)');
  await expect(at.answers.getByRole('link')).toHaveText(['in']);
  await expect(at.answers).toContainText('in and out');
});

test('the page shows code in its own way', async ({ open }) => {
  const at = await open();
  await at.chat.evaluate((chat: OllamaChat) => {
    chat.codeRenderers = { mermaid: code => Object.assign(document.createElement('figure'), { textContent: `Diagram of ${code.trim()}` }) };
  });
  await at.begin('Draw?', '```mermaid\na --> b\n```');
  await expect(at.answers.locator('figure')).toHaveText('Diagram of a --> b');
  await expect(at.answers.locator('pre')).toBeHidden();
});

test('long code is coloured to its end, and hostile code does not block the page', async ({ open, page }) => {
  const at = await open();
  const lines = Array.from({ length: 700 }, (_, line) => `const line${line} = "a text"; /* a comment\nof two lines */`).join('\n');
  await at.begin('Code?', `\`\`\`js\n${lines}\n\`\`\``);
  await expect.poll(async () => (await coloured(page))['ollama-chat-word']?.length, { timeout: 30_000 }).toBe(700);
  expect((await coloured(page))['ollama-chat-string']).toEqual(Array.from({ length: 700 }, () => '"a text"'));
  const longest = await watchBlocks(page);
  const hostile = [' ', '\n', 'a', '0x', '[', '<a b="'].map(part => `\`\`\`ts\n${part.repeat(40_000 / part.length)}\n\`\`\``);
  await at.begin('Code?', `${hostile.join('\n\n')}\n\n\`\`\`js\nlet end\n\`\`\``);
  await expect.poll(async () => (await coloured(page))['ollama-chat-word']?.includes('let'), { timeout: 60_000 }).toBe(true);
  // The hard limit of two seconds, twice over for machines that do other things too.
  expect(await longest()).toBeLessThan(4000);
});
