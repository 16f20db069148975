import { Avatar, Text, UnstyledButton, VisuallyHidden } from '@mantine/core';
import type { ComponentPropsWithRef } from 'react';
import classes from './shell.module.css';

/** Who is signed in, as a button. */
export const AccountButton = ({ user, wide, className, ...rest }: { user: { name: string; email: string }; wide: boolean } & ComponentPropsWithRef<'button'>) => (
  <UnstyledButton className={[classes.user, className].filter(Boolean).join(' ')} aria-haspopup="menu" {...rest}>
    <VisuallyHidden>{wide ? 'Account' : `Account of ${user.name}`}</VisuallyHidden>
    <Avatar name={user.name} size={28} color="gray" variant="light" aria-hidden />
    {wide && <span className={classes.userName}><Text fw={500} truncate>{user.name}</Text><Text size="xs" c="dimmed" truncate>{user.email}</Text></span>}
  </UnstyledButton>
);
