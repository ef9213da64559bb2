/** Which files somebody means who pastes or drops something. To be asked while the event goes on: afterwards it is empty. */

/** None where words are meant, and nothing of a folder. */
export function filesOf(transfer: DataTransfer): File[] {
  const files = Array.from(transfer.items).flatMap(item => (item.kind === 'file' && !isFolder(item) && item.getAsFile()) || []);
  return isPictureOfText(transfer, files) ? [] : files;
}

const isFolder = (item: DataTransferItem) => item.webkitGetAsEntry()?.isDirectory ?? false;

/** Office programs, and browsers for a table, add to the words that are copied a picture of them. */
function isPictureOfText(transfer: DataTransfer, files: readonly File[]): boolean {
  const text = transfer.getData('text/plain').trim();
  return text !== '' && files.every(({ type }) => type.startsWith('image/')) && !isOrigin(text, transfer.getData('text/html'), files);
}

/** Where files come from is no text: file managers add their names or paths, browsers the address of a picture. */
function isOrigin(text: string, page: string, files: readonly File[]): boolean {
  const names = new Set(files.map(({ name }) => name));
  if (text.split(/[\r\n]+/).every(line => names.has(line.trim().split(/[/\\]/).at(-1) ?? ''))) return true;
  return /^(?:https?|file|blob|data):\S+$/i.test(text) && (!page || /<img\s/i.test(page));
}
