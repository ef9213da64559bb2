/** Runs in the page: a chat with a long past, and the server it talks to. What is measured lies between two marks. */
import { conversation, reply, tokens } from './corpus.mjs';

/** What the model reads at once: less than a long past. */
const CONTEXT = 32_768;

const frame = () => new Promise(requestAnimationFrame);
const encoder = new TextEncoder();
const line = value => encoder.encode(`${JSON.stringify(value)}\n`);
let said = [];
/** Resolves with the size of the next question's request, and the stream to answer it by. */
let asked = Promise.withResolvers();

window.fetch = async (url, { body = '' } = {}) => {
  const models = [{ name: 'bench', context_length: CONTEXT, expires_at: '2100-01-01T00:00:00Z' }];
  if (!String(url).endsWith('/api/chat')) return Response.json({ models });
  if (body.includes('"messages":[]')) return Response.json({ done: true });
  const stream = new ReadableStream({ start: controller => asked.resolve({ size: body.length, controller }) });
  return new Response(stream, { headers: { 'Content-Type': 'application/x-ndjson' } });
};

/** Until what was put off is done too: what came near is mounted, code has its colours. It asks for no frames. */
async function settled() {
  for (let time = 0; time < 4; time++) {
    await new Promise(resolve => setTimeout(resolve, 50));
    await new Promise(requestIdleCallback);
  }
}

/** From the question to an answer, 64 tokens in each frame. */
async function answer(chat, pieces) {
  performance.mark('start');
  const answered = chat.send('And then?');
  const { size, controller } = await asked.promise;
  performance.mark('sent');
  asked = Promise.withResolvers();
  await frame();
  for (let at = 0; at < pieces.length; at += 64) {
    for (const content of pieces.slice(at, at + 64)) controller.enqueue(line({ message: { content } }));
    await frame();
  }
  controller.enqueue(line({ done: true, message: { content: '' }, prompt_eval_count: Math.round(size / 4), eval_count: pieces.length }));
  await answered;
  await settled();
  performance.mark('end');
}

window.bench = {
  prepare(count) {
    said = conversation(count);
  },

  async mount() {
    performance.mark('start');
    document.querySelector('ollama-chat').messages = said;
    await settled();
    performance.mark('end');
  },

  /** The first answer loads what counts the context; the second one is measured. */
  warm: () => answer(document.querySelector('ollama-chat'), ['Well.']),
  reply: () => answer(document.querySelector('ollama-chat'), tokens(reply('mixed', 4))),

  /** How many nodes the chat is made of. */
  nodes() {
    const all = document.createTreeWalker(document.querySelector('ollama-chat').shadowRoot);
    let count = 1;
    while (all.nextNode()) count++;
    return count;
  },

  /** Resolves once nothing more is written to the browser's storage. */
  async stored(count) {
    for (let before = -1, now = 0; now < count || now !== before; before = now, now = await records())
      await new Promise(resolve => setTimeout(resolve, 500));
  },

  /** After a reload: until the messages, if any, are there and painted. */
  async opened(count) {
    const chat = document.querySelector('ollama-chat');
    while (count && !chat.shadowRoot?.querySelector('[part~="message"]')) await frame();
    await settled();
    performance.mark('end');
    return chat.messages.length;
  },
};

/** How many records all databases of this origin hold. */
async function records() {
  let count = 0;
  for (const { name } of await indexedDB.databases()) {
    const database = await done(indexedDB.open(name));
    for (const store of database.objectStoreNames) count += await done(database.transaction(store).objectStore(store).count());
    database.close();
  }
  return count;
}

const done = request =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
