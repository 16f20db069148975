import '@mantine/core/styles/RadioCard.layer.css';
import '@mantine/core/styles/RadioIndicator.layer.css';
import { Button, Group, Modal, Radio, Stack, Text } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useCall } from '#web/api/use-endpoint.ts';
import { formatCredits, formatMoney } from '#web/kit/format.ts';
import { routeTarget } from '#web/kit/link.tsx';
import { FailedState } from '#web/kit/states.tsx';
import { useOrganization } from '#web/session/session.ts';
import { buyerPaths } from '#web/url/paths.ts';
import { billingEndpoints, CREDIT_PACKS } from '#modules/billing/contract.ts';
import classes from './wallet.module.css';

type Pack = (typeof CREDIT_PACKS)[number];

/** What a pack costs less than the smallest one would for as many credits, in percent. */
const saving = (pack: Pack): number => Math.round((1 - (pack.amountMinor / pack.credits) / (CREDIT_PACKS[0].amountMinor / CREDIT_PACKS[0].credits)) * 100);

/** Buying credits: choose a pack, then pay. */
export const TopUpDialog = ({ opened, onClose, balance }: { opened: boolean; onClose: () => void; balance: string | null }) => {
  const organization = useOrganization();
  const navigate = useNavigate();
  const [pack, setPack] = useState<Pack>(CREDIT_PACKS[1]);
  const buy = useCall(billingEndpoints.topUp, {
    onSuccess: ({ url }) => {
      if (!url.startsWith('/')) { window.location.assign(url); return; }
      const target = routeTarget(url);
      void navigate({ to: target.to, search: target.search as never });
    },
  });
  return (
    <Modal opened={opened} onClose={onClose} title={<Text fw={600} size="lg">Top up</Text>} size="sm">
      <Stack gap="md">
        {balance !== null && <Text c="dimmed">You have {balance}. Credits serve every product of your organization.</Text>}
        <Radio.Group aria-label="Credits to buy" value={String(pack.credits)} onChange={(value) => { setPack(CREDIT_PACKS.find(({ credits }) => String(credits) === value) ?? pack); }}>
          <div className={classes.packs}>
            {CREDIT_PACKS.map((one) => (
              <Radio.Card key={one.credits} value={String(one.credits)} className={classes.pack} aria-label={`${formatCredits(one.credits)} for ${formatMoney(one.amountMinor, one.currency)}`}>
                <Radio.Indicator size="xs" />
                <span className={classes.words}><b>{formatCredits(one.credits)}</b>{saving(one) > 0 && <small>{saving(one)}% less per credit</small>}</span>
                <span className={classes.price}>{formatMoney(one.amountMinor, one.currency)}</span>
              </Radio.Card>
            ))}
          </div>
        </Radio.Group>
        {buy.isError && <FailedState error={buy.error} />}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>Cancel</Button>
          <Button loading={buy.isPending} onClick={() => { buy.mutate({ params: { organizationId: organization.id }, body: { credits: pack.credits, return_path: buyerPaths.resources(organization.id) } }); }}>Continue to payment</Button>
        </Group>
      </Stack>
    </Modal>
  );
};
