/** The lines of the README that anybody can run: `ollama-chat/client` in plain Node, against a real HTTP server. */
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from './chat-page.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const [, block = ''] = /<!-- client:begin -->\n+```sh\n(.+?)```/s.exec(readFileSync(`${root}README.md`, 'utf8')) ?? [];
const lines = block.split('\n').flatMap(line => /^node -e "(.+)"$/.exec(line)?.[1] ?? []);

/** What the line prints, at a server of the test's own. */
async function run(line: string, url: string): Promise<string> {
  const code = line.replaceAll('OllamaClient()', `OllamaClient({ url: '${url}' })`).replaceAll('http://localhost:11434', url);
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', code], {
    cwd: root,
    env: { ...process.env, FORCE_COLOR: '0' },
  });
  return stdout.trim();
}

test('the README has a line for each call', () => {
  const calls = lines.map(line => /\.(chat|generate|embed|tags|show|ps|pull)\(/.exec(line)?.[1]);
  expect(calls).toEqual(['chat', 'chat', 'generate', 'embed', 'tags', 'show', 'ps', 'pull', 'chat', 'chat']);
});

const models = [
  { name: 'llama3.2:latest', capabilities: ['completion', 'tools'] },
  { name: 'nomic-embed-text:latest', capabilities: ['embedding'] },
];
const hello = /^Hello! This is \*\*bold\*\*/;
const prints: (RegExp | string)[] = [
  ...[hello, hello, hello, '2', /llama3\.2:latest.*nomic-embed-text:latest/s, /completion.*tools/s],
  ...[/0\.33\.0$/, /^pulling manifest \n(?:.|\n)*success$/, 'loaded', hello],
];

for (const [index, line] of lines.entries()) {
  test(`line ${index + 1} prints what it says`, async ({ serve }) => {
    const { url } = await serve({ models, library: models });
    const printed = await run(line, url);
    const expected = prints[index] ?? '';
    if (typeof expected === 'string') expect(printed).toBe(expected);
    else expect(printed).toMatch(expected);
  });
}
