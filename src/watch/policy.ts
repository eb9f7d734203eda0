/**
 * Every number that the watch decides by, and where it comes from. Durations are in seconds, from one instant to another as
 * the comment says. Numbers without a page or an API named are ours: chosen so that the replays and the population of
 * simulated rollouts (__tests__/replay, __tests__/population) neither fail a rollout that heals nor wait for one that cannot.
 */
export const POLICY = {
  // How often AWS is asked.

  /** From one poll to the next while tasks move: a success must be reported within 5 s of being true. */
  pollSeconds: 3,
  /** The same once nothing has moved for `quietAfterSeconds`. */
  quietPollSeconds: 5,
  quietAfterSeconds: 60,
  /** Never less between two polls, however long the calls took. */
  shortestPauseSeconds: 1,
  /** After a poll that failed or was throttled; doubles up to the longest. A success is still reported within about 5 s. */
  firstBackoffSeconds: 3,
  longestBackoffSeconds: 5,
  /** ListTasks and DescribeTasks: when the deployments or events changed, and else after so long. A verdict on tasks is due within 15 s. */
  tasksEverySeconds: 8,
  /** DescribeTargetHealth. */
  targetsEverySeconds: 10,
  /**
   * ListServiceDeployments, until ours is found: in each poll for the first 20 s, then every 15 s. It appears within moments of
   * UpdateService, or not at all (a proxy, a partition without this API).
   */
  searchEagerlySeconds: 20,
  searchEverySeconds: 15,

  // Calls that only help.

  /** A failure that took at least this long is a time-out; a call is given up after 15 s (adapters/http.ts). */
  timeoutFromSeconds: 5,
  /** One time-out may be chance; from the second one in a row on, the call is left out for a while. */
  timeoutsInARow: 2,
  /** For so long it is left out at first; doubles up to the longest. */
  firstPauseSeconds: 60,
  longestPauseSeconds: 300,

  /** DescribeTargetHealth is given up after so many more polls without an answer: a runner that cannot reach it must not wait for it. */
  targetSilences: 2,

  // Logs of failed containers.

  /** Lines that are shown, unless `log-lines` says otherwise. */
  logLinesShown: 20,
  /** Lines that are read to find the reason: a stack trace of a framework is longer than what is shown. */
  logLinesRead: 200,
  /** Of the line that says why, so many characters are shown. */
  reasonCharacters: 240,
  /** A stream is read so often until it has lines: they reach CloudWatch some seconds after the container ended. */
  logReads: 3,
  /** Of tasks whose container ended with the same exit code, the logs of so many are read. */
  logsAlike: 3,

  // What ECS shows late.

  /** DescribeServices may show the state before UpdateService for so long (eventual consistency). */
  staleSeconds: 30,
  /** A service that is not found for so long was deleted. */
  missingSeconds: 15,
  /** From FAILED to the predecessor being PRIMARY again; a circuit breaker without a completed deployment never gets there. */
  displacementSeconds: 120,
  /** A task that is stopping and still counted has been replaced by then. */
  replacedSeconds: 30,
  /** A watch that starts so late cannot know whether the revision before ever ran, and assumes it did. */
  lateSeconds: 60,
  /** What ECS gets beyond our own time limit to finish a rollback that it has started. */
  restoreSeconds: 900,

  // When a failure is certain.

  /** A new role may be refused for so long, until IAM's change is known everywhere. */
  iamPropagationSeconds: 60,
  /** ECS tries a refused role again after a growing pause and reports it once; a longer silence is not a pause. */
  roleSilenceSeconds: 150,
  /** Failed tasks by ECS's own counter, where tasks cannot be seen: the least threshold of its circuit breaker. */
  unseenFailures: 3,
  /** A sibling proves that the revision works when it has run 1.5 times as long as the failed tasks, and 10 s more. */
  outlivedFactor: 1.5,
  outlivedSeconds: 10,
  /** Ends this far apart are two, where ECS does not show when the later task was started. */
  unrelatedEndsSeconds: 10,
  /** Besides two crashes in a row, one more for each five healthy siblings. */
  siblingsPerFurtherCrash: 5,
  /** Tasks that a registry or an API throttled one after another: those that ask at the same time are refused together. */
  throttledInARow: 3,
  /** Placement that is impossible, seen for so long: the event may be about a task that was just stopping. */
  blockedProofSeconds: 10,
  /** Quotas are shared with other services, which may release something. */
  sharedQuotaSeconds: 120,

  // How long a rollout may go without progress: `no-progress-minutes`, times these.

  /** While tasks are on their way (a huge image, an instance that boots), or AWS lacks capacity. */
  onTheWayFactor: 2,
  /** While tasks are on their way and none has failed: a Windows image of 10 GiB is pulled and unpacked for 25 minutes. */
  untroubledFactor: 3,

  // The report of a success.

  /** So many of the problems on the way become warnings. */
  warnings: 5,
} as const;
