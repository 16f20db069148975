import { z } from 'zod';
import { address, line, optionalLine, secret } from './fields.ts';

export const REST_AUTH = ['none', 'api_key', 'bearer', 'basic', 'oauth2'] as const;

const when = (equals: (typeof REST_AUTH)[number]) => ({ when: { path: 'auth', equals } });

/** Records of an HTTP API that answers JSON. */
export const RestConfig = z.strictObject({
  url: address('Address', 'The list of records, with its query if it needs one.'),
  auth: z.enum(REST_AUTH).default('none').meta({ title: 'Signing in', ui: { labels: { none: 'Open', api_key: 'API key', bearer: 'Bearer token', basic: 'User and password', oauth2: 'OAuth 2 client credentials' } } }),
  keyName: z.string().trim().max(100).default('X-Api-Key').meta({ title: 'Name of the key', description: 'The header or query parameter that carries it.', ui: when('api_key') }),
  keyIn: z.enum(['header', 'query']).default('header').meta({ title: 'Where the key goes', ui: { ...when('api_key'), labels: { header: 'Into a header', query: 'Into the address' } } }),
  tokenUrl: z.string().trim().max(2048).default('').meta({ title: 'Token address', ui: when('oauth2') }),
  oauthScope: z.string().trim().max(500).default('').meta({ title: 'Scope', ui: when('oauth2') }),
  /** RFC 6749, 2.3.1: `client_secret_basic` or `client_secret_post`. */
  clientAuth: z.enum(['basic', 'post']).default('basic').meta({ title: 'How the client proves itself', ui: { ...when('oauth2'), labels: { basic: 'In a header', post: 'In the body' } } }),
  records: line('Records', 'JSONPath to the list of records in the answer.').default('$'),
  idField: line('Id', 'JSONPath in a record to what tells it from the others.').default('$.id'),
  titleField: line('Title', 'JSONPath in a record to its title.').default('$.title'),
  textFields: z.array(z.string().trim().min(1).max(500)).max(50).default([]).meta({ title: 'Text', description: 'JSONPaths in a record to what is to be known; nothing written: the whole record.', ui: { widget: 'tags' } }),
  urlField: optionalLine('Link', 'JSONPath in a record to the address people may open.'),
  paging: z.enum(['answer', 'page', 'offset']).default('answer').meta({
    title: 'Further pages',
    ui: {
      advanced: true, labels: { answer: 'The answer leads to them', page: 'By page numbers', offset: 'By offsets' },
      descriptions: { answer: 'By what stands at “Next page”, or else by a Link header.', page: 'The parameter counts up until a page is empty.', offset: 'The parameter grows by the records seen until a page is empty.' },
    },
  }),
  nextField: optionalLine('Next page', 'JSONPath in the answer to the address or the cursor of the next page.'),
  nextParameter: optionalLine('Page parameter', 'The query parameter that the cursor, page number or offset goes into. With a next page but no parameter, the next page is an address.'),
  recordsMax: z.int().min(1).max(100_000).default(1000).meta({ title: 'Records', description: 'Reading ends when so many are there.', ui: { advanced: true } }),
});
export type RestConfig = z.infer<typeof RestConfig>;

export const RestSecrets = z.strictObject({
  apiKey: secret('Key', undefined, when('api_key').when).optional(), token: secret('Token', undefined, when('bearer').when).optional(),
  user: secret('User', undefined, when('basic').when).optional(), password: secret('Password', undefined, when('basic').when).optional(),
  clientId: secret('Client id', undefined, when('oauth2').when).optional(), clientSecret: secret('Client secret', undefined, when('oauth2').when).optional(),
});
export type RestSecrets = z.infer<typeof RestSecrets>;
