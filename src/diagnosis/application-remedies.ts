/** What a class of application error means for a task of ECS: the cause in one sentence and the first thing to do. */

import { filled } from './application/row.ts';
import type { ApplicationError } from './application.ts';
import { type AppWords, PYTHON_LIBRARY } from './application-words.ts';
import type { Launch } from './diagnosis.ts';
import { mapWords, of, type Text, together } from './say.ts';
import { advised, explainStatement } from './statement-remedies.ts';
import { gist } from './text.ts';

interface Explained {
  readonly cause: Text;
  readonly remedy: Text;
}

/** Words of a connection that was not answered, and not of one that a server turned down. */
const NO_ANSWER =
  /tim(?:ed?|ing)[ -]?out|timeout|ETIMEDOUT|unreachable|EHOSTUNREACH|ENETUNREACH|no route|deadline|no response|not respond|Can't reach|network-related|Network Adapter|Communications link|could not be established|disconnected|NoBrokers/i;
const BROKEN_OFF =
  /reset by peer|ECONNRESET|socket hang up|EPIPE|broken pipe|connection (?:was )?(?:lost|aborted|closed|reset)|closed (?:unexpectedly|by)|CONNECTION_(?:CLOSED|ENDED|DESTROYED)|terminated unexpectedly|terminated$|Unexpected end of stream/i;
/** A host of the internet, as far as its name shows: no name of a private zone, and no database or cache of AWS. */
const isPublic = (host: string | undefined): boolean =>
  host !== undefined &&
  /\.(?:com|org|net|io|dev|co|ai|app|cloud)$/i.test(host) &&
  !/amazonaws\.com$|(?:^|\.)(?:internal|local|private|corp|intra|vpc|prod|stag\w{0,4}|dev|db)\.|^(?:db|database|postgres|mysql|redis|mongo|kafka|cache)\b/i.test(
    host,
  );
/** What JavaScript, Python and others make of a value that is not set. */
const UNSET = /^(?:undefined|null|none|nan|nil)$/i;
/** Docker names the host of a container by the first 12 digits of its id, unless `hostname` is set. */
const CONTAINER_ID = /^(?=.*\d)[0-9a-f]{12}$/;
/** Names that other platforms give to their hosts. */
const ELSEWHERE = /\.(?:svc|cluster\.local|svc\.cluster\.local)$|^(?:host|gateway|kubernetes)\.docker\.internal$/i;
/** What the kernel or the host of the container shows: no image brings it. */
const OF_THE_HOST = /^\/(?:proc|sys|dev|rootfs|host|hostfs|var\/run\/docker)(?:\/|$)/;
/** Certificates of authorities are public; a key or a certificate of one's own is not. */
const AUTHORITY =
  /(?:^|[/_.-])(?:root|ca|cacert|ca-?bundle|rootca|root-ca|global-bundle|rds-\w[\w-]{0,60}|ca-certificates?|truststore)\.(?:pem|crt|cer)$/i;
const SECRET_FILE = /secret|credential|service-?account|\.(?:pem|key|p12|jks|pfx)$/i;
/** A client that connects, and no server that listens. */
const OUTGOING = /^(?!.*\b(?:bind|listen)).*\b(?:connect(?:ing|ion|ed)?|dial)\b/i;
const LOCAL = /^(?:localhost|127\.\d|\[?::1\]?$|0\.0\.0\.0)/;
/** One package calls another as that one is not made. */
const VERSIONS =
  /unexpected keyword argument|is not a constructor|is not a function|Class extends value|has no attribute|cannot import name|NoSuchMethod|NoSuchField|takes \d{1,3} positional|missing \d{1,3} required positional|undefined method|Call to undefined (?:method|function)|must be compatible with|does not provide an export/;
/** Whose time limit of a worker it was, and how it is set. */
function timeoutOf(line: string): string {
  if (/HARAKIRI/.test(line)) return of('uwsgi', 'uWSGI harakiri');
  return /Rack::Timeout/.test(line) ? 'service_timeout of rack-timeout' : of('python', 'gunicorn --timeout');
}
/** A call with what the called one does not take, in words that name no place. */
const CALL_MISFIT = /unexpected keyword argument|takes \d{1,3} positional|missing \d{1,3} required positional/;
/** https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-metadata-endpoint.html */
const SET_BY_ECS =
  /^(?:ECS_CONTAINER_METADATA_URI(?:_V4)?|ECS_AGENT_URI|AWS_CONTAINER_CREDENTIALS_RELATIVE_URI|AWS_EXECUTION_ENV)$/;
/** Java's class file version 52 is Java 8. */
const javaOf = (classFile: string): string => of('jvm', `Java ${Number(classFile) - 44}`);

/**
 * @param error what the log says
 * @param container the name of the container behind a space, as code: it may be a word such as `app`; or empty
 * @param launch of its task, where it is known
 */
export function explainApplication(error: ApplicationError, container: string, launch?: Launch): Explained {
  const { cause: said, remedy } = explained(error, container, launch);
  const { line, printed, words } = error;
  // Quoted as it was printed: that is what a search in the log finds.
  const quoted =
    printed === undefined ? said : mapWords(said, (part) => part.replace(short(line), () => short(printed)));
  const { invalid, missing } = words;
  if (invalid !== undefined)
    return {
      cause: together(quoted, ` It does not accept other values either: ${invalid}.`),
      remedy: together(remedy, ' Correct those in the same place.'),
    };
  const cause = missing === undefined ? quoted : together(quoted, ` These settings are not set at all: ${missing}.`);
  if (missing !== undefined) return { cause, remedy: together(remedy, ` Set ${missing} there as well.`) };
  return error.migrating && error.kind !== 'migration-exists'
    ? {
        cause,
        remedy: together(remedy, [
          ' Then mark the migration with its tool',
          {
            examples: [
              { for: 'prisma', words: '`prisma migrate resolve --rolled-back`' },
              { for: 'flyway', words: '`flyway repair`' },
            ],
          },
          ' and run it again, in one task before the deployment.',
        ]),
      }
    : { cause, remedy };
}

/** Why a task reaches no metadata of an EC2 instance. */
const NO_METADATA = (launch: Launch | undefined): string => {
  if (launch === 'FARGATE') return 'Fargate has none';
  if (launch === 'EXTERNAL') return 'an external instance has none';
  return launch === undefined
    ? 'Fargate has none, and a container on EC2 may not reach it'
    : 'a container on an instance reaches it only where the hop limit of the instance and the ECS agent allow it';
};

function explained(error: ApplicationError, container: string, launch?: Launch): Explained {
  const { row } = error;
  const at = error.place === undefined ? '' : ` at ${error.place}`;
  const slots = {
    ...error.words,
    container,
    at,
    who: `The application${container}`,
    line: short(error.line),
    noMetadata: NO_METADATA(launch),
  };
  if (row?.cause !== undefined && row.remedy !== undefined)
    return { cause: filled(row.cause, slots), remedy: filled(row.remedy, slots) };
  return explainClass(error, container);
}

