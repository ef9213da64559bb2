/** The longest test of all: what four real servers answered, cut at every byte. */
import { expect } from '@open-wc/testing';
import { ChatError } from '../../../src/errors.ts';
import { OllamaApi } from '../../../src/protocol/ollama.ts';
import { type Transcript, transcripts } from '../../support/transcripts-browser.ts';
import { byteByByte, bytesOf, cutAt, streamOf, type Bytes } from './byte-stream.ts';
import { restoreFetch, stubFetch } from './fetch-stub.ts';

/**
 * So far apart are two cuts of one reading: longer than nearly every answer, which is cut in two then, and than every
 * line. The longest answer would else be read 25 000 times over.
 */
const FAR_APART = 4096;

describe('the recorded answers to /api/chat', function () {
  this.timeout(110_000);
  let answers: Transcript[];

  before(async () => {
    const bodies = new Map<string, Transcript>();
    for (const transcript of await transcripts()) {
      const { request, response } = transcript;
      const body = response.chunks.join('');
      if (request.method === 'POST' && request.path === '/api/chat' && body) bodies.set(`${response.status} ${body}`, transcript);
    }
    answers = [...bodies.values()];
  });

  it('are here, so that the tests below test something', () => {
    expect(answers.filter(({ response }) => response.status === 200)).to.have.length.above(80);
    expect(answers.filter(({ response }) => response.status >= 400)).to.have.length.above(15);
  });

  it('give the same events wherever the network cuts them', async () => {
    for (const answer of answers) {
      const bytes = bytesOf(answer.response.chunks.join(''));
      const whole = await play(answer, [bytes]);
      for (let first = 1; first < Math.min(bytes.length, FAR_APART); first++) {
        const offsets = [];
        for (let offset = first; offset < bytes.length; offset += FAR_APART - 1) offsets.push(offset);
        const cut = await play(answer, cutAt(bytes, ...offsets));
        // Compared before they are handed to chai, which is slower than the reading.
        if (cut !== whole) expect(cut, `${answer.name} of ${answer.file}, cut at ${offsets}`).to.equal(whole);
      }
    }
  });

  it('give the same events byte by byte', async () => {
    for (const answer of answers) {
      const bytes = bytesOf(answer.response.chunks.join(''));
      expect(await play(answer, byteByByte(bytes)), `${answer.name} of ${answer.file}`).to.equal(await play(answer, [bytes]));
    }
  });
});

/** All that comes of an answer, its failure included, as text. */
async function play({ response }: Transcript, pieces: Bytes[]): Promise<string> {
  stubFetch(() => new Response(streamOf(pieces, response.cut ? 'breaks' : 'ends'), response));
  const outcome: unknown[] = [];
  try {
    for await (const event of new OllamaApi({ url: 'http://ollama.test', retries: 0 }).chat({ model: 'asked', messages: [] }))
      outcome.push(event);
  } catch (error) {
    if (!(error instanceof ChatError)) throw error;
    outcome.push(error.detail);
  } finally {
    restoreFetch();
  }
  return JSON.stringify(outcome);
}
