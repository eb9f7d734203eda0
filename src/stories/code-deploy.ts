/** What a story needs before CodeDeploy deploys a service; its code is loaded for such services alone. */
import {
  type AppSpec,
  appSpecMistakes,
  describeDeployment,
  makeAppSpec,
  readAppSpec,
} from '../code-deploy/app-spec.ts';
import { hasEnded, OPEN } from '../code-deploy/deployed.ts';
import { groupFailure, refusalOf } from '../code-deploy/services.ts';
import { asFailure, Failure } from '../failure.ts';
import type { CodeDeployInputs, TemplateInputs } from '../inputs/types.ts';
import { type CodeDeployPlan, defined, type ServiceState, type TaskDefinition } from '../model.ts';
import type { World } from '../ports.ts';
import { isCarriedOut } from '../service/deployment.ts';
import { unfinished } from '../service/restore.ts';
import type { Suspect } from '../taskdef/foreign-values.ts';
import { substitute } from '../taskdef/placeholders.ts';
import type { Schema } from '../taskdef/schema.ts';
import { builtInsOf, type Run } from './run.ts';

/** How a service is deployed by CodeDeploy in this run. */
export interface CodeDeployDraft {
  readonly appSpec: AppSpec;
  /** For messages: a path, or from what it was made. */
  readonly name: string;
  /** Names of the placeholders that the file had. */
  readonly placeholders: readonly string[];
  /** Values that may be placeholders of another tool. */
  readonly suspects: readonly Suspect[];
}

/**
 * @throws Failure where the deployment group of the service is not known; in a deploy also where no deployment of it could be watched: a
 * plan begins none, and a rollback may only have to stop one
 */
export function refuseGroup({ codeDeploy }: ServiceState, { inputs: { mode } }: Pick<Run, 'inputs'>): void {
  if (codeDeploy?.kind === 'unknown') throw groupFailure(codeDeploy);
  const failure = mode === 'deploy' && codeDeploy ? refusalOf(codeDeploy) : undefined;
  if (failure) throw failure;
}

/**
 * A rollback stops the deployment. CodeDeploy refuses to stop one that has ended, whoever asks, but for those without the right to: so a
 * missing right is reported before anything is changed.
 * https://docs.aws.amazon.com/codedeploy/latest/APIReference/API_StopDeployment.html (DeploymentAlreadyCompletedException)
 */
export async function askWhetherStoppable({ name, codeDeploy }: ServiceState, { inputs, world }: Run): Promise<void> {
  const newest = codeDeploy?.kind === 'known' ? codeDeploy.newest : undefined;
  if (!inputs.recovery.rollbackOnFailure || newest === undefined || !hasEnded(newest)) return;
  try {
    await (await world.codeDeploy()).stop(newest.id, false);
  } catch (thrown) {
    const { code } = asFailure(thrown);
    if (code === 'CANCELLED') throw thrown;
    if (code === 'ACCESS_DENIED')
      world.console.warning(
        `codedeploy:StopDeployment is denied: a deployment of ${name} that fails cannot be stopped and rolled back before CodeDeploy itself gives it up.`,
      );
  }
}

/** Where an AppSpec is looked for without the input: the official action takes the first. */
const USUAL_FILES = ['appspec.yaml', 'appspec.yml', 'appspec.json'];

/**
 * The AppSpec of this run: the file of the input, else one with the usual name, else made from the service and the hooks of its newest
 * deployment.
 * @throws Failure of the deployment group, INVALID_INPUT with every mistake of the AppSpec
 */
export async function draftAppSpec(service: ServiceState, { inputs, world }: Run): Promise<CodeDeployDraft> {
  const known = service.codeDeploy?.kind === 'known' ? service.codeDeploy : undefined;
  const given = inputs.service.codeDeploy ?? {};
  const path = given.appSpec ?? (await usualFile(world));
  if (path === undefined) {
    const hooks = known === undefined ? [] : await lastHooks(known.succeeded, world);
    return { appSpec: makeAppSpec(service, hooks), name: `made from ${service.name}`, placeholders: [], suspects: [] };
  }
  const text = await world.files.readText(path, MAX_BYTES);
  const [{ parseYaml }, { expressionsIn }, { judgeForeign }] = await Promise.all([
    import('../taskdef/yaml.ts'),
    import('../taskdef/load.ts'),
    import('../taskdef/foreign-values.ts'),
  ]);
  const parsed = parseYaml(text, path);
  const template: Partial<TemplateInputs> = 'template' in inputs ? inputs.template : {};
  const values = new Map([...builtInsOf(inputs.aws, service.account, world), ...(template.variables ?? [])]);
  const filled = substitute(parsed, values, { style: template.style, schema: APP_SPEC });
  const { mistakes: unfilled, suspects } = judgeForeign(filled.foreign.filter(notTheRevision), {
    where: 'file',
    listed: template.listedVariables ?? [],
    others: [...values.keys()],
    asked: filled.names,
    ownOf: () => new Set(),
  });
  const wrong = [
    ...filled.mistakes.filter(({ subject }) => notTheRevision({ path: subject })),
    ...unfilled,
    ...expressionsIn(parsed, ''),
  ];
  if (wrong.length > 0)
    throw new Failure('INVALID_INPUT', `The AppSpec ${path} has mistakes; nothing was changed.`, { mistakes: wrong });
  return { appSpec: readAppSpec(filled.value, path), name: path, placeholders: [...filled.names], suspects };
}

