import { expect } from '@open-wc/testing';
import createDOMPurify from 'dompurify';
import { onePass as renderMarkdown } from '../../support/markdown-oracle.ts';
import { found, outline } from './outline.ts';

/** What every link carries. */
const LINK = 'rel="noopener noreferrer nofollow" target="_blank"';
const show = (markdown: string) => outline(renderMarkdown(markdown));
const link = (href: string, text: string, title = '') => `<a href="${href}" ${LINK}${title && ` title="${title}"`}>${text}</a>`;

describe('renderMarkdown', () => {
  describe('shows', () => {
    const kept: Record<string, [markdown: string, shown: string]> = {
      'paragraphs and line breaks': ['a\nb  \nc\n\nd', '<p>a⏎b<br>c</p><p>d</p>'],
      headings: ['# a\n###### b', '<h1>a</h1><h6>b</h6>'],
      emphasis: ['*a* **b** ***c*** ~~d~~', '<p><em>a</em> <strong>b</strong> <em><strong>c</strong></em> <del>d</del></p>'],
      'code in a line': ['`a < b && c`', '<p><code>a < b && c</code></p>'],
      'a block of code with its language': ['```js\nif (a < b) {}\n```', '<pre><code class="language-js">if (a < b) {}⏎</code></pre>'],
      'a language with signs in its name': ['```c++\na\n```', '<pre><code class="language-c++">a⏎</code></pre>'],
      'a block of code without a language': ['```\na\n```\n\n    b', '<pre><code>a⏎</code></pre><pre><code>b⏎</code></pre>'],
      quotes: ['> a\n> > b', '<blockquote><p>a</p><blockquote><p>b</p></blockquote></blockquote>'],
      lists: ['- a\n- b\n  - c', '<ul><li>a</li><li>b<ul><li>c</li></ul></li></ul>'],
      'a numbered list from its first number on': ['3. a\n4. b', '<ol start="3"><li>a</li><li>b</li></ol>'],
      'tables with their alignment': [
        '| a | b | c |\n|---|:-:|--:|\n| 1 | 2 | 3 |',
        [
          ...['<table><thead><tr><th>a</th><th align="center">b</th><th align="right">c</th></tr></thead>'],
          ...['<tbody><tr><td>1</td><td align="center">2</td><td align="right">3</td></tr></tbody></table>'],
        ].join(''),
      ],
      'a line across': ['a\n\n---', '<p>a</p><hr>'],
      'signs written as entities': ['&lt;b&gt; &amp; &copy;', '<p><b> & ©</p>'],
      'many scripts': ['Xin **chào** 👩‍👩‍👧‍👦 مرحبا 你好', '<p>Xin <strong>chào</strong> 👩‍👩‍👧‍👦 مرحبا 你好</p>'],
      'nothing for nothing': ['', ''],
    };
    for (const [what, [markdown, shown]] of Object.entries(kept)) it(what, () => expect(show(markdown)).to.equal(shown));

    it('task lists whose boxes cannot be ticked', () => {
      const boxes = [...renderMarkdown('- [ ] a\n- [x] b').querySelectorAll('input')];
      expect(boxes.map(({ type, checked, disabled }) => ({ type, checked, disabled }))).to.deep.equal([
        { type: 'checkbox', checked: false, disabled: true },
        { type: 'checkbox', checked: true, disabled: true },
      ]);
    });

    it('nodes that are ready to be inserted', () => {
      const fragment = renderMarkdown('# a');
      expect(fragment).to.be.instanceOf(DocumentFragment);
    });
  });

  describe('keeps the tags without attributes that models really write', () => {
    for (const tag of ['sub', 'sup', 'kbd', 'mark', 'u']) {
      it(`<${tag}>`, () => {
        expect(show(`a <${tag}>b *c*</${tag}> d`)).to.equal(`<p>a <${tag}>b <em>c</em></${tag}> d</p>`);
        expect(show(`<${tag.toUpperCase()}>b</${tag.toUpperCase()}>`), 'in capitals').to.equal(`<p><${tag}>b</${tag}></p>`);
      });
    }

    it('<br> in its three ways, also in a table', () => {
      expect(show('a<br>b<br/>c<br />d')).to.equal('<p>a<br>b<br>c<br>d</p>');
      expect(show('| a |\n|---|\n| b<br>c |')).to.contain('<td>b<br>c</td>');
    });

    it('and none of them with an attribute, or written otherwise', () => {
      for (const tag of [
        '<br class="x">',
        '<sub onclick=alert(1)>',
        '<u style="color:red">',
        '<kbd id=x>',
        '<mark/>',
        '<sub >',
        '< sub>',
      ]) {
        expect(show(`a ${tag} b`), tag).to.equal(`<p>a ${tag} b</p>`);
      }
      expect(show('a </br> b')).to.equal('<p>a </br> b</p>');
    });

    it('and none of them within code', () => {
      expect(show('`<br><sub>`')).to.equal('<p><code><br><sub></code></p>');
      expect(found(renderMarkdown('```\n<br><sub>\n```'), 'br, sub')).to.deep.equal([]);
    });
  });

  describe('shows HTML as the text it is:', () => {
    const html = [
      ...[
        '<script>alert(1)</script>',
        '<img src=x onerror=alert(1)>',
        '<svg onload=alert(1)></svg>',
        '<iframe src="//evil.example"></iframe>',
      ],
      ...['<style>* { display: none }</style>', '<b>bold</b>', '<div class="x" id="y" data-z="1">', '<a href="https://evil.example">x</a>'],
      ...[
        '<form action=/x><input name=y><button>z</button></form>',
        '<input type="text">',
        '<math><mi>x</mi></math>',
        '<my-element></my-element>',
      ],
      ...[
        '<details open ontoggle=alert(1)>',
        '<template><b>x</b></template>',
        '<dialog open>',
        '<video src=x></video>',
        '<p>',
        '</p>',
        '</div>',
      ],
      ...['<!-- x -->', '<!doctype html>', '<?php echo 1 ?>', '<![CDATA[x]]>', '<slot name="x">', '<base href="//evil.example">'],
      ...['<img src=x onerror=', '<script', '<a href="', '<!-', '<svg/onload=', '<kbd onclick="', '<br'],
    ];
    for (const text of html) {
      it(text, () => {
        for (const before of ['', 'word ', 'a\n\n', '> ', '- ', '# ', '*word* ']) {
          const fragment = renderMarkdown(before + text);
          expect(fragment.textContent?.replace(/\s/g, ''), before).to.contain(text.replace(/\s/g, ''));
          const tags = [...fragment.querySelectorAll('*')].map(({ localName }) => localName);
          expect(tags, before).to.have.members(allowedAround(before, tags));
        }
      });

      it(`${text} within code`, () => {
        const inline = renderMarkdown(`\`${text}\``);
        expect(inline.querySelector('code')?.textContent).to.equal(text);
        expect(inline.querySelectorAll('*')).to.have.lengthOf(2);
        const block = renderMarkdown(`\`\`\`html\n${text}\n\`\`\``);
        expect(block.querySelector('code')?.textContent).to.equal(`${text}\n`);
        expect(block.querySelectorAll('*')).to.have.lengthOf(2);
      });
    }

    it('also within a tag that is kept', () => {
      expect(show('<kbd><img src=x onerror=alert(1)></kbd>')).to.equal('<p><kbd><img src=x onerror=alert(1)></kbd></p>');
      expect(found(renderMarkdown('<kbd><img src=x></kbd>'), 'img')).to.deep.equal([]);
    });

    it('also within the tags that Markdown takes for raw blocks', () => {
      for (const tag of ['pre', 'code', 'script', 'style', 'textarea']) {
        const fragment = renderMarkdown(`<${tag}><img src=x onerror=alert(1)>\n\n*a*</${tag}>`);
        expect(found(fragment, 'img, pre, code, script, style, textarea'), tag).to.deep.equal([]);
        expect(fragment.textContent, tag).to.contain('<img src=x onerror=alert(1)>');
      }
    });

    it('and still reads the Markdown around it', () => {
      expect(show('<div>**a**</div>')).to.equal('<p><div><strong>a</strong></div></p>');
    });
  });

  describe('keeps no attribute', () => {
    it('that was smuggled in by the language of a block', () => {
      for (const language of ['x"onmouseover="alert(1)', "x'id='y", '<b>', 'a/b', 'ä', 'x&#34;y', '"']) {
        const code = renderMarkdown(`\`\`\`${language}\na\n\`\`\``).querySelector('code')!;
        expect([...code.attributes], language).to.have.lengthOf(0);
      }
    });

    it('of a language beyond its first word', () => {
      expect(show('```js onclick=alert(1) class="x"\na\n```')).to.equal('<pre><code class="language-js">a⏎</code></pre>');
    });

    it('that was smuggled in by an address or a title', () => {
      const fragment = renderMarkdown(
        [
          '[a](https://x.example/"onclick="alert(1) "t" )',
          '[a](<https://x.example/"onclick="alert(1)>)',
          `[a](https://x.example '" onclick="alert(1)')`,
        ].join('\n\n'),
      );
      for (const element of fragment.querySelectorAll('*')) {
        for (const { name } of element.attributes) expect(['href', 'title', 'rel', 'target']).to.contain(name);
      }
    });

    it('on a heading', () => expect(show('# Some words {#id .class}')).to.equal('<h1>Some words {#id .class}</h1>'));
  });

  describe('links', () => {
    it('lead out of the page, and tell nobody where from', () => {
      expect(show('[a](https://x.example/p?q=1&r=2#s)')).to.equal(`<p>${link('https://x.example/p?q=1&r=2#s', 'a')}</p>`);
      expect(show('[a](http://x.example "Some title")')).to.equal(`<p>${link('http://x.example', 'a', 'Some title')}</p>`);
      expect(show('[a](mailto:me@x.example)')).to.equal(`<p>${link('mailto:me@x.example', 'a')}</p>`);
      expect(show('[*a* `b`](HTTPS://X.example)')).to.equal(`<p>${link('HTTPS://X.example', '<em>a</em> <code>b</code>')}</p>`);
    });

    it('are made of addresses alone', () => {
      expect(show('<https://x.example>')).to.equal(`<p>${link('https://x.example', 'https://x.example')}</p>`);
      expect(show('see https://x.example/a.')).to.equal(`<p>see ${link('https://x.example/a', 'https://x.example/a')}.</p>`);
      expect(show('www.x.example')).to.equal(`<p>${link('http://www.x.example', 'www.x.example')}</p>`);
      expect(show('me@x.example')).to.equal(`<p>${link('mailto:me@x.example', 'me@x.example')}</p>`);
    });

    it('are made of references', () => {
      expect(show('[a][1]\n\n[1]: https://x.example "t"')).to.equal(`<p>${link('https://x.example', 'a', 't')}</p>`);
    });

    it('within the page’s own site are links as well', () => {
      expect(show('[a]() [b](<>)')).to.equal('<p>a b</p>');
      expect(show('[a](/docs/)')).to.equal(`<p>${link('/docs/', 'a')}</p>`);
      expect(show('[a](//x.example)')).to.equal(`<p>${link('//x.example', 'a')}</p>`);
    });

    const schemes = [
      ...['javascript:alert(1)', 'JaVaScRiPt:alert(1)', 'vbscript:msgbox(1)', 'data:text/html,hi', 'data:image/svg+xml;base64,PHN2Zz4='],
      ...['file:///etc/passwd', 'blob:https://x.example/1', 'ftp://x.example', 'tel:123', 'sms:123', 'ws://x.example', 'about:blank'],
      ...[
        'intent://x#Intent;end',
        'ms-word:ofe|u|https://x.example',
        'view-source:https://x.example',
        'feed:https://x.example',
        'cid:x',
        'xmpp:x',
        'callto:1',
      ],
    ];
    for (const href of schemes) {
      it(`are only text with ${href}`, () => {
        for (const markdown of [`[a **b**](${href})`, `[a **b**](<${href}>)`, `[a **b**][1]\n\n[1]: ${href}`]) {
          expect(show(markdown), markdown).to.equal('<p>a <strong>b</strong></p>');
        }
        const auto = renderMarkdown(`<${href}>`);
        expect(found(auto, 'a')).to.deep.equal([]);
        expect(auto.textContent).to.contain(href);
      });
    }

    describe('are only text with a script in disguise:', () => {
      const disguises = [
        ...[
          'javascript&colon;alert(1)',
          'javascript&#58;alert(1)',
          'javascript&#x3A;alert(1)',
          '&#106;avascript:alert(1)',
          '&#x6A;avascript:alert(1)',
        ],
        ...[
          '&#0000106avascript:alert(1)',
          'java&#115;cript:alert(1)',
          'java&Tab;script:alert(1)',
          'java&NewLine;script:alert(1)',
          'java&#10;script:alert(1)',
        ],
        ...[
          'java\tscript:alert(1)',
          'java\rscript:alert(1)',
          '\u0001javascript:alert(1)',
          '\u001Fjavascript:alert(1)',
          '\u000Bjavascript:alert(1)',
        ],
        ...[
          '\u00A0javascript:alert(1)',
          '\uFEFFjavascript:alert(1)',
          '\u2028javascript:alert(1)',
          'java\u0000script:alert(1)',
          'java\u00ADscript:alert(1)',
        ],
        ...[
          'java\\script:alert(1)',
          'javascript\\:alert(1)',
          'javascript%3Aalert(1)',
          '%6Aavascript:alert(1)',
          'javascript://x.example/%0Aalert(1)',
        ],
        ...[
          'JAVASCRIPT:alert(1)',
          'ｊavascript:alert(1)',
          'javascript：alert(1)',
          'data&colon;text/html,hi',
          ' \t javascript:alert(1)',
          'vbscript&colon;x',
        ],
      ];
      for (const disguise of disguises) {
        it(JSON.stringify(disguise), () => {
          for (const markdown of [
            `[a](${disguise})`,
            `[a](<${disguise}>)`,
            `[a][1]\n\n[1]: <${disguise}>`,
            `![a](<${disguise}>)`,
            `<${disguise}>`,
          ]) {
            for (const element of renderMarkdown(markdown).querySelectorAll('a')) {
              // What the browser does not read as a scheme may stay: it is an address within the page's own site.
              expect(element.protocol, markdown).to.be.oneOf(['http:', 'https:']);
              expect(new URL(element.href).host, markdown).to.equal(location.host);
            }
          }
        });
      }
    });

    it('never hold another one', () => {
      for (const markdown of ['[![a](https://one.example)](https://two.example)', '[a [b](https://one.example) c](https://two.example)']) {
        expect(found(renderMarkdown(markdown), 'a a'), markdown).to.deep.equal([]);
      }
    });
  });

  describe('pictures', () => {
    const button = (address: string, words: string, title = '') =>
      `<button class="picture"${title && ` title="${title}"`} type="button" value="${address}">${words}</button>`;

    it('are a button that holds the address', () => {
      expect(show('![A cat](https://pics.example/cat.png "t")')).to.equal(`<p>${button('https://pics.example/cat.png', 'A cat', 't')}</p>`);
      expect(show('![](https://pics.example:8080/cat.png)')).to.equal(`<p>${button('https://pics.example:8080/cat.png', '')}</p>`);
      expect(show('![a][1]\n\n[1]: https://pics.example/cat.png')).to.equal(`<p>${button('https://pics.example/cat.png', 'a')}</p>`);
    });

    it('stand before the link that they are in, which then leads on by its own words or its address', () => {
      const picture = button('https://pics.example/a', 'a');
      expect(show('[![a](https://pics.example/a)](https://x.example/)')).to.equal(
        `<p>${picture} ${link('https://x.example/', 'https://x.example/')}</p>`,
      );
      expect(show('[![a](https://pics.example/a) more](https://x.example/)')).to.equal(
        `<p>${picture} ${link('https://x.example/', ' more')}</p>`,
      );
    });

    it('are their words where there is no address of another server', () => {
      for (const address of [
        'cat.png',
        '/cat.png',
        '//pics.example/cat.png',
        'data:image/png;base64,AAAA',
        'blob:x',
        'http://',
        'ftp://x/y',
      ])
        expect(show(`![a cat](${address})`), address).to.equal('<p>a cat</p>');
    });

    it('are never loaded, wherever they come from', () => {
      const sources = [
        'https://pics.example/a.png',
        '/a.png',
        'a.png',
        '//pics.example/a.png',
        'data:image/png;base64,AAAA',
        'blob:x',
        'javascript:alert(1)',
      ];
      for (const source of sources) {
        for (const markdown of [
          `![a](${source})`,
          `![a][1]\n\n[1]: ${source}`,
          `[![a](${source})](https://x.example)`,
          `| ![a](${source}) |\n|---|`,
        ]) {
          const fragment = renderMarkdown(markdown);
          expect(found(fragment, 'img, picture, source, video, [src], [srcset], [style]'), markdown).to.deep.equal([]);
          expect(fragment.textContent, markdown).to.contain('a');
        }
      }
    });

    it('have words that are text', () => {
      expect(show('![<b>"a" & &lt;i&gt;](https://pics.example/x)')).to.contain('<b>"a" & ');
      expect(found(renderMarkdown('![<b>"a" & &lt;i&gt;](https://pics.example/x)'), 'b, i')).to.deep.equal([]);
    });
  });

  describe('and the page’s own DOMPurify', () => {
    afterEach(() => createDOMPurify.removeAllHooks());

    it('do not meet: the page’s hooks see nothing of a reply', () => {
      const seen: string[] = [];
      createDOMPurify.addHook('uponSanitizeElement', node => void seen.push(node.nodeName));
      createDOMPurify.addHook('afterSanitizeAttributes', node => {
        node.setAttribute('data-page', '1');
      });
      expect(show('[a](https://x.example)')).to.equal(`<p>${link('https://x.example', 'a')}</p>`);
      expect(seen).to.deep.equal([]);
    });

    it('do not meet: ours change nothing of what the page sanitizes', () => {
      renderMarkdown('```js\na\n```');
      expect(createDOMPurify.sanitize('<b class="x">a</b>')).to.equal('<b class="x">a</b>');
    });
  });

  it('works though the page has changed its DOMPurify’s settings', () => {
    createDOMPurify.setConfig({ ALLOWED_TAGS: ['script'] });
    try {
      expect(show('*a*')).to.equal('<p><em>a</em></p>');
    } finally {
      createDOMPurify.clearConfig();
    }
  });
});

/** Tags that Markdown itself may make of `before` and of the addresses in a text. */
function allowedAround(before: string, tags: string[]): string[] {
  const marks: Record<string, string[]> = { '> ': ['blockquote'], '- ': ['ul', 'li'], '# ': ['h1'], '*word* ': ['em'] };
  const possible = ['p', 'a', ...(marks[before] ?? [])];
  return tags.filter(tag => possible.includes(tag));
}
