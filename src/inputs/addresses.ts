import { unhideable } from '../image/secret-arguments.ts';
import { looksSecret, maskSecrets, SECRET_NAME } from '../secrets.ts';
import type { InputName } from './known.ts';
import type { Reader } from './reader.ts';

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
    if (login !== undefined && (/^https?$/i.test(scheme) || /^[^:]*:./.test(login))) return 'login';
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
