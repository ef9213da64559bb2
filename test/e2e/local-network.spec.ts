/**
 * Which pages a browser lets reach a server on the visitor's own computer, and what the chat says where it does not.
 * The browser enforces Local Network Access by itself: none of these requests is answered or refused by the test.
 */
import type { CDPSession } from '@playwright/test';
import type { ChatErrorDetail } from '../../src/errors.ts';
import { SAMPLE } from '../support/behaviours.ts';
import { NEIGHBOUR, type Place, type Places, startPlaces } from '../support/places.ts';
import { type Attributes, ChatPage, expect, type OllamaChat, pageHtml, tagHtml, test as base } from './chat-page.ts';

const QUESTION = 'Why is the sky blue?';
const UNSENT = 'And the sea?';

const HERE: Place = { space: 'local', scheme: 'http', host: '127.0.0.1' };
const HERE_TLS: Place = { space: 'local', scheme: 'https', host: '127.0.0.1' };
const INTRANET: Place = { space: 'local', scheme: 'http', host: 'intranet.example.com' };
const INTRANET_TLS: Place = { space: 'local', scheme: 'https', host: 'intranet.example.com' };
const PUBLIC: Place = { space: 'public', scheme: 'https', host: 'docs.example.com' };
const PUBLIC_PLAIN: Place = { space: 'public', scheme: 'http', host: 'docs.example.com' };
/** Another site than the others. */
const WIDGETS: Place = { space: 'public', scheme: 'https', host: 'widgets.example.org' };

/** The names of the permission: for this computer, for its network, and the older one for both. */
const NAMES = ['loopback-network', 'local-network', 'local-network-access'];

interface Visit {
  /** Where the page comes from. */
  at: Place;
  decided?: PermissionState;
  /** For the chat to be in a frame of the page, which is of the same place unless told otherwise. */
  frame?: { at?: Place | 'data'; attributes?: string };
  /** Whether the server accepts the chat's page. */
  accepted?: boolean;
  /** What the page calls the server. */
  host?: string;
}

interface Fixtures {
  /** A page with a chat; the server's `url` is what the chat was given. */
  visit: (visit: Visit) => Promise<ChatPage>;
  /**
   * What the visitor decides for the pages of a place, for all names unless told otherwise. `prompt` is a question that was
   * closed without an answer: it is open again, and what it was for has failed.
   */
  decide: (at: Place, decision: PermissionState, names?: string[]) => Promise<void>;
}

const test = base.extend<Fixtures, { places: Places }>({
  places: [
    async ({}, use) => {
      const places = await startPlaces();
      await use(places);
      await places.close();
    },
    { scope: 'worker' },
  ],

  launchOptions: [
    async ({ launchOptions, places }, use) => use({ ...launchOptions, args: [...(launchOptions.args ?? []), ...places.flags] }),
    { scope: 'worker' },
  ],

  ignoreHTTPSErrors: true,

  decide: async ({ page, context, places }, use) => {
    // What it sets lasts as long as the session. Playwright's own way can only grant, and every name at once.
    let session: CDPSession | undefined;
    await use(async (at, setting, names = NAMES) => {
      session ??= await context.browser()!.newBrowserCDPSession();
      const ofPage = await context.newCDPSession(page);
      const { browserContextId = '' } = (await ofPage.send('Target.getTargetInfo')).targetInfo;
      const { url: origin } = places.site(at);
      for (const name of names) {
        await session.send('Browser.setPermission', { permission: { name }, setting, origin, browserContextId });
      }
    });
    await session?.detach();
  },

  visit: async ({ page, places, serve, decide }, use) => {
    await use(async ({ at, decided, frame, accepted = true, host = '127.0.0.1' }) => {
      const site = places.site(at);
      const inner = frame?.at ?? at;
      const ollama = await serve({
        origins: accepted && inner !== 'data' ? [places.site(inner).url] : [],
        ...(host === NEIGHBOUR && { port: places.neighbourPort }),
      });
      const url = ollama.url.replace('127.0.0.1', host);
      const attributes = { url, model: 'tiny' };
      const src = inner === 'data' ? dataUrl(site.url, attributes) : `${places.site(inner).url}/chat.html`;
      const body = () => `<iframe title="Chat" src="${src}" ${frame?.attributes ?? ''}></iframe>`;
      places.show({ 'index.html': frame ? pageHtml({}, { body }) : pageHtml(attributes), 'chat.html': pageHtml(attributes) });
      if (decided) await decide(at, decided);
      await page.goto(site.url);
      const own = frame ? page.frames()[1]! : page.mainFrame();
      await own.evaluate(async () => void (await customElements.whenDefined('ollama-chat')));
      return new ChatPage(page, { ...ollama, url }, site, undefined, own);
    });
  },
});

