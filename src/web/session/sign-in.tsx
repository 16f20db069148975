import { Alert, Button, PasswordInput, Stack, TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useEffect, useRef, useState, type FormEvent } from 'react';
import { asProblem } from '#web/api/problem.ts';
import { routeTarget, TextLink } from '#web/kit/link.tsx';
import { publicPaths } from '#web/url/paths.ts';
import { safeNext } from '#web/url/safe-next.ts';
import { useRawSearch } from '#web/url/search-state.ts';
import { AuthFrame } from './auth-frame.tsx';
import { signIn, signUp } from './auth.ts';
import { refreshSession, useBrandName, useSession } from './session.ts';

/** Shortest password taken at sign-up; the server decides. */
const PASSWORD_MIN = 8;

/** Sends a form to the sign-in service, then goes where the person wanted to go. */
const useEntry = (enter: (form: FormData) => Promise<void>) => {
  const client = useQueryClient();
  const navigate = useNavigate();
  const next = safeNext(useRawSearch().next);
  const entering = useRef(false);
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<string | null>(null);
  const { user } = useSession();
  useEffect(() => {
    // Already signed in, perhaps in another tab.
    if (user === null || entering.current) return;
    const target = routeTarget(next);
    void navigate({ to: target.to, search: target.search as never, hash: target.hash, replace: true });
  }, [user, next, navigate]);
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    setBusy(true);
    setFailure(null);
    entering.current = true;
    try {
      await enter(form);
      // What was read as a visitor may look different now.
      client.clear();
      await refreshSession(client);
      const target = routeTarget(next);
      await navigate({ to: target.to, search: target.search as never, hash: target.hash });
    } catch (error) {
      setFailure(asProblem(error).message);
      setBusy(false);
      entering.current = false;
    }
  };
  return { submit, busy, failure, next };
};

const field = (form: FormData, name: string): string => { const value = form.get(name); return typeof value === 'string' ? value : ''; };

const Failure = ({ children }: { children: string | null }) => (children === null ? null : <Alert color="red" role="alert">{children}</Alert>);

const onward = (next: string) => (next === '/' ? undefined : next);

export const SignIn = () => {
  const brand = useBrandName();
  const { submit, busy, failure, next } = useEntry((form) => signIn(field(form, 'email').trim(), field(form, 'password')));
  return (
    <AuthFrame title={`Sign in to ${brand}`} below={<>New here? <TextLink to={publicPaths.register(onward(next))}>Create an account</TextLink></>}>
      <form onSubmit={(event) => { void submit(event); }}>
        <Stack gap="md" mt="lg">
          <Failure>{failure}</Failure>
          <TextInput name="email" type="email" label="E-mail" autoComplete="username" required withAsterisk={false} autoFocus />
          <PasswordInput name="password" label="Password" autoComplete="current-password" required withAsterisk={false} />
          <Button type="submit" loading={busy} fullWidth>Sign in</Button>
        </Stack>
      </form>
    </AuthFrame>
  );
};

export const SignUp = () => {
  const { submit, busy, failure, next } = useEntry((form) => signUp(field(form, 'name').trim(), field(form, 'email').trim(), field(form, 'password')));
  return (
    <AuthFrame
      title="Create your account" description="You get an organization and a first project. No card needed."
      below={<>Already have an account? <TextLink to={publicPaths.login(onward(next))}>Sign in</TextLink></>}
    >
      <form onSubmit={(event) => { void submit(event); }}>
        <Stack gap="md">
          <Failure>{failure}</Failure>
          <TextInput name="name" label="Your name" autoComplete="name" required withAsterisk={false} maxLength={80} autoFocus />
          <TextInput name="email" type="email" label="E-mail" autoComplete="email" required withAsterisk={false} maxLength={200} />
          <PasswordInput
            name="password" label="Password" description={`At least ${PASSWORD_MIN} characters`} inputWrapperOrder={['label', 'input', 'description', 'error']}
            autoComplete="new-password" required withAsterisk={false} minLength={PASSWORD_MIN} maxLength={128}
          />
          <Button type="submit" loading={busy} fullWidth>Create account</Button>
        </Stack>
      </form>
    </AuthFrame>
  );
};
