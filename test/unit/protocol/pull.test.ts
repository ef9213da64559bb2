import { expect } from '@open-wc/testing';
import { ChatError, type ChatErrorDetail } from '../../../src/errors.ts';
import type { PullProgress, RequestOptions } from '../../../src/protocol/client.ts';
import { pull } from '../../../src/protocol/pull.ts';
import type { ServerOptions } from '../../../src/protocol/request.ts';
import { transcript } from '../../support/transcripts-browser.ts';
import { bytesOf, everyCut, streamOf, type Bytes, type End } from './byte-stream.ts';
import { rejection } from './chat-error.ts';
import { fakeClock, restoreClock } from './fake-clock.ts';
import { json, likeABrowser, ndjson, restoreFetch, stubFetch, whenRead } from './fetch-stub.ts';

const server: ServerOptions = { url: 'http://ollama.test:11434', retries: 0 };
const { url } = server;
const digest = `sha256:${'0123456789ab'.repeat(5)}cdef`;
const layer = { status: 'pulling 0123456789ab', digest, total: 2048 };
const MANIFEST = { status: 'pulling manifest' };
const SUCCESS = { status: 'success' };
/** A download as Ollama tells of it. */
const WHOLE: PullProgress[] = [
  MANIFEST,
  layer,
  { ...layer, completed: 1024 },
  { ...layer, completed: 2048 },
  { status: 'verifying sha256 digest' },
  { status: 'writing manifest' },
  { status: 'removing unused layers' },
  SUCCESS,
];
const interrupted = { kind: 'interrupted' };

afterEach(restoreFetch);

