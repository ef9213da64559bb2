import { expect } from '@open-wc/testing';
import type { ChatErrorDetail } from '../../../src/errors.ts';
import { diagnose } from '../../../src/protocol/diagnosis.ts';
import type { Page } from '../../../src/protocol/page.ts';
import { streamOf } from './byte-stream.ts';
import { rejection } from './chat-error.ts';
import { type FetchCall, likeABrowser, restoreFetch, stubFetch } from './fetch-stub.ts';

const NEAR = 'http://localhost:11434';
const NETWORK = 'http://192.168.1.5:11434';
const FAR = 'https://models.example/ollama';
const PLAIN = 'http://models.example:11434';

afterEach(restoreFetch);

/** A page of the internet, by https, whose visitor was never asked. `states` are those of the browser's permissions. */
function pageOf(differences: Partial<Omit<Page, 'permission'>> = {}, states: Record<string, PermissionState> = {}) {
  const asked: string[] = [];
  const watched: string[] = [];
  let watching = 0;
  const page: Page = {
    origin: 'https://shop.example',
    hostname: 'shop.example',
    https: true,
    secure: true,
    embedded: false,
    online: true,
    async permission(name) {
      asked.push(name);
      return states[name];
    },
    watchPolicy(origin) {
      watched.push(origin);
      watching++;
      return () => {
        watching--;
        return false;
      };
    },
    ...differences,
  };
  return { page, asked, watched, watching: () => watching };
}

const plainPage = { origin: 'http://shop.example', https: false, secure: false };
const ownPage = { origin: 'http://192.168.1.5:11434', hostname: '192.168.1.5', https: false, secure: false };

/** Answers as a server does that is there (`root`), and that accepts the page (`version`). */
function server({ root, version }: { root?: boolean; version?: boolean | (() => Response) }): FetchCall[] {
  return stubFetch(({ url }) => {
    const wanted = url.endsWith('/api/version') ? version : root;
    if (!wanted) throw new TypeError('Failed to fetch');
    return typeof wanted === 'function' ? wanted() : new Response('{}');
  });
}

/** `Response` cannot be made with a type. */
const redirected = () => Object.defineProperty(new Response(), 'type', { value: 'opaqueredirect' });

/** A request that nobody answered. */
const failed = (url: string, took: number, signal?: AbortSignal, ...headers: string[]) => ({ url, took, headers, signal });

const QUICK = 20;
const SLOW = 5000;

