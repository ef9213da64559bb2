/** A PNG of any size, for tests that need the bytes of one without a browser. */
import { crc32, deflateSync } from 'node:zlib';

/** @param pixel its colour at a place, as red, green and blue. */
export function png(
  width: number,
  height: number,
  pixel: (x: number, y: number) => readonly [number, number, number] = () => [200, 60, 40],
): Buffer {
  const rows = Buffer.alloc(height * (1 + width * 3));
  for (let y = 0, at = 0; y < height; y++) {
    // No filter.
    rows[at++] = 0;
    for (let x = 0; x < width; x++) for (const part of pixel(x, y)) rows[at++] = part & 255;
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  // Eight bits each of red, green and blue.
  header.set([8, 2], 8);
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([signature, chunk('IHDR', header), chunk('IDAT', deflateSync(rows)), chunk('IEND', Buffer.alloc(0))]);
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type), data]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  sum.writeUInt32BE(crc32(body) >>> 0);
  return Buffer.concat([length, body, sum]);
}
