import { bearer, count, defineConnector, get, itemsAt, at, line, path, post, put, read, table, textArea, write } from '#modules/connections/kit.ts';

const task = line('Task', 'Its id.');
const data = (body: unknown) => at(body, 'data');

export const asana = defineConnector({
  id: 'asana', title: 'Asana', description: 'Tasks and projects.', category: 'work',
  auth: bearer('Personal access token'), baseUrl: 'https://app.asana.com/api/1.0', probe: get('/users/me'),
  actions: [
    read(['list-tasks', 'Tasks', 'The tasks of a project.'], { project: line('Project', 'Its id.'), limit: count('Tasks', 1, 100).default(50), opt_fields: line('Fields').default('name,completed,due_on,assignee.name,notes') }, (query) => get('/tasks', query), (body) => itemsAt(body, 'data')),
    read(['get-task', 'One task', 'What is known about a task.'], { task }, (input) => get(path`/tasks/${input.task}`), data),
    write(['create-task', 'Add a task', 'Adds a task to a project.'], { project: line('Project'), name: line('Name'), notes: textArea('Notes').optional(), due_on: line('Due').optional(), assignee: line('Assigned to').optional() }, ({ project, ...input }) => post('/tasks', { data: { ...input, projects: [project] } }), data),
    write(['update-task', 'Change a task', 'Changes fields of a task.'], { task, fields: table('Fields') }, (input) => put(path`/tasks/${input.task}`, { data: input.fields }), data),
    write(['add-comment', 'Comment', 'Comments on a task.'], { task, text: textArea('Text').min(1) }, (input) => post(path`/tasks/${input.task}/stories`, { data: { text: input.text } }), data),
  ],
});
