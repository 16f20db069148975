import { GitConfig, GitSecrets } from '../contract/git.ts';
import { defineSource } from '../source-reader.ts';
import { GIT_LIMITS, type GitLimits } from './git-limits.ts';

/** Files of a Git repository, as they are in the newest state of a branch. */
export const gitSource = createGitSource(GIT_LIMITS);

/** The reader with its bounds; tests set tighter ones. */
export function createGitSource(limits: GitLimits) {
  return defineSource<GitConfig, GitSecrets>({
    kind: 'git', title: 'Git repository', description: 'Files of a repository at GitHub, GitLab, Bitbucket or a server of your own, read over HTTPS.',
    config: GitConfig, secrets: GitSecrets,
    nameOf: ({ url }) => new URL(url).pathname.split('/').filter((part) => part !== '').at(-1)?.replace(/\.git$/, '') || new URL(url).host,
    secretsFor: ({ url }) => new URL(url).host,
    test: async (context) => (await import('./read-git.ts')).testGit(context, limits),
    async* read(context) { yield* (await import('./read-git.ts')).readGit(context, limits); },
  });
}
