import { Code, Group, Stack, Text, Title } from '@mantine/core';
import { IconAlertTriangle, IconCircleCheck } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import type { ImportReport } from '#modules/flows/contract.ts';
import { formatBytes, formatNumber } from '#web/kit/format.ts';
import { NodeTable } from './node-table.tsx';
import { ReportOperations } from './report-operations.tsx';
import { ReportParameters } from './report-parameters.tsx';
import classes from './import.module.css';

const plural = (count: number, one: string, many = `${one}s`) => `${formatNumber(count)} ${count === 1 ? one : many}`;

/** How much of a flow runs here, as one sentence and a bar. */
export const Verdict = ({ report }: { report: ImportReport }) => {
  const { total, supported, approximated, unsupported } = report.nodes;
  const parts = [
    { key: 'supported', label: `${plural(supported, 'step runs', 'steps run')} as in the file`, count: supported },
    { key: 'approximated', label: `${plural(approximated, 'step')} approximated`, count: approximated },
    { key: 'unsupported', label: `${plural(unsupported.length, 'step')} not supported`, count: unsupported.length },
  ].filter(({ count }) => count > 0);
  const VerdictIcon = report.runnable ? IconCircleCheck : IconAlertTriangle;
  return (
    <div>
      <Text component="div" className={classes.verdict} data-good={report.runnable || undefined}>
        <VerdictIcon size={18} aria-hidden />
        {report.runnable
          ? unsupported.length === 0 ? (total === 1 ? 'Its one step runs here' : `All ${plural(total, 'step')} run here`) : `${supported + approximated} of ${plural(total, 'step')} run here; the answer does not depend on the rest`
          : `${supported + approximated} of ${plural(total, 'step')} run here; the answer depends on one that does not`}
      </Text>
      <div className={classes.bar} aria-hidden>{parts.map(({ key, count }) => <span key={key} className={classes[key]} style={{ flexGrow: count }} />)}</div>
      <div className={classes.legend}>{parts.map(({ key, label }) => <span key={key}><i className={`${classes.dot} ${classes[key]}`} aria-hidden />{label}</span>)}</div>
    </div>
  );
};

/** What an import found. Without `onExpose` and `onOperations` (the operator's view) nothing can be changed. */
export const ImportReportView = ({ report, exposed, onExpose, onOperations }: {
  report: ImportReport; exposed: readonly string[]; onExpose?: (name: string, on: boolean) => void; onOperations?: (ids: readonly string[]) => void;
}) => (
  <div className={classes.report}>
    {report.warnings.length > 0 && <Section title="Worth knowing"><ul className={classes.lines}>{report.warnings.map((warning) => <li key={warning}>{warning}</li>)}</ul></Section>}
    {report.operations.length > 0 && <ReportOperations operations={report.operations} onChoose={onOperations} />}
    <ReportParameters parameters={report.parameters} nodes={report.nodes.all} exposed={exposed} onExpose={onExpose} />
    <div className={classes.pair}><Needs report={report} /><Found report={report} /></div>
    <NodeTable nodes={report.nodes} />
  </div>
);

const Section = ({ title, description, children }: { title: string; description?: string; children: ReactNode }) => (
  <section className={classes.card} aria-label={title}>
    <div className={classes.cardHead}><div><Title order={3}>{title}</Title>{description !== undefined && <Text c="dimmed">{description}</Text>}</div></div>
    <div className={classes.cardBody}>{children}</div>
  </section>
);

const Fact = ({ term, children }: { term: string; children: ReactNode }) => <div><dt>{term}</dt><dd>{children}</dd></div>;
const codes = (values: readonly string[]) => <Group gap={4} justify="flex-end">{values.map((value) => <Code key={value}>{value}</Code>)}</Group>;
const capitalized = (text: string) => `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
const unique = (values: readonly string[]): string[] => [...new Set(values)];

const Needs = ({ report }: { report: ImportReport }) => {
  const required = unique([...report.requires.secrets, ...report.secrets.filter(({ kind }) => kind === 'required').map(({ name }) => name)]);
  const { models, connections, mcpServers } = report.requires;
  const nothing = required.length + models.length + connections.length + mcpServers.length === 0;
  return (
    <Section title="What it needs" description="From this installation, or from each buyer.">
      {nothing && report.runnable ? <Text>Nothing beside a language model, which this installation provides. It runs on the built-in engine.</Text> : (
        <dl className={classes.facts}>
          <Fact term="Runs on">{runsOn(report)}</Fact>
          {models.length > 0 && <Fact term="Models">{codes(models)}</Fact>}
          {required.length > 0 && <Fact term="Credentials">{codes(required)}</Fact>}
          {connections.length > 0 && <Fact term="Connections">{codes(connections.map((key) => report.connections.find((one) => one.key === key)?.title ?? key))}</Fact>}
          {mcpServers.length > 0 && <Fact term="MCP servers">{codes(mcpServers)}</Fact>}
        </dl>
      )}
    </Section>
  );
};

/** Formats of systems that can run the flow themselves, so that a product may run there. */
const SERVERS: Readonly<Record<string, string>> = { langflow: 'a Langflow server', n8n: 'an n8n server' };

const runsOn = ({ runnable, format }: ImportReport): string => {
  const server = SERVERS[format] ?? 'a server of your own';
  return runnable ? `The built-in engine${SERVERS[format] === undefined ? '' : ` or ${server}`}` : `${capitalized(server)}; not the built-in engine as it is`;
};

const ENTRIES: Readonly<Record<ImportReport['entryPoints'][number]['kind'], string>> = {
  chat: 'A chat message', text: 'A text', webhook: 'A webhook', schedule: 'A schedule', file: 'A file', manual: 'A person',
};

const Found = ({ report }: { report: ImportReport }) => {
  const stripped = report.secrets.filter(({ kind }) => kind === 'stripped');
  const custom = report.code.filter((piece) => piece.custom);
  return (
    <Section title="What was found" description="In the file, beside its steps.">
      <dl className={classes.facts}>
        <Fact term="Starts with">{report.entryPoints.length === 0 ? 'Nothing that starts it' : unique(report.entryPoints.map(({ kind }) => ENTRIES[kind])).join(', ')}</Fact>
        <Fact term="Keys removed">
          {stripped.length === 0 ? 'None found' : <Stack gap={2} align="flex-end">{stripped.map(({ name, node, field }) => <span key={`${node} ${field}`}>{name} <Text span c="dimmed">in {node}</Text></span>)}</Stack>}
        </Fact>
        <Fact term="Own code">
          {custom.length === 0 ? 'None' : `${plural(custom.length, 'piece')}, ${formatBytes(custom.reduce((sum, piece) => sum + piece.bytes, 0))}; reviewed by an operator, never run here as it is`}
        </Fact>
        <Fact term="Does">{capitalized(does(report).join(', ')) || 'Nothing we recognise'}</Fact>
      </dl>
    </Section>
  );
};

/** What a flow visibly does, in words. */
const does = ({ traits }: ImportReport): string[] => [
  traits.chat ? 'chat' : '', traits.streaming ? 'stream answers' : '', traits.knowledge ? 'search documents' : '', traits.memory ? 'remember' : '', traits.tools ? 'use tools' : '',
  traits.files ? 'read files' : '', traits.images ? 'look at images' : '', traits.agents > 0 ? plural(traits.agents, 'agent') : '',
].filter(Boolean);
