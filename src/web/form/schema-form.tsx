import { Alert, Button, Stack, Text, Title } from '@mantine/core';
import { useHotkeys } from '@mantine/hooks';
import { IconAlertCircle } from '@tabler/icons-react';
import { useEffect, useMemo, useRef, useState, type ReactNode } from 'react';
import { z } from 'zod';
import { asProblem } from '#web/api/problem.ts';
import { UnsavedGuard } from '#web/kit/unsaved-guard.tsx';
import { nodeAt, sentValue, startValue } from './form-defaults.ts';
import { AnyNode, FormNodes } from './form-nodes.tsx';
import { formModel, type ObjectNode } from './form-model.ts';
import { outline, type SectionGroup } from './form-outline.ts';
import { checkValue, serverErrors, type FormErrors } from './form-problems.ts';
import { createFormStore, FormContext, useFormSelector, type FormStore } from './form-store.ts';
import { parsePath } from './form-values.ts';
import { SaveBar } from './save-bar.tsx';
import { FormSection } from './form-section.tsx';
import { SectionIndex } from './section-index.tsx';
import classes from './schema-form.module.css';

export interface SchemaFormProps<Schema extends z.ZodType> {
  /** The object to edit: hints in `.meta({ title, description, ui })` decide how it looks. */
  schema: Schema | Record<string, unknown>;
  /** What is saved now; the schema's defaults fill what is missing. */
  initial?: unknown;
  /**
   * Saves. The value has passed the schema. A rejected promise shows beside the fields (`problem.errors[].path`) or above
   * the form; the form stays as the person left it.
   */
  onSubmit: (value: z.output<Schema>) => Promise<unknown>;
  /** The button's verb; `Save` unless told. */
  submitLabel?: string;
  /** `bar`: appears at the bottom once something changed (settings). `button`: always there, at the end (dialogs, wizards). `none`: whoever draws it keeps every change through `onChange`. */
  actions?: 'bar' | 'button' | 'none';
  /** `index` puts a list of sections at the left; `auto` does so from five sections. `plain` draws no frames (dialogs); `narrow` neither frames nor fields beside each other. */
  layout?: 'auto' | 'index' | 'stack' | 'plain' | 'narrow';
  /** What the plan lacks: dotted path to the name of the plan that has it. */
  locked?: Readonly<Record<string, string>>;
  /** Where "Compare plans" of a locked part leads. */
  plansHref?: string;
  disabled?: boolean;
  /** Stores a picture and answers its address; without it, picture fields take an address. */
  uploadImage?: (file: File) => Promise<string>;
  /** Sees every change, for a preview beside the form. The value has not been checked. */
  onChange?: (value: unknown) => void;
  /** Beside the submit button. */
  secondary?: ReactNode;
  /** A second action on a value that has passed the schema, such as a test. It saves nothing; what it rejects with shows beside the fields. */
  check?: FormCheck<z.output<Schema>>;
  /** Between the fields and the buttons. */
  below?: ReactNode;
}

export interface FormCheck<Value> { label: string; run: (value: Value) => Promise<unknown> }

/** The JSON Schema a form is drawn from, whichever kind was given. */
const jsonSchemaOf = (schema: z.ZodType | Record<string, unknown>): Record<string, unknown> =>
  schema instanceof z.ZodType ? z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) : schema;

/** The check that runs before anything is sent; null if this JSON Schema has no Zod counterpart and the server decides. */
const checkerOf = (schema: z.ZodType | Record<string, unknown>): z.ZodType | null => {
  if (schema instanceof z.ZodType) return schema;
  try { return z.fromJSONSchema(schema); } catch { return null; }
};

/** Draws, checks and saves any object schema: the seller's capability editor and the buyer's configuration alike. */
export const SchemaForm = <Schema extends z.ZodType>(props: SchemaFormProps<Schema>) => {
  const { schema, initial, locked, plansHref, uploadImage, disabled = false } = props;
  const model = useMemo(() => formModel(jsonSchemaOf(schema)), [schema]);
  const checker = useMemo(() => checkerOf(schema), [schema]);
  // oxlint-disable-next-line react/exhaustive-deps -- a new `initial` is taken over below, and only where nothing would be lost
  const store = useMemo(() => createFormStore(model, startValue(model, initial ?? {})), [model]);
  const first = useRef(true);
  useEffect(() => {
    // A newer saved value replaces the shown one, but never what somebody is in the middle of writing.
    if (!first.current && !store.isDirty()) store.reset(startValue(model, initial ?? {}));
    first.current = false;
  }, [store, model, initial]);
  const { onChange } = props;
  useEffect(() => (onChange === undefined ? undefined : store.subscribe(() => { onChange(store.values()); })), [store, onChange]);
  const surroundings = useMemo(() => ({ store, disabled, locked: locked ?? {}, plansHref, uploadImage, Node: AnyNode, Nodes: FormNodes }), [store, disabled, locked, plansHref, uploadImage]);
  const submission = useSubmission(store, model, checker, props.onSubmit, props.check);
  return (
    <FormContext value={surroundings}>
      <FormBody {...props} model={model} {...submission} />
    </FormContext>
  );
};

interface Submission { saving: boolean; submit: () => Promise<void>; checking: boolean; runCheck: () => Promise<void> }

