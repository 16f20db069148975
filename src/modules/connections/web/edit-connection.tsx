import { Button, Modal, Stack, Text, TextInput, UnstyledButton } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { useMemo, useState, type ReactNode } from 'react';
import { useCall, useEndpoint } from '#web/api/use-endpoint.ts';
import { SchemaForm } from '#web/form/schema-form.tsx';
import { EmptyState, Loaded } from '#web/kit/states.tsx';
import { toast } from '#web/kit/toast.tsx';
import { connectionEndpoints, type Connection, type ConnectorSummary } from '../contract.ts';
import { connectionSchema, connectionValues } from './connection-form.ts';
import classes from './connections.module.css';

/** Words for the groups the catalogue is cut into. */
const CATEGORIES: Readonly<Record<string, string>> = {
  search: 'Search', web: 'Web and facts', messaging: 'Messaging', mail: 'Mail', documents: 'Documents', work: 'Work', sales: 'Sales', support: 'Support',
  commerce: 'Commerce', data: 'Data', vectors: 'Vector databases', ai: 'AI services', files: 'Files', knowledge: 'Knowledge',
};

/** Connects a system: which one, unless it is given, then its form. */
export const AddConnection = ({ opened, onClose, connector, onMade }: { opened: boolean; onClose: () => void; connector?: string; onMade?: (connection: Connection) => void }) => {
  const catalogue = useEndpoint(connectionEndpoints.listConnectors, undefined, { enabled: opened, staleMs: 300_000 });
  const [picked, setPicked] = useState<string | null>(null);
  const id = connector ?? picked;
  const chosen = catalogue.data?.data.find((one) => one.id === id);
  const close = () => { setPicked(null); onClose(); };
  return (
    <Modal opened={opened} onClose={close} title={chosen === undefined ? 'Add a connection' : `Connect ${chosen.title}`} size="md">
      <Loaded query={catalogue}>
        {({ data }) => (chosen === undefined
          ? <ConnectorPicker connectors={data.filter((one) => one.needs_connection || one.auth !== 'none')} onPick={setPicked} />
          : <ConnectionForm connector={chosen} onDone={(connection) => { onMade?.(connection); close(); }} secondary={<Button variant="default" onClick={connector === undefined ? () => { setPicked(null); } : close}>{connector === undefined ? 'Back' : 'Cancel'}</Button>} />)}
      </Loaded>
    </Modal>
  );
};

/** Changes a connection. What is secret stays as it is unless it is entered again. */
export const EditConnection = ({ connection, onClose }: { connection: Connection; onClose: () => void }) => {
  const catalogue = useEndpoint(connectionEndpoints.listConnectors, undefined, { staleMs: 300_000 });
  return (
    <Modal opened onClose={onClose} title={`Change ${connection.name}`} size="md">
      <Loaded query={catalogue}>
        {({ data }) => {
          const connector = data.find((one) => one.id === connection.connector);
          return connector === undefined
            ? <EmptyState title="This system is no longer offered" heading={3}>The connection can only be deleted.</EmptyState>
            : <ConnectionForm connector={connector} connection={connection} onDone={onClose} secondary={<Button variant="default" onClick={onClose}>Cancel</Button>} />;
        }}
      </Loaded>
    </Modal>
  );
};

const ConnectorPicker = ({ connectors, onPick }: { connectors: readonly ConnectorSummary[]; onPick: (id: string) => void }) => {
  const [words, setWords] = useState('');
  const wanted = words.trim().toLowerCase();
  const found = connectors.filter(({ title, description }) => `${title} ${description}`.toLowerCase().includes(wanted));
  const groups = [...new Set(found.map(({ category }) => category))].toSorted();
  return (
    <Stack gap="md">
      <TextInput aria-label="Find a system" placeholder="Find a system" value={words} onChange={(event) => { setWords(event.currentTarget.value); }} leftSection={<IconSearch size={16} />} data-autofocus />
      {found.length === 0 && <EmptyState title="No such system" heading={3}>Any web service can be connected with “HTTP API”.</EmptyState>}
      {groups.map((category) => (
        <section key={category} aria-label={CATEGORIES[category] ?? category}>
          <Text size="xs" c="dimmed" fw={600} mb={4}>{CATEGORIES[category] ?? category}</Text>
          <div className={classes.picker}>
            {found.filter((one) => one.category === category).map((one) => (
              <UnstyledButton key={one.id} className={classes.pick} onClick={() => { onPick(one.id); }}>
                <Text fw={500} size="sm">{one.title}</Text>
                <Text c="dimmed" size="xs" lineClamp={2}>{one.description}</Text>
              </UnstyledButton>
            ))}
          </div>
        </section>
      ))}
    </Stack>
  );
};

const ConnectionForm = ({ connector, connection, onDone, secondary }: { connector: ConnectorSummary; connection?: Connection; onDone: (connection: Connection) => void; secondary: ReactNode }) => {
  const create = useCall(connectionEndpoints.create, { invalidates: [connectionEndpoints.list] });
  const update = useCall(connectionEndpoints.update, { invalidates: [connectionEndpoints.list] });
  const stored = connection?.secrets.join(' ') ?? '';
  const schema = useMemo(() => connectionSchema(connector, stored === '' ? [] : stored.split(' ')), [connector, stored]);
  const initial = useMemo(() => (connection === undefined ? {} : { name: connection.name, base_url: connection.base_url ?? '', fields: connection.fields }), [connection]);
  return (
    <Stack gap="md">
      <Text c="dimmed">{connector.description} Secrets are stored encrypted and never shown again.</Text>
      <SchemaForm
        schema={schema} initial={initial} layout="plain" actions="button" submitLabel={connection === undefined ? 'Connect' : 'Save'} secondary={secondary}
        onSubmit={async (value) => {
          const body = connectionValues(value);
          const saved = connection === undefined ? await create.mutateAsync({ body: { ...body, connector: connector.id } })
            : await update.mutateAsync({ params: { connectionId: connection.id }, body: connector.own_address === 'no' ? { name: body.name, fields: body.fields } : body });
          toast.success(connection === undefined ? `${saved.name} is connected` : 'Connection saved');
          onDone(saved);
        }}
      />
    </Stack>
  );
};
