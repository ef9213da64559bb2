/** Adds to finished blocks what is loaded when it is first needed, and what the page adds itself: nothing that a chat needs. */
import type { Strings } from '../i18n/strings';
import { isListed } from '../markdown/sources';

/**
 * Shows code of one language in a way of the page's own, as a diagram for example. Gets the finished code as text, and
 * returns what stands in its place; the copy button still copies the code. `undefined`, or an error, leaves the code as it is.
 */
export type CodeRenderer = (code: string, language: string) => Node | undefined | Promise<Node | undefined>;

/** What the page and the language of the interface say of rendered Markdown. */
export interface MarkdownSettings {
  strings: Strings;
  codeRenderers: Readonly<Record<string, CodeRenderer>>;
  /** Lists as in sources.ts. */
  imageSources: string;
  linkSources: string;
  /** Whether answers are to be JSON. */
  isJson: boolean;
}

/** As the attributes have them: a framework may have set anything. */
export const markdownSettings = (
  { codeRenderers, imageSources, linkSources, format }: Omit<MarkdownSettings, 'strings' | 'isJson'> & { format: unknown },
  strings: Strings,
): MarkdownSettings => ({
  strings,
  codeRenderers: codeRenderers ?? {},
  imageSources: String(imageSources ?? ''),
  linkSources: String(linkSources ?? ''),
  isJson: !!format,
});

export function enrich(nodes: ChildNode[], settings: MarkdownSettings): void {
  for (const node of nodes) {
    if (!(node instanceof Element)) continue;
    for (const button of find<HTMLButtonElement>(node, 'button.picture'))
      if (isListed(button.value, settings.imageSources)) showPicture(button, settings.strings);
    for (const code of find<HTMLElement>(node, 'code[class]')) enrichCode(code, code.className.replace('language-', ''), settings);
  }
}

const find = <E extends Element>(element: Element, selector: string) => [
  ...(element.matches(selector) ? [element as E] : []),
  ...element.querySelectorAll<E>(selector),
];

function enrichCode(code: HTMLElement, language: string, { codeRenderers }: MarkdownSettings) {
  const block = code.closest('pre');
  if (block && Object.hasOwn(codeRenderers, language)) void showOwn(block, language, codeRenderers[language]);
  else if (/^math\b/.test(language)) void formulas().then(part => setTimeout(() => part?.showFormula(code)));
  else if (block) {
    isColoured = true;
    void colours().then(part => setTimeout(() => part?.colour(code, language)));
  }
}

async function showOwn(block: HTMLElement, language: string, renderer: CodeRenderer | undefined) {
  try {
    const shown = await renderer?.(block.textContent ?? '', language);
    if (!(shown instanceof Node)) return;
    block.after(shown);
    block.hidden = true;
    // A picture that the page's policy does not allow, for example.
    if (shown instanceof HTMLImageElement) shown.onerror = () => (block.hidden = !(shown.hidden = true));
  } catch (error) {
    console.error(`<ollama-chat>: codeRenderers.${language} failed`, error);
  }
}

/** Where a part is missing, beside a script that was copied alone, the chat goes on without it. */
function once<Part>(load: () => Promise<Part>): () => Promise<Part | undefined> {
  let part: Promise<Part | undefined> | undefined;
  return () => (part ??= load().catch(() => undefined));
}

const pictures = once(async () => import('./picture'));
const formulas = once(async () => import('../markdown/mathml'));
const colours = once(async () => import('../markdown/highlight'));
let isColoured = false;

/** Loads the picture that a button stands for, and puts it in the button's place. */
export function showPicture(button: HTMLButtonElement, strings: Strings): void {
  void pictures().then(part => part?.showPicture(button, strings));
}

/** To be called when a chat has left the page or come back, or messages have gone: the document keeps the colours of code. */
export function refreshColours(root: ParentNode): void {
  // After the update that takes out what has gone.
  if (isColoured) void colours().then(part => setTimeout(() => part?.refresh(root)));
}
