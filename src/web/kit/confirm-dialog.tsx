import { Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core';
import { useState, type ReactNode } from 'react';
import { FailedState } from './states.tsx';

/**
 * Asks before something that cannot be undone. Say the consequence in `children`; the button is the verb.
 * With `typeToConfirm` the name has to be typed. The dialog stays open, with the reason, if `onConfirm` fails.
 */
export const ConfirmDialog = ({ opened, onClose, title, children, confirm, cancel = 'Cancel', danger = false, typeToConfirm, onConfirm }: {
  opened: boolean; onClose: () => void; title: string; children: ReactNode; confirm: string; cancel?: string; danger?: boolean; typeToConfirm?: string;
  onConfirm: () => unknown;
}) => {
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<unknown>(null);
  const [typed, setTyped] = useState('');
  const close = () => { if (!busy) { setFailure(null); setTyped(''); onClose(); } };
  const run = async () => {
    setBusy(true);
    setFailure(null);
    try {
      await onConfirm();
      setTyped('');
      onClose();
    } catch (error) { setFailure(error); } finally { setBusy(false); }
  };
  return (
    <Modal opened={opened} onClose={close} title={title} size="sm" withCloseButton={false}>
      <form onSubmit={(event) => { event.preventDefault(); event.stopPropagation(); void run(); }}>
        <Stack gap="md">
          <Text component="div">{children}</Text>
          {typeToConfirm !== undefined && (
            <TextInput label={`Type ${typeToConfirm} to confirm`} value={typed} onChange={(event) => { setTyped(event.currentTarget.value); }} autoComplete="off" data-autofocus />
          )}
          {failure !== null && <FailedState error={failure} />}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={close} disabled={busy}>{cancel}</Button>
            <Button type="submit" color={danger ? 'red' : undefined} loading={busy} disabled={typeToConfirm !== undefined && typed !== typeToConfirm}>{confirm}</Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
};
