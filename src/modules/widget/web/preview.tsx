import { Alert, SegmentedControl, Text } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { IconDeviceDesktop, IconDeviceMobile, IconMoon, IconSun } from '@tabler/icons-react';
import { useId, useState, type ReactNode } from 'react';
import { z } from 'zod';
import { useSearchState } from '#web/url/search-state.ts';
import type { WidgetConfig } from '#modules/widget/contract.ts';
import { WIDGET_MODES, type WidgetMode } from '#modules/widget/embed-contract.ts';
import { MODE_NAMES } from './builder-schema.ts';
import { PreviewFrame } from './preview-frame.tsx';
import { ScaledFrame } from './scaled-frame.tsx';
import classes from './builder.module.css';

const View = z.object({
  device: z.enum(['desktop', 'phone']).optional().catch(undefined), scheme: z.enum(['light', 'dark']).catch('light'),
  shown: z.enum(['open', 'closed']).catch('open'), shape: z.enum(WIDGET_MODES).catch('floating'),
});

/** The widget as the form describes it now, on a page like a customer's. */
export const Preview = ({ config, modes }: { config: WidgetConfig; modes: readonly WidgetMode[] }) => {
  const [view, set] = useSearchState(View);
  const [failed, setFailed] = useState(false);
  const narrow = useMediaQuery('(max-width: 48em)', undefined, { getInitialValueInEffect: false });
  const device = view.device ?? (narrow ? 'phone' : 'desktop');
  const heading = useId();
  const mode = modes.includes(view.shape) ? view.shape : (modes[0] ?? 'floating');
  const closes = mode === 'floating' || mode === 'popup';
  return (
    <section className={classes.preview} aria-labelledby={heading}>
      <div className={classes.toolbar}>
        <Text fw={500} id={heading} component="h2" className={classes.previewTitle}>Preview</Text>
        {modes.length > 1 && <SegmentedControl size="xs" aria-label="Shape" value={mode} onChange={(shape) => { set({ shape: View.shape.shape.parse(shape) }); }} data={modes.map((value) => ({ value, label: MODE_NAMES[value] }))} />}
        {closes && <SegmentedControl size="xs" aria-label="State" value={view.shown} onChange={(shown) => { set({ shown: View.shape.shown.parse(shown) }); }} data={[{ value: 'open', label: 'Open' }, { value: 'closed', label: 'Closed' }]} />}
        <SegmentedControl size="xs" aria-label="Visitor’s colour scheme" value={view.scheme} onChange={(scheme) => { set({ scheme: View.shape.scheme.parse(scheme) }); }} data={[{ value: 'light', label: <Sign name="Light"><IconSun size={14} /></Sign> }, { value: 'dark', label: <Sign name="Dark"><IconMoon size={14} /></Sign> }]} />
        <SegmentedControl size="xs" aria-label="Device" value={device} onChange={(device) => { set({ device: View.shape.device.parse(device) }); }} data={[{ value: 'desktop', label: <Sign name="Desktop"><IconDeviceDesktop size={14} /></Sign> }, { value: 'phone', label: <Sign name="Phone"><IconDeviceMobile size={14} /></Sign> }]} />
      </div>
      {failed
        ? <Alert color="red" title="The preview could not be drawn" role="alert">The widget’s own script did not load from this installation. Your settings can be saved all the same. Reload the page to try again.</Alert>
        : (
          <>
            <ScaledFrame device={device}><PreviewFrame scene={{ config, mode, scheme: view.scheme, open: view.shown === 'open' }} onFailed={() => { setFailed(true); }} /></ScaledFrame>
            <Text size="xs" c="dimmed">This is the widget itself with what the form says now, saved or not. Its answers are an example and cost nothing.</Text>
          </>
        )}
    </section>
  );
};

/** An icon with its word for those who cannot see it. */
const Sign = ({ name, children }: { name: string; children: ReactNode }) => <span className={classes.sign} role="img" aria-label={name} title={name}>{children}</span>;
