/** Streams of bytes, cut where a test wants them cut. Knows nothing of what the bytes say. */

export type Bytes = Uint8Array<ArrayBuffer>;

/** How a stream goes on after its last piece: it ends, breaks off as a lost connection does, or stays open in silence. */
export type End = 'ends' | 'breaks' | 'stays open';

export interface TestStream extends ReadableStream<Bytes> {
  /** Resolves when the reader cancels the stream. */
  readonly cancelled: Promise<void>;
}

export const bytesOf = (text: string): Bytes => new TextEncoder().encode(text);

/** A stream that hands out one piece a read. */
export function streamOf(pieces: readonly (Bytes | string)[], end: End = 'ends'): TestStream {
  let next = 0;
  let cancel: () => void;
  const cancelled = new Promise<void>(resolve => (cancel = resolve));
  const stream = new ReadableStream<Bytes>(
    {
      pull(controller) {
        const piece = pieces[next++];
        if (piece !== undefined) controller.enqueue(typeof piece === 'string' ? bytesOf(piece) : piece);
        else if (end === 'ends') controller.close();
        else if (end === 'breaks') controller.error(new TypeError('network error'));
        else return new Promise<void>(() => {});
        return undefined;
      },
      cancel: () => cancel(),
    },
    { highWaterMark: 0 },
  );
  return Object.assign(stream, { cancelled });
}

export const byteByByte = (bytes: Bytes): Bytes[] => Array.from(bytes, (_, index) => bytes.subarray(index, index + 1));

/** Cuts `bytes` at each offset. */
export const cutAt = (bytes: Bytes, ...offsets: number[]): Bytes[] =>
  [0, ...offsets].map((offset, index) => bytes.subarray(offset, offsets[index] ?? bytes.length));

/** `bytes` in one piece, in two pieces cut at every place, and byte by byte. */
export function* everyCut(bytes: Bytes): Generator<Bytes[], void, undefined> {
  yield [bytes];
  for (let offset = 1; offset < bytes.length; offset++) yield cutAt(bytes, offset);
  yield byteByByte(bytes);
}
