/** Tools that a page registers for browser agents, in a Chromium that has WebMCP switched on. */
import type { Page } from '@playwright/test';
import type * as part from '../../src/tools/webmcp.ts';
import type { Tool } from '../../src/tools/tool.ts';
import { browserArgs, findBrowser } from '../find-browser.mjs';
import type { Page as StaticPage } from '../support/static-server.ts';
import { expect, test as base } from './chat-page.ts';

interface ModelContext {
  registerTool(tool: object, options?: object): Promise<void>;
}

/** What the page holds for a test. */
interface Held {
  part: typeof part;
  context: ModelContext;
  seen: unknown[];
  violations: string[];
}

const CSP = "default-src 'none'; script-src 'self'; require-trusted-types-for 'script'";

const test = base.extend<{ openTools: (headers?: Record<string, string>) => Promise<Page> }>({
  openTools: async ({ page, pages }, use) => {
    await use(async (headers = {}) => {
      const at: StaticPage = {
        body: '<!doctype html><title>Tools</title><script src="/watch.js"></script><script type="module" src="/part.js"></script>',
        headers: { 'Content-Security-Policy': CSP, ...headers },
      };
      const site = await pages({
        'index.html': at,
        'watch.js':
          "window.held = { seen: [], violations: [] }; addEventListener('securitypolicyviolation', ({ effectiveDirective }) => held.violations.push(effectiveDirective));",
        'part.js':
          "import * as part from '/cdn/parts/webmcp.js'; held.context = document.modelContext ?? navigator.modelContext; held.part = part;",
      });
      await page.goto(site.url);
      await page.waitForFunction(() => (window as unknown as { held: Held }).held.part);
      const has = await page.evaluate(() => typeof (window as unknown as { held: Held }).held.context);
      test.skip(has === 'undefined', 'this browser has no modelContext');
      return page;
    });
    expect(await page.evaluate(() => (window as unknown as { held?: Held }).held?.violations)).toEqual([]);
  },
});

test.use({ launchOptions: { executablePath: await findBrowser(), args: [...browserArgs, '--enable-features=WebMCP'] } });

/** Registers `add`, and `wait`, which waits for its signal. */
const register = (page: Page) =>
  page.evaluate(async () => {
    const { context, seen } = (window as unknown as { held: Held }).held;
    const number = { type: 'number' };
    await context.registerTool({
      name: 'add',
      title: 'Add numbers',
      description: 'Adds two numbers',
      inputSchema: { type: 'object', properties: { a: number, b: number }, required: ['a', 'b'] },
      execute: ({ a, b }: Record<string, number>) => ({ content: [{ type: 'text', text: String(a! + b!) }] }),
    });
    await context.registerTool({
      name: 'wait',
      description: 'Waits',
      execute: (_input: unknown, { signal }: { signal: AbortSignal }) =>
        new Promise(() => {
          seen.push('started');
          signal.addEventListener('abort', () => seen.push('aborted'));
        }),
    });
    await context.registerTool({
      name: 'fail',
      description: 'Fails',
      execute: () => ({ content: [{ type: 'text', text: 'No such row.' }], isError: true }),
    });
  });

test('they are listed, and called', async ({ openTools }) => {
  const page = await openTools();
  await register(page);
  const found = await page.evaluate(async () => {
    const tools = await (window as unknown as { held: Held }).held.part.pageTools();
    const use = (name: string, args: object) =>
      Promise.resolve(
        tools
          .find(tool => tool.name === name)
          ?.execute(args as Parameters<Tool['execute']>[0], { signal: new AbortController().signal, progress() {} }),
      ).catch(String);
    return {
      tools: tools.map(tool => ({ ...tool, execute: undefined })),
      sum: await use('add', { a: 2, b: 3 }),
      failed: await use('fail', {}),
    };
  });
  expect(found.tools.map(({ name }) => name).toSorted()).toEqual(['add', 'fail', 'wait']);
  expect(found.tools.find(({ name }) => name === 'add')).toMatchObject({
    title: 'Add numbers',
    description: 'Adds two numbers',
    approval: 'ask',
    parameters: { type: 'object', required: ['a', 'b'] },
  });
  expect(found.sum).toBe('5');
  expect(found.failed).toBe('Error: No such row.');
});

test('one that is stopped sees it', async ({ openTools }) => {
  const page = await openTools();
  await register(page);
  const stopped = await page.evaluate(async () => {
    const { part, seen } = (window as unknown as { held: Held }).held;
    const tool = (await part.pageTools()).find(({ name }) => name === 'wait');
    const stop = new AbortController();
    const result = Promise.resolve(tool?.execute({}, { signal: stop.signal, progress() {} })).catch(String);
    while (!seen.length) await new Promise(resolve => setTimeout(resolve));
    stop.abort(new Error('stopped'));
    return result;
  });
  expect(stopped).toBe('Error: stopped');
  await expect.poll(() => page.evaluate(() => (window as unknown as { held: Held }).held.seen)).toEqual(['started', 'aborted']);
});

test('one that fails in the words of the browser runs once, with what it was given', async ({ openTools }) => {
  const page = await openTools();
  const failed = await page.evaluate(async () => {
    const { context, part, seen } = (window as unknown as { held: Held }).held;
    await context.registerTool({
      name: 'send',
      description: 'Sends',
      execute: (input: unknown) => {
        seen.push(input);
        return { content: [{ type: 'text', text: 'Failed to parse input' }], isError: true };
      },
    });
    const [tool] = await part.pageTools();
    return Promise.resolve(tool?.execute({ a: 'ü' }, { signal: new AbortController().signal, progress() {} })).catch(String);
  });
  expect(failed).toBe('Error: Failed to parse input');
  expect(await page.evaluate(() => (window as unknown as { held: Held }).held.seen)).toEqual([{ a: 'ü' }]);
});

test('where the policy of the page refuses, words say so', async ({ openTools }) => {
  const page = await openTools({ 'Permissions-Policy': 'tools=()' });
  const words = await page.evaluate(() => (window as unknown as { held: Held }).held.part.pageTools().then(String, String));
  expect(words).toMatch(/^Error: The tools of this page are not to be had: .*permissions policy/);
});

test('a browser without them has none', async ({ page, pages }) => {
  const site = await pages({ 'index.html': '<!doctype html><title>None</title>' });
  await page.addInitScript(() => {
    for (const place of [Document.prototype, Navigator.prototype]) Reflect.deleteProperty(place, 'modelContext');
  });
  await page.goto(site.url);
  expect(await page.evaluate(async () => ((await import('/cdn/parts/webmcp.js' as string)) as typeof part).pageTools())).toEqual([]);
});
