/** What the visitor sends: the text, and what goes along with it. While an answer is on its way it waits for that. */
import type { Conversation } from '../conversation/conversation';
import type { ExtrasController } from './extras-controller';
import type { HistoryController } from './history-controller';

interface Host {
  draft: string;
  send(text: string, options: { images: string[] }): Promise<unknown>;
}

export function submit(host: Host, conversation: Conversation, history: HistoryController, extras: ExtrasController, text: string): void {
  const { part } = extras;
  const isDraft = text === host.draft;
  const again = () => submit(host, conversation, history, extras, isDraft ? host.draft : text);
  const packed = part ? part.pack(text, again) : { content: text, images: [] };
  if (!packed) return;
  const { content, images } = packed;
  const { reply, messages } = conversation;
  if (reply && images.length) return part?.hold();
  if (reply) void history.enqueue(content);
  else void host.send(content, { images });
  // It leaves the composer once it is in the log, or waits, and not when the page has kept it back.
  if (!reply && conversation.messages === messages) return;
  if (text === host.draft) host.draft = '';
  part?.unload();
}
