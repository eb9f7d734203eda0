import type {
  Alarm,
  CapacityProvider,
  ClusterState,
  ContainerInstance,
  Refusal,
  Role,
  Secret,
  SecretKeys,
  TargetGroup,
} from '../model.ts';
import type { Answer } from './check.ts';
import type { FoundImage } from './images.ts';

/** What came back, by the key of the question; nothing for what was not asked. */
export interface Answers {
  readonly cluster: Answer<ClusterState | undefined>;
  /** By ARN. */
  readonly roles: ReadonlyMap<string, Answer<Role | undefined>>;
  /** Of the execution role, by action. */
  readonly refusals: ReadonlyMap<string, Answer<readonly Refusal[]>>;
  /** By reference. */
  readonly images: ReadonlyMap<string, Answer<FoundImage | undefined>>;
  /** By ARN. */
  readonly secrets: ReadonlyMap<string, Answer<Secret | undefined>>;
  /** By `versionKey`. */
  readonly secretKeys: ReadonlyMap<string, Answer<SecretKeys>>;
  /** The names that exist, by region. */
  readonly parameters: ReadonlyMap<string, Answer<readonly string[]>>;
  /** By `REGION:NAME`. */
  readonly logGroups: ReadonlyMap<string, Answer<boolean>>;
  /** By ARN. */
  readonly files: ReadonlyMap<string, Answer<boolean>>;
  /** By ARN. */
  readonly targetGroups: ReadonlyMap<string, Answer<TargetGroup | undefined>>;
  readonly alarms: Answer<readonly Alarm[]> | undefined;
  readonly instances: Answer<readonly ContainerInstance[]> | undefined;
  readonly capacityProviders: Answer<readonly CapacityProvider[]> | undefined;
}
