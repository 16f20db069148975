import { NodeError, type NodeContext } from '#modules/flows/index.ts';
import { CodeError, type CodeRunner } from '#modules/flows/ports.ts';

/** Code for nodes of a flow, in a process that only ever sees the data of this tenant. */
export function codeForFlow(runner: CodeRunner, tenant: string, signal: AbortSignal): NonNullable<NodeContext['runCode']> {
  return async (call) => {
    try {
      return await runner.run(tenant, call, signal);
    } catch (error) {
      if (!(error instanceof CodeError)) throw error;
      const where = error.line === null ? '' : ` (line ${error.line})`;
      const stopped = error.code === 'code-timeout' || error.code === 'code-memory' || error.code === 'code-output-too-large';
      throw new NodeError(stopped ? 'node-limit' : 'node-code-failed', `${error.message}${where}`, { cause: error });
    }
  };
}