const dataUrl = (site: string, attributes: Attributes) =>
  `data:text/html;charset=utf-8,${encodeURIComponent(`<script src="${site}/cdn/ollama-chat.js"></script>${tagHtml(attributes)}`)}`;

/** What the browser tells the chat's page. */
const standing = ({ frame }: ChatPage) =>
  frame.evaluate(async () => {
    const { state } = await navigator.permissions.query({ name: 'loopback-network' as PermissionName });
    return { secure: isSecureContext, permission: state };
  });

async function getsAnswer(at: ChatPage) {
  await at.ask(QUESTION);
  await at.idle();
  expect(await at.said()).toEqual([`user: ${QUESTION}`, `assistant: ${SAMPLE}`]);
  await expect(at.alert).toHaveCount(0);
  expect(await at.events('chat-error')).toEqual([]);
}

/** Asks, writes on, and is told why there is no answer. */
async function isTold(at: ChatPage, detail: ChatErrorDetail) {
  await at.ask(QUESTION);
  await at.box.fill(UNSENT);
  await hasBeenTold(at, detail);
}

/** All failures so far; the last one is shown, and nothing was lost over it. */
async function hasBeenTold(at: ChatPage, ...details: ChatErrorDetail[]) {
  await expect.poll(() => at.events('chat-error')).toHaveLength(details.length);
  expect((await at.events('chat-error')).map(({ detail }) => detail)).toEqual(details);
  await at.idle();
  await expect(at.alert).toHaveCount(1);
  expect(await at.alert.innerText()).not.toMatch(/[{}]|undefined|ORIGINS="?\*/);
  await expect(at.questions).toHaveCount(1);
  await expect(at.box).toHaveValue(UNSENT);
  expect(at.ollama.chats()).toEqual([]);
}

interface Row {
  page: string;
  at: Place;
  decided?: PermissionState;
  secure: boolean;
  /** What the page is told of it before anything is asked. */
  permission: PermissionState;
  /** Whether the browser lets the page's requests through. */
  passes: boolean;
  /** What is said where nothing at all comes back: that nobody answers, or this state of the permission. */
  silence: 'unreachable' | 'prompt' | 'denied';
}

const SECURE = { secure: true, permission: 'prompt' } as const;
const PLAIN = { secure: false, permission: 'denied' } as const;

const ROWS: Row[] = [
  { page: 'a page on this computer', at: HERE, ...SECURE, passes: true, silence: 'unreachable' },
  { page: 'an https page on this computer', at: HERE_TLS, ...SECURE, passes: true, silence: 'unreachable' },
  // A name does not tell that it leads to this computer: a stopped server looks like a browser that says no.
  { page: 'an https page on this computer that has a name', at: INTRANET_TLS, ...SECURE, passes: true, silence: 'prompt' },
  { page: 'a plain-http page on this computer that has a name', at: INTRANET, ...PLAIN, passes: true, silence: 'denied' },
  // A browser without a window says no by itself, and keeps to it.
  { page: 'a public page that nobody has decided about', at: PUBLIC, ...SECURE, passes: false, silence: 'denied' },
  { page: 'a public page whose question was closed', at: PUBLIC, decided: 'prompt', ...SECURE, passes: false, silence: 'prompt' },
  {
    page: 'a public page that was refused the permission',
    at: PUBLIC,
    decided: 'denied',
    secure: true,
    permission: 'denied',
    passes: false,
    silence: 'denied',
  },
  {
    page: 'a public page that was granted the permission',
    at: PUBLIC,
    decided: 'granted',
    secure: true,
    permission: 'granted',
    passes: true,
    silence: 'unreachable',
  },
  { page: 'a public plain-http page', at: PUBLIC_PLAIN, ...PLAIN, passes: false, silence: 'denied' },
];

for (const { page, at: place, decided, secure, permission, passes, silence } of ROWS) {
  const given = { at: place, ...(decided && { decided }) };
  const nothing = ({ ollama: { url } }: ChatPage): ChatErrorDetail =>
    silence === 'unreachable' ? { kind: silence, url } : { kind: 'local-network', url, permission: silence, secure, embedded: false };
  const silent = silence === 'unreachable' ? 'that the server doesn’t answer' : 'that the browser may keep it from the server';

  test(`${page} ${passes ? 'gets its answer' : `is told ${silent}`}`, async ({ visit }) => {
    const at = await visit(given);
    expect(await standing(at)).toEqual({ secure, permission });
    if (passes) return getsAnswer(at);
    await isTold(at, nothing(at));
    // It was the browser.
    expect(at.ollama.requests).toEqual([]);
  });

  test(`${page} is told ${passes ? 'its origin' : silent} where the server doesn’t accept it`, async ({ visit }) => {
    const at = await visit({ ...given, accepted: false });
    const { url: origin } = at.site;
    await isTold(at, passes ? { kind: 'origin-refused', url: at.ollama.url, origin } : nothing(at));
    if (passes) await expect(at.alert).toContainText(origin);
    else expect(at.ollama.requests).toEqual([]);
  });

  test(`${page} is told ${silent} where the server is down`, async ({ visit }) => {
    const at = await visit(given);
    await at.ollama.close();
    await isTold(at, nothing(at));
  });
}

test('granting the permission does not help a public plain-http page: it is told that only https pages get through', async ({
  visit,
  context,
}) => {
  // No visitor could.
  await context.grantPermissions(['local-network-access']);
  const at = await visit({ at: PUBLIC_PLAIN });
  expect(await standing(at)).toEqual({ secure: false, permission: 'granted' });
  await isTold(at, { kind: 'local-network', url: at.ollama.url, permission: 'denied', secure: false, embedded: false });
  await expect(at.alert).toContainText('https');
  expect(at.ollama.requests).toEqual([]);
});

test('before its first request, the chat says that the browser may ask, where it may', async ({ visit, page }) => {
  const sent: string[] = [];
  page.on('request', request => sent.push(request.url()));
  const note = page.getByText('browser may ask');
  for (const { page: name, at: place, decided, permission, silence } of ROWS) {
    const at = await visit({ at: place, ...(decided && { decided }) });
    // The chat has heard by then what its page hears.
    await standing(at);
    await at.chat.evaluate((chat: OllamaChat) => chat.updateComplete);
    await expect(at.button('Send')).toBeVisible();
    await expect(note, name).toHaveCount(permission === 'prompt' && silence !== 'unreachable' ? 1 : 0);
    expect(sent.filter(url => url.startsWith(at.ollama.url))).toEqual([]);
  }

  const at = await visit({ at: INTRANET_TLS });
  await expect(note).toBeVisible();
  await getsAnswer(at);
  await expect(note).toHaveCount(0);
});

for (const [page, decided, permission] of [
  ['that nobody has decided about', undefined, 'denied'],
  ['whose question was closed', 'prompt', 'prompt'],
  ['that was refused the permission', 'denied', 'denied'],
] as const) {
  test(`a public page ${page} says so when it gets through, asks nothing by itself, and asks once when told to`, async ({
    visit,
    decide,
  }) => {
    const at = await visit({ at: PUBLIC, ...(decided && { decided }) });
    await isTold(at, { kind: 'local-network', url: at.ollama.url, permission, secure: true, embedded: false });
    await decide(PUBLIC, 'granted');
    await expect(at.chat.getByText('answers now').first()).toBeVisible();
    expect(at.ollama.requests.map(({ method, path }) => `${method} ${path}`).filter(asked => !asked.endsWith('/api/show'))).toEqual([
      'GET /api/version',
    ]);

    await at.button('Try again').click();
    await at.idle();
    await expect(at.alert).toHaveCount(0);
    await expect(at.chat.getByText('answers now')).toHaveCount(0);
    expect(await at.said()).toEqual([`user: ${QUESTION}`, `assistant: ${SAMPLE}`]);
    expect(at.ollama.chats().map(({ body }) => body.messages)).toEqual([[{ role: 'user', content: QUESTION }]]);
    await expect(at.box).toHaveValue(UNSENT);
  });
}

test('a permission that is granted and doesn’t suffice is no news; the next try names what is missing', async ({ visit, decide }) => {
  const at = await visit({ at: PUBLIC, accepted: false });
  const { url } = at.ollama;
  const kept: ChatErrorDetail = { kind: 'local-network', url, permission: 'denied', secure: true, embedded: false };
  await isTold(at, kept);
  await decide(PUBLIC, 'granted');
  await at.ollama.waitForRequest(({ path }) => path === '/api/version');
  await at.button('Try again').click();
  await hasBeenTold(at, kept, { kind: 'origin-refused', url, origin: at.site.url });
  await expect(at.chat.getByText('answers now')).toHaveCount(0);
});

test('a public page in another site’s frame is told that the frame has to allow it', async ({ visit }) => {
  const at = await visit({ at: PUBLIC, frame: { at: WIDGETS } });
  expect(await standing(at)).toEqual({ secure: true, permission: 'denied' });
  await isTold(at, { kind: 'local-network', url: at.ollama.url, permission: 'denied', secure: true, embedded: true });
  await expect(at.alert).toContainText('allow="loopback-network; local-network; local-network-access"');
  expect(at.ollama.requests).toEqual([]);
});

// How a grant gets into a frame that does not allow it is left out: what a test grants ignores the frame's attribute.
const ALLOWING = { at: WIDGETS, attributes: 'allow="loopback-network; local-network; local-network-access"' };

test('a public page in a frame that allows it may be asked about', async ({ visit }) => {
  const at = await visit({ at: PUBLIC, decided: 'prompt', frame: ALLOWING });
  expect(await standing(at)).toEqual({ secure: true, permission: 'prompt' });
  await isTold(at, { kind: 'local-network', url: at.ollama.url, permission: 'prompt', secure: true, embedded: true });
});

test('a public page in a frame that allows it gets its answer once the page around it was granted the permission', async ({ visit }) => {
  await getsAnswer(await visit({ at: PUBLIC, decided: 'granted', frame: ALLOWING }));
});

test('a public https page in a plain-http one is told that only https pages get through', async ({ visit }) => {
  const at = await visit({ at: PUBLIC_PLAIN, frame: ALLOWING });
  await isTold(at, { kind: 'local-network', url: at.ollama.url, permission: 'denied', secure: false, embedded: true });
  await expect(at.alert).toContainText('https');
});

test('a frame of the page’s own site counts as the page', async ({ visit }) => {
  const at = await visit({ at: PUBLIC, decided: 'denied', frame: {} });
  await isTold(at, { kind: 'local-network', url: at.ollama.url, permission: 'denied', secure: true, embedded: false });
});

test('a frame on this computer gets its answer, whatever its permission says', async ({ visit }) => {
  const at = await visit({ at: HERE, frame: { at: INTRANET_TLS } });
  expect(await standing(at)).toEqual({ secure: true, permission: 'denied' });
  await getsAnswer(at);
});

for (const [frame, inFrame] of [
  ['a sandboxed frame', { attributes: 'sandbox="allow-scripts"' }],
  ['a frame from a data: address', { at: 'data' }],
] as const) {
  test(`${frame} has no origin to allow, and is told so`, async ({ visit }) => {
    const at = await visit({ at: HERE, frame: inFrame });
    await isTold(at, { kind: 'origin-refused', url: at.ollama.url, origin: 'null' });
    await expect(at.alert).not.toContainText('OLLAMA_ORIGINS');
  });
}

test('a page from a data: address is none of this computer', async ({ page, places, serve }) => {
  const ollama = await serve();
  const site = places.site(PUBLIC);
  await page.goto(dataUrl(site.url, { url: ollama.url, model: 'tiny' }));
  await isTold(new ChatPage(page, ollama, site), { kind: 'local-network', url: ollama.url, ...PLAIN, embedded: false });
});

for (const decided of ['prompt', 'granted'] as const) {
  test(`an https page is told that it cannot use plain http elsewhere (${decided})`, async ({ visit }) => {
    const at = await visit({ at: PUBLIC, decided, host: 'models.example.com' });
    await isTold(at, { kind: 'mixed-content', url: at.ollama.url });
    expect(at.ollama.requests).toEqual([]);
  });
}

test('an https page that was granted the permission may use plain http in the visitor’s network', async ({ visit }) => {
  await getsAnswer(await visit({ at: PUBLIC, decided: 'granted', host: NEIGHBOUR }));
});

test('what was granted for this computer is not taken for its network', async ({ visit, decide }) => {
  await decide(PUBLIC, 'granted', ['loopback-network']);
  const at = await visit({ at: PUBLIC, host: NEIGHBOUR });
  expect(await standing(at)).toEqual({ secure: true, permission: 'granted' });
  await isTold(at, { kind: 'local-network', url: at.ollama.url, permission: 'denied', secure: true, embedded: false });
  expect(at.ollama.requests).toEqual([]);
});
