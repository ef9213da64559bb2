/** The tools of a real MCP server in the chat. The connection itself is tested in `mcp.spec.ts`. */
import { startMcp } from '../support/mcp-server.ts';
import { ChatPage, expect, type OllamaChat, pageHtml, test } from './chat-page.ts';
import { call, script } from './tools-page.ts';

test('the tools of an MCP server are listed, called with consent, refused and left out, under the strictest policy', async ({
  page,
  pages,
  serve,
}) => {
  const mcp = await startMcp();
  const calls = [call('add', { a: 2, b: 5 }), call('countdown', { from: 3 })];
  const ollama = await serve(script([{ tool_calls: calls }], undefined, [{ tool_calls: [call('add', { a: 1, b: 1 })] }]).server);
  const violations: string[] = [];
  await page.exposeFunction('tellViolation', (text: string) => void violations.push(text));
  await page.addInitScript(() =>
    document.addEventListener('securitypolicyviolation', event =>
      (window as unknown as { tellViolation: (text: string) => void }).tellViolation(`${event.effectiveDirective} ${event.blockedURI}`),
    ),
  );
  const policy = `default-src 'none'; script-src 'self'; style-src 'self'; img-src blob:; connect-src ${ollama.url} ${new URL(mcp.url).origin}; require-trusted-types-for 'script'; trusted-types ollama-chat ollama-chat-lit`;
  const html = pageHtml({ url: ollama.url, model: 'tiny' }).replace('<link rel="icon" href="data:,">', '');
  const site = await pages({ 'index.html': { body: html, headers: { 'Content-Security-Policy': policy } } });
  await page.goto(site.url);
  await page.evaluate(() => customElements.whenDefined('ollama-chat'));
  const at = new ChatPage(page, ollama, site);
  await at.chat.evaluate((chat: OllamaChat, url) => void (chat.mcpServers = [{ url, approval: { countdown: 'off' } }]), mcp.url);
  await at.ask('How much is it?');
  const card = at.chat.getByRole('group', { name: /^Let the model use / });
  await expect(card.getByRole('definition')).toHaveText(['2', '5']);
  await expect(card).toContainText(`from ${new URL(mcp.url).host}`);
  await card.getByRole('button', { name: 'Allow once' }).click();
  await at.idle();
  const names = (ollama.chats()[0]?.body.tools ?? []).map(tool => (tool as { function: { name: string } }).function.name);
  expect(names).toContain('add');
  expect(names).not.toContain('countdown');
  await expect(at.answers.last()).toContainText('7');
  await expect(at.answers.last()).toContainText('There is no tool named "countdown"');
  await at.ask('And one and one?');
  await card.getByRole('button', { name: 'Refuse' }).click();
  await at.idle();
  await expect(at.answers.last()).toContainText('I was told: Error: The user refused this call.');
  expect(mcp.requests.filter(request => request === 'POST tools/call')).toHaveLength(1);
  await at.chat.evaluate(chat => chat.remove());
  expect(violations).toEqual([]);
  await mcp.close();
});

test('a tool of an MCP server shows how far it is, ends with Stop at its server, and is not called where it is refused', async ({
  open,
}) => {
  const mcp = await startMcp();
  const long = [{ tool_calls: [call('countdown', { steps: 10_000, ms: 20 })] }];
  const at = await open({}, script(long, [{ tool_calls: [call('add', { a: 2, b: 5 })] }]));
  await at.chat.evaluate((chat: OllamaChat, url) => void (chat.mcpServers = [{ url, approval: { countdown: 'allow' } }]), mcp.url);
  await at.ask('Count down');
  await expect(at.answers.getByText(/^\d+\D+10000$/)).toBeVisible();
  await at.button('Stop').click();
  await at.idle();
  await expect.poll(() => mcp.countdowns).toEqual(['started', 'cancelled']);
  await at.ask('How much is it?');
  await at.chat.getByRole('group', { name: 'Let the model use Add?' }).getByRole('button', { name: 'Refuse' }).click();
  await at.idle();
  await expect(at.answers.last()).toContainText('I was told: Error: The user refused this call.');
  expect(mcp.requests.filter(request => request === 'POST tools/call')).toHaveLength(1);
  // Nothing of the page is left at a server that it names no more.
  await at.chat.evaluate((chat: OllamaChat) => void (chat.mcpServers = undefined));
  await expect.poll(() => mcp.sessions()).toBe(0);
  await mcp.close();
});

test('servers that a page names anew in the same words keep their session', async ({ open }) => {
  const mcp = await startMcp();
  const at = await open({}, script(['Yes.'], ['Yes.']));
  for (const question of ['Are you there?', 'And now?']) {
    await at.chat.evaluate((chat: OllamaChat, url) => void (chat.mcpServers = [{ url, headers: () => ({}) }]), mcp.url);
    await at.ask(question);
    await at.idle();
  }
  expect(mcp.requests.filter(request => request === 'POST initialize')).toHaveLength(1);
  await mcp.close();
});

test('servers that are named wrongly are left out, which the console says, and the answer comes', async ({ open, page }) => {
  const at = await open();
  const said: string[] = [];
  page.on('console', message => void said.push(message.text()));
  for (const servers of [{ url: '/mcp' }, ['/mcp'], [{}]] as unknown[]) {
    await at.chat.evaluate((chat: OllamaChat, given) => void (chat.mcpServers = given as OllamaChat['mcpServers']), servers);
    await at.ask('Hello');
    await at.idle();
  }
  await expect(at.answers).toHaveCount(3);
  await expect(at.alert).toHaveCount(0);
  expect(said).toEqual([
    '<ollama-chat> mcpServers are left out: give an array, [{ url }].',
    '<ollama-chat> mcpServers[0] is left out: give it a url.',
  ]);
});

test('an MCP server that is away is named, and the answer comes without its tools', async ({ open }) => {
  const at = await open();
  await at.chat.evaluate((chat: OllamaChat) => void (chat.mcpServers = [{ url: 'http://127.0.0.1:9/mcp' }]));
  await at.ask('Hello');
  await at.idle();
  await expect(at.answers).toContainText('Hello!');
  await expect(at.chat.getByText('The tools of 127.0.0.1:9 can’t be used now.')).toBeVisible();
});
