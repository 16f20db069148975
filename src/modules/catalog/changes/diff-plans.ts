import { leafChanges } from '#platform/json/leaf-changes.ts';
import type { PlanTerms } from '../contract.ts';
import type { PlanChanges } from './contract.ts';

/** What differs between two sets of plans; the same plan has the same key. Pure. */
export function diffPlans(before: readonly PlanTerms[], after: readonly PlanTerms[]): PlanChanges {
  const [old, fresh] = [new Map(before.map((plan) => [plan.key, plan])), new Map(after.map((plan) => [plan.key, plan]))];
  const named = ({ key, name }: PlanTerms) => ({ key, name });
  return {
    added: after.filter(({ key }) => !old.has(key)).map(named), removed: before.filter(({ key }) => !fresh.has(key)).map(named),
    changed: after.flatMap((plan) => {
      const known = old.get(plan.key);
      const fields = known ? leafChanges(known, plan).changes : [];
      return fields.length === 0 ? [] : [{ ...named(plan), currency: plan.currency, fields }];
    }),
  };
}
