import { z } from 'zod';
import type { ProductCapabilities } from '#modules/capabilities/contract.ts';
import type { ImportReport } from '#modules/flows/contract.ts';
import type { RuntimeServer } from '../../../runtime-server-contract.ts';

export type Engine = ProductCapabilities['runtime']['engine'];
export type EngineKind = Engine['kind'];

export interface EngineOption { kind: EngineKind; title: string; text: string; /** Why it cannot be chosen; null when it can. */ why: string | null }

const steps = (count: number): string => (count === 1 ? 'one step' : `${count} steps`);

/** Where a flow may run, with why not where it may not. */
export const engineOptions = (report: ImportReport): readonly EngineOption[] => [
  {
    kind: 'builtin', title: 'On this marketplace', text: 'Nothing to run yourself. Messages and knowledge stay here.',
    why: report.runnable ? null : `The answer depends on ${steps(report.nodes.unsupported.length)} that cannot run here.`,
  },
  { kind: 'langflow', title: 'On a Langflow server', text: 'The flow is put there for each buyer, in a folder of its own.', why: report.format === 'langflow' ? null : 'Only for flows that were made with Langflow.' },
  { kind: 'n8n', title: 'On your n8n server', text: 'Your workflow is asked through its webhook.', why: null },
  { kind: 'http', title: 'On your own endpoint', text: 'Your server gets each message, signed, and answers.', why: null },
];

/** The servers a kind may run on, as a list to choose from. */
export const serverChoices = (kind: EngineKind, servers: readonly RuntimeServer[], operator: boolean): { value: string; label: string }[] => [
  ...(kind === 'langflow' && operator ? [{ value: 'operator', label: 'The Langflow server of this marketplace' }] : []),
  ...servers.filter((server) => server.kind === kind).map(({ id, name, url }) => ({ value: id, label: `${name} (${hostOf(url)})` })),
];

const Rows = z.record(z.string(), z.unknown());

/** What the seller declared, with another engine. */
export const withEngine = (declared: Record<string, unknown>, engine: Engine): Record<string, unknown> => ({ ...declared, runtime: { ...Rows.safeParse(declared.runtime).data, engine } });

const hostOf = (url: string): string => { try { return new URL(url).host; } catch { return url; } };
