import { expect } from '@open-wc/testing';
import { filesOf } from '../../../src/ui/drop-files.ts';

const image = (name = 'image.png') => new File(['a'], name, { type: 'image/png' });
const text = (name = 'notes.txt') => new File(['a'], name, { type: 'text/plain' });

function transferOf(files: File[], data: Record<string, string> = {}): DataTransfer {
  const transfer = new DataTransfer();
  for (const [type, value] of Object.entries(data)) transfer.setData(type, value);
  for (const file of files) transfer.items.add(file);
  return transfer;
}

const names = (transfer: DataTransfer) => filesOf(transfer).map(({ name }) => name);

describe('filesOf', () => {
  it('gives the files that are pasted or dropped, in their order, and whatever they are', () => {
    expect(names(transferOf([image('b.png'), text(), image('a.png')]))).to.deep.equal(['b.png', 'notes.txt', 'a.png']);
  });

  it('gives none for text, nor for nothing', () => {
    expect(names(transferOf([]))).to.deep.equal([]);
    expect(names(transferOf([], { 'text/plain': 'a', 'text/html': '<b>a</b>' }))).to.deep.equal([]);
  });

  it('means the words where a picture of them lies beside', () => {
    const table = { 'text/plain': 'a\tb\r\n1\t2', 'text/html': '<table><tr><td>a</table>' };
    expect(names(transferOf([image()], table))).to.deep.equal([]);
    expect(names(transferOf([image()], { 'text/plain': 'Total:' }))).to.deep.equal([]);
    expect(names(transferOf([image()], { 'text/plain': 'https://example.com', 'text/html': '<td>https://example.com' }))).to.deep.equal([]);
  });

  it('means the picture where a page says only where it is from', () => {
    const page = { 'text/html': '<meta charset="utf-8"><img src="https://example.com/a.png" alt="a cat">' };
    expect(names(transferOf([image()], page))).to.deep.equal(['image.png']);
    expect(names(transferOf([image()], { ...page, 'text/plain': 'https://example.com/a.png' }))).to.deep.equal(['image.png']);
    expect(names(transferOf([image()], { ...page, 'text/plain': 'data:image/png;base64,AAAA' }))).to.deep.equal(['image.png']);
    expect(names(transferOf([image()], { 'text/plain': ' \n' }))).to.deep.equal(['image.png']);
  });

  it('means the files where a file manager adds their names or their paths', () => {
    const files = [image('a b.png'), image('c.png')];
    expect(names(transferOf(files, { 'text/plain': 'a b.png\rc.png' }))).to.deep.equal(['a b.png', 'c.png']);
    expect(names(transferOf(files, { 'text/plain': '/home/me/a b.png\n/home/me/c.png\n' }))).to.deep.equal(['a b.png', 'c.png']);
    expect(names(transferOf(files, { 'text/plain': 'C:\\me\\c.png' }))).to.deep.equal(['a b.png', 'c.png']);
    expect(names(transferOf(files, { 'text/plain': 'See c.png\nc.png' }))).to.deep.equal([]);
  });

  it('means files that are no pictures, whatever text is beside them', () => {
    expect(names(transferOf([text(), image()], { 'text/plain': 'words' }))).to.deep.equal(['notes.txt', 'image.png']);
  });

  it('leaves folders out, and what the browser does not hand over', () => {
    const item = (file: File | null, isDirectory?: boolean) => ({
      kind: 'file',
      getAsFile: () => file,
      webkitGetAsEntry: () => (isDirectory === undefined ? null : { isDirectory }),
    });
    const items = [item(text('folder'), true), item(text('a.txt'), false), item(null), item(text('b.txt'))];
    const transfer = { items, getData: () => '' } as unknown as DataTransfer;
    expect(names(transfer)).to.deep.equal(['a.txt', 'b.txt']);
  });
});
