import { Button, Modal, Text } from '@mantine/core';
import { z } from 'zod';
import { SchemaForm } from '#web/form/schema-form.tsx';

const Pasted = z.strictObject({
  title: z.string().trim().max(200).default('').meta({ title: 'Title', description: 'Shown where answers quote it. Left empty, its first words are.' }),
  text: z.string().trim().min(1).max(2_000_000).meta({ title: 'Text', ui: { widget: 'textarea' } }),
});

/** A text as a file of its own, so that it is checked, paid for and read like every other. `ending` is one the product takes. */
const fileOf = ({ title, text }: z.output<typeof Pasted>, ending: string): File => {
  const name = (title || (text.split('\n', 1)[0] ?? '').slice(0, 80)).replaceAll(/[/\\:*?"<>|#]+/g, ' ').replaceAll(/\s+/g, ' ').trim();
  return new File([text], `${name || 'Text'}${ending}`, { type: 'text/plain' });
};

/** Adds a pasted text as a document. */
export const PasteText = ({ ending, onFile, onClose }: { ending: string; onFile: (file: File) => void; onClose: () => void }) => (
  <Modal opened onClose={onClose} title="Paste a text" size="lg">
    <Text c="dimmed" mb="md">It becomes a document of its own. Headings written with # help to find the right part.</Text>
    <SchemaForm
      schema={Pasted} layout="narrow" actions="button" submitLabel="Add text" secondary={<Button variant="default" onClick={onClose}>Cancel</Button>}
      onSubmit={async (pasted) => { onFile(fileOf(pasted, ending)); onClose(); return Promise.resolve(); }}
    />
  </Modal>
);
