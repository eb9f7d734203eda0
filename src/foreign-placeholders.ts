/**
 * Placeholders that another tool was to fill, and that reach us as they stand: a workflow that lost a step, or a template of
 * another deploy tool. The one parser of their forms, for image references and for values of templates.
 */
export interface ForeignPlaceholder {
  /** As it stands: `<IMAGE>`, `#TAG#`, `` {{ must_env `TAG` }} ``. */
  readonly text: string;
  readonly form: Form;
  /** Its name as a variable of ours: `IMAGE`, `TAG`. */
  readonly name: string;
  /** Its name as it stands, where that is one word: `image_tag`, `.Values.tag`. */
  readonly raw?: string;
  /** What the tool writes where the name has no value. */
  readonly fallback?: string;
  /** Offset in the text that was searched. */
  readonly index: number;
}

/**
 * - `expression`: `${{ env.X }}` of GitHub
 * - `template`: `{{ x }}` of Go, Jinja, Mustache, ecspresso, Helm
 * - `erb`: `<%= x %>`
 * - `reference`: `${var.x}` of Terraform, `${AWS::Region}` of CloudFormation, `${self:x}` of the Serverless Framework
 * - `angle`: `<X>` of AWS's own actions, samples and CodePipeline
 * - `dollar`: `$X` of a shell or envsubst
 * - `call`: `$(X)` of Azure Pipelines and Kubernetes
 * - `percent`: `%X%` of Windows and of sed scripts
 * - `doubled`: `__X__`, `@@X@@`, `##X##`, `%%X%%`, `#{X}#` of replace-tokens and Octopus Deploy
 * - `single`: `#X#`, `@X@`, `~X~`, `!X!`, `|X|`
 * - `bracket`: `{X}`, `[X]`, `((X))` of Python, of hand-written scripts and of Concourse
 * - `word`: `ACCOUNT_ID` and `REGION` where an ARN or the URL of a queue has an account's number or a Region, as sed scripts and documents
 *   have them
 */
export type Form =
  | 'expression'
  | 'template'
  | 'erb'
  | 'reference'
  | 'angle'
  | 'dollar'
  | 'call'
  | 'percent'
  | 'doubled'
  | 'single'
  | 'bracket'
  | 'word';

