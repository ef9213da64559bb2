/**
 * What of Lit goes into the CDN file: nothing is written anew here, only left out. Hooks for polyfills, hydration and other
 * copies of Lit, ways to style and to declare that this element does not use, and places in templates where none of ours has
 * an expression.
 */
import { cutFrom, type Edit } from './edit.ts';

const lit = (file: string) => new RegExp(`/${file}/(?:[^/]+/)?${file}\\.js$`);
const unmark = (file: string, name: string): Edit => ({
  file: lit(file),
  find: new RegExp(`\\(\\w+\\.${name}\\?\\?=\\[\\]\\)\\.push\\("[^"]+"\\)`),
  replace: () => 'void 0',
  why: 'the page cannot tell that there is a Lit, nor can another Lit on the page',
});

const cssTag = /\/reactive-element\/css-tag\.js$/;
const element = lit('reactive-element');
const template = lit('lit-html');

export const litEdits: Edit[] = [
  {
    file: /helpers\/(?:esm\/)?decorate\.js$/,
    find: /var c = arguments\.length[^]*?return[^;]*;/,
    replace: () => 'for (const decorator of decorators) decorator(target, key);',
    why: 'all that a property of ours needs',
  },
  unmark('lit-html', 'litHtmlVersions'),
  unmark('lit-element', 'litElementVersions'),
  unmark('reactive-element', 'reactiveElementVersions'),

  // Styles: sheets of our own, in browsers that can adopt them.
  {
    file: cssTag,
    find: /t\.ShadowRoot&&\(void 0===t\.ShadyCSS[^,]*,/,
    replace: () => '!0,',
    why: 'every browser that runs the rest can adopt sheets',
  },
  ...cutFrom(cssTag)(
    'ours are made by css``',
    /t instanceof CSSStyleSheet\?t:(?=t\.styleSheet)/,
    /const e=void 0!==s&&1===s\.length;e&&\(t=o\.get\(s\)\),(?=void 0)/,
    /,e&&o\.set\(s,t\)/,
  ),
  {
    file: cssTag,
    find: /if\(this\._\$cssResult\$=!0,o!==s\)throw Error\("CSSResult[^"]*"\);/,
    replace: () => 'this._$cssResult$=!0;',
    why: 'what tells a stranger of a mistake',
  },
  {
    file: cssTag,
    find: /if\(!0===t\._\$cssResult\$\)return t\.cssText;if\("number"[^]*?page security\."\)/,
    replace: () => 'return t.cssText',
    why: 'the same',
  },

  // The element.
  {
    file: element,
    find: /Symbol\.metadata\?\?=Symbol\("metadata"\),\w+\.litPropertyMetadata\?\?=new WeakMap;/,
    replace: () => '',
    why: 'a global for standard decorators; ours are compiled the other way',
  },
  {
    file: element,
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
  ...cutFrom(element)(
    'other types of properties than texts, booleans and those with a converter of ours',
    /break;case Object:case Array:t=null==t\?t:JSON\.stringify\(t\)/,
    /break;case Number:i=null===t\?null:Number\(t\);break;case Object:case Array:try\{i=JSON\.parse\(t\)\}catch\(t\)\{i=null\}/,
  ),
  ...cutFrom(element)(
    'what no element or controller of ours calls',
    /static addInitializer\(t\)\{this\._\$Ei\(\),\(this\.l\?\?=\[\]\)\.push\(t\)\}/,
    /,void 0!==t\.l&&\(this\.l=\[\.\.\.t\.l\]\)/,
    /,this\.constructor\.l\?\.forEach\(t=>t\(this\)\)/,
    /removeController\(t\)\{this\._\$EO\?\.delete\(t\)\}/,
    /,p\?\.\(\{ReactiveElement:y\}\)/,
    /,p=a\.reactiveElementPolyfillSupport/,
  ),
  {
    file: element,
    find: /if\(this\.finalized=!0,this\._\$Ei\(\),this\.hasOwnProperty\(d\("properties"\)\)\)\{const t=this\.properties[^}]*?\}(?=const|this)/,
    replace: () => 'this.finalized=!0,this._$Ei();',
    why: 'the same',
  },
  ...cutFrom(lit('lit-element'))(
    'the same',
    /,s\.litElementHydrateSupport\?\.\(\{LitElement:i\}\);const o=s\.litElementPolyfillSupport;o\?\.\(\{LitElement:i\}\)/,
  ),

  // Templates.
  {
    file: template,
    find: /(\w+)\.createPolicy\("lit-html",(\{createHTML:\w+=>\w+\})\)/,
    // A page that allows it once refuses it to a second copy, which only has to see that the tag is taken.
    replace: (_all, types, rules) => `(()=>{try{return ${types}.createPolicy("ollama-chat-lit",${rules})}catch{}})()`,
    why: 'our policy has our name, and the script never throws as it loads',
  },
  ...cutFrom(template)(
    'no expression of ours stands in a script, a style, a text area or a title',
    /y\.test\(u\[2\]\)&&\(n=RegExp\("<\/"\+u\[2\],"g"\)\),/,
    /if\(y\.test\(r\.tagName\)\)\{const t=r\.textContent[^}]*?\{[^}]*?\{[^}]*?\}[^}]*?\}\}/,
  ),
  ...cutFrom(template)(
    'nor in a comment, or in the place of attributes',
    /else\{let t=-1;for\(;-1!==\(t=r\.data[^}]*?\{[^}]*?\}[^}]*?\}/,
    /else t\.startsWith\(o\)&&\(d\.push\(\{type:6,index:l\}\),r\.removeAttribute\(t\)\)/,
    /class Z\{[^]*?M\(this,t\)\}\}/,
  ),
  { file: template, find: /6===r\.type&&\(i=new Z\(h,this,t\)\)/, replace: () => '0', why: 'the same' },
  ...cutFrom(template)(
    'MathML is made otherwise, see mathml.ts',
    /(?<=2===i\?"<svg>":)3===i\?"<math>":(?="",c=v)/,
    /3===i\?"<\/math>":/,
    /\|\|3===i/,
    /,T=x\(3\)/,
    /T as mathml,/,
  ),
  ...cutFrom(template)('polyfills, and what rendering on a server needs', /const j=\{M:h,[^]*?B\?\.\(S,k\),/, /j as _\$LH,/),
];
