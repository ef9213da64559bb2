/**
 * The words that every server's protocol is translated into. Types only.
 * Fields that travel on the wire keep Ollama's own names.
 */

/** A tool call as a model wrote it. `arguments` is an object, whatever the wire sent. */
export interface ToolCall {
  id?: string;
  function: { name: string; arguments: Record<string, unknown>; index?: number };
  /**
   * The beginning of what the model wrote where that is no JSON object: `arguments` are empty then, and nothing may run. Is never sent.
   * @internal
   */
  unread?: string;
}

/** A message as it is sent to the server. */
export interface RequestMessage {
  role: 'system' | 'user' | 'assistant' | 'tool';
  /** What the visitor typed, or the Markdown that the model wrote. */
  content: string;
  thinking?: string;
  /** Base64 without a prefix. */
  images?: string[];
  tool_calls?: ToolCall[];
  tool_name?: string;
  tool_call_id?: string;
}

export interface ChatRequest {
  model: string;
  messages: RequestMessage[];
  /** Whether, or how much, the model thinks before it answers. Absent: as the model does by itself. */
  think?: boolean | 'low' | 'medium' | 'high' | 'max';
  /** Functions that the model may call, in Ollama's form. */
  tools?: object[];
  /** How long the model stays loaded: seconds, or a duration such as `30m`. Absent: as the server is set. */
  keep_alive?: number | string;
  /** Ollama's model options, `num_ctx` for example. */
  options?: Record<string, unknown>;
  /** The answer is to be JSON: any, or such as this JSON Schema allows. */
  format?: 'json' | Record<string, unknown>;
}

/** The server's own counters. Durations are in nanoseconds. */
export interface ChatStats {
  total_duration?: number;
  load_duration?: number;
  prompt_eval_count?: number;
  prompt_eval_duration?: number;
  eval_count?: number;
  eval_duration?: number;
  /** Time from the first thinking to the first word of the answer, measured by the client. */
  thinking_duration?: number;
}

export type DoneReason = 'stop' | 'length' | 'tool-calls' | 'load' | 'unload';

/** What happens while a model answers. */
export type ChatEvent =
  | { type: 'thinking'; text: string }
  | { type: 'text'; text: string }
  | { type: 'tool-call'; call: ToolCall }
  | { type: 'done'; reason: DoneReason; stats: ChatStats };

/** A model as the server lists it: `/api/tags`, with what `/api/ps` knows of a loaded one. */
export interface ModelInfo {
  name: string;
  modified_at?: string;
  /** Bytes on disk. */
  size?: number;
  details?: { family?: string; families?: string[] | null; parameter_size?: string; quantization_level?: string };
  /** Absent on older servers: unknown, not none. The list can fall short; `/api/show` decides. */
  capabilities?: string[];
  remote_host?: string;
  /** When the server will unload it. Present only while it is loaded. */
  expires_at?: string;
  /** The context it was loaded with, in tokens. Present only while it is loaded. */
  context_length?: number;
}

/** What `/api/show` knows of a model: the fields that servers send, none of them certain. */
export interface ShowResponse {
  /** Absent on older servers: unknown, not none. */
  capabilities?: string[];
  details?: ModelInfo['details'];
  /** Facts from the model's file; `<architecture>.context_length`, for example. */
  model_info?: Record<string, unknown>;
  /** Lines of settings, as in a Modelfile. */
  parameters?: string;
  template?: string;
  system?: string;
  license?: string;
  modified_at?: string;
}

/** One line about a download. Ollama counts layer by layer, so that only all of them together are the model. */
export interface PullProgress {
  /** In the server's words: `pulling manifest`, `pulling 0123456789ab`, `verifying sha256 digest`, …, at the end `success`. */
  status: string;
  /** The layer that `total` and `completed` are about. */
  digest?: string;
  /** The layer's size in bytes. */
  total?: number;
  /** Bytes of it that are there; absent at its beginning. */
  completed?: number;
}

export interface RequestOptions {
  /** Aborting closes the connection, also before the first byte. */
  signal?: AbortSignal;
}

/** All that the widget needs of a server. */
export interface ChatClient {
  chat(request: ChatRequest, options?: RequestOptions): AsyncIterable<ChatEvent>;
  models?(options?: RequestOptions): Promise<ModelInfo[]>;
}
