import { Badge } from '@mantine/core';
import type { Connection } from '../contract.ts';

const WORDS = { untested: ['gray', 'Not tested'], working: ['green', 'Works'], failing: ['red', 'Does not work'] } as const;

/** How the last test of a connection ended. */
export const ConnectionBadge = ({ status }: { status: Connection['status'] }) => <Badge color={WORDS[status][0]}>{WORDS[status][1]}</Badge>;
