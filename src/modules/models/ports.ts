/** A piece of knowledge an answer may rest on. Ids are the server's own. */
export interface Passage {
  chunkId: string;
  documentId: string;
  title: string;
  /** 1-based page of the source; null where the source has no pages. */
  page: number | null;
  url: string | null;
  text: string;
  /** 0..1, higher is better; comparable inside one search only. */
  score: number;
}

export interface ToolSpec {
  name: string;
  description: string;
  /** JSON Schema of the arguments. */
  parameters: Record<string, unknown>;
}

export interface ToolCall { id: string; name: string; arguments: unknown }

export type ChatMessage =
  | { role: 'system'; content: string }
  | { role: 'user'; content: string; images?: readonly string[] }
  | { role: 'assistant'; content: string; toolCalls?: readonly ToolCall[] }
  | { role: 'tool'; toolCallId: string; name: string; content: string };

export interface ChatRequest {
  messages: readonly ChatMessage[];
  temperature?: number;
  /** Upper bound of generated tokens. */
  outputTokensMax?: number;
  tools?: readonly ToolSpec[];
  /**
   * What the run retrieved and what was asked, beside the prompt text that already contains both. Remote models read
   * the prompt; the offline answerer, which cannot follow instructions, reads this.
   */
  grounding?: { question: string; passages: readonly Passage[] };
}

export interface TokenUsage { inputTokens: number; outputTokens: number }

export type ChatEvent =
  | { type: 'text'; text: string }
  | { type: 'tool-call'; call: ToolCall }
  | { type: 'finish'; reason: 'stop' | 'length' | 'tool-calls' | 'content-filter'; usage: TokenUsage };

/** A chat model. Streams text and tool calls and ends with exactly one `finish`, or throws {@link ModelError}. */
export interface ChatModel {
  id: string;
  features: { tools: boolean; images: boolean };
  stream(request: ChatRequest, signal: AbortSignal): AsyncIterable<ChatEvent>;
}

export interface EmbeddingModel {
  id: string;
  dimensions: number;
  /**
   * One unit-length vector for each text, in order. `purpose` matters to models that embed questions in another way than
   * what is searched; a text to be searched unless told.
   */
  embed(texts: readonly string[], signal?: AbortSignal, purpose?: 'document' | 'query'): Promise<readonly Float32Array[]>;
}

/** Judges how well texts answer a question. */
export interface RerankModel {
  id: string;
  /** One number for each text, in order; higher is better, comparable inside one call only. Throws {@link ModelError}. */
  rerank(query: string, texts: readonly string[], signal: AbortSignal): Promise<readonly number[]>;
}

/** A provider failed. `retryable` says whether the same call may succeed later. Never carries a credential. */
export class ModelError extends Error {
  readonly code: 'rate-limited' | 'unavailable' | 'refused' | 'bad-answer' | 'timeout' | 'not-configured';
  readonly retryable: boolean;
  constructor(code: ModelError['code'], message: string, retryable: boolean, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'ModelError';
    this.code = code;
    this.retryable = retryable;
  }
}

/** How the rest of the product obtains models: by catalogue id, or the installation's default for null. */
export interface ModelDirectory {
  chat(id: string | null): ChatModel;
  embedding(id: string | null): EmbeddingModel;
  /** Null where no such model serves here: the caller then orders by itself. For null the installation's own, if it has one. */
  rerank(id: string | null): RerankModel | null;
}

export interface EmbeddingEntry {
  id: string;
  remoteName: string;
  /** Length of the vectors it is to give. */
  dimensions: number;
  /** Less than the model's own length: the provider has to be asked for it. */
  shortened: boolean;
}

/**
 * A configured provider of models: what an adapter gives. Absent methods mean the provider has no such models. Each
 * method takes the name the provider's API expects.
 */
export interface ModelProvider {
  chat?(entry: { id: string; remoteName: string; features: { tools: boolean; images: boolean } }): ChatModel;
  embedding?(entry: EmbeddingEntry): EmbeddingModel;
  rerank?(entry: { id: string; remoteName: string }): RerankModel;
}

/** For providers that do not say how many tokens they used. */
export { countTokens } from './tokens.ts';
