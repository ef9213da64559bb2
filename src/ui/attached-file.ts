/** What a file becomes that somebody attaches: a picture, a text, or a reason why not. By its content; its name only helps to word that. */
import { AttachmentError } from './attachment-error';
import { isPicture, readPicture } from './picture-file';
import type { Refusal } from './refusals';
import { readTextFile, type TextFile } from './text-file';

export type Content =
  | { kind: 'picture'; base64: string; preview: Blob; description: string }
  /** `size` is in bytes. */
  | { kind: 'file'; file: TextFile; size: number };

export type Refused = { kind: 'refused' } & Omit<Refusal, 'name'>;

/** Names of pictures that no model is shown: not every browser knows their types. */
const OTHER_PICTURE = /\.(?:avif|bmp|dng|hei[cf]s?|icns|ico|jxl|psd|raw|tga|tiff?)$/i;

/** How much of a file tells that it is no text, in bytes. */
const HEAD = 1024;

/**
 * Never rejects.
 * @param refuse Asked once it is known what it is, and before all of it is read.
 */
export async function readAttached(
  file: File,
  refuse: (kind: Content['kind']) => Omit<Refusal, 'name'> | undefined,
): Promise<Content | Refused> {
  try {
    const kind = (await isPicture(file)) || isMeantAsPicture(file) ? 'picture' : 'file';
    const refusal = refuse(kind);
    if (refusal) return { kind: 'refused', ...refusal };
    if (kind === 'file') {
      // Before its size: a smaller one would not do either.
      if (await isBinary(file)) throw new AttachmentError('not-a-text', file);
      return { kind, file: await readTextFile(file), size: file.size };
    }
    const { base64, preview } = await readPicture(file);
    return { kind, base64, preview, description: '' };
  } catch (error) {
    const { reason, limit = 0 } = error instanceof AttachmentError ? error : new AttachmentError('unreadable', file);
    return { kind: 'refused', reason, limit };
  }
}

/** The source of a drawing is text. */
const isMeantAsPicture = ({ name, type }: File) => (/^image\/(?!svg)/i.test(type) && !/\.svg$/i.test(name)) || OTHER_PICTURE.test(name);

/** Texts hold no zeros, but those that say that their characters have several bytes. */
async function isBinary(file: File): Promise<boolean> {
  const head = new Uint8Array(await file.slice(0, HEAD).arrayBuffer());
  const [first = 0, second = 0] = head;
  if (first + second === 0xff + 0xfe) return false;
  return head.includes(0) || String.fromCharCode(...head.subarray(0, 5)) === '%PDF-';
}
