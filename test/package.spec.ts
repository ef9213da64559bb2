/** What is published: its size, its contents, its entries. Reads dist/, so build first. */
import { execFile, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Script } from 'node:vm';
import { gzipSync } from 'node:zlib';
import { expect, test } from '@playwright/test';
import { OWN_NAMES } from '../.build/squeeze.ts';
import { startMcp } from './support/mcp-server.ts';

/** Words that a library inside a part has, too, and keeps to itself. */
const WORDS_OF_LIBRARIES: Record<string, string[]> = { 'mcp.js': ['loose'], 'validator.js': ['lookup'] };

const root = fileURLToPath(new URL('..', import.meta.url));
const read = (path: string) => readFileSync(root + path, 'utf8');
const cdn = () => read('dist/cdn/ollama-chat.js');

/** Fails with what the command printed, unless it exits with 0. */
function succeeds(command: string, ...args: string[]): string {
  const { status, stdout, stderr, error } = spawnSync(command, args, { cwd: root, encoding: 'utf8', shell: process.platform === 'win32' });
  expect(status, [command, ...args, error?.message, stdout, stderr].join('\n')).toBe(0);
  return stdout.trim();
}

/** Runs a module in plain Node: no DOM, no bundler, the package by its own name. */
const inNode = (code: string) => succeeds(process.execPath, '--input-type=module', '--eval', code);

test('the CDN file is at most 48 kB gzip', () => {
  const size = gzipSync(cdn(), { level: 9 }).length;
  console.log(`dist/cdn/ollama-chat.js: ${size} bytes gzip of ${cdn().length}`);
  expect(size).toBeLessThanOrEqual(48_000);
});

test('the CDN file is one classic script', () => {
  // Parses it, and throws for what only a module may hold.
  expect(() => new Script(cdn())).not.toThrow();
});

