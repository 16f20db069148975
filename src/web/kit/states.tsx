import { Alert, Button, Code, Group, Skeleton, Stack, Text, Title } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { asProblem, type ApiProblem } from '#web/api/problem.ts';
import classes from './states.module.css';

/** Nothing here yet: what this is, one thing to do, where to read more. */
export const EmptyState = ({ icon, title, children, action, guide, heading = 2 }: {
  icon?: ReactNode; title: string; children?: ReactNode; action?: ReactNode;
  /** A link to the guide. */
  guide?: ReactNode;
  /** 1 where it is the whole page. */
  heading?: 1 | 2 | 3;
}) => (
  <div className={classes.empty}>
    {icon !== undefined && <div className={classes.icon} aria-hidden>{icon}</div>}
    <Title order={heading} size="h3">{title}</Title>
    {children !== undefined && <Text c="dimmed" maw="28rem" component="div">{children}</Text>}
    {(action !== undefined || guide !== undefined) && <Group gap="md" mt="xs" justify="center">{action}{guide}</Group>}
  </div>
);

/** Something did not work: what happened, what was kept, what to do, and the id to quote. */
export const FailedState = ({ error, onRetry, kept }: { error: unknown; onRetry?: () => void; kept?: string }) => {
  const problem = asProblem(error);
  return (
    <Alert color="red" icon={<IconAlertTriangle />} title={problem.title} role="alert" className={classes.failed}>
      <Stack gap="xs" align="flex-start">
        {problem.detail !== '' && problem.detail !== problem.title && <Text>{problem.detail}</Text>}
        {kept !== undefined && <Text>{kept}</Text>}
        {onRetry !== undefined && problem.status !== 403 && problem.status !== 404 && <Button size="xs" variant="default" onClick={onRetry}>Try again</Button>}
        {problem.requestId !== null && <Text size="xs" c="dimmed">Request id <Code>{problem.requestId}</Code></Text>}
      </Stack>
    </Alert>
  );
};

/** Grey shapes of what is coming: `rows` for lists, `tiles` for numbers, `form`, `cards`. */
export const LoadingSkeleton = ({ shape = 'rows', count = 5 }: { shape?: 'rows' | 'tiles' | 'form' | 'cards'; count?: number }) => {
  const items = Array.from({ length: count }, (_, index) => index);
  return (
    <div className={classes[shape]} role="status" aria-label="Loading" aria-busy>
      {items.map((item) => (shape === 'form'
        ? <div key={item}><Skeleton h={12} w={120} mb={8} /><Skeleton h={36} /></div>
        : <Skeleton key={item} h={shape === 'rows' ? 40 : shape === 'tiles' ? 104 : 200} />))}
    </div>
  );
};

/**
 * The three states of a screen in one place: skeleton, failure with retry, or the data.
 * `<Loaded query={useEndpoint(…)} skeleton={<LoadingSkeleton />}>{(data) => …}</Loaded>`
 */
export const Loaded = <Data,>({ query, skeleton, children }: {
  query: UseQueryResult<Data, ApiProblem>; skeleton?: ReactNode; children: (data: Data) => ReactNode;
}) => {
  if (query.data !== undefined) return children(query.data);
  if (query.isError) return <FailedState error={query.error} onRetry={() => { void query.refetch(); }} />;
  return skeleton ?? <LoadingSkeleton />;
};
