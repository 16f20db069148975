import { Anchor, Badge, Group } from '@mantine/core';
import { IconLock } from '@tabler/icons-react';
import { useFormSurroundings } from './form-store.ts';

/** Says which plan has what is closed here, and where to get it. */
export const Lock = ({ plan }: { plan: string }) => {
  const { plansHref } = useFormSurroundings();
  return (
  <Group gap="xs" wrap="nowrap">
    <Badge color="gray" style={{ flexShrink: 0 }} leftSection={<IconLock size={12} />}>{plan} plan</Badge>
    {plansHref !== undefined && <Anchor href={plansHref}>Compare plans</Anchor>}
  </Group>
  );
};
