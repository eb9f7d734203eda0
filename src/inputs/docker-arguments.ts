import { unhideable } from '../image/secret-arguments.ts';
import { looksSecret, maskSecrets, passwordsIn, SECRET_NAME, secretsAmong, secretsIn } from '../secrets.ts';
import { isRegion } from './aws.ts';
import { type InputName, SECTIONS } from './known.ts';
import type { Reader } from './reader.ts';
import { certainSecrets, publicNamesOf } from './secrets.ts';

/** What is in private files, the environment of docker, or no argument of docker. */
const ELSEWHERE = ['build-args', 'build-secrets', 'build-secret-envs', 'repository-settings', 'lifecycle-policy'];
/** They have credentials of their own, which docker gets in its environment. */
const WITH_CREDENTIALS = ['cache-from', 'cache-to'];
/** Inputs of a build that become arguments of docker: every user of the machine can read those. */
const ARGUMENTS = SECTIONS.build.filter((name) => !ELSEWHERE.includes(name));
/** Free texts, which the image has, too: everyone who pulls it can read them. */
const IN_IMAGE = ['labels', 'annotations'] as const;

/** What names a run, beside `publicNamesOf`: a secret of 8 characters or more that is part of it was public before. */
const OF_RUN = ['GITHUB_SHA', 'GITHUB_SERVER_URL', 'GITHUB_ACTOR', 'GITHUB_RUN_ID', 'GITHUB_WORKSPACE', 'HOME'];

/**
 * Refuses a secret of this step (a value of `build-secrets`, a token, AWS credentials) that an input repeats which becomes an argument
 * of docker. What only has the shape of a secret may be none: a label or annotation with it is a warning. The value is not quoted.
 */
export function refuseSecretsInArguments(
  reader: Reader,
  raw: ReadonlyMap<string, string>,
  env: Readonly<Record<string, string | undefined>>,
): void {
  const names = [...publicNamesOf(raw, env), ...OF_RUN.flatMap((name) => env[name] ?? [])];
  const secrets = certainSecrets(raw, env)
    .flatMap(formsOf)
    .filter((form) => !names.some((name) => name.includes(form)));
  for (const name of ARGUMENTS) {
    const lines = (reader.raw(name) ?? '').split(/\r?\n/).filter((line) => line.trim() !== '');
    const shows = (test: (line: string) => boolean): string | undefined => {
      const at = lines.findIndex(test);
      if (at < 0) return undefined;
      return lines.length > 1 ? `line ${at + 1} ` : '';
    };
    const certain = WITH_CREDENTIALS.includes(name)
      ? undefined
      : shows((line) => secrets.some((secret) => line.includes(secret)));
    const inImage = IN_IMAGE.find((one) => one === name);
    const where = inImage ? `the arguments of docker and the image` : 'the arguments of docker';
    if (certain !== undefined) {
      reader.mistake(
        name,
        `${certain}holds a secret of this step, which ${where} would show.`,
        inImage
          ? 'Leave it out. What a command of the Dockerfile needs belongs into `build-secrets`.'
          : 'Leave it out, and give it to the build in `build-secrets`.',
      );
      continue;
    }
    const likely = inImage && shows((line) => secretsIn(line.slice(line.indexOf('=') + 1)).length > 0);
    if (likely !== undefined)
      reader.warnings.push(
        `${name}: ${likely}looks like a secret, and ${where} show it. Secrets belong into \`build-secrets\`.`,
      );
  }
}

/**
 * A secret as it may stand in an input, and its Base64: whole; of several lines each line, but of a setting its value, where that is
 * a secret by name or shape (others, such as `NODE_ENV=production` in an `.env` file, are public); and whatever looks like a secret.
 */
function formsOf(secret: string): readonly string[] {
  const lines = secret.split(/[\r\n]/).map((line) => line.trim());
  const parts = lines.length === 1 ? lines : lines.flatMap((line) => settingIn(line) ?? [line]);
  const forms = [...parts, ...secretsIn(secret), ...passwordsIn(secret)].filter((form) => !isPublic(form));
  return [...forms, ...forms.map((form) => Buffer.from(form).toString('base64'))];
}

