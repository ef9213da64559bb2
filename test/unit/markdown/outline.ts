/** Reads a fragment back for a comparison. Only for tests: what is rendered is never turned into text and parsed again. */

/** `<p>Hi <strong>you</strong></p>`, attributes in the order of the alphabet, line breaks between blocks left out. */
export function outline(node: Node): string {
  if (node instanceof Text) return /^\n+$/.test(node.data) ? '' : node.data.replaceAll('\n', '⏎');
  const inner = [...node.childNodes].map(outline).join('');
  if (!(node instanceof Element)) return inner;
  const attributes = [...node.attributes].map(({ name, value }) => ` ${name}="${value}"`).sort();
  const start = `<${node.localName}${attributes.join('')}>`;
  return /^(?:br|hr|input)$/.test(node.localName) ? start : `${start}${inner}</${node.localName}>`;
}

/** The tags that `selector` finds. Names instead of elements: those take a test runner minutes to print. */
export const found = (fragment: DocumentFragment, selector: string): string[] =>
  Array.from(fragment.querySelectorAll(selector), ({ localName }) => localName);
