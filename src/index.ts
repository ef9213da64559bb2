/** The package: registers `<ollama-chat>` and names what a page may need of it. */
import './define';

export { OllamaChat } from './ollama-chat';
export { ChatError, type Capability, type ChatErrorDetail, type ChatErrorKind } from './errors';
export {
  ChatErrorEvent,
  ChatModelChangeEvent,
  type ChatPhase,
  ChatPhaseEvent,
  ChatReplyEvent,
  ChatSendEvent,
  ChatToggleEvent,
  ChatToolCallEvent,
} from './events';
export type { ChatMessage, ChatMessageInput } from './conversation/message';
export type { CodeRenderer } from './ui/enrich';
export type { StringOverrides } from './i18n/strings';
export type { McpServer } from './tools/mcp';
export type { ChatTool, WireTool } from './tools/tool';
export type { ChatClient, ChatEvent, ChatRequest, ChatStats, ModelInfo, ToolCall } from './protocol/client';
export type { RequestHeaders } from './protocol/headers';
