import { expect } from '@open-wc/testing';
import { type Count, count, estimate, learn, usage } from '../../../src/conversation/context.ts';
import type { RequestMessage } from '../../../src/protocol/client.ts';
import { type Transcript, transcript, transcripts } from '../../support/transcripts-browser.ts';

const LIMIT = 4096;

const user = (content: string, images?: string[]): RequestMessage => ({ role: 'user', content, ...(images && { images }) });
const assistant = (content: string, thinking?: string) => ({ role: 'assistant' as const, content, ...(thinking && { thinking }) });

/** An answer with the server's counters. */
const answer = (prompt?: number, written = 0, { content = 'Fine.', thinking = '' } = {}) => ({
  ...assistant(content, thinking),
  stats: { ...(prompt !== undefined && { prompt_eval_count: prompt }), eval_count: written },
});

/** What is known after `prompt` tokens were read of a request. */
const after = (sent: RequestMessage[], prompt: number, before?: Count, written = 20): Count =>
  count(sent, answer(prompt, written), before)!;

/** `length` characters of `text`, again and again. */
const fill = (text: string, length: number) => text.repeat(Math.ceil(length / text.length)).slice(0, length);

const PROSE = 'The river had been rising since morning, and nobody in the village could say how far it would come. ';

describe('the count of a conversation', () => {
  it('is what the server read and wrote', () => {
    expect(usage(after([user(PROSE)], 31, undefined, 20), LIMIT)).to.deep.equal({ used: 51, limit: LIMIT, cut: false });
  });

  it('is not there where the server gives none', () => {
    for (const prompt of [undefined, 0]) expect(count([user('Hi')], answer(prompt, 5), undefined)).to.equal(undefined);
    expect(count([user('Hi')], assistant('Fine.') as never, undefined)).to.equal(undefined);
  });

  it('goes without thoughts, which are not sent back', () => {
    const thought = count([user(PROSE)], answer(31, 1000, { content: fill(PROSE, 384), thinking: fill(PROSE, 3600) }), undefined)!;
    expect(thought.used, 'a tenth of what was written').to.equal(31 + 100);
    const alone = count([user(PROSE)], answer(31, 1000, { content: '', thinking: fill(PROSE, 3600) }), undefined)!;
    expect(alone.used, 'and nothing but thoughts').to.be.within(31, 40);
  });

  it('expects as much of the next prompt as was counted, and a guess for what is new', () => {
    const first = after([user(PROSE)], 2031, undefined, 20);
    const next = [user(PROSE), assistant('Fine.'), user(fill(PROSE, 400))];
    expect(first.ratio, 'a short prompt tells nothing about the language').to.equal(4);
    expect(estimate(next, first), 'a long system prompt of the model itself included').to.be.within(2051 + 95, 2051 + 110);
  });

  it('learns from long texts how many characters a token has', () => {
    expect(after([user(fill(PROSE, 8000))], 1600).ratio).to.be.closeTo(5, 0.1);
    expect(after([user(fill(PROSE, 8000))], 3200).ratio).to.be.closeTo(2.5, 0.1);
  });

  it('learns nothing from what cannot be text alone: the model’s own instructions, a cut, a cache', () => {
    expect(after([user(fill(PROSE, 2500))], 3000).ratio, 'more than a token for each character').to.equal(4);
    const before = after([user(fill(PROSE, 8000))], 1600);
    expect(after([user(fill(PROSE, 16_000))], 40, before).ratio).to.equal(before.ratio);
  });

  it('is full, and not called cut, where a server refuses a prompt as too long', () => {
    const sent = [user(fill('hello ', 2400))];
    expect(usage(learn(sent, 2421), 1024)).to.deep.equal({ used: 1024, limit: 1024, cut: false });
    expect(estimate(sent, learn(sent, 2421))).to.equal(2421);
    expect(estimate([user(fill('hello ', 1200))], learn(sent, 2421)), 'and half of it is half as much').to.be.within(1200, 1250);
  });

  it('follows a context that has become another one', () => {
    const told = after([user(fill(PROSE, 12_000))], 3000, undefined, 96);
    expect(usage(told, 8192)).to.deep.equal({ used: 3096, limit: 8192, cut: false });
    expect(usage(told, 2048), 'never more than there is').to.deep.equal({ used: 2048, limit: 2048, cut: false });
  });
});

