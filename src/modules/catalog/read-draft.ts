import type { z } from 'zod';
import { SUBCATEGORIES, validateAgainstFlow, type ProductCapabilities } from '#modules/capabilities/index.ts';
import type { Flow, ImportReport } from '#modules/flows/contract.ts';
import { checkRunnable } from '#modules/flows/index.ts';
import { Listing, PlanTerms, type DraftFinding, type ProductDraft } from './contract.ts';
import { describeIssue } from './describe-issue.ts';
import { modelFindings, type NamedModels } from './model-findings.ts';
import { readCapabilities, subcategoryOf } from './read-capabilities.ts';

/** What a draft is checked against beside itself. */
export interface DraftEvidence {
  flow: { flow: Flow; report: ImportReport } | null;
  /** Another product has, or waits for, the address the draft asks for. */
  slugTaken: boolean;
  /** Pictures the listing names that do not exist. */
  missingPictures: readonly string[];
  /** Null where names of models are not judged. */
  models: NamedModels | null;
}

export interface DraftReading {
  /** Complete, without what the schema refused. */
  capabilities: ProductCapabilities;
  /** Null while it does not match its schema. */
  listing: Listing | null;
  /** The plans that match theirs. */
  plans: PlanTerms[];
  /** Errors first. Without any error the draft can be submitted. */
  findings: DraftFinding[];
}

type Step = DraftFinding['step'];
const finding = (severity: DraftFinding['severity'], step: Step, path: string, message: string): DraftFinding => ({ step, severity, path, message });
const RANK = { error: 0, warning: 1, hint: 2 } as const;

/** Reads a draft as far as it is finished, and says what it lacks or contradicts. Pure. */
export function readDraft(draft: ProductDraft, evidence: DraftEvidence): DraftReading {
  const capabilities = readCapabilities(draft.category, draft.subcategory, draft.capabilities);
  const plans = readPlans(draft.plans);
  const listing = Listing.safeParse(draft.listing, { reportInput: true });
  const findings = [
    ...categoryFindings(draft),
    ...flowFindings(draft, capabilities.capabilities, evidence),
    ...capabilities.issues.map(({ path, message }) => finding('error', 'capabilities', joined('capabilities', path), message)),
    ...modelsOf(capabilities.capabilities, evidence),
    ...plans.findings,
    ...issueFindings('listing', 'listing', listing),
    ...listingFindings(evidence),
  ];
  return {
    capabilities: capabilities.capabilities, listing: listing.data ?? null, plans: plans.terms,
    findings: findings.toSorted((a, b) => RANK[a.severity] - RANK[b.severity]),
  };
}

function* categoryFindings({ category, subcategory }: ProductDraft): Iterable<DraftFinding> {
  if (subcategoryOf(category, subcategory) === null)
    yield finding('error', 'category', 'subcategory', `Choose what kind of ${category} it is: ${SUBCATEGORIES[category].join(', ')}.`);
}

function* flowFindings(draft: ProductDraft, capabilities: ProductCapabilities, { flow: evidence }: DraftEvidence): Iterable<DraftFinding> {
  if (!evidence) {
    yield finding('error', 'flow', 'flow', 'Import a flow, or start with a template.');
    return;
  }
  const known = new Set(evidence.flow.parameters.map((parameter) => parameter.name));
  for (const name of draft.exposedParameters)
    if (!known.has(name)) yield finding('warning', 'flow', 'exposedParameters', `The flow has no parameter "${name}".`);
  const flow = { ...evidence.flow, parameters: evidence.flow.parameters.map((parameter) => ({ ...parameter, exposed: draft.exposedParameters.includes(parameter.name) })) };
  for (const { severity, path, message } of validateAgainstFlow(capabilities, { flow, report: evidence.report })) {
    const inFlow = path === 'flow' || path.startsWith('flow.');
    yield finding(severity, inFlow || path === 'runtime.deployment' || path === 'runtime.engine' ? 'flow' : 'capabilities', inFlow ? path : joined('capabilities', path), message);
  }
  // What another server runs is not ours to compile.
  if (capabilities.runtime.engine.kind !== 'builtin') return;
  // Unsupported nodes are named above, with the reason the importer gave.
  for (const { code, node, message } of checkRunnable(evidence.flow))
    if (code !== 'node-unsupported') yield finding(code === 'input-missing' ? 'warning' : 'error', 'flow', node === null ? 'flow' : `flow.nodes.${node}`, message);
}

const modelsOf = (capabilities: ProductCapabilities, { models }: DraftEvidence): DraftFinding[] =>
  (models ? Array.from(modelFindings(capabilities, models), ({ severity, path, message }) => finding(severity, 'capabilities', joined('capabilities', path), message)) : []);

function readPlans(drafts: ProductDraft['plans']): { terms: PlanTerms[]; findings: DraftFinding[] } {
  if (drafts.length === 0) return { terms: [], findings: [finding('error', 'plans', 'plans', 'Offer at least one plan.')] };
  const terms: PlanTerms[] = [];
  const findings: DraftFinding[] = [];
  const keys = new Set<string>();
  for (const [index, draft] of drafts.entries()) {
    const parsed = PlanTerms.safeParse({ ...draft, key: draft['key'] ?? keyOf(draft['name'], index) }, { reportInput: true });
    findings.push(...issueFindings('plans', `plans.${index}`, parsed));
    if (!parsed.success) continue;
    const plan = parsed.data;
    if (keys.has(plan.key)) findings.push(finding('error', 'plans', `plans.${index}.name`, `Two plans have the key "${plan.key}". Give them different names or keys.`));
    if (plan.currency !== (terms[0]?.currency ?? plan.currency)) findings.push(finding('error', 'plans', `plans.${index}.currency`, 'All plans need the same currency.'));
    if (plan.priceMonthlyMinor === null && plan.priceYearlyMinor !== null)
      findings.push(finding('error', 'plans', `plans.${index}.priceYearlyMinor`, 'A plan with a yearly price needs a monthly price too.'));
    keys.add(plan.key);
    terms.push(plan);
  }
  if (terms.length > 0 && terms.every((plan) => plan.priceMonthlyMinor === null))
    findings.push(finding('warning', 'plans', 'plans', 'Nobody can subscribe by themselves: every plan is "contact us".'));
  return { terms, findings };
}

/** A plan's key follows from its name where the seller gave none. */
const keyOf = (name: unknown, index: number): string => {
  const words = (typeof name === 'string' ? name : '').toLowerCase().replace(/[^a-z0-9]+/g, '-').replace(/^-+|-+$/g, '').slice(0, 40);
  return words.length >= 2 ? words : `plan-${index + 1}`;
};

function* listingFindings({ slugTaken, missingPictures }: DraftEvidence): Iterable<DraftFinding> {
  if (slugTaken) yield finding('error', 'listing', 'listing.slug', 'Another product already has this address. Choose a different one.');
  for (const picture of missingPictures) yield finding('error', 'listing', 'listing.screenshots', `The picture ${picture} does not exist. Upload it again.`);
}

const issueFindings = (step: Step, prefix: string, parsed: z.ZodSafeParseResult<unknown>): DraftFinding[] =>
  parsed.error?.issues.map((issue) => finding('error', step, joined(prefix, issue.path.join('.')), describeIssue(issue))) ?? [];

const joined = (prefix: string, path: string): string => (path ? `${prefix}.${path}` : prefix);
