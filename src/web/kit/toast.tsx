import { Text } from '@mantine/core';
import { useSyncExternalStore, type ReactNode } from 'react';
import { asProblem, isAbort } from '#web/api/problem.ts';

/*
 * Short messages in the corner. The library comes with the first message, not with the first page. A toast never is the
 * only record of something: what must be read stands on the screen.
 */
const library = async () => {
  const [{ notifications }, { ToastHost }] = await Promise.all([import('@mantine/notifications'), import('./toast-host.tsx')]);
  host = <ToastHost />;
  for (const listener of listeners) listener();
  return notifications;
};

let host: ReactNode = null;
const listeners = new Set<() => void>();

/** Where messages appear; the shell draws it once. Nothing until the first message. */
export const Toasts = () => useSyncExternalStore((listener) => { listeners.add(listener); return () => { listeners.delete(listener); }; }, () => host);

export const toast = {
  /** Something worked. */
  success(message: string): void {
    void library().then((notifications) => notifications.show({ message, color: 'green', autoClose: 4_000, closeButtonProps: { 'aria-label': 'Close' } }));
  },
  /** Something did not work: what the server said, and the request id to quote. Stopped calls are not shown. */
  problem(error: unknown): void {
    if (isAbort(error)) return;
    const problem = asProblem(error);
    void library().then((notifications) => notifications.show({
      title: problem.title, color: 'red', autoClose: 10_000, closeButtonProps: { 'aria-label': 'Close' },
      message: (
        <>
          {problem.detail !== problem.title && problem.detail}
          {problem.requestId !== null && <Text size="xs" c="dimmed">Request id {problem.requestId}</Text>}
        </>
      ),
    }));
  },
};
