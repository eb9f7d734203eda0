import { formatImageTags } from '../image/pin.ts';
import type { DeployInputs } from '../inputs/types.ts';
import { defined, isSeen, nameOf, type Revision, type ServiceState } from '../model.ts';
import type { Outcome } from '../outcome.ts';
import type { World } from '../ports.ts';
import type { Begun } from '../service/apply.ts';
import { type Change, isChange } from '../service/change.ts';
import { primaryOf } from '../service/deployment.ts';
import { changeFor } from '../servicedef/change.ts';
import { diffDefinitions } from '../taskdef/diff.ts';
import { ownKeys, type Registered, register, tagReused, untaggedWarnings } from '../taskdef/register.ts';
import { type CurrentService, newestService } from './current.ts';
import { type Draft, familyWarnings } from './draft.ts';
import { provenIn, saveIntent } from './handover.ts';
import { proveImages, type Refresh, refreshFor, staleWarnings, unnamedImages } from './images.ts';
import { hasTasks, type Prepared, prepare } from './prepare.ts';
import { rollOut } from './rollout.ts';
import type { Run } from './run.ts';
import type { Facts } from './settle.ts';

/** Builds, registers and rolls out a revision, and waits for the result. */
export async function deploy(run: Run<DeployInputs>, fetching: Promise<ServiceState>): Promise<Outcome> {
  const prepared = await prepare(run, fetching);
  const made = await makeRevision(prepared, run);
  const placed = hasTasks(run.inputs)
    ? { ...run, inputs: (await import('./deploy-tasks.ts')).withTaskContainer(run.inputs, prepared.draft) }
    : run;
  const planned = await runTasksBefore(planChange(made, prepared, run), made, placed);
  const { schedules, scaling, measuring } = prepared;
  if ('halted' in planned)
    return schedules ? (await import('./schedules.ts')).withUnmoved(planned.halted, schedules) : planned.halted;
  const { revision, begun } = made;
  const rollout = { ...planned, revision, registered: isRegistered(made), begun, scaling, schedules };
  const outcome = await rollOut(rollout, placed);
  // Asked for while the rollout was watched.
  const build = outcome.image?.build && (await measuring)?.build;
  return build && outcome.image ? { ...outcome, image: { ...outcome.image, build } } : outcome;
}

/** The revision of this run, and how its images are proven. */
interface Made extends Pick<Registered, 'revision' | 'reused' | 'untagged'> {
  readonly refresh: Refresh;
  /** Where ECS made the revision together with the service. */
  readonly begun?: Begun | undefined;
}

/** No other run uses it, so it may be taken away again. */
const isRegistered = ({ reused, begun }: Made): boolean => !reused && !begun;

/** Registers the revision, or finds an equal one, whose images must still be those of this commit. */
async function makeRevision(prepared: Prepared, run: Run<DeployInputs>): Promise<Made> {
  const { inputs, world, progress } = run;
  const { draft, proposal, image, resolver } = prepared;
  const managed =
    draft.managed && (await (await import('./express.ts')).createManaged({ draft, proposal, image }, run));
  const { revision, reused, untagged = [] } = managed ?? (await register(proposal, world));
  const begun = managed?.begun;
  if (!begun) progress.step(`${reused ? 'reusing' : 'registered'} ${nameOf(revision)}`);
  progress.known({ revision });
  const proof = reused ? await proveImages(revision, { service: draft.service, resolver }, world) : FRESH;
  const refresh = refreshFor(inputs.service, proof);
  if (reused) {
    world.signal.throwIfAborted();
    // What may run another image than the one that its tag names is not the image of this commit.
    const checked = proof.checked && refresh.warnings.length === 0 && proposal.images.stale.length === 0;
    const primary = primaryOf(draft.service);
    const found = primary?.taskDefinitionArn === revision.arn && primary.rolloutState === 'COMPLETED';
    await tagReused(revision, { checked, imageTags: formatImageTags(proposal.images.tags), found }, world);
  } else if (!begun) announce(revision, draft, world);
  for (const reason of refresh.reasons) progress.step(`${reason} A new deployment is forced.`);
  return { revision, reused, untagged, refresh, begun };
}

