import { formatCredits, formatDate, formatMoney } from '#web/kit/format.ts';
import type { PriceChange, UpdateOffer, UpdateState } from '../../updates/contract.ts';

const list = (names: readonly string[]): string => names.join(', ');

/** What another flow means for whoever uses it, one sentence each; empty when it does the same. */
export const flowWords = ({ steps, models, hosts, services }: UpdateOffer['flow']): string[] => {
  const [added, removed] = [(one: readonly string[], other: readonly string[]) => other.filter((name) => !one.includes(name)), (one: readonly string[], other: readonly string[]) => one.filter((name) => !other.includes(name))];
  const named = ({ name, kind }: { name: string; kind: string }) => (name === kind ? name : `${name} (${kind})`);
  const sentence = (text: string, names: readonly string[]): string[] => (names.length === 0 ? [] : [`${text}: ${list(names)}.`]);
  return [
    ...sentence('New steps', steps.added.map(named)),
    ...sentence('Steps that are gone', steps.removed.map(named)),
    ...steps.changed.map(({ name, kind, settings }) => `${name === kind ? name : `${name} (${kind})`} works differently: ${list(settings)}.`),
    ...sentence('Your questions now also go to the model', added(models.before, models.after)),
    ...sentence('No longer asks the model', removed(models.before, models.after)),
    ...sentence('Data now also goes to or comes from', added(hosts.before, hosts.after)),
    ...sentence('No longer talks to', removed(hosts.before, hosts.after)),
    ...sentence('Needs a connection to', added(services.before, services.after)),
    ...sentence('No longer needs', removed(services.before, services.after)),
  ];
};

const WHAT: Readonly<Record<PriceChange['what'], string>> = { monthly: 'A month', yearly: 'A year', message: 'A message', document: 'A document', image: 'An image', voice: 'A voice message' };

/** `A month: $29.00 now, $39.00 from March 1, 2026.` */
export const priceChangeWords = ({ what, before, after, currency, effective_at: at }: PriceChange): string => {
  const amount = (value: number) => (currency === null ? formatCredits(value) : formatMoney(value, currency));
  return `${WHAT[what]}: ${amount(before)} now, ${amount(after)} ${at === null ? 'from the moment you accept' : `from ${formatDate(at)}`}.`;
};

/** One decision of the past in a line. */
export const decisionWords = ({ decision, from_version: from, to_version: to, until }: UpdateState['history'][number]): string => {
  switch (decision) {
    case 'accepted': return `Version ${from} became version ${to}`;
    case 'rolled-back': return `Back from version ${from} to version ${to}`;
    case 'postponed': return `Version ${to} was put off${until === null ? '' : ` until ${formatDate(until)}`}`;
  }
};
