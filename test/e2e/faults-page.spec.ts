/** What happens to the page while it waits for an answer: no network, nobody looking, no time. */
import { PARTIAL, SAMPLE } from '../support/behaviours.ts';
import { HOLD, RESET } from '../support/fault-server.ts';
import { begun, chunk, healthy, LAST, sampleLines } from '../support/faults.ts';
import { expect, type FaultPage, type OllamaChat, QUESTION, test, UNSENT } from './fault-page.ts';

/** A server of the internet, which is here. */
const PUBLIC = 'models.example';
test.use({
  launchOptions: async ({ launchOptions }, use) =>
    use({ ...launchOptions, args: [...(launchOptions.args ?? []), `--host-resolver-rules=MAP ${PUBLIC} 127.0.0.1`] }),
});

const BACK = 'The server answers now. Try again.';

const offline = (at: FaultPage, value: boolean) => at.page.context().setOffline(value);
test.afterEach(({ at }) => offline(at, false));

/** It says so, and sends nothing. */
async function isBack(at: FaultPage, chats: number) {
  await expect(at.alert.getByText(BACK)).toBeVisible();
  await expect(at.box).toHaveValue(UNSENT);
  expect(at.server.chats()).toHaveLength(chats);
}

async function triesAgain(at: FaultPage) {
  const before = at.server.chats().length;
  at.server.play(healthy);
  await at.button('Try again').click();
  await at.holds({});
  const again = at.server.chats().slice(before);
  expect(again.map(({ body }) => body.messages)).toEqual([[{ role: 'user', content: QUESTION }]]);
  await at.goesOn(SAMPLE);
}

/** Fails once, so that what explains a failure is there. */
async function explains(at: FaultPage) {
  at.server.play(() => [RESET]);
  await at.ask('anything');
  await expect(at.alert).toBeVisible();
  await at.button('New chat').click();
  await at.failures();
}

for (const [when, before] of Object.entries({ 'from the first question on': async () => {}, later: explains })) {
  test(`offline ${when}, and online again`, async ({ at }) => {
    await at.page.reload();
    await at.fresh({ url: `http://${PUBLIC}:${at.server.port}` });
    await before(at);
    const chats = at.server.chats().length;
    await offline(at, true);
    await at.askAndType();
    await at.idle();
    await expect(at.alert.getByText('You’re offline', { exact: true })).toBeVisible();
    expect(await at.failures()).toEqual(['offline']);
    await offline(at, false);
    await isBack(at, chats);
    await triesAgain(at);
  });
}

test('offline, with a server on this computer: it is that server that doesn’t answer', async ({ at }) => {
  await at.fresh();
  await explains(at);
  const chats = at.server.chats().length;
  await offline(at, true);
  await at.askAndType();
  await at.holds({ kind: 'unreachable', says: ['ollama serve'] });
  await offline(at, false);
  await isBack(at, chats);
  await triesAgain(at);
});

test('online again, and the server is not', async ({ at }) => {
  await at.fresh({ url: `http://${PUBLIC}:${at.server.port}` });
  await explains(at);
  const chats = at.server.chats().length;
  await offline(at, true);
  await at.askAndType();
  await at.holds({ kind: 'offline', title: 'You’re offline' });
  await at.server.close();
  await offline(at, false);
  await expect.poll(() => at.page.evaluate(() => navigator.onLine)).toBe(true);
  await expect(at.alert.getByText(BACK)).toHaveCount(0);
  await at.server.heal();
  // A look at the page is another occasion.
  await at.page.evaluate(() => dispatchEvent(new Event('focus')));
  await isBack(at, chats);
  await triesAgain(at);
});

