/**
 * Pictures and text files that go along with the next message: what is attached, and why something is not.
 * How it looks is in attached-strip.ts.
 */
import type { Abilities } from './abilities';
import { type Content, readAttached } from './attached-file';
import { attachButton, type Attached, attachedStrip, attachNotice, dropOverlay, type Reading } from './attached-strip';
import { AttachmentError } from './attachment-error';
import type { ExtrasContext } from './extras-host';
import { safeFileName } from './file-name';
import { Intake } from './intake';
import { joinParts } from './message-parts';
import { normalizeImages } from './picture-file';
import { type Refusal, refusalLines } from './refusals';

export { styles } from '../styles/attachments';

/** So many pictures, and so many files. */
const LIMIT = 8;

export class Attachments {
  readonly #context: ExtrasContext;
  readonly #abilities: Abilities;
  readonly #intake: Intake;
  #items: readonly Attached[] = [];
  #refusals: readonly Refusal[] = [];
  /** Whether somebody wanted to send pictures while an answer was being written. */
  #isHeld = false;
  /** The picture that is being described. */
  #describing: number | undefined;
  /** Files are read one after the other: a picture may need much memory for a moment. */
  #reading: Promise<void> = Promise.resolve();
  /** Sends, once everything has been read. */
  #again: { send: () => void; era: unknown } | undefined;
  #count = 0;

