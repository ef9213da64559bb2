import { expect } from '@open-wc/testing';
import { pageTools } from '../../../src/tools/webmcp.ts';

/** What a browser has, for as long as the test lasts; `undefined` for one that has nothing. */
function give(context: object | undefined, on: object = document): void {
  Object.defineProperty(document, 'modelContext', { configurable: true, value: undefined });
  Object.defineProperty(on, 'modelContext', { configurable: true, value: context });
}

const run = async (args = {}, signal = new AbortController().signal) => {
  const [tool] = await pageTools();
  return tool?.execute(args, { signal, progress() {} });
};

const failure = (promise: Promise<unknown>) => promise.then(() => 'none', String);

/** One tool, which does this. */
const context = (executeTool: (...given: never[]) => unknown, more: object = {}) => ({
  getTools: async () => [{ name: 'add', ...more }],
  executeTool: async (...given: never[]) => executeTool(...given),
});

describe('webmcp', () => {
  afterEach(() => {
    Reflect.deleteProperty(document, 'modelContext');
    Reflect.deleteProperty(navigator, 'modelContext');
  });

  it('has nothing where the browser has nothing, or no way to use it', async () => {
    for (const given of [undefined, {}, { getTools: async () => [{ name: 'a' }] }, { executeTool: async () => '' }]) {
      give(given);
      expect(await pageTools()).to.deep.equal([]);
    }
  });

  it('also finds it where it was before', async () => {
    give(
      context(() => 'ok'),
      navigator,
    );
    expect(await run()).to.equal('ok');
  });

  it('reads objects that are none of the plain kind', async () => {
    class Registered {
      get name() {
        return 'add';
      }
      get title() {
        return '';
      }
      get description() {
        return 'Adds';
      }
      get inputSchema() {
        return '{"type":"object","required":["a"]}';
      }
    }
    const registered = new Registered();
    let called: unknown;
    give({ getTools: async () => [registered], executeTool: async (tool: unknown) => void (called = tool) });
    expect(await run()).to.equal('Done.');
    expect(called).to.equal(registered);
    expect((await pageTools())[0]).to.deep.include({
      name: 'add',
      title: 'add',
      description: 'Adds',
      parameters: { type: 'object', required: ['a'] },
      approval: 'ask',
    });
  });

  it('takes a schema as an object, too, and none where it cannot be read', async () => {
    for (const [given, read] of [
      [
        { type: 'object', required: ['a'] },
        { type: 'object', required: ['a'] },
      ],
      ['{', { type: 'object', properties: {}, additionalProperties: false }],
      [undefined, { type: 'object', properties: {}, additionalProperties: false }],
    ]) {
      give(context(() => '', { inputSchema: given }));
      expect((await pageTools())[0]?.parameters).to.deep.equal(read);
    }
  });

  it('leaves out what has no name, and keeps what has the name of another', async () => {
    give({ getTools: async () => [{ name: 'a' }, {}, { name: 7 }, { name: 'a' }], executeTool: async () => '' });
    expect((await pageTools()).map(({ name }) => name)).to.deep.equal(['a', 'a']);
  });

  it('gives the arguments as an object, which reads as JSON where a browser wants that', async () => {
    const seen: unknown[] = [];
    give(context((_tool: unknown, input: object) => void seen.push(structuredClone({ ...input }), `${input as never}`)));
    await run({ a: 1, toString: 'x' });
    expect(seen).to.deep.equal([{ a: 1, toString: 'x' }, '{"a":1,"toString":"x"}']);
  });

  it('runs nothing twice, whatever the failure says', async () => {
    for (const words of ['no', 'Failed to parse input']) {
      let count = 0;
      give(
        context(() => {
          count++;
          throw new Error(words);
        }),
      );
      expect(await failure(run())).to.equal(`Error: The page's tool did not run, or failed: ${words}`);
      expect(count).to.equal(1);
    }
  });

  it('gives text back, also of what looks like a result of MCP', async () => {
    for (const [given, text] of [
      ['plain', 'plain'],
      ['{"a":1}', '{"a":1}'],
      [{ a: 1 }, '{"a":1}'],
      [null, 'Done.'],
      ['{"content":[{"type":"text","text":"5"},{"type":"image","mimeType":"image/png","data":"aGVsbG8="}]}', '5\n[image image/png]'],
      [{ content: [{ type: 'text', text: '5' }] }, '5'],
    ]) {
      give(context(() => given));
      expect(await run()).to.equal(text);
    }
    give(context(() => '{"content":[{"type":"text","text":"bad"}],"isError":true}'));
    expect(await failure(run())).to.equal('Error: bad');
  });

  it('throws the reason of the signal, and hands it on', async () => {
    const stop = new AbortController();
    give(
      context(
        (_tool: unknown, _input: unknown, { signal }: { signal: AbortSignal }) =>
          new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('x')))),
      ),
    );
    const ended = failure(run({}, stop.signal));
    await pageTools();
    stop.abort('stopped');
    expect(await ended).to.equal('stopped');
  });
});
