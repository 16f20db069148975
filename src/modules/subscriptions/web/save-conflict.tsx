import { Alert, Button, Group } from '@mantine/core';

/** Asks the later of two people who changed the same thing at once what shall hold. Draws nothing while nobody did. */
export const SaveConflict = ({ saving: { conflict, takeTheirs, keepMine }, title, className }: {
  saving: { conflict: unknown; takeTheirs: () => Promise<void>; keepMine: () => Promise<void> };
  title: string;
  className?: string;
}) => conflict !== null && (
  <Alert color="amber" title={title} role="alert" mb="md" className={className}>
    Your changes are still here, but not saved.
    <Group gap="xs" mt="sm">
      <Button size="xs" variant="default" onClick={() => { void takeTheirs(); }}>Discard mine and load theirs</Button>
      <Button size="xs" variant="default" onClick={() => { void keepMine(); }}>Save mine over them</Button>
    </Group>
  </Alert>
);
