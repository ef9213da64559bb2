/** Headers of the page's own: where they go, what fails, and where their values never are. */
import { json, type Route } from '../support/routes.ts';
import { type ChatPage, expect, type OllamaChat, test } from './chat-page.ts';

const KEY = 'Bearer s3cr3t-7c41';

const give = (at: ChatPage, headers: Record<string, string>) =>
  at.chat.evaluate((chat: OllamaChat, given) => void (chat.headers = given), headers);

test('they go with every request to the server', async ({ open }) => {
  const at = await open({ model: null });
  await give(at, { Authorization: KEY });
  await at.ask('Hello');
  await at.idle();
  await at.ollama.waitForRequest(({ path }) => path === '/api/show');
  const sent = at.ollama.requests.filter(({ method }) => method !== 'OPTIONS');
  expect([...new Set(sent.map(({ path }) => path))].toSorted()).toEqual(
    expect.arrayContaining(['/api/chat', '/api/ps', '/api/show', '/api/tags']),
  );
  expect(sent.filter(({ headers }) => headers['authorization'] !== KEY).map(({ path }) => path)).toEqual([]);
});

test('a function is asked anew for each question, also an async one', async ({ open }) => {
  const at = await open({ preload: 'none' });
  await at.chat.evaluate((chat: OllamaChat) => {
    let count = 0;
    chat.headers = async () => ({ Authorization: `Bearer ${++count}` });
  });
  await at.ask('One');
  await at.idle();
  await at.ask('Two');
  await at.idle();
  const [one, two] = at.ollama.chats().map(({ headers }) => Number(String(headers['authorization']).slice('Bearer '.length)));
  expect(two).toBeGreaterThan(one ?? Infinity);
});

test('a server never gets those that were set for another one, also where it is asked again', async ({ open, serve }) => {
  const at = await open({ preload: 'none' }, { server: { routes: { '/api/chat': json({ error: 'busy' }, 503) } } });
  const other = await serve();
  await give(at, { Authorization: KEY });
  await at.ask('Hello');
  await at.ollama.waitForRequest(({ path, method }) => path === '/api/chat' && method === 'POST');
  await at.chat.evaluate(
    (chat: OllamaChat, url) => void Object.assign(chat, { url, headers: { Authorization: 'Bearer other' } }),
    other.url,
  );
  await expect
    .poll(() => at.ollama.requests.filter(({ path, method }) => path === '/api/chat' && method === 'POST').length)
    .toBeGreaterThan(1);
  const keys = at.ollama.requests.filter(({ method }) => method !== 'OPTIONS').map(({ headers }) => headers['authorization']);
  expect([...new Set(keys)]).toEqual([KEY]);
});

test('new ones let the chat in where the old ones did not: what the server has is listed then', async ({ open }) => {
  const route: Route = call => {
    if (!call.passes()) return;
    const isIn = call.response.req.headers.authorization === KEY;
    call.response.writeHead(isIn ? 200 : 401, { 'Content-Type': 'application/json' });
    call.response.end(JSON.stringify(isIn ? { models: [{ name: 'tiny:latest' }] } : { error: 'unauthorized' }));
  };
  const at = await open({ model: null }, { server: { routes: { '/api/tags': route } } });
  await give(at, { Authorization: 'Bearer old' });
  await at.box.focus();
  await at.ollama.waitForRequest(({ path, method }) => path === '/api/tags' && method === 'GET');
  await give(at, { Authorization: KEY });
  await expect(at.chat.getByText('tiny', { exact: true })).toBeVisible();
});

test('where the function fails nothing is sent, the failure says so, and Try again asks it anew', async ({ open }) => {
  const at = await open();
  await at.chat.evaluate((chat: OllamaChat) => {
    chat.headers = () => Promise.reject(new Error('no session'));
  });
  await at.ask('Hello');
  await expect(at.alert).toContainText('This page couldn’t give its key');
  expect((await at.events('chat-error')).map(({ kind }) => kind)).toEqual(['bad-headers']);
  expect(at.ollama.requests).toEqual([]);
  await give(at, { Authorization: KEY });
  await at.button('Try again').click();
  await at.idle();
  expect(at.ollama.chats().map(({ headers }) => headers['authorization'])).toEqual([KEY]);
});

test('one that the server does not take from pages is named, with the line that allows it', async ({ open }) => {
  const at = await open();
  await give(at, { 'X-Api-Key': KEY, Authorization: KEY });
  await at.ask('Hello');
  await expect(at.alert).toContainText('The server doesn’t accept this page’s headers');
  await expect(at.alert).toContainText('not with x-api-key');
  await expect(at.alert).toContainText('add_header Access-Control-Allow-Headers "Content-Type, x-api-key" always;');
  expect((await at.events('chat-error')).map(({ detail }) => detail)).toEqual([{ kind: 'bad-headers', refused: ['x-api-key'] }]);
});

test('their values are nowhere to be found: not in the page, its storage, its events or its console', async ({ open, page }) => {
  const said: string[] = [];
  page.on('console', message => said.push(message.text()));
  const at = await open({ persist: 'browser', model: 'tiny' });
  await give(at, { Authorization: KEY });
  await at.ask('Hello');
  await at.idle();
  await give(at, { Authorization: `${KEY}\n` + 'x' });
  await at.ask('Again');
  await expect(at.alert).toBeVisible();
  await give(at, { 'X-Api-Key': KEY });
  await at.button('Try again').click();
  await expect(at.alert).toContainText('x-api-key');
  const found = await at.chat.evaluate(async (chat: OllamaChat) => {
    const databases = await indexedDB.databases();
    const stored = await Promise.all(
      databases.map(async ({ name = '' }) => {
        const database = await new Promise<IDBDatabase>((resolve, reject) => {
          const opening = indexedDB.open(name);
          opening.onsuccess = () => resolve(opening.result);
          opening.onerror = () => reject(opening.error!);
        });
        const read = (store: string) =>
          new Promise<unknown>(resolve => {
            const reading = database.transaction(store).objectStore(store).getAll();
            reading.onsuccess = () => resolve(reading.result);
          });
        const all = await Promise.all([...database.objectStoreNames].map(read));
        database.close();
        return all;
      }),
    );
    return JSON.stringify([
      [document.documentElement.outerHTML, chat.shadowRoot!.innerHTML, chat.messages],
      [{ ...localStorage }, { ...sessionStorage }, stored, document.cookie],
    ]);
  });
  const everything = [found, JSON.stringify(await at.events()), ...said].join('\n');
  expect(everything).toContain('Hello');
  expect(everything).not.toContain('s3cr3t');
});
