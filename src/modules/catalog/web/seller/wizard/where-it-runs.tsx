import { Button, Group, Radio, Select, Stack, Text, Title } from '@mantine/core';
import { IconCircleCheck, IconAlertTriangle, IconPlugConnected, IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import type { ImportReport } from '#modules/flows/contract.ts';
import { useCall, useEndpoint } from '#web/api/use-endpoint.ts';
import { FailedState } from '#web/kit/states.tsx';
import { runtimeServerEndpoints } from '../../../runtime-server-contract.ts';
import { AddServer } from './add-server.tsx';
import { engineOptions, serverChoices, withEngine, type Engine, type EngineKind } from './engine-choice.ts';
import type { OpenDraft } from './use-draft.ts';
import importClasses from './import.module.css';
import classes from './wizard.module.css';

/** Where the product runs: on this marketplace if it can, else on a server, with why. */
export const WhereItRuns = ({ open, report }: { open: OpenDraft; report: ImportReport }) => {
  const servers = useEndpoint(runtimeServerEndpoints.list);
  const [chosen, setChosen] = useState<Engine | null>(null);
  const engine = chosen ?? open.view.capabilities.runtime.engine;
  const choose = (next: Engine) => {
    setChosen(next);
    open.change({ capabilities: withEngine(open.draft.capabilities, next) });
  };
  const options = engineOptions(report);
  const operator = servers.data?.operator_langflow ?? false;
  const takeKind = (value: string) => {
    const option = options.find(({ kind }) => kind === value);
    if (!option || option.kind === engine.kind) return;
    // With one server to choose from there is nothing to choose.
    const known = serverChoices(option.kind, servers.data?.data ?? [], operator);
    choose({ kind: option.kind, server: option.kind === 'builtin' ? '' : known.length === 1 ? known[0]?.value ?? '' : '' });
  };
  return (
    <section className={importClasses.card} aria-label="Where it runs">
      <div className={importClasses.cardHead}><div><Title order={3}>Where it runs</Title><Text c="dimmed">Buyers pay and chat the same way wherever it is.</Text></div></div>
      <div className={importClasses.cardBody}>
        <Stack gap="md">
          <Radio.Group value={engine.kind} label="Where it runs" labelProps={{ className: classes.unseen }} onChange={takeKind}>
            <div className={classes.choices}>
              {options.map(({ kind, title, text, why }) => (
                <Radio.Card key={kind} value={kind} className={classes.choice} type="button" disabled={why !== null && kind !== engine.kind} data-checked={kind === engine.kind || undefined}>
                  <Text fw={500}>{title}</Text>
                  <Text c="dimmed" size="xs">{why ?? text}</Text>
                </Radio.Card>
              ))}
            </div>
          </Radio.Group>
          {servers.isError && <FailedState error={servers.error} onRetry={() => { void servers.refetch(); }} />}
          {engine.kind !== 'builtin' && servers.data && (
            <ServerChoice kind={engine.kind} server={engine.server} choices={serverChoices(engine.kind, servers.data.data, operator)} onChange={(server) => { choose({ ...engine, server }); }} />
          )}
        </Stack>
      </div>
    </section>
  );
};

interface ServerChoiceProps { kind: Exclude<EngineKind, 'builtin'>; server: string; choices: { value: string; label: string }[]; onChange: (server: string) => void }

const ServerChoice = ({ kind, server, choices, onChange }: ServerChoiceProps) => {
  const [adding, setAdding] = useState(false);
  const test = useCall(runtimeServerEndpoints.test);
  const testable = server !== '' && server !== 'operator';
  return (
    <Stack gap="sm">
      <Group align="flex-end" gap="sm">
        {choices.length > 0 && (
          <Select
            label="Server" placeholder="Choose one" miw={{ base: 260, sm: 340 }} data={choices} value={server === '' ? null : server} allowDeselect={false}
            onChange={(value) => { test.reset(); if (value !== null) onChange(value); }} error={server !== '' && choices.every(({ value }) => value !== server) ? 'This server was removed. Choose another.' : undefined}
          />
        )}
        <Button variant="default" leftSection={<IconPlus size={16} />} onClick={() => { setAdding(true); }}>Add a server</Button>
        {testable && <Button variant="default" leftSection={<IconPlugConnected size={16} />} loading={test.isPending} onClick={() => { test.mutate({ params: { serverId: server } }); }}>Test connection</Button>}
      </Group>
      <div aria-live="polite">
        {test.isError && <FailedState error={test.error} />}
        {test.data && (
          <Text component="div" className={importClasses.verdict} data-good={test.data.ok || undefined}>
            {test.data.ok ? <IconCircleCheck size={18} aria-hidden /> : <IconAlertTriangle size={18} aria-hidden />}
            <span>{test.data.message}{test.data.version === null ? '' : ` Version ${test.data.version}.`}{test.data.features.length > 0 && ` It offers ${test.data.features.join(', ')}.`}</span>
          </Text>
        )}
      </div>
      <Text c="dimmed" size="sm">
        {server === 'operator' ? 'This server belongs to the marketplace and is shared, so it runs only Langflow’s own components, without code or programs of yours.' : 'Messages of buyers, what they configured and what their knowledge says about a question are sent to this server. The product page says so.'}
        {kind === 'langflow' && ' A prompt variable called rag_context gets the passages, one called instructions gets who the product is.'}
      </Text>
      {adding && <AddServer kind={kind} onClose={() => { setAdding(false); }} onAdded={(id) => { test.reset(); onChange(id); }} />}
    </Stack>
  );
};
