/**
 * A question in the log that is more than words: its pictures, and the files quoted in it, folded. What is shown of a picture
 * is freed with its message.
 */
import type { ChatMessage } from '../conversation/message';
import { fromBase64 } from '../history/picture-bytes';
import { fileIcon, size } from './attached-strip';
import type { ExtrasContext } from './extras-host';
import { splitParts } from './message-parts';
import { PIXEL_LIMIT } from './picture-file';
import { pictureSize, type PictureSize, pictureType } from './picture-header';
import type { QuotedFile } from './text-file';

interface Shown extends Partial<PictureSize> {
  base64: string;
  /** Absent for what is no picture that browsers are given here. */
  picture: Blob | undefined;
  url?: string | undefined;
}

/** Where a picture says how large it is, in characters of base64; a multiple of four. */
const HEAD = 0x10000;

export class QuestionBodies {
  readonly #context: ExtrasContext;
  /** By message. */
  readonly #shown = new Map<string, Shown[]>();

  constructor(context: ExtrasContext) {
    this.#context = context;
    const { conversation } = context;
    conversation.subscribe(change => change === 'state' && this.release(conversation.messages));
  }

  /**
   * `undefined` where the plain words are all.
   * @param edit in the place of the words, while they are being edited
   */
  body(message: ChatMessage, edit?: unknown): unknown {
    const { kit } = this.#context;
    const { html, nothing } = kit;
    const { text, descriptions, files } = splitParts(message);
    const pictures = this.#picturesOf(message);
    if (!pictures.length && !files.length) return edit;
    return html`${
      pictures.length
        ? html`<div class="sent-pictures">${pictures.map((picture, index) => this.#picture(picture, descriptions[index] ?? '', index + 1))}</div>`
        : nothing
    }
    ${files.map(file => this.#file(file))} ${edit ?? (text.trim() ? html`<div class="bubble">${text}</div>` : nothing)}`;
  }

  /** Frees what is shown of all other messages. */
  release(messages: readonly ChatMessage[]): void {
    if (!this.#shown.size) return;
    const ids = new Set(messages.map(({ id }) => id));
    for (const [id, pictures] of this.#shown) {
      if (ids.has(id)) continue;
      pictures.forEach(free);
      this.#shown.delete(id);
    }
  }

  /** What is on the screen stays there; where it is shown anew, so are its pictures. */
  close(): void {
    this.release([]);
  }

  #picturesOf({ id, images = [] }: ChatMessage): readonly Shown[] {
    const before = this.#shown.get(id) ?? [];
    if (!images.length && !before.length) return before;
    // Another tab may have given the same once more.
    if (images.length === before.length && images.every((base64, index) => base64 === before[index]?.base64)) return before;
    before.forEach(free);
    const pictures = images.map(show);
    this.#shown.set(id, pictures);
    return pictures;
  }

  #picture(shown: Shown, description: string, number: number): unknown {
    const { kit, host, words } = this.#context;
    const { html, nothing, fill } = kit;
    const name = description || fill(words().pictureOf, { number: String(number) });
    const { picture, width, height } = shown;
    if (!picture) return html`<span class="sent-picture lost">${name}</span>`;
    shown.url ??= URL.createObjectURL(picture);
    // A widget that has left the page may be put back, or forgotten.
    const onLoad = () => host.isConnected || free(shown);
    // Damaged, or kept out by the page's own rules.
    const onError = (event: Event) => (event.currentTarget as Element).classList.add('lost');
    return html`<img
      class="sent-picture"
      src=${shown.url}
      alt=${name}
      title=${description || nothing}
      width=${width ?? nothing}
      height=${height ?? nothing}
      decoding="async"
      @load=${onLoad}
      @error=${onError}
    />`;
  }

  #file({ name, text }: QuotedFile): unknown {
    const { kit, surroundings } = this.#context;
    const bytes = new TextEncoder().encode(text).length;
    return kit.html`<details class="quoted">
      <summary>
        ${fileIcon(kit)}<span class="quoted-name">${name}</span><span class="quoted-size">${size(bytes, surroundings().lang)}</span>
        <svg viewBox="0 0 24 24" aria-hidden="true"><path d="m6 9.5 6 6 6-6" /></svg>
      </summary>
      <pre tabindex="0">${text}</pre>
    </details>`;
  }
}

/** By its content: its type is nowhere else, and nothing but a raster picture is given to the browser. */
function show(base64: string): Shown {
  const head = bytesOf(base64.slice(0, HEAD));
  const type = head && pictureType(head);
  const bytes = type && fromBase64(base64);
  const measured = bytes && pictureSize(head.buffer, type);
  // A small file can stand for more than any memory holds.
  if (!bytes || !measured || measured.width * measured.height > PIXEL_LIMIT) return { base64, picture: undefined };
  return { base64, picture: new Blob([bytes], { type }), ...measured };
}

function bytesOf(base64: string): Uint8Array<ArrayBuffer> | undefined {
  try {
    return Uint8Array.from(atob(base64), character => character.charCodeAt(0));
  } catch {
    return undefined;
  }
}

function free(shown: Shown) {
  if (shown.url) URL.revokeObjectURL(shown.url);
  shown.url = undefined;
}
