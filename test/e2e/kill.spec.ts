/**
 * The page dies at fifty moments of an answer. What is there afterwards is what the server had sent, but for the last half second:
 * nothing twice, no broken record, and the conversation goes on.
 */
import type { ChatMessage } from '../../src/conversation/message.ts';
import { readMessage } from '../../src/history/record.ts';
import { SLOWLY, TOKENS, tokensOf, WHOLE } from '../support/teller.ts';
import { type Death, expect, type Found, type Moment, type Mortal, type Reach, test, type Way } from './kill-page.ts';
import { readStore } from './stored.ts';

/** What may be lost, in milliseconds. */
const HALF_A_SECOND = 500;

const CRASH = 'a page that crashes loses half a second at most';

const CHAINS: { reach: Reach; way: Way; promise: string }[] = [
  { reach: 'tab', way: 'crash', promise: CRASH },
  { reach: 'tab', way: 'crash', promise: CRASH },
  { reach: 'tab', way: 'reload', promise: 'a reload loses nothing' },
  { reach: 'tab', way: 'link', promise: 'the next page of the site has all that this one had' },
  { reach: 'tab', way: 'blank', promise: 'who leaves the site and comes back finds all that was there' },
  { reach: 'browser', way: 'crash', promise: CRASH },
  { reach: 'browser', way: 'crash', promise: CRASH },
  { reach: 'browser', way: 'reload', promise: 'a reload loses nothing' },
  { reach: 'browser', way: 'link', promise: 'the next page of the site has all that this one had' },
  { reach: 'browser', way: 'close', promise: 'another tab has all that one had which was closed' },
];

const EARLY: Moment[] = ['asked', 'requested'];
const LATE: Moment[] = [TOKENS - 4, 'rested', 'done', TOKENS];
/** Fifty moments with these, dealt out so that each chain has one of the beginning, of the middle and of the end. */
const TOKENS_SEEN = spread(3 * CHAINS.length, 1, TOKENS);

/** Five for each chain. */
const momentsOf = (chain: number): Moment[] => [
  EARLY[(chain % 5) % 2]!,
  ...TOKENS_SEEN.filter((_, place) => (place + 3 * Math.floor(place / CHAINS.length)) % CHAINS.length === chain),
  LATE[chain % 4]!,
];

