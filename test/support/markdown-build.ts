/** The Markdown folder as a script of its own, for a test that compares two builds of it. */
import { Blocks } from '../../src/markdown/blocks';
import { sanitize } from '../../src/markdown/sanitize';
import { newPage } from './markdown-oracle';

/** Keeps the element in the build, and with it all the libraries. */
export { OllamaChat } from '../../src/ollama-chat';

/** What is shown of a text that comes in these pieces: after each of them, and in the end. */
export function shown(pieces: string[]): string[] {
  const blocks = new Blocks();
  const page = newPage();
  return [...pieces, ''].map((piece, index) => {
    page.show(blocks.read(piece, index === pieces.length));
    return page.element.innerHTML;
  });
}

/** What the sanitizer leaves of HTML: its nodes with their namespaces, and as text. */
export function sanitized(html: string): string[] {
  const fragment = sanitize(html);
  const root = document.createElement('div');
  const nodes = [...fragment.querySelectorAll('*')].map(
    node => `${node.namespaceURI} ${node.nodeName} ${[...node.attributes].map(({ name, value }) => `${name}=${value}`).join(' ')}`,
  );
  root.append(fragment);
  return [root.innerHTML, ...nodes];
}
