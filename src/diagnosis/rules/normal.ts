import { ANYWHERE, AWS, ECR_GUIDE, GUIDE, OF_BUILD_OUTPUT, OF_TASKS, type Rule, TASK, TASK_SIDE } from './rule.ts';

const EVENTS = `${GUIDE}/service-event-messages-list.html`;
const NOTHING = 'Nothing to do.';

/** A task came, went or was replaced: ordinary once, and a sign of trouble where it repeats. */
const MOVES = /\b(?:has )?(?:started|stopped) \d+ (?:running |pending )?tasks?\b|\bderegistered \d+ |begun draining/i;
const STARTS = /has started \d+ tasks?\b/gi;
const REPEATS =
  'A deployment or scaling looks like this. Where it repeats without one, the tasks end: read the stopped reason, the exit codes and the log of the stopped tasks (describe-tasks keeps them for about an hour), and the health of the targets.';

/** Ordinary progress, in words that failures use as well. */
export const NORMAL: readonly Rule[] = [
  {
    id: 'normal-operation',
    nature: 'normal',
    ...OF_TASKS,
    subject: 'none',
    failure: 'none',
    severity: 'warning',
    match: [
      /Successfully set desired count to 0\b(?:[^\n]{0,200}?alarm (?<alarm>[\w./:-]{1,200}) in state ALARM triggered policy (?<policy>[\w./:-]{1,200}))?/i,
    ],
    cause: ({ words: { alarm, policy } }) =>
      `Application Auto Scaling set the desired count of the service to 0, so ECS runs none of its tasks${alarm && policy ? `: the alarm ${alarm} triggered the policy ${policy}` : ''}.`,
    remedy:
      'Where the service is to run: give its scalable target a minimum of at least 1 (aws application-autoscaling describe-scalable-targets; CloudTrail RegisterScalableTarget says who changed it), set the desired count again, and look whether threshold and missing data of the alarm are as meant.',
    link: `${GUIDE}/service-auto-scaling.html`,
  },
  {
    id: 'normal-operation',
    nature: 'normal',
    ...OF_TASKS,
    subject: 'none',
    failure: 'none',
    match: [
      /has reached a steady state|STEADY_STATE\b/i,
      /has started \d+ tasks?\b/i,
      /\b(?:de)?registered \d+ (?:targets?|instances?|containers?|services?)\b/i,
      /has begun draining connections on \d+/i,
      /\bhas stopped \d+ (?:running |pending )?tasks?|\bstopped \d+ (?:pending|running) tasks?/i,
      /deployment (?:[\w/-]{1,80}\)? )?(?:completed|in progress|is in progress|started)\b/i,
      /has (?:started|begun) (?:a )?(?:new )?deployment|deployment (?:succeeded|successful)/i,
      /rolling update (?:is )?in progress/i,
      /was updated: desired count|updated computedDesiredCount|Successfully set (?:desired count|min capacity)/i,
      /has (?:started|completed|finished) rebalancing|SERVICE_REBALANCING_(?:STARTED|IN_PROGRESS|COMPLETED)/,
      /AZ[- ]?(?:un)?balanced|not AZ balanced|AZ Rebalanc/i,
    ],
    unless:
      /circuit breaker|roll(?:ing|ed) back|unable to|alarm detected|error|fail|unhealthy (?:status|tasks?)|due to an? (?!.{0,20}(?:deployment|scal|rebalanc))/i,
    cause: ({ text }) => {
      const starts = text.match(STARTS)?.length ?? 0;
      if (starts > 1 && !/steady state/i.test(text))
        return `The service started tasks ${starts} times in these events; they do not say why the tasks before ended.`;
      return MOVES.test(text)
        ? 'The event only says what the service did with its tasks or targets, not why.'
        : 'Ordinary progress of the service.';
    },
    remedy: ({ text }) => (MOVES.test(text) && !/steady state/i.test(text) ? REPEATS : NOTHING),
    link: EVENTS,
  },
  {
    id: 'normal-operation',
    nature: 'normal',
    ...OF_TASKS,
    subject: 'none',
    failure: 'none',
    match: [
      /Scaling activity initiated|Service scheduler initiated|^ServiceSchedulerInitiated$/i,
      /Availability Zone rebalancing (?:initiated|in progress)/i,
      /container instance (?:\S{1,100} )?is in (?:the )?DRAINING (?:state|status)/i,
      /Service .{0,255}(?:was|is being) (?:scaled|deleted)/i,
      /Task stopped (?:by|for|due to) .{0,200}(?:deployment|scaling|rebalanc)/i,
    ],
    unless: /unable to|fail|unhealthy|error|crash|alarm/i,
    cause:
      'The service scheduler stopped the task on purpose: a deployment, scaling, rebalancing or draining replaces it.',
    remedy:
      'If one of these was meant, that is all. Otherwise the events of the service, its scaling activities and CloudTrail (UpdateService) say what asked for it.',
    link: `${GUIDE}/stopped-task-error-codes.html`,
  },
  {
    id: 'deployment-superseded',
    nature: 'symptom',
    ...OF_TASKS,
    subject: 'deployment',
    failure: 'none',
    severity: 'warning',
    match: [/replaced by (?:a )?(?:new|another|newer) (?:service )?deployment/i],
    cause: 'A newer deployment of the same service replaced this one before it was done.',
    remedy:
      'Look at the newer deployment. To let one finish before the next begins, give the workflow a `concurrency` group or set the input `on-active-deployment` to wait.',
    link: `${GUIDE}/service-deployment.html`,
  },
  {
    id: 'normal-operation',
    nature: 'normal',
    surfaces: [...TASK, 'api.ecr'],
    producers: [...TASK_SIDE, ...AWS],
    launch: ANYWHERE,
    subject: 'none',
    failure: 'none',
    match: [/ImageAlreadyExistsException/],
    unless: /immutable/i,
    cause: 'ECR has this image under this tag already, so there was nothing to push.',
    remedy: NOTHING,
    link: `${ECR_GUIDE}/common-errors.html`,
  },
  {
    id: 'normal-operation',
    nature: 'normal',
    surfaces: [...TASK, 'api.ecr'],
    producers: [...TASK_SIDE, ...AWS],
    launch: ANYWHERE,
    subject: 'none',
    failure: 'none',
    match: [
      /RepositoryAlreadyExistsException(?:[^\n]{0,200}?repository with name '(?<repository>[a-z0-9][\w./-]{0,255})')?/,
    ],
    cause: ({ words: { repository } }) =>
      `The ECR repository${repository ? ` ${repository}` : ''} exists already in that account and Region, so it was not created again.`,
    remedy:
      'Use it as it is: this action does. Where another tool stopped at that error, bring the repository into its state (terraform import, cdk import) or take the creation out, as create-repository of the AWS CLI when describe-repositories finds it.',
    link: `${ECR_GUIDE}/common-errors.html`,
  },
];

