/** What is asked beside a chat fails: the list of models, what is loaded, what a model can do. Only what an answer depends on is a failure. */
import { answer, END, type Fault, RESET } from '../support/fault-server.ts';
import { head, htmlPage, proxyPage, refuses, status } from '../support/faults.ts';
import { type Case, test } from './fault-page.ts';

const json = (text: string): Fault => status('200 OK', 'application/json; charset=utf-8', text);

/** Without a model named, the chat has to look for one. */
const WITHOUT_MODEL: Record<string, Omit<Case, 'fault'> & { list: Fault }> = {
  'a server without models': { kind: 'no-model', says: ['ollama pull'], list: json('{"models":[]}') },
  'a server that says null for its models': { kind: 'no-model', list: json('{"models":null}') },
  'a list without models that can chat': {
    kind: 'no-model',
    list: json('{"models":[{"name":"e","capabilities":["embedding"]},{"name":"c:cloud"}]}'),
  },
  'a list of what are no models': { kind: 'no-model', list: json('{"models":[null,7,"m",{"name":7},{}]}') },
  'JSON that is no list': { kind: 'not-ollama', list: json('{"status":"ok"}') },
  'JSON that is null': { kind: 'not-ollama', list: json('null') },
  'a list that is no JSON': { kind: 'not-ollama', says: ['200'], list: json('{"models":[') },
  'a web page in the place of the list': { kind: 'not-ollama', says: ['200'], list: status('200 OK', 'text/html', htmlPage('Welcome')) },
  'a list that is cut': {
    kind: 'interrupted',
    list: question => [head(question, 'Content-Type: application/json\r\nContent-Length: 999\r\n'), '{"models":[', END],
  },
  'a list that needs a key': { kind: 'unauthorized', says: ['401'], list: status('401 Unauthorized') },
  'a list that is refused for its Host': { kind: 'host-refused', list: status('403 Forbidden') },
  'a list that is not there': { kind: 'not-ollama', says: ['404'], list: status('404 Not Found', 'text/plain', '404 page not found') },
  'a list of a server that broke': { kind: 'server', says: ['it broke'], list: refuses(500, 'it broke') },
  'a list behind a proxy without a server': { kind: 'proxy', says: ['502'], list: proxyPage(502) },
  'a list whose connection is reset': { kind: 'no-answer', list: () => [RESET] },
  'a list that never comes': { kind: 'timeout', title: 'Nothing came for 1 s', attributes: { timeout: '1' }, list: () => [] },
};

for (const [name, { list, attributes, ...outcome }] of Object.entries(WITHOUT_MODEL)) {
  test(`no model named, ${name}`, ({ at }) =>
    at.survives({
      ...outcome,
      asked: 0,
      attributes: { model: null, ...attributes },
      before: ({ server }) => server.play(list, 'GET /api/tags'),
    }));
}

/** With a model named, nothing else is needed. */
for (const [what, path] of [
  ['the list of models', 'GET /api/tags'],
  ['what is loaded', 'GET /api/ps'],
] as const) {
  for (const [how, fault] of Object.entries({
    'is not there': status('404 Not Found', 'text/plain', '404 page not found'),
    'is a web page': status('200 OK', 'text/html', htmlPage('Welcome')),
    'is reset': () => [RESET],
    'never comes': () => [],
    'may not be read': () => answer('200 OK', 'application/json', '{"models":[]}'),
  } satisfies Record<string, Fault>)) {
    test(`${what} ${how}: the chat works`, ({ at }) => at.survives({ before: ({ server }) => server.play(fault, path) }));
  }
}

test('the server does not say what its newest model can do: it is asked', ({ at }) =>
  at.survives({
    attributes: { model: null },
    before: ({ server }) => {
      server.play(json('{"models":[{"name":"old"}]}'), 'GET /api/tags');
      server.play(() => [RESET], 'POST /api/show');
    },
  }));

test('a model that can’t be loaded ahead says so when it is asked', async ({ at }) => {
  const fault = refuses(500, 'cudaMalloc failed: out of memory');
  await at.survives({
    kind: 'out-of-memory',
    attributes: { preload: 'focus' },
    fault,
    before: ({ server }) => server.play(fault, 'POST /api/chat'),
  });
});
