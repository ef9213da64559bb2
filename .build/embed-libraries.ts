/**
 * Makes the libraries inside the CDN file a private part of it: a Trusted Types policy that a site's header can allow
 * for us alone, no mark on the page's `globalThis`, and not the code that only other users of them need.
 */
import type { Plugin } from 'vite';
import type { Edit } from './edit.ts';
import { markedEdits } from './edit-marked.ts';

const lit = (file: string) => new RegExp(`/${file}/(?:[^/]+/)?${file}\\.js$`);
const unmark = (file: string, name: string): Edit => ({
  file: lit(file),
  find: new RegExp(`\\(\\w+\\.${name}\\?\\?=\\[\\]\\)\\.push\\("[^"]+"\\)`),
  replace: () => 'void 0',
  why: 'the page cannot tell that there is a Lit, nor can another Lit on the page',
});
const emptyList = (name: string): Edit => ({
  file: purify,
  find: new RegExp(`const ${name.replace('$', '\\$')} = freeze\\(\\[[^\\]]*\\]\\)`),
  replace: () => `const ${name} = freeze([])`,
  why: 'a default allow-list: sanitize.ts names its own, and a shorter list could only let less through',
});

const purify = /\/purify\.es\.mjs$/;

/** An option of DOMPurify that sanitize.ts leaves as it is: off. Nobody can turn on what is a constant. */
const off = (name: string, value = `cfg.${name} || false`): Edit[] => [
  { file: purify, find: new RegExp(`let ${name} = false;`), replace: () => `const ${name} = false;`, why: 'stays off' },
  { file: purify, find: new RegExp(`\\b${name} = ${value.replace(/[|.?()&"]/g, '\\$&')};`), replace: () => '', why: 'stays off' },
];

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
  {
    file: purify,
    find: /function AsyncGenerator\(e\) \{[^]*?\n\}\nAsyncGenerator\.prototype\[[^]*?\n\};\n/,
    replace: () => '',
    why: "a compiler's helper that nothing in it uses",
  },
  ...[/DOMPurify\.clearConfig = [^]*?(?=DOMPurify\.addHook)/, /DOMPurify\.removeHook = [^]*?(?=return DOMPurify;\n\}\nvar)/].map(find => ({
    file: purify,
    find,
    replace: () => '',
    why: 'ways to undo what sanitize.ts has set, and it never does',
  })),
  {
    file: purify,
    find: /objectHasOwnProperty\((?:cfg|customElementHandling), "(?:ADD_\w+|\w+Check|allowCustomizedBuiltInElements)"\)/,
    times: 6,
    replace: () => 'false',
    why: 'more that could be let through, and never is',
  },
  ...off('IN_PLACE'),
  ...off('SAFE_FOR_TEMPLATES'),
  ...off('WHOLE_DOCUMENT'),
  ...off('FORCE_BODY'),
  ...off('SANITIZE_NAMED_PROPS'),
  ...off('ALLOW_UNKNOWN_PROTOCOLS'),
  ...off(
    'USE_PROFILES',
    'objectHasOwnProperty(cfg, "USE_PROFILES") ? cfg.USE_PROFILES && typeof cfg.USE_PROFILES === "object" ? clone(cfg.USE_PROFILES) : cfg.USE_PROFILES : false',
  ),
  {
    file: purify,
    find: /if \(typeof dirty !== "string" && !_isNode\(dirty\)\) \{[^]*?\n\t\t\}/,
    replace: () => '',
    why: 'other things as input: ours is text',
  },
  {
    file: purify,
    find: /const (?:number|boolean|bigint|symbol|object)ToString = [^;]*;/,
    times: 5,
    replace: () => '',
    why: 'what makes text of them',
  },
  ...['html$1', 'html', 'svg', 'mathMl', 'xml', 'svgFilters', 'svgDisallowed'].map(emptyList),
];

export const embedLibraries = (): Plugin => {
  const missing = new Set(edits);
  return {
    name: 'embed-libraries',
    transform(code, id) {
      // The packer looks back 32 kB: with the libraries in front, all of our own code stands together.
      if (/\/src\/define\.ts$/.test(id)) return { code: `import 'marked'; import 'dompurify'; import 'lit'; ${code}`, map: null };
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
