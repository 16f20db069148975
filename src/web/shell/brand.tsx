import { PlainLink } from '#web/kit/link.tsx';
import { useBrandName } from '#web/session/session.ts';
import { publicPaths } from '#web/url/paths.ts';
import classes from './shell.module.css';

/** Name and mark of the installation; leads to the storefront. */
export const Brand = () => (
  <PlainLink to={publicPaths.marketplace()} className={classes.brand}>
    <svg viewBox="0 0 32 32" width={24} height={24} aria-hidden>
      <rect width="32" height="32" rx="7" className={classes.brandGround} />
      <path d="M8 12.5 16 8l8 4.5v7L16 24l-8-4.5z" className={classes.brandShape} />
      <circle cx="16" cy="16" r="2.6" className={classes.brandDot} />
    </svg>
    <span>{useBrandName()}</span>
  </PlainLink>
);
