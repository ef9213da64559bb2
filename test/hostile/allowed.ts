/**
 * What a reply may become: every tag and attribute that may stand in the chat, as one table. A new feature adds its rows
 * here, and nothing else has to change. Data only, so that it can be sent into the page.
 */

/** By the name of an attribute, a pattern for its whole value. */
type Attributes = Readonly<Record<string, string>>;

interface Rule {
  /** Attributes that it may have. */
  may?: Attributes;
  /** Attributes that it must have. */
  must?: Attributes;
  /** A selector for something of ours that it must stand in. */
  in?: string;
}

export interface Allowed {
  /** Inside of `.markdown`, by tag, and first by tag and class as `button.picture`; of other namespaces as `svg:path` or `math:mi`. */
  inside: Readonly<Record<string, Rule>>;
  /** Tags that a reply may write, as a pattern; one that closes nothing is left out. */
  written: string;
  /** Selectors for the interface around it, where a server's words are text. */
  around: readonly string[];
  /** Attributes that nothing around it has, as a pattern for the name. */
  neverAround: string;
  /** What scrolls inside itself: what it holds may be wider than the log. */
  scrolls: string;
  /** Boxes that hold nothing but the server's or the visitor's words, or are never seen. */
  ownLine: string;
  /** How many elements may stand in each other inside of `.markdown`. */
  deepest: number;
  /** Schemes of links. */
  schemes: readonly string[];
}

const ANY = '[^]*';
const TABLE_CELL: Rule = { may: { align: 'left|center|right' } };
const SHAPE: Rule = { may: Object.fromEntries(['d', 'x', 'y', 'width', 'height', 'rx'].map(name => [name, '[^:]*'])), in: 'button > svg' };

const MATHML = [
  ...['math', 'mrow', 'mi', 'mn', 'mo', 'ms', 'mtext', 'mspace', 'mfrac', 'msqrt', 'mroot', 'mstyle', 'mpadded', 'mphantom', 'menclose'],
  ...['msub', 'msup', 'msubsup', 'munder', 'mover', 'munderover', 'mmultiscripts', 'mprescripts', 'mtable', 'mtr', 'mtd'],
];
const SMALL = '-?[\\d.]{1,8}(?:em|ex|pt|px|mu|%)?';
const WORD = '[\\w -]{0,20}';
const MATH_ATTRIBUTES = {
  ...Object.fromEntries(['lspace', 'rspace', 'minsize', 'maxsize', 'width', 'height', 'depth', 'linethickness'].map(name => [name, SMALL])),
  ...Object.fromEntries(
    [
      ...['display', 'displaystyle', 'scriptlevel', 'mathvariant', 'form', 'fence', 'separator', 'stretchy', 'symmetric', 'largeop'],
      ...['movablelimits', 'accent', 'accentunder', 'notation', 'columnspan', 'rowspan', 'columnlines', 'rowlines', 'columnalign'],
    ].map(name => [name, WORD]),
  ),
  class: '(?:tml-\\w+|upstrike|downstrike|xstrike|boxed| )*',
};

export const ALLOWED: Allowed = {
  inside: {
    // What Markdown makes.
    ...Object.fromEntries(['br', 'hr', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'blockquote', 'ul', 'details', 'summary'].map(tag => [tag, {}])),
    'blockquote.alert': { must: { class: 'alert alert-(?:note|tip|important|warning|caution)' } },
    ...Object.fromEntries(['strong', 'em', 'del', 'sub', 'sup', 'kbd', 'mark', 'u', 'table', 'thead', 'tbody', 'tr'].map(tag => [tag, {}])),
    p: { may: { class: 'note|plain' } },
    ol: { may: { start: '\\d{1,9}' } },
    li: { may: { class: 'task' } },
    pre: { must: { tabindex: '0' } },
    code: { may: { class: 'language-[\\w+#.-]+' } },
    th: TABLE_CELL,
    td: TABLE_CELL,
    a: { must: { href: ANY, target: '_blank', rel: 'noopener noreferrer nofollow' }, may: { title: ANY } },
    input: { must: { type: 'checkbox', disabled: '' }, may: { checked: '', 'aria-label': ANY } },
    // What the interface adds.
    div: { may: { class: 'blocks|code|code-head|table', part: 'code-block', tabindex: '0' } },
    span: { may: { class: 'lines' } },
    'code.formula': { must: { class: 'formula(?: display)?' }, may: { tabindex: '0' } },
    'pre.formula': { must: { class: 'formula(?: display)?' }, may: { tabindex: '0' } },
    'button.picture': { must: { type: 'button', class: 'picture', value: 'https?://[^]*' }, may: { title: ANY, 'aria-busy': 'true' } },
    small: { in: 'button.picture' },
    button: {
      must: { type: 'button', class: 'icon-button small copy', 'data-copy': 'code', 'aria-label': 'Copy', title: 'Copy' },
      in: '.code-head',
    },
    'svg:svg': { must: { viewBox: '0 0 24 24', 'aria-hidden': 'true' }, in: 'button' },
    'svg:path': SHAPE,
    'svg:rect': SHAPE,
    // What our own renderer makes of formulas.
    ...Object.fromEntries(MATHML.map(tag => [`math:${tag}`, { may: MATH_ATTRIBUTES, in: '.formula' }])),
  },
  written: '</?(?:br|sub|sup|kbd|mark|u|details|summary) ?/?>',
  around: [
    ...['section', 'slot', 'header', 'h2', 'p', 'div', 'article', 'span', 'details', 'summary', 'button', 'svg', 'path', 'rect', 'circle'],
    ...['form', 'label', 'textarea', 'strong', 'b', 'q', 'code'],
    ...['input[type=file][hidden]', '.facts', '.facts > li', '.facts bdi'],
    ...['.steps bdi', '.step-body > h3', '.given', '.given > dt', '.given > dd', '.step-body > pre'],
  ],
  neverAround: 'on.*|style|src|srcset|srcdoc|href|xlink:href|action|formaction|is',
  scrolls: 'pre, .table, .formula',
  ownLine: '.markdown, .bubble, .model, q, [role=status]',
  // 24 quotes or lists, whose items count too, emphasis and tags in as many levels each, and the frames around.
  deepest: 110,
  schemes: ['http:', 'https:', 'mailto:'],
};
