import { Autocomplete, TagsInput, Text, type AutocompleteProps, type OptionsFilter, type TagsInputProps } from '@mantine/core';
import { modelEndpoints, type ListedModel } from '#modules/models/contract.ts';
import { useEndpoint } from '#web/api/use-endpoint.ts';
import { formatMoney, formatNumber } from '#web/kit/format.ts';

/** The lists that a schema's `suggestions` may name. */
const LISTS: Readonly<Record<string, ListedModel['kind']>> = { 'chat-models': 'chat', 'embedding-models': 'embedding', 'rerank-models': 'rerank' };

/** A text that may be chosen from what this installation has. Anything may be typed: the server judges it. */
export const SuggestedText = ({ list, ...rest }: { list: string } & Omit<AutocompleteProps, 'data'>) => <Autocomplete {...rest} {...useSuggestions(list)} spellCheck={false} />;

/** The same for several. */
export const SuggestedTags = ({ list, ...rest }: { list: string } & Omit<TagsInputProps, 'data'>) => <TagsInput {...rest} {...useSuggestions(list)} />;

const useSuggestions = (list: string): Pick<AutocompleteProps, 'data' | 'renderOption' | 'filter'> => {
  const kind = LISTS[list];
  const { data } = useEndpoint(modelEndpoints.list, { query: { kind } }, { enabled: kind !== undefined, staleMs: 300_000 });
  const models = new Map(data?.data.filter(({ available }) => available).map((model) => [model.id, model]));
  const filter: OptionsFilter = ({ options, search }) => {
    const sought = search.trim().toLowerCase();
    // What is chosen already must not hide the others.
    if (sought === '' || models.has(search.trim())) return options;
    return options.filter((option) => 'value' in option && `${option.value} ${models.get(option.value)?.title ?? ''}`.toLowerCase().includes(sought));
  };
  return {
    data: [...models.keys()], filter,
    renderOption: ({ option }) => {
      const model = models.get(option.value);
      return <div>{option.value}{model !== undefined && <Text size="xs" c="dimmed">{aboutModel(model)}</Text>}</div>;
    },
  };
};

/** `House Embed · 64 to 768 numbers · 8,192 tokens · €0.02 for a million tokens`. */
const aboutModel = ({ title, dimensions, dimensions_min: shortest, context_tokens: tokens, price }: ListedModel): string => [
  title,
  dimensions !== null && `${shortest === null ? '' : `${formatNumber(shortest)} to `}${formatNumber(dimensions)} numbers`,
  tokens !== null && `${formatNumber(tokens)} tokens`,
  price !== null && `${formatMoney(price.input, price.currency)}${price.output > 0 ? ` read, ${formatMoney(price.output, price.currency)} written` : ''} for a million tokens`,
].filter((part) => part !== false).join(' · ');
