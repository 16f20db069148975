import { Button, Group, Modal, Radio, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import type { z } from 'zod';
import { useCall } from '#web/api/use-endpoint.ts';
import { ConfirmDialog } from '#web/kit/confirm-dialog.tsx';
import { RelativeTime } from '#web/kit/relative-time.tsx';
import { FailedState } from '#web/kit/states.tsx';
import { toast } from '#web/kit/toast.tsx';
import { apiKeyEndpoints, type ApiKey, type IssuedApiKey } from '#modules/gateway/contract.ts';
import { useSubscription } from '#modules/subscriptions/web/subscription-context.ts';

const OVERLAPS = [
  { hours: 24, label: 'In 24 hours', description: 'Time to put the new key everywhere. Both work until then.' },
  { hours: 168, label: 'In 7 days', description: 'For programs that are slow to change.' },
  { hours: 0, label: 'Now', description: 'If the old key may be in the wrong hands. Programs that use it fail at once.' },
] as const;

/** A new key in place of an old one, which keeps working for a while. */
export const RotateDialog = ({ apiKey, onClose, onIssued }: { apiKey: ApiKey; onClose: () => void; onIssued: (key: z.infer<typeof IssuedApiKey>) => void }) => {
  const { id } = useSubscription();
  const [hours, setHours] = useState('24');
  const rotate = useCall(apiKeyEndpoints.rotate, { invalidates: [apiKeyEndpoints.list] });
  const run = async () => { onIssued(await rotate.mutateAsync({ params: { subscriptionId: id, keyId: apiKey.id }, body: { overlap_hours: Number(hours) } })); };
  return (
    <Modal opened onClose={onClose} title={`Rotate ${apiKey.name}`} size="sm">
      <form onSubmit={(event) => { event.preventDefault(); void run().catch(() => undefined); }}>
        <Stack gap="md">
          <Text c="dimmed">You get a new key with the same name, scopes and limits.</Text>
          <Radio.Group label="The old key stops working" value={hours} onChange={setHours}>
            <Stack gap="sm" mt="xs">{OVERLAPS.map((overlap) => <Radio key={overlap.hours} value={String(overlap.hours)} label={overlap.label} description={overlap.description} />)}</Stack>
          </Radio.Group>
          {rotate.isError && <FailedState error={rotate.error} />}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>Cancel</Button>
            <Button type="submit" loading={rotate.isPending}>Rotate key</Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
};

/** Ends a key, with what that means spelled out. */
export const RevokeDialog = ({ apiKey, onClose }: { apiKey: ApiKey; onClose: () => void }) => {
  const { id } = useSubscription();
  const revoke = useCall(apiKeyEndpoints.revoke, { invalidates: [apiKeyEndpoints.list] });
  const what = apiKey.kind === 'publishable' ? 'Every website that carries this key loses its chat' : 'Every program that uses this key is refused';
  return (
    <ConfirmDialog
      opened onClose={onClose} title={`Revoke ${apiKey.name}?`} confirm="Revoke key" cancel="Keep it" danger
      onConfirm={async () => { await revoke.mutateAsync({ params: { subscriptionId: id, keyId: apiKey.id } }); toast.success('Key revoked'); }}
    >
      <Text>{what} within a second. Answers that have begun are finished. This cannot be undone; rotate the key instead if you need time to replace it.</Text>
      <Text mt="xs" c="dimmed">
        {apiKey.last_used_at === null ? 'It has never been used.' : <>It was last used <RelativeTime value={apiKey.last_used_at} />.</>}
      </Text>
    </ConfirmDialog>
  );
};
