import { Alert, Badge, Button, Group, Select, Text } from '@mantine/core';
import { IconPlug } from '@tabler/icons-react';
import type { UseQueryResult } from '@tanstack/react-query';
import { useState } from 'react';
import type { ApiProblem } from '#web/api/problem.ts';
import { useCall, useEndpoint } from '#web/api/use-endpoint.ts';
import { LinkButton } from '#web/kit/link.tsx';
import { EmptyState, Loaded, LoadingSkeleton } from '#web/kit/states.tsx';
import { toast } from '#web/kit/toast.tsx';
import { useHasRole } from '#web/session/session.ts';
import { connectionEndpoints, type Connection, type Requirement } from '../contract.ts';
import { AddConnection } from './edit-connection.tsx';
import classes from './connections.module.css';

/** What is said where nothing is chosen. */
interface OpenWords { placeholder: string; badge: string; color: 'gray' | 'amber' }
type Bind = (requirement: string, connectionId: string | null) => Promise<unknown>;

/** What a product connects to, for its seller: who chooses nothing leaves it to each buyer. */
export const ProductConnections = ({ productId }: { productId: string }) => {
  const query = useEndpoint(connectionEndpoints.productRequirements, { params: { productId } });
  const bind = useCall(connectionEndpoints.bindProduct, { invalidates: [connectionEndpoints.productRequirements, connectionEndpoints.list] });
  return <RequirementList query={query} open={{ placeholder: 'Left to each buyer', badge: 'Left to buyers', color: 'gray' }} onBind={async (requirement, connection_id) => bind.mutateAsync({ params: { productId }, body: { requirement, connection_id } })} />;
};

/** What a subscription connects to, for its buyer: an own connection wins over the provider's. */
export const SubscriptionConnections = ({ subscriptionId }: { subscriptionId: string }) => {
  const query = useEndpoint(connectionEndpoints.subscriptionRequirements, { params: { subscriptionId } });
  const bind = useCall(connectionEndpoints.bindSubscription, { invalidates: [connectionEndpoints.subscriptionRequirements, connectionEndpoints.list] });
  return <RequirementList query={query} open={{ placeholder: 'Choose a connection', badge: 'Open', color: 'amber' }} onBind={async (requirement, connection_id) => bind.mutateAsync({ params: { subscriptionId }, body: { requirement, connection_id } })} />;
};

/** Tells on the pages of a subscription what keeps its flow from reaching another system. */
export const ConnectionsNotice = ({ subscriptionId, to }: { subscriptionId: string; to: string }) => {
  const query = useEndpoint(connectionEndpoints.subscriptionRequirements, { params: { subscriptionId } });
  const open = (query.data?.data ?? []).filter(({ bound, provided }) => bound === null && !provided);
  if (open.length === 0) return null;
  return (
    <Alert color="amber" icon={<IconPlug />} title="It needs access to another system">
      <Group justify="space-between" gap="sm">
        <Text>Connect {open.map(({ title }) => title).join(', ')} so that it can do its work.</Text>
        <LinkButton size="xs" variant="default" to={to}>Connect</LinkButton>
      </Group>
    </Alert>
  );
};

const RequirementList = ({ query, open, onBind }: { query: UseQueryResult<{ data: Requirement[] }, ApiProblem>; open: OpenWords; onBind: Bind }) => {
  const admin = useHasRole('admin');
  const connections = useEndpoint(connectionEndpoints.list, { query: {} });
  return (
    <Loaded query={query} skeleton={<LoadingSkeleton count={2} />}>
      {({ data }) => (data.length === 0 ? <EmptyState icon={<IconPlug size={32} />} title="Nothing to connect" heading={3}>This product works without other systems.</EmptyState> : (
        <ul className={classes.requirements}>
          {data.map((requirement) => (
            <RequirementRow key={requirement.key} requirement={requirement} open={open} admin={admin} onBind={onBind} connections={(connections.data?.data ?? []).filter(({ connector }) => connector === requirement.connector)} />
          ))}
        </ul>
      ))}
    </Loaded>
  );
};

const RequirementRow = ({ requirement, connections, open, admin, onBind }: { requirement: Requirement; connections: readonly Connection[]; open: OpenWords; admin: boolean; onBind: Bind }) => {
  const [adding, setAdding] = useState(false);
  const [saving, setSaving] = useState(false);
  const choose = (connectionId: string | null) => {
    setSaving(true);
    onBind(requirement.key, connectionId).catch((error: unknown) => { toast.problem(error); }).finally(() => { setSaving(false); });
  };
  const { bound } = requirement;
  return (
    <li className={classes.requirement}>
      <div className={classes.what}>
        <Group gap="xs">
          <Text fw={500}>{requirement.title}</Text>
          {bound ? <Badge color="green">Connected</Badge> : requirement.provided ? <Badge color="green">By the provider</Badge> : <Badge color={open.color}>{open.badge}</Badge>}
        </Group>
        {!requirement.known && <Text c="dimmed" size="xs">This system cannot be connected here; the steps that need it fail.</Text>}
      </div>
      {requirement.known && (
        <Group gap="xs" className={classes.choice} wrap="nowrap">
          <Select
            aria-label={`Connection for ${requirement.title}`} flex={1} placeholder={requirement.provided ? 'The provider’s' : open.placeholder} clearable disabled={!admin || saving}
            data={connections.map(({ id, name }) => ({ value: id, label: name }))} value={bound?.connection_id ?? null} onChange={choose} nothingFoundMessage="None yet"
          />
          {admin && <Button variant="default" flex="none" onClick={() => { setAdding(true); }}>Add</Button>}
        </Group>
      )}
      <AddConnection opened={adding} onClose={() => { setAdding(false); }} connector={requirement.connector} onMade={({ id }) => { choose(id); }} />
    </li>
  );
};
