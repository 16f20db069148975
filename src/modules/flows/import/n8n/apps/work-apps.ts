import { isRecord } from '../../plain.ts';
import type { StepBuilder } from '../step-builder.ts';
import { always, fieldsAt, limited, listed, listIn, oneIn, op, plucked } from './app-mapping.ts';
import type { App, FieldSpec } from './app-mapping.ts';

const repository = { owner: (step: StepBuilder) => nameIn(step, 'owner'), repo: (step: StepBuilder) => nameIn(step, 'repository') };
/** Picked by name, or by the address of the page. */
const nameIn = (step: StepBuilder, path: string): string => /github\.com\/(?:[\w.-]+\/)?([\w.-]+)\/?$/.exec(step.fixed(path))?.[1] ?? step.text(path);
/** HubSpot's own names for n8n's fields. */
const properties = (fixed: Readonly<Record<string, string>>, path: string): FieldSpec => (step) => {
  const more = step.raw(path);
  const named: Record<string, unknown> = {};
  for (const [name, from] of Object.entries(fixed)) { const value = step.text(from); if (value !== '') named[name] = value; }
  if (isRecord(more)) for (const [name, value] of Object.entries(more)) if (!isRecord(value) && !Array.isArray(value)) named[(NAMES.get(name) ?? name).toLowerCase()] = step.value(value);
  return named;
};
const NAMES: ReadonlyMap<string, string> = new Map([['firstName', 'firstname'], ['lastName', 'lastname'], ['phoneNumber', 'phone'], ['companyName', 'company'], ['websiteUrl', 'website'], ['jobTitle', 'jobtitle'], ['streetAddress', 'address'], ['postalCode', 'zip'], ['dealName', 'dealname'], ['closeDate', 'closedate'], ['description', 'content'], ['ticketOwnerId', 'hubspot_owner_id'], ['priority', 'hs_ticket_priority']]);
const object = (name: string): FieldSpec => always(name);
const hubspotSet = (kind: string, id: string): Readonly<Record<string, ReturnType<typeof op>>> => ({
  [`${kind}:get`]: op('get', { object: object(PLURALS[kind] ?? kind), id }), [`${kind}:getAll`]: op('list', { object: object(PLURALS[kind] ?? kind), limit: limited(100) }, listIn('results')), [`${kind}:delete`]: op('delete', { object: object(PLURALS[kind] ?? kind), id }),
  [`${kind}:search`]: op('search', { object: object(PLURALS[kind] ?? kind), query: 'additionalFields.query', filters: (step) => { const groups = step.raw('filterGroupsUi.filterGroupsValues'); return Array.isArray(groups) ? groups.flatMap((group: unknown) => filtersOf(step, group)) : undefined; }, limit: limited(200) }, listIn('results')),
});
const PLURALS: Readonly<Record<string, string>> = { contact: 'contacts', company: 'companies', deal: 'deals', ticket: 'tickets' };
const filtersOf = (step: StepBuilder, group: unknown): unknown[] => (isRecord(group) && isRecord(group['filtersUi']) && Array.isArray(group['filtersUi']['filterValues'])
  ? group['filtersUi']['filterValues'].filter(isRecord).map((row) => ({ propertyName: step.template(row['propertyName']).split('|')[0] ?? '', operator: step.template(row['operator']) || 'EQ', value: step.template(row['value']) })) : []);
const labels: FieldSpec = (step) => pluckedOr(step, 'labels', 'label');
const pluckedOr = (step: StepBuilder, path: string, key: string): unknown => { const rows = plucked(path, key); return typeof rows === 'function' ? rows(step) : undefined; };

const THROUGH = 'The mail goes through SendGrid instead of the mail server of the seller; attachments are left out.';
const mail = { from: 'fromEmail', to: listed('toEmail'), subject: 'subject', body: (step: StepBuilder) => step.text('html') || step.text('text') || step.text('message'), format: (step: StepBuilder) => (step.text('html') === '' ? 'text' : 'html'), replyTo: 'options.replyTo' };
const weather = { q: 'cityName', lat: 'latitude', lon: 'longitude', units: (step: StepBuilder) => step.fixed('format') || 'metric', lang: 'language' };

