import { checkBuild } from '../image/check.ts';
import type { Image } from '../image/image.ts';
import { inspectImage } from '../image/inspect.ts';
import type { DeployInputs } from '../inputs/types.ts';
import type { CheckLine } from '../preflight/check.ts';
import { Account } from '../report/account.ts';
import type { Plan } from '../report/plan.ts';
import { planChange } from '../service/change.ts';
import { diffDefinitions } from '../taskdef/diff.ts';
import { isSame } from '../taskdef/register.ts';
import type { ServiceState, World } from '../world.ts';
import { lookAhead } from './beforehand.ts';
import { aheadOf, propose } from './deploy.ts';
import { surveyService } from './survey.ts';
import { together } from './together.ts';

/** Everything up to the first change: what a deploy would do, and what would stop it. Nothing is built, pushed or changed. */
export async function plan(inputs: DeployInputs, looking: Promise<ServiceState>, world: World): Promise<Plan> {
  const account = new Account(world);
  const [survey, { image, checks }] = await together(world, (inner) => [
    surveyService(inputs, looking, inner, account),
    foresee(inputs, inner),
  ]);
  const [{ definition, tags, latest }, ahead] = await Promise.all([
    propose(inputs, survey, image ?? survey.standIn, world),
    lookAhead(aheadOf(inputs, survey, image), inputs, world, account),
  ]);
  const next = isSame(latest, definition, tags) ? latest.arn : '(a new revision)';
  const { settings, waves } = planChange(inputs.service, next, survey.service);
  return {
    service: survey.service,
    running: survey.live.arn,
    differences: diffDefinitions(survey.live.definition, definition),
    settings,
    waves: waves.sentence,
    checks: [...checks, ...ahead],
    warnings: [],
    ...(image ? { image: image.reference } : {}),
  };
}

/** The image as far as it is known without a build. */
async function foresee(
  { image }: DeployInputs,
  world: World,
): Promise<{ readonly image?: Image; readonly checks: readonly CheckLine[] }> {
  switch (image.kind) {
    case 'build':
      return { checks: await checkBuild(image.build, world) };
    case 'given':
      return { image: await inspectImage(image.reference, world.ecr), checks: [] };
    case 'template':
      return { checks: [] };
  }
}