describe('an older server that leaves out what it has in a cache', () => {
  const long = [user(fill(PROSE, 8000))];
  const first = after(long, 1700, undefined, 100);

  it('has cut nothing', () => {
    const second = after([...long, assistant(fill(PROSE, 450)), user('And then?')], 12, first, 100);
    const { used, cut } = usage(second, LIMIT);
    expect(cut).to.equal(false);
    expect(used, 'and the conversation does not shrink').to.be.within(1800, 2050);
    const third = after(
      [...long, assistant(fill(PROSE, 450)), user('And then?'), assistant(fill(PROSE, 450)), user('Why?')],
      14,
      second,
      100,
    );
    expect(usage(third, LIMIT).cut).to.equal(false);
    expect(usage(third, LIMIT).used).to.be.within(used + 90, used + 250);
  });

  it('has cut nothing either where a question is asked again', () => {
    expect(usage(after(long, 1, first, 100), LIMIT)).to.include({ cut: false });
    expect(usage(after(long, 1, first, 100), LIMIT).used).to.be.within(1700, 2150);
  });

  it('is not believed to have a cache for more than the model can read', () => {
    expect(usage(after([...long, assistant('Fine.'), user(fill(PROSE, 14_000))], 2050, first), LIMIT).cut).to.equal(true);
  });
});

