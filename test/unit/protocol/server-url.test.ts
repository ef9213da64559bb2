import { expect } from '@open-wc/testing';
import { ChatError } from '../../../src/errors.ts';
import { DEFAULT_URL, serverUrl } from '../../../src/protocol/server-url.ts';

const PAGE = 'https://shop.example/help/index.html?q=1#top';

describe('serverUrl', () => {
  const tables: Record<string, [given: string | null | undefined, base: string][]> = {
    'takes the visitor’s own computer where nothing is given': [
      [undefined, 'http://localhost:11434'],
      [null, 'http://localhost:11434'],
      ['', 'http://localhost:11434'],
      [' \n', 'http://localhost:11434'],
    ],
    'keeps a whole address, without a slash at its end': [
      ['http://localhost:11434', 'http://localhost:11434'],
      ['http://localhost:11434/', 'http://localhost:11434'],
      ['  http://localhost:11434 \n', 'http://localhost:11434'],
      ['HTTP://LOCALHOST:11434', 'http://localhost:11434'],
      ['https://ai.example.com', 'https://ai.example.com'],
      ['https://ai.example.com/ollama', 'https://ai.example.com/ollama'],
      ['https://ai.example.com/ollama//', 'https://ai.example.com/ollama'],
      ['https://ai.example.com/Ollama/%20x/', 'https://ai.example.com/Ollama/%20x'],
      ['https://ai.example.com/ollama?key=1#part', 'https://ai.example.com/ollama'],
      ['https://bücher.example/', 'https://xn--bcher-kva.example'],
    ],
    'takes the scheme’s own port where there is a scheme and no port': [
      ['http://localhost', 'http://localhost'],
      ['http://localhost:80', 'http://localhost'],
      ['https://localhost', 'https://localhost'],
      ['https://localhost:443', 'https://localhost'],
      ['http://localhost:443', 'http://localhost:443'],
    ],
    'reads an address without a scheme as Ollama reads OLLAMA_HOST': [
      ['localhost', 'http://localhost:11434'],
      ['my-server', 'http://my-server:11434'],
      ['ai.example.com', 'http://ai.example.com:11434'],
      ['ai.example.com/ollama', 'http://ai.example.com:11434/ollama'],
      ['192.168.1.5', 'http://192.168.1.5:11434'],
      ['192.168.1.5:8080', 'http://192.168.1.5:8080'],
      ['192.168.1.5:8080/ollama/', 'http://192.168.1.5:8080/ollama'],
      ['localhost:80', 'http://localhost'],
      ['localhost:80/', 'http://localhost'],
      ['localhost:443', 'http://localhost:443'],
      ['localhost:11434', 'http://localhost:11434'],
      ['localhost/a:80', 'http://localhost:11434/a:80'],
      ['localhost?a:80', 'http://localhost:11434'],
      ['::1', 'http://[::1]:11434'],
      ['fd00::12', 'http://[fd00::12]:11434'],
      ['[::]:8080', 'http://[::1]:8080'],
    ],
    'takes a port alone as one of this computer': [
      [':8080', 'http://127.0.0.1:8080'],
      [':11434', 'http://127.0.0.1:11434'],
      [':80', 'http://127.0.0.1'],
      [':8080/ollama', 'http://127.0.0.1:8080/ollama'],
    ],
    'goes to this computer where the server listens everywhere': [
      ['0.0.0.0', 'http://127.0.0.1:11434'],
      ['0.0.0.0:8080', 'http://127.0.0.1:8080'],
      ['http://0.0.0.0:11434', 'http://127.0.0.1:11434'],
      ['http://0.0.0.0', 'http://127.0.0.1'],
      ['https://0.0.0.0/ollama/api', 'https://127.0.0.1/ollama'],
    ],
    'reads IPv6': [
      ['[::1]', 'http://[::1]:11434'],
      ['[::1]:8080', 'http://[::1]:8080'],
      ['[::1]:80', 'http://[::1]'],
      ['http://[::1]:11434/', 'http://[::1]:11434'],
      ['https://[2001:DB8::5]/ollama', 'https://[2001:db8::5]/ollama'],
      ['[fd00::5]/ollama', 'http://[fd00::5]:11434/ollama'],
    ],
    'takes one known endpoint off, with and without a slash': [
      ...['/api', '/api/chat', '/v1', '/v1/chat/completions'].flatMap((suffix): [string, string][] => [
        [`http://localhost:11434${suffix}`, 'http://localhost:11434'],
        [`http://localhost:11434${suffix}/`, 'http://localhost:11434'],
        [`https://ai.example.com/ollama${suffix}`, 'https://ai.example.com/ollama'],
        [`https://ai.example.com/ollama${suffix}/`, 'https://ai.example.com/ollama'],
        [`localhost${suffix}`, 'http://localhost:11434'],
        [`/ollama${suffix}`, 'https://shop.example/ollama'],
        [suffix, 'https://shop.example'],
      ]),
      ['http://localhost:11434/api?x=1', 'http://localhost:11434'],
    ],
    'takes no second one off, and nothing that only looks like one': [
      ['http://localhost:11434/api/api', 'http://localhost:11434/api'],
      ['http://localhost:11434/v1/api/', 'http://localhost:11434/v1'],
      ['http://localhost:11434/api/v1', 'http://localhost:11434/api'],
      ['http://localhost:11434/api/chat/v1/chat/completions', 'http://localhost:11434/api/chat'],
      ['http://localhost:11434/my-api', 'http://localhost:11434/my-api'],
      ['http://localhost:11434/apis', 'http://localhost:11434/apis'],
      ['http://localhost:11434/api/tags', 'http://localhost:11434/api/tags'],
      ['http://localhost:11434/chat', 'http://localhost:11434/chat'],
      ['http://localhost:11434/v10', 'http://localhost:11434/v10'],
      ['http://api', 'http://api'],
    ],
    'resolves a relative address against the page': [
      ['/ollama', 'https://shop.example/ollama'],
      ['/', 'https://shop.example'],
      ['./ollama/', 'https://shop.example/help/ollama'],
      ['../ollama', 'https://shop.example/ollama'],
      ['.', 'https://shop.example/help'],
      ['..', 'https://shop.example'],
      ['//ai.example.com/ollama', 'https://ai.example.com/ollama'],
      ['//ai.example.com:8080/', 'https://ai.example.com:8080'],
    ],
  };
  for (const [promise, rows] of Object.entries(tables)) {
    describe(promise, () => {
      for (const [given, base] of rows) it(`${JSON.stringify(given)} → ${base}`, () => expect(serverUrl(given, PAGE)).to.equal(base));
    });
  }

  it('names the default', () => expect(serverUrl(undefined)).to.equal(DEFAULT_URL));

  it('gives an address that it reads as itself', () => {
    for (const [, base] of Object.values(tables).flat()) {
      if (!/\/(?:api|v1)(?:\/chat)?$/.test(base)) expect(serverUrl(base), base).to.equal(base);
    }
  });

  describe('refuses what is no address of a server', () => {
    const bad = [
      ...['ftp://localhost', 'file:///etc/passwd', 'ws://localhost:11434', 'chrome-extension://abc/', 'blob:https://shop.example/1'],
      ...['javascript:alert(1)', 'JavaScript:alert(1)', 'javascript://localhost/%0aalert(1)', 'data:text/html,hi', 'mailto:me@example.com'],
      ...['http://user:pass@localhost', 'http://user@localhost', 'http://:pass@localhost', 'user:pass@localhost', 'user@localhost:11434'],
      ...['http://', 'https://', 'http://[', 'http://[::1', 'localhost:port'],
      ...['localhost:99999', ':99999', 'http://localhost:-1', 'http://%', '//', '//user@localhost/'],
    ];
    for (const given of bad) {
      // A name or a password in it is nobody's business.
      const shown = given.replace(/user(?::pass)?@|:pass@/, '').replace('mailto:me@', '');
      it(given, () => expect(kindOf(given, PAGE)).to.deep.equal({ kind: 'bad-url', url: shown }));
    }

    it('a relative one where no page is known', () => expect(kindOf('/ollama')).to.deep.equal({ kind: 'bad-url', url: '/ollama' }));

    it('a relative one on a page that came from no server', () => {
      for (const page of ['file:///home/me/page.html', 'about:blank', 'data:text/html,hi']) {
        expect(kindOf('/ollama', page), page).to.deep.equal({ kind: 'bad-url', url: '/ollama' });
      }
    });
  });
});

function kindOf(given: string, page?: string): unknown {
  try {
    return serverUrl(given, page);
  } catch (error) {
    return error instanceof ChatError ? error.detail : error;
  }
}
