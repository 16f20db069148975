import {
  Chip, Group, Input, MultiSelect, NumberInput, PasswordInput, Radio, Select, SimpleGrid, Slider, Switch, TagsInput, Text, Textarea, TextInput,
} from '@mantine/core';
import { lazy, Suspense, type ReactNode } from 'react';
import { DurationField } from './duration-field.tsx';
import type { FieldNode } from './form-model.ts';
import { useFormSurroundings, useFormValue, useLock, useOwnLock } from './form-store.ts';
import { pathKey, type Path } from './form-values.ts';
import { JsonField } from './json-field.tsx';
import { Lock } from './lock.tsx';
import classes from './schema-form.module.css';

// These bring editors of their own and are fetched by the first form that needs one.
const ColorField = lazy(() => import('#web/kit/color-field.tsx').then((module) => ({ default: module.ColorField })));
const ImageField = lazy(() => import('./image-field.tsx').then((module) => ({ default: module.ImageField })));
const SuggestedTags = lazy(() => import('./suggested-field.tsx').then((module) => ({ default: module.SuggestedTags })));
const SuggestedText = lazy(() => import('./suggested-field.tsx').then((module) => ({ default: module.SuggestedText })));
const MarkdownEditor = lazy(() => import('#web/kit/markdown-editor.tsx').then((module) => ({ default: module.MarkdownEditor })));

/** Label above, help below the field, what to do about a mistake beside it. */
const ORDER = ['label', 'input', 'description', 'error'] as const;

/** One value, drawn by its widget. */
export const Field = ({ node, path }: { node: FieldNode; path: Path }) => {
  const { disabled } = useFormSurroundings();
  const { value, error, set } = useFormValue(path);
  const lock = useLock(path);
  const own = useOwnLock(path);
  return (
    <div data-form-path={pathKey(path)}>
      <Widget node={node} value={value} set={set} error={error} disabled={disabled || lock !== null} />
      {own !== null && <Group mt={4}><Lock plan={own} /></Group>}
    </div>
  );
};

interface WidgetProps { node: FieldNode; value: unknown; set: (value: unknown) => void; error: string | undefined; disabled: boolean }

const textOf = (value: unknown): string => (typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '');
const textsOf = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : []);
const numberOf = (value: unknown): number | undefined => (typeof value === 'number' ? value : undefined);

/** What every input of the library takes alike. */
const common = ({ node, error, disabled }: WidgetProps) => ({
  label: node.title,
  description: node.description || undefined,
  error,
  disabled,
  required: node.required && node.defaultValue === undefined,
  placeholder: node.hint.placeholder,
  inputWrapperOrder: [...ORDER],
});

const Widget = (props: WidgetProps): ReactNode => {
  const { node, value, set } = props;
  if (node.type === 'json') return <JsonField {...common(props)} value={value} onChange={set} />;
  if (node.type === 'boolean') return <SwitchRow {...props} />;
  if (node.type === 'choices' || node.type === 'strings') return <ManyField {...props} />;
  if (node.type === 'choice') return <ChoiceField {...props} />;
  if (node.type === 'number' || node.type === 'integer') return node.widget === 'duration' ? <DurationField {...common(props)} value={value} onChange={set} unit={node.hint.unit ?? 's'} /> : <NumberField {...props} />;
  return <TextField {...props} />;
};

const TextField = (props: WidgetProps): ReactNode => {
  const { node, value, set, disabled } = props;
  const shared = { ...common(props), value: textOf(value), maxLength: node.max ?? undefined };
  const onChange = (event: { currentTarget: { value: string } }) => { set(event.currentTarget.value); };
  const labelled = { label: node.title, description: node.description, error: props.error, disabled };
  switch (node.widget) {
    case 'textarea': return <Textarea {...shared} onChange={onChange} autosize minRows={3} maxRows={12} dir="auto" />;
    case 'code': return <Textarea {...shared} onChange={onChange} autosize minRows={5} maxRows={20} spellCheck={false} className={classes.code} />;
    case 'password': return <PasswordInput {...shared} onChange={onChange} autoComplete="new-password" />;
    case 'duration': return <DurationField {...common(props)} value={value} onChange={set} unit={null} />;
    case 'color': return <Suspense fallback={<Waiting title={node.title} />}><ColorField {...labelled} value={textOf(value)} onChange={set} /></Suspense>;
    case 'image': return <Suspense fallback={<Waiting title={node.title} />}><ImageField {...labelled} value={textOf(value)} onChange={set} /></Suspense>;
    case 'markdown': return <Suspense fallback={<Waiting title={node.title} />}><MarkdownEditor {...labelled} value={textOf(value)} onChange={set} maxLength={node.max ?? undefined} /></Suspense>;
    default: {
      const { suggestions } = node.hint;
      if (suggestions !== undefined) return <Suspense fallback={<Waiting title={node.title} />}><SuggestedText {...shared} list={suggestions} onChange={set} /></Suspense>;
      const type = node.format === 'email' ? 'email' : node.format === 'uri' ? 'url' : 'text';
      return <TextInput {...shared} onChange={onChange} type={type} inputMode={type} dir="auto" rightSection={node.hint.unit && <Unit>{node.hint.unit}</Unit>} />;
    }
  }
};

