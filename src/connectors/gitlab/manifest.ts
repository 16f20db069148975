import { apiKeyHeader, choice, count, defineConnector, get, line, path, post, put, read, textArea, write } from '#modules/connections/kit.ts';

const project = line('Project', 'Its id, or group/name.');
const iid = count('Number', 1, 10_000_000);
const paging = { per_page: count('Entries', 1, 100).default(20), page: count('Page', 1, 1000).default(1) };
const state = choice('State', ['opened', 'closed', 'all']).default('opened');

export const gitlab = defineConnector({
  id: 'gitlab', title: 'GitLab', description: 'Issues, merge requests and files of projects.', category: 'work',
  auth: apiKeyHeader('private-token', { title: 'Access token' }), baseUrl: 'https://gitlab.com/api/v4', ownHost: true, probe: get('/user'),
  actions: [
    read(['list-issues', 'Issues', 'The issues of a project.'], { project, state, labels: line('Labels', 'Separated by commas.').optional(), search: line('Words').optional(), ...paging }, ({ project: id, ...query }) => get(path`/projects/${id}/issues`, query)),
    read(['get-issue', 'Issue', 'One issue.'], { project, iid }, (input) => get(path`/projects/${input.project}/issues/${input.iid}`)),
    write(['create-issue', 'Open an issue', 'Opens an issue.'], { project, title: line('Title'), description: textArea('Text').optional(), labels: line('Labels', 'Separated by commas.').optional() }, ({ project: id, ...body }) => post(path`/projects/${id}/issues`, body)),
    write(['update-issue', 'Change an issue', 'Changes, closes or reopens an issue.'], { project, iid, title: line('Title').optional(), description: textArea('Text').optional(), labels: line('Labels').optional(), state_event: choice('Then', ['close', 'reopen']).optional() }, ({ project: id, iid: number, ...body }) => put(path`/projects/${id}/issues/${number}`, body)),
    write(['create-comment', 'Comment', 'Comments on an issue.'], { project, iid, body: textArea('Text').min(1) }, (input) => post(path`/projects/${input.project}/issues/${input.iid}/notes`, { body: input.body })),
    read(['list-merge-requests', 'Merge requests', 'The merge requests of a project.'], { project, state, ...paging }, ({ project: id, ...query }) => get(path`/projects/${id}/merge_requests`, query)),
    read(['get-file', 'Read a file', 'The text of a file.'], { project, path: line('Path'), ref: line('Branch').default('HEAD') }, (input) => ({ ...get(path`/projects/${input.project}/repository/files/${input.path}/raw`, { ref: input.ref }), answer: 'text' })),
  ],
});
