import { Failure } from '../failure.ts';
import type { Web } from '../ports.ts';
import { proxyAgents, sendRequest } from './http.ts';
import type { TimeLimits } from './time.ts';

/** What is read of a page. */
const MAX_BYTES = 1024 * 1024;

/** The port Web, through the job's proxy. */
export const createWeb = (env: NodeJS.ProcessEnv, limits: TimeLimits): Web => ({
  async get(url, { limitSeconds, signal }) {
    try {
      const request = { method: 'GET', url: new URL(url), headers: {} };
      const { status, body } = await limits.run(limitSeconds, (ends) =>
        sendRequest(request, {
          agents: proxyAgents(env),
          signal: AbortSignal.any([signal, ends]),
          maxBytes: MAX_BYTES,
        }),
      );
      return { status, body: body.toString('utf8') };
    } catch (thrown) {
      if (signal.aborted) throw signal.reason;
      const { code, message } = thrown as { code?: string; message?: string };
      throw new Failure('UNAVAILABLE', `no answer (${[code, message].filter(Boolean).join(': ')})`, { cause: thrown });
    }
  },
});
