import { useElementSize } from '@mantine/hooks';
import type { ReactNode } from 'react';
import classes from './builder.module.css';

export type Device = 'desktop' | 'phone';

/** Window sizes in CSS pixels. Desktop is the smallest the widget treats as one, so that its words stay readable when scaled. */
const WINDOWS: Readonly<Record<Device, { width: number; height: number }>> = { desktop: { width: 820, height: 720 }, phone: { width: 390, height: 720 } };
/** Largest height of the picture of a window, in CSS pixels. */
const HEIGHT_MAX = 620;

/** A window of a fixed size, made smaller until it fits; what is in it lays itself out as in the full size. */
export const ScaledFrame = ({ device, children }: { device: Device; children: ReactNode }) => {
  const { ref, width: room } = useElementSize();
  const { width, height } = WINDOWS[device];
  const scale = room === 0 ? 0 : Math.min(1, room / width, HEIGHT_MAX / height);
  return (
    <div ref={ref} className={classes.room} style={{ height: height * (scale || 0.6) }}>
      <div className={classes.window} data-device={device} style={{ width: width * scale, height: height * scale }}>
        <div className={classes.scaled} style={{ width, height, transform: `scale(${scale})` }}>{children}</div>
      </div>
    </div>
  );
};
