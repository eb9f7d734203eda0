import { ApiException, type Service } from '../wire/service.ts';
import { requestProblem } from '../wire/shapes.ts';

type Input = Readonly<Record<string, unknown>>;

export interface SimSecret {
  /** version id -> its stages and its value. */
  readonly versions: Readonly<Record<string, { readonly stages: readonly string[]; readonly value: string }>>;
  readonly deletedAt?: number;
}

/** AWS Secrets Manager: secrets by ARN, found by their ARN with or without its random ending. */
export class SecretsManager implements Service {
  readonly name = 'secretsmanager';
  readonly protocol = 'json' as const;
  readonly targetPrefix = 'secretsmanager';
  readonly secrets = new Map<string, SimSecret>();

  async handle(operation: string, input: Input): Promise<object> {
    const wrong = requestProblem(operation, input, await import('@aws-sdk/client-secrets-manager'));
    if (wrong) throw new ApiException('ValidationException', wrong.words);
    switch (operation) {
      case 'DescribeSecret': {
        const [arn, { versions, deletedAt }] = this.#find(String(input.SecretId));
        return {
          ARN: arn,
          Name: arn.slice(arn.lastIndexOf(':') + 1).replace(/-[A-Za-z0-9]{6}$/, ''),
          VersionIdsToStages: Object.fromEntries(Object.entries(versions).map(([id, { stages }]) => [id, stages])),
          ...(deletedAt === undefined ? {} : { DeletedDate: deletedAt }),
        };
      }
      case 'GetSecretValue':
        return this.#value(input);
      default:
        throw new ApiException('UnknownOperationException', `The simulator does not know secretsmanager:${operation}.`);
    }
  }

  #find(id: string): [string, SimSecret] {
    const found = [...this.secrets].find(([arn]) => arn === id || arn.replace(/-[A-Za-z0-9]{6}$/, '') === id);
    if (found) return found;
    throw new ApiException('ResourceNotFoundException', "Secrets Manager can't find the specified secret.");
  }

  #value({ SecretId, VersionId, VersionStage }: Input): object {
    const [arn, { versions, deletedAt }] = this.#find(String(SecretId));
    if (deletedAt !== undefined) {
      throw new ApiException(
        'InvalidRequestException',
        "You can't perform this operation on the secret because it was marked for deletion.",
      );
    }
    const stage = VersionStage ?? (VersionId === undefined ? 'AWSCURRENT' : undefined);
    const found = Object.entries(versions).find(
      ([id, { stages }]) =>
        (VersionId === undefined || id === VersionId) && (stage === undefined || stages.includes(String(stage))),
    );
    if (!found) {
      throw new ApiException(
        'ResourceNotFoundException',
        `Secrets Manager can't find the specified secret value for staging label: ${String(stage)}`,
      );
    }
    const [id, { stages, value }] = found;
    return { ARN: arn, VersionId: id, VersionStages: stages, SecretString: value };
  }
}
