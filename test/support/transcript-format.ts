/**
 * One recorded answer of a real server, and how a line of `test/transcripts/*.ndjson` holds it.
 * Reads no file: Node and browsers get at them in different ways.
 */

export interface Transcript {
  /** The file's name without its ending, which names the server and its version. */
  readonly file: string;
  readonly name: string;
  readonly request: {
    readonly method: string;
    readonly path: string;
    readonly headers?: Readonly<Record<string, string>>;
    readonly body?: string;
  };
  readonly response: {
    readonly status: number;
    readonly headers: Readonly<Record<string, string>>;
    /** One string for each HTTP chunk, in order. */
    readonly chunks: readonly string[];
    /** The connection ended without the last chunk. */
    readonly cut?: true;
    /** What was taken out of the middle of an endless answer. */
    readonly left_out?: string;
  };
}

/** Those named `own` were kept by `RECORD=1 npm run test:servers`. */
export const TRANSCRIPT_FILES = [
  'ollama-0.33.0-rc2',
  'ollama-0.24.0',
  'llama-server-0.7.0',
  'litellm-1.106.2',
  'llama-server-0.7.0-own',
  'litellm-1.108.7-own',
] as const;

export function parseTranscripts(file: string, text: string): Transcript[] {
  const lines = text.split('\n').filter(Boolean);
  return lines.map(line => ({ file, ...(JSON.parse(line) as Omit<Transcript, 'file'>) }));
}
