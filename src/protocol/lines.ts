/**
 * Bytes to lines of text, right wherever the network cuts them: inside a character, between CR and LF.
 * Knows nothing of requests or JSON.
 */
import { ChatError } from '../errors';

/** The longest line that is kept, in UTF-16 units: a guard against a server that never ends one. */
export const LINE_LIMIT = 8 * 1024 * 1024;

/**
 * Yields each line of `bytes` without its line ending, the last one also where the final newline is missing.
 * Leaving the loop early cancels the stream, which closes the connection.
 * @throws {ChatError} `too-large` for a line over `limit`; whatever reading `bytes` throws.
 */
export async function* readLines(
  bytes: ReadableStream<Uint8Array<ArrayBuffer>>,
  limit = LINE_LIMIT,
): AsyncGenerator<string, void, undefined> {
  // A reader rather than `for await`: WebKit cannot iterate streams.
  const reader = bytes.getReader();
  const decoder = new TextDecoder();
  // Fragments of the unfinished line are joined once, at its end: adding to one string would rescan it for each read.
  let fragments: string[] = [];
  let held = 0;
  const finish = (end: string) => {
    const line = fragments.length ? fragments.join('') + end : end;
    fragments = [];
    held = 0;
    if (line.length > limit) throw new ChatError({ kind: 'too-large', limit });
    return line.endsWith('\r') ? line.slice(0, -1) : line;
  };

  try {
    for (;;) {
      const { done, value } = await reader.read();
      const text = done ? decoder.decode() : decoder.decode(value, { stream: true });
      let start = 0;
      for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', start)) {
        yield finish(text.slice(start, end));
        start = end + 1;
      }
      if (start < text.length) {
        fragments.push(text.slice(start));
        held += text.length - start;
        if (held > limit) throw new ChatError({ kind: 'too-large', limit });
      }
      if (done) break;
    }
    if (fragments.length) yield finish('');
  } finally {
    // Not awaited: a connection that hangs must not hold up whoever stopped reading.
    reader.cancel().catch(() => {});
  }
}
