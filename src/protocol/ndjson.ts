/** Lines to JSON values, one a line. Knows nothing of what the values mean. */
import { ChatError } from '../errors';
import { readLines } from './lines';

/**
 * Yields the JSON value of each line that is not blank. A last line that breaks off is left out: the stream was cut.
 * @throws {ChatError} `bad-line` for a line that is no JSON; see {@link readLines}.
 */
export async function* readJsonLines(bytes: ReadableStream<Uint8Array<ArrayBuffer>>): AsyncGenerator<unknown, void, undefined> {
  let broken: ChatError | undefined;
  for await (const line of readLines(bytes)) {
    if (broken) throw broken;
    if (!line.trim()) continue;
    try {
      yield JSON.parse(line);
    } catch (cause) {
      broken = new ChatError({ kind: 'bad-line', text: line.slice(0, 200) }, { cause });
      // What begins like an object may be one that was cut: the next line, or its lack, tells.
      if (!line.trimStart().startsWith('{')) throw broken;
    }
  }
}
