import { useBlocker } from '@tanstack/react-router';
import { ConfirmDialog } from './confirm-dialog.tsx';

/** The router may drop the slash at the end of an address; it names the same page. */
const samePlace = (pathname: string): string => pathname.replace(/\/$/, '');

/** While `when`, leaving the page asks first: within the application with a dialog, otherwise with the browser's own question. */
export const UnsavedGuard = ({ when }: { when: boolean }) => {
  const blocker = useBlocker({
    // Only the search changing (a tab, an open drawer) keeps the form where it is.
    shouldBlockFn: ({ current, next }) => when && samePlace(current.pathname) !== samePlace(next.pathname),
    enableBeforeUnload: when,
    withResolver: true,
  });
  return (
    <ConfirmDialog
      opened={blocker.status === 'blocked'} onClose={() => { blocker.reset?.(); }} title="Leave without saving?" confirm="Leave" cancel="Stay" danger
      onConfirm={() => { blocker.proceed?.(); }}
    >
      Your changes on this page have not been saved.
    </ConfirmDialog>
  );
};
