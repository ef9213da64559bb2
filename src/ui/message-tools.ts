/** What can be done with a message beside reading and copying it. */
import type { ChatMessage } from '../conversation/message';
import type { ExtrasContext, MessageExtras } from './extras-host';
import { QuestionBodies } from './question-body';

export class MessageTools implements MessageExtras {
  readonly #bodies: QuestionBodies;
  constructor(readonly context: ExtrasContext) {
    this.#bodies = new QuestionBodies(context);
  }
  get version(): unknown {
    return this.context.words();
  }
  close(): void {
    this.#bodies.close();
  }
  bubble(message: ChatMessage): unknown {
    return this.#bodies.body(message);
  }
  questionActions(_message: ChatMessage): unknown {
    return this.context.kit.nothing;
  }
  answerActions(_message: ChatMessage): unknown {
    return this.context.kit.nothing;
  }
}

export const styles = '';