const WORD = '[A-Za-z_][\\w.-]{0,99}';
/** In order of precedence: what one of them has taken, the ones below do not see. What stands between the marks is short: the patterns look ahead a bounded way. */
const FORMS: readonly (readonly [Form, RegExp])[] = [
  ['expression', /\$\{\{[^{}]{0,200}\}\}/g],
  ['template', /\{\{[^{}]{0,200}\}\}/g],
  ['erb', /<%[^<>]{0,200}%>/g],
  [
    'reference',
    /(?<!\$)\$\{(?:(?:var|local|data|module|each|aws_\w{1,60})\.|(?:self|env|opt|ssm|cf|param|file|sls|AWS):)[^{}]{1,200}\}/g,
  ],
  // Not Slack's markup: https://docs.slack.dev/messaging/formatting-message-text
  ['angle', /<(?![@#!][A-Za-z]|(?:https?|mailto|tel):)[^<>]{0,200}>/g],
  ['call', new RegExp(`(?<!\\$)\\$\\(${WORD}\\)`, 'g')],
  ['dollar', /(?<!\$)\$[A-Za-z_]\w{0,99}/g],
  ['doubled', /(##|@@|%%)[A-Za-z_]\w{0,99}\1/g],
  ['percent', /%[A-Za-z_]\w{0,99}%/g],
  ['doubled', new RegExp(`#\\{${WORD}\\}#?`, 'g')],
  ['bracket', new RegExp(`\\(\\(${WORD}\\)\\)`, 'g')],
  ['bracket', new RegExp(`(?<!\\$)\\{${WORD}\\}`, 'g')],
  ['bracket', new RegExp(`\\[${WORD}\\]`, 'g')],
  ['single', /([#@~!|])[A-Za-z_]\w{0,99}\1/g],
  ['doubled', /(?<![A-Za-z0-9])__[A-Za-z]\w{0,99}?__(?![A-Za-z0-9])/g],
  // `aws` stands for AWS's own policies.
  ['word', /(?<=^arn:aws[a-z-]{0,10}:[a-z0-9-]{1,30}:[A-Za-z0-9_-]{0,40}:)(?!aws:)[A-Za-z_]\w{0,99}(?=:)/g],
  // Regions are written small.
  ['word', /(?<=^arn:aws[a-z-]{0,10}:[a-z0-9-]{1,30}:)[A-Z][A-Z0-9_]{2,99}(?=:)/g],
  ['word', /(?<=^https:\/\/sqs\.)[A-Z][A-Z0-9_]{2,99}(?=\.amazonaws\.com\/)/g],
  ['word', /(?<=^https:\/\/sqs\.[\w-]{1,100}\.amazonaws\.com\/)[A-Za-z_]\w{0,99}(?=\/)/g],
];

/** In one text; a longer list would help no reader, and cost time. */
const MAX_FOUND = 50;

/** Every placeholder of another tool in a text, in its order. `${NAME}`, which is ours, is not one. */
export function foreignIn(text: string): readonly ForeignPlaceholder[] {
  // Most values have none of the characters.
  if (!/[$<{%#@~!|[]|\(\(|__|^arn:|^https:\/\/sqs\./.test(text)) return [];
  const found: ForeignPlaceholder[] = [];
  const taken: (readonly [from: number, to: number])[] = [];
  for (const [form, pattern] of FORMS)
    for (const { 0: match, index } of text.matchAll(pattern)) {
      if (found.length >= MAX_FOUND) break;
      const to = index + match.length;
      if (taken.some(([start, end]) => index < end && start < to)) continue;
      taken.push([index, to]);
      found.push({ ...foreignPlaceholder(match, form), index });
    }
  return found.sort((one, other) => one.index - other.index);
}

/** `` {{ must_env `TAG` }} ``, `{{ env "TAG" "latest" }}`, `{{ lookup('env', 'TAG') }}`, `{{ env['TAG'] }}` */
const ENVIRONMENT =
  /\{\{-?\s*(?:(?:must_?env|getenv|getv|env)\s*[([]?|lookup\s*\(\s*['"]env['"]\s*,)\s*['"`](\w{1,100})['"`](?:\s*,?\s*['"`]([^'"`]{0,100})['"`])?/i;
/** `` {{ tfstate `aws_iam_role.task.arn` }} ``, `{{ ssm "/web/tag" }}`: the argument says what it is. */
const ARGUMENT = /\{\{-?\s*\w{1,40}\s*\(?\s*(`[^`]{1,150}`|"[^"]{1,150}"|'[^']{1,150}')/;
/** `{{ tag | default('latest') }}` */
const DEFAULT = /\|\s*default\s*\(?\s*['"`]([^'"`]{0,100})['"`]/;
/** What leads to a name and is not a part of it. */
const NAMESPACE = /^(?:var|local|self|custom|env|opt|param|vars|[Vv]alues)$/;

/** A placeholder without its place. */
export function foreignPlaceholder(text: string, form: Form): Omit<ForeignPlaceholder, 'index'> {
  const of = (pattern: RegExp): RegExpExecArray | null => (form === 'template' ? pattern.exec(text) : null);
  const environment = of(ENVIRONMENT);
  const argument = of(ARGUMENT)?.[1]?.match(/[A-Za-z0-9]+/g);
  const variable = environment?.[1] ?? argument?.join('_');
  const fallback = environment?.[2] ?? of(DEFAULT)?.[1];
  const inner = variable ?? text.replace(/^(?:__|[^\w.]+)/, '').replace(/\s*(?:\|[^|].*)?(?:__|[^\w.]*)$/s, '');
  const raw = /^\.?[A-Za-z_][\w.-]*$/.test(inner) ? inner : undefined;
  return {
    text,
    form,
    name: variableName(variable ?? (raw && form !== 'reference' ? raw : text), form),
    ...(raw === undefined ? {} : { raw }),
    ...(fallback === undefined ? {} : { fallback }),
  };
}

/** `image.tag` is called `IMAGE_TAG`, `imageTag` too, and `steps.build.outputs.image` is `IMAGE`. */
export function variableName(text: string, form?: Form): string {
  if (/^[A-Za-z_]\w*$/.test(text)) return capitals(text);
  const last = form === 'expression' ? /([A-Za-z_]\w*)\W*$/.exec(text)?.[1] : undefined;
  if (last !== undefined) return capitals(last);
  // What follows a colon is a tag or a default, but for `${AWS::Region}` and `${env:NAME}`.
  const words = (form === 'reference' ? text : text.replace(/:.*/s, '')).match(/[A-Za-z0-9]+/g) ?? [];
  while (words.length > 1 && NAMESPACE.test(words[0] ?? '')) words.shift();
  const name = capitals(words.slice(0, 4).join('_'));
  return /^[A-Z]/.test(name) ? name : 'IMAGE';
}

const capitals = (name: string): string => name.replaceAll(/([a-z0-9])([A-Z])/g, '$1_$2').toUpperCase();

/** Whether a value is not there yet: it holds a `${NAME}` of ours, or is one placeholder of another tool as a whole. */
export const isPlaceholder = (value: string): boolean =>
  /\$\{[A-Za-z_]/.test(value) || foreignIn(value).some(({ text }) => text === value.trim());
