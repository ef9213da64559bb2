/** Once more over what Vite's minifier has made: half a kilobyte less to load, and the same words on a page that is no UTF-8. */
import { minify } from 'terser';
import type { Plugin } from 'vite';

export const squeeze = (): Plugin => ({
  name: 'squeeze',
  apply: 'build',
  async generateBundle(_options, bundle) {
    for (const chunk of Object.values(bundle)) {
      if (chunk.type !== 'chunk') continue;
      const { code = '' } = await minify(chunk.code, {
        ecma: 2020,
        format: { ascii_only: true },
        compress: { passes: 3, keep_fargs: false, unsafe_arrows: true, conditionals: false, if_return: false },
      });
      chunk.code = code;
    }
  },
});
