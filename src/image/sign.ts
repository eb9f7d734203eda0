import { asFailure, Failure } from '../failure.ts';
import type { Console, Shell } from '../ports.ts';
import { rootCauseLine } from './build-output.ts';
import { loginInFile } from './login.ts';
import { parseRepository } from './reference.ts';
import { credentialsFor, isImmutableRefusal, type RepositoryWorld } from './repository.ts';

/**
 * Before the build, so that an image is not pushed and then left without its signature.
 * @throws Failure TOOL_MISSING
 */
export async function requireCosign(shell: Shell): Promise<void> {
  const { exitCode } = await shell.run('cosign', ['version'], { limitSeconds: 60 }).catch((thrown: unknown) => {
    if (asFailure(thrown).code === 'TOOL_MISSING') return { exitCode: 127 };
    throw thrown;
  });
  if (exitCode === 0) return;
  throw new Failure('TOOL_MISSING', '`sign: cosign` needs cosign, which is not on this runner.', {
    remedy:
      'Install it in a step before this one (`uses: sigstore/cosign-installer@v4`), with `permissions: id-token: write` for the job.',
  });
}

/**
 * Signs an image with the installed cosign, keyless, by its digest. cosign reads logins from a configuration file alone, so
 * it gets a private one, which is removed again.
 * @throws Failure IMAGE_REJECTED with what cosign printed
 */
export async function signWithCosign(
  { reference, repository }: { readonly reference: string; readonly repository: string },
  region: string,
  world: RepositoryWorld & { readonly console: Console; readonly signal: AbortSignal },
): Promise<void> {
  const { console, runner, shell, signal, files } = world;
  const credentials = await credentialsFor(parseRepository(repository, region), world.ecr);
  const login = credentials ? await loginInFile(credentials, world) : undefined;
  try {
    console.startGroup('Sign with cosign');
    const { exitCode, stdout, stderr } = await shell
      .run('cosign', ['sign', '--yes', reference], { env: login?.env ?? {}, signal, onLine: console.line })
      .finally(() => console.endGroup());
    if (exitCode === 0) return console.line(`Signed ${reference} (cosign, keyless).`);
    const output = `${stdout}\n${stderr}`;
    throw new Failure('IMAGE_REJECTED', `cosign could not sign ${reference}: ${rootCauseLine(output)}`, {
      remedy: remedyOf(output),
      cause: output,
    });
  } finally {
    if (login) {
      await files.remove(login.folder);
      runner.saveState('secret-files', '');
    }
  }
}

function remedyOf(output: string): string {
  if (isImmutableRefusal(output))
    return 'The image has a signature already, and its tag is immutable: exclude `sha256-*` from immutability, or use cosign 3, which needs no tag.';
  if (/ACTIONS_ID_TOKEN|id-token|ambient|OIDC|oauth/i.test(output))
    return 'Give the job `permissions: id-token: write`: cosign signs with the identity of the workflow.';
  return 'Correct what cosign names, and run again: the image is not built again.';
}
