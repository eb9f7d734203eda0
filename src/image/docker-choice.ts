import { Failure } from '../failure.ts';
import { defined } from '../model.ts';
import type { BuildSources, Files, Shell } from '../ports.ts';
import { didYouMean } from '../spelling.ts';

/** What asks docker, and what the job's environment says to it. */
export interface DockerWorld {
  /** Absent where the shell obeys the run's signal. */
  readonly signal?: AbortSignal;
  readonly shell: Shell;
  readonly sources: Pick<BuildSources, 'variable'>;
  /** For what a message says of files; absent: nothing is known of them. */
  readonly files?: Pick<Files, 'exists'>;
}

/** Where the builder or daemon of docker and buildx may be set, in the order in which they look. */
type Choice =
  /** The input `builder`. */
  | { readonly by: 'input'; readonly name: string }
  | { readonly by: 'BUILDX_BUILDER' | 'DOCKER_HOST' | 'DOCKER_CONTEXT'; readonly name: string }
  /** `docker context use`, of the user's config.json. */
  | { readonly by: 'context'; readonly name: string }
  | { readonly by: 'default' };

/**
 * What chose the builder of this name.
 * @param name as buildx reports it; a context is a builder of its own name
 */
export function chosenBy(name: string, wanted: string | undefined, variable: BuildSources['variable']): Choice {
  if (wanted !== undefined) return { by: 'input', name: wanted };
  const builder = variable('BUILDX_BUILDER');
  if (builder) return { by: 'BUILDX_BUILDER', name: builder };
  const host = variable('DOCKER_HOST');
  if (host) return { by: 'DOCKER_HOST', name: host };
  const context = variable('DOCKER_CONTEXT');
  if (context) return { by: 'DOCKER_CONTEXT', name: context };
  return name === '' || name === 'default' ? { by: 'default' } : { by: 'context', name };
}

const NO_BUILDER = /\bno builder "?([^"\s]*)"? found/i;
/** An address that cannot be read, or TLS files that are not there. */
const NO_ENDPOINT = /docker endpoint for "?([^"\s]*)"? not found/i;
const NO_DAEMON = /cannot connect to the docker daemon|is the docker daemon running|error during connect/i;

/** Words of Go's TLS, and of a side that speaks HTTP where the other speaks HTTPS. https://pkg.go.dev/crypto/tls */
const WRONG_TLS =
  /\bx509:|\btls: |HTTP response to HTTPS client|HTTP request to an HTTPS server|malformed HTTP response/i;

/** Whether docker fails for its own settings: the builder or context that it is to use does not exist. */
export const isWrongChoice = (output: string): boolean => NO_BUILDER.test(output) || NO_ENDPOINT.test(output);

/**
 * A builder, context or daemon that is not there: the setting that names it, what exists, and what was probably meant. Undefined where
 * docker says something else.
 * @param output of docker, or the error that `buildx inspect` reports
 * @param wanted the input `builder`
 */
export async function wrongChoice(
  output: string,
  { name, wanted }: { readonly name: string; readonly wanted: string | undefined },
  world: DockerWorld,
): Promise<Failure | undefined> {
  const { variable } = world.sources;
  const missing = NO_BUILDER.exec(output)?.[1];
  if (missing !== undefined) return notThere(chosenBy(missing, wanted, variable), missing, world);
  if (NO_ENDPOINT.test(output)) return noEndpoint(chosenBy('default', undefined, variable), world);
  if (!NO_DAEMON.test(output)) return undefined;
  return down(chosenBy(name, wanted, variable), lastLine(output));
}

