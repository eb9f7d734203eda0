import type { Image } from '../image/image.ts';
import { type EcrHost, parseEcrHost, parseReference, type Reference } from '../image/reference.ts';
import { checkArchitecture, taskPlatform } from '../taskdef/architecture.ts';
import { containersOf } from '../taskdef/template.ts';
import { type Answer, bad, type Check, ok, skip, unanswered, warn } from './check.ts';
import { nameOf, type Subject, textOf } from './subject.ts';

/** An image that containers of the task use, once. */
export interface ImageUse {
  /** As the task definition writes it. */
  readonly reference: string;
  readonly containers: readonly string[];
  /** Undefined: not in a private ECR, so there is nobody to ask. */
  readonly repository?: EcrHost & { readonly name: string };
  readonly tag?: string;
  readonly digest?: string;
  /** What this run knows already; nobody is asked again. */
  readonly known?: Image;
}

/** What ECR said of an image. Platforms are undefined when they could not be read. */
export interface FoundImage {
  readonly platforms?: readonly string[];
}

/** All images but the one that is still being built. */
export function imagesOf({ definition, image, standIn }: Subject): ImageUse[] {
  const uses = containersOf(definition).flatMap((container) => {
    const reference = textOf(container.image);
    return reference === undefined || reference === standIn ? [] : [{ reference, name: nameOf(container) }];
  });
  return [...Map.groupBy(uses, ({ reference }) => reference)].map(([reference, same]) => {
    const parsed = parsedOrNothing(reference);
    const host = parseEcrHost(parsed?.host ?? '');
    return {
      reference,
      containers: same.map(({ name }) => name),
      ...(parsed && host ? { repository: { ...host, name: parsed.path } } : {}),
      ...(parsed?.tag ? { tag: parsed.tag } : {}),
      ...(parsed?.digest ? { digest: parsed.digest } : {}),
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

function parsedOrNothing(reference: string): Reference | undefined {
  try {
    return parseReference(reference);
  } catch {
    return undefined; // ECS takes more than we understand; then nothing is claimed about it
  }
}

/**
 * Namespaces that ECR proposes for pull-through caches: such an image may appear with its first pull.
 * https://docs.aws.amazon.com/AmazonECR/latest/userguide/pull-through-cache-creating-rule.html
 */
const CACHES = /^(ecr-public|kubernetes|quay|docker-hub|github|azure|gitlab|chainguard)\//;

export function judgeImage(
  use: ImageUse,
  answer: Answer<FoundImage | undefined> | undefined,
  { definition, fargate }: Subject,
): Check {
  const { reference, containers, repository, known } = use;
  const subject = `image ${reference}`;
  if (known?.platforms) return judgePlatforms(use, known.platforms, { definition, fargate });
  if (!repository) return skip(subject, 'is not in a private ECR repository, so it was not looked up.');
  if (known) return ok(subject, 'is the image of this run.');
  if (answer?.kind !== 'found') return unanswered(subject, answer);
  if (answer.value) return judgePlatforms(use, answer.value.platforms, { definition, fargate });
  if (CACHES.test(repository.name) && use.digest === undefined) {
    return warn(
      subject,
      'is not in ECR yet; a pull-through cache, if there is a rule for it, gets it at the first pull.',
    );
  }
  const whose = containers.map((name) => `\`${name}\``).join(', ');
  return bad(
    subject,
    `ECR has no such image, so the container ${whose} could not be pulled.`,
    `Push it, or correct tag, region and account in the template or by the inputs \`image\` and \`images\`.`,
  );
}

function judgePlatforms(
  { reference, containers }: ImageUse,
  platforms: readonly string[] | undefined,
  { definition, fargate }: Pick<Subject, 'definition' | 'fargate'>,
): Check {
  const subject = `image ${reference}`;
  if (!platforms || platforms.length === 0) return ok(subject, 'exists; its platforms could not be read.');
  for (const container of containers) {
    const [mistake] = checkArchitecture(definition, { container, platforms }, fargate);
    if (mistake) return bad(subject, `${mistake.subject}: ${mistake.problem}`, mistake.remedy ?? '');
  }
  return ok(subject, `exists for ${platforms.join(', ')}; the task runs on ${taskPlatform(definition)}.`);
}