describe('a prompt that was cut without a word', () => {
  /** What a recorded server read of a request, with its context of 1024. Its model has a token for each character. */
  const read = (recorded: Transcript) => Number(/"prompt_eval_count":(\d+)/.exec(recorded.response.chunks.join(''))?.[1]);
  const CONTEXT = 1024;
  const NEW = 'ollama-0.33.0-rc2';
  const OLD = 'ollama-0.24.0';

  for (const [file, name] of [
    [NEW, 'rendered-overflow-history'],
    [NEW, 'native-overflow-history'],
    [OLD, 'rendered-overflow-history'],
  ] as const) {
    it(`is noticed in the first answer to a long history (${name} of ${file})`, async () => {
      const recorded = await transcript(file, name);
      const length = Number(/\((\d+) characters\)/.exec(recorded.request.body ?? '')?.[1]);
      const history = Array.from({ length: 21 }, (_, index) => {
        const content = `q${index} ${fill('word ', length / 21 - 40)}`;
        return index % 2 ? assistant(content) : user(content);
      });
      expect(usage(after(history, read(recorded)), CONTEXT)).to.deep.equal({ used: CONTEXT, limit: CONTEXT, cut: true });
    });
  }

  it('is noticed where one message is too long, and filled the context to the last token (rendered-overflow, 0.24)', async () => {
    const { body } = (await transcript(OLD, 'rendered-overflow')).request;
    const { messages } = JSON.parse(body!) as { messages: RequestMessage[] };
    expect(usage(after(messages, read(await transcript(OLD, 'rendered-overflow'))), CONTEXT).cut).to.equal(true);
  });

  it('is noticed where one message was cut to half the context, once something had been counted (rendered-overflow, 0.33)', async () => {
    const { body } = (await transcript(NEW, 'rendered-overflow')).request;
    const { messages } = JSON.parse(body!) as { messages: RequestMessage[] };
    const earlier = [user(fill(PROSE, 600))];
    const before = after(earlier, 610);
    const cut = after([...earlier, assistant('Fine.'), ...messages], read(await transcript(NEW, 'rendered-overflow')), before);
    expect(usage(cut, CONTEXT)).to.deep.equal({ used: CONTEXT, limit: CONTEXT, cut: true });
  });

  it('is no other recorded answer', async () => {
    const answers = (await transcripts()).filter(({ name, response }) => response.status === 200 && !name.includes('overflow'));
    let counted = 0;
    for (const recorded of answers) {
      const prompt = read(recorded);
      if (!prompt || recorded.request.path !== '/api/chat') continue;
      const { messages } = JSON.parse(recorded.request.body!) as { messages: RequestMessage[] };
      expect(usage(after(messages, prompt), CONTEXT).cut, `${recorded.name} of ${recorded.file}`).to.equal(false);
      counted += 1;
    }
    expect(counted).to.be.greaterThan(30);
  });

  /** Texts, and how many characters a token has in them for a model that is good at them. */
  const texts: Record<string, { text: string; ratio: number }> = {
    'English prose': { text: PROSE, ratio: 4.8 },
    'one word again and again': { text: 'hello ', ratio: 6 },
    Vietnamese: { text: 'Con sông dâng lên từ sáng sớm, và không ai trong làng biết nước sẽ đến đâu. ', ratio: 3.6 },
    Russian: { text: 'Река поднималась с самого утра, и никто в деревне не знал, как далеко она дойдёт. ', ratio: 4 },
    Thai: { text: 'แม่น้ำเพิ่มขึ้นตั้งแต่เช้าและไม่มีใครรู้ว่าจะไปไกลแค่ไหน', ratio: 3 },
    Chinese: { text: '从早晨起河水就一直在上涨，村里没有人知道它会涨到哪里。', ratio: 1.7 },
    Japanese: { text: '朝から川の水位が上がり続けていて、どこまで来るのか誰にも分からなかった。', ratio: 1.5 },
    Korean: { text: '아침부터 강물이 불어나고 있었고 어디까지 올지 아무도 말할 수 없었다. ', ratio: 1.8 },
    // Of 90 characters, about 60 are blanks and dashes, which take six tokens.
    'code with much white space': { text: `${' '.repeat(40)}if (value) {\n${' '.repeat(20)}return x;\n// ${'-'.repeat(30)}\n`, ratio: 5.5 },
    'a table of numbers': { text: '| 17.25 | 1,024 | 3 |\n', ratio: 1.8 },
  };

  for (const [what, { text, ratio }] of Object.entries(texts)) {
    for (const limit of [LIMIT, 131_072]) {
      it(`is not a first message that nearly fills the context: ${what}, ${limit} tokens`, () => {
        const tokens = Math.round(limit * 0.95);
        const { cut, used } = usage(after([user(fill(text, tokens * ratio))], tokens, undefined, 0), limit);
        expect(cut).to.equal(false);
        expect(used).to.equal(tokens);
      });
    }
  }

  for (const what of ['English prose', 'Vietnamese', 'Russian', 'Chinese', 'Japanese', 'Korean'] as const) {
    const { text, ratio } = texts[what]!;
    it(`is noticed where a message has twice what fits, and half of the context was read: ${what}`, () => {
      expect(usage(after([user(fill(text, 2 * LIMIT * ratio))], LIMIT / 2), LIMIT).cut).to.equal(true);
    });
  }

  it('is not a long text after a short question, however much the model’s own frame counts', () => {
    for (const frame of [20, 80, 300, 2000]) {
      const hello = [user('Hello')];
      const first = after(hello, frame);
      const paste = fill(PROSE, 8000);
      const second = after([...hello, assistant('Fine.'), user(paste)], first.used + Math.round(paste.length / 4.8), first);
      expect(usage(second, LIMIT).cut, `${frame} tokens`).to.equal(false);
      expect(second.used, `${frame} tokens`).to.equal(second.prompt + 20);
    }
  });

  it('is no picture that costs a model less than another one', () => {
    for (const cost of [1, 256, 576, 3000]) {
      const sent = [
        user(
          'What is on these?',
          Array.from({ length: 8 }, () => 'aGk='),
        ),
      ];
      expect(usage(after(sent, 20 + 8 * cost), 32_768).cut, `${cost} tokens`).to.equal(false);
      expect(usage(after(sent, 20 + 8 * cost), 32_768).used, `${cost} tokens`).to.equal(40 + 8 * cost);
      if (cost < 500) expect(usage(after(sent, 20 + 8 * cost), LIMIT).cut, `${cost} tokens, little room`).to.equal(false);
    }
  });

  it('is not an answer’s own thoughts, which a template drops when they are sent back', () => {
    const thoughts = fill(PROSE, 9000);
    let before: Count | undefined;
    const sent: RequestMessage[] = [];
    let prompt = 0;
    for (const question of ['One?', 'Two?', 'Three?', 'Four?']) {
      sent.push(user(question));
      prompt += 40;
      const said = answer(prompt, 1900, { content: `<think>\n${thoughts}\n</think>\n\nFine.` });
      before = count(sent, said, before)!;
      expect(usage(before, LIMIT), question).to.include({ cut: false });
      expect(before.used, question).to.be.within(prompt, prompt + 40);
      sent.push(assistant(said.content));
    }
  });

  it('is still one with the next answer', () => {
    const sent = [user(fill(PROSE, 40_000))];
    const first = after(sent, 2050);
    expect(usage(first, LIMIT).cut).to.equal(true);
    const second = after([...sent, assistant('Fine.'), user('And then?')], 60, first);
    expect(usage(second, LIMIT).cut).to.equal(true);
  });

  it('is none any more once the context is large enough', () => {
    const sent = [user(fill(PROSE, 40_000))];
    const first = after(sent, 2050);
    const larger = after([...sent, assistant('Fine.'), user('And then?')], 8400, first);
    expect(usage(larger, 16_384)).to.deep.equal({ used: 8420, limit: 16_384, cut: false });
  });

  it('is no regular growth, turn by turn, up to the end of a context of 128k', () => {
    const sent: RequestMessage[] = [];
    let before: Count | undefined;
    let prompt = 60;
    const [question, reply] = [fill(PROSE, 2400), fill(PROSE, 9600)];
    while (prompt < 125_000) {
      sent.push(user(question));
      prompt += 500;
      before = count(sent, answer(prompt, 2000, { content: reply }), before)!;
      expect(usage(before, 131_072)).to.deep.equal({ used: prompt + 2000, limit: 131_072, cut: false });
      sent.push(assistant(reply));
      prompt += 2000;
    }
  });
});
