import type { Diagnosis } from '../diagnosis/diagnosis.ts';
import { defined, type ScheduleMove } from '../model.ts';
import type { Moment, Outcome, OutcomeKind } from '../outcome.ts';
import { nameOfSchedule } from '../schedules/schedules.ts';
import { carrierOf } from '../service/deployment.ts';
import { type Serving, servingText } from '../service/serving.ts';
import type { Difference } from '../taskdef/diff.ts';
import type { Gist } from './gist.ts';
import { deploymentsLink, serviceLink } from './links.ts';
import { type Took, tookOf } from './phases.ts';
import { oneLine } from './text.ts';

/**
 * The output `summary`, version 1: fields are added, never renamed or taken away. Absent means unknown.
 * Instants are ISO 8601 in UTC. Values of environment variables and secrets are in none of them.
 */
export interface Summary {
  readonly version: 1;
  /** `ran` of `mode: task`. */
  readonly outcome: OutcomeKind | 'ran';
  readonly headline: string;
  readonly service?: { readonly name: string; readonly arn: string; readonly clusterArn: string };
  /** With `mode: daemon`. */
  readonly daemon?: { readonly name: string; readonly arn: string };
  readonly url?: string;
  /** URL at which an Express Mode service answers. */
  readonly endpoint?: string;
  readonly image?: {
    readonly reference: string;
    readonly digest?: string;
    readonly tags: readonly string[];
    readonly platforms?: readonly string[];
  };
  readonly taskDefinition?: string;
  readonly previousTaskDefinition?: string;
  /** This run created the service. */
  readonly serviceCreated?: true;
  /** What was done with a service whose first deployment failed. */
  readonly firstFailure?: 'scaled-to-zero' | 'deleted';
  readonly deployment?: { readonly id: string; readonly startedAt: string };
  readonly serviceDeployment?: string;
  /** Digests that really run, by container. */
  readonly running?: { readonly count: number; readonly digests: Readonly<Record<string, string>> };
  /** The rollback that failed as well, and what else can be rolled back to. */
  readonly failedRollback?: {
    readonly taskDefinition: string;
    readonly cause: string;
    readonly targets: readonly string[];
  };
  /** What serves when the run ends: `web:1 serves: 4 of 4`. */
  readonly serving?: {
    readonly text: string;
    readonly running: number;
    readonly desired: number;
    readonly revisions: readonly {
      readonly taskDefinition: string;
      readonly running: number;
      readonly trafficPercent?: number;
    }[];
  };
  /** The run in one minute: what a chat message about it says. */
  readonly gist?: {
    readonly where?: string;
    readonly title: string;
    readonly what: string;
    readonly words?: { readonly from: 'application' | 'AWS'; readonly text: string };
    readonly serving?: string;
    readonly done?: string;
    readonly fix?: string;
    readonly fixCode?: readonly string[];
    readonly otherwise?: string;
    readonly otherwiseCommands?: readonly string[];
    readonly next?: {
      readonly text: string;
      readonly write?: string;
      readonly command?: string;
      readonly commands?: readonly string[];
    };
    readonly docs?: string;
    readonly links: readonly { readonly name: string; readonly text: string; readonly address: string }[];
  };
  /** Tasks of each revision when the rollout ended. */
  readonly revisions?: readonly {
    readonly taskDefinition: string;
    readonly running: number;
    readonly pending: number;
    readonly failed: number;
  }[];
  /** Root cause first. */
  readonly causes: readonly {
    readonly rule: string;
    readonly severity: Diagnosis['severity'];
    readonly transient: boolean;
    readonly cause: string;
    readonly remedy: string;
    readonly link?: string;
    readonly evidence: { readonly surface: string; readonly text: string };
    readonly task?: string;
    readonly container?: string;
  }[];
  readonly warnings: readonly string[];
  /** One-off tasks, in the order in which they ran; exit codes by container. */
  readonly tasks?: readonly {
    readonly label: string;
    readonly phase: string;
    readonly name: string;
    readonly succeeded: boolean;
    readonly task?: string;
    readonly exitCode?: number;
    readonly exitCodes: Readonly<Record<string, number>>;
    readonly seconds?: number;
  }[];
  /** How long the run was at work on the service, in whole seconds, and its parts: `pre-deploy`, `rollout`, `verify`, ... */
  readonly took?: Took;
  /** Schedules that were moved to the revision. */
  readonly schedules?: readonly {
    readonly name: string;
    readonly previousTaskDefinition: string;
    readonly taskDefinition: string;
  }[];
  /** Actions that IAM denied, with the resources; the run continued without them. */
  readonly denied?: readonly { readonly action: string; readonly resource: string }[];
  readonly differences: readonly Difference[];
  readonly timeline: readonly {
    readonly at: string;
    readonly kind: Moment['kind'];
    readonly severity: Moment['severity'];
    readonly text: string;
    readonly task?: string;
    readonly state?: string;
  }[];
}