describe('pull', () => {
  describe('sends', () => {
    it('the name as JSON by POST, and asks for a stream', async () => {
      const calls = stubFetch(() => ndjson(SUCCESS));
      await outcome();
      expect(calls).to.have.lengthOf(1);
      expect(calls[0]?.url).to.equal(`${url}/api/pull`);
      expect(calls[0]?.init).to.include({ method: 'POST', credentials: 'same-origin', referrerPolicy: 'no-referrer' });
      expect(JSON.parse(String(calls[0]?.init.body))).to.deep.equal({ model: 'llama3.2', stream: true });
    });

    it('nothing before somebody listens', () => {
      const calls = stubFetch(() => ndjson(SUCCESS));
      pull(server, 'llama3.2');
      expect(calls).to.have.lengthOf(0);
    });
  });

  it('tells each line, and ends after "success"', async () => {
    stubFetch(() => ndjson(...WHOLE));
    expect(await outcome()).to.deep.equal(WHOLE);
  });

  it('tells the same wherever the network cuts the lines', async () => {
    const bytes = bytesOf(WHOLE.map(line => `${JSON.stringify(line)}\n`).join(''));
    const whole = JSON.stringify(WHOLE);
    for (const pieces of everyCut(bytes)) {
      const read = JSON.stringify(await answered(pieces));
      // Compared before they are handed to chai, which is slower than the reading.
      if (read !== whole) expect(read, `cut at ${pieces[0]?.length}`).to.equal(whole);
    }
  });

  it('ends with "success", although the connection stays open, which is then closed', async () => {
    const body = streamOf([line(SUCCESS)], 'stays open');
    stubFetch(() => new Response(body));
    expect(await outcome()).to.deep.equal([SUCCESS]);
    await body.cancelled;
  });

  it('ends with the first "success", whatever follows', async () => {
    stubFetch(() => ndjson(SUCCESS, { error: 'late' }, 'no JSON'));
    expect(await outcome()).to.deep.equal([SUCCESS]);
  });

  it('takes an answer in one object', async () => {
    stubFetch(() => json(SUCCESS));
    expect(await outcome()).to.deep.equal([SUCCESS]);
  });

  describe('is interrupted', () => {
    const broken: Record<string, { pieces: string[]; end?: End; told: PullProgress[] }> = {
      'when nothing is answered at all': { pieces: [], told: [] },
      'when the connection is lost before the first line': { pieces: [], end: 'breaks', told: [] },
      'when the answer ends before "success"': { pieces: WHOLE.slice(0, -1).map(line), told: WHOLE.slice(0, -1) },
      'when the connection is lost within a line': { pieces: [line(MANIFEST), '{"status":"pul'], end: 'breaks', told: [MANIFEST] },
      'when the answer ends within a line': { pieces: [line(MANIFEST), '{"status":"succ'], told: [MANIFEST] },
    };
    for (const [when, { pieces, end, told }] of Object.entries(broken)) {
      it(when, async () => expect(await answered(pieces, end)).to.deep.equal([...told, interrupted]));
    }
  });

  describe('fails', () => {
    const errors: [text: string, detail: ChatErrorDetail][] = [
      ['pull model manifest: file does not exist', { kind: 'model-missing', model: 'llama3.2' }],
      ...[
        'write /models/blobs/sha256-00-partial-0: no space left on device',
        'Head "https://registry.example/v2/library/llama3.2/blobs/sha256:00": dial tcp: lookup registry.example: no such host',
        'digest mismatch, file must be downloaded again: want sha256:00, got sha256:01',
      ].map((text): [string, ChatErrorDetail] => [text, { kind: 'server', text }]),
    ];
    for (const [text, detail] of errors) {
      it(`by a line, in its words: ${text}`, async () => {
        stubFetch(() => ndjson(MANIFEST, { error: text }, SUCCESS));
        expect(await outcome()).to.deep.equal([MANIFEST, detail]);
        stubFetch(() => json({ error: text }, 500));
        const before = detail.kind === 'server' ? { ...detail, status: 500 } : detail;
        expect(await outcome(), 'before the first line').to.deep.equal([before]);
      });
    }

    for (const file of ['ollama-0.33.0-rc2', 'ollama-0.24.0']) {
      it(`as ${file} did without a network: not for want of the model`, async () => {
        const { response } = await transcript(file, 'pull-wrong');
        stubFetch(() => new Response(streamOf(response.chunks), response));
        const text = /Get .* no such host/.exec(JSON.parse(response.chunks[1] ?? '').error)?.[0];
        expect(await outcome()).to.deep.equal([MANIFEST, { kind: 'server', text: `pull model manifest: ${text}` }]);
      });
    }

    it('by the page of some other server', async () => {
      const body = streamOf(['<!doctype html><title>Welcome</title>'], 'stays open');
      stubFetch(() => new Response(body, { headers: { 'Content-Type': 'text/HTML; charset=utf-8' } }));
      expect(await outcome()).to.deep.equal([{ kind: 'not-ollama', status: 200, url }]);
      await body.cancelled;
    });

    it('where the path is missing, or its answer empty', async () => {
      stubFetch(() => new Response('404 page not found', { status: 404 }));
      expect(await outcome()).to.deep.equal([{ kind: 'not-ollama', status: 404, url }]);
      stubFetch(() => new Response(null, { status: 204 }));
      expect(await outcome()).to.deep.equal([{ kind: 'not-ollama', status: 204, url }]);
    });

    it('where nothing answers', async () => {
      stubFetch(() => Promise.reject(new TypeError('Failed to fetch')));
      expect(await outcome()).to.deep.equal([{ kind: 'unreachable', url }]);
    });
  });

  for (const bad of ['null', '[]', '3', '"success"', 'true', 'data: {}']) {
    it(`refuses the line ${bad} and has told those before it`, async () => {
      stubFetch(() => ndjson(MANIFEST, bad, SUCCESS));
      expect(await outcome()).to.deep.equal([MANIFEST, { kind: 'bad-line', text: bad }]);
    });
  }

  it('leaves out what is no number of bytes, and no digest', async () => {
    const garbage = [-1, 1.5, 1e300, '7', null, true, [5], { a: 1 }];
    const odd = [...garbage.map(value => ({ total: value, completed: value })), { digest: '' }, { digest: 7 }, { digest: null }];
    stubFetch(() => ndjson(...odd.map(fields => ({ ...MANIFEST, ...fields })), '{"status":"pulling manifest","total":NaN}', SUCCESS));
    expect(await outcome()).to.deep.equal([
      ...odd.map(() => MANIFEST),
      { kind: 'bad-line', text: '{"status":"pulling manifest","total":NaN}' },
    ]);
  });

  it('keeps a zero, and hands on no field that nobody asked about', async () => {
    stubFetch(() => ndjson({ ...layer, completed: 0, speed: 9, error: '' }, SUCCESS));
    expect(await outcome()).to.deep.equal([{ ...layer, completed: 0 }, SUCCESS]);
  });

  it('has no status where there is none', async () => {
    stubFetch(() => ndjson({}, { status: 7 }, { status: ['success'] }, SUCCESS));
    expect(await outcome()).to.deep.equal([{ status: '' }, { status: '' }, { status: '' }, SUCCESS]);
  });

  describe('when it is aborted', () => {
    const reason = new Error('enough');

    it('before it begins, asks nothing', async () => {
      const calls = stubFetch(likeABrowser(() => ndjson(SUCCESS)));
      const signal = AbortSignal.abort(reason);
      expect(await rejection(progress([], { signal }))).to.equal(reason);
      expect(calls.filter(({ init }) => !init.signal?.aborted)).to.deep.equal([]);
    });

    it('in silence, ends at once with the reason, and so does the request', async () => {
      const controller = new AbortController();
      const calls = stubFetch(likeABrowser(() => new Response(whenRead(() => controller.abort(reason)))));
      expect(await rejection(progress([], { signal: controller.signal }))).to.equal(reason);
      expect(calls[0]?.init.signal?.aborted).to.equal(true);
    });

    it('between two lines, tells no other', async () => {
      const controller = new AbortController();
      stubFetch(likeABrowser(() => new Response(streamOf([line(MANIFEST), line(layer)], 'stays open'))));
      const told: PullProgress[] = [];
      const aborted = progress(told, { signal: controller.signal }, () => controller.abort(reason));
      expect(await rejection(aborted)).to.equal(reason);
      expect(told).to.deep.equal([MANIFEST]);
    });

    it('closes the connection also by leaving the loop', async () => {
      const body = streamOf([line(MANIFEST)], 'stays open');
      stubFetch(() => new Response(body));
      for await (const told of pull(server, 'llama3.2')) {
        expect(told).to.deep.equal(MANIFEST);
        break;
      }
      await body.cancelled;
    });
  });

  it('ends when the server falls silent for longer than it may', async () => {
    const clock = fakeClock();
    try {
      stubFetch(likeABrowser(() => new Response(whenRead(() => queueMicrotask(() => clock.advance(10_000))))));
      const reading = outcome({}, { ...server, timeout: 10 });
      expect(await reading).to.deep.equal([{ kind: 'timeout', seconds: 10, phase: 'waiting' }]);
    } finally {
      restoreClock();
    }
  });
});

/** Not hoisted as a constant would be: tables above use it. */
function line(value: unknown): string {
  return `${JSON.stringify(value)}\n`;
}

/** Reads a pull to its end into `told`. */
async function progress(told: unknown[], options?: RequestOptions, onLine?: () => void, from = server): Promise<void> {
  for await (const line of pull(from, 'llama3.2', options)) {
    told.push(line);
    onLine?.();
  }
}

/** What a pull tells, at last the facts of its failure. */
async function outcome(options?: RequestOptions, from = server): Promise<unknown[]> {
  const told: unknown[] = [];
  try {
    await progress(told, options, undefined, from);
  } catch (error) {
    if (!(error instanceof ChatError)) throw error;
    told.push(error.detail);
  }
  return told;
}

function answered(pieces: readonly (Bytes | string)[], end?: End): Promise<unknown[]> {
  stubFetch(() => new Response(streamOf(pieces, end)));
  return outcome();
}