/** `require()` of an installed package that is an ES module only; both forms of Node.js name its file. */
const ES_PACKAGE =
  /(?:require\(\) of ES Module|Must use import to load ES Module:?) (?<file>[^\s'"]{1,400})(?: from (?<by>[^\s'"]{1,400}))?/;
const packageOf = (file = ''): string | undefined =>
  /(?:^|[/\\])node_modules[/\\](?<name>(?:@[\w.-]{1,80}[/\\])?(?!\.)[\w.-]{1,80})(?=[/\\])(?!.{0,400}[/\\]node_modules[/\\])/.exec(
    file,
  )?.groups?.name;

/** @returns undefined where the file that is loaded is the application's own */
function moduleOfPackage(line: string, who: string): Explained | undefined {
  const { file, by } = ES_PACKAGE.exec(line)?.groups ?? {};
  const name = packageOf(file);
  if (name === undefined) return undefined;
  const caller = packageOf(by);
  const newer = of(
    'node',
    'Node.js 22.12 or newer in the FROM of the final stage can load ES modules with require(), too.',
  );
  if (caller !== undefined && caller !== name)
    return {
      cause: `The package ${caller} in the image loads the package ${name} with require(), and the installed version of ${name} is an ES module only: ${short(line)}`,
      remedy: of(
        'node',
        `Upgrade ${caller} to a version that fits, or pin ${name} to its last CommonJS version by \`overrides\` (npm, pnpm) or \`resolutions\` (yarn) in package.json; install from the lock file (npm ci), so that an image does not get newer versions. ${newer}`,
      ),
    };
  return {
    cause: `${by === undefined || caller === name ? `The package ${name} is loaded` : `${who} loads the package ${name}`} with require(), and the installed version of ${name} is an ES module only: ${short(line)}`,
    remedy: of(
      'node',
      `Pin ${name} to its last CommonJS version in package.json and install from the lock file (npm ci), or load it with import(). ${newer}`,
    ),
  };
}

/** What a client was told to look up, in the words of resolvers of all languages. */
const LOOKED_UP =
  /(?:getaddrinfo (?:ENOTFOUND|EAI_AGAIN) |UnknownHostException: |translate host name ["']|\blookup |[Rr]esolve (?:host|address)(?:name)?:? ["'`]?|[Uu]nknown (?:\w{1,10} )?(?:server )?host:? ["'(]?|getaddrinfo for |host not found in upstream ")(?<text>[^\s"'`]{1,300})/;

/** Something else than a name that a client was given for one: a whole URL, a name with its port, a path or a login. */
function notAHost(line: string): { readonly text: string; readonly why: string; readonly remedy: string } | undefined {
  const said = LOOKED_UP.exec(line)?.groups?.text;
  if (said === undefined) return undefined;
  const text = said.replace(/[.,;:)]{1,3}$/, '').replace(/(@|\/\/[^@/]{0,100}:)[^@]{1,100}@/, '$1***@');
  const given = (why: string, remedy: string) => ({ text: text.replace(/^[^@]{1,200}@/, '***@'), why, remedy });
  const [, scheme] = /^(jdbc:\w{1,20}|[a-z][a-z0-9+.-]{1,20}):\/\//i.exec(text) ?? /^(jdbc):/i.exec(text) ?? [];
  if (scheme !== undefined)
    return given(
      `it begins with the scheme of a URL (${scheme})`,
      'give the host name alone where the program asks for a host, or put the whole URL into its setting for a URL; a scheme that stands there twice comes from a template that adds one.',
    );
  if (/^\/\/|^https?$/i.test(text) && !/^https?\b(?!$)/i.test(text))
    return given(
      'it is what is left of a URL whose scheme stands there twice or has a mistake (https//, http:/)',
      'write the URL once, with its scheme and two slashes.',
    );
  if (/^[^@]{1,200}@/.test(text))
    return given(
      'part of the login is in it',
      'a password with @, /, : or # must be percent-encoded in a URL (%40, %2F, %3A, %23), or be given in a setting of its own.',
    );
  // nginx names the upstream with the port that it is given.
  if (line.includes('in upstream')) return undefined;
  if (/^[\w.-]{1,253}(?::\d{1,5})?\//.test(text) && !/<unresolved>/.test(text))
    return given(
      'a path stands behind the name',
      'give the host name alone (a number of a database or a path has its own setting).',
    );
  if (/^[\w.-]{1,253}:\d{1,5}$/.test(text))
    return given('a port stands behind the name', 'give the host name alone, and the port in its own setting.');
  return undefined;
}

function explainClass(error: ApplicationError, container: string): Explained {
  const { kind, words, line } = error;
  const host = words.host ?? words.host2;
  const port = words.port ?? words.port2;
  const address = host !== undefined && port !== undefined ? `${host}:${port}` : host;
  const path = words.path ?? words.path2;
  const name = words.name ?? words.name2 ?? words.name3 ?? words.name4;
  const who = `The application${container}`;
  if (error.statement) {
    const { cause, remedy } = explainStatement(error.statement, 'task');
    return {
      cause: `${who} stopped${error.place ? ` at ${error.place}` : ''}: ${cause}. It says: ${short(line)}`,
      remedy,
    };
  }
  if (kind === 'variable-missing' && name !== undefined && SET_BY_ECS.test(name))
    return {
      cause: `${who} does not have ${name}, which ECS itself sets in every container: ${short(line)}`,
      remedy: `Take ${name} out of \`environment\` where it is set empty or to another value, and start the program without what clears the environment (env -i, su -, sudo, cron). Outside of ECS, turn off what needs it.`,
    };
  switch (kind) {
    case 'aws-denied': {
      const instance = /assumed-role\/(?<name>[\w+=,.@-]{1,64})\/i-[0-9a-f]{8,17}\b/.exec(line)?.groups?.name;
      if (instance !== undefined)
        return {
          cause: `${who} was denied ${words.action ?? words.operation ?? 'an AWS action'} as the instance role ${instance}: it uses the credentials of the container instance, as the task has no task role (taskRoleArn) or its SDK does not read it.`,
          remedy: `Give the task definition a task role (input \`task-role-arn\`) that allows ${words.action ?? 'the action'}${words.resource ? ` on ${words.resource}` : ''}. Where the application is meant to use the instance role ${instance}, allow it there.`,
        };
      const role = words.role ? `the task role ${words.role}` : 'the task role';
      const action =
        words.action ?? (words.operation ? `the action behind ${words.operation}` : 'the action that the line names');
      return {
        cause: `${who} was denied ${words.action ?? words.operation ?? 'an AWS action'}: its AWS calls use the task role (taskRoleArn), and ${words.role ?? 'that role'} does not allow it.`,
        remedy: `Allow ${action}${words.resource ? ` on ${words.resource}` : ''} in a policy of ${role} (input \`task-role-arn\`). A key policy or bucket policy may have to allow it as well.`,
      };
    }
    case 'asked-to-stop':
      return {
        cause: `${who} ended because it was asked to (a stop signal, as ECS sends it), and its log names no error that led to it: ${short(line)}`,
        remedy:
          'Look outside of the application for who stopped it: the stopped reason of the task (describe-tasks) and the events of the service name a failed health check, another essential container of the task that ended, a newer deployment, scaling or Spot. Errors and exit codes 137 or 143 after the signal only follow from it.',
      };
    case 'request-failed': {
      const code = error.place?.startsWith('/') ? `the code at ${error.place}` : 'the code behind that line';
      return {
        cause: `${who} answered a request with an error${error.place ? ` at ${error.place}` : ''} and continued, so that error does not say why the container ended: ${short(line)}`,
        remedy: `Look at the exit code and stopped reason of the task (describe-tasks) and at the events of the service for who ended it. If the request was the health check's, correct ${code}: targets that answer with 500 become unhealthy, and ECS replaces their tasks.`,
      };
    }
    case 'line-ends':
      return {
        cause: /interpreter|env: |python\S{0,4}\\r|sh\\r/.test(line)
          ? `A script of the container${container} has Windows line ends (CR LF), so its interpreter${name ? ` ${name}` : ''} with a CR at the end is not found.`
          : `A script of the container${container} has Windows line ends (CR LF): the CR at the end of each line became a part of its commands and paths, and the errors behind it follow from that: ${short(line)}`,
        remedy:
          'Save the script with LF line ends (.gitattributes: *.sh text eol=lf), or convert it in the Dockerfile (sed -i "s/\\r$//" FILE).',
      };
    case 'placeholder':
      return {
        cause: `${who} uses the text ${name?.replace(/^(\$\{\w+)$/, '$1}') ?? 'of a placeholder'} as a value: nothing replaced it.`,
        remedy:
          'Write the final value into `environment` or `secrets`: ECS expands no variables there, nor in `command`. In a command let a shell expand it (["sh", "-c", "... $PORT"]).',
      };
    case 'local-socket':
      if (/php\S{0,40}\.sock/.test(path ?? line))
        return /permission denied|\(13\b/i.test(line)
          ? of('php', {
              cause: `The web server in the container${container} may not use the socket ${path ?? 'of php-fpm'} of php-fpm: it belongs to another user.`,
              remedy:
                'Set listen.owner, listen.group and listen.mode = 0660 in the pool of php-fpm to the user of the web server, run both as one user, or let php-fpm listen on 127.0.0.1:9000.',
            })
          : of('php', {
              cause: `The web server in the container${container} finds no php-fpm at the socket ${path ?? 'that the line names'}: it has not started, or listens elsewhere.`,
              remedy:
                'Compare `listen` of the php-fpm pool with the address in the web server (fastcgi_pass), and look above in the log for an error of php-fpm. Where it is another container of the task, use 127.0.0.1:9000.',
            });
      if (/docker\.sock/.test(path ?? line) && /permission denied/i.test(line))
        return {
          cause: `The user of the container${container} may not use the Docker socket of the host (${path?.replace(/^\/+/, '/') ?? 'docker.sock'}): it belongs to root and to the group docker of the host.`,
          remedy:
            "Run the container as root (`user`), or with the number of the host's group docker (stat -c %g /var/run/docker.sock) as its group: `user` UID:GID.",
        };
      if (/docker\.sock/.test(path ?? line))
        return {
          cause: `${who} needs the Docker daemon of its host (${path ?? 'docker.sock'}), which a container does not see by itself.`,
          remedy:
            'On EC2 mount /var/run/docker.sock as a volume with host path. Fargate has no Docker daemon: turn off what needs it, or use ECS calls instead.',
        };
      return {
        cause: `${who} connects to a socket on the local file system${path ? ` (${path})` : ''}: no host of the server is set (or localhost), and no server runs in the container.`,
        remedy:
          'Set the host of the server in `environment` or `secrets` (DB_HOST, PGHOST, DATABASE_URL; the name must be one that this version of the program reads, see its documentation), so that the client connects over TCP; for a sidecar use 127.0.0.1 instead of localhost.',
      };
    case 'bind-address':
      if (OUTGOING.test(line)) {
        if (host === undefined || LOCAL.test(host)) return toItself(who, address, line);
        return {
          cause: `${who} could not open a connection to ${address ?? host}: its side of the network has no address or no free port for it (EADDRNOTAVAIL).`,
          remedy:
            'Correct that address in `environment` or `secrets` if it is one of IPv6 or 0.0.0.0, which the task cannot connect to. For an address that is right all local ports are taken: keep connections open in a pool instead of opening one for each request.',
        };
      }
      if (/\[::\d{0,3}\]|:::\d/.test(line))
        return {
          cause: `${who} listens on an IPv6 address, which the network of the task does not have: ${short(line)}`,
          remedy: [
            'Let it listen on 0.0.0.0 instead of [::]',
            { examples: [{ for: 'nginx', words: 'nginx: remove the `listen [::]:` lines' }] },
            ', or use dual-stack subnets and the account setting dualStackIPv6.',
          ],
        };
      return {
        cause:
          host === undefined && !/bind|listen/i.test(line)
            ? `An address that ${who.charAt(0).toLowerCase()}${who.slice(1)} listens on or connects to cannot be used in the task (EADDRNOTAVAIL); the line does not name it: ${short(line)}`
            : `${who} listens on (or connects from) the address ${host ?? 'of another machine'}, which the task does not have: ${short(line)}`,
        remedy: `Let it listen on 0.0.0.0 (the variable or option for the host, such as HOST=0.0.0.0), not on a host name or a fixed IP address.${host === undefined && !/bind|listen/i.test(line) ? ' Where the stack shows a client that connects, correct the address of its server in `environment` or `secrets` instead.' : ''}`,
      };
    case 'request-denied': {
      const status = words.status ?? words.status2 ?? words.status3 ?? words.status4 ?? words.status5 ?? words.status6;
      return {
        cause: `A server${address ? ` (${address})` : ''} refused a request of the application${container}${status ? ` with HTTP status ${status}` : ''}: ${short(line)}`,
        remedy:
          status === '403' || status === '407'
            ? 'Check that the application sends a token or credentials (`secrets`), and that the role or policy of that user allows the request. Otherwise look for a firewall, proxy or IP list that refuses the addresses of the tasks.'
            : 'Compare the API key, token or password that the application sends (`secrets`) with what that server accepts, and its rights there. After a rotation start a new deployment: ECS reads a secret only when a task starts.',
      };
    }
    case 'script-error':
      // The command hostname asks for the address of the container's own name.
      if (/^\d{1,2}: /.test(words.reason ?? '') && /^hostname: /.test(words.earlier ?? ''))
        return {
          cause: `The script ${path ?? 'of the entry point'} stopped at its check of a value (line ${words.lineNumber ?? '?'}), which was given empty: it looked up the address of the container's own host name, which does not resolve there (${words.earlier ?? ''}).`,
          remedy:
            'Give the address by the variable that the image has for it (its bind address, such as NAME_BIND_ADDRESS or NAME_HOST) in `environment`: 0.0.0.0. Otherwise let the entrypoint write the host name into /etc/hosts first. No name of another server is wrong.',
        };
      // The shell's own `${1:?message}`: the check is right, and what it checks was not given.
      if (/^\d{1,2}: /.test(words.reason ?? ''))
        return {
          cause: `The script ${path ?? 'of the entry point'} stopped at its check of a value (line ${words.lineNumber ?? '?'}), which was given empty: ${words.reason ?? ''}.${words.earlier ? ` Before it the log says: ${words.earlier}` : ''}`,
          remedy: `Look for what should have given that value${words.earlier ? ', first at the line before it' : ''}: a command that failed, or a variable of the image that is not set. Where its documentation has a variable for the value, set it in \`environment\`; the check itself is right.`,
        };
      return {
        cause: `The script ${path ?? 'of the entry point'} failed at line ${words.lineNumber ?? '?'}: ${words.reason ?? short(line)}.`,
        remedy:
          'Correct that line of the script, and check that the variables it uses are set in `environment` or `secrets` and quoted ("$NAME").',
      };
    case 'gpu':
      return /out of memory/i.test(line)
        ? of('gpu', {
            cause: `The memory of the GPU is full: ${short(line)}`,
            remedy:
              'Use a smaller model or batch, or an instance type whose GPU has more memory. The memory of the task does not count here.',
          })
        : of('gpu', {
            cause: `${who} finds no usable GPU: ${short(line)}`,
            remedy:
              'Give the container a GPU (resourceRequirements of type GPU) and run the service on GPU instances with the GPU-optimized ECS AMI; Fargate has no GPU. Where none is needed, use the CPU build of the library.',
          });
    case 'host-not-allowed':
      return {
        cause: `${who} refuses requests by their Host header: the name or address is not one that it allows.`,
        remedy: [
          'Add the host names of the load balancer and domain to the setting',
          {
            examples: [
              { for: 'python', words: 'Django ALLOWED_HOSTS' },
              { for: 'ruby', words: 'Rails config.hosts' },
            ],
          },
          ', and for health checks the private address of the task or a path that is exempt.',
        ],
      };
    case 'pool-exhausted':
      return {
        cause: `${who} got no connection from its pool in time: the database does not answer, or all connections of the pool are in use.`,
        remedy:
          'First check that the database can be reached from the tasks (its security group, host and port in `environment` and `secrets`), then raise the pool size or shorten what holds connections.',
      };
    case 'data-locked':
      if (/not writable/i.test(line))
        return {
          cause: `${who} got no lock on its data: its folder is not writable for the user of the container, or another task uses the same volume: ${short(line)}`,
          remedy:
            'Give the folder to the user of the container first (COPY --chown, uid of the volume). If it is writable, let only one task use it: minimumHealthyPercent 0 and maximumPercent 100 (inputs `minimum-healthy-percent`, `maximum-percent`), or a volume for each task.',
        };
      return {
        cause: `${who} found its data locked: another process or task uses the same volume: ${short(line)}`,
        remedy:
          'Let only one task use that volume: set minimumHealthyPercent 0 and maximumPercent 100 (inputs `strategy: ROLLING`, `minimum-healthy-percent`, `maximum-percent`), so that the old task stops first, and a desired count of 1. If no other task runs, remove the stale lock file.',
      };
    case 'data-version':
      return {
        cause: `The data on the volume of the container${container} was written by another version of the server than the image has: ${short(line)}`,
        remedy: [
          'Use the image of the version that wrote the data. Where the image is the newer one, upgrade the data with the tool of the server before it starts',
          { examples: [{ for: 'postgres', words: 'pg_upgrade' }, 'dump and restore'] },
          '; data of a newer version does not go back.',
        ],
      };
    case 'aws-expired':
      return {
        cause: `${who} signs its AWS calls with keys that AWS does not accept: they have expired or are not valid.`,
        remedy:
          'Remove AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN from `environment` and `secrets` of the container: then the SDK uses the task role (input `task-role-arn`), whose keys renew themselves. Where static keys are needed, replace them and start a new deployment.',
      };
    case 'aws-region-missing':
      return {
        cause: `${who} calls AWS without a Region: none is set, or it is not one that exists.`,
        remedy:
          'Set AWS_REGION (for some SDKs AWS_DEFAULT_REGION) in `environment` of the container (input `environment-variables`).',
      };
    case 'aws-profile-missing':
      return {
        cause: `${who} asks for the AWS profile${words.profile ? ` ${words.profile}` : ''}, which the container does not have.`,
        remedy:
          'Remove AWS_PROFILE (or the profile in the code) for the container: the SDK then uses the task role (input `task-role-arn`).',
      };
    case 'aws-missing':
      return {
        cause: `${who} asks AWS${call(words)} for something that does not exist in this account and Region: ${short(line)}`,
        remedy:
          'Create it, or correct its name or ARN in `environment` or `secrets`; check that AWS_REGION of the container is the Region it is in.',
      };
    case 'aws-throttled':
      return {
        cause: `AWS throttled the calls${call(words)} of the application${container}.`,
        remedy:
          'Let the application retry with back-off and start fewer tasks at once (input `maximum-percent`); if it stays, raise the quota or the capacity of that resource.',
      };
    case 'aws-unreachable':
      return {
        cause: `${who} cannot reach ${host ?? `AWS${call(words)}`} over the network of the task.`,
        remedy: `Give the subnets a route to it: a NAT gateway, a public IP (assignPublicIp: ENABLED) or a VPC endpoint for that service. The security group of the task must allow TCP 443 out, and that of the endpoint TCP 443 in.`,
      };
    case 'cluster-mode':
      return of('redis', {
        cause: `The Redis server of the application${container} runs in cluster mode, and the client is not a cluster client: ${short(line)}`,
        remedy:
          'Use the cluster client of the library (redis.createCluster, RedisCluster, ioredis Cluster) with the configuration endpoint, or a cache with cluster mode off.',
      });
    case 'topic-missing':
      return {
        cause: `The topic${words.topic ? ` ${words.topic}` : ''} does not exist on the broker, or the application${container} may not see it.`,
        remedy: [
          'Create the topic',
          { examples: [{ for: 'kafka', words: 'MSK does not create topics unless auto.create.topics.enable is on' }] },
          ' or correct its name in `environment`; with access control allow the user or role to describe it.',
        ],
      };
    case 'deno-permission':
      return {
        cause: `Deno does not allow the application${container} the access that it needs (${words.access ?? 'permission'}).`,
        remedy: `Add --${words.flag ?? 'allow-...'} to \`deno run\` in CMD of the Dockerfile or in \`command\` of the container (input \`command\`).`,
      };
    case 'kernel-limit':
      return kernelLimit(error, who);
    case 'capability-missing':
      return {
        cause: `${who} may not do what needs a Linux capability or root: ${short(line)}`,
        remedy:
          'Run that container as root (`user` in the container definition) where it only changes its user, or add the capability under linuxParameters.capabilities.add. Fargate allows no capability but SYS_PTRACE: what needs NET_ADMIN or SYS_ADMIN runs on EC2 only.',
      };
    case 'key-wrong':
      if (/MissingKeyError|Missing encryption key/.test(line))
        return {
          cause: `${who} has no key to decrypt its credentials with: neither the variable nor the key file is in the container.`,
          remedy: [
            'Set the key in `secrets`',
            {
              examples: [
                { for: 'ruby', words: 'for Rails RAILS_MASTER_KEY' },
                'the content of config/master.key or of the key of that environment',
              ],
            },
            '; the key file itself does not belong into the image.',
          ],
        };
      return {
        cause: `${who} cannot decrypt its data with the key that it was given: ${short(line)}`,
        remedy: [
          'Set the key that the data was encrypted with in `secrets`',
          {
            examples: [
              { for: 'ruby', words: 'for Rails RAILS_MASTER_KEY' },
              'the content of config/master.key or of the key of that environment',
            ],
          },
          ', without a line end or quotes.',
        ],
      };
    case 'pem-invalid':
      return {
        cause: `${who} cannot read a key or certificate${path ? ` (${path})` : ''}: what it was given is not valid PEM (or has another password).`,
        remedy: [
          'Check the file or secret behind it: it begins with -----BEGIN, and its line ends must survive (a secret in one line needs \\n turned into line ends, or base64).',
          { for: 'secrets-manager', words: ' Store it in Secrets Manager as it is and name it in `secrets`.' },
        ],
      };
    case 'url-invalid':
      return {
        cause: `${who} was given a URL or connection string that it cannot read: ${short(line)}`,
        remedy:
          'Correct it in `environment` or `secrets`: scheme://user:password@host:port/name (the scheme that the driver knows, such as postgresql), without quotes, and with special characters of the password percent-encoded.',
      };
    case 'option-unknown': {
      const option = [words.option, words.option2, words.option3, words.option4].find((one) => one !== undefined);
      return {
        cause: `${who} was started with an option or command${option ? ` (${option})` : ''} that this version does not know: ${short(line)}`,
        remedy: [
          'Correct `command` or `entryPoint` of the container (input `command`), or the variable that passes options',
          {
            examples: [
              { for: 'jvm', words: 'JAVA_TOOL_OPTIONS' },
              { for: 'node', words: 'NODE_OPTIONS' },
            ],
          },
          ', for the version in the image.',
        ],
      };
    }
    case 'crash':
      return {
        cause: `The program in the container${container} crashed (${short(line)}): native code, not an error of its own language.`,
        remedy: [
          'Look at native libraries and the base image',
          { examples: [{ for: 'native', words: 'musl or glibc' }] },
          ", and whether the image is of the task's architecture (input `platforms`). Running the image locally with the same command shows whether it comes from the image or from the host.",
        ],
      };
    case 'own-fault':
      if (/^SyntaxError/.test(line) && /\.(?:sh|bash)(?::\d{1,6})?$/.test(error.place ?? ''))
        return of('python', {
          cause: `Python was started with the shell script ${error.place} of the container${container}, and cannot read it.`,
          remedy:
            'Start the script through a shell in `command` or CMD (["sh", "run.sh"]), or by itself with a #! line and execute permission; remove python (and an ENTRYPOINT of python) in front of it.',
        });
      if (error.library !== undefined && /SyntaxError|ParseError/.test(line))
        return {
          cause: `The runtime cannot read a file of ${error.library}, a package of the application${container}: ${short(line)}`,
          remedy:
            'Rebuild the image without a cache (a file of the package can be damaged); if it stays, the package is written for a newer runtime: use a newer base image, or a version of the package for this one.',
        };
      if (/^(?:Indentation|Tab)Error/.test(line))
        return {
          cause: `A source file of the application${container} is not valid${error.place ? ` at ${error.place}` : ''}: ${short(line)}`,
          remedy:
            'Correct the indentation of the file that the lines around the error name, and build the image again; a check of the syntax in the build finds it before the deployment. No setting is the cause.',
        };
      if (error.library !== undefined && VERSIONS.test(line))
        return {
          cause: `The package ${error.library} failed in the application${container}: ${short(line)}`,
          remedy: `Install exactly the versions of the committed lock file in the image, and look whether another version of ${error.library} fits the runtime and the packages beside it. Frames of your own further down in the stack show what was passed to it.`,
        };
      if (error.library !== undefined)
        return {
          cause: `${who} failed in ${error.library}${error.place ? `, called from ${error.place}` : ''}: ${short(line)}`,
          remedy: `Two places are the likeliest: what the application gives to ${error.library} (${error.place?.startsWith('/') ? `the code at ${error.place}, and ` : ''}the settings behind it in \`environment\` and \`secrets\`); and its version, compared with the lock file and with the runtime of the base image.`,
        };
      if (error.place === undefined && CALL_MISFIT.test(line))
        return {
          cause: `${who} stopped at a call that does not fit what it calls: ${short(line)}`,
          remedy:
            'The stack says who calls: where both are packages, their versions do not fit (install exactly those of the committed lock file, or pin the release before that change); where it is your own code, correct the call.',
        };
      if (error.place === undefined && /Exception\b|panic: |nil pointer/.test(line))
        return {
          cause: `An error ended the application${container}, and the log names no place in its own code: ${short(line)}`,
          remedy:
            'Look at its stack for the first call of your own code: it shows which value was missing or wrong. If that comes from a setting, file, volume or server, correct it there (`environment`, `secrets`); otherwise correct the code.',
        };
      return {
        cause: `The code of the application${container} failed${error.place ? ` at ${error.place}` : ''}: ${short(line)}`,
        remedy: `Read the stack in the container log: its first frame in your own code${error.place?.startsWith('/') ? ` (${error.place})` : ''} is the place to correct. Where the value comes from a setting, compare \`environment\` and \`secrets\` with the revision before.`,
      };
    case 'aws-credentials-missing':
      return {
        cause: `${who} found no AWS credentials: the task has no task role, or its AWS SDK is too old to read it.`,
        remedy:
          'Set taskRoleArn in the task definition (input `task-role-arn`) to a role that ecs-tasks.amazonaws.com may assume. In a container that switches users or clears its environment, keep AWS_CONTAINER_CREDENTIALS_RELATIVE_URI.',
      };
    case 'login-refused':
      return loginRefused(error, who, address);
    case 'too-many-connections':
      return {
        cause: `${who} got no connection: all connections of the database are taken (max_connections). During a rolling update old and new tasks hold theirs at once.`,
        remedy: [
          'Lower the pool size of each task, put a pooler',
          {
            examples: [
              { for: 'rds', words: 'for RDS the RDS Proxy' },
              { for: 'postgres', words: 'PgBouncer' },
            ],
          },
          ' in front, or take a larger database. `maximum-percent` limits how many tasks run at once.',
        ],
      };
    case 'database-missing':
      return {
        cause: `The database${/ORA-\d|service/.test(line) ? ' service' : ''}${name ? ` ${name}` : ''} that the application${container} asks for does not exist on the server.`,
        remedy: 'Create it, or correct the database name in the connection URL (`environment` or `secrets`).',
      };
    case 'migration-locked':
      return {
        cause: `The migration lock is held: another task runs the migrations at the same time, or an earlier run was stopped and left the lock${words.host ? ` (held by ${words.host})` : ''}.`,
        remedy: [
          'Run migrations once, in one task before the deployment, not in every task. If no migration runs, release the lock with the tool',
          {
            examples: [
              { for: 'liquibase', words: 'liquibase releaseLocks' },
              { for: 'node', words: 'knex migrate:unlock' },
              'for advisory locks end the old session',
            ],
          },
          ' and use a direct connection, not a pooler in transaction mode.',
        ],
      };
    case 'migration-changed':
      return {
        cause: `A migration that the database has applied already was changed afterwards (its checksum differs)${words.version ? `: version ${words.version}` : ''}, so the application${container} does not start.`,
        remedy: [
          'Restore that migration file as it was applied and write the change as a new migration. Where the schema already is as the new file says, accept its checksum',
          {
            examples: [
              { for: 'flyway', words: '`flyway repair`' },
              { for: 'liquibase', words: '`liquibase clear-checksums`' },
            ],
          },
          '.',
        ],
      };
    case 'migration-unknown':
    case 'migration-order':
    case 'migration-baseline':
    case 'migration-heads':
    case 'migration-exists':
    case 'migration-pending':
    case 'migration-failed':
      return migrationState(error, container);
    case 'schema-missing':
      return {
        cause: `The schema${name ? ` ${name}` : ''} that the application${container} uses does not exist in the database it is connected to.`,
        remedy:
          'Create the schema (CREATE SCHEMA, or the migration that does), or correct its name (search_path, currentSchema, default_schema) or the database in the connection URL (`environment`, `secrets`).',
      };
    case 'schema-misfit':
      return {
        cause: schemaCause(error, container),
        remedy:
          'Run the migrations of this version against that database before the deployment. If they have run, compare the database and schema of the connection URL (`environment`, `secrets`) with those that they ran on.',
      };
    case 'broker-denied': {
      const what = words.what?.toLowerCase();
      const operation: Readonly<Record<string, string>> = {
        group: 'READ on the group',
        topic: 'READ or WRITE and DESCRIBE on the topic',
      };
      const target = what === 'topic' || what === 'group' ? `${what}${name ? ` ${name}` : ''}` : 'cluster';
      return of('kafka', {
        cause: `The Kafka broker does not authorize the application${container} on the ${target}.`,
        remedy: `Allow it with an ACL of the broker for the user of the application (${operation[what ?? ''] ?? 'the operation on the cluster'}). With IAM access control of MSK, allow the kafka-cluster:* actions on that resource in the task role (input \`task-role-arn\`).`,
      });
    }
    case 'redis-denied':
      return of('redis', {
        cause: `The Redis user of the application${container} may not run this command or use this key (NOPERM): ${short(line)}`,
        remedy:
          'Extend the rules of that user (ACL SETUSER; for ElastiCache and MemoryDB the access string of the user), or connect with another user (`secrets`).',
      });
    case 'mongo-denied':
      return of('mongodb', {
        cause: `MongoDB does not authorize the application${container} for ${words.command ? `${words.command} on ` : ''}the database ${name ?? 'that the line names'}: its user lacks the role, or it connects without a user.`,
        remedy:
          'Give the user a role on that database (db.grantRolesToUser, for example readWrite), and check that the connection URL in `secrets` has the user and its authSource.',
      });
    case 'client-host-denied':
      return of('mysql', {
        cause: `The MySQL or MariaDB server accepts no user of the application${container} from the address of the task${words.host ? ` (${words.host})` : ''}.`,
        remedy:
          "Create the user for the addresses of the subnets ('user'@'%' or 'user'@'10.0.%') with its grants: a user of 'localhost' is not valid from a task.",
      });
    case 'server-starting':
      return {
        cause: `The server that the application${container} connects to is not ready (${words.state ?? 'it loads its data'}): it answers, and takes no work yet.`,
        remedy:
          'Let the application retry the connection at start. Where the server is a container of the same task, give it a health check and let the application wait with dependsOn and condition HEALTHY.',
      };
    case 'write-locked':
      return {
        cause: `The SQLite database of the application${container} is locked by another connection: ${short(line)}`,
        remedy:
          'Let one process write at a time: one worker and one task, a busy timeout and WAL mode. SQLite does not lock reliably on a network file system: for more than one task use a database server.',
      };
    case 'shared-memory':
      return {
        cause: `The shared memory (/dev/shm, 64 MiB by default) of the container${container} is too small: ${short(line)}`,
        remedy: [
          'On EC2 set linuxParameters.sharedMemorySize (MiB) in the container definition. Fargate does not offer it: let the program use less shared memory',
          {
            examples: [
              { for: 'postgres', words: 'for PostgreSQL dynamic_shared_memory_type=mmap' },
              'for Chrome --disable-dev-shm-usage',
            ],
          },
          '.',
        ],
      };
    case 'heap-option':
      return of('jvm', {
        cause: `Java does not accept the heap options of the container${container}: ${words.option}.`,
        remedy:
          'Correct -Xms and -Xmx in `command` or JAVA_TOOL_OPTIONS: a number with k, m or g and nothing else (-Xmx8g), the initial size not above the maximum.',
      });
    case 'heap-too-large':
      return of('jvm', {
        cause: `Java could not reserve the memory that it was started with in the container${container}: its heap options ask for more than the container has.`,
        remedy:
          'Lower -Xms and -Xmx (better: -XX:MaxRAMPercentage=75 and no -Xmx), or raise the memory of the container and task (input `memory`) above the heap.',
      });
    case 'script-header':
      return {
        cause: `The kernel cannot run ${name ?? 'the script'} of the container${container} (exec format error): the script has no #! line at its very beginning, or its interpreter is built for another CPU architecture.`,
        remedy: `Begin it with #!/bin/sh (no blank line or byte order mark before it), or start it through its shell (["sh", "${name ?? 'FILE'}"]). If the line is there, build the image for the task's architecture (input \`platforms\`).`,
      };
    case 'stdio-denied':
      return {
        cause: `${who} opens ${path ?? 'its own output'} by its path as a user that did not start the container, which Linux does not allow.`,
        remedy:
          'Start the container as that user from the beginning (USER in the Dockerfile or `user`), or let the entrypoint hand it over before it switches (chown USER /proc/self/fd/1 /proc/self/fd/2).',
      };
    case 'device-denied':
      return {
        cause: `${who} may not use the device ${path ?? 'that the line names'}: a container gets no device of its host by itself.`,
        remedy: `On EC2 add ${path ?? 'it'} to linuxParameters.devices of the container definition (and the group of the device to the user). Fargate offers no devices: turn the feature off there.`,
      };
    case 'chown-denied':
      return {
        cause: [
          `The container${container} may not change the owner${path ? ` of ${path}` : ' of a file'}: that needs root with the capability CHOWN, and on a network file system its server`,
          { for: 'efs', words: ' (an EFS access point)' },
          ' decides the owner.',
        ],
        remedy: [
          'Do it in the Dockerfile (COPY --chown, RUN chown) instead of at start, or start the container as root (`user`).',
          { for: 'efs', words: ' On a volume let the EFS access point have the uid and gid of the user.' },
        ],
      };
    case 'not-executable':
      return {
        cause: `${name ?? 'The program of the entry point'} may not be executed in the container${container}: it has no execute permission for its user.`,
        remedy: `Give it that in the Dockerfile (COPY --chmod=755, RUN chmod +x ${name ?? 'FILE'}) or in Git (git update-index --chmod=+x), or start it through its interpreter (["sh", "${name ?? 'FILE'}"]).`,
      };
    case 'kubernetes-only':
      return {
        cause: `${who} expects to run in a Kubernetes cluster (it looks for the API server in the variables of a pod), and a task of ECS has none.`,
        remedy:
          'Turn that feature off, or choose the mode outside of a cluster (a kubeconfig file, another discovery or leader election) in `environment` or `command`.',
      };
    case 'extension-missing':
      return of('postgres', {
        cause: `The database of the application${container} lacks the PostgreSQL extension behind it${name ? ` (${name})` : ''}: ${short(line)}`,
        remedy: path
          ? [
              'Use a database server that has the extension',
              {
                examples: [
                  { for: 'rds', words: 'for RDS an engine version that lists it' },
                  'as a container an image such as pgvector/pgvector or postgis/postgis',
                ],
              },
              ', then CREATE EXTENSION.',
            ]
          : [
              'Run CREATE EXTENSION for it in that database with a user that may',
              { examples: [{ for: 'rds', words: 'rds_superuser on RDS' }] },
              ', in the schema of the search_path, before the migrations.',
            ],
      });
    case 'server-too-old':
      return {
        cause: `The server that the application${container} uses is of a version, build or product that does not fit what the client asks for: ${short(line)}`,
        remedy: [
          'Use an engine version that has it',
          {
            examples: [
              { for: 'redis', words: 'ElastiCache' },
              { for: 'rds', words: 'RDS' },
              { for: 'mongodb', words: 'DocumentDB: engine version' },
              { for: 'redis', words: 'commands of Redis modules need a server with the module' },
            ],
          },
          ', or a version or module of the client library that supports the server you have.',
        ],
      };
    case 'auth-method':
      return {
        cause: `The client library of the application${container} does not know the login method of the server: ${short(line)}`,
        remedy: [
          'Use a newer client library or driver in the image',
          {
            examples: [
              { for: ['node', 'mysql'], words: 'for Node mysql2 instead of mysql' },
              'for C libpq 10 or newer',
              { for: 'alpine', words: 'on Alpine mariadb-connector-c' },
            ],
          },
          ', or create the user with a method that the library knows.',
        ],
      };
    case 'duplicate-row':
      return {
        cause: `The application${container} inserts a row whose key exists already${name ? ` (${name})` : ''}: ${short(line)}`,
        remedy:
          'Let the seed or migration skip rows that are there (ON CONFLICT DO NOTHING, upsert), and run it once, not in every task.',
      };
    case 'time-zone':
      return {
        cause: `The image of the container${container} has no data for the time zone${name ? ` ${name}` : ' that the application asks for'}.`,
        remedy: [
          'Install tzdata in the final stage',
          {
            examples: [
              { for: 'debian', words: 'apt-get install tzdata' },
              { for: 'alpine', words: 'apk add tzdata' },
              { for: 'python', words: 'pip install tzdata' },
              { for: 'ruby', words: 'gem tzinfo-data' },
              { for: 'go', words: 'for Go import _ "time/tzdata"' },
            ],
          },
          ', or correct TZ in `environment`.',
        ],
      };
    case 'aws-region-wrong':
      return {
        cause: `${who} asks S3 in another Region than the bucket is in: ${short(line)}`,
        remedy: 'Give the client the Region of the bucket (AWS_REGION or the setting of the bucket in `environment`).',
      };
    case 'worker-timeout':
      return {
        cause: `The server in the container${container} killed a worker that did not answer within its time limit: ${short(line)}`,
        remedy: `Give the worker more CPU and memory (inputs \`cpu\`, \`memory\`) if it is slow to start, or raise the limit (${timeoutOf(line)}); where it waits for a database or service, make sure that the task reaches it.`,
      };
    case 'cluster-unreachable':
      return of('redis', {
        cause: `The Redis client of the application${container} could use no node of the cluster: ${short(line)}`,
        remedy:
          'Connect to the configuration endpoint, with TLS where the cache has encryption in transit (rediss://, option tls), and allow TCP 6379 in its security group from the tasks. A cache with cluster mode off needs the plain client.',
      });
    case 'app-file-missing':
      return {
        cause: `The server in the container${container} runs, but finds no application${path ? ` (${path})` : ''}: ${short(line)}`,
        remedy: [
          `Correct ${/Primary script unknown/.test(line) ? of('php', 'SCRIPT_FILENAME and the root, which the server in front hands to PHP (php-fpm),') : 'the path or module that the server is given'}`,
          { examples: [{ for: 'uwsgi', words: 'uWSGI module or wsgi-file' }] },
          ' and check that the Dockerfile copies the code there and no volume hides it.',
        ],
      };
    case 'stale-handle':
      return of('efs', {
        cause: `A file on the network file system (EFS, NFS)${path ? ` ${path}` : ''} was removed or replaced by another client while the application${container} had it open.`,
        remedy:
          'Let the application open the file again, and let only one task replace it (write a new file, then rename). Keep lock and index files on the own disk of the task.',
      });
    case 'app-attribute': {
      const where = words.module ?? words.module2 ?? 'the module';
      return {
        cause: `The server in the container${container} loaded ${where}, which has no ${name ?? 'application'}: the command names another object than the code has.`,
        remedy: [
          `Correct the name behind the colon in \`command\` or CMD (${where}:NAME) to the object in the code`,
          {
            for: 'python',
            words: `; for a function that makes the application use the factory option (uvicorn --factory, gunicorn "${where}:create_app()")`,
          },
          '.',
        ],
      };
    }
    case 'queue-mismatch':
      return {
        cause: `The application${container} declares the ${words.what ?? 'queue'} ${words.queue ?? ''} with another value of ${name ?? 'an argument'} than the one that exists on the broker.`,
        remedy:
          'Declare it with the arguments that it has, or delete it on the broker (when it is empty) so that it is created again. Old and new tasks of a rolling update must declare the same.',
      };
    case 'user-unknown':
      return {
        cause: `The user or group ${name ?? 'that the line names'} does not exist in the image of the container${container}.`,
        remedy: [
          'Create it in the Dockerfile (adduser, addgroup), or correct the name in the configuration of the server',
          {
            examples: [
              { for: 'php', words: 'php-fpm pool' },
              { for: 'nginx', words: 'nginx' },
            ],
          },
          ' or in `user`.',
        ],
      };
    case 'https-certificate':
      return {
        cause: `${who} listens on HTTPS and has no certificate in the container: the development certificate exists only on your machine.`,
        remedy: [
          'Let it listen on HTTP behind the load balancer, which ends TLS',
          {
            examples: [
              { for: 'dotnet', words: 'ASPNETCORE_HTTP_PORTS=8080 or ASPNETCORE_URLS=http://+:8080' },
              'no https in it',
            ],
          },
          '. For HTTPS up to the task give it a certificate',
          { examples: [{ for: 'dotnet', words: 'ASPNETCORE_Kestrel__Certificates__Default__Path and __Password' }] },
          '.',
        ],
      };
    case 'constant-missing':
      return of('ruby', {
        cause: `${who} uses the constant ${name}, which nothing in the container has loaded: its gem is not installed there (a group such as development or test is left out), or no file at the expected path defines it.`,
        remedy: `Move the gem that defines ${name} out of the group, or require it only where the group is loaded; for an own class compare file name and letter case with the name (Linux is case-sensitive).`,
      });
    case 'build-module':
      return of('elixir', {
        cause: `${who} calls ${name ?? 'Mix'}, Elixir's build tool, which is not part of a release.`,
        remedy:
          'Read the value at compile time (config_env() in config files, @env Mix.env() in the module) or from Application.get_env/2, and build the release again.',
      });
    case 'import-name':
      return words.state
        ? {
            cause: `Two modules of the application${container} import each other: ${words.module} has no ${name ?? 'such name'} yet when it is asked for.`,
            remedy: 'Break the circle of imports, or rename an own file that has the name of a library.',
          }
        : of('python', {
            cause: `The Python module ${words.module ?? ''} in the image has no ${name ?? 'such name'}: it is another version than the code expects, or an own file of that name hides it.`,
            remedy:
              'Pin the version of that package that has it in the requirements or lock file, or correct the name in the import.',
          });
    case 'tls':
      return tlsFault(error, who, address);
    case 'dns': {
      if (host !== undefined && UNSET.test(host))
        return {
          cause: `${who} connects to a host named "${host}": the variable that should hold the host name is not set in the container.`,
          remedy:
            'Set that variable (DB_HOST, REDIS_HOST or the name that the code reads) in `environment` or `secrets`. A .env file of the repository does not reach the task by itself.',
        };
      const misread = notAHost(line);
      if (misread !== undefined)
        return {
          cause: `${who} took "${misread.text}" for a host name, and it is none: ${misread.why}.`,
          remedy: `Correct the setting that holds it in \`environment\` or \`secrets\`: ${misread.remedy} DNS and the network are not the cause.`,
        };
      if (host !== undefined && ELSEWHERE.test(host))
        return {
          cause: `${who} uses the host name ${host}, which exists in ${/cluster\.local$/i.test(host) ? 'Kubernetes' : 'Docker on a developer machine'} only, not in ECS.`,
          remedy:
            'Set the variable that holds it in `environment` or `secrets` to the endpoint that the tasks can reach: localhost for a container of the same task, the Service Connect or Cloud Map name of another service, or the endpoint of the database.',
        };
      if (host !== undefined && CONTAINER_ID.test(host))
        return {
          cause: `${who} could not resolve ${host}: that is no configured name but the id of a container, which Docker gives it as host name and no DNS server knows.`,
          remedy: [
            'If it is the container of the application itself, let the entrypoint write the name into /etc/hosts (echo "127.0.0.1 $(hostname)" >> /etc/hosts), or give its node or host setting localhost. If a server announces that name, set the address that clients can reach there',
            { examples: [{ for: 'kafka', words: 'advertised.listeners' }] },
            '.',
          ],
        };
      const bare = host !== undefined && !host.includes('.');
      const shortened = short(line);
      if (!bare && (isPublic(host) || /EAI_AGAIN|Temporary failure|server misbehaving|ETIMEOUT/.test(line)))
        return {
          cause: `${who} could not resolve the host name${host ? ` ${host} (DNS).` : ` (DNS): ${shortened}`}`,
          remedy:
            'Check the spelling of the endpoint in `environment` and `secrets`, that the VPC has DNS resolution on (enableDnsSupport), and that its DNS server can be reached: DHCP options, network ACL, port 53 (UDP and TCP) of an own server. Then start the task again, as such a failure may pass; for a private name check its hosted zone.',
        };
      return {
        cause: `${who} could not resolve the host name${host ? ` ${host} (DNS).` : ` (DNS): ${shortened}`}`,
        remedy: bare
          ? `A name without a domain, as in Docker Compose, does not exist in ECS: use localhost for a container of the same task (awsvpc), the Service Connect or Cloud Map (service discovery) name of another service, or the endpoint of the database, and set it in the environment variable of the container.`
          : 'Check the spelling of the endpoint in `environment` and `secrets`. For a private name check that the VPC has DNS resolution and DNS host names on and is associated with the private hosted zone, or that Service Connect or Cloud Map (service discovery) has the name.',
      };
    }
    case 'connection-refused':
      return host !== undefined && LOCAL.test(host)
        ? toItself(who, address, line)
        : {
            cause: address
              ? `${address} refused the connection of the application${container}: the host answers, but nothing listens on that port.`
              : `The server refused the connection of the application${container}: the host answers, but nothing listens on that port (the line names neither).`,
            remedy: `Check host and port in \`environment\` and \`secrets\`${address ? '' : ' (localhost and 127.0.0.1 are the task itself)'}, and that the server runs and listens on ${port === undefined ? 'that port' : `port ${port}`} for other hosts (not only 127.0.0.1). The network is not the cause: a security group that blocks gives no answer at all.`,
          };
    case 'unreachable':
      if (host !== undefined && LOCAL.test(host)) return toItself(who, address, line);
      if (BROKEN_OFF.test(line) && !NO_ANSWER.test(line))
        return {
          cause: `${address ?? 'The server'} broke off the connection of the application${container}: ${short(line)}`,
          remedy:
            'Look into the log of that server first: it restarted, refused the client, or ended an idle connection. A port with TLS that is addressed without it (or the other way round) looks the same.',
        };
      if (isPublic(host))
        return {
          cause: `${who} could not connect to ${address}, a server on the internet: ${short(line)}`,
          remedy:
            'Give the subnets of the tasks a route to the internet: a NAT gateway, or a public IP (assignPublicIp: ENABLED) in a public subnet. The security group of the tasks must allow that port out, and the name of the host must be right.',
        };
      return {
        cause: NO_ANSWER.test(line)
          ? `${who} could not connect to ${address ?? `a server it needs (${short(line)})`}: the network does not let the connection through, the host is wrong, or nothing answers there.`
          : `${who} could not connect to ${address ?? 'a server it needs'}: ${short(line)}`,
        remedy: `${NO_ANSWER.test(line) ? '' : 'Look for an inner error in the lines around it; if there is none: '}Allow inbound TCP ${port ?? 'on its port'} in the security group of the server${/cache\.amazonaws/.test(`${address}`) ? of('redis', ' (ElastiCache)') : ''} from the security group of the tasks, and check that both are in one VPC, or that the subnets have a route to it. Then compare host and port in \`environment\` and \`secrets\`${host !== undefined && !/[.:]/.test(host) ? ' (a name without a domain, as in Docker Compose, does not resolve in ECS: use Service Connect, Cloud Map or localhost)' : ''}.`,
      };
    case 'out-of-heap':
      return outOfHeap(error, container);
    case 'wrong-architecture':
      return {
        cause: `The image of the container${container} is built for another CPU architecture than the task runs on.`,
        remedy:
          "Build the image for the task's architecture (input `platforms`), or set runtimePlatform.cpuArchitecture (X86_64 or ARM64) in the task definition to the image's.",
      };
    case 'runtime-mismatch':
      return runtimeMismatch(error, who);
    case 'stale-pid-file':
      return {
        cause: `A pid file${path ? ` (${path})` : ''} is in the image or on a volume, so the server takes itself for running already.`,
        remedy: `Remove it before the start (\`rm -f ${path ?? 'tmp/pids/server.pid'}\` in the entrypoint), and keep it out of the image with .dockerignore.`,
      };
    case 'port-privileged':
      return {
        cause: `${who} may not listen on port ${port ?? 'below 1024'}: ports below 1024 need root.`,
        remedy:
          'Let it listen on a port above 1023 (8080) and use that as containerPort and in the target group, or run the container as root or with the NET_BIND_SERVICE capability.',
      };
    case 'port-in-use':
      return {
        cause: `Port ${port ?? '(the message names none)'} is already in use in the task${container ? ` of the container${container}` : ''}: containers of one task (awsvpc) share their ports, in host mode all tasks of the instance do.`,
        remedy:
          'Give each container of the task its own port, and start the server once (not from both the entrypoint and the command).',
      };
    case 'read-only':
      return {
        cause: `${who} writes${path ? ` to ${path}` : ''}, but the file system is read-only (readonlyRootFilesystem or a read-only mount).`,
        remedy: `Mount a writable volume there (a task volume without host path; on EC2 also tmpfs), or set readonlyRootFilesystem to false.`,
      };
    case 'permission-denied':
      if (path === undefined)
        return {
          cause: `${who} was denied something by the system (permission denied): ${short(line)}`,
          remedy: [
            'Look in the lines around it for what it was: a file or volume belongs to the user of the container in the Dockerfile (COPY --chown)',
            { for: 'efs', words: ' or in the EFS access point' },
            '; what needs root needs `user` or a capability.',
          ],
        };
      return {
        cause: `The user of the container${container} may not access ${path} (permission denied).`,
        remedy: [
          `Give it to that user in the Dockerfile (COPY --chown, or RUN chown/chmod on ${/could not create|mkdir|\bcreate\b/i.test(line) ? path.replace(/(?<=.)\/[^/]*$/, '') : path}), or change \`user\` in the container definition${/(?:^|[/._-])logs?(?:[/._-]|$)/i.test(path) ? '; log to stdout or stderr instead of to files' : ''}.`,
          {
            for: 'efs',
            words: ` On an EFS volume use an access point with the user's uid.`,
            else: ' A volume keeps its own owner: there the folder must belong to the uid of the user.',
          },
        ],
      };
    case 'disk-full':
      return {
        cause: `The disk of the task is full${path ? ` (${path})` : ''}.`,
        remedy:
          'Raise ephemeralStorage.sizeInGiB of the task definition (Fargate: 21 to 200), or write less to the disk. On EC2 free or enlarge the disk of the instance.',
      };
    case 'variable-missing': {
      const others = (words.names ?? '')
        .split(', ')
        .filter((one) => one !== name)
        .join(', ');
      return {
        cause: name
          ? `${who} lacks the setting ${name}: it is not set or empty in the container.${others ? ` The same is true of ${others}.` : ''}`
          : `${who} ${/invalid/i.test(line) ? 'does not accept its environment variables: one is missing or has no valid value' : 'lacks a setting that is not set or empty in the container'}: ${short(line)}`,
        remedy: `Set ${variableFor(name, line)} in \`environment\`, or in \`secrets\` for a secret value (inputs \`environment-variables\`, \`secrets\`). A .env file of the repository does not reach the task by itself.${others ? ` Set ${others} in the same way.` : ''}`,
      };
    }
    case 'dependency-conflict':
      return {
        cause: `Two versions of a library are in conflict in the application${container}: ${short(line)}`,
        remedy: [
          'Align the versions of that library',
          {
            examples: [
              { for: 'jvm', words: 'mvn dependency:tree' },
              { for: 'jvm', words: 'gradle dependencies' },
              { for: 'python', words: 'pip check' },
              { for: 'dotnet', words: 'dotnet list package --include-transitive' },
            ],
          },
          ', commit the lock file, and build the image without an old cache.',
        ],
      };
    case 'setting-invalid':
      return {
        cause: `${who} does not accept the value of the setting ${name ?? 'that the log names'}${words.reason ? `: ${words.reason}` : `: ${short(line)}`}.`,
        remedy: /^[a-z][\w]*(?:[.-][\w]+)+$/.test(name ?? '')
          ? `Correct the value of ${name} where it is set: an option in \`command\`, a variable in \`environment\` or \`secrets\`, or the configuration file of the image. Where it is made from the host name of the task, set it yourself.`
          : `Correct ${variableFor(name, line)} in \`environment\` or \`secrets\` (inputs \`environment-variables\`, \`secrets\`), or the value in the configuration file of the image.`,
      };
    case 'module-kind':
      if (/Unknown file extension ["']\.tsx?["']/.test(line))
        return of('node', {
          cause: `${who} is started from its TypeScript source, which Node.js does not run as it is: ${short(line)}`,
          remedy:
            'Compile it in the image, and start the output (`command`: ["node", "dist/main.js"]), or start it with the tool that runs TypeScript (tsx, ts-node), which must then be in the dependencies of the image.',
        });
      return of(
        'node',
        moduleOfPackage(line, who) ?? {
          cause: `${who} is started as the wrong kind of JavaScript module (ES module or CommonJS): ${short(line)}`,
          remedy:
            'Start the compiled output of the build (dist/...), or say what the files are: "type": "module" in package.json or .mjs for import, .cjs for require. A package that is an ES module only is loaded with import().',
        },
      );
    case 'setting-unknown':
      if (!/^\W{0,3}[A-Za-z][\w.]{0,80}$|Extra inputs|Settings\b/.test(line))
        return {
          cause: `${who} does not know ${name ? `the setting ${name}` : 'a setting'} that its configuration has: ${short(line)}`,
          remedy:
            'Remove it where it is set (the configuration file, `environment` or `command`), correct its name, or use a version of the program that has it: configuration and image have to be of one version.',
        };
      return {
        cause: `${who} does not accept the setting${name ? ` ${name}` : ''}: it is set, and its configuration class does not know it (extra inputs are not permitted).`,
        remedy: `Remove it from \`environment\`, \`secrets\` or the .env file, correct its name, or let the class ignore unknown settings (pydantic: extra="ignore").`,
      };
    case 'setting-missing':
      return {
        cause: /required flag|arguments/i.test(line)
          ? `${who} was started without ${name}, which its command line needs.`
          : `${who} lacks a setting: ${name} is not configured.`,
        remedy: `Set it in the configuration of the application, by its environment variable (inputs \`environment-variables\`, \`secrets\`) or as an option in \`command\`.`,
      };
    case 'denied-by-database':
      return {
        cause: `The database denied the application${container} a permission${words.user ? ` (user ${words.user})` : ''}: ${short(line)}`,
        remedy:
          'Grant the user of the application the rights it needs (GRANT ... ON ... TO), or use the user that owns the schema in the connection URL (`secrets`), for migrations as well.',
      };
    case 'address-not-allowed':
      return {
        cause: [
          `${who} was refused by the database`,
          { examples: [{ for: 'mongodb', words: 'MongoDB Atlas' }] },
          ': the IP address that the task comes from is not in its access list.',
        ],
        remedy:
          'Add the public IP addresses of the NAT gateways (Elastic IPs) of the subnets to the IP access list, or connect by VPC peering or a private endpoint.',
      };
    case 'volume-not-empty':
      if (/lost\+found/.test(line))
        return {
          cause: `${path?.replace(/\/lost\+found\/?$/, '') ?? 'The data directory'} is the root of a file system with its folder lost+found, and the server takes every folder there for its own data: ${short(line)}`,
          remedy: [
            'Let the server use a subdirectory of the volume as its data directory',
            { examples: [{ for: 'postgres', words: 'PGDATA=/var/lib/postgresql/data/pgdata' }] },
            '. The folder itself is no sign of damage: every ext4 volume has lost+found, a new one as well.',
          ],
        };
      return {
        cause: `${path ?? 'The data directory'} is a mounted volume that is not empty (lost+found, or data of another version), so the server does not initialise it.`,
        remedy: [
          'Let the server use a subdirectory of the volume',
          {
            examples: [
              { for: 'postgres', words: 'PGDATA=/var/lib/postgresql/data/pgdata' },
              { for: 'efs', words: 'rootDirectory of the EFS volume' },
            ],
          },
          ', or start with an empty volume.',
        ],
      };
    case 'module-missing':
      return moduleMissing(error, name, who);
    case 'entry-missing':
      return entryMissing(error, path, who);
    case 'start-missing':
      return of(['alpine', 'native'], {
        cause: `${name ?? 'The program of the entry point'} cannot be started in the container${container}: the file is not in the image, or what it needs to start is not (the interpreter of its #! line, the loader of a glibc program on Alpine).`,
        remedy: [
          `Check that the Dockerfile copies ${name ?? 'it'} there and that no volume is mounted over its folder. A script needs its #! interpreter in the image and LF line ends (CRLF from Windows reads as "no such file"); a program for Alpine or scratch is built statically`,
          { examples: [{ for: 'go', words: 'CGO_ENABLED=0' }, 'musl'] },
          '.',
        ],
      });
    case 'command-missing':
      if (name !== undefined && BUILD_ONLY.test(name))
        return {
          cause: `The container${container} is started with ${name}, a tool of development that is not in the image.`,
          remedy: [
            'Start the built output',
            { examples: [{ for: 'node', words: 'node dist/...' }] },
            ' in `command` or CMD, and leave lifecycle scripts that call such tools out in production',
            { examples: [{ for: 'node', words: 'npm ci --omit=dev --ignore-scripts' }] },
            '; otherwise move it from devDependencies to dependencies.',
          ],
        };
      return {
        cause: `The command ${name ?? 'of the container'} is not in the image of the container${container}, or its interpreter or loader is not.`,
        remedy: name?.includes('/')
          ? [
              `Check that the Dockerfile copies ${name} there and that it is executable. A volume mounted over the folder hides it. Where the file is there, what starts it is not: a script needs the interpreter of its #! line in the image and line ends without CR, a program must be built for the C library of the base image`,
              { examples: [{ for: ['alpine', 'native'], words: 'one for glibc does not run on Alpine (musl)' }] },
              ' and for its CPU architecture.',
            ]
          : [
              `Install ${name ?? 'it'} in the Dockerfile`,
              {
                examples: [
                  'package manager of the base image',
                  { for: 'node', words: 'or the dependencies: npm ci' },
                  { for: 'python', words: 'or the dependencies: pip install' },
                  { for: 'ruby', words: 'or bundle install with the group that has it' },
                ],
              },
              `, or correct \`command\` and \`entryPoint\`.`,
            ],
      };
    case 'configuration-invalid':
      return of('firelens', {
        cause: /plugin name that do\w{1,3}(?:'t)? exists?|fluent|\[config\] section/i.test(line)
          ? `Fluent Bit (the log router) rejected its configuration: ${short(line)}`
          : `${who} rejected its configuration${words.path ? ` ${words.path}` : ''}${words.lineNumber ? ` at line ${words.lineNumber}${words.path ? '' : ' of the file'}` : ''}: ${short(words.reason?.includes('\n') ? words.reason.replace(/\s+/g, ' ') : line)}`,
        remedy:
          'Correct the named entry in the configuration file, the environment variable or the command of the container; run the image locally with the same values to check it.',
      });
    case 'file-missing':
      if (/database file/i.test(line))
        return {
          cause: `${who} cannot open its database file${path ? ` ${path}` : ''}: the folder does not exist in the container, or its user may not write there.`,
          remedy: [
            'Mount a volume',
            { examples: [{ for: 'efs', words: 'EFS' }] },
            ' at its folder, or create the folder in the Dockerfile, and give it to the user of the container',
            { examples: ['chown', { for: 'efs', words: 'EFS access point' }] },
            '. Check the path in the connection string (`environment`).',
          ],
        };
      if (path && AUTHORITY.test(path))
        return {
          cause: `${who} checks the certificate of a server with ${path}, a file of authorities that is not in the container.`,
          remedy: [
            'Bring it into the image at that path',
            {
              for: 'rds',
              words: ' (for RDS https://truststore.pki.rds.amazonaws.com/global/global-bundle.pem)',
            },
            '. Otherwise correct the path',
            {
              examples: [
                { for: 'postgres', words: 'sslrootcert' },
                { for: 'postgres', words: 'PGSSLROOTCERT' },
                { for: 'mysql', words: 'ssl_ca' },
              ],
            },
            ` in \`environment\`.`,
          ],
        };
      if (path && SECRET_FILE.test(path))
        return {
          cause: `${who} needs ${path}, which is not in the container.`,
          remedy:
            'A secret does not belong into the image: put its content into `secrets` and let the entrypoint write the file, or mount a volume with it. Otherwise correct the path in `environment`.',
        };
      if (path && OF_THE_HOST.test(path))
        return {
          cause: `${who} needs ${path}, a part of the host or the kernel that the container does not see.`,
          remedy:
            'Turn off what reads it. On EC2 a volume with host path (`volumes`, `mountPoints`) or a device in linuxParameters can bring it; Fargate shows no part of its host.',
        };
      if (!path && /config(?:uration)? ?file/i.test(line))
        return {
          cause: `${who} finds no configuration file in the container: ${short(line)}`,
          remedy:
            'COPY the file into the image or mount it from a volume at the path where the program looks for it, or name its place by the variable or option of the program (`environment`, `command`). Check .dockerignore and WORKDIR.',
        };
      return {
        cause: path
          ? `${who} needs ${path}, which is not in the container.`
          : `${who} opens a file, folder or local socket that does not exist in the container: ${short(line)}`,
        remedy: `${path ? '' : `Find out which one (${error.place ? `the code at ${error.place}` : 'the lines around it'}). `}Check that the Dockerfile copies ${path ?? 'it'} (COPY, .dockerignore, build step) and that WORKDIR is the folder that relative paths start from. A volume mounted over its folder hides what the image has there.`,
      };
    case 'stated':
    case 'error':
      if (words.cut !== undefined)
        return {
          cause: `${who} printed a traceback that is cut off before its last line, and that line names the error (last frame: ${short(words.cut)}). Above it stands: ${short(line)}`,
          remedy:
            'Read the line below the last frame in the whole log of the container (a filter or the end of the excerpt hides it). The frames above it only show the way to the error.',
        };
      return {
        cause: `${who} ${container === '' ? 'printed' : 'ended with'} an error${error.place ? ` at ${error.place}` : ''}${error.library && !error.place ? ` (printed by ${error.library})` : ''}: ${short(line)}`,
        remedy:
          (words.advice && advised(short(words.advice), 'task')) ||
          `Two places are the likeliest: ${error.place?.startsWith('/') ? `the code at ${error.place}` : 'what that line names, with the lines around it in the container log'}; and \`environment\`, \`secrets\` and \`command\`, compared with those of the revision before. Running the image locally with the same values shows whether it comes from the image or from where it runs.`,
      };
  }
}

/** ` (SQS ReceiveMessage)` where the line names the call. */
function call({ service, service2, service3, service4, operation }: AppWords): string {
  const named = [service ?? service2 ?? service3 ?? service4, operation].filter((one) => one !== undefined);
  return named.length === 0 ? '' : ` (${named.join(' ')})`;
}

/** The environment variable behind a setting. */
function variableFor(name: string | undefined, line: string): string {
  if (name === 'secret_key_base') return of('ruby', 'the environment variable SECRET_KEY_BASE (or RAILS_MASTER_KEY)');
  if (name !== undefined) {
    const setting =
      /\b(?:set|export|provide|define|via|using)\b[^\n]{0,30}?\b(?<variable>[A-Z][A-Z0-9]{0,40}_[A-Z0-9_]{1,80})\b/.exec(
        line,
      )?.groups?.variable;
    if (setting !== undefined && /[a-z]/.test(name)) return `the environment variable ${setting}`;
    const upper = name.replace(/[.-]/g, '_').toUpperCase();
    return `the environment variable ${name}${/[.-]/.test(name) && upper !== name ? ` (${upper})` : ''}`;
  }
  if (/DataSource|'url' attribute/.test(line))
    return of('jvm', 'SPRING_DATASOURCE_URL (and its USERNAME and PASSWORD)');
  if (/application encryption key/i.test(line)) return of('php', 'APP_KEY (php artisan key:generate --show)');
  return 'the environment variable behind it';
}

function kernelLimit({ line, words }: ApplicationError, who: string): Explained {
  if (/inotify|file watchers/i.test(line))
    return {
      cause: `${who} has used up the inotify instances or watches of the host: it watches files for changes.`,
      remedy: [
        'Turn file watching off in the container',
        {
          examples: [
            { for: 'dotnet', words: 'DOTNET_USE_POLLING_FILE_WATCHER=1 or reloadOnChange: false' },
            { for: 'node', words: 'CHOKIDAR_USEPOLLING=1' },
            'no --watch or --reload',
          ],
        },
        '.',
      ],
    };
  if (words.limit)
    return {
      cause: `${who} needs a higher kernel setting ${words.limit} than the host has.`,
      remedy: `On EC2 raise ${words.limit} with sysctl on the container instance. On Fargate it cannot be raised: for Elasticsearch and OpenSearch set discovery.type=single-node or node.store.allow_mmap=false.`,
    };
  if (/thread|fork:/i.test(line))
    return {
      cause: `${who} could not create another thread or process: the limit of processes or the memory of the task is used up.`,
      remedy:
        'Raise the memory of the container and task (input `memory`) and lower the number or stack size of threads (-Xss, pool sizes); look for threads that are never ended.',
    };
  return {
    cause: `${who} has reached a limit of open files or of processes (ulimit): ${short(line)}`,
    remedy:
      'Raise `ulimits` of the container definition (name nofile, softLimit and hardLimit 65536), and look for files or connections that are never closed.',
  };
}

const short = (line: string): string => gist(line, 300);

function runtimeMismatch({ words, line }: ApplicationError, who: string): Explained {
  const { classFile, upTo } = words;
  const library = words.library ?? words.library2;
  if (/ELF|mach-o|NODE_MODULE_VERSION|different Node\.js version/i.test(line) && /\.node\b|node_modules/.test(line))
    return of('node', {
      cause: `A native module of npm in the image of ${who.replace(/^The/, 'the')} was built for another platform or version of Node.js: ${short(line)}`,
      remedy:
        'Leave node_modules out of the build context (.dockerignore) and install it in the image, in a stage with the same base image and architecture as the final one (npm ci, npm rebuild).',
    });
  if (/InaccessibleObjectException/.test(line))
    return of('jvm', {
      cause: `A library of ${who.replace(/^The/, 'the')} reaches into classes of the JDK that the Java version in the image keeps closed (since Java 16): ${short(line)}`,
      remedy:
        'Upgrade that library, or open the package with --add-opens MODULE/PACKAGE=ALL-UNNAMED in JAVA_TOOL_OPTIONS, as the line names them.',
    });
  if (/Query Engine|Prisma/.test(line))
    return of('prisma', {
      cause: `The engine of Prisma in the image is not built for its platform: ${short(line)}`,
      remedy: [
        'Run `prisma generate` in the image, in a stage with the base image of the final one, or list that platform in binaryTargets of schema.prisma',
        { for: 'node', words: '; copy node_modules/.prisma into the final stage, and install openssl there' },
        '.',
      ],
    });
  if (words.builtin)
    return of('node', {
      cause: `${who} uses ${words.builtin}, which the version of Node.js in the image does not have.`,
      remedy: `Use a base image with a newer Node.js (FROM node:${words.builtin.includes('.') ? 22 : 20} or newer), the version that the packages require.`,
    });
  // A library of the system that a native part of any language needs is explained below.
  const isOfSystem = /\.so(?:\.\d+)*: cannot open shared object file/.test(line) && !/\.node\b|node_modules/.test(line);
  if (words.library && !isOfSystem && /module using the|native|\.node['"]/i.test(line))
    return of('node', {
      cause: `${who} lacks the native part of the package ${library} for the platform of the image.`,
      remedy: [
        'Install the packages in the image with their optional dependencies for Linux and the architecture of the task (npm ci without --omit=optional), and leave node_modules out of the context (.dockerignore).',
      ],
    });
  if (classFile && upTo) {
    return {
      cause: `${who} is compiled for ${javaOf(classFile)}, but the image runs ${javaOf(upTo)}.`,
      remedy: `Use a base image with ${javaOf(classFile)} or newer (such as eclipse-temurin:${Number(classFile) - 44}-jre), or compile with --release ${Number(upTo) - 44}.`,
    };
  }
  if (/\.NET|Microsoft\.\w+App/.test(line)) {
    return of('dotnet', {
      cause: `The image lacks the .NET runtime${words.version ? ` ${words.version}` : ''} that the application targets.`,
      remedy:
        'Use the runtime base image of the version that the project targets (mcr.microsoft.com/dotnet/aspnet:VERSION), or publish self-contained.',
    });
  }
  if (/wrong ELF class|invalid ELF header|mach-o/i.test(line))
    return {
      cause: `${library ?? 'A native library'} in the image of ${who.replace(/^The/, 'the')} is built for another CPU architecture or system: ${short(line)}`,
      remedy:
        "Install that library or package in the image itself, for the task's architecture (input `platforms`); do not copy it from another machine or stage of another platform.",
    };
  if (/undefined symbol/i.test(line))
    return {
      cause: `${library ?? 'A native library'} in the image of ${who.replace(/^The/, 'the')} does not fit the version of a library that it loads: ${short(line)}`,
      remedy:
        'Build or install it against the libraries of the final stage (same base image in both stages, a newer version of the library that should have the symbol), without an old build cache.',
    };
  if (library || /GLIBC|musl|shared librar|\.dll/i.test(line)) {
    return {
      cause: `${who} needs ${library ?? 'a system library'}, which the image does not have.`,
      remedy: [
        'Install the library in the final stage of the Dockerfile, and build and run on the same base',
        {
          examples: [
            { for: ['debian', 'alpine', 'native'], words: 'glibc of Debian and musl of Alpine do not mix' },
            'the builder must not be newer than the runtime image',
          ],
        },
        '.',
      ],
    };
  }
  return {
    cause: `${who} does not fit the runtime in the image: ${short(line)}`,
    remedy: [
      'Use a base image with the version of the runtime that the application needs, and install native dependencies in the same image and architecture that runs',
      { examples: [{ for: 'node', words: 'no node_modules copied from another machine: .dockerignore' }] },
      '.',
    ],
  };
}

/** Packages of npm that are dev dependencies nearly everywhere. */
const BUILD_ONLY =
  /^(?:typescript|tsc\b|ts-node|tsx|nodemon|ts-node-dev|vite|webpack|eslint|jest|vitest|prettier|rimraf|concurrently|cross-env|dotenv-cli|tsconfig-paths|@nestjs\/cli|@types\/|@babel\/|@vitejs\/|esbuild|husky|drizzle-kit)/;

const OF_PYTHON = new RegExp(`^${PYTHON_LIBRARY}(?:\\.|$)`);
function moduleMissing({ line, words }: ApplicationError, name: string | undefined, who: string): Explained {
  const driver = words.driver ?? words.driver2 ?? words.driver3 ?? words.driver4 ?? words.driver5 ?? words.driver6;
  if (driver !== undefined)
    return of('php', {
      cause: `${who} lacks a PHP extension${driver.toLowerCase() === 'driver' ? ' (the PDO driver of the database)' : ` (${driver})`}.`,
      remedy:
        'Install it in the Dockerfile (docker-php-ext-install pdo_mysql, pdo_pgsql, mysqli, ...; pecl install for redis, imagick, mongodb).',
    });
  if (/No module named ['"]?\.\w/.test(line))
    return of('python', {
      cause: `${who} imports the module ${name}, whose name has nothing in front of its dot: ${words.empty ? `the variable ${words.empty}, which its log shows as empty, is the first part of the name` : 'a variable that makes the first part of the name is empty'}.`,
      remedy: `Set ${words.empty ?? 'that variable'} in \`environment\` (input \`environment-variables\`) to the name of the package that has the module (project${name?.startsWith('.') ? name : '.wsgi'}), or write the full name into \`command\`.`,
    });
  if (/^(?:encodings|_ctypes|codecs)$/.test(name ?? ''))
    return of('python', {
      cause: `Python in the container does not find its own standard library (${name}): ${short(line)}`,
      remedy:
        'Remove PYTHONHOME (and a PYTHONPATH of another Python) from `environment` and the Dockerfile, and do not copy a virtual environment between base images with different Python versions or places.',
    });
  if (OF_PYTHON.test(name ?? '') && /No module named/.test(line))
    return of('python', {
      cause: `Python in the container lacks ${name}, a module of its own standard library: it is a stripped installation (a minimal package of the distribution), or much older than the program that imports it.`,
      remedy:
        'Use an official base image (FROM python:3.12-slim) or install the whole Python of the distribution, not its minimal package. pip cannot install that module.',
    });
  if (/^(?:distutils|imp|asyncore|asynchat|pkg_resources|cgi|telnetlib)\b/.test(name ?? ''))
    return of('python', {
      cause: `${who} needs the Python module ${name}, which newer Python versions no longer bring.`,
      remedy:
        'Upgrade the package that imports it, install setuptools (distutils, pkg_resources), or use a base image with an older Python version (3.11).',
    });
  if (name !== undefined && BUILD_ONLY.test(name))
    return {
      cause: `${who} needs ${name} when it runs, a tool of development that is not among the installed packages.`,
      remedy: [
        'Start the built output',
        { examples: [{ for: 'node', words: 'node dist/...' }] },
        ' instead of the tool in `command` or CMD, or move it from devDependencies to dependencies',
        { for: 'node', words: '; npm ci --omit=dev and NODE_ENV=production leave dev dependencies out' },
        '.',
      ],
    };
  const own =
    name !== undefined && (/^[./]/.test(name) || /^(?:app|main|src|server|index|config|wsgi|asgi|manage)\b/.test(name));
  if (/UndefinedFunctionError/.test(line))
    return of('elixir', {
      cause: `${who} calls the module ${name ?? ''}, which is not in its release.`,
      remedy:
        'List the library under deps in mix.exs without `only:` or `runtime: false`, and a module of Erlang/OTP under extra_applications; then build the release again.',
    });
  const searched =
    /in @INC \((?:you may need to install the (?<module>[\w:]{2,80}) module\) )?\(?@INC (?:contains|entries checked)/.exec(
      line,
    );
  if (searched && /\.(?:pl|ph)$/.test(name ?? ''))
    return {
      cause: `${who} does not find the Perl file ${name} in the folders of @INC: a file beside the script is not looked for there by a newer Perl (5.26), as @INC no longer has the working directory.`,
      remedy: `Write require './${name}' in the script where the file lies in the working directory, or name its folder: use lib, perl -I, PERL5LIB in \`environment\`. Check with ls in the image that it was copied.`,
    };
  if (searched)
    return {
      cause: `${who} does not find the Perl module ${searched.groups?.module ?? name?.replaceAll('/', '::') ?? ''} in any folder of its search path (@INC): ${short(line)}`,
      remedy:
        'Install it in the final stage (cpanm, or carton install --deployment from cpanfile). Where the image has it, its folder is not among those that the line lists: set PERL5LIB in `environment` (local/lib/perl5 of carton), and see that no volume is mounted over it.',
    };
  if (/ClassNotFoundException|NoClassDefFoundError/.test(line))
    return {
      cause: `${who} cannot load the class ${name ?? 'that the line names'}: no jar on its class path has it.`,
      remedy:
        'Build a fat jar with its dependencies (spring-boot:repackage, bootJar, shadowJar) or COPY all jars into the image, and check the class path and the main class of the command.',
    };
  return own
    ? {
        cause: `${who} cannot load its own module ${name}: it is not in the image at that place.`,
        remedy: [
          'Check that the build step ran and its output is copied (COPY, COPY --from, .dockerignore), and that WORKDIR, the working directory and the module path of the command',
          { examples: [{ for: 'python', words: 'PYTHONPATH' }, '--app-dir', { for: 'node', words: 'NODE_PATH' }] },
          ' are the folder that holds it.',
        ],
      }
    : {
        cause: `${who} lacks the module ${name ?? `that the line names: ${short(line)}`}.`,
        remedy: [
          'Add it to the production dependencies',
          {
            examples: [
              { for: 'node', words: 'package.json' },
              { for: 'python', words: 'requirements.txt' },
              { for: 'ruby', words: 'Gemfile' },
              { for: 'php', words: 'composer.json' },
              { for: 'jvm', words: 'pom.xml' },
            ],
          },
          ' and install them in the final stage of the Dockerfile; dev dependencies are left out there.',
          { for: 'python', words: ' Check WORKDIR and PYTHONPATH if it is your own.' },
        ],
      };
}

/** What is no name of a class: `-Xmx1g`, ` -Xmx16G`, `Xmx`, `-Dname=value`. */
const OPTION = /^\s|^-|^X(?:m[sxn]|ss|X|log|bootclasspath|rs)\b|^X(?:m[sxn]|ss)\d|^D[\w.]{1,60}=|^XX:/;

function entryMissing({ words, line }: ApplicationError, path: string | undefined, who: string): Explained {
  const script = words.script ?? words.script2;
  const name = words.name ?? words.name2;
  if (script) {
    return of('node', {
      cause: `package.json in the image has no script "${script}".`,
      remedy: `Add the script "${script}" to package.json, or correct the command (CMD of the Dockerfile, input \`command\`).`,
    });
  }
  if (/Unable to access jarfile/i.test(line))
    return of('jvm', {
      cause: `Java finds no jar ${path ?? ''} in the container: it is not at that place, or the user of the container may not read it.`,
      remedy:
        'Compare the path in the command with the place that the Dockerfile copies the jar to (COPY --from, WORKDIR; the version in its name changes), or copy it under a fixed name (app.jar).',
    });
  if (/main class/i.test(line) && OPTION.test(name ?? ''))
    return of('jvm', {
      cause: `Java takes ${name?.trim()}, an option, for the class to start: it stands in the wrong place of the command, lacks its dash, or an empty word or a space is in front of it.`,
      remedy:
        'Write options of the JVM before -jar or the class, each as a word of its own with its dash (`command`: ["java", "-Xmx1g", "-jar", "app.jar"]), or put them into JAVA_TOOL_OPTIONS. A variable in quotes that holds several options is one word.',
    });
  if (/main class/i.test(line))
    return of('jvm', {
      cause: `Java cannot load the class ${name ?? ''} that the command starts: no jar or folder of its class path has it.`,
      remedy:
        'Compare the name (with its package) and the class path (-cp, the Class-Path of the jar) with what the Dockerfile copies; build the jar with its dependencies (bootJar, shadowJar).',
    });
  if (/main manifest/i.test(line)) {
    return {
      cause: `${path ?? words.name ?? 'The jar'} cannot be started: it is not an executable jar with a Main-Class.`,
      remedy:
        'Build an executable (fat) jar (spring-boot:repackage, bootJar, maven-shade) and copy that one; the *-plain.jar or original jar has no Main-Class.',
    };
  }
  return {
    cause: `${who} was started with ${path ?? 'a file'}, which is not in the image.`,
    remedy:
      'Check that the build step ran and the Dockerfile copies its output (COPY --from, .dockerignore), and that WORKDIR and the command name the same place.',
  };
}

function migrationState({ kind, words, line }: ApplicationError, container: string): Explained {
  const name = words.name ?? words.version ?? words.version2 ?? words.version3 ?? words.name2 ?? words.name3;
  const which = name ? ` (${name})` : '';
  switch (kind) {
    case 'migration-unknown':
      return {
        cause: `The history of migrations refers to one${which} that the image of the application${container} does not have: the database is newer than this image or comes from another branch, or the file was deleted.`,
        remedy: [
          '',
          { deploys: 'Deploy a commit that contains that migration' },
          ', or restore its file; do not run an image older than the database. Only if the schema really is at another revision, correct the history with the tool',
          { examples: [{ for: 'alembic', words: 'alembic stamp' }, 'migrate force'] },
          '.',
        ],
      };
    case 'migration-order':
      return {
        cause: `The migrations were not applied in the order of their versions or dependencies${/Migration .{1,120} is applied before/.test(line) ? `: ${short(line)}` : which}, so the application${container} does not start.`,
        remedy: /InconsistentMigrationHistory|is applied before/.test(line)
          ? 'Bring the table django_migrations into line with the schema: insert the row of the dependency where its tables exist (a backup first), or run that migration before the other in a fresh database.'
          : [
              'Give the migration a version above the newest applied one, or allow it for this run',
              { examples: [{ for: 'flyway', words: 'Flyway outOfOrder=true' }, 'goose -allow-missing'] },
              '.',
            ],
      };
    case 'migration-baseline':
      return {
        cause: `The database of the application${container} already has tables, and no history of migrations that would explain them.`,
        remedy: [
          'First compare the schema with the migrations: only if all of it is there, record it as the start',
          {
            examples: [
              { for: 'flyway', words: 'Flyway baseline or baselineOnMigrate=true' },
              { for: 'prisma', words: '`prisma migrate resolve --applied`' },
            ],
          },
          '. If it is not, correct the database or schema in the connection URL (`environment`, `secrets`).',
        ],
      };
    case 'migration-heads':
      return {
        cause: `The migrations of the application${container} have more than one head: two branches each added one, so the tool cannot tell which is the last.`,
        remedy: [
          'Merge them on your machine',
          { examples: [{ for: 'alembic', words: 'alembic merge heads', else: 'makemigrations --merge' }] },
          ', commit the new migration and ',
          { deploys: 'deploy again' },
          '.',
        ],
      };
    case 'migration-exists': {
      const table = words.table ?? words.table2 ?? words.table3;
      const isRelation = words.what === undefined && /\brelation ["'`]/.test(line);
      // SQL Server and Oracle do not say what the object is.
      const isObject = words.table3 !== undefined || /\bORA-00955\b/.test(line);
      const [article, ofState] = isObject ? ['an', 'object'] : ['a', isRelation ? 'relation' : 'table'];
      const noun = words.what?.toLowerCase() ?? ofState;
      const what = words.what === undefined ? table : words.name;
      const created = what === undefined ? `${article} ${noun}` : `the ${noun} ${what}`;
      return {
        cause: `The application${container} or its migration creates ${created}, which exists already${isRelation ? ' (as a table, index or sequence)' : ''}${words.name && !words.what ? ` (${words.name})` : ''}: the history of migrations does not list it as applied.`,
        remedy: [
          `First compare the ${noun}${what === undefined ? ' that exists' : ` ${what}`} and the rest of the schema with that migration: if all of it is there, record it as applied`,
          {
            examples: [
              { for: 'python', words: 'migrate --fake' },
              { for: 'prisma', words: '`prisma migrate resolve --applied NAME`' },
              'baseline',
            ],
          },
          ', else undo the part that is. Or correct the database of the connection URL, or let the migration skip what is there (IF NOT EXISTS): it may hold data.',
        ],
      };
    }
    case 'migration-pending':
      return /PendingModelChanges/.test(line)
        ? {
            cause: `The model of the application${container} has changes that no migration contains.`,
            remedy: [
              'Add the migration',
              { examples: [{ for: 'dotnet', words: 'dotnet ef migrations add NAME' }] },
              ', commit it and ',
              { deploys: 'deploy again' },
              '.',
            ],
          }
        : {
            cause: `The database of the application${container} lacks migrations that this version brings.`,
            remedy: [
              'Run them before the deployment, once, in a task of the new image',
              {
                examples: [
                  { for: 'ruby', words: 'rails db:migrate' },
                  { for: 'python', words: 'manage.py migrate' },
                  { for: 'alembic', words: 'alembic upgrade head' },
                ],
              },
              '.',
            ],
          };
    default:
      return {
        cause: `A database migration failed${words.version ? ` and left version ${words.version} dirty` : which}, so the application${container} cannot start.`,
        remedy: [
          'Read the SQL error of that migration and repair the schema. Then mark it with the tool',
          {
            examples: [
              { for: 'prisma', words: '`prisma migrate resolve --applied NAME` or `--rolled-back NAME`' },
              { for: 'flyway', words: '`flyway repair`' },
              '`migrate force VERSION`',
            ],
          },
          ' and run the migrations again, in one task before the deployment.',
        ],
      };
  }
}

function schemaCause({ words, line }: ApplicationError, container: string): string {
  const misfit = `The database does not have the schema that the application${container} expects:`;
  const column = words.column ?? words.column2 ?? words.column3;
  if (column) return `${misfit} there is no column ${column}.`;
  const table = words.table ?? words.table2 ?? words.table3 ?? words.table4 ?? words.table5;
  return `${misfit} ${table ? `there is no table ${table}` : short(line)}.`;
}

/** From here on the kernel gives ports to programs that name none: no server of a setting listens there. */
const EPHEMERAL = 32_768;

const toItself = (who: string, address: string | undefined, line: string): Explained =>
  Number(/:(?<port>\d{1,5})$/.exec(address ?? '')?.groups?.port) >= EPHEMERAL
    ? toItsWorker(who, address)
    : toLocalhost(who, address, line);

const toItsWorker = (who: string, address: string | undefined): Explained => ({
  cause: `${who} connects to ${address ?? 'localhost'}: a port that programs choose for processes of their own, so a worker of the application itself has ended or listens on another address.`,
  remedy: [
    'Read the log above for the end of that worker (memory, an exception).',
    {
      for: 'node',
      words:
        ' Next.js 13 starts such workers, and listens where HOSTNAME says, which ECS sets: set HOSTNAME=0.0.0.0 in `environment` of the container, or use a newer release.',
    },
    ' If that port stands in `environment` or `secrets`, set the real endpoint there.',
  ],
});

const toLocalhost = (who: string, address: string | undefined, line: string): Explained => ({
  cause: `${who} connects to ${address ?? 'localhost'}, which is the task itself, and ${answerOfItself(line)}.`,
  remedy:
    'Set the real endpoint of the server in the environment variable or secret of the container: localhost reaches only containers of the same task. If it is a sidecar, let the container wait for it with dependsOn and condition HEALTHY.',
});

/** The task may have no IPv6 address at all, which is another thing than a port where nothing listens. */
function answerOfItself(line: string): string {
  if (/Address not available|EADDRNOTAVAIL|Cannot assign requested/i.test(line)) return 'the task has no such address';
  return NO_ANSWER.test(line) ? 'gets no answer there' : 'nothing listens there';
}

function loginRefused({ words, line }: ApplicationError, who: string, address: string | undefined): Explained {
  const server = `the server${address ? ` ${address}` : ''}`;
  const user = words.user ? ` ${words.user}` : '';
  const place =
    /access to (?<what>vhost|queue|exchange|topic) ['"](?<name>[^'"]{1,120})|vhost (?<vhost>\S{1,120}) not found/i.exec(
      line,
    )?.groups;
  if (place)
    return {
      cause: `The broker lets ${who.replace(/^The/, 'the')} log in, but not use the ${place.what ?? 'vhost'} ${place.name ?? place.vhost}.`,
      remedy:
        'Give the user rights there (rabbitmqctl set_permissions -p VHOST USER, or the console of Amazon MQ), or correct the vhost in the connection URL (`secrets`): an empty one means "/", written %2F.',
    };
  if (/(?:role|user) ['"][^'"]{1,100}['"] does not exist/i.test(line))
    return {
      cause: `${who} logs in to ${server} as the user${user}, which does not exist there.`,
      remedy:
        'Create that user (CREATE ROLE ... LOGIN) with its rights, or correct the user name in the connection URL (`environment`, `secrets`); without one the client takes the user of the container.',
    };
  if (
    /no password supplied|fe_sendauth|using password: NO|client password must be a string|requires a password|missing authentication credentials|\bNOAUTH\b/i.test(
      line,
    )
  )
    return {
      cause: `${who} logs in to ${server}${user ? ` as${user}` : ''} without a password: the variable or secret with it is empty or not read.`,
      remedy:
        'Set the password in `secrets` under the name that the application reads (input `secrets`), and check its spelling and the JSON key behind the ARN.',
    };
  if (/PAM authentication failed/i.test(line))
    return of('rds', {
      cause: `${who} was refused by ${server} (PAM authentication failed for the user${user}): on RDS that is IAM authentication, and its token is not valid.`,
      remedy:
        'Allow rds-db:connect for that database and user in the task role (input `task-role-arn`), grant the role rds_iam to the user, and make a new token for each connection: it lasts 15 minutes.',
    });
  if (/no pg_hba\.conf entry/i.test(line))
    return of('postgres', {
      cause: `PostgreSQL has no rule (pg_hba.conf) that lets the user${user} in from the address of the task.`,
      remedy: [
        'Correct user and database in the connection URL (`secrets`), or add a rule for the subnets of the tasks to pg_hba.conf',
        { examples: [{ for: 'rds', words: 'RDS: only TLS connections may be allowed, rds.force_ssl' }] },
        '.',
      ],
    });
  return {
    cause: `${who} was refused by ${server}: wrong password or ${words.user ? `user ${words.user}` : 'user'}.`,
    remedy:
      'Compare user and password in `secrets` and `environment` with what the server has. After a rotation, start a new deployment: ECS reads a secret only when a task starts.',
  };
}

/** Both may be true of one certificate; "certificate verify failed" alone says neither. */
const NOT_TRUSTED =
  /self[- ]signed|local issuer|verify the first|unknown authority|authority that is not trusted|PKIX path|UnknownIssuer|UntrustedRoot|PartialChain|trust anchor|unknown ca\b/i;
const OTHER_NAME =
  /altnames|certificate is (?:not )?valid for|NotValidForName|(?:hostname|IP address) mismatch|No subject alternative|no (?:alternative certificate )?subject name matches|No name matching|RemoteCertificateNameMismatch|does not match (?:the )?(?:target )?host ?name|name does not match/i;

function tlsFault({ words, line, library }: ApplicationError, who: string, address: string | undefined): Explained {
  const server = `the server${address ? ` ${address}` : ''}`;
  const said = words.reason ?? line;
  const all = `${line}\n${words.beside ?? ''}`;
  if (NOT_TRUSTED.test(all) && OTHER_NAME.test(all))
    return {
      cause: `The certificate of ${server} has two faults for ${who.replace(/^The/, 'the')}: no CA in the image signs it (it is not trusted), and it is for another name than the one that the client connects to: ${short(line)}`,
      remedy: [
        'Connect by a name that is in the certificate (`environment`, `secrets`), and put the CA bundle of that server into the image and name it in the client',
        {
          examples: [
            { for: 'postgres', words: 'sslrootcert' },
            { for: 'node', words: 'NODE_EXTRA_CA_CERTS' },
            'SSL_CERT_FILE',
            { for: 'jvm', words: 'truststore' },
          ],
        },
        '. A certificate of a public CA for the right name mends both.',
      ],
    };
  if (/Public Key Retrieval/i.test(said))
    return of('mysql', {
      cause: `${who} connects to MySQL without TLS, and the user's login method (caching_sha2_password) then needs the public key of the server, which the client may not fetch.`,
      remedy:
        'Use TLS (sslMode=REQUIRED) in the connection URL in `environment` or `secrets`. Where the server has none, set allowPublicKeyRetrieval=true.',
    });
  if (
    /alert unknown ca|alert bad certificate|tls: (?:certificate required|bad certificate|unknown certificate authority)|alert certificate required/i.test(
      line,
    )
  )
    return {
      cause: `${server.replace(/^the/, 'The')} does not accept the client certificate of ${who.replace(/^The/, 'the')}, or asks for one: ${short(line)}`,
      remedy:
        'Give the client the certificate and key that the CA of that server has signed (mutual TLS), from `secrets` or a volume, or turn client certificates off at the server.',
    };
  if (/pg_hba|require_secure_transport|SSL connection is required/i.test(said))
    return {
      cause: `The database accepts only encrypted connections, and ${who.replace(/^The/, 'the')} connects without TLS.`,
      remedy: /secure_transport/i.test(said)
        ? [
            'Turn TLS on in the client: its ssl option',
            { examples: [{ for: 'jvm', words: 'for JDBC sslMode=REQUIRED' }] },
            ' in the connection URL in `secrets`. To check the certificate as well, add the CA bundle of the server to the image.',
          ]
        : [
            of('postgres', 'Turn TLS on in the client: sslmode=require'),
            {
              examples: [
                { for: 'node', words: 'for Node ssl' },
                { for: 'jvm', words: 'for JDBC sslMode or ssl=true' },
              ],
            },
            ' in the connection URL in `secrets`. To check the certificate as well, add the CA bundle of the server to the image.',
          ],
    };
  if (/does not support (?:SSL|it)|SSL is not enabled/i.test(said))
    return {
      cause: `${who} asks ${server} for TLS, which that server does not offer.`,
      remedy: [
        'Turn TLS off in the connection URL',
        { examples: [{ for: 'postgres', words: 'sslmode=disable' }, 'ssl=false'] },
        ' in `environment` or `secrets`, or turn it on at the server.',
      ],
    };
  if (
    /HTTP request|gave HTTP response|wrong version number|first record does not look|Unrecognized SSL message|Unsupported or unrecognized/i.test(
      said,
    )
  )
    return {
      cause: `${who} speaks TLS and ${server} does not, or the other way round (HTTP and HTTPS): ${short(line)}`,
      remedy:
        'Correct the scheme of the URL (https:// or http://, rediss:// or redis://) and the port in `environment` or `secrets`.',
    };
  if (
    /altnames|valid for|NotValidForName|hostname mismatch|IP address mismatch|No subject alternative|no (?:alternative certificate )?subject name matches|No name matching/i.test(
      `${said} ${line}`,
    )
  )
    return {
      cause: `The certificate of ${server} is for another name than the one that ${who.replace(/^The/, 'the')} connects to: ${short(line)}`,
      remedy:
        'Connect by a name that is in the certificate (the endpoint of the database or load balancer, not an IP address or an own CNAME) in `environment` or `secrets`.',
    };
  if (/expired|not yet valid/i.test(`${said} ${line}`))
    return {
      cause: `A certificate in the chain of ${server} has expired: ${short(line)}`,
      remedy:
        'Renew the certificate of that server. If it is a current one, update the CA certificates of the image (ca-certificates, a newer base image).',
    };
  if (
    /self[- ]signed|local issuer|verify the first|unknown authority|authority that is not trusted|PKIX path|UnknownIssuer|UNABLE_TO_VERIFY|UNABLE_TO_GET_ISSUER|certificate verify failed|root certificate|root CA|RemoteCertificateChainErrors|rejected by the provided RemoteCertificateValidationCallback|remote certificate (?:is invalid|was rejected)|unknown ca\b|trust anchor/i.test(
      `${said} ${line}`,
    )
  ) {
    if (/SqlClient|SSL Provider|\bSqlException\b/.test(all))
      return of('dotnet', {
        cause: `${who} does not trust the certificate of the SQL Server${address ? ` ${address}` : ''}: no CA that the client knows signs it. Microsoft.Data.SqlClient encrypts and checks it by default since version 4 (EF Core 7).`,
        remedy:
          'Put the CA of the server into the image or host that runs it (the one that signed the certificate; AWS publishes that of its databases). TrustServerCertificate=true, or Encrypt=false, in the connection string skips that check: only for a server in a network that you trust.',
      });
    return {
      cause: `${who} does not trust the certificate of ${server}: no CA in the image signs it.`,
      remedy: trusting(address, library),
    };
  }
  return {
    cause: `The TLS connection of ${who.replace(/^The/, 'the')} to ${server} failed: ${short(line)}`,
    remedy: /protocol|version|cipher|handshake.failure|alert 40|alert 70/i.test(`${said} ${line}`)
      ? 'Compare what both sides allow: protocol versions and ciphers of client and server. The ssl options of the connection URL are in `environment` or `secrets`.'
      : 'Look in the lines around it and in the log of that server for the reason (certificate, name, protocol), and compare the scheme and ssl options of the connection URL in `environment` or `secrets` with what the server wants.',
  };
}

/** Drivers of npm and PyPI that connect to a database. */
const OF_A_DATABASE = /^(?:mysql2?|mariadb|pg|postgres|tedious|mssql|asyncpg|psycopg2?|pymysql|aiomysql)$/;

/** How a client comes to trust a server, by the server's name: AWS signs its databases with a CA of its own. */
function trusting(address: string | undefined, library?: string): Text {
  const named: Text = [
    'name it in the client',
    {
      examples: [
        { for: 'postgres', words: 'sslrootcert' },
        { for: 'node', words: 'NODE_EXTRA_CA_CERTS' },
        { for: 'jvm', words: 'a truststore of the JVM' },
        'SSL_CERT_FILE',
      ],
    },
  ];
  if (address !== undefined && /\.(?:rds|docdb)[.-]/.test(`.${address}`))
    return together(
      "Download the CA bundle of AWS's databases in the Dockerfile (https://truststore.pki.rds.amazonaws.com/global/global-bundle.pem) and ",
      named,
      ': no base image has it.',
    );
  if (address === undefined && library !== undefined && OF_A_DATABASE.test(library))
    return [
      `Give the client (${library}) the CA of the database as its ssl option ca, or use a newer release of it that knows that CA. For AWS's databases that is https://truststore.pki.rds.amazonaws.com/global/global-bundle.pem, downloaded in the Dockerfile: AWS changes its CAs from time to time, and a list inside of a driver is then too old.`,
    ];
  return together(
    'Install ca-certificates in the final stage. Where a CA of your own (or the server itself) signed it, put its certificate into the image and ',
    named,
    '.',
  );
}

function outOfHeap({ line }: ApplicationError, container: string): Explained {
  const program = `The program in the container${container}`;
  if (/Allowed memory size of/i.test(line))
    return of('php', {
      cause: `${program} reached memory_limit of PHP: ${short(line)}`,
      remedy:
        'Raise memory_limit (php.ini, PHP_MEMORY_LIMIT, -d memory_limit=512M) and keep the memory of the container (input `memory`) above it for all workers together.',
    });
  if (/heap out of memory|Reached heap limit/i.test(line))
    return of('node', {
      cause: `${program} ran out of memory: the heap of Node.js (V8) is full.`,
      remedy:
        'Raise it with NODE_OPTIONS=--max-old-space-size=MEGABYTES to about three quarters of the memory of the container (input `memory`), or look for the leak.',
    });
  if (/java\.lang\.OutOfMemoryError/.test(line))
    return of('jvm', {
      cause: `${program} ran out of memory (the heap or another memory pool of Java): ${short(line)}`,
      remedy:
        'Raise the heap limit of the runtime (-XX:MaxRAMPercentage=75, or -XX:MaxMetaspaceSize and -XX:MaxDirectMemorySize where the line names them) and, above it, the memory of the container and task (input `memory`), or look for the leak.',
    });
  return {
    cause: `${program} got no more memory and ended: ${short(line)}`,
    remedy:
      'Raise the memory of the container and task (input `memory`), start fewer workers, or look for the leak; where the runtime has a heap limit of its own, keep it below that.',
  };
}
