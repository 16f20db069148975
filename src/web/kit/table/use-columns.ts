import { useState } from 'react';
import type { Column } from './column.ts';

export interface ChosenColumns<Row> { all: readonly Column<Row>[]; shown: readonly Column<Row>[]; toggle: (key: string) => void }

/** Which columns a person wants to see; remembered on this machine by the table's name. */
export const useColumns = <Row,>(label: string, all: readonly Column<Row>[]): ChosenColumns<Row> => {
  const place = `columns:${label}`;
  const [hidden, setHidden] = useState<readonly string[]>(() => {
    try {
      const kept = localStorage.getItem(place);
      if (kept !== null) return kept.split(',');
    } catch { /* Storage is off: the usual columns. */ }
    return all.filter((column) => column.hidden === true).map(({ key }) => key);
  });
  const toggle = (key: string) => {
    const next = hidden.includes(key) ? hidden.filter((other) => other !== key) : [...hidden, key];
    setHidden(next);
    try { localStorage.setItem(place, next.join(',')); } catch { /* The choice holds for this page. */ }
  };
  return { all, shown: all.filter((column) => column.primary === true || !hidden.includes(column.key)), toggle };
};