/** GitHub takes 1 MB of outputs a job; a later step gets them through its environment, which is smaller still. */
const LARGE = 100_000;
const MOMENTS = 200;

/** Outputs of the step by name, for as much as is known; what is not known is left out. */
export function outputsOf(known: Partial<Outcome>, gist?: Gist): Record<string, string> {
  const { image, service, revision, previous, deployment, serviceDeploymentArn, kind } = known;
  const url = urlOf(known);
  const isOfCodeDeploy = deployment !== undefined && carrierOf(deployment) === 'CodeDeploy';
  return {
    ...(image
      ? {
          image: image.reference,
          ...defined({ 'image-digest': image.digest || undefined }),
          'image-tags': image.tags.join('\n'),
          ...defined({ metadata: image.metadata && metadataText(image.metadata) }),
        }
      : {}),
    ...defined({
      'task-definition-arn': revision?.arn,
      'previous-task-definition-arn': previous?.arn,
      'service-created': known.created ? 'true' : undefined,
      'deployment-id': deployment?.id,
      'service-deployment-arn': isOfCodeDeploy ? undefined : serviceDeploymentArn || undefined,
      'codedeploy-deployment-id': isOfCodeDeploy ? deployment?.id : undefined,
      'service-arn': service?.arn,
      endpoint: known.endpoint,
    }),
    ...(service && url ? { url } : {}),
    ...defined({
      schedules: known.schedules && JSON.stringify(known.schedules.map(scheduleValue)),
      outcome: kind,
      summary: kind && summaryText(known, kind, defined({ gist })),
    }),
  };
}

const scheduleValue = ({ id, from, to }: ScheduleMove): NonNullable<Summary['schedules']>[number] => ({
  name: nameOfSchedule(id),
  previousTaskDefinition: from,
  taskDefinition: to,
});

const urlOf = ({ service, deployment, firstFailure }: Partial<Outcome>): string | undefined =>
  firstFailure === 'deleted' ? undefined : service && (deployment ? deploymentsLink(service) : serviceLink(service));

/** buildx repeats its provenance in the metadata; that is the part that grows, and it is attached to the image anyway. */
function metadataText(metadata: NonNullable<NonNullable<Outcome['image']>['metadata']>): string {
  const whole = JSON.stringify(metadata);
  if (whole.length <= LARGE) return whole;
  return JSON.stringify(
    Object.fromEntries(Object.entries(metadata).filter(([key]) => !key.includes('buildx.build.provenance'))),
  );
}

/**
 * The output `summary`. Cut from the front of the timeline where it would be too large: the end says most.
 * @param known of a run without a service what it has of an outcome
 */
export function summaryText(
  known: Partial<Outcome>,
  kind: Summary['outcome'],
  beside: Pick<Summary, 'daemon'> & { readonly gist?: Gist },
): string {
  const value = (moments: number): Summary => ({ ...summaryValue(known, kind, moments), ...beside });
  for (const moments of [MOMENTS, 50, 10, 0]) {
    const text = JSON.stringify(value(moments));
    if (text.length <= LARGE) return text;
  }
  return JSON.stringify({ ...value(0), differences: [], causes: [] } satisfies Summary);
}