/** The revision is this run's, whatever the file says: AWS's own examples write `<TASK_DEFINITION>`. */
const notTheRevision = ({ path }: { readonly path: string }): boolean => !/taskdefinition$/i.test(path);

/** CodeDeploy's file has no model in the SDK: what its fields are is known by their names. */
const APP_SPEC: Schema = { root: '', what: 'an AppSpec', structures: {}, enumerations: {} };

const MAX_BYTES = 1024 * 1024;

async function usualFile({ files }: Pick<World, 'files'>): Promise<string | undefined> {
  for (const path of USUAL_FILES) if (await files.exists(path)) return path;
  return undefined;
}

async function lastHooks(id: string | undefined, world: World): Promise<AppSpec['hooks']> {
  if (id === undefined) return [];
  try {
    const { appSpec } = await (await world.codeDeploy()).deployment(id);
    const { parseYaml } = await import('../taskdef/yaml.ts');
    return appSpec === undefined ? [] : readAppSpec(parseYaml(appSpec, id), `of ${id}`).hooks;
  } catch (thrown) {
    if (asFailure(thrown).code === 'CANCELLED') throw thrown;
    return [];
  }
}

/** @throws Failure INVALID_INPUT where the task definition does not have what the AppSpec names */
export function refuseAppSpec({ appSpec, name }: CodeDeployDraft, definition: TaskDefinition): void {
  const mistakes = appSpecMistakes(appSpec, definition);
  if (mistakes.length > 0)
    throw new Failure('INVALID_INPUT', `The AppSpec (${name}) does not fit the task definition; nothing was changed.`, {
      mistakes,
    });
}

/** The original task set of a deployment goes within this time once its wait is ended. */
const END_SECONDS = 120;
const POLL_SECONDS = 3;

/**
 * CodeDeploy runs one deployment of a group at a time, and the one before may only wait to remove its original task set: its traffic is
 * shifted, and the next deployment needs the place.
 */
export async function endTerminationWait(service: ServiceState, { world, progress }: Run): Promise<void> {
  const { ecs, clock, signal } = world;
  if (service.codeDeploy?.kind !== 'known' || !OPEN.includes(service.codeDeploy.newest?.status ?? '')) return;
  const before = await unfinished(service.clusterArn, service.name, ecs);
  // Where the lifecycle events cannot be seen, CodeDeploy's answer says whether it waits.
  if (!before || (before.lifecycleStage ?? 'TERMINATION_WAIT') !== 'TERMINATION_WAIT') return;
  progress.step(`${before.arn} only waits to remove its old task set; ending that wait`);
  const until = clock.now() + END_SECONDS;
  let answered = false;
  for (;;) {
    if (!answered) answered = await endWait(before.arn, ecs);
    const [now] = await ecs.describeServiceDeployments([before.arn]);
    if (now === undefined || !isCarriedOut(now)) return;
    if (clock.now() >= until)
      throw new Failure(
        'CONFLICT',
        `${before.arn} of ${service.name} has not ended ${END_SECONDS} s after its wait was.`,
      );
    await clock.sleep(POLL_SECONDS, signal);
  }
}

/** @returns whether CodeDeploy took it: between the last hook and the wait it does not yet */
async function endWait(id: string, ecs: World['ecs']): Promise<boolean> {
  try {
    await ecs.continueServiceDeployment(id, 'TERMINATION_WAIT', 'CONTINUE');
    return true;
  } catch (thrown) {
    if (asFailure(thrown).code !== 'REFUSED') throw thrown;
    return false;
  }
}

/** What CreateDeployment is called with beside the revision. */
export function planDeployment(
  draft: CodeDeployDraft | undefined,
  taskDefinition: string,
  { inputs, world }: Run,
): CodeDeployPlan {
  const { configName, description }: CodeDeployInputs = inputs.service.codeDeploy ?? {};
  return {
    description: description ?? describeDeployment(world.runner.context, taskDefinition),
    ...defined({ appSpec: draft?.appSpec.content, configName }),
    ...(inputs.recovery.rollbackOnFailure ? { rollbackOnFailure: true as const } : {}),
  };
}

/** For the log: `CodeDeploy: AppECS-prod-web / DgpECS-prod-web, AppSpec made from web (hook AfterAllowTestTraffic)`. */
export function describeDraft({ appSpec, name }: CodeDeployDraft, service: ServiceState): string {
  const group =
    service.codeDeploy?.kind === 'known' ? `${service.codeDeploy.application} / ${service.codeDeploy.name}` : '';
  const events = appSpec.hooks.map(([event]) => event);
  const hooks = events.length > 0 ? ` (hook${events.length > 1 ? 's' : ''} ${events.join(', ')})` : '';
  return `CodeDeploy ${group}: AppSpec ${name}${hooks}, ${appSpec.container}:${appSpec.port}`;
}