const Waiting = ({ title }: { title: string }) => <Input.Wrapper label={title}><Input disabled value="" readOnly /></Input.Wrapper>;
const Unit = ({ children }: { children: ReactNode }) => <Text c="dimmed" size="xs" component="span" pe="xs" style={{ whiteSpace: 'nowrap' }}>{children}</Text>;

const NumberField = (props: WidgetProps) => {
  const { node, value, set, disabled } = props;
  const { unit, step } = node.hint;
  if (node.widget === 'slider' && node.min !== null && node.max !== null) {
    const number = numberOf(value) ?? node.min;
    return (
      <Input.Wrapper label={node.title} description={node.description || undefined} error={props.error} inputWrapperOrder={[...ORDER]} labelElement="div">
        <Group wrap="nowrap" gap="md" h={36}>
          <Slider
            flex={1} min={node.min} max={node.max} step={step ?? (node.type === 'integer' ? 1 : (node.max - node.min) / 100)}
            value={number} onChange={set} disabled={disabled} label={null} thumbLabel={node.title}
          />
          <Text className="tabular" miw={48} ta="end">{number.toLocaleString()}{unit ? ` ${unit}` : ''}</Text>
        </Group>
      </Input.Wrapper>
    );
  }
  return (
    <NumberInput
      {...common(props)} value={numberOf(value) ?? ''} min={node.min ?? undefined} max={node.max ?? undefined} step={step ?? 1} clampBehavior="none"
      allowDecimal={node.type === 'number'} thousandSeparator="," hideControls={unit !== undefined}
      rightSection={unit === undefined ? undefined : <Unit>{unit}</Unit>} rightSectionWidth={unit === undefined ? undefined : `${unit.length * 0.5 + 1.25}rem`}
      onChange={(next) => { set(typeof next === 'number' ? next : undefined); }}
    />
  );
};

const SwitchRow = ({ node, value, set, error, disabled }: WidgetProps) => (
  <Switch
    checked={value === true} label={node.title} description={node.description || undefined} error={error} disabled={disabled}
    labelPosition="left" classNames={{ body: classes.switchRow }} onChange={(event) => { set(event.currentTarget.checked); }}
  />
);

const ChoiceField = (props: WidgetProps) => {
  const { node, value, set, disabled } = props;
  // A choice keeps its own type: the inputs know only text.
  const pick = (label: string | null) => { set(node.choices.find((choice) => String(choice.value) === label)?.value); };
  const current = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : null;
  if (node.widget === 'radio-cards') {
    return (
      <Radio.Group label={node.title} description={node.description || undefined} error={props.error} value={current} onChange={pick} inputWrapperOrder={[...ORDER]}>
        <SimpleGrid cols={{ base: 1, sm: node.hint.columns ?? 2 }} spacing="xs">
          {node.choices.map((choice) => (
            <Radio.Card key={String(choice.value)} value={String(choice.value)} disabled={disabled} className={classes.radioCard} type="button">
              <Group gap="xs" wrap="nowrap" align="flex-start">
                <Radio.Indicator />
                <div>
                  <Text fw={500}>{choice.label}</Text>
                  {choice.description !== undefined && <Text c="dimmed" size="xs">{choice.description}</Text>}
                </div>
              </Group>
            </Radio.Card>
          ))}
        </SimpleGrid>
      </Radio.Group>
    );
  }
  const data = node.choices.map((choice) => ({ value: String(choice.value), label: choice.label }));
  return (
    <Select
      {...common(props)} data={data} value={current} onChange={pick} searchable={data.length > 8}
      clearable={!node.required && node.defaultValue === undefined} allowDeselect={false} placeholder={node.hint.placeholder ?? 'Choose'}
    />
  );
};

const ManyField = (props: WidgetProps) => {
  const { node, value, set, disabled } = props;
  const values = textsOf(value);
  if (node.type === 'strings') {
    const { suggestions } = node.hint;
    const tags = { ...common(props), value: values, onChange: set, maxTags: node.max ?? undefined, placeholder: values.length > 0 ? undefined : node.hint.placeholder ?? 'Type and press Enter', clearable: true };
    return suggestions === undefined ? <TagsInput {...tags} /> : <Suspense fallback={<Waiting title={node.title} />}><SuggestedTags {...tags} list={suggestions} /></Suspense>;
  }
  const pick = (labels: string[]) => { set(node.choices.filter((choice) => labels.includes(String(choice.value))).map((choice) => choice.value)); };
  if (node.widget === 'chips') {
    return (
      <Input.Wrapper label={node.title} description={node.description || undefined} error={props.error} inputWrapperOrder={[...ORDER]} labelElement="div">
        <Chip.Group multiple value={values} onChange={pick}>
          <Group gap="xs" py={4} role="group" aria-label={node.title}>
            {node.choices.map((choice) => <Chip key={String(choice.value)} value={String(choice.value)} disabled={disabled} size="sm" radius="sm" variant="outline">{choice.label}</Chip>)}
          </Group>
        </Chip.Group>
      </Input.Wrapper>
    );
  }
  const data = node.choices.map((choice) => ({ value: String(choice.value), label: choice.label }));
  return <MultiSelect {...common(props)} data={data} value={values} onChange={pick} searchable={data.length > 8} clearable maxValues={node.max ?? undefined} />;
};
