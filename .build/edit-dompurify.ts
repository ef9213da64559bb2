/**
 * What of DOMPurify goes into the CDN file: what it does with a text, under the settings of `src/markdown/sanitize.ts`.
 * Those are a constant, so each option has one value, and its two lists are the ones looked at here: what treats a tag or an
 * attribute that is on neither goes, since that falls anyway. What looks at the nodes and values of those that are stays as it
 * is; where a list becomes shorter, less gets through.
 */
import { cutFrom, exactly, type Edit } from './edit.ts';

const file = /\/purify\.es\.mjs$/;
const sanitize = /\/markdown\/sanitize\.ts$/;
const cut = cutFrom(file);
const edit = (why: string, find: RegExp, replace: Edit['replace'], more?: Partial<Edit>): Edit => ({ file, find, replace, why, ...more });

/** A longer part of it. Of another text than was looked at here the build makes nothing. */
const part = (digest: string, why: string, find: RegExp, becomes = ''): Edit => edit(why, find, () => becomes, { digest });

/** Pairs of what stands there and what stays of it. */
const edits = (why: string, ...pairs: [found: string, becomes: string][]): Edit[] =>
  pairs.map(([found, becomes]) => edit(why, exactly(found), () => becomes));

/** A list of sanitize.ts that holds these words. */
const list = (name: string, words: string) =>
  new RegExp(`const ${name} = \\[[\\s.[]*${words.replace(/\w+/g, '"$&"').replaceAll(' ', '[\\s.,[\\]]+')}[\\s,\\]]*\\];`);

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
    file: sanitize,
    find: /(CONFIG = \{\s*ALLOWED_TAGS: TAGS,\s*ALLOWED_ATTR: ATTRIBUTES),\s*ALLOW_ARIA_ATTR: false,\s*ALLOW_DATA_ATTR: false,\s*RETURN_DOM_FRAGMENT: true,?\s*\}/,
    replace: (_all, lists) => `${lists}}`,
    why: 'these settings are constants below',
  },
  ...[
    list(
      'TAGS',
      'p br hr h1 h2 h3 h4 h5 h6 blockquote ul ol li pre strong em del code sub sup kbd mark u a details summary table thead tbody tr th td input',
    ),
    list('ATTRIBUTES', 'href title align start type checked disabled class'),
  ].map(find => ({ file: sanitize, find, replace: (found = '') => found, why: 'many an edit below is right for these lists only' })),
  ...[/\.addHook\(/, /\.setConfig\(\{\s*\.\.\.CONFIG,\s*TRUSTED_TYPES_POLICY: policy\s*\}\)/].map(find => ({
    file: sanitize,
    find,
    replace: (found = '') => found,
    why: 'one hook, and settings that are made once',
  })),
  ...cutFrom(sanitize)('the same', /(?<=\.addHook\()"uponSanitizeAttribute", /),
  ...cutFrom(sanitize)('browsers that could not run the rest', /!purify\.isSupported \|\| /),

  part('7567b59f', "a compiler's helpers", /function _OverloadYield\([^]*?(?=const entries = )/),
  part('304d4af2', 'what only clone() and cleanArray() need', /\/\*\*\n\* Clean up an array[^]*?(?=\/\*\*\n\* This method automatically)/),
  part('d7258f1a', 'browsers without Reflect', /let freeze = Object\.freeze;[^]*?(?=const arrayForEach)/, 'const { apply } = Reflect;'),
  ...cut('the texts of what is not text', /const (?:stringToString) = [^;]*;/),
  edit('the texts of what is not text', /const (?:number|boolean|bigint|symbol|object)ToString = [^;]*;/, () => '', { times: 5 }),
  part(
    '9c22a0dd',
    'rest parameters, compiled away',
    /return function\(thisArg\) \{[^]*?\n\t\};/,
    'return (thisArg, ...args) => apply(func, thisArg, args);',
  ),
  part(
    '0c7b36f4',
    'what makes sets and errors, of which one is left',
    /\/\*\*\n\* Creates a new function that constructs an instance[^]*?(?=\/\*\*\n\* Add properties to a lookup)/,
  ),
  edit('the same', /const (?:setCreate|typeErrorCreate) = [^;]*;/, () => '', { times: 2 }),
  part(
    '9254479f',
    'lists other than of words in small letters',
    /function addToSet\(set, array\) \{[^]*?\n\}/,
    'function addToSet(set, array) { for (const element of array) set[element] = true; return Object.setPrototypeOf(set, null); }',
  ),
  part(
    '8924d951',
    'every browser has what it is asked for',
    /function lookupGetter\([^]*?\n\}/,
    `function lookupGetter(object, prop) {
      for (;;) {
        const found = getOwnPropertyDescriptor(object, prop);
        if (found) return unapply(found.get ?? found.value);
        object = getPrototypeOf(object);
      }
    }`,
  ),
  part('0b86874a', 'the same', /\/\*\*\n\* Like lookupGetter, but[^]*?function lookupAccessor[^]*?\n\}/),
  ...edits('the same', ['lookupAccessor(ElementPrototype', 'lookupGetter(ElementPrototype'], ['if (regExp instanceof RegExp) ', '']),
  part(
    '102b2aec',
    'default allow-lists, and lists of SVG and MathML: see the namespaces below',
    /function isRegex\([^]*?(?=const MUSTACHE_EXPR)/,
  ),
  edit('nobody gets hold of these patterns', /= seal\((?=\/)/, () => '= (', { times: 17 }),

  // The instance.
  part('b8943f89', 'our own policy, or none where the browser knows of none', /const _createTrustedTypesPolicy = [^]*?\n\};\n/),
  part('f4cf9dda', 'the one hook', /const _createHooksMap = [^]*?\n\};\n/),
  ...edits('the same', ['let hooks = _createHooksMap();', 'let uponSanitizeAttribute;']),
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
  edit('long words', /typeErrorCreate\("a node selected for removal could not be detached[^"]*"\)/, () => 'new TypeError()'),
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
  // What our lists make needless.
  ...cut(
    'no tag or attribute of ours is one of these',
    /if \(SAFE_FOR_XML && LITERAL_TEXT_ELEMENTS\[tagName\][^\n]*return true;/,
    /const LITERAL_TEXT_ELEMENTS = [^;]*;/,
    /if \(_isPatchLinkageAttribute\(lcName, lcTag\)\) return false;/,
    /if \(SANITIZE_DOM && \(lcName === "id"[^;]*;/,
    /const formElement = [^;]*;/,
    /(?<=let value = )name === "value" \? initValue : /,
    /(?<=FORBID_CONTENTS\[tagName\]) && !FORBID_CONTENTS\[stringToLowerCase\(tagName\)\]/,
  ),
  part('7a6570de', 'the same', /if \(\(tagName === "noscript" \|\|[^]*?\n\t\t\}/),
  part(
    '3d278a6f',
    'the same',
    /if \(SAFE_FOR_XML && (regExpTest\(ATTR_VALUE_BREAKOUT, value\))\) return true;\s*return stringToLowerCase[^;]*;/,
    'return regExpTest(ATTR_VALUE_BREAKOUT, value);',
  ),
  ...edits('none of a form, which is all that can be clobbered', ['!attributes || _isClobbered(currentNode)', '!attributes']),
  part(
    '360cd4aa',
    'the same, and ours take any value',
    /_setAttributeValue\(currentNode, name, namespaceURI, value\);(?=\s*\}\s*\}\s*_handle)/,
    `currentNode.setAttribute(name, value);`,
  ),
  part('3df92354', 'the same', /\/\*\*\n\t\* Writes a changed[^]*?(?=\/\*\*\n\t\* Value checks)/),
  part('b013c471', 'so it is known which', /if \(!attr\) try \{[^]*?attr = null;\s*\}/),
  part(
    'b00977d3',
    'the same',
    /if \(attr\) _stripAttributeNode[^]*?else try \{[^]*?catch \(_\) \{\}/,
    '_stripAttributeNode(element, attr, name);',
  ),
  ...edits('schemes that no link of ours may have', ['(?:f|ht)tps?|mailto|tel|callto|sms|cid|xmpp|matrix', 'https?|mailto']),

  // What our hook makes needless, and what a text to parse does.
  ...edits('one hook', [
    '_executeHooks(hooks.uponSanitizeAttribute, currentNode, hookEvent);',
    'uponSanitizeAttribute(currentNode, hookEvent);',
  ]),
  part('d544d088', 'the same', /function _executeHooks\([^]*?\n\t\}\n/),
  part('1796ef4c', 'the same', /DOMPurify\.addHook = [^]*?\n\t\};/, 'DOMPurify.addHook = (hook) => { uponSanitizeAttribute = hook; };'),
  part('8ad526e1', 'what it is told, and what it may say', /const hookEvent = \{[^]*?\n\t\t\};/),
  part(
    'fba3a3d2',
    'the same',
    /hookEvent\.attrName = lcName;[^]*?hookEvent\.forceKeepAttr = void 0;/,
    'const hookEvent = { attrName: lcName, attrValue: value, keepAttr: true };',
  ),
  ...cut('the same', /value = hookEvent\.attrValue;/, /if \(hookEvent\.forceKeepAttr\) continue;/),
  part('e2cecd19', 'a node that a hook took away', /\/\*\*\n\t\* A hook may have detached[^]*?(?=\/\*\*\n\t\* _sanitizeElements)/),
  edit('the same', /if \(_handleHookDetachedNode\(currentNode, root\)\) return true;/, () => '', { times: 2 }),
  ...cut(
    'the same',
    /if \(_handleHookDetachedNode\(currentNode, root\)\) return;/,
    /return _handleHookDetachedNode\(currentNode, root\);/,
    /_handleHookDetachedNode\(currentNode, root\);(?=\s*\})/,
  ),
  ...edits('what has fallen has no attributes to look at', [
    '_sanitizeElements(node, root);\n\t\t_sanitizeAttributes(node, root);',
    '_sanitizeElements(node) || _sanitizeAttributes(node);',
  ]),
  ...edits(
    'the body itself is no part of what is given back',
    ['while (currentNode = nodeIterator', 'nodeIterator.nextNode(); while (currentNode = nodeIterator'],
    ['const hoisted = currentNode === root ? cloneNode(childNodes[i], true) : childNodes[i];', ''],
    ['parentNode.insertBefore(hoisted,', 'parentNode.insertBefore(childNodes[i],'],
    ['_sanitizeNode(currentNode, walkRoot)', '_sanitizeNode(currentNode)'],
    ['return _sanitizeDisallowedNode(currentNode, tagName, root);', 'return _sanitizeDisallowedNode(currentNode, tagName);'],
  ),
  part(
    '0d628183',
    'the same: every other one has a parent',
    /let parentNamespace = NAMESPACE;[^]*?\n\t\t\}/,
    'const parentNamespace = _readNamespaceURI(parentNode);',
  ),
  ...edits('the same', ['if (childNodes && parentNode) {', '{']),
  part(
    '10043623',
    'parsers that give no document',
    /if \(NAMESPACE === HTML_NAMESPACE\) try \{\s*doc = [^]*?catch \(_\) \{\}[^]*?catch \(_\) \{\}\n\t\t\}/,
    'doc = new DOMParser().parseFromString(dirtyPayload, PARSER_MEDIA_TYPE);',
  ),
  ...edits(
    'the same',
    ['doc.body || doc.documentElement;', 'doc.body;'],
    ['if (dirty && leadingWhitespace)', 'if (leadingWhitespace)'],
    ['createNodeIterator.call(doc || root,', 'createNodeIterator.call(doc,'],
    ['if (!dirty) dirty = "<!-->";', ''],
    ['if (typeof realTagName !== "string") return false;', ''],
    ['if (!getNodeType || typeof value', 'if (typeof value'],
    [', namespaceURI = attr.namespaceURI', ''],
    ['!_isValidAttribute(lcTag, ', '!_isValidAttribute('],
    ['function _isValidAttribute(lcTag, ', 'function _isValidAttribute('],
  ),
  part(
    'a20d1e69',
    'every browser has templates',
    /if \(typeof HTMLTemplateElement === "function"\) \{[^]*?\n\t\}/,
    'document = document.createElement("template").content.ownerDocument;',
  ),
  part('d05b4e7b', 'what nobody asks', /DOMPurify\.isSupported = typeof entries[^;]*;/),
  ...edits('the same', ['HTMLTemplateElement = window.HTMLTemplateElement, ', ''], ['implementation = _document.implementation, ', '']),
  edit('nothing is left to end', /try \{(\s*const nodeIterator[^]*?)\} finally \{\s*\}/, (_all, work = '') => work),

  edit(
    'what only that used, and a minifier keeps',
    /const (?:array(?:ForEach|IsArray|LastIndexOf|Pop|Push|Slice|Splice)|setAdd|setHas|currentScript|importNode|getShadowRoot|cloneNode|lcTag|stringIndexOf|objectHasOwnProperty) = [^;]*;|, trustedTypes = window\.trustedTypes/,
    () => '',
    { times: 17 },
  ),
];
