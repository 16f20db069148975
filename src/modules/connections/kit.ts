/** Everything a connector is made of. Connectors see this file and nothing else of the product. */
export { del, get, patch, path, post, put } from './kit/http-call.ts';
export type { FormPart, HttpAnswer, HttpCall } from './kit/http-call.ts';
export { apiKeyHeader, apiKeyQuery, basic, bearer, custom, noAuth, oauth2 } from './kit/auth.ts';
export type { Auth, Fields } from './kit/auth.ts';
export { choice, count, data, flag, json, line, list, amount, secret, statement, table, textArea, words } from './kit/fields.ts';
export { defineConnector, read, runs, write } from './kit/connector.ts';
export type { Action, Connector, ConnectorCategory, ConnectorSources, Outside } from './kit/connector.ts';
export { OutsideError } from './kit/outside-error.ts';
export { at, itemsAt, textAt } from './kit/answer-parts.ts';
