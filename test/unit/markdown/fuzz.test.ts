/** Hostile texts by the hundred, the same in each run: whatever is written, only what is on the list comes out. */
import { expect } from '@open-wc/testing';
import { onePass as renderMarkdown } from '../../support/markdown-oracle.ts';

/** Tag → attributes. A list of its own, so that a slip in the sanitizer's cannot pass unseen. */
const ALLOWED: Record<string, string[]> = {
  ...Object.fromEntries(['p', 'br', 'hr', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'blockquote', 'ul', 'li', 'pre'].map(tag => [tag, []])),
  ...Object.fromEntries(['strong', 'em', 'del', 'sub', 'sup', 'kbd', 'mark', 'u', 'table', 'thead', 'tbody', 'tr'].map(tag => [tag, []])),
  ol: ['start'],
  th: ['align'],
  td: ['align'],
  code: ['class'],
  a: ['href', 'title', 'rel', 'target'],
  button: ['type', 'class', 'value', 'title'],
  details: [],
  summary: [],
  input: ['type', 'checked', 'disabled'],
};

const PIECES = [
  ...[
    '<script>',
    '</script>',
    '<img src=x onerror=alert(1)>',
    '<svg onload=alert(1)>',
    '<svg><style>',
    '<math><mtext><table><mglyph><style>',
    '<!--',
    '-->',
  ],
  ...[
    '<iframe srcdoc="',
    '<a href="javascript:alert(1)">',
    '<p title="',
    '<textarea>',
    '</textarea>',
    '<noscript>',
    '<template>',
    '<form><input>',
    '<base href=//x>',
  ],
  ...[
    '<![CDATA[',
    ']]>',
    '<?xml',
    '<xmp>',
    '<plaintext>',
    '<select>',
    '<option>',
    '<title>',
    '<style>@import "//x"</style>',
    '<meta http-equiv=refresh>',
    '<object data=x>',
  ],
  ...[
    '<details open ontoggle=alert(1)>',
    '<my-tag is=x>',
    '<div style="position:fixed" id=a class=b data-c=1 aria-label=d role=e slot=f part=g>',
    '<kbd>',
    '</kbd>',
    '<u>',
    '</sub>',
    '<br>',
  ],
  ...[
    '[a](javascript:alert(1))',
    '[a](java\tscript:alert(1))',
    '[a](data:text/html,<script>)',
    '![a](x" onerror="alert(1))',
    '![',
    '](',
    '<javascript:alert(1)>',
    '[a]: javascript:alert(1)',
  ],
  ...[
    '[a](https://x.example "t" onclick="alert(1)")',
    '[a][1]',
    '\n\n[1]: javascript:alert(1) "t"\n\n',
    '<https://x.example/"onclick="alert(1)>',
    'www.x.example/<script>',
    '[](<',
  ],
  ...[
    '```',
    '~~~html\n',
    '```"><img src=x>\n',
    '`',
    '``',
    '    ',
    '\n',
    '\n\n',
    '> ',
    '- ',
    '- [x] ',
    '1. ',
    '# ',
    '| a | b |\n|---|:-:|\n| ',
    ' | ',
    '***',
    '**',
    '_',
    '~~',
    '\\',
    '&lt;',
    '&#x3C;script&#x3E;',
  ],
  ...[
    '&quot;',
    '"',
    "'",
    '=',
    '\u0000',
    '\u2028',
    '\uFEFF',
    '\u202E',
    '🙂',
    'a',
    ' ',
    '\r\n',
    '&',
    '<',
    '>',
    '</',
    '/>',
    '\t',
    'onclick=alert(1)',
    'javascript:',
    'x'.repeat(50),
  ],
];

describe('renderMarkdown, given a hostile text,', () => {
  it('never lets anything through that is not on the list', () => {
    const random = numbers(20261122);
    for (let round = 0; round < 1500; round++) {
      const length = 1 + random(14);
      const whole = Array.from({ length }, () => PIECES[random(PIECES.length)]).join('');
      check(whole);
      check(whole.slice(0, random(whole.length))); // as while it is being written
    }
  });

  it('lets nothing run once it is on the page', async () => {
    const random = numbers(7);
    const page = window as { alert: unknown };
    const { alert } = window;
    let alerts = 0;
    page.alert = () => (alerts += 1);
    const host = document.createElement('div');
    document.body.append(host);
    try {
      for (let round = 0; round < 200; round++) {
        host.append(renderMarkdown(Array.from({ length: 12 }, () => PIECES[random(PIECES.length)]).join('')));
      }
      await new Promise(resolve => requestAnimationFrame(() => setTimeout(resolve)));
    } finally {
      host.remove();
      page.alert = alert;
    }
    expect(alerts).to.equal(0);
  });
});

function check(markdown: string) {
  const wrong: string[] = [];
  for (const element of renderMarkdown(markdown).querySelectorAll('*')) {
    const { localName, namespaceURI } = element;
    const attributes = ALLOWED[localName];
    if (!attributes || namespaceURI !== 'http://www.w3.org/1999/xhtml') wrong.push(`<${localName}>`);
    for (const { name } of element.attributes) if (!attributes?.includes(name)) wrong.push(`<${localName} ${name}>`);
    if (element instanceof HTMLAnchorElement) wrong.push(...wrongLink(element));
    if (element instanceof HTMLInputElement && !(element.type === 'checkbox' && element.disabled)) wrong.push('an input');
    if (element.className && !/^(?:picture|language-[\w+#.-]+)$/.test(element.className)) wrong.push(`class ${element.className}`);
  }
  if (wrong.length) expect.fail(`${JSON.stringify(markdown)} lets through ${wrong.join(', ')}`);
}

function wrongLink({ protocol, rel, target, href }: HTMLAnchorElement): string[] {
  const known = ['http:', 'https:', 'mailto:'].includes(protocol);
  return known && rel === 'noopener noreferrer nofollow' && target === '_blank' ? [] : [`a link to ${href}`];
}

/** Numbers below `limit`, the same ones for the same seed (mulberry32). */
function numbers(seed: number): (limit: number) => number {
  let state = seed;
  return limit => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % limit;
  };
}
