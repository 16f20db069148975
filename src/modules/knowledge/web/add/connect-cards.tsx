import { Text, UnstyledButton } from '@mantine/core';
import { IconLock } from '@tabler/icons-react';
import type { KindInfo } from '../sources/source-schema.ts';
import { SOURCE_LOOKS } from '../words.ts';
import classes from './add.module.css';

/** The kinds of source there are. What may not be added says why instead of being a button. */
export const ConnectCards = ({ kinds, onPick }: { kinds: readonly KindInfo[]; onPick: (kind: KindInfo['kind']) => void }) => (
  <div className={classes.cards}>
    {kinds.map(({ kind, title, description, available, unavailable_because: because }) => {
      const Icon = available ? SOURCE_LOOKS[kind].icon : IconLock;
      const words = (
        <>
          <Icon size={18} aria-hidden />
          <div>
            <Text fw={500} size="sm">{title}</Text>
            <Text size="xs" c="dimmed">{available ? description : because}</Text>
          </div>
        </>
      );
      return available
        ? <UnstyledButton key={kind} className={classes.card} onClick={() => { onPick(kind); }}>{words}</UnstyledButton>
        : <div key={kind} className={classes.card} data-closed>{words}</div>;
    })}
  </div>
);
