import { ApiException, type CallContext } from '../wire/service.ts';
import { isRepositoryPolicy, refusalOf } from './access.ts';
import { invalidParameter, repositoryOf } from './images.ts';
import type { Registry, SimRepository } from './registry.ts';

type Input = Readonly<Record<string, unknown>>;

/**
 * Repository policies and lifecycle policies.
 * https://docs.aws.amazon.com/AmazonECR/latest/userguide/lifecycle_policy_parameters.html
 */
export class Policies {
  readonly #lifecycle = new WeakMap<SimRepository, string>();

  setRepositoryPolicy(input: Input, context: CallContext, registry: Registry): object {
    const { repositoryName, policyText, force } = input;
    const { accountId } = context;
    const name = String(repositoryName);
    const repository = repositoryOf(registry, name);
    const wrong = invalidParameter('PolicyText', 'Invalid repository policy provided');
    if (!isRepositoryPolicy(String(policyText))) throw wrong;
    // "If the policy would prevent you from setting another policy in the future, you must force the operation."
    const asked = { operation: 'SetRepositoryPolicy', context, owner: accountId, name };
    if (force !== true && refusalOf(String(policyText), asked) !== undefined) throw wrong;
    repository.policy = String(policyText);
    return { registryId: accountId, repositoryName, policyText };
  }

  getRepositoryPolicy({ repositoryName }: Input, { accountId }: CallContext, registry: Registry): object {
    const { policy: policyText } = repositoryOf(registry, String(repositoryName));
    if (policyText !== undefined) return { registryId: accountId, repositoryName, policyText };
    throw new ApiException(
      'RepositoryPolicyNotFoundException',
      `Repository policy does not exist for the repository with name '${String(repositoryName)}' in the registry with id '${accountId}'`,
    );
  }

  putLifecyclePolicy(input: Input, { accountId }: CallContext, registry: Registry): object {
    const { repositoryName, lifecyclePolicyText } = input;
    const repository = repositoryOf(registry, String(repositoryName));
    rulesOf(String(lifecyclePolicyText));
    this.#lifecycle.set(repository, String(lifecyclePolicyText));
    return { registryId: accountId, repositoryName, lifecyclePolicyText };
  }

  getLifecyclePolicy({ repositoryName }: Input, { accountId }: CallContext, registry: Registry): object {
    const lifecyclePolicyText = this.#lifecycle.get(repositoryOf(registry, String(repositoryName)));
    if (lifecyclePolicyText !== undefined) return { registryId: accountId, repositoryName, lifecyclePolicyText };
    throw new ApiException(
      'LifecyclePolicyNotFoundException',
      `Lifecycle policy does not exist for the repository with name '${String(repositoryName)}' in the registry with id '${accountId}'`,
    );
  }
}

function parsed(text: string): Input | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Input) : undefined;
  } catch {
    return undefined;
  }
}

interface Rule {
  readonly rulePriority: number;
  readonly selection: Input;
  readonly action: Input;
}

/** @throws InvalidParameterException */
function rulesOf(text: string): readonly Rule[] {
  const wrong = (why: string) => invalidParameter('LifecyclePolicyText', `Lifecycle policy validation failure: ${why}`);
  if (text.length > 30_720) throw wrong('the policy is longer than 30720 characters');
  const { rules } = (parsed(text) ?? {}) as { readonly rules?: readonly Rule[] };
  if (!Array.isArray(rules) || rules.length === 0) throw wrong('object has missing required properties (["rules"])');
  for (const { rulePriority, selection, action } of rules as readonly Partial<Rule>[]) {
    if (typeof rulePriority !== 'number' || !selection || !action)
      throw wrong('object has missing required properties (["action","rulePriority","selection"])');
    const { tagStatus, tagPrefixList, tagPatternList, countType, countNumber, countUnit } = selection;
    if (!['tagged', 'untagged', 'any'].includes(String(tagStatus)))
      throw wrong('instance value is not found in enum (possible values: ["any","tagged","untagged"])');
    const lists = [tagPrefixList, tagPatternList].filter((list) => list !== undefined).length;
    if (lists !== (tagStatus === 'tagged' ? 1 : 0))
      throw wrong('tagPrefixList or tagPatternList is required with tagStatus tagged, and with it alone');
    if (!Number.isInteger(countNumber) || Number(countNumber) < 1) throw wrong('countNumber is a positive integer');
    if (String(countType).startsWith('since') !== (countUnit === 'days'))
      throw wrong('countUnit days goes with a countType since...');
    if (countType !== 'imageCountMoreThan' && !/^sinceImage(Pushed|Pulled|Transitioned)$/.test(String(countType)))
      throw wrong('instance value is not found in enum (countType)');
  }
  const priorities = rules.map(({ rulePriority }: Rule) => rulePriority);
  if (new Set(priorities).size < priorities.length) throw wrong('rulePriority must be unique');
  return rules;
}
