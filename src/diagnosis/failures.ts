import { actionOf, Failure } from '../failure.ts';
import { defined } from '../model.ts';
import type { Diagnosis, Surface } from './diagnosis.ts';
import { diagnose } from './explain.ts';

/**
 * A failure whose message and remedy are the root cause of what an AWS call or `docker buildx build` printed. Failures
 * that a module has already described, and texts that the table does not know, come back as they are.
 */
export function diagnoseFailure(failure: Failure): Failure {
  const found = ofCall(failure) ?? ofBuild(failure);
  // The failure's own words stand where nothing more is known.
  if (!found || found.nature === 'unknown' || found.repeats || found.severity === 'normal') return failure;
  const words = failure.api ? `${actionOf(failure.api)}: ${failure.api.message}` : failure.message;
  // Some causes quote AWS or BuildKit already.
  const { message: quotable } = failure.api ?? failure;
  const isQuoted = oneLine(found.cause).includes(oneLine(quotable).slice(0, 120)) || COMMAND_ENDED.test(quotable);
  const source = isQuoted ? failure.api && actionOf(failure.api) : oneLine(words);
  return new Failure(failure.code, source === undefined ? found.cause : `${found.cause} (${source})`, {
    remedy: found.link ? `${found.remedy} See ${found.link}` : found.remedy,
    mistakes: failure.mistakes,
    ...defined({ state: failure.state || undefined, place: failure.place }),
    cause: failure.cause,
    rule: found.rule,
    ...defined({ api: failure.api }),
  });
}

/** BuildKit's words for a command that failed: the cause names the command and how it ended, and the log has these words. */
const COMMAND_ENDED = /^process "[\s\S]*" did not complete successfully: exit code: \d+$/;

const oneLine = (text: string): string => text.replace(/\s+/g, ' ').trim().slice(0, 400);

const SURFACE_OF: Readonly<Record<string, Surface>> = { ecr: 'api.ecr', sts: 'api.sts' };

/** Only what the adapters worded themselves: `ecs:UpdateService failed: ...`. */
function ofCall({ api, message }: Failure): Diagnosis | undefined {
  if (!api || !message.startsWith(`${actionOf(api)} failed: `)) return undefined;
  // Cut off by the cancel of the run or by the time limit of the call: AWS answered nothing that could be explained, and
  // other calls may have reached it.
  if (api.name === 'AbortError' || api.name === 'TimeoutError') return undefined;
  const surface = SURFACE_OF[api.service] ?? 'api.ecs';
  const text = /^(?:Error|unknown)?$/i.test(api.name) ? api.message : `${api.name}: ${api.message}`;
  return diagnose({ surface, text, context: { operation: api.operation, service: api.service } });
}

function ofBuild({ code, message, remedy, cause }: Failure): Diagnosis | undefined {
  // What was looked up on the disk and in the inputs (src/image/build-failure.ts) is more than the words say.
  if (remedy !== undefined && (code === 'BUILD_FAILED' || (code === 'PUSH_FAILED' && typeof cause === 'string')))
    return undefined;
  if (code !== 'BUILD_FAILED' && code !== 'PUSH_FAILED') return undefined;
  return diagnose({ surface: 'buildx.stderr', text: typeof cause === 'string' ? cause : message, context: {} });
}
