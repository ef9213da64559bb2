/**
 * Makes the libraries inside the CDN file a private part of it: a Trusted Types policy that a site's header can allow
 * for us alone, no mark on the page's `globalThis`, and not the code that only other users of them need.
 */
import type { Plugin } from 'vite';

interface Edit {
  file: RegExp;
  find: RegExp;
  replace: (...found: string[]) => string;
  why: string;
  /** How many places; one unless told. */
  times?: number;
}

const lit = (file: string) => new RegExp(`/${file}/(?:[^/]+/)?${file}\\.js$`);
const unmark = (file: string, name: string): Edit => ({
  file: lit(file),
  find: new RegExp(`\\(\\w+\\.${name}\\?\\?=\\[\\]\\)\\.push\\("[^"]+"\\)`),
  replace: () => 'void 0',
  why: 'the page cannot tell that there is a Lit, nor can another Lit on the page',
});
const emptyList = (name: string): Edit => ({
  file: /\/purify\.es\.mjs$/,
  find: new RegExp(`const ${name.replace('$', '\\$')} = freeze\\(\\[[^\\]]*\\]\\)`),
  replace: () => `const ${name} = freeze([])`,
  why: 'a default allow-list: sanitize.ts names its own, and a shorter list could only let less through',
});

const edits: Edit[] = [
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
  {
    file: /\/marked\.esm\.js$/,
    // From the default instance to the end: `var v=new Marked;function marked(…){return v.parse(…)} … export{…}`.
    find: /var (\w+)=new \w+;function \w+\(\w+,\w+\)\{return \1\.parse\([^]*export\{([^}]*)\}/,
    replace: (_all, _instance, names = '') => `export{${names.split(',').filter(name => / as [A-Z]/.test(name))}}`,
    why: 'with the default instance gone, classes that nobody imports fall away',
  },
  {
    file: /\/marked\.esm\.js$/,
    find: /this\.options\.pedantic/,
    times: 21,
    replace: () => 'false',
    why: 'Markdown as it was in 2004, which toHtml() never asks for',
  },
  {
    file: /\/marked\.esm\.js$/,
    find: /,pedantic:\w+\}/,
    times: 2,
    replace: () => '}',
    why: 'the rules for it',
  },
  ...['html$1', 'html', 'svg', 'mathMl', 'xml'].map(emptyList),
];

export const embedLibraries = (): Plugin => {
  const missing = new Set(edits);
  return {
    name: 'embed-libraries',
    transform(code, id) {
      const edited = edits
        .filter(({ file }) => file.test(id))
        .reduce((text, edit) => {
          // Exactly one place: the next version may say it differently, and silence would ship the wrong file.
          const places = text.match(new RegExp(edit.find, 'g'))?.length ?? 0;
          if (places !== (edit.times ?? 1))
            this.error(`${id} has ${places} places like ${edit.find} (${edit.why}): see .build/embed-libraries.ts`);
          missing.delete(edit);
          return text.replace(new RegExp(edit.find, 'g'), edit.replace);
        }, code);
      return edited === code ? undefined : { code: edited, map: null };
    },
    buildEnd(error) {
      if (error || missing.size === 0) return;
      this.error(`no file for ${[...missing].map(edit => `${edit.file} (${edit.why})`).join(', ')}: see .build/embed-libraries.ts`);
    },
  };
};
