import { problemTypes } from '#platform/http/problem.ts';

export const problems = problemTypes({
  'project-name-taken': { status: 409, title: 'There is already a project with this name' },
  'already-provider': { status: 409, title: 'This organization already has a provider profile' },
  'invitation-not-yours': { status: 404, title: 'Not found' },
  'already-member': { status: 409, title: 'This person is already a member' },
  'last-owner': { status: 409, title: 'An organization needs at least one owner' },
  'role-too-high': { status: 403, title: 'You cannot give or take a role above your own' },
});
