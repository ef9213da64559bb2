import { expect } from '@open-wc/testing';
import { addressSpace, targetAddressSpace } from '../../../src/protocol/address-space.ts';

const spaces: Record<'loopback' | 'local' | 'elsewhere', string[]> = {
  loopback: [
    ...['http://localhost:11434', 'http://LOCALHOST', 'https://ollama.localhost', 'http://a.b.localhost:1/x'],
    ...['http://127.0.0.1:11434', 'http://127.8.8.8', 'http://127.1', 'http://2130706433', 'http://0x7f.0.0.1'],
    ...['http://[::1]:11434', 'http://[0:0:0:0:0:0:0:1]'],
  ],
  local: [
    ...['http://10.0.0.1', 'http://10.255.255.255', 'http://10.1', 'http://192.168.1.5:11434', 'http://169.254.1.1'],
    ...['http://172.16.0.1', 'http://172.20.1.1', 'http://172.31.255.255'],
    ...['http://[fc00::1]', 'http://[fd12:3456::1]', 'http://[fdff::]', 'http://[fe80::1]', 'http://[febf::1]'],
    ...['http://nas.local', 'http://a.b.LOCAL:11434'],
  ],
  elsewhere: [
    ...['https://shop.example', 'http://nas', 'http://nas.lan', 'http://local', 'http://notlocal', 'http://nas.local.example'],
    ...[
      'http://127.0.0.1.example.com',
      'http://localhost.example.com',
      'http://notlocalhost',
      'http://my-localhost',
      'http://localhost.com',
    ],
    ...['http://127.example.com', 'http://1127.0.0.1.nip.io', 'http://example.com/localhost', 'http://example.com?127.0.0.1'],
    ...['http://10.0.0.1.example.com', 'http://192.168.1.5.nip.io', 'http://example.com/192.168.1.5'],
    ...['http://128.0.0.1', 'http://12.7.0.1', 'http://11.0.0.1', 'http://100.0.0.1', 'http://1.10.0.1', 'http://192.169.0.1'],
    ...['http://172.15.255.255', 'http://172.32.0.1', 'http://172.1.0.1', 'http://172.160.0.1', 'http://169.253.1.1'],
    ...['http://[::2]', 'http://[::]', 'http://[1::1]', 'http://[2001:db8::fe80]', 'http://[fc::1]', 'http://[fe8::1]', 'http://[fec0::1]'],
    'http://[ff02::1]',
  ],
};

describe('addressSpace', () => {
  for (const [space, urls] of Object.entries(spaces)) {
    describe(`says ${space}`, () => {
      for (const url of urls) {
        it(`of ${url}`, () => expect(addressSpace(new URL(url).hostname) ?? 'elsewhere').to.equal(space));
      }
    });
  }

  it('knows nothing of a page without an address', () => expect(addressSpace('')).to.equal(undefined));
});

describe('targetAddressSpace', () => {
  const real = globalThis.Request;
  afterEach(() => {
    globalThis.Request = real;
  });

  it('tells the browser how near the server is, in a word that it knows', () => {
    globalThis.Request = class extends real {
      constructor(input: RequestInfo | URL, { targetAddressSpace: word, ...init }: RequestInit & { targetAddressSpace?: string } = {}) {
        if (word && !['loopback', 'local'].includes(word)) throw new TypeError(word);
        super(input, init);
      }
    };
    for (const space of ['loopback', 'local'] as const) {
      for (const url of spaces[space]) expect(targetAddressSpace(url), url).to.deep.equal({ targetAddressSpace: space });
    }
  });

  it('says nothing of a server that could be anywhere', () => {
    for (const url of spaces.elsewhere) expect(targetAddressSpace(url), url).to.deep.equal({});
  });

  it('says nothing to a browser that refuses the word', () => {
    globalThis.Request = class extends real {
      constructor(input: RequestInfo | URL, init: RequestInit = {}) {
        if ('targetAddressSpace' in init) throw new TypeError('not a valid enum value');
        super(input, init);
      }
    };
    for (const url of [...spaces.loopback, ...spaces.local]) expect(targetAddressSpace(url), url).to.deep.equal({});
  });

  it('is understood by this browser', () => {
    for (const url of ['http://localhost:11434', 'http://192.168.1.5']) {
      const { targetAddressSpace: word } = new real(url, targetAddressSpace(url)) as Request & { targetAddressSpace?: string };
      // Where the browser has it at all.
      if (word !== undefined) expect(word).to.equal(addressSpace(new URL(url).hostname));
    }
  });
});
