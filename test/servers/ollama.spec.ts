/** The Ollama that OLLAMA_HOST names, over its own API, also behind nginx.conf, and over OpenAI's. Its model has no script that we know. */
import { holdsAConversation } from './conversation.ts';
import { startGateway } from './gateway.ts';
import { findOllama } from './ollama.ts';
import { Missing } from './program.ts';

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

holdsAConversation(
  'Ollama behind nginx, by /api',
  async () => {
    const { url, model } = await findOllama();
    const { host, protocol } = new URL(url);
    if (protocol !== 'http:') throw new Missing('The Ollama that was named speaks https: nginx.conf is for one on the same machine');
    // Loading ahead counts as a question, and one address has 20 a minute.
    return { ...(await startGateway([host])), model, attributes: { preload: 'none' } };
  },
  { scripted: false, refusesModels: true },
);