test('the network goes in the middle of an answer, and comes back', async ({ at }) => {
  await at.fresh({ url: `http://${PUBLIC}:${at.server.port}` });
  at.server.play(question => [...begun(question), HOLD, RESET]);
  await at.askAndType();
  await at.hasRead(PARTIAL);
  const chats = at.server.chats().length;
  await offline(at, true);
  at.server.release();
  await at.idle();
  expect((await at.messages()).at(-1)).toMatchObject({ content: PARTIAL, status: 'interrupted' });
  await offline(at, false);
  await isBack(at, chats);
  expect(await at.failures()).toEqual(['interrupted']);
  await triesAgain(at);
});

/**
 * What a hidden page is to a widget: it says so, and gets no frames. Not a real one, since Playwright keeps every page looking
 * as if it had the focus.
 */
const hide = (at: FaultPage, hidden: boolean) =>
  at.page.evaluate(value => {
    const page = window as unknown as { frames_?: FrameRequestCallback[]; request_?: typeof requestAnimationFrame };
    page.request_ ??= requestAnimationFrame.bind(window);
    page.frames_ ??= [];
    Object.defineProperties(document, {
      hidden: { configurable: true, get: () => value },
      visibilityState: { configurable: true, get: () => (value ? 'hidden' : 'visible') },
    });
    window.requestAnimationFrame = value ? callback => page.frames_!.push(callback) : page.request_;
    if (!value) for (const callback of page.frames_.splice(0)) page.request_(callback);
    document.dispatchEvent(new Event('visibilitychange'));
  }, hidden);

for (const [name, { fault, outcome }] of Object.entries({
  'an answer': { fault: question => [chunk(sampleLines(question).slice(8).join('')), LAST], outcome: {} },
  'a failure': { fault: () => [RESET], outcome: { kind: 'interrupted' as const, kept: 'Hello! This is **bold**,' } },
} satisfies Record<string, { fault: Parameters<FaultPage['server']['play']>[0]; outcome: object }>)) {
  test(`${name} that comes while nobody looks is all there afterwards`, async ({ at }) => {
    await at.fresh();
    at.server.play(question => [...healthy(question).slice(0, 9), HOLD, ...fault(question)]);
    await at.askAndType();
    await at.hasRead('Hello! This is **bold**,');
    await hide(at, true);
    at.server.release();
    await at.idle();
    await hide(at, false);
    await at.holds(outcome);
    await expect(at.answers.getByRole('strong')).toHaveText('bold');
    at.server.play(healthy);
    await at.goesOn('kept' in outcome ? outcome.kept : SAMPLE);
  });
}

test('a failure that is mended while nobody looks is said to be when somebody does', async ({ at }) => {
  await at.fresh();
  await at.server.close();
  await at.askAndType();
  await at.holds({ kind: 'unreachable' });
  await hide(at, true);
  await at.server.heal();
  await hide(at, false);
  await isBack(at, at.server.chats().length);
  await triesAgain(at);
});

test('a page that stands still for longer than the server may be silent has not heard silence', async ({ at }) => {
  await at.fresh({ timeout: '1' });
  at.server.play(question => [...begun(question), HOLD, chunk('{"message":{"content":" goes on."}}\n{"done":true}\n'), LAST]);
  await at.askAndType();
  await at.hasRead(PARTIAL);
  const still = at.chat.evaluate((chat: OllamaChat) => {
    for (const end = performance.now() + 2500; performance.now() < end;);
    return chat.phase;
  });
  at.server.release();
  await still;
  await at.holds({ kept: `${PARTIAL} goes on.` });
});

test('the page is left in the middle of an answer, and is as it was on the way back', async ({ at }) => {
  await at.fresh();
  at.server.play(begun);
  await at.askAndType();
  await at.hasRead(PARTIAL);
  const request = at.server.chats().at(-1)!;
  const address = at.page.url();
  const before = Date.now();
  await at.page.goto('about:blank');
  expect((await at.server.waitForClose(request)) - before).toBeLessThan(2000);
  await at.page.goto(address);
  await at.page.evaluate(() => customElements.whenDefined('ollama-chat'));
  await at.survives({});
});
