/** What is seen of a scrolling box when something in it changes. */

/** How much is left free at its end, in CSS pixels: the composer's fade lies there. */
const FADE = 20;

/** At its end it follows what grows, by itself. */
const NEAR = 32;

/** How long a change may take that is shown piece by piece, in milliseconds. */
const WHILE = 300;

/**
 * Keeps a control where it is while what is above it becomes longer or shorter, so that the next click meets it again.
 * @param find the control, or the one that has come in its place
 */
export function keepInPlace(box: Element, find: () => Element | null | undefined): void {
  const top = find()?.getBoundingClientRect().top;
  if (top === undefined || box.scrollHeight - box.scrollTop - box.clientHeight < NEAR) return;
  const observer = new ResizeObserver(() => box.scrollBy(0, (find()?.getBoundingClientRect().top ?? top) - top));
  for (const child of box.children) observer.observe(child);
  setTimeout(() => observer.disconnect(), WHILE);
}

/** What has come below the end of the box would not be seen. */
export function bringIntoView(box: Element, element: Element): void {
  const hidden = element.getBoundingClientRect().bottom - box.getBoundingClientRect().bottom + FADE;
  if (hidden > 0) box.scrollBy(0, hidden);
}
