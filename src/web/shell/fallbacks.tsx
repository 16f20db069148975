import { useDocumentTitle } from '@mantine/hooks';
import { useRouter, type ErrorComponentProps } from '@tanstack/react-router';
import { ApiProblem } from '#web/api/problem.ts';
import { LinkButton } from '#web/kit/link.tsx';
import { EmptyState, FailedState, LoadingSkeleton } from '#web/kit/states.tsx';
import { publicPaths } from '#web/url/paths.ts';
import classes from './shell.module.css';

/** No such page, or none this person may see: both look the same. */
export const NotFound = () => {
  useDocumentTitle('Not found');
  return (
    <div className={classes.alone}>
      <EmptyState heading={1} title="There is nothing at this address" action={<LinkButton to={publicPaths.marketplace()}>Go to the marketplace</LinkButton>}>
        The page may have moved, or you may not have access to it.
      </EmptyState>
    </div>
  );
};

/** A screen that broke while it was drawn or its data was fetched. */
export const ScreenFailed = ({ error, reset }: ErrorComponentProps) => {
  const router = useRouter();
  if (error instanceof ApiProblem && error.status === 404) return <NotFound />;
  return (
    <div className={classes.alone}>
      <FailedState error={error} onRetry={() => { reset(); void router.invalidate(); }} />
    </div>
  );
};

/** While a screen's code or first data is on its way. */
export const ScreenPending = () => <div className={classes.alone}><LoadingSkeleton /></div>;
