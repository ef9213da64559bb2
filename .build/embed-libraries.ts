/**
 * Makes the libraries inside the CDN file a private part of it: a Trusted Types policy that a site's header can allow
 * for us alone, no mark on the page's `globalThis`, and not the code that only other users of them need.
 */
import type { Plugin } from 'vite';
import { apply, type Edit } from './edit.ts';
import { dompurifyEdits } from './edit-dompurify.ts';
import { litEdits } from './edit-lit.ts';
import { markedEdits } from './edit-marked.ts';

const edits: Edit[] = [...litEdits, ...markedEdits, ...dompurifyEdits];

/**
 * What comes first in the file. The packer looks back 32 kB: what reads Markdown is full of patterns like those of the library,
 * and the rest of our own code stands together. Found by trying: nothing depends on it but the size.
 */
const ORDER = [
  ...['./markdown/parse', './markdown/blocks'],
  ...['./protocol/json', './protocol/server-url', 'lit'],
  ...['./markdown/page', './conversation/think-tags'],
  ...['./protocol/ollama', './ui/attributes'],
];

export const embedLibraries = (): Plugin => {
  const missing = new Set(edits);
  return {
    name: 'embed-libraries',
    transform(code, id) {
      if (id.endsWith('/src/define.ts')) return { code: ORDER.map(name => `import '${name}';`).join('') + code, map: null };
      const edited = edits
        .filter(({ file }) => file.test(id))
        .reduce((text, edit) => {
          const made = apply(edit, text);
          if ('fault' in made) this.error(`${id} has ${made.fault} (${edit.why}): see .build/`);
          missing.delete(edit);
          return made.text;
        }, code);
      return edited === code ? undefined : { code: edited, map: null };
    },
    buildEnd(error) {
      if (error || missing.size === 0) return;
      this.error(`no file for ${[...missing].map(edit => `${edit.file} (${edit.why})`).join(', ')}: see .build/embed-libraries.ts`);
    },
  };
};
