import { textField } from './graph.ts';
import { mapped, unsupported, usedAsTool } from './mapping.ts';
import type { Mapper } from './mapping.ts';

const SANDBOX = 'It runs in a process of its own without network and files; packages beyond Python’s standard library are not there.';

/** A Python shell: an agent’s tool that runs what the agent writes, or fixed code whose prints are the result. */
export const mapPythonShell: Mapper = (node, { graph }) => {
  const name = (textField(node, 'name') || 'python').replace(/[^a-zA-Z0-9_-]+/g, '_').slice(0, 64) || 'python';
  if (usedAsTool(node, graph)) {
    return mapped('code.tool', {
      config: {
        language: 'python', dialect: 'langflow', name, description: textField(node, 'description', 'tool_description').slice(0, 2_000) || 'Runs Python code. Print what you want to see.', code: RUN_GIVEN,
        parameters: { type: 'object', properties: { python_code: { type: 'string', description: 'Python code; its prints are the result.' } }, required: ['python_code'] },
      },
      output: 'tool', approximated: SANDBOX,
    });
  }
  const code = textField(node, 'python_code', 'code_input', 'tool_code');
  if (code === '') return unsupported('The step holds no code. Write it into the component, or give the step to an agent as a tool.');
  return mapped('code.python', { config: { code, dialect: 'langflow' }, inputs: {}, output: 'result', approximated: SANDBOX });
};

/** Runs the code an agent hands over, in the same confined process. */
const RUN_GIVEN = 'exec(python_code, globals())';
