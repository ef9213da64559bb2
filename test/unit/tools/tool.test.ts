import { expect } from '@open-wc/testing';
import { type ChatTool, merged, toolOf, toolsOf, wireTool } from '../../../src/tools/tool.ts';

const execute = () => 'ok';

/** What comes of it, and what the page is told. */
function read(given: unknown) {
  const told: string[] = [];
  return { tools: toolsOf(given as ChatTool[], text => told.push(text)), told };
}

const made = (name: string, more: object = {}, origin = '') => toolOf(origin, { name, ...more }, 'ask', execute);
const names = (...given: string[]) => merged(given.map(name => made(name))).map(({ name }) => name);

describe('toolsOf', () => {
  it('takes a tool as a page writes it, or in the form of the wire', () => {
    const parameters = { type: 'object', required: ['a'] };
    const flat = { name: 'add', title: 'Add', description: 'Adds', parameters, approval: 'allow', execute };
    const wire = { type: 'function', function: { name: 'add', description: 'Adds', parameters }, title: 'Add', approval: 'allow', execute };
    for (const given of [flat, wire]) {
      const { tools, told } = read([given]);
      expect(told).to.deep.equal([]);
      expect(tools[0]).to.deep.include({ ...flat, execute: tools[0]?.execute, origin: '', pageName: 'add' });
    }
  });

  it('runs it as a method of what the page gave', async () => {
    const counter = {
      name: 'count',
      count: 7,
      execute() {
        return this.count;
      },
    };
    expect(await read([counter]).tools[0]?.execute({}, { signal: new AbortController().signal, progress() {} })).to.equal(7);
  });

  it('asks unless the page says otherwise, and takes nothing where it names no parameters', () => {
    expect(read([{ name: 'a', execute }]).tools[0]).to.deep.include({
      title: 'a',
      description: '',
      approval: 'ask',
      parameters: { type: 'object', properties: {}, additionalProperties: false },
    });
  });

  it('copies the parameters, also such as are frozen', () => {
    const parameters = Object.freeze({ type: 'object', properties: Object.freeze({}) });
    const [tool] = read([{ name: 'a', parameters, execute }]).tools;
    expect(tool?.parameters).to.deep.equal(parameters);
    expect(tool?.parameters).not.to.equal(parameters);
  });

  it('leaves out what is no tool, keeps the others, and says what is lacking', () => {
    const circular: Record<string, unknown> = {};
    circular['self'] = circular;
    const rest = [null, 'text', 7, circular, [], { function: 'x' }, { name: 7, execute }];
    const { tools, told } = read([
      ...rest,
      { name: 'a' },
      { name: 'b', execute, approval: 1n },
      { name: 'c', execute, parameters: circular },
      { name: 'd', execute, parameters: 'x' },
      { name: 'good', execute },
    ]);
    expect(tools.map(({ name }) => name)).to.deep.equal(['good']);
    expect(told).to.deep.equal([
      ...rest.map((_, index) => `<ollama-chat> tools[${index}] is left out: give it a name.`),
      '<ollama-chat> tools[7], "a", is left out: give it a function execute.',
      '<ollama-chat> tools[8], "b", is left out: its approval is "ask" or "allow".',
      '<ollama-chat> tools[9], "c", is left out: its parameters are a JSON Schema, an object that JSON can hold.',
      '<ollama-chat> tools[10], "d", is left out: its parameters are a JSON Schema, an object that JSON can hold.',
    ]);
  });

  it('says so where it is given no list', () => {
    for (const given of ['text', 7, {}, { name: 'a', execute }, new Set()]) {
      const { tools, told } = read(given);
      expect(tools).to.deep.equal([]);
      expect(told).to.deep.equal(['<ollama-chat> tools are left out: give an array, [{ name, description, parameters, execute }].']);
    }
  });
});

describe('toolOf', () => {
  it('has a title of one line that cannot grow, and else the name', () => {
    const title = (given: unknown, name = 'a') => made(name, { title: given }).title;
    expect(title(' Read\r\n\tall\u2028files\u202e ')).to.equal('Read all files');
    expect(title('😀'.repeat(1000))).to.equal('😀'.repeat(100));
    for (const none of [undefined, null, 7, '', ' \n']) expect(title(none)).to.equal('a');
    expect(title('', 'x\ny')).to.equal('x y');
    expect(title('', '\n')).to.equal('tool');
  });

  it('takes nothing of what is no text, or no schema', () => {
    for (const parameters of [undefined, null, 7, 'x', []])
      expect(made('a', { description: 7, parameters })).to.deep.include({
        description: '',
        parameters: { type: 'object', properties: {}, additionalProperties: false },
      });
  });

  it('has a key that is the same for the same tool, and another for any other', () => {
    const said = { description: 'Adds', parameters: { type: 'object' } };
    const { key } = made('add', said, 'a.test');
    expect(merged([made('add')], [made('add', { ...said, title: 'Add' }, 'a.test')])[1]?.key).to.equal(key);
    const others = [
      made('add', said),
      made('add', said, 'b.test'),
      made('sub', said, 'a.test'),
      made('add', { ...said, description: 'Wipes' }, 'a.test'),
      made('add', { ...said, parameters: {} }, 'a.test'),
    ];
    expect(new Set([key, ...others.map(other => other.key)])).to.have.property('size', 6);
  });
});

describe('merged', () => {
  it('gives names that every server takes', () => {
    expect(names('files.read/all', 'get time', 'Thời tiết', 'a-b_C9')).to.deep.equal(['files_read_all', 'get_time', 'Thoi_tiet', 'a-b_C9']);
    expect(names('天気', '날씨', '😀', '')).to.deep.equal(['tool', 'tool_2', 'tool_3', 'tool_4']);
  });

  it('gives each a name of its own, also where they are long', () => {
    expect(names('a', 'a', 'a_2', 'a')).to.deep.equal(['a', 'a_2', 'a_2_2', 'a_3']);
    const long = names(...Array.from({ length: 12 }, () => 'x'.repeat(70)));
    expect(new Set(long)).to.have.property('size', 12);
    expect(long.every(name => /^[\w-]{1,64}$/.test(name))).to.equal(true);
    expect(long.slice(0, 2)).to.deep.equal(['x'.repeat(64), `${'x'.repeat(62)}_2`]);
  });

  it('lets the page read its own names, where no other tool has them', () => {
    const all = merged([made('get time'), made('a')], [made('a')], [made('get time', {}, 'b.test'), made('c.d', {}, 'b.test')]);
    expect(all.map(({ name, pageName }) => [name, pageName])).to.deep.equal([
      ['get_time', 'get time'],
      ['a', 'a'],
      ['a_2', 'a_2'],
      ['get_time_2', 'get_time_2'],
      ['c_d', 'c_d'],
    ]);
  });

  it('sends no more than both APIs know', () => {
    expect(wireTool(merged([made('get time', { title: 'Time', description: 'Now', parameters: {} }, 'a.test')])[0]!)).to.deep.equal({
      type: 'function',
      function: { name: 'get_time', description: 'Now', parameters: {} },
    });
  });
});
