/**
 * The report of a run that could not continue. It loads nothing of the reports of an outcome: a mistake in the inputs is answered
 * at once.
 */
import { asFailure, type Failure } from '../failure.ts';
import type { Place } from '../inputs/types.ts';
import type { World } from '../ports.ts';
import { docsLink, whereOfPlace, withPageLinks } from './about.ts';
import { annotationOfFailure, failureSummaryOf } from './failed.ts';

/** How a run failed before it had an outcome. */
interface FailedRun {
  readonly thrown: Failure;
  /** It ended before it changed anything in ECS. */
  readonly untouched: boolean;
  /** Where it was to deploy to, as far as the inputs show. */
  readonly place?: Place;
  /** Lines of the stack, for a bug of ours. */
  readonly stackOf: (error: Error) => Promise<string>;
}

/**
 * A run that could not continue: the whole failure in the log, its gist as the one annotation.
 * @returns the failure as it is reported: diagnosed and masked
 */
export async function reportFailure(
  { thrown, untouched, place, stackOf }: FailedRun,
  { console, runner, masker }: Pick<World, 'console' | 'runner'> & { readonly masker: FailureMasking },
): Promise<Failure> {
  // The table is for words of AWS and of the build; our own need none.
  const foreign = thrown.api !== undefined || thrown.code === 'BUILD_FAILED' || thrown.code === 'PUSH_FAILED';
  const known = foreign ? (await import('../diagnosis/diagnose.ts')).diagnoseFailure(thrown) : thrown;
  const failure = withPageLinks(masker.failure(known), runner.context);
  const docs = docsLink(failure.rule ?? failure.code, runner.context) ?? docsLink(failure.code, runner.context);
  const where = place && whereOfPlace(place);
  const { title, text, place: source } = annotationOfFailure(failure, { where, docs });
  console.error(text, title, source);
  if (untouched) console.line('Nothing was changed in ECS: the service is as it was.');
  // An annotation is cut where it is long; the log has all of it.
  if (failure.describe().length > text.length) console.line(failure.describe());
  if (failure.code === 'INTERNAL' && failure.cause instanceof Error) {
    const stack = await stackOf(failure.cause);
    const { inGroup } = await import('./log.ts');
    inGroup(console, 'Stack, for a bug report', [stack]);
  }
  try {
    runner.setOutput('outcome', failure.code === 'CANCELLED' ? 'cancelled' : 'failed');
    runner.saveState('reported', 'yes');
  } catch (unwritable) {
    const { message } = asFailure(unwritable);
    if (message !== failure.message) console.warning(message);
  }
  await runner.writeSummary(failureSummaryOf({ described: failure.describe(), place: failure.place, where, docs }));
  return failure;
}

/** Masks a failure and all that it holds. */
interface FailureMasking {
  failure(failure: Failure): Failure;
}
