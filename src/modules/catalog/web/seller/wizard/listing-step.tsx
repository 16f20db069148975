import { Button, Chip, Group, Input, Modal, Stack, TagsInput, Text, Textarea, TextInput, Title } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { lazy, Suspense, useEffect, useRef, type ReactNode } from 'react';
import { z } from 'zod';
import { useSession } from '#web/session/session.ts';
import { Listing } from '../../../contract.ts';
import { departmentWord } from '../../price-words.ts';
import { ListingDraft, productOfDraft, slugOf } from '../listing-draft.ts';
import { CardPreview, PagePreview } from '../product-preview.tsx';
import type { StepProps } from './draft-wizard.tsx';
import { LogoField, ScreenshotsField } from './pictures.tsx';
import classes from './listing.module.css';

const MarkdownEditor = lazy(() => import('#web/kit/markdown-editor.tsx').then((module) => ({ default: module.MarkdownEditor })));

const ORDER = ['label', 'input', 'description', 'error'] as const;
const SUMMARY_MAX = 150;
const DEPARTMENTS = Listing.shape.departments.unwrap().element.options;
const Departments = z.array(Listing.shape.departments.unwrap().element);

/** The draft as buyers would see it. */
export const useDraftProduct = ({ productId, open }: Pick<StepProps, 'productId' | 'open'>) => {
  const { organization } = useSession();
  const { draft, view } = open;
  return productOfDraft({
    productId, listing: ListingDraft.parse(draft.listing), plans: draft.plans, capabilities: view.capabilities, subcategory: draft.subcategory,
    parameters: (view.report?.parameters ?? []).filter(({ name }) => draft.exposedParameters.includes(name)), provider: organization?.provider ?? { id: '', name: 'You' },
  });
};

/** The fifth step: what the marketplace shows, beside the card it becomes. */
export const ListingStep = (props: StepProps) => {
  const { open, strict } = props;
  const listing = ListingDraft.parse(open.draft.listing);
  const latest = useRef(open.draft.listing);
  useEffect(() => { latest.current = open.draft.listing; }, [open.draft.listing]);
  const set = (fields: Partial<ListingDraft>) => {
    latest.current = { ...latest.current, ...fields };
    open.change({ listing: latest.current });
  };
  // An imported name brings no address along; somebody who empties it later means it.
  const { change } = open;
  useEffect(() => {
    const { name, slug } = ListingDraft.parse(latest.current);
    if (slug === '' && slugOf(name) !== '') change({ listing: { ...latest.current, slug: slugOf(name) } });
  }, [change]);
  const product = useDraftProduct(props);
  const [previewed, preview] = useDisclosure(false);
  // What was not filled in yet is only called missing once somebody has gone on without it.
  const errors = Object.fromEntries(open.view.findings.filter(({ step, severity }) => step === 'listing' && severity === 'error').toReversed().flatMap(({ path, message }) => {
    const field = path.replace(/^listing\.?/, '');
    const [top = ''] = field.split('.');
    const value: unknown = open.draft.listing[top];
    const untouched = value === undefined || value === null || value === '';
    return untouched && !strict ? [] : [[top, message]];
  })) as Readonly<Record<string, string | undefined>>; // `fromEntries` of an empty list has no value type.
  return (
    <div className={classes.columns}>
      <div className={classes.form}>
        <Words listing={listing} errors={errors} set={set} />
        <Part title="Pictures">
          <LogoField value={listing.logo} name={product.name} category={product.category} error={errors.logo} onChange={(logo) => { set({ logo }); }} />
          <ScreenshotsField value={listing.screenshots} error={errors.screenshots} onChange={(change) => { set({ screenshots: change(ListingDraft.parse(latest.current).screenshots) }); }} />
          <LinkField label="Demo video" description="A YouTube or Vimeo address." placeholder="https://" value={listing.videoUrl} error={errors.videoUrl} onChange={(videoUrl) => { set({ videoUrl }); }} />
        </Part>
        <Part title="To be found">
          <TagsInput label="Tags" description="Up to 12, two letters or more. Press Enter after each." inputWrapperOrder={[...ORDER]} maxTags={12} value={listing.tags} error={errors.tags} onChange={(tags) => { set({ tags }); }} />
          <Input.Wrapper label="Departments" labelElement="div" error={errors.departments}>
            <Chip.Group multiple value={listing.departments} onChange={(values) => { set({ departments: Departments.parse(values) }); }}>
              <Group gap="xs" role="group" aria-label="Departments">{DEPARTMENTS.map((name) => <Chip key={name} value={name} size="sm" radius="sm" variant="outline">{departmentWord(name)}</Chip>)}</Group>
            </Chip.Group>
          </Input.Wrapper>
          <LinkField label="Documentation" description="Where buyers can read more." placeholder="https://" value={listing.docsUrl} error={errors.docsUrl} onChange={(docsUrl) => { set({ docsUrl }); }} />
        </Part>
        {product.can_try && (
          <Part title="First words">
            <Textarea label="Welcome message" description="The first thing people read when they try it. Buyers may write their own." inputWrapperOrder={[...ORDER]} autosize minRows={2} maxRows={8} maxLength={1000} dir="auto" value={listing.welcomeMessage} error={errors.welcomeMessage} onChange={(event) => { set({ welcomeMessage: event.currentTarget.value }); }} />
            <TagsInput label="Suggested questions" description="Tried with one click. Press Enter after each." inputWrapperOrder={[...ORDER]} splitChars={[]} maxTags={8} value={listing.suggestedPrompts} error={errors.suggestedPrompts} onChange={(suggestedPrompts) => { set({ suggestedPrompts }); }} />
          </Part>
        )}
      </div>
      <aside className={classes.side} aria-label="Preview">
        <Group justify="space-between"><Text fw={600}>In the marketplace</Text><Button size="compact-xs" variant="subtle" onClick={preview.open}>Preview the page</Button></Group>
        <CardPreview product={product} />
      </aside>
      <Modal opened={previewed} onClose={preview.close} title="Your product page" size="56rem"><PagePreview product={product} /></Modal>
    </div>
  );
};

