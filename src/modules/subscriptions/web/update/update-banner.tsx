import { Alert, Group, Text } from '@mantine/core';
import { IconArrowUpCircle } from '@tabler/icons-react';
import { LinkButton } from '#web/kit/link.tsx';
import type { Subscription } from '../../contract.ts';
import classes from './update.module.css';

/** Tells on every page of a product that a newer version is offered; silent while it is put off. */
export const UpdateBanner = ({ product, to }: { product: Pick<Subscription, 'update' | 'version'>; to: string }) => {
  if (product.update === null || product.update.postponed_until !== null) return null;
  return (
    <Alert color="accent" className={classes.banner} icon={<IconArrowUpCircle />} title={`Version ${product.update.version} is available`}>
      <Group justify="space-between" gap="sm">
        <Text>You use version {product.version}. See what changes, try both, then decide.</Text>
        <LinkButton size="xs" variant="default" to={to}>Look at it</LinkButton>
      </Group>
    </Alert>
  );
};