function summaryValue(known: Partial<Outcome>, kind: Summary['outcome'], moments: number): Summary {
  const { service, image, revision, previous, deployment, serviceDeploymentArn, verdict } = known;
  const url = urlOf(known);
  return {
    version: 1,
    outcome: kind,
    headline: oneLine(known.headline ?? '', 2000),
    ...defined({
      service: service && { name: service.name, arn: service.arn, clusterArn: service.clusterArn },
      url: url || undefined,
      endpoint: known.endpoint,
    }),
    ...defined({
      image: image && {
        reference: image.reference,
        ...defined({ digest: image.digest || undefined }),
        tags: image.tags,
        ...defined({ platforms: image.platforms }),
      },
    }),
    ...defined({
      taskDefinition: revision?.arn,
      previousTaskDefinition: previous?.arn,
      serviceCreated: known.created,
      firstFailure: known.firstFailure,
      deployment: deployment && { id: deployment.id, startedAt: iso(deployment.startedAt) },
      serviceDeployment: serviceDeploymentArn || undefined,
    }),
    ...(verdict?.kind === 'succeeded' ? { running: { count: verdict.runningCount, digests: verdict.digests } } : {}),
    ...defined({
      failedRollback: known.failedRollback && failedRollbackValue(known.failedRollback),
      serving: known.serving && servingValue(known.serving),
      revisions: known.tally?.map(({ taskDefinitionArn: taskDefinition, ...counts }) => ({
        taskDefinition,
        ...counts,
      })),
    }),
    causes: (known.diagnoses ?? []).slice(0, 10).map(causeValue),
    warnings: (known.warnings ?? []).slice(0, 20).map((warning) => oneLine(warning, 1000)),
    ...(known.tasks && known.tasks.length > 0
      ? { tasks: known.tasks.slice(0, 50).map(({ command: _, tookSeconds: __, ...task }) => task) }
      : {}),
    ...(known.timeline ? defined({ took: tookOf({ ...known, timeline: known.timeline }) }) : {}),
    ...(known.schedules && known.schedules.length > 0
      ? { schedules: known.schedules.slice(0, 100).map(scheduleValue) }
      : {}),
    ...deniedValue(known.denied),
    differences: (known.differences ?? []).slice(0, 200).map(differenceValue),
    timeline: (known.timeline ?? [])
      .filter((moment) => moment.kind !== 'log' && moment.kind !== 'heartbeat')
      .slice(-moments || Number.POSITIVE_INFINITY)
      .map(momentValue),
  };
}

function deniedValue(denied: Outcome['denied'] = []): Pick<Summary, 'denied'> {
  const some = denied.slice(0, 50);
  return some.length > 0 ? { denied: some.map(({ action, resource }) => ({ action, resource })) } : {};
}

const failedRollbackValue = ({
  to,
  cause,
  targets,
}: NonNullable<Outcome['failedRollback']>): NonNullable<Summary['failedRollback']> => ({
  taskDefinition: to,
  cause: oneLine(cause, 2000),
  targets,
});

const servingValue = (serving: Serving): NonNullable<Summary['serving']> => ({
  text: servingText(serving),
  running: serving.running,
  desired: serving.desired,
  revisions: serving.revisions.map(({ taskDefinitionArn, ...one }) => ({ taskDefinition: taskDefinitionArn, ...one })),
});

const differenceValue = ({ before, after, ...rest }: Difference): Difference => ({
  ...rest,
  ...defined({
    before: before === undefined ? undefined : oneLine(before, 200),
    after: after === undefined ? undefined : oneLine(after, 200),
  }),
});

const causeValue = (diagnosis: Diagnosis): Summary['causes'][number] => ({
  rule: diagnosis.rule,
  severity: diagnosis.severity,
  transient: diagnosis.transient,
  cause: oneLine(diagnosis.cause, 2000),
  remedy: oneLine(diagnosis.remedy, 2000),
  ...defined({ link: diagnosis.link || undefined }),
  evidence: { surface: diagnosis.evidence.surface, text: oneLine(diagnosis.evidence.text, 2000) },
  ...defined({ task: diagnosis.taskId, container: diagnosis.container || undefined }),
});

const momentValue = ({ at, kind, severity, text, taskId, state }: Moment): Summary['timeline'][number] => ({
  at: iso(at),
  kind,
  severity,
  text: oneLine(text, 700),
  ...defined({ task: taskId, state }),
});

const iso = (at: number): string => new Date(at * 1000).toISOString();