/** One at a random place in each of `count` parts, the same ones each time. */
function spread(count: number, from: number, to: number): number[] {
  let seed = 20;
  const random = () => (seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647;
  return Array.from({ length: count }, (_, part) => Math.floor(from + ((part + random()) * (to - from)) / count));
}

for (const [index, { reach, way, promise }] of CHAINS.entries()) {
  const moments = momentsOf(index);
  const names = moments.map(moment => (typeof moment === 'number' ? `token ${moment}` : moment)).join(', ');
  test(`persist="${reach}": ${promise}, and the chat goes on (${names})`, async ({ mortal }) => {
    const at = await mortal(reach);
    for (const [step, moment] of moments.entries()) {
      await test.step(`killed by ${way} at ${moment}`, async () => {
        const question = `${SLOWLY} ${step}`;
        const draft = `Draft ${step}`;
        const before = await at.messages();
        const death = await at.askAndDie(way, moment, question, draft);
        const found = await at.restored();
        expectConversation(found, before, { question, mayBeDraft: moment === 'asked' && way === 'crash' });
        expectText(found, before, death);
        expectDraft(found, draft, death);
        await expectWholeStore(at, reach, found.messages);
        await goOn(at, found.messages, step % 2 === 0);
      });
    }
    await expectAnswer(at, reach);
  });
}

for (const reach of ['tab', 'browser'] as const) {
  test(`persist="${reach}": a page that is hidden has saved all that it had by then, whatever becomes of it`, async ({ mortal }) => {
    const at = await mortal(reach);
    // The text comes in small pieces: hardly any moment is one at which all has been saved already.
    for (const [step, moment] of [7, 18, 33].entries()) {
      const before = await at.messages();
      const death = await at.askAndDie('hide', moment, `${SLOWLY} ${step}`, '');
      const hidden = death.seen.find(({ isHidden }) => isHidden);
      test.skip(!hidden, 'This browser hides no page.');
      const found = await at.restored();
      expectConversation(found, before, { question: `${SLOWLY} ${step}` });
      expect(tokensOf(found.messages.at(-1))).toBeGreaterThanOrEqual(hidden?.tokens ?? 0);
      await goOn(at, found.messages, true);
    }
    await expectAnswer(at, reach);
  });

  test(`persist="${reach}": a page that the browser has kept says nothing twice when the visitor comes back, and goes on`, async ({
    mortal,
  }) => {
    const at = await mortal(reach);
    for (const [step, moment] of [2, 9, 26, 51].entries()) {
      const before = await at.messages();
      const isKept = await at.askLeaveAndComeBack(moment, `${SLOWLY} ${step}`);
      test.skip(!isKept, 'This browser keeps no page.');
      const back = await at.messages();
      expectConversation({ messages: back, draft: '' }, before, { question: `${SLOWLY} ${step}` });
      await at.idle();
      const messages = await at.messages();
      expectConversation({ messages, draft: '' }, before, { question: `${SLOWLY} ${step}` });
      await goOn(at, messages, true);
    }
    await expectAnswer(at, reach);
  });

  test(`persist="${reach}": the question is stored before the server has it`, async ({ mortal }) => {
    const at = await mortal(reach);
    const requested = at.teller.nextRequest();
    at.teller.isSilent = true;
    await at.ask(`${SLOWLY} 1`);
    await requested;
    const { records, draft } = await readStore(at.page, reach);
    expect(records.map(readMessage)).toMatchObject([{ role: 'user', content: `${SLOWLY} 1`, status: 'complete' }]);
    expect(draft).toBe('');
  });
}

/** What was said before is as it was; the question is there once, and at most one answer to it, which is what the server sent. */
function expectConversation(
  { messages, draft }: Found,
  before: ChatMessage[],
  { question, mayBeDraft = false }: { question: string; mayBeDraft?: boolean },
) {
  expect(new Set(messages.map(({ id }) => id)).size, 'no id twice').toBe(messages.length);
  expect(messages.slice(0, before.length)).toEqual(before);
  const [asked, reply, ...rest] = messages.slice(before.length);
  // In the moment of Enter it is a draft still, or a question already.
  if (!asked && mayBeDraft) return expect(draft).toBe(question);
  expect(asked).toMatchObject({ role: 'user', content: question, status: 'complete' });
  expect(rest).toEqual([]);
  if (!reply) return;
  const { thinking = '', content } = reply;
  expect(reply.role).toBe('assistant');
  expect(`${WHOLE.thinking}${WHOLE.content}`.startsWith(`${thinking}${content}`), `${thinking}${content}`).toBe(true);
  if (content) expect(thinking).toBe(WHOLE.thinking);
}

/** Nothing is missing but what came in the last half second, and nothing at all where the page had the time for it. */
function expectText({ messages }: Found, before: ChatMessage[], { at, seen, sent, isSentWhole, left, way }: Death) {
  const reply = messages[before.length + 1];
  const tokens = tokensOf(reply);
  const missing = seen.find(one => one.tokens > tokens);
  const loss = missing ? at - missing.at : 0;
  const figures = { way, loss, tokens: Math.max(tokens, ...seen.map(one => one.tokens)) - tokens, of: tokens };
  test.info().annotations.push({ type: 'loss', description: JSON.stringify(figures) });
  expect(loss, `milliseconds of what had come: ${JSON.stringify(figures)}`).toBeLessThanOrEqual(HALF_A_SECOND);
  expect(tokens, 'no more than was sent').toBeLessThanOrEqual(sent.length);
  // It may have come after this page had its last word.
  if (left) expect(tokens, 'all that the page had').toBeGreaterThanOrEqual(tokensOf(left.messages[before.length + 1]));

  const done = seen.find(({ isDone }) => isDone);
  const mustBeComplete = left ? left.messages[before.length + 1]?.status === 'complete' : done && at - done.at > HALF_A_SECOND;
  if (reply?.status === 'complete') expect([tokens, isSentWhole]).toEqual([TOKENS, true]);
  else if (reply) expect(reply.status).toBe('interrupted');
  if (mustBeComplete) expect(reply?.status).toBe('complete');
}

function expectDraft(found: Found, draft: string, { at, seen, left }: Death) {
  const typed = seen.find(one => one.draft === draft);
  if (left) expect(found.draft).toBe(left.draft);
  else if (typed && at - typed.at > HALF_A_SECOND) expect(found.draft).toBe(draft);
}

/** What is stored is what is shown: each record can be read, and none is left over. */
async function expectWholeStore(at: Mortal, reach: Reach, messages: ChatMessage[]) {
  const { ids, records, orphans } = await readStore(at.page, reach);
  expect(ids).toEqual(messages.map(({ id }) => id));
  expect(records.map(readMessage)).toEqual(messages);
  expect(orphans).toEqual([]);
}

/** What has broken off is continued or asked for again. The next question is that of the next step. */
async function goOn(at: Mortal, found: ChatMessage[], preferContinue: boolean) {
  const last = found.at(-1);
  if (last?.role !== 'user' && last?.status !== 'interrupted') return;
  const continues = last.role === 'assistant' && last.content !== '' && preferContinue;
  await at.button(continues ? 'Continue' : last.role === 'user' ? 'Answer again' : 'Try again').click();
  await at.idle();
  const messages = await at.messages();
  const answer = messages.pop();
  expect(messages).toEqual(last.role === 'user' ? found : found.slice(0, -1));
  expect(answer).toMatchObject({ ...WHOLE, status: 'complete', ...(continues && { id: last.id }) });
}

async function expectAnswer(at: Mortal, reach: Reach) {
  await at.ask('And then?');
  await at.idle();
  const said = await at.messages();
  expect(said.slice(-2)).toMatchObject([{ content: 'And then?' }, { ...WHOLE, status: 'complete' }]);
  expect(new Set(said.map(({ id }) => id)).size).toBe(said.length);
  await expect(async () => expectWholeStore(at, reach, said)).toPass();
  expect(at.complaints).toEqual([]);
}
