import type { Image } from '../image/image.ts';
import { type EcrHost, parseEcrHost, readReference } from '../image/reference.ts';
import { type ContainerInstance, defined, type JsonObject, objectOf, type PullThroughRule } from '../model.ts';
import { checkArchitecture, taskPlatform } from '../taskdef/architecture.ts';
import { containersOf } from '../taskdef/template.ts';
import { type Answer, bad, type Check, notChecked, ok, skip, warn, warnOfDefinition } from './check.ts';
import { homeOf, isExample, nameOf, type PreflightSubject, textOf } from './subject.ts';

/** An image that containers of the task use, once. */
export interface ImageUse {
  /** As the task definition writes it. */
  readonly reference: string;
  readonly containers: readonly string[];
  /** Undefined: not in a private ECR, so it cannot be looked up. */
  readonly repository?: EcrHost & { readonly name: string };
  readonly tag?: string;
  readonly digest?: string;
  /** What this run knows already; it is not looked up again. */
  readonly known?: Image;
}

/** What ECR answers about an image. */
export type FoundImage =
  /** Platforms are undefined when they could not be read. */
  | { readonly platforms?: readonly string[] }
  /** Not there; a pull-through cache gets it at the first pull. `perhaps`: the rules could not be read. */
  | { readonly cache: PullThroughRule | 'perhaps' };

/** All images but the one that is still being built. */
export function imagesOf({ definition, image, standIn }: PreflightSubject): ImageUse[] {
  const uses = containersOf(definition).flatMap((container) => {
    const reference = textOf(container.image);
    return reference === undefined || reference === standIn ? [] : [{ reference, name: nameOf(container) }];
  });
  return [...Map.groupBy(uses, ({ reference }) => reference)].map(([reference, same]) => {
    const parsed = readReference(reference);
    const host = parseEcrHost(parsed?.host ?? '');
    return {
      reference,
      containers: same.map(({ name }) => name),
      ...(parsed && host ? { repository: { ...host, name: parsed.path } } : {}),
      ...defined({ tag: parsed?.tag ? parsed.tag : undefined, digest: parsed?.digest ? parsed.digest : undefined }),
      ...(image && namesOf(image).includes(reference) ? { known: image } : {}),
    };
  });
}

/** By digest, by its tags, or by nothing (`latest`), as it may stand in the template or in the input `image`. */
const namesOf = ({ reference, repository, tags }: Image): string[] => [
  reference,
  ...tags.map((tag) => `${repository}:${tag}`),
  ...(tags.length === 0 ? [repository] : []),
];

export function judgeImage(
  use: ImageUse,
  answers: {
    readonly image: Answer<FoundImage | undefined> | undefined;
    /** Of the cluster, where tasks are placed on instances. */
    readonly instances: Answer<readonly ContainerInstance[]> | undefined;
  },
  about: PreflightSubject,
): Check {
  const { reference, containers, repository, known } = use;
  const subject = `image ${reference}`;
  const home = homeOf(about.service);
  if (repository && isExample(repository.registryId, home))
    return bad(
      subject,
      `its registry is of account ${repository.registryId}, which appears only in AWS's examples; the service is in ${home.account}.`,
      `Write the account that has the repository (in a template \`\${AWS_ACCOUNT_ID}\`), or give the image by the inputs \`image\` and \`images\`.`,
    );
  const judged = (platforms: readonly string[] | undefined): Check =>
    judgePlatforms(use, platforms, { ...about, instances: instancesOf(answers.instances) });
  const lost = hostLost(use, about.running);
  if (lost !== undefined)
    return warnOfDefinition(
      subject,
      `names no registry, so ECS pulls it from Docker Hub; the revision that runs has ${lost}.`,
      `Write \`${lost}/${reference}\`, if it is meant.`,
    );
  if (known?.platforms) return judged(known.platforms);
  const answer = answers.image;
  if (!repository) return skip(subject, 'not checked: it is not in a private ECR repository.');
  if (known)
    return skip(
      subject,
      'is the image of this run; not checked: whether it runs there, as its platforms are not known.',
    );
  if (answer?.kind !== 'found') return notChecked(subject, answer);
  const { value } = answer;
  if (value && !('cache' in value)) return judged(value.platforms);
  // Such an image may appear with its first pull.
  if (value && use.digest === undefined) {
    const { cache } = value;
    return warn(
      subject,
      cache === 'perhaps'
        ? 'is not in ECR yet; a pull-through cache, if there is a rule for it, gets it at the first pull.'
        : `is not in ECR yet; the pull-through cache \`${cache.prefix}\` gets it from ${cache.upstream} at the first pull, if it is there.`,
    );
  }
  const whose = containers.map((name) => `\`${name}\``).join(', ');
  return bad(
    subject,
    `ECR has no such image, so the container ${whose} could not be pulled.`,
    `Push it, or correct tag, region and account in the template or by the inputs \`image\` and \`images\`.`,
  );
}

