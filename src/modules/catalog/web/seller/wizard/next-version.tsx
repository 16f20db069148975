import { Stack, Text, Title } from '@mantine/core';
import { useEndpoint } from '#web/api/use-endpoint.ts';
import { Loaded } from '#web/kit/states.tsx';
import { changesEndpoints } from '../../../changes/contract.ts';
import { ProductChangesView } from '../../changes/product-changes.tsx';
import { QuestionsEditor } from '../../checks/questions-editor.tsx';
import type { StepProps } from './draft-wizard.tsx';

/** What the draft changes against the version on sale; nothing for a product that has none. */
export const DraftChanges = ({ productId, open }: StepProps) => {
  // Compared anew after every save: the answer belongs to the draft as it was then.
  const changes = useEndpoint(changesEndpoints.compareVersions, { params: { productId }, query: {} }, { staleMs: 0, enabled: open.saving.status === 'saved' });
  if (changes.data?.changes === null) return null;
  return (
    <Stack gap="md" component="section" aria-label="What changes">
      <div><Title order={3}>What changes</Title><Text c="dimmed">Against the version on sale. Reviewers see the same; subscribers are told in words what it means for them, without your texts.</Text></div>
      <Loaded query={changes}>{(data) => (data.changes === null ? null : <ProductChangesView changes={data.changes} />)}</Loaded>
    </Stack>
  );
};

/** The questions this and every later version is checked with. */
export const DraftQuestions = ({ productId, open }: StepProps) => (
  <Stack gap="md" component="section" aria-label="Your own checks">
    <div><Title order={3}>Your own checks</Title><Text c="dimmed">Questions every version is asked when you submit it. The result stands in the review and on your product’s page; it blocks nothing.</Text></div>
    <QuestionsEditor productId={productId} questions={open.draft.questions} before={open.flush} onChange={(questions) => { open.change({ questions }); }} />
  </Stack>
);
