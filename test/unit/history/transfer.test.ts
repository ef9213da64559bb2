import { expect } from '@open-wc/testing';
import { marked, type Tokens } from 'marked';
import { type ChatMessage, createMessage } from '../../../src/conversation/message.ts';
import { readMessage } from '../../../src/history/record.ts';
import { exportJson, exportMarkdown, ImportError, importJson } from '../../../src/history/transfer.ts';
import { seeded } from '../../support/seeded.mjs';

const now = new Date('2026-01-31T09:30:00Z');
const words = { you: 'You', answer: 'Answer', thoughts: 'Thoughts', picture: 'Picture', tool: 'Tool' };
const user = (content: string, more: Partial<ChatMessage> = {}) => createMessage({ role: 'user', content, ...more });
const answer = (content: string, more: Partial<ChatMessage> = {}) => createMessage({ role: 'assistant', content, ...more });
const call = { id: 'c', function: { name: 'now', arguments: { zone: 'UTC' } } };

const file = (fields: object) =>
  JSON.stringify({ format: 'ollama-chat', version: 1, title: 'T', exported: now.toISOString(), messages: [], ...fields });

function failure(text: string): ImportError {
  try {
    importJson(text);
  } catch (error) {
    if (error instanceof ImportError) return error;
    throw error;
  }
  throw new Error('It was taken.');
}

