import { bearer, choice, count, defineConnector, del, get, itemsAt, line, path, post, read, textArea, words, write } from '#modules/connections/kit.ts';

const id = line('Task', 'Its id.');
const details = { description: textArea('Description').optional(), due_string: line('Due', 'In words, e.g. tomorrow at 10.').optional(), priority: count('Priority', 1, 4).optional(), labels: words('Labels').optional() };

export const todoist = defineConnector({
  id: 'todoist', title: 'Todoist', description: 'Tasks and projects.', category: 'work',
  auth: bearer('API token'), baseUrl: 'https://api.todoist.com/api/v1', probe: get('/projects', { limit: 1 }),
  actions: [
    read(['list-tasks', 'Tasks', 'The open tasks, of a project where asked.'], { project_id: line('Project').optional(), label: line('Label').optional(), limit: count('Tasks', 1, 200).default(50) }, (query) => get('/tasks', query), (body) => itemsAt(body, 'results')),
    read(['list-projects', 'Projects', 'The projects of the account.'], { limit: count('Projects', 1, 200).default(50) }, (query) => get('/projects', query), (body) => itemsAt(body, 'results')),
    write(['create-task', 'Add a task', 'Adds a task.'], { content: line('Task'), project_id: line('Project').optional(), ...details }, (body) => post('/tasks', body)),
    write(['update-task', 'Change a task', 'Changes a task.'], { id, content: line('Task').optional(), ...details }, ({ id: task, ...body }) => post(path`/tasks/${task}`, body)),
    write(['finish-task', 'Finish a task', 'Closes or reopens a task.'], { id, state: choice('Then', ['close', 'reopen']).default('close') }, (input) => post(path`/tasks/${input.id}/${input.state}`)),
    write(['delete-task', 'Delete a task', 'Deletes a task.'], { id }, (input) => del(path`/tasks/${input.id}`)),
  ],
});
