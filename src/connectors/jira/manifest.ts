import { basic, count, defineConnector, del, get, itemsAt, line, path, post, put, read, table, textArea, words, write } from '#modules/connections/kit.ts';

const issue = line('Issue', 'For example SHOP-12.');
/** Text in the document format of the API. */
const adf = (text: string) => ({ type: 'doc', version: 1, content: text.split(/\n{2,}/).filter((part) => part.trim() !== '').map((part) => ({ type: 'paragraph', content: [{ type: 'text', text: part }] })) });
const described = (description: string | undefined) => (description === undefined ? {} : { description: adf(description) });

export const jira = defineConnector({
  id: 'jira', title: 'Jira', description: 'Issues of Jira Cloud. The address is the one of the site, e.g. https://acme.atlassian.net.', category: 'work',
  auth: basic({ user: 'E-mail', password: 'API token' }), baseUrl: null, ownHost: true, headers: { accept: 'application/json' }, probe: get('/rest/api/3/myself'),
  actions: [
    read(['search', 'Find issues', 'Finds issues by a JQL query.'], { jql: line('JQL'), fields: words('Fields').default(['summary', 'status', 'assignee', 'priority', 'issuetype', 'created', 'updated', 'description']), maxResults: count('Issues', 1, 100).default(50), nextPageToken: line('Continue at').optional() },
      ({ fields, ...query }) => get('/rest/api/3/search/jql', { ...query, fields: fields.join(',') })),
    read(['get-issue', 'Issue', 'One issue.'], { issue }, (input) => get(path`/rest/api/3/issue/${input.issue}`)),
    write(['create-issue', 'Open an issue', 'Opens an issue.'], { project: line('Project', 'Its key.'), summary: line('Summary'), issuetype: line('Kind').default('Task'), description: textArea('Text').optional(), fields: table('More fields').default({}) },
      (input) => post('/rest/api/3/issue', { fields: { ...input.fields, project: { key: input.project }, summary: input.summary, issuetype: { name: input.issuetype }, ...described(input.description) } })),
    write(['update-issue', 'Change an issue', 'Changes fields of an issue.'], { issue, summary: line('Summary').optional(), description: textArea('Text').optional(), fields: table('More fields').default({}) },
      (input) => put(path`/rest/api/3/issue/${input.issue}`, { fields: { ...input.fields, ...(input.summary ? { summary: input.summary } : {}), ...described(input.description) } })),
    write(['add-comment', 'Comment', 'Comments on an issue.'], { issue, body: textArea('Text').min(1) }, (input) => post(path`/rest/api/3/issue/${input.issue}/comment`, { body: adf(input.body) })),
    read(['list-comments', 'Comments', 'The comments of an issue.'], { issue, maxResults: count('Comments', 1, 5000).default(50) }, ({ issue: id, ...query }) => get(path`/rest/api/3/issue/${id}/comment`, query), (body) => itemsAt(body, 'comments')),
    read(['list-transitions', 'Next states', 'The states an issue can be moved to.'], { issue }, (input) => get(path`/rest/api/3/issue/${input.issue}/transitions`), (body) => itemsAt(body, 'transitions')),
    write(['transition', 'Move an issue', 'Moves an issue to another state.'], { issue, transitionId: line('Transition', 'Its id.') }, (input) => post(path`/rest/api/3/issue/${input.issue}/transitions`, { transition: { id: input.transitionId } })),
    write(['delete-issue', 'Delete an issue', 'Deletes an issue.'], { issue }, (input) => del(path`/rest/api/3/issue/${input.issue}`)),
    read(['find-users', 'People', 'Finds people by name or e-mail.'], { query: line('Words'), maxResults: count('People', 1, 1000).default(20) }, (query) => get('/rest/api/3/user/search', query), (body) => itemsAt(body, '')),
  ],
});
