import { Alert, Button, Group, Modal, PasswordInput, Stack, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useCall } from '#web/api/use-endpoint.ts';
import { CopyField } from '#web/kit/copy-field.tsx';
import { FailedState } from '#web/kit/states.tsx';
import { runtimeServerEndpoints } from '../../../runtime-server-contract.ts';

type Kind = 'langflow' | 'n8n' | 'http';

const WORDS: Readonly<Record<Kind, { title: string; address: string; placeholder: string; key: string | null }>> = {
  langflow: { title: 'Add a Langflow server', address: 'Address of the server', placeholder: 'https://langflow.example.com', key: 'API key of Langflow' },
  n8n: { title: 'Add an n8n webhook', address: 'Production address of the webhook', placeholder: 'https://n8n.example.com/webhook/…', key: 'Key of its header authentication' },
  http: { title: 'Add your endpoint', address: 'Address that gets the messages', placeholder: 'https://api.example.com/agent', key: null },
};

/** A server is named with its address and credential; an endpoint gets the secret that signs our messages. */
export const AddServer = ({ kind, onClose, onAdded }: { kind: Kind; onClose: () => void; onAdded: (serverId: string) => void }) => {
  const words = WORDS[kind];
  const [name, setName] = useState('');
  const [url, setUrl] = useState('');
  const [header, setHeader] = useState('');
  const [secret, setSecret] = useState('');
  const [shown, setShown] = useState<string | null>(null);
  const connect = useCall(runtimeServerEndpoints.connect, { invalidates: [runtimeServerEndpoints.list] });
  const problemAt = (path: string) => connect.error?.errors.find((error) => error.path === path)?.message;
  const add = async () => {
    const made = await connect.mutateAsync({ body: { kind, name, url, ...(secret === '' ? {} : { secret }), ...(header.trim() === '' ? {} : { header: header.trim() }) } });
    onAdded(made.id);
    if (made.signing_secret === null) onClose();
    else setShown(made.signing_secret);
  };
  if (shown !== null) {
    return (
      <Modal opened onClose={onClose} title="Keep this secret" closeOnClickOutside={false}>
        <Stack gap="md">
          <Text>Every message we send carries a signature made with it (Standard Webhooks). Check it on your server, and sign your usage reports with it.</Text>
          <CopyField label="Signing secret" value={shown} description="Shown this once. You can replace it later." />
          <Group justify="flex-end"><Button onClick={onClose}>I have kept it</Button></Group>
        </Stack>
      </Modal>
    );
  }
  const failed = connect.error !== null && ['name', 'url', 'header', 'secret'].every((path) => problemAt(path) === undefined);
  return (
    <Modal opened onClose={onClose} title={words.title}>
      <form onSubmit={(event) => { event.preventDefault(); void add().catch(() => undefined); }}>
        <Stack gap="md">
          <TextInput label="Name" description="For you, to tell your servers apart." required minLength={2} maxLength={80} data-autofocus value={name} onChange={(event) => { setName(event.currentTarget.value); }} error={problemAt('name')} />
          <TextInput label={words.address} placeholder={words.placeholder} type="url" required maxLength={500} value={url} onChange={(event) => { setUrl(event.currentTarget.value); }} error={problemAt('url')} />
          {words.key !== null && <PasswordInput label={words.key} description="Kept sealed and never shown again. Leave empty if there is none." autoComplete="off" value={secret} onChange={(event) => { setSecret(event.currentTarget.value); }} error={problemAt('secret')} />}
          {kind === 'n8n' && <TextInput label="Name of the header" placeholder="x-api-key" value={header} onChange={(event) => { setHeader(event.currentTarget.value); }} error={problemAt('header')} />}
          {kind === 'http' && <Alert variant="light">You get a signing secret in the next step.</Alert>}
          {failed && <FailedState error={connect.error} />}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>Cancel</Button>
            <Button type="submit" loading={connect.isPending}>Add</Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
};
