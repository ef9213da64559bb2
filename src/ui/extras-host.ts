/** What goes beyond asking and answering, and what it needs to know of the widget. Types only. */
import type { Backend } from '../conversation/backend';
import type { Conversation } from '../conversation/conversation';
import type { ChatMessage } from '../conversation/message';
import type { ExtrasStrings } from '../i18n/extras-en';
import type { StringOverrides, Strings } from '../i18n/strings';
import type { McpServer } from '../tools/mcp';
import type { ChatTool, Tool, WireTool } from '../tools/tool';
import type { Kit } from './kit';
import type { ServerController } from './server-controller';
import type { StorageNames } from './storage-key';

/** The widget, as far as it is known here. */
export interface ExtrasHost extends HTMLElement, StorageNames {
  draft: string;
  allowPull: boolean;
  noPicker: boolean;
  noAttachments: boolean;
  timeout: number;
  tools: readonly (ChatTool | WireTool)[] | undefined;
  toolRounds: number;
  mcpServers: readonly McpServer[] | undefined;
  webmcp: boolean;
  persist: 'tab' | 'browser' | boolean | undefined;
  send(text: string, options?: { images?: (string | Blob)[] }): Promise<unknown>;
  regenerate(): Promise<unknown>;
  edit(messageId: string, text: string): Promise<unknown>;
  focus(): void;
  requestUpdate(): void;
  readonly updateComplete: Promise<unknown>;
}

export interface ExtrasSurroundings {
  strings: Strings;
  overrides: StringOverrides | null;
  lang: string;
  /** Tells assistive technology. */
  announce: (text: string) => void;
  /** The visitor is wanted: a popup that is closed shows that. */
  call: () => void;
}

/** What each of the extras works with. */
export interface ExtrasContext {
  kit: Kit;
  host: ExtrasHost;
  conversation: Conversation;
  server: ServerController;
  surroundings: () => ExtrasSurroundings;
  words: () => ExtrasStrings;
  /** The tools that an answer called, as they are seen. */
  steps: (message: ChatMessage) => unknown;
  /** Something of it looks different now. */
  changed: () => void;
  /** A control is gone with what it was for: the focus goes on to what a selector names, else to the composer, on a phone without its keyboard. */
  moveOn: (to?: string) => void;
}

/** How a question is asked. */
export interface Prepared {
  request: Backend['request'];
  see?: NonNullable<Backend['fit']>;
  /** What the model may call: all that goes along, and nothing else. */
  tools?: readonly Tool[];
}

/** What messages have beside their text. */
export interface MessageExtras {
  /** Another one whenever something of the rest looks different. */
  readonly version: unknown;
  /** In the place of the plain words of a question; `undefined` where those are all. */
  bubble(message: ChatMessage): unknown;
  /** Below a question. */
  questionActions(message: ChatMessage): unknown;
  /** Below the text of an answer: what was done with tools. */
  steps(message: ChatMessage): unknown;
  /** Below an answer, behind its own buttons. */
  answerActions(message: ChatMessage): unknown;
}
