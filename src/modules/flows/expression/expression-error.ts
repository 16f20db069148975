import { NodeError } from '../nodes/node-error.ts';

/** An expression that cannot be read or worked out. Its message is for whoever wrote it and names the place. */
export class ExpressionError extends NodeError {
  /** Characters before the place in the template; null when it only shows while working the expression out. */
  readonly position: number | null;

  constructor(problem: string, position: number | null = null, source?: string) {
    super('node-expression-invalid', position === null ? problem : `${problem} (at character ${position + 1}${near(source, position)})`);
    this.name = 'ExpressionError';
    this.position = position;
  }
}

function near(source: string | undefined, position: number): string {
  const excerpt = source?.slice(position, position + 20).split('\n')[0]?.trim() ?? '';
  return excerpt === '' ? '' : `, near "${excerpt}"`;
}
