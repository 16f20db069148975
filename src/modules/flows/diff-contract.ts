import { z } from 'zod';
import { LeafChange } from '#platform/contract/leaf-change.ts';

const Step = z.object({ id: z.string(), name: z.string(), type: z.string() });
/** An edge by the names of its steps. */
const Wire = z.object({ from: z.string(), fromPort: z.string(), to: z.string(), toPort: z.string() });
const Named = z.object({ name: z.string(), title: z.string() });

/** What differs between two flows, for those who may see both: it holds the seller's texts. */
export const FlowDiff = z.object({
  steps: z.object({ added: z.array(Step), removed: z.array(Step), changed: z.array(Step.extend({ fields: z.array(LeafChange), omitted: z.number().int() })) }),
  wires: z.object({ added: z.array(Wire), removed: z.array(Wire) }),
  /** Values a seller may hand over. `exposed` among the changed fields means it was handed over or taken back. */
  parameters: z.object({ added: z.array(Named), removed: z.array(Named), changed: z.array(Named.extend({ fields: z.array(LeafChange) })) }),
  /** Models, connections, secrets and servers the flow asks for, as `models.gpt-x`. */
  requires: z.object({ added: z.array(z.string()), removed: z.array(z.string()) }),
  /** Differences beyond those that are listed. */
  omitted: z.number().int(),
});
export type FlowDiff = z.infer<typeof FlowDiff>;

const Before = z.object({ before: z.array(z.string()), after: z.array(z.string()) });
const Kind = z.object({ name: z.string(), kind: z.string() });

/** The same for a buyer: what it does and where data goes, without any text or value of the seller. */
export const FlowOutline = z.object({
  steps: z.object({ added: z.array(Kind), removed: z.array(Kind), changed: z.array(Kind.extend({ settings: z.array(z.string()) })) }),
  /** Models the flow names; empty means that of the installation. */
  models: Before,
  /** Hosts it sends data to or reads from, as far as the flow names them. */
  hosts: Before,
  /** Services it needs a connection to, and MCP servers. */
  services: Before,
});
export type FlowOutline = z.infer<typeof FlowOutline>;
