import { bearer, choice, count, defineConnector, del, get, itemsAt, line, list, patch, path, post, read, table, words, write } from '#modules/connections/kit.ts';

const object = choice('What', ['contacts', 'companies', 'deals', 'tickets', 'products', 'line_items', 'notes', 'tasks', 'calls', 'meetings']).default('contacts');
const id = line('Id');
const properties = table('Properties', 'Values by name.');
const asked = words('Properties to return').optional();

export const hubspot = defineConnector({
  id: 'hubspot', title: 'HubSpot', description: 'Contacts, companies, deals and tickets.', category: 'sales',
  auth: bearer('Private app token'), baseUrl: 'https://api.hubapi.com', probe: get('/crm/v3/objects/contacts', { limit: 1 }),
  actions: [
    read(['list', 'List', 'Lists objects of a kind.'], { object, limit: count('Entries', 1, 100).default(50), after: line('Continue at').optional(), properties: asked }, ({ object: kind, properties: wanted, ...query }) => get(path`/crm/v3/objects/${kind}`, { ...query, properties: wanted?.join(',') })),
    read(['get', 'Get', 'One object, by id or by a property that is unique.'], { object, id, idProperty: line('Id is', 'For example email.').optional(), properties: asked }, (input) => get(path`/crm/v3/objects/${input.object}/${input.id}`, { idProperty: input.idProperty, properties: input.properties?.join(',') })),
    read(['search', 'Search', 'Finds objects by words or by filters.'], { object, query: line('Words').optional(), filters: list('Filters', 'A list of {propertyName, operator, value}.').optional(), properties: asked, limit: count('Entries', 1, 200).default(20), after: line('Continue at').optional() },
      ({ object: kind, filters, ...body }) => post(path`/crm/v3/objects/${kind}/search`, { ...body, ...(filters ? { filterGroups: [{ filters }] } : {}) })),
    write(['create', 'Create', 'Creates an object.'], { object, properties, associations: list('Associations').optional() }, ({ object: kind, ...body }) => post(path`/crm/v3/objects/${kind}`, body)),
    write(['update', 'Change', 'Changes properties of an object.'], { object, id, idProperty: line('Id is', 'For example email.').optional(), properties }, (input) => patch(path`/crm/v3/objects/${input.object}/${input.id}`, { properties: input.properties }, { idProperty: input.idProperty })),
    write(['upsert-contact', 'Create or change a contact', 'Changes the contact with this e-mail address, or creates it.'], { email: line('E-mail'), properties: properties.default({}) },
      (input) => post('/crm/v3/objects/contacts/batch/upsert', { inputs: [{ idProperty: 'email', id: input.email, properties: { ...input.properties, email: input.email } }] }), (body) => itemsAt(body, 'results')[0] ?? body),
    write(['delete', 'Archive', 'Archives an object.'], { object, id }, (input) => del(path`/crm/v3/objects/${input.object}/${input.id}`)),
  ],
});
