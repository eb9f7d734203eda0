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
  | 'type'
  | 'required'
  | 'excluded'
  | 'absent'
  | 'taken'
  | 'fixed'
  | 'exceeded';

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
const CANNOT = "(?:cannot|can ?not|can't|may not|must not|should not|is not allowed to|are not allowed to)";

/** The first form that fits; surer ones first. */
const GRAMMARS: readonly Grammar[] = [
  {
    form: 'unsupported-version',
    match: new RegExp(
      `\\b(?<subject>${LANGUAGE}) (?:version )?v?(?<found>\\d{1,3}(?:\\.\\d{1,4}){0,3}) is (?:not|no longer|un) ?(?:yet )?supported(?:[^\\n]{0,40}?\\b(?:use|requires?|need|supported(?: versions?)?(?: are| is)?:?) (?:(?:${LANGUAGE}) )?(?:version )?(?<wanted>[<>=~^ ]{0,4}v?\\d[\\w.]{0,12}(?:(?: ?[<>=|,-]{1,2} ?| or (?:newer|later|higher)| and | to )(?:v?\\d[\\w.]{0,12})?){0,3}))?(?=[.,;)]?(?:\\s|$))`,
    ),
  },
  {
    form: 'unsupported-version',
    match: new RegExp(
      `\\b(?:requires?|needs?|works? only with|only supports?|supports? only|minimum(?: required| supported)?)(?: an?| the)?(?: minimum)? (?<subject>${LANGUAGE})(?: version)? (?<wanted>(?:>=?|<=?|\\^|~|at least |version )?\\s?v?\\d{1,3}(?:\\.\\d{1,4}){0,3}(?: (?:or (?:newer|later|higher|above|greater)|and above))?\\+?)(?:[^\\n]{0,60}?\\b(?:running|found|have|got|using|current(?:ly)?(?: version)?(?: is)?:?|is|version:?|detected) v?(?<found>\\d{1,3}(?:\\.\\d{1,4}){0,3}))?`,
    ),
  },
  {
    form: 'newer-data',
    match:
      /\b(?:database|schema|db|data(?:base)? (?:file|format|version|directory)|data|index|store|volume|state)\b[^\n]{0,60}?\b(?:is|was|has been) (?:newer|more recent|too new|ahead|(?:created|written|initiali[sz]ed|upgraded|migrated|last used) (?:by|with|to) a (?:newer|later|higher))\b/i,
    not: /client|protocol/i,
  },
  {
    form: 'newer-data',
    match:
      /\b(?:downgrad(?:e|ing)|roll(?:ing)? ?back)\b(?: from| to| of| the| an?| version| database| is| are| a| older| your){0,5}[^\n]{0,60}?\bnot (?:supported|possible|allowed)\b/i,
  },
  {
    form: 'other-data',
    match:
      /(?<subject>\/[\w@%+=,./-]{1,200}): [^\n]{0,40}?found (?:\w{1,20} ){0,3}?(?<found>[\w.-]{1,30}),? expected (?<wanted>[\w.-]{1,30}(?: or [\w.-]{1,30})?)/i,
    not: /image|manifest|content[- ]type|checksum|digest|sha\d/i,
  },
  {
    form: 'other-data',
    match:
      /\b(?:drive|disk|data(?:base)?|volume|directory|format|backend|schema|store)\b[^\n]{0,80}?\bfound (?:\w{1,20} ){0,3}?(?<found>[\w.-]{1,30}),? expected (?<wanted>[\w.-]{1,30}(?: or [\w.-]{1,30})?)/i,
  },
  {
    form: 'held',
    match:
      /\b(?:another|other|second) (?:instance|process|server|copy|session|migration|job|worker|node)(?: of [\w.-]{1,40})?(?: of this \w{1,20})?\b[^\n]{0,40}?\b(?:is (?:already )?(?:running|using|holding)|already (?:running|using|has|holds)|has (?:locked|the lock)|holds|in progress)/i,
  },
  {
    form: 'held',
    match:
      /\b(?:lock|locked)\b[^\n]{0,60}?\b(?:never released|held by|already (?:held|locked|exists|taken|acquired)|by another|is (?:being )?held|in use)\b|\b(?:could not|cannot|can't|unable to|failed to) (?:acquire|obtain|get|take) (?:the |an? )?(?:\w{1,20} ){0,3}lock\b/i,
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
      /\b(?:read|open|load|parse|reading|opening|loading|file|parsing|create|write)\b[^\n]{0,40}?["'`]?(?<subject>\/[\w@%+=,./-]{2,200})["'`]?:? (?:is a directory|Is a directory)\b|\bIsADirectoryError\b[^\n]{0,60}?["'](?<subject2>[^"'\n]{1,200})["']|\bEISDIR: illegal operation on a directory, \w{2,10}(?: ["'](?<subject3>[^"'\n]{1,200})["'])?/,
  },
  {
    form: 'not-built',
    match:
      /\b(?:did you (?:forget to )?(?:run|build|compile)|(?:have|has) (?:you|it) (?:been )?(?:run|built|compiled)|(?:forgot|remember) to (?:run|build)|(?:please |you (?:must|need to|should) )?(?:run|try running) ["'`](?:[\w.-]{1,20} ){1,4}build["'`] (?:first|before)|must be built (?:first|before)|could not find a production build)\b[ :]{0,2}["'`]?(?<wanted>[\w:@./ -]{2,60}?)?["'`]?(?: (?:first|before|yet)\b|\?|[.,]|$)/i,
  },
  {
    form: 'not-installed',
    match:
      /(?<subject>["'`][\w@./-]{1,80}["'`]|\b[\w@/-]{2,60}(?:\.[\w-]{1,20})?) (?:(?:is|are) (?:required|needed) (?:to (?:be installed|install|build|compile|run)\b|but (?:is |are )?not installed)|(?:is|are) not installed\b|does not (?:seem|appear) to be installed|(?:must|needs to|has to) be installed\b|could not be found[^\n]{0,30}install it\b)/i,
    not: /^(?:it|this|that|which|packages?|dependenc\w{1,5}|they|modules?|not) (?:is|are)/i,
  },
  {
    form: 'conflict',
    match: new RegExp(
      `\\b${CANNOT} be (?:used|set|combined|specified|enabled|given|provided|mixed|defined|passed|configured)(?: together| both| at the same time| simultaneously| in combination| in conjunction)?(?: (?:with|alongside|when|if|while|together with) (?<other>[^.;:\\n]{2,100}?))?(?= (?:is|are|has) (?:also )?(?:set|used|enabled|given|specified|defined|present)|[.;:)]|$)`,
      'i',
    ),
    not: /cannot be used (?:as|for|by|in|on|to|on)\b|can(?:no|')t be (?:set|used) (?:to|as|because|until)/i,
  },
  {
    form: 'conflict',
    match:
      /\b(?:(?:is|are) (?:mutually exclusive|incompatible|not compatible)(?: (?:with|to) (?<other>[^.;:\n]{2,100}?))?|conflicts? with (?<other2>[^.;:\n]{2,80}?))(?=[.;:)]|$)/i,
    not: /resource version|merge|HTTP|\b409\b|dependency|peer|python|node|architecture|platform|packages? |version/i,
  },
  {
    form: 'length',
    match:
      /\b(?:must|should|has to|needs to) (?:be|have|contain|consist of)(?: a(?: minimum)? length(?: of)?)? (?<wanted>(?:exactly |at least |at most |no more than |a minimum of |a maximum of |between |minimum |>= ?)?\d{1,5}(?:(?: and |-)\d{1,5})? (?:characters?|bytes?|bits?|chars?|digits|hex(?:adecimal)? (?:characters|digits)|letters))(?: long| in length)?(?:[,;]? ?\(?(?:got|but (?:is|was|got)|currently|found|received|it is|has|is)[: ]{1,2}(?<found>\d{1,5}))?/i,
  },
  {
    form: 'length',
    match: /\b(?:is|was) too (?<wanted>short|long|weak)\b/i,
    of: NAMED,
  },
  {
    form: 'choice',
    match:
      /\bInvalid enum value\. Expected (?<wanted>[^,\n]{1,160}), received (?<found>["'][^"'\n]{0,60}["']|\w{1,40})/i,
  },
  {
    form: 'choice',
    match:
      /\b(?:must be (?:set to )?(?:one of(?: the following(?: values)?)?|any of|either)|(?:allowed|valid|possible|supported|accepted|available|permitted) (?:values|options|choices)(?: are)?|(?:expected|use|choose) one of|should be one of)[: ]{1,3}(?<wanted>[^\n]{1,160})/i,
    of: NAMED,
  },
  {
    form: 'choice',
    match: /(?<found>["'][^"'\n]{0,60}["']) is not a valid (?<subject>[A-Z]\w{2,60})\b/,
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
      /\b(?:config\w{0,12}|settings|\.ya?ml|\.toml|\.conf|\.json)\b[^\n]{0,60}?\bno (?:enabled |valid |active |configured )?(?<subject>[a-z][\w-]{2,30}s)(?: (?:are|is|were|was))?(?: (?:enabled|active))? (?:specified|configured|defined|declared|given|listed)\b|\bno (?:enabled |valid |active |configured )?(?<subject2>[a-z][\w-]{2,30}s)(?: (?:are|is|were|was))?(?: (?:enabled|active))? (?:specified|configured|defined|declared|given|listed) in (?:the |your )?(?:[\w.-]{1,30} )?(?:config\w{0,12}|settings)\b/i,
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
      /\b(?:(?:is|are|was|were|has been|have been) (?:no longer (?:supported|available|valid|recognized|accepted)|removed(?: (?:in|since|from|as of) [^.;\n]{1,40})?|discontinued|replaced by (?<wanted>[^.;\n]{2,80}))|no longer exists?)(?:[.,;:]? [^\n]{0,60}?\b(?:[Uu]se|[Ss]witch to|[Mm]igrate to|[Rr]eplaced (?:by|with)|[Mm]ove to) (?<wanted2>[^\n]{2,100}?)(?: instead)?(?=[.;]?\s*$|[.;] | instead))?/,
    not: /^(?:it|this|that) (?:is|was) no longer (?:available|valid)|session|connection|token|tasks? (?:is|was)|node (?:is|was)|member/i,
  },
];

/** What an API says of a request. */
const THING = /(?<subject>[A-Za-z][\w.[\]-]{1,60}(?: [A-Za-z][\w.-]{0,30}){0,3}?)/.source;
const REFUSALS: readonly Grammar[] = [
  {
    form: 'required',
    match:
      /(?<wanted>\b[Ee]ither [^.;\n]{2,160}?) (?:must|has to|needs to|should) be (?:specified|provided|set|given|present)\b/,
  },
  {
    form: 'required',
    match: new RegExp(
      `(?:^|[:,;.(] )(?:[Tt]he |[Aa]n? )?(?:parameter |field |property )?["'\`]?${THING}["'\`]? (?:(?:must|has to|needs to|should) be (?:specified|provided|set|given|present|supplied)|(?:is|are) (?:required|missing|mandatory)|(?:is|was) not (?:specified|provided|given|set))\\b`,
    ),
    not: /\b(?:not|only) (?:required|missing)/i,
  },
  {
    form: 'excluded',
    match: new RegExp(
      `(?:^|[:,;.(] )(?:[Tt]he |[Aa]n? )?(?:parameter |field |property )?["'\`]?${THING}["'\`]? ${CANNOT} be (?:specified|provided|set|given|used|present|included)\\b`,
    ),
  },
  {
    form: 'fixed',
    match: new RegExp(
      `(?:^|[:,;.(] )(?:[Tt]he |[Aa]n? )?${THING} (?:cannot|can't|can not|must not|may not) be (?:changed|updated|modified)\\b`,
    ),
  },
  {
    form: 'absent',
    match:
      /\b[Nn]o (?<subject>[a-z][\w-]{1,30}(?: [a-z][\w-]{1,30}){0,2}?) (?:is |are |was |were )?(?:registered|found|exists?|available|associated|configured)\b(?: (?:for|with|in|on) (?<wanted>[^.;\n]{2,200}))?/,
    not: /no (?:changes|updates|errors?|instances? (?:met|with))/i,
  },
  {
    form: 'absent',
    match: new RegExp(
      `(?:^|[:,;.(] )(?:[Tt]he )?(?:specified |referenced |requested |provided )?${THING}(?: (?:named |with (?:the )?(?:name|id|ARN) )?(?<wanted>["'\`\\[(]?[\\w:./@-]{2,200}["'\`\\])]?))? (?:does not|doesn't|do not) exist\\b`,
    ),
  },
  {
    form: 'absent',
    match: new RegExp(
      `(?:^|[:,;.(] )(?:[Tt]he )?(?:specified |referenced |requested |provided )?${THING} (?:(?:was|were|is|could|can) ?not (?:be )?found|not found)\\b`,
    ),
  },
  {
    form: 'taken',
    match: new RegExp(
      `(?:^|[:,;.(] )(?:[Tt]he |[Aa]n? )?(?:specified |requested )?${THING}(?: (?:named |with (?:the )?(?:same |given )?(?:name|id) ?)?(?<wanted>["'\`\\[(]?[\\w:./@-]{2,200}["'\`\\])]?))? already exists?\\b`,
    ),
  },
  {
    form: 'exceeded',
    match:
      /\b(?:exceed(?:s|ed|ing)?|more than|reached|over) (?:the )?(?:maximum |limit |quota |allowed )?(?:number |limit |quota )?(?:of )?(?<wanted>\d{1,9}(?: [A-Za-z]{2,30})?)/i,
    not: /attempts|retries|timeout|seconds ago/i,
  },
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
  if (/^[A-Z][A-Z0-9]{0,40}_[A-Z0-9_]{1,80}$/.test(name) || (/^[A-Z]{4,30}$/.test(name) && !ABBREVIATION.test(name)))
    return 'variable';
  if (
    /^(?:\.{0,2}\/|[\w.-]{1,80}\/)[^\s]{1,250}$|\.(?:json|ya?ml|toml|conf|ini|env|properties|xml|pem|crt|key)$/.test(
      name,
    )
  )
    return 'path';
  if (new RegExp(`^(?:${LANGUAGE})$`).test(name)) return 'runtime';
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
  if (words === '' || words.split(' ').length > 5 || !/^[\w./' -]{3,60}$/.test(words)) return undefined;
  if (/^(?:it|this|that|they|you|we|there|which|what|not|to|is)\b|\b(?:is|was|are|were|and then)\b/i.test(words))
    return undefined;
  return { name: words, kind: kindOf(words) };
}

/** The clause that ends where the predicate begins. */
function clauseBefore(text: string): string {
  const boundary = [...text.matchAll(BOUNDARY)].findLast(({ index, 0: mark }) => index + mark.length < text.length);
  return boundary ? text.slice(boundary.index + boundary[0].length) : text;
}

/** A line may hold as much, and no more is read of it. */
const LENGTH = 1_000;

/**
 * @param line one line or sentence, without the marks of its logger
 * @param as an entry of a list of mistakes is about a setting, even where one plain word names it; a refusal is what an
 *   API answered to a request
 * @returns undefined where it states nothing in a form that is known
 */
export function statementIn(line: string, as: 'sentence' | 'entry' | 'refusal' = 'sentence'): Statement | undefined {
  const text = line.slice(-LENGTH).replace(/\s+/g, ' ').replaceAll('\\"', '"');
  for (const { form, match, not, of } of as === 'refusal' ? REFUSALS : GRAMMARS) {
    const found = match.exec(text);
    if (!found || not?.test(text)) continue;
    const { subject, subject2, subject3, wanted, wanted2, found: instead, other, other2 } = found.groups ?? {};
    const own = subject ?? subject2 ?? subject3;
    const named =
      own === undefined
        ? subjectOf(clauseBefore(text.slice(0, found.index).trimEnd()).replace(/^["'`](?=[^"'`]*$)/, ''))
        : ((name): Subject => ({ name, kind: kindOf(name) }))(own.replace(/^["'`]|["'`]$/g, ''));
    const about: Subject | undefined =
      as === 'entry' && named?.kind === 'phrase' && !/\s/.test(named.name) ? { ...named, kind: 'setting' } : named;
    if (of && (about === undefined || !of.includes(about.kind))) continue;
    const against = other ?? other2;
    return {
      form,
      ...defined({
        subject: about,
        wanted: tidy(wanted ?? wanted2),
        found: instead === undefined ? undefined : instead.trim(),
        other: against === undefined ? undefined : subjectOf(against.trim()),
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
