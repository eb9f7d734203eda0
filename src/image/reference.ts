import { Failure } from '../failure.ts';
import { defined, type EcrRepository } from '../model.ts';
import { type Existing, whatExists } from '../spelling.ts';

/**
 * An image's name, taken apart. Accepted: `app`, `team/app:1.2`, `host:5000/app`, `host/app@sha256:...`,
 * `host/app:1.2@sha256:...`. (https://github.com/distribution/reference)
 */
export interface Reference {
  /** `123456789012.dkr.ecr.eu-west-1.amazonaws.com`, `127.0.0.1:5000`; undefined: Docker Hub. */
  readonly host?: string;
  /** `team/app` */
  readonly path: string;
  readonly tag?: string;
  readonly digest?: string;
}

const REFERENCE = /^([^@]+?)(?::([\w][\w.-]{0,127}))?(?:@(sha256:[0-9a-f]{64}))?$/;
const PATH = /^[a-z0-9]+(?:(?:\.|_{1,2}|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:\.|_{1,2}|-+)[a-z0-9]+)*)*$/;

/** @throws Failure INVALID_INPUT for what is not an image reference */
export function parseReference(text: string): Reference {
  const slash = text.indexOf('/');
  const first = slash < 0 ? '' : text.slice(0, slash);
  // Docker's own rule: the first part is a host when it has a dot or a port, or is localhost.
  const host = /[.:]/.test(first) || first === 'localhost' ? first : undefined;
  const [, path = '', tag, digest] = REFERENCE.exec(host === undefined ? text : text.slice(slash + 1)) ?? [];
  if (!PATH.test(path)) {
    throw new Failure('INVALID_INPUT', `\`${text}\` is not an image reference.`, {
      remedy: 'Write `HOST/NAME:TAG` or `HOST/NAME@sha256:DIGEST`, the name in lower case.',
    });
  }
  return { path, ...defined({ host: host || undefined, tag: tag || undefined, digest: digest || undefined }) };
}

/** @returns undefined for what is not an image reference: the caller claims nothing about it */
export function readReference(text: string): Reference | undefined {
  try {
    return parseReference(text);
  } catch {
    return undefined;
  }
}

/** The inverse of parseReference. */
export function formatReference({ host, path, tag, digest }: Reference): string {
  return `${host ? `${host}/` : ''}${path}${tag ? `:${tag}` : ''}${digest ? `@${digest}` : ''}`;
}

/** A private ECR registry: its host says whose and where it is. */
export interface EcrHost {
  readonly registryId: string;
  readonly region: string;
}

/**
 * `ACCOUNT.dkr.ecr[-fips].REGION.amazonaws.com[.cn]` (and the isolated partitions' domains) and the dual-stack
 * `ACCOUNT.dkr-ecr[-fips].REGION.on.aws`. https://docs.aws.amazon.com/general/latest/gr/ecr.html
 */
const ECR_HOST =
  /^(\d{12})\.dkr[.-]ecr(?:-fips)?\.([a-z0-9-]+)\.(?:amazonaws\.com(?:\.cn)?|on\.(?:aws|amazonwebservices\.com\.cn)|c2s\.ic\.gov|sc2s\.sgov\.gov|cloud\.adc-e\.uk|csp\.hci\.ic\.gov)$/;
export const PUBLIC_ECR = 'public.ecr.aws';

export function parseEcrHost(host: string): EcrHost | undefined {
  const [, registryId, region] = ECR_HOST.exec(host) ?? [];
  return registryId && region ? { registryId, region } : undefined;
}

/** Where an image is to be pushed. */
export type Repository =
  /** In the account of the credentials: the host comes from ECR itself. */
  | { readonly kind: 'own'; readonly name: string; readonly region: string }
  /** A full URI, perhaps of another account or region. */
  | {
      readonly kind: 'ecr';
      readonly name: string;
      readonly host: string;
      readonly registryId: string;
      readonly region: string;
    }
  | { readonly kind: 'public'; readonly name: string }
  /** Some other registry, where this job must be logged in already. */
  | { readonly kind: 'other'; readonly name: string; readonly host: string };

/**
 * The input `repository`: an ECR name or a full URI.
 * @param region of the credentials, for a bare name
 * @throws Failure INVALID_INPUT, also for a tag or digest, which belong to `tags`
 */
export function parseRepository(text: string, region: string): Repository {
  const { host, path, tag, digest } = parseReference(text);
  if (tag || digest) {
    throw new Failure('INVALID_INPUT', `repository: \`${text}\` has a ${tag ? 'tag' : 'digest'}.`, {
      remedy: `Write \`${formatReference({ path, ...defined({ host: host || undefined }) })}\`, and the tag in the input \`tags\`.`,
    });
  }
  if (host === undefined) return { kind: 'own', name: path, region };
  if (host === PUBLIC_ECR) return { kind: 'public', name: path };
  const ecr = parseEcrHost(host);
  return ecr ? { kind: 'ecr', name: path, host, ...ecr } : { kind: 'other', name: path, host };
}

/** Words for `whatExists`. */
export const REPOSITORIES = { owner: 'The registry', plural: 'repositories' };

/**
 * A repository that the registry of an account does not have.
 * @param id with `registryId`, as a full address gives it
 * @param input that names it, how, and what else helps; `cause` is the answer of ECR
 */
export const noRepository = (
  { name, registryId, region }: EcrRepository,
  {
    input,
    text,
    remedy,
    cause,
    existing,
  }: {
    readonly input: 'image' | 'repository';
    readonly text?: string;
    readonly remedy: string;
    readonly cause?: Failure;
    readonly existing: Existing;
  },
): Failure =>
  new Failure(
    'NOT_FOUND',
    `ECR has no repository ${name} in account ${registryId}, region ${region}, which the input \`${input}\` names${text ? ` (${text})` : ''}.`,
    {
      remedy:
        `${whatExists(name, existing, REPOSITORIES)} Correct the name, account or region in \`${input}\`, ${remedy}`.trim(),
      ...defined({ cause }),
    },
  );
