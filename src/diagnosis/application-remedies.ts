/** What a class of application error means for a task of ECS: the cause in one sentence and the first thing to do. */
import type { ApplicationError } from './application.ts';

interface Explained {
  readonly cause: string;
  readonly remedy: string;
}

const LOCAL = /^(?:localhost|127\.\d|\[?::1\]?$|0\.0\.0\.0)/;
/** Java's class file version 52 is Java 8. */
const javaOf = (classFile: string): string => `Java ${Number(classFile) - 44}`;

/**
 * @param error what the log says
 * @param container ` NAME` of the container, or empty
 */
export function explainApplication(error: ApplicationError, container: string): Explained {
  const { kind, words, line } = error;
  const host = words.host ?? words.host2;
  const port = words.port ?? words.port2;
  const address = host === undefined ? undefined : port === undefined ? host : `${host}:${port}`;
  const path = words.path ?? words.path2;
  const name = words.name ?? words.name2 ?? words.name3;
  const who = `The application${container}`;
  switch (kind) {
    case 'aws-denied': {
      const role = words.role ? `the task role ${words.role}` : 'the task role';
      const action =
        words.action ?? (words.operation ? `the action behind ${words.operation}` : 'the action that the line names');
      return {
        cause: `${who} was denied ${words.action ?? words.operation ?? 'an AWS action'}: its AWS calls use the task role (taskRoleArn), and ${words.role ?? 'that role'} does not allow it.`,
        remedy: `Allow ${action}${words.resource ? ` on ${words.resource}` : ''} in a policy of ${role} (input \`task-role-arn\`). A key policy or bucket policy may have to allow it as well.`,
      };
    }
    case 'aws-credentials-missing':
      return {
        cause: `${who} found no AWS credentials: the task has no task role, or its AWS SDK is too old to read it.`,
        remedy:
          'Set taskRoleArn in the task definition (input `task-role-arn`) to a role that ecs-tasks.amazonaws.com may assume. In a container that switches users or clears its environment, keep AWS_CONTAINER_CREDENTIALS_RELATIVE_URI.',
      };
    case 'login-refused':
      return {
        cause: `${who} was refused by the server${address ? ` ${address}` : ''}: wrong password or ${words.user ? `user ${words.user}` : 'user'}.`,
        remedy:
          'Compare user and password in `secrets` (Secrets Manager) and `environment` with what the server has. After a rotation, start a new deployment: ECS reads a secret only when a task starts.',
      };
    case 'too-many-connections':
      return {
        cause: `${who} got no connection: all connections of the database are taken (max_connections). During a rolling update old and new tasks hold theirs at once.`,
        remedy:
          'Lower the pool size of each task, put a pooler (RDS Proxy, PgBouncer) in front, or take a larger database. `maximum-percent` limits how many tasks run at once.',
      };
    case 'database-missing':
      return {
        cause: `The database${name ? ` ${name}` : ''} that the application${container} asks for does not exist on the server.`,
        remedy: 'Create it, or correct the database name in the connection URL (`environment` or `secrets`).',
      };
    case 'migration-locked':
      return {
        cause: `The migration lock is held: another task runs the migrations at the same time, or an earlier run was stopped and left the lock${words.host ? ` (held by ${words.host})` : ''}.`,
        remedy:
          'Run migrations once, in one task before the deployment, not in every task. If no migration runs, release the lock with the tool (liquibase releaseLocks, knex migrate:unlock; for advisory locks end the old session) and use a direct connection, not a pooler in transaction mode.',
      };
    case 'migration-failed': {
      return {
        cause: migrationCause(error, container),
        remedy:
          'Run the pending migrations before the deployment. If one failed half way, repair the schema, mark that migration as resolved with the tool (`prisma migrate resolve`, `flyway repair`, `migrate force VERSION`), then run them again.',
      };
    }
    case 'tls':
      return {
        cause: `${who} could not agree on TLS with the server${address ? ` ${address}` : ''}: the certificate is not trusted or has expired, or one side speaks no TLS.`,
        remedy:
          'Put the CA bundle of the server (for RDS the global bundle) into the image and name it in the client (sslrootcert, NODE_EXTRA_CA_CERTS, truststore). Where the server has no TLS, or requires it, set the ssl mode of the connection URL accordingly.',
      };
    case 'dns': {
      const short = host !== undefined && !host.includes('.');
      return {
        cause: `${who} could not resolve the host name${host ? ` ${host}` : ''} (DNS).`,
        remedy: short
          ? `A name without a domain, as in Docker Compose, does not exist in ECS: use localhost for a container of the same task (awsvpc), the Service Connect or Cloud Map (service discovery) name of another service, or the endpoint of the database, and set it in the environment variable of the container.`
          : 'Check the spelling of the endpoint in `environment` and `secrets`. For a private name check that the VPC has DNS resolution and DNS host names on and is associated with the private hosted zone, or that Service Connect or Cloud Map (service discovery) has the name.',
      };
    }
    case 'connection-refused':
      return host !== undefined && LOCAL.test(host)
        ? {
            cause: `${who} connects to ${address}, which is the task itself, and nothing listens there.`,
            remedy:
              'Set the real endpoint of the server in the environment variable or secret of the container: localhost reaches only containers of the same task. If it is a sidecar, let the container wait for it with dependsOn and condition HEALTHY.',
          }
        : {
            cause: `${address ?? 'The server'} refused the connection of the application${container}: the host answers, but nothing listens on that port.`,
            remedy: `Check host and port in \`environment\` and \`secrets\`, that the server runs and listens on that port for other hosts (not only 127.0.0.1), and that its security group allows TCP ${port ?? 'on that port'} from the security group of the tasks.`,
          };
    case 'unreachable':
      return {
        cause: `${who} got no answer from ${address ?? `a server it needs (${short(line)})`}: the network does not let the connection through, or the host is wrong.`,
        remedy: `Allow inbound TCP ${port ?? 'on its port'} in the security group of the server${/cache\.amazonaws|:6379/.test(`${address}`) ? ' (ElastiCache)' : ''} from the security group of the tasks, and check that both are in one VPC, or that the subnets have a route to it. Then compare host and port in \`environment\` and \`secrets\`.`,
      };
    case 'out-of-heap':
      return {
        cause: `The program in the container${container} ran out of memory (heap) and ended.`,
        remedy:
          'Raise the heap limit of the runtime (NODE_OPTIONS=--max-old-space-size, -XX:MaxRAMPercentage, memory_limit) and, above it, the memory of the container and task (input `memory`), or look for the leak.',
      };
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
      return {
        cause: `The user of the container${container} may not access ${path ?? 'a file or folder that it needs'} (permission denied).`,
        remedy: `Give it to that user in the Dockerfile (COPY --chown, or RUN chown/chmod on ${path ?? 'the path'}), or change \`user\` in the container definition; log to stdout or stderr instead of to files. On an EFS volume use an access point with the user's uid.`,
      };
    case 'disk-full':
      return {
        cause: `The disk of the task is full${path ? ` (${path})` : ''}.`,
        remedy:
          'Raise ephemeralStorage.sizeInGiB of the task definition (Fargate: 21 to 200), or write less to the disk. On EC2 free or enlarge the disk of the instance.',
      };
    case 'variable-missing':
      return {
        cause: `${who} lacks the setting${name ? ` ${name}` : ''}: it is not set or empty in the container.`,
        remedy: `Set the environment variable${name ? ` ${name === 'secret_key_base' ? 'SECRET_KEY_BASE (or RAILS_MASTER_KEY)' : name}` : ''} in \`environment\`, or in \`secrets\` for a secret value (inputs \`environment-variables\`, \`secrets\`). A .env file of the repository does not reach the task by itself.`,
      };
    case 'dependency-conflict':
      return {
        cause: `Two versions of a library are in conflict in the application${container}: ${short(line)}`,
        remedy:
          'Align the versions of that library (mvn dependency:tree, gradle dependencies, pip check, dotnet list package --include-transitive), commit the lock file, and build the image without an old cache.',
      };
    case 'setting-unknown':
      return {
        cause: `${who} does not accept the setting${name ? ` ${name}` : ''}: it is set, and its configuration class does not know it (extra inputs are not permitted).`,
        remedy: `Remove it from \`environment\`, \`secrets\` or the .env file, correct its name, or let the class ignore unknown settings (pydantic: extra="ignore").`,
      };
    case 'setting-missing':
      return {
        cause: `${who} lacks a setting: ${name} is not configured.`,
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
        cause: `${who} was refused by the database (such as MongoDB Atlas): the IP address that the task comes from is not in its access list.`,
        remedy:
          'Add the public IP addresses of the NAT gateways (Elastic IPs) of the subnets to the IP access list, or connect by VPC peering or a private endpoint.',
      };
    case 'volume-not-empty':
      return {
        cause: `${path ?? 'The data directory'} is a mounted volume that is not empty (lost+found, or data of another version), so the server does not initialise it.`,
        remedy:
          'Let the server use a subdirectory of the volume (PGDATA=/var/lib/postgresql/data/pgdata, or rootDirectory of the EFS volume), or start with an empty volume.',
      };
    case 'module-missing':
      return moduleMissing(error, name, who);
    case 'entry-missing':
      return entryMissing(error, path, who);
    case 'command-missing':
      // The line itself: the end of a script's first line is cut off the name.
      if (/\\r|\^M|\r/.test(line))
        return {
          cause: `A script of the container${container} has Windows line ends (CR LF), so its interpreter ${(name ?? '').replace(/\\r|\r|\^M/g, '') || 'is'} with a CR at the end is not found.`,
          remedy:
            'Save the script with LF line ends (.gitattributes: *.sh text eol=lf), or convert it in the Dockerfile (sed -i "s/\\r$//" FILE).',
        };
      return {
        cause: `The command ${name ?? 'of the container'} is not in the image of the container${container}, or its interpreter or loader is not.`,
        remedy: name?.includes('/')
          ? `Check that the Dockerfile copies ${name} there and that it is executable; a script needs its #! interpreter in the image and line ends without CR, a program built for glibc does not run on Alpine (musl). A volume mounted over the folder hides it.`
          : `Install ${name ?? 'it'} in the Dockerfile (package manager of the base image, or the dependencies: npm ci, pip install, bundle install with the group that has it), or correct \`command\` and \`entryPoint\`.`,
      };
    case 'configuration-invalid':
      return {
        cause: /plugin name that don't exists|fluent|\[config\]/i.test(line)
          ? `Fluent Bit (the log router) rejected its configuration: ${short(line)}`
          : `${who} rejected its configuration${words.path ? ` ${words.path}${words.lineNumber ? ` at line ${words.lineNumber}` : ''}` : ''}: ${short(line)}`,
        remedy:
          'Correct the named entry in the configuration file, the environment variable or the command of the container; run the image locally with the same values to check it.',
      };
    case 'file-missing':
      return {
        cause: /database file/i.test(line)
          ? `${who} cannot open its database file${path ? ` ${path}` : ''}: the folder does not exist in the container, or its user may not write there.`
          : `${who} needs ${path ?? 'a file'}, which is not in the container.`,
        remedy: `Check that the Dockerfile copies ${path ?? 'it'} (COPY, .dockerignore, build step) and that WORKDIR is the folder that relative paths start from. A volume mounted over its folder hides what the image has there.`,
      };
    case 'error':
      return {
        cause: `${who} ended with an error: ${short(line)}`,
        remedy:
          'Read the lines around it in the container log; run the image locally with the same environment and command to see it again.',
      };
  }
}

