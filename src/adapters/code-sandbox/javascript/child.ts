/** Entry of the processes that run JavaScript; see `code-pool.ts`. */
import { serveRequests } from '../serve-requests.ts';
import { runJavascript } from './run-javascript.ts';

// V8 compiles the engine as it is used: the first call shall find that done.
await runJavascript({ timeoutMs: 5_000, resultCharsMax: 100, prelude: '', code: 'console.log({}); return [1].map((n) => `${n}`)', globalsText: '{"a":1}' });
serveRequests(runJavascript);
