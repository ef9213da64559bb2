/** The scripted Ollama, as the demo and the tests have it, pulls models as a real one does. No page takes part. */
import { expect, test as base } from '@playwright/test';
import { ChatError } from '../../src/errors.ts';
import type { PullProgress } from '../../src/protocol/client.ts';
import { pull } from '../../src/protocol/pull.ts';
import { PullMeter } from '../../src/ui/pull-progress.ts';
import { PULL_PARTS, SAMPLE } from '../support/behaviours.ts';
import { type OllamaServer, startOllama } from '../support/ollama-server.ts';

const test = base.extend<{ ollama: OllamaServer }>({
  ollama: async ({}, use) => {
    const ollama = await startOllama();
    await use(ollama);
    await ollama.close();
  },
});

const SIZE = 1_000_000_000;
const PULLED = ['pulling manifest', 'verifying sha256 digest', 'writing manifest', 'success'];

const post = (ollama: OllamaServer, path: string, body: object) =>
  fetch(ollama.url + path, { method: 'POST', body: JSON.stringify(body), headers: { 'Content-Type': 'application/json' } });

async function lines(response: Response): Promise<PullProgress[]> {
  const text = await response.text();
  expect(text).toMatch(/\n$/);
  return text
    .trimEnd()
    .split('\n')
    .map(line => JSON.parse(line) as PullProgress);
}

async function installed({ url }: OllamaServer): Promise<string[]> {
  const { models } = (await (await fetch(`${url}/api/tags`)).json()) as { models: { name: string }[] };
  return models.map(({ name }) => name);
}

/** A client that pulls, and what it has heard. */
class Client {
  readonly heard: PullProgress[] = [];
  readonly #controller = new AbortController();
  /** Resolves with its failure, or with nothing after success and after an abort. */
  readonly ended: Promise<ChatError | undefined>;

  constructor(
    ollama: OllamaServer,
    model = 'held-pull',
    readonly meter = new PullMeter(),
  ) {
    this.ended = this.#listen(ollama, model);
  }

