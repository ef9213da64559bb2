/**
 * A classic script has no chunks: its dynamic imports become files in `parts/` beside it, fetched from wherever the page
 * got the script. Vite builds those files by `--mode parts`, under the names that stand in the imports.
 */
import type { Plugin } from 'vite';

/** While a classic script runs, and only then, the page tells where it came from. */
const FETCH =
  'const ollamaChatSource = document.currentScript?.src, ollamaChatPart = async name => import(new URL(`parts/${name}.js`, ollamaChatSource));';

export const partsBeside = (): Plugin => ({
  name: 'parts-beside',
  enforce: 'pre',
  transform(code, id) {
    if (!id.includes('/src/') || !code.includes('import(')) return;
    return code.replace(/(?<!typeof )\bimport\('[^']*\/([\w-]+)'\)/g, "ollamaChatPart('$1')");
  },
  outputOptions: options => ({ ...options, intro: FETCH }),
});
