import { z } from 'zod';
import { claimedFormat } from '../parse/sniff.ts';
import type { knowledgeDocuments } from '../tables.ts';

type NamedDocument = Pick<typeof knowledgeDocuments.$inferSelect, 'id' | 'sha256' | 'kind' | 'contentType' | 'fileName'>;

const Uuid = z.uuid().toLowerCase();
const CONTENT_CHARACTERS = 16;

/** The dataset of one knowledge base. Of ids alone, so that no name a person gives can mean another organization's. */
export const datasetName = (organizationId: string, knowledgeBaseId: string): string => `tenant_${Uuid.parse(organizationId)}_${Uuid.parse(knowledgeBaseId)}`;

/** The file of one content of a document: what is sent again after a crash is recognized by it, and what changed is new. */
export const engineFileName = (document: NamedDocument): string => `${Uuid.parse(document.id)}-${document.sha256.replace(/[^0-9a-f]/g, '').slice(0, CONTENT_CHARACTERS)}.${extensionOf(document)}`;

/** Engines choose their parser by it. */
function extensionOf({ kind, contentType, fileName }: NamedDocument): string {
  if (kind === 'qa') return 'txt';
  return claimedFormat({ fileName: fileName ?? '', mimeType: contentType }) ?? 'txt';
}
