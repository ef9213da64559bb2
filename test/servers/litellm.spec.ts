/** LiteLLM's proxy with litellm.yaml, as we recommend it: two llama-servers behind it, and nginx.conf in front. */
import { expect, holdsAConversation, orSkip, type RealServer, settled, test } from './conversation.ts';
import { startGateway } from './gateway.ts';
import { DOCS, litellmVersion, startLiteLlm } from './litellm.ts';
import { type LlamaServers, startLlamaServers } from './llama-server.ts';
import { QUESTIONS } from './scripted-model.ts';

const SERVER_KEY = 'sk-the-key-of-the-servers';
const KEY = 'sk-the-key-of-this-test';

/** LiteLLM itself, which asks for its key. */
async function start(): Promise<RealServer & LlamaServers> {
  const behind = await startLlamaServers(2, { key: SERVER_KEY, alias: DOCS });
  try {
    const { url, ...proxy } = await startLiteLlm(behind.servers, { SERVER_KEY, LITELLM_MASTER_KEY: KEY });
    const close = async () => {
      await proxy.close();
      await behind.close();
    };
    return { ...behind, url, model: DOCS, key: KEY, version: litellmVersion, close };
  } catch (error) {
    await behind.close();
    throw error;
  }
}

/** With nginx before it, which adds the key: no page needs one. */
async function startWhole(): Promise<RealServer & LlamaServers> {
  const { servers, busy, ...proxy } = await start();
  try {
    const gateway = await startGateway([new URL(proxy.url).host], KEY);
    const close = async () => {
      await gateway.close();
      await proxy.close();
    };
    return { url: `${gateway.url}/v1`, model: DOCS, servers, busy, close };
  } catch (error) {
    await proxy.close();
    throw error;
  }
}

holdsAConversation('LiteLLM', start, {
  scripted: true,
  refusesModels: true,
  // Without its database's library it breaks on a request without a key: a 500 without a word, and without CORS headers.
  locked: { says: 'The connection ended without an answer' },
});

holdsAConversation('LiteLLM behind nginx', startWhole, { scripted: true, refusesModels: true });

test.describe('Of two llama-servers behind LiteLLM', () => {
  let whole: RealServer & LlamaServers;
  test.beforeEach(async () => (whole = await orSkip(startWhole)));
  test.afterEach(() => whole?.close());

  test('one may be killed in mid-answer: the chat keeps what had come, and the other one answers, until it is gone, too', async ({
    open,
  }) => {
    const at = await open({ url: whole.url, model: DOCS });
    await at.ask(QUESTIONS.forever);
    await expect.poll(async () => (await at.messages())[1]?.content ?? '').not.toBe('');
    const work = await Promise.all(whole.servers.map(server => server.busy()));
    expect(work.toSorted()).toEqual([0, 1]);
    await whole.servers[work.indexOf(1)]!.kill();
    await expect(at.alert).toContainText('The answer was interrupted');
    expect((await at.events('chat-error')).map(({ kind }) => kind)).toEqual(['interrupted']);
    expect((await at.messages())[1]).toMatchObject({ status: 'interrupted', content: expect.stringContaining('Water') });

    // Each is drawn for the dead one as often as not, and then asked again.
    for (const question of [QUESTIONS.markdown, QUESTIONS.code, QUESTIONS.markdown]) {
      await at.ask(question);
      await settled(at);
      await expect(at.alert).toHaveCount(0);
      expect((await at.messages()).at(-1)).toMatchObject({ role: 'assistant', status: 'complete' });
    }

    await whole.servers[work.indexOf(0)]!.kill();
    await at.ask(QUESTIONS.markdown);
    await settled(at);
    // No 502, which the chat would try again by itself: LiteLLM has done so already.
    await expect(at.alert).toContainText("LiteLLM: model group 'docs' failed");
    await expect(at.button('Try again')).toBeVisible();
    expect((await at.events('chat-error')).at(-1)).toMatchObject({ kind: 'server', detail: { status: 500 } });
  });
});
