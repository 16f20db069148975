import { Button, Group, Input, Modal, Rating, Stack, Textarea } from '@mantine/core';
import { useState } from 'react';
import { useCall } from '#web/api/use-endpoint.ts';
import { FailedState } from '#web/kit/states.tsx';
import { toast } from '#web/kit/toast.tsx';
import { subscriptionEndpoints } from '#modules/subscriptions/contract.ts';

/** Longest review, as the contract takes it. */
const TEXT_MAX = 2_000;

/** A rating of one to five stars with a few words; writing again replaces it. */
export const ReviewDialog = ({ subscriptionId, name, opened, onClose }: { subscriptionId: string; name: string; opened: boolean; onClose: () => void }) => {
  const [rating, setRating] = useState(0);
  const [text, setText] = useState('');
  const write = useCall(subscriptionEndpoints.writeReview);
  const send = async () => {
    await write.mutateAsync({ params: { subscriptionId }, body: { rating, text } });
    toast.success('Your review is published');
    onClose();
  };
  return (
    <Modal opened={opened} onClose={onClose} title={`Rate ${name}`} size="sm">
      <form onSubmit={(event) => { event.preventDefault(); void send().catch(() => undefined); }}>
        <Stack gap="md">
          <Input.Wrapper label="Rating" description="Everybody sees it on the product’s page." labelElement="div" inputWrapperOrder={['label', 'input', 'description']}>
            <Rating value={rating} onChange={setRating} size="lg" getSymbolLabel={(value) => `${value} ${value === 1 ? 'star' : 'stars'}`} />
          </Input.Wrapper>
          <Textarea label="Review" placeholder="What did it do well? What did you miss?" autosize minRows={4} maxRows={10} maxLength={TEXT_MAX} dir="auto" value={text} onChange={(event) => { setText(event.currentTarget.value); }} />
          {write.isError && <FailedState error={write.error} />}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>Cancel</Button>
            <Button type="submit" loading={write.isPending} disabled={rating === 0}>Publish review</Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
};