const short = (line: string): string => (line.length > 300 ? `${line.slice(0, 297)}...` : line);

function runtimeMismatch({ words, line }: ApplicationError, who: string): Explained {
  const { classFile, upTo, library } = words;
  if (classFile && upTo) {
    return {
      cause: `${who} is compiled for ${javaOf(classFile)}, but the image runs ${javaOf(upTo)}.`,
      remedy: `Use a base image with ${javaOf(classFile)} or newer (such as eclipse-temurin:${Number(classFile) - 44}-jre), or compile with --release ${Number(upTo) - 44}.`,
    };
  }
  if (/\.NET|Microsoft\.\w+App/.test(line)) {
    return {
      cause: `The image lacks the .NET runtime${words.version ? ` ${words.version}` : ''} that the application targets.`,
      remedy:
        'Use the runtime base image of the version that the project targets (mcr.microsoft.com/dotnet/aspnet:VERSION), or publish self-contained.',
    };
  }
  if (library || /GLIBC|musl|shared librar|\.dll/i.test(line)) {
    return {
      cause: `${who} needs ${library ?? 'a system library'}, which the image does not have.`,
      remedy:
        'Install the library in the final stage of the Dockerfile, and build and run on the same base (glibc of Debian and musl of Alpine do not mix; the builder must not be newer than the runtime image).',
    };
  }
  return {
    cause: `${who} does not fit the runtime in the image: ${short(line)}`,
    remedy:
      'Use a base image with the version of the runtime that the application needs, and install native dependencies in the same image and architecture that runs (no node_modules copied from another machine: .dockerignore).',
  };
}

