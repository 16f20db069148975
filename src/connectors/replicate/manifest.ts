import { bearer, defineConnector, get, line, path, post, table, write, read } from '#modules/connections/kit.ts';

export const replicate = defineConnector({
  id: 'replicate', title: 'Replicate', description: 'Runs open models for pictures, sound, text and more.', category: 'ai',
  auth: bearer('API token'), baseUrl: 'https://api.replicate.com/v1', probe: get('/account'),
  actions: [
    write(['run', 'Run a model', 'Runs a model and waits up to a minute for its output.'], { model: line('Model', 'owner/name, or owner/name:version.').regex(/^[\w.-]+\/[\w.-]+(:\w+)?$/), input: table('Input') }, ({ model, input }) => {
      const [name = '', version] = model.split(':');
      const [owner = '', short = ''] = name.split('/');
      return { ...(version ? post('/predictions', { version, input }) : post(path`/models/${owner}/${short}/predictions`, { input })), headers: { prefer: 'wait' } };
    }),
    read(['get', 'State of a run', 'How far a run is, and its output.'], { id: line('Run') }, (input) => get(path`/predictions/${input.id}`)),
  ],
});
