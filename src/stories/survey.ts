import { asFailure, Failure } from './failure.ts';
import type { Image } from './image/image.ts';
import type { DeployInputs, Pairs, RunContext } from './inputs/types.ts';
import type { Account } from './report/account.ts';
import { checkService } from './service/change.ts';
import { checked } from './taskdef/check.ts';
import { loadTemplate } from './taskdef/load.ts';
import { type Rendered, render } from './taskdef/render.ts';
import type { Template } from './taskdef/template.ts';
import { nameOf, type Revision, type ServiceState, type World } from './world.ts';

/** What is there before anything is changed. */
export interface Survey {
  readonly service: ServiceState;
  readonly live: Revision;
  readonly template: Template;
  readonly fargate: boolean;
}

/** Looks at the service, its present revision and the template, and refuses what could never work. */
export async function surveyService(inputs: DeployInputs, world: World, account: Account): Promise<Survey> {
  const described = world.ecs.describeServices(inputs.service.cluster, [inputs.service.service]);
  const present = described.then(async ([found]) => {
    if (!found) throw new Failure('NOT_FOUND', `There is no service ${inputs.service.service}.`);
    const waves = checkService(inputs.service, found);
    const service = await meetActiveDeployment(found, inputs, world);
    return { service, waves, revision: await world.ecs.describeTaskDefinition(service.taskDefinitionArn) };
  });
  const [{ service, waves, revision }, template] = await Promise.all([
    present,
    loadTemplate(inputs.template.source, async () => (await present).revision, world),
  ]);
  const fargate =
    service.launchType === 'FARGATE' || service.capacityProviders.some((name) => name.startsWith('FARGATE'));
  const survey = { service, live: revision, template, fargate };
  // With a stand-in for the image that is still being built, so that a mistake ends the run now and not after it.
  checked(renderFor(inputs, survey, world.runner.context, standIn(inputs)), template.name, fargate);
  account.step(`${service.name} runs ${nameOf(revision)}. ${waves.sentence}`);
  if (template.dropped.length > 0) {
    world.console.line(`       read-only fields of ${template.name} left out: ${template.dropped.join(', ')}`);
  }
  return survey;
}

function standIn({ image }: DeployInputs): Image | undefined {
  const digest = `sha256:${'0'.repeat(64)}`;
  const reference = `stand-in.local/image@${digest}`;
  return image.kind === 'template'
    ? undefined
    : { reference, repository: 'stand-in.local/image', digest, tags: ['stand-in'] };
}

/** The template with this run's values. */
export function renderFor(
  inputs: DeployInputs,
  survey: Survey,
  context: RunContext,
  image: Image | undefined,
): Rendered {
  const builtIns: Pairs = [
    ['GITHUB_SHA', context.sha],
    ['GITHUB_REF_NAME', context.refName],
    ['GITHUB_RUN_ID', context.runId],
    ['AWS_REGION', inputs.aws.region],
    ['AWS_ACCOUNT_ID', survey.service.arn.split(':')[4] ?? ''],
  ];
  return render(survey.template, inputs.template, { builtIns, ...(image ? { image } : {}) });
}

/** The family's newest revision: often the live one, which is described already. */
export async function latestRevision(family: string, live: Revision, { ecs }: World): Promise<Revision | undefined> {
  try {
    const latest = await ecs.describeTaskDefinition(family);
    return latest.arn === live.arn ? live : latest;
  } catch (thrown) {
    const { code } = asFailure(thrown);
    if (code === 'NOT_FOUND' || code === 'REFUSED') return undefined; // a new family
    throw thrown;
  }
}

/** A deployment of somebody else that is under way: told, waited for, or a reason to stop, as the user wants it. */
async function meetActiveDeployment(service: ServiceState, inputs: DeployInputs, world: World): Promise<ServiceState> {
  const busyIn = (state: ServiceState) => state.deployments.find(({ rolloutState }) => rolloutState === 'IN_PROGRESS');
  const busy = busyIn(service);
  if (!busy) return service;
  const said = `A deployment of ${service.name} is under way: ${busy.id} with ${busy.taskDefinitionArn.split('/').at(-1)}.`;
  switch (inputs.recovery.onActiveDeployment) {
    case 'warn':
      world.console.warning(`${said} Ours will take its place.`);
      return service;
    case 'fail':
      throw new Failure('CONFLICT', said, {
        remedy: 'Wait for it, or set `on-active-deployment: warn` to take its place.',
      });
    case 'wait': {
      world.console.line(`${said} Waiting for its end.`);
      const until = world.clock.now() + inputs.watch.timeoutSeconds;
      let now = service;
      while (busyIn(now)) {
        if (world.clock.now() >= until) throw new Failure('CONFLICT', `${said} It did not end in time.`);
        await world.clock.sleep(5, world.signal);
        [now = service] = await world.ecs.describeServices(inputs.service.cluster, [inputs.service.service]);
      }
      return now;
    }
  }
}
