/**
 * What of DOMPurify goes into the CDN file: what it does with a text, under the settings of `src/markdown/sanitize.ts`.
 * Those are a constant, so each option has one value. What looks at nodes, names and values stays as it is; where a list
 * becomes shorter, less gets through.
 */
import { cutFrom, type Edit } from './edit.ts';

const file = /\/purify\.es\.mjs$/;
const cut = cutFrom(file);
const edit = (why: string, find: RegExp, replace: Edit['replace'], more?: Partial<Edit>): Edit => ({ file, find, replace, why, ...more });

/** A longer part of it. Of another text than was looked at here the build makes nothing. */
const part = (digest: string, why: string, find: RegExp, becomes = ''): Edit => edit(why, find, () => becomes, { digest });

/** All its options, as sanitize.ts has them. */
const OPTIONS = {
  ...{ ALLOW_ARIA_ATTR: false, ALLOW_DATA_ATTR: false },
  ...{ RETURN_DOM: true, RETURN_DOM_FRAGMENT: true, RETURN_TRUSTED_TYPE: false },
  // Those that sanitize.ts leaves as they are.
  ...{ SAFE_FOR_XML: true, SANITIZE_DOM: true, KEEP_CONTENT: true, ALLOW_SELF_CLOSE_IN_ATTR: true },
  ...{ ALLOW_UNKNOWN_PROTOCOLS: false, SAFE_FOR_TEMPLATES: false, WHOLE_DOCUMENT: false, FORCE_BODY: false, IN_PLACE: false },
  ...{ SANITIZE_NAMED_PROPS: false, SANITIZE_NAMED_PROPS_PREFIX: '', IN_PLACE_VISITED: null, inPlace: false },
};

