export { citationsFor, CitationStream } from './retrieve/citations.ts';
export type { CitedAnswer } from './retrieve/citations.ts';
export { promptContext } from './retrieve/prompt-context.ts';
export { snippetFor } from './retrieve/snippet.ts';
export type { Citation, CitedQuote } from './citation-contract.ts';
export type { DocumentCharges, KnowledgeSearch, SearchOutcome, SearchRequest } from './ports.ts';
