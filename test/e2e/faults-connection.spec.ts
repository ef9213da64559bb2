/** A connection that fails: at every stage of an answer, by a refusal, a reset, an end, or silence. */
import { chatLines } from '../../demo/ollama/chat.ts';
import { PARTIAL } from '../support/behaviours.ts';
import { CLOSE, END, type Fault, HOLD, RESET, type Step } from '../support/fault-server.ts';
import { begun, chunk, HALF_CHARACTER, HALF_LINE, head, healthy, LAST, sampleLines } from '../support/faults.ts';
import { type Case, expect, test } from './fault-page.ts';

/** How far an answer has come. What remains of it is what whole lines said. */
const STAGES: { at: string; steps: Fault; kept?: string }[] = [
  { at: 'after the headers', steps: question => [head(question)] },
  { at: 'between two lines', steps: begun, kept: PARTIAL },
  { at: 'in the middle of a line', steps: question => [...begun(question), chunk(HALF_LINE)], kept: PARTIAL },
  { at: 'inside a character', steps: question => [...begun(question), chunk(HALF_CHARACTER)], kept: PARTIAL },
];

const ENDS: { how: string; steps: Step[] }[] = [
  { how: 'is reset', steps: [HOLD, RESET] },
  { how: 'ends without the last chunk', steps: [HOLD, END] },
  { how: 'ends regularly, without done', steps: [LAST, END] },
];

const UNREACHABLE = { kind: 'unreachable', says: ['Start it:', 'ollama serve'], asked: 0 } as const;
const NO_ANSWER = { kind: 'no-answer' } as const;
const TIMEOUT = { kind: 'timeout', attributes: { timeout: '1' }, open: true } as const;

const CASES: Record<string, Case> = {
  'nothing listens on the port': { ...UNREACHABLE, before: ({ server }) => server.close() },
  'every connection is reset as soon as it is there': { ...UNREACHABLE, before: ({ server }) => server.receive(RESET) },
  'every connection is ended as soon as it is there': { ...UNREACHABLE, before: ({ server }) => server.receive(END) },
  'reset before a byte of the question is read': {
    ...NO_ANSWER,
    asked: 0,
    before: async at => {
      const before = at.server.requests.length;
      await at.box.focus();
      // What it wants to know beside a chat comes first.
      await expect.poll(() => at.server.requests.length).toBe(before + 2);
      at.server.receive(RESET, 1);
    },
  },
  'reset after the question': { ...NO_ANSWER, fault: () => [RESET] },
  'ended after the question': { ...NO_ANSWER, fault: () => [END] },
  'reset inside the status line': { ...NO_ANSWER, fault: () => ['HTTP/1.1 2', RESET] },
  'reset inside the headers': { ...NO_ANSWER, fault: question => [head(question).slice(0, 60), { pause: 20 }, RESET] },
  'ended inside the headers': { ...NO_ANSWER, fault: () => ['HTTP/1.1 200 OK\r\nContent-Ty', END] },
  ...Object.fromEntries(
    STAGES.flatMap(({ at, steps, kept }) =>
      ENDS.map(end => [
        `the connection ${end.how} ${at}`,
        {
          kind: 'interrupted' as const,
          ...(kept !== undefined && { kept }),
          fault: question => [...steps(question), ...end.steps],
        } satisfies Case,
      ]),
    ),
  ),
  'silence after the connection was accepted': {
    ...TIMEOUT,
    asked: 0,
    open: false,
    title: 'Nothing came for 1 s',
    before: ({ server }) => server.receive('silence'),
  },
  'silence before the headers': { ...TIMEOUT, title: 'Nothing came for 1 s', fault: () => [] },
  ...Object.fromEntries(
    STAGES.map(({ at, steps, kept }) => [
      `silence ${at}`,
      { ...TIMEOUT, fault: steps, title: kept ? 'The answer stalled' : 'Nothing came for 1 s', ...(kept !== undefined && { kept }) },
    ]),
  ),
  'silence inside a refusal': {
    ...TIMEOUT,
    kind: 'not-ollama',
    says: ['500'],
    fault: question => [
      head(question, 'Content-Type: application/json\r\nContent-Length: 100\r\n', '500 Internal Server Error'),
      '{"error',
    ],
  },

  // What looks like a failure and is none.
  'open after the last line': {
    open: true,
    fault: question => [head(question), ...sampleLines(question).map(line => chunk(line))],
  },
  'one byte after the other, the headers too': {
    kept: 'Hi 👋🏽',
    fault: question =>
      [...`${head(question)}`, ...Buffer.from(chunk(chatLines(question.chat, ['Hi 👋🏽']).join('')))].map(part =>
        typeof part === 'number' ? Buffer.of(part) : part,
      ),
  },
};

for (const [name, theCase] of Object.entries(CASES)) test(name, ({ at }) => at.survives(theCase));

test('reset on a connection that was used before: the browser asks again by itself', async ({ at }) => {
  await at.fresh();
  // The preflight leaves its connection open, and the question comes on the same.
  at.server.play(({ usual }) => usual.flatMap(step => (step === END ? [] : [String(step).replace(CLOSE, '')])), 'OPTIONS /api/chat');
  const used: boolean[] = [];
  at.server.play(question => {
    used.push(question.reused);
    return question.reused ? [RESET] : healthy(question);
  });
  await at.askAndType();
  await at.holds({});
  expect(used).toEqual([true, false]);
});
