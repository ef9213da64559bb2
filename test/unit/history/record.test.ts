import { expect } from '@open-wc/testing';
import type { ChatMessage } from '../../../src/conversation/message.ts';
import { requestMessages } from '../../../src/conversation/request-messages.ts';
import {
  examine,
  migrate,
  readDesk,
  readMessage,
  readText,
  STEPS,
  type Step,
  TEXT_LIMIT,
  titleOf,
  VERSION,
} from '../../../src/history/record.ts';
import { seeded } from '../../support/seeded.mjs';

const base = { id: 'a', role: 'user', content: 'Hi', status: 'complete' };
const call = { id: 'c', function: { name: 'now', arguments: { zone: 'UTC' }, index: 0 } };
const withArguments = (args: unknown) => ({ ...base, tool_calls: [{ function: { name: 'f', arguments: args } }] });
const argumentsOf = (args: unknown) => readMessage(withArguments(args))?.tool_calls?.[0]?.function.arguments;

const throwing = () => {
  throw new Error('surprise');
};
const revoked = () => {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
};
const cyclic = () => {
  const ring: Record<string, unknown> = {};
  ring.ring = ring;
  return ring;
};
const nested = (depth: number): unknown => (depth > 1 ? { in: nested(depth - 1) } : {});

describe('readMessage', () => {
  const full: ChatMessage = {
    id: 'a',
    role: 'assistant',
    content: 'Hi',
    thinking: 'Hm',
    images: ['aGk=', 'aA==', 'aGkh'],
    tool_calls: [call],
    tool_name: 'now',
    tool_call_id: 'c',
    status: 'stopped',
    stats: {
      total_duration: 1,
      load_duration: 0,
      prompt_eval_count: 2,
      prompt_eval_duration: 3,
      eval_count: 4,
      eval_duration: 5,
      thinking_duration: 6.5,
    },
  };

  it('gives back every field of a message, in new objects', () => {
    const given = structuredClone(full);
    const read = readMessage(given);
    expect(read).to.deep.equal(full);
    expect(read).not.to.equal(given);
    expect(read?.images).not.to.equal(given.images);
    expect(read?.stats).not.to.equal(given.stats);
    expect(read?.tool_calls?.[0]).not.to.equal(given.tool_calls?.[0]);
    expect(read?.tool_calls?.[0]?.function.arguments).not.to.equal(given.tool_calls?.[0]?.function.arguments);
  });

  it('gives back a conversation with tools as it was: their calls, and what became of each', () => {
    const made = (id: string, name: string) => ({ id, function: { name, arguments: { city: 'Oslo' } } });
    const result = (id: string, name: string, status: ChatMessage['status'], content: string): ChatMessage => ({
      ...{ id: `result of ${id}`, role: 'tool', content, tool_name: name, tool_call_id: id, status },
    });
    const messages: ChatMessage[] = [
      { id: 'q', role: 'user', content: 'Go', status: 'complete' },
      {
        ...{ id: 'a', role: 'assistant', content: '', status: 'complete' },
        tool_calls: [made('c1', 'get_time'), made('c2', 'get_weather'), made('c3', 'fails')],
      },
      result('c1', 'get_time', 'complete', '09:02'),
      result('c2', 'get_weather', 'stopped', 'Error: The user refused this call.'),
      result('c3', 'fails', 'interrupted', 'Error: out of order'),
      { id: 'b', role: 'assistant', content: 'It is two past nine.', status: 'complete' },
    ];
    const read = (JSON.parse(JSON.stringify(messages)) as unknown[]).map(examine);
    expect(read.map(({ message }) => message)).to.deep.equal(messages);
    expect(read.flatMap(({ lost }) => lost)).to.deep.equal([]);
    expect(requestMessages('', messages).map(({ tool_call_id }) => tool_call_id)).to.deep.equal([
      undefined,
      undefined,
      'c1',
      'c2',
      'c3',
      undefined,
    ]);
  });

  it('leaves nothing to be sent of a call that cannot be read', () => {
    const stored = [
      { ...base, id: 'a', role: 'assistant', tool_calls: [call, { id: 'd', function: { name: '', arguments: {} } }] },
      { ...base, id: 'b', role: 'tool', content: 'one', tool_name: 'now', tool_call_id: 'c' },
      { ...base, id: 'e', role: 'tool', content: 'two', tool_name: 'now', tool_call_id: 'd' },
    ];
    const sent = requestMessages(
      '',
      stored.flatMap(value => readMessage(value) ?? []),
    );
    expect(sent.map(({ role, tool_call_id }) => `${role} ${tool_call_id}`)).to.deep.equal(['assistant undefined', 'tool c']);
  });

  it('adds no field that was not there', () => {
    expect(Object.keys(readMessage(base) ?? {})).to.have.members(['id', 'role', 'content', 'status']);
    expect(Object.keys(readMessage({ ...base, thinking: undefined, images: null, stats: null }) ?? {})).to.have.length(4);
    expect(
      Object.keys(readMessage({ ...base, tool_calls: [{ function: { name: 'f', arguments: {} } }] })?.tool_calls?.[0] ?? {}),
    ).to.deep.equal(['function']);
  });

  it('leaves out what no message has, also inside of calls and counters', () => {
    const foreign = { isAdmin: true, html: '<b>' };
    const given = {
      ...base,
      ...foreign,
      tool_calls: [{ ...call, ...foreign, function: { ...call.function, ...foreign } }],
      stats: { ...foreign, eval_count: 1 },
    };
    expect(readMessage(given)).to.deep.equal({ ...base, tool_calls: [call], stats: { eval_count: 1 } });
  });

  it('reads nothing that is not the object’s own', () => {
    expect(readMessage(Object.create(base))).to.equal(undefined);
    expect(readMessage(Object.assign(Object.create({ thinking: 'inherited' }), base))).to.deep.equal(base);
  });

  it('asks a field once, so that it cannot change its mind', () => {
    let times = 0;
    const given = {
      ...base,
      get content(): unknown {
        return times++ ? {} : 'first';
      },
    };
    expect(readMessage(given)?.content).to.equal('first');
    const images = new Proxy(['aGk='], {
      get: (list, key) => (key === '0' ? (times++ > 1 ? 'javascript:' : 'aGk=') : Reflect.get(list, key)),
    });
    expect(readMessage({ ...base, images })?.images).to.deep.equal(['aGk=']);
  });

  describe('is nothing for', () => {
    const refused: Record<string, () => unknown> = {
      nothing: () => undefined,
      null: () => null,
      'a string': () => JSON.stringify(base),
      'a list': () => [base],
      'a list dressed as a message': () => Object.assign([], base),
      'a function': () => Object.assign(() => {}, base),
      'an empty object': () => ({}),
      'no id': () => ({ ...base, id: undefined }),
      'an empty id': () => ({ ...base, id: '' }),
      'a number for an id': () => ({ ...base, id: 7 }),
      'an id of 201 characters': () => ({ ...base, id: 'x'.repeat(201) }),
      'an id with a line end': () => ({ ...base, id: 'a\nb' }),
      'an id with a NUL': () => ({ ...base, id: 'a\0' }),
      'an id with a C1 control': () => ({ ...base, id: 'a\u0085' }),
      'a system prompt': () => ({ ...base, role: 'system' }),
      'a role in other letters': () => ({ ...base, role: 'User' }),
      'a role that only turns into one': () => ({ ...base, role: { toString: () => 'user' } }),
      'a role in a list': () => ({ ...base, role: ['user'] }),
      'no content': () => ({ ...base, content: undefined }),
      'null content': () => ({ ...base, content: null }),
      'content in parts': () => ({ ...base, content: [{ type: 'text', text: 'Hi' }] }),
      'a String object': () => ({ ...base, content: new String('Hi') }),
      'content over the limit': () => ({ ...base, content: 'x'.repeat(TEXT_LIMIT + 1) }),
      'a getter that throws': () => ({
        ...base,
        get content() {
          return throwing();
        },
      }),
      'an optional getter that throws': () => ({
        ...base,
        get thinking() {
          return throwing();
        },
      }),
      'a revoked object': revoked,
      'a proxy of which every question throws': () =>
        new Proxy(
          { ...base },
          { get: throwing, has: throwing, ownKeys: throwing, getOwnPropertyDescriptor: throwing, getPrototypeOf: throwing },
        ),
      'revoked pictures': () => ({ ...base, images: revoked() }),
      'a cycle': cyclic,
    };
    for (const [what, make] of Object.entries(refused)) {
      it(`${what}, without throwing`, () => {
        const result = examine(make());
        expect(result.message).to.equal(undefined);
        expect(result.lost).to.have.length(1);
        expect(readMessage(make())).to.equal(undefined);
      });
    }
  });

  it('takes content and an id as long as their limits', () => {
    expect(readMessage({ ...base, content: 'x'.repeat(TEXT_LIMIT), id: 'x'.repeat(200) })).to.not.equal(undefined);
  });

  describe('goes on without', () => {
    const dropped: Record<string, [field: keyof ChatMessage, value: () => unknown]> = {
      'thinking that is no string': ['thinking', () => ['Hm']],
      'thinking over the limit': ['thinking', () => 'x'.repeat(TEXT_LIMIT + 1)],
      'pictures that are no list': ['images', () => ({ 0: 'aGk=', length: 1 })],
      '33 pictures': ['images', () => Array(33).fill('aGk=')],
      'a picture with a prefix': ['images', () => ['aGk=', 'data:image/png;base64,aGk=']],
      'a picture from an address': ['images', () => ['https://example.com/a.png']],
      'a picture in the alphabet of addresses': ['images', () => ['aGk_']],
      'a picture with a line end': ['images', () => ['aGk=\n']],
      'a picture with padding inside': ['images', () => ['aG=k']],
      'a picture that is all padding and more': ['images', () => ['===']],
      'an empty picture': ['images', () => ['']],
      'a picture that is no string': ['images', () => [7]],
      'a list of holes': ['images', () => Array(3)],
      'a list of four thousand million holes': ['images', () => Array(2 ** 32 - 1)],
      'a list whose length lies': [
        'images',
        () => new Proxy([], { get: (list, key) => (key === 'length' ? NaN : Reflect.get(list, key)) }),
      ],
      'calls that are no list': ['tool_calls', () => ({ ...call })],
      '129 calls': ['tool_calls', () => Array(129).fill(call)],
      'a tool name that is no string': ['tool_name', () => ({})],
      'a tool name over the limit': ['tool_name', () => 'x'.repeat(1001)],
      'a call id that is a number': ['tool_call_id', () => 7],
    };
    for (const [what, [field, value]] of Object.entries(dropped)) {
      it(`${what}, and says so`, () => {
        const { message, lost } = examine({ ...base, [field]: value() });
        expect(message).to.deep.equal(base);
        expect(lost).to.deep.equal([field]);
      });
    }
  });

  it('says nothing of losses where there are none', () => {
    expect(examine(full).lost).to.deep.equal([]);
    expect(examine({ ...base, foreign: 1, thinking: null }).lost).to.deep.equal([]);
  });

  it('reads pictures of the largest size, and refuses larger ones and one wrong character, in a moment', () => {
    const large = 'A'.repeat(28_000_000);
    const started = performance.now();
    expect(readMessage({ ...base, images: [large] })?.images).to.have.length(1);
    expect(readMessage({ ...base, images: [`${large}A`] })).to.deep.equal(base);
    expect(readMessage({ ...base, images: [`${large.slice(1)}!`] })).to.deep.equal(base);
    expect(performance.now() - started).to.be.below(5000);
  });

  it('calls a message interrupted when its status is none', () => {
    for (const status of ['complete', 'stopped', 'interrupted']) expect(readMessage({ ...base, status })?.status).to.equal(status);
    for (const status of [undefined, null, 'done', 'Complete', 7, ['complete']]) {
      expect(readMessage({ ...base, status })?.status).to.equal('interrupted');
    }
  });

  it('keeps of the counters those that count', () => {
    const stats = {
      total_duration: -1,
      load_duration: NaN,
      prompt_eval_count: '2',
      prompt_eval_duration: Infinity,
      eval_count: -0,
      eval_duration: 1.5,
    };
    expect(readMessage({ ...base, stats })?.stats).to.deep.equal({ eval_count: 0, eval_duration: 1.5 });
    expect(Object.is(readMessage({ ...base, stats })?.stats?.eval_count, 0)).to.equal(true);
    expect(readMessage({ ...base, stats: [1] })).to.deep.equal(base);
  });

  describe('drops a call, and only that one,', () => {
    const bad: Record<string, () => unknown> = {
      'that is no object': () => 'now()',
      'without a function': () => ({ id: 'x' }),
      'without a name': () => ({ function: { arguments: {} } }),
      'with an empty name': () => ({ function: { name: '', arguments: {} } }),
      'with too long a name': () => ({ function: { name: 'x'.repeat(1001), arguments: {} } }),
      'with an id that is no string': () => ({ ...call, id: 7 }),
      'without arguments': () => ({ function: { name: 'f' } }),
      'with arguments as text': () => ({ function: { name: 'f', arguments: '{}' } }),
      'with a list of arguments': () => ({ function: { name: 'f', arguments: [] } }),
      'whose arguments are 33 deep': () => ({ function: { name: 'f', arguments: nested(33) } }),
      'whose arguments contain themselves': () => ({ function: { name: 'f', arguments: cyclic() } }),
      'whose arguments throw': () => ({
        function: {
          name: 'f',
          arguments: {
            get x() {
              return throwing();
            },
          },
        },
      }),
      'whose arguments are revoked inside': () => ({ function: { name: 'f', arguments: { x: revoked() } } }),
      'with a function in its arguments': () => ({ function: { name: 'f', arguments: { toJSON: () => 1 } } }),
      'with a date in its arguments': () => ({ function: { name: 'f', arguments: { at: new Date(0) } } }),
      'with a number that JSON does not know': () => ({ function: { name: 'f', arguments: { x: NaN } } }),
      'with a BigInt': () => ({ function: { name: 'f', arguments: { x: 1n } } }),
      'with a hole in a list': () => ({ function: { name: 'f', arguments: { x: Array(2) } } }),
      'with an endless list': () => ({ function: { name: 'f', arguments: { x: Array(2 ** 32 - 1) } } }),
      'with too long a text': () => ({ function: { name: 'f', arguments: { x: 'x'.repeat(TEXT_LIMIT) } } }),
      'with too long a key': () => ({ function: { name: 'f', arguments: { ['x'.repeat(TEXT_LIMIT)]: 1 } } }),
      'of few objects that add up to many': () => {
        let args: object = {};
        for (let level = 0; level < 30; level++) args = { a: args, b: args };
        return { function: { name: 'f', arguments: args } };
      },
    };
    for (const [what, make] of Object.entries(bad)) {
      it(what, () => {
        const { message, lost } = examine({ ...base, tool_calls: [call, make(), call] });
        expect(message?.tool_calls).to.deep.equal([call, call]);
        expect(lost).to.deep.equal(['tool_calls']);
      });
    }
  });

  it('copies arguments as JSON would, 32 deep at most', () => {
    const args = { text: 'é', list: [1, [true, null]], none: null, in: { '': 0 } };
    expect(argumentsOf(args)).to.deep.equal(args);
    expect(argumentsOf({ gone: undefined })).to.deep.equal({});
    expect(Object.is(argumentsOf({ zero: -0 })?.zero, 0)).to.equal(true);
    expect(argumentsOf(nested(32))).to.deep.equal(nested(32));
  });

  it('keeps the place of a call only where it is one', () => {
    const at = (index: unknown) =>
      readMessage({ ...base, tool_calls: [{ function: { name: 'f', arguments: {}, index } }] })?.tool_calls?.[0];
    expect(at(3)).to.deep.equal({ function: { name: 'f', arguments: {}, index: 3 } });
    for (const index of [-1, 1.5, '1', null, {}]) expect(at(index)).to.deep.equal({ function: { name: 'f', arguments: {} } });
  });

  it('lets no key of JSON reach a prototype', () => {
    const evil =
      '{"__proto__": {"polluted": 1}, "constructor": {"prototype": {"polluted": 1}}, "prototype": 1, "in": [{"__proto__": {"polluted": 1}}]';
    const message = readMessage(
      JSON.parse(`${evil}, "id": "a", "role": "user", "content": "Hi", "status": "complete", "stats": ${evil}, "eval_count": 1},
        "tool_calls": [{"function": {"name": "f", "arguments": ${evil}, "ok": 1}}}]}`),
    );
    expect(message).to.deep.equal({
      ...base,
      stats: { eval_count: 1 },
      tool_calls: [{ function: { name: 'f', arguments: { in: [{}], ok: 1 } } }],
    });
    const args = message?.tool_calls?.[0]?.function.arguments as { in: object[] };
    for (const object of [message, message?.stats, args, args.in[0]] as object[]) {
      expect(Object.getPrototypeOf(object)).to.equal(Object.prototype);
      for (const key of ['__proto__', 'constructor', 'prototype']) expect(Object.hasOwn(object, key), key).to.equal(false);
    }
    expect(({} as { polluted?: unknown }).polluted).to.equal(undefined);
  });

  it('reads again what it has read, whatever it was', () => {
    const random = seeded(31);
    const pick = <T>(list: readonly T[]) => list[Math.floor(random() * list.length)] as T;
    const junk = () =>
      pick<unknown>([
        undefined,
        null,
        7,
        '',
        'x',
        [],
        {},
        [[]],
        NaN,
        revoked(),
        cyclic(),
        Symbol('x'),
        ['aGk='],
        [call],
        { eval_count: 1 },
      ]);
    let read = 0;
    for (let round = 0; round < 3000; round++) {
      const given = Object.fromEntries(Object.entries(full).map(([key, value]) => [key, random() < 0.15 ? junk() : value]));
      const once = readMessage(given);
      expect(readMessage(once)).to.deep.equal(once);
      if (once) expect(JSON.parse(JSON.stringify(once))).to.deep.equal(once);
      read += once ? 1 : 0;
    }
    expect(read).to.be.above(500).and.below(3000);
  });
});

