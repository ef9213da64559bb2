/** The Ollama that OLLAMA_HOST names, over its own API and over OpenAI's. Its model has no script that we know. */
import { holdsAConversation } from './conversation.ts';
import { findOllama } from './ollama.ts';

const close = async () => {};

holdsAConversation('Ollama, by /api', async () => ({ ...(await findOllama()), close }), { scripted: false, refusesModels: true });

holdsAConversation(
  'Ollama, by /v1',
  async () => {
    const { url, version, ...ollama } = await findOllama();
    return { ...ollama, url: `${url}/v1`, version: () => `${version()}-v1`, close };
  },
  { scripted: false, refusesModels: true },
);
