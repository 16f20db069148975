import { choice, custom, defineConnector, json, line, read, secret, table, textArea, write, type Fields, type HttpCall } from '#modules/connections/kit.ts';

const request = {
  path: textArea('Path', 'Below the address of the connection.').default(''), query: table('Query').default({}), headers: table('Headers').default({}),
};
const kind = choice('Sign in with', ['bearer', 'header', 'query', 'basic', 'none']).default('bearer');

function credentials({ kind: how = 'bearer', name = '', username = '', secret: value = '' }: Fields): { headers?: Record<string, string>; query?: Record<string, string> } {
  switch (how) {
    case 'bearer': return { headers: { authorization: `Bearer ${value}` } };
    case 'header': return { headers: { [name.toLowerCase() || 'x-api-key']: value } };
    case 'query': return { query: { [name || 'api_key']: value } };
    case 'basic': return { headers: { authorization: `Basic ${Buffer.from(`${username}:${value}`).toString('base64')}` } };
    default: return {};
  }
}

const texts = (values: Readonly<Record<string, unknown>>) => Object.fromEntries(Object.entries(values).map(([name, value]) => [name, typeof value === 'string' ? value : JSON.stringify(value)]));
const call = ({ path: to, query, headers }: { path: string; query: Record<string, unknown>; headers: Record<string, unknown> }, more: Partial<HttpCall>): HttpCall => ({ method: 'GET', path: to, query: texts(query), headers: texts(headers), ...more });

const signIn = custom({ kind, name: line('Name of the header or parameter').optional(), username: line('User name', 'For basic.').optional(), secret: secret('Token, key or password').optional() }, credentials);

export const http = defineConnector({
  id: 'http', title: 'HTTP API', description: 'Any web service: its address, and how to sign in there.', category: 'data',
  auth: { ...signIn, fields: signIn.fields.refine((fields) => fields['kind'] === 'none' || Boolean(fields['secret']), { error: 'Enter the token, key or password.', path: ['secret'] }) }, baseUrl: null, ownHost: true,
  actions: [
    read(['get', 'Read', 'Sends a GET request.'], request, (input) => call(input, {})),
    write(['send', 'Send', 'Sends a request that may change something.'], { ...request, method: choice('Method', ['POST', 'PUT', 'PATCH', 'DELETE']).default('POST'), json: json('Body as data').optional(), form: table('Body as form').optional(), text: textArea('Body as text').optional() },
      (input) => call(input, { method: input.method, ...(input.form ? { form: texts(input.form) } : input.text === undefined ? (input.json === undefined ? {} : { json: input.json }) : { text: input.text }) })),
  ],
});
