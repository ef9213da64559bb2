import { expect } from '@open-wc/testing';
import { ChatError, type ChatErrorDetail } from '../../../src/errors.ts';
import { readText, request, requestJson, type Retry, type ServerOptions } from '../../../src/protocol/request.ts';
import { bytesOf, type Bytes, everyCut, streamOf } from './byte-stream.ts';
import { failure, rejection } from './chat-error.ts';
import { fakeClock, restoreClock } from './fake-clock.ts';
import { json, likeABrowser, restoreFetch, stubFetch, whenRead } from './fetch-stub.ts';

const url = 'http://models.test:11434';
const reason = new Error('stopped by the visitor');

afterEach(restoreFetch);
afterEach(restoreClock);

const ask = (server: Partial<ServerOptions> = {}, signal?: AbortSignal) =>
  request({ url, ...server }, '/api/chat', { model: 'tiny' }, signal && { signal });

/** What is sent, and all of it read. */
const read = async (server: Partial<ServerOptions> = {}, signal?: AbortSignal) => readText((await ask(server, signal)).body);

const passing = (status = 503, retryAfter = '0') => new Response('', { status, headers: { 'Retry-After': retryAfter } });

describe('request', () => {
  it('sends JSON by POST, and asks by GET where there is nothing to send', async () => {
    const calls = stubFetch(() => json({}));
    await ask();
    await request({ url }, '/api/tags');
    expect(calls.map(call => call.url)).to.deep.equal([`${url}/api/chat`, `${url}/api/tags`]);
    expect(calls[0]?.init).to.deep.include({ method: 'POST', body: '{"model":"tiny"}', headers: { 'content-type': 'application/json' } });
    expect(calls[1]?.init).not.to.have.any.keys('method', 'body');
    expect(calls[1]?.init.headers).to.deep.equal({});
  });

  it('sends no half of a character, wherever a text was cut', async () => {
    const calls = stubFetch(() => json({}));
    const half = '😀'.slice(0, 1);
    const rest = '😀'.slice(1);
    await request({ url }, '/api/chat', { [half]: [`a${half}`, `\\${rest}b`, '\\ud83d', '😀'] });
    expect(JSON.parse(String(calls[0]?.init.body))).to.deep.equal({ '\ufffd': ['a\ufffd', '\\\ufffdb', '\\ud83d', '😀'] });
  });

  it('goes to that server alone, with nothing that would tell who asks', async () => {
    const calls = stubFetch(() => json({}));
    await ask();
    expect(calls[0]?.init).to.include({
      credentials: 'same-origin',
      referrerPolicy: 'no-referrer',
      cache: 'no-store',
      redirect: 'error',
    });
  });

  describe('with headers of the page', () => {
    const sent = async (headers: ServerOptions['headers']) => {
      const calls = stubFetch(() => json({}));
      await ask({ headers });
      return calls.map(({ init }) => init.headers);
    };
    const type = { 'content-type': 'application/json' };

    it('sends them, as they are or as a function gives them', async () => {
      expect(await sent({ Authorization: 'Bearer 1', 'X-Team': 'a' })).to.deep.equal([
        { ...type, authorization: 'Bearer 1', 'x-team': 'a' },
      ]);
      expect(await sent(() => ({ Authorization: 'Bearer 2' }))).to.deep.equal([{ ...type, authorization: 'Bearer 2' }]);
      expect(await sent(async () => ({ 'Content-Type': 'text/plain' }))).to.deep.equal([{ 'content-type': 'text/plain' }]);
      expect(await sent(() => undefined)).to.deep.equal([type]);
    });

    it('asks the function anew before each attempt', async () => {
      let key = 0;
      const calls = stubFetch(({ init }) => json({}, (init.headers as Record<string, string>)['x-key'] === '1' ? 503 : 200));
      await ask({ headers: () => ({ 'X-Key': String(++key) }), onRetry: () => {}, retries: 1 });
      expect(calls.map(({ init }) => (init.headers as Record<string, string>)['x-key'])).to.deep.equal(['1', '2']);
    });

    it('sends nothing where the function fails, and says why', async () => {
      const calls = stubFetch(() => json({}));
      const cause = new Error('the session has ended');
      const error = await rejection(ask({ headers: () => Promise.reject(cause) }));
      expect((error as ChatError).detail).to.deep.equal({ kind: 'bad-headers' });
      expect((error as ChatError).cause).to.equal(cause);
      expect(calls).to.deep.equal([]);
    });

    it('sends nothing that no header may hold, and repeats nothing of it', async () => {
      const calls = stubFetch(() => json({}));
      const error = (await rejection(ask({ headers: { Authorization: 'sec\nret' } }))) as ChatError;
      expect(error.detail).to.deep.equal({ kind: 'bad-headers' });
      expect(error.cause).to.equal(undefined);
      expect(calls).to.deep.equal([]);
    });

    it('repeats no key that a server repeats', async () => {
      stubFetch(() => json({ error: { message: 'Incorrect API key provided: s3cr3t-7. (Bearer s3cr3t-7)' } }, 401));
      const headers = { Authorization: 'Bearer s3cr3t-7', 'X-Team': 'a' };
      expect(await failure(ask({ headers }))).to.deep.equal({
        kind: 'unauthorized',
        status: 401,
        text: 'Incorrect API key provided: …. (…)',
      });
    });

    it('leaves out a header that has no value', async () => {
      expect(await sent({ Authorization: undefined } as never)).to.deep.equal([type]);
    });

    it('waits for the function no longer than for the server, and not after a stop', async () => {
      stubFetch(() => json({}));
      const never = () => new Promise<Record<string, string>>(() => {});
      expect(await failure(ask({ headers: never, timeout: 0.02 }))).to.deep.equal({ kind: 'timeout', seconds: 0.02, phase: 'waiting' });
      const controller = new AbortController();
      const asking = () => {
        controller.abort(reason);
        return never();
      };
      expect(await rejection(ask({ headers: asking }, controller.signal))).to.equal(reason);
    });
  });

  it('gives the answer with its bytes', async () => {
    stubFetch(() => new Response(streamOf(['one ', 'two']), { headers: { 'Content-Type': 'text/plain' } }));
    const { response, body } = await ask();
    expect(response.headers.get('Content-Type')).to.equal('text/plain');
    expect(await new Response(body).text()).to.equal('one two');
  });

  it('gives no bytes where there are none', async () => {
    stubFetch(() => new Response(null, { status: 204 }));
    expect((await ask()).body).to.equal(null);
  });

  it('closes the connection when its reader leaves', async () => {
    const body = streamOf(['one'], 'stays open');
    stubFetch(() => new Response(body));
    await (await ask()).body?.cancel();
    await body.cancelled;
  });

  describe('limits silence', () => {
    it('before the first byte', async () => {
      const calls = stubFetch(likeABrowser(() => new Promise(() => {})));
      const error = await failure(ask({ timeout: 0.02 }));
      expect(error).to.deep.equal({ kind: 'timeout', seconds: 0.02, phase: 'waiting' });
      expect(calls, 'is not asked again').to.have.lengthOf(1);
    });

    it('between headers and the first byte', async () => {
      stubFetch(likeABrowser(() => new Response(streamOf([], 'stays open'))));
      expect(await failure(read({ timeout: 0.02 }))).to.deep.equal({ kind: 'timeout', seconds: 0.02, phase: 'waiting' });
    });

    it('between bytes', async () => {
      const body = streamOf(['one'], 'stays open');
      stubFetch(likeABrowser(() => new Response(body)));
      expect(await failure(read({ timeout: 0.02 }))).to.deep.equal({ kind: 'timeout', seconds: 0.02, phase: 'answering' });
    });

    it('and says so where the browser breaks off with an error of its own', async () => {
      stubFetch(({ init: { signal } }) => {
        const pull = (controller: ReadableStreamDefaultController) =>
          new Promise<void>(resolve => {
            signal?.addEventListener('abort', () => {
              controller.error(new DOMException('The operation was aborted.', 'AbortError'));
              resolve();
            });
          });
        return new Response(new ReadableStream({ pull }, { highWaterMark: 0 }));
      });
      expect(await failure(read({ timeout: 0.02 }))).to.deep.equal({ kind: 'timeout', seconds: 0.02, phase: 'waiting' });
    });

    it('and not the length of an answer', async () => {
      const clock = fakeClock();
      let pieces = 0;
      const body = new ReadableStream<Bytes>({
        pull(controller) {
          clock.advance(200_000);
          if (pieces++ < 10) controller.enqueue(new Uint8Array([65]));
          else controller.close();
        },
      });
      stubFetch(likeABrowser(() => new Response(body)));
      expect(await read()).to.equal('A'.repeat(10));
    });

    it('to five minutes by itself, and not at all where it is 0', async () => {
      const clock = fakeClock();
      stubFetch(() => json({}));
      await ask();
      expect(clock.waits).to.deep.equal([300_000]);
      await ask({ timeout: 0 });
      expect(clock.waits).to.deep.equal([300_000]);
    });

    for (const [what, answer] of [
      ['an answer', () => json({})],
      ['an answer without bytes', () => new Response(null, { status: 204 })],
      ['an answer that breaks off', () => new Response(streamOf(['o'], 'breaks'))],
      ['no answer', () => Promise.reject(new TypeError('Failed to fetch'))],
      ['a refusal', () => json({ error: 'no' }, 500)],
      ['a refusal without bytes', () => new Response(null, { status: 500 })],
    ] as const) {
      it(`no longer than it takes: after ${what} nothing is left of it`, async () => {
        const clock = fakeClock();
        const controller = new AbortController();
        const calls = stubFetch(answer);
        await read({}, controller.signal).catch(() => {});
        expect(clock.waiting).to.equal(0);
        controller.abort();
        expect(calls[0]?.init.signal?.aborted).to.equal(false);
      });
    }
  });

  describe('that is refused', () => {
    /** Refuses that many times. Tells how often it was asked, and what is said before each wait. */
    const refusing = async (times: number, answer: () => Response, server: Partial<ServerOptions> = {}) => {
      const told: Retry[] = [];
      const calls = stubFetch(() => (calls.length <= times ? answer() : new Response('Hi')));
      const outcome = await read({ onRetry: retry => told.push(retry), ...server }).catch((error: unknown) => {
        if (error instanceof ChatError) return error.detail;
        throw error;
      });
      return { outcome, asked: calls.length, told };
    };

    for (const status of [502, 503, 504]) {
      it(`with ${status} is sent again`, async () => {
        const { outcome, asked, told } = await refusing(2, () => passing(status));
        expect(outcome).to.equal('Hi');
        expect(asked).to.equal(3);
        expect(told).to.deep.equal([
          { attempt: 1, of: 3, delay: 0 },
          { attempt: 2, of: 3, delay: 0 },
        ]);
      });
    }

    it('again and again is sent three times more by itself, and then told', async () => {
      const { outcome, asked, told } = await refusing(9, () => passing(503));
      expect(outcome).to.deep.equal({ kind: 'proxy', status: 503, url });
      expect(asked).to.equal(4);
      expect(told.map(({ attempt }) => attempt)).to.deep.equal([1, 2, 3]);
    });

    it('is sent as often more as is asked for', async () => {
      expect(await refusing(9, passing, { retries: 1 })).to.deep.include({ asked: 2 });
      expect(await refusing(9, passing, { retries: 0 })).to.deep.include({ asked: 1, told: [] });
    });

    it('is sent again as it was', async () => {
      const calls = stubFetch(() => (calls.length === 1 ? passing() : json({})));
      await ask();
      expect(calls[1]?.url).to.equal(calls[0]?.url);
      expect({ ...calls[1]?.init, signal: null }).to.deep.equal({ ...calls[0]?.init, signal: null });
    });

    it('waits a second or so where the server does not say how long', async () => {
      const controller = new AbortController();
      stubFetch(() => new Response('', { status: 502 }));
      const told: Retry[] = [];
      const onRetry = (retry: Retry) => {
        told.push(retry);
        controller.abort(reason);
      };
      expect(await rejection(ask({ onRetry }, controller.signal))).to.equal(reason);
      expect(told[0]?.delay).to.be.within(0.75, 1.25);
    });

    it('with anything else is told at once', async () => {
      for (const status of [400, 401, 404, 408, 429, 500, 501]) {
        expect(await refusing(9, () => passing(status)), String(status)).to.deep.include({ asked: 1, told: [] });
      }
    });

    it('for longer than anybody waits is told at once, with the time', async () => {
      const busy = () => new Response('{"error":"server busy"}', { status: 503, headers: { 'Retry-After': '3600' } });
      const { outcome, asked } = await refusing(9, busy);
      expect(outcome).to.deep.equal({ kind: 'busy', status: 503, text: 'server busy', retryAfter: 3600 });
      expect(asked).to.equal(1);
    });

    it('names the model that was asked for', async () => {
      const { outcome } = await refusing(1, () => json({ error: 'file does not exist' }, 404));
      expect(outcome).to.deep.equal({ kind: 'model-missing', model: 'tiny' });
    });

    it('in words that break off is told by its status', async () => {
      const { outcome } = await refusing(1, () => new Response(streamOf(['{"error":"cut o'], 'breaks'), { status: 404 }));
      expect(outcome).to.deep.equal({ kind: 'not-ollama', status: 404, url });
    });
  });

  describe('without an answer', () => {
    const failed = new TypeError('Failed to fetch');

    it('says which server does not answer', async () => {
      stubFetch(() => Promise.reject(failed));
      const error = await rejection(ask());
      expect((error as ChatError).detail).to.deep.equal({ kind: 'unreachable', url });
      expect((error as ChatError).cause).to.equal(failed);
    });

    it('says what a diagnosis finds, which hears of the server, the time it took, and the signal', async () => {
      const clock = fakeClock();
      const heard: unknown[] = [];
      const { signal } = new AbortController();
      stubFetch(() => {
        clock.advance(250);
        return Promise.reject(failed);
      });
      const diagnose: ServerOptions['diagnose'] = async (...facts) => {
        heard.push(...facts);
        return { kind: 'offline', url };
      };
      const error = await rejection(ask({ diagnose, headers: { 'X-Team': 'a' } }, signal));
      expect((error as ChatError).detail).to.deep.equal({ kind: 'offline', url });
      expect((error as ChatError).cause).to.equal(failed);
      expect(heard).to.deep.equal([{ url, took: 250, headers: ['x-team'], cause: failed, signal }]);
    });

    it('needs no diagnosis where silence or the visitor ended it', async () => {
      const diagnose = async (): Promise<ChatErrorDetail> => expect.fail('was asked');
      stubFetch(likeABrowser(() => new Promise(() => {})));
      expect((await failure(ask({ diagnose, timeout: 0.02 }))).kind).to.equal('timeout');
      const controller = new AbortController();
      stubFetch(likeABrowser(() => new Promise(() => controller.abort(reason))));
      expect(await rejection(ask({ diagnose }, controller.signal))).to.equal(reason);
    });

    it('is not sent again', async () => {
      const calls = stubFetch(() => Promise.reject(failed));
      await failure(ask());
      expect(calls).to.have.lengthOf(1);
    });
  });

  describe('stopped', () => {
    let controller: AbortController;
    beforeEach(() => (controller = new AbortController()));

    it('between two attempts throws the reason, and none follows', async () => {
      const calls = stubFetch(likeABrowser(() => passing(503, '30')));
      expect(await rejection(ask({ onRetry: () => controller.abort(reason) }, controller.signal))).to.equal(reason);
      expect(calls).to.have.lengthOf(1);
    });

    it('in a pause that has begun throws the reason', async () => {
      stubFetch(likeABrowser(() => passing(503, '30')));
      const onRetry = () => void setTimeout(() => controller.abort(reason));
      expect(await rejection(ask({ onRetry }, controller.signal))).to.equal(reason);
    });

    it('while a refusal is being read throws the reason', async () => {
      const answer = () =>
        new Response(
          whenRead(() => controller.abort(reason)),
          { status: 503 },
        );
      stubFetch(likeABrowser(answer));
      expect(await rejection(ask({}, controller.signal))).to.equal(reason);
    });

    it('during the diagnosis throws the reason', async () => {
      stubFetch(() => Promise.reject(new TypeError('Failed to fetch')));
      const diagnose = async (): Promise<ChatErrorDetail> => {
        controller.abort(reason);
        return { kind: 'offline', url };
      };
      expect(await rejection(ask({ diagnose }, controller.signal))).to.equal(reason);
    });

    it('in the middle of the answer breaks off its bytes', async () => {
      const body = whenRead(() => controller.abort(reason));
      stubFetch(likeABrowser(() => new Response(body)));
      expect(await rejection(read({}, controller.signal))).to.equal(reason);
    });
  });
});

