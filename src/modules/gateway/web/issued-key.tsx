import { Alert, Button, Group, Modal, Stack, Text } from '@mantine/core';
import type { z } from 'zod';
import { CodeBlock } from '#web/kit/code-block.tsx';
import { CopyField } from '#web/kit/copy-field.tsx';
import type { IssuedApiKey } from '#modules/gateway/contract.ts';
import { openAiSamples } from './snippets.ts';

/** The one time a key is seen whole: to copy, and to try at once. Closes only by its button, so that it is not lost by a click beside it. */
export const IssuedKey = ({ issued, replaced, onClose }: { issued: z.infer<typeof IssuedApiKey>; replaced: boolean; onClose: () => void }) => (
  <Modal opened onClose={onClose} title={replaced ? 'Your new key' : 'Your key'} size="lg" closeOnClickOutside={false} closeOnEscape={false} withCloseButton={false}>
    <Stack gap="md">
      {issued.kind === 'secret' && <Alert color="amber" title="Copy it now">It is shown this once. If you lose it, rotate the key.</Alert>}
      <CopyField label={issued.name} value={issued.secret} />
      {issued.scopes.includes('chat') && (
        <div>
          <Text fw={500} mb={6}>Try it</Text>
          <CodeBlock samples={openAiSamples({ baseUrl: window.location.origin, key: issued.secret, question: 'How do I reset my password?' })} />
        </div>
      )}
      <Group justify="flex-end"><Button onClick={onClose}>{issued.kind === 'secret' ? 'I have copied it' : 'Done'}</Button></Group>
    </Stack>
  </Modal>
);
