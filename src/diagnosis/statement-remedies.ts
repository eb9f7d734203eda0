/**
 * What to do about a statement: the form says what has to change, the kind of its subject where. In a
 * task that is the task definition, the image or the data of the container; in a build the Dockerfile and the inputs
 * of the build.
 */
import type { Text } from './say.ts';
import type { Statement, SubjectKind } from './statements.ts';

export type Where = 'task' | 'build';

export interface Stated {
  /** A clause without its beginning: `the value of JWT_SECRET is not ...`. */
  readonly cause: string;
  readonly remedy: Text;
}

/** Where a user changes what is of that kind. */
function placeOf(kind: SubjectKind | undefined, where: Where): string {
  if (where === 'build')
    switch (kind) {
      case 'variable':
      case 'secret':
        return 'in the Dockerfile (ARG and ENV, filled by the input `build-args`; a secret value by `build-secrets`)';
      case 'option':
        return 'in the command of that RUN line, or in the script that it calls';
      default:
        return 'in the configuration file that the step reads, or in the command of that RUN line';
    }
  switch (kind) {
    case 'variable':
      return 'in `environment` or `secrets` of the container (inputs `environment-variables`, `secrets`)';
    case 'secret':
      return 'in `secrets` of the container (input `secrets`) or in what it points to';
    case 'option':
      return 'in `command` of the container (input `command`), or in CMD or ENTRYPOINT of the Dockerfile';
    case 'setting':
      return 'in the configuration of the application: its file in the image, or the variable in `environment` or `secrets` that sets it';
    default:
      return 'in the configuration of the application (`environment`, `secrets`, `command` or its file in the image)';
  }
}

