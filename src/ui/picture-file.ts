/**
 * A picture as a visitor gives it, made into one that a model reads: PNG or JPEG, no larger than models look at. It is always
 * drawn anew, so nothing but what is seen of it leaves the computer: not the place where it was taken, not what was cut off.
 * Knows nothing of the chat.
 */
import { toBase64 } from '../history/picture-bytes';
import { AttachmentError, readBytes } from './attachment-error';
import { pictureSize, type PictureType, pictureType } from './picture-header';

export interface Picture {
  /** Without a prefix. */
  base64: string;
  /** The same bytes, and so the same picture. */
  preview: Blob;
  width: number;
  height: number;
}

const FILE_LIMIT = 20 * 2 ** 20;

/** 400 MB once decoded. */
export const PIXEL_LIMIT = 100_000_000;

/** Most models look at less than this. */
const LONGEST_SIDE = 1536;

/** What is larger as PNG is a photograph, whatever its type was. */
const PNG_LIMIT = 2 ** 20;

/** Whether it begins as a picture that {@link readPicture} takes. What cannot be read does not: reading all of it says why. */
export async function isPicture(file: Blob): Promise<boolean> {
  const head = await file
    .slice(0, 12)
    .arrayBuffer()
    .catch(() => new ArrayBuffer(0));
  return pictureType(new Uint8Array(head)) !== undefined;
}

/** @throws {AttachmentError} */
export async function readPicture(file: Blob): Promise<Picture> {
  const bytes = await readBytes(file, FILE_LIMIT);
  const type = pictureType(new Uint8Array(bytes));
  if (!type) throw new AttachmentError('not-a-picture', file);
  const size = pictureSize(bytes, type);
  if (!size) throw new AttachmentError('unreadable', file);
  if (size.width * size.height > PIXEL_LIMIT) throw new AttachmentError('too-many-pixels', file, PIXEL_LIMIT);
  try {
    const canvas = redraw(await decode(new Blob([bytes], { type })));
    const preview = await encode(canvas, type);
    return { base64: await toBase64(preview), preview, width: canvas.width, height: canvas.height };
  } catch (cause) {
    throw new AttachmentError('unreadable', file, undefined, { cause });
  }
}

/** Upright, as it is seen: the default everywhere, while older browsers do not know the name of that option and would refuse it. */
const decode = (picture: Blob) => createImageBitmap(picture);

/** At the size at which it is sent. */
function redraw(bitmap: ImageBitmap): OffscreenCanvas {
  try {
    const scale = Math.min(1, LONGEST_SIDE / Math.max(bitmap.width, bitmap.height));
    const [width, height] = [bitmap.width, bitmap.height].map(side => Math.max(1, Math.round(side * scale))) as [number, number];
    const canvas = new OffscreenCanvas(width, height);
    const context = contextOf(canvas);
    context.imageSmoothingQuality = 'high';
    context.drawImage(bitmap, 0, 0, width, height);
    return canvas;
  } finally {
    // Up to 400 MB, which nobody else gives back soon.
    bitmap.close();
  }
}

function contextOf(canvas: OffscreenCanvas): OffscreenCanvasRenderingContext2D {
  const context = canvas.getContext('2d');
  if (!context) throw new Error('No memory for a canvas.');
  return context;
}

/** Not every server reads WebP and GIF. Letters stay sharp in a PNG, photographs stay small in a JPEG, which knows no transparency. */
async function encode(canvas: OffscreenCanvas, type: PictureType): Promise<Blob> {
  if (type !== 'image/jpeg') {
    const png = await canvas.convertToBlob({ type: 'image/png' });
    if (png.size <= PNG_LIMIT || isTransparent(canvas)) return png;
  }
  return canvas.convertToBlob({ type: 'image/jpeg', quality: 0.9 });
}

function isTransparent(canvas: OffscreenCanvas): boolean {
  const { data } = contextOf(canvas).getImageData(0, 0, canvas.width, canvas.height);
  for (let at = 3; at < data.length; at += 4) if (data[at] !== 255) return true;
  return false;
}

/**
 * Pictures as a page gives them, in their order: base64 stays as it is, files are read.
 * @throws {TypeError} for what is neither, such as an address: what is behind it the page has to fetch itself
 * @throws {AttachmentError} for a file that is no picture
 */
export async function normalizeImages(images: readonly (string | Blob)[]): Promise<string[]> {
  const given = images.map((image, index) => (image instanceof Blob ? image : asBase64(image, index + 1)));
  const result: string[] = [];
  // One after the other: each may need much memory for a moment.
  for (const image of given) result.push(typeof image === 'string' ? image : (await readPicture(image)).base64);
  return result;
}

function asBase64(image: unknown, number: number): string {
  const text = typeof image === 'string' ? image.replace(/^data:image\/(?!svg)[\w.+-]+;base64,/i, '') : '';
  if (isBase64(text)) return text;
  throw new TypeError(
    `Picture ${number} is not base64. Give the base64 of a PNG or JPEG file, in one piece and with its padding, a data:image/…;base64 address, or a Blob.`,
  );
}

/** By what must not be in it: a pattern for all of it would keep a way back for each of its millions of characters. */
const isBase64 = (text: string) => text !== '' && text.length % 4 === 0 && !/[^A-Za-z0-9+/]/.test(text.replace(/={1,2}$/, ''));
