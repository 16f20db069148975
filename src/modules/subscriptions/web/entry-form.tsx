import { Alert, Button, PasswordInput, SegmentedControl, Stack, Text, TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { asProblem } from '#web/api/problem.ts';
import { signIn, signUp } from '#web/session/auth.ts';
import { actFor, meQuery, refreshSession } from '#web/session/session.ts';
import classes from './subscribe.module.css';

const PASSWORD_MIN = 8;
const field = (form: FormData, name: string): string => { const value = form.get(name); return typeof value === 'string' ? value : ''; };

/** Signing in or registering without leaving the purchase. An organization and a first project come with an account. */
export const EntryForm = () => {
  const [mode, setMode] = useState<'register' | 'sign-in'>('register');
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<string | null>(null);
  const client = useQueryClient();
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    setBusy(true);
    setFailure(null);
    try {
      const email = field(form, 'email').trim();
      if (mode === 'register') await signUp(field(form, 'name').trim(), email, field(form, 'password'));
      else await signIn(email, field(form, 'password'));
      actFor(await refreshSession(client), {});
      // What was read as a visitor may look different now; who one is was just asked.
      const me = meQuery().queryKey[0];
      await client.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== me });
    } catch (error) {
      setFailure(asProblem(error).message);
      setBusy(false);
    }
  };
  return (
    <form onSubmit={(event) => { void submit(event); }} className={classes.entry}>
      <SegmentedControl
        fullWidth aria-label="Account" value={mode} onChange={(next) => { setMode(next === 'sign-in' ? 'sign-in' : 'register'); setFailure(null); }}
        data={[{ value: 'register', label: 'Create account' }, { value: 'sign-in', label: 'Sign in' }]}
      />
      <Stack gap="sm">
        {failure !== null && <Alert color="red" role="alert">{failure}</Alert>}
        {mode === 'register' && <TextInput name="name" label="Your name" autoComplete="name" required withAsterisk={false} maxLength={80} />}
        <TextInput name="email" type="email" label="E-mail" autoComplete={mode === 'register' ? 'email' : 'username'} required withAsterisk={false} maxLength={200} />
        <PasswordInput
          name="password" label="Password" required withAsterisk={false} maxLength={128} inputWrapperOrder={['label', 'input', 'description', 'error']}
          {...(mode === 'register' ? { autoComplete: 'new-password', minLength: PASSWORD_MIN, description: `At least ${PASSWORD_MIN} characters` } : { autoComplete: 'current-password' })}
        />
        <Button type="submit" fullWidth loading={busy}>{mode === 'register' ? 'Create account and continue' : 'Sign in and continue'}</Button>
        {mode === 'register' && <Text size="xs" c="dimmed">You get an organization and a first project. Nothing is bought yet.</Text>}
      </Stack>
    </form>
  );
};
