/**
 * Bytes to server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html), right wherever the network
 * cuts them. Knows nothing of requests or JSON.
 */
import { createParser } from 'eventsource-parser';
import { ChatError } from '../errors';
import { LINE_LIMIT } from './lines';

export interface ServerEvent {
  /** Its name, where the server gave it one. */
  event?: string;
  data: string;
}

/**
 * Yields each event that holds data. What comes after the last blank line is left out: such an event was cut.
 * Leaving the loop early cancels the stream, which closes the connection.
 * @throws {ChatError} `too-large` for an event over `limit`; whatever reading `bytes` throws.
 */
export async function* readEvents(
  bytes: ReadableStream<Uint8Array<ArrayBuffer>>,
  limit = LINE_LIMIT,
): AsyncGenerator<ServerEvent, void, undefined> {
  // A reader rather than `for await`: WebKit cannot iterate streams.
  const reader = bytes.getReader();
  const decoder = new TextDecoder();
  const events: ServerEvent[] = [];
  let tooLarge = false;
  const parser = createParser({
    onEvent: event => events.push(event),
    // The other errors are of lines that every reader has to pass over.
    onError: ({ type }) => (tooLarge ||= type === 'max-buffer-size-exceeded'),
    maxBufferSize: limit,
  });

  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      parser.feed(decoder.decode(value, { stream: true }));
      for (const event of events.splice(0)) {
        if (event.data.length > limit) throw new ChatError({ kind: 'too-large', limit });
        yield event;
      }
      if (tooLarge) throw new ChatError({ kind: 'too-large', limit });
    }
  } finally {
    // Not awaited: a connection that hangs must not hold up whoever stopped reading.
    reader.cancel().catch(() => {});
  }
}