export const dompurifyEdits: Edit[] = [
  {
    // Whoever changes a setting has to look here too.
    file: /\/markdown\/sanitize\.ts$/,
    find: /(CONFIG = \{\s*ALLOWED_TAGS: TAGS,\s*ALLOWED_ATTR: ATTRIBUTES),\s*ALLOW_ARIA_ATTR: false,\s*ALLOW_DATA_ATTR: false,\s*RETURN_DOM_FRAGMENT: true,?\s*\}/,
    replace: (_all, lists) => `${lists}}`,
    why: 'these settings are constants below',
  },
  ...[/\.addHook\("uponSanitizeAttribute"/, /\.addHook\(/, /\.setConfig\(\{\s*\.\.\.CONFIG,\s*TRUSTED_TYPES_POLICY: policy\s*\}\)/].map(
    find => ({
      file: /\/markdown\/sanitize\.ts$/,
      find,
      replace: (found = '') => found,
      why: 'one hook, and settings that are made once',
    }),
  ),

  part('7567b59f', "a compiler's helpers", /function _OverloadYield\([^]*?(?=const entries = )/),
  part('304d4af2', 'what only clone() and cleanArray() need', /\/\*\*\n\* Clean up an array[^]*?(?=\/\*\*\n\* This method automatically)/),
  part(
    'd7258f1a',
    'browsers without Reflect',
    /let freeze = Object\.freeze;[^]*?(?=const arrayForEach)/,
    'const freeze = Object.freeze, create = Object.create, { apply, construct } = Reflect;',
  ),
  ...cut('the texts of what is not text', /const (?:stringToString) = [^;]*;/),
  edit('the texts of what is not text', /const (?:number|boolean|bigint|symbol|object)ToString = [^;]*;/, () => '', { times: 5 }),
  part(
    '9c22a0dd',
    'rest parameters, compiled away',
    /return function\(thisArg\) \{[^]*?\n\t\};/,
    'return (thisArg, ...args) => apply(func, thisArg, args);',
  ),
  part(
    '090c7ed3',
    'rest parameters, compiled away',
    /return function\(\) \{\n\t\tfor \(var _len4[^]*?\n\t\};/,
    'return (...args) => construct(Func, args);',
  ),
  edit('HTML has no other', /let transformCaseFunc = arguments\.length > 2[^;]*;/, () => 'const transformCaseFunc = stringToLowerCase;'),
  part(
    '102b2aec',
    'default allow-lists, and lists of SVG and MathML: see the namespaces below',
    /function isRegex\([^]*?(?=const MUSTACHE_EXPR)/,
  ),
  edit('nobody gets hold of these patterns', /= seal\((?=\/)/, () => '= (', { times: 17 }),

  // The instance.
  part('b8943f89', 'our own policy, or none where the browser knows of none', /const _createTrustedTypesPolicy = [^]*?\n\};\n/),
  part('e316397f', 'the one hook', /return \{\n\t\tafterSanitizeAttributes[^]*?\n\t\};/, 'return { uponSanitizeAttribute: [] };'),
  part('f809dd62', 'reading options', /\/\*\*\n\* Resolve a set-valued [^]*?(?=function createDOMPurify)/),
  part(
    '28aaa5c6',
    'it is given',
    /let window = arguments[^;]*;\n\tconst DOMPurify = [^;]*;\n\tDOMPurify\.version = [^;]*;/,
    'const DOMPurify = {};',
  ),
  ...cut('the same', /if \(!window \|\| !window\.document[^{]*\{\s*DOMPurify\.isSupported = false;\s*return DOMPurify;\s*\}/),
  edit('it is given', /function createDOMPurify\(\)/, () => 'function createDOMPurify(window)'),
  part('b00bac69', 'an instance that nobody uses', /var purify_default = [^]*\};/, 'export { createDOMPurify as default };'),
  part('cbeed0ea', 'a global window', /const getGlobal = [^]*?\n\};\n/),
  edit(
    'every browser has it',
    /Node && Node\.prototype \? (lookupGetter\(Node\.prototype, "\w+"\)) : null/,
    (_all, getter = '') => getter,
    { times: 3 },
  ),
  edit('every browser has it', /\b(get\w+) \? (\1\((\w+)\)) : (?:\3\.\w+|null)/, (_all, _name, call = '') => call, { times: 6 }),
  part(
    'ee04bce4',
    'a policy that sanitizes in its turn',
    /const _assertNotInTrustedTypesPolicy = [^]*?(?=const _document)/,
    'const _createTrustedHTML = (html) => trustedTypesPolicy.createHTML(html);',
  ),
  part('77942433', 'empty text and default policies', /let emptyHTML = [^]*?IN_TRUSTED_TYPES_POLICY = 0;/),
  part(
    'd7330a05',
    'options, of which we have but these',
    /let IS_ALLOWED_URI\$1 = [^]*?(?=let FORBID_CONTENTS)/,
    `const IS_ALLOWED_URI$1 = IS_ALLOWED_URI; let ALLOWED_TAGS, ALLOWED_ATTR; const ${Object.entries(OPTIONS).map(([name, value]) => `${name} = ${JSON.stringify(value)}`)};`,
  ),
  edit('no list of ours', /let FORBID_CONTENTS = null;\s*const DEFAULT_(?=FORBID_CONTENTS = )/, () => 'const '),
  part(
    '791d7f62',
    'no tag of ours holds data, and of ours these are no addresses',
    /let DATA_URI_TAGS = null;[^]*?\]\);\s*(?=const MATHML_N)/,
    'const URI_SAFE_ATTRIBUTES = addToSet({}, ["class", "title"]);',
  ),
  part(
    '00003b32',
    'options of other parsers',
    /const MATHML_NAMESPACE = [^]*?(?=const formElement)/,
    'const HTML_NAMESPACE = "http://www.w3.org/1999/xhtml", NAMESPACE = HTML_NAMESPACE, PARSER_MEDIA_TYPE = "text/html", transformCaseFunc = stringToLowerCase;',
  ),
  part(
    'f4a3c201',
    'options that are not given',
    /const isRegexOrFunction = [^]*?CONFIG = freeze\(cfg\);\n\t\};/,
    `const _parseConfig = (cfg) => {
      ALLOWED_TAGS = addToSet({}, [...cfg.ALLOWED_TAGS, "#text"]);
      ALLOWED_ATTR = addToSet({}, cfg.ALLOWED_ATTR);
      trustedTypesPolicy = cfg.TRUSTED_TYPES_POLICY;
    };`,
  ),
  part(
    '6c6924c7',
    // The full check lets such elements through within <svg> and <math>, of which neither is on our list, nor what is in them.
    'no tag of ours is one of SVG or MathML, so whatever has or is within their namespace goes',
    /const ALL_SVG_TAGS = [^]*?(?=\/\*\*\n\t\* @param element a DOM element whose namespace)/,
  ),
  part('61c8697a', 'the same', /let parentTagName = "template";/),
  part('1e5aa0f1', 'the same', /parentTagName = stringToLowerCase\(_readNodeName\(parentNode\)\);/),
  part('b8fb620d', 'the same', /const tagName = stringToLowerCase\(_readNodeName\(element\)\);\s*(?=const parentNode)/),
  part(
    '09393876',
    'the same',
    /if \(!ALLOWED_NAMESPACES\[elementNamespace\]\)[^]*?return PARSER_MEDIA_TYPE === "application\/xhtml\+xml";/,
    'return elementNamespace === HTML_NAMESPACE && parentNamespace === HTML_NAMESPACE;',
  ),

  // The work.
  edit('a list of what went, which nobody reads', /arrayPush\(DOMPurify\.removed, \{[^]*?\}\);/, () => '', { times: 3 }),
  edit('the same', /DOMPurify\.removed = \[\];/, () => '', { times: 2 }),
  ...cut('the same', /let recreatedNamedProp = false;/, /recreatedNamedProp = true;/),
  edit(
    'the same',
    /if \((_setAttributeValue\([^)]*\)) && recreatedNamedProp\) arrayPop\(DOMPurify\.removed\);/,
    (_all, call = '') => `${call};`,
  ),
  edit('long words', /typeErrorCreate\("a node selected for removal could not be detached[^"]*"\)/, () => 'typeErrorCreate()'),
  edit('the other hooks', /_executeHooks\(hooks\.(?!uponSanitizeAttribute)\w+, \w+, (?:null|\{[^}]*\})\);/, () => '', { times: 10 }),
  edit('our hook changes no list', /(ALLOWED_\w+) = _forkSharedAllowlist\([^)]*\);/, () => '', { times: 2 }),
  ...cut('the same', /allowedAttributes: ALLOWED_ATTR,/, /, CONFIG(?=\);)/),
  part(
    '50a7509e',
    'input other than text, and what is done with it in its place',
    /\/\*\*\n\t\* Fail-closed teardown[^]*?(?=\/\*\*\n\t\* Removes an attribute, preferably)/,
  ),
  part(
    'd1aa5388',
    'the same',
    /\/\*\*\n\t\* Removes an element's attributes without book-keeping[^]*?(?=\/\*\*\n\t\* Patch-linkage attributes)/,
  ),
  part('4d542101', 'the same', /\/\*\*\n\t\* IN_PLACE pre-pass[^]*?(?=\/\*\*\n\t\* _initDocument)/),
  ...cut('the same', /_markVisited\(currentNode\);/, /if \(IN_PLACE\) _neutralizeSubtree\(currentNode\);/),
  part(
    '37aef01f',
    'the same',
    /const outerVisited = IN_PLACE_VISITED;\n\t\tif \(inPlace\) \{[^]*?_sanitizeAttachedShadowRoots\(body\);\n\t\t\} else (?=\{)/,
  ),
  part('832904a8', 'the same', /if \(typeof dirty !== "string" && !_isNode\(dirty\)\)[^]*?let inPlaceNodes = \[\];/),
  part('9e58edcd', 'the same', /if \(inPlace\) _sanitizeAttachedShadowRoots\(dirty\);/),
  part(
    '61484b00',
    'the same',
    /if \(inPlace\) _sanitizeUnvisitedNodes\(dirty, inPlaceNodes\);\n\t\t\} catch \(error\) \{[^]*?throw error;\n\t\t\} finally \{[^]*?\n\t\t\}\n\t\tif \(inPlace\) \{[^]*?return dirty;/,
    '} finally {',
  ),
  ...cut('empty text becomes a comment, and that goes', /IS_EMPTY_INPUT \? emptyHTML : (?=dirtyPayload)/),
  edit('the same', /IS_EMPTY_INPUT = !dirty;\s*if \(IS_EMPTY_INPUT\)/, () => 'if (!dirty)'),
  part(
    'c4606b49',
    'a template is never kept, so what it holds is nowhere; a text that is parsed has no shadow roots',
    /\/\*\*\n\t\* _sanitizeShadowDOM\n[^]*?(?=DOMPurify\.sanitize = )/,
  ),
  ...cut('the same', /if \(_isDocumentFragment\(node\.content\)\) _sanitizeShadowDOM2\(node\.content\);/),
  part(
    'f984bb8e',
    'elements by rules, and elements that are forbidden: our list is all there is',
    /if \(FORBID_TAGS\[tagName\] \|\| !\(EXTRA_[^]*?return removed;/,
    'if (!ALLOWED_TAGS[tagName]) { return _sanitizeDisallowedNode(currentNode, tagName, root);',
  ),
  part('b5270241', 'the same', /if \(!FORBID_TAGS\[tagName\] && _isBasicCustomElement\([^\n]*return false;/),
  part('569a741e', 'the same', /\/\*\*\n\t\* Evaluate a CUSTOM_ELEMENT_HANDLING check[^]*?(?=\/\*\*\n\t\* Handles a node whose tag)/),
  part('c233f037', 'the same', /const RESERVED_CUSTOM_ELEMENT_NAMES = [^]*?(?=\/\*\*\n\t\* Wrap an attribute value)/),
  ...cut('the same', /if \(FORBID_ATTR\[lcName\]\) return false;/),
  part('2fa9f75b', 'the same', /(?<=const nameIsPermitted = ALLOWED_ATTR\[lcName\]) \|\| EXTRA_[^;]*/),
  part('47ad0919', 'the same', /(?<=if \(!nameIsPermitted\) return )_isBasicCustomElement[^;]*/, 'false'),
  part('793a8800', 'no tag of ours holds data', /if \(\(lcName === "src" \|\|[^\n]*return true;/),
  part(
    '64de4a72',
    'no attribute of ours needs a Trusted Type',
    /\/\*\*\n\t\* Wrap an attribute value[^]*?(?=\/\*\*\n\t\* Writes a changed)/,
  ),
  ...cut('the same', /value = _applyTrustedTypesToAttribute\([^;]*;/),
  edit('all kinds of nodes, always', /\(characterDataOnly \? 0 : (NodeFilter\.SHOW_ELEMENT)\)/, (_all, kind = '') => kind),
  ...cut('the same', /let characterDataOnly = [^;]*;/),
  part('7da5ec09', 'settings are made once', /let cfg = arguments\.length > 1[^;]*;/),
  part('0a284503', 'the same', /DOMPurify\.setConfig = [^]*?(?=DOMPurify\.addHook)/, 'DOMPurify.setConfig = _parseConfig;'),
  part('074d0a52', 'ways to undo what sanitize.ts has set, and it never does', /DOMPurify\.removeHook = [^]*?(?=return DOMPurify;)/),
  part('00cea1c3', 'HTML as text', /const serialize = \(\) => [^]*?return _signOutput\(serializedHTML\);/),
  part('f00e19a1', 'the same', /if \(ALLOWED_ATTR\.shadowroot \|\|[^;]*;/),
  ...cut('the same', /if \(!RETURN_DOM && !SAFE_FOR_TEMPLATES[^;]*;/),
  edit('the same', /return RETURN_DOM \? null : RETURN_TRUSTED_TYPE \? emptyHTML : "";/, () => 'return null;'),
  edit(
    'what only that used, and a minifier keeps',
    /const (?:arrayLastIndexOf|arrayPop|arraySlice|arraySplice|setAdd|setHas|currentScript|importNode|getShadowRoot) = [^;]*;|, trustedTypes = window\.trustedTypes/,
    () => '',
    { times: 10 },
  ),
];
