import { Tabs } from '@mantine/core';
import { useState } from 'react';
import { CopyAction } from './copy-field.tsx';
import classes from './code-block.module.css';

export interface CodeSample { label: string; code: string }

/** The language last chosen anywhere, so that a person who reads Python does not choose it on every page. */
const REMEMBERED = 'code-language';
const remembered = (): string | null => {
  try { return localStorage.getItem(REMEMBERED); } catch { return null; }
};

/** Code to copy, in one or several languages. */
export const CodeBlock = ({ samples, code, label = 'Code' }: { samples?: readonly CodeSample[]; code?: string; label?: string }) => {
  const all = samples ?? [{ label, code: code ?? '' }];
  const [chosen, setChosen] = useState<string | null>(remembered);
  const current = all.find((sample) => sample.label === chosen) ?? all[0];
  if (current === undefined) return null;
  const choose = (next: string | null) => {
    setChosen(next);
    try { if (next !== null) localStorage.setItem(REMEMBERED, next); } catch { /* Storage is off: the choice holds for this page. */ }
  };
  return (
    <div className={classes.block}>
      <div className={classes.bar}>
        {all.length > 1 ? (
          <Tabs value={current.label} onChange={choose} variant="none" classNames={{ tab: classes.tab }}>
            <Tabs.List>{all.map((sample) => <Tabs.Tab key={sample.label} value={sample.label}>{sample.label}</Tabs.Tab>)}</Tabs.List>
          </Tabs>
        ) : <span className={classes.label}>{current.label}</span>}
        <CopyAction value={current.code} label="Copy code" />
      </div>
      <pre className={classes.code} tabIndex={0} dir="ltr"><code>{current.code}</code></pre>
    </div>
  );
};
