import type { FoundSecret } from '../clean-definition.ts';
import { read, readList, readRecord, readText } from '../plain.ts';
import type { PlainRecord } from '../plain.ts';
import { looksLikePlaceholder, looksLikeVariableName } from '../secret-patterns.ts';

/** Services whose key pays for the model or for storing documents, which the platform brings itself. */
const BROUGHT = /openai|anthropic|mistral|google(?:Generative|Vertex|Makersuite)|azureOpenAI|cohere|groq|ollama|huggingFace|replicate|togetherAI|fireworks|deepseek|xai|cerebras|bedrock|localAI|nvidia|ibmWatson|baidu|alibaba|pinecone|qdrant|weaviate|chroma|milvus|zep|redis|upstash|supabase|postgres|mongoDB|elastic|faiss|astra|vectara|couchbase|dynamodb/i;

/**
 * Flowise's own marks of credentials: ids of credentials on its server are taken out (they name nothing here), values of
 * password settings are removed from the given copy.
 */
export function takeCredentials(flow: PlainRecord): FoundSecret[] {
  const found: FoundSecret[] = [];
  for (const node of readList(flow, 'nodes')) {
    const data = readRecord(node, 'data');
    if (data === null) continue;
    const id = (readText(node, 'id') ?? '').slice(0, 150);
    const inputs = readRecord(data, 'inputs');
    for (const param of readList(data, 'inputParams')) visit(param, id, data, inputs, found);
    delete data['credential'];
    if (inputs !== null) delete inputs['FLOWISE_CREDENTIAL_ID'];
  }
  return found;
}

function visit(param: unknown, node: string, data: PlainRecord, inputs: PlainRecord | null, found: FoundSecret[]): void {
  const type = readText(param, 'type');
  const name = readText(param, 'name') ?? '';
  if (type === 'credential') {
    const [kind] = readList(param, 'credentialNames').filter((one) => typeof one === 'string');
    const isNeeded = read(param, 'optional') !== true || (readText(data, 'credential') ?? '') !== '';
    if (kind !== undefined && isNeeded && !BROUGHT.test(kind)) found.push({ name: kind.slice(0, 100), node, field: 'credential', kind: 'required' });
    return;
  }
  if (type !== 'password' || inputs === null) return;
  const value = readText(inputs, name);
  if (value === null || value === '' || looksLikePlaceholder(value) || looksLikeVariableName(value)) return;
  inputs[name] = '';
  found.push({ name, node, field: name, kind: 'stripped' });
}
