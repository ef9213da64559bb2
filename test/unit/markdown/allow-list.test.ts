/**
 * The second wall: no HTML of a model should get as far as the sanitizer. Here it does, as if the Markdown library had
 * let it through.
 */
import { expect } from '@open-wc/testing';
import { sanitize } from '../../../src/markdown/sanitize.ts';
import { found, outline } from './outline.ts';

describe('whatever HTML the Markdown library made, sanitize()', () => {
  describe('lets no other tag through than those on the list:', () => {
    const gone = [
      ...['script', 'style', 'link', 'meta', 'base', 'title', 'iframe', 'object', 'embed', 'applet', 'param', 'portal', 'fencedframe'],
      ...['img', 'picture', 'source', 'video', 'audio', 'track', 'map', 'area', 'canvas', 'svg', 'math', 'image'],
      ...[
        'form',
        'button',
        'select',
        'option',
        'optgroup',
        'textarea',
        'label',
        'fieldset',
        'legend',
        'output',
        'datalist',
        'meter',
        'progress',
      ],
      ...[
        'template',
        'slot',
        'dialog',
        'menu',
        'noscript',
        'noembed',
        'xmp',
        'plaintext',
        'listing',
        'marquee',
        'my-element',
        'x-y',
        'search',
      ],
      ...[
        'div',
        'span',
        'section',
        'article',
        'main',
        'nav',
        'header',
        'footer',
        'aside',
        'address',
        'hgroup',
        'center',
        'font',
        'b',
        'i',
        's',
        'bdo',
        'bdi',
      ],
    ];
    for (const tag of gone) {
      it(`<${tag}>`, () => {
        for (const html of [`<${tag}>a</${tag}>`, `<${tag} src=x href=x><p>a</p></${tag}>`, `<p><${tag}/>b</p>`]) {
          expect(found(sanitize(html), tag), html).to.deep.equal([]);
        }
      });
    }

    it('those of SVG and MathML, which have links and styles of their own', () => {
      const html =
        '<svg><a xlink:href="javascript:alert(1)"><text>a</text></a><style>*{}</style></svg><math><a href="https://x.example">b</a></math>';
      for (const element of sanitize(html).querySelectorAll('*')) expect(element.namespaceURI).to.equal('http://www.w3.org/1999/xhtml');
    });

    it('comments', () => expect(outline(sanitize('<p>a<!-- b --></p>'))).to.equal('<p>a</p>'));
  });

  describe('keeps no attribute', () => {
    const attributes = [
      ...[
        'style="position:fixed"',
        'id="x"',
        'name="x"',
        'class="x"',
        'data-x="1"',
        'aria-label="x"',
        'aria-hidden="true"',
        'role="button"',
        'slot="x"',
      ],
      ...[
        'part="x"',
        'exportparts="x"',
        'is="x-y"',
        'onclick="alert(1)"',
        'onfocus="alert(1)"',
        'onpointerenter="alert(1)"',
        'tabindex="0"',
        'autofocus=""',
      ],
      ...[
        'contenteditable="true"',
        'dir="rtl"',
        'lang="ar"',
        'hidden=""',
        'popover="auto"',
        'popovertarget="x"',
        'accesskey="x"',
        'draggable="true"',
        'inert=""',
      ],
      ...[
        'src="x"',
        'srcset="x"',
        'background="x"',
        'action="x"',
        'formaction="x"',
        'ping="x"',
        'download="x"',
        'referrerpolicy="unsafe-url"',
        'xlink:href="x"',
      ],
      ...[
        'itemscope=""',
        'nonce="x"',
        'width="9999"',
        'height="9999"',
        'bgcolor="red"',
        'color="red"',
        'colspan="2"',
        'rowspan="2"',
        'commandfor="x"',
        'command="x"',
      ],
    ];
    for (const attribute of attributes) {
      it(attribute, () => {
        const name = attribute.split('=', 1)[0]!;
        for (const tag of ['p', 'code', 'h1', 'a href="https://x.example"', 'kbd', 'input type="checkbox"', 'ol', 'strong']) {
          const element = sanitize(`<${tag} ${attribute}>a`).firstElementChild;
          if (name !== 'is') expect(element !== null, tag).to.equal(true); // that one takes its element along
          expect(element?.hasAttribute(name) ?? false, tag).to.equal(false);
        }
      });
    }

    it('class="language-…" anywhere but on code', () => {
      expect(outline(sanitize('<p class="language-js">a <code class="language-js">b</code></p>'))).to.equal(
        '<p>a <code class="language-js">b</code></p>',
      );
    });

    it('class="language-…" with any other class beside it', () => {
      for (const value of ['language-js x', 'x language-js', 'language-', 'Language-js', 'language-"']) {
        expect(sanitize(`<code class='${value}'>a</code>`).firstElementChild?.className, value).to.equal('');
      }
    });
  });

  it('keeps of form controls only checkboxes, and disables them', () => {
    const html = [
      '',
      'type="text"',
      'type="password"',
      'type="image" src="x"',
      'type="submit"',
      'type="file"',
      'type="hidden"',
      'type="radio"',
    ];
    for (const type of html) expect(outline(sanitize(`<p>a<input ${type}></p>`)), type).to.equal('<p>a</p>');
    expect(outline(sanitize('<input type="CHECKBOX" checked>'))).to.equal('<input checked="" disabled="" type="CHECKBOX">');
  });

  it('decides about links itself, whatever they say of themselves', () => {
    const rel = 'rel="noopener noreferrer nofollow" target="_blank"';
    expect(outline(sanitize('<a href="https://x.example" target="_top" rel="opener">a</a>'))).to.equal(
      `<a href="https://x.example" ${rel}>a</a>`,
    );
    for (const href of ['javascript:alert(1)', ' java\nscript:alert(1)', 'data:text/html,x', 'tel:1', 'ftp://x.example', 'blob:x']) {
      expect(outline(sanitize(`<a href="${href}">a <em>b</em></a>`)), href).to.equal('a <em>b</em>');
    }
    expect(outline(sanitize('<a name="x">a</a>'))).to.equal('a');
  });

  it('is not led astray by what browsers read otherwise than it is written', () => {
    const tricks = [
      '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=alert(1)&gt;">',
      '<svg></p><style><a id="</style><img src=1 onerror=alert(1)>">',
      '<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>',
      '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
      '<table><td><a href="javascript:alert(1)"><table><img src=x onerror=alert(1)>',
      '<p><svg><desc><template><img src=x onerror=alert(1)></template></desc></svg>',
      '<select><template><style><!--</style><a rel="--></style></template></select><img id=x src onerror=alert(1)>">',
      '<a href="https://x.example" href="javascript:alert(1)" onclick=alert(1)>x</a>',
      '<input type=checkbox><input name=attributes><input name=childNodes>',
    ];
    for (const html of tricks) {
      for (const element of sanitize(html).querySelectorAll('*')) {
        expect(element.localName, html).to.match(/^(?:p|a|table|tbody|tr|td|input)$/);
        for (const { name } of element.attributes) expect(['href', 'rel', 'target', 'type', 'disabled'], html).to.contain(name);
        if (element instanceof HTMLAnchorElement) expect(element.protocol, html).to.equal('https:');
      }
    }
  });
});
