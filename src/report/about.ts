import { lastPart } from '../arn.ts';
import type { Diagnosis } from '../diagnosis/diagnosis.ts';
import { type Failure, withRemedies } from '../failure.ts';
import { type Place, type RunContext, SEVERAL } from '../inputs/types.ts';
import { defined } from '../model.ts';
import type { Outcome, Plan } from '../outcome.ts';
import type { RollbackWorkflow } from './rollback-workflow.ts';
import { ENTRIES, ERROR_CLASSES } from './troubleshooting.generated.ts';

/** What a report knows beside the outcome itself. */
export interface About {
  readonly run?: RunContext;
  /** GitHub's environment, where the step names one. */
  readonly environment?: string;
  /** Where the task definition of this deployment is written: a file, or what runs and the inputs. Absent where the run only has a revision. */
  readonly template?: { readonly kind: 'file'; readonly path: string } | { readonly kind: 'inputs' };
  /** A workflow of the repository that rolls this service back. */
  readonly rollbackWorkflow?: RollbackWorkflow;
}

/** A service and where it is, as far as that is known. */
export interface Whereabouts {
  readonly service: string;
  /** Name or ARN. */
  readonly cluster?: string;
  readonly region?: string;
  readonly environment?: string;
}

/** `web in production/eu-west-1`; with GitHub's environment where it is not the name of the cluster. */
export function whereText({ service, cluster, region, environment }: Whereabouts): string {
  const place = placeText(cluster, region);
  const named = environment && environment !== lastPart(cluster) ? ` (environment ${environment})` : '';
  return place === '' ? `${service}${named}` : `${service} in ${place}${named}`;
}

/** `production/eu-west-1` of what is in a cluster; of a name alone as much of it as is known. */
export const placeText = (cluster: string | undefined, region: string | undefined): string =>
  [lastPart(cluster), region].filter(Boolean).join('/');

/** `production/eu-west-1` of services that are there, for their title; as much of it as they have in common, or nothing. */
export function commonPlace(services: readonly Whereabouts[]): string {
  const only = (values: readonly (string | undefined)[]): string | undefined => {
    const known = new Set(values.filter((value) => value !== undefined && value !== ''));
    return known.size === 1 ? [...known][0] : undefined;
  };
  const cluster = only(services.map((one) => lastPart(one.cluster)));
  const region = only(services.map((one) => one.region));
  const environment = only(services.map((one) => one.environment));
  const place = placeText(cluster, region);
  if (environment === undefined || environment === cluster) return place;
  return place === '' ? `environment ${environment}` : `${place} (environment ${environment})`;
}

/** Where an outcome or a plan is about; undefined for a run that ended before it knew its service. */
export const whereOf = ({ service }: Pick<Outcome | Plan, 'service'>, { environment }: About): string | undefined =>
  service &&
  whereText({
    service: service.name,
    cluster: service.clusterArn,
    region: service.region,
    ...(environment === undefined ? {} : { environment }),
  });

/** `web in production/eu-west-1`, by the inputs alone; undefined where they name no service. */
export const whereOfPlace = ({ aws, service: { service, cluster }, github }: Place): string | undefined =>
  service === ''
    ? undefined
    : whereText({
        service: service === SEVERAL ? 'several services' : service,
        cluster,
        region: aws.region,
        ...defined({ environment: github.deployment?.environment }),
      });

/** Pages of this project that explain a failure which no row of the diagnosis explains, by its code. */
export const PAGES: Readonly<Record<string, string>> = {
  INVALID_INPUT: 'inputs.md',
  PREFLIGHT_FAILED: 'preflight.md',
  INVALID_TASK_DEFINITION: 'troubleshooting/task-definitions.md',
  IMPOSSIBLE_ROLLOUT: 'troubleshooting/services.md',
  TOOL_MISSING: 'troubleshooting/builds.md',
  BUILD_FAILED: 'troubleshooting/builds.md',
  PUSH_FAILED: 'troubleshooting/builds.md',
  IMAGE_REJECTED: 'ecr.md',
  CREDENTIALS: 'troubleshooting/calls.md',
  ACCESS_DENIED: 'troubleshooting/calls.md',
  NOT_FOUND: 'troubleshooting/calls.md',
  REFUSED: 'troubleshooting/calls.md',
  THROTTLED: 'troubleshooting/calls.md',
  UNAVAILABLE: 'troubleshooting/calls.md',
  CONFLICT: 'troubleshooting/services.md',
};

/**
 * The entry of the troubleshooting guide, in the repository and at the ref of the action that runs.
 * @param topic id of a rule of the diagnosis, or the code of a failure
 * @returns undefined where no page explains it, and where the action is used from a local path, whose pages have no address
 */
export function docsLink(topic: string, run: RunContext | undefined): string | undefined {
  const page = Object.hasOwn(PAGES, topic) ? PAGES[topic] : entryOf(topic);
  return page === undefined ? undefined : pageLink(page, run);
}

/** The file of the entry about a cause, in the repository of the action, whose address is not known of an action at a local path. */
export function entryFile(cause: Pick<Diagnosis, 'rule' | 'errorClass'>): string | undefined {
  const page = entryPage(cause);
  return page && `docs/${page}`;
}

/** The entry about a cause: of what an application printed that of its class, which has more than that of the id. */
export function entryLink(
  cause: Pick<Diagnosis, 'rule' | 'errorClass'>,
  run: RunContext | undefined,
): string | undefined {
  const page = entryPage(cause);
  return page && pageLink(page, run);
}

const entryPage = ({ rule, errorClass }: Pick<Diagnosis, 'rule' | 'errorClass'>): string | undefined =>
  errorClass !== undefined && ERROR_CLASSES.split(' ').includes(errorClass)
    ? `troubleshooting/applications.md#${errorClass}`
    : entryOf(rule);

/** A page of docs/ in the repository and at the ref of the action that runs. */
export function pageLink(page: string, run: RunContext | undefined): string | undefined {
  const action = run?.action;
  if (!run || !action) return undefined;
  const path = [...action.repository.split('/').slice(0, 2), 'blob', ...action.ref.split('/')].map(encodeURIComponent);
  return `${run.serverUrl}/${path.join('/')}/docs/${page}`;
}

/** A failure names a page of this project as `docs/forks.md`, which the repository of the user does not have: its address in place of it. */
export const withPageLinks = (failure: Failure, run: RunContext): Failure =>
  withRemedies(failure, (remedy) =>
    remedy.replaceAll(
      /(?<![\w./-])docs\/([\w/-]+\.md(?:#[\w-]+)?)/g,
      (name, page: string) => pageLink(page, run) ?? name,
    ),
  );

/** The page and the heading of a cause. */
function entryOf(rule: string): string | undefined {
  const found = Object.entries(ENTRIES).find(([, rules]) => rules.split(' ').includes(rule));
  return found && `troubleshooting/${found[0]}.md#${rule}`;
}
