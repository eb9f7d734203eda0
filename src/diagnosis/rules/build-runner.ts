import { OF_BUILD_OUTPUT, type Rule } from './rule.ts';

const LIMITS = 'https://docs.github.com/en/actions/reference/limits';
const MONITOR =
  'https://docs.github.com/en/actions/how-tos/manage-runners/self-hosted-runners/monitor-and-troubleshoot';

/**
 * What ended the job from outside, in GitHub's words. They stand beside ordinary output of the build, which was only the
 * last thing that was printed.
 */
export const RUNNER_ENDED: readonly Rule[] = [
  {
    id: 'build-timed-out',
    nature: 'permanent',
    ...OF_BUILD_OUTPUT,
    subject: 'build',
    failure: 'timed-out',
    match: [
      /has exceeded the maximum execution time of (?<limit>[\w ]{1,20}?)\.|The action .{1,200} has timed out after (?<limit>\d{1,5} minutes)|The job running on runner .{1,100} has exceeded/i,
    ],
    cause: ({ words: { limit } }) =>
      `The job took longer than its time limit${limit ? ` (${limit})` : ''}, so GitHub ended it while the build ran.`,
    remedy:
      'Find the step that takes the time in the log, and use a cache (`cache-from`, `cache-to`). A platform of another architecture than the runner is slow to build: use a native runner (ubuntu-24.04-arm), or raise timeout-minutes of the job.',
    link: LIMITS,
  },
  {
    id: 'build-runner-lost',
    nature: 'ambiguous',
    ...OF_BUILD_OUTPUT,
    subject: 'build',
    failure: 'stopped',
    transient: true,
    severity: 'failure',
    match: [
      /The runner has received a shutdown signal|lost communication with the server|the runner service is stopped|runner .{0,80}(?:was|is being) (?:terminated|shut down|preempted)/i,
    ],
    cause:
      'The runner was shut down or lost its connection to GitHub while the build ran: the machine ended (Spot, scale-in, a stopped service), or ran out of memory or CPU. The build itself did not fail.',
    remedy:
      'Run the job again. If it comes back at the same place, use a larger runner or fewer things at once; on self-hosted runners look at the log of the machine (Spot interruption, autoscaling, kernel out-of-memory).',
    link: MONITOR,
  },
  {
    id: 'build-cancelled',
    nature: 'ambiguous',
    ...OF_BUILD_OUTPUT,
    subject: 'build',
    failure: 'stopped',
    severity: 'failure',
    match: [
      /The operation was cancell?ed\.?(?:\n|$)|Canceling since a higher priority waiting request|The (?:run|job|workflow run) was cancell?ed/i,
      /(?:failed to (?:solve|build): )?(?:Canceled: )?(?:error from sender: )?context cancell?ed(?:: context canceled)?\s*$/im,
    ],
    unless: /error (?:reading from server|mounting)|Unavailable/i,
    cause: ({ text }) =>
      `The build was cancelled${/higher priority/i.test(text) ? ' by a newer run of the same concurrency group' : ', by a user, a newer run (concurrency, cancel-in-progress) or a time limit'}: it did not fail by itself.`,
    remedy:
      'See in the run who or what cancelled it. A newer run does so with cancel-in-progress of `concurrency`; a time limit with timeout-minutes. Otherwise run the job again.',
    link: 'https://docs.github.com/en/actions/how-tos/write-workflows/choose-when-workflows-run/control-workflow-concurrency',
  },
];
