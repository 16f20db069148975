/** Entry of the processes that run JavaScript; see `code-pool.ts`. */
import { serveRequests } from '../serve-requests.ts';
import { runJavascript } from './run-javascript.ts';

serveRequests(runJavascript);