function named({ subject }: Statement, otherwise: string): string {
  if (subject === undefined) return otherwise;
  return /\s/.test(subject.name) ? `"${subject.name}"` : subject.name;
}
const isEmpty = (found = 'unknown'): boolean => /^["'\s]*$/.test(found);

const BETTER: Readonly<Record<string, string>> = { short: 'longer', long: 'shorter', weak: 'stronger' };

/** Where a build has data of another run from. */
const LEFT_DATA =
  'Data that should not be in the build comes from the context (list it in .dockerignore) or from a cache (give RUN --mount=type=cache another id).';

/** @returns the cause as a clause, and the remedy in whole sentences */
export function explainStatement(statement: Statement, where: Where): Stated {
  const { form, subject, wanted, found, other } = statement;
  const place = placeOf(subject?.kind, where);
  switch (form) {
    case 'length': {
      const better = wanted && BETTER[wanted];
      return {
        cause: better
          ? `the value of ${named(statement, 'a setting')} is too ${wanted}`
          : `the value of ${named(statement, 'a setting')} does not have the length that is asked for (${wanted}${found ? `; it has ${found}` : ''})`,
        remedy: `Give ${named(statement, 'that setting')} a ${better ? `${better} value` : `value of ${wanted}`} ${place}.`,
      };
    }
    case 'empty':
      return {
        cause: `${named(statement, 'a setting')} has no value`,
        remedy: `Give ${named(statement, 'it')} a value ${place}: what fills it there is empty or not set.`,
      };
    case 'choice':
      // "'' is not a valid LogLevel" names the type and not the setting.
      if (subject !== undefined && wanted === undefined)
        return {
          cause: isEmpty(found)
            ? `a setting of the type ${subject.name} is set, but empty`
            : `a setting of the type ${subject.name} has the value ${found}, which it does not know`,
          remedy: isEmpty(found)
            ? `Give the setting behind ${subject.name} one of its values ${placeOf('phrase', where)}, or leave it out: an empty value is not the same as none.`
            : `Replace the value ${found} by one that ${subject.name} has ${placeOf('phrase', where)}.`,
        };
      return {
        cause: `${named(statement, 'a setting')} ${isEmpty(found) ? 'is set, but empty, and that is' : `has ${found ? `the value ${found}` : 'a value'} that is`} none of those that it takes`,
        remedy: `Set ${named(statement, 'it')} to one of ${wanted} ${place}${isEmpty(found) ? ', or leave it out: an empty value is not the same as none' : ''}.`,
      };
    case 'type':
      return {
        cause: `${named(statement, 'a setting')} must be ${wanted}, and is not`,
        remedy: `Give ${named(statement, 'it')} a value that is ${wanted} ${place}.`,
      };
    case 'conflict': {
      const both = subject && other ? `${subject.name} and ${other.name}` : undefined;
      return {
        cause: `${both ?? 'settings'} exclude each other`,
        remedy: `Keep one of ${both ?? 'the settings that the line names'}, and remove the other ${placeOf(subject?.kind === 'secret' ? 'variable' : subject?.kind, where)}.`,
      };
    }
    case 'without-entries': {
      const what = subject?.name ?? 'entries';
      return {
        cause: `the configuration that it read has no ${what}`,
        remedy:
          where === 'build'
            ? `Add ${what} to that configuration, and make sure that it is the one which the step reads: COPY it before that RUN line, to the path that the command names.`
            : `Add ${what} to that configuration, and make sure that it is the one which the program reads (path or variable in \`command\` and \`environment\`): where yours is not found, many images fall back to one of their own.`,
      };
    }
    case 'removed':
      if (subject?.kind === 'code')
        return {
          cause: `the code uses ${subject.name}, which the installed version of its library no longer has`,
          remedy: `Change the code${wanted ? ` to ${wanted}` : ''}, or pin the library to the version that still has ${subject.name}.`,
        };
      return {
        cause: `this version no longer supports ${named(statement, 'what the line names')}`,
        remedy: `${wanted ? `Replace ${named(statement, 'it')} by ${wanted}` : `Remove ${named(statement, 'it')}`} ${place}. Until then the version before it still runs.`,
      };
    case 'unsupported-version':
      if (subject !== undefined && subject.kind !== 'runtime' && found === undefined && wanted === undefined)
        return {
          cause: `the image has an older version of ${subject.name} than is needed`,
          remedy: `Install a newer version of ${subject.name} in the ${where === 'build' ? 'Dockerfile of that stage' : 'image'}: raise it in the manifest and the lock file, or use a version of what asks for it that fits the one that is there. Then build the image again.`,
        };
      return {
        cause: `the image has ${found ? `${subject?.name} ${found}` : `a version of ${subject?.name}`}, which is not supported${wanted ? ` (asked for: ${wanted})` : ''}`,
        remedy: `Use a base image with ${wanted ? `${subject?.name} ${wanted}` : `a supported version of ${subject?.name}`} in the FROM of ${where === 'build' ? 'that' : 'the final'} stage, and install the dependencies there again; or use a version of the program that supports ${found ? `${subject?.name} ${found}` : 'the one in the image'}.`,
      };
    case 'newer-data':
      return where === 'build'
        ? {
            cause: 'its data or database is of a newer version than the program in that stage',
            remedy: `Install the newer version of the program in that stage. ${LEFT_DATA}`,
          }
        : {
            cause: 'its data or database is of a newer version than the program in the image',
            remedy: [
              '',
              { deploys: 'Deploy the newer version of the program again' },
              ': going back to an older image does not take its data back. Or restore the data from a backup of the time before the upgrade.',
            ],
          };
    case 'other-data':
      return {
        cause: `its data${subject?.kind === 'path' ? ` at ${subject.name}` : ''} is of another format (${found}) than this version takes (${wanted})`,
        remedy:
          where === 'build'
            ? `Install the version that wrote the data in that stage, or make the data again with this one. ${LEFT_DATA}`
            : [
                '',
                { deploys: 'Deploy the version that wrote the data' },
                `, and migrate it first as the program's documentation describes; or give the task an empty volume (\`volumes\`, \`mountPoints\`) where the data need not be kept.`,
              ],
      };
    case 'held':
      return where === 'build'
        ? {
            cause: 'another process holds what it needs alone',
            remedy:
              'Run the job again. Where two builds share it (RUN --mount=type=cache), give that mount sharing=locked, and remove a lock file that is copied into the image.',
          }
        : {
            cause: 'another process holds what it needs alone, or an ended one left its lock behind',
            remedy:
              "Where only one task may run, let the old one stop first: `minimum-healthy-percent: 0` and `maximum-percent: 100`; a migration belongs into one task before the deployment (input `pre-deploy`). If none is running any more, release the lock with the program's own command or delete its file or row.",
          };
    case 'key-mismatch':
      return {
        cause: `it cannot decrypt${subject?.kind === 'phrase' ? ` "${subject.name}"` : ' its data'}: as a rule its key is another than the one that the data was encrypted with`,
        remedy:
          where === 'build'
            ? 'Give that RUN line the key that the data was encrypted with (input `build-secrets`, and RUN --mount=type=secret in the Dockerfile), or encrypt the data again with the key that it has.'
            : 'Give the container the key that the data was encrypted with (`secrets`, input `secrets`): compare it with the revision that wrote the data, and keep a generated key in a secret instead of in the container.',
      };
    case 'directory':
      return {
        cause: `${subject?.name ?? 'a path'} is a directory where a file is expected`,
        remedy:
          where === 'build'
            ? 'Name the file itself in that RUN line, or let COPY put a file there: with a / at the end of the destination, or several sources, COPY makes a directory.'
            : 'Put the file itself there: COPY it into the image, or mount the directory around it. A volume of ECS (`mountPoints`) is always a directory, and Docker makes one where the source of a bind mount does not exist.',
      };
    case 'not-built':
      return {
        cause: `${subject?.kind === 'path' ? `${subject.name}, a result of its build,` : 'a result of its build'} is not in the image`,
        remedy: `Run ${wanted ? `\`${wanted}\`` : 'that build'} in the Dockerfile${where === 'task' ? ' (RUN in the build stage), and copy its output into the final stage (COPY --from) where the program looks for it' : ' before this step, in the same stage or with COPY --from'}.`,
      };
    case 'not-installed':
      return {
        cause: `${subject?.name ?? 'something that it needs'} is not installed in ${where === 'build' ? 'that stage' : 'the image'}`,
        remedy:
          where === 'build'
            ? `Install ${subject?.name ?? 'it'} in that stage before the step: a program with the package manager of the base image, a library as a dependency of the project.`
            : `Install ${subject?.name ?? 'it'} in the final stage of the Dockerfile: as a dependency of production (not of development), or with the package manager of the base image.`,
      };
  }
}

/** What weakens a protection or runs as root: a program may advise it, this action does not. */
const HARMFUL =
  /\bsudo\b|\bas root\b|--allow-root|chmod (?:-R )?[0-7]?777|--(?:no-verify|insecure|force|legacy-peer-deps|ignore-certificate|break-system-packages|no-sandbox|skip-\w+|unsafe-perm)\b|disabl\w{1,4} (?:\w{1,20} ){0,3}(?:verif|check|security|ssl|tls|cert)|verify ?= ?false|REJECT_UNAUTHORIZED|trust_?server_?certificate|rm -rf|\bdelete (?:the |your )?(?:volume|database|data)\b|drop (?:the )?(?:database|table)|\bcontact\b|restart your (?:computer|machine|ide)/i;
/** What works on the machine of a developer only: its certificates, package managers, browser and editor. */
const DEVELOPER =
  /\bdev-certs\b|\bmkcert\b|\b(?:brew|choco|scoop|winget) (?:install|upgrade|reinstall|link|services|tap)\b|\bHomebrew\b|\b(?:open|visit|refresh|reload|launch)\b.{0,60}\bbrowser\b|\bin (?:your|the|a) (?:web )?browser\b|\b(?:windows|mac ?os(?: x)?)(?: and (?:windows|mac ?os(?: x)?))? only\b|\bdocker desktop\b|\b(?:visual studio|vs ?code|intellij|pycharm|xcode)\b|\bxcode-select\b|\byour ide\b|\b(?:your|the) (?:local|development|developer(?:'s)?) (?:machine|computer)\b/i;
/** An instruction: of what "cannot run" nothing is to be run. */
const RUNS =
  /(?:^|[.;:,(] ?|\b(?:please|(?:need|have|remember|forget) to|and|or|must|should|then|try|by) )(?:re-?)?(?:run|install)(?:n?ing)?\b/i;
/** A quoted text of several words, or one behind a prompt. A single word, or what is to be set or added, is a name or a line of a file. */
const QUOTES_COMMAND =
  /(?<!\w|\b(?:[Ss]et|[Cc]hange|[Aa]dd|[Rr]emove|[Rr]ename|[Dd]efine|[Ss]pecify) (?:(?:the|an?|your) )?)(["'`])[a-z][\w./@-]{0,60} [^"'`]{1,200}\1|\$ [a-z]/;
const INSTALLS =
  /\b(?:npm|pnpm|yarn|bun|pip3?|poetry|uv|gem|bundle|composer|apt(?:-get)?|apk|dnf|yum|cargo|go|dotnet|mix|install)\b[^\n]{0,40}?\b(?:install|add|i|ci|restore|get|update|require)\b|\binstall(?:ing)?\b/i;
const BUILDS = /\b(?:build|compile|generate|collectstatic|precompile|assets|bundle)\b/i;
const PREPARES = /\b(?:migrat\w{1,4}|upgrade|init(?:ialize|db)?|seed|setup|repair|db:\w{2,20})\b/i;

/**
 * The advice of a program, and where it is followed: what it says to run is not run in a container that has ended.
 * @returns undefined where following it would do harm, or is for the machine of a developer
 */
export function advised(advice: string, where: Where): string | undefined {
  if (HARMFUL.test(advice) || DEVELOPER.test(advice)) return undefined;
  const pointer = advice.search(/\b(?:See\b|see:? https?:|Read more|For more|Learn more)/);
  const bare = (pointer < 0 ? advice : advice.slice(0, pointer)).replace(/(?<![\s.:,;(])[\s.:,;(]+$/, '');
  if (bare.length < 8) return undefined;
  const quote = `The program's own advice is: "${bare}".`;
  const isCommand = RUNS.test(advice) || QUOTES_COMMAND.test(advice);
  if (where === 'build')
    return isCommand
      ? `${quote} In a build that is a RUN line of the Dockerfile before the step.`
      : `${quote} In a build that is a line of the Dockerfile before the step, or a change of what is committed.`;
  if (isCommand && INSTALLS.test(advice))
    return `${quote} Do that in the Dockerfile (RUN in the final stage), not in the container.`;
  if (isCommand && PREPARES.test(advice))
    return `${quote} Do that in one task before the deployment (input \`pre-deploy\`).`;
  if (isCommand && BUILDS.test(advice))
    return `${quote} Do that in the Dockerfile, and copy the result into the final stage.`;
  if (/\b[A-Z][A-Z0-9]*_[A-Z0-9_]+\b/.test(advice))
    return `${quote} Variables are set in \`environment\` or \`secrets\` of the container (inputs \`environment-variables\`, \`secrets\`).`;
  return `${quote} A command belongs into the Dockerfile or into a task before the deployment, a value into \`environment\` or \`secrets\`.`;
}