  async #listen({ url }: OllamaServer, model: string): Promise<ChatError | undefined> {
    try {
      for await (const line of pull({ url, retries: 0 }, model, { signal: this.#controller.signal })) {
        this.heard.push(line);
        this.meter.add(line, performance.now());
      }
    } catch (error) {
      if (error instanceof ChatError) return error;
      if (!this.#controller.signal.aborted) throw error;
    }
  }

  abort() {
    this.#controller.abort();
  }

  /** Waits until the bar is so full. */
  at = (fraction: number) => expect.poll(() => Math.round(this.meter.fraction * 100) / 100).toBe(fraction);

  /** The first line about a layer. */
  get layer(): PullProgress | undefined {
    return this.heard.find(({ digest }) => digest);
  }
}

/** Lets a held download go on to its end. */
const releaseAll = (ollama: OllamaServer, parts = PULL_PARTS) => {
  for (let step = 0; step <= parts; step++) ollama.release();
};

test('tells of each layer, from none of it to all', async ({ ollama }) => {
  const response = await post(ollama, '/api/pull', { model: 'pullable' });
  expect(response.status).toBe(200);
  expect(response.headers.get('Content-Type')).toBe('application/x-ndjson');
  const told = await lines(response);
  expect(told.filter(({ digest }) => !digest).map(({ status }) => status)).toEqual(PULLED);
  const digests = [...new Set(told.flatMap(({ digest }) => digest ?? []))];
  expect(digests).toHaveLength(5);
  const sizes = digests.map(digest => {
    expect(digest).toMatch(/^sha256:[0-9a-f]{64}$/);
    const layer = told.filter(line => line.digest === digest);
    expect(new Set(layer.map(({ status }) => status))).toEqual(new Set([`pulling ${digest.slice(7, 19)}`]));
    expect(layer[0]).not.toHaveProperty('completed');
    expect(layer.at(-1)?.completed).toBe(layer[0]?.total);
    return layer[0]?.total ?? 0;
  });
  expect(told.filter(({ digest }) => digest === digests[0])).toHaveLength(PULL_PARTS + 1);
  expect(sizes.reduce((sum, size) => sum + size)).toBe(SIZE);
});

test('has a model once it is pulled, as the newest', async ({ ollama }) => {
  const before = await installed(ollama);
  expect((await post(ollama, '/api/show', { model: 'pullable' })).status).toBe(404);
  expect((await post(ollama, '/api/pull', { name: 'pullable', stream: false })).status).toBe(200);
  expect(await installed(ollama)).toEqual(['pullable:latest', ...before]);
  expect((await post(ollama, '/api/show', { model: 'pullable' })).status).toBe(200);
  const messages = [{ role: 'user', content: 'Why?' }];
  const answer = await post(ollama, '/api/chat', { model: 'pullable', messages, stream: false });
  expect(await answer.json()).toMatchObject({ message: { content: SAMPLE } });
});

test('has nothing to fetch for a model that is there', async ({ ollama }) => {
  for (const model of ['tiny', 'pullable', 'pullable:latest']) {
    await post(ollama, '/api/pull', { model, stream: false });
    const told = await lines(await post(ollama, '/api/pull', { model }));
    expect(told.filter(({ digest }) => !digest).map(({ status }) => status)).toEqual(PULLED);
    for (const { digest, total, completed } of told) if (digest) expect(completed).toBe(total);
  }
  expect(new Set(await installed(ollama)).size).toBe((await installed(ollama)).length);
});

test('answers in one object where no stream is asked for', async ({ ollama }) => {
  const done = await post(ollama, '/api/pull', { model: 'pullable', stream: false });
  expect(done.headers.get('Content-Type')).toContain('application/json');
  expect(await done.json()).toEqual({ status: 'success' });
  const failed = await post(ollama, '/api/pull', { model: 'nope', stream: false });
  expect(failed.status).toBe(500);
  expect(await failed.json()).toEqual({ error: 'pull model manifest: file does not exist' });
});

test('refuses what is no name', async ({ ollama }) => {
  for (const body of [{}, { model: '' }, { model: 'no name' }]) {
    const refused = await post(ollama, '/api/pull', body);
    expect(refused.status).toBe(400);
    expect(await refused.json()).toEqual({ error: 'invalid model name' });
  }
});

test('says within the stream that it does not know a model', async ({ ollama }) => {
  const response = await post(ollama, '/api/pull', { model: 'nope' });
  expect(response.status).toBe(200);
  expect(await lines(response)).toEqual([{ status: 'pulling manifest' }, { error: 'pull model manifest: file does not exist' }]);
  const client = new Client(ollama, 'nope');
  expect((await client.ended)?.detail).toEqual({ kind: 'model-missing', model: 'nope' });
});

test('fails in the middle where the disk is full', async ({ ollama }) => {
  const client = new Client(ollama, 'full-disk');
  ollama.release();
  expect((await client.ended)?.detail).toMatchObject({ kind: 'server', text: expect.stringContaining('no space left on device') });
  expect(await installed(ollama)).not.toContain('full-disk:latest');
});

test('goes on after the network was cut where it had come to', async ({ ollama }) => {
  const client = new Client(ollama);
  await expect.poll(() => client.layer).toBeDefined();
  expect(client.layer).not.toHaveProperty('completed');
  ollama.release();
  await client.at(0.25);
  ollama.release();
  await client.at(0.5);
  ollama.cut();
  expect((await client.ended)?.detail).toEqual({ kind: 'interrupted' });

  const again = new Client(ollama, 'held-pull', client.meter);
  await expect.poll(() => again.layer?.completed).toBeGreaterThan(0.49 * SIZE);
  ollama.release();
  await again.at(0.75);
  expect(await installed(ollama)).not.toContain('held-pull:latest');
  ollama.release();
  await expect.poll(() => again.meter.stage).toBe('verifying');
  expect(await installed(ollama)).not.toContain('held-pull:latest');
  ollama.release();
  expect(await again.ended).toBeUndefined();
  expect(again.meter).toMatchObject({ stage: 'done', fraction: 1, completed: SIZE, total: SIZE });
  expect(await installed(ollama)).toContain('held-pull:latest');
});

test('stops when the only client leaves, and keeps what there is', async ({ ollama }) => {
  const client = new Client(ollama);
  ollama.release();
  await client.at(0.25);
  client.abort();
  await ollama.waitForClose(ollama.requests[0]!);
  await client.ended;

  const again = new Client(ollama);
  await again.at(0.25);
  releaseAll(ollama, PULL_PARTS - 1);
  expect(await again.ended).toBeUndefined();
  expect(again.layer?.completed).toBeGreaterThan(0.24 * SIZE);
});

test('shares a download, which goes on while anybody waits', async ({ ollama }) => {
  const one = new Client(ollama);
  ollama.release();
  await one.at(0.25);
  const other = new Client(ollama);
  await other.at(0.25);
  ollama.release();
  await one.at(0.5);
  await other.at(0.5);
  one.abort();
  await ollama.waitForClose(ollama.requests[0]!);
  releaseAll(ollama, PULL_PARTS - 2);
  expect(await other.ended).toBeUndefined();
  expect(other.heard.at(-1)).toEqual({ status: 'success' });
  expect(one.meter.fraction).toBeLessThan(0.51);
});
