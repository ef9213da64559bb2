import { expect } from '@open-wc/testing';
import type { ToolCall } from '../../../src/protocol/client.ts';
import { answerCalls, type Caller, type Step } from '../../../src/tools/calls.ts';
import type { Tool } from '../../../src/tools/tool.ts';

const call = (name: string, args: Record<string, unknown> = {}): ToolCall => ({ function: { name, arguments: args } });

const tool = (execute: Tool['execute'], changes: Partial<Tool> = {}): Tool => ({
  ...{
    name: 'tool',
    title: 'Tool',
    description: '',
    parameters: { type: 'object' },
    approval: 'allow',
    origin: '',
    key: 'tool',
    pageName: 'tool',
    execute,
  },
  ...changes,
});

/** What was told, state by state, and what became of the calls. */
async function outcome(calls: readonly ToolCall[], changes: Partial<Caller>, signal = new AbortController().signal) {
  const told: string[] = [];
  let progressed = 0;
  const steps = await answerCalls(
    calls,
    {
      ...{ tools: [], before: new Set<string>(), timeout: 0, limit: 1000, permits: () => true, consents: () => Promise.resolve(true) },
      changed: (_, step) => void told.push(step?.state ?? 'there'),
      progressed: () => void progressed++,
      ...changes,
    },
    signal,
  );
  return { told, progressed, results: steps.map(({ state, result }: Step) => `${state}: ${result}`) };
}

describe('answering calls', () => {
  it('each state is told once, and progress by itself, so that nothing is kept for it', async () => {
    const counts = tool((_, { progress }) => {
      for (let index = 0; index < 50; index++) progress(`${index}`);
      return 'counted';
    });
    const { told, progressed, results } = await outcome([call('tool')], { tools: [counts] });
    expect(told).to.deep.equal(['there', 'running', 'done']);
    expect(progressed).to.equal(50);
    expect(results).to.deep.equal(['done: counted']);
  });

  it('nothing runs once a listener of the page’s event has ended the answer', async () => {
    const stop = new AbortController();
    let ran = 0;
    const permits = () => {
      stop.abort(new Error('stopped'));
      return true;
    };
    for (const approval of ['allow', 'ask'] as const) {
      const counted = tool(() => ran++, { approval });
      const failure = await outcome([call('tool')], { tools: [counted], permits }, stop.signal).catch(String);
      expect(failure).to.equal('Error: stopped');
    }
    expect(ran).to.equal(0);
  });

  it('nothing runs that was allowed as the answer ended', async () => {
    const stop = new AbortController();
    let ran = 0;
    const consents = () => {
      stop.abort(new Error('stopped'));
      return Promise.resolve(true);
    };
    const counted = tool(() => ran++, { approval: 'ask' });
    expect(await outcome([call('tool')], { tools: [counted], consents }, stop.signal).catch(String)).to.equal('Error: stopped');
    expect(ran).to.equal(0);
  });

  it('arguments that nobody can look through are not asked about, and go back to the model', async () => {
    let asked = 0;
    const consents = () => Promise.resolve(!!++asked);
    const ask = tool(() => 'ran', { approval: 'ask' });
    const { results } = await outcome([call('tool', { text: 'x'.repeat(50_000) })], { tools: [ask], consents });
    expect(results).to.deep.equal(['failed: Error: The arguments are too long to be shown to the user. Call with shorter ones.']);
    expect(asked).to.equal(0);
  });

  it('what a model wrote in the place of arguments runs nothing, and goes back to it', async () => {
    const unread = '{"city": "Oslo"';
    const { results } = await outcome([{ ...call('tool'), unread }], { tools: [tool(() => 'ran')] });
    expect(results).to.deep.equal([
      'failed: Error: The arguments cannot be read: "{\\"city\\": \\"Oslo\\"". Call again with a JSON object that is not nested too deep.',
    ]);
  });

  for (const [what, thrown, words] of [
    ['an error', new Error('out of order'), 'out of order'],
    ['an error without words', new TypeError(), 'TypeError'],
    ['text', 'no', 'no'],
    ['nothing', undefined, 'undefined'],
    ['an object that has no text', Object.create(null), 'It failed, and does not say why.'],
  ] as const) {
    it(`${what} that a tool throws is told`, async () => {
      const throws = tool(() => {
        throw thrown;
      });
      expect((await outcome([call('tool')], { tools: [throws] })).results).to.deep.equal([`failed: Error: ${words}`]);
    });
  }

  for (const [what, value, text] of [
    ['text', 'done', 'done'],
    ['an object', { a: [1] }, '{"a":[1]}'],
    ['nothing', undefined, 'Done.'],
    ['no words', '', 'Done.'],
    ['more than goes to a model', 'x'.repeat(1001), `${'x'.repeat(1000)} … (cut off: 1001 characters)`],
  ] as const) {
    it(`${what} that a tool returns is told as text`, async () => {
      expect((await outcome([call('tool')], { tools: [tool(() => value)] })).results).to.deep.equal([`done: ${text}`]);
    });
  }

  it('what a tool does with its arguments changes nothing of what the model wrote', async () => {
    const made = call('tool', { list: ['a'] });
    await outcome([made], { tools: [tool(({ list }) => (list as string[]).push('b'), { parameters: {} })] });
    expect(made.function.arguments).to.deep.equal({ list: ['a'] });
  });
});
