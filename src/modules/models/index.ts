export { compatibleEntries, defaultCatalogue } from './catalogue.ts';
export type { CatalogueEntry, CompatibleModels, ProviderName } from './catalogue.ts';
export { modelDirectory } from './directory.ts';
export type { InstalledModels, ModelChoice, ModelDirectoryOptions } from './directory.ts';
export { embedLexically, offlineEmbedding, OFFLINE_EMBEDDING_DIMENSIONS, OFFLINE_EMBEDDING_ID } from './offline/embedding.ts';
export { offlineChatModel, OFFLINE_CHAT_ID } from './offline/extractive-answer.ts';
export { analyze, detectLanguage, isStopWord, stem, tokenizeWords } from './offline/lexical.ts';
export { pickQuotes } from './offline/quotes.ts';
export { countTokens } from './tokens.ts';
