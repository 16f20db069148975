import { useEffect, useState } from 'react';
import { authoringEndpoints, type FlowCheck } from '#modules/flows/authoring/contract.ts';
import type { Flow } from '#modules/flows/contract.ts';
import { callEndpoint } from '#web/api/call-endpoint.ts';

/** How long after the last change the flow is looked at. */
const PAUSE_MS = 250;

/** What the server says about the flow as it is now: problems, and the ports of its steps. Ports it does not know any more stay as they were. */
export const useFlowCheck = (flow: Flow): FlowCheck => {
  const [check, setCheck] = useState<FlowCheck>({ problems: [], ports: {} });
  useEffect(() => {
    const controller = new AbortController();
    const timer = setTimeout(() => {
      callEndpoint(authoringEndpoints.check, { body: { flow } }, { signal: controller.signal })
        .then((next) => { setCheck((before) => ({ problems: next.problems, ports: { ...before.ports, ...next.ports } })); })
        // A check that did not come through is made again with the next change; saving says what is wrong with the connection.
        .catch(() => undefined);
    }, PAUSE_MS);
    return () => { clearTimeout(timer); controller.abort(); };
  }, [flow]);
  return check;
};