describe('diagnose', () => {
  interface Case {
    page?: Parameters<typeof pageOf>[0];
    states?: Record<string, PermissionState>;
    url?: string;
    took?: number;
    server?: Parameters<typeof server>[0];
    expected: ChatErrorDetail;
  }
  const stopped = {};
  const refusing = { root: true };
  const accepting = { root: true, version: true };
  const local = (url: string, permission: 'prompt' | 'denied', secure = true, embedded = false): ChatErrorDetail => ({
    kind: 'local-network',
    url,
    permission,
    secure,
    embedded,
  });

  const cases: Record<string, Case> = {
    'finds a server that is there and does not accept the page': {
      server: refusing,
      expected: { kind: 'origin-refused', url: NEAR, origin: 'https://shop.example' },
    },
    'finds the same for a page without an address': {
      page: { origin: 'null', hostname: '', https: false, secure: false },
      server: refusing,
      expected: { kind: 'origin-refused', url: NEAR, origin: 'null' },
    },
    'finds a server that sends the page elsewhere, also one of another origin': {
      server: { root: true, version: redirected },
      expected: { kind: 'redirected', url: NEAR },
    },
    'finds plain http in the network out of reach where no permission can open it': {
      url: NETWORK,
      server: stopped,
      expected: { kind: 'mixed-content', url: NETWORK },
    },
    'finds a server that accepts the page, and closed the connection': {
      server: accepting,
      expected: { kind: 'no-answer', url: NEAR },
    },
    'takes an answer for one, whichever status it has': {
      server: { root: true, version: () => new Response('', { status: 502 }) },
      expected: { kind: 'no-answer', url: NEAR },
    },
    'finds a policy of the page before all else': {
      page: { watchPolicy: () => () => true },
      states: { 'loopback-network': 'prompt' },
      server: stopped,
      expected: { kind: 'blocked-by-csp', url: NEAR },
    },
    'finds a server of the page’s own origin that sends it elsewhere': {
      page: ownPage,
      url: NETWORK,
      server: { root: true, version: redirected },
      expected: { kind: 'redirected', url: NETWORK },
    },
    'never takes the page’s own origin for one that refuses it': {
      page: ownPage,
      url: NETWORK,
      server: accepting,
      expected: { kind: 'no-answer', url: NETWORK },
    },
    'finds the page’s own server gone': {
      page: ownPage,
      url: NETWORK,
      server: refusing,
      expected: { kind: 'unreachable', url: NETWORK },
    },
    'finds a device without a network': {
      page: { online: false },
      url: FAR,
      server: stopped,
      expected: { kind: 'offline', url: FAR },
    },
    'finds the same for a server in the network that there is not': {
      page: { online: false },
      states: { 'local-network': 'denied' },
      url: NETWORK,
      server: stopped,
      expected: { kind: 'offline', url: NETWORK },
    },
    'needs no network for a server on the same computer': {
      page: { online: false },
      server: stopped,
      expected: { kind: 'unreachable', url: NEAR },
    },
    'does not believe that there is no network where the server answers': {
      page: { online: false },
      url: FAR,
      server: accepting,
      expected: { kind: 'no-answer', url: FAR },
    },
    'finds a plain server somewhere else that an https page must not ask': {
      url: PLAIN,
      server: stopped,
      expected: { kind: 'mixed-content', url: PLAIN },
    },
    'lets a plain page ask it': { page: plainPage, url: PLAIN, server: stopped, expected: { kind: 'unreachable', url: PLAIN } },
    'lets an https page ask an https server': { url: FAR, server: stopped, expected: { kind: 'unreachable', url: FAR } },
    'lets an https page ask a plain server nearby': { server: stopped, expected: { kind: 'unreachable', url: NEAR } },
    'names both where the browser was told never to let the page near': {
      states: { 'loopback-network': 'denied' },
      server: stopped,
      expected: local(NEAR, 'denied'),
    },
    'names both where the browser would ask first': {
      states: { 'loopback-network': 'prompt' },
      server: stopped,
      expected: local(NEAR, 'prompt'),
    },
    'finds the server gone where the browser lets the page near': {
      states: { 'loopback-network': 'granted' },
      server: stopped,
      expected: { kind: 'unreachable', url: NEAR },
    },
    'lets the answer of the server decide, whatever the browser says': {
      states: { 'loopback-network': 'denied' },
      server: refusing,
      expected: { kind: 'origin-refused', url: NEAR, origin: 'https://shop.example' },
    },
    'asks about the network for a server in it': {
      states: { 'local-network': 'denied', 'loopback-network': 'granted' },
      url: NETWORK,
      server: stopped,
      expected: local(NETWORK, 'denied'),
    },
    'knows a browser with one name for both': {
      states: { 'local-network-access': 'denied' },
      url: NETWORK,
      server: stopped,
      expected: local(NETWORK, 'denied'),
    },
    'says what else the permission depends on': {
      page: { embedded: true },
      states: { 'local-network-access': 'denied' },
      server: stopped,
      expected: local(NEAR, 'denied', true, true),
    },
    'knows that a plain page is never let near, whatever the browser says': {
      page: plainPage,
      states: { 'loopback-network': 'granted' },
      server: stopped,
      expected: local(NEAR, 'denied', false),
    },
  };
  for (const [what, { page: differences, states, url = NEAR, took = QUICK, server: there, expected }] of Object.entries(cases)) {
    it(what, async () => {
      server(there!);
      expect(await diagnose(pageOf(differences, states).page, failed(url, took))).to.deep.equal(expected);
    });
  }

  describe('where the page has headers of its own', () => {
    const accepts = (names: string[]) =>
      stubFetch(({ init }) => {
        if (Object.keys(init.headers ?? {}).every(name => names.includes(name))) return new Response('{}');
        throw new TypeError('Failed to fetch');
      });

    it('finds those that the server does not take, and sends nothing of their values', async () => {
      const calls = accepts(['Content-Type', 'authorization']);
      const found = await diagnose(pageOf().page, failed(FAR, QUICK, undefined, 'authorization', 'x-api-key', 'x-team'));
      expect(found).to.deep.equal({ kind: 'bad-headers', refused: ['x-api-key', 'x-team'] });
      expect(calls.slice(1).map(({ init }) => init.headers)).to.deep.equal([
        { authorization: '-' },
        { 'x-api-key': '-' },
        { 'x-team': '-' },
      ]);
    });

    it('looks for another cause where all are taken, or the page itself is not', async () => {
      accepts(['Content-Type', 'authorization']);
      expect(await diagnose(pageOf().page, failed(FAR, QUICK, undefined, 'authorization'))).to.deep.equal({ kind: 'no-answer', url: FAR });
      server(refusing);
      expect(await diagnose(pageOf().page, failed(FAR, QUICK, undefined, 'x-api-key'))).to.include({ kind: 'origin-refused' });
    });
  });

  describe('where somebody may have closed the browser’s question', () => {
    it('does not open it again', async () => {
      const calls = server(accepting);
      const { page, watched } = pageOf({}, { 'loopback-network': 'prompt' });
      expect(await diagnose(page, failed(NEAR, SLOW))).to.deep.equal(local(NEAR, 'prompt'));
      expect(calls).to.deep.equal([]);
      expect(watched).to.deep.equal([]);
    });

    it('asks all the same where the browser did not ask', async () => {
      for (const states of [{}, { 'local-network-access': 'granted' }, { 'local-network-access': 'denied' }] as Record<
        string,
        PermissionState
      >[]) {
        const calls = server(refusing);
        expect(await diagnose(pageOf({}, states).page, failed(NEAR, SLOW))).to.include({ kind: 'origin-refused' });
        expect(calls).to.have.lengthOf(2);
      }
    });
  });

  describe('asks the browser about', () => {
    it('the space of the server, and then both together', async () => {
      for (const [url, name] of [
        [NEAR, 'loopback-network'],
        [NETWORK, 'local-network'],
      ] as const) {
        server(stopped);
        const { page, asked } = pageOf();
        await diagnose(page, failed(url, QUICK));
        expect(asked).to.deep.equal([name, 'local-network-access']);
      }
    });

    it('nothing where the server is not near, or the page itself is', async () => {
      for (const [differences, url] of [
        [{}, FAR],
        [ownPage, NETWORK],
        [{ ...plainPage, hostname: 'localhost' }, NEAR],
        [{ hostname: 'nas.local' }, NEAR],
      ] as const) {
        server(stopped);
        const { page, asked } = pageOf(differences);
        await diagnose(page, failed(url, QUICK));
        expect(asked).to.deep.equal([]);
      }
    });
  });

  describe('asks the server', () => {
    it('first what needs the same consent as a question, then what needs none, and nothing that tells who asks', async () => {
      const calls = server(refusing);
      await diagnose(pageOf().page, failed(FAR, QUICK));
      expect(calls.map(call => call.url)).to.deep.equal([`${FAR}/api/version`, `${FAR}/`]);
      for (const { init } of calls) {
        expect(init).to.include({ credentials: 'same-origin', referrerPolicy: 'no-referrer', cache: 'no-store' });
      }
      expect(calls[0]?.init).to.include({ redirect: 'manual' }).and.not.to.have.property('mode');
      expect(new Headers(calls[0]?.init.headers).get('Content-Type')).to.equal('application/json');
      expect(calls[1]?.init.mode).to.equal('no-cors');
    });

    it('twice at most, and once on the page’s own origin, without following it', async () => {
      expect((await asked(pageOf().page, FAR)).map(call => call.url)).to.deep.equal([`${FAR}/api/version`, `${FAR}/`]);
      const own = await asked(pageOf(ownPage).page, NETWORK);
      expect(own.map(call => [call.url, call.init.redirect])).to.deep.equal([[`${NETWORK}/api/version`, 'manual']]);
    });

    const asked = async (page: Page, url: string) => {
      const calls = server(stopped);
      await diagnose(page, failed(url, QUICK));
      return calls;
    };

    it('and reads none of its answers', async () => {
      const body = streamOf(['one'], 'stays open');
      stubFetch(() => new Response(body));
      await diagnose(pageOf().page, failed(NEAR, QUICK));
      await body.cancelled;
    });
  });

  it('watches the policy for that server’s origin, as long as it asks', async () => {
    const { page, watched, watching } = pageOf();
    let during = 0;
    stubFetch(() => {
      during = watching();
      return new Response();
    });
    await diagnose(page, failed(FAR, QUICK));
    expect(watched).to.deep.equal(['https://models.example']);
    expect(during).to.equal(1);
    expect(watching()).to.equal(0);
  });

  describe('of a server that says nothing', () => {
    const realTimeout = AbortSignal.timeout;
    afterEach(() => {
      AbortSignal.timeout = realTimeout;
    });

    it('is not taken for one that refuses the page', async () => {
      const limit = new AbortController();
      AbortSignal.timeout = () => limit.signal;
      stubFetch(likeABrowser(({ url }) => (url.endsWith('/') ? new Response() : new Promise(() => limit.abort()))));
      expect(await diagnose(pageOf().page, failed(FAR, QUICK))).to.deep.equal({ kind: 'unreachable', url: FAR });
    });

    it('takes three seconds', async () => {
      const limit = new AbortController();
      const limits: number[] = [];
      AbortSignal.timeout = milliseconds => {
        limits.push(milliseconds);
        return limit.signal;
      };
      stubFetch(likeABrowser(() => new Promise(() => limit.abort())));
      expect(await diagnose(pageOf().page, failed(FAR, QUICK))).to.deep.equal({ kind: 'unreachable', url: FAR });
      expect(limits).to.deep.equal([3000]);
    });
  });

  describe('stopped', () => {
    const reason = new Error('stopped by the visitor');

    it('throws the reason, and no longer watches the policy', async () => {
      const controller = new AbortController();
      stubFetch(likeABrowser(() => new Promise(() => controller.abort(reason))));
      const { page, watching } = pageOf();
      expect(await rejection(diagnose(page, failed(NEAR, QUICK, controller.signal)))).to.equal(reason);
      expect(watching()).to.equal(0);
    });

    it('while the browser is asked throws the reason, and asks no server', async () => {
      const controller = new AbortController();
      const calls = server(accepting);
      const page = { ...pageOf().page, permission: async () => void controller.abort(reason) };
      expect(await rejection(diagnose(page as Page, failed(NEAR, QUICK, controller.signal)))).to.equal(reason);
      expect(calls).to.deep.equal([]);
    });
  });
});
