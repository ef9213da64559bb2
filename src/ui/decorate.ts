/** Puts the interface's own frame around code and tables, on nodes that are already safe. */
import { html, render } from 'lit';
import { fill, type Strings } from '../i18n/strings';
import { copyButton } from './copy';
import { pictureIcon } from './icons';

/** A code block gets its language and a copy button; wide things scroll inside themselves, by keyboard too. */
export function decorate(fragment: DocumentFragment, strings: Strings): void {
  for (const pre of fragment.querySelectorAll('pre')) {
    const language = /language-(\S+)/.exec(pre.firstElementChild?.className ?? '')?.[1] ?? '';
    pre.tabIndex = 0;
    // A formula is shown as one, or as its source without much ado.
    if (language === 'math') continue;
    const frame = document.createElement('div');
    frame.className = 'code';
    frame.part.add('code-block');
    render(html`<div class="code-head"><span>${language}</span>${copyButton(strings.copy, 'code')}</div>`, frame);
    pre.replaceWith(frame);
    frame.append(pre);
  }
  for (const box of fragment.querySelectorAll('input')) {
    box.ariaLabel = box.parentElement?.textContent?.trim() ?? '';
    // Not by :has() in the style sheet: the browser would look anew with each item of a list that grows.
    box.closest('li')?.classList.add('task');
  }
  for (const table of fragment.querySelectorAll('table')) {
    const frame = document.createElement('div');
    frame.className = 'table';
    frame.tabIndex = 0;
    table.replaceWith(frame);
    frame.append(table);
  }
  for (const quote of fragment.querySelectorAll('blockquote')) markAlert(quote, strings.alerts);
  for (const button of fragment.querySelectorAll<HTMLButtonElement>('.picture')) labelPicture(button, strings);
}

/** A quote whose first line is `[!NOTE]` or the like: https://docs.github.com/en/get-started/writing-on-github */
function markAlert(quote: HTMLElement, names: Strings['alerts']) {
  const text = quote.querySelector(':scope > p:first-child')?.firstChild;
  const [mark, kind = ''] = /^\[!(\w+)\] *(?:\n|$)/.exec(text instanceof Text ? text.data : '') ?? [];
  const name = kind.toLowerCase();
  if (!mark || !Object.hasOwn(names, name)) return;
  const title = Object.assign(document.createElement('strong'), { textContent: names[name as keyof typeof names] });
  (text as Text).replaceData(0, mark.length, '');
  quote.prepend(title);
  quote.classList.add('alert', `alert-${name}`);
}

/** Puts words into the button that sanitize.ts has made of a picture, and a frame around it that stays: whose server the picture would come from is said before it is asked. */
function labelPicture(button: HTMLButtonElement, { loadPicture }: Strings): void {
  const alt = button.textContent ?? '';
  const frame = document.createElement('span');
  button.replaceWith(frame);
  frame.append(button);
  button.replaceChildren();
  render(html`${pictureIcon}<span>${alt}</span> <small>${fill(loadPicture, { host: new URL(button.value).host })}</small>`, button);
}
