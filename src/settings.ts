/** All that a page can set by attributes and plain properties, with the defaults. Does nothing: what they mean is up to the element. */
import { LitElement } from 'lit';
import { property } from 'lit/decorators.js';
import type { StringOverrides } from './i18n/strings';
import { choice, count, duration, level } from './ui/attributes';
import type { ChatClient } from './protocol/client';
import type { RequestHeaders } from './protocol/headers';
import type { McpServer } from './tools/mcp';
import type { ChatTool, WireTool } from './tools/tool';
import type { CodeRenderer } from './ui/enrich';

export class ChatSettings extends LitElement {
  /**
   * The server. The default is Ollama on the visitor's own computer. Relative addresses resolve against the page; without
   * a scheme it is read as OLLAMA_HOST is (`http`, port 11434).
   */
  @property({ reflect: true, useDefault: true }) url = 'http://localhost:11434';

  /**
   * The model. Of several, separated by commas, the visitor chooses one; at first it is the first. Without one: what the visitor
   * chose before, else a chat model that is loaded now, else the newest installed one; never an embedding model, and a cloud
   * model only where the visitor chose it.
   */
  @property({ reflect: true, useDefault: true }) model = '';

  /**
   * What the server speaks: `ollama` (`/api/chat`), `openai` (`/v1/chat/completions`), or `generate` (`/api/generate`: one prompt at
   * a time, without what was said before). Default: `openai` where the url ends in `/v1`, else `ollama`.
   */
  @property({ reflect: true, useDefault: true, converter: choice('api', ['', 'ollama', 'openai', 'generate']) }) api:
    | ''
    | 'ollama'
    | 'openai'
    | 'generate' = '';

  /** The system prompt. */
  @property({ reflect: true, useDefault: true }) system = '';

  /** Whether, or how much, the model thinks: `true` (also bare), `false`, `low`, `medium`, `high`, `max`. Default: as the model does by itself. */
  @property({ reflect: true, converter: level<true | 'low' | 'medium' | 'high' | 'max'>('think', true, ['low', 'medium', 'high', 'max']) })
  think: boolean | 'low' | 'medium' | 'high' | 'max' | undefined;

  /** How long the model stays loaded after an answer: seconds, or `30m`, `0`, `-1` for always. Default: as the server is set. */
  @property({ reflect: true, useDefault: true, attribute: 'keep-alive' }) keepAlive: string | number = '';

  /** When the model is loaded ahead: at the first `focus` or opening, on `load` of the page, or never (`none`). */
  @property({ reflect: true, useDefault: true, converter: choice('preload', ['focus', 'load', 'none']) }) preload:
    | 'focus'
    | 'load'
    | 'none' = 'focus';

  /** Seconds of silence, or `5m`, before the answer and within it, after which it is given up; `0` for never. */
  @property({ reflect: true, useDefault: true, converter: duration('timeout', 300) }) timeout = 300;

  /** Attempts after the first where a server or proxy is busy (502, 503, 504), as long as nothing of the answer has been shown. */
  @property({ reflect: true, useDefault: true, converter: count('retries', 3) }) retries = 3;

  /** The most rounds of tool calls in one answer; `0`: the model gets no tools. */
  @property({ reflect: true, useDefault: true, attribute: 'tool-rounds', converter: count('tool-rounds', 8) }) toolRounds = 8;

  /** `inline` fills its box in the page; `popup` is a button in the page's corner that opens the chat. */
  @property({ reflect: true, useDefault: true, converter: choice('layout', ['inline', 'popup']) }) layout: 'inline' | 'popup' = 'inline';

  /** Whether a popup is open. */
  @property({ reflect: true, type: Boolean }) open = false;

  /**
   * How long conversations are kept: for this `tab`, over page changes and reloads; in this `browser` (also bare); `false` for not at
   * all. Default: `tab` in a popup, else not at all.
   */
  @property({ reflect: true, converter: level<'tab' | 'browser'>('persist', 'browser', ['tab', 'browser']) }) persist:
    | 'tab'
    | 'browser'
    | boolean
    | undefined;

