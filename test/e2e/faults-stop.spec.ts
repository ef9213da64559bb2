/** Who ends an answer, at every stage of it: the connection closes, what had come stays, and it is no failure. */
import { PARTIAL, SAMPLE } from '../support/behaviours.ts';
import { CLOSE, type Fault, HOLD, RESET } from '../support/fault-server.ts';
import { begun, chunk, HALF_CHARACTER, HALF_LINE, head, healthy, LAST, OTHER_HALF, partialLines, proxyPage } from '../support/faults.ts';
import { expect, type FaultPage, type OllamaChat, QUESTION, test } from './fault-page.ts';

interface Stage {
  fault: Fault;
  /** What has come; nothing by default. */
  shown?: string;
}

const STAGES: Record<string, Stage> = {
  'before the headers': { fault: () => [] },
  'inside the headers': { fault: question => [head(question).slice(0, 60)] },
  'after the headers': { fault: question => [head(question)] },
  'inside the first line': { fault: question => [head(question), chunk(HALF_LINE)] },
  'after the first token': { fault: question => [head(question), chunk(partialLines(question)[0] ?? '')], shown: 'The' },
  'between two lines': { fault: begun, shown: PARTIAL },
  'in the middle of a line': { fault: question => [...begun(question), chunk(HALF_LINE)], shown: PARTIAL },
  'inside a character': { fault: question => [...begun(question), chunk(HALF_CHARACTER)], shown: PARTIAL },
  'inside a refusal': {
    fault: question => [
      head(question, `Content-Type: application/json\r\nContent-Length: 99\r\n${CLOSE}`, '500 Internal Server Error'),
      '{"er',
    ],
  },
};

/** Asks, and waits until the answer is as far as its stage says. */
async function reach(at: FaultPage, { fault, shown }: Stage) {
  const before = at.server.chats().length;
  await at.fresh();
  at.server.play(fault);
  await at.askAndType();
  await expect.poll(() => at.server.chats().length).toBe(before + 1);
  if (shown) await at.hasRead(shown);
}

/** The next question goes with all that was kept. */
async function goesOn(at: FaultPage, kept = '') {
  at.server.play(healthy);
  await at.goesOn(kept);
}

for (const [stage, given] of Object.entries(STAGES)) {
  const { shown = '' } = given;

  test(`Stop ${stage}`, async ({ at }) => {
    await reach(at, given);
    await at.ends(() => at.button('Stop').click());
    await expect(at.answers).toContainText('Stopped');
    expect((await at.messages()).map(({ content, status }) => [content, status])).toEqual([
      [QUESTION, 'complete'],
      [shown, 'stopped'],
    ]);
    await goesOn(at, shown);
  });

  test(`the element is removed ${stage}, and comes back`, async ({ at }) => {
    await reach(at, given);
    const chat = (await at.chat.elementHandle())!;
    await at.ends(() => chat.evaluate(element => element.remove()));
    await chat.evaluate(element => void document.body.append(element));
    expect((await at.messages()).map(({ content, status }) => [content, status])).toEqual([
      [QUESTION, 'complete'],
      ...(shown ? [[shown, 'interrupted']] : []),
    ]);
    await goesOn(at, shown);
  });

  test(`New chat ${stage}`, async ({ at }) => {
    await reach(at, given);
    await at.ends(() => at.button('New chat').click());
    expect(await at.messages()).toEqual([]);
    at.server.play(healthy);
    await at.box.press('Enter');
    await at.idle();
    expect(
      at.server
        .chats()
        .at(-1)
        ?.body.messages.map(({ content }) => content),
    ).toEqual(['And the sea?']);
  });
}

for (const [stage, { steps, rest, kept }] of Object.entries({
  'before the headers': { steps: () => [], rest: healthy, kept: undefined },
  'inside a character': {
    steps: question => [...begun(question), chunk(HALF_CHARACTER)],
    rest: () => [chunk(OTHER_HALF), chunk('{"done":true}\n'), LAST],
    kept: `${PARTIAL} and 👋`,
  },
} satisfies Record<string, { steps: Fault; rest: Fault; kept: string | undefined }>)) {
  test(`the element is moved within the page ${stage}: the answer goes on`, async ({ at }) => {
    await reach(at, { fault: question => [...steps(question), HOLD, ...rest(question)], ...(kept && { shown: PARTIAL }) });
    await at.chat.evaluate(chat => {
      const other = document.body.appendChild(document.createElement('main'));
      other.append(chat);
    });
    await expect(at.page.locator('main').getByRole('log')).toBeVisible();
    at.server.release();
    await at.holds({ ...(kept && { kept }) });
    at.server.play(healthy);
    await at.goesOn(kept ?? SAMPLE);
  });
}

test('Stop while the browser asks by a preflight: no question follows', async ({ at }) => {
  // An address that it has not asked about before.
  await at.fresh({ url: `${at.server.url}/gateway` });
  at.server.play(({ usual }) => [HOLD, ...usual], 'OPTIONS /gateway/api/chat');
  await at.askAndType();
  await at.server.waitForRequest(({ method, path }) => method === 'OPTIONS' && path === '/gateway/api/chat');
  await at.button('Stop').click();
  await expect(at.answers).toContainText('Stopped');
  expect(await at.failures()).toEqual([]);
  at.server.release();
  await at.page.waitForLoadState('networkidle');
  expect(at.server.requests.filter(({ method, path }) => method === 'POST' && path === '/gateway/api/chat')).toEqual([]);
});

test('Stop while it is found out why there was no answer', async ({ at }) => {
  await at.fresh();
  for (const path of ['GET /', 'GET /api/version']) at.server.play(() => [], path);
  at.server.play(() => [RESET]);
  const before = at.server.requests.length;
  await at.askAndType();
  const asked = await at.server.waitForRequest(
    request => ['/', '/api/version'].includes(request.path) && request.method === 'GET' && at.server.requests.indexOf(request) >= before,
  );
  await at.button('Stop').click();
  await at.server.waitForClose(asked, 2000);
  await expect(at.answers).toContainText('Stopped');
  expect(await at.failures()).toEqual([]);
  await at.server.heal();
  await goesOn(at);
});

const LATER = 'Retry-After: 30\r\nAccess-Control-Expose-Headers: Retry-After\r\n';

for (const [name, end] of Object.entries({
  Stop: at => at.button('Stop').click(),
  'New chat': at => at.button('New chat').click(),
  'removing the element': at => at.chat.evaluate(chat => chat.remove()),
} satisfies Record<string, (at: FaultPage) => Promise<void>>)) {
  test(`${name} while another attempt is waited for: none is made`, async ({ at }) => {
    await at.fresh({ retries: '3' });
    const before = at.server.chats().length;
    at.server.play(proxyPage(503, LATER));
    await at.askAndType();
    await expect(at.log.getByText('The server is busy. Trying again (1 of 3) … 30 s')).toBeVisible();
    const chat = (await at.chat.elementHandle()) as unknown as { evaluate: (get: (chat: OllamaChat) => string) => Promise<string> };
    await end(at);
    expect(await chat.evaluate(element => element.phase)).toBe('idle');
    expect(await at.failures()).toEqual([]);
    await expect(at.alert).toHaveCount(0);
    expect(at.server.chats()).toHaveLength(before + 1);
  });
}
