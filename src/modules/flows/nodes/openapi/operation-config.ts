import { z } from 'zod';
import { CredentialPlace } from '../../credential-contract.ts';

/** Where a parameter goes, and how OpenAPI writes lists and objects there (OpenAPI 3.1, section 4.8.12.2). */
export const OperationParameter = z.strictObject({
  /** As the other server calls it. */
  name: z.string().max(200),
  /** As the arguments call it. */
  argument: z.string().max(200),
  in: z.enum(['path', 'query', 'header']),
  required: z.boolean().default(false),
  style: z.enum(['simple', 'label', 'matrix', 'form', 'spaceDelimited', 'pipeDelimited', 'deepObject', 'json']).default('form'),
  explode: z.boolean().default(false),
  /** Characters with a meaning in addresses stay as they are. */
  allowReserved: z.boolean().default(false),
});
export type OperationParameter = z.infer<typeof OperationParameter>;

export const OperationBody = z.strictObject({
  argument: z.string().max(200).default('body'),
  required: z.boolean().default(false),
  kind: z.enum(['json', 'form', 'multipart', 'text']),
  mediaType: z.string().max(200).regex(/^[a-z0-9!#$&^_.+-]+\/[a-z0-9!#$&^_.+-]+(?:; ?charset=[a-z0-9-]+)?$/i),
});
export type OperationBody = z.infer<typeof OperationBody>;

/** One operation of an OpenAPI document, complete: nothing else of the document is needed to call it. */
export const Operation = z.strictObject({
  /** As agents call it. */
  name: z.string().regex(/^[a-zA-Z0-9_-]{1,64}$/).default('operation').meta({ title: 'Name for agents' }),
  description: z.string().max(1_000).default('').meta({ title: 'Description for agents', ui: { widget: 'textarea' } }),
  effect: z.enum(['read', 'write']).default('write'),
  method: z.enum(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']).default('GET').meta({ title: 'Method' }),
  /** Address of the server; the port `server` wins where something is connected. */
  server: z.string().max(2_000).default('').meta({ title: 'Server' }),
  path: z.string().max(2_000).regex(/^\//).default('/').meta({ title: 'Path' }),
  parameters: z.array(OperationParameter).max(200).default([]),
  body: OperationBody.nullable().default(null),
  /** JSON Schema of the arguments, an object. */
  arguments: z.record(z.string(), z.unknown()).default({ type: 'object', properties: {} }),
  /** Arguments that are set here; agents neither see nor change them. */
  values: z.record(z.string(), z.unknown()).default({}).meta({ title: 'Fixed values', ui: { widget: 'code' } }),
  /** All of these are sent. */
  credentials: z.array(CredentialPlace).max(5).default([]),
  /** The media type that is asked for. */
  accept: z.string().max(200).default('application/json, text/plain;q=0.8, */*;q=0.1'),
});
export type Operation = z.infer<typeof Operation>;
