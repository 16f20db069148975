import type { Module } from '#platform/module.ts';
import { analyticsEndpoints, transcriptEndpoints } from './contract.ts';
import { auditTrail, listCustomers, listOrganizations, operatorUsage, organizationUsage, productUsage, providerUsage, subscriptionUsage, type ReadOrganizations } from './service.ts';
import { exportCsv, exportJson, getConversation, listConversations, removeConversation } from './transcripts.ts';

/** Figures for buyers, sellers and operators, all from the same usage events; transcripts for their owner. */
export const analyticsModule = (organizations: ReadOrganizations): Module => ({
  name: 'analytics',
  routes(serve) {
    serve(analyticsEndpoints.subscriptionUsage, subscriptionUsage);
    serve(analyticsEndpoints.organizationUsage, organizationUsage);
    serve.process(analyticsEndpoints.providerUsage, providerUsage);
    serve.process(analyticsEndpoints.productUsage, productUsage);
    serve(analyticsEndpoints.listCustomers, listCustomers);
    serve.process(analyticsEndpoints.operatorUsage, async (process, input) => operatorUsage(process, organizations, input));
    serve.process(analyticsEndpoints.listOrganizations, async (process, input) => listOrganizations(process, organizations, input));
    serve(analyticsEndpoints.auditTrail, auditTrail);
    serve(transcriptEndpoints.list, listConversations);
    serve(transcriptEndpoints.get, getConversation);
    serve(transcriptEndpoints.remove, removeConversation);
    serve.raw(transcriptEndpoints.exportAll, exportCsv);
    serve.raw(transcriptEndpoints.exportJson, exportJson);
  },
});
