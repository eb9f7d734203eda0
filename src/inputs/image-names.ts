import { inputForm, inSmallLetters, unexpandedIn, unfilledIn } from '../image/placeholders.ts';
import { KEEP_METADATA } from './foreign.ts';
import { type Reader, renderedProblem, type Shape, shorten, unquoted } from './reader.ts';
import type { RunContext } from './types.ts';

/** Names of images and repositories: what the inputs `repository`, `image` and `tags` may hold. */

const NAME = '[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*';
const HOST = '(?:[A-Za-z0-9-]+(?:\\.[A-Za-z0-9-]+)*(?::\\d+)?/)?';
const TAG = '[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}';

/** Also the host alone is optional: an ECR name is a path below the caller's own registry. */
const REPOSITORY: Shape = {
  meant: (text) => {
    const name = /^arn:aws[a-z-]*:ecr:[^:]*:[^:]*:repository\/(.+)$/.exec(text)?.[1];
    return name === undefined || !REPOSITORY.pattern.test(name)
      ? gapIn(text)
      : { problem: 'is the ARN of a repository.', remedy: `Write its name, \`${name}\`, or its URI.` };
  },
  pattern: new RegExp(`^${HOST}${NAME}(?:/${NAME})*$`),
  expected:
    'the name of an ECR repository such as `team/app` (lower case), or its URI `123456789012.dkr.ecr.REGION.amazonaws.com/team/app`',
};

/** Where an expression left nothing: `${{ steps.login.outputs.registry }}/web:1` is `/web:1` without that output. */
function gapIn(text: string): ReturnType<NonNullable<Shape['meant']>> {
  const check = 'Check its name: `${{ steps.ID.outputs.NAME }}`, `${{ needs.JOB.outputs.NAME }}`, `${{ vars.NAME }}`.';
  const found = (problem: string, where: string) => ({
    problem,
    remedy: `The expression ${where} is empty, if one stands there. ${check}`,
  });
  const first = /^[/:@]/.exec(text)?.[0];
  if (first !== undefined) return found(`begins with \`${first}\`.`, 'before it');
  const [, before, behind] = /(?<!:)(\/)([/:@])/.exec(text) ?? [];
  if (before !== undefined) return found(`has nothing between \`${before}\` and \`${behind}\`.`, 'there');
  const last = /[/:@]$/.exec(text)?.[0];
  return last === undefined ? undefined : found(`ends with \`${last}\`.`, 'behind it');
}

const IMAGE: Shape = {
  meant: (text) => {
    const [, scheme, rest = ''] = /^(https?:\/\/|docker:\/\/)(.+)$/i.exec(text) ?? [];
    if (scheme !== undefined && IMAGE.pattern.test(rest))
      return { problem: `begins with \`${scheme}\`, which no image has.`, remedy: `Write \`${rest}\`.` };
    const gap = gapIn(text);
    if (gap) return gap;
    if (DIGEST.test(text))
      return {
        problem: 'is a digest alone: it does not name the repository that the image is in.',
        remedy: 'Write `host/name@sha256:...`, the repository with `@` and the digest behind it.',
      };
    const several = severalIn(text);
    if (several) return several;
    const [, image = '', first = '', second = ''] = /^(.+):([^:/@]+):([^:/@]+)$/.exec(text) ?? [];
    return IMAGE.pattern.test(`${image}:${first}`) && /\//.test(image)
      ? {
          problem: `has two tags, \`${first}\` and \`${second}\`.`,
          remedy: `Write one of them: \`${image}:${first}\` or \`${image}:${second}\`.`,
        }
      : undefined;
  },
  // A digest has the form of a name with a tag.
  pattern: new RegExp(`^(?!sha256:[0-9a-f]{64}$)${HOST}${NAME}(?:/${NAME})*(?::${TAG})?(?:@sha256:[0-9a-f]{64})?$`),
  expected: 'an image such as `host/name:tag` or `host/name@sha256:...` (64 hexadecimal digits)',
};

const DIGEST = /^sha256:[0-9a-f]{64}$/;

/** The output `tags` of docker/metadata-action has one image per line. */
function severalIn(text: string): ReturnType<NonNullable<Shape['meant']>> {
  const all = text.split(/[\s,]+/).filter(Boolean);
  const [first = ''] = all;
  return all.length > 1 && all.every((one) => /[/:]/.test(one) && IMAGE.pattern.test(one))
    ? {
        problem: `are ${all.length} images, and a container has one.`,
        remedy: `Write one of them, such as \`${shorten(first)}\`. The output \`tags\` of docker/metadata-action lists all names of one image; its output \`version\` is one tag.`,
      }
    : undefined;
}

/** The input `image`, with the reason where it is not one. */
export function readReference(reader: Reader): string | undefined {
  const text = reader.text('image');
  if (text === undefined) return undefined;
  if (/(^|\/)tonistiigi\/binfmt([:@]|$)/.test(text)) {
    reader.mistake(
      'image',
      `\`${shorten(text)}\` is the emulator image of docker/setup-qemu-action, not an application.`,
      'Remove it: this step sets up the emulation that `platforms` needs. `image` is the ready-made image to deploy.',
    );
    return undefined;
  }
  // Before the placeholders, which a quote would look like.
  if (unquoted(text) !== undefined) {
    reader.checkShape('image', text, IMAGE);
    return undefined;
  }
  const unfilled = unfilledIn(text);
  const found = unexpandedIn(text) ?? (unfilled && inputForm(unfilled));
  if (found) {
    reader.mistake('image', found.problem, found.remedy);
    return undefined;
  }
  const small = inSmallLetters(text);
  if (small !== undefined && IMAGE.pattern.test(small) && renderedProblem(text) === undefined) {
    reader.mistake(
      'image',
      `\`${shorten(text)}\` has capitals, which a repository cannot have.`,
      `Write \`${small}\`.`,
    );
    return undefined;
  }
  if (!reader.checkShape('image', text, IMAGE)) return undefined;
  if (/^[^@:]*(?::\d+\/[^@:]*)?$/.test(text))
    reader.notes.push(
      `image: \`${text}\` names neither a tag nor a digest, so \`latest\` is deployed. Name the tag that was pushed.`,
    );
  return text;
}

