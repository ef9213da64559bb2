import { expect } from '@open-wc/testing';
import { readJsonLines } from '../../../src/protocol/ndjson.ts';
import { bytesOf, everyCut, streamOf, type TestStream } from './byte-stream.ts';
import { failure, rejection } from './chat-error.ts';

const VALUES = [
  { message: { content: 'Xin chào 👩‍👩‍👧‍👦, مرحبا, 你好' }, done: false },
  { message: { content: 'line one\nline two\r\n\ttab "quoted" \\ \u2028 <b>&' } },
  { nested: [1, -2.5e3, true, null, ''] },
];
const LINES = VALUES.map(value => JSON.stringify(value));
/** As Go and Python write it: markup and everything beyond ASCII as escapes. */
const ESCAPED = LINES.map(line => line.replace(/[<>&\u007f-\uffff]/g, unit => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`));

describe('readJsonLines', () => {
  describe('gives the same values wherever the network cuts them', () => {
    const cases: Record<string, string> = {
      'one value a line': `${LINES.join('\n')}\n`,
      'no newline at the end': LINES.join('\n'),
      'CRLF line endings': `${LINES.join('\r\n')}\r\n`,
      'blank lines, also of spaces': `\n\r\n ${LINES.join('\n\n  \t\r\n')}\n\n`,
      'a byte order mark': `\uFEFF${LINES.join('\n')}\n`,
      'characters written as escapes': ESCAPED.join('\n'),
    };
    for (const [name, text] of Object.entries(cases)) {
      it(name, async () => {
        for (const pieces of everyCut(bytesOf(text))) {
          expect(await all(streamOf(pieces)), `cut at ${pieces[0]?.length}`).to.deep.equal(VALUES);
        }
      });
    }
  });

  it('leaves it to others what a value means', async () => {
    expect(await all(streamOf(['null\n[]\n3\n"text"\nfalse\n']))).to.deep.equal([null, [], 3, 'text', false]);
  });

  describe('with a line that is no JSON', () => {
    for (const bad of ['<html>', '{"a":1', '{"a":1}{"b":2}', 'data: {"a":1}', "{'a':1}", 'undefined', '\u0000']) {
      it(`refuses ${JSON.stringify(bad)} and keeps the values before it`, async () => {
        const values: unknown[] = [];
        const error = await failure(all(streamOf([`${LINES[0]}\n${bad}\n${LINES[1]}\n`]), values));
        expect(error).to.deep.equal({ kind: 'bad-line', text: bad });
        expect(values).to.deep.equal([VALUES[0]]);
      });
    }

    it('quotes only its beginning', async () => {
      const error = await failure(all(streamOf([`${'<p>'.repeat(1000)}\n`])));
      expect(error).to.deep.equal({ kind: 'bad-line', text: '<p>'.repeat(1000).slice(0, 200) });
    });

    it('cancels the stream', async () => {
      const stream = streamOf(['oops\n'], 'stays open');
      await failure(all(stream));
      await stream.cancelled;
    });
  });

  it('cancels the stream when the reader leaves', async () => {
    const stream = streamOf(['1\n2\n'], 'stays open');
    for await (const value of readJsonLines(stream)) {
      expect(value).to.equal(1);
      break;
    }
    await stream.cancelled;
  });

  it('passes on what breaks the stream', async () => {
    expect(await rejection(all(streamOf(['1\n{"a'], 'breaks')))).to.be.instanceOf(TypeError);
  });
});

async function all(stream: TestStream, values: unknown[] = []): Promise<unknown[]> {
  for await (const value of readJsonLines(stream)) values.push(value);
  return values;
}
