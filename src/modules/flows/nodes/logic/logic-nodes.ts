import type { NodeType } from '../../node-type.ts';
import { humanApproval } from '../human/approval.ts';
import { forEach } from './for-each.ts';
import { logicIf } from './if.ts';
import { merge } from './merge.ts';
import { parallel } from './parallel.ts';
import { pass } from './pass.ts';
import { repeat } from './repeat.ts';
import { router } from './router.ts';
import { stop } from './stop.ts';
import { logicSwitch } from './switch.ts';
import { wait } from './wait.ts';
import { whileLoop } from './while.ts';

/** Node types that decide where a run goes. */
export const logicNodes: readonly NodeType[] = [logicIf, logicSwitch, forEach, whileLoop, repeat, parallel, merge, router, stop, wait, pass, humanApproval];
