/** What can be done with a message beside reading and copying it. */
import type { ChatMessage } from '../conversation/message';
import type { ExtrasContext, MessageExtras } from './extras-host';

export class MessageTools implements MessageExtras {
  version = 0;
  constructor(readonly context: ExtrasContext) {}
  close(): void {}
  bubble(_message: ChatMessage): unknown {
    return undefined;
  }
  questionActions(_message: ChatMessage): unknown {
    return this.context.kit.nothing;
  }
  answerActions(_message: ChatMessage): unknown {
    return this.context.kit.nothing;
  }
}

export const styles = '';
