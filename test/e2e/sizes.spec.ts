/**
 * Replies of hostile sizes on the real page: it stays usable, and Stop answers. The limits are those that
 * no main-thread block may pass, twice over for machines that do other things too.
 */
import { reply } from '../bench/corpus.mjs';
import { type Call, sendAll } from '../support/behaviours.ts';
import { expect, test, watchBlocks } from './chat-page.ts';

const MEGABYTE = reply('mixed', 1024);
const line = (content: string) => `${JSON.stringify({ model: 'any', message: { role: 'assistant', content }, done: false })}\n`;
const DONE = `${JSON.stringify({ model: 'any', message: { role: 'assistant', content: '' }, done: true, done_reason: 'stop' })}\n`;
const deltas = (count: number) => {
  const size = Math.ceil(MEGABYTE.length / count);
  return Array.from({ length: count }, (_, index) => line(MEGABYTE.slice(index * size, (index + 1) * size)));
};

for (const [what, lines, limit] of [
  ['4,000 deltas', deltas(4000), 2000],
  ['one line', [line(MEGABYTE)], 3000],
] as const) {
  test(`a reply of 1 MB in ${what} does not block the page, and all of it arrives`, async ({ open, page }) => {
    const at = await open(
      {},
      { server: { answer: (call: Call) => sendAll(call, [lines.slice(0, -1).join(''), lines.at(-1) ?? '', DONE]) } },
    );
    const longest = await watchBlocks(page);
    await at.ask('All of it?');
    await at.box.fill('typed meanwhile');
    await at.idle();
    const end = MEGABYTE.trimEnd()
      .slice(-12)
      .replace(/[`*|>-]/g, '')
      .trim();
    // A megabyte takes a busy machine its time.
    await expect(at.answers.locator('.markdown > :last-child')).toContainText(end, { timeout: 60_000 });
    expect((await at.messages())[1]?.content).toBe(MEGABYTE);
    await expect(at.box).toHaveValue('typed meanwhile');
    expect(await longest()).toBeLessThan(2 * limit);
  });
}

test('an endless reply at full speed leaves the page usable, and Stop ends it', async ({ open, page }) => {
  let gone = false;
  const answer = async ({ response, signal }: Call) => {
    signal.addEventListener('abort', () => (gone = true));
    response.setHeader('Content-Type', 'application/x-ndjson');
    while (!signal.aborted) {
      const drained = response.write(line(MEGABYTE.slice(0, 400)));
      if (!drained) await new Promise(resolve => response.once('drain', resolve).once('close', resolve));
      else await new Promise(resolve => setImmediate(resolve));
    }
  };
  const at = await open({}, { server: { answer } });
  const longest = await watchBlocks(page);
  await at.ask('For ever?');
  await expect(at.answers).toContainText('Answer');
  await at.box.fill('still here');
  // On a fast machine the longest reply that is kept has come before the click.
  await Promise.race([
    at
      .button('Stop')
      .click()
      .catch(() => {}),
    at.idle(),
  ]);
  await at.idle();
  await expect.poll(() => gone).toBe(true);
  await expect(at.box).toHaveValue('still here');
  expect(['stopped', 'interrupted']).toContain((await at.messages())[1]?.status);
  expect(await longest()).toBeLessThan(4000);
});
