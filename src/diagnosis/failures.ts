import { type ApiError, Failure } from '../failure.ts';
import { defined } from '../model.ts';
import type { Diagnosis, Surface } from './diagnosis.ts';
import { diagnose } from './explain.ts';

/**
 * A failure whose message and remedy are the root cause of what an AWS call or `docker buildx build` said. Failures
 * that a module has already described, and texts that the table does not know, come back as they are.
 */
export function diagnoseFailure(failure: Failure): Failure {
  const found = ofCall(failure) ?? ofBuild(failure);
  // The failure's own words stand where nothing more is known.
  if (!found || found.nature === 'unknown' || found.repeats || found.severity === 'normal') return failure;
  const words = failure.api ? `${callOf(failure.api)}: ${failure.api.message}` : failure.message;
  // Some causes quote AWS already.
  const quoted = failure.api !== undefined && oneLine(found.cause).includes(oneLine(failure.api.message).slice(0, 120));
  return new Failure(
    failure.code,
    quoted ? `${found.cause} (${callOf(failure.api)})` : `${found.cause} (${oneLine(words)})`,
    {
      remedy: found.link ? `${found.remedy} See ${found.link}` : found.remedy,
      mistakes: failure.mistakes,
      ...defined({ state: failure.state || undefined, place: failure.place }),
      cause: failure.cause,
      rule: found.rule,
      ...defined({ api: failure.api }),
    },
  );
}

const callOf = ({ service, operation }: ApiError): string => `${service}:${operation}`;
const oneLine = (text: string): string => text.replace(/\s+/g, ' ').trim().slice(0, 400);

const SURFACE_OF: Readonly<Record<string, Surface>> = { ecr: 'api.ecr', sts: 'api.sts' };

/** Only what the adapters worded themselves: `ecs:UpdateService failed: ...`. */
function ofCall({ api, message }: Failure): Diagnosis | undefined {
  if (!api || !message.startsWith(`${callOf(api)} failed: `)) return undefined;
  // Cut off by the cancel of the run or by the time limit of the call: AWS answered nothing that could be explained, and
  // other calls may have reached it.
  if (api.name === 'AbortError' || api.name === 'TimeoutError') return undefined;
  const surface = SURFACE_OF[api.service] ?? 'api.ecs';
  const text = /^(?:Error|unknown)?$/i.test(api.name) ? api.message : `${api.name}: ${api.message}`;
  return diagnose({ surface, text, context: { operation: api.operation, service: api.service } });
}

function ofBuild({ code, message, remedy, cause }: Failure): Diagnosis | undefined {
  // What was looked up on the disk and in the inputs (src/image/build-failure.ts) is more than the words tell.
  if (remedy !== undefined && (code === 'BUILD_FAILED' || (code === 'PUSH_FAILED' && typeof cause === 'string')))
    return undefined;
  if (code !== 'BUILD_FAILED' && code !== 'PUSH_FAILED') return undefined;
  return diagnose({ surface: 'buildx.stderr', text: typeof cause === 'string' ? cause : message, context: {} });
}
