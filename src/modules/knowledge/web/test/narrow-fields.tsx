import { Group, MultiSelect, TextInput } from '@mantine/core';
import { useCapability } from '#web/capabilities/capability-gate.tsx';
import { useRouteParam } from '#web/url/search-state.ts';
import { titleOf } from '../sources/source-words.ts';
import { useSources } from '../sources/use-sources.ts';
import type { Narrowing, Offered } from './narrowing.ts';

/** The ways of narrowing a search that this product offers. */
export const useOffered = (): Offered => ({
  bySource: useCapability('configuration.rag.retrieval.filtering.bySource'), byDate: useCapability('configuration.rag.retrieval.filtering.byDate'), byMetadata: useCapability('configuration.rag.retrieval.filtering.byMetadata'),
});

/** Narrows a search to some documents. Nothing where the product offers none of it. */
export const NarrowFields = ({ value, offered: { bySource, byDate, byMetadata }, onChange }: { value: Narrowing; offered: Offered; onChange: (patch: Partial<Narrowing>) => void }) => {
  const sources = useSources(useRouteParam('sub')).data?.data ?? [];
  return (
    <Group gap="xs" mt="xs" align="flex-start">
      {bySource && sources.length > 1 && (
        <MultiSelect
          size="xs" miw={180} maw={360} aria-label="Only from" placeholder={value.in.length === 0 ? 'Every source' : undefined} clearable value={value.in}
          data={sources.map((source) => ({ value: source.id, label: titleOf(source) }))} onChange={(next) => { onChange({ in: next }); }}
        />
      )}
      {byMetadata && <TextInput size="xs" w={140} aria-label="Only of the category" placeholder="Any category" maxLength={80} value={value.category} onChange={(event) => { onChange({ category: event.currentTarget.value }); }} />}
      {byDate && <TextInput size="xs" w={170} type="date" aria-label="Written on or after" leftSection="from" leftSectionWidth={42} value={value.from} onChange={(event) => { onChange({ from: event.currentTarget.value }); }} />}
      {byDate && <TextInput size="xs" w={155} type="date" aria-label="Written until" leftSection="to" leftSectionWidth={28} value={value.to} onChange={(event) => { onChange({ to: event.currentTarget.value }); }} />}
      {byMetadata && <TextInput size="xs" w={110} aria-label="Only with the field" placeholder="Any field" maxLength={80} value={value.field} onChange={(event) => { onChange({ field: event.currentTarget.value }); }} />}
      {byMetadata && value.field !== '' && <TextInput size="xs" w={110} aria-label={`${value.field} is`} placeholder="is anything" maxLength={200} value={value.is} onChange={(event) => { onChange({ is: event.currentTarget.value }); }} />}
    </Group>
  );
};