describe('exportJson', () => {
  it('writes the format, its version, the title, the time and the messages under their names on the wire', () => {
    const messages = [user('Hi', { images: ['aGk='] }), answer('', { tool_calls: [call], stats: { eval_count: 2 } })];
    const text = exportJson({ title: 'Hello', messages }, now);
    expect(JSON.parse(text)).to.deep.equal({
      format: 'ollama-chat',
      version: 1,
      title: 'Hello',
      exported: '2026-01-31T09:30:00.000Z',
      messages,
    });
    expect(text).to.match(/^\{\n {2}"format"/);
  });

  it('leaves hostile content as it is', () => {
    const content = '</script><script>alert(1)</script>\u2028\u0000"\\\n```';
    expect(JSON.parse(exportJson({ title: content, messages: [user(content)] }, now))).to.nested.include({
      title: content,
      'messages[0].content': content,
    });
  });
});

describe('importJson', () => {
  it('gives back what was exported', () => {
    const messages = [
      user('Hi'),
      answer('Hello', { thinking: 'Hm', status: 'stopped' }),
      createMessage({ role: 'tool', content: '9', tool_name: 'now' }),
    ];
    expect(importJson(exportJson({ title: 'A title', messages }, now))).to.deep.equal({ title: 'A title', messages });
    expect(importJson(exportJson({ title: '', messages: [] }, now))).to.deep.equal({ title: '', messages: [] });
  });

  it('gives back anything that can be read from a store, whatever is in it', () => {
    const random = seeded(7);
    const whole = (below: number) => Math.floor(random() * below);
    const text = () => Array.from({ length: whole(9) }, () => String.fromCharCode(whole(4) ? whole(128) : whole(65536))).join('');
    const json = (depth: number): unknown => {
      const kind = whole(depth ? 7 : 5);
      if (kind > 5) return Object.fromEntries(Array.from({ length: whole(4) }, () => [whole(9) ? text() : '__proto__', json(depth - 1)]));
      return kind > 4 ? Array.from({ length: whole(4) }, () => json(depth - 1)) : [text(), random() * 1e9, -0, null, true][kind];
    };
    const maybe = (fields: object) => (whole(2) ? fields : {});
    const message = (id: number) => ({
      id: `${id} ${text().replace(/\p{Cc}/gu, '')}`,
      role: ['user', 'assistant', 'tool'][whole(3)],
      content: text(),
      ...maybe({ thinking: text() }),
      ...maybe({ images: Array.from({ length: whole(3) }, () => btoa(String(random()))) }),
      ...maybe({
        tool_calls: Array.from({ length: whole(3) }, () => ({
          id: text(),
          function: { name: `f${text()}`, arguments: { x: json(4) }, index: whole(9) },
        })),
      }),
      ...maybe({ tool_name: text(), tool_call_id: text() }),
      status: ['complete', 'stopped', 'interrupted', 'odd'][whole(4)],
      ...maybe({ stats: { eval_count: whole(1000), total_duration: -0, thinking_duration: random() * 1e12 } }),
    });
    for (let round = 0; round < 400; round++) {
      const given = { title: text(), messages: Array.from({ length: whole(6) }, (_, id) => readMessage(message(id)) as ChatMessage) };
      expect(given.messages).not.to.include(undefined);
      expect(importJson(exportJson(given, now))).to.deep.equal(given);
    }
  });

  it('takes a mark of byte order at the beginning', () => {
    expect(importJson(`\uFEFF${file({})}`).title).to.equal('T');
  });

  it('takes the list of messages alone, and completes what the page need not give', () => {
    const { title, messages } = importJson(
      '[{"role": "user", "content": "Hi"}, {"id": null, "status": null, "role": "assistant", "content": "Hello"}]',
    );
    expect(title).to.equal('');
    expect(messages.map(({ role, content, status }) => [role, content, status])).to.deep.equal([
      ['user', 'Hi', 'complete'],
      ['assistant', 'Hello', 'complete'],
    ]);
    expect(new Set(messages.map(({ id }) => id))).to.have.property('size', 2);
    for (const { id } of messages) expect(id).to.match(/^\w{9,}$/);
    expect(importJson('[]')).to.deep.equal({ title: '', messages: [] });
  });

  it('keeps an id for the first that has it, and gives the others new ones', () => {
    const ids = importJson(JSON.stringify(['a', 'b', 'a', 'a'].map(id => ({ ...user('x'), id })))).messages.map(({ id }) => id);
    expect(ids.slice(0, 2)).to.deep.equal(['a', 'b']);
    expect(new Set(ids)).to.have.property('size', 4);
  });

  it('ignores what it does not know, and a status that is none makes an interrupted message', () => {
    const { messages } = importJson(
      file({ theme: 'dark', messages: [{ ...user('Hi'), id: 'a', status: 'sent', html: '<b>', stats: { cost: 3 } }] }),
    );
    expect(messages).to.deep.equal([{ id: 'a', role: 'user', content: 'Hi', status: 'interrupted', stats: {} }]);
  });

  it('cuts a title that is none: too long, or no text', () => {
    expect(importJson(file({ title: 'x'.repeat(5000) })).title).to.have.length(1000);
    for (const title of [undefined, null, 7, ['x'], {}]) expect(importJson(file({ title })).title).to.equal('');
  });

  it('lets no key of the file reach a prototype', () => {
    const evil = '"__proto__": {"polluted": 1}, "constructor": {"prototype": {"polluted": 1}}';
    const text = `{"format": "ollama-chat", "version": 1, ${evil}, "messages": [{"role": "user", "content": "x", ${evil},
      "tool_calls": [{"function": {"name": "f", "arguments": {${evil}}}}]}]}`;
    const [message] = importJson(text).messages;
    expect(Object.keys(message ?? {})).to.have.members(['id', 'role', 'content', 'status', 'tool_calls']);
    expect(message?.tool_calls).to.deep.equal([{ function: { name: 'f', arguments: {} } }]);
    expect(Object.getPrototypeOf(message)).to.equal(Object.prototype);
    expect(({} as { polluted?: unknown }).polluted).to.equal(undefined);
  });

  describe('refuses', () => {
    const tooMany = JSON.stringify(Array(20_001).fill({}));
    const refused: [what: string, reason: ImportError['reason'], text: string, says: RegExp][] = [
      ['nothing', 'not-json', '', /not JSON.*Choose/],
      ['text', 'not-json', '# Hello', /not JSON/],
      ['a file that has lost its end', 'not-json', file({}).slice(0, -1), /lost its end/],
      ['two conversations in a row', 'not-json', file({}) + file({}), /not JSON/],
      ['what is no text', 'not-json', undefined as unknown as string, /not JSON/],
      ['null', 'not-a-conversation', 'null', /Choose/],
      ['a number', 'not-a-conversation', '7', /Choose/],
      ['a string', 'not-a-conversation', '"ollama-chat"', /Choose/],
      ['any object', 'not-a-conversation', '{"messages": []}', /Choose/],
      ['another format', 'not-a-conversation', file({ format: 'other' }), /Choose/],
      ['no version', 'not-a-conversation', file({ version: undefined }), /Choose/],
      ['a version as text', 'not-a-conversation', file({ version: '1' }), /Choose/],
      ['version 0', 'not-a-conversation', file({ version: 0 }), /Choose/],
      ['no messages', 'not-a-conversation', file({ messages: undefined }), /list of messages/],
      ['messages in no list', 'not-a-conversation', file({ messages: { length: 0 } }), /list of messages/],
      ['a later version, whatever it holds', 'newer', file({ version: 2, messages: 'packed' }), /version 2.*newer release/],
      ['more than 20,000 messages', 'too-large', tooMany, /20000 messages/],
      ['more than 64 Mi characters', 'too-large', ' '.repeat(64 * 2 ** 20 + 1), /longer/],
    ];
    for (const [what, reason, text, says] of refused) {
      it(`${what}: ${reason}`, () => {
        const error = failure(text);
        expect(error).to.be.an.instanceOf(TypeError);
        expect([error.name, error.reason, error.number]).to.deep.equal(['ImportError', reason, undefined]);
        expect(error.message).to.match(says);
      });
    }

    const bad: [what: string, message: unknown, says: RegExp][] = [
      ['that is null', null, /is no object/],
      ['that is text', 'Hi', /is no object/],
      ['that is a list', [user('x')], /is no object/],
      ['of the system', { role: 'system', content: 'x' }, /role/],
      ['without a role', { content: 'x' }, /role/],
      ['without content', { role: 'user' }, /content/],
      ['with content in parts', { role: 'user', content: [{ type: 'text', text: 'x' }] }, /content/],
      ['with content over the limit', user('x'.repeat(4 * 2 ** 20 + 1)), /more than 4194304/],
      ['with an id that is a number', { ...user('x'), id: 7 }, /id/],
      ['with an empty id', { ...user('x'), id: '' }, /id/],
      ['with thinking that is no text', { ...user('x'), thinking: true }, /thinking/],
      ['with a picture that has a prefix', { ...user('x'), images: ['data:image/png;base64,aGk='] }, /base64/],
      ['with pictures in no list', { ...user('x'), images: 'aGk=' }, /images/],
      ['with one bad call among good ones', { ...answer(''), tool_calls: [call, { function: { name: 'f' } }] }, /tool_calls/],
      ['with a tool name that is no text', { role: 'tool', content: '', tool_name: {} }, /tool_name/],
      ['with a call id that is no text', { role: 'tool', content: '', tool_call_id: 7 }, /tool_call_id/],
    ];
    for (const [what, message, says] of bad) {
      it(`a message ${what}, by its number`, () => {
        const error = failure(file({ messages: [user('one'), message, { role: 'robot' }] }));
        expect([error.reason, error.number]).to.deep.equal(['bad-message', 2]);
        expect(error.message)
          .to.match(says)
          .and.to.match(/^Nothing was imported: message 2 .*\. Correct it/);
        expect(failure(JSON.stringify([message])).number).to.equal(1);
      });
    }
  });

  it('takes 20,000 messages', () => {
    expect(importJson(JSON.stringify(Array(20_000).fill(user('x')))).messages).to.have.length(20_000);
  });

  it('throws nothing but its own error, whatever becomes of a file', () => {
    const random = seeded(5);
    const whole = exportJson({ title: 'T', messages: [user('Hi', { images: ['aGk='] }), answer('Hello', { tool_calls: [call] })] }, now);
    let taken = 0;
    for (let round = 0; round < 2000; round++) {
      const at = Math.floor(random() * whole.length);
      const put = ['', '0', '"', 'null', '[]', '{}', '-', '\\u0000'][Math.floor(random() * 8)];
      const text = whole.slice(0, at) + put + whole.slice(at + Math.floor(random() * 4));
      try {
        for (const message of importJson(text).messages) expect(readMessage(message)).to.deep.equal(message);
        taken++;
      } catch (error) {
        expect(error).to.be.an.instanceOf(ImportError);
      }
    }
    expect(taken).to.be.above(50).and.below(1950);
  });
});

describe('exportMarkdown', () => {
  const blocks = (text: string) => marked.lexer(text).filter(({ type }) => type !== 'space');
  /** What stands outside of quotes, as a reader of Markdown sees it. */
  const outline = (text: string) =>
    blocks(text).map(token => (token.type === 'blockquote' || token.type === 'code' ? token.type : `${token.type} ${token.raw.trim()}`));

  it('writes a conversation that people can read', () => {
    const messages = [
      user('What time is it?\nIn UTC.', { images: ['aGk=', 'aGk='] }),
      answer('', { thinking: 'A clock\n\nwould help.', tool_calls: [call] }),
      createMessage({ role: 'tool', content: '09:30', tool_name: 'now' }),
      answer('It is **09:30**.\n\n## Why\n\n---\n'),
    ];
    expect(exportMarkdown({ title: 'The time', messages }, words)).to.equal(`# The time

**You**

> What time is it?
> In UTC.

*Picture × 2*

**Answer**

<details>
<summary>Thoughts</summary>

> A clock
>
> would help.

</details>

\`\`\`json
{
  "name": "now",
  "arguments": {
    "zone": "UTC"
  }
}
\`\`\`

**Tool now**

\`\`\`
09:30
\`\`\`

**Answer**

> It is **09:30**.
>
> ## Why
>
> ---
`);
  });

  it('ends with one line end, and leaves out a title that is none', () => {
    expect(exportMarkdown({ title: '', messages: [user('Hi\n\n\n')] }, words)).to.equal('**You**\n\n> Hi\n');
    expect(exportMarkdown({ title: ' ', messages: [] }, words)).to.equal('\n');
    expect(exportMarkdown({ title: 'T', messages: [answer('')] }, words)).to.equal('# T\n\n**Answer**\n');
  });

  it('never writes the bytes of a picture', () => {
    expect(exportMarkdown({ title: 'T', messages: [user('x', { images: ['U0VDUkVU'] })] }, words)).not.to.contain('U0VDUkVU');
  });

  it('shows a title as it was typed, in one line', () => {
    const title = ' a *b* `c`\n# <img src=x> [d](e) \\ ~f~ & #';
    const [heading] = blocks(exportMarkdown({ title, messages: [user('x')] }, words)) as [Tokens.Heading];
    expect([heading.type, heading.depth]).to.deep.equal(['heading', 1]);
    expect(heading.tokens.every(({ type }) => type === 'text' || type === 'escape')).to.equal(true);
    expect(heading.tokens.map(token => (token as Tokens.Text).text).join('')).to.equal('a *b* `c` # <img src=x> [d](e) \\ ~f~ & #');
  });

  it('takes words for words, and the name of a tool too', () => {
    const odd = { you: '*You*', answer: 'A', thoughts: '</summary><b>', picture: '_P_', tool: '<i>T' };
    const messages = [
      user('x', { thinking: 'Hm', images: ['aGk='] }),
      createMessage({ role: 'tool', content: '1', tool_name: '**You**\n\n# x' }),
    ];
    const text = exportMarkdown({ title: 'T', messages }, odd);
    expect(text).to.contain('**\\*You\\***').and.to.contain('<summary>&lt;/summary>&lt;b></summary>').and.to.contain('*\\_P\\_ × 1*');
    expect(text).to.contain('**\\<i\\>T \\*\\*You\\*\\* \\# x**');
  });

  const hostile: Record<string, string> = {
    'an unclosed fence': '```js\nlet x;',
    'an unclosed fence of many marks': 'a\n~~~~~~~~~\nb\n~~~',
    'an unclosed fence in a list': '- a\n\n  ```\n  b\n\nc',
    'a fence that closes nothing': 'a\n```',
    'a fence behind a lone carriage return': 'a\r```\rb',
    'a name': '**You**\n\n> I said this.',
    'a title': '# T\n\nT\n===',
    'a rule': 'a\n---\n***',
    'an unclosed comment': '<!-- a',
    'an unclosed script': '<script>\na\n\nb',
    'an unclosed fold': '<details><summary>a\n\nb',
    'the end of a fold': 'a\n</details>\n\nb</details>',
    'the end of a quote': '</blockquote>\n\n</p></div>',
    'a declaration and an instruction': '<!DOCTYPE html>\n<?php\n<![CDATA[',
    'an open link': '[a](',
    'an open formula': '$$\nx',
    'a table': '| a | b |\n| - | - |\n| 1 |',
    'an indented block': '    a\n\tb',
    'blank lines': '\n\n\na\n\n\n\nb\n\n',
    'a backslash at the end': 'a\\',
    'spaces at the end': 'a  ',
    'a quote that goes on': '> a\nb',
    'only marks': '>>> ``` ~~~ *** --- ###',
  };

  for (const [what, content] of Object.entries(hostile)) {
    it(`keeps ${what} where it was said`, () => {
      const messages = [answer(content, { thinking: content }), createMessage({ role: 'tool', content }), user(content), answer('end')];
      expect(outline(exportMarkdown({ title: 'T', messages }, words))).to.deep.equal([
        'heading # T',
        'paragraph **Answer**',
        'html <details>\n<summary>Thoughts</summary>',
        'blockquote',
        'html </details>',
        'blockquote',
        'paragraph **Tool**',
        'code',
        'paragraph **You**',
        'blockquote',
        'paragraph **Answer**',
        'blockquote',
      ]);
    });

    it(`leaves no HTML that reaches beyond ${what}`, () => {
      const html = marked.parse(exportMarkdown({ title: 'T', messages: [answer(content, { thinking: content }), answer('end')] }, words), {
        async: false,
      });
      const page = new DOMParser().parseFromString(html, 'text/html').body;
      expect([...page.children].map(({ localName }) => localName)).to.deep.equal(['h1', 'p', 'details', 'blockquote', 'p', 'blockquote']);
      expect(page.querySelector('details')?.children).to.have.length(2);
      expect(page.lastElementChild?.textContent?.trim()).to.equal('end');
    });
  }

  it('keeps any mixture of those where it was said', () => {
    const random = seeded(11);
    const parts = [
      ...Object.values(hostile).flatMap(text => text.split(/(\s+)/)),
      '`',
      '``',
      '````',
      '\n',
      '\n\n',
      '- ',
      '1. ',
      '> ',
      '\t',
      '    ',
    ];
    for (let round = 0; round < 500; round++) {
      const content = `x${Array.from({ length: 12 }, () => parts[Math.floor(random() * parts.length)]).join('')}`;
      const text = exportMarkdown({ title: '', messages: [answer(content), createMessage({ role: 'tool', content }), user('end')] }, words);
      expect(outline(text), JSON.stringify(content)).to.deep.equal([
        'paragraph **Answer**',
        'blockquote',
        'paragraph **Tool**',
        'code',
        'paragraph **You**',
        'blockquote',
      ]);
    }
  });

  it('writes what a tool said in a fence that nothing in it can close', () => {
    const content = '```\n`````\n~~~\n</details>';
    const [, code] = blocks(exportMarkdown({ title: '', messages: [createMessage({ role: 'tool', content })] }, words)) as [
      unknown,
      Tokens.Code,
    ];
    expect(code.text).to.equal(content);
    expect(code.raw).to.match(/^`{6}\n/);
  });

  it('leaves HTML in code, addresses and small tags as they are', () => {
    const content = [
      'Use `<details>` and ``<b>``, see <https://example.com/>, H<sub>2</sub>O<br><br/>a \\<b> 1 < 2.',
      '```html',
      '<details>',
      '```',
      '- ~~~',
      '  <script>',
      '  ~~~',
    ];
    const text = exportMarkdown({ title: '', messages: [answer(content.join('\n'))] }, words);
    expect(text).to.equal(`**Answer**\n\n${content.map(line => `> ${line}\n`).join('')}`);
  });

  it('tells the end of a code block from what only looks like it', () => {
    for (const line of ['- ```', '``` js', '``', '~~~', 'a ```']) {
      expect(exportMarkdown({ title: '', messages: [answer(`\`\`\`\n${line}\n<p>`)] }, words), line).to.match(/\n> <p>\n$/);
    }
    for (const line of ['````', '   ```', '``` ']) {
      expect(exportMarkdown({ title: '', messages: [answer(`\`\`\`\n${line}\n<p>`)] }, words), line).to.match(/\n> &lt;p>\n$/);
    }
  });

  it('shows other HTML as its source', () => {
    const said = (content: string) =>
      exportMarkdown({ title: '', messages: [answer(content)] }, words).slice('**Answer**\n\n> '.length, -1);
    expect(said('a <b>b</b> <!-- c')).to.equal('a &lt;b>b&lt;/b> &lt;!-- c');
    expect(said('\\`<p>\\`')).to.equal('\\`&lt;p>\\`');
    expect(said('<br>')).to.equal('&lt;br>');
    expect(said('`a ``<p>')).to.equal('`a ``&lt;p>');
    expect(said('```\n```\n<p>')).to.match(/\n> &lt;p>$/);
    expect(said('``` a `\n<p>')).to.match(/\n> &lt;p>$/);
  });

  it('takes a moment for a megabyte of anything', () => {
    const started = performance.now();
    for (const part of [
      '`',
      '` ',
      '`` ` ',
      '<',
      '<a',
      '<!--',
      '\\',
      '\n',
      '- ',
      '> ',
      '```\n',
      '*',
      '#',
      ' ',
      '\t\n',
      '~',
      '\u0000',
      '<br>',
    ]) {
      const content = part.repeat(2 ** 20 / part.length);
      exportMarkdown(
        { title: content, messages: [answer(content), createMessage({ role: 'tool', content }), answer(`${content}x\`x`)] },
        words,
      );
    }
    expect(performance.now() - started).to.be.below(10_000);
  });
});