test('no built file builds code from text', () => {
  for (const file of built('.js')) expect(read(file).match(/\beval\s*\(|new\s+Function\b/), file).toBeNull();
});

test('no template kept its indentation', () => {
  // What the minifier cannot parse it leaves as it is, without a word. The bundler itself indents by tabs.
  for (const file of built('.js').filter(name => !name.includes('/cdn/'))) expect(read(file).match(/\n {2,}.*/), file).toBeNull();
});

test('the CDN file and its parts are ASCII, whatever a page takes them for', () => {
  for (const file of built('.js').filter(name => name.includes('/cdn/'))) expect(read(file), file).not.toMatch(/[\u0080-\uffff]/);
});

test('no part of the CDN file knows a name that is shortened in it', () => {
  for (const file of built('.js').filter(name => name.includes('/cdn/'))) {
    expect(
      OWN_NAMES.filter(name => new RegExp(`\\b${name}\\b`).test(read(file))),
      file,
    ).toEqual(WORDS_OF_LIBRARIES[file.slice(file.lastIndexOf('/') + 1)] ?? []);
  }
});

test('no shape of an icon swallowed the next one', () => {
  expect(cdn().match(/<(path|rect|circle)[^>]*[^/]>/g)).toBeNull();
});

test('the CDN file keeps Lit to itself', () => {
  // `match`, not `toMatch`: a failure should not print the whole file.
  expect(cdn().match(/createPolicy\(.ollama-chat-lit./g)).toHaveLength(1);
  expect(cdn().match(/.lit-html.|litHtmlVersions|litElementVersions|reactiveElementVersions|litPropertyMetadata|process\.env/g)).toBeNull();
});

test('dist holds no test and no demo', () => {
  expect(built('').filter(file => /\b(test|demo|spec)\b/.test(file))).toEqual([]);
});

test('publint finds nothing', () => {
  expect(succeeds('npx', 'publint', '--strict')).toContain('All good');
});

test('the types resolve in every ESM resolution', () => {
  test.setTimeout(180_000);
  succeeds('npx', 'attw', '--pack', '.', '--profile', 'esm-only', '--no-color');
});

test('ollama-chat registers the tag, in Node too', () => {
  expect(inNode(`await import('ollama-chat'); console.log(typeof customElements.get('ollama-chat'))`)).toBe('function');
});

test('ollama-chat/element only defines the class, in Node too', () => {
  const code = `const {OllamaChat} = await import('ollama-chat/element'); console.log(\`\${typeof OllamaChat} \${customElements.get('ollama-chat')}\`)`;
  expect(inNode(code)).toBe('function undefined');
});

test('the modules import nothing that the package does not depend on', () => {
  const { dependencies } = JSON.parse(read('package.json'));
  const modules = built('.js').filter(file => !file.includes('/cdn/'));
  const imported = modules.flatMap(file =>
    [...read(file).matchAll(/(?:^|\n)(?:import|export)\b[^;'"]*?["']([^."'][^"']*)["'];/g)].map(([, name]) => name ?? ''),
  );
  const packages = new Set(imported.map(name => /^(?:@[^/]+\/)?[^/]+/.exec(name)?.[0] ?? ''));
  expect(packages).toContain('lit');
  expect([...packages].filter(name => !Object.hasOwn(dependencies, name))).toEqual([]);
});

test('the module that speaks MCP does so in Node, too', async () => {
  const server = await startMcp();
  const code = `
    const { McpConnection } = await import('./dist/tools/mcp.js');
    const connection = new McpConnection({ url: '${server.url}' }, { base: 'http://127.0.0.1', timeout: () => 20, onChange() {} });
    const { signal } = new AbortController();
    const [add] = await connection.tools(signal);
    console.log(await add.execute({ a: 2, b: 3 }, { signal, progress() {} }));
    connection.close();`;
  const printed = new Promise<string>(resolve => {
    execFile(process.execPath, ['--input-type=module', '--eval', code], { cwd: root }, (error, stdout) =>
      resolve(error?.message ?? stdout),
    );
  });
  expect((await printed).trim()).toBe('5');
  await expect.poll(() => server.sessions()).toBe(0);
  await server.close();
});

test('loading two entries, or one again, is harmless', () => {
  inNode(`await import('ollama-chat'); await import('ollama-chat/element'); await import('./dist/define.js?again')`);
});

test('the JSX types compile', () => {
  const tsc = ['node_modules/typescript/bin/tsc', '--noEmit', '--strict', '--skipLibCheck', 'false', '--types', '', '--module', 'nodenext'];
  const { stdout } = spawnSync(process.execPath, [...tsc, '--lib', 'es2023,dom,dom.iterable', 'dist/jsx.d.ts'], {
    cwd: root,
    encoding: 'utf8',
  });
  expect(stdout.split('\n').filter(line => line.startsWith('dist/'))).toEqual([]);
});

test('every path that package.json names exists', () => {
  const { exports: entries, customElements, unpkg } = JSON.parse(read('package.json'));
  const paths = [
    customElements,
    unpkg,
    ...Object.values(entries).flatMap(entry => (typeof entry === 'string' ? entry : Object.values(entry as object))),
  ];
  expect(paths.filter(path => !existsSync(root + path))).toEqual([]);
});

test('the manifest describes the tag', () => {
  const { modules } = JSON.parse(read('dist/custom-elements.json'));
  const tags = modules.flatMap((module: { declarations: { tagName?: string }[] }) => module.declarations.map(({ tagName }) => tagName));
  expect(tags.filter(Boolean)).toEqual(['ollama-chat']);
});

test('every module that the manifest names exists', () => {
  const { modules } = JSON.parse(read('dist/custom-elements.json'));
  expect(modules.map(({ path }: { path: string }) => path).filter((path: string) => !existsSync(root + path))).toEqual([]);
});

test('the API tables of the README are up to date', () => {
  succeeds(process.execPath, '.build/docs.mjs', '--check');
});

function built(ending: string): string[] {
  const files = readdirSync(`${root}dist`, { recursive: true, withFileTypes: true }).filter(entry => entry.isFile());
  return files.map(file => `${file.parentPath}/${file.name}`.slice(root.length)).filter(file => file.endsWith(ending));
}
