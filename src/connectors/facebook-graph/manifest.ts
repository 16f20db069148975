import { bearer, choice, defineConnector, get, line, post, read, table, write, OutsideError } from '#modules/connections/kit.ts';

const node = line('Node', 'For example me/accounts, or the id of a page and /feed.');
const texts = (values: Readonly<Record<string, unknown>>) => Object.fromEntries(Object.entries(values).map(([name, value]) => [name, typeof value === 'string' ? value : JSON.stringify(value)]));

/** Node and edge, each a part of the path. */
function graphPath(version: string, written: string): string {
  const parts = written.split('/').filter((part) => part !== '');
  if (parts.length === 0 || parts.some((part) => part === '.' || part === '..')) throw new OutsideError('input-invalid', 'The node is not one of the graph.');
  return `/${version}/${parts.map(encodeURIComponent).join('/')}`;
}
const version = choice('Version', ['v23.0', 'v22.0', 'v21.0', 'v20.0']).default('v23.0');

export const facebookGraph = defineConnector({
  id: 'facebook-graph', title: 'Facebook and Instagram', description: 'Pages, posts and media over the Graph API.', category: 'messaging',
  auth: bearer('Access token'), baseUrl: 'https://graph.facebook.com', probe: get('/v23.0/me'),
  actions: [
    read(['get', 'Read', 'Reads a node or an edge of the graph.'], { node, fields: line('Fields').optional(), parameters: table('Parameters').default({}), version }, (input) => get(graphPath(input.version, input.node), { ...texts(input.parameters), fields: input.fields })),
    write(['post', 'Publish', 'Publishes to a node or an edge of the graph.'], { node, parameters: table('Parameters').default({}), version }, (input) => post(graphPath(input.version, input.node), texts(input.parameters))),
  ],
});
