import { expect } from '@open-wc/testing';
import { fromBase64 } from '../../../src/history/picture-bytes.ts';
import type { AttachmentError } from '../../../src/ui/attachment-error.ts';
import { isPicture, normalizeImages, readPicture } from '../../../src/ui/picture-file.ts';
import { pictureSize, pictureType } from '../../../src/ui/picture-header.ts';

type Draw = (context: OffscreenCanvasRenderingContext2D) => void;

/** A picture of one's own, red unless it is drawn on. */
async function picture(type: string, width: number, height: number, draw: Draw = () => {}, quality = 1): Promise<Blob> {
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext('2d')!;
  context.fillStyle = 'red';
  context.fillRect(0, 0, width, height);
  draw(context);
  const blob = await canvas.convertToBlob({ type, quality });
  expect(blob.type).to.equal(type);
  return blob;
}

/** What no PNG makes small. */
const noise: Draw = context => {
  const { width, height } = context.canvas;
  const image = context.createImageData(width, height);
  let state = 1;
  for (let at = 0; at < image.data.length; at++) {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    image.data[at] = at % 4 === 3 ? 255 : state >>> 24;
  }
  context.putImageData(image, 0, 0);
};

const bytesOf = async (blob: Blob) => new Uint8Array(await blob.arrayBuffer());

const ascii = (text: string) => Array.from(text, character => character.charCodeAt(0));

const fileOf = (content: ArrayLike<number> | string, name: string, type = '') =>
  new File([typeof content === 'string' ? content : Uint8Array.from(content)], name, { type });

/** What a file holds as text, for what must not be in it. */
const readable = async (blob: Blob) => new TextDecoder('latin1').decode(await blob.arrayBuffer());

/** The colours of points of a picture. */
async function colours(blob: Blob, ...points: [x: number, y: number][]): Promise<number[][]> {
  const bitmap = await createImageBitmap(blob);
  const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d')!;
  context.drawImage(bitmap, 0, 0);
  return points.map(([x, y]) => [...context.getImageData(x, y, 1, 1).data]);
}

const isRed = ([r = 0, g = 0, b = 0]: number[]) => r > 200 && g < 60 && b < 60;
const isBlue = ([r = 0, g = 0, b = 0]: number[]) => r < 60 && g < 60 && b > 200;

async function refusal(file: Blob): Promise<AttachmentError> {
  const error: unknown = await readPicture(file).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).to.include({ name: 'AttachmentError' });
  return error as AttachmentError;
}

const uint32 = (value: number) => [value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255];

/** 48° 51′ 30″, as three fractions. */
const LATITUDE = [48, 51, 30].flatMap(part => [...uint32(part), ...uint32(1)]);

/** What a camera writes: how it was held, and where it was. */
async function withExif(jpeg: Blob, orientation: number): Promise<Blob> {
  const tiff = [
    ...[...ascii('MM'), 0, 42, ...uint32(8)],
    ...[0, 2],
    ...[0x01, 0x12, 0, 3, ...uint32(1), 0, orientation, 0, 0],
    ...[0x88, 0x25, 0, 4, ...uint32(1), ...uint32(38)],
    ...uint32(0),
    // The place begins here.
    ...[0, 2],
    ...[0, 1, 0, 2, ...uint32(2), ...ascii('N'), 0, 0, 0],
    ...[0, 2, 0, 5, ...uint32(3), ...uint32(68)],
    ...uint32(0),
    ...LATITUDE,
  ];
  const segment = [...ascii('Exif'), 0, 0, ...tiff];
  const bytes = await bytesOf(jpeg);
  return new Blob([bytes.slice(0, 2), Uint8Array.from([0xff, 0xe1, 0, segment.length + 2, ...segment]), bytes.slice(2)]);
}

function chunk(type: string, data: number[]): number[] {
  const content = [...ascii(type), ...data];
  let crc = ~0;
  for (const byte of content) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return [...uint32(data.length), ...content, ...uint32(~crc)];
}

/** A WebP without the container in which Chrome puts what it draws. */
async function simpleWebp(blob: Blob): Promise<Blob> {
  const bytes = await bytesOf(blob);
  const start = (await readable(blob)).search(/VP8[ L]/);
  const length = new DataView(bytes.buffer).getUint32(start + 4, true);
  const image = bytes.slice(start, start + 8 + length + (length % 2));
  const size = Uint8Array.from(uint32(image.length + 4)).reverse();
  return new Blob(['RIFF', size, 'WEBP', image]);
}