describe('readText', () => {
  it('is empty for what is no string', () => {
    for (const value of [undefined, null, 7, ['x'], {}, new String('x')]) expect(readText(value)).to.equal('');
  });

  it('cuts to the limit, and never a character in two', () => {
    expect(readText('abc')).to.equal('abc');
    expect(readText('abc', 2)).to.equal('ab');
    expect(readText('a😀', 2)).to.equal('a');
    expect(readText('a😀', 3)).to.equal('a😀');
    expect(readText('😀', 0)).to.equal('');
    expect(readText('x'.repeat(TEXT_LIMIT + 1))).to.have.length(TEXT_LIMIT);
  });
});

describe('readDesk', () => {
  const whole = { draft: 'a draft', queue: ['one', 'two'], stamp: 'a stamp' };

  it('gives back what was kept', () => {
    expect(readDesk({ ...whole, title: 'not its concern' })).to.deep.equal({ ...whole, damaged: false });
  });

  it('takes what is not there for nothing, and no damage', () => {
    expect(readDesk({})).to.deep.equal({ draft: '', queue: [], stamp: '', damaged: false });
  });

  describe('leaves out, and says so, what is', () => {
    const broken: Record<string, { record: Record<string, unknown>; draft?: string; queue?: string[] }> = {
      'no text of a draft': { record: { ...whole, draft: { length: 3 } }, draft: '' },
      'a null of a draft': { record: { ...whole, draft: null }, draft: '' },
      'no list of a queue': { record: { ...whole, queue: 'one' }, queue: [] },
      'something like a list': { record: { ...whole, queue: { length: 1, 0: 'one' } }, queue: [] },
      'no text in the queue': { record: { ...whole, queue: ['one', 7, null, ['two'], 'two'] } },
      'a hole in the queue': { record: { ...whole, queue: Object.assign(['one'], { 5: 'two' }) } },
      'longer than a message may be': { record: { ...whole, queue: ['one', 'x'.repeat(TEXT_LIMIT + 1), 'two'] } },
    };
    for (const [what, { record, draft = 'a draft', queue = ['one', 'two'] }] of Object.entries(broken)) {
      it(what, () => expect(readDesk(record)).to.deep.equal({ draft, queue, stamp: 'a stamp', damaged: true }));
    }

    it('more than anybody lets wait', () => {
      const { queue, damaged } = readDesk({ queue: Array.from({ length: 5000 }, (_, index) => `${index}`) });
      expect([queue.length, queue[0], damaged]).to.deep.equal([100, '0', true]);
    });
  });

  it('keeps a long draft whose lines are short, and cuts one that would keep a browser busy for minutes', () => {
    const lines = `${'x'.repeat(999)}\n`.repeat(1000);
    expect(readDesk({ draft: lines })).to.include({ draft: lines, damaged: false });
    for (const draft of ['x'.repeat(1_000_000), `${lines}${'x'.repeat(200_000)}`, lines.repeat(2)]) {
      const read = readDesk({ draft });
      expect(read.draft.length).to.be.within(100_000, 150_000);
      expect(draft.startsWith(read.draft) && read.damaged).to.equal(true);
    }
  });

  it('takes a stamp that is none, or too long, for another one', () => {
    expect(readDesk({ stamp: 7 }).stamp).to.equal('');
    expect(readDesk({ stamp: 'x'.repeat(10_000_000) }).stamp.length).to.equal(200);
  });
});

