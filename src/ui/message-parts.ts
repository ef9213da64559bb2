/**
 * What a question holds beside its words, and how that travels: a message has no fields for it. Knows nothing of the chat.
 *
 * What was asked, then what each picture shows, where somebody wrote that down, then the files:
 *
 *     Which is older?
 *
 *     > Picture 1: a red bicycle
 *     > Picture 2: a tandem
 */
import type { ChatMessage } from '../conversation/message';
import { joinFiles, type QuotedFile, splitFiles } from './text-file';

export interface MessageParts {
  text: string;
  /** Of the pictures, in their order; empty where there is none. */
  descriptions: readonly string[];
  files: readonly QuotedFile[];
}

/** The content of a message. With nothing beside it the text stays as it is. */
export function joinParts({ text, descriptions, files }: MessageParts): string {
  const lines = descriptions.flatMap((description, index) => (description ? `> Picture ${index + 1}: ${inLine(description)}` : []));
  return joinFiles([text, lines.join('\n')].filter(Boolean).join('\n\n'), files);
}

const inLine = (text: string) => text.replace(/\s+/g, ' ').trim();

/** A message, taken apart again: joined, the parts are always its content. */
export function splitParts({ content, images = [] }: Pick<ChatMessage, 'content' | 'images'>): MessageParts {
  const { text, files } = splitFiles(content);
  const descriptions: string[] = images.map(() => '');
  const lines = text.split('\n');
  // From the end: what stands before belongs to the visitor.
  for (let next = images.length + 1; ;) {
    const [, number, description = ''] = /^> Picture (\d{1,3}): (.+)$/.exec(lines.at(-1) ?? '') ?? [];
    if (!number || Number(number) < 1 || Number(number) >= next) break;
    next = Number(number);
    descriptions[next - 1] = description;
    lines.pop();
  }
  // Without the blank line between them.
  const parts = { text: lines.join('\n').replace(/\n$/, ''), descriptions, files };
  // Where that is missing, for example, all of it was typed.
  return joinParts(parts) === content ? parts : { text, descriptions: images.map(() => ''), files };
}
