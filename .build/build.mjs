/** `npm run build`: everything that is published, into dist/, and at the end the tag to paste. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

process.chdir(fileURLToPath(new URL('..', import.meta.url)));
const { version } = JSON.parse(readFileSync('package.json', 'utf8'));

rmSync('dist', { recursive: true, force: true });
run('node_modules/typescript/bin/tsc', '-p', '.build/tsconfig.src.json');
nameDeclarationFiles();
await build({ logLevel: 'warn' });
await build({ logLevel: 'warn', mode: 'cdn' });
await build({ logLevel: 'warn', mode: 'parts' });
await build({ logLevel: 'warn', mode: 'mcp' });
await build({ logLevel: 'warn', mode: 'mcp-part' });
writeLicences();
run('.build/manifest.mjs');
printSnippet();

/** @param {...string} args a script and its arguments */
function run(...args) {
  const { status } = spawnSync(process.execPath, args, { stdio: ['ignore', 'inherit', 'inherit'] });
  if (status !== 0) process.exit(status ?? 1);
}

/** Our source imports './name'; under Node's resolution a declaration must say './name.js'. */
function nameDeclarationFiles() {
  for (const file of readdirSync('dist', { recursive: true, encoding: 'utf8' }).filter(name => name.endsWith('.d.ts'))) {
    const path = join('dist', file);
    const named = readFileSync(path, 'utf8').replace(
      /(\b(?:from|import)\s*\(?\s*)(['"])(\.{1,2}\/[^'"]+?)(?:\.[jt]s)?\2/g,
      (_, before, quote, specifier) => {
        if (!existsSync(join(dirname(path), `${specifier}.d.ts`)))
          throw new Error(`${path} imports ${specifier}, which has no declarations`);
        return `${before}${quote}${specifier}.js${quote}`;
      },
    );
    writeFileSync(path, named);
  }
}

/** The licences of what the CDN file, its parts and dist/tools/mcp.js hold ask to travel with it. */
function writeLicences() {
  const own = readFileSync('LICENSE', 'utf8').trim();
  const tools = ['@cfworker/json-schema', '@modelcontextprotocol/sdk', 'zod'];
  const names = ['lit', 'marked', 'dompurify', 'temml', '@speed-highlight/core', 'eventsource-parser', 'idb', ...tools];
  const libraries = names.map(name => {
    const folder = join('node_modules', name);
    const file = readdirSync(folder).find(entry => /^licen[sc]e/i.test(entry));
    return `${name}\n\n${file ? readFileSync(join(folder, file), 'utf8').trim() : namedLicence(folder, own)}\n`;
  });
  writeFileSync('dist/cdn/ollama-chat.LICENSES.txt', [`ollama-chat\n\n${own}\n`, ...libraries].join(`\n${'-'.repeat(80)}\n\n`));
}

/**
 * Of a package that names its licence and leaves out the text. Ours is the same one.
 * @param {string} folder
 * @param {string} own
 */
function namedLicence(folder, own) {
  const { name, author, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  if (license !== 'MIT' || !author) throw new Error(`${name} has no licence that is known here`);
  return `MIT License, by ${author.name ?? author}\n\n${own.slice(own.indexOf('Permission is hereby granted'))}`;
}

function printSnippet() {
  const hash = createHash('sha384').update(readFileSync('dist/cdn/ollama-chat.js')).digest('base64');
  const src = `https://cdn.jsdelivr.net/npm/ollama-chat@${version}/dist/cdn/ollama-chat.js`;
  console.log(`\n<script src="${src}" integrity="sha384-${hash}" crossorigin="anonymous" defer></script>`);
  console.log('<ollama-chat layout="popup"></ollama-chat>\n');
}
