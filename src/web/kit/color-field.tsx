import { Anchor, ColorInput, Group, Text } from '@mantine/core';
import { contrast, nearestPassing, readHex, textOn } from './contrast.ts';

const SWATCHES = ['#4f46e5', '#2563eb', '#0e7490', '#047857', '#b45309', '#c2410c', '#b91c1c', '#9d174d', '#6d28d9', '#171c26'];

/**
 * A colour as `#rrggbb`, checked for contrast. `against` is what it must be told apart from (text on it, or the ground
 * behind it); without it, the better of black and white text is taken.
 */
export const ColorField = ({ label, description, error, disabled, value, onChange, against = '#ffffff', least = 4.5 }: {
  label: string; description?: string; error?: string; disabled?: boolean; value: string; onChange: (value: string) => void; against?: string; least?: number;
}) => {
  const ratio = contrast(value, against);
  const better = ratio !== null && ratio < least ? nearestPassing(value, against, least) : null;
  return (
    <div>
      <ColorInput
        label={label} description={description || undefined} error={error} disabled={disabled} value={value} onChange={onChange} format="hex"
        swatches={SWATCHES} swatchesPerRow={10} eyeDropperButtonProps={{ 'aria-label': 'Pick a colour from the screen' }} inputWrapperOrder={['label', 'input', 'description', 'error']} placeholder="#4f46e5"
      />
      {readHex(value) !== null && ratio !== null && (
        <Group gap="xs" mt={6} wrap="nowrap" align="center">
          <span aria-hidden style={{ background: value, color: textOn(value), borderRadius: 4, padding: '2px 8px', fontSize: 12, fontWeight: 500 }}>Aa</span>
          {better === null
            ? <Text size="xs" c="dimmed">Contrast {ratio.toFixed(1)} : 1, easy to read</Text>
            : (
              <Text size="xs" c="var(--cmp-warn)">
                Contrast {ratio.toFixed(1)} : 1 is hard to read.{' '}
                <Anchor component="button" type="button" size="xs" disabled={disabled} onClick={() => { onChange(better); }}>Use {better}</Anchor>
              </Text>
            )}
        </Group>
      )}
    </div>
  );
};