describe('migrate', () => {
  const steps: Step[] = [({ name, ...rest }) => ({ ...rest, title: name }), record => ({ ...record, title: `${String(record.title)}!` })];

  it('has a step for each version before this one', () => {
    expect(STEPS).to.have.length(VERSION - 1);
  });

  it('leaves a record of this version as it is, in a new object', () => {
    const record = { version: VERSION, draft: 'x' };
    expect(migrate(record)).to.deep.equal(record);
    expect(migrate(record)).not.to.equal(record);
  });

  it('goes all steps from the version of the record on, and no other', () => {
    expect(migrate({ version: 1, name: 'a' }, steps)).to.deep.equal({ version: 3, title: 'a!' });
    expect(migrate({ version: 2, title: 'a' }, steps)).to.deep.equal({ version: 3, title: 'a!' });
    expect(migrate({ version: 3, title: 'a' }, steps)).to.deep.equal({ version: 3, title: 'a' });
  });

  it('does not touch what is stored', () => {
    const record = Object.freeze({ version: 1, name: 'a' });
    const careless: Step[] = [given => Object.assign(given, { name: 'b' })];
    expect(migrate(record, careless)).to.deep.equal({ version: 2, name: 'b' });
    expect(record).to.deep.equal({ version: 1, name: 'a' });
  });

  it('says that a record is newer, and changes nothing about it', () => {
    expect(migrate({ version: VERSION + 1 })).to.equal('newer');
    expect(migrate({ version: 4 }, steps)).to.equal('newer');
    expect(migrate({ version: Number.MAX_SAFE_INTEGER })).to.equal('newer');
  });

  it('lets no key reach a prototype', () => {
    const record = migrate(JSON.parse('{"version": 1, "__proto__": {"draft": "x"}, "constructor": 1, "prototype": 1}'), steps) as object;
    expect(record).to.deep.equal({ version: 3, title: 'undefined!' });
    expect(Object.getPrototypeOf(record)).to.equal(Object.prototype);
  });

  describe('is nothing for', () => {
    const garbage: Record<string, () => unknown> = {
      nothing: () => undefined,
      null: () => null,
      text: () => '{"version": 1}',
      'a list': () => Object.assign([], { version: 1 }),
      'no version': () => ({ draft: 'x' }),
      'an inherited version': () => Object.create({ version: 1 }),
      'version 0': () => ({ version: 0 }),
      'a negative version': () => ({ version: -1 }),
      'half a version': () => ({ version: 1.5 }),
      'a version as text': () => ({ version: '1' }),
      'an endless version': () => ({ version: Infinity }),
      'a version that throws': () => ({
        get version() {
          return throwing();
        },
      }),
      'a field that throws': () => ({
        version: 1,
        get draft() {
          return throwing();
        },
      }),
      'a revoked record': revoked,
    };
    for (const [what, make] of Object.entries(garbage)) {
      it(`${what}, without throwing`, () => expect(migrate(make())).to.equal(undefined));
    }

    it('a step that throws or gives back no record', () => {
      expect(migrate({ version: 1 }, [throwing])).to.equal(undefined);
      for (const result of [undefined, null, 'x', []]) expect(migrate({ version: 1 }, [() => result as never])).to.equal(undefined);
    });
  });
});

