import { Problem, problemTypes, type ProblemType } from '#platform/http/problem.ts';
import type { ImportFailure } from './import/importer.ts';

export const problems = problemTypes({
  'flow-not-readable': { status: 422, title: 'This file cannot be read' },
  'flow-too-large': { status: 422, title: 'This flow is too large' },
  'flow-empty': { status: 422, title: 'There is no flow in this file' },
  'flow-format-unknown': { status: 422, title: 'This file is not a flow we know' },
  'mcp-server-failed': { status: 422, title: 'The MCP server did not answer as it should' },
});

const BY_CODE: Record<ImportFailure['problem']['code'], ProblemType> = {
  'not-json': problems['flow-not-readable'],
  damaged: problems['flow-not-readable'],
  'too-large': problems['flow-too-large'],
  'too-many-nodes': problems['flow-too-large'],
  empty: problems['flow-empty'],
  'unknown-format': problems['flow-format-unknown'],
};

/** The refusal of a file: what is wrong, and where in the file. */
export const importProblem = ({ problem: { code, message, where } }: ImportFailure): Problem =>
  new Problem(BY_CODE[code], message, { issues: [{ path: where ?? 'file', message }] });
