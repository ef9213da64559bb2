/**
 * Our words for the wire against those of the official client, by the compiler: `npm run check` fails where one of them drifts.
 * Nothing here runs.
 */
import type * as official from 'ollama/browser';
import type {
  ChatRequest,
  ChatResponse,
  EmbedRequest,
  EmbedResponse,
  GenerateRequest,
  GenerateResponse,
  ModelInfo,
  PullProgress,
  RequestMessage,
  ShowResponse,
  ToolCall,
} from '../../src/client/index.ts';

/** Compiles where each field that we name is also theirs. */
type Known<Ours, Theirs, Extra extends PropertyKey = never> = Exclude<keyof Ours, keyof Theirs | Extra> extends never ? true : false;

/** Compiles where what we hold can be given to whoever expects theirs, but for the fields named. */
type Fits<Ours, Theirs, But extends PropertyKey = never> =
  Omit<Ours, But> extends Partial<Omit<{ [Key in keyof Ours & keyof Theirs]: Theirs[Key] }, But>> ? true : false;

const holds = <_Claim extends true>() => {};

// What is sent. Since their last types `max` has joined the levels, and `tool_call_id` the messages.
holds<Known<ChatRequest, official.ChatRequest>>();
holds<Fits<ChatRequest, official.ChatRequest, 'think' | 'messages' | 'tools'>>();
holds<Known<RequestMessage, official.Message, 'tool_call_id'>>();
holds<Fits<RequestMessage, official.Message>>();
holds<Fits<ToolCall, official.ToolCall>>();
holds<Known<GenerateRequest, official.GenerateRequest>>();
holds<Fits<GenerateRequest, official.GenerateRequest, 'think'>>();
holds<Known<EmbedRequest, official.EmbedRequest>>();
holds<Fits<EmbedRequest, official.EmbedRequest>>();

// What comes. `thinking_duration` is measured by us; theirs take dates for objects, which JSON has none of.
holds<Known<ChatResponse, official.ChatResponse, 'thinking_duration'>>();
holds<Fits<ChatResponse, official.ChatResponse>>();
holds<Known<GenerateResponse, official.GenerateResponse, 'thinking_duration'>>();
holds<Fits<GenerateResponse, official.GenerateResponse>>();
holds<Known<EmbedResponse, official.EmbedResponse>>();
holds<Fits<EmbedResponse, official.EmbedResponse>>();
holds<Known<PullProgress, official.ProgressResponse>>();
holds<Fits<PullProgress, official.ProgressResponse>>();
holds<Known<ShowResponse, official.ShowResponse>>();
holds<Fits<ShowResponse, official.ShowResponse, 'modified_at' | 'model_info' | 'details'>>();
holds<Known<ModelInfo, official.ModelResponse, 'capabilities' | 'remote_host' | 'context_length'>>();
holds<Fits<ModelInfo, official.ModelResponse, 'modified_at' | 'expires_at' | 'details'>>();
holds<Known<NonNullable<ModelInfo['details']>, official.ModelDetails>>();
