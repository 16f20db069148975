export type { CatalogueEntry, ProviderName } from './catalogue.ts';
export { modelDirectory } from './directory.ts';
export type { InstalledModels, ModelChoice, ModelDirectoryOptions } from './directory.ts';
export { embedLexically, offlineEmbedding, OFFLINE_EMBEDDING_ID } from './offline/embedding.ts';
export { OFFLINE_CHAT_ID, offlineChatModel } from './offline/extractive-answer.ts';
export { analyze, tokenizeWords } from './offline/lexical.ts';
export { languageNamed, writtenLanguage, type WrittenLanguage } from './offline/written-language.ts';
export { ModelError } from './ports.ts';
export type { ChatEvent, ChatMessage, ChatModel, ChatRequest, EmbeddingModel, ModelDirectory, ModelProvider, Passage, TokenUsage, ToolCall, ToolSpec } from './ports.ts';
