import { DLL_MISSING, type Found, field, GUIDE, maybe, OF_TASKS, type Rule } from './rule.ts';

const EXITS = `${GUIDE}/stopped-task-error-codes.html`;

/** The texts that say no more than that a container ended. */
const EXITED = [
  /essential container(?: in (?:the )?task)? (?:has )?(?:exited|stopped)/i,
  /\bexit(?:ed)?(?: with)?(?: an?)?(?: non-?zero)?(?: exit)?[ -]?(?:code|status)\b/i,
  /^EssentialContainerExited$/,
  /^(?:container )?exit(?:ed)?:? ?\(?-?\d+\)?$/i,
];
/** The exit code: the field beside the message, else the number in it. Windows writes large or negative ones. */
const exitCodeOf = (found: Found): number | undefined => {
  const code =
    field(found, 'exitCode') ||
    /\bexit(?:ed)?(?: with)?(?: an?)?(?: non-?zero)?(?: exit)?[ -]?(?:code|status)?:? ?\(?(-?(?:0x[\da-f]+|\d+))/i.exec(
      found.text,
    )?.[1];
  return code ? Number(code) : undefined;
};
/** `OOMKilled`, as Docker's inspection has it. */
const isOomKilled = ({ context }: Found): boolean => context.oomKilled === true || context.OOMKilled === true;
const isOneOf =
  (...codes: readonly number[]) =>
  (found: Found): boolean =>
    codes.includes(exitCodeOf(found) ?? Number.NaN) && !isHelper(found);
/** Linux: 128 and the number of the signal, or its negative; Windows: the NTSTATUS, signed or not. */
const SIGNALS: ReadonlyMap<number, string> = new Map([
  [143, 'SIGTERM'],
  [-15, 'SIGTERM'],
  [130, 'SIGINT'],
  [139, 'SIGSEGV'],
  [-11, 'SIGSEGV'],
  [-1073741819, 'STATUS_ACCESS_VIOLATION'],
  [3221225477, 'STATUS_ACCESS_VIOLATION'],
  [-1073741510, 'STATUS_CONTROL_C_EXIT'],
  [3221225786, 'STATUS_CONTROL_C_EXIT'],
]);
const signalled = (code: number): string => {
  const signal = SIGNALS.get(code);
  return signal === undefined ? String(code) : `${code}: ${signal}`;
};
/** A container that may end without ending its task. */
const isHelper = (found: Found): boolean => found.context.essential === false;
const nameOf = (found: Found): string => maybe(asCode(field(found, 'container') || field(found, 'containerName')));

const asCode = (name: string | undefined): string => (name ? `\`${name}\`` : '');

const LOGS = "Read the container's last log lines (CloudWatch Logs, or the log group of the task definition)";

function crashCause(found: Found): string {
  const code = exitCodeOf(found) ?? 0;
  return `The application in the container${nameOf(found)} ended with exit code ${code}${MEANING[code] ?? ''}.`;
}

/** How a container ended. */
export const CONTAINERS: readonly Rule[] = [
  {
    // The runtime's own process (runc init) is the first in the container: the image's program has not run yet.
    id: 'oom',
    nature: 'permanent',
    ...OF_TASKS,
    subject: 'container',
    failure: 'exhausted',
    end: 'out-of-memory',
    match: [/container init was OOM-?killed/i, /OCI runtime .{0,400}\bOOM-?killed\b/i],
    cause: (found) =>
      `The container${nameOf(found)} was killed for want of memory while the runtime was still setting it up, before its program started: as a rule its hard limit (\`memory\`) is too low even for that.`,
    remedy:
      'Raise `memory` of the container to what the program needs, at least some tens of MiB (it counts in MiB, so 4 is 4 MiB; input `memory` for the task). Where it is large enough already, the host itself is out of memory.',
    link: `${GUIDE}/task_definition_parameters.html`,
  },
  {
    id: 'oom',
    nature: 'ambiguous',
    ...OF_TASKS,
    subject: 'container',
    failure: 'exhausted',
    end: 'out-of-memory',
    match: [
      /OutOfMemory(?:Error)?: ?Container|OutOfMemoryError\b(?!.{0,40}(?:Java|heap|GC|Metaspace))/,
      /killed due to memory usage|OOM-?Killed|oom-?kill|memory cgroup out of memory|used more memory than its limit/i,
    ],
    unless: /PHP Fatal|java\.lang/i,
    cause: (found) => `The container${nameOf(found)} used more memory than its limit and was killed (out of memory).`,
    remedy: ({ context }) =>
      `Raise the container's memory and the task's (input \`memory\`${context.taskMemory ? `, now ${String(context.taskMemory)} MiB` : ''}), or look for the leak; let the runtime's heap limit (-XX:MaxRAMPercentage, --max-old-space-size) stay below the memory limit.`,
    link: `${GUIDE}/stopped-task-error-codes.html`,
  },
  {
    id: 'oom',
    nature: 'ambiguous',
    ...OF_TASKS,
    subject: 'container',
    failure: 'exhausted',
    end: 'out-of-memory',
    match: [
      /java\.lang\.OutOfMemoryError|heap out of memory|Reached heap limit|Allowed memory size of \d+ bytes exhausted|\bMemoryError\b|cannot allocate memory|fatal error: runtime: out of memory/i,
    ],
    unless:
      /failed to solve|did not complete successfully|Cannot(?:Create|Start|Inspect|Pull)\w{0,20}Error|fork\/exec|re-exec|OCI runtime/i,
    cause: 'The program ran out of memory (heap) and ended.',
    remedy:
      "Raise the heap limit of the runtime and, above it, the container's memory (input `memory`), or look for the leak.",
    link: `${GUIDE}/memory-management.html`,
  },
  {
    id: 'oom',
    nature: 'ambiguous',
    ...OF_TASKS,
    subject: 'container',
    failure: 'exhausted',
    end: 'out-of-memory',
    match: EXITED,
    when: isOomKilled,
    cause: (found) => `The container${nameOf(found)} used more memory than its limit and was killed (out of memory).`,
    remedy: "Raise the container's memory and the task's (input `memory`), or look for the leak.",
    link: EXITS,
  },
  {
    id: 'container-health-check',
    nature: 'ambiguous',
    ...OF_TASKS,
    subject: 'container',
    failure: 'crashed',
    healthCheck: 'container',
    match: [/failed container health checks?/i],
    unless: /Service Connect|dependency/i,
    cause: (found) =>
      `The container health check of the task fails: its command${nameOf(found)} ended with an error, is not in the image (curl, wget), or the application was not ready in time.`,
    remedy:
      'Install the tool that the command uses in the image, or correct its URL and port: run the healthCheck command inside the image by hand. Give healthCheck a startPeriod (0-300 s) that covers the start, or more retries or timeout; see what the application logs meanwhile.',
    link: `${GUIDE}/healthcheck.html`,
  },
  {
    id: 'segfault',
    technology: 'native',
    nature: 'ambiguous',
    ...OF_TASKS,
    subject: 'container',
    failure: 'crashed',
    end: 'segfault',
    inLog: true,
    match: [...EXITED, /SIGSEGV|segmentation fault/i],
    when: (found) =>
      /SIGSEGV|segmentation fault/i.test(found.text) || isOneOf(139, -1073741819, 3221225477, -11)(found),
    cause: (found) =>
      `The container${nameOf(found)} crashed with a segmentation fault (exit code ${signalled(exitCodeOf(found) ?? 139)}).`,
    remedy: `Look at native libraries and the base image (musl or glibc), and whether the image is of the task's architecture (input \`platforms\`). ${LOGS}.`,
    link: EXITS,
  },
  {
    id: 'entrypoint-not-executable',
    nature: 'permanent',
    ...OF_TASKS,
    subject: 'container',
    failure: 'failed',
    match: EXITED,
    when: isOneOf(126),
    cause: (found) =>
      `The command of the container${nameOf(found)} cannot be run (exit code 126: permission denied, or no program).`,
    remedy:
      'Give the file the execute permission in the Dockerfile (RUN chmod +x, COPY --chmod=755) and a #! line with an interpreter that the image has; check the USER.',
    link: EXITS,
  },
  {
    id: 'entrypoint-not-found',
    nature: 'permanent',
    ...OF_TASKS,
    subject: 'container',
    failure: 'missing',
    match: EXITED,
    when: isOneOf(-1073741515, 3221225781),
    cause: (found) =>
      `The program of the container${nameOf(found)} did not start: Windows found no DLL that it needs in the image (exit code ${exitCodeOf(found) ?? ''}, 0xC0000135).`,
    remedy: DLL_MISSING,
    link: EXITS,
  },
  {
    id: 'entrypoint-not-found',
    nature: 'permanent',
    ...OF_TASKS,
    subject: 'container',
    failure: 'missing',
    match: EXITED,
    when: isOneOf(127),
    cause: (found) =>
      `The command of the container${nameOf(found)} was not found in the image (exit code ${exitCodeOf(found) ?? 127}: no such executable), or a library that it needs is missing.`,
    remedy:
      'Correct command or entryPoint in the task definition (input `command`), the PATH, or what the Dockerfile installs.',
    link: EXITS,
  },
  {
    id: 'sigkill-stop-timeout',
    nature: 'ambiguous',
    ...OF_TASKS,
    subject: 'container',
    failure: 'timed-out',
    end: 'killed',
    match: EXITED,
    when: isOneOf(137, -9),
    cause: (found) =>
      `The container${nameOf(found)} was killed (exit code 137: SIGKILL) and no OutOfMemoryError was reported: it did not end within stopTimeout after SIGTERM, or the memory of the task or its host ran out.`,
    remedy:
      'Compare MemoryUtilization of the service at that time with its limit: near 100 % raise the memory (input `memory`). Otherwise handle SIGTERM (exec form of the entry point, or linuxParameters.initProcessEnabled), or raise stopTimeout.',
    link: EXITS,
  },
  {
    id: 'essential-container-exited-zero',
    nature: 'ambiguous',
    ...OF_TASKS,
    subject: 'container',
    failure: 'crashed',
    end: 'exited',
    match: EXITED,
    when: isOneOf(0),
    cause: (found) =>
      `The essential container${nameOf(found)} ended by itself without an error (exit code 0), which ends its task.`,
    remedy:
      'Keep its main process running in the foreground (no daemon mode), or set essential to false for a helper that is meant to end, with dependsOn (SUCCESS or COMPLETE) where others wait for it.',
    link: EXITS,
  },
  {
    id: 'sigterm-exit',
    nature: 'ambiguous',
    ...OF_TASKS,
    subject: 'container',
    failure: 'crashed',
    end: 'terminated',
    match: EXITED,
    when: isOneOf(143, 130, -15, 3221225786, -1073741510),
    cause: (found) =>
      `The container${nameOf(found)} was asked to stop and did so (exit code ${signalled(exitCodeOf(found) ?? 143)}): it is a consequence of something else that ended the task.`,
    remedy: `Look for the container or health check that failed first, and who stopped the task. ${LOGS}.`,
    link: EXITS,
  },
  {
    id: 'helper-container-exited',
    nature: 'normal',
    ...OF_TASKS,
    subject: 'container',
    failure: 'none',
    end: 'helper',
    match: EXITED,
    when: (found) => isHelper(found) && exitCodeOf(found) !== undefined,
    cause: (found) =>
      `The container${nameOf(found)}, which is not essential, ended with exit code ${exitCodeOf(found) ?? ''}; its task continues.`,
    remedy: 'Nothing, unless another container depends on its success: then read its log.',
    link: `${GUIDE}/task_definition_parameters.html`,
  },
  {
    id: 'app-crash',
    nature: 'ambiguous',
    ...OF_TASKS,
    subject: 'container',
    failure: 'crashed',
    end: 'crashed',
    match: EXITED,
    unless: /Cannot(?:Start|Create|Pull)Container|OCI runtime create failed/,
    when: isOneOf(132),
    cause: crashCause,
    remedy:
      'Build the image for the CPU that the task runs on (input `platforms`, runtimePlatform.cpuArchitecture), without instructions that it lacks (-march=native, AVX); then look at native libraries.',
    link: EXITS,
  },
  {
    id: 'app-crash',
    nature: 'ambiguous',
    ...OF_TASKS,
    subject: 'container',
    failure: 'crashed',
    end: 'crashed',
    inLog: true,
    match: EXITED,
    unless: /Cannot(?:Start|Create|Pull)Container|OCI runtime create failed/,
    when: (found) => exitCodeOf(found) !== undefined,
    cause: crashCause,
    remedy: `${LOGS}: the error of the start is there. Compare the environment variables, secrets, command and reachable databases with those of the revision before.`,
    link: EXITS,
  },
  {
    id: 'essential-container-exited',
    nature: 'symptom',
    ...OF_TASKS,
    subject: 'container',
    failure: 'crashed',
    inLog: true,
    match: EXITED,
    unless: /Cannot(?:Start|Create|Pull)Container|OCI runtime create failed/,
    cause: 'An essential container of the task ended, which ends the task.',
    remedy: `See which container it was, its exit code and reason (containers[].exitCode, containers[].reason). ${LOGS}.`,
    link: EXITS,
  },
];

/** What exit codes above 128 and some others mean; 128 + n is signal n. */
const MEANING: Readonly<Record<number, string>> = {
  1: ' (its own error)',
  2: ' (its own error, or wrong usage of a shell command)',
  125: ' (Docker itself failed)',
  132: ' (SIGILL: illegal instruction, often built for a newer CPU or another architecture)',
  134: ' (SIGABRT: it aborted itself: an assertion, a failed allocation)',
  135: ' (SIGBUS)',
  136: ' (SIGFPE: arithmetic error)',
  255: ' (its own error, or out of range)',
};
