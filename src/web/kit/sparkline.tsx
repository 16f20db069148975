import classes from './stat-tile.module.css';

/** The course of a number as a small line; decoration beside the number, so hidden from screen readers. */
export const Sparkline = ({ values, width = 96, height = 28 }: { values: readonly number[]; width?: number; height?: number }) => {
  if (values.length < 2) return null;
  const low = Math.min(...values, 0);
  const span = Math.max(...values) - low || 1;
  const points = values.map((value, index) => [
    (index / (values.length - 1)) * (width - 4) + 2,
    height - 3 - ((value - low) / span) * (height - 6),
  ] as const);
  const line = points.map(([x, y], index) => `${index === 0 ? 'M' : 'L'}${x.toFixed(1)} ${y.toFixed(1)}`).join('');
  return (
    <svg viewBox={`0 0 ${width} ${height}`} width={width} height={height} preserveAspectRatio="none" aria-hidden className={classes.spark}>
      <path d={`${line}L${width - 2} ${height}L2 ${height}Z`} className={classes.area} />
      <path d={line} className={classes.line} />
    </svg>
  );
};
