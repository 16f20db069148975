import { z } from 'zod';
import { endpoint } from '#platform/contract/endpoint.ts';
import { providerEndpoints } from '../../../contract.ts';

/** The import as a browser calls it: the contract leaves its body open because it takes a file or the name of a template. */
export const importFile = endpoint({
  ...providerEndpoints.importFlow, body: z.object({ file: z.instanceof(File), pick: z.int().min(0).optional() }),
});
export const importTemplate = endpoint({ ...providerEndpoints.importFlow, bodyKind: 'json', body: z.object({ template: z.string() }) });
/** Imports the file of the draft once more, with these operations or tools of it. */
export const chooseOperations = endpoint({ ...providerEndpoints.importFlow, bodyKind: 'json', body: z.object({ operations: z.array(z.string()) }) });

/** Uploading a picture of a listing. */
export const uploadPicture = endpoint({ ...providerEndpoints.uploadAsset, body: z.object({ file: z.instanceof(File) }) });
