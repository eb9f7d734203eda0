/**
 * What a sentence states by its own grammar, whichever program wrote it: that something is missing, too short, one of
 * several that exclude each other, no longer there, held by another, written by a newer version. The words of the
 * predicate give the form, and what stands before or behind them is the subject, of a kind (variable, option, file,
 * runtime) that says where a user changes it. Nothing is guessed: a sentence of no such form states nothing.
 */
import { defined } from '../model.ts';
import { isErrorName } from './application-words.ts';

export type Form =
  | 'empty'
  | 'length'
  | 'choice'
  | 'conflict'
  | 'removed'
  | 'unsupported-version'
  | 'newer-data'
  | 'other-data'
  | 'held'
  | 'key-mismatch'
  | 'directory'
  | 'not-built'
  | 'not-installed'
  | 'without-entries'
  | 'type';

/** What an API finds wrong with a request. */
export type RefusalForm =
  | 'force'
  | 'busy'
  | 'state'
  | 'excluded'
  | 'fixed'
  | 'conflict'
  | 'required'
  | 'duplicate'
  | 'same'
  | 'once'
  | 'in-use'
  | 'taken'
  | 'choice'
  | 'characters'
  | 'length'
  | 'range'
  | 'exceeded'
  | 'deleting'
  | 'owner'
  | 'absent'
  | 'malformed';

/** Where its user changes a subject follows from what it is. */
export type SubjectKind = 'variable' | 'option' | 'path' | 'runtime' | 'secret' | 'code' | 'setting' | 'phrase';

interface Subject {
  readonly name: string;
  readonly kind: SubjectKind;
}

export interface Statement {
  readonly form: Form;
  /** What it is about; undefined where the sentence does not name it in a form that can be trusted. */
  readonly subject?: Subject;
  /** What would be right, in the sentence's words: `at least 32 characters`, `true, false`. */
  readonly wanted?: string;
  /** What stood there instead. */
  readonly found?: string;
  /** The other side of a conflict. */
  readonly other?: Subject;
}

interface Grammar {
  readonly form: Form;
  /** Groups: `wanted`, `found`, `other`; `subject` where it does not stand in the clause before. */
  readonly match: RegExp;
  readonly not?: RegExp;
  /** States nothing unless it names its subject, of one of these kinds. */
  readonly of?: readonly SubjectKind[];
}

const NAMED: readonly SubjectKind[] = ['variable', 'option', 'path', 'secret', 'setting'];
const LANGUAGE =
  /Python|Node(?:\.?js)?|PHP|Java|JDK|JVM|JRE|Go|Ruby|Rust|rustc|\.NET(?: SDK| Core)?|Elixir|Erlang(?:\/OTP)?|OTP|Perl|Deno|Bun|npm|pnpm|Yarn/
    .source;
/** The other side of a conflict, up to the end of its clause: a full stop within a name (`server.mode`) ends none. */
const SIDE = '(?:[^.;:]|\\.(?=\\w)){2,100}?';
const END = '(?:\\.(?!\\w)|[;:)]|$)';
const CANNOT = "(?:cannot|can ?not|can't|may not|must not|should not|is not allowed to|are not allowed to)";

/** What a registry or a client finds of an image or a download, and no data of the program. */
const OF_IMAGE = /image|manifest|content[- ]type|checksum|digest|sha\d/i;