async function notThere(choice: Choice, missing: string, { shell, signal }: DockerWorld): Promise<Failure> {
  const ofContext = choice.by === 'DOCKER_CONTEXT' || choice.by === 'context' || choice.by === 'default';
  const kind = ofContext ? 'context' : 'builder';
  const names = (await (ofContext ? contexts({ shell, signal }) : builders({ shell, signal }))).filter(
    (name) => name !== missing,
  );
  const meant = didYouMean(missing, names);
  const listed = names.length > 0 ? `There ${names.length === 1 ? 'is' : 'are'} ${quoted(names)}. ` : '';
  return new Failure(
    'TOOL_MISSING',
    `The ${kind} \`${missing}\`, which ${wordsFor(choice)} names, does not exist on this runner.`,
    {
      remedy: `${meant ? `Did you mean \`${meant}\`? ` : ''}${listed}${CORRECTION[choice.by]}`,
    },
  );
}

const wordsFor = (choice: Choice): string =>
  ({
    input: 'the input `builder`',
    BUILDX_BUILDER: 'the variable BUILDX_BUILDER',
    DOCKER_HOST: 'the variable DOCKER_HOST',
    DOCKER_CONTEXT: 'the variable DOCKER_CONTEXT',
    context: "docker's own configuration (`docker context use`)",
    default: "docker's own configuration",
  })[choice.by];

const CORRECTION: Readonly<Record<Choice['by'], string>> = {
  input: 'Correct the input, create the builder in a step before (docker/setup-buildx-action), or leave the input out.',
  BUILDX_BUILDER:
    'Correct the variable, create the builder in a step before, remove the variable from `env:`, or name another one in the input `builder`.',
  DOCKER_HOST: 'Correct the variable, or remove it from `env:`.',
  DOCKER_CONTEXT:
    'Correct the variable, create the context in a step before (docker context create), or remove it from `env:`.',
  context: 'Choose another one (docker context use default), or create it in a step before (docker context create).',
  default: 'Choose another one (docker context use default).',
};

const TLS_FILES = ['ca.pem', 'cert.pem', 'key.pem'];

/** Docker reads all three files where DOCKER_TLS_VERIFY is set. https://docs.docker.com/engine/security/protect-access/ */
async function noEndpoint(choice: Choice, { sources: { variable }, files }: DockerWorld): Promise<Failure> {
  if (variable('DOCKER_TLS_VERIFY')) {
    const given = variable('DOCKER_CERT_PATH');
    // Docker's own rule where the variable is not set.
    const folder = given ?? variable('DOCKER_CONFIG') ?? `${variable('HOME') ?? '~'}/.docker`;
    const found = await Promise.all(TLS_FILES.map((name) => files?.exists(`${folder}/${name}`)));
    const lacking = TLS_FILES.filter((_, i) => !found[i]);
    const where = given === undefined ? `${folder} (DOCKER_CERT_PATH is not set)` : `${folder} (DOCKER_CERT_PATH)`;
    const what =
      lacking.length === 0
        ? `${where} has ca.pem, cert.pem and key.pem, of which one cannot be read as a certificate or key in PEM`
        : `${where} does not have ${lacking.join(', ').replace(/, (?=[^,]*$)/, ' and ')}`;
    return new Failure(
      'TOOL_MISSING',
      `Docker cannot read the TLS files of its daemon: DOCKER_TLS_VERIFY is set, and ${what}.`,
      {
        remedy: `${lacking.length === 0 ? 'Write the files again' : `Write ${lacking.length === 1 ? 'it' : 'them'}`} in a step before, correct DOCKER_CERT_PATH, or remove DOCKER_TLS_VERIFY.`,
      },
    );
  }
  const named = 'name' in choice ? `\`${choice.name}\` (${wordsFor(choice)})` : 'What its configuration names';
  return new Failure('TOOL_MISSING', `${named} is not an address of a Docker daemon.`, {
    remedy: `Write \`unix:///var/run/docker.sock\`, \`tcp://HOST:2376\` or \`ssh://USER@HOST\`. ${CORRECTION[choice.by]}`,
  });
}

function down(choice: Choice, error: string): Failure {
  switch (choice.by) {
    case 'default':
      return new Failure('TOOL_MISSING', `The Docker daemon of this runner is down: ${error}`, {
        remedy: START_DOCKER,
      });
    case 'DOCKER_HOST':
      if (WRONG_TLS.test(error)) {
        return new Failure(
          'TOOL_MISSING',
          `The Docker daemon at \`${choice.name}\` (DOCKER_HOST) answers, but TLS with it fails: ${error}`,
          {
            remedy:
              "ca.pem in DOCKER_CERT_PATH must be the authority that signed the daemon's certificate, which must name the host of DOCKER_HOST, and cert.pem and key.pem a client of it. For a daemon without TLS remove DOCKER_TLS_VERIFY.",
          },
        );
      }
      return new Failure(
        'TOOL_MISSING',
        `The Docker daemon at \`${choice.name}\` (DOCKER_HOST) does not answer: ${error}`,
        {
          remedy: `Start it and let this runner reach it, or correct the variable; without DOCKER_HOST docker uses the runner's own daemon. Else give a remote builder in \`builder\`, or an image built elsewhere in \`image\`.`,
        },
      );
    case 'DOCKER_CONTEXT':
    case 'context':
      return new Failure(
        'TOOL_MISSING',
        `The Docker daemon of the context \`${choice.name}\`, which ${wordsFor(choice)} names, does not answer: ${error}`,
        { remedy: `Start it and let this runner reach it. ${CORRECTION[choice.by]}` },
      );
    case 'input':
    case 'BUILDX_BUILDER':
      return new Failure(
        'TOOL_MISSING',
        `The Docker daemon of the builder \`${choice.name}\`, which ${wordsFor(choice)} names, does not answer: ${error}`,
        {
          remedy: `Start it and let this runner reach it (docker buildx inspect ${choice.name}). ${CORRECTION[choice.by]}`,
        },
      );
  }
}

export const START_DOCKER =
  'Start Docker on the runner and let its user reach the socket; a runner without a daemon (ubuntu-slim) needs a remote builder in the input `builder`, or an image built elsewhere in the input `image`.';

/** The wrong setting would end these, too. */
const WITHOUT_CHOICE = { BUILDX_BUILDER: '', DOCKER_CONTEXT: 'default' };

type Listing = { readonly shell: Shell; readonly signal: AbortSignal | undefined };

async function builders(world: Listing): Promise<readonly string[]> {
  const text = await listed(world, ['buildx', 'ls', '--format', 'json']);
  return text.split('\n').flatMap((line) => /"Name":"([^"]+)","Nodes"/.exec(line)?.[1] ?? []);
}

const contexts = async (world: Listing): Promise<readonly string[]> =>
  (await listed(world, ['context', 'ls', '--format', '{{.Name}}'])).split('\n').filter((name) => /^\S+$/.test(name));

/** What cannot be listed is left out of the message. */
async function listed({ shell, signal }: Listing, args: readonly string[]): Promise<string> {
  const { exitCode, stdout } = await shell.run(
    'docker',
    args,
    defined({ env: WITHOUT_CHOICE, limitSeconds: 20, signal }),
  );
  return exitCode === 0 ? stdout : '';
}

const quoted = (names: readonly string[]): string =>
  names
    .slice(0, 10)
    .map((name) => `\`${name}\``)
    .join(', ');

const lastLine = (text: string): string =>
  (text.trim().split('\n').at(-1) ?? '').replace(/^ERROR:\s*(?:failed to build:\s*)?/i, '');
