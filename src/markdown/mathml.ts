/**
 * Shows formulas: TeX to MathML by Temml, which browsers lay out by themselves. A part of its own, loaded at the first
 * formula. What the library makes is not inserted but copied, by a list of elements and attributes.
 */
import temml from 'temml';
import { adopt } from './late-styles';

/** Longer TeX stays as it is. */
const LONGEST = 4000;

const MATHML = 'http://www.w3.org/1998/Math/MathML';

/** Presentation MathML (https://www.w3.org/TR/mathml-core/) without anything that links, embeds or acts. */
const TAGS = new Set(
  'math mrow mi mn mo ms mtext mspace mfrac msqrt mroot mstyle mpadded mphantom menclose msub msup msubsup munder mover munderover mmultiscripts mprescripts mtable mtr mtd'.split(
    ' ',
  ),
);
const ATTRIBUTES = new Set(
  'display displaystyle scriptlevel mathvariant form fence separator stretchy symmetric largeop movablelimits accent accentunder linethickness lspace rspace minsize maxsize width height depth notation columnspan rowspan columnlines rowlines columnalign'.split(
    ' ',
  ),
);
/** Classes of the library that STYLES below knows. */
const CLASSES = /^(?:tml-(?:left|right|jot|overline|underline|cancel)|upstrike|downstrike|xstrike)$/;

/** What begins as a number is short and of a known unit: what is drawn stays about where it is. */
const isSmall = (value: string) => !/^[+-]?[\d.]/.test(value) || /^[+-]?\d{0,2}(?:\.\d+)?(?:em|ex|pt|px|mu|%)?$/.test(value);

/** TeX that defines something can grow without end. */
const DEFINES = /\\(?:[gex]?def|let|futurelet|(?:re)?newcommand|providecommand)(?![a-zA-Z])/;

const STYLES = [
  '.markdown .formula { display: inline-block; max-inline-size: 100%; margin: 0; padding: 0; overflow: clip; background: none; font: inherit; color: inherit; unicode-bidi: isolate; direction: ltr; white-space: nowrap }',
  '.markdown .formula.display { display: block; overflow: auto hidden; padding-block: 4px; margin-block-end: 12px; text-align: center }',
  '.markdown .formula:focus-visible { outline-offset: -2px }',
  '.formula math { font-family: "Cambria Math", "STIX Two Math", "Latin Modern Math", "Libertinus Math", "XITS Math", "DejaVu Math TeX Gyre", math; font-size: 1.1em }',
  '.formula .tml-left { text-align: left }',
  '.formula .tml-right { text-align: right }',
  '.formula .tml-jot mtd { padding-inline: 0 }',
  '.formula .boxed { padding: 3pt; border: 1px solid }',
  '.formula menclose.tml-overline { border-block-start: 0.06em solid; padding-block-start: 0.1em }',
  '.formula menclose.tml-underline { border-block-end: 0.06em solid; padding-block-end: 0.1em }',
  '.formula menclose:has(> .tml-cancel) { background: linear-gradient(to top left, transparent 47%, currentColor 48% 52%, transparent 53%) }',
].join('');

/**
 * Shows a formula in an element `code` that holds its source, or in the `pre` around it. The element stays: others may know
 * it by its place. TeX that cannot be read stays as it is.
 */
export function showFormula(code: HTMLElement): void {
  const root = code.getRootNode();
  const place = code.closest('pre') ?? code;
  const isDisplay = place !== code || code.classList.contains('language-math-display');
  const math = mathOf(code.textContent ?? '', isDisplay);
  if (!math || !(root instanceof ShadowRoot)) return;
  adopt(root, STYLES);
  place.replaceChildren(math);
  place.className = isDisplay ? 'formula display' : 'formula';
  // Wide ones scroll, by keyboard too, but where a key does something else.
  const isWide = place.scrollWidth > place.clientWidth;
  if (isWide) place.classList.add('display');
  if (isWide && !place.closest('a, summary')) place.tabIndex = 0;
  else place.removeAttribute('tabindex');
}

function mathOf(tex: string, displayMode: boolean): Node | undefined {
  if (tex.length > LONGEST || DEFINES.test(tex)) return undefined;
  const made = document.createElement('div');
  try {
    temml.render(tex, made, { displayMode, throwOnError: true, trust: false, maxSize: [20, 200], maxExpand: 200 });
    return made.firstElementChild ? copy(made.firstElementChild)[0] : undefined;
  } catch {
    return undefined; // not TeX, or none that the library knows
  }
}

function copy(node: Node): Node[] {
  if (node instanceof Text) return [document.createTextNode(node.data)];
  const children = [...node.childNodes].flatMap(copy);
  if (!(node instanceof Element) || node.namespaceURI !== MATHML || !TAGS.has(node.localName)) return children;
  const fresh = document.createElementNS(MATHML, node.localName);
  for (const { name, value } of node.attributes) if (ATTRIBUTES.has(name) && isSmall(value)) fresh.setAttribute(name, value);
  for (const name of node.classList) if (CLASSES.test(name)) fresh.classList.add(name);
  if (/\bborder:/.test(node.getAttribute('style') ?? '') || node.getAttribute('notation') === 'box') fresh.classList.add('boxed');
  fresh.append(...children);
  return [fresh];
}
