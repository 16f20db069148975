import { Button, Group, Stack, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import { mcpEndpoints } from '#modules/flows/mcp/contract.ts';
import { useCall } from '#web/api/use-endpoint.ts';

/** Asks a remote MCP server for its tools and hands them over as a file would be. */
export const McpServer = ({ busy, productId, onTake }: { busy: boolean; productId: string; onTake: (file: File) => void }) => {
  const [url, setUrl] = useState('');
  const ask = useCall(mcpEndpoints.listTools, {
    onSuccess: ({ document }) => { onTake(new File([JSON.stringify(document)], `${hostOf(url)}.json`, { type: 'application/json' })); },
  });
  const send = () => { if (url.trim() !== '' && !ask.isPending) ask.mutate({ body: { url: url.trim(), product_id: productId } }); };
  return (
    <form onSubmit={(event) => { event.preventDefault(); send(); }}>
      <Stack gap="xs">
        <TextInput
          label="Address of the server" description="Begins with https://. You choose among its tools afterwards; at first only those are taken that say they only read." placeholder="https://mcp.example.com/mcp" inputMode="url" autoComplete="off" value={url}
          error={ask.isError ? ask.error.detail || ask.error.title : undefined} inputWrapperOrder={['label', 'input', 'description', 'error']} onChange={(event) => { setUrl(event.currentTarget.value); }}
        />
        <Group justify="space-between" gap="xs">
          <Text size="xs" c="dimmed">Servers that are started by a command cannot be used.</Text>
          <Button size="xs" type="submit" loading={ask.isPending} disabled={busy || url.trim() === ''}>Ask for its tools</Button>
        </Group>
      </Stack>
    </form>
  );
};

const hostOf = (url: string): string => URL.parse(url)?.host.replaceAll(/[^\w.-]+/g, '_') ?? 'mcp-server';