/** The first form that fits; surer ones first. */
const GRAMMARS: readonly Grammar[] = [
  {
    form: 'unsupported-version',
    match: new RegExp(
      `(?<![\\w.])(?<subject>${LANGUAGE}) (?:version )?v?(?<found>\\d{1,3}(?:\\.\\d{1,4}){0,3}) is (?:not|no longer|un) ?(?:yet )?supported(?:.{0,40}?\\b(?:[Uu]se|[Rr]equires?|[Nn]eed|[Ss]upported(?: versions?)?(?: are| is)?:?) (?:(?:${LANGUAGE}) )?(?:version )?(?<wanted>[<>=~^ ]{0,4}v?\\d[\\w.]{0,12}(?:(?: ?[<>=|,-]{1,2} ?| or (?:newer|later|higher)| and | to )(?:v?\\d[\\w.]{0,12})?){0,3}))?(?=[.,;)]?(?:\\s|$))`,
    ),
  },
  {
    form: 'unsupported-version',
    match: new RegExp(
      `\\b(?:requires?|needs?|works? only with|only supports?|supports? only|minimum(?: required| supported)?)(?: an?| the)?(?: minimum)? (?<subject>${LANGUAGE})(?: version)? (?<wanted>(?:>=?|<=?|\\^|~|at least |version )?\\s?v?\\d{1,3}(?:\\.\\d{1,4}){0,3}(?: (?:or (?:newer|later|higher|above|greater)|and above))?\\+?)(?:.{0,60}?\\b(?:running|found|have|got|using|current(?:ly)?(?: version)?(?: is)?:?|is|version:?|detected) v?(?<found>\\d{1,3}(?:\\.\\d{1,4}){0,3}))?`,
    ),
  },
  {
    form: 'unsupported-version',
    match:
      /\b(?:requires?|needs?) an? (?:greater|newer|later|higher|more recent) version of (?<subject>["'`]?@?[A-Za-z][\w./@-]{1,60}["'`]?)(?=[ .,;)]|$)/,
  },
  {
    form: 'newer-data',
    match:
      /\b(?:database|schema|db|data|index|store|volume|state)\b.{0,60}?\b(?:is|was|has been) (?:newer|more recent|too new|ahead|(?:created|written|initiali[sz]ed|upgraded|migrated|last used) (?:by|with|to) a (?:newer|later|higher))\b/i,
    not: /client|protocol/i,
  },
  {
    form: 'newer-data',
    match:
      /\b(?:for|by|from) an? newer [\w.-]{2,40}\b.{0,60}?\b(?:newer|old(?:er)?) (?:database|data|schema|release|version)|\b(?:database|schema|data|metadata)[ .]version\b.{0,40}?\bonly supports? v?\d|\bversion \d.{0,40}? because the maximum supported (?:by this software )?is \d|\b(?:cannot|can't|unable to|refus(?:es?|ing) to|invalid) downgrade\b|\bexpected (?:\w{1,20} ){0,3}version <=? ?\d{1,6},? but (?:the )?current version is \d|\bversion of the data \([^)]{1,30}\) is higher than\b|\bversion \([^)]{1,30}\) that is newer than the latest available migration/i,
    not: /dependenc|package|\bnpm\b|\bapt\b|helm|chart/i,
  },
  {
    form: 'newer-data',
    match: /\b(?:downgrad(?:e|ing)|roll(?:ing)? ?back)\b.{0,100}?\bnot (?:supported|possible|allowed)\b/i,
  },
  {
    form: 'other-data',
    match:
      /(?<subject>\/[\w@%+=,./-]{1,200}): .{0,40}?found (?:\w{1,20} ){0,3}?(?<found>[\w.-]{1,30}),? expected (?<wanted>[\w.-]{1,30}(?: or [\w.-]{1,30})?)/i,
    not: OF_IMAGE,
  },
  {
    form: 'other-data',
    match:
      /\b(?:drive|disk|data(?:base)?|volume|directory|format|backend|schema|store)\b.{0,80}?\bfound (?:\w{1,20} ){0,3}?(?<found>[\w.-]{1,30}),? expected (?<wanted>[\w.-]{1,30}(?: or [\w.-]{1,30})?)/i,
    not: OF_IMAGE,
  },
  {
    form: 'held',
    match:
      /\b(?:another|other|second) (?:instance|process|server|copy|session|migration|job|worker|node)\b.{0,60}?\b(?:is (?:already )?(?:running|using|holding)|already (?:running|using|has|holds)|has (?:locked|the lock)|holds|in progress)/i,
  },
  {
    form: 'held',
    match:
      /\b(?:lock|locked)\b.{0,60}?\b(?:never released|held by|already (?:held|locked|exists|taken|acquired)|by another|is (?:being )?held|in use)\b|\b(?:could not|cannot|can't|unable to|failed to) (?:acquire|obtain|get|take) (?:the |an? )?(?:\w{1,20} ){0,3}lock\b/i,
    not: /lock ?file .{0,40}out of|apt|dpkg|deadlock|npm|yarn|pnpm|lock wait/i,
  },
  {
    form: 'key-mismatch',
    match:
      /\b(?:could not|cannot|can't|unable to|failed to|couldn't) (?:be )?(?:decrypt(?:ed)?|unseal(?:ed)?)\b|\bdifferent ["'`]?[\w. -]{1,40}["'`]? was used to encrypt|\bmismatching encryption keys?\b|\bencryption keys? (?:does not|do not|doesn't|don't) match/i,
    not: /\bKMS\b|kms:|AccessDenied/,
  },
  {
    form: 'directory',
    match:
      /\b(?:read|open|load|parse|reading|opening|loading|file|parsing|create|write)\b.{0,40}?(?<subject>\/[\w@%+=,./-]{2,200})["'`]?:? (?:is a directory|Is a directory)\b|\bIsADirectoryError\b.{0,60}?["'](?<subject2>[^"']{1,200})["']|\bEISDIR: illegal operation on a directory, \w{2,10}(?: ["'](?<subject3>[^"']{1,200})["'])?/,
  },
  {
    form: 'not-built',
    match:
      /\b(?:did you (?:forget to )?run|have you run|(?:forgot|remember) to run)[ :]{1,2}["'`]?(?<wanted>(?!(?:the|an?|it|this|that|your)\b)[\w:@/-]{1,40}(?:[ .][\w:@/-]{1,40}){0,5}?)["'`]?(?: (?:first|before|yet)\b|\?|[.,]|$)|\b(?:run|try running) ["'`](?<wanted>(?:[\w.-]{1,20} ){1,4}build)["'`] (?:first|before)\b|\b(?:did you (?:forget to )?(?:build|compile)|(?:have you|has it been) (?:built|compiled)|(?:forgot|remember) to build)\b[\w:@./ -]{0,60}?(?: (?:first|before|yet)\b|\?|[.,]|$)|\bmust be built (?:first|before)\b|\bcould not find a production build\b(?:.{0,80}? with ["'`](?<wanted>(?:[\w.-]{1,20} ){1,4}build)["'`])?/i,
    // Commands that make no file of an image.
    not: /\b(?:run|run:) ["'`]?[^"'`]{0,40}?\b(?:migrat\w{1,4}|db:\w{1,40}|seed|log ?in|configure)\b/i,
  },
  {
    form: 'not-installed',
    match:
      /(?<subject>["'`][\w@./-]{1,80}["'`]|\b(?!(?:it|this|that|which|the|these|they|some|all|not|required|following|packages?|dependenc\w{1,3}|modules?) )[\w@/-]{2,60}(?:\.[\w-]{1,20})?)(?: (?:package|module|library|gem))? (?:(?:is|are) (?:required|needed) (?:to (?:be installed|install|build|compile|run)\b|but (?:is |are )?not installed)|(?:is|are) not installed\b|does not (?:seem|appear) to be installed|(?:must|needs to|has to) be installed\b|could not be found.{0,30}install it\b)|\bfollowing (?:packages|modules|libraries|dependencies|tools|programs) are not installed: (?<subject2>[\w@./-]{2,60})/i,
  },
  {
    form: 'conflict',
    match: new RegExp(
      `\\b${CANNOT} be (?:used|set|combined|specified|enabled|given|provided|mixed|defined|passed|configured)(?: together| both| at the same time| simultaneously| in combination| in conjunction)?(?: (?:with|alongside|when|if|while|together with) (?<other>${SIDE}))?(?= (?:is|are|has) (?:also )?(?:set|used|enabled|given|specified|defined|present)|${END})`,
      'i',
    ),
    not: /cannot be used (?:as|for|by|in|on|to)\b|can(?:no|')t be (?:set|used) (?:to|as|because|until)\b/i,
  },
  {
    form: 'conflict',
    match: new RegExp(
      `\\b(?:(?:is|are) (?:mutually exclusive|incompatible|not compatible)(?: (?:with|to) (?<other>${SIDE}))?|conflicts? with (?<other2>${SIDE}))(?=${END})`,
      'i',
    ),
    not: /resource version|merge|HTTP|\b409\b|dependency|peer|python|node|architecture|platform|packages? |version/i,
  },
  {
    form: 'length',
    match:
      /\b(?:must|should|has to|needs to) (?:be|have|contain|consist of)(?: a(?: minimum)? length of)? (?<wanted>(?:exactly |at least |at most |no more than |a minimum of |a maximum of |between |minimum |>= ?)?\d{1,5}(?:(?: and |-)\d{1,5})? (?:characters?|bytes?|bits?|chars?|digits|hex(?:adecimal)? (?:characters|digits)|letters))(?: long| in length)?(?:[,;]? ?\(?(?:got|but (?:is|was|got)|currently|found|received|it is|has|is)[: ]{1,2}(?<found>\d{1,5}))?/i,
  },
  {
    form: 'length',
    match: /\b(?:is|was) too (?<wanted>short|long|weak)\b/i,
    of: NAMED,
  },
  {
    form: 'choice',
    match: /\bInvalid enum value\. Expected (?<wanted>[^,]{1,160}), received (?<found>["'][^"']{0,60}["']|\w{1,40})/i,
  },
  {
    form: 'choice',
    match:
      /\b(?:must be (?:set to )?(?:one of(?: the following(?: values)?)?|any of|either)|(?:allowed|valid|possible|supported|accepted|available|permitted) (?:values|options|choices)(?: are)?|(?:expected|use|choose) one of|should be one of)[: ]{1,3}(?<wanted>.{1,160})/i,
    of: NAMED,
  },
  {
    form: 'choice',
    match: /(?<found>["'][^"']{0,60}["']) is not a valid (?<subject>[A-Z]\w{2,60})\b/,
  },
  {
    form: 'empty',
    match:
      /\b(?:must not|cannot|can't|can not|should not|may not) be (?:empty|blank|null|undefined|None|nil)\b|\b(?:is|was) (?:set but )?(?:empty|blank)\b|\bendpoint is empty\b|\bmust have a (?:non-empty )?value\b/i,
    not: /(?:queue|list|directory|folder|table|response|body|stack|result|database|cache|log|pool) (?:is|was) (?:set but )?empty/i,
    of: NAMED,
  },
  {
    form: 'without-entries',
    match:
      /\b(?:config\w{0,12}|settings|\.ya?ml|\.toml|\.conf|\.json)\b.{0,60}?\bno (?:enabled |valid |active |configured )?(?<subject>[a-z][\w-]{2,30}s)(?: (?:are|is|were|was))?(?: (?:enabled|active))? (?:specified|configured|defined|declared|given|listed)\b|\bno (?:enabled |valid |active |configured )?(?<subject2>[a-z][\w-]{2,30}s)(?: (?:are|is|were|was))?(?: (?:enabled|active))? (?:specified|configured|defined|declared|given|listed) in (?:[\w.-]{1,30} ){0,2}(?:config\w{0,12}|settings)\b/i,
    not: /no (?:credentials|changes|tests|errors|files|logs|commands|arguments|status)/i,
  },
  {
    form: 'type',
    match:
      /\b(?:must be|should be|expected|is not) (?<wanted>an? (?:array|object|list|(?:positive |valid |non-negative )?(?:integer|number|boolean|port(?: number)?)|valid (?:URL|URI|JSON|email(?: address)?|duration|path|hostname|cron expression|UUID|base64(?: string)?)|string))\b/i,
    not: /type(?:error|script)?\b|argument|param(?:eter)? \d|instance|function|got function|received function/i,
    of: ['variable', 'option', 'setting', 'secret'],
  },
  {
    form: 'removed',
    match:
      /\b(?:(?:is|are|was|were|has been|have been) (?:no longer (?:supported|available|valid|recognized|accepted)|removed|discontinued|replaced by (?<wanted>[^.;]{2,80}))|no longer exists?)(?:[.,;:]? .{0,60}?\b(?:[Uu]se|[Ss]witch to|[Mm]igrate to|[Rr]eplaced (?:by|with)|[Mm]ove to) (?<wanted2>.{2,100}?)(?: instead)?(?=[.;]?\s*$|[.;] | instead))?/,
    // What is gone from a store is data, not something that a version had.
    not: /\b(?:key|table|row|record|entry|file|index|queue|message|object) no longer exists|removed from (?:the |its )?(?:\w{2,20} )?(?:database|cache|table|queue|disk|directory|list|index|store|pool|cluster)\b|^(?:it|this|that) (?:is|was) no longer (?:available|valid)|session|connection|token|tasks? (?:is|are|was|were)|node (?:is|was)|member/i,
  },
];

/**
 * What an API says of a request; the surest words first. Looser than what programs print, as a refusal has one subject: the
 * field that it names, or the words right before or behind the predicate. Groups: `object`, where the subject stands behind
 * ("X requires a task role" misses the task role and not X); `subject`, `which`, `wanted`.
 */
const REFUSALS: readonly (readonly [RefusalForm, RegExp])[] = [
  ['force', /must force a new deployment|force ?new ?deployment/i],
  [
    'busy',
    /\bbusy\b|must be in (?:an? |the )?\S{1,40}(?: or \S{1,40})? state\b(?<!ACTIVE state)|(?<!\bcauses or )\bwait\b.{0,40}\btry again|(?:update|change|operation|deletion|creation) (?:is )?(?:already |still )?in progress/i,
  ],
  [
    'state',
    /(?:is|are|was|were) not (?:in an? |currently )?ACTIVE\b|not in an ACTIVE state|must be (?:in )?(?:an |the )?ACTIVE/,
  ],
  [
    'deleting',
    /(?:being|currently) (?:deleted|drained)|still (?:deleting|draining)|(?<!managed )\bDRAINING\b(?![^[]{0,40}\])|DELETE_IN_PROGRESS/i,
  ],
  [
    'choice',
    /\b(?:valid|allowed|supported|accepted) (?:values?|types?|options?) (?:for|of) (?:the )?(?<object>[\w .'"`[\]-]{2,80}?) (?:are|is|must be|:)(?: one of)?:? ?(?<wanted>[^.;]{2,200})/i,
  ],
  [
    'choice',
    /(?:should|must|can only|has to) be (?:one of|either)(?: the following)?:? ?(?<wanted>[^.;]{2,200})|\b(?:valid|allowed|supported|accepted) (?:values?|types?|options?)(?: are| is|:)(?: one of)?:? ?(?<wanted>[^.;]{2,200})/i,
  ],
  [
    'characters',
    /must match|(?:does|do|did) not match (?:the )?(?:regular|pattern|regex)|invalid characters?|illegal characters?|(?:can|may) have up to \d{1,4} (?:letters|characters)|(?:must|may|can|should) (?:only )?contain (?:only )?(?:letters|alphanumeric|lower|upper|a-z|characters|numbers|hyphens)|must be (?:alphanumeric|lower ?case)|only (?:alphanumeric|letters|lower ?case|hyphens|numbers)\b[^.;]{0,60} (?:are |is )?(?:allowed|permitted|valid)/i,
  ],
  // A value that is too large for what another setting makes of it; the field itself is right.
  [
    'range',
    /\bvalues? (?:above|below|over|under|greater than|less than|higher than|lower than|larger than|other than) \d{1,9}(?:\.\d{1,3})?%? (?:for|of|in) (?:the )?(?<object>[^.;]{2,80})/i,
  ],
  [
    'length',
    /(?:up to|at most|no more than|less than or equal to|longer than|exceeds?) ['"]?\d+['"]? characters|\d{1,5} characters or less|length (?:less|greater) than/i,
  ],
  [
    'exceeded',
    /exceed|\b(?:limit|quota)s?\b|too many|too (?:long|large|big)|maximum (?:number|of|length|allowed)|at most|more than \d|no more than|cannot have more/i,
  ],
  [
    'range',
    /\b(?:less|greater|fewer|lower|higher|larger|smaller) than\b|at least \d|between \d{1,9}(?:\.\d{1,3})? and|(?:minimum|maximum) (?:value|of \d)|in the range|out of range|a multiple of|(?:positive|negative|whole|integer) (?:number|integer|value)|must be an integer/i,
  ],
  [
    'duplicate',
    /duplicate|more than once|must be unique|not unique|defined twice|already (?:specified|defined|contains)/i,
  ],
  ['same', /cannot be the same|must (?:not be the same|be different|differ)|(?:are|is) the same\b(?! VPC)/i],
  [
    'once',
    /\bonly one\b|\bmore than one\b|at most one\b|\b(?:two|multiple|several) (?:[\w-]{1,30} )?configurations\b/i,
  ],
  [
    'in-use',
    /in use|already (?:being )?used|already associated with|already has an? |is used by|being used|used by another|is associated with/i,
  ],
  ['taken', /already exists?|idempotent|(?:has been|is) (?:already )?taken\b/i],
  ['owner', /your account ?id is|(?:another|different|other) account|cross-account/i],
  [
    'fixed',
    /\bcan(?:not|'t| not) be (?:changed|updated|modified)|\bcan(?:not|'t| not) (?:update|change|modify) (?:the )?(?<object>[^.;]{2,80})|(?:may|must) not be (?:changed|updated|modified)|immutable|not (?:an )?updat/i,
  ],
  [
    'required',
    /(?<wanted>\b[Ee]ither [^.;\n]{2,160}?) (?:must|has to|needs to|should) be (?:specified|provided|set|given|present)\b(?!.{0,40}\bnot both)/,
  ],
  [
    'conflict',
    /but not both|one or the other|\ba mix of|mutually exclusive|either .{1,80} or\b|cannot (?:both )?be (?:combined|used together)|conflict|together with|both .{1,80} and/i,
  ],
  [
    'excluded',
    /(?:do|does)(?: not|n't) (?:support|allow|accept) (?:the )?(?<object>[^.;]{2,80})|(?:not|n't|un)[- ]?support|not (?:allowed|permitted|valid|available|compatible|applicable) (?:for|with|when|on|in)|only (?:valid|supported|available|allowed|compatible)|can(?:not|'t| not) (?:specify|use|set|enable|define|provide) (?:an? |the )?(?<object>[^.;]{2,80})|can only be (?:used|set|specified|changed)|incompatib|must be null|must be empty or null|(?:should|may|must) not be (?:set|specified|used|given|provided|included)|can(?:not|'t| not) be (?:set|specif|used|given|provided|included|enabled|disabled|true|false)/i,
  ],
  [
    'owner',
    /accountids? mismatch|belongs? to (?:another|a different|a service in)|not (?:appear to )?belong to|(?:must be|are not|is not) in the same (?:VPC|account|region|cluster)|different (?:account|region|cluster|vpc)|another account|identifier is for/i,
  ],
  [
    'required',
    /\brequires? that (?:an? |the )?(?<object>[^.;]{2,60}?) (?:be|is) (?:defined|set|specified|provided)|\brequires? (?!that\b|compatib)(?:an? |the |at least one )?(?<object>[^.;]{2,80})|(?:has|have) to be configured with (?<object>[^.;]{2,80})|(?:must|should|need to|have to|has to|please) (?:also )?(?:specify|provide|set|include|define|have|contain|configure|supply)\b (?:a value for |an? |the |at least one )?(?<object>[^.;]{2,80})|\bmissing (?:the )?(?:required )?(?<object>[^.;]{2,80})|required|mandatory|(?:must|has to|needs to) be (?:specif|provid|set|given|defin|configured|present|suppl)|(?:can ?not|can't|could not|should not|must not) be (?:empty|blank|null)|missing|not (?:specified|provided|given|set|defined)|no .{1,40} (?:were|was) (?:specified|provided|found|defined)|must not be empty|can(?:not|'t| not) both be (?:empty|blank|null)|at least one|is empty|did not have/i,
  ],
  [
    'absent',
    /\b[Nn]o (?!changes|updates|errors?|instances? (?:met|with))(?<subject>[a-z][\w-]{1,30}(?: [a-z][\w-]{1,30}){0,2}?) (?:is |are |was |were )?(?:registered|found|exists?|available|associated|configured)\b(?: (?:for|with|in|on) (?<which>[^.;\n]{2,200}))?/,
  ],
  [
    'absent',
    /(?:does|do|did) ?n[o']?t (?:exist|refer to an? (?:existing|valid))|not found|cannot be found|could(?: not|n't) be found|no such|unable to (?:find|locate|describe)|(?:could not|can ?not) find|is not an? [\w ]{1,30} (?:in|of) the|unknown|no matching|was not found/i,
  ],
  [
    'malformed',
    /invalid|malformed|syntax|not (?:a )?valid|pattern|must be (?:an? |either )|format|unrecognized|illegal/i,
  ],
];

const LEADS =
  /^(?:(?:the|a|an|your|this|error|invalid|fatal|both|value|values|of|for|in|from|at|environment|env|variable|variables|setting|config|configuration|option|parameter|flag|key|property|field|that|field:|provided|specified|given|following|argument|all|because|and|but|when|if)\b:? ?)+/i;
/** What a sentence's clause begins behind. */
const BOUNDARY = /(?:[:;!?(\u2014]|[.,](?=\s)| - | \| |=> |\n)\s*/g;
const TOKEN =
  /["'`](?<quoted>[^"'`\n]{1,100})["'`]|(?<![\w-])(?<option>--?[a-zA-Z][\w.-]{1,60})|(?<![\w.])(?<variable>[A-Z][A-Z0-9]{0,40}_[A-Z0-9_]{1,80})\b|(?<![\w/])(?<path>\/[\w@%+=,./-]{2,200})|\b(?<code>[a-z_]\w{0,40}(?:\.[a-z_]\w{0,40}){0,6}\.[A-Z]\w{1,60})\b|\b(?<setting>[a-z][a-z0-9]{0,40}(?:[A-Z][a-z0-9]{1,30}){1,6}|[a-z]\w{0,40}(?:[._][a-z]\w{0,40}){1,6}|[a-z]+(?:-[a-z]+){2,6})\b/g;

/** In capitals too, and no variables. */
const ABBREVIATION =
  /^(?:JSON|YAML|HTML|HTTP|HTTPS|AJAX|CORS|LDAP|SMTP|IMAP|AMQP|MQTT|GRPC|SAML|OAUTH|UUID|ASCII|NULL|NONE|TRUE|FALSE|ERROR|FATAL|PANIC|ALERT|WARN|WARNING|CRITICAL|SEVERE|EMERG|NOTICE|INFO|DEBUG|SELECT|INSERT|TABLE)$/;

/** What kind of thing a name is, by its form alone. */
export function kindOf(name: string): SubjectKind {
  if (/^--?[a-zA-Z]/.test(name)) return 'option';
  if (isErrorName(name)) return 'phrase';
  if (new RegExp(`^(?:${LANGUAGE})$`).test(name)) return 'runtime';
  if (/^[A-Z][A-Z0-9]{0,40}_[A-Z0-9_]{1,80}$/.test(name) || (/^[A-Z]{4,30}$/.test(name) && !ABBREVIATION.test(name)))
    return 'variable';
  if (
    /^(?:\.{0,2}\/|[\w.-]{1,80}\/)[^\s]{1,250}$|\.(?:json|ya?ml|toml|conf|ini|env|properties|xml|pem|crt|key)$/.test(
      name,
    )
  )
    return 'path';
  if (/^[a-z_]\w*(?:\.[a-z_]\w*)*\.[A-Z]\w+$/.test(name) || /\(\)$/.test(name)) return 'code';
  if (
    /\b(?:secret|key|password|token|passphrase|salt)s?\b|secret|password|(?:api|secret|private|encryption)_?key/i.test(
      name,
    )
  )
    return 'secret';
  return /^[\w$.[\]-]{2,80}$/.test(name) && /[A-Z_.\d-]/.test(name.slice(1)) ? 'setting' : 'phrase';
}

const tokenIn = (clause: string): Subject | undefined => {
  const found = [...clause.matchAll(TOKEN)].at(-1);
  const name = Object.values(found?.groups ?? {}).find((word) => word !== undefined);
  if (name === undefined || isErrorName(name)) return undefined;
  const kind = kindOf(name);
  // What is quoted may be any text: of several words it is no name.
  return kind === 'phrase' && /\s/.test(name) ? undefined : { name, kind: kind === 'phrase' ? 'setting' : kind };
};

/** The subject of a clause: a name by its form, or its few words where they are no more than that. */
function subjectOf(clause: string): Subject | undefined {
  const token = tokenIn(clause);
  if (token) return token;
  const words = clause.replace(LEADS, '').replace(/(?<![\s:])[\s:]+$/, '');
  if (words.split(' ').length > 5 || !/^[\w./' -]{3,60}$/.test(words)) return undefined;
  if (/^(?:it|this|that|they|you|we|there|which|what|not|to|is)\b|\b(?:is|was|are|were|and then)\b/i.test(words))
    return undefined;
  return { name: words, kind: kindOf(words) };
}

/** The clause that ends where the predicate begins. */
function clauseBefore(text: string): string {
  const boundary = [...text.matchAll(BOUNDARY)].findLast(({ index, 0: mark }) => index + mark.length < text.length);
  return boundary ? text.slice(boundary.index + boundary[0].length) : text;
}

/** Both sides of a conflict that stand before its predicate (`--a and --b are mutually exclusive`); undefined where there are more, or one is no setting. */
function sidesIn(before: string): { readonly subject: Subject; readonly other: Subject } | undefined {
  const clause = clauseBefore(before);
  const sides = clause.split(/ (?:and|or) /).map(subjectOf);
  const [subject, other] = sides;
  const isOfMore = sides.length > 2 || tokenIn(listBefore(before, clause)) !== undefined;
  if (subject === undefined || other === undefined || isOfMore) return undefined;
  return NAMED.includes(subject.kind) && NAMED.includes(other.kind) ? { subject, other } : undefined;
}

/** What stands before the comma that a clause begins behind; empty where it begins otherwise. */
function listBefore(text: string, clause: string): string {
  const list = text.slice(0, text.length - clause.length).trimEnd();
  return list.endsWith(',') ? clauseBefore(list.slice(0, -1)) : '';
}

/** What a sentence of an API is about, with what it is called: `the rule named web`, `Repository [web]`, `'taskRole'`. */
const NOUN =
  /^(?:(?:the|an?|specified|referenced|requested|provided|given|parameter|field|property)\b ?)*["'`]?(?<subject>[a-z][\w.[\]-]{1,60}(?: [a-z][\w.-]{0,30}){0,3}?)["'`]?(?: (?<which>(?:named |with (?:the )?(?:same |given )?(?:name|id|arn):? ?)["'`[(]?[\w:./@-]{1,200}["'`\])]?|["'`[(][\w:./@ -]{2,200}["'`\])]|[\w.-]{0,100}[:/\d][\w:./@-]{1,200}))?$/i;
const NO_NOUN =
  /^(?:it|this|that|they|you|we|there|which|what|one|another|please|the|an?|requests?|values?|names?)\b|\b(?:is|was|are|were|be|not|must|can|cannot|should|you|your|and|in|on|at|to|of|with|for|from|by)\b/i;
const COPULA =
  / (?:(?:currently|already|also|still|is|are|was|were|has|have|do|does|can|could|must|should|be|an?|the)(?: |$)){1,3}$/;

/** `The weight for each target group`: the weight is the subject. */
const OF_EACH = / (?:for|of|in) (?:each|every|any|all) [\w -]{2,60}$/;

const nounIn = (clause: string): Pick<Refusal, 'subject' | 'which'> => {
  const { subject, which } = NOUN.exec(clause.trim())?.groups ?? {};
  if (subject === undefined || NO_NOUN.test(subject)) return {};
  return {
    subject,
    ...defined({ which: tidy(which?.replace(/^(?:named |with (?:the )?(?:same |given )?(?:name|id|arn):? ?)/i, '')) }),
  };
};

/** A rule about all entries of a kind. */
const SEVERAL: readonly RegExp[] = [
  /\b(?:only|at most|no more than|just) one (?<thing>[\w-]{2,40}(?: [\w-]{2,20}){0,2}?)(?: (?<does>(?:can|may|is|are|with|per|in|for)\b[^.;'"]{2,80})|(?=[.;'"]|$))/i,
  /\bmore than one (?<thing>[\w-]{2,40}(?: [\w-]{2,20}){0,2}?)(?: (?<does>(?:with|per|in|for|that)\b[^.;'"]{2,80})|(?=[.;'"]|$))/i,
];

/** What to keep of several entries, where a sentence says that only one may be so (`rule that can select Untagged images`); undefined where it says no such thing. */
export function oneOf(message: string): string | undefined {
  const { thing, does } = SEVERAL.map((one) => one.exec(message)?.groups).find((groups) => groups !== undefined) ?? {};
  if (does === undefined) return thing;
  return `${thing}${/^(?:can|may|is|are)\b/.test(does) ? ' that' : ''} ${does}`.replace(
    / (?:that )?(?:is|are|can be|may be) (?:allowed|supported|permitted|possible|used|specified)$/,
    '',
  );
}

/** Sentences in which an API says what to do: an order, what has to be done before, the call or setting for what was meant. */
const INSTRUCTIONS: readonly RegExp[] = [
  /\b[Bb]efore [a-z][^.;,\n]{3,100}, (?:you (?:must|need to|have to) |please |first )[^.;\n]{3,140}/,
  /(?<=^|[.;:,] |\b(?:must|should|please|have to|need to) )(?:first )?(?:delete|remove|detach|disassociate|deregister|stop|drain|disable|enable|create|register|empty|release|associate|attach|revoke|cancel)\b (?!by\b|of\b|from\b)[^.;\n]{3,140}? (?:before \w|first\b)[^.;\n]{0,100}/i,
  /\bTo [a-z][^.;,\n]{3,140}, (?:please )?(?:you (?:must|need to|have to) )?(?:first )?(?:use|call|specify|set|enable|create|provide|add|remove|choose|update)\b [^.;\n]{3,160}/,
  /(?<=^|[.;,] )(?:[Pp]lease )?[Uu]se [^.;\n]{3,120}? instead\b/,
];

/** What the caller has to do, in the words of an API; undefined where it does not say so. */
export function instructionIn(sentence: string): string | undefined {
  const text = sentence.slice(0, 2_000);
  return INSTRUCTIONS.map((one) => one.exec(text)?.[0].trim()).find((found) => found !== undefined);
}

export interface Refusal {
  readonly form: RefusalForm;
  /** In the sentence's words; undefined where it does not stand right before the predicate or right behind it. */
  readonly subject?: string;
  /** Which one of it: its name, id or ARN. */
  readonly which?: string;
  /** What would be right. */
  readonly wanted?: string;
  /** Behind the predicate, the words in which the subject stands. */
  readonly object?: string;
  /** In front of the predicate. */
  readonly before: string;
}

/** @returns what an API finds wrong with a request; undefined where its sentence has no form that is known */
export function refusalIn(sentence: string): Refusal | undefined {
  for (const [form, match] of REFUSALS) {
    const found = match.exec(sentence);
    if (!found) continue;
    const { object, subject, which, wanted } = found.groups ?? {};
    const before = sentence.slice(0, found.index);
    const clause =
      ` ${before.trimEnd()}`
        .slice(-LENGTH)
        .replace(COPULA, '')
        .split(/[:,;.(] /)
        .at(-1)
        ?.replace(OF_EACH, '') ?? '';
    const about = subject === undefined ? nounIn(object ?? clause) : { subject, ...defined({ which: tidy(which) }) };
    return { form, before, ...about, ...defined({ object, wanted }) };
  }
  return undefined;
}

/** A line may hold as much, and no more is read of it. */
const LENGTH = 1_000;

/**
 * @param line one line or sentence, without the marks of its logger
 * @param as an entry of a list of mistakes is about a setting, even where one plain word names it
 * @returns undefined where it states nothing in a form that is known
 */
export function statementIn(line: string, as: 'sentence' | 'entry' = 'sentence'): Statement | undefined {
  const text = line.slice(-LENGTH).replace(/\s+/g, ' ').replaceAll('\\"', '"');
  for (const { form, match, not, of } of GRAMMARS) {
    const found = match.exec(text);
    if (!found || not?.test(text)) continue;
    const { subject, subject2, subject3, wanted, wanted2, found: instead, other, other2 } = found.groups ?? {};
    const own = subject ?? subject2 ?? subject3;
    const before = text.slice(0, found.index);
    const named =
      own === undefined
        ? subjectOf(clauseBefore(before).replace(/^["'`](?=[^"'`]*$)/, ''))
        : ((name): Subject => ({ name, kind: kindOf(name) }))(own.replace(/["'`]/g, ''));
    const about: Subject | undefined =
      as === 'entry' && named?.kind === 'phrase' && !/\s/.test(named.name) ? { ...named, kind: 'setting' } : named;
    if (of && (about === undefined || !of.includes(about.kind))) continue;
    const against = other ?? other2;
    const sides = form === 'conflict' && against === undefined ? sidesIn(before) : undefined;
    return {
      form,
      ...defined({
        subject: about,
        wanted: tidy(wanted ?? wanted2),
        found: instead,
        other: against === undefined ? undefined : subjectOf(against),
        ...sides,
      }),
    };
  }
  return undefined;
}

function tidy(words: string | undefined): string | undefined {
  const bare = words
    ?.replace(/(?<![\s.,;:)\]])[\s.,;:)\]]+$/, '')
    .replace(/^[\s[(]+/, '')
    .replace(/ \| /g, ', ')
    .replace(/["'`]/g, '');
  return bare === '' ? undefined : bare;
}
