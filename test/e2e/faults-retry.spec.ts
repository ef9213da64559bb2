/** A server that is busy for a while: asked again, visibly, and never once a word of the answer has been shown. */
import { PARTIAL } from '../support/behaviours.ts';
import { RESET } from '../support/fault-server.ts';
import { breaksOff, passing, proxyPage, refuses } from '../support/faults.ts';
import { type Case, expect, test } from './fault-page.ts';

/** Soon: how long a widget waits by itself is a matter of seconds. */
const soon = (seconds: number | string = 0.2) => `Retry-After: ${seconds}\r\nAccess-Control-Expose-Headers: Retry-After\r\n`;
const QUEUE_FULL = 'server busy, please try again.  maximum pending requests exceeded';
const busy = (...attempts: number[]) => attempts.map(attempt => `The server is busy. Trying again (${attempt} of 3)`);

const CASES: Record<string, Case & { statuses: string[] }> = {
  ...Object.fromEntries(
    [502, 503, 504].map(code => [
      `${code} of a proxy twice, then an answer`,
      { fault: passing(2, proxyPage(code, soon())), asked: 3, statuses: busy(1, 2) },
    ]),
  ),
  'a full queue three times, then an answer': { fault: passing(3, refuses(503, QUEUE_FULL, soon())), asked: 4, statuses: busy(1, 2, 3) },
  'a full queue, for a date': {
    fault: passing(1, question => refuses(503, QUEUE_FULL, soon(new Date(Date.now() + 1000).toUTCString()))(question)),
    asked: 2,
    statuses: [],
  },
  'a full queue, for longer than anybody waits': {
    kind: 'busy',
    says: ['60 min'],
    fault: refuses(503, QUEUE_FULL, soon(3600)),
    statuses: [],
  },
  'a full queue that stays full': {
    kind: 'busy',
    says: [QUEUE_FULL],
    fault: refuses(503, QUEUE_FULL, soon()),
    asked: 4,
    statuses: busy(1, 2, 3),
  },
  'a proxy without a server behind it': { kind: 'proxy', says: ['502'], fault: proxyPage(502, soon()), asked: 4, statuses: busy(1, 2, 3) },
  'a proxy that says something else the second time': {
    kind: 'not-ollama',
    says: ['500'],
    fault: question => (question.attempt === 1 ? proxyPage(502, soon()) : proxyPage(500))(question),
    asked: 2,
    statuses: busy(1),
  },
  'a connection that breaks the second time': {
    kind: 'no-answer',
    fault: question => (question.attempt === 1 ? proxyPage(502, soon())(question) : [RESET]),
    asked: 2,
    statuses: busy(1),
  },
  'too many requests': { kind: 'busy', fault: refuses(429, 'too many requests', soon()), statuses: [] },
  'an error of the model': { kind: 'crashed', fault: refuses(500, 'llama-server process no longer running: 1', soon()), statuses: [] },
  'a full queue in the middle of an answer': { kind: 'busy', kept: PARTIAL, fault: breaksOff(QUEUE_FULL), statuses: [] },
};

for (const [name, { statuses, ...theCase }] of Object.entries(CASES)) {
  test(name, async ({ at }) => {
    let said: (() => Promise<string[]>) | undefined;
    const attributes = { retries: '3' };
    await at.survives({
      ...theCase,
      attributes,
      before: async () => {
        said = await at.statuses();
      },
    });
    const news = (await said?.())?.filter(text => text.startsWith('The server is busy. Trying')) ?? [];
    if (statuses.length) expect(news).toEqual(statuses);
  });
}

test('a list of models that is busy for a while', async ({ at }) => {
  let asked = 0;
  await at.survives({
    attributes: { model: null, retries: '3' },
    before: ({ server }) =>
      server.play(question => {
        asked = question.attempt;
        return asked <= 2 ? proxyPage(503, soon())(question) : question.usual;
      }, 'GET /api/tags'),
  });
  expect(asked).toBe(3);
});

test('Try again after the last attempt asks once, and counts its attempts anew', async ({ at }) => {
  await at.fresh({ retries: '1' });
  at.server.play(passing(3, refuses(503, QUEUE_FULL, soon())));
  const before = at.server.chats().length;
  await at.askAndType();
  await at.holds({ kind: 'busy' });
  expect(at.server.chats()).toHaveLength(before + 2);
  await at.button('Try again').click();
  await at.holds({});
  expect(at.server.chats()).toHaveLength(before + 4);
});