/** A word of trouble: an unknown event that has one is not called ordinary. */
const TROUBLE =
  /\b(?:fail\w*|unable|un(?:healthy|reachable|available|successful\w*|authorized|supported|known)|errors?|exception|den(?:y|ied)|cannot|can't|could not|not|no|never|missing|invalid|insufficient|exceed\w*|limit\w*|throttl\w*|block\w*|roll(?:ing|ed)?[ -]?back|alarm|timed? ?out|expired|refused|rejected|killed|crash\w*|stuck|interrupt\w*|misconfigured|violat\w*|impaired|stop\w*)\b/i;

/** What ECS says of a service in ordinary words; only believed when no row knows better. */
export const PROGRESS: Rule = {
  id: 'normal-operation',
  nature: 'normal',
  surfaces: ['service.event'],
  producers: TASK_SIDE,
  launch: ANYWHERE,
  subject: 'none',
  failure: 'none',
  match: [
    /^\(?service [^)]{1,600}\)?,? (?:\([^)]{1,255}\) ){0,3}(?:has (?:started|begun|completed|finished|reached|registered|resumed|launched|added|set|updated|created|scaled)|(?:was|is) (?:created|updated|starting|registering|launching|now|healthy)|registered|started|completed|updated|created|scaled)\b/i,
  ],
  when: ({ text }) => !TROUBLE.test(text.replace(/^\(?service [^)]{1,600}\)? ?/, '')),
  cause: ({ text }) => `ECS reports progress: ${text}`,
  remedy: NOTHING,
  link: EVENTS,
};

