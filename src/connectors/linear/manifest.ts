import { apiKeyHeader, at, count, defineConnector, line, OutsideError, post, runs, table, textArea, textAt, words, type Outside } from '#modules/connections/kit.ts';

const ISSUE = 'id identifier title description url priority state { name } assignee { name email } createdAt updatedAt';

/** GraphQL answers refusals with status 200. */
async function ask({ http }: Outside, query: string, variables: object): Promise<unknown> {
  const { body } = await http(post('/graphql', { query, variables }));
  const refusal = textAt(body, 'errors.0.message');
  if (refusal !== '') throw new OutsideError('call-failed', `api.linear.app refused the call: ${refusal.slice(0, 300)}`);
  return at(body, 'data');
}

export const linear = defineConnector({
  id: 'linear', title: 'Linear', description: 'Issues of a Linear workspace.', category: 'work',
  auth: apiKeyHeader('authorization'), baseUrl: 'https://api.linear.app', probe: async (outside) => ask(outside, '{ viewer { id } }', {}),
  actions: [
    runs('read', ['list-issues', 'Issues', 'The newest issues, of a team where asked.'], { team: line('Team', 'Its key.').optional(), first: count('Issues', 1, 250).default(50) }, async (outside, { team, first }) =>
      at(await ask(outside, `query ($first: Int!, $filter: IssueFilter) { issues(first: $first, filter: $filter, orderBy: updatedAt) { nodes { ${ISSUE} } } }`, { first, filter: team ? { team: { key: { eq: team } } } : {} }), 'issues.nodes')),
    runs('read', ['search-issues', 'Find issues', 'Finds issues by words.'], { term: line('Words'), first: count('Issues', 1, 250).default(20) }, async (outside, variables) =>
      at(await ask(outside, `query ($term: String!, $first: Int!) { searchIssues(term: $term, first: $first) { nodes { ${ISSUE} } } }`, variables), 'searchIssues.nodes')),
    runs('write', ['create-issue', 'Open an issue', 'Opens an issue.'], { teamId: line('Team', 'Its id.'), title: line('Title'), description: textArea('Text').optional(), priority: count('Priority', 0, 4).optional(), assigneeId: line('Assigned to').optional(), labelIds: words('Labels', 'Ids.').optional() }, async (outside, input) =>
      at(await ask(outside, `mutation ($input: IssueCreateInput!) { issueCreate(input: $input) { success issue { ${ISSUE} } } }`, { input }), 'issueCreate.issue')),
    runs('write', ['update-issue', 'Change an issue', 'Changes an issue.'], { id: line('Issue', 'Its id or identifier.'), title: line('Title').optional(), description: textArea('Text').optional(), stateId: line('State').optional(), priority: count('Priority', 0, 4).optional(), assigneeId: line('Assigned to').optional() }, async (outside, { id, ...input }) =>
      at(await ask(outside, `mutation ($id: String!, $input: IssueUpdateInput!) { issueUpdate(id: $id, input: $input) { success issue { ${ISSUE} } } }`, { id, input }), 'issueUpdate.issue')),
    runs('write', ['add-comment', 'Comment', 'Comments on an issue.'], { issueId: line('Issue', 'Its id.'), body: textArea('Text').min(1) }, async (outside, input) =>
      at(await ask(outside, 'mutation ($input: CommentCreateInput!) { commentCreate(input: $input) { success comment { id url } } }', { input }), 'commentCreate.comment')),
    runs('write', ['graphql', 'GraphQL', 'Any query or change.'], { query: textArea('Query').min(1), variables: table('Variables').default({}) }, async (outside, { query, variables }) => ask(outside, query, variables)),
  ],
});
