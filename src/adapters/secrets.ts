import type { Json, SecretKeys } from '../model.ts';
import type { Resources } from '../ports.ts';
import type { AwsConfig } from './aws.ts';
import { call, required } from './aws-error.ts';
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
        const { ARN, VersionIdsToStages, DeletedDate } = await call('secretsmanager', 'DescribeSecret', () =>
          client.send(new sdk.DescribeSecretCommand({ SecretId })),
        );
        required(ARN, 'secretsmanager', 'DescribeSecret', 'ARN');
        // Absent from a secret that was never given a value.
        return { versions: VersionIdsToStages ?? {}, deleted: DeletedDate !== undefined };
      }),

    async secretKeys(region, { arn, stage, versionId }) {
      const keys = await unlessMissing(async () => {
        const { sdk, client } = await manager(region);
        const { SecretString, SecretBinary } = await call('secretsmanager', 'GetSecretValue', () =>
          client.send(
            new sdk.GetSecretValueCommand({
              SecretId: arn,
              ...(versionId ? { VersionId: versionId } : {}),
              ...(stage ? { VersionStage: stage } : {}),
            }),
          ),
        );
        if (SecretString !== undefined) mask(SecretString);
        required(SecretString ?? SecretBinary, 'secretsmanager', 'GetSecretValue', 'SecretString');
        return keysOf(SecretString);
      });
      return keys ?? { kind: 'none' };
    },
  };
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
