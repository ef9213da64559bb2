/**
 * What of marked goes into the CDN file: its GitHub flavour, as `src/markdown/` uses it. The library has several sets of
 * rules, ways in of its own and points to extend it; of all that we have one.
 */
import { Lexer } from 'marked';
import { cutFrom, type Edit } from './edit.ts';

const file = /\/marked\.esm\.js$/;
const cut = cutFrom(file);

/** The rules of the GitHub flavour, each a variable. What nobody uses of them the minifier drops. */
const literals = (kind: 'block' | 'inline') =>
  Object.entries(Lexer.rules[kind].gfm).map(([name, rule]) => `${kind}_${name}=${String(rule)}`);

export const markedEdits: Edit[] = [
  {
    file,
    // From the default instance to the end: `var v=new Marked;function marked(…){return v.parse(…)} … export{…}`.
    find: /var (\w+)=new \w+;function \w+\(\w+,\w+\)\{return \1\.parse\([^]*export\{([^}]*)\}/,
    replace: (_all, _instance, names = '') => `export{${names.split(',').filter(name => / as [A-Z]/.test(name))}}`,
    why: 'with the default instance gone, classes that nobody imports fall away',
  },
  {
    file,
    find: /this\.options\.pedantic/,
    times: 21,
    replace: () => 'false',
    why: 'Markdown as it was in 2004, which toHtml() never asks for',
  },
  { file, find: /!!this\.options\.gfm|this\.options\.gfm(?=&&!false)/, times: 2, replace: () => 'true', why: 'what we always ask for' },

  // The rules. A line of the library's is read here as `Pattern` and `{ name: Pattern }`.
  ...cut(
    'ways in that nobody takes: lexer.ts has its own, and sets its rules once',
    /let (\w)=\{other:\w,block:[^]*?this\.tokenizer\.rules=\1/,
  ),
  ...cut(
    'ways in that nobody takes: blocks.ts has its own',
    /static get rules\(\)[^]*?return this\.inlineQueue=\[\],this\.tokens\}/,
    /static parse\(e,t\)[^]*?(?=parse\(e\)\{)/,
  ),
  {
    file,
    // From the first rule of blocks to the last table of tables of rules; the names of HTML's blocks are used once more.
    find: /,\w+=\/\^\(\?:\[ \\t\]\*\(\?:\\n\|\$\)\)\+\/,[^]*?,(\w+="address\|[^"]*")[^]*?,pedantic:\w+\},\w+=\{normal:\w+,[^}]*,pedantic:\w+\};(?=var)/,
    replace: (_all, names) => `,${[names, ...literals('block'), ...literals('inline')]};`,
    why: 'the rules are put together here and not in each page',
  },
  {
    file,
    find: /,\w=\{codeRemoveIndent:([^]*?nestedContainerMarkers:[^]*?)\}(?=,\w+="address)/,
    replace: (_all, patterns = '') => `,other_codeRemoveIndent=${patterns.replace(/,(\w{5,}):(?=\/|\w=>|\w\(\w=>)/g, ',other_$1=')}`,
    why: 'a variable costs less than a property',
  },
  {
    file,
    find: /let\{blockSkip:(\w),tag:(\w),autolink:(\w)\}=this\.tokenizer\.rules\.inline,/,
    replace: (_all, skip, tag, link) => `let ${skip}=inline_blockSkip,${tag}=inline_tag,${link}=inline_autolink,`,
    why: 'the same',
  },
  { file, find: /\b(?:\w+\.)+(other|block|inline)\.(\w+)/, times: 113, replace: (_all, kind, name) => `${kind}_${name}`, why: 'the same' },
  { file, find: /\bO\.(?=\w)/, times: 17, replace: () => 'other_', why: 'the same' },
  { file, find: /,(?:this|\w)\.rules(?=\))/, times: 5, replace: () => '', why: 'the rules as an argument' },
  ...cut(
    'what put the rules together',
    /function g\(l,e=""\)\{[^]*?getRegex[^}]*\};return n\}/,
    /var q=\{exec:\(\)=>null\};/,
    /\w+=\(\(l=""\)=>\{try\{return!!new RegExp\([^]*?\}\}\)\(\),/,
    /,other_pedanticHeadingBeginRegex=\w\([^]*?(?=,other_)/,
  ),

  ...cut(
    'what our tokenizer has instead',
    /html\(e\)\{let t=block_html[^]*?\}\}\}(?=def\()/,
    /tag\(e\)\{if\(e\.charCodeAt[^]*?\}(?=link\(e\)\{)/,
  ),
  ...cut(
    'what our renderer has instead, and what only that used',
    /image\(\{href:[^]*?(?=text\(e\)\{return"tokens"in)/,
    /,this\.textRenderer=new \w,this\.textRenderer\.parser=this/,
    /textRenderer;(?=constructor)/,
  ),
  {
    file,
    find: /n\|\|this\.options\.hooks\?\.emStrongMask\|\|this\.tokenizer\.emStrong!==\w\.prototype\.emStrong\|\|this\.tokenizer\.del!==\w\.prototype\.del\?(this\.#\w\(e\)):e/,
    replace: (_all, masked = '') => masked,
    why: 'our tokenizer has its own emStrong()',
  },
  {
    file,
    find: /&&this\.tokenizer\.paragraph===\w\.prototype\.paragraph/,
    replace: () => '',
    why: 'and not its own paragraph()',
  },
  {
    file,
    find: /(?<=state=\{inLink:!1,)inRawBlock:!1,|,\w=\w\.state\.inRawBlock(?=;)|\w\.state\.inRawBlock=\w;|let n=this\.lexer\.state\.inRawBlock;/,
    times: 4,
    replace: () => '',
    why: 'only tag() could say that HTML is raw, and ours never does',
  },
  { file, find: /n\?t\[0\]:(De\(t\[0\]\)),escaped:n/, replace: (_all, text) => `${text},escaped:!1`, why: 'the same' },
  {
    file,
    find: /this\.options\.extensions\?\.(?=\w+\?\.some)|this\.options\.hooks\?\.(?=emStrongMask)|\?\?t(?=,t\}infinite)/,
    times: 4,
    replace: found => found.replace('?.', '.').replace('??t', ''),
    why: 'lexer.ts always gives them',
  },
  { file, find: /this\.options\.silent/, times: 3, replace: () => 'false', why: 'a way to be quiet about errors' },
  // Tokens that nobody else makes or reads.
  ...cut('tokens that nothing is shown of', /space\(e\)\{return""\}/, /def\(e\)\{return""\}/),
  ...cut(
    'the same',
    /(?<=code\(\{text:e,lang:t),escaped:n/,
    /"escaped"in e&&e\.escaped\?e\.text:(?=y\(e\.text\))/,
    /,escaped:!1(?=\}\}\})/,
  ),
  { file, find: /n\?s:(?=y\(s,!0\))/, times: 2, replace: () => '', why: 'the same' },
  { file, find: /&&!k\.escaped|,escaped:!1(?=\}\),e=)/, times: 4, replace: () => '', why: 'the same' },
  {
    file,
    find: /this\.infiniteLoopError\(e\.charCodeAt\(0\)\);break/,
    times: 4,
    replace: () => 'throw Error()',
    why: 'what tells its own developers more',
  },
  ...cut('the same', /infiniteLoopError\(e\)\{[^}]*\}/),
  {
    file,
    find: /(?:this\.tokenizer\.lexer=this|this\.renderer\.parser=this);(?=let)/,
    times: 4,
    replace: () => '',
    why: 'each has its own, from the start',
  },
  {
    file,
    find: /\|\|new \w(?=,this\.(?:tokenizer|renderer)=)/,
    times: 2,
    replace: () => '',
    why: 'lexer.ts and parse.ts always give one',
  },
  {
    file,
    find: /(?:options;rules;lexer|tokens;options;state;inlineQueue;tokenizer|options;parser|options;renderer);(?=constructor)/,
    times: 4,
    replace: () => '',
    why: 'fields that are set right away',
  },
  {
    file,
    find: /(?:if\(O\.escapeTest(?:NoEncode)?\.test\(l\)\)|if\(other_escapeTest(?:NoEncode)?\.test\(l\)\))(return l\.replace\(other_escapeReplace(?:NoEncode)?,\w+\))/,
    times: 2,
    replace: (_all, replaced = '') => replaced,
    why: 'what does not match is not replaced',
  },
  {
    // Whoever adds another way to start has to look here too.
    file: /\/markdown\/formula\.ts$/,
    find: /startBlock: \[blockStart\],[^]*?startInline: \[[^,]*?\]/,
    replace: (found = '') => found,
    why: 'there is one of each kind, and it gives a number: see below',
  },
  {
    file,
    find: /let u=1\/0,d=e\.slice\(1\),h;(this\.options\.extensions\.start\w+)\.forEach\(p=>\{h=p\.call\(\{lexer:this\},d\),typeof h=="number"&&h>=0&&\(u=Math\.min\(u,h\)\)\}\),u<1\/0&&u>=0&&\(c=e\.substring\(0,u\+1\)\)/,
    times: 2,
    replace: (_all, starts) => `let u=${starts}[0](e.slice(1));u>=0&&(c=e.substring(0,u+1))`,
    why: 'the same',
  },
  {
    file,
    find: /if\(this\.options\.extensions\?\.start(?:Block|Inline)\)(?=\{)/,
    times: 2,
    replace: () => '',
    why: 'they are always there',
  },
  ...cut(
    'each has its own, and its options are asked for nothing',
    /this\.options\.tokenizer=this\.options\.tokenizer,(?=this\.tokenizer=)/,
    /this\.tokenizer\.options=this\.options,/,
    /this\.options\.renderer=this\.options\.renderer,(?=this\.renderer=)/,
    /this\.renderer\.options=this\.options,/,
    /this\.tokens\.links&&(?=e\.includes)/,
  ),
  {
    file: /\/markdown\/(?:lexer|parse)\.ts$/,
    find: /gfm: true,/,
    replace: () => '',
    why: 'nobody asks any more',
  },
  {
    file,
    find: /parse\(e\)\{let t="";for\([^]*?\}return t\}(?=parseInline)/,
    digest: '776e56ac',
    // Of what is between blocks, and of definitions, nothing is shown: see the next edit.
    replace: () => 'parse(e){return e.map(t=>this.renderer[t.type]?.(t)??"").join("")}',
    why: 'a case for each kind of token, and each calls what has its name',
  },
  {
    file,
    find: /(?<=parseInline\(e,t=this\.renderer\)\{)let n="";for\([^]*?\}return n(?=\})/,
    digest: 'dd258f59',
    replace: () => 'return e.map(n=>t[n.type==="escape"?"text":n.type](n)).join("")',
    why: 'the same',
  },
  ...cut('default options, which parse.ts and lexer.ts always name', /function G\(\)\{[^]*?(?=function D)/),
  { file, find: /\|\|S(?=[,}])/, times: 5, replace: () => '', why: 'the same' },
  {
    file,
    find: /constructor\(e\)\{this\.options=e\}(?=space\(e\)\{let|code\(\{)/,
    times: 2,
    replace: () => '',
    why: 'options that these two ask for nothing',
  },
];
