/** Style sheets of parts that are loaded late. */

const sheets = new Map<string, CSSStyleSheet>();

/** Adds these styles to a shadow root, once. */
export function adopt(root: ShadowRoot, styles: string): void {
  let sheet = sheets.get(styles);
  if (!sheet) {
    sheet = new CSSStyleSheet();
    sheet.replaceSync(styles);
    sheets.set(styles, sheet);
  }
  if (!root.adoptedStyleSheets.includes(sheet)) root.adoptedStyleSheets.push(sheet);
}
