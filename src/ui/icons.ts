/** One family of icons: a grid of 24, strokes of 1.75, round ends. Purely visual: the control they sit in has the name. */
import { svg, html } from 'lit';

const icon = (shape: unknown) => html`<svg viewBox="0 0 24 24" aria-hidden="true">${shape}</svg>`;

export const chatIcon = icon(svg`<path d="M12 3.5a8.5 8.5 0 0 1 0 17c-1.5 0-2.9-.4-4.1-1L3.5 20.5l1.1-4.2A8.5 8.5 0 0 1 12 3.5Z"/>`);
export const newChatIcon = icon(
  svg`<path d="M12 4.5H6.5a2 2 0 0 0-2 2v11a2 2 0 0 0 2 2h11a2 2 0 0 0 2-2V12"/><path d="M18.4 3.9a1.6 1.6 0 0 1 2.3 2.3L12.6 14.3l-3.1.8.8-3.1Z"/>`,
);
export const closeIcon = icon(svg`<path d="m6 6 12 12M18 6 6 18"/>`);
export const sendIcon = icon(svg`<path d="M12 19V5M5.5 11.5 12 5l6.5 6.5"/>`);
export const stopIcon = icon(svg`<rect x="6.5" y="6.5" width="11" height="11" rx="2" fill="currentColor" stroke="none"/>`);
export const copyIcon = icon(
  svg`<rect x="9" y="9" width="11" height="11" rx="2.5"/><path d="M5.5 15A1.5 1.5 0 0 1 4 13.5v-8A1.5 1.5 0 0 1 5.5 4h8A1.5 1.5 0 0 1 15 5.5"/>`,
);
export const pictureIcon = icon(
  svg`<rect x="4" y="5" width="16" height="14" rx="2.5"/><path d="m4.5 16.5 4-4 3.5 3.5 3-3 4.5 4.5"/><path d="M9 9.5v.01"/>`,
);
export const doneIcon = icon(svg`<path d="m5 12.5 4.5 4.5L19 7.5"/>`);
export const againIcon = icon(svg`<path d="M19.5 12a7.5 7.5 0 1 1-2.3-5.4L19.5 9"/><path d="M19.5 4v5h-5"/>`);
export const downIcon = icon(svg`<path d="m6 9.5 6 6 6-6"/>`);
export const forwardIcon = icon(svg`<path d="m9.5 6 6 6-6 6"/>`);
