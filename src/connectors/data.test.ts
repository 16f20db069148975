import { testCalls } from '#modules/connections/testing/call-cases.ts';
import { astradb } from './astradb/manifest.ts';
import { chroma } from './chroma/manifest.ts';
import { cohere } from './cohere/manifest.ts';
import { elasticsearch } from './elasticsearch/manifest.ts';
import { elevenlabs } from './elevenlabs/manifest.ts';
import { http } from './http/manifest.ts';
import { huggingface } from './huggingface/manifest.ts';
import { openai } from './openai/manifest.ts';
import { pinecone } from './pinecone/manifest.ts';
import { qdrant } from './qdrant/manifest.ts';
import { replicate } from './replicate/manifest.ts';
import { s3 } from './s3/manifest.ts';
import { supabase } from './supabase/manifest.ts';
import { weaviate } from './weaviate/manifest.ts';

const fields = { token: 'the-token' };
const bearer = { authorization: 'Bearer the-token' };
const EMPTY_SHA = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';

await testCalls([
  { connector: supabase, action: 'select', fields, headers: { ...bearer, apikey: 'the-token' }, baseUrl: 'https://abc.supabase.co', input: { table: 'leads', filters: { status: 'eq.open' }, limit: 2 }, call: 'GET https://abc.supabase.co/rest/v1/leads?status=eq.open&select=*&limit=2&offset=0', answers: [{ json: [{ id: 1 }] }], result: [{ id: 1 }] },
  { connector: supabase, action: 'insert', fields, headers: { ...bearer, apikey: 'the-token', prefer: 'return=representation,resolution=merge-duplicates' }, baseUrl: 'https://abc.supabase.co', input: { table: 'leads', rows: [{ id: 1 }], upsert: true }, call: 'POST https://abc.supabase.co/rest/v1/leads', body: [{ id: 1 }] },
  { connector: supabase, action: 'match-documents', fields, headers: { ...bearer, apikey: 'the-token' }, baseUrl: 'https://abc.supabase.co', input: { query_embedding: [1, 2] }, call: 'POST https://abc.supabase.co/rest/v1/rpc/match_documents', body: { query_embedding: [1, 2], match_count: 4, filter: {} } },
  { connector: qdrant, action: 'search', fields, headers: { 'api-key': 'the-token' }, baseUrl: 'https://vectors.example.org', input: { collection: 'docs', vector: [1, 0], limit: 2 }, call: 'POST https://vectors.example.org/collections/docs/points/search', body: { vector: [1, 0], limit: 2, with_payload: true }, answers: [{ json: { result: [{ id: 1, score: 0.9 }] } }], result: [{ id: 1, score: 0.9 }] },
  { connector: qdrant, action: 'upsert', fields: {}, baseUrl: 'https://vectors.example.org', input: { collection: 'docs', points: [{ id: 1, vector: [1], payload: {} }] }, call: 'PUT https://vectors.example.org/collections/docs/points?wait=true', body: { points: [{ id: 1, vector: [1], payload: {} }] } },
  { connector: pinecone, action: 'query', fields, headers: { 'api-key': 'the-token', 'x-pinecone-api-version': '2025-04' }, baseUrl: 'https://docs-abc.svc.pinecone.io', input: { vector: [1, 0], namespace: 'n' }, call: 'POST https://docs-abc.svc.pinecone.io/query', body: { vector: [1, 0], topK: 4, namespace: 'n', includeMetadata: true, includeValues: false }, answers: [{ json: { matches: [{ id: 'a' }] } }], result: [{ id: 'a' }] },
  { connector: weaviate, action: 'search', fields, headers: bearer, baseUrl: 'https://w.example.org', input: { collection: 'Docs', vector: [1, 0], properties: ['text'] }, call: 'POST https://w.example.org/v1/graphql', body: { query: '{ Get { Docs(limit: 4, nearVector: { vector: [1,0] }) { text _additional { id distance score } } } }' }, answers: [{ json: { data: { Get: { Docs: [{ text: 'a' }] } } } }], result: [{ text: 'a' }] },
  { connector: chroma, action: 'query', fields: { token: 'the-token', tenant: 't', database: 'd' }, headers: { 'x-chroma-token': 'the-token' }, baseUrl: 'https://c.example.org', input: { collection: 'c1', vector: [1] }, call: 'POST https://c.example.org/api/v2/tenants/t/databases/d/collections/c1/query', body: { n_results: 4, query_embeddings: [[1]], include: ['documents', 'metadatas', 'distances'] } },
  { connector: astradb, action: 'search', fields, headers: { token: 'the-token' }, baseUrl: 'https://db.apps.astra.datastax.com', input: { collection: 'docs', vector: [1] }, call: 'POST https://db.apps.astra.datastax.com/api/json/v1/default_keyspace/docs', body: { find: { sort: { $vector: [1] }, projection: { $vector: 0 }, options: { limit: 4, includeSimilarity: true } } }, answers: [{ json: { data: { documents: [{ _id: '1' }] } } }], result: [{ _id: '1' }] },
  { connector: elasticsearch, action: 'search', fields, headers: { authorization: 'ApiKey the-token' }, baseUrl: 'https://es.example.org', input: { index: 'docs', text: 'moon', size: 1 }, call: 'POST https://es.example.org/docs/_search', body: { size: 1, from: 0, query: { multi_match: { query: 'moon' } } }, answers: [{ json: { hits: { hits: [{ _id: '1' }] } } }], result: [{ _id: '1' }] },
  { connector: openai, action: 'create-image', fields, headers: bearer, input: { prompt: 'A moon' }, call: 'POST https://api.openai.com/v1/images/generations', body: { prompt: 'A moon', model: 'gpt-image-1', size: '1024x1024', n: 1 }, answers: [{ json: { data: [{ b64_json: 'AA==' }] } }], result: [{ b64_json: 'AA==' }] },
  { connector: openai, action: 'speech', fields, headers: bearer, input: { input: 'Hello' }, call: 'POST https://api.openai.com/v1/audio/speech', body: { input: 'Hello', model: 'gpt-4o-mini-tts', voice: 'alloy', response_format: 'mp3' }, answers: [{ bytes: new Uint8Array([1, 2]), headers: { 'content-type': 'audio/mpeg' } }], result: { media_type: 'audio/mpeg', base64: 'AQI=' } },
  {
    connector: openai, action: 'ask-assistant', fields, headers: { ...bearer, 'openai-beta': 'assistants=v2' }, input: { assistant_id: 'asst_1', text: 'Hi' },
    call: ['POST https://api.openai.com/v1/threads/runs', 'GET https://api.openai.com/v1/threads/t1/runs/r1', 'GET https://api.openai.com/v1/threads/t1/messages?run_id=r1&order=asc'],
    answers: [{ json: { id: 'r1', thread_id: 't1' } }, { json: { status: 'completed' } }, { json: { data: [{ content: [{ text: { value: 'Hello' } }] }] } }], result: { thread_id: 't1', text: 'Hello' },
  },
  { connector: elevenlabs, action: 'text-to-speech', fields, headers: { 'xi-api-key': 'the-token' }, input: { voiceId: 'v1', text: 'Hello' }, call: 'POST https://api.elevenlabs.io/v1/text-to-speech/v1?output_format=mp3_44100_128', body: { text: 'Hello', model_id: 'eleven_multilingual_v2' }, answers: [{ bytes: new Uint8Array([1]), headers: { 'content-type': 'audio/mpeg' } }], result: { media_type: 'audio/mpeg', base64: 'AQ==' } },
  { connector: replicate, action: 'run', fields, headers: { ...bearer, prefer: 'wait' }, input: { model: 'acme/painter', input: { prompt: 'moon' } }, call: 'POST https://api.replicate.com/v1/models/acme/painter/predictions', body: { input: { prompt: 'moon' } } },
  { connector: huggingface, action: 'infer', fields, headers: bearer, input: { model: 'acme/sentiment', inputs: 'I like it' }, call: 'POST https://router.huggingface.co/hf-inference/models/acme/sentiment', body: { inputs: 'I like it' } },
  { connector: cohere, action: 'rerank', fields, headers: bearer, input: { query: 'moon', documents: ['sun', 'moon'] }, call: 'POST https://api.cohere.com/v2/rerank', body: { query: 'moon', documents: ['sun', 'moon'], model: 'rerank-v3.5' }, answers: [{ json: { results: [{ index: 1, relevance_score: 0.9 }] } }], result: [{ index: 1, relevance_score: 0.9, text: 'moon' }] },
  { connector: http, action: 'send', fields: { kind: 'header', name: 'X-Api-Key', secret: 'the-secret' }, headers: { 'x-api-key': 'the-secret', 'x-mine': '1' }, baseUrl: 'https://api.example.org/v2', input: { path: '/things', query: { a: 1 }, headers: { 'X-Mine': '1' }, form: { b: 2 } }, call: 'POST https://api.example.org/v2/things?a=1', body: { b: '2' } },
  { connector: http, action: 'get', fields: { kind: 'query', name: 'key', secret: 'the-secret' }, baseUrl: 'https://api.example.org/v2', input: { path: 'things' }, call: 'GET https://api.example.org/v2/things?key=the-secret' },
  {
    connector: s3, action: 'get', fields: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY', region: 'us-east-1', bucket: 'photos' }, input: { key: 'a b/ü.txt' }, call: 'GET https://s3.us-east-1.amazonaws.com/photos/a%20b/%C3%BC.txt',
    headers: { 'x-amz-content-sha256': EMPTY_SHA, 'x-amz-date': '20260301T120000Z', authorization: 'AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20260301/us-east-1/s3/aws4_request, SignedHeaders=host;x-amz-content-sha256;x-amz-date, Signature=1344724f58b339bd31e6aebcd8e2d1bd06ae917b8317dd6efad9d190a648e623' },
    answers: [{ text: 'Hello' }], result: { key: 'a b/ü.txt', media_type: 'text/plain', content: 'Hello' },
  },
]);
