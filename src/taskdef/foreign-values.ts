import type { Mistake } from '../failure.ts';
import type { ForeignPlaceholder } from '../foreign-placeholders.ts';
import type { ForeignValue } from './placeholders.ts';

/** What is known of the names that a file may mean. */
export interface KnownNames {
  /** A file has `template-style`; an input is filled too, and `workflow` is an input in which GitHub alone fills anything. */
  readonly where: 'file' | 'input' | 'workflow';
  /** Variables that the user wrote one by one: of a placeholder that is called so, one was meant. */
  readonly listed: readonly string[];
  /** Those that came as a JSON object, such as toJSON(vars), and the built-in ones: of the same name perhaps by chance. */
  readonly others: readonly string[];
  /** Names that placeholders of the file ask for already. */
  readonly asked: ReadonlySet<string>;
  /** Names that the container at a path sets itself beside that path, so that `$NAME` there may be its own. */
  readonly ownOf: (path: string) => ReadonlySet<string>;
}

/** A value that reaches AWS as it is, and may be a placeholder. */
export interface Suspect {
  readonly path: string;
  /** `<DB_HOST>` */
  readonly text: string;
  /** `${DB_HOST}` */
  readonly form: string;
  /** The variable of the input `variables` that it would need; absent where it has a value already. */
  readonly variable?: string;
}

interface Judged {
  /** What is certainly a placeholder that nothing has filled. */
  readonly mistakes: readonly Mistake[];
  readonly suspects: readonly Suspect[];
}

/**
 * Placeholders of other tools in the values of a file. Some values are meant as they are written: a `$NAME` of the container's shell, a
 * tag of a log driver (`{{.Name}}`), a format (`%Y`), HTML. So only what is certainly one is a mistake: where the user gave a variable
 * of its name, or where the field cannot hold it. Others that look like one are suspects; the rest is left alone.
 */
export function judgeForeign(values: readonly ForeignValue[], known: KnownNames): Judged {
  const mistakes: Mistake[] = [];
  const suspects: Suspect[] = [];
  for (const value of values) {
    const grammar = grammarOf(value);
    const judged = value.found.map((one) => ({ one, how: judge(one, { value, grammar }, known) }));
    const certain = judged.filter(({ how }) => how === 'certain' || how === 'named');
    if (certain.length > 0) mistakes.push(mistakeOf(value, certain, { known, shown: grammar !== undefined }));
    else
      for (const { one, how } of judged)
        if (how === 'suspect') suspects.push({ path: value.path, text: one.text, ...filling(one, known) });
  }
  return { mistakes, suspects };
}

/** A notice about all of them. */
export function suspectsText(file: string, suspects: readonly Suspect[]): string {
  const shown = suspects.slice(0, SUSPECTS_SHOWN);
  const list = shown.map(({ path, text, form }) => `\`${text}\` in ${path} (write \`${form}\`)`).join(', ');
  const more = suspects.length > shown.length ? `, and ${suspects.length - shown.length} more` : '';
  const lines = [...new Set(shown.flatMap(({ variable }) => variable ?? []))]
    .map((name) => `\`${name}=...\``)
    .join(', ');
  const values = lines === '' ? '' : ` and give ${lines} in the input \`variables\``;
  const [it, them] =
    suspects.length === 1
      ? ['is left as it is', 'If it is a placeholder']
      : ['are left as they are', 'Where one is a placeholder'];
  return `${file}: ${list}${more} ${it}. ${them}, replace it${values}.`;
}
const SUSPECTS_SHOWN = 5;

