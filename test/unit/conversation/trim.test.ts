import { expect } from '@open-wc/testing';
import { type Count, count, learn } from '../../../src/conversation/context.ts';
import { requestMessages } from '../../../src/conversation/request-messages.ts';
import { fit } from '../../../src/conversation/trim.ts';
import type { RequestMessage } from '../../../src/protocol/client.ts';

const LIMIT = 4096;

/** 400 characters, 100 tokens. */
const WORDS = 'some words '.repeat(37).slice(0, 384);

const system: RequestMessage = { role: 'system', content: 'Be brief.' };
const user = (content = WORDS): RequestMessage => ({ role: 'user', content });
const assistant = (content = WORDS): RequestMessage => ({ role: 'assistant', content });

/** `count` questions with their answers, numbered, and the question that is asked now. */
const talk = (turns: number, size = 1): RequestMessage[] => [
  ...Array.from({ length: turns }, (_, index) => [user(`${index} ${WORDS.repeat(size)}`), assistant(WORDS.repeat(size))]).flat(),
  user('Now?'),
];

/** What a server told of `sent`, with 4 characters to a token. */
const counted = (sent: RequestMessage[], tokens: number, before?: Count): Count =>
  count(sent, { role: 'assistant', content: 'Fine.', stats: { prompt_eval_count: tokens, eval_count: 5 } }, before)!;

describe('a conversation that fits', () => {
  it('is sent whole', () => {
    expect(fit([system, ...talk(3)], LIMIT, undefined)).to.deep.equal({ messages: [system, ...talk(3)], skipped: 0 });
  });

  it('is sent whole again where it was trimmed before: the context has become larger, or the conversation shorter', () => {
    const all = talk(20);
    const { skipped } = fit(all, LIMIT, undefined);
    expect(skipped).to.be.greaterThan(0);
    expect(fit(all, 2 * LIMIT, undefined, skipped)).to.deep.equal({ messages: all, skipped: 0 });
    expect(fit(all.slice(0, 3), LIMIT, undefined, skipped)).to.deep.equal({ messages: all.slice(0, 3), skipped: 0 });
  });
});

describe('nothing is trimmed', () => {
  it('without a limit, however long the conversation is', () => {
    const all = talk(500);
    for (const limit of [undefined, 0, NaN]) expect(fit(all, limit, undefined, 12)).to.deep.equal({ messages: all, skipped: 0 });
  });

  it('of a conversation that is one message, however long', () => {
    const all = [system, user(WORDS.repeat(100))];
    expect(fit(all, LIMIT, undefined)).to.deep.equal({ messages: all, skipped: 0 });
  });

  it('of what was given: the list stays as it is', () => {
    const all = talk(60);
    const copy = structuredClone(all);
    fit(all, LIMIT, undefined);
    expect(all).to.deep.equal(copy);
  });

  it('where there is nothing but a system prompt, or nothing at all', () => {
    const long = { ...system, content: WORDS.repeat(100) };
    expect(fit([long], LIMIT, undefined).messages).to.deep.equal([long]);
    expect(fit([], LIMIT, undefined, 4)).to.deep.equal({ messages: [], skipped: 0 });
  });

  it('after a short question because of the model’s own long instructions', () => {
    const hello = [user('Hello')];
    const all = [...hello, assistant('Fine.'), user(WORDS.repeat(20))];
    expect(fit(all, 8192, counted(hello, 2500)).skipped).to.equal(0);
  });
});

describe('a conversation that is too long', () => {
  it('keeps the system prompt and the newest turns', () => {
    const all = [system, ...talk(60)];
    const { messages, skipped } = fit(all, LIMIT, undefined);
    expect(messages[0]).to.equal(system);
    expect(messages.slice(1)).to.deep.equal(all.slice(1 + skipped));
    expect(messages[1]?.role, 'from a question on').to.equal('user');
    expect(skipped).to.be.within(90, 100);
  });

  it('is trimmed well below the limit, so that the next turns need no more of it', () => {
    const { messages } = fit(talk(60), LIMIT, undefined);
    // 100 tokens each.
    expect(messages.length * 100).to.be.within(LIMIT * 0.55, LIMIT * 0.66);
  });

  it('keeps the newest turn whole, although that alone is too long', () => {
    const newest = [user(WORDS.repeat(50)), assistant(WORDS), { role: 'tool', content: '4 °C', tool_name: 'weather' } as const];
    const { messages } = fit([system, ...talk(3).slice(0, -1), ...newest], LIMIT, undefined);
    expect(messages).to.deep.equal([system, ...newest]);
  });

  it('keeps a tool call with its result, and both with their question', () => {
    const call = { ...assistant(''), tool_calls: [{ id: '1', function: { name: 'weather', arguments: { city: 'Oslo' } } }] };
    const result: RequestMessage = { role: 'tool', content: WORDS.repeat(4), tool_name: 'weather', tool_call_id: '1' };
    const turn = [user('In Oslo?'), call, result, assistant(WORDS)];
    const all = [...Array.from({ length: 20 }, () => turn).flat(), user('Now?')];
    for (let limit = 400; limit < 10_000; limit += 333) {
      const { messages, skipped } = fit(all, limit, undefined);
      expect(messages[0]?.role, `${limit}`).to.equal('user');
      expect(skipped % turn.length, `${limit}`).to.equal(0);
    }
  });

  it('begins with a question also where the first message was an answer', () => {
    const { messages, skipped } = fit([assistant('Welcome!'), ...talk(60)], LIMIT, undefined);
    expect(messages[0]?.role).to.equal('user');
    expect(skipped).to.be.greaterThan(90);
  });

  it('goes on from a question without an answer', () => {
    const history = Array.from(
      { length: 60 },
      (_, index) => ({ id: `${index}`, role: 'user', content: WORDS, status: 'complete' }) as const,
    );
    const { messages } = fit(requestMessages('', history), LIMIT, undefined);
    expect(messages.map(({ role }) => role)).to.deep.equal(messages.map((_, index) => (index % 2 ? 'assistant' : 'user')));
  });

  it('is trimmed by what the server counted, where that is more than was guessed', () => {
    const all = talk(12);
    expect(fit(all, LIMIT, undefined).skipped, 'guessed').to.equal(0);
    const { messages, skipped } = fit([...all, assistant('Fine.'), user('And?')], LIMIT, counted(all, 4000));
    expect(skipped, 'counted').to.be.within(8, 12);
    expect(messages.at(-1)?.content).to.equal('And?');
  });

  it('is trimmed after a refusal to what fits, by the refusal’s own numbers', () => {
    const all = talk(3, 2);
    const { messages, skipped } = fit(all, 1024, learn(all, 1500));
    expect(skipped).to.equal(4);
    expect(messages).to.deep.equal(all.slice(4));
  });

  it('counts a picture as Ollama does', () => {
    const picture = { ...user('What is this?'), images: ['aGk='] };
    const all = Array.from({ length: 6 }, () => [picture, assistant('A cat.')]).flat();
    expect(fit([...all, user('Now?')], LIMIT, undefined).messages.filter(({ images }) => images)).to.have.lengthOf(3);
  });
});

