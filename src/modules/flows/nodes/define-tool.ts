import { z } from 'zod';
import type { NodeTool, Value } from '../node-type.ts';
import { NodeError } from './node-error.ts';

/** A tool for agents from a Zod schema of its arguments; wrong arguments become an error the model can read. */
export function toolValue<Args extends z.ZodType>(name: string, description: string, args: Args, call: (args: z.output<Args>) => Promise<Value>): Value {
  const tool: NodeTool = {
    name,
    description,
    parameters: z.toJSONSchema(args, { io: 'input' }),
    call: async (given) => {
      const parsed = args.safeParse(given);
      if (!parsed.success) throw new NodeError('node-input-invalid', `The arguments do not fit: ${z.prettifyError(parsed.error)}`);
      return call(parsed.data);
    },
  };
  return { kind: 'tool', tool };
}
