import { Anchor, Button, Text, TextInput } from '@mantine/core';
import { IconWorld } from '@tabler/icons-react';
import { useState } from 'react';
import { asProblem } from '#web/api/problem.ts';
import { useCall } from '#web/api/use-endpoint.ts';
import { useRouteParam } from '#web/url/search-state.ts';
import { knowledgeEndpoints } from '#modules/knowledge/contract.ts';
import { sourceEndpoints } from '#modules/knowledge/sources/contract.ts';
import { usualRefresh, type KindInfo } from '../sources/source-schema.ts';
import classes from './add.module.css';

/** What people type is not always a whole address. */
const wholeAddress = (text: string): string | null => {
  const url = URL.parse(/^https?:\/\//i.test(text) ? text : `https://${text}`);
  return url === null || !/\.|localhost|^\[/.test(url.hostname) ? null : url.href;
};

/** One line for a website: its pages are read at once, as deep and as many as usual. */
export const AddWebsite = ({ kind, onMore }: { kind: KindInfo; onMore: () => void }) => {
  const subscriptionId = useRouteParam('sub');
  const [text, setText] = useState('');
  const [failure, setFailure] = useState<string | null>(null);
  const add = useCall(sourceEndpoints.addSource, { invalidates: [sourceEndpoints.listSources, knowledgeEndpoints.status] });
  const submit = async () => {
    const url = wholeAddress(text.trim());
    if (url === null) { setFailure('Write a whole address, such as https://docs.example.com'); return; }
    try {
      await add.mutateAsync({ params: { subscriptionId }, body: { kind: 'website', config: { url }, refresh: usualRefresh(kind.refresh) } });
      setText('');
    } catch (error) {
      const { errors: [first], detail, title } = asProblem(error);
      setFailure(first?.message || detail || title);
    }
  };
  return (
    <form noValidate onSubmit={(event) => { event.preventDefault(); setFailure(null); void submit(); }}>
      <Text fw={500} mb={4} display="block" component="label" htmlFor="website-address">Website</Text>
      <div className={classes.line}>
        <TextInput id="website-address" type="url" inputMode="url" leftSection={<IconWorld size={16} />} placeholder="https://docs.example.com" value={text} error={failure} onChange={(event) => { setText(event.currentTarget.value); setFailure(null); }} />
        <Button type="submit" variant="default" loading={add.isPending} disabled={text.trim() === ''}>Add</Button>
      </div>
      <Text size="xs" c="dimmed" mt={4}>Its pages are followed from there. <Anchor component="button" type="button" size="xs" underline="always" onClick={onMore}>Set depth, pages and more</Anchor></Text>
    </form>
  );
};
