/** The tools that a page registers for browser agents, in the chat, in a Chromium that has WebMCP switched on. */
import { browserArgs, findBrowser } from '../find-browser.mjs';
import { expect, test } from './chat-page.ts';
import { call, script } from './tools-page.ts';

test.use({ launchOptions: { executablePath: await findBrowser(), args: [...browserArgs, '--enable-features=WebMCP'] } });

test('a tool that the page has registered is offered, and runs with consent', async ({ open, page }) => {
  const at = await open({ webmcp: true }, script([{ tool_calls: [call('add', { a: 2, b: 3 })] }]));
  const isThere = await page.evaluate(async () => {
    const { modelContext } = document as Document & { modelContext?: { registerTool(tool: object): Promise<void> } };
    await modelContext?.registerTool({
      name: 'add',
      title: 'Add numbers',
      description: 'Adds two numbers',
      inputSchema: { type: 'object', properties: { a: { type: 'number' }, b: { type: 'number' } }, required: ['a', 'b'] },
      execute: ({ a, b }: Record<string, number>) => ({ content: [{ type: 'text', text: String(a! + b!) }] }),
    });
    return modelContext !== undefined;
  });
  test.skip(!isThere, 'this browser has no modelContext');
  await at.ask('How much is it?');
  const card = at.chat.getByRole('group', { name: 'Let the model use Add numbers?' });
  await expect(card.getByRole('definition')).toHaveText(['2', '3']);
  await card.getByRole('button', { name: 'Allow once' }).click();
  await at.idle();
  await expect(at.answers.last()).toContainText('I was told: 5');
  expect(at.ollama.chats()[0]?.body.tools).toMatchObject([{ function: { name: 'add', description: 'Adds two numbers' } }]);
});
