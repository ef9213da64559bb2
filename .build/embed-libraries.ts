/**
 * Makes the libraries inside the CDN file a private part of it: a Trusted Types policy that a site's header can allow
 * for us alone, no mark on the page's `globalThis`, and not the code that only other users of them need.
 */
import type { Plugin } from 'vite';
import { apply, type Edit } from './edit.ts';
import { dompurifyEdits } from './edit-dompurify.ts';
import { markedEdits } from './edit-marked.ts';

const lit = (file: string) => new RegExp(`/${file}/(?:[^/]+/)?${file}\\.js$`);
const unmark = (file: string, name: string): Edit => ({
  file: lit(file),
  find: new RegExp(`\\(\\w+\\.${name}\\?\\?=\\[\\]\\)\\.push\\("[^"]+"\\)`),
  replace: () => 'void 0',
  why: 'the page cannot tell that there is a Lit, nor can another Lit on the page',
});

const edits: Edit[] = [
  {
    file: /helpers\/(?:esm\/)?decorate\.js$/,
    find: /var c = arguments\.length[^]*?return[^;]*;/,
    replace: () => 'for (const decorator of decorators) decorator(target, key);',
    why: 'all that a property of ours needs',
  },
  {
    file: lit('lit-html'),
    find: /(\w+)\.createPolicy\("lit-html",(\{createHTML:\w+=>\w+\})\)/,
    // A page that allows it once refuses it to a second copy, which only has to see that the tag is taken.
    replace: (_all, types, rules) => `(()=>{try{return ${types}.createPolicy("ollama-chat-lit",${rules})}catch{}})()`,
    why: 'our policy has our name, and the script never throws as it loads',
  },
  unmark('lit-html', 'litHtmlVersions'),
  unmark('lit-element', 'litElementVersions'),
  unmark('reactive-element', 'reactiveElementVersions'),
  {
    file: lit('reactive-element'),
    find: /Symbol\.metadata\?\?=Symbol\("metadata"\),\w+\.litPropertyMetadata\?\?=new WeakMap;/,
    replace: () => '',
    why: 'a global for standard decorators; ours are compiled the other way',
  },
  {
    file: lit('reactive-element'),
    find: /const (\w+)=this\[Symbol\.metadata\];if\(null!==\1\)\{const \w+=litPropertyMetadata[^}]*\}/,
    replace: () => '',
    why: 'what reads that global',
  },
  {
    file: /\/decorators\/property\.js$/,
    find: /"object"==typeof (\w+)\?\w+\((\w+,)+\1\):/,
    replace: () => '',
    why: 'what writes it',
  },
  ...markedEdits,
  ...dompurifyEdits,
];

export const embedLibraries = (): Plugin => {
  const missing = new Set(edits);
  return {
    name: 'embed-libraries',
    transform(code, id) {
      // The packer looks back 32 kB: with the libraries in front, all of our own code stands together.
      if (id.endsWith('/src/define.ts')) return { code: `import 'marked'; import 'dompurify'; import 'lit'; ${code}`, map: null };
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
