import { ApiException, type CallContext, page } from '../wire/service.ts';
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
  readonly #previews = new WeakMap<SimRepository, { readonly text: string; asked: number }>();

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

  startPreview(input: Input, { accountId }: CallContext, registry: Registry): object {
    const { repositoryName } = input;
    const repository = repositoryOf(registry, String(repositoryName));
    const text = String(input.lifecyclePolicyText ?? this.#lifecycle.get(repository) ?? '');
    rulesOf(text);
    if (this.#previews.get(repository)?.asked === 0)
      throw new ApiException(
        'LifecyclePolicyPreviewInProgressException',
        `There is a lifecycle policy preview in progress for repository '${String(repositoryName)}' in registry '${accountId}'`,
      );
    this.#previews.set(repository, { text, asked: 0 });
    return { registryId: accountId, repositoryName, lifecyclePolicyText: text, status: 'IN_PROGRESS' };
  }

  /** In progress when it is asked for the first time. */
  getPreview(input: Input, { accountId }: CallContext, registry: Registry): object {
    const repository = repositoryOf(registry, String(input.repositoryName));
    const preview = this.#previews.get(repository);
    if (!preview)
      throw new ApiException(
        'LifecyclePolicyPreviewNotFoundException',
        `There is no lifecycle policy preview for repository '${repository.name}' in registry '${accountId}'`,
      );
    preview.asked += 1;
    const head = { registryId: accountId, repositoryName: repository.name, lifecyclePolicyText: preview.text };
    if (preview.asked === 1) return { ...head, status: 'IN_PROGRESS' };
    const expiring = expiringIn(repository, rulesOf(preview.text), Date.now() / 1000);
    const [previewResults, next] = page(expiring, input, { usual: 100, most: 100 });
    return {
      ...head,
      status: 'COMPLETE',
      previewResults,
      summary: { expiringImageTotalCount: expiring.length },
      ...next,
    };
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

/**
 * Rules by priority; what a rule selects, no rule after it removes. Images within an index go with the index alone.
 * https://docs.aws.amazon.com/AmazonECR/latest/userguide/LifecyclePolicies.html
 */
function expiringIn(repository: SimRepository, rules: readonly Rule[], now: number): object[] {
  const manifests = [...repository.manifests.values()].reverse();
  const members = manifests.flatMap(({ body }) => {
    const { manifests: children = [] } = JSON.parse(body.toString('utf8')) as { manifests?: { digest: string }[] };
    return children.map(({ digest }) => digest);
  });
  const images = manifests
    .filter(({ digest }) => !members.includes(digest))
    .map((image) => ({
      ...image,
      tags: [...repository.tags].flatMap(([tag, of]) => (of === image.digest ? [tag] : [])),
      pushedAt: image.pushedAt ?? 0,
    }))
    .sort((a, b) => b.pushedAt - a.pushedAt);
  const selected = new Set<string>();
  const results: object[] = [];
  for (const { rulePriority, selection, action } of [...rules].sort((a, b) => a.rulePriority - b.rulePriority)) {
    const { tagStatus, countType, countNumber } = selection;
    const patterns = [
      ...((selection.tagPatternList ?? []) as string[]),
      ...((selection.tagPrefixList ?? []) as string[]).map((prefix) => `${prefix}*`),
    ].map((text) => new RegExp(`^${text.replaceAll(/[.+?]/g, '\\$&').replaceAll('*', '.*')}$`));
    const mine = images.filter(
      ({ digest, tags }) =>
        !selected.has(digest) &&
        (tagStatus === 'any' ||
          (tagStatus === 'untagged' ? tags.length === 0 : patterns.every((one) => tags.some((tag) => one.test(tag))))),
    );
    const old = Number(countNumber) * 86_400;
    for (const [i, { digest, tags, pushedAt }] of mine.entries()) {
      if (tagStatus !== 'any') selected.add(digest);
      const goes = countType === 'imageCountMoreThan' ? i >= Number(countNumber) : now - pushedAt > old;
      if (!goes) continue;
      selected.add(digest);
      const type = String(action.type).toUpperCase();
      results.push({
        imageDigest: digest,
        imageTags: tags,
        imagePushedAt: pushedAt,
        action: { type },
        appliedRulePriority: rulePriority,
      });
    }
  }
  return results;
}
