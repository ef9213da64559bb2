/** LiteLLM's proxy, with llama-server behind it. */
import { holdsAConversation } from './conversation.ts';
import { litellmVersion, startLiteLlm } from './litellm.ts';
import { type LlamaServer, MODEL, startLlamaServer } from './llama-server.ts';

/** Both, as one. */
async function start(options?: { key: string }) {
  const behind: LlamaServer = await startLlamaServer();
  try {
    const proxy = await startLiteLlm(MODEL, behind.url, options);
    const close = async () => {
      await proxy.close();
      await behind.close();
    };
    return { url: proxy.url, model: MODEL, version: litellmVersion, busy: behind.busy, close };
  } catch (error) {
    await behind.close();
    throw error;
  }
}

holdsAConversation('LiteLLM', start, {
  scripted: true,
  refusesModels: true,
  locked: {
    start: () => start({ key: 'sk-the-key-of-this-test' }),
    // Without its database's library it breaks on a request without a key: a 500 without a word, and without CORS headers.
    says: 'The connection ended without an answer',
  },
});
