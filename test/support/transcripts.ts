/**
 * The recorded answers of real servers, for tests that run in Node.
 * Does not play them: that is the server's part.
 */
import { readFileSync } from 'node:fs';
import { parseTranscripts, TRANSCRIPT_FILES, type Transcript } from './transcript-format.ts';

export type { Transcript } from './transcript-format.ts';

let all: readonly Transcript[] | undefined;

export function transcripts(): readonly Transcript[] {
  all ??= TRANSCRIPT_FILES.flatMap(file => {
    const url = new URL(`../transcripts/${file}.ndjson`, import.meta.url);
    return parseTranscripts(file, readFileSync(url, 'utf8'));
  });
  return all;
}

/** @throws where there is none, so that a typo never passes as a test. */
export function transcript(file: string, name: string): Transcript {
  const found = transcripts().find(known => known.file === file && known.name === name);
  if (!found) throw new Error(`No transcript ${name} in ${file}`);
  return found;
}
