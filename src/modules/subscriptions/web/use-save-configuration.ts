import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { z } from 'zod';
import { callEndpoint } from '#web/api/call-endpoint.ts';
import { ApiProblem } from '#web/api/problem.ts';
import { endpointQuery, useInvalidate } from '#web/api/use-endpoint.ts';
import { isRecord } from '#web/form/form-values.ts';
import { toast } from '#web/kit/toast.tsx';
import { subscriptionEndpoints, type ConfigurationState } from '#modules/subscriptions/contract.ts';

type State = z.infer<typeof ConfigurationState>;

export interface SaveConfiguration {
  /** Saves the sections on the page. Rejects with what is wrong, for the form to show beside its fields. */
  save: (value: unknown) => Promise<void>;
  /** What could not be saved because somebody else saved first; null if nobody did. */
  conflict: Record<string, unknown> | null;
  /** Gives up one's own changes for what is saved now. Counts up, so that the form can begin again. */
  takeTheirs: () => Promise<void>;
  /** Saves one's own changes over what is saved now. */
  keepMine: () => Promise<void>;
  /** Grows when the form has to begin again from what is saved. */
  generation: number;
}

/** Saving with the revision one has seen: of two people who edit at once, the later is asked instead of overwriting. */
export const useSaveConfiguration = (subscriptionId: string, revision: number): SaveConfiguration => {
  const client = useQueryClient();
  const invalidate = useInvalidate();
  const [conflict, setConflict] = useState<Record<string, unknown> | null>(null);
  const [generation, setGeneration] = useState(0);
  const params = { subscriptionId };
  const key = endpointQuery(subscriptionEndpoints.getConfiguration, { params }).queryKey;

  const send = async (configuration: Record<string, unknown>, seen: number) => {
    const saved = await callEndpoint(subscriptionEndpoints.configure, { params, body: { configuration, revision: seen } });
    client.setQueryData(key, saved);
    setConflict(null);
    // The checklist and "configured" marks of the product follow from what was saved.
    await invalidate(subscriptionEndpoints.get);
    toast.success('Saved');
  };
  const save = async (value: unknown) => {
    const configuration = isRecord(value) ? value : {};
    try { await send(configuration, revision); } catch (error) {
      if (!(error instanceof ApiProblem) || error.status !== 409) throw error;
      setConflict(configuration);
      // The form stays unsaved; what happened is said once, beside the choice of what should hold.
      throw new ApiProblem({ kind: 'problem', status: 409, title: '', code: error.code, requestId: error.requestId, cause: error });
    }
  };
  const latest = (): Promise<State> => client.fetchQuery({ ...endpointQuery(subscriptionEndpoints.getConfiguration, { params }), staleTime: 0 });
  const beginAgain = () => { setConflict(null); setGeneration((before) => before + 1); };
  return {
    save, conflict, generation,
    takeTheirs: async () => {
      try { await latest(); beginAgain(); } catch (error) { toast.problem(error); }
    },
    keepMine: async () => {
      if (conflict === null) return;
      try {
        const { revision: newest } = await latest();
        await send(conflict, newest);
        beginAgain();
      } catch (error) { toast.problem(error); }
    },
  };
};
