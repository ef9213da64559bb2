/**
 * Shows formulas: TeX to MathML by Temml, which browsers lay out by themselves. A part of its own, loaded at the first
 * formula. What the library makes is not inserted but copied, by a list of elements and attributes.
 */
import temml from 'temml';
import { adopt } from './adopt';

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

/** No length of more than two digits: what is drawn stays about where it is. */
const LENGTH = /^-?\d*\.?\d+(?:em|ex|pt|px|mu|%)?$/;
const isSmall = (value: string) => !LENGTH.test(value) || Math.abs(parseFloat(value)) < 100;

const STYLES = [
  '.formula { display: inline-block; max-inline-size: 100%; overflow: clip; unicode-bidi: isolate; direction: ltr }',
  '.formula:has(> [display]) { display: block; overflow: auto hidden; padding-block: 4px; margin-block-end: 12px }',
  '.formula math { font-family: "Cambria Math", "STIX Two Math", "Latin Modern Math", math; font-size: 1.1em }',
  '.formula .tml-left { text-align: left }',
  '.formula .tml-right { text-align: right }',
  '.formula .tml-jot mtd { padding-inline: 0 }',
  '.formula .boxed { padding: 3pt; border: 1px solid }',
  '.formula menclose.tml-overline { border-block-start: 0.06em solid; padding-block-start: 0.1em }',
  '.formula menclose.tml-underline { border-block-end: 0.06em solid; padding-block-end: 0.1em }',
  '.formula menclose:has(> .tml-cancel) { background: linear-gradient(to top left, transparent 47%, currentColor 48% 52%, transparent 53%) }',
].join('');
/** Puts a formula in the place of its source, an element `code`. TeX that cannot be read stays as it is. */
export function showFormula(code: HTMLElement): void {
  const root = code.getRootNode();
  const block = code.closest('pre');
  const tex = code.textContent ?? '';
  if (!(root instanceof ShadowRoot) || tex.length > LONGEST) return;
  const isDisplay = !!block || code.classList.contains('language-math-display');
  const math = mathOf(tex, isDisplay);
  if (!math) return;
  adopt(root, STYLES);
  const frame = document.createElement(block ? 'div' : 'span');
  frame.className = 'formula';
  // Wide ones scroll, by keyboard too.
  if (isDisplay) frame.tabIndex = 0;
  frame.append(math);
  (block ?? code).replaceWith(frame);
}

function mathOf(tex: string, displayMode: boolean): Node | undefined {
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
  fresh.classList.add(...[...node.classList].filter(name => CLASSES.test(name)));
  if (/\bborder:/.test(node.getAttribute('style') ?? '')) fresh.classList.add('boxed');
  fresh.append(...children);
  return [fresh];
}
