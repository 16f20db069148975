import { Button } from '@mantine/core';
import { useState } from 'react';
import { formatNumber } from '#web/kit/format.ts';
import { toast } from '#web/kit/toast.tsx';

export interface Selection<Row> {
  /** Keys of ticked rows. */
  selected: ReadonlySet<string>;
  /** The rows an action works on: the ticked ones of this page, or all that match. */
  chosen: readonly Row[];
  /** Every row of the page is ticked and no more than those. */
  wholePage: boolean;
  onSelect: (keys: ReadonlySet<string>) => void;
  selectRows: (rows: readonly Row[]) => void;
  clear: () => void;
}

/** Which rows are ticked. `filters` is the question the rows answer: with another one, what was selected beyond the page is forgotten. */
export const useSelection = <Row,>(rows: readonly Row[], rowKey: (row: Row) => string, filters: string): Selection<Row> => {
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const [beyond, setBeyond] = useState<{ rows: readonly Row[]; filters: string } | null>(null);
  const wide = beyond !== null && beyond.filters === filters ? beyond.rows : null;
  const ticked = rows.filter((row) => selected.has(rowKey(row)));
  return {
    selected, chosen: wide ?? ticked, wholePage: wide === null && rows.length > 0 && ticked.length === rows.length,
    onSelect: (keys) => { setBeyond(null); setSelected(keys); },
    selectRows: (all) => { setBeyond({ rows: all, filters }); setSelected(new Set(all.map(rowKey))); },
    clear: () => { setBeyond(null); setSelected(new Set()); },
  };
};

/** The step from a page to all that matches. Nothing where the page is all there is. */
export const SelectMatching = <Row,>({ selection, matching, total }: { selection: Selection<Row>; matching?: { max: number; load: () => Promise<readonly Row[]> }; total: number }) => {
  const [busy, setBusy] = useState(false);
  if (matching === undefined || !selection.wholePage || total <= selection.chosen.length) return null;
  const take = async () => {
    setBusy(true);
    try { selection.selectRows(await matching.load()); } catch (error) { toast.problem(error); } finally { setBusy(false); }
  };
  return (
    <Button size="compact-sm" variant="subtle" loading={busy} onClick={() => { void take(); }}>
      {total > matching.max ? `Select the first ${formatNumber(matching.max)} of ${formatNumber(total)}` : `Select all ${formatNumber(total)} that match`}
    </Button>
  );
};
