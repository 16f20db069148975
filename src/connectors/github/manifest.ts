import { bearer, choice, count, defineConnector, get, itemsAt, line, OutsideError, patch, path, post, put, read, runs, textArea, textAt, words, write } from '#modules/connections/kit.ts';

const repository = { owner: line('Owner'), repo: line('Repository') };
const issue_number = count('Number', 1, 10_000_000);
const filePath = line('Path', 'For example docs/readme.md.');
const ref = line('Branch, tag or commit').optional();
const paging = { per_page: count('Entries', 1, 100).default(30), page: count('Page', 1, 1000).default(1) };
const state = choice('State', ['open', 'closed', 'all']).default('open');
/** Each part of a path is a segment of its own. */
const contents = (owner: string, repo: string, file: string) => path`/repos/${owner}/${repo}/contents` + file.split('/').filter((part) => part !== '').map((part) => path`/${part}`).join('');

export const github = defineConnector({
  id: 'github', title: 'GitHub', description: 'Issues, pull requests and files of repositories.', category: 'work',
  auth: bearer('Token'), baseUrl: 'https://api.github.com', ownHost: true, headers: { accept: 'application/vnd.github+json', 'x-github-api-version': '2022-11-28' }, probe: get('/user'),
  actions: [
    read(['get-repository', 'Repository', 'What is known about a repository.'], repository, ({ owner, repo }) => get(path`/repos/${owner}/${repo}`)),
    read(['list-issues', 'Issues', 'The issues of a repository.'], { ...repository, state, labels: line('Labels', 'Separated by commas.').optional(), since: line('Changed since').optional(), ...paging }, ({ owner, repo, ...query }) => get(path`/repos/${owner}/${repo}/issues`, query)),
    read(['get-issue', 'Issue', 'One issue or pull request.'], { ...repository, issue_number }, (input) => get(path`/repos/${input.owner}/${input.repo}/issues/${input.issue_number}`)),
    read(['list-comments', 'Comments', 'The comments of an issue.'], { ...repository, issue_number, ...paging }, ({ owner, repo, issue_number: number, ...query }) => get(path`/repos/${owner}/${repo}/issues/${number}/comments`, query)),
    write(['create-issue', 'Open an issue', 'Opens an issue.'], { ...repository, title: line('Title'), body: textArea('Text').optional(), labels: words('Labels').optional(), assignees: words('Assigned to').optional() }, ({ owner, repo, ...body }) => post(path`/repos/${owner}/${repo}/issues`, body)),
    write(['update-issue', 'Change an issue', 'Changes or closes an issue.'], { ...repository, issue_number, title: line('Title').optional(), body: textArea('Text').optional(), state: choice('State', ['open', 'closed']).optional(), labels: words('Labels').optional(), assignees: words('Assigned to').optional() },
      ({ owner, repo, issue_number: number, ...body }) => patch(path`/repos/${owner}/${repo}/issues/${number}`, body)),
    write(['create-comment', 'Comment', 'Comments on an issue or pull request.'], { ...repository, issue_number, body: textArea('Text').min(1) }, ({ owner, repo, issue_number: number, body }) => post(path`/repos/${owner}/${repo}/issues/${number}/comments`, { body })),
    read(['list-pull-requests', 'Pull requests', 'The pull requests of a repository.'], { ...repository, state, ...paging }, ({ owner, repo, ...query }) => get(path`/repos/${owner}/${repo}/pulls`, query)),
    write(['create-pull-request', 'Open a pull request', 'Proposes to merge a branch.'], { ...repository, title: line('Title'), head: line('From branch'), base: line('Into branch'), body: textArea('Text').optional() }, ({ owner, repo, ...body }) => post(path`/repos/${owner}/${repo}/pulls`, body)),
    read(['list-commits', 'Commits', 'The commits of a repository.'], { ...repository, sha: line('Branch').optional(), path: line('Only this file').optional(), since: line('Since').optional(), ...paging }, ({ owner, repo, ...query }) => get(path`/repos/${owner}/${repo}/commits`, query)),
    read(['latest-release', 'Newest release', 'The newest release of a repository.'], repository, ({ owner, repo }) => get(path`/repos/${owner}/${repo}/releases/latest`)),
    read(['get-file', 'Read a file', 'The text of a file.'], { ...repository, path: filePath, ref }, ({ owner, repo, path: file, ref: at }) => get(contents(owner, repo, file), { ref: at }), (body) => ({
      path: textAt(body, 'path'), sha: textAt(body, 'sha'), size: Number(textAt(body, 'size')), text: Buffer.from(textAt(body, 'content'), 'base64').toString('utf8'),
    })),
    read(['list-files', 'Files of a folder', 'What a folder holds.'], { ...repository, path: line('Path').optional(), ref }, ({ owner, repo, path: folder = '', ref: at }) => get(contents(owner, repo, folder), { ref: at }), (body) => itemsAt(body, '')),
    runs('write', ['write-file', 'Write a file', 'Makes a file or replaces its content, as a commit.'], { ...repository, path: filePath, content: textArea('Content'), message: line('Commit message'), branch: line('Branch').optional() }, async ({ http }, input) => {
      const file = contents(input.owner, input.repo, input.path);
      // An existing file is replaced only by who names its present version.
      const known = await http(get(file, { ref: input.branch })).catch((error: unknown) => {
        if (error instanceof OutsideError && error.status === 404) return null;
        throw error;
      });
      return (await http(put(file, { message: input.message, content: Buffer.from(input.content).toString('base64'), branch: input.branch, ...(known ? { sha: textAt(known.body, 'sha') } : {}) }))).body;
    }),
    read(['search', 'Search', 'Finds repositories, issues, code or people.'], { type: choice('What', ['repositories', 'issues', 'code', 'users']).default('repositories'), q: line('Query'), ...paging }, ({ type, ...query }) => get(path`/search/${type}`, query), (body) => itemsAt(body, 'items')),
  ],
});