const useSubmission = <Value,>(store: FormStore, model: ObjectNode, checker: z.ZodType | null, onSubmit: (value: Value) => Promise<unknown>, check?: FormCheck<Value>): Submission => {
  const [busy, setBusy] = useState<'saving' | 'checking' | null>(null);
  const running = useRef(false);
  const fail = (errors: FormErrors) => {
    store.setErrors(errors);
    requestAnimationFrame(() => { showErrors(store, errors); });
  };
  const run = async (what: 'saving' | 'checking', action: (value: Value) => Promise<unknown>) => {
    if (running.current) return;
    const before = store.values();
    const sent = sentValue(model, before);
    const checked = checker === null ? { ok: true as const, value: sent } : checkValue(checker, sent);
    if (!checked.ok) { fail(checked.errors); return; }
    running.current = true;
    setBusy(what);
    try {
      // The value passed the very schema that gave `Value` its type.
      await action(checked.value as Value);
      if (what === 'checking') return;
      // What was typed while saving stays unsaved.
      const now = store.values();
      store.reset(before);
      if (now !== before) store.set([], now);
    } catch (error) {
      fail(serverErrors(asProblem(error), model));
    } finally {
      running.current = false;
      setBusy(null);
    }
  };
  return {
    saving: busy === 'saving', submit: async () => run('saving', onSubmit),
    checking: busy === 'checking', runCheck: async () => { if (check !== undefined) await run('checking', check.run); },
  };
};

/** Brings the first field that is wrong into sight and focus. What no drawn field carries is said above the form. */
const showErrors = (store: FormStore, errors: FormErrors): void => {
  const drawn = new Map([...document.querySelectorAll<HTMLElement>('[data-form-path]')].map((element) => [element.dataset.formPath ?? '', element]));
  const lost = Object.entries(errors).filter(([path]) => path !== '' && !drawn.has(path));
  if (lost.length > 0) {
    const said = lost.map(([path, message]) => `${nodeAt(store.model, parsePath(path))?.title ?? path}: ${message}`);
    store.setErrors({ ...errors, '': [errors[''], ...said].filter(Boolean).join('\n') });
  }
  const first = [...drawn].find(([path]) => path !== '' && Object.hasOwn(errors, path))?.[1] ?? drawn.get('');
  first?.scrollIntoView({ block: 'center' });
  first?.querySelector<HTMLElement>('input, textarea, select, button')?.focus({ preventScroll: true });
};

type BodyProps = Pick<SchemaFormProps<z.ZodType>, 'submitLabel' | 'actions' | 'layout' | 'disabled' | 'secondary' | 'below'> & Submission & { model: ObjectNode; check?: { label: string } };

const FormBody = ({ model, saving, submit, checking, runCheck, check, submitLabel = 'Save', actions = 'bar', layout = 'auto', disabled = false, secondary, below }: BodyProps) => {
  const groups = useMemo(() => outline(model), [model]);
  const count = groups.reduce((sum, group) => sum + group.sections.length, 0);
  const withIndex = layout === 'index' || (layout === 'auto' && count >= 5);
  const form = useRef<HTMLFormElement>(null);
  useHotkeys([['mod+S', () => { if (!disabled) form.current?.requestSubmit(); }]], []);
  return (
    <form
      ref={form}
      noValidate
      className={withIndex ? classes.indexed : layout === 'narrow' ? classes.narrow : undefined}
      onSubmit={(event) => {
        event.preventDefault();
        event.stopPropagation();
        // Text that is not JSON yet was never stored: saving now would save something else than what is on screen.
        const unreadable = event.currentTarget.querySelector<HTMLElement>('[data-unreadable]');
        if (unreadable === null) void submit();
        else unreadable.focus();
      }}
    >
      {withIndex && <SectionIndex groups={groups} />}
      <Stack gap="lg" miw={0}>
        <FormError />
        {groups.map((group) => <Group key={group.title} group={group} plain={layout === 'plain' || layout === 'narrow'} />)}
        {below}
        {disabled || actions === 'none' ? null : (
          <SaveBar
            mode={actions} saving={saving} label={submitLabel}
            secondary={check === undefined ? secondary : <>{secondary}<Button variant="default" loading={checking} disabled={saving} onClick={() => { void runCheck(); }}>{check.label}</Button></>}
          />
        )}
      </Stack>
      {actions === 'none' ? null : <Guard />}
    </form>
  );
};

const Group = ({ group, plain }: { group: SectionGroup; plain: boolean }) => (
  <Stack gap="md">
    {group.title !== '' && (
      <div>
        <Title order={2}>{group.title}</Title>
        {group.description !== '' && <Text c="dimmed">{group.description}</Text>}
      </div>
    )}
    {group.sections.map((section) => <FormSection key={section.id} section={section} plain={plain} heading={group.title === '' ? 2 : 3} />)}
  </Stack>
);

const FormError = () => {
  const message = useFormSelector((store) => store.errors()['']);
  if (!message) return null;
  return (
    <Alert data-form-path="" color="red" icon={<IconAlertCircle />} title="This could not be saved" role="alert" className={classes.lines}>
      {message}
    </Alert>
  );
};

const Guard = () => {
  const dirty = useFormSelector((store) => store.isDirty());
  return <UnsavedGuard when={dirty} />;
};
