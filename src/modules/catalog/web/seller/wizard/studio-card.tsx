import { Button, Group, Text, Title } from '@mantine/core';
import { IconExternalLink, IconPencil } from '@tabler/icons-react';
import { useState } from 'react';
import { useCall, useEndpoint } from '#web/api/use-endpoint.ts';
import { ConfirmDialog } from '#web/kit/confirm-dialog.tsx';
import { FailedState } from '#web/kit/states.tsx';
import { toast } from '#web/kit/toast.tsx';
import { designEndpoints } from '../../../studio-contract.ts';
import type { OpenDraft } from './use-draft.ts';
import classes from './import.module.css';

/** Handing the flow to the visual editor of this marketplace, and back. Nothing where there is none. */
export const StudioCard = ({ productId, open }: { productId: string; open: OpenDraft }) => {
  const studio = useEndpoint(designEndpoints.state, undefined, { staleMs: Infinity });
  const [known, setKnown] = useState<string | null>(null);
  const [replacing, setReplacing] = useState(false);
  const design = useCall(designEndpoints.open);
  const bring = useCall(designEndpoints.importBack, { onSuccess: (view) => { open.replace(view); toast.success('The flow came back from Studio'); } });
  if (studio.data?.available !== true) return null;
  const show = async (replace: boolean) => {
    await open.flush();
    const { url, kept } = await design.mutateAsync({ params: { productId }, body: { replace } });
    setKnown(url);
    // A browser may refuse a window that opens after an answer; the link below stays.
    window.open(url, '_blank', 'noopener');
    if (kept) toast.success('Opened as you left it in Studio');
  };
  return (
    <section className={classes.card} aria-label="Studio">
      <div className={classes.cardHead} data-alone={design.isError || bring.isError ? undefined : true}>
        <div>
          <Title order={3}>Studio</Title>
          <Text c="dimmed">Draw the flow in Langflow, then bring it back here. {known !== null && <a href={known} target="_blank" rel="noopener noreferrer">Open it again</a>}</Text>
        </div>
        <Group gap="xs">
          <Button size="xs" variant="default" leftSection={<IconExternalLink size={14} />} loading={design.isPending} onClick={() => { void show(false).catch(() => undefined); }}>Design in Studio</Button>
          <Button size="xs" variant="default" leftSection={<IconPencil size={14} />} loading={bring.isPending} onClick={() => { bring.mutate({ params: { productId } }); }}>Import back</Button>
          {open.view.report !== null && <Button size="xs" variant="subtle" color="gray" onClick={() => { setReplacing(true); }}>Start again from this flow</Button>}
        </Group>
      </div>
      {(design.isError || bring.isError) && <div className={classes.cardBody}><FailedState error={design.error ?? bring.error} /></div>}
      <ConfirmDialog
        opened={replacing} onClose={() => { setReplacing(false); }} title="Replace what is in Studio?" confirm="Replace it" cancel="Keep it" danger
        onConfirm={async () => { await show(true); setReplacing(false); }}
      >
        <Text>What you have drawn there since you last brought it back is lost. The flow of this draft takes its place.</Text>
      </ConfirmDialog>
    </section>
  );
};
