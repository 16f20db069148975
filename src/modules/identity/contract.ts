import { z } from 'zod';
import { endpoint, Id, ROLES, Timestamp } from '#platform/contract/endpoint.ts';

export const RoleName = z.enum(ROLES);

export const Project = z.object({ id: Id, name: z.string(), description: z.string(), created_at: Timestamp }).meta({ id: 'Project' });

export const Provider = z.object({
  id: Id, organization_id: Id, name: z.string(), slug: z.string(), description: z.string(),
  website: z.string().nullable(), logo: z.string().nullable(), verified: z.boolean(), created_at: Timestamp,
}).meta({ id: 'Provider' });
export type Provider = z.infer<typeof Provider>;

/** Who is signed in and where they belong; drives navigation and the switches for organization and persona. */
export const Me = z.object({
  user: z.object({ id: Id, name: z.string(), email: z.string(), operator: z.boolean() }).nullable(),
  organizations: z.array(z.object({
    id: Id, name: z.string(), slug: z.string(), role: RoleName,
    provider: z.object({ id: Id, name: z.string(), slug: z.string() }).nullable(),
    projects: z.array(z.object({ id: Id, name: z.string() })),
  })),
  active_organization_id: Id.nullable(),
  brand: z.object({ name: z.string() }),
}).meta({ id: 'Me' });
export type Me = z.infer<typeof Me>;

export const NewProject = z.strictObject({
  name: z.string().trim().min(2).max(80).meta({ title: 'Name', description: 'What this project is for, e.g. a website or a team.' }),
  description: z.string().trim().max(500).default('').meta({ title: 'Description', ui: { widget: 'textarea' } }),
});

export const ProviderProfile = z.strictObject({
  name: z.string().trim().min(2).max(80).meta({ title: 'Provider name', description: 'Shown to buyers on every listing.' }),
  description: z.string().trim().max(2000).default('').meta({ title: 'About you', ui: { widget: 'textarea' } }),
  website: z.url({ protocol: /^https?$/ }).max(300).nullable().default(null).meta({ title: 'Website' }),
});

/** Part of a profile: what is left out stays as it is. */
export const ProviderProfilePatch = z.strictObject({
  name: ProviderProfile.shape.name.optional(), description: ProviderProfile.shape.description.unwrap().optional(), website: ProviderProfile.shape.website.unwrap().optional(),
});

export const Member = z.object({ user_id: Id, name: z.string(), email: z.string(), role: RoleName, joined_at: Timestamp });
export const Invitation = z.object({ id: Id, email: z.string(), role: RoleName, expires_at: Timestamp, link: z.string() });
export const NewInvitation = z.strictObject({
  email: z.email().max(200).meta({ title: 'E-mail' }),
  role: z.enum(['member', 'billing', 'admin']).default('member').meta({ title: 'Role' }),
});

const organizationParams = z.object({ organizationId: Id });
const tags = ['Identity'];

export const identityEndpoints = {
  me: endpoint({
    method: 'GET', path: '/api/v1/me', access: { public: 'says only who the caller already is' }, summary: 'Who is signed in', tags, response: Me,
  }),
  listProjects: endpoint({
    method: 'GET', path: '/api/v1/organizations/:organizationId/projects', access: { member: 'member' }, summary: 'Projects of an organization', tags,
    params: organizationParams, response: z.object({ data: z.array(Project) }),
  }),
  createProject: endpoint({
    method: 'POST', path: '/api/v1/organizations/:organizationId/projects', access: { member: 'admin' }, summary: 'Create a project', tags,
    params: organizationParams, body: NewProject, status: 201, response: Project,
  }),
  updateOrganization: endpoint({
    method: 'PATCH', path: '/api/v1/organizations/:organizationId', access: { member: 'admin' }, summary: 'Rename an organization', tags,
    params: organizationParams, body: z.strictObject({ name: z.string().trim().min(2).max(80).meta({ title: 'Organization name' }) }), response: z.object({ id: Id, name: z.string() }),
  }),
  listMembers: endpoint({
    method: 'GET', path: '/api/v1/organizations/:organizationId/members', access: { member: 'member' }, summary: 'Members and open invitations', tags,
    params: organizationParams, response: z.object({ data: z.array(Member), invitations: z.array(Invitation) }),
  }),
  inviteMember: endpoint({
    method: 'POST', path: '/api/v1/organizations/:organizationId/invitations', access: { member: 'admin' }, summary: 'Invite somebody by e-mail', tags,
    params: organizationParams, body: NewInvitation, status: 201, response: Invitation,
  }),
  cancelInvitation: endpoint({
    method: 'DELETE', path: '/api/v1/organizations/:organizationId/invitations/:invitationId', access: { member: 'admin' }, summary: 'Withdraw an invitation', tags,
    params: organizationParams.extend({ invitationId: Id }), status: 204, response: z.undefined(),
  }),
  acceptInvitation: endpoint({
    method: 'POST', path: '/api/v1/invitations/:invitationId/accept', access: { user: true }, summary: 'Join an organization', tags,
    params: z.object({ invitationId: Id }), response: z.object({ organization_id: Id }),
  }),
  changeRole: endpoint({
    method: 'PATCH', path: '/api/v1/organizations/:organizationId/members/:userId', access: { member: 'owner' }, summary: 'Change the role of a member', tags,
    params: organizationParams.extend({ userId: Id }), body: z.strictObject({ role: RoleName }), response: Member,
  }),
  removeMember: endpoint({
    method: 'DELETE', path: '/api/v1/organizations/:organizationId/members/:userId', access: { member: 'admin' }, summary: 'Remove a member', tags,
    params: organizationParams.extend({ userId: Id }), status: 204, response: z.undefined(),
  }),
  becomeProvider: endpoint({
    method: 'POST', path: '/api/v1/organizations/:organizationId/provider', access: { member: 'admin' }, summary: 'Start selling: create the provider profile', tags,
    params: organizationParams, body: ProviderProfile, status: 201, response: Provider,
  }),
  getProvider: endpoint({
    method: 'GET', path: '/api/v1/providers/:providerId', access: { public: 'provider profiles are part of the storefront' }, summary: 'A provider profile', tags,
    params: z.object({ providerId: Id }), response: Provider,
  }),
  updateProvider: endpoint({
    method: 'PATCH', path: '/api/v1/organizations/:organizationId/provider', access: { member: 'admin' }, summary: 'Change the provider profile', tags,
    params: organizationParams, body: ProviderProfilePatch, response: Provider,
  }),
};
