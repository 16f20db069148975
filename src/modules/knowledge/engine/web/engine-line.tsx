import { Button, Group, Text } from '@mantine/core';
import { useCall } from '#web/api/use-endpoint.ts';
import { formatNumber } from '#web/kit/format.ts';
import { useHasRole } from '#web/session/session.ts';
import { knowledgeEndpoints } from '#modules/knowledge/contract.ts';
import { engineEndpoints, type EngineChoice } from '../contract.ts';

/** Where the knowledge is searched, and for admins the way to the other engine. Nothing where there is no choice. */
export const EngineLine = ({ subscriptionId, engine }: { subscriptionId: string; engine: EngineChoice }) => {
  const admin = useHasRole('admin');
  const choose = useCall(engineEndpoints.choose, { invalidates: [knowledgeEndpoints.status, knowledgeEndpoints.listDocuments] });
  if (!engine.available && engine.kind === 'builtin') return null;
  const away = engine.kind === 'ragflow' || engine.switching !== null;
  return (
    <div>
      <Group gap="xs">
        <Text size="sm" c="dimmed" role="status">{wordsOf(engine)}</Text>
        {admin && (
          <Button size="compact-xs" variant="default" loading={choose.isPending} onClick={() => { choose.mutate({ params: { subscriptionId }, body: { engine: away ? 'builtin' : 'ragflow' } }); }}>
            {away ? 'Use the built-in search' : 'Search with RAGFlow'}
          </Button>
        )}
      </Group>
      {choose.isError && <Text size="sm" c="red" role="alert">{choose.error.message}</Text>}
    </div>
  );
};

function wordsOf({ kind, available, switching }: EngineChoice): string {
  if (kind === 'ragflow') return available ? 'RAGFlow searches this knowledge.' : 'RAGFlow is no longer connected; the built-in search serves.';
  if (switching === null) return 'The built-in search serves.';
  const { documents, ready, failed } = switching;
  return `Moving to RAGFlow: ${formatNumber(ready)} of ${formatNumber(documents)} ready${failed > 0 ? `, ${formatNumber(failed)} could not be read there` : ''}. The built-in search serves meanwhile.`;
}
