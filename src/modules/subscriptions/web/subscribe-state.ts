import type { Plan } from '#modules/catalog/contract.ts';
import type { Me } from '#modules/identity/contract.ts';

/** A project one may put a product into, with the organization that then pays. */
export interface Target { projectId: string; organizationId: string }

/** All projects of all organizations, as groups of choices; the acting organization first. */
export const projectChoices = (organizations: Me['organizations'], acting: string | null) =>
  organizations.toSorted((a, b) => Number(b.id === acting) - Number(a.id === acting))
    .map(({ id, name, projects }) => ({ group: name, organizationId: id, items: projects.map((project) => ({ value: project.id, label: project.name })) }));

/** The chosen project if it is one of them, else the first of the acting organization: one choice fewer to make. */
export const targetOf = (organizations: Me['organizations'], acting: string | null, chosen: string | null): Target | null => {
  const all = projectChoices(organizations, acting).flatMap(({ organizationId, items }) => items.map(({ value }) => ({ projectId: value, organizationId })));
  return all.find(({ projectId }) => projectId === chosen) ?? all[0] ?? null;
};

/** What the chosen plan costs: now in money (null: agreed with the provider), later in credits for each use. */
export const costOf = ({ terms }: Plan, cycle: 'monthly' | 'yearly'): { minor: number | null; cycle: 'monthly' | 'yearly' } => {
  const yearly = cycle === 'yearly' && terms.priceYearlyMinor !== null;
  return yearly ? { minor: terms.priceYearlyMinor, cycle: 'yearly' } : { minor: terms.priceMonthlyMinor, cycle: 'monthly' };
};
