/** What a picture's own bytes say of it, before it is decoded: its type and its size. Names and stated types are not asked. */

export type PictureType = 'image/png' | 'image/jpeg' | 'image/webp' | 'image/gif';

export interface PictureSize {
  width: number;
  height: number;
}

/**
 * By the first bytes; `undefined` for all else. These four are what every browser decodes, and none of them can hold a script.
 * https://mimesniff.spec.whatwg.org/#image-type-pattern-matching-algorithm
 */
export function pictureType(bytes: Uint8Array): PictureType | undefined {
  const head = String.fromCharCode(...bytes.subarray(0, 12));
  if (head.startsWith('\x89PNG\r\n\x1a\n')) return 'image/png';
  if (head.startsWith('\xff\xd8\xff')) return 'image/jpeg';
  if (/^RIFF[^]{4}WEBP/.test(head)) return 'image/webp';
  return /^GIF8[79]a/.test(head) ? 'image/gif' : undefined;
}

/** `undefined` where the header is cut off or makes no sense. */
export function pictureSize(bytes: ArrayBuffer, type: PictureType): PictureSize | undefined {
  try {
    return READERS[type](new DataView(bytes));
  } catch {
    // Read over its end.
    return undefined;
  }
}

const READERS: Record<PictureType, (view: DataView) => PictureSize | undefined> = {
  'image/png': view => ({ width: view.getUint32(16), height: view.getUint32(20) }),
  'image/gif': view => ({ width: view.getUint16(6, true), height: view.getUint16(8, true) }),
  'image/webp': webpSize,
  'image/jpeg': jpegSize,
};

/** https://developers.google.com/speed/webp/docs/riff_container: three kinds, each with a header of its own. */
function webpSize(view: DataView): PictureSize | undefined {
  const kind = String.fromCharCode(...[12, 13, 14, 15].map(at => view.getUint8(at)));
  if (kind === 'VP8 ') return { width: view.getUint16(26, true) & 0x3fff, height: view.getUint16(28, true) & 0x3fff };
  const bits = view.getUint32(kind === 'VP8L' ? 21 : 24, true);
  if (kind === 'VP8L') return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 };
  if (kind === 'VP8X') return { width: (bits & 0xffffff) + 1, height: (view.getUint32(26, true) >>> 8) + 1 };
  return undefined;
}

/** Goes from segment to segment, as a decoder does: what a camera writes comes first, often with a small picture in it. */
function jpegSize(view: DataView): PictureSize | undefined {
  for (let at = 2; ;) {
    while (view.getUint8(at) !== 0xff) at++;
    while (view.getUint8(at) === 0xff) at++;
    const marker = view.getUint8(at++);
    const isFrame = marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
    if (isFrame) return { height: view.getUint16(at + 3), width: view.getUint16(at + 5) };
    // The picture itself, or the end.
    if (marker === 0xda || marker === 0xd9) return undefined;
    const isAlone = marker <= 0x01 || (marker >= 0xd0 && marker <= 0xd7);
    if (!isAlone) at += view.getUint16(at);
  }
}
