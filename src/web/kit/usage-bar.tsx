import { Group, Progress, Text } from '@mantine/core';
import { formatNumber } from './format.ts';

/** How much of an allowance is used. A limit of null is unlimited. Amber from 80 %, red at the end. */
export const UsageBar = ({ label, used, limit, unit, size, format = (value) => formatNumber(value) }: {
  label: string; used: number; limit: number | null; unit?: string; format?: (value: number) => string;
  /** Of the figures; `xs` where many stand beside each other. */
  size?: 'xs';
}) => {
  const share = limit === null ? 0 : limit === 0 ? 1 : used / limit;
  const color = share >= 1 ? 'red' : share >= 0.8 ? 'amber' : 'accent';
  return (
    <div>
      <Group justify="space-between" gap={size ?? 'xs'} mb={4} wrap="nowrap">
        <Text truncate>{label}</Text>
        <Text size={size} c={share >= 1 ? 'var(--cmp-bad)' : 'dimmed'} className="tabular" style={{ whiteSpace: 'nowrap' }}>
          {format(used)} {limit === null ? '' : `of ${format(limit)}`}{unit === undefined ? '' : ` ${unit}`}{limit === null ? ' · unlimited' : ''}
        </Text>
      </Group>
      {limit !== null && <Progress value={Math.min(share, 1) * 100} color={color} size={6} radius="xl" aria-label={label} />}
    </div>
  );
};
