import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { Output } from '#platform/contract/endpoint.ts';
import { callEndpoint } from '#web/api/call-endpoint.ts';
import { ApiProblem } from '#web/api/problem.ts';
import { endpointQuery, useInvalidate } from '#web/api/use-endpoint.ts';
import { isRecord, sameValue } from '#web/form/form-values.ts';
import { toast } from '#web/kit/toast.tsx';
import { subscriptionEndpoints } from '#modules/subscriptions/contract.ts';
import { widgetEndpoints } from '#modules/widget/contract.ts';
import { widgetFields } from './builder-schema.ts';

type State = Output<typeof subscriptionEndpoints.getConfiguration>;
type Widget = Readonly<Record<string, unknown>>;

/** What is saved of the widget, as far as this product leaves it to its buyer. */
export const savedWidget = (state: State): Widget => {
  const fields = widgetFields(state.schema);
  const stored: Widget = { ...state.effective.widget, ...state.configuration.widget };
  return Object.fromEntries(Object.entries(stored).filter(([name]) => fields.includes(name)));
};

/** The part the form edits. */
export const savedDesign = (state: State): Widget => {
  const { allowedDomains: _, ...design } = savedWidget(state);
  return design;
};

export interface SaveWidget {
  /** Saves the design. Rejects with what is wrong, for the form to show beside its fields. */
  saveDesign: (value: unknown) => Promise<void>;
  /** Changes the allowed domains as they are at that moment. @throws {ApiProblem} */
  changeDomains: (change: (domains: readonly string[]) => readonly string[]) => Promise<void>;
  /** The design that was not saved because somebody else changed it first; null if nobody did. */
  conflict: Widget | null;
  takeTheirs: () => Promise<void>;
  keepMine: () => Promise<void>;
  /** Grows when the form has to begin again from what is saved. */
  generation: number;
}

/**
 * Saves the widget's section with the revision one has seen. Design and domains share that section and the revision is that
 * of the whole configuration, so a change elsewhere is carried over; only the same part changed twice is asked about.
 */
export const useSaveWidget = (subscriptionId: string, state: State): SaveWidget => {
  const client = useQueryClient();
  const invalidate = useInvalidate();
  const [conflict, setConflict] = useState<Widget | null>(null);
  const [generation, setGeneration] = useState(0);
  const params = { subscriptionId };
  const query = endpointQuery(subscriptionEndpoints.getConfiguration, { params });
  const latest = (): Promise<State> => client.fetchQuery({ ...query, staleTime: 0 });

  const send = async (seen: State, change: (widget: Widget) => Widget) => {
    const saved = await callEndpoint(subscriptionEndpoints.configure, { params, body: { configuration: { widget: change(savedWidget(seen)) }, revision: seen.revision } });
    client.setQueryData(query.queryKey, saved);
    await invalidate(subscriptionEndpoints.get, widgetEndpoints.embed);
  };
  /** `carriesOver`: whether the change may simply be made again on what somebody else saved meanwhile. */
  const apply = async (change: (widget: Widget) => Widget, carriesOver: (newest: State) => boolean) => {
    const seen = client.getQueryData<State>(query.queryKey) ?? state;
    try { await send(seen, change); } catch (error) {
      if (!isStale(error)) throw error;
      const newest = await latest();
      if (!carriesOver(newest)) throw error;
      await send(newest, change);
    }
  };
  const overwrite = (design: Widget) => apply((widget) => ({ ...widget, ...design }), () => true);
  const beginAgain = () => { setConflict(null); setGeneration((before) => before + 1); };

  return {
    conflict, generation,
    changeDomains: (change) => apply((widget) => ({ ...widget, allowedDomains: change(domainsOf(widget)) }), () => true),
    saveDesign: async (value) => {
      const design: Widget = isRecord(value) && isRecord(value.widget) ? value.widget : {};
      const before = savedDesign(client.getQueryData<State>(query.queryKey) ?? state);
      try {
        await apply((widget) => ({ ...widget, ...design }), (newest) => sameValue(savedDesign(newest), before));
        setConflict(null);
        toast.success('Saved');
      } catch (error) {
        if (!isStale(error)) throw error;
        setConflict(design);
        // The form stays unsaved; what happened is said once, beside the choice of what should hold.
        throw new ApiProblem({ kind: 'problem', status: 409, title: '', code: error.code, requestId: error.requestId, cause: error });
      }
    },
    takeTheirs: async () => {
      try { await latest(); beginAgain(); } catch (error) { toast.problem(error); }
    },
    keepMine: async () => {
      if (conflict === null) return;
      try { await overwrite(conflict); beginAgain(); toast.success('Saved'); } catch (error) { toast.problem(error); }
    },
  };
};

const isStale = (error: unknown): error is ApiProblem => error instanceof ApiProblem && error.status === 409 && error.code.replaceAll('-', '_') === 'configuration_changed';

export const domainsOf = (widget: Widget): readonly string[] =>
  (Array.isArray(widget.allowedDomains) ? widget.allowedDomains.filter((entry: unknown): entry is string => typeof entry === 'string') : []);