describe('the beginning of what is sent', () => {
  /** Talks on, turn by turn, with a server that counts what it is sent. Returns where each request began. */
  function talkOn(turns: number, limit: (turn: number) => number, density = 4): number[] {
    const all: RequestMessage[] = [];
    const beginnings: number[] = [];
    let before: Count | undefined;
    let skipped = 0;
    for (let turn = 0; turn < turns; turn++) {
      all.push(user());
      const fitted = fit(all, limit(turn), before, skipped);
      ({ skipped } = fitted);
      beginnings.push(skipped);
      const tokens = fitted.messages.reduce((sum, { content }) => sum + 4 + content.length / density, 0);
      expect(tokens, 'what is sent fits').to.be.lessThan(limit(turn));
      before = counted(fitted.messages, Math.round(tokens), before);
      all.push(assistant());
    }
    return beginnings;
  }

  for (const density of [2.5, 4, 5.5]) {
    it(`moves seldom, and only forward (${density} characters to a token)`, () => {
      const beginnings = talkOn(120, () => LIMIT, density);
      expect(beginnings.toSorted((a, b) => a - b)).to.deep.equal(beginnings);
      const moves = beginnings.filter((start, index) => start !== (beginnings[index - 1] ?? 0)).length;
      expect(moves, 'a quarter of the context at a time').to.be.within(10, 40);
      expect(beginnings.at(-1)).to.be.greaterThan(100);
    });
  }

  it('moves back where the context has become larger, although not all fits', () => {
    const beginnings = talkOn(100, turn => (turn < 99 ? LIMIT : 4 * LIMIT));
    expect(beginnings.at(-1))
      .to.be.greaterThan(0)
      .and.lessThan(beginnings.at(-2)! - 50);
  });

  it('moves on where the context has become smaller', () => {
    const beginnings = talkOn(30, turn => (turn < 20 ? 4 * LIMIT : LIMIT));
    expect(beginnings[19]).to.equal(0);
    expect(beginnings[20]).to.be.greaterThan(10);
  });

  it('is sought anew where the conversation has become another one, or shorter', () => {
    const all = talk(60);
    const { skipped } = fit(all, LIMIT, undefined);
    for (const [what, messages, before] of [
      ['an answer stands there now', [assistant('Welcome!'), ...all], skipped],
      ['there is nothing', talk(20), skipped],
      ['no number at all', all, NaN],
    ] as const) {
      const fitted = fit(messages, LIMIT, undefined, before);
      expect(fitted.messages[0]?.role, what).to.equal('user');
      expect(fitted.messages.at(-1)?.content, what).to.equal('Now?');
      expect(fitted.messages.length, what).to.be.greaterThan(10);
    }
  });
});

it('each message is read once for a question: for what of it fits, and for the count after its answer', () => {
  let reads = 0;
  const all = talk(50).map(({ role, content }) => ({
    role,
    get content() {
      reads++;
      return content;
    },
  }));
  const { messages } = fit(all, LIMIT, undefined);
  expect(messages.length).to.be.lessThan(all.length);
  counted(messages, 2000);
  expect(reads).to.equal(all.length);
});

it('ten thousand messages are trimmed without holding up the page', () => {
  const all = talk(5000, 3);
  const start = performance.now();
  const { messages } = fit(all, 131_072, undefined);
  // Generous: what is to be noticed takes minutes.
  expect(performance.now() - start).to.be.lessThan(2000);
  expect(messages.length).to.be.within(200, 300);
});
