import { expect } from '@open-wc/testing';
import { LINE_LIMIT, readLines } from '../../../src/protocol/lines.ts';
import { bytesOf, everyCut, streamOf, type Bytes, type TestStream } from './byte-stream.ts';
import { failure, rejection } from './chat-error.ts';

const BOM = '\uFEFF';

/** Characters of one to four bytes, several code points that are one sign, and scripts of both directions. */
const WORDS = [
  'Hello, Ünïcödé ß ½',
  'Xin chào thế giới, Tiếng Việt có dấu; và dạng tổ hợp: e\u0302\u0301',
  'مرحبا بالعالم، كيف حالك؟',
  'שלום עולם',
  '你好，世界。𠮷野家 日本語 한국어',
  'नमस्ते दुनिया',
  '👩‍👩‍👧‍👦 👋🏽 🏳️‍🌈 🇻🇳 1️⃣',
];

describe('readLines', () => {
  describe('gives the same lines wherever the network cuts them', () => {
    const cases: Record<string, { text: string; lines: string[] }> = {
      'many scripts and emoji': { text: `${WORDS.join('\n')}\n`, lines: WORDS },
      'a last line without its newline': { text: WORDS.join('\n'), lines: WORDS },
      'CRLF line endings': { text: `${WORDS.join('\r\n')}\r\n`, lines: WORDS },
      'CRLF, and a last line without it': { text: WORDS.join('\r\n'), lines: WORDS },
      'blank lines of both kinds': { text: '\n\r\nmột\n\n\r\nhai\r\n\n', lines: ['', '', 'một', '', '', 'hai', ''] },
      'a carriage return within a line': { text: 'a\rb\r\r\nc\n', lines: ['a\rb\r', 'c'] },
      'other separators that are no line endings': { text: 'a\u2028b\u2029c\u0085d\ve\n', lines: ['a\u2028b\u2029c\u0085d\ve'] },
      'a byte order mark at the start': { text: `${BOM}một\nhai\n`, lines: ['một', 'hai'] },
      'the same character later, where it is text': { text: `một\n${BOM}hai${BOM}\n`, lines: ['một', `${BOM}hai${BOM}`] },
      'nothing at all': { text: '', lines: [] },
      'one newline': { text: '\n', lines: [''] },
    };
    for (const [name, { text, lines }] of Object.entries(cases)) {
      it(name, async () => {
        for (const pieces of everyCut(bytesOf(text))) {
          expect(await all(streamOf(pieces)), `cut at ${pieces[0]?.length}`).to.deep.equal(lines);
        }
      });
    }
  });

  it('shows what is no UTF-8 as replacement characters and goes on', async () => {
    const bytes = new Uint8Array([...bytesOf('a'), 0xff, ...bytesOf('b\nc'), 0xe2, 0x82]);
    for (const pieces of everyCut(bytes)) expect(await all(streamOf(pieces))).to.deep.equal(['a\uFFFDb', 'c\uFFFD']);
  });

  it('gives a line as soon as its newline is there', async () => {
    const reader = readLines(streamOf(['một\nha'], 'stays open'));
    expect((await reader.next()).value).to.equal('một');
  });

  describe('with a line that is too long', () => {
    const fits = 'x'.repeat(10);

    it('accepts one that is just as long as the limit', async () => {
      for (const pieces of everyCut(bytesOf(`${fits}\n${fits}\n`))) {
        expect(await all(streamOf(pieces), 10)).to.deep.equal([fits, fits]);
      }
    });

    it('refuses a longer one wherever it is cut, and keeps the lines before it', async () => {
      for (const pieces of everyCut(bytesOf(`one\n${fits}!`))) {
        const lines: string[] = [];
        expect(await failure(all(streamOf(pieces), 10, lines))).to.deep.equal({ kind: 'too-large', limit: 10 });
        expect(lines).to.deep.equal(['one']);
      }
    });

    it('refuses it also where its newline comes in the same piece', async () => {
      expect(await failure(all(streamOf([`${fits}!\n`]), 10))).to.deep.equal({ kind: 'too-large', limit: 10 });
    });

    it('cancels the stream', async () => {
      const stream = streamOf([`${fits}!`], 'stays open');
      await failure(all(stream, 10));
      await stream.cancelled;
    });

    it('draws the line at 8 MB by itself', async () => {
      expect(LINE_LIMIT).to.equal(8 * 1024 * 1024);
      const piece = bytesOf('x'.repeat(64 * 1024));
      const enough = Array.from({ length: LINE_LIMIT / piece.length }, () => piece);
      expect((await all(streamOf(enough)))[0]).to.have.lengthOf(LINE_LIMIT);
      expect(await failure(all(streamOf([...enough, 'x'], 'stays open')))).to.deep.equal({ kind: 'too-large', limit: LINE_LIMIT });
    });
  });

  it('looks at each character of a long line a few times only, in however small pieces it comes', async () => {
    const line = 'x'.repeat(1024 * 1024);
    const pieces: Bytes[] = Array.from({ length: 8192 }, (_, index) => bytesOf(line.slice(index * 128, (index + 1) * 128)));
    const work = countStringWork();
    try {
      expect((await all(streamOf(pieces)))[0] === line).to.equal(true);
    } finally {
      work.end();
    }
    expect(work.characters).to.be.above(0);
    expect(work.characters).to.be.below(8 * line.length);
  });

  describe('when the reader leaves', () => {
    it('cancels the stream, which closes the connection', async () => {
      const stream = streamOf(['one\ntwo\n'], 'stays open');
      for await (const line of readLines(stream)) {
        expect(line).to.equal('one');
        break;
      }
      await stream.cancelled;
    });

    it('does not wait for a connection that hangs while it is closed', async () => {
      const stream = new ReadableStream<Bytes>({
        start: controller => controller.enqueue(bytesOf('one\n')),
        cancel: () => new Promise(() => {}),
      });
      for await (const line of readLines(stream)) {
        expect(line).to.equal('one');
        break;
      }
    });
  });

  it('passes on what breaks the stream, after the lines that came before', async () => {
    const lines: string[] = [];
    expect(await rejection(all(streamOf(['one\ntw', 'o\nthr'], 'breaks'), undefined, lines))).to.be.instanceOf(TypeError);
    expect(lines).to.deep.equal(['one', 'two']);
  });
});

async function all(stream: TestStream, limit?: number, lines: string[] = []): Promise<string[]> {
  for await (const line of readLines(stream, limit)) lines.push(line);
  return lines;
}

/** Counts the characters that searching, splitting and joining go through, until `end()`. */
function countStringWork() {
  const work = { characters: 0, end: () => undoing.forEach(undo => undo()) };
  const undoing: (() => void)[] = [];
  function count(prototype: object, name: string, size: (self: unknown, result: unknown) => number) {
    const methods = prototype as Record<string, (...values: unknown[]) => unknown>;
    const original = methods[name]!;
    methods[name] = function (this: unknown, ...values) {
      const result = original.apply(this, values);
      work.characters += size(this, result);
      return result;
    };
    undoing.push(() => (methods[name] = original));
  }
  for (const name of ['indexOf', 'lastIndexOf', 'includes', 'search', 'split', 'match', 'replace', 'endsWith']) {
    count(String.prototype, name, self => String(self).length);
  }
  count(RegExp.prototype, 'exec', (_, result) => (result as { input?: string } | null)?.input?.length ?? 0);
  count(Array.prototype, 'join', (_, result) => String(result).length);
  return work;
}
