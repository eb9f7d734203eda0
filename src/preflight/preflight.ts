import { Failure } from '../failure.ts';
import { defined } from '../model.ts';
import type { World } from '../ports.ts';
import { ask } from './ask.ts';
import type { Check } from './check.ts';
import { judge } from './judge.ts';
import { neededResources } from './needed.ts';
import type { PreflightSubject } from './subject.ts';

/**
 * Looks at everything that the deployment will need, before anything is changed, and needs no right for it: what IAM hides is a
 * `skip` that names the right. Nothing is thrown for what is wrong; `refuseBad` does that.
 */
export async function preflight(subject: PreflightSubject, world: Pick<World, 'resources' | 'ecr'>): Promise<Check[]> {
  const needed = neededResources(subject);
  const answers = await ask(needed, await world.resources(), world.ecr);
  return judge(subject, needed, answers);
}

/** @throws Failure PREFLIGHT_FAILED with all that is `bad`, at once */
export function refuseBad(checks: readonly Check[]): void {
  const mistakes = checks
    .filter(({ status }) => status === 'bad')
    .map(({ subject, problem, remedy }) => ({ subject, problem, ...defined({ remedy }) }));
  if (mistakes.length === 0) return;
  const what = mistakes.length === 1 ? 'One check' : `${mistakes.length} checks`;
  throw new Failure('PREFLIGHT_FAILED', `${what} before the deployment failed; nothing was changed.`, {
    mistakes,
    remedy: 'Correct that and run again. `preflight: false` deploys without these checks.',
  });
}
