/** Puts the interface's own frame around code and tables, on nodes that are already safe. */
import { html, render } from 'lit';
import { copyButton } from './copy';

/** A code block gets its language and a copy button; wide things scroll inside themselves, by keyboard too. */
export function decorate(fragment: DocumentFragment, copyLabel: string): void {
  for (const pre of fragment.querySelectorAll('pre')) {
    const language = /language-(\S+)/.exec(pre.firstElementChild?.className ?? '')?.[1] ?? '';
    const frame = document.createElement('div');
    frame.className = 'code';
    frame.part.add('code-block');
    render(html`<div class="code-head"><span>${language}</span>${copyButton(copyLabel, 'code')}</div>`, frame);
    pre.replaceWith(frame);
    pre.tabIndex = 0;
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
}
