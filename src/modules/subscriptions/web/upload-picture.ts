import { uploadEndpoint } from '#web/api/upload.ts';
import { providerEndpoints } from '#modules/catalog/contract.ts';

/** Stores a picture (logo, avatar) and answers its address on this installation. @throws {ApiProblem} with what is wrong about it. */
export const uploadPicture = async (file: File): Promise<string> => {
  const form = new FormData();
  form.append('file', file, file.name);
  return (await uploadEndpoint(providerEndpoints.uploadAsset, { body: form })).path;
};
