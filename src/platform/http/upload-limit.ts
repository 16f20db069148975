import { Problem, type ProblemType } from './problem.ts';

/**
 * Reads an upload and names a file over its limit with the caller's own problem. The parser reports the limit either
 * where the file is read or at the loop over the parts, whichever notices first, so the whole reading goes in here.
 */
export async function withinFileLimit<T>(read: () => Promise<T>, tooLarge: ProblemType, detail?: string): Promise<T> {
  try {
    return await read();
  } catch (error) {
    const isOverLimit = error instanceof Error && 'code' in error && error.code === 'FST_REQ_FILE_TOO_LARGE';
    throw isOverLimit ? new Problem(tooLarge, detail) : error;
  }
}
