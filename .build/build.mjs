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

/** The licences of what the CDN file holds ask to travel with it. */
function writeLicences() {
  const libraries = ['lit', 'marked', 'dompurify', 'temml', '@speed-highlight/core', 'eventsource-parser', 'idb'].map(name => {
    const folder = join('node_modules', name);
    const licence = readdirSync(folder).find(file => /^licen[sc]e/i.test(file));
    if (!licence) throw new Error(`${name} has no licence file`);
    return `${name}\n\n${readFileSync(join(folder, licence), 'utf8').trim()}\n`;
  });
  const parts = [`ollama-chat\n\n${readFileSync('LICENSE', 'utf8').trim()}\n`, ...libraries];
  writeFileSync('dist/cdn/ollama-chat.LICENSES.txt', parts.join(`\n${'-'.repeat(80)}\n\n`));
}

function printSnippet() {
  const hash = createHash('sha384').update(readFileSync('dist/cdn/ollama-chat.js')).digest('base64');
  const src = `https://cdn.jsdelivr.net/npm/ollama-chat@${version}/dist/cdn/ollama-chat.js`;
  console.log(`\n<script src="${src}" integrity="sha384-${hash}" crossorigin="anonymous" defer></script>`);
  console.log('<ollama-chat layout="popup"></ollama-chat>\n');
}
