import { Paper, Title, Text } from '@mantine/core';
import { useDocumentTitle } from '@mantine/hooks';
import type { ReactNode } from 'react';
import { useBrandName } from './session.ts';
import classes from './auth-frame.module.css';

/** The card of sign-in, sign-up and invitations. */
export const AuthFrame = ({ title, description, children, below }: { title: string; description?: ReactNode; children: ReactNode; below?: ReactNode }) => {
  useDocumentTitle(`${title} · ${useBrandName()}`);
  return (
    <div className={classes.outer}>
      <Paper withBorder className={classes.card}>
        <Title order={1} className={classes.title}>{title}</Title>
        {description !== undefined && <Text c="dimmed" mb="lg" component="div">{description}</Text>}
        {children}
      </Paper>
      {below !== undefined && <Text c="dimmed" ta="center" mt="md" component="div">{below}</Text>}
    </div>
  );
};