  /** Which conversations are kept: two elements with one key share them. Default: the element's `id`, else `default`. */
  @property({ reflect: true, useDefault: true, attribute: 'storage-key' }) storageKey = '';

  /** `auto` follows the page's used `color-scheme`. */
  @property({ reflect: true, useDefault: true, converter: choice('theme', ['auto', 'light', 'dark']) }) theme: 'auto' | 'light' | 'dark' =
    'auto';

  /** The words in the header. Default: from the language. */
  @property({ reflect: true, useDefault: true }) heading = '';

  /** The words in the empty composer. Default: from the language. */
  @property({ reflect: true, useDefault: true }) placeholder = '';

  /** The words in the empty chat. Default: from the language. */
  @property({ reflect: true, useDefault: true }) greeting = '';

  /** Prompts to start with, one a line. */
  @property({ reflect: true, useDefault: true }) suggestions = '';

  /** The language of the interface, `en` or `vi`. Default: inherited. */
  @property({ reflect: true, useDefault: true }) override lang = '';

  /**
   * Whose pictures in answers are shown at once: origins or beginnings of addresses, separated by spaces. All others wait
   * for a click, your own origin's too.
   */
  @property({ reflect: true, useDefault: true, attribute: 'image-sources' }) imageSources = '';

  /** Where links in answers may lead, as in `image-sources`; the words of others stay as text. Default: anywhere. */
  @property({ reflect: true, useDefault: true, attribute: 'link-sources' }) linkSources = '';

  /** Whether a visitor may download a model that the server lacks (`/api/pull`): it fills the server's disk. */
  @property({ reflect: true, type: Boolean, attribute: 'allow-pull' }) allowPull = false;

  /** Whether the model may use the tools that the page registers for browser agents (WebMCP), with the visitor's consent. */
  @property({ reflect: true, type: Boolean }) webmcp = false;

  /** Leaves the choice among several models away. */
  @property({ reflect: true, type: Boolean, attribute: 'no-picker' }) noPicker = false;

  /** Leaves pictures and files away. */
  @property({ reflect: true, type: Boolean, attribute: 'no-attachments' }) noAttachments = false;

  /** Leaves the launcher away; open the popup by `toggle()` or `<button commandfor="id" command="--toggle">`. */
  @property({ reflect: true, type: Boolean, attribute: 'no-launcher' }) noLauncher = false;

  /** Ollama's model options, such as `{ temperature: 0.2 }`. Default: as the model is set. */
  @property({ attribute: false }) options: Record<string, unknown> | undefined;

  /** Answers in JSON: `'json'`, or a JSON Schema that they keep to. */
  @property({ attribute: false }) format: 'json' | Record<string, unknown> | undefined;

  /** Headers for each request, a key for example: an object, or a function, also an async one, that is asked each time. A key in a page is public: see `.github/SECURITY.md`. */
  @property({ attribute: false }) headers: RequestHeaders | undefined;

  /** A way of your own to a model, in the place of `url`, `api`, `headers`, `timeout` and `retries`. */
  @property({ attribute: false }) client: ChatClient | undefined;

  /**
   * MCP servers (Streamable HTTP) whose tools the model may call: `url`, `headers`, and by the name of a tool its `approval`: `ask`,
   * `allow` or `off`. Default: `ask`.
   */
  @property({ attribute: false }) mcpServers: readonly McpServer[] | undefined;

  /** Functions that the model may call: each is asked for before it runs, unless its `approval` is `allow`. */
  @property({ attribute: false }) tools: readonly (ChatTool | WireTool)[] | undefined;

  /** The text in the composer. */
  @property({ attribute: false }) draft = '';

  /** Functions that show finished code of a language in the page's own way, as a diagram for example; by the language's name. */
  @property({ attribute: false }) codeRenderers: Readonly<Record<string, CodeRenderer>> = {};

  /** Words of your own in the place of ours, such as `{ send: 'Go', errors: { unreachable: { title: '…', hint: '…' } } }`; the tables in `src/i18n` name them. */
  @property({ attribute: false }) strings: StringOverrides = {};
}
