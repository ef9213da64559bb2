/** Why a file is not taken in, with the facts. No wording lives here. */
import { safeFileName } from './file-name';

export type AttachmentFault =
  /** Not a byte in it. */
  | 'empty'
  /** `limit` is in bytes. */
  | 'too-large'
  /** `limit` is in pixels: decoded, a picture is far larger than its file. */
  | 'too-many-pixels'
  /** No PNG, JPEG, WebP or GIF, whatever it is called. */
  | 'not-a-picture'
  /** Not UTF-8, nor UTF-16 that says so. */
  | 'not-a-text'
  /** It is damaged, or the browser cannot get at it any more. */
  | 'unreadable';

export class AttachmentError extends Error {
  override readonly name = 'AttachmentError';
  /** What the file is called, fit to be shown; empty for what has no name. */
  readonly file: string;

  constructor(
    readonly reason: AttachmentFault,
    file: Blob,
    /** What it went over. */
    readonly limit?: number,
    options?: ErrorOptions,
  ) {
    const name = file instanceof File ? safeFileName(file.name) : '';
    // For logs only.
    super([reason, name, limit].filter(Boolean).join(' '), options);
    this.file = name;
  }
}

/**
 * All of a file, unless it is empty or too large, which is known before it is read.
 * @throws {AttachmentError}
 */
export async function readBytes(file: Blob, limit: number): Promise<ArrayBuffer> {
  if (!file.size) throw new AttachmentError('empty', file);
  if (file.size > limit) throw new AttachmentError('too-large', file, limit);
  try {
    return await file.arrayBuffer();
  } catch (cause) {
    // Moved or changed since it was chosen, or kept elsewhere and out of reach.
    throw new AttachmentError('unreadable', file, undefined, { cause });
  }
}