/** The value of `NAME=value` or `name: value`, if it is a secret; undefined of another line, such as one of a key or `user:password`. */
function settingIn(line: string): readonly string[] | undefined {
  const [, name, value = ''] =
    /^(?:export\s+)?["']?([A-Za-z_][\w.-]*)["']?\s*(?:=|:\s)\s*["']?([^=].*?)["']?,?$/.exec(line) ?? [];
  return name === undefined ? undefined : secretsAmong([[name, value]]);
}

/**
 * What stands in many texts, and shows no secret by it: a word, a short text, a line of punctuation, a region, an account id, a
 * version, a date, an address or a path without a part that could be a key.
 */
const isPublic = (text: string): boolean =>
  isWord(text) || isRegion(text) || NUMBERS.test(text) || (isPlace(text) && !looksSecret(text));

const isWord = (text: string): boolean => /^(?:[A-Za-z-]{0,24}|\S{1,7}|[\p{P}\p{S}\s]*)$/u.test(text);

const NUMBERS = /^(?:\d{12}|\d{4}-\d\d-\d\d|v?\d{1,4}(?:\.\d{1,4}){1,3}(?:[-+.][a-z]{1,10}\.?\d{0,4})?)$/;

/** `https://shop.example.com`, `host.example.com:5432`, `/home/runner/.npmrc`, `linux/arm64`, `services/web`. */
function isPlace(text: string): boolean {
  const [, scheme = '', rest = ''] = /^([a-z][a-z0-9+-]*:\/\/)?([\w.:/~-]+)$/.exec(text) ?? [];
  const parts = rest.split(/[/.:]/);
  // Keys and the parts of a webhook's address mix letters and digits.
  const areNames = parts.every((part) => isWord(part) || /^[a-z_-]{1,24}\d{0,5}$/.test(part));
  return areNames && (scheme !== '' || rest.includes('/') || /^[\w.-]+\.[a-z]{2,10}(?::\d{1,5})?$/.test(rest));
}

/** Inputs of a build in which an address may stand. All of them become arguments of docker. */
const ADDRESSES = [
  'context',
  'build-contexts',
  'file',
  'cache-from',
  'cache-to',
  'outputs',
  'attests',
  'provenance',
  'sbom',
] as const satisfies readonly InputName[];

/** BuildKit fetches these with a token of its own. https://docs.docker.com/build/building/secrets/#git-authentication-for-remote-contexts */
const GIT: readonly InputName[] = ['context', 'build-contexts'];

/**
 * Refuses a secret inside an address: every user of the machine can read the arguments of docker, and BuildKit writes them into its
 * history and the provenance. One mistake for each input; the address is not quoted.
 */
export function refuseSecretAddresses(reader: Reader): void {
  for (const name of ['cache-from', 'cache-to'] as const) refuseSecretAttributes(reader, name);
  for (const name of ADDRESSES) {
    const lines = (reader.raw(name) ?? '').split(/\r?\n/);
    const index = lines.findIndex((line) => secretOf(line) !== undefined);
    const secret = secretOf(lines[index] ?? '');
    if (secret === undefined) continue;
    const where = lines.filter((line) => line.trim() !== '').length > 1 ? `line ${index + 1} ` : '';
    reader.mistake(
      name,
      `${where}has a ${secret} in its address, which the arguments of docker and the provenance would show.`,
      GIT.includes(name)
        ? 'Leave it out of the address, and give the token as a build secret: `GIT_AUTH_TOKEN.HOST=${{ secrets.NAME }}` in `build-secrets`.'
        : 'Leave it out of the address. For a registry, log in with docker/login-action in a step before.',
    );
  }
}

/** Credentials of a cache for which docker has no other way than its arguments. */
function refuseSecretAttributes(reader: Reader, name: 'cache-from' | 'cache-to'): void {
  const lines = reader.lines(name);
  const index = lines.findIndex((line) => unhideable(line) !== undefined);
  const attribute = unhideable(lines[index] ?? '');
  if (attribute === undefined) return;
  reader.mistake(
    name,
    `${lines.length > 1 ? `line ${index + 1} ` : ''}has \`${attribute.replace(/^"/, '')}\`, which the arguments of docker would show.`,
    /(?:^|,)type=azblob(?:,|$)/.test(lines[index] ?? '')
      ? 'Leave it out, and give the credentials to BuildKit itself: AZURE_CLIENT_ID, AZURE_TENANT_ID and AZURE_CLIENT_SECRET in the environment of the builder (`driver-opts: env.AZURE_CLIENT_SECRET=...` of docker/setup-buildx-action).'
      : 'Leave it out. Of `type=s3` (`secret_access_key`, `session_token`) and `type=gha` (`token`), without quotes around a member, this step gives credentials to docker in another way.',
  );
}

/** Schemes whose colon and `@` belong to a reference (`docker-image://alpine:3@sha256:...`) or a path. */
const REFERENCES = /^(?:docker-image|oci-layout|target)$/i;

/** What kind of secret the addresses in a text hold (members of a list such as `type=s3,endpoint_url=...,secret_access_key=...` are no part of one); a user name alone (`ssh://git@host`) is none, except over HTTP, where it is the token. */
function secretOf(text: string): 'login' | 'token' | undefined {
  for (const [address, scheme = '', rest = ''] of text.matchAll(/\b([a-z][a-z0-9+.-]*):\/\/([^\s"',]*)/gi)) {
    if (REFERENCES.test(scheme)) continue;
    const login = /^([^/\s]*)@/.exec(rest)?.[1];
    if (login !== undefined && (/https?$/i.test(scheme) || /:./.test(login))) return 'login';
    if (maskSecrets(address) !== address) return 'token';
  }
  for (const [, name = '', value = ''] of text.matchAll(/[?&]([^=&#\s?]{1,64})=([^&#\s,"']+)/g))
    if (
      SECRET_NAME.test(name) ||
      /^(?:sig|auth|pat|jwt|x-amz-(?:signature|credential))$/i.test(name) ||
      looksSecret(value)
    )
      return 'token';
  return undefined;
}
