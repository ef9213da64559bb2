import { expect } from '@open-wc/testing';
import { type Approvals, toolsOfList } from '../../../src/tools/mcp-tool.ts';
import { merged } from '../../../src/tools/tool.ts';

const list = (tools: unknown[], approvals?: Approvals) =>
  toolsOfList(new URL('https://tools.test:8443/mcp'), tools, approvals, name => name);
const names = (tools: unknown[], approvals?: Approvals) => list(tools, approvals).map(({ name }) => name);

describe('toolsOfList', () => {
  it('takes what the server says', () => {
    const inputSchema = { type: 'object', required: ['a'] };
    const [tool] = list([{ name: 'add', title: 'Add', description: 'Adds', inputSchema }]);
    expect(tool).to.deep.include({ name: 'add', title: 'Add', description: 'Adds', parameters: inputSchema });
  });

  it('has a title from wherever there is one', () => {
    const titles = list([
      { name: 'a', title: 'A', annotations: { title: 'B' } },
      { name: 'a', annotations: { title: 'B' } },
      { name: 'a', title: '' },
    ]);
    expect(titles.map(({ title }) => title)).to.deep.equal(['A', 'B', 'a']);
  });

  it('asks, unless the page says otherwise, whatever the server says', () => {
    const approval = (approvals?: Approvals) => list([{ name: 'a', annotations: { readOnlyHint: true } }], approvals)[0]?.approval;
    expect(approval()).to.equal('ask');
    expect(approval({ b: 'allow' })).to.equal('ask');
    expect(approval({ a: 'ask' })).to.equal('ask');
    expect(approval({ a: 'allow' })).to.equal('allow');
    expect(approval({ a: 'yes' } as never)).to.equal('ask');
    expect(approval({ a: 'off' })).to.equal(undefined);
  });

  it('does not take the names of objects for a permission', () => {
    expect(list([{ name: 'constructor' }, { name: '__proto__' }], {}).map(({ approval }) => approval)).to.deep.equal(['ask', 'ask']);
  });

  it('leaves out what cannot be called, and keeps the others', () => {
    const tools = [null, 7, 'a', {}, { name: '' }, { name: 7 }, { name: 'late', execution: { taskSupport: 'required' } }, { name: 'good' }];
    expect(names(tools)).to.deep.equal(['good']);
  });

  it('keeps the server’s own names, and calls by them', async () => {
    const tools = list([{ name: 'files.read/all' }, { name: 'x'.repeat(128) }]);
    expect(tools.map(({ name }) => name)).to.deep.equal(['files.read/all', 'x'.repeat(128)]);
    const called = merged(tools).map(({ execute }) => execute({}, { signal: new AbortController().signal, progress() {} }));
    expect(called).to.deep.equal(['files.read/all', 'x'.repeat(128)]);
  });

  it('says where they run', () => {
    const [tool] = list([{ name: 'a' }]);
    expect(tool?.origin).to.equal('tools.test:8443/mcp');
    expect(tool?.key).to.include('tools.test:8443');
  });

  it('takes no arguments where the server names none', () => {
    for (const inputSchema of [undefined, null, 'x', []])
      expect(list([{ name: 'a', inputSchema }])[0]?.parameters).to.deep.equal({
        type: 'object',
        properties: {},
        additionalProperties: false,
      });
  });
});
