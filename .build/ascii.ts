/** The CDN file in ASCII: a page that is no UTF-8, or a server that says nothing of it, reads the same words. */
import type { Plugin } from 'vite';

export const ascii = (): Plugin => ({
  name: 'ascii',
  generateBundle(_options, bundle) {
    for (const file of Object.values(bundle)) {
      if (file.type === 'chunk')
        file.code = file.code.replace(/[\u0080-\uffff]/g, unit => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
    }
  },
});
