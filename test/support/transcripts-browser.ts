/**
 * The recorded answers of real servers, for tests that run in a browser: fetched from the test server.
 * The same files as in `transcripts.ts`, which reads them from the disk.
 */
import { parseTranscripts, TRANSCRIPT_FILES, type Transcript } from './transcript-format.ts';

export type { Transcript } from './transcript-format.ts';

export async function transcripts(): Promise<readonly Transcript[]> {
  const files = await Promise.all(TRANSCRIPT_FILES.map(fetchFile));
  return files.flat();
}

/** @throws where there is none, so that a typo never passes as a test. */
export async function transcript(file: string, name: string): Promise<Transcript> {
  const found = (await transcripts()).find(known => known.file === file && known.name === name);
  if (!found) throw new Error(`No transcript ${name} in ${file}`);
  return found;
}

async function fetchFile(file: string): Promise<Transcript[]> {
  const response = await fetch(new URL(`../transcripts/${file}.ndjson`, import.meta.url));
  if (!response.ok) throw new Error(`${response.url} answered ${response.status}`);
  return parseTranscripts(file, await response.text());
}
