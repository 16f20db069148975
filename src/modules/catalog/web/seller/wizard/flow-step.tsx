import { Button, Group, Text } from '@mantine/core';
import { IconDownload, IconFileCode, IconReplace, IconSitemap, IconTemplate } from '@tabler/icons-react';
import { useState } from 'react';
import type { ImportReport } from '#modules/flows/contract.ts';
import { FLOW_TEMPLATES } from '#modules/flows/template-contract.ts';
import { downloadEndpoint } from '#web/api/call-endpoint.ts';
import { LinkButton } from '#web/kit/link.tsx';
import { toast } from '#web/kit/toast.tsx';
import { sellerPaths } from '#web/url/paths.ts';
import { providerEndpoints } from '../../../contract.ts';
import type { StepProps } from './draft-wizard.tsx';
import { Findings } from './finding-list.tsx';
import { ImportPanel } from './import-panel.tsx';
import { ImportReportView, Verdict } from './import-report.tsx';
import classes from './import.module.css';

const FORMATS: Readonly<Record<string, string>> = { langflow: 'Langflow', n8n: 'n8n', flowise: 'Flowise', dify: 'Dify', openapi: 'OpenAPI', mcp: 'MCP', template: 'Template' };

/** The second step: a flow comes in, and what it is is shown in full. */
export const FlowStep = ({ productId, provider, open, strict }: StepProps) => {
  const [replacing, setReplacing] = useState(false);
  const { report, findings } = open.view;
  const about = findings.filter(({ step, severity }) => step === 'flow' && (report !== null || strict || severity !== 'error'));
  // The report names what does not run; saying it again above would only be longer.
  const other = report === null ? about : about.filter(({ path }) => path !== 'flow.nodes');
  if (report === null) {
    return (
      <>
        <Findings title="Still missing" findings={about} />
        <ImportPanel productId={productId} before={open.flush} onDone={open.replace} />
      </>
    );
  }
  const expose = (name: string, on: boolean) => {
    const before = open.draft.exposedParameters.filter((other_) => other_ !== name);
    open.change({ exposedParameters: on ? [...before, name] : before });
  };
  return (
    <>
      <Source report={report} productId={productId} provider={provider} template={open.draft.template} replacing={replacing} onReplace={() => { setReplacing(!replacing); }} />
      {replacing && <ImportPanel productId={productId} before={open.flush} onDone={(view) => { open.replace(view); setReplacing(false); }} />}
      <Findings title={other.some(({ severity }) => severity === 'error') ? 'To solve before you submit' : 'Worth a look'} findings={other} />
      <ImportReportView report={report} exposed={open.draft.exposedParameters} onExpose={expose} />
    </>
  );
};

const Source = ({ report, productId, provider, template, replacing, onReplace }: { report: ImportReport; productId: string; provider: string; template: string | null; replacing: boolean; onReplace: () => void }) => {
  const title = FLOW_TEMPLATES.find(({ key }) => key === template)?.title;
  const SourceIcon = title === undefined ? IconFileCode : IconTemplate;
  const download = () => { downloadEndpoint(providerEndpoints.downloadFlow, { params: { productId } }).catch((error: unknown) => { toast.problem(error); }); };
  return (
    <section className={classes.card} aria-label="The flow">
      <div className={classes.cardHead}>
        <div className={classes.source}>
          <span className={classes.sourceIcon} aria-hidden><SourceIcon size={20} stroke={1.75} /></span>
          <div>
            <Text fw={600}>{report.name === '' ? title ?? 'Imported flow' : report.name}</Text>
            <Text c="dimmed">{FORMATS[report.format] ?? report.format}{report.version === null ? '' : ` ${report.version}`}{report.description === '' ? '' : ` · ${report.description.slice(0, 120)}`}</Text>
          </div>
        </div>
        <Group gap="xs">
          <LinkButton to={sellerPaths.editFlow(provider, productId)} size="xs" leftSection={<IconSitemap size={14} />}>Edit the flow</LinkButton>
          {title === undefined && <Button size="xs" variant="default" leftSection={<IconDownload size={14} />} onClick={download}>Download</Button>}
          <Button size="xs" variant="default" leftSection={<IconReplace size={14} />} aria-expanded={replacing} onClick={onReplace}>{replacing ? 'Keep this one' : 'Replace'}</Button>
        </Group>
      </div>
      <div className={classes.cardBody}><Verdict report={report} /></div>
    </section>
  );
};