/** The registry of the same repository in the revision that runs, which this reference no longer names. */
function hostLost({ reference, containers }: ImageUse, running: JsonObject | undefined): string | undefined {
  const now = readReference(reference);
  if (!now || !running || now.host !== undefined) return undefined;
  const before = containersOf(running).find((container) => containers.includes(nameOf(container)));
  const { host, path } = readReference(textOf(before?.image) ?? '') ?? {};
  return path === now.path && parseEcrHost(host ?? '') ? host : undefined;
}

/** Of the instances that take tasks, ECS's name -> the OCI image specification's. */
const OCI: Readonly<Record<string, string>> = { x86_64: 'amd64', arm64: 'arm64' };

function instancesOf(answer: Answer<readonly ContainerInstance[]> | undefined): readonly string[] {
  if (answer?.kind !== 'found') return [];
  const platforms = answer.value.flatMap(({ available, os = 'linux', architecture = '' }) =>
    available && OCI[architecture] ? [`${os}/${OCI[architecture]}`] : [],
  );
  return [...new Set(platforms)];
}

function judgePlatforms(
  { reference, containers }: ImageUse,
  platforms: readonly string[] | undefined,
  {
    definition,
    fargate,
    instances,
  }: Pick<PreflightSubject, 'definition' | 'fargate'> & { readonly instances: readonly string[] },
): Check {
  const subject = `image ${reference}`;
  if (!platforms || platforms.length === 0)
    return skip(subject, 'exists; its platforms could not be read, so whether it runs there is not checked.');
  for (const container of containers) {
    const [mistake] = checkArchitecture(definition, { container, platforms }, fargate);
    if (mistake) return bad(subject, `${mistake.subject}: ${mistake.problem}`, mistake.remedy ?? '');
  }
  const exists = `exists for ${platforms.join(', ')}`;
  const decided = fargate || objectOf(definition.runtimePlatform).cpuArchitecture !== undefined;
  if (decided) return ok(subject, `${exists}; the task runs on ${taskPlatform(definition)}.`);
  // Without runtimePlatform ECS places the task on any instance, whether the image runs there or not.
  const others = instances.filter((one) => !platforms.some((platform) => `${platform}/`.startsWith(`${one}/`)));
  if (instances.length === 0)
    return skip(subject, `${exists}; the instances decide on what the task runs: not checked.`);
  if (others.length === 0) return ok(subject, `${exists}; the instances are ${instances.join(', ')}.`);
  const remedy = `Build it for ${others.join(', ')} too, or set runtimePlatform.cpuArchitecture in the task definition.`;
  return others.length === instances.length
    ? bad(subject, `${exists}, but the instances are ${instances.join(', ')}: its programs cannot run there.`, remedy)
    : warn(subject, `${exists}, but some instances are ${others.join(', ')}, and ECS may place tasks there.`, remedy);
}
