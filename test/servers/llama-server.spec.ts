/** llama.cpp's own server, without anything in front of it. */
import { holdsAConversation, REFUSED } from './conversation.ts';
import { llamaVersion, MODEL, startLlamaServer } from './llama-server.ts';

const KEY = 'sk-the-key-of-this-test';

const start = async () => ({ ...(await startLlamaServer()), model: MODEL, version: llamaVersion });

// It answers with the model it has, whatever is asked for.
holdsAConversation('llama-server', start, {
  scripted: true,
  refusesModels: false,
  locked: { start: async () => ({ ...(await startLlamaServer({ key: KEY })), key: KEY }), says: REFUSED },
});
