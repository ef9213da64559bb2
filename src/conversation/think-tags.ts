/**
 * Older models, and some servers, write their thoughts into the answer: `<think>…</think>` at its beginning, or only the closing
 * tag where the prompt held the opening one. What stands there belongs to `thinking`.
 */
import type { ChatMessage } from './message';

const OPEN = '<think>';
const CLOSE = '</think>';

export class ThinkTags {
  /** Whether what comes now is a thought. */
  isOpen = false;
  /** Whether it is known how the answer begins. */
  #isBegun = false;
  /** Whether the answer begins with what comes next. */
  #isClosed = false;
  /** Whether the answer only speaks of such tags. */
  #isMentioned = false;
  /** The end of what has come: looking through all of a long text each time is slow. */
  #recent = '';

  /** @param text What has been added to `content`. */
  sort(reply: ChatMessage, text: string): ChatMessage {
    const { content, thinking } = reply;
    const recent = this.#recent + text;
    this.#recent = recent.slice(1 - CLOSE.length);
    const isEnd = recent.includes(CLOSE);
    if (this.isOpen) return this.#think(reply, (thinking ?? '') + content, isEnd);
    if (this.#isClosed) return content.length > text.length ? reply : { ...reply, content: content.trimStart() };
    // Where the server tells the thoughts by itself a tag is a word like others.
    if (thinking !== undefined) return reply;
    if (!this.#isBegun) {
      const beginning = content.trimStart();
      this.#isBegun = beginning.length >= OPEN.length;
      this.isOpen = beginning.startsWith(OPEN);
      if (this.isOpen) return this.#think(reply, beginning.slice(OPEN.length), isEnd);
    }
    if (!isEnd || this.#isMentioned) return reply;
    const end = content.indexOf(CLOSE, content.length - recent.length);
    this.#isMentioned = isMention(content.slice(0, end));
    return this.#isMentioned ? reply : this.#close(reply, content, end);
  }

  #think(reply: ChatMessage, thinking: string, isEnd: boolean): ChatMessage {
    if (isEnd) return this.#close(reply, thinking, thinking.indexOf(CLOSE));
    return { ...reply, content: '', thinking };
  }

  #close(reply: ChatMessage, text: string, end: number): ChatMessage {
    this.isOpen = false;
    this.#isClosed = true;
    return { ...reply, thinking: text.slice(0, end).trim(), content: text.slice(end + CLOSE.length).trimStart() };
  }
}

/** Whether a closing tag behind a text is only mentioned: within code, or together with its opening one. */
const isMention = (before: string) => before.includes(OPEN) || (before.match(/`+|^~~~/gm)?.length ?? 0) % 2 > 0;
