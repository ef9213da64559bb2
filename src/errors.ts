/**
 * Every way a chat can fail, as a kind plus the facts known about it.
 * No wording lives here: what a person reads is in `i18n/`, chosen when it is shown.
 */

/** What went wrong, and what is known about it. `text` is always the server's own words. */
export type ChatErrorDetail =
  /** `url` cannot be read as the address of a server. */
  | { kind: 'bad-url'; url: string }
  /** No answer: the server is down, or it refused this page's origin. The browser tells neither apart. */
  | { kind: 'unreachable'; url: string }
  /** The server answered and has no model that can chat. */
  | { kind: 'no-model'; url: string }
  /** The server does not have this model. */
  | { kind: 'model-missing'; model: string }
  /** The model does not fit into the memory of the server's machine. */
  | { kind: 'out-of-memory'; text: string }
  /** Too many requests are waiting (429, 503). */
  | { kind: 'busy'; status: number; text: string }
  /** The conversation is longer than the model's context. Both counts are in tokens. */
  | { kind: 'too-long'; promptTokens?: number; contextLength?: number; text: string }
  /** The server asks for a key or a sign-in (401, 403). */
  | { kind: 'unauthorized'; status: number; text: string }
  /** Something other than Ollama answered: a proxy's page, a web site. `status` is the HTTP status. */
  | { kind: 'not-ollama'; status: number; url: string }
  /** The answer ended before it was complete. */
  | { kind: 'interrupted' }
  /** The answer holds a line that is no chat event. */
  | { kind: 'bad-line'; text: string }
  /** A line or an answer is longer than the reader accepts. `limit` is in characters, for tool calls their number. */
  | { kind: 'too-large'; limit: number }
  /** The model finished without a word. */
  | { kind: 'empty-reply' }
  /** Any other refusal, in the server's own words. `status` is absent inside a stream. */
  | { kind: 'server'; status?: number; text: string };

export type ChatErrorKind = ChatErrorDetail['kind'];

/** The facts that belong to one kind. */
export type ChatErrorFacts<K extends ChatErrorKind> = Extract<ChatErrorDetail, { kind: K }>;

/** A failure of the chat. Read `detail.kind` to decide, the other fields of `detail` to explain. */
export class ChatError extends Error {
  override readonly name = 'ChatError';
  readonly detail: ChatErrorDetail;

  constructor(detail: ChatErrorDetail, options?: ErrorOptions) {
    // For logs and stack traces only; the widget words every kind in the visitor's language.
    const { kind, ...facts } = detail;
    super(Object.keys(facts).length ? `${kind} ${JSON.stringify(facts)}` : kind, options);
    this.detail = detail;
  }

  /** The same as `detail.kind`. */
  get kind(): ChatErrorKind {
    return this.detail.kind;
  }
}
