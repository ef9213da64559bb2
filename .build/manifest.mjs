/** From the JSDoc of the element: the custom elements manifest, JSX types, and what editors read. */
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { generateJsxTypes } from '@wc-toolkit/jsx-types';
import { generateVsCodeCustomElementData } from 'custom-element-vs-code-integration';

process.chdir(fileURLToPath(new URL('..', import.meta.url)));
const path = 'dist/custom-elements.json';

const sources = ['src/ollama-chat.ts', 'src/settings.ts', 'src/define.ts', 'src/events.ts'].flatMap(file => ['--globs', file]);
const analyzer = 'node_modules/@custom-elements-manifest/analyzer/cem.js';
const { status } = spawnSync(process.execPath, [analyzer, 'analyze', '--litelement', '--quiet', '--outdir', 'dist', ...sources], {
  stdio: ['ignore', 'inherit', 'inherit'],
});
if (status !== 0) process.exit(status ?? 1);

const manifest = JSON.parse(readFileSync(path, 'utf8'), (key, value) => {
  // Published are the built modules, not the source.
  if ((key === 'path' || key === 'module') && typeof value === 'string') return value.replace(/^\/?src\/(.+?)(\.ts)?$/, 'dist/$1.js');
  // For `dispatchEvent(new SomeEvent(x))` the analyzer guesses an event beside the one that @fires describes.
  if (key === 'events') return value.filter((/** @type {{ description?: string }} */ event) => event.description);
  if (key === 'members') return value.filter((/** @type {{ privacy?: string }} */ member) => (member.privacy ?? 'public') === 'public');
  return value;
});
writeFileSync(path, `${JSON.stringify(manifest, null, 2)}\n`);

generateJsxTypes(manifest, { outdir: 'dist', fileName: 'jsx.d.ts', componentTypePath: () => './ollama-chat.js', hideLogs: true });
completeJsxTypes();
generateVsCodeCustomElementData(manifest, {
  outdir: 'dist',
  htmlFileName: 'html-custom-data.json',
  cssFileName: 'css-custom-data.json',
  hideLogs: true,
});

/** The generator names the events' types without importing them, and knows only refs that are functions. */
function completeJsxTypes() {
  const file = 'dist/jsx.d.ts';
  const text = readFileSync(file, 'utf8');
  const events = [...new Set(text.match(/\bChat\w+Event\b/g))].toSorted();
  const completed = text.replace(
    'ref?: (T | ((e: T) => void)) | undefined',
    'ref?: T | ((e: T) => void) | { current: T | null } | undefined',
  );
  if (!events.length || completed === text) throw new Error(`${file} looks different now: see .build/manifest.mjs`);
  writeFileSync(file, `import type { ${events.join(', ')} } from "./events.js";\n${completed}`);
}
