/**
 * What goes beyond asking and answering: which model answers, downloads, pictures and files, and what can be done with a message.
 * A part of its own, loaded with the first touch. Only puts the pieces together.
 */
import type { AnswerCalls, Backend } from '../conversation/backend';
import type { Conversation } from '../conversation/conversation';
import type { ChatMessage } from '../conversation/message';
import { extras, type ExtrasStrings } from '../i18n/extras-en';
import { adopt } from '../markdown/late-styles';
import { within } from '../patience';
import { styles as messageStyles } from '../styles/message-tools';
import { Abilities } from './abilities';
import { Attachments, styles as attachmentStyles } from './attachments';
import { Download, styles as downloadStyles } from './download';
import type { ExtrasContext, ExtrasHost, ExtrasSurroundings, Prepared } from './extras-host';
import { moveOn } from './focus';
import { hasTools } from './has-tools';
import type { Kit } from './kit';
import { LateWords } from './late-words';
import { splitParts } from './message-parts';
import { MessageTools } from './message-tools';
import { Picker, styles as pickerStyles } from './picker';
import type { ServerController } from './server-controller';
import type { Tools } from './tools';

const STYLES = [pickerStyles, downloadStyles, attachmentStyles, messageStyles];

export class Extras {
  readonly #host: ExtrasHost;
  readonly #surroundings: () => ExtrasSurroundings;
  readonly #context: ExtrasContext;
  readonly #abilities: Abilities;
  readonly #picker: Picker;
  readonly #download: Download;
  readonly #attachments: Attachments;
  readonly messages: MessageTools;
  #tools: Tools | undefined;
  /** The messages that were last looked at. */
  #seen: readonly ChatMessage[] = [];
  #loadingTools: Promise<Tools | undefined> | undefined;
  readonly #late: LateWords<ExtrasStrings>;

  constructor(kit: Kit, host: ExtrasHost, conversation: Conversation, server: ServerController, surroundings: () => ExtrasSurroundings) {
    this.#host = host;
    this.#surroundings = surroundings;
    const vietnamese = () => import('../i18n/extras-vi').then(({ extras: words }) => words);
    this.#late = new LateWords(extras, vietnamese, () => host.requestUpdate());
    const context: ExtrasContext = {
      ...{ kit, host, conversation, server, surroundings },
      words: () => this.#late.words,
      steps: message => this.#tools?.steps(message),
      changed: () => host.requestUpdate(),
      moveOn: to => {
        host.requestUpdate();
        moveOn(host, to);
      },
    };
    this.#context = context;
    this.#abilities = new Abilities(context);
    this.#picker = new Picker(context);
    this.#download = new Download(context);
    this.#attachments = new Attachments(context, this.#abilities);
    this.messages = new MessageTools(context);
  }

  /** Anything about the widget may have changed. */
  update(): void {
    const { shadowRoot } = this.#host;
    if (shadowRoot) for (const styles of STYLES) adopt(shadowRoot, styles);
    this.#late.update(this.#surroundings());
    this.#abilities.update();
    this.#attachments.update();
    this.#tools?.update();
    // What was done with tools is shown, also where there are none any more.
    const { messages, reply } = this.#context.conversation;
    if (reply?.tool_calls || (messages !== this.#seen && messages.some(({ tool_calls }) => tool_calls?.length))) void this.#loadTools();
    this.#seen = messages;
  }

  /** The widget has left the page. */
  close(): void {
    this.#abilities.close();
    this.#picker.close();
    this.#download.close();
    this.#attachments.close();
    this.#tools?.close();
    this.messages.close();
  }

  // The model.

  /** In the header, in the place of the model's name; `undefined` where there is nothing to choose. */
  get picker(): unknown {
    return this.#picker.button;
  }

  /** Over everything else. */
  get menu(): unknown {
    return [this.#picker.menu, this.#attachments.overlay];
  }

  /** In the log: how a download is, and a failure that is of something else. */
  card(failure: unknown): unknown {
    return this.#download.card(failure);
  }

  /** Downloads a model that the server lacks; then asks the question that waits for it. */
  download(model: string): void {
    this.#download.answerWith(model);
  }

  /**
   * How the model is asked: without pictures that it cannot see, and with the tools that there are. What it asks of a server that hangs must not
   * keep the visitor from an answer.
   * @throws {ChatError} `capability-missing` where the last question shows it a picture that it cannot see.
   */
  async prepare(request: Backend['request']): Promise<Prepared> {
    const learning = this.#abilities.learn(request.model);
    const known = (await within(learning)) ? await learning : undefined;
    const tools = hasTools(this.#host) ? await this.#loadTools() : undefined;
    return {
      ...((await tools?.offer(request, known?.can('tools') ?? true)) ?? { request }),
      ...(known && { see: known.sight }),
    };
  }

  /** Answers the calls of one question. */
  async answering(prepared: Prepared): Promise<AnswerCalls | undefined> {
    return (await this.#loadTools())?.answering(prepared);
  }

  /** `undefined` where it cannot be loaded: then nothing runs. */
  #loadTools(): Promise<Tools | undefined> {
    return (this.#loadingTools ??= import('./tools').then(
      ({ Tools: Part }) => {
        const context = { ...this.#context, changed: () => this.messages.change() };
        this.#tools = new Part(context);
        this.messages.change();
        return this.#tools;
      },
      () => undefined,
    ));
  }

  // The composer.

  /** Before the text. */
  get tools(): unknown {
    return [this.#attachments.button, this.#abilities.thinkButton];
  }

  /** Above the composer. */
  get attached(): unknown {
    return [this.messages.notice, this.#tools?.notice, this.#attachments.list];
  }

  get isLaden(): boolean {
    return this.#attachments.isLaden;
  }

  /**
   * What is sent with a text: files are quoted in it. `undefined` where that cannot be, which has been said, or not yet: then
   * `again` is called once it can.
   */
  pack(text: string, again: () => void): { content: string; images: string[] } | undefined {
    return this.#attachments.pack(text, again);
  }

  /** It has been sent. */
  unload(): void {
    this.#attachments.unload();
  }

  /** It cannot be sent now. */
  hold(): void {
    this.#attachments.hold();
  }

  /** What the visitor wrote in a message, without what went along. */
  wordsOf(message: ChatMessage): string {
    return splitParts(message).text;
  }

  /** @throws {TypeError} that says what is no picture. */
  toBase64(images: readonly (string | Blob)[]): Promise<string[]> {
    return this.#attachments.toBase64(images);
  }
}