function moduleMissing({ line }: ApplicationError, name: string | undefined, who: string): Explained {
  const own =
    name !== undefined && (/^[./]/.test(name) || /^(?:app|main|src|server|index|config|wsgi|asgi|manage)\b/.test(name));
  if (/ClassNotFoundException|NoClassDefFoundError/.test(line))
    return {
      cause: `${who} cannot load the class ${name ?? 'that the line names'}: no jar on its class path has it.`,
      remedy:
        'Build a fat jar with its dependencies (spring-boot:repackage, bootJar, shadowJar) or COPY all jars into the image, and check the class path and the main class of the command.',
    };
  return own
    ? {
        cause: `${who} cannot load its own module ${name}: it is not in the image at that place.`,
        remedy:
          'Check that the build step ran and its output is copied (COPY, COPY --from, .dockerignore), and that WORKDIR, the working directory and the module path of the command (PYTHONPATH, --app-dir, NODE_PATH) are the folder that holds it.',
      }
    : {
        cause: `${who} lacks the module ${name ?? `that the line names: ${short(line)}`}.`,
        remedy:
          'Add it to the production dependencies (package.json, requirements.txt, Gemfile, composer.json, pom.xml) and install them in the final stage of the Dockerfile; dev dependencies are left out there. Check WORKDIR and PYTHONPATH if it is your own.',
      };
}

function entryMissing({ words, line }: ApplicationError, path: string | undefined, who: string): Explained {
  const script = words.script ?? words.script2;
  if (script) {
    return {
      cause: `package.json in the image has no script "${script}".`,
      remedy: `Add the script "${script}" to package.json, or correct the command (CMD of the Dockerfile, input \`command\`).`,
    };
  }
  if (/main manifest|main class|jarfile/i.test(line)) {
    return {
      cause: `${path ?? words.name ?? 'The jar'} cannot be started: it is not an executable jar with a Main-Class, or it is not in the image.`,
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

function migrationCause({ words }: ApplicationError, container: string): string {
  const misfit = `The database schema does not fit the application${container}:`;
  const missed = 'A migration did not run, or ran only in part.';
  if (words.column) return `${misfit} it has no column ${words.column}. ${missed}`;
  const table = words.table ?? words.table2 ?? words.table3;
  if (table) return `${misfit} table ${table}. ${missed}`;
  const name = words.name ?? words.name2 ?? words.name3;
  const which = name ? ` (${name})` : '';
  const left = words.version ? ` and left version ${words.version} dirty` : which;
  return `A database migration failed${left}, so the application${container} cannot start.`;
}
