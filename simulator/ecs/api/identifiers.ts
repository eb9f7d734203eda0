import { ApiException, type CallContext, invalid, lastSegment } from '../../wire/service.ts';

/** What an ARN of ECS names. */
interface Named {
  readonly type: string;
  /** `cluster/name` or `name`. */
  readonly path: string;
}

/**
 * An ARN must be of the caller's account and Region: another Region's endpoint does not have the resource.
 * @returns undefined for what is not an ARN
 * @throws InvalidParameterException in the words that users of SDKs report
 */
export function parseArn(reference: unknown, { region, accountId }: CallContext): Named | undefined {
  const text = String(reference);
  if (!text.startsWith('arn:')) return undefined;
  const [, type, path] = /^arn:[\w-]+:ecs:[^:]*:[^:]*:([\w-]+)\/(.+)$/.exec(text) ?? [];
  const [, , , ofRegion, ofAccount] = text.split(':');
  if (type === undefined || path === undefined) throw new ApiException('ClientException', 'Invalid arn syntax.');
  if (ofRegion !== region) throw invalid('Invalid Region in ARN');
  if (ofAccount !== accountId) throw invalid('AccountIDs mismatch');
  return { type, path };
}

/** The name of a cluster, by name or ARN. */
export function clusterName(reference: unknown, context: CallContext): string {
  const arn = parseArn(reference ?? 'default', context);
  if (arn && arn.type !== 'cluster') throw invalid(`Unsupported resource type: ${arn.type}`);
  const name = arn?.path ?? String(reference ?? 'default');
  if (!/^[a-zA-Z0-9\-_]{1,255}$/.test(name))
    throw invalid(`Cluster must match ^[a-zA-Z0-9\\-_]{1,255}$, but was ${name}`);
  return name;
}

/** The name of a service in a cluster, by name or ARN; ARNs before 2018 do not name the cluster. */
export function serviceName(reference: unknown, cluster: string, context: CallContext): string {
  const arn = parseArn(reference, context);
  if (arn === undefined) return String(reference);
  if (arn.type !== 'service') throw invalid(`Unsupported resource type: ${arn.type}`);
  const [of] = arn.path.includes('/') ? arn.path.split('/') : [cluster];
  if (of !== cluster) throw invalid(`Invalid identifier: Identifier is for cluster ${of}. Your cluster is ${cluster}`);
  return lastSegment(arn.path);
}