describe('titleOf', () => {
  const title = (content: string) => titleOf([{ role: 'user', content }]);
  const words = 'one two three four five six seven eight nine ten eleven twelve thirteen';

  it('is the first question, in one line', () => {
    expect(
      titleOf([
        { role: 'assistant', content: 'Hello' },
        { role: 'user', content: ' Why\n\n is\tthe sky  blue?\n' },
        { role: 'user', content: 'No' },
      ]),
    ).to.equal('Why is the sky blue?');
  });

  it('leaves Markdown as it is', () => {
    expect(title('# **Hi** `x` <b>')).to.equal('# **Hi** `x` <b>');
  });

  it('is empty where no words are', () => {
    expect(titleOf([])).to.equal('');
    expect(titleOf([{ role: 'assistant', content: 'Hello' }])).to.equal('');
    expect(title(' \n\t')).to.equal('');
  });

  it('keeps sixty characters whole, and cuts more at a word', () => {
    expect(title(words.slice(0, 60))).to.equal(words.slice(0, 60));
    expect(title(words)).to.equal('one two three four five six seven eight nine ten eleven…');
    expect(title(`${'x'.repeat(59)} y`)).to.equal(`${'x'.repeat(59)}…`);
  });

  it('cuts a first word that is too long', () => {
    expect(title('x'.repeat(61))).to.equal(`${'x'.repeat(59)}…`);
    expect(title(`a ${'x'.repeat(500)}`)).to.equal(`a ${'x'.repeat(57)}…`);
  });

  it('sees a word behind a lot of nothing', () => {
    expect(title(`${'\n'.repeat(5000)}one${' '.repeat(5000)}two`)).to.equal('one two');
  });

  it('takes a moment for the longest message', () => {
    const started = performance.now();
    for (const content of ['x', ' ', 'x ', '\u0301', '😀']) title(content.repeat(TEXT_LIMIT / content.length));
    expect(performance.now() - started).to.be.below(2000);
  });

  const clusters = { 'a pair': '😀', 'a family': '👨‍👩‍👧‍👦', 'a flag': '🇻🇳', 'an accent': 'ê\u0323', 'a skin tone': '👍🏽' };
  for (const [what, cluster] of Object.entries(clusters)) {
    it(`never cuts through ${what}`, () => {
      for (let before = 0; before <= 61; before++) {
        const cut = title('x'.repeat(before) + cluster.repeat(40));
        const rest = cut.slice(0, -1).replace(/^x*/, '');
        expect(cut).to.match(/…$/);
        expect(cut.length).to.be.at.most(60);
        expect(rest.replaceAll(cluster, ''), String(before)).to.equal('');
      }
    });
  }

  it('never cuts through a pair where the browser cannot tell characters', () => {
    const { Segmenter } = Intl;
    Object.defineProperty(Intl, 'Segmenter', { value: undefined, configurable: true, writable: true });
    try {
      for (const before of ['', 'x']) expect(title(before + '😀'.repeat(40))).to.match(/^x?(?:😀)+…$/u);
    } finally {
      Object.defineProperty(Intl, 'Segmenter', { value: Segmenter, configurable: true, writable: true });
    }
  });
});
