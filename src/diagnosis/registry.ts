/** Which registry a message is about: what is true of one (a login, a right, a limit, an endpoint) is not true of another. */

export type RegistryKind = 'ecr' | 'ecr-public' | 'docker-hub' | 'other';

export interface Registry {
  readonly kind: RegistryKind;
  /** As users write it in an image; undefined where the message does not name it. */
  readonly host: string | undefined;
}

const HOST =
  '(?:[\\w-]{0,63}\\.){1,6}[a-z][a-z0-9-]{1,24}(?::\\d{2,5})?|localhost(?::\\d{2,5})?|[\\w-]{1,63}:\\d{2,5}(?=/)';
/** An image behind the words that pullers, builders and Docker put in front of one. */
const IMAGE =
  /(?:resolve ref(?:erence)?|source metadata for|load metadata for|unpack image|manifest for|access denied for|normalize image reference|failed to (?:push|pull)(?: and unpack)?(?: image)?|(?:push|pull)(?:ing)? image|The push refers to repository|\b(?:push|pull)(?= [\w-]{1,60}[.:][\w.:-]{1,80}\/)|the image|Error: image|(?:can(?:'t|not)|unable to) pull(?: the)?(?: image)?|failed to (?:solve|build): |error pulling image) ?(?!from\b|manifest\b|config)[[`'"]{0,2}(?<reference>(?:https?:\/\/)?[\w][\w.-]*(?::\d+)?(?:\/[\w.<>*-]+)*(?::[\w.<>*-]+)?(?:@sha256:\w+)?)(?=[\]`'",:;) ]|\.?$)/gim;
const URL = new RegExp(`https?://(?<host>${HOST})|pulling from host (?<named>${HOST})|lookup (?<looked>${HOST})`, 'gi');
const IN_TEXT =
  /\b(?:[\w-]{1,80}\.dkr[.-]ecr[\w.-]{1,80}|public\.ecr\.aws|docker\.io|ghcr\.io|quay\.io|(?:[\w-]{1,30}\.)?gcr\.io|[\w-]{1,60}\.azurecr\.io|[\w-]{1,60}\.jfrog\.io|[\w-]{1,40}-docker\.pkg\.dev|registry\.gitlab\.com|mcr\.microsoft\.com|registry\.k8s\.io|api\.ecr\.[\w-]{4,30}\.amazonaws\.com)\b/i;
/** Pages that messages point to, GitHub's own services. */
const NO_REGISTRY =
  /^(?:docs|help|developer|support|github|golang|goo|go|aka|[\w-]{1,40}\.blob\.core|results-receiver|artifactcache|status)\.|^(?:169\.254|127\.0)\.|(?:secretsmanager|ssm|sts|logs|kms|ecs|sns|iam|efs)\.[\w-]{4,30}\.(?:amazonaws|api)|\.(?:windows\.net|actions\.githubusercontent\.com)$/i;
/** Hosts that serve tokens and layers for a registry. */
const SERVES: readonly (readonly [RegExp, string])[] = [
  [/(?:^|\.)(?:docker\.(?:io|com)|cloudflare\.docker\.com)$/i, 'docker.io'],
  [/^pkg-containers\.githubusercontent\.com$/i, 'ghcr.io'],
  [/(?:^|\.)quay\.io$/i, 'quay.io'],
  [/(?:^|\.)public\.ecr\.aws$|\.cloudfront\.net$/i, 'public.ecr.aws'],
];

function ofHost(host: string): Registry {
  const named = SERVES.find(([words]) => words.test(host))?.[1] ?? host;
  // The end of a message that was cut off.
  if (/^\d{12}\.(?:dkr?|dkr\.\w{0,3}|dkr\.ecr\.?[\w-]{0,20}|dkr\.ecr\.[\w-]{5,20}\.[a-z]{1,12}(?:\.c?)?)$/.test(named))
    return { kind: 'ecr', host: undefined };
  if (/\.dkr[.-]ecr|^(?:api\.)?ecr\.|starport-layer-bucket/i.test(named)) return { kind: 'ecr', host: named };
  if (named === 'public.ecr.aws') return { kind: 'ecr-public', host: named };
  return { kind: named === 'docker.io' ? 'docker-hub' : 'other', host: named };
}

/** A first part with a dot or port is a host; without one Docker asks Docker Hub. */
function ofReference(reference: string): Registry | undefined {
  const [first = '', ...rest] = reference.replace(/^https?:\/\//, '').split('/');
  if (rest.length > 0 && (/[.:]/.test(first) || first === 'localhost')) return ofHost(first);
  // One part that looks like a host: whether it is one the message does not show.
  if (rest.length === 0 && /^[\w.-]+\.[a-z]{2,}(?::|$)/.test(first)) return undefined;
  return /^[a-z0-9][\w.-]*(?:\/[\w.-]+)*(?::[\w.-]+|@sha256:\w+)?$/.test(reference) && /[/:-]/.test(reference)
    ? { kind: 'docker-hub', host: 'docker.io' }
    : undefined;
}

/**
 * @param text the message with the names of users; of a build's output the line of its error counts before the rest
 * @returns undefined where it names none
 */
export function registryIn(text: string): Registry | undefined {
  const error = text.split('\n').findLast((line) => /(?:^|\s)(?:ERROR|error): /.test(line));
  for (const part of error === undefined || error === text ? [text] : [error, text]) {
    for (const { groups } of part.matchAll(IMAGE)) {
      const found = ofReference(groups?.reference ?? '');
      if (found) return found;
    }
    for (const { groups } of part.matchAll(URL)) {
      const host = groups?.host ?? groups?.named ?? groups?.looked ?? '';
      if (!NO_REGISTRY.test(host)) return ofHost(host);
    }
    const [named] = IN_TEXT.exec(part) ?? [];
    if (named) return ofHost(named);
  }
  if (/docker hub/i.test(text)) return { kind: 'docker-hub', host: 'docker.io' };
  return /\becr:|Amazon ECR\b|ecr registry|registry auth\b(?! from asm)/i.test(text)
    ? { kind: 'ecr', host: undefined }
    : undefined;
}
