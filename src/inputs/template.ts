import { defined, isObject, type Json } from '../model.ts';
import { plainSecrets, plainSecretsWarning } from '../plain-secrets.ts';
import { readExpressEdits } from './express.ts';
import { EDIT_INPUTS, type InputName } from './known.ts';
import { quoteAll, Reader, type Shape, shorten } from './reader.ts';
import { endsHeredoc } from './syntax.ts';
import type { ContainerEdits, Pairs, TemplateInputs, TemplateSource } from './types.ts';
import { CPU, MEMORY } from './units.ts';

const FAMILY = { pattern: /^[A-Za-z0-9_-]{1,255}$/, expected: 'up to 255 letters, digits, `_` or `-`' };
/** The family alone: its latest ACTIVE revision is the one that is meant. */
const FAMILY_ALONE: Shape = {
  ...FAMILY,
  meant: (text) => {
    if (/^arn:aws[a-z-]*:ecs:.*task-definition\//.test(text) || /^[\w-]{1,255}:\d+$/.test(text))
      return {
        problem: 'is a revision, but a family is a name alone.',
        remedy: `Write \`task-definition-arn: ${shorten(text)}\` for this revision, or the family for its latest.`,
      };
    const family = familyOfLatest(text);
    return family === undefined
      ? undefined
      : { problem: 'names a revision too.', remedy: `Write \`${family}\`: its latest revision is the default.` };
  },
};
/** `web` of `web:latest`, which ECS does not have. */
const familyOfLatest = (text: string): string | undefined =>
  /^([\w-]{1,255}):(?:latest|current|active|\$latest|)$/i.exec(text)?.[1];
const latestMeant: Shape['meant'] = (text) => {
  const family = familyOfLatest(text) ?? (FAMILY.pattern.test(text) ? text : undefined);
  return family === undefined
    ? undefined
    : { problem: 'has no revision.', remedy: `Write \`task-definition-family: ${family}\` for its latest revision.` };
};
const FAMILY_OR_ARN = {
  meant: latestMeant,
  pattern:
    /^([A-Za-z0-9_-]{1,255}:\d+|arn:aws[a-z-]*:ecs:[a-z0-9-]+:\d{12}:task-definition\/[A-Za-z0-9_-]{1,255}:\d+)$/,
  expected: 'an ARN, `arn:aws:ecs:REGION:ACCOUNT:task-definition/family:revision`, or `family:revision`',
};
/** The same of a daemon: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DescribeDaemonTaskDefinition.html */
const DAEMON_FAMILY_OR_ARN = {
  meant: latestMeant,
  pattern:
    /^([A-Za-z0-9_-]{1,255}:\d+|arn:aws[a-z-]*:ecs:[a-z0-9-]+:\d{12}:daemon-task-definition\/[A-Za-z0-9_-]{1,255}:\d+)$/,
  expected: 'an ARN, `arn:aws:ecs:REGION:ACCOUNT:daemon-task-definition/family:revision`, or `family:revision`',
};
const ROLE = {
  pattern: /^(arn:aws[a-z-]*:iam::\d{12}:role\/)?[\w+=,.@/-]{1,576}$/,
  expected: 'the ARN of a role, `arn:aws:iam::123456789012:role/name`, or its name',
};
const ENV_FILE = {
  pattern: /^arn:aws[a-z-]*:s3:::[a-z0-9][a-z0-9.-]{1,62}\/.+\.env$/,
  expected: 'the ARN of a file in S3 whose name ends in .env, `arn:aws:s3:::bucket/path/name.env`',
};
const PLACEHOLDER = {
  pattern: /^[A-Za-z_][A-Za-z0-9_]*$/,
  expected: 'letters, digits and `_`, not beginning with a digit',
};
const SECRET = /^(arn:aws[a-z-]*:(secretsmanager|ssm):[a-z0-9-]+:\d{12}:\S+|[A-Za-z0-9_./-]{1,2048})$/;
/** The drivers of LogConfiguration in the ECS API reference. */
const DRIVERS = ['awslogs', 'awsfirelens', 'splunk', 'fluentd', 'gelf', 'json-file', 'journald', 'syslog'] as const;

const LOG_OPTION = /^(awslogs|splunk|fluentd|gelf|syslog)-[a-z-]+$|^(tag|mode|max-buffer-size|labels|env)$/;
/** PATH_MAX of Linux. */
const LONGEST_PATH = 4096;

const SOURCES = ['task-definition', 'task-definition-family', 'task-definition-arn'] as const;

/** What the inputs edit, in the container that gets the image and in containers by name. */
export const editsOf = ({
  edits,
  containers = [],
}: Pick<TemplateInputs, 'edits' | 'containers'>): readonly ContainerEdits[] => [
  edits,
  ...containers.map((one) => one.edits),
];

/** What the revision is made from, and the edits of it. @param of whose revision it is */
export function readTemplate(reader: Reader, of: 'service' | 'daemon' = 'service'): TemplateInputs {
  const containerName = readContainerName(reader);
  const { edits, ...others } = readAllEdits(reader, of);
  const { logOptions, ...express } = readExpressEdits(reader);
  return {
    source: readSource(reader, of === 'daemon' ? DAEMON_FAMILY_OR_ARN : FAMILY_OR_ARN),
    images: readImages(reader),
    ...readVariables(reader),
    ...others,
    edits: { ...edits, ...express, logOptions: [...edits.logOptions, ...logOptions] },
    tags: readTags(reader),
    ...(reader.choice('template-style', ['braces', 'envsubst']) === 'envsubst' ? { style: 'envsubst' as const } : {}),
    ...defined({ containerName }),
    ...optional(reader, { field: 'cpu', name: 'cpu', shape: CPU }),
    ...optional(reader, { field: 'memory', name: 'memory', shape: MEMORY }),
    ...optional(reader, { field: 'taskRoleArn', name: 'task-role-arn', shape: ROLE }),
    ...optional(reader, { field: 'executionRoleArn', name: 'execution-role-arn', shape: ROLE }),
  };
}

function readVariables(reader: Reader): Pick<TemplateInputs, 'variables' | 'listedVariables'> {
  const entries = reader.entries('variables', { names: PLACEHOLDER, kind: 'variables' });
  const listed = entries.filter(({ form }) => form !== 'json').map(({ name }) => name);
  return {
    variables: entries.map(({ name, value = '' }) => [name, value] as const),
    ...(listed.length > 0 ? { listedVariables: listed } : {}),
  };
}

function readContainerName(reader: Reader): string | undefined {
  const text = reader.text('container-name');
  if (text?.includes(',')) {
    reader.mistake(
      'container-name',
      'names several containers, but takes one.',
      'Give the images of several containers with `images`, one `container=image` per line, such as `worker=${IMAGE}`.',
    );
    return undefined;
  }
  return reader.shaped('container-name', FAMILY);
}

function readSource(reader: Reader, revisions: Shape): TemplateSource {
  const set = SOURCES.filter((name) => reader.raw(name));
  const [first] = set;
  if (set.length > 1) {
    reader.mistake(
      first ?? 'task-definition',
      `is one of several starting points (${quoteAll(set)}).`,
      'Keep one of them.',
    );
  }
  const path = reader.text('task-definition');
  const family = reader.shaped('task-definition-family', FAMILY_ALONE);
  const arn = reader.shaped('task-definition-arn', revisions);
  const revision = path !== undefined && (path.startsWith('arn:') || /^[A-Za-z0-9_-]{1,255}:\d+$/.test(path));
  if (revision) {
    reader.mistake(
      'task-definition',
      `is ${path.startsWith('arn:') ? 'an ARN' : 'a revision'}, but takes the path of a file.`,
      `Write \`task-definition-arn: ${path.startsWith('arn:') ? 'arn:...' : path}\` instead.`,
    );
  }
  const latest = path === undefined ? undefined : familyOfLatest(path);
  if (latest !== undefined)
    reader.mistake(
      'task-definition',
      'is a family, but takes the path of a file.',
      `Write \`task-definition-family: ${latest}\` instead: its latest revision is the default.`,
    );
  // Not quoted: it may hold secrets. A path is one line, and short.
  if (path !== undefined && (/^[{[]|^---|[\r\n]/.test(path) || path.length > LONGEST_PATH)) {
    reader.mistake(
      'task-definition',
      'is a task definition itself, but takes the path of a file.',
      'Write the task definition to a file, and give its path.',
    );
    return { kind: 'service' };
  }
  if (path) return { kind: 'file', path };
  if (family) return { kind: 'family', family };
  if (arn) return { kind: 'arn', arn };
  return { kind: 'service' };
}

/** The edits of the step's container, and those of containers that the inputs name themselves. */
function readAllEdits(reader: Reader, of: 'service' | 'daemon'): Pick<TemplateInputs, 'edits' | 'containers'> {
  const split = EDIT_INPUTS.map((name) => [name, byContainer(name, reader.raw(name) ?? '')] as const);
  const names = [...new Set(split.flatMap(([, { containers }]) => [...containers.keys()]))];
  if (names.length === 0) return { edits: readEdits(reader, of) };
  const read = (texts: ReadonlyMap<string, string>, whose: string): ContainerEdits => {
    const inner = new Reader(texts);
    const edits = readEdits(inner, of);
    for (const mistake of inner.mistakes) reader.mistakes.push({ ...mistake, problem: `${whose}${mistake.problem}` });
    reader.warnings.push(...inner.warnings.map((warning) => `${whose}${warning}`));
    return edits;
  };
  const containers = names.map((container) => {
    const texts = new Map(
      split.flatMap(([name, { containers }]) =>
        containers.has(container) ? [[name, containers.get(container) ?? '']] : [],
      ),
    );
    return { container, inputs: [...texts.keys()], edits: read(texts, `container \`${container}\`: `) };
  });
  return { edits: read(new Map(split.map(([name, { own }]) => [name, own])), ''), containers };
}

function readEdits(reader: Reader, of: 'service' | 'daemon'): ContainerEdits {
  // What a placeholder makes of it is checked with the task definition.
  const envFiles = reader
    .lines('env-files')
    .filter(
      (arn) => arn.includes('${') || spaced(reader, 'env-files', arn) || reader.checkShape('env-files', arn, ENV_FILE),
    );
  if (envFiles.length > 10) {
    reader.mistake('env-files', `lists ${envFiles.length} files.`, 'A container takes at most 10.');
  }
  const command = reader.words('command');
  const driver = reader.text('log-configuration-log-driver') ?? '';
  const logDriver = spaced(reader, 'log-configuration-log-driver', driver)
    ? undefined
    : reader.choice('log-configuration-log-driver', DRIVERS);
  return {
    environmentVariables: readEnvironment(reader, of),
    secrets: readSecrets(reader),
    envFiles,
    dockerLabels: reader.pairs('docker-labels'),
    logOptions: reader.pairs('log-configuration-options', { kind: 'variables', folded: LOG_OPTION }),
    ...defined({ logDriver, command }),
  };
}

/**
 * `web:awslogs` in place of `web: awslogs`: what follows the colon is a value of the input, so that a container was meant.
 * @returns whether it was, and is reported
 */
function spaced(reader: Reader, name: 'env-files' | 'log-configuration-log-driver', text: string): boolean {
  const [, container = '', value = ''] = /^(?!arn:)([A-Za-z0-9_-]{1,255}):(\S+)$/.exec(text) ?? [];
  const isValue = name === 'env-files' ? ENV_FILE.pattern.test(value) : DRIVERS.some((driver) => driver === value);
  if (!isValue) return false;
  reader.mistake(
    name,
    `\`${shorten(text)}\` has no space after the colon.`,
    `Write \`${container}: ${shorten(value)}\` for the container \`${container}\`.`,
  );
  return true;
}

/** An empty value is possible, and most often an expression whose variable or secret does not exist. */
function readEnvironment(reader: Reader, of: 'service' | 'daemon'): Pairs {
  const pairs = reader.pairs('environment-variables', { kind: 'variables' });
  const empty = pairs.filter(([, value]) => value === '').map(([name]) => name);
  if (empty.length > 0) {
    reader.warnings.push(
      `environment-variables: ${quoteAll(empty)} ${empty.length === 1 ? 'has' : 'have'} an empty value. An expression such as \`\${{ vars.NAME }}\` is empty where the variable or secret does not exist.`,
    );
  }
  const secrets = plainSecrets(pairs);
  if (secrets.length > 0)
    reader.warnings.push(
      plainSecretsWarning(secrets, {
        subject: 'environment-variables',
        of: of === 'daemon' ? 'daemon variable' : 'variable',
      }),
    );
  return pairs;
}

function readImages(reader: Reader): Pairs {
  const text = reader.text('images');
  if (text !== undefined && !/[={]/.test(text)) {
    reader.mistake(
      'images',
      'names images without a container (docker/metadata-action has an input of the same name).',
      'Write one `container=image` per line. The image that this step builds is named by `repository` and `tags`.',
    );
    return [];
  }
  return reader.pairs('images', { names: FAMILY });
}

/** Never quotes the value: a secret pasted here by mistake must not reach the log. */
function readSecrets(reader: Reader): Pairs {
  const pairs = reader.pairs('secrets', { kind: 'variables', folded: /^[\w.-]+$/ });
  for (const [name, value] of pairs) {
    if (value.trim() === '') {
      reader.mistake(
        'secrets',
        `the value of \`${name}\` is empty.`,
        'Give the ARN of the secret or parameter. An expression such as `${{ vars.NAME }}` is empty where the variable does not exist.',
      );
      continue;
    }
    const versioned = /^\/?[\w./-]+:\d+$/.test(value.trim());
    if (versioned) {
      reader.mistake(
        'secrets',
        `the value of \`${name}\` names a version of an SSM parameter, which ECS does not read reliably.`,
        'Give the name of the parameter without `:version`; ECS reads its latest version.',
      );
      continue;
    }
    if (SECRET.test(value.trim()) || value.includes('${')) continue;
    reader.mistake(
      'secrets',
      `the value of \`${name}\` is neither an ARN of Secrets Manager or SSM nor the name of a parameter.`,
      'ECS reads the secret itself, so give where it is, not what it is; secrets of the image build go into `build-secrets`.',
    );
  }
  return pairs.map(([name, value]) => [name, value.trim()] as const);
}

function readTags(reader: Reader): Pairs {
  const tags = reader.pairs('task-definition-tags');
  if (tags.length > 50)
    reader.mistake('task-definition-tags', `lists ${tags.length} tags.`, 'A revision takes at most 50.');
  for (const [key, value] of tags) {
    if (key.length > 128 || value.length > 256) {
      reader.mistake(
        'task-definition-tags',
        `the tag \`${key.slice(0, 40)}\` is too long.`,
        'A key has at most 128 characters, a value 256.',
      );
    } else if (/^aws:/i.test(key)) {
      reader.mistake(
        'task-definition-tags',
        `\`${key}\` begins with \`aws:\`, which AWS keeps for itself.`,
        'Choose another key.',
      );
    }
  }
  return tags;
}

/** `{}` or the one field: with exactOptionalPropertyTypes an unset field must be absent. */
function optional<Field extends string>(
  reader: Reader,
  { field, name, shape }: { readonly field: Field; readonly name: InputName; readonly shape: Shape },
) {
  const text = reader.shaped(name, shape);
  return (text === undefined ? {} : { [field]: text }) as { readonly [F in Field]?: string };
}

/** What stands in front of a line for one container: its name, a colon and a space. No name of a variable has a space. */
const PREFIX = /^[ \t]*([A-Za-z0-9_-]{1,255}):[ \t]+(\S.*)$/;
/** What follows it where the input takes names and values: `NAME: value` is a slip of YAML and no container. */
const PREFIX_OF_PAIR = /^[ \t]*([A-Za-z0-9_-]{1,255}):[ \t]+([A-Za-z_][\w./-]*[ \t]*(?:=|<<).*)$/;
/** Inputs without names. */
const VALUES: readonly InputName[] = ['command', 'env-files', 'log-configuration-log-driver'];
const HEREDOC = /^[^=]*?<<(\S+)$/;

/** The text of an input for the container that the step names, and for each that the text names itself. */
interface ByContainer {
  readonly own: string;
  readonly containers: ReadonlyMap<string, string>;
}

/**
 * Takes apart an input that edits containers. Lines keep their numbers: those of other containers are blank.
 *
 *     LOG_LEVEL=info             for the container of the step
 *     proxy: LOG_LEVEL=debug     for the container `proxy`
 *     {"proxy": {"LOG_LEVEL": "debug"}}   a JSON map of containers
 */
export function byContainer(name: (typeof EDIT_INPUTS)[number], text: string): ByContainer {
  const whole = { own: text, containers: new Map<string, string>() };
  if (text.trimStart().startsWith('{')) return ofJson(name, text) ?? whole;
  // Values of several lines keep the line ends that they have.
  const lines = text.split('\n');
  const prefix = VALUES.includes(name) ? PREFIX : PREFIX_OF_PAIR;
  // A command may have several lines; it names containers only where each of them does.
  if (name === 'command' && !lines.every((line) => line.trim() === '' || PREFIX.test(plain(line)))) return whole;
  const own: string[] = [];
  const containers = new Map<string, string[]>();
  let end: string | undefined;
  let owner = own;
  for (const [index, line] of lines.entries()) {
    const [, container = '', rest = ''] = end === undefined ? (prefix.exec(plain(line)) ?? []) : [];
    if (end === undefined) {
      owner = container === '' ? own : (containers.get(container) ?? []);
      if (container !== '') containers.set(container, owner);
    }
    const text = container === '' ? line : `${rest}${line.slice(plain(line).length)}`;
    while (owner.length < index) owner.push('');
    owner.push(text);
    if (end === undefined) end = HEREDOC.exec(text.trim())?.[1];
    else if (endsHeredoc(line, end)) end = undefined;
  }
  return { own: own.join('\n'), containers: new Map([...containers].map(([name, some]) => [name, some.join('\n')])) };
}

const plain = (line: string): string => line.replace(/\r$/, '');

/** Undefined where it is a JSON object of names and values, or no JSON. */
function ofJson(name: InputName, text: string): ByContainer | undefined {
  let parsed: Json;
  try {
    parsed = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isObject(parsed)) return undefined;
  const members = Object.entries(parsed);
  // Of names and values a member is an object only for a container; the other inputs have no names.
  const pairs = !VALUES.includes(name);
  const ofContainer = ([, value]: [string, Json]): boolean => !pairs || isObject(value);
  const named = members.filter(ofContainer);
  if (named.length === 0) return undefined;
  const own = members.filter((member) => !ofContainer(member));
  return {
    own: own.length === 0 ? '' : JSON.stringify(Object.fromEntries(own)),
    containers: new Map(named.map(([container, value]) => [container, textOf(name, value)])),
  };
}

function textOf(name: InputName, value: Json): string {
  if (typeof value === 'string') return value;
  if (name === 'env-files' && Array.isArray(value)) return value.join('\n');
  return JSON.stringify(value);
}
