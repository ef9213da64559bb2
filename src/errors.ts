/**
 * Every way a chat can fail, as a kind plus the facts known about it.
 * No wording lives here: what a person reads is in `i18n/`, chosen when it is shown.
 */

/** What went wrong, and what is known about it. `url` is the server's address, `text` is always the server's own words. */
export type ChatErrorDetail =
  /** `url` cannot be read as the address of a server. */
  | { kind: 'bad-url'; url: string }

  // No answer that a page may read. The browser says the same for all of these; a diagnosis tells them apart.
  /** Nothing answers there: the server is down, or it is somewhere else. */
  | { kind: 'unreachable'; url: string }
  /** The device has no network. */
  | { kind: 'offline'; url: string }
  /** Something answers there, but does not accept pages of `origin`, which is `null` for a page without an address of its own. */
  | { kind: 'origin-refused'; url: string; origin: string }
  /** The page's own Content-Security-Policy does not allow the server in `connect-src`. */
  | { kind: 'blocked-by-csp'; url: string }
  /** The page came by https, and the server on another computer speaks plain http. */
  | { kind: 'mixed-content'; url: string }
  /**
   * The browser keeps the page from reaching the visitor's own computer or network, or nothing answers there: the two look
   * alike. `secure` is whether the page may be given that permission at all, `embedded` whether it stands in another site's frame.
   */
  | { kind: 'local-network'; url: string; permission: 'prompt' | 'denied'; secure: boolean; embedded: boolean }
  /** The server is there and accepts the page; it, or a proxy in front of it, closed the connection without an answer to this request. */
  | { kind: 'no-answer'; url: string }
  /** The server sends the request elsewhere, to a sign-in for example. It is not followed. */
  | { kind: 'redirected'; url: string }

  /** The page's `headers` could not be had, or are none that a request may carry; or the server accepts the page, but not with those `refused`. */
  | { kind: 'bad-headers'; refused?: string[] }

  // Answers that are not the model's.
  /** 403 without a word: Ollama does not know the name that a proxy called it by, or a proxy refuses. */
  | { kind: 'host-refused'; url: string }
  /** A proxy or gateway in front of the server reports that the server does not answer (502, 503, 504). */
  | { kind: 'proxy'; status: number; url: string }
  /** Something other than Ollama answered: a web site. `status` is the HTTP status. */
  | { kind: 'not-ollama'; status: number; url: string }
  /** The server asks for a key or a session (401, 403). */
  | { kind: 'unauthorized'; status: number; text: string }
  /** A cloud model: somebody has to sign in at `url` first. */
  | { kind: 'sign-in'; url: string }
  /** A cloud model: the server has no way to it, or its cloud is switched off. */
  | { kind: 'cloud-unavailable'; text: string }
  /** Too many requests are waiting (429, 503). `retryAfter` is in seconds. */
  | { kind: 'busy'; status: number; text: string; retryAfter?: number }
  /** No byte for `seconds`, before the answer or in the middle of it. */
  | { kind: 'timeout'; seconds: number; phase: 'waiting' | 'answering' }

  // What is wrong with the model.
  /** The server answered and has no model that can chat. */
  | { kind: 'no-model'; url: string }
  /** The server does not have this model. */
  | { kind: 'model-missing'; model: string }
  /** The model's files do not fit this version of Ollama. */
  | { kind: 'model-incompatible'; model: string; text: string }
  /** The model cannot do what was asked of it. */
  | { kind: 'capability-missing'; model: string; capability: Capability; text: string }
  /** The model does not fit into the memory of the server's machine. */
  | { kind: 'out-of-memory'; text: string }
  /** The model's process ended. */
  | { kind: 'crashed'; text: string }
  /** The server gave up loading the model. */
  | { kind: 'load-timeout'; text: string }
  /** The conversation is longer than the model's context. Both counts are in tokens. */
  | { kind: 'too-long'; promptTokens?: number; contextLength?: number; text: string }

  // What is wrong with the request or the answer.
  /** The server does not accept a setting: `keep_alive`, an option, a name. */
  | { kind: 'bad-request'; text: string }
  /** The model wrote a tool call that nobody can read. */
  | { kind: 'bad-tool-call'; text: string }
  /** The answer ended before it was complete. */
  | { kind: 'interrupted' }
  /** The answer holds a line that is no chat event. */
  | { kind: 'bad-line'; text: string }
  /** A line or an answer is longer than the reader accepts. `limit` is in characters, for tool calls their number. */
  | { kind: 'too-large'; limit: number }
  /** The model finished without a word. */
  | { kind: 'empty-reply' }
  /** A part of the script that this needs is not beside it. */
  | { kind: 'part-missing'; part: string }
  /** Any other refusal, in the server's own words. `status` is absent inside a stream. */
  | { kind: 'server'; status?: number; text: string };

/** What a model can do, in Ollama's words. */
export type Capability = 'completion' | 'thinking' | 'tools' | 'vision';

export type ChatErrorKind = ChatErrorDetail['kind'];

/** The facts that belong to one kind. */
export type ChatErrorFacts<K extends ChatErrorKind> = Extract<ChatErrorDetail, { kind: K }>;

/** A failure of the chat. Read `detail.kind` to decide, the other fields of `detail` to explain. */
export class ChatError extends Error {
  override readonly name = 'ChatError';
  readonly detail: ChatErrorDetail;

  /** Also of another copy of this class: the parts of the one-file script have their own. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    return value instanceof Error && value.name === 'ChatError' && 'detail' in value;
  }

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
