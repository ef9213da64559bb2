/** Lines to JSON values, one a line. Knows nothing of what the values mean. */
import { ChatError } from '../errors';
import { readLines } from './lines';

/**
 * Yields the JSON value of each line that is not blank.
 * @throws {ChatError} `bad-line` for a line that is no JSON; see {@link readLines}.
 */
export async function* readJsonLines(bytes: ReadableStream<Uint8Array<ArrayBuffer>>): AsyncGenerator<unknown, void, undefined> {
  for await (const line of readLines(bytes)) {
    if (line.trim()) yield parseLine(line);
  }
}

function parseLine(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch (cause) {
    throw new ChatError({ kind: 'bad-line', text: line.slice(0, 200) }, { cause });
  }
}