/** Lines of BuildKit, Docker and tools that are known to be ordinary. */
const ORDINARY =
  /^(?:#\d{1,4} (?:\[[^\]\n]{1,100}\] |DONE\b|CACHED\b|\d{1,5}\.\d{1,3} |sha256:|exporting|pushing|importing|resolve|transferring|extracting|preparing|writing|naming|load|copying|sending|merging|reading|inferred)|.{0,40}requested image's platform \([\w/]{1,30}\) does not match the detected host platform|npm (?:WARN|warn|notice)\b|(?:found 0 vulnerabilities|up to date|added \d{1,6} packages)|debconf: |[0-9a-f]{12}: (?:Layer already exists|Pushed|Pull complete|Already exists|Mounted from|Preparing|Waiting)|Login Succeeded|[\w.-]{1,128}: digest: sha256:|WARNING! Your (?:password|credentials)|Configure a credential helper|https:\/\/docs\.docker\.com\/|.{0,40}(?:FromAsCasing|JSONArgsRecommended|LegacyKeyValueFormat|SecretsUsedInArgOrEnv|InvalidDefaultArgInFrom|UndefinedVar|WorkdirRelativePath|StageNameCasing|MaintainerDeprecated|ConsistentInstructionCasing|RedundantTargetPlatform|FromPlatformFlagConstDisallowed|DuplicateStageName|ReservedStageName|NoEmptyContinuation|MultipleInstructionsDisallowed|ExposeProtoCasing|CopyIgnoredFile|InvalidDefinitionDescription)\b|\d{1,3} warnings? found)/;
/** A line of a program of which it is not known whether it is ordinary. */
const OF_A_PROGRAM = /^#\d{1,4} \d{1,5}\.\d{1,3} /;
const PRINTED_TROUBLE =
  /\b(?:errors?|err!|fail\w*|fatal|killed|panic|abort\w*|exception|denied|unauthorized|forbidden|refused|cannot|can't|could not|unable|not found|no such|no space|invalid|timed? ?out|shutdown|cancell?ed|terminated|unexpected|traceback|segmentation)\b/i;

/** Each line is one that is known, and none is of a program that reports trouble. */
export function isOrdinaryOutput(text: string): boolean {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  return (
    lines.length > 0 &&
    lines.every((line) => ORDINARY.test(line.trim()) && !(OF_A_PROGRAM.test(line) && PRINTED_TROUBLE.test(line)))
  );
}

/** Lines of a build that look like trouble and are none; believed only where every line is known. */
export const BUILD_PROGRESS: readonly Rule[] = [
  {
    id: 'normal-operation',
    nature: 'normal',
    ...OF_BUILD_OUTPUT,
    subject: 'none',
    failure: 'none',
    match: [
      /(?:^|\n)#\d+ ERROR: [^\n]{0,400}not found(?:\n|$)[\s\S]{0,400}importing cache manifest/,
      /(?:^|\n)#\d+ ERROR: failed to configure \w{1,12} cache importer: [^\n]{0,300}not found(?:\n|$)/,
    ],
    unless: /\n(?:ERROR|error): |failed to solve/,
    cause: 'There is no build cache in the registry yet, so the build runs without it; the first build writes it.',
    remedy: NOTHING,
    link: 'https://docs.docker.com/build/cache/backends/registry/',
  },
  {
    id: 'normal-operation',
    nature: 'normal',
    ...OF_BUILD_OUTPUT,
    subject: 'none',
    failure: 'none',
    match: [/^/],
    when: ({ text }) => isOrdinaryOutput(text),
    cause: 'Ordinary output of the build.',
    remedy: NOTHING,
    link: 'https://docs.docker.com/build/',
  },
];