export const workApps: Readonly<Record<string, App>> = {
  'base.github': {
    connector: 'github', title: 'GitHub', usual: { '': 'issue', issue: 'create', file: 'create', repository: 'getIssues', release: 'create', review: 'create', user: 'getRepositories' },
    operations: {
      'issue:create': op('create-issue', { ...repository, title: 'title', body: 'body', labels, assignees: (step) => pluckedOr(step, 'assignees', 'assignee') }), 'issue:createComment': op('create-comment', { ...repository, issue_number: 'issueNumber', body: 'body' }), 'issue:get': op('get-issue', { ...repository, issue_number: 'issueNumber' }),
      'issue:edit': op('update-issue', { ...repository, issue_number: 'issueNumber', title: 'editFields.title', body: 'editFields.body', state: 'editFields.state', labels: (step) => pluckedOr(step, 'editFields.labels', 'label'), assignees: (step) => pluckedOr(step, 'editFields.assignees', 'assignee') }),
      'repository:getIssues': op('list-issues', { ...repository, state: 'getRepositoryIssuesFilters.state', labels: 'getRepositoryIssuesFilters.labels', per_page: limited(100) }), 'repository:get': op('get-repository', repository), 'repository:getPullRequests': op('list-pull-requests', { ...repository, per_page: limited(100) }),
      'file:get': op('get-file', { ...repository, path: 'filePath', ref: 'additionalParameters.reference' }, { remark: 'The file comes as text in the field text.' }), 'file:list': op('list-files', { ...repository, path: 'filePath' }),
      'file:create': op('write-file', { ...repository, path: 'filePath', content: 'fileContent', message: 'commitMessage', branch: 'additionalParameters.branch.branch' }), 'file:edit': op('write-file', { ...repository, path: 'filePath', content: 'fileContent', message: 'commitMessage', branch: 'additionalParameters.branch.branch' }), 'release:getAll': op('latest-release', repository, { remark: 'Only the newest release is read.' }),
    },
  },
  'base.gitlab': {
    connector: 'gitlab', title: 'GitLab', usual: { '': 'issue', issue: 'create', repository: 'getIssues', file: 'get' },
    operations: {
      'issue:create': op('create-issue', { project: project, title: 'title', description: 'body', labels: 'labels' }), 'issue:createComment': op('create-comment', { project: project, iid: 'issueNumber', body: 'body' }), 'issue:get': op('get-issue', { project: project, iid: 'issueNumber' }),
      'issue:edit': op('update-issue', { project: project, iid: 'issueNumber', title: 'editFields.title', description: 'editFields.description' }), 'repository:getIssues': op('list-issues', { project: project }), 'file:get': op('get-file', { project: project, path: 'filePath' }),
    },
  },
  'base.hubspot': {
    connector: 'hubspot', title: 'HubSpot', usual: { '': 'contact', contact: 'upsert', company: 'create', deal: 'create', ticket: 'create', engagement: 'create', form: 'getFields' },
    operations: {
      ...hubspotSet('contact', 'contactId'), ...hubspotSet('company', 'companyId'), ...hubspotSet('deal', 'dealId'), ...hubspotSet('ticket', 'ticketId'),
      'contact:upsert': op('upsert-contact', { email: 'email', properties: properties({}, 'additionalFields') }), 'contact:create': op('upsert-contact', { email: 'email', properties: properties({}, 'additionalFields') }),
      'company:create': op('create', { object: object('companies'), properties: properties({ name: 'name' }, 'additionalFields') }), 'company:update': op('update', { object: object('companies'), id: 'companyId', properties: properties({}, 'updateFields') }),
      'deal:create': op('create', { object: object('deals'), properties: properties({ dealstage: 'stage', dealname: 'additionalFields.dealName' }, 'additionalFields') }), 'deal:update': op('update', { object: object('deals'), id: 'dealId', properties: properties({}, 'updateFields') }),
      'ticket:create': op('create', { object: object('tickets'), properties: properties({ hs_pipeline: 'pipelineId', hs_pipeline_stage: 'stageId', subject: 'ticketName' }, 'additionalFields') }), 'ticket:update': op('update', { object: object('tickets'), id: 'ticketId', properties: properties({}, 'updateFields') }),
    },
  },
  'base.jira': {
    connector: 'jira', title: 'Jira', usual: { '': 'issue', issue: 'create', issueComment: 'add', user: 'get' },
    operations: {
      'issue:create': op('create-issue', { project: 'project', summary: 'summary', issuetype: (step) => kindName(step), description: 'additionalFields.description' }, { remark: 'Project and kind are sent as the file has them; they have to be a key and a name.' }), 'issue:get': op('get-issue', { issue: 'issueKey' }),
      'issue:getAll': op('search', { jql: (step) => step.text('options.jql', 'created >= -365d order by created'), maxResults: limited(100) }, listIn('issues')), 'issue:update': op('update-issue', { issue: 'issueKey', summary: 'updateFields.summary', description: 'updateFields.description' }, { remark: 'Only summary and description are changed; a new state is left out.' }),
      'issue:delete': op('delete-issue', { issue: 'issueKey' }), 'issue:transitions': op('list-transitions', { issue: 'issueKey' }), 'issueComment:add': op('add-comment', { issue: 'issueKey', body: 'comment' }), 'issueComment:getAll': op('list-comments', { issue: 'issueKey', maxResults: limited(5000) }),
    },
  },
  'base.linear': {
    connector: 'linear', title: 'Linear', usual: { '': 'issue', issue: 'create', comment: 'addComment' },
    operations: {
      'issue:create': op('create-issue', { teamId: 'teamId', title: 'title', description: 'additionalFields.description', assigneeId: 'additionalFields.assigneeId', priority: 'additionalFields.priorityId' }), 'issue:getAll': op('list-issues', { first: limited(250) }),
      'issue:update': op('update-issue', { id: 'issueId', title: 'updateFields.title', description: 'updateFields.description', stateId: 'updateFields.stateId' }), 'comment:addComment': op('add-comment', { issueId: 'issueId', body: 'comment' }),
    },
  },
  'base.trello': {
    connector: 'trello', title: 'Trello', usual: { '': 'card', card: 'create', cardComment: 'create', list: 'getCards', board: 'getAll' },
    operations: {
      'card:create': op('create-card', { idList: 'listId', name: 'name', desc: 'description', due: 'additionalFields.due' }), 'card:get': op('get-card', { card: 'id' }), 'card:update': op('update-card', { card: 'id', name: 'updateFields.name', desc: 'updateFields.description', idList: 'updateFields.idList' }), 'card:delete': op('delete-card', { card: 'id' }),
      'cardComment:create': op('add-comment', { card: 'cardId', text: 'text' }), 'list:getCards': op('list-cards', { list: 'id' }), 'list:getAll': op('list-lists', { board: 'id' }),
    },
  },
  'base.zendesk': {
    connector: 'zendesk', title: 'Zendesk', usual: { '': 'ticket', ticket: 'create' },
    operations: {
      'ticket:create': op('create-ticket', { subject: (step) => step.text('additionalFields.subject', 'New ticket'), body: 'description', tags: listed('additionalFields.tags') }), 'ticket:get': op('get-ticket', { id: 'id' }, oneIn('ticket')), 'ticket:getAll': op('list-tickets', { per_page: limited(100) }),
      'ticket:update': op('update-ticket', { id: 'id', body: 'updateFields.internalNote|updateFields.publicReply', public: (step) => step.raw('updateFields.internalNote') === undefined, status: 'updateFields.status', tags: listed('updateFields.tags') }, { remark: 'Own fields of the ticket are left out.' }),
    },
  },
  'base.shopify': {
    connector: 'shopify', title: 'Shopify', usual: { '': 'order', order: 'create', product: 'create' },
    operations: {
      'order:get': op('get-order', { id: 'orderId' }, oneIn('order')), 'order:getAll': op('list-orders', { limit: limited(250), status: 'options.status' }), 'order:update': op('update-order', { id: 'orderId', note: 'updateFields.note', tags: 'updateFields.tags' }, { remark: 'Only the note and the tags are changed.' }),
      'product:get': op('get-product', { id: 'productId' }, oneIn('product')), 'product:getAll': op('list-products', { limit: limited(250) }), 'product:create': op('create-product', { title: 'title', fields: fieldsAt('additionalFields') }), 'product:update': op('update-product', { id: 'productId', fields: fieldsAt('updateFields') }),
    },
  },
  'base.salesforce': {
    connector: 'salesforce', title: 'Salesforce', usual: { '': 'lead', lead: 'create', contact: 'create', account: 'create', opportunity: 'create', search: 'query' },
    operations: {
      'search:query': op('query', { q: 'query' }), 'lead:create': op('create', { sobject: always('Lead'), fields: (step) => ({ Company: step.text('company'), LastName: step.text('lastname') }) }, { remark: 'Only the main fields are set.' }), 'contact:create': op('create', { sobject: always('Contact'), fields: (step) => ({ LastName: step.text('lastname') }) }, { remark: 'Only the main fields are set.' }),
      'account:create': op('create', { sobject: always('Account'), fields: (step) => ({ Name: step.text('name') }) }, { remark: 'Only the main fields are set.' }), 'lead:get': op('get', { sobject: always('Lead'), id: 'leadId' }), 'contact:get': op('get', { sobject: always('Contact'), id: 'contactId' }), 'account:get': op('get', { sobject: always('Account'), id: 'accountId' }),
    },
  },
  'base.stripe': {
    connector: 'stripe', title: 'Stripe', usual: { '': 'balance', balance: 'get', charge: 'getAll', customer: 'getAll', coupon: 'getAll' },
    operations: { 'balance:get': op('balance'), 'charge:get': op('get', { object: always('charges'), id: 'chargeId' }), 'charge:getAll': op('list', { object: always('charges'), limit: limited(100) }), 'customer:get': op('get', { object: always('customers'), id: 'customerId' }), 'customer:getAll': op('list', { object: always('customers'), limit: limited(100) }) },
  },
  'base.openWeatherMap': {
    connector: 'openweathermap', title: 'OpenWeather', usual: { '': '' },
    operations: { ':': op('current', weather, { exact: true }), ':currentWeather': op('current', weather, { exact: true }), ':5DayForecast': op('forecast', weather, { exact: true }) },
  },
  'base.rssFeedRead': { connector: 'rss', title: 'RSS', usual: { '': '' }, operations: { ':': op('read-feed', { url: 'url', limit: always(100) }) } },
  'base.youTube': {
    connector: 'youtube', title: 'YouTube', usual: { '': 'channel', channel: 'getAll', video: 'getAll', playlistItem: 'getAll', playlist: 'getAll' },
    operations: {
      'video:getAll': op('search', { q: (step) => step.text('filters.q', ' '), channelId: 'filters.channelId', publishedAfter: 'filters.publishedAfter', maxResults: limited(50) }), 'video:get': op('videos', { id: 'videoId' }), 'channel:get': op('channel', { id: 'channelId' }), 'playlistItem:getAll': op('playlist-items', { playlistId: 'playlistId', maxResults: limited(50) }),
    },
  },
  'base.emailSend': {
    connector: 'sendgrid', title: 'SendGrid', usual: { '': 'email', email: 'send' },
    operations: { 'email:send': op('send', mail, { remark: THROUGH }), 'email:sendAndWait': op('send', mail, { remark: `${THROUGH} The flow does not wait for an answer.` }) },
  },
};

function project(step: StepBuilder): string { return `${step.text('owner')}/${step.text('repository')}`; }
function kindName(step: StepBuilder): string {
  const found = step.node.parameters['issueType'];
  return isRecord(found) && typeof found['cachedResultName'] === 'string' ? found['cachedResultName'] : step.text('issueType');
}
