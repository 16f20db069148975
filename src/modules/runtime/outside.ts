import { OutsideError, type Connections, type HeldCredential } from '#modules/connections/index.ts';
import { NodeError, type NodeContext } from '#modules/flows/index.ts';
import type { Subject } from './subject.ts';

/** What a run may reach of other systems. */
export type OutsideAccess = Pick<Connections, 'calls' | 'describe'>;

const NODE_CODES = { 'connection-missing': 'node-connection-missing', 'input-invalid': 'node-input-invalid', 'call-failed': 'node-http-failed' } as const;

/** Other systems as the nodes of a run see them: with its connections, and with errors of their own. `dryRun` only lets it read. */
export function outsideFor({ calls, describe }: OutsideAccess, subject: Subject, dryRun: boolean, signal: AbortSignal): Required<Pick<NodeContext, 'callOutside' | 'outsideAction'>> {
  return {
    outsideAction: describe,
    async callOutside(call) {
      if (dryRun && (await describe(call.connector, call.action))?.effect === 'write') throw new NodeError('node-stopped', 'This step changes something in another system, which a try-out does not do.');
      try {
        return await calls.call(withConnections(subject), call, signal);
      } catch (error) {
        if (error instanceof OutsideError) throw new NodeError(NODE_CODES[error.code], error.message, { cause: error });
        throw error;
      }
    },
  };
}

/** A try-out of a subscription is served by its connections. */
const withConnections = (subject: Subject): Subject => (subject.triedFor === undefined ? subject : { ...subject, subscriptionId: subject.triedFor });

/** Finds what a connection bound to the run holds, for requests that steps describe themselves. */
export const credentialsOf = ({ calls }: OutsideAccess, subject: Subject, signal: AbortSignal) => async (connection: string): Promise<HeldCredential> => calls.credential(withConnections(subject), connection, signal);
