/** What the element tells the page. All bubble and cross shadow roots; none comes per token. */
import type { ChatMessage } from './conversation/message';
import type { ChatError } from './errors';

/** What the chat is doing. */
export type ChatPhase = 'idle' | 'waiting' | 'thinking' | 'answering' | 'tool';

const everywhere = { bubbles: true, composed: true };

/** Before a message is sent. `preventDefault()` keeps it in the composer. */
export class ChatSendEvent extends Event {
  constructor(
    readonly text: string,
    /** As they were given: Base64, a `data:` URL or a `Blob`. */
    readonly images: readonly (string | Blob)[] = [],
  ) {
    super('chat-send', { ...everywhere, cancelable: true });
  }
}

/** An answer is complete, was stopped, or ended at the model's limit: its `status` says so. */
export class ChatReplyEvent extends Event {
  constructor(readonly message: ChatMessage) {
    super('chat-reply', everywhere);
  }
}

/** `phase` has changed. */
export class ChatPhaseEvent extends Event {
  constructor(readonly phase: ChatPhase) {
    super('chat-phase', everywhere);
  }
}

/** A failure is being shown. */
export class ChatErrorEvent extends Event {
  constructor(readonly error: ChatError) {
    super('chat-error', everywhere);
  }
}

/** The model wants to use a tool. `preventDefault()` refuses the call. */
export class ChatToolCallEvent extends Event {
  readonly arguments: Readonly<Record<string, unknown>>;

  constructor(
    readonly name: string,
    args: Readonly<Record<string, unknown>>,
  ) {
    super('chat-tool-call', { ...everywhere, cancelable: true });
    this.arguments = args;
  }
}

/** The visitor chose another model. */
export class ChatModelChangeEvent extends Event {
  constructor(readonly model: string) {
    super('chat-model-change', everywhere);
  }
}

/** The visitor opened or closed the popup. */
export class ChatToggleEvent extends Event {
  constructor(readonly open: boolean) {
    super('chat-toggle', everywhere);
  }
}

declare global {
  // Of every element and of the document: they bubble.
  interface GlobalEventHandlersEventMap {
    'chat-send': ChatSendEvent;
    'chat-reply': ChatReplyEvent;
    'chat-phase': ChatPhaseEvent;
    'chat-error': ChatErrorEvent;
    'chat-tool-call': ChatToolCallEvent;
    'chat-model-change': ChatModelChangeEvent;
    'chat-toggle': ChatToggleEvent;
  }
}
