/**
 * Entry of the processes that run Python; see `code-pool.ts`. The interpreter is not a sandbox: code that digs reaches
 * this process. So the process has nothing to reach: no network, no environment, no file but the interpreter's own, and
 * it ends after one call.
 */
import { closeDoors } from './close-doors.ts';
import { serveRequests } from '../serve-requests.ts';
import { loadInterpreter } from './run-python.ts';

const runPython = await loadInterpreter(process.argv[2]);
closeDoors();
serveRequests(runPython);