describe('readText', () => {
  it('gives the text wherever the network cuts it', async () => {
    const text = '\uFEFFXin chào 👩‍👩‍👧‍👦, مرحبا';
    for (const pieces of everyCut(bytesOf(text))) expect(await readText(streamOf(pieces))).to.equal(text.slice(1));
    expect(await readText(streamOf([new Uint8Array([65, 0xe2, 0x82])]))).to.equal('A\uFFFD');
  });

  it('gives none where there are no bytes', async () => {
    expect(await readText(null)).to.equal('');
    expect(await readText(streamOf([]))).to.equal('');
  });

  it('passes on what breaks the bytes off', async () => {
    const broken = new ReadableStream<Bytes>({ pull: controller => controller.error(reason) });
    expect(await rejection(readText(broken))).to.equal(reason);
  });
});

describe('requestJson', () => {
  it('gives the value', async () => {
    stubFetch(() => json({ models: [] }));
    expect(await requestJson({ url }, '/api/tags')).to.deep.equal({ models: [] });
  });

  it('takes what is no JSON, and nothing, for the answer of another server', async () => {
    for (const [status, body] of [
      [200, '<!doctype html>'],
      [200, ''],
      [204, null],
    ] as const) {
      stubFetch(() => new Response(body, { status }));
      expect(await failure(requestJson({ url }, '/api/tags'))).to.deep.equal({ kind: 'not-ollama', status, url });
    }
  });

  it('is interrupted where the connection breaks', async () => {
    stubFetch(() => new Response(streamOf(['{"models":'], 'breaks')));
    expect(await failure(requestJson({ url }, '/api/tags'))).to.deep.equal({ kind: 'interrupted' });
  });

  it('limits silence also within the value', async () => {
    stubFetch(likeABrowser(() => new Response(streamOf(['{"models":'], 'stays open'))));
    expect(await failure(requestJson({ url, timeout: 0.02 }, '/api/tags'))).to.deep.equal({
      kind: 'timeout',
      seconds: 0.02,
      phase: 'answering',
    });
  });

  it('stopped throws the reason', async () => {
    const controller = new AbortController();
    stubFetch(likeABrowser(() => new Response(whenRead(() => controller.abort(reason)))));
    expect(await rejection(requestJson({ url }, '/api/tags', undefined, { signal: controller.signal }))).to.equal(reason);
  });
});
