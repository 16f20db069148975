import type { ReactNode } from 'react';
import { valueWords } from './change-words.ts';
import classes from './change-list.module.css';

/** Something that differs: its name, what it was, what it is. */
export interface Change {
  key: string;
  name: ReactNode;
  before: unknown;
  after: unknown;
  /** Whether the reader has more or less of something afterwards; a plain change unless told. */
  effect?: 'gain' | 'loss' | 'change';
}

const MARK = { gain: '+', loss: '−', change: '' } as const;
const SPOKEN = { gain: 'More: ', loss: 'Less: ', change: '' } as const;

/** Differences one below the other, each with its old value before the new one. */
export const ChangeList = ({ changes, label, words = valueWords }: { changes: readonly Change[]; label: string; words?: (value: unknown, key: string) => string }) => (
  <ul className={classes.list} aria-label={label}>
    {changes.map(({ key, name, before, after, effect = 'change' }) => (
      <li key={key} className={classes.item}>
        <span className={classes.name}>
          {MARK[effect] !== '' && <span className={classes.mark} data-effect={effect} aria-hidden>{MARK[effect]}</span>}
          <span><span className={classes.spoken}>{SPOKEN[effect]}</span>{name}</span>
        </span>
        <span className={classes.values}>
          <Value text={words(before, key)} old />
          <span className={classes.arrow} aria-hidden>→</span>
          <span className={classes.spoken}> becomes </span>
          <Value text={words(after, key)} />
        </span>
      </li>
    ))}
  </ul>
);

const Value = ({ text, old = false }: { text: string; old?: boolean }) => (
  <span className={classes.value} data-old={old || undefined} data-nothing={text === '' || undefined} dir="auto">{text === '' ? 'nothing' : text}</span>
);
