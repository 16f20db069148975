import type { Output } from '#platform/contract/endpoint.ts';
import type { knowledgeEndpoints } from '#modules/knowledge/contract.ts';

/** What a knowledge base holds and may hold. */
export type Status = Output<typeof knowledgeEndpoints.status>;

/** Whether files may be uploaded here. */
export const takesDocuments = ({ limits }: Status): boolean => limits.documents > 0 && limits.formats.length > 0;

/** Whether pairs may be written here. */
export const takesPairs = ({ limits }: Status): boolean => limits.qa_pairs > 0;
