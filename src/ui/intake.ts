/** How files come in by themselves: pasted into the composer, or dropped anywhere on the panel. What comes of them is up to others. */
import { filesOf } from './drop-files';

export interface IntakeProps {
  isOff: () => boolean;
  /** Whether files are held over the panel has changed. */
  onOver: () => void;
  onFiles: (files: File[]) => void;
  /** Nothing that could be read, but a folder for example. */
  onOther: (files: File[]) => void;
}

/**
 * Without word of a drag for so long it is elsewhere, in milliseconds: browsers tell of one at least every 350. That something
 * was left they also say of each thing within the panel, and not all of them where to.
 */
const GONE = 500;

export class Intake {
  readonly #props: IntakeProps;
  #listening: AbortController | undefined;
  #leaving: ReturnType<typeof setTimeout> | undefined;
  #isOver = false;

  constructor(props: IntakeProps) {
    this.#props = props;
  }

  /** Whether files are held over the panel. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** From now on, until {@link close}; once more changes nothing. */
  listen(root: ShadowRoot): void {
    if (this.#listening) return;
    const { signal } = (this.#listening = new AbortController());
    root.addEventListener('paste', event => this.#onPaste(event as ClipboardEvent), { signal });
    root.addEventListener('dragenter', event => this.#onDrag(event as DragEvent), { signal });
    root.addEventListener('dragover', event => this.#onDrag(event as DragEvent), { signal });
    root.addEventListener('drop', event => this.#onDrop(event as DragEvent), { signal });
  }

  close(): void {
    this.#listening?.abort();
    this.#listening = undefined;
    this.#setOver(false);
  }

  #onPaste(event: ClipboardEvent) {
    const { clipboardData, target } = event;
    const isMeant = target instanceof Element && target.closest('.composer');
    if (this.#props.isOff() || !clipboardData || !isMeant) return;
    const files = filesOf(clipboardData);
    if (!files.length) return;
    event.preventDefault();
    this.#props.onFiles(files);
  }

  #onDrag(event: DragEvent) {
    const { dataTransfer } = event;
    if (!dataTransfer || !this.#takes(event)) return;
    // Or the browser would leave the page for the file.
    event.preventDefault();
    dataTransfer.dropEffect = 'copy';
    this.#setOver(true);
    this.#leaving = setTimeout(() => this.#setOver(false), GONE);
  }

  #onDrop(event: DragEvent) {
    const { dataTransfer } = event;
    this.#setOver(false);
    if (!dataTransfer || !this.#takes(event)) return;
    const files = filesOf(dataTransfer);
    // Words that come with a picture of them.
    if (!files.length && dataTransfer.getData('text/plain')) return;
    event.preventDefault();
    if (files.length) this.#props.onFiles(files);
    else this.#props.onOther(Array.from(dataTransfer.files));
  }

  /** Files, over the panel: the launcher takes none. */
  #takes(event: DragEvent): boolean {
    const isOnPanel = event.target instanceof Element && event.target.closest('.panel');
    return !this.#props.isOff() && !!isOnPanel && !!event.dataTransfer?.types.includes('Files');
  }

  #setOver(isOver: boolean) {
    clearTimeout(this.#leaving);
    if (isOver === this.#isOver) return;
    this.#isOver = isOver;
    this.#props.onOver();
  }
}