export function readRepository(reader: Reader): string {
  const text = reader.text('repository');
  if (text === undefined) return '';
  const small = inSmallLetters(text);
  if (small !== undefined && REPOSITORY.pattern.test(small)) {
    reader.mistake(
      'repository',
      `\`${shorten(text)}\` has capitals, which a repository cannot have.`,
      `Write \`${small}\`.`,
    );
    return text;
  }
  const bare = withoutTag(text.replace(/^https?:\/\//, ''));
  if (bare !== text && REPOSITORY.pattern.test(bare)) {
    const extra = text.startsWith('http') ? 'has a scheme.' : 'names a tag or digest too.';
    reader.mistake('repository', `\`${shorten(text)}\` ${extra}`, `Write \`${bare}\`; tags go into \`tags\`.`);
  } else if (reader.checkShape('repository', text, REPOSITORY)) {
    const name = text.replace(/^\d{12}\.dkr[.-]ecr[^/]*\//, '');
    if (!/^[^/]*[.:]/.test(name) && !/^localhost\//.test(name) && !(name.length >= 2 && name.length <= 256))
      reader.mistake(
        'repository',
        `has ${name.length === 1 ? 'one character' : `${name.length} characters`} in its name.`,
        'The name of an ECR repository has 2 to 256 characters.',
      );
  }
  return text;
}

/** A reference without its digest, or else without its tag (what follows the first colon of its last part). */
function withoutTag(reference: string): string {
  const digest = reference.indexOf('@sha256:');
  if (digest >= 0) return reference.slice(0, digest);
  const colon = reference.indexOf(':', reference.lastIndexOf('/') + 1);
  return colon < 1 ? reference : reference.slice(0, colon);
}

/** Rules of docker/metadata-action would be cut at their commas, and reported piece by piece. */
export function readTags(reader: Reader): readonly string[] {
  const rule = reader.lines('tags').find((line) => /^type=[a-z]+(,|$)/.test(line));
  if (rule === undefined) return reader.list('tags').filter((tag) => isTag(reader, tag));
  reader.mistake('tags', `\`${shorten(rule)}\` is a rule of docker/metadata-action, not a tag.`, KEEP_METADATA);
  return [];
}

function isTag(reader: Reader, tag: string): boolean {
  if (new RegExp(`^${TAG}$`).test(tag)) return true;
  // docker/build-push-action takes whole references here.
  const last = new RegExp(`:(${TAG})$`).exec(tag)?.[1];
  if (last && tag.includes('/')) {
    reader.mistake(
      'tags',
      `\`${shorten(tag)}\` names the repository too.`,
      `Write \`${last}\`; the repository is \`repository\`.`,
    );
  } else if (/\s/.test(tag) && tag.split(/\s+/).every((one) => new RegExp(`^${TAG}$`).test(one))) {
    reader.mistake(
      'tags',
      `\`${shorten(tag)}\` has spaces, which no tag has.`,
      `Write one tag per line, or commas between them: \`${shorten(tag.split(/\s+/).join(','))}\`.`,
    );
  } else {
    const ref = /^refs\/(?:heads|tags)\/(.+)$/.exec(tag)?.[1];
    const usable =
      /[=\s]/.test(tag) || tag.length > 128 ? '' : (ref ?? tag).replaceAll(/[^\w.-]+/g, '-').replace(/^[.-]+|-+$/g, '');
    reader.mistake(
      'tags',
      `\`${shorten(tag)}\` cannot be a tag.`,
      `A tag has at most 128 letters, digits, \`_\`, \`.\` or \`-\`, and does not begin with \`.\` or \`-\`.${usable === '' ? '' : ` Write \`${shorten(usable)}\`.`}`,
    );
  }
  return false;
}

/** vMAJOR.MINOR.PATCH with optional prerelease and build, the v optional (semver.org's own grammar, shortened). */
const SEMVER = /^v?(\d+\.\d+\.\d+(?:-[0-9A-Za-z.-]+)?)(?:\+[0-9A-Za-z.-]+)?$/;

/**
 * Tags when the user names none: the commit, and on a push of a semver tag its version first.
 * `refs/tags/v1.2.3` gives `1.2.3`, as docker/metadata-action does; build metadata is dropped because `+` is not a tag
 * character.
 */
export function defaultTags(context: RunContext): readonly string[] {
  const version = context.refType === 'tag' ? SEMVER.exec(context.refName)?.[1] : undefined;
  return [...(version ? [version] : []), context.sha].filter((tag) => tag !== '');
}

/**
 * OCI labels from the event, `key=value`. No creation time: it would change the image's digest on each run and so
 * start a deployment where nothing changed. https://github.com/opencontainers/image-spec/blob/main/annotations.md
 */
export function eventLabels(context: RunContext): readonly string[] {
  const repositoryUrl = context.repository ? `${context.serverUrl}/${context.repository}` : '';
  const labels: readonly (readonly [string, string])[] = [
    ['org.opencontainers.image.source', repositoryUrl],
    ['org.opencontainers.image.revision', context.sha],
    ['org.opencontainers.image.version', context.refType === 'tag' ? context.refName : ''],
  ];
  return labels.filter(([, value]) => value !== '').map(([key, value]) => `${key}=${value}`);
}