/** A revision that this run registers resolves its images as its deployment starts. */
const FRESH = { checked: true, reasons: [] };

/** From here on a run that ends early leaves a revision behind, which post takes away. */
function announce(revision: Revision, { service, first: policy }: Draft, world: World): void {
  const { clusterArn: cluster, name, taskDefinitionArn: previous } = service;
  const first = defined({ first: policy });
  const intent = { cluster, service: name, previous, ...provenIn(service), next: revision.arn, registered: true };
  saveIntent({ ...intent, ...first }, world);
}

/** How the service is brought to the revision, and what is known of both. */
interface Planned {
  readonly current: CurrentService;
  readonly change: Change;
  readonly facts: Omit<Facts, 'deployment'> & { readonly service: ServiceState };
}

/** Shows what changes, and warns of what this run leaves as it is. */
function planChange(made: Made, prepared: Prepared, { inputs, world, progress }: Run<DeployInputs>): Planned {
  const { revision, refresh, untagged } = made;
  const { draft, deployed, proposal } = prepared;
  const { live } = draft;
  const differences = live && isSeen(live) ? diffDefinitions(live.definition, revision.definition) : [];
  if (live && isSeen(live)) progress.diff(differences, nameOf(live));
  const change = changeFor(refresh.service, revision.arn, draft);
  if (change.update) for (const line of settingLines(change, draft.wanted && 'in place')) progress.step(line);
  const warnings = [
    ...prepared.warnings,
    ...familyWarnings({ ...draft, definition: revision.definition }, inputs),
    ...untaggedWarnings(ownKeys(untagged ?? []), revision),
    ...staleWarnings(proposal.images),
    ...refresh.warnings,
  ];
  const unnamed = live && unnamedImages(inputs, { ...draft, live, definition: revision.definition });
  if (unnamed && !isChange(change)) warnings.push(`${unnamed} Nothing new was deployed.`);
  else if (unnamed && refresh.reasons.length === 0) world.console.notice(unnamed);
  const facts = {
    service: draft.service,
    ...defined({ previous: live, image: deployed }),
    revision,
    differences,
    warnings,
    diagnoses: [],
    timeline: progress.timeline,
  };
  return { current: draft, change, facts: withSettings(facts, change) };
}

const withSettings = (facts: Planned['facts'], { update, settings }: Change): Planned['facts'] =>
  update && settings.length > 0 ? { ...facts, settings } : facts;

/** `pre-deploy`, where something is to be deployed. Minutes have passed then: what the service runs by then is what a rollback goes to. */
async function runTasksBefore(
  planned: Planned,
  made: Made,
  run: Run<DeployInputs>,
): Promise<Planned | { readonly halted: Outcome }> {
  const { revision, refresh, begun } = made;
  if (run.inputs.tasks.before.length === 0 || !isChange(planned.change) || begun) return planned;
  const { runBefore } = await import('./deploy-tasks.ts');
  const { settings: _, ...facts } = planned.facts;
  const before = await runBefore({ ...facts, revision }, { registered: isRegistered(made) }, run);
  if (before.halted) return before;
  const current = await newestService(planned.current, run);
  const change = changeFor(refresh.service, revision.arn, current);
  const now = { ...facts, service: current.service, tasks: before.results };
  return { current, change, facts: withSettings(now, change) };
}

/** So many settings that change are logged one by one. */
const SETTINGS_SHOWN = 30;

/** What changes of a service, a line each. @param otherwise how ECS takes over what says nothing else */
function settingLines({ settings }: Change, otherwise: string | undefined): string[] {
  const value = (text: string | undefined): string => text ?? 'not set';
  const lines = settings.map(({ subject, before, after, effect = otherwise }) => {
    const how = effect === undefined ? '' : ` (${effect})`;
    return before === undefined && after === undefined
      ? `service setting ${subject} changes${how}`
      : `service setting ${subject}: ${value(before)} -> ${value(after)}${how}`;
  });
  const more = lines.length - SETTINGS_SHOWN;
  return more > 0 ? [...lines.slice(0, SETTINGS_SHOWN), `and ${more} more service settings`] : lines;
}