const Part = ({ title, children }: { title: string; children: ReactNode }) => <section className={classes.part} aria-label={title}><Title order={3}>{title}</Title>{children}</section>;

const LinkField = ({ value, onChange, ...rest }: { label: string; description: string; placeholder: string; value: string | null; error?: string; onChange: (value: string | null) => void }) => (
  <TextInput {...rest} type="url" inputWrapperOrder={[...ORDER]} value={value ?? ''} maxLength={300} onChange={(event) => { onChange(event.currentTarget.value === '' ? null : event.currentTarget.value); }} />
);

const Words = ({ listing, errors, set }: { listing: ListingDraft; errors: Readonly<Record<string, string | undefined>>; set: (fields: Partial<ListingDraft>) => void }) => {
  // The address follows the name until somebody gives it one of its own.
  const follows = listing.slug === '' || listing.slug === slugOf(listing.name);
  return (
    <section className={classes.part} aria-label="Words">
      <TextInput label="Name" value={listing.name} maxLength={80} error={errors.name} dir="auto" onChange={(event) => { const name = event.currentTarget.value; set({ name, ...(follows ? { slug: slugOf(name) } : {}) }); }} />
      <TextInput
        label="Address" description={`${window.location.host}/marketplace-public-offering/${listing.slug || '…'}/`} inputWrapperOrder={[...ORDER]} value={listing.slug} maxLength={80} error={errors.slug} spellCheck={false}
        onChange={(event) => { set({ slug: event.currentTarget.value.toLowerCase().replaceAll(/[^a-z0-9-]+/g, '-') }); }}
      />
      <Textarea
        label={<Group component="span" justify="space-between" w="100%">Summary<span className={classes.counter} data-near={listing.summary.length > SUMMARY_MAX - 15 || undefined}>{listing.summary.length} of {SUMMARY_MAX}</span></Group>}
        aria-label="Summary" labelProps={{ style: { display: 'block' } }} description="One sentence that says what it does and for whom." inputWrapperOrder={[...ORDER]} autosize minRows={2} maxRows={4} maxLength={SUMMARY_MAX} dir="auto"
        value={listing.summary} error={errors.summary} onChange={(event) => { set({ summary: event.currentTarget.value.replaceAll('\n', ' ') }); }}
      />
      <Stack gap={0}>
        <Suspense fallback={<Textarea label="Description" disabled minRows={8} autosize />}>
          <MarkdownEditor label="Description" description="What it does, how it is set up, what it needs." value={listing.description} maxLength={20_000} error={errors.description} onChange={(description) => { set({ description }); }} />
        </Suspense>
      </Stack>
    </section>
  );
};
