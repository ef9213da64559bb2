/** Fetches what goes beyond asking and answering: with the visitor's first touch, or once there are messages. */
import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { AnswerCalls, Backend } from '../conversation/backend';
import type { Conversation } from '../conversation/conversation';
import { type ChatMessage, type ChatMessageInput, createMessage } from '../conversation/message';
import { ChatError } from '../errors';
import type { Extras } from './extras';
import type { ExtrasHost, ExtrasSurroundings, Prepared } from './extras-host';
import { hasTools } from './has-tools';
import { kit } from './kit';
import type { ServerController } from './server-controller';

export class ExtrasController implements ReactiveController {
  /** `undefined` until it has come. */
  part: Extras | undefined;
  #loading: Promise<Extras | undefined> | undefined;

  constructor(
    readonly host: ReactiveControllerHost & ExtrasHost,
    readonly server: ServerController,
    readonly conversation: Conversation,
    readonly surroundings: () => ExtrasSurroundings,
  ) {
    host.addController(this);
  }

  hostUpdate(): void {
    if (this.conversation.messages.length && this.host.isConnected) void this.load();
    this.part?.update();
  }

  hostDisconnected(): void {
    // A move within the page is no end.
    queueMicrotask(() => this.host.isConnected || this.part?.close());
  }

  /** `undefined` where it cannot be loaded: a script that was copied without its parts asks and answers. */
  load(): Promise<Extras | undefined> {
    return (this.#loading ??= import('./extras').then(
      ({ Extras }) => {
        this.part = new Extras(kit, this.host, this.conversation, this.server, this.surroundings);
        this.host.requestUpdate();
        return this.part;
      },
      () => undefined,
    ));
  }

  /**
   * Says something that goes with pictures.
   * @throws {ChatError} `part-missing`
   */
  ask(content: string, images: readonly (string | Blob)[]): Promise<ChatMessage | undefined> {
    const send = (all: string[]) => this.conversation.send({ role: 'user', content, images: all });
    // At once, where there is nothing to be read.
    const texts = images.filter(image => typeof image === 'string');
    return texts.length === images.length ? send(texts) : this.#toBase64(images).then(send);
  }

  /** Pictures that have to be read come as soon as they are. */
  replace(given: readonly ChatMessageInput[]): void {
    const messages = given.map(createMessage);
    this.conversation.replace(messages);
    given.forEach(({ images = [] }, index) => {
      const id = messages[index]?.id;
      if (images.some(image => typeof image !== 'string'))
        void this.#toBase64(images).then(all => {
          const known = this.conversation.messages;
          // Another conversation may have begun meanwhile.
          if (known.some(message => message.id === id) && !this.conversation.isElsewhere)
            this.conversation.follow(known.map(message => (message.id === id ? { ...message, images: all } : message)));
        }, console.warn);
    });
  }

  /** What the visitor wrote in a message, without what went along. */
  wordsOf(message: ChatMessage): string {
    return this.part?.wordsOf(message) ?? message.content;
  }

  async #toBase64(images: readonly (string | Blob)[]): Promise<string[]> {
    const extras = await this.load();
    if (extras) return extras.toBase64(images);
    throw new ChatError({ kind: 'part-missing', part: 'extras' });
  }

  /** Before the model is asked: pictures that it cannot see are left out, tools go along, and their calls will be answered. */
  async prepare(request: Backend['request']): Promise<Omit<Prepared, 'tools'> & Pick<Backend, 'answerCalls'>> {
    const isMore = hasTools(this.host) || this.conversation.messages.some(({ images }) => images?.length);
    const prepared: Prepared = (isMore && (await (await this.load())?.prepare(request))) || { request };
    const { tools: _, ...asked } = prepared;
    let answering: Promise<AnswerCalls | undefined> | undefined;
    return {
      ...asked,
      // Models call also what nobody offered.
      answerCalls: async (...call) => (await (answering ??= this.load().then(extras => extras?.answering(prepared))))?.(...call),
    };
  }
}
