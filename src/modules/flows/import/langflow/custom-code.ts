import { createHash } from 'node:crypto';
import type { ImportReport } from '../../contract.ts';
import type { RawNode } from './raw-flow.ts';
import { tableName } from './store-names.ts';

/**
 * First 12 hex digits of the SHA-256 of component sources that Langflow itself published in its starter flows with the
 * "edited" mark set. The mark alone would condemn those flows; the hash says the code is Langflow's own.
 */
const PUBLISHED_SOURCES: ReadonlySet<string> = new Set([
  '9ad452a3d664', // Prompt
  'c704f5035848', 'ebe41d96c1f5', // ChatInput
  'f6be58c4226f', // OpenAIModel
  '0ae1f71d33a5', '31a4291e3242', // ChatOutput
  '14d7adcbaeda', // TextInput
  '0173da56d22f', // Memory
  '00114a8606d5', // TextOutput
  '35fb77e51520', // RecursiveCharacterTextSplitter
  '0b17342ff4a4', // ToolCallingAgent
]);

export const sha256 = (data: string | Uint8Array): string => createHash('sha256').update(data).digest('hex');

/**
 * Whether the node runs Python of its author rather than of Langflow. The hash in the file's metadata is no evidence:
 * Langflow's own releases ship nodes whose source differs from it.
 */
export function isCustom(node: RawNode): boolean {
  if (['custom', 'customcomponent'].includes(tableName(node.type)) || node.module.startsWith('custom_components.')) return true;
  return node.edited && node.code !== null && !PUBLISHED_SOURCES.has(sha256(node.code).slice(0, 12));
}

/** Every piece of Python in the node, for the reviewer. */
export function codeOf(node: RawNode): ImportReport['code'] {
  // Before 1.0 a Python tool kept its author's function where others keep their own source.
  const ownFunction = /^python(?:function|code)/.test(tableName(node.type));
  const pieces = node.code === null ? [] : [{ text: node.code, custom: ownFunction || isCustom(node) }];
  for (const { name, type, value } of node.fields.values()) {
    const isCode = name !== 'code' && (type === 'code' || name === 'python_code' || name === 'tool_code');
    if (isCode && typeof value === 'string' && value.trim() !== '') pieces.push({ text: value, custom: true });
  }
  return pieces.map(({ text, custom }) => ({ node: node.id, language: 'python', bytes: Buffer.byteLength(text), sha256: sha256(text), custom }));
}