/** Characters that fields cannot hold; a placeholder with none of them may be meant as it is. */
const GRAMMARS: readonly (readonly [field: RegExp, refused: RegExp])[] = [
  // https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RegisterTaskDefinition.html
  [/(?:^|\.)(?:family|containerName|sourceContainer|sourceVolume|portName|serviceName|capacityProvider)$/i, /[^\w-]/],
  [/^(?:containerDefinitions|containerOverrides|volumes)\[\d+\]\.name$|\.portMappings\[\d+\]\.name$/, /[^\w-]/],
  [/^(?:cpu|memory)$/, /[^\d. VCPUGBvcpugb]/],
  // IAM: alphanumeric and +=,.@-_
  [
    /(?:Role|Arns?|(?:fileSystem|accessPoint|kmsKey|snapshot)Id|credentialsParameter|\.valueFrom)(?:\[\d+\])?$/i,
    /[^\w+=,.@:/-]/,
  ],
  [/\.environmentFiles\[\d+\]\.value$/, /[^\w!'()*+=,.@:/~-]/],
  [/\.(?:subnets|securityGroups)\[\d+\]$/i, /[^\w-]/],
  [/(?:^|\.)(?:platformVersion|containerPortRange|containerPort|port|assignPublicIp)$/i, /[^\w.-]/],
  [/^cluster$/, /[^\w:/-]/],
  [/^tags\[\d+\]\.(?:key|value)$/, /[^\p{L}\p{Z}\p{N}_.:/=+\-@]/u],
  [/^Hooks\b/i, /[^\w:-]/],
];
/** The same of members of a map, whose names are the user's or a log driver's: a label `app.port` is no port. */
const OPTIONS: typeof GRAMMARS = [
  // https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_CreateLogGroup.html
  [/\.options\.awslogs-group$/, /[^\w.\-/#]/],
  [/\.options\.awslogs-region$/, /[^a-z0-9-]/],
  [/\.options\.(?:awslogs-create-group|mode|max-buffer-size)$/, /[^\w.-]/],
];
const IN_MAP = /\.(?:dockerLabels|labels|driverOpts|options)\./;
/** What can hold no placeholder at all refuses any text. */
const ANY = /^/;
const OF_ARNS = /(?:Arns?|roleArn|Role|\.role|^role|\.valueFrom|credentialsParameter)(?:\[\d+\])?$/;
const CAPITALS = /^[A-Z][A-Z0-9_]{2,}$/;

/** What a field cannot hold; undefined where it takes any text. */
function grammarOf({ path, type }: ForeignValue): RegExp | undefined {
  // A number, true or false, one of a few words, an object.
  if (!['string', 'map', 'any', ''].includes(type.replace(/(?:\[\])+$/, ''))) return ANY;
  return (IN_MAP.test(path) ? OPTIONS : GRAMMARS).find(([field]) => field.test(path))?.[1];
}

/** The container's shell, or the program itself, may read these. */
const SHELL = /\.(?:command|entryPoint)\[\d+\]$/;
/** Regular expressions and formats of time. */
const PATTERNS = /\.options\.awslogs-(?:datetime-format|multiline-pattern)$/;
/** Log drivers and routers have templates of their own: `{{.Name}}`, `$TAG`, `$(app)`. */
const LOG_OPTIONS = /\.(?:logConfiguration|firelensConfiguration)\.options\.(?!awslogs-)/;
/**
 * Datadog's agent fills these in labels of containers.
 * https://docs.datadoghq.com/containers/guide/template_variables/
 */
const AUTODISCOVERY = /^%%(?:(?:host|port)(?:_\w+)?|pid|hostname|(?:env|kube|extra)_\w+)%%$/;
const LABELS = /\.dockerLabels\./;
/** Behind the name of a secret stands a JSON key, which may be called anything. */
const SECRET_KEY = /^arn:[\w-]+:secretsmanager:[^:]*:[^:]*:secret:[^:]*:/;

/** `named`: certain only because the user gave a variable of its name. */
type Certainty = 'certain' | 'named' | 'suspect';

function judge(
  one: ForeignPlaceholder,
  { value, grammar }: { readonly value: ForeignValue; readonly grammar: RegExp | undefined },
  known: KnownNames,
): Certainty | undefined {
  const { form, raw } = one;
  const { path, given } = value;
  // Of a container's image the image's own rules know more; expressions are reported as the file is read.
  if (/^containerDefinitions\[\d+\]\.image$/.test(path) || form === 'expression' || PATTERNS.test(path))
    return undefined;
  const whole = given.trim() === one.text;
  const behindSecret = (SECRET_KEY.exec(given)?.[0].length ?? Number.MAX_SAFE_INTEGER) <= given.indexOf(one.text);
  if (grammar?.test(one.text) && !behindSecret) return 'certain';
  // Nothing is called so where an ARN stands.
  if (form === 'word' || (form === 'doubled' && OF_ARNS.test(path) && CAPITALS.test(raw ?? '') && !behindSecret))
    return 'certain';
  const isListed = known.listed.some((name) => names(one, name));
  const inShell = SHELL.test(path);
  const mayBeOwn =
    (LABELS.test(path) && AUTODISCOVERY.test(one.text)) ||
    (LOG_OPTIONS.test(path) && (form === 'dollar' || form === 'call' || (form === 'template' && raw?.startsWith('.'))));
  if (isListed) {
    // `%NAME%` is to cmd.exe what `$NAME` is to a shell.
    const isOwn = (form === 'dollar' || (form === 'percent' && inShell)) && known.ownOf(path).has(raw ?? '');
    // The variable may well have been given for a `${NAME}` elsewhere.
    if (form === 'dollar' && inShell) return isOwn || known.asked.has(raw ?? '') ? undefined : 'suspect';
    if (mayBeOwn || isOwn) return 'suspect';
    return whole || DISTINCT.includes(form) ? 'named' : 'suspect';
  }
  if (mayBeOwn) return undefined;
  const capitals = CAPITALS.test(raw ?? '');
  if (inShell) return capitals && (form === 'template' || form === 'doubled') ? 'suspect' : undefined;
  switch (form) {
    case 'template':
      return whole || capitals || one.fallback !== undefined ? 'suspect' : undefined;
    case 'erb':
    case 'reference':
      return 'suspect';
    case 'angle':
      return (whole && /^<[A-Za-z][\w .-]*>$/.test(one.text)) || (capitals && !given.includes('</'))
        ? 'suspect'
        : undefined;
    case 'doubled':
      return capitals ? 'suspect' : undefined;
    default:
      return whole && capitals ? 'suspect' : undefined;
  }
}

/** Forms that mean nothing in a text which has them by chance. */
const DISTINCT: readonly ForeignPlaceholder['form'][] = [
  'template',
  'erb',
  'reference',
  'angle',
  'dollar',
  'doubled',
  'percent',
];

/** Shells distinguish capitals; the other forms are most often written in a tool's own style. */
const names = ({ form, raw, name }: ForeignPlaceholder, variable: string): boolean =>
  raw === variable || (form !== 'dollar' && name === variable.toUpperCase());

/** What a name most often means has a value already. */
const BUILT_IN: readonly (readonly [pattern: RegExp, name: string])[] = [
  [/^(?:AWS_)?ACCOUNT(?:_?ID)?$/, 'AWS_ACCOUNT_ID'],
  [/^(?:AWS_(?:DEFAULT_)?|AWSLOGS_)?REGION$/, 'AWS_REGION'],
];

function filling(one: ForeignPlaceholder, { listed, others, where }: KnownNames): Pick<Suspect, 'form' | 'variable'> {
  if (where === 'workflow') return { form: `\${{ env.${one.name} }}` };
  const known = [...listed, ...others];
  const builtIn = BUILT_IN.find(([pattern, name]) => pattern.test(one.name) && others.includes(name))?.[1];
  const variable = known.find((name) => names(one, name)) ?? builtIn;
  const name = variable ?? one.name;
  if (variable === undefined && one.fallback !== undefined) return { form: `\${${name}:-${one.fallback}}` };
  return { form: `\${${name}}`, ...(variable === undefined ? { variable: name } : {}) };
}

function mistakeOf(
  { path, given }: ForeignValue,
  certain: readonly { readonly one: ForeignPlaceholder; readonly how: Certainty | undefined }[],
  { known, shown }: { readonly known: KnownNames; readonly shown: boolean },
): Mistake {
  const found = certain.map(({ one }) => one);
  const texts = [...new Set(found.map(({ text }) => `\`${text}\``))].join(' and ');
  const filled = found.map((one) => ({ one, ...filling(one, known) }));
  // Values of environment variables and labels may be secret: of those only the placeholder is shown.
  const whole = filled.reduce((text, { one, form }) => text.replace(one.text, () => form), given.trim());
  const write = shown ? `\`${whole}\`` : [...new Set(filled.map(({ form }) => `\`${form}\``))].join(' and ');
  const variables = [...new Set(filled.flatMap(({ variable }) => variable ?? []))];
  const values =
    variables.length === 0
      ? ''
      : ` and ${variables.map((name) => `\`${name}=...\``).join(', ')} in the input \`variables\``;
  const dollar = found.find(({ form }) => form === 'dollar');
  const otherwise = {
    file: `, or set \`template-style: envsubst\`, so that \`${dollar?.text}\` is a placeholder`,
    input: `, or \`\${{ env.${dollar?.raw} }}\` for what the job has in its environment`,
    workflow: '',
  }[known.where];
  const [is, meant] =
    found.length === 1
      ? ['is a placeholder', 'it is meant as it is']
      : ['are placeholders', 'they are meant as they are'];
  const kept = certain.every(({ how }) => how === 'named')
    ? ` If ${meant}, give ${variablesNamed(found, known)} another name.`
    : '';
  return {
    subject: path,
    problem: `${texts} ${is} that nothing has filled.`,
    remedy: `Write ${write}${values}${dollar ? otherwise : ''}.${kept}`,
  };
}

/** The variables of the input that make a text a placeholder. */
function variablesNamed(found: readonly ForeignPlaceholder[], { listed }: KnownNames): string {
  const all = listed.filter((name) => found.some((one) => names(one, name))).map((name) => `\`${name}\``);
  return `the variable${all.length === 1 ? '' : 's'} ${all.join(', ')}`;
}
