import type { Resources, SecretKeys } from '../resources.ts';
import type { Json } from '../world.ts';
import type { AwsConfig } from './aws.ts';
import { call } from './aws-error.ts';
import { lazyClients, unlessMissing } from './clients.ts';

/** Secrets Manager. A value is read only for a JSON key's name, masked at once, and never given out. */
export function createSecrets(
  config: AwsConfig,
  mask: (secret: string) => void,
): Pick<Resources, 'secret' | 'secretKeys'> {
  const manager = lazyClients(
    config,
    () => import('@aws-sdk/client-secrets-manager'),
    (sdk, own) => new sdk.SecretsManagerClient(own),
  );
  return {
    secret: (region, SecretId) =>
      unlessMissing(async () => {
        const { sdk, client } = await manager(region);
        const { VersionIdsToStages, DeletedDate } = await call('secretsmanager', 'DescribeSecret', () =>
          client.send(new sdk.DescribeSecretCommand({ SecretId })),
        );
        return { versions: VersionIdsToStages ?? {}, deleted: DeletedDate !== undefined };
      }),

    async secretKeys(region, { arn, stage, versionId }) {
      const keys = await unlessMissing(async () => {
        const { sdk, client } = await manager(region);
        const { SecretString } = await call('secretsmanager', 'GetSecretValue', () =>
          client.send(
            new sdk.GetSecretValueCommand({
              SecretId: arn,
              ...(versionId ? { VersionId: versionId } : {}),
              ...(stage ? { VersionStage: stage } : {}),
            }),
          ),
        );
        if (SecretString !== undefined) maskAll(SecretString, mask);
        return keysOf(SecretString);
      });
      return keys ?? { kind: 'none' };
    },
  };
}

/** A masked `{` or `true` would spoil every line of the log that has one. */
const SHORTEST_MASKED = 6;

/**
 * The runner masks each line of what it is given, so a pretty-printed object goes line by line, without the lines that
 * are brackets alone.
 */
function maskAll(value: string, mask: (secret: string) => void): void {
  for (const line of value.split(/[\r\n]+/)) if (line.trim().length >= SHORTEST_MASKED) mask(line);
}

function keysOf(text: string | undefined): SecretKeys {
  try {
    const value = JSON.parse(text ?? '') as Json;
    if (typeof value === 'object' && value !== null && !Array.isArray(value))
      return { kind: 'keys', keys: Object.keys(value) };
  } catch {
    // The error would quote the value.
  }
  return { kind: 'no-object' };
}
