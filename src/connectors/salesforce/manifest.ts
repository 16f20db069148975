import { defineConnector, del, get, itemsAt, line, oauth2, patch, path, post, read, table, textArea, write } from '#modules/connections/kit.ts';

const API = '/services/data/v61.0';
const sobject = line('Object', 'For example Contact, Lead or Account.').regex(/^\w+$/);
const id = line('Id');
const fields = table('Fields', 'Values by name.');

export const salesforce = defineConnector({
  id: 'salesforce', title: 'Salesforce', description: 'Records of a Salesforce organization. The address is the one of the instance, e.g. https://acme.my.salesforce.com.', category: 'sales',
  auth: oauth2({ url: 'https://login.salesforce.com/services/oauth2/token' }), baseUrl: null, ownHost: true, probe: get(`${API}/limits`),
  actions: [
    read(['query', 'Query', 'Finds records by a SOQL query.'], { q: textArea('SOQL').min(1) }, (query) => get(`${API}/query`, query), (body) => itemsAt(body, 'records')),
    read(['search', 'Search', 'Finds records by a SOSL search.'], { q: textArea('SOSL').min(1) }, (query) => get(`${API}/search`, query), (body) => itemsAt(body, 'searchRecords')),
    read(['get', 'Record', 'One record.'], { sobject, id }, (input) => get(`${API}${path`/sobjects/${input.sobject}/${input.id}`}`)),
    write(['create', 'Create a record', 'Creates a record.'], { sobject, fields }, (input) => post(`${API}${path`/sobjects/${input.sobject}`}`, input.fields)),
    write(['update', 'Change a record', 'Changes fields of a record.'], { sobject, id, fields }, (input) => patch(`${API}${path`/sobjects/${input.sobject}/${input.id}`}`, input.fields)),
    write(['upsert', 'Create or change a record', 'Changes the record with this external id, or creates it.'], { sobject, externalField: line('Field of the external id').regex(/^\w+$/), externalId: line('External id'), fields },
      (input) => patch(`${API}${path`/sobjects/${input.sobject}/${input.externalField}/${input.externalId}`}`, input.fields)),
    write(['delete', 'Delete a record', 'Deletes a record.'], { sobject, id }, (input) => del(`${API}${path`/sobjects/${input.sobject}/${input.id}`}`)),
  ],
});
