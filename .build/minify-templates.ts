/** Takes the white space out of html`…` and css`…` in our own source, before the decorators are compiled away. */
import { minifyHTMLLiterals } from 'minify-literals';
import type { Plugin } from 'vite';

export const minifyTemplates = (): Plugin => ({
  name: 'minify-templates',
  enforce: 'pre',
  apply: 'build',
  async transform(code, id) {
    if (!/\/src\/.*\.ts$/.test(id) || !/\b(html|svg|css)`/.test(code)) return;
    const result = await minifyHTMLLiterals(code, {
      fileName: id,
      // In svg`…` a shape without its slash would swallow the next one.
      html: { keepClosingSlash: true },
    });
    return result ? { code: result.code, map: result.map } : undefined;
  },
});
