import { expect, test } from 'vitest';
import { startApp } from '../../testing/app.ts';
import { identityEndpoints } from './contract.ts';

const app = await startApp();

test('signing up makes an organization and a first project', async () => {
  const ann = await app.person('Ann');
  const me = await ann.me();
  expect(me.user?.email).toBe(ann.email);
  expect(me.organizations).toHaveLength(1);
  expect(me.organizations[0]).toMatchObject({ role: 'owner', provider: null });
  expect(me.organizations[0]?.projects.map((project) => project.name)).toEqual(['My first project']);
});

test('a stranger is told nothing but that nobody is signed in', async () => {
  const me = await (await app.stranger.fetch('/api/v1/me')).json();
  expect(me).toEqual({ user: null, organizations: [], active_organization_id: null, brand: { name: 'CMP' } });
});

test('another organization answers as if it did not exist', async () => {
  const [ann, bob] = [await app.person('Ann'), await app.person('Bob')];
  const answer = await ann.call(identityEndpoints.listProjects, { params: { organizationId: bob.organizationId } });
  const random = await ann.call(identityEndpoints.listProjects, { params: { organizationId: '01900000-0000-7000-8000-000000000000' } });
  expect(answer.status).toBe(404);
  expect({ ...answer.problem, request_id: '', instance: '' }).toEqual({ ...random.problem, request_id: '', instance: '' });
});

test('an invited person joins with the invited role, and only with the invited address', async () => {
  const [ann, bob, eve] = [await app.person('Ann'), await app.person('Bob'), await app.person('Eve')];
  const params = { organizationId: ann.organizationId };
  const invitation = await ann.ok(identityEndpoints.inviteMember, { params, body: { email: bob.email, role: 'billing' } });
  expect((await eve.call(identityEndpoints.acceptInvitation, { params: { invitationId: invitation.id } })).status).toBe(404);
  expect(await bob.ok(identityEndpoints.acceptInvitation, { params: { invitationId: invitation.id } })).toEqual({ organization_id: ann.organizationId });
  expect((await bob.call(identityEndpoints.acceptInvitation, { params: { invitationId: invitation.id } })).status).toBe(404);
  const members = await ann.ok(identityEndpoints.listMembers, { params });
  expect(members.data.map((member) => [member.email, member.role])).toEqual([[ann.email, 'owner'], [bob.email, 'billing']]);
});

test('a member may not invite, an admin may not appoint an owner, the last owner stays', async () => {
  const [ann, bob] = [await app.person('Ann'), await app.person('Bob')];
  const params = { organizationId: ann.organizationId };
  const invitation = await ann.ok(identityEndpoints.inviteMember, { params, body: { email: bob.email, role: 'member' } });
  await bob.ok(identityEndpoints.acceptInvitation, { params: { invitationId: invitation.id } });
  expect((await bob.call(identityEndpoints.inviteMember, { params, body: { email: 'x@example.com' } })).status).toBe(403);
  const me = await ann.me();
  const demotion = await ann.call(identityEndpoints.changeRole, { params: { ...params, userId: me.user?.id ?? '' }, body: { role: 'member' } });
  expect(demotion.problem.code).toBe('last_owner');
});

test('an unknown field is refused by name', async () => {
  const ann = await app.person('Ann');
  const answer = await ann.fetch(`/api/v1/organizations/${ann.organizationId}/projects`, {
    method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ name: 'Site', tenant_id: ann.organizationId }),
  });
  expect(answer.status).toBe(422);
  expect(await answer.json()).toMatchObject({ code: 'invalid', errors: [{ message: 'unknown field "tenant_id"' }] });
});

test('a state-changing call with the cookie from another site is refused', async () => {
  const ann = await app.person('Ann');
  const answer = await ann.fetch(`/api/v1/organizations/${ann.organizationId}/projects`, {
    method: 'POST', headers: { 'content-type': 'application/json', origin: 'https://evil.example' }, body: JSON.stringify({ name: 'Site' }),
  });
  expect(answer.status).toBe(403);
});
