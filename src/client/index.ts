/** The client alone: no DOM and no Lit. For browsers, Node and workers. */
export { ChatError, type Capability, type ChatErrorDetail, type ChatErrorKind } from '../errors';
export type {
  ChatClient,
  ChatEvent,
  ChatRequest,
  ChatStats,
  DoneReason,
  ModelInfo,
  PullProgress,
  RequestMessage,
  RequestOptions,
  ShowResponse,
  ToolCall,
} from '../protocol/client';
export type { RequestHeaders } from '../protocol/headers';
export type { Answer } from './answer';
export { type EmbedRequest, type EmbedResponse, type GenerateRequest, OllamaClient } from './ollama-client';
export { type EmbeddingsRequest, type EmbeddingsResponse, OpenAIClient } from './openai-client';
export type { ClientOptions } from './server-options';
export type { ChatResponse, GenerateResponse } from './whole';
