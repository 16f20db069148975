import { Code, Text } from '@mantine/core';
import type { ProductCapabilities } from '#modules/capabilities/contract.ts';
import { useEndpoint } from '#web/api/use-endpoint.ts';
import { FailedState } from '#web/kit/states.tsx';
import { runtimeServerEndpoints } from '../../runtime-server-contract.ts';
import classes from './review.module.css';

type Engine = ProductCapabilities['runtime']['engine'];

const KINDS: Readonly<Record<Exclude<Engine['kind'], 'builtin'>, string>> = { langflow: 'a Langflow server', n8n: 'an n8n webhook', http: 'an endpoint' };

/** Where the messages of buyers would go; nothing for products that run here. */
export const ReviewEngine = ({ engine }: { engine: Engine }) => {
  const own = engine.kind !== 'builtin' && engine.server !== 'operator';
  const server = useEndpoint(runtimeServerEndpoints.inspect, { params: { serverId: engine.server } }, { enabled: own });
  if (engine.kind === 'builtin') return null;
  return (
    <div className={classes.frame}>
      <Text fw={600}>Runs on {own ? `${KINDS[engine.kind]} of the seller` : 'the Langflow server of this marketplace'}</Text>
      {own && <Text c="dimmed">It gets every message, what the buyer configured and matching passages of their knowledge. {server.data && <>Address: <Code>{server.data.url}</Code></>}</Text>}
      {server.isError && <FailedState error={server.error} />}
    </div>
  );
};
