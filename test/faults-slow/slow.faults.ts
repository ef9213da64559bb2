/** Waits of their real length: a minute of silence, limits that are reached, attempts as far apart as they are. */
import { PARTIAL, SAMPLE } from '../support/behaviours.ts';
import { RESET } from '../support/fault-server.ts';
import { begun, chunk, head, healthy, LAST, passing, proxyPage, refuses, sampleLines } from '../support/faults.ts';
import { expect, type FaultPage, test } from '../e2e/fault-page.ts';

const QUEUE_FULL = 'server busy, please try again.  maximum pending requests exceeded';
const REST = [chunk('{"message":{"content":" it ends."}}\n{"done":true}\n'), LAST];
const MINUTE = { pause: 62_000 };

/** Seconds that `wait` takes. */
async function seconds(wait: () => Promise<void>): Promise<number> {
  const start = performance.now();
  await wait();
  return (performance.now() - start) / 1000;
}

/** Asks, and waits for the end. */
const answered = (at: FaultPage) =>
  seconds(async () => {
    await at.askAndType();
    await at.idle();
  });

test('a minute of silence before the headers, then an answer: the wait is told, and can be stopped all the time', async ({ at }) => {
  await at.fresh();
  at.server.play(question => [MINUTE, ...healthy(question)]);
  const statuses = await at.statuses();
  const took = answered(at);
  for (const time of ['15 s', '30 s', '45 s', '1 min 0 s']) {
    await expect(at.chat.getByRole('status')).toHaveText(`Loading m … ${time}`, { timeout: 20_000 });
    await expect(at.button('Stop')).toBeEnabled();
    await expect(at.log).toHaveAttribute('aria-busy', 'true');
  }
  expect(await took).toBeGreaterThan(60);
  await at.holds({});
  expect((await statuses()).slice(0, 2)).toEqual(['Waiting for m', 'Loading m']);
  at.server.play(healthy);
  await at.goesOn(SAMPLE);
});

test('a minute of silence in the middle of an answer, then the rest', async ({ at }) => {
  await at.fresh();
  at.server.play(question => [...begun(question), MINUTE, ...REST]);
  const took = answered(at);
  await expect(at.chat.getByRole('status')).toHaveText('Waiting for m … 45 s', { timeout: 60_000 });
  expect(await took).toBeGreaterThan(60);
  await at.holds({ kept: `${PARTIAL} it ends.` });
  at.server.play(healthy);
  await at.goesOn(`${PARTIAL} it ends.`);
});

test('a minute of silence, then a reset', async ({ at }) => {
  await at.fresh();
  at.server.play(question => [...begun(question), MINUTE, RESET]);
  await answered(at);
  await at.holds({ kind: 'interrupted', kept: PARTIAL });
  at.server.play(healthy);
  await at.goesOn(PARTIAL);
});

for (const [stage, { fault, kept, title }] of Object.entries({
  'before the headers': { fault: () => [], kept: undefined, title: 'Nothing came for 1 min 30 s' },
  'in the middle of an answer': { fault: begun, kept: PARTIAL, title: 'The answer stalled' },
})) {
  test(`90 s of silence ${stage}, with a timeout of 90 s`, async ({ at }) => {
    await at.fresh({ timeout: '90' });
    at.server.play(fault);
    const took = await answered(at);
    expect(took).toBeGreaterThan(89);
    expect(took).toBeLessThan(95);
    await at.holds({ kind: 'timeout', title, ...(kept && { kept }) });
    at.server.play(healthy);
    await at.goesOn(kept);
  });
}

test('a byte now and then, for longer than a silence may be', async ({ at }) => {
  await at.fresh({ timeout: '5' });
  at.server.play(question => [
    head(question),
    ...sampleLines(question).flatMap(line => [chunk(line.slice(0, 20)), { pause: 1000 }, chunk(line.slice(20))]),
    LAST,
  ]);
  expect(await answered(at)).toBeGreaterThan(15);
  await at.holds({});
});

test('the attempts of a full queue are 1, 2 and 4 s apart, give or take a quarter', async ({ at }) => {
  await at.fresh({ retries: null });
  const before = at.server.chats().length;
  at.server.play(passing(3, refuses(503, QUEUE_FULL)));
  await answered(at);
  await at.holds({});
  const times = at.server
    .chats()
    .slice(before)
    .map(({ time }) => time);
  expect(times).toHaveLength(4);
  for (const [index, wait] of [1000, 2000, 4000].entries()) {
    const waited = times[index + 1]! - times[index]!;
    expect(waited).toBeGreaterThan(wait * 0.74);
    expect(waited).toBeLessThan(wait * 1.26 + 500);
  }
});

test('a proxy that stays without a server is asked four times, and named', async ({ at }) => {
  await at.fresh({ retries: null });
  const before = at.server.chats().length;
  at.server.play(proxyPage(504));
  expect(await answered(at)).toBeGreaterThan(7 * 0.74);
  await at.holds({ kind: 'proxy', says: ['504'] });
  expect(at.server.chats()).toHaveLength(before + 4);
  at.server.play(healthy);
  await at.goesOn();
});

test('a server that asks to wait 20 s is asked after 20 s', async ({ at }) => {
  await at.fresh({ retries: null });
  at.server.play(passing(1, refuses(503, QUEUE_FULL, 'Retry-After: 20\r\nAccess-Control-Expose-Headers: Retry-After\r\n')));
  const took = await answered(at);
  expect(took).toBeGreaterThan(19.5);
  expect(took).toBeLessThan(25);
  await at.holds({});
});

test('a diagnosis that gets no answer itself ends after 3 s', async ({ at }) => {
  await at.fresh();
  at.server.play(() => [RESET]);
  for (const path of ['GET /', 'GET /api/version']) at.server.play(() => [], path);
  const took = await answered(at);
  expect(took).toBeGreaterThan(2.9);
  expect(took).toBeLessThan(8);
  await at.holds({ kind: 'unreachable' });
  await at.server.heal();
  at.server.play(healthy);
  await at.goesOn();
});

test('a preflight that takes 20 s', async ({ at }) => {
  // An address that the browser has not asked about before.
  await at.fresh({ url: `${at.server.url.replace('127.0.0.1', 'localhost')}` });
  at.server.play(({ usual }) => [{ pause: 20_000 }, ...usual], 'OPTIONS /api/chat');
  at.server.play(healthy);
  expect(await answered(at)).toBeGreaterThan(19);
  await at.holds({});
});

test('Stop after half a minute of silence', async ({ at }) => {
  await at.fresh();
  at.server.play(() => []);
  await at.askAndType();
  await expect(at.chat.getByRole('status')).toHaveText('Loading m … 30 s', { timeout: 40_000 });
  await at.ends(() => at.button('Stop').click());
  await expect(at.answers).toContainText('Stopped');
  at.server.play(healthy);
  await at.goesOn();
});