  constructor(context: ExtrasContext, abilities: Abilities) {
    this.#context = context;
    this.#abilities = abilities;
    this.#intake = new Intake({
      isOff: () => this.#isOff,
      onOver: () => context.changed(),
      onFiles: files => this.#add(files),
      onOther: files => {
        this.#refusals = files.map(({ name }) => ({ reason: 'not-a-text', name: safeFileName(name), limit: 0 }));
        context.changed();
      },
    });
  }

  /** Anything about the widget may have changed. */
  update(): void {
    const { host, conversation } = this.#context;
    if (host.shadowRoot && host.isConnected) this.#intake.listen(host.shadowRoot);
    if (!conversation.reply) this.#isHeld = false;
  }

  /** What is attached stays, for when the widget comes back. */
  close(): void {
    this.#intake.close();
    this.#again = undefined;
    this.#items.forEach(free);
  }

  /** Chooses files. */
  get button(): unknown {
    const { kit, words } = this.#context;
    if (this.#isOff) return kit.nothing;
    return attachButton(kit, words(), this.#mayShow, files => this.#add(files));
  }

  /** What is attached, and what is to be said of it. */
  get list(): unknown {
    const { kit, host, words, surroundings, changed, moveOn } = this.#context;
    if (this.#isOff) return kit.nothing;
    // No picture is kept for a page that the widget has left.
    if (host.isConnected) for (const item of this.#items) if (item.kind === 'picture') item.url ??= URL.createObjectURL(item.preview);
    const strip = attachedStrip(kit, {
      words: words(),
      lang: surroundings().lang,
      items: this.#items,
      describing: this.#describing,
      isUnseen: !this.#mayShow,
      onRemove: id => this.#remove(id),
      onDescribe: id => this.#setDescribing(id === this.#describing ? undefined : id),
      onDescription: (picture, text) => {
        picture.description = text;
        changed();
      },
      onDescribed: () => {
        this.#setDescribing(undefined);
        moveOn();
      },
    });
    return [attachNotice(kit, this.#notice), strip];
  }

  /** Over everything else, while files are held over the panel. */
  get overlay(): unknown {
    const { kit, words } = this.#context;
    return this.#intake.isOver ? dropOverlay(kit, words().dropHere) : kit.nothing;
  }

  get isLaden(): boolean {
    return !this.#isOff && this.#items.length > 0;
  }

  /**
   * What is sent with a text: descriptions and files are quoted in it. `undefined` where that cannot be, which has been said;
   * or where something is still being read: then `again` is called afterwards.
   */
  pack(text: string, again: () => void): { content: string; images: string[] } | undefined {
    if (this.#isOff) return { content: text, images: [] };
    this.#forget();
    const pictures = this.#items.filter(item => item.kind === 'picture');
    if (this.#items.some(item => item.kind === 'reading')) this.#again = { send: again, era: this.#context.conversation.era };
    else if (pictures.length && !this.#mayShow) this.#context.surroundings().announce(this.#cannotSee);
    else {
      const descriptions = pictures.map(({ description }) => description.trim());
      const files = this.#items.flatMap(item => (item.kind === 'file' ? item.file : []));
      return { content: joinParts({ text, descriptions, files }), images: pictures.map(({ base64 }) => base64) };
    }
    this.#context.changed();
    return undefined;
  }

  /** It has been sent. */
  unload(): void {
    if (this.#isOff) return;
    this.#items.forEach(free);
    this.#items = [];
    this.#describing = undefined;
    this.#forget();
    this.#context.changed();
  }

  /** A reply is being written, and pictures cannot wait for its end. */
  hold(): void {
    this.#isHeld = true;
    this.#context.changed();
  }

  /** @throws {TypeError} that says what is no picture. */
  async toBase64(images: readonly (string | Blob)[]): Promise<string[]> {
    try {
      return await normalizeImages(images);
    } catch (cause) {
      if (!(cause instanceof AttachmentError)) throw cause;
      throw new TypeError(`A picture can't be sent: ${cause.message}. Give PNG, JPEG, WebP or GIF.`, { cause });
    }
  }

  get #isOff(): boolean {
    return this.#context.host.noAttachments;
  }

  /** Whether the model can see, or nobody knows. */
  get #mayShow(): boolean {
    return this.#abilities.can('vision');
  }

  get #model(): string {
    const { kit, server } = this.#context;
    return kit.shortName(server.model ?? '');
  }

  get #cannotSee(): string {
    const { kit, words } = this.#context;
    return kit.fill(words().cannotSee, { model: this.#model });
  }

  /** One line for each thing to be said. */
  get #notice(): string[] {
    const { kit, words, surroundings } = this.#context;
    const isUnseen = !this.#mayShow && this.#items.some(({ kind }) => kind === 'picture');
    const standing = isUnseen ? [this.#cannotSee] : [];
    const held = this.#isHeld ? [words().afterAnswer] : [];
    return [...new Set([...standing, ...held, ...refusalLines(this.#refusals, words(), surroundings().lang, kit.fill)])];
  }

  /** What was said belongs to what was done before. */
  #forget() {
    this.#refusals = [];
    this.#isHeld = false;
    this.#again = undefined;
  }

  #add(files: readonly File[]) {
    const { host, changed, moveOn } = this.#context;
    if (!files.length) return;
    this.#forget();
    const room = Math.max(0, 2 * LIMIT - this.#items.length);
    if (files.length > room) this.#refuse({ reason: 'too-many', limit: LIMIT, name: '' });
    const taken = files.slice(0, room).map(file => this.#take(file));
    for (const item of taken) this.#reading = this.#reading.then(() => this.#read(item));
    void this.#reading.then(() => this.#onRead(taken.map(({ id }) => id)));
    // A phone's keyboard stays as it is.
    if (host.shadowRoot?.activeElement?.localName === 'textarea') changed();
    else moveOn();
  }

  #take(file: File): Reading {
    const item: Reading = { kind: 'reading', id: ++this.#count, name: this.#label(safeFileName(file.name)), file };
    this.#items = [...this.#items, item];
    return item;
  }

  /** As the controls beside it name it: no two alike. */
  #label(name: string): string {
    const names = new Set(this.#items.map(item => item.name));
    let label = name;
    for (let number = 2; names.has(label); number++) label = `${name} (${number})`;
    return label;
  }

  async #read(item: Reading): Promise<void> {
    const { id, name, file } = item;
    // Taken away meanwhile.
    if (!this.#items.includes(item)) return;
    const read = await readAttached(file, kind => this.#refusalOf(kind));
    const index = this.#items.indexOf(item);
    if (index < 0) return;
    this.#items = read.kind === 'refused' ? this.#items.toSpliced(index, 1) : this.#items.with(index, { id, name, ...read });
    if (read.kind === 'refused') this.#refuse({ name: read.reason === 'cannot-see' ? this.#model : name, ...read });
    this.#context.changed();
  }

  /** What need not be read: there are enough of them, or nobody who could see it. */
  #refusalOf(kind: Content['kind']): Omit<Refusal, 'name'> | undefined {
    if (kind === 'picture' && !this.#mayShow) return { reason: 'cannot-see', limit: 0 };
    return this.#items.filter(item => item.kind === kind).length < LIMIT ? undefined : { reason: 'too-many', limit: LIMIT };
  }

  #onRead(ids: readonly number[]) {
    const { kit, words, surroundings } = this.#context;
    const names = this.#items.flatMap(({ id, name }) => (ids.includes(id) ? name : []));
    if (names.length) surroundings().announce(kit.fill('{what}: {names}', { what: words().attachments, names: names.join(', ') }));
    if (this.#items.some(({ kind }) => kind === 'reading')) return;
    const again = this.#again;
    this.#again = undefined;
    // What is missing is read about first.
    if (!this.#refusals.length && again?.era === this.#context.conversation.era) again?.send();
  }

  #refuse(refusal: Refusal) {
    this.#refusals = [...this.#refusals, refusal];
  }

  #remove(id: number) {
    this.#forget();
    this.#items.filter(item => item.id === id).forEach(free);
    this.#items = this.#items.filter(item => item.id !== id);
    if (this.#describing === id) this.#describing = undefined;
    this.#context.moveOn();
  }

  #setDescribing(id: number | undefined) {
    const { host, changed } = this.#context;
    this.#describing = id;
    changed();
    if (id !== undefined) void host.updateComplete.then(() => host.shadowRoot?.querySelector<HTMLElement>('.attached-field')?.focus());
  }
}

/** The browser keeps a picture as long as it has an address. */
function free(item: Attached) {
  if (item.kind !== 'picture' || !item.url) return;
  URL.revokeObjectURL(item.url);
  item.url = undefined;
}
