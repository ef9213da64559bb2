import { expect } from '@open-wc/testing';
import { LINE_LIMIT } from '../../../src/protocol/lines.ts';
import { readEvents, type ServerEvent } from '../../../src/protocol/sse.ts';
import { bytesOf, everyCut, streamOf, type Bytes, type TestStream } from './byte-stream.ts';
import { failure, rejection } from './chat-error.ts';

const WORDS = ['Xin chào 👩‍👩‍👧‍👦, مرحبا, 你好', 'e\u0302\u0301 \u2028 <b>&', '{"a":"b"}'];

describe('readEvents', () => {
  describe('gives the same events wherever the network cuts them', () => {
    const cases: Record<string, { text: string; data: string[] }> = {
      'many scripts and emoji': { text: WORDS.map(word => `data: ${word}\n\n`).join(''), data: WORDS },
      'CRLF line endings': { text: WORDS.map(word => `data: ${word}\r\n\r\n`).join(''), data: WORDS },
      'both line endings': { text: 'data: a\r\n\ndata: b\n\r\n', data: ['a', 'b'] },
      'no space after the colon': { text: 'data:a\n\ndata:  b \n\n', data: ['a', ' b '] },
      'data of several lines': { text: 'data: a\ndata:\ndata: b\n\n', data: ['a\n\nb'] },
      'blank lines between events': { text: '\n\r\ndata: a\n\n\n\ndata: b\n\n', data: ['a', 'b'] },
      'data that is empty': { text: 'data\n\ndata:\n\n', data: ['', ''] },
      'comments, which say nothing': { text: ': PROCESSING\n\n:\ndata: a\n: between\ndata: b\n\n:data: c\n\n', data: ['a\nb'] },
      'fields that nobody knows': { text: 'id: 1\nretry: soon\nretry: 10\nnoise\nmore: x\ndata: a\n\nid: 2\n\n', data: ['a'] },
      'a byte order mark': { text: '\uFEFFdata: a\n\ndata: \uFEFFb\n\n', data: ['a', '\uFEFFb'] },
      'an end within an event, which is left out': { text: 'data: a\n\ndata: b\n', data: ['a'] },
      'an end within a line, which is left out': { text: 'data: a\n\ndata: [DO', data: ['a'] },
      'nothing at all': { text: '', data: [] },
    };
    for (const [name, { text, data }] of Object.entries(cases)) {
      it(name, async () => {
        for (const pieces of everyCut(bytesOf(text))) {
          const events = await all(streamOf(pieces));
          expect(
            events.map(event => event.data),
            `cut at ${pieces[0]?.length}`,
          ).to.deep.equal(data);
        }
      });
    }
  });

  it('gives each event its name, where it has one', async () => {
    for (const pieces of everyCut(bytesOf('event: error\ndata: a\n\ndata: b\n\nevent:ping\n\ndata: c\nevent: late\n\n'))) {
      const events = await all(streamOf(pieces));
      expect(events.map(({ event, data }) => [event, data])).to.deep.equal([
        ['error', 'a'],
        [undefined, 'b'],
        ['late', 'c'],
      ]);
    }
  });

  it('shows what is no UTF-8 as replacement characters and goes on', async () => {
    const bytes = new Uint8Array([...bytesOf('data: a'), 0xff, ...bytesOf('b\n\ndata: c\n\n'), 0xe2, 0x82]);
    for (const pieces of everyCut(bytes)) expect((await all(streamOf(pieces))).map(({ data }) => data)).to.deep.equal(['a\uFFFDb', 'c']);
  });

  it('gives an event as soon as its blank line is there', async () => {
    const reader = readEvents(streamOf(['data: a\n\ndata: b\n'], 'stays open'));
    expect((await reader.next()).value?.data).to.equal('a');
  });

  describe('with an event that is too long', () => {
    const fits = 'x'.repeat(20);

    it('accepts one whose line is just as long as the limit', async () => {
      for (const pieces of everyCut(bytesOf(`data:${fits}\n\ndata:${fits}\n\n`))) {
        expect(await all(streamOf(pieces), 25)).to.have.lengthOf(2);
      }
    });

    for (const [what, text] of Object.entries({
      'one long line': `data:${fits}!!!!!!\n\n`,
      'a line without an end': `data:${fits}!`,
      'an event of many lines without an end': 'data: four\n'.repeat(5),
      'a comment without an end': `:${fits}${fits}`,
    })) {
      it(`refuses ${what} wherever it is cut, and keeps the events before it`, async () => {
        for (const pieces of everyCut(bytesOf(`data: one\n\n${text}`))) {
          const events: ServerEvent[] = [];
          expect(await failure(all(streamOf(pieces), 20, events)), `cut at ${pieces[0]?.length}`).to.deep.equal({
            kind: 'too-large',
            limit: 20,
          });
          expect(events.map(({ data }) => data)).to.deep.equal(['one']);
        }
      });
    }

    it('cancels the stream', async () => {
      const stream = streamOf([`data: ${fits}!`], 'stays open');
      await failure(all(stream, 10));
      await stream.cancelled;
    });

    it('draws the line where lines have it by themselves', async () => {
      const piece = bytesOf('x'.repeat(64 * 1024));
      const enough = Array.from({ length: LINE_LIMIT / piece.length - 1 }, () => piece);
      expect((await all(streamOf(['data: ', ...enough, '\n\n'])))[0]?.data).to.have.lengthOf(LINE_LIMIT - piece.length);
      expect(await failure(all(streamOf(['data: ', ...enough, piece, 'x'], 'stays open')))).to.deep.equal({
        kind: 'too-large',
        limit: LINE_LIMIT,
      });
    });
  });

  describe('when the reader leaves', () => {
    it('cancels the stream, which closes the connection', async () => {
      const stream = streamOf(['data: a\n\ndata: b\n\n'], 'stays open');
      for await (const { data } of readEvents(stream)) {
        expect(data).to.equal('a');
        break;
      }
      await stream.cancelled;
    });

    it('does not wait for a connection that hangs while it is closed', async () => {
      const stream = new ReadableStream<Bytes>({
        start: controller => controller.enqueue(bytesOf('data: a\n\n')),
        cancel: () => new Promise(() => {}),
      });
      for await (const { data } of readEvents(stream)) {
        expect(data).to.equal('a');
        break;
      }
    });
  });

  it('passes on what breaks the stream, after the events that came before', async () => {
    const events: ServerEvent[] = [];
    expect(await rejection(all(streamOf(['data: a\n\nda', 'ta: b\n\ndata: c\n'], 'breaks'), undefined, events))).to.be.instanceOf(
      TypeError,
    );
    expect(events.map(({ data }) => data)).to.deep.equal(['a', 'b']);
  });
});

async function all(stream: TestStream, limit?: number, events: ServerEvent[] = []): Promise<ServerEvent[]> {
  for await (const event of readEvents(stream, limit)) events.push(event);
  return events;
}
