/**
 * The grammar of each kind of word that a message may name. A pattern says where such a word stands; whether what stands
 * there is one is decided here, once. What does not fit is left out: "the image rate" and "container cpu" cannot be produced.
 */

/** An image by its name alone; one character is no name. */
const NAME = /^(?=..)[a-z0-9]+(?:[._-]+[a-z0-9]+)*$/;
/** An image with registry, path, tag or digest. Documentation writes `<repo>`; a name in a message may be masked. */
const REFERENCE = /^(?![/.])(?=.*[/:@])[\w.:/<>@*-]{2,400}$/;
/** Words of a sentence that stand where a name could stand. */
const PROSE =
  /^(?:a|an|and|are|as|at|be|been|but|by|can|cannot|could|cpu|definition|does|failed|failure|for|from|has|have|image|images|in|is|it|its|manifest|manifests|memory|name|no|not|of|on|or|pull|pulling|rate|reference|registry|repository|request|task|tag|that|the|this|to|value|was|were|which|will|with)$/i;

type Grammar = (word: string) => boolean;
const like =
  (pattern: RegExp): Grammar =>
  (word) =>
    pattern.test(word);

/** By the name of the group that a pattern captures the word in. */
const GRAMMARS: Readonly<Record<string, Grammar>> = {
  image: (word) => !PROSE.test(word) && (NAME.test(word) || REFERENCE.test(word)),
  repository: (word) => !PROSE.test(word) && /^[\w./<>-]{1,256}$/.test(word),
  container: (word) => !PROSE.test(word) && /^[\w-]{1,255}$/.test(word),
  dependency: like(/^[\w-]{1,255}$/),
  target: like(/^[\w-]{1,255}$/),
  role: like(/^[\w+=,.@-]{1,64}$/),
  arn: like(/^arn:aws[\w-]*:[\w-]+:[\w-]*:(?:\d{12}|aws|\*{3,12}|[\w-]{0,12}):\S+$/),
  host: (word) =>
    !PROSE.test(word) && !/^\d{1,5}$/.test(word) && /^(?:\[?[0-9a-f:]{2,45}\]?|[\w](?:[\w.-]*[\w])?)$/i.test(word),
  port: (word) => /^\d{1,5}$/.test(word) && Number(word) <= 65_535,
  user: (word) => /^[\w][\w.@+:-]{0,99}$/.test(word) && !PROSE.test(word),
  path: (word) => /^[^\s'"`]{1,300}$/.test(word) && !PROSE.test(word),
  program: (word) => word.length <= 300 && !PROSE.test(word),
  account: like(/^\d{12}$|^\d{1,12}$/),
  database: (word) => /^[a-z_][\w-]{0,62}$/i.test(word) && !PROSE.test(word),
  platform: like(/^\w+(?:\/\w+){0,2}$/),
  status: like(/^[1-5]\d\d$/),
  code: like(/^-?\d{1,10}$/),
};

/** Without AWS's pointer to its manual, which is linked. */
export function withoutPointer(text: string): string {
  const at = text.indexOf('For more information, see the Troubleshooting section');
  return at > 0 ? text.slice(0, at).trimEnd() : text;
}

/**
 * ECS says "was unable to place a task" also of one that it placed and that could not start: the reason is then the task's error.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/stopped-task-error-codes.html
 */
export const isStartError = (reason: string): boolean => /^(?:[A-Z]\w*Error|TaskFailedToStart)\b/.test(reason);

/**
 * What ECS says of a deployment in which nothing is wrong: under way, or completed.
 * https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Deployment.html
 */
export const isOrdinaryState = (reason: string): boolean =>
  /^ECS deployment [\w/-]{1,255} (?:in progress|completed)\.$/.test(reason);

/** Words of a program as code in a sentence; as they are where they have marks of code themselves. */
export const asCode = (words: string): string => (words.includes('`') ? words : `\`${words}\``);

/** The alarms that a reason of ECS names, as it lists them: `alarm detected [web-5xx, web-latency]`. */
export const alarmsIn = (text: string): string | undefined => /\[([^\]]{1,300})\]/.exec(text)?.[1];

/** The word without the punctuation around it, or undefined where it is not one of its kind. */
export function wordOf(kind: string, word: string | undefined): string | undefined {
  if (word === undefined) return undefined;
  // `node:` is the prefix of a program, not a user.
  if (kind === 'user' && word.endsWith(':')) return undefined;
  const bare = word.replace(/^["'`([{]+|(?<!["'`)\]},;.:])["'`)\]},;.:]+$/g, '');
  const grammar = GRAMMARS[kind.replace(/(?<!\d)\d+$/, '')];
  if (grammar === undefined) return word;
  return bare !== '' && grammar(bare) ? bare : undefined;
}
