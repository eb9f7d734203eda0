import { lastPart } from '../arn.ts';

/**
 * Pages of the AWS console. Undefined where the partition's console is not known to us (the secret regions) or where
 * an ARN is none; the report then shows the name alone.
 */

/** Hosts by partition: https://docs.aws.amazon.com/awsconsolehelpdocs/latest/gsg/regional-availability.html */
const CONSOLES: Readonly<Record<string, string>> = {
  aws: 'console.aws.amazon.com',
  'aws-cn': 'console.amazonaws.cn',
  'aws-us-gov': 'console.amazonaws-us-gov.com',
  'aws-eusc': 'console.amazonaws-eusc.eu',
};

interface Place {
  readonly partition: string;
  readonly region: string;
}

function arnParts(arn: string): (Place & { readonly resource: string }) | undefined {
  const [, partition, region, resource] = /^arn:([a-z0-9-]+):[a-z0-9-]+:([a-z0-9-]+):\d*:(.+)$/.exec(arn) ?? [];
  return partition && region && resource ? { partition, region, resource } : undefined;
}

function page({ partition, region }: Place, path: readonly string[], view = ''): string | undefined {
  const host = Object.hasOwn(CONSOLES, partition) ? CONSOLES[partition] : undefined;
  if (!host) return undefined;
  const parts = path.map((part) => encodeURIComponent(part).replaceAll("'", '%27').replaceAll('%3A', ':'));
  return `https://${region}.${host}/${parts.join('/')}${view}?region=${region}`;
}

/** What links need of a service; an ARN of the old format has no cluster in it, so the cluster's own is asked for. */
interface ServicePlace {
  readonly arn: string;
  readonly clusterArn: string;
  readonly name: string;
}

export const serviceLink = (service: ServicePlace): string | undefined => ofService(service, '/health');

/** The service's deployments; the newest, ours, on top. */
export const deploymentsLink = (service: ServicePlace): string | undefined => ofService(service, '/deployments');

function ofService({ arn, clusterArn, name }: ServicePlace, view: string): string | undefined {
  const parts = arnParts(arn);
  return parts && page(parts, ['ecs', 'v2', 'clusters', lastPart(clusterArn), 'services', name], view);
}

/** A revision, `arn:aws:ecs:REGION:ACCOUNT:task-definition/FAMILY:REVISION`. */
export function revisionLink(arn: string): string | undefined {
  const parts = arnParts(arn);
  const [, family, revision] = /^task-definition\/([^:]+):(\d+)$/.exec(parts?.resource ?? '') ?? [];
  return parts && family && revision
    ? page(parts, ['ecs', 'v2', 'task-definitions', family, revision], '/containers')
    : undefined;
}

/** A task, `arn:aws:ecs:REGION:ACCOUNT:task/CLUSTER/ID`, of the old format without the cluster. */
export function taskLink(arn: string, cluster: string): string | undefined {
  const parts = arnParts(arn);
  return parts?.resource.startsWith('task/')
    ? page(parts, ['ecs', 'v2', 'clusters', lastPart(cluster), 'tasks', lastPart(arn)], '/configuration')
    : undefined;
}

/** A log group, or one stream of it. The page reads its path from the fragment, where it wants it encoded twice, with `$` for `%`. */
export function logLink(place: Place, group: string, stream?: string): string | undefined {
  const twice = (text: string): string => encodeURIComponent(encodeURIComponent(text)).replaceAll('%', '$');
  const home = page(place, ['cloudwatch', 'home']);
  const events = stream === undefined ? '' : `/log-events/${twice(stream)}`;
  return home && `${home}#logsV2:log-groups/log-group/${twice(group)}${events}`;
}

const PRIVATE =
  /^(\d{12})\.dkr[.-]ecr(?:-fips)?\.([a-z0-9-]+)\.(?:amazonaws\.(?:com(?:\.cn)?|eu)|on\.(?:aws|amazonwebservices\.com\.cn))\/(.+)$/;

/** A repository (or one image in it, by digest) from `host/name`, as image references begin. Undefined outside ECR. */
export function repositoryLink(repository: string, digest?: string): string | undefined {
  const [, gallery] = /^public\.ecr\.aws\/([\w./-]+)$/.exec(repository) ?? [];
  if (gallery) return `https://gallery.ecr.aws/${gallery}`;
  const [, accountId, region, name] = PRIVATE.exec(repository) ?? [];
  if (!accountId || !region || !name) return undefined;
  const path = ['ecr', 'repositories', 'private', accountId, ...name.split('/')];
  const place = { partition: partitionOf(region), region };
  return digest ? page(place, [...path, '_', 'image', digest], '/details') : page(place, path);
}

function partitionOf(region: string): string {
  if (region.startsWith('cn-')) return 'aws-cn';
  if (region.startsWith('us-gov-')) return 'aws-us-gov';
  if (region.startsWith('eusc-')) return 'aws-eusc';
  return region.startsWith('us-iso') ? 'aws-iso' : 'aws';
}