const PNG = [0x89, ...ascii('PNG\r\n\x1a\n')];
const pngHeader = (width: number, height: number) => [...PNG, ...chunk('IHDR', [...uint32(width), ...uint32(height), 8, 6, 0, 0, 0])];

/** One red pixel. */
const GIF = [
  ...[...ascii('GIF89a'), 1, 0, 1, 0, 0x80, 0, 0],
  ...[255, 0, 0, 0, 0, 0],
  ...[0x2c, 0, 0, 0, 0, 1, 0, 1, 0, 0],
  ...[2, 2, 0x44, 1, 0, 0x3b],
];

const box = (brand: string) => [...uint32(24), ...ascii(`ftyp${brand}`), ...uint32(0), ...ascii('mif1'), ...ascii(brand)];

const SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><script>alert(1)</script><rect width="9" height="9"/></svg>';

describe('readPicture', () => {
  it('gives the bytes that are sent twice: as base64 without a prefix, and to be shown', async () => {
    const { base64, preview, width, height } = await readPicture(await picture('image/png', 30, 20));
    expect({ width, height }).to.deep.equal({ width: 30, height: 20 });
    expect(preview.type).to.equal('image/png');
    expect(await bytesOf(fromBase64(base64)!)).to.deep.equal(await bytesOf(preview));
    expect(base64).to.match(/^iVBORw0KGgo[A-Za-z0-9+/]*={0,2}$/);
    expect(base64.length % 4).to.equal(0);
  });

  for (const [type, becomes] of [
    ['image/png', 'image/png'],
    ['image/jpeg', 'image/jpeg'],
    ['image/webp', 'image/png'],
  ] as const) {
    it(`makes ${becomes} of ${type}, and shows the same`, async () => {
      const drawn = await picture(type, 40, 20, context => {
        context.fillStyle = 'blue';
        context.fillRect(20, 0, 20, 20);
      });
      const { preview } = await readPicture(drawn);
      expect(preview.type).to.equal(becomes);
      const [left, right] = await colours(preview, [5, 10], [35, 10]);
      expect(isRed(left!), `${left}`).to.equal(true);
      expect(isBlue(right!), `${right}`).to.equal(true);
    });
  }

  it('makes a PNG of a GIF', async () => {
    const { preview, width, height } = await readPicture(fileOf(GIF, 'a.gif'));
    expect({ width, height, type: preview.type }).to.deep.equal({ width: 1, height: 1, type: 'image/png' });
    expect(await colours(preview, [0, 0])).to.deep.equal([[255, 0, 0, 255]]);
  });

  it('goes by the content where name and stated type say something else', async () => {
    const bytes = await bytesOf(await picture('image/png', 5, 5));
    expect((await readPicture(fileOf(bytes, 'notes.txt', 'text/html'))).preview.type).to.equal('image/png');
    expect((await readPicture(fileOf(bytes, 'logo.svg', 'image/svg+xml'))).preview.type).to.equal('image/png');
    expect((await readPicture(fileOf(bytes, 'photo.jpg', 'image/jpeg'))).preview.type).to.equal('image/png');
  });

  it('reads a picture of one pixel', async () => {
    for (const type of ['image/png', 'image/jpeg', 'image/webp']) {
      const { width, height } = await readPicture(await picture(type, 1, 1));
      expect({ width, height }, type).to.deep.equal({ width: 1, height: 1 });
    }
  });

  it('scales the longer side down to 1536 pixels, and keeps the proportions', async () => {
    const { width, height, preview } = await readPicture(await picture('image/jpeg', 3072, 1000));
    expect({ width, height }).to.deep.equal({ width: 1536, height: 500 });
    expect(pictureSize(await preview.arrayBuffer(), 'image/jpeg')).to.deep.equal({ width: 1536, height: 500 });
  });

  it('leaves the size of a smaller one, and a pixel of a very thin one', async () => {
    expect(await readPicture(await picture('image/png', 1536, 8))).to.include({ width: 1536, height: 8 });
    expect(await readPicture(await picture('image/png', 1, 8000))).to.include({ width: 1, height: 1536 });
  });

  it('keeps what is transparent, also where that is large', async () => {
    const hole: Draw = context => context.clearRect(0, 0, 20, 20);
    for (const type of ['image/png', 'image/webp']) {
      const { preview } = await readPicture(await picture(type, 40, 20, hole));
      const [inside, outside] = await colours(preview, [5, 5], [35, 5]);
      expect(inside?.[3], type).to.equal(0);
      expect(outside?.[3], type).to.equal(255);
    }
    const large = await picture('image/png', 800, 800, context => {
      noise(context);
      hole(context);
    });
    const { preview } = await readPicture(large);
    expect(preview.type).to.equal('image/png');
    expect((await colours(preview, [5, 5]))[0]?.[3]).to.equal(0);
  });

  it('makes a JPEG of what is no less without transparency, and large as PNG', async () => {
    const given = await picture('image/png', 800, 800, noise);
    const { preview } = await readPicture(given);
    expect(preview.type).to.equal('image/jpeg');
    expect(preview.size).to.be.below(given.size);
  });

  it('does not let out where a photograph was taken', async () => {
    const photo = await withExif(await picture('image/jpeg', 30, 20), 1);
    const before = await readable(photo);
    const after = await readable((await readPicture(photo)).preview);
    const place = String.fromCharCode(...LATITUDE);
    expect([before.includes('Exif'), before.includes(place)]).to.deep.equal([true, true]);
    expect([after.includes('Exif'), after.includes(place)]).to.deep.equal([false, false]);
  });

  it('turns a photograph as the camera was held, and says its size as it is seen', async () => {
    const lying = await picture('image/jpeg', 40, 20, context => {
      context.fillStyle = 'blue';
      context.fillRect(20, 0, 20, 20);
    });
    const { preview, width, height } = await readPicture(await withExif(lying, 6));
    expect({ width, height }).to.deep.equal({ width: 20, height: 40 });
    const [top, bottom] = await colours(preview, [10, 5], [10, 35]);
    expect(isRed(top!), `${top}`).to.equal(true);
    expect(isBlue(bottom!), `${bottom}`).to.equal(true);
  });

  it('lets out neither what a PNG says of itself nor what stands behind its end', async () => {
    const bytes = [...(await bytesOf(await picture('image/png', 5, 5)))];
    const note = chunk('tEXt', [...ascii('Comment'), 0, ...ascii('at home')]);
    const file = fileOf([...bytes.slice(0, 33), ...note, ...bytes.slice(33), ...ascii('cut off')], 'a.png');
    const before = await readable(file);
    const after = await readable((await readPicture(file)).preview);
    expect([before.includes('at home'), before.includes('cut off')]).to.deep.equal([true, true]);
    expect([after.includes('at home'), after.includes('cut off')]).to.deep.equal([false, false]);
  });

  it('refuses what is no PNG, JPEG, WebP or GIF, whatever it is called', async () => {
    const others: Record<string, ArrayLike<number> | string> = {
      svg: SVG,
      'svg with a declaration': `\uFEFF<?xml version="1.0"?>\n${SVG}`,
      html: '<!doctype html><img src=x onerror=alert(1)>',
      bmp: [...ascii('BM'), ...uint32(0), ...new Uint8Array(60)],
      'tiff (II)': [...ascii('II'), 42, 0, 8, 0, 0, 0],
      'tiff (MM)': [...ascii('MM'), 0, 42, 0, 0, 0, 8],
      heic: box('heic'),
      avif: box('avif'),
      ico: [0, 0, 1, 0, 1, 0, 1, 1, 0, 0, 1, 0],
      'jpeg xl': [0xff, 0x0a, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
      pdf: '%PDF-1.7',
      'riff of another kind': [...ascii('RIFF'), 4, 0, 0, 0, ...ascii('WAVEfmt ')],
      'a png in capitals that has been through a text editor': [0x89, ...ascii('PNG\n\x1a\n'), 0, 0, 0],
      'one byte': [0x89],
    };
    for (const [kind, content] of Object.entries(others)) {
      for (const [name, type] of [
        ['a.png', 'image/png'],
        ['a.jpg', 'image/jpeg'],
      ] as const) {
        const error = await refusal(fileOf(content, name, type));
        expect(error, kind).to.include({ reason: 'not-a-picture', file: name });
      }
      expect(await isPicture(fileOf(content, 'a.png', 'image/png')), kind).to.equal(false);
    }
  });

  it('refuses a file without a byte', async () => {
    expect(await refusal(fileOf([], 'a.png'))).to.include({ reason: 'empty', file: 'a.png' });
  });

  it('refuses what ends within its header, or has a body that is none', async () => {
    const png = await bytesOf(await picture('image/png', 5, 5));
    const jpeg = await bytesOf(await picture('image/jpeg', 5, 5));
    const webp = await bytesOf(await picture('image/webp', 5, 5));
    const broken = { png: png.slice(0, 20), jpeg: jpeg.slice(0, 12), webp: webp.slice(0, 20), gif: GIF.slice(0, 8) };
    for (const [kind, bytes] of Object.entries(broken))
      expect(await refusal(fileOf(bytes, 'a')), kind).to.include({ reason: 'unreadable' });
    expect(await refusal(fileOf([...png.slice(0, 33), ...new Uint8Array(200).fill(7)], 'a'))).to.include({ reason: 'unreadable' });
    expect(await refusal(fileOf([0xff, 0xd8, 0xff, 0xd9], 'a'))).to.include({ reason: 'unreadable' });
    expect(await refusal(fileOf([0xff, 0xd8, 0xff, ...new Uint8Array(5000).fill(0xff)], 'a'))).to.include({ reason: 'unreadable' });
  });

  it('refuses half a picture', async () => {
    for (const type of ['image/png', 'image/jpeg', 'image/webp']) {
      const bytes = await bytesOf(await picture(type, 200, 200, noise, 0.8));
      expect(await refusal(fileOf(bytes.slice(0, bytes.length / 2), 'a')), type).to.include({ reason: 'unreadable' });
    }
  });

  it('refuses a size of nothing', async () => {
    expect(await refusal(fileOf(pngHeader(0, 10), 'a'))).to.include({ reason: 'unreadable' });
  });

  it('refuses a file of more than 20 MB without reading it', async () => {
    const read = () => {
      throw new Error('was read');
    };
    const huge = new File([new Uint8Array(25 * 2 ** 20)], 'a.png', { type: 'image/png' });
    const error = await refusal(Object.assign(huge, { arrayBuffer: read, slice: read, stream: read, text: read }));
    expect(error).to.include({ reason: 'too-large', limit: 20 * 2 ** 20, file: 'a.png' });
  });

  it('refuses a picture that would fill the memory, by its header', async () => {
    const bombs = {
      png: pngHeader(100_000, 100_000),
      gif: [...ascii('GIF89a'), 255, 255, 255, 255, 0, 0, 0],
      jpeg: [0xff, 0xd8, 0xff, 0xe0, 0, 4, 0, 0, 0xff, 0xff, 0xc2, 0, 17, 8, 255, 255, 255, 255, 3],
      webp: [...ascii('RIFF'), 0, 0, 0, 0, ...ascii('WEBPVP8X'), 10, 0, 0, 0, 0, 0, 0, 0, 255, 255, 255, 255, 255, 255],
    };
    for (const [kind, bytes] of Object.entries(bombs)) {
      expect(await refusal(fileOf(bytes, `a.${kind}`)), kind).to.include({ reason: 'too-many-pixels', limit: 100_000_000 });
    }
  });

  it('says so where the browser no longer gets at a file', async () => {
    const cause = new DOMException('gone', 'NotReadableError');
    const file = Object.assign(fileOf(PNG, 'a.png'), { arrayBuffer: () => Promise.reject(cause) });
    const error = await refusal(file);
    expect(error).to.include({ reason: 'unreadable', file: 'a.png' });
    expect(error.cause).to.equal(cause);
  });

  it('gives the memory of a decoded picture back', async () => {
    const original = window.createImageBitmap;
    const bitmaps: ImageBitmap[] = [];
    window.createImageBitmap = async (source: ImageBitmapSource) => {
      const bitmap = await original(source);
      bitmaps.push(bitmap);
      return bitmap;
    };
    try {
      await readPicture(await picture('image/png', 5, 5));
    } finally {
      window.createImageBitmap = original;
    }
    expect(bitmaps.map(({ width }) => width)).to.deep.equal([0]);
  });
});

describe('isPicture', () => {
  it('goes by the first bytes, and has nothing to say of what cannot be read', async () => {
    expect(await isPicture(fileOf([...PNG, 0, 0, 0, 0], 'notes.txt', 'text/plain'))).to.equal(true);
    expect(await isPicture(fileOf(GIF, 'a'))).to.equal(true);
    expect(await isPicture(fileOf([], 'a.png', 'image/png'))).to.equal(false);
    const gone = { arrayBuffer: () => Promise.reject(new DOMException('gone', 'NotReadableError')) };
    expect(await isPicture(Object.assign(fileOf(GIF, 'a.gif'), { slice: () => gone }))).to.equal(false);
  });
});

describe('pictureType and pictureSize', () => {
  it('know what the browser draws, in each way of writing it', async () => {
    const drawn = [
      await picture('image/png', 300, 7),
      await picture('image/jpeg', 300, 7),
      await withExif(await picture('image/jpeg', 300, 7), 1),
      await simpleWebp(await picture('image/webp', 300, 7)),
      await simpleWebp(await picture('image/webp', 300, 7, noise, 0.5)),
      await picture('image/webp', 300, 7),
    ];
    const kinds = new Set<string>();
    for (const blob of drawn) {
      const bytes = await bytesOf(blob);
      const type = pictureType(bytes)!;
      expect(await readPicture(blob), type).to.include({ width: 300, height: 7 });
      kinds.add(type === 'image/webp' ? String.fromCharCode(...bytes.slice(12, 16)) : type);
      expect(pictureSize(bytes.buffer, type), blob.type).to.deep.equal({ width: 300, height: 7 });
    }
    expect([...kinds]).to.deep.equal(['image/png', 'image/jpeg', 'VP8L', 'VP8 ', 'VP8X']);
    expect(pictureSize(Uint8Array.from(GIF).buffer, 'image/gif')).to.deep.equal({ width: 1, height: 1 });
  });

  it('are not taken in by the small picture that a camera puts in front', async () => {
    const small = await bytesOf(await picture('image/jpeg', 8, 8, undefined, 0.5));
    const bytes = [...(await bytesOf(await picture('image/jpeg', 300, 7)))];
    const segment = [0xff, 0xe1, (small.length + 2) >> 8, (small.length + 2) & 255, ...small];
    const photo = Uint8Array.from([...bytes.slice(0, 2), ...segment, ...bytes.slice(2)]);
    expect(pictureSize(photo.buffer, 'image/jpeg')).to.deep.equal({ width: 300, height: 7 });
  });
});

describe('normalizeImages', () => {
  it('leaves base64 as it is, takes the prefix off a data address, and reads files, in their order', async () => {
    const file = await picture('image/png', 5, 5);
    const { base64 } = await readPicture(file);
    const given = ['AAAA', file, 'data:image/png;base64,BBB=', 'DATA:image/jpeg;BASE64,CC=='];
    expect(await normalizeImages(given)).to.deep.equal(['AAAA', base64, 'BBB=', 'CC==']);
    expect(await normalizeImages([])).to.deep.equal([]);
  });

  it('says what to give instead of anything else, before a file is read', async () => {
    const unread = Object.assign(new Blob(['a']), {
      arrayBuffer: () => {
        throw new Error('was read');
      },
    });
    const others: unknown[] = [
      ...['https://example.com/cat.png', '/cat.png', 'blob:null/1', '', 'AAA', 'AA\nAA', 'A===', '====', 'AA-_', `data:image/png,${SVG}`],
      ...['data:image/svg+xml;base64,AAAA', 'data:text/html;base64,AAAA', 'data:image/png;base64,'],
      ...[undefined, null, 1, {}, new Uint8Array(4)],
    ];
    for (const other of others) {
      const error: unknown = await normalizeImages([unread, other as string]).catch((reason: unknown) => reason);
      expect(error, String(other)).to.be.instanceOf(TypeError);
      expect((error as TypeError).message).to.match(/^Picture 2 is not base64\. Give /);
    }
  });

  it('refuses a file that is no picture as it does for a visitor', async () => {
    const error: unknown = await normalizeImages([new Blob([SVG], { type: 'image/png' })]).catch((reason: unknown) => reason);
    expect(error).to.include({ name: 'AttachmentError', reason: 'not-a-picture', file: '' });
  });

  it('takes a large picture as base64 without a word', async () => {
    const large = 'AAAA'.repeat(2 ** 20);
    expect(await normalizeImages([`data:image/png;base64,${large}`])).to.deep.equal([large]);
  });
});
