/** What nginx does by itself, without a word of ours in its configuration, to the answers and refusals of the server behind it. */
import { text } from '../../demo/ollama/replies.ts';
import { SAMPLE } from '../support/behaviours.ts';
import { expect, failure, ONCE, seen, test } from './gateway-page.ts';

test.describe('nginx as it is by itself', () => {
  /** The gateway that everybody writes first. HTTP/1.0 is the default until nginx 1.29.7. */
  const plain = (port: number, ollama: number) =>
    `server { listen 127.0.0.1:${port}; proxy_http_version 1.0; location / { proxy_pass http://127.0.0.1:${ollama}; } }`;

  test('keeps a short answer back until its end, and the chat shows it whole', async ({ open, nginx }) => {
    const at = await open({ ...ONCE, model: 'held' });
    const { urls } = await nginx(port => plain(port, at.ollama.port));
    const [url = ''] = urls;
    await at.set({ url });

    // What it keeps back: with the first byte comes the last one.
    const body = JSON.stringify({ model: 'held', messages: [{ role: 'user', content: 'Why?' }] });
    const first = at.page.evaluate(
      async ([address, question]) => {
        const response = await fetch(address, { method: 'POST', body: question });
        const { value } = await response.body!.getReader().read();
        return new TextDecoder().decode(value);
      },
      [`${url}/api/chat`, body] as const,
    );
    await expect.poll(() => at.ollama.chats().length).toBe(1);
    at.ollama.release();
    expect((await first).trim().split('\n').at(-1)).toContain('"done":true');

    at.ollama.release();
    await at.ask('Why?');
    await at.idle();
    await expect(at.answers).toContainText('你好.');
    expect(await at.said()).toEqual(['user: Why?', `assistant: ${SAMPLE}`]);
  });

  test('sends a longer answer in lumps that end anywhere, and the chat shows it whole', async ({ open, nginx }) => {
    const at = await open({ ...ONCE, model: 'table' });
    const { urls } = await nginx(port => plain(port, at.ollama.port));
    await at.set({ url: urls[0]! });
    await at.ask('Why?');
    await at.idle();
    expect((await at.messages()).at(-1)).toMatchObject({ content: text('table'), status: 'complete' });
  });

  test('its page for an Ollama that is down is unreadable across origins: the chat says that it is refused', async ({ open, nginx }) => {
    const at = await open(ONCE);
    const { urls } = await nginx(port => plain(port, at.ollama.port));
    const [url = ''] = urls;
    await at.set({ url });
    await at.ollama.close();
    expect(await seen(at, `${url}/api/tags`)).toBe('TypeError: Failed to fetch');
    expect(await failure(at)).toEqual({ kind: 'origin-refused', url, origin: at.site.url });
  });

  test('its page for a silent Ollama is unreadable across origins: the chat says that no answer came', async ({ open, nginx }) => {
    const at = await open({ ...ONCE, model: 'silent' });
    const { urls } = await nginx(port => `proxy_read_timeout 1s; ${plain(port, at.ollama.port)}`);
    const [url = ''] = urls;
    await at.set({ url });
    // Ollama itself still answers everything else, and lets the page read it.
    expect(await failure(at)).toEqual({ kind: 'no-answer', url });
  });

  for (const [what, status, model] of [
    ['an Ollama that is down', 502, 'tiny'],
    ['a silent Ollama', 504, 'silent'],
  ] as const) {
    test(`its page for ${what} is readable on the same origin`, async ({ open, nginx, page }) => {
      const at = await open({ ...ONCE, url: '/ollama', model });
      const { urls } = await nginx(
        port => `
          proxy_read_timeout 1s;
          server {
            listen 127.0.0.1:${port};
            location / { proxy_pass ${at.site.url}; }
            location /ollama/ { proxy_pass ${at.ollama.url}/; }
          }`,
      );
      const [url = ''] = urls;
      await page.goto(url);
      if (status === 502) await at.ollama.close();
      expect(await failure(at)).toEqual({ kind: 'proxy', status, url: `${url}/ollama` });
    });
  }
});
