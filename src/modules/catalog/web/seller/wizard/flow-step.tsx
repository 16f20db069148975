import { Button, Group, Select, Text, Title } from '@mantine/core';
import { IconDownload, IconFileCode, IconReplace, IconSitemap, IconTemplate } from '@tabler/icons-react';
import { useState } from 'react';
import type { ImportReport } from '#modules/flows/contract.ts';
import { ProductConnections } from '#modules/connections/web/requirements.tsx';
import { downloadEndpoint } from '#web/api/call-endpoint.ts';
import { LinkButton } from '#web/kit/link.tsx';
import { toast } from '#web/kit/toast.tsx';
import { sellerPaths } from '#web/url/paths.ts';
import { providerEndpoints } from '../../../contract.ts';
import type { StepProps } from './draft-wizard.tsx';
import { Findings } from './finding-list.tsx';
import { ImportPanel, ImportProgress } from './import-panel.tsx';
import { ImportReportView, Verdict } from './import-report.tsx';
import { StudioCard } from './studio-card.tsx';
import { useImport, type FlowImporting } from './use-import.ts';
import { WhereItRuns } from './where-it-runs.tsx';
import classes from './import.module.css';

const FORMATS: Readonly<Record<string, string>> = { langflow: 'Langflow', n8n: 'n8n', flowise: 'Flowise', dify: 'Dify', openapi: 'OpenAPI', mcp: 'MCP', template: 'Template', cmp: 'Made here' };

/** The second step: a flow comes in, and what it is is shown in full. */
export const FlowStep = ({ productId, provider, open, strict }: StepProps) => {
  const [replacing, setReplacing] = useState(false);
  const importing = useImport(productId, open.flush, (view) => { open.replace(view); setReplacing(false); });
  const { report, findings } = open.view;
  const about = findings.filter(({ step, severity }) => step === 'flow' && (report !== null || strict || severity !== 'error'));
  // The report names what does not run; saying it again above would only be longer.
  const named = new Set(report?.nodes.unsupported.map(({ id }) => `flow.nodes.${id}`));
  const other = about.filter(({ path }) => report === null || (path !== 'flow.nodes' && !named.has(path)));
  if (report === null) {
    return (
      <>
        <Findings title="Still missing" findings={about} />
        <ImportPanel productId={productId} importing={importing} />
        <StudioCard productId={productId} open={open} />
      </>
    );
  }
  const expose = (name: string, on: boolean) => {
    const before = open.draft.exposedParameters.filter((other_) => other_ !== name);
    open.change({ exposedParameters: on ? [...before, name] : before });
  };
  const busy = importing.work.state === 'sending';
  return (
    <>
      <Source report={report} productId={productId} provider={provider} template={open.draft.template} replacing={replacing} importing={importing} onReplace={() => { setReplacing(!replacing); }} />
      {replacing ? <ImportPanel productId={productId} importing={importing} /> : <ImportProgress work={importing.work} onCancel={importing.cancel} />}
      <Findings title={other.some(({ severity }) => severity === 'error') ? 'To solve before you submit' : 'Worth a look'} findings={other} />
      <WhereItRuns open={open} report={report} />
      {report.requires.connections.length > 0 && <FlowConnections productId={productId} />}
      <StudioCard productId={productId} open={open} />
      <ImportReportView
        report={report} exposed={open.draft.exposedParameters} onExpose={expose}
        {...(busy ? {} : { onOperations: (ids: readonly string[]) => { importing.choose(ids, report.name); } })}
      />
    </>
  );
};

const FlowConnections = ({ productId }: { productId: string }) => (
  <section className={classes.card} aria-label="Connections">
    <div className={classes.cardHead}><div><Title order={3}>Connections</Title><Text c="dimmed">Bring a connection of yours for all buyers, or leave it open so that each buyer brings their own.</Text></div></div>
    <div className={classes.cardBody}><ProductConnections productId={productId} /></div>
  </section>
);

/** Some files state an id of theirs as their version, which tells a person nothing. */
const shownVersion = ({ version }: ImportReport): string => (version === null || /^[0-9a-f]{8}-[0-9a-f-]{27}$/i.test(version) ? '' : ` ${version}`);

const Source = ({ report, productId, provider, template, replacing, importing, onReplace }: {
  report: ImportReport; productId: string; provider: string; template: string | null; replacing: boolean; importing: FlowImporting; onReplace: () => void;
}) => {
  const SourceIcon = template === null ? IconFileCode : IconTemplate;
  const { bundle } = importing;
  const download = () => { downloadEndpoint(providerEndpoints.downloadFlow, { params: { productId } }).catch((error: unknown) => { toast.problem(error); }); };
  return (
    <section className={classes.card} aria-label="The flow">
      <div className={classes.cardHead}>
        <div className={classes.source}>
          <span className={classes.sourceIcon} aria-hidden><SourceIcon size={20} stroke={1.75} /></span>
          <div>
            <Text fw={600}>{report.name === '' ? 'Imported flow' : report.name}</Text>
            <Text c="dimmed">{FORMATS[report.format] ?? report.format}{shownVersion(report)}{report.description === '' ? '' : ` · ${report.description.slice(0, 120)}`}</Text>
          </div>
        </div>
        <Group gap="xs">
          <LinkButton to={sellerPaths.editFlow(provider, productId)} size="xs" leftSection={<IconSitemap size={14} />}>Edit the flow</LinkButton>
          <Button size="xs" variant="default" leftSection={<IconDownload size={14} />} onClick={download}>Download</Button>
          <Button size="xs" variant="default" leftSection={<IconReplace size={14} />} aria-expanded={replacing} onClick={onReplace}>{replacing ? 'Keep this one' : 'Replace'}</Button>
        </Group>
      </div>
      <div className={classes.cardBody}>
        {bundle !== null && (
          <Select
            size="xs" mb="md" maw={360} label={`${bundle.file.name} holds ${bundle.names.length} flows`} data={bundle.names.map((name, at) => ({ value: String(at), label: name }))} value={String(bundle.pick)} allowDeselect={false}
            searchable={bundle.names.length > 8} disabled={importing.work.state === 'sending'} onChange={(value) => { if (value !== null && Number(value) !== bundle.pick) importing.send(bundle.file, Number(value)); }}
          />
        )}
        <Verdict report={report} />
      </div>
    </section>
  );
};
