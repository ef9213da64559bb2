/**
 * What of Lit goes into the CDN file: nothing is written anew here, only left out. Hooks for polyfills, hydration and other
 * copies of Lit, ways to style and to declare that this element does not use, and places in templates where none of ours has
 * an expression: test/libraries.spec.ts looks for those.
 */
import { cutFrom, exactly, type Edit } from './edit.ts';

const lit = (file: string) => new RegExp(`/${file}/(?:[^/]+/)?${file}\\.js$`);
const unmark = (file: string, name: string): Edit => ({
  file: lit(file),
  find: new RegExp(`\\(\\w+\\.${name}\\?\\?=\\[\\]\\)\\.push\\("[^"]+"\\)`),
  replace: () => 'void 0',
  why: 'the page cannot tell that there is a Lit, nor can another Lit on the page',
});

/** Pairs of what stands there and what stays of it. */
const shorten =
  (file: RegExp) =>
  (why: string, ...pairs: [found: string, becomes: string][]): Edit[] =>
    pairs.map(([found, becomes]) => ({ file, find: exactly(found), replace: () => becomes, why }));

const cssTag = /\/reactive-element\/css-tag\.js$/;
const property = /\/decorators\/property\.js$/;
const element = lit('reactive-element');
const litElement = lit('lit-element');
const template = lit('lit-html');
const guard = /\/lit-html\/directives\/guard\.js$/;
const directive = /\/lit-html\/directive\.js$/;

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
    find: /const t=globalThis,e=t\.ShadowRoot&&\(void 0===t\.ShadyCSS[^;]*;/,
    replace: () => '',
    why: 'every browser that runs the rest can adopt sheets',
  },
  ...shorten(cssTag)(
    'the same',
    ['if(e&&void 0===t)', 'if(void 0===t)'],
    ['if(e)s.adoptedStyleSheets=o.map(t=>t instanceof CSSStyleSheet?t:t.styleSheet);', 's.adoptedStyleSheets=o.map(t=>t.styleSheet)'],
  ),
  ...cutFrom(cssTag)('the same', /else for\(const e of o\)\{[^}]*\}/, /,c=e\?t=>t:[^]*?\(t\):t(?=;)/, /,c as getCompatibleStyle,e as \w+/),
  ...cutFrom(cssTag)(
    'ours are made by css``, of one text each',
    /const e=void 0!==s&&1===s\.length;e&&\(t=o\.get\(s\)\),(?=void 0)/,
    /,e&&o\.set\(s,t\)/,
    /const s=this\.t;(?=if)/,
    /,this\.t=e(?=\})/,
    /toString\(\)\{return this\.cssText\}/,
    /r=t=>new n\("string"==typeof t\?t:t\+"",void 0,s\),(?=i=)/,
    /,r as unsafeCSS/,
  ),
  {
    file: cssTag,
    find: /i=\(t,\.\.\.e\)=>\{const o=1===t\.length\?t\[0\]:[^]*?return new n\(o,t,s\)\}/,
    replace: () => 'i=t=>new n(t[0])',
    why: 'the same',
  },
  {
    file: cssTag,
    find: /constructor\(t,e,o\)\{if\(this\._\$cssResult\$=!0,o!==s\)throw Error\("CSSResult[^"]*"\);/,
    replace: () => 'constructor(t){',
    why: 'what tells a stranger of a mistake',
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
  ...cutFrom(property)('what writes it', /"object"==typeof (\w+)\?\w+\((\w+,)+\1\):/),
  ...shorten(property)('no class of ours has an accessor by the name of a property', [
    '{const r=e.hasOwnProperty(o);return e.constructor.createProperty(o,t),r?Object.getOwnPropertyDescriptor(e,o):void 0}',
    'e.constructor.createProperty(o,t)',
  ]),
  ...shorten(element)(
    'the same',
    [
      'const{get:e,set:r}=h(this.prototype,t)??{get(){return this[s]},set(t){this[s]=t}};return{get:e,set(s){const h=e?.call(this);r?.call(this,s),this.requestUpdate(t,h,i)}',
      'return{get(){return this[s]},set(e){const h=this[s];this[s]=e,this.requestUpdate(t,h,i)}',
    ],
    ['this._$Ei(),this.prototype.hasOwnProperty(t)&&((s=Object.create(s)).wrapped=!0),', 'this._$Ei(),'],
    ['{useDefault:i,reflect:e,wrapped:h},r', '{useDefault:i,reflect:e}'],
    ['(this._$Ej.set(t,r??s??this[t]),!0!==h||void 0!==r)||', 'this._$Ej.set(t,s??this[t])||'],
    [
      'const t=this.constructor.elementProperties;if(t.size>0)for(const[s,i]of t){const{wrapped:t}=i,e=this[s];!0!==t||this._$AL.has(s)||void 0===e||this.C(s,void 0,i,e)}',
      '',
    ],
    ['requestUpdate(t,s,i,e=!1,h){', 'requestUpdate(t,s,i){let h;'],
    ['!1===e&&(h=this[t]),', 'h=this[t],'],
  ),
  ...shorten(element)(
    'other types of properties than texts, booleans and those with a converter of ours',
    [
      '{switch(s){case Boolean:t=t?l:null;break;case Object:case Array:t=null==t?t:JSON.stringify(t)}return t}',
      '{return s===Boolean?t?"":null:t}',
    ],
    [
      '{let i=t;switch(s){case Boolean:i=null!==t;break;case Number:i=null===t?null:Number(t);break;case Object:case Array:try{i=JSON.parse(t)}catch(t){i=null}}return i}',
      '{return s===Boolean?null!==t:t}',
    ],
    ['c=a.trustedTypes,l=c?c.emptyScript:"",', ''],
    ['"function"==typeof t.converter?{fromAttribute:t.converter}:void 0!==t.converter?.fromAttribute?t.converter:u', 't.converter??u'],
    ['i.hasChanged??f', 'f'],
    [
      ',{const i=Symbol(),h=this.getPropertyDescriptor(t,i,s);void 0!==h&&e(this.prototype,t,h)}'.slice(1),
      'e(this.prototype,t,this.getPropertyDescriptor(t,Symbol(),s))',
    ],
    ['if(s.state&&(s.attribute=!1),', ''],
    [',!s.noAccessor)', ';'],
    ['createProperty(t,s=b)', 'createProperty(t,s)'],
    ['static getPropertyOptions(t){return this.elementProperties.get(t)??b}', ''],
    ['const r=this.constructor;if(', 'if('],
    [',i??=r.getPropertyOptions(t),', ','],
    ['hasAttribute(r._$Eu(t,i))', 'hasAttribute(this.constructor._$Eu(t,i))'],
    ['const t=i.getPropertyOptions(e),', 'const t=i.elementProperties.get(e),'],
    [',b={attribute:!0,type:String,converter:u,reflect:!1,useDefault:!1,hasChanged:f}', ''],
    ['"string"==typeof t?t.toLowerCase():void 0', 't.toLowerCase()'],
    ['this._$Eh&&[', '['],
  ),
  ...cutFrom(element)(
    'what no element or controller of ours calls',
    /static addInitializer\(t\)\{this\._\$Ei\(\),\(this\.l\?\?=\[\]\)\.push\(t\)\}/,
    /,void 0!==t\.l&&\(this\.l=\[\.\.\.t\.l\]\)/,
    /,this\.constructor\.l\?\.forEach\(t=>t\(this\)\)/,
    /removeController\(t\)\{this\._\$EO\?\.delete\(t\)\}/,
    /,p\?\.\(\{ReactiveElement:y\}\)/,
    /,p=a\.reactiveElementPolyfillSupport/,
    // What it adds it adds as it is made.
    /,void 0!==this\.renderRoot&&this\.isConnected&&t\.hostConnected\?\.\(\)/,
  ),
  {
    file: element,
    find: /if\(this\.finalized=!0,this\._\$Ei\(\),this\.hasOwnProperty\(d\("properties"\)\)\)\{const t=this\.properties[^}]*?\}(?=const|this)/,
    replace: () => 'this.finalized=!0,this._$Ei();',
    why: 'the same',
  },
  ...shorten(element)(
    'the same: ours has one list of sheets, one way to update, and no other root',
    ['this.elementStyles=this.finalizeStyles(this.styles)', 'this.elementStyles=this.styles'],
    [
      'static finalizeStyles(s){const i=[];if(Array.isArray(s)){const e=new Set(s.flat(1/0).reverse());for(const s of e)i.unshift(t(s))}else void 0!==s&&i.push(t(s));return i}',
      '',
    ],
    ['import{getCompatibleStyle as t,adoptStyles as s}', 'import{adoptStyles as s}'],
    ['export{CSSResult,css,supportsAdoptingStyleSheets,unsafeCSS}', 'export{CSSResult,css}'],
    [',t as getCompatibleStyle', ''],
    ['this.attachShadow(this.constructor.shadowRootOptions)', 'this.attachShadow({mode:"open"})'],
    ['y.elementStyles=[],y.shadowRootOptions={mode:"open"},', ''],
    [',y[d("finalized")]=new Map', ''],
    ['const t=this.scheduleUpdate();return null!=t&&await t,!this.isUpdatePending', 'return this.performUpdate(),!this.isUpdatePending'],
    ['scheduleUpdate(){return this.performUpdate()}', ''],
    ['let t=!1;const s=this._$AL;try{t=this.shouldUpdate(s),t?(', 'const s=this._$AL;try{'],
    [
      'this.update(s)):this._$EM()}catch(s){throw t=!1,this._$EM(),s}t&&this._$AE(s)}',
      'this.update(s)}catch(s){throw this._$EM(),s}this._$AE(s)}',
    ],
    ['this.hasUpdated||(this.hasUpdated=!0,this.firstUpdated(t)),', 'this.hasUpdated=!0,'],
    [
      'get updateComplete(){return this.getUpdateComplete()}getUpdateComplete(){return this._$ES}shouldUpdate(t){return!0}',
      'get updateComplete(){return this._$ES}',
    ],
    // Ours has both.
    ['updated(t){}firstUpdated(t){}', ''],
    ['willUpdate(t){}', ''],
    ['enableUpdating(t){}', ''],
    ['if(this.renderRoot??=this.createRenderRoot(),this._$Ep){', 'if(this._$Ep){'],
    ['attributeChangedCallback(t,s,i){this._$AK(t,i)}', ''],
    ['_$AK(t,s){const i=', 'attributeChangedCallback(t,r,s){const i='],
    ['const r=h.fromAttribute(s,t.type);this[e]=r??this._$Ej?.get(e)??r', 'r=h.fromAttribute(s,t.type);this[e]=r??this._$Ej?.get(e)??r'],
  ),
  ...shorten(litElement)(
    'the same',
    ['constructor(){super(...arguments),this.renderOptions={host:this},this._$Do=void 0}', ''],
    ['createRenderRoot(){const t=super.createRenderRoot();return this.renderOptions.renderBefore??=t.firstChild,t}', ''],
    [
      'this.hasUpdated||(this.renderOptions.isConnected=this.isConnected),super.update(t),this._$Do=e(r,this.renderRoot,this.renderOptions)}',
      'super.update(t),e(r,this.renderRoot)}',
    ],
    [
      'connectedCallback(){super.connectedCallback(),this._$Do?.setConnected(!0)}disconnectedCallback(){super.disconnectedCallback(),this._$Do?.setConnected(!1)}render(){return r}',
      '',
    ],
    ['i._$litElement$=!0,', ''],
    [',s.litElementHydrateSupport?.({LitElement:i});const o=s.litElementPolyfillSupport;o?.({LitElement:i})', ''],
    ['render as e,noChange as r', 'render as e'],
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
  ...shorten(template)('the same', ['let n,l=2===i', 'let l=2===i'], ['(c=n??v,d=-1)', '(c=v,d=-1)'], ['(c=p,n=void 0)', '(c=p)']),
  ...cutFrom(template)(
    'nor in a comment, or in the place of attributes',
    /else\{let t=-1;for\(;-1!==\(t=r\.data[^}]*?\{[^}]*?\}[^}]*?\}/,
    /else t\.startsWith\(o\)&&\(d\.push\(\{type:6,index:l\}\),r\.removeAttribute\(t\)\)/,
    /class Z\{[^]*?M\(this,t\)\}\}/,
  ),
  ...shorten(template)(
    'the same, and no template of ours has a comment',
    ['"!--"===u[1]?c=_:void 0!==u[1]?c=m:', ''],
    ['c===_||c===m?c=v:', ''],
    ['void 0===u[1]?d=-2:(', 'void 0!==u[1]&&('],
    ['s+o+(-2===d?i:x)', 's+o+x'],
    ['if(r.hasAttributes())', ''],
  ),
  ...shorten(template)(
    'no directive but guard(), between tags',
    [
      'function M(t,i,s=t,e){if(i===E)return i;let h=void 0!==e?s._$Co?.[e]:s._$Cl;const o=a(i)?void 0:i._$litDirective$;return h?.constructor!==o&&(h?._$AO?.(!1),void 0===o?h=void 0:(h=new o(t),h._$AT(t,s,e)),void 0!==e?(s._$Co??=[])[e]=h:s._$Cl=h),void 0!==h&&(i=M(t,h._$AS(t,i.values),h,e)),i}',
      'function M(t,i){let h=t._$Cl;const o=a(i)?void 0:i._$litDirective$;return h?.constructor!==o&&(t._$Cl=h=void 0===o?void 0:new o(t)),void 0!==h&&(i=h._$AS(t,i.values)),i}',
    ],
    ['_$AI(t,i=this){t=M(this,t,i),', '_$AI(t){t=M(this,t),'],
    ['_$AI(t,i=this,s,e){', '_$AI(t,s){'],
    ['t=M(this,t,i,0),o=!a(t)||t!==this._$AH&&t!==E,', 'o=!a(t)||t!==this._$AH,'],
    ['r=M(this,e[s+n],i,n),r===E&&(r=this._$AH[n]),', 'r=e[s+n],'],
    ['o&&!e&&this.j(t)', 'o&&this.j(t)'],
    ['_$AI(t,i=this){if((t=M(this,t,i,0)??A)===E)return;const s', '_$AI(t){t??=A;const s'],
    [
      'void 0!==s&&(void 0!==s.strings?(s._$AI(t,s,i),i+=s.strings.length-2):s._$AI(t[i])),i++',
      'void 0!==s.strings?(s._$AI(t,i),i+=s.strings.length-2):s._$AI(t[i]),i++',
    ],
  ),
  ...shorten(template)(
    'what only directives ask a part, and those that work later',
    [
      ',this._$AN=void 0,this._$AD=t,this._$AM=i}get parentNode(){return this._$AM.parentNode}get _$AU(){return this._$AM._$AU}',
      ',this._$AD=t}',
    ],
    ['get _$AU(){return this._$AM?._$AU??this._$Cv}constructor(t,i,s,e){this.type=2,', 'constructor(t,i){'],
    [',this._$AN=void 0,this._$AA=t,this._$AB=i,this._$AM=s,this.options=e,this._$Cv=e?.isConnected??!0}', ',this._$AA=t,this._$AB=i}'],
    [
      'get parentNode(){let t=this._$AA.parentNode;const i=this._$AM;return void 0!==i&&11===t?.nodeType&&(t=i.parentNode),t}get startNode(){return this._$AA}get endNode(){return this._$AB}',
      '',
    ],
    ['setConnected(t){void 0===this._$AM&&(this._$Cv=t,this._$AP?.(t))}', ''],
    ['_$AR(t=this._$AA.nextSibling,s){for(this._$AP?.(!1,!0,s);t!==', '_$AR(t=this._$AA.nextSibling){for(;t!=='],
    ['this._$AR(s&&s._$AB.nextSibling,e)', 'this._$AR(s&&s._$AB.nextSibling)'],
    [
      'get tagName(){return this.element.tagName}get _$AU(){return this._$AM._$AU}constructor(t,i,s,e,h){this.type=1,',
      'constructor(t,i,s){',
    ],
    [',this._$AN=void 0,this.element=t,this.name=i,this._$AM=e,this.options=h,', ',this.element=t,this.name=i,'],
    ['class I extends H{constructor(){super(...arguments),this.type=3}', 'class I extends H{'],
    ['class z extends H{constructor(t,i,s,e,h){super(t,i,s,e,h),this.type=5}', 'class z extends H{'],
    ['new k(h,h.nextSibling,this,t)', 'new k(h,h.nextSibling)'],
    ['1===r.type?i=new r.ctor(h,r.name,r.strings,this,t):6===r.type&&(i=new Z(h,this,t))', 'i=new r.ctor(h,r.name,r.strings)'],
    ['new R(e,this),s=t.u(this.options)', 'new R(e),s=t.u()'],
    ['u(t){const{el:', 'u(){const{el:'],
    ['(t?.creationScope??l).importNode', 'l.importNode'],
    ['constructor(t,i){this._$AV', 'constructor(t){this._$AV'],
    ['new k(this.O(c()),this.O(c()),this,this.options)', 'new k(this.O(c()),this.O(c()))'],
    ['const s=i(t).nextSibling;i(t).remove(),t=s', 'const s=t.nextSibling;t.remove(),t=s'],
    ['i=t=>t,', ''],
  ),
  ...shorten(guard)(
    'ours depend on lists, new ones each time',
    ['constructor(){super(...arguments),this.ot=e}render(r,t){return t()}', ''],
    ['if(Array.isArray(s)){if(Array.isArray(this.ot)&&this.ot.length===s.length&&', 'if(this.ot?.length===s.length&&'],
    [
      'return r}else if(this.ot===s)return r;return this.ot=Array.isArray(s)?Array.from(s):s,this.render(s,e)',
      'return r;return this.ot=s,e()',
    ],
    ['t(class extends s{', 't(class{'],
    ['update(t,[s,e]){', '_$AS(t,[s,e]){'],
    [',Directive as s}', '}'],
  ),
  ...shorten(directive)(
    'the same',
    [
      'class i{constructor(t){}get _$AU(){return this._$AM._$AU}_$AT(t,e,i){this._$Ct=t,this._$AM=e,this._$Ci=i}_$AS(t,e){return this.update(t,e)}update(t,e){return this.render(...e)}}',
      '',
    ],
    ['{i as Directive,', '{'],
  ),
  ...shorten(template)(
    'attributes of ours that are there or not have `nothing` for not',
    ['"?"===e[1]?L:', ''],
    ['class L extends H{constructor(){super(...arguments),this.type=4}j(t){this.element.toggleAttribute(this.name,!!t&&t!==A)}}', ''],
    ['/([.?@])?(.*)/', '/([.@])?(.*)/'],
  ),
  ...shorten(template)(
    'listeners of ours are functions that know what they need',
    ['e=t===A&&s!==A||t.capture!==s.capture||t.once!==s.once||t.passive!==s.passive,', 'e=t===A&&s!==A,'],
    ['h=t!==A&&(s===A||e)', 'h=t!==A&&s===A'],
    [
      'handleEvent(t){"function"==typeof this._$AH?this._$AH.call(this.options?.host??this.element,t):this._$AH.handleEvent(t)}',
      'handleEvent(t){this._$AH(t)}',
    ],
  ),
  ...shorten(template)(
    'templates that were compiled before, and places before which to render',
    ['e="number"==typeof s?this._$AC(t):(void 0===s.el&&(s.el=S.createElement(V(s.h,s.h[0]),this.options)),s);', 'e=this._$AC(t);'],
    ['const{values:i,_$litType$:s}=t,', 'const{values:i}=t,'],
    ['S.createElement(f,e)', 'S.createElement(f)'],
    ['_$litType$:i},e){let r', '_$litType$:i}){let r'],
    ['static createElement(t,i)', 'static createElement(t)'],
    [
      'D=(t,i,s)=>{const e=s?.renderBefore??i;let h=e._$litPart$;if(void 0===h){const t=s?.renderBefore??null;e._$litPart$=h=new k(i.insertBefore(c(),t),t,void 0,s??{})}return h._$AI(t),h}',
      'D=(t,i)=>{let h=i._$litPart$;void 0===h&&(i._$litPart$=h=new k(i.appendChild(c()),null)),h._$AI(t)}',
    ],
    ['throw Error("invalid template strings array")', 'throw Error()'],
  ),
  ...cutFrom(template)(
    'MathML is made otherwise, see mathml.ts',
    /(?<=2===i\?"<svg>":)3===i\?"<math>":(?="",c=v)/,
    /3===i\?"<\/math>":/,
    /\|\|3===i/,
    /,T=x\(3\)/,
    /T as mathml,/,
  ),
  ...shorten(template)(
    'another Lit has nothing to say here',
    ['Symbol.for("lit-noChange")', 'Symbol()'],
    ['Symbol.for("lit-nothing")', 'Symbol()'],
  ),
  ...shorten(/\/decorators\/state\.js$/)('the same', ['{...r,state:!0,attribute:!1}', '{attribute:!1}']),
  ...cutFrom(template)('polyfills, and what rendering on a server needs', /const j=\{M:h,[^]*?B\?\.\(S,k\),/, /j as _\$LH,/),
];
