import { expect } from '@open-wc/testing';
import { isListed } from '../../../src/markdown/sources.ts';
import { onePass } from '../../support/markdown-oracle.ts';
import { found } from './outline.ts';

const LIST = 'https://pics.example https://cdn.example/chat/ http://localhost:8080/a /own/';

describe('a list of sources', () => {
  for (const address of [
    'https://pics.example/',
    'https://pics.example/any/where.png?x#y',
    'HTTPS://PICS.EXAMPLE/a.png',
    'https://pics.example:443/a.png',
    'https://cdn.example/chat/a.png',
    'https://cdn.example/chat/%61.png',
    'https://cdn.example/x/../chat/a.png',
    'http://localhost:8080/a',
    'http://localhost:8080/a/b.png',
    `${location.origin}/own/a.png`,
  ]) {
    it(`covers ${address}`, () => expect(isListed(new URL(address).href, LIST)).to.equal(true));
  }

  for (const address of [
    'http://pics.example/a.png',
    'https://pics.example:8443/a.png',
    'https://pics.example.evil.example/a.png',
    'https://evil-pics.example/a.png',
    'https://www.pics.example/a.png',
    'https://pics.example@evil.example/a.png',
    'https://user@pics.example/a.png',
    'https://user:word@pics.example/a.png',
    'https://pics.examp1e/a.png',
    'https://рics.example/a.png',
    'https://evil.example/https://pics.example/a.png',
    'https://evil.example/?https://pics.example/',
    'https://cdn.example/chatter/a.png',
    'https://cdn.example/chat/../secret.png',
    'https://cdn.example/chat/%2e%2e/secret.png',
    'https://cdn.example/chat/..%2fsecret.png',
    'https://cdn.example/chat/..%5Csecret.png',
    'http://localhost:8080/ab.png',
    'http://localhost/a',
    `${location.origin}/a.png`,
    'data:image/png;base64,AAAA',
    'blob:https://pics.example/x',
  ]) {
    it(`does not cover ${address}`, () => expect(isListed(new URL(address).href, LIST)).to.equal(false));
  }

  it('that is empty, or holds nothing that is an address, covers nothing', () => {
    for (const list of ['', ' \n', 'http://', '* ::', 'https://*.example'])
      expect(isListed('https://pics.example/', list), list).to.equal(false);
  });
});

describe('links with a list of sources', () => {
  const links = (markdown: string) => found(onePass(markdown, 'https://docs.example/'), 'a');

  it('lead to what is listed, however that is written', () => {
    for (const markdown of [
      '[a](https://docs.example/x)',
      '[a](HTTPS://DOCS.EXAMPLE)',
      '<https://docs.example/a>',
      'https://docs.example/a',
      '[a][1]\n\n[1]: https://docs.example/x',
      '[a](https&#58;//docs.example)',
    ])
      expect(links(markdown), markdown).to.deep.equal(['a']);
  });

  it('are words where they lead elsewhere', () => {
    for (const markdown of [
      '[a](https://evil.example/x)',
      '[a](//evil.example)',
      '[a](/x)',
      '[a](mailto:a@docs.example)',
      '[a](https://docs.example@evil.example)',
      '[a](https://user@docs.example)',
      '[a](https://docs.example.evil.example)',
      '[a][1]\n\n[1]: https://evil.example',
      'https://evil.example/https://docs.example',
      'a@docs.example',
    ]) {
      expect(links(markdown), markdown).to.deep.equal([]);
      expect(onePass(markdown, 'https://docs.example/').textContent).to.contain('a');
    }
  });

  it('may lead to mail where that is listed', () => {
    expect(found(onePass('<a@b.example>', 'mailto:'), 'a')).to.deep.equal(['a']);
  });
});
