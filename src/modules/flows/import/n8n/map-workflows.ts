import { unsupported } from './fragment.ts';
import type { Mapper } from './mapper.ts';

/** Runs another workflow and goes on with its items. */
export const mapExecuteWorkflow: Mapper = () => unsupported('It runs another workflow that is not part of this file.', 'The steps of that workflow, copied into this one.');
