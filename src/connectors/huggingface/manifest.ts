import { bearer, defineConnector, json, line, read, table, textArea } from '#modules/connections/kit.ts';

const model = line('Model', 'owner/name.').regex(/^[\w.-]+(\/[\w.-]+)?$/);

export const huggingface = defineConnector({
  id: 'huggingface', title: 'Hugging Face', description: 'Inference with open models.', category: 'ai',
  auth: bearer('Token'), baseUrl: 'https://router.huggingface.co', ownHost: true, hosts: ['huggingface.co'], probe: { method: 'GET', path: 'https://huggingface.co/api/whoami-v2' },
  actions: [
    read(['infer', 'Ask a model', 'Runs a model: classification, summary, translation, filling in, vectors, pictures and so on.'], { model, inputs: json('Input', 'A text, or what the task wants.'), parameters: table('Parameters').optional() },
      ({ model: name, ...body }) => ({ method: 'POST', path: `/hf-inference/models/${name}`, json: body })),
    read(['chat', 'Chat', 'Asks a chat model.'], { model, prompt: textArea('Question').min(1), system: textArea('Instructions').optional() },
      (input) => ({ method: 'POST', path: '/v1/chat/completions', json: { model: input.model, messages: [...(input.system ? [{ role: 'system', content: input.system }] : []), { role: 'user', content: input.prompt }] } })),
  ],
});
