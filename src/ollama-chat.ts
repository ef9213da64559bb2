/** The element: its public face, and the wires between the conversation, the server and what is seen. */
import { nothing, type PropertyValues } from 'lit';
import { state } from 'lit/decorators.js';
import { Conversation } from './conversation/conversation';
import { type ChatMessage, type ChatMessageInput } from './conversation/message';
import { ChatErrorEvent, type ChatPhase, ChatPhaseEvent, ChatReplyEvent, ChatSendEvent } from './events';
import { ChatSettings } from './settings';
import { styles } from './ui/styles';
import { showDraft } from './ui/composer';
import { copyFrom } from './ui/copy';
import { ContextController } from './ui/context-controller';
import { markdownSettings, refreshColours, showPicture } from './ui/enrich';
import { ExtrasController } from './ui/extras-controller';
import { FailureController } from './ui/failure-controller';
import { catchFocus, moveOn } from './ui/focus';
import { frame } from './ui/frame';
import { hasTools } from './ui/has-tools';
import { HistoryController } from './ui/history-controller';
import { LanguageController } from './ui/language';
import { MessageViews } from './ui/message-views';
import { panel, type PanelProps } from './ui/panel';
import { PastMessages } from './ui/past-messages';
import { showPolicyNotice } from './ui/policy-notice';
import { PopupController } from './ui/popup-controller';
import { ServerController } from './ui/server-controller';
import { StickToBottom } from './ui/stick-to-bottom';
import { submit } from './ui/submit';
import { isSilent, statusText, WaitingController } from './ui/waiting';

/** How much of an answer is read out at its end, in characters; the rest is there to be read in the log. */
const ANNOUNCED = 1000;

/**
 * A chat with one's own models: one tag that talks to an Ollama server.
 *
 * An untouched widget makes no request to the server: a popup none until it is opened, an inline one none until it is
 * first focused or `send()` is called.
 *
 * @tag ollama-chat
 *
 * @fires {ChatSendEvent} chat-send - Before a message is sent; `text`, `images`. Cancelable: the text stays in the composer.
 * @fires {ChatReplyEvent} chat-reply - An answer is complete, was stopped, or ended at the model's limit; `message`.
 * @fires {ChatPhaseEvent} chat-phase - `phase` has changed.
 * @fires {ChatErrorEvent} chat-error - A failure is being shown; `error` is a `ChatError`.
 * @fires {ChatToolCallEvent} chat-tool-call - The model wants to use a tool; `name`, `arguments`. Cancelable: refuses the call.
 * @fires {ChatModelChangeEvent} chat-model-change - The visitor chose another model; `model`.
 * @fires {ChatToggleEvent} chat-toggle - The visitor opened or closed the popup; `open`.
 *
 * @slot header - Instead of the heading, the model and the place.
 * @slot greeting - Instead of the greeting in the empty chat.
 * @slot footer - Below the composer.
 * @slot launcher-icon - Instead of the picture in the launcher.
 *
 * @csspart panel - The whole chat.
 * @csspart header - The line at its top.
 * @csspart messages - The scrolling log.
 * @csspart message - A question or an answer.
 * @csspart composer - The box to write in.
 * @csspart send - The button that sends and stops.
 * @csspart launcher - The button that opens the popup.
 * @csspart notice - A failure, or an offer to undo.
 * @csspart code-block - A block of code with its frame.
 *
 * @cssprop [--ollama-chat-surface=light-dark(#fff, #191917)] - Background of the chat.
 * @cssprop [--ollama-chat-raised=light-dark(#fff, #20201e)] - Background of the composer and of what floats.
 * @cssprop [--ollama-chat-fill=light-dark(#f3f3f1, #262624)] - Background of the visitor's words and of code.
 * @cssprop [--ollama-chat-fill-strong=light-dark(#e9e9e6, #30302d)] - The same, stronger: hovered and disabled controls.
 * @cssprop [--ollama-chat-text=light-dark(#1b1b19, #ecece8)] - Text.
 * @cssprop [--ollama-chat-muted=light-dark(#6b6b66, #a1a19a)] - Text that steps back.
 * @cssprop [--ollama-chat-border=light-dark(#e3e3df, #353532)] - Quiet lines.
 * @cssprop [--ollama-chat-edge=light-dark(#93938d, #6f6f69)] - Lines of controls.
 * @cssprop [--ollama-chat-accent=light-dark(#1b1b19, #ecece8)] - Send, Try again and the launcher; the text on it is chosen to be readable.
 * @cssprop [--ollama-chat-danger=light-dark(#b3261e, #ff9a8f)] - Failures.
 * @cssprop [--ollama-chat-good=light-dark(#1f7a4d, #7fd1a4)] - The dot of a loaded model, and of a new answer.
 * @cssprop [--ollama-chat-link=light-dark(#1d5fbf, #8ab8ff)] - Links in answers.
 * @cssprop [--ollama-chat-radius=16px] - Corners of panel and composer.
 * @cssprop [--ollama-chat-font=system-ui, sans-serif] - Typeface.
 * @cssprop [--ollama-chat-code-font=ui-monospace, SFMono-Regular, Menlo, Consolas, monospace] - Typeface of code.
 *
 * @cssstate busy - An answer is on its way.
 */
