import { ActionIcon, Alert, Button, Text, TextInput, Tooltip } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import { useRef, useState } from 'react';
import { asProblem } from '#web/api/problem.ts';
import { matchesNothing, originsOfHost, readDomain } from './domain.ts';
import type { SaveWidget } from './use-save-widget.ts';
import classes from './builder.module.css';

const DOMAINS_MAX = 50;

/** The sites the widget answers on. Each change holds at once: there is nothing to save. */
export const Domains = ({ domains, change }: { domains: readonly string[]; change: SaveWidget['changeDomains'] }) => {
  const [typed, setTyped] = useState('');
  const [problem, setProblem] = useState('');
  const [busy, setBusy] = useState('');
  const [removed, setRemoved] = useState<string | null>(null);
  const field = useRef<HTMLInputElement>(null);

  const run = async (doing: string, next: (before: readonly string[]) => readonly string[]): Promise<boolean> => {
    setBusy(doing);
    setProblem('');
    try {
      await change(next);
      return true;
    } catch (error) {
      const { errors, detail, title } = asProblem(error);
      setProblem(errors[0]?.message || detail || title);
      return false;
    } finally { setBusy(''); }
  };
  const add = async () => {
    const { host, problem: wrong } = readDomain(typed);
    if (host === null) { setProblem(wrong); return; }
    if (domains.includes(host)) { setProblem(`${host} is already in the list.`); return; }
    if (await run('add', (before) => [...before.filter((entry) => entry !== host), host])) { setTyped(''); setRemoved(null); }
    field.current?.focus();
  };
  const remove = async (host: string) => {
    if (await run(host, (before) => before.filter((entry) => entry !== host))) { setRemoved(host); field.current?.focus(); }
  };
  const undo = async (host: string) => { if (await run('undo', (before) => [...before.filter((entry) => entry !== host), host])) setRemoved(null); };

  return (
    <div className={classes.domains}>
      <form className={classes.addDomain} onSubmit={(event) => { event.preventDefault(); void add(); }} noValidate>
        <TextInput
          ref={field} label="Allowed domains" placeholder="shop.example.com" value={typed} error={problem || undefined} dir="ltr" autoCapitalize="off" autoCorrect="off" spellCheck={false} inputMode="url"
          description="Exact hosts, reached by https; example.com does not include www.example.com. Add localhost:3000 to try on your own machine." inputWrapperOrder={['label', 'input', 'error', 'description']}
          onChange={(event) => { setTyped(event.currentTarget.value); setProblem(''); }} disabled={domains.length >= DOMAINS_MAX}
        />
        <Button type="submit" variant="default" loading={busy === 'add'} disabled={domains.length >= DOMAINS_MAX}>Add domain</Button>
      </form>
      {domains.length > 0 && (
        <ul className={classes.domainList} aria-label="Allowed domains">
          {domains.map((host) => (
            <li key={host}>
              <span className={classes.host} title={originsOfHost(host)} dir="ltr">{host}</span>
              {matchesNothing(host) && <Text size="xs" c="var(--cmp-warn)" component="span">matches nothing; add each host by its name</Text>}
              <Tooltip label="Remove"><ActionIcon size="sm" aria-label={`Remove ${host}`} loading={busy === host} onClick={() => { void remove(host); }}><IconX size={14} /></ActionIcon></Tooltip>
            </li>
          ))}
        </ul>
      )}
      {domains.length === 0 && removed === null && <Alert color="amber" title="No domain yet">Until you add one, the widget answers on no website, only in “Try it live”.</Alert>}
      {removed !== null && (
        <Text size="sm" role="status">
          Removed {removed}: the widget no longer answers there. <Button variant="subtle" size="compact-sm" loading={busy === 'undo'} onClick={() => { void undo(removed); }}>Undo</Button>
        </Text>
      )}
    </div>
  );
};