export class OllamaChat extends ChatSettings {
  static override styles = styles;

  @state() private unread = false;
  @state() private announcement = '';

  readonly #conversation = new Conversation(async signal => {
    await this.#history.claim(signal);
    const backend = await this.#server.backend(signal);
    const { see, ...prepared } = await this.#extras.prepare(backend.request);
    return { ...backend, ...prepared, system: this.system, fit: messages => this.#context.fit(see?.(messages) ?? messages) };
  });
  readonly #waiting = new WaitingController(this, () => this.#server.activity());
  readonly #server = new ServerController(
    this,
    () => this,
    retry => this.#waiting.retry(retry),
    () => void this.#extras.load(),
  );
  readonly #extras = new ExtrasController(this, this.#server, this.#conversation, () => ({
    ...this.#language.words,
    announce: text => (this.announcement = text),
    call: () => (this.unread ||= this.#popup.isHidden),
  }));
  readonly #failure = new FailureController(this, this.#server, () => ({
    ...this.#language.words,
    place: this.#place,
    onRetry: this.#onRegenerate,
    onDownload: this.allowPull ? model => void this.#extras.load().then(extras => extras?.download(model)) : undefined,
  }));
  readonly #context = new ContextController(this, () => ({
    ...this.#language.words,
    limit: this.#server.contextLength,
    onNewChat: () => this.#act(() => this.#newChat()),
    onLarger: this.#server.mayReadMore ? limit => this.#act(() => this.#server.enlargeContext(limit)) : undefined,
  }));
  readonly #history = new HistoryController(this, this.#conversation, () => this.#language.words);
  readonly #popup = new PopupController(this);
  readonly #follow = new StickToBottom(this, () => this.renderRoot.querySelector('.log'));
  readonly #past = new PastMessages(this, () => this.renderRoot.querySelector('.log'));
  readonly #language = new LanguageController(this, () => this.strings);
  readonly #views = new MessageViews(() => markdownSettings(this, this.#language.strings));
  readonly #internals = this.attachInternals();
  #phase: ChatPhase = 'idle';
  #silent = false;
  #hadFocus = false;
  /** A popup that was never opened costs the page its launcher and nothing else. */
  #wasOpen = false;

  constructor() {
    super();
    this.#conversation.subscribe(change => (change === 'delta' ? this.#showReply() : this.#onChange()));
  }

  /**
   * What has been said, without the system prompt: a copy. Setting it replaces the conversation. The `status` of each is
   * `complete`, `stopped` by the visitor, or `interrupted`, also while it is being written.
   */
  get messages(): ChatMessage[] {
    const { messages, reply } = this.#conversation;
    return structuredClone(reply ? [...messages, reply] : [...messages]);
  }

  /** @throws {TypeError} that names what is wrong with a message. */
  set messages(messages: ChatMessageInput[]) {
    this.#extras.replace(messages);
  }

  /** What the chat is doing. */
  get phase(): ChatPhase {
    return this.#phase;
  }

  /**
   * Sends a message as the visitor would, with pictures as Base64, `data:` URLs or `Blob`s. Messages sent while an answer is on its way wait for its end.
   * Resolves with the answer, also when it was stopped or ended at the model's limit (its `status` says so); with `undefined` when there was nothing to
   * send, `chat-send` was cancelled, the conversation was cleared or the element left the page.
   * @throws {ChatError} when no complete answer came. A rejection that nobody handles is not reported.
   */
  send(text: string, { images = [] }: { images?: (string | Blob)[] } = {}): Promise<ChatMessage | undefined> {
    // Who has left the page has nobody to answer to; who has not come yet may.
    const gone = this.hasUpdated && !this.isConnected;
    if (gone || !(text.trim() || images.length) || !this.dispatchEvent(new ChatSendEvent(text, images))) return Promise.resolve(undefined);
    return this.#ask(images.length ? this.#extras.ask(text, images) : this.#conversation.send({ role: 'user', content: text }));
  }

  /** Ends the answer that is on its way; what has come of it stays. */
  stop(): void {
    this.#conversation.stop();
    this.#server.stopLoading();
  }

  /** Asks the last question again; the new answer takes the place of the old one. Resolves as {@link send} does. */
  regenerate(): Promise<ChatMessage | undefined> {
    return this.#ask(this.#conversation.regenerate());
  }

  /**
   * Asks another question in the place of an earlier one, by its `id` in {@link messages}; what came after that is gone.
   * Resolves as {@link send} does.
   */
  edit(messageId: string, text: string): Promise<ChatMessage | undefined> {
    return text.trim() ? this.#ask(this.#conversation.edit(messageId, text)) : Promise.resolve(undefined);
  }

  /**
   * The conversation as a text: `json`, which {@link importConversation} takes back, or `markdown` to read.
   * @throws {ChatError} `part-missing`
   */
  async exportConversation(format: 'json' | 'markdown' = 'json'): Promise<string> {
    return (await this.#history.need()).exportConversation(format);
  }

  /**
   * Goes on with an exported conversation in the place of this one; with `persist="browser"` as a new one.
   * @throws {TypeError} that says what is wrong with the text: then nothing has changed.
   * @throws {ChatError} `part-missing`
   */
  async importConversation(json: string): Promise<void> {
    return (await this.#history.need()).importConversation(json);
  }

  /** Begins a new conversation. The visitor can undo it until the next message. */
  clear(): void {
    this.#conversation.clear();
  }

  /** Opens the popup. */
  show(): void {
    if (this.layout !== 'popup' || this.open) return;
    this.#popup.expectFocus();
    this.#server.touch();
    this.open = true;
  }

  /** Closes the popup. An answer on its way goes on. */
  hide(): void {
    this.open = false;
  }

  /** Opens a closed popup, closes an open one. */
  toggle(): void {
    if (this.open) this.hide();
    else this.show();
  }

  /** Focuses the composer, or the launcher of a closed popup. */
  override focus(options?: FocusOptions): void {
    const field = this.layout === 'popup' && !this.open ? '.launcher' : 'textarea';
    void this.updateComplete.then(() => this.renderRoot.querySelector<HTMLElement>(field)?.focus(options));
  }

  override connectedCallback(): void {
    super.connectedCallback();
    refreshColours(this.renderRoot);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    refreshColours(this.renderRoot);
    // A move within the page is a removal and an insertion: only who is still gone afterwards has left.
    queueMicrotask(() => this.isConnected || this.#conversation.leave());
  }

  protected override performUpdate(): void {
    // Without what it needs nothing can be shown: the notice is the last word.
    if (this.hasUpdated || !showPolicyNotice(this.renderRoot, this.#language.strings)) super.performUpdate();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    this.#hadFocus = !!this.shadowRoot?.activeElement;
    if (changed.has('open') && this.open) {
      this.#wasOpen = true;
      this.unread = false;
      if (this.hasUpdated && this.layout === 'popup') this.#server.touch();
    }
  }

  protected override updated(): void {
    // A control that had the focus may be gone with what it was for.
    if (this.#hadFocus && !this.shadowRoot?.activeElement && document.activeElement === document.body) catchFocus(this);
    const field = this.renderRoot.querySelector('textarea');
    if (field) showDraft(field, this.draft ?? '');
  }

  protected override render() {
    const { strings } = this.#language;
    const isPopup = this.layout === 'popup';
    return frame(
      {
        strings,
        isPopup,
        label: this.heading || strings.heading,
        open: this.open,
        unread: this.unread,
        noLauncher: this.noLauncher,
        onClick: () => this.#popup.toggle(!this.open),
        onTouch: () => this.#server.touch(),
      },
      isPopup && !this.#wasOpen ? nothing : panel(this.#panelProps()),
    );
  }

  #panelProps(): PanelProps {
    const strings = this.#language.strings;
    const { phase, messages, reply, cleared } = this.#conversation;
    const { model } = this.#server;
    const { news } = this.#waiting;
    return {
      strings,
      phase,
      status: (reply && statusText(strings, phase, model ?? '', news)) || this.announcement,
      news,
      mayAsk: this.#server.mayAsk,
      header: {
        strings,
        heading: this.heading || strings.heading,
        model,
        picker: this.#extras.part?.picker,
        modelState: phase.name === 'waiting' && this.#server.state !== 'loaded' ? 'loading' : this.#server.state,
        place: this.#place,
        meter: this.#context.meter,
        tools: this.#history.button,
        onNewChat: () => this.#act(() => this.#newChat()),
        onClose: this.layout === 'popup' ? () => this.#popup.toggle(false) : undefined,
      },
      empty: {
        strings,
        greeting: this.greeting || strings.greeting,
        model,
        place: this.#place,
        isPrivate: this.#server.isSurelyLocal && !hasTools(this),
        suggestions: (this.suggestions ?? '').split('\n').flatMap(line => line.trim() || []),
        onSuggestion: text => this.#act(() => this.#submit(text)),
      },
      list: {
        strings,
        messages,
        reply,
        phase: phase.name,
        views: this.#views,
        mounted: this.#past.mounted,
        extras: this.#extras.part?.messages,
        onRegenerate: this.#onRegenerate,
        onContinue: () => this.#act(() => void this.#ask(this.#conversation.continue())),
      },
      failure: this.#extras.part?.card(this.#failure.template) ?? this.#failure.template,
      contextNotice: this.#context.notice,
      waiting: [this.#history.waiting, this.#extras.part?.attached],
      view: [this.#history.view, this.#extras.part?.menu],
      composer: {
        strings,
        placeholder: this.placeholder || strings.placeholder,
        draft: this.draft ?? '',
        busy: reply !== undefined,
        isLaden: !!this.#extras.part?.isLaden,
        tools: this.#extras.part?.tools,
        onInput: text => (this.draft = text),
        onSend: () => this.#act(() => this.#submit(this.draft ?? '')),
        onEnter: () => this.#submit(this.draft ?? ''),
        onRecall: () => this.#history.recall(message => this.#extras.wordsOf(message)),
        onStop: () => this.#act(() => this.stop()),
      },
      silent: (this.#silent = isSilent(phase)),
      away: !this.#follow.pinned,
      onJump: () => this.#act(() => this.#follow.pin()),
      onUndo: cleared.length ? () => this.#act(() => this.#conversation.undoClear()) : undefined,
      onLogClick: this.#onLogClick,
    };
  }

  get #place(): string {
    return this.#server.isLocal ? this.#language.strings.thisComputer : this.#server.hostName;
  }

  #submit(text: string) {
    submit(this, this.#conversation, this.#history, this.#extras, text);
  }

  #newChat() {
    const had = this.#conversation.messages.length;
    this.clear();
    this.announcement = had ? this.#language.strings.chatCleared : '';
  }

  /** Does what a control is for. It may be gone then. */
  #act(act: () => void) {
    act();
    moveOn(this);
  }

  #ask(asked: Promise<ChatMessage | undefined>): Promise<ChatMessage | undefined> {
    this.#follow.pin();
    this.announcement = '';
    const answered = asked.then(message => {
      if (message) {
        this.unread ||= message.content !== '' && this.#popup.isHidden;
        this.announcement = this.#views.of(message).text.slice(0, ANNOUNCED);
        void this.#context.take(message).then(used => this.#server.reportAnswer(used));
        this.dispatchEvent(new ChatReplyEvent(message));
      }
      return message;
    });
    answered.catch(() => (this.announcement = '')); // shown in the widget and told by `chat-error`: whoever called may ignore it
    return answered;
  }

  #showReply() {
    const { reply } = this.#conversation;
    if (reply) this.#views.of(reply).show(reply, false);
    if (this.#silent) this.requestUpdate();
  }

  #onChange() {
    const { phase, messages, reply } = this.#conversation;
    const before = this.#phase;
    this.#phase = phase.name === 'failed' ? 'idle' : phase.name;
    if (this.#views.keep(reply ? [...messages, reply] : messages)) refreshColours(this.renderRoot);
    this.#waiting.follow(phase);
    this.#context.follow(messages[0]);
    this.#failure.show(phase.name === 'failed' ? phase.error : undefined);
    if (phase.name === 'thinking' || phase.name === 'answering') this.#server.reportLoaded();
    this.requestUpdate();
    if (this.#phase === before) return;
    this.#internals.states[this.#phase === 'idle' ? 'delete' : 'add']('busy');
    this.dispatchEvent(new ChatPhaseEvent(this.#phase));
    if (phase.name === 'failed') {
      this.#server.reportFailure(phase.error);
      void this.#context.takeFailure(phase.error.detail);
      this.dispatchEvent(new ChatErrorEvent(phase.error));
    }
  }

  readonly #onRegenerate = () => this.#act(() => void this.regenerate());

  readonly #onLogClick = async (event: Event) => {
    const text = (id: string) => this.#conversation.messages.find(message => message.id === id)?.content ?? '';
    const picture = event.target instanceof Element ? event.target.closest<HTMLButtonElement>('button.picture') : null;
    if (picture) showPicture(picture, this.#language.strings);
    const copied = await copyFrom(event, text);
    if (copied !== undefined) this.announcement = copied ? this.#language.strings.copied : this.#language.strings.copyFailed;
  };
}
