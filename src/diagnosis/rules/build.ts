import { lastResort } from '../matrix.ts';
import { of, type Text } from '../say.ts';
import { UNSEEN } from '../text.ts';
import { HEAPS } from '../tools/general.ts';
import {
  DLL_MISSING,
  DOCKER,
  first,
  maybe,
  OF_BUILD_OUTPUT,
  OF_BUILD_STEPS,
  OF_BUILDS,
  type Rule,
  windowsEnd,
} from './rule.ts';

const DOCKERFILE = `${DOCKER}/reference/dockerfile/`;
const MULTI = `${DOCKER}/build/building/multi-platform/`;
const one = (text: string): string =>
  (/(?:^|\n)ERROR: ([^\n]+)/.exec(text)?.[1] ?? text.trim().split('\n').at(-1) ?? text)
    .replace(/^(?:failed to (?:build|solve): )+/, '')
    .slice(0, 400);
/** The runtime whose own heap limit was reached, which a larger builder does not raise. */
const heapOf = (text: string): (typeof HEAPS)[number] | undefined => HEAPS.find(({ match }) => match.test(text));
/** As it is or as JSON has it. */
const UNSEEN_OR_ESCAPED = String.raw`${UNSEEN.source}|\\u(?:00a0|200b|feff|2028)`;
const INVISIBLE = new RegExp(String.raw`${UNSEEN_OR_ESCAPED}|\\x(?:c2\\xa0|e2\\x80\\x8b|ef\\xbb\\xbf)`, 'i');

/** What a server answered in place of a Dockerfile. */
const WEB_PAGE = /unknown instruction: (?:<!?[a-z]|404:)/i;

function dockerfileFault(text: string): string {
  if (WEB_PAGE.test(text)) return 'What was read as the Dockerfile is a web page, which a server answered with';
  return /requires BuildKit|Error response from daemon: .{0,80}unknown flag/i.test(text)
    ? 'The builder does not know an instruction of the Dockerfile'
    : 'The Dockerfile has an error';
}

/** What an unknown instruction shows about the file. */
const SYNTAX: readonly (readonly [RegExp, string])[] = [
  [
    WEB_PAGE,
    'Give the build a Git URL that ends in .git (`context`: https://HOST/OWNER/NAME.git#BRANCH:FOLDER), or check the repository out first and build from a path. Of a Dockerfile that is downloaded take the raw file, with a token where it is private.',
  ],
  [
    /^ ?\d{1,5} \| <<-? \w/m,
    'The line stands in a here-document, which the Dockerfile frontend does not see: write no blank behind << (<<EOF, not << EOF), put `# syntax=docker/dockerfile:1` on the first line, and build with BuildKit. Or COPY the file instead of writing it in RUN.',
  ],
  [
    /^ ?\d{1,5} \| <<-?\w/m,
    'The line stands in a here-document, which the Dockerfile frontend in use does not know: put `# syntax=docker/dockerfile:1` on the first line and build with BuildKit. Or COPY the file instead of writing it in RUN.',
  ],
  [
    /unknown instruction: (?:[[{}]|"[\w-]{1,40}":)/i,
    'The line belongs to the instruction above it: to a here-document (<<EOF), which needs `# syntax=docker/dockerfile:1` on the first line, BuildKit and no blank behind <<; or to an array of CMD or ENTRYPOINT, which stands on one line or has \\ at the end of each.',
  ],
  [
    new RegExp(String.raw`(?:unknown instruction|parse error|Syntax error)[^\n]{0,200}?(?:${UNSEEN_OR_ESCAPED})`, 'i'),
    'Delete that character: write the line again by hand instead of pasting it, and save the file as UTF-8 without a byte order mark (cat -A Dockerfile shows it as M-...).',
  ],
  [
    // BuildKit names flags it does not know with two hyphens or offers the nearest; only the old builder writes `flag: mount`.
    /Error response from daemon: .{0,80}unknown flag: (?:--)?(?:mount|network|security|link|parents|exclude|checksum|keep-git-dir|chmod)\b|(?:the --?(?:mount|chmod|link|network|security|platform) (?:option|flag) requires BuildKit)|requires BuildKit\b/i,
    'Build with BuildKit, which has that flag: docker buildx build (docker/setup-buildx-action), or DOCKER_BUILDKIT=1 for docker build. The old builder of the daemon does not have it, whatever the `# syntax=` line says.',
  ],
  [
    /circular dependency detected on stage/i,
    'A stage copies from itself (COPY --from, RUN --mount=from) or two copy from each other: let COPY --from name an earlier stage, and begin the next stage with a FROM of its own.',
  ],
  [
    /definition: dockerfile parse error .{0,80}unknown instruction: (?:set|echo|cat|if|for|cd|mkdir|apt-get|apk|pip|npm|export|EOF|EOT)\b/i,
    'Put `# syntax=docker/dockerfile:1` on the first line: the line stands in a heredoc (RUN <<EOT), which an old Dockerfile frontend does not know. Where there is no heredoc, the line belongs to the RUN above it and needs \\ at the end of that.',
  ],
  [
    /unknown instruction: (?:services|version|networks|volumes|name):/i,
    'The file is a compose file: give the Dockerfile in the input `file` (a compose file names it under build.dockerfile).',
  ],
  [
    /unknown instruction: (?:&&|\|\||\\|["'[\]{(]|-{1,2}\w|#)/i,
    'The line belongs to the instruction above it: end that line with \\ (no space or comment behind it, LF line ends), and write CMD and ENTRYPOINT arrays on one line.',
  ],
  [
    /unterminated heredoc/i,
    'Write the closing word of the heredoc (`EOF` of `<<EOF`) alone on its line, without spaces before it; `<<-EOF` takes tabs before it.',
  ],
  [
    /unknown instruction: (?:<<|cat\b|EOF)/i,
    'Heredocs need `# syntax=docker/dockerfile:1` on the first line of the Dockerfile and a closing word that stands alone on its line.',
  ],
];

/** A path without the place where BuildKit mounts the context for itself; undefined where nothing of it remains. */
const inContext = (path: string): string | undefined =>
  path.replace(/^\S*\/buildkit-mount\d+\/?/, '').replace(/^\/?tmp\/\S*$/, '') || undefined;

/** What the Dockerfile, its steps and the runner make wrong. */
export const BUILD: readonly Rule[] = [
  {
    id: 'build-context-missing',
    nature: 'permanent',
    ...OF_BUILD_OUTPUT,
    subject: 'build',
    failure: 'denied',
    match: [
      /(?:failed to fetch remote|error fetching default branch for repository|load git source|git source) (?<url>(?:https?|ssh|git):\/\/[^\s#]{1,300}|git@[^\s#]{1,300})[\s\S]{0,1500}?(?:could not read (?:Username|Password)|terminal prompts disabled|Authentication failed|Permission denied \(publickey|Repository not found|repository '[^'\n]{1,300}' not found)/i,
    ],
    cause: ({ words: { url }, text }) =>
      `The builder may not read the Git repository${maybe(url ?? /(?:https?|ssh):\/\/[^\s#:]{1,300}/.exec(text)?.[0])}: it is private (or does not exist), and the build has no token for it.`,
    remedy:
      'Check the repository out with actions/checkout and give its folder as `context`, or pass a token that may read it as the build secret GIT_AUTH_TOKEN (input `build-secrets`); the GITHUB_TOKEN of a job reads its own repository only.',
    link: `${DOCKER}/build/concepts/context/#git-repositories`,
  },
  {
    id: 'build-emulation-missing',
    technology: 'emulation',
    nature: 'permanent',
    ...OF_BUILD_STEPS,
    subject: 'build',
    failure: 'missing',
    severity: 'warning',
    match: [/platform (?<platform>\S+) cannot pass the validation/i],
    cause: ({ words: { platform } }) =>
      `The builder's kernel cannot run programs of ${platform ?? 'that platform'}: binfmt_misc has no emulator (QEMU) for it.`,
    remedy:
      'Register emulators before the build (docker/setup-qemu-action, or docker run --privileged tonistiigi/binfmt --install all), or build on a native runner (ubuntu-24.04-arm).',
    link: MULTI,
  },
  {
    id: 'build-emulation-missing',
    technology: 'emulation',
    nature: 'permanent',
    ...OF_BUILD_STEPS,
    subject: 'build',
    failure: 'missing',
    match: [
      /exec format error/i,
      /buildkit[_-]qemu|qemu-\w+(?:-static)?: Could not open|qemu: uncaught target signal/i,
      /cannot execute binary file|runtime execution on platform \S{1,60} not supported/i,
    ],
    cause: ({ text }) =>
      `A step of the build ran a program of another architecture (${/exec format error/i.test(text) ? 'exec format error' : 'QEMU failed'}): the builder has no working emulator (QEMU) for that platform.`,
    remedy:
      'Add docker/setup-qemu-action before the build (binfmt), build each platform on a native runner (ubuntu-24.04-arm for linux/arm64), or cross-compile in a stage FROM --platform=$BUILDPLATFORM.',
    link: MULTI,
  },
  {
    id: 'build-disk-full',
    nature: 'permanent',
    ...OF_BUILD_STEPS,
    subject: 'build',
    failure: 'exhausted',
    match: [
      /no space left on device|ENOSPC|disk quota exceeded|not enough (?:free )?(?:disk )?space|not enough space on the disk/i,
    ],
    cause: 'The disk of the runner is full: no space left on device.',
    remedy:
      'Free disk before the build (docker system prune -af, remove unused tool folders of the runner), use a larger runner, or make the build context and layers smaller (.dockerignore).',
    link: `${DOCKER}/build/cache/garbage-collection/`,
  },
  {
    id: 'build-oom',
    technology: 'emulation',
    nature: 'permanent',
    ...OF_BUILD_STEPS,
    subject: 'build',
    failure: 'exhausted',
    match: [
      /did not complete successfully: (?:exit code: 137|cannot allocate memory)/i,
      /(?:The command|executor failed running)[^\n]{1,400}(?:returned a non-zero code|exit code):? 137\b/i,
      /heap out of memory|Reached heap limit|\bOutOfMemoryError\b|ResourceExhausted|cannot allocate memory|\bOOM\b|out of memory|signal: killed|\bKilled\b[^\n]{0,60}(?:exit|code)|c\+\+: (?:fatal )?error: Killed/i,
    ],
    unless: /gha cache|cache export|message larger than max/i,
    cause: ({ text }) => {
      const step = stepOf(text);
      const own = heapOf(text);
      if (own) return `${step ? `The build step \`${step}\`` : 'A step of the build'} failed: ${own.cause({})}.`;
      const how = /exit code: 137|returned a non-zero code: 137/.test(text)
        ? 'was killed (exit code 137)'
        : 'ran out of memory';
      return `${step ? `The build step \`${step}\`` : 'A step of the build'} ${how}: as a rule the runner has too little memory for it.`;
    },
    remedy: ({ text }) =>
      heapOf(text)?.remedy ??
      'Use a larger runner, lower the parallelism of the step (make -j2), and build other architectures natively: emulation needs more memory.',
    link: `${DOCKER}/build/builders/`,
  },
  {
    id: 'build-dockerfile-missing',
    nature: 'permanent',
    ...OF_BUILDS,
    subject: 'build',
    failure: 'missing',
    match: [
      /failed to read dockerfile[^\n]{0,200}?(?:open (?<file>[^\s:]+))?: no such file/i,
      /resolve ?: lstat (?<folder>\S{0,200}buildkit-mount\d+\/[^\s:]{1,300}): no such file/i,
      /unable to (?:prepare context: unable to evaluate|evaluate symlinks in Dockerfile path)|(?:Dockerfile \S{1,200} bigger than|ambiguous Dockerfile source)|Cannot locate (?:specified )?Dockerfile|the Dockerfile \([^)]{1,255}\) (?:cannot be empty|must be)|failed to read dockerfile: (?!failed to (?:mount|load|prepare|authorize|resolve|fetch))|Dockerfile[^\n]{0,80}(?:not found|no such file)/i,
    ],
    unless: /(?:git|context) repository|prepare context: path/i,
    cause: ({ words: { file, folder } }) =>
      folder
        ? `The folder or file ${inContext(folder)}, in which the build looks for its Dockerfile or context, does not exist.`
        : `The Dockerfile${maybe(file && inContext(file))} was not found in the build context.`,
    remedy:
      'Correct the input `file` (path from the repository root) and `context`, and check that actions/checkout ran before and that .dockerignore does not leave it out.',
    link: DOCKERFILE,
  },
  {
    id: 'build-dockerfile-syntax',
    nature: 'permanent',
    ...OF_BUILDS,
    subject: 'build',
    failure: 'invalid',
    match: [
      /contains no stages to build|invalid name for build stage|cannot (?:copy|mount) from stage|needs? to be defined before|isn't allowed as an ONBUILD|doesn't support variable expansion|flag specified: --|invalid chmod parameter|names can not be blank|VOLUME specified|takes no arguments|Missing command after|greater than max allowed size of|arguments to be in JSON form|Bad input to|cannot accept a heredoc|unterminated heredoc|Duplicate flag|checksum (?:can't|requires)|in HEALTHCHECK|invalid (?:start|end) port|invalid containerPort|can't find = in|Chaining ONBUILD|invalid escape token/i,
      /dockerfile parse error|unknown instruction|dockerfile syntax|no build stage in current context|file with no instructions|unknown flag: --|(?<!docker (?:buildx )?build"? )requires (?:at least|exactly) \w+ arguments?|invalid (?:from flag|field|flag)|circular dependency detected on stage|Syntax error|failed to parse stage name|Dockerfile cannot be empty|the Dockerfile .{0,40}empty|unexpected end of statement|failed to process ["'][^\n]{0,200}: (?:missing|syntax|unsupported)/i,
    ],
    unless: /did not complete successfully|See '?docker (?:buildx )?build --help/i,
    cause: ({ text }) =>
      INVISIBLE.test(text) && /unknown instruction|parse error/i.test(text)
        ? `The Dockerfile has a character that cannot be seen (a space without width or break, a byte order mark) at that place: ${one(text)}`
        : `${dockerfileFault(text)}: ${one(text)}`,
    remedy: ({ text }) =>
      SYNTAX.find(([words]) => words.test(text))?.[1] ??
      'Correct that line of the Dockerfile (the message names it); newer syntax needs `# syntax=docker/dockerfile:1` on its first line.',
    link: DOCKERFILE,
  },
  {
    id: 'build-arg-missing',
    nature: 'permanent',
    ...OF_BUILDS,
    subject: 'build',
    failure: 'missing',
    match: [/base name \((?<name>[^)]{0,255})\) should not be blank/i],
    cause: ({ words: { name } }) => `A build argument that FROM uses${maybe(name)} is empty.`,
    remedy: ({ words: { name } }) =>
      `Pass it as a build-arg (input \`build-args\`: ${(name ?? 'NAME').replace(/[${}]/g, '') || 'NAME'}=value), or give the ARG before FROM a default in the Dockerfile.`,
    link: `${DOCKER}/build/building/variables/`,
  },
  {
    id: 'build-target-missing',
    nature: 'permanent',
    ...OF_BUILDS,
    subject: 'build',
    failure: 'missing',
    match: [
      /target stage ["']?(?<stage>[^"'\s]+)["']? (?:could not be|not) found|failed to reach build target (?<name>\S+)|(?:stage|target) ["']?(?<other>[\w.-]+)["']? (?:not found|does not exist)/i,
    ],
    cause: ({ words: { stage, name, other } }) =>
      `The Dockerfile has no stage${maybe(first(stage, name, other))}, which the input \`target\` asks for.`,
    remedy: 'Correct the input `target`, or name the stage in the Dockerfile (FROM image AS name).',
    link: `${DOCKER}/build/building/multi-stage/`,
  },
  {
    id: 'build-copy-conflict',
    nature: 'permanent',
    ...OF_BUILDS,
    subject: 'build',
    failure: 'conflict',
    match: [
      /cannot (?:copy|replace)(?: to)?(?: existing)? (?:non-directory|directory|file)\b[^\n]{0,40}?(?<file>\/[^\s:]{1,300})?|cannot replace to directory|is not a directory[^\n]{0,60}(?:COPY|copy)/i,
    ],
    cause: ({ text }) =>
      `COPY would write a directory over a file or symbolic link of the image, or the other way round: ${one(text)}`,
    remedy: [
      'Leave that path out of the build context with .dockerignore',
      { examples: [{ for: 'node', words: 'node_modules' }, 'build output'] },
      ', or copy it to another place or before what makes the link.',
    ],
    link: DOCKERFILE,
  },
  {
    id: 'build-copy-source-missing',
    nature: 'permanent',
    ...OF_BUILDS,
    subject: 'build',
    failure: 'missing',
    match: [
      /forbidden path outside the build context: (?<file>\S{1,300})/i,
      /failed to (?:compute cache key|calculate checksum of ref)[\s\S]{0,400}?["'](?<file>\/[^"'\n]{0,300})["']: not found/i,
      /(?:COPY|ADD) failed: [^\n]{0,80}\/docker-builder\d{1,20}\/(?<file>[^\s:]{1,300}): no such file/i,
      /(?:COPY|ADD) failed: [^\n]{0,200}(?:no such file|not found|no source files)|lstat (?<file>\S{1,300}): no such file/i,
      /failed to compute cache key[^\n]{0,300}(?<file>\/\S{1,300}) (?:does not exist|not found)|excluded by \.dockerignore/i,
    ],
    unless: /failed to (?:build|solve): resolve ?:|resolve ?: lstat \S{0,200}buildkit-mount\d/i,
    cause: ({ words: { file } }) =>
      `COPY or ADD did not find ${(file && inContext(file)) ?? 'a file'} in the build context.`,
    remedy:
      'Check the path (it is read from the context, input `context`, not from the Dockerfile), whether .dockerignore leaves it out, and whether an earlier step of the workflow should have built it.',
    link: `${DOCKER}/build/concepts/context/`,
  },
  {
    id: 'build-context-missing',
    nature: 'permanent',
    ...OF_BUILDS,
    subject: 'build',
    failure: 'denied',
    match: [
      /(?:error from sender|failed to (?:read|load|transfer) (?:the )?(?:build )?context|error checking context)[^\n]{0,300}(?:permission denied|can't stat|no permission)/i,
    ],
    cause: ({ text }) => `The builder may not read a file of the build context: ${one(text)}`,
    remedy:
      'Leave that path out with .dockerignore (data of databases, .git), give the runner the right to read it, or choose a smaller input `context`.',
    link: `${DOCKER}/build/concepts/context/`,
  },
  {
    id: 'build-secret-missing',
    nature: 'permanent',
    ...OF_BUILDS,
    subject: 'build',
    failure: 'missing',
    match: [
      /^(?:ERROR: )?failed to stat (?<file>[^\s:]{1,300}): stat /im,
      /secret (?<name>[\w.-]+): not found|(?:failed to stat|open) (?<file>\S{1,300}): no such file[^\n]{0,80}secret|secret[^\n]{0,80}(?:not found|no such file|is required)|could not parse secrets?|invalid secret/i,
    ],
    cause: ({ words: { name, file } }) =>
      `The Dockerfile mounts the build secret${maybe(first(name, file))}, which was not given.`,
    remedy: ({ words: { name } }) =>
      `Give it: input \`build-secrets\` (${name ?? 'id'}=value), \`build-secret-files\` or \`build-secret-envs\`; the id must be that of RUN --mount=type=secret,id=${name ?? 'id'}.`,
    link: `${DOCKER}/build/building/secrets/`,
  },
  {
    id: 'build-ssh-missing',
    nature: 'permanent',
    ...OF_BUILDS,
    subject: 'build',
    failure: 'missing',
    match: [
      /SSH_AUTH_SOCK|invalid empty ssh agent|no SSH key|ssh[^\n]{0,60}(?:forward not enabled|not found|agent)|Host key verification failed|Permission denied \(publickey/i,
    ],
    cause: 'A step of the build needs an SSH agent or key, and has none that is accepted.',
    remedy:
      'Load the key into an agent before the build and pass it with the input `ssh` (default), and add the host to known_hosts in the Dockerfile.',
    link: `${DOCKER}/reference/dockerfile/#run---mounttypessh`,
  },
];

/** The step of the Dockerfile that failed. */
const stepOf = (text: string): string | undefined =>
  (
    /process ["'](?:\/bin\/\w+ (?:-\w+ )*)?(?<step>[^\n]{1,300}?)["'] did not complete/.exec(text) ??
    /executor failed running \[(?:\/bin\/\w+ (?:-\w+ )*)?(?<step>[^\n]{1,300}?)\]: exit code/.exec(text) ??
    /The command ['"](?:\/bin\/\w+ (?:-\w+ )*)?(?<step>[^\n]{1,300}?)['"] returned a non-zero code/.exec(text)
  )?.groups?.step;

const NO_LINE_OF_THE_PROGRAM =
  'The message has no line of the program itself: read what the step printed above this error in the log of the build, or run the same command in the stage before it (docker build --target).';
const REMEDY_OF_CODE: Readonly<Record<string, Text>> = {
  127: 'Install the tool in that stage of the Dockerfile, or correct its name and PATH. A script that is there ends so when it has Windows line ends (CRLF) or its interpreter is not in the image.',
  132: 'Use a base image or a version of the program that is built for that CPU (AVX and x86-64-v2 or -v3 are the usual ones), a newer builder machine, or a native runner where `platforms` names another architecture than the machine has.',
  126: 'Give the file the execute permission before the step: `git update-index --chmod=+x FILE` in the repository, or COPY --chmod=755 or RUN chmod +x in the Dockerfile; or call a script by its interpreter (sh FILE). A folder in the place of a program ends so as well, and a program for another CPU architecture.',
  255: [
    'A program that could not be started at all ends so: where `platforms` names another CPU architecture than the runner has, add docker/setup-qemu-action before the build, or build it on a native runner (ubuntu-24.04-arm). ssh and git over ssh end so as well when they reach no server: read what the step printed above.',
  ],
  139: [
    'Read what the step printed above, which may name the program, and try another base image or another version of that program.',
    {
      for: ['emulation', 'native'],
      words: ' Where the platform is built under emulation, build it on a native runner.',
    },
    { for: ['alpine', 'native'], words: ' A program or package built for glibc does not run on Alpine (musl).' },
  ],
};

/** A step of the Dockerfile failed with its own program; last, as what it printed may say more. */
export const BUILD_STEP: readonly Rule[] = [
  {
    id: 'build-command-failed',
    vague: true,
    nature: 'permanent',
    ...OF_BUILD_OUTPUT,
    subject: 'build-step',
    failure: 'failed',
    match: [
      /did not complete successfully: exit code: (?<code>\d+)/i,
      /(?:The command|executor failed running)[^\n]{1,400}(?:returned a non-zero code|exit code):? (?<code>\d+)/i,
      /did not complete successfully/i,
    ],
    cause: ({ words: { code }, text }) =>
      code === '127'
        ? `A step of the build (${stepOf(text) ?? 'RUN'}) ended with exit code 127: its command was not found in that stage.`
        : `A step of the build (${stepOf(text) ?? 'RUN'}) failed${code ? ` with exit code ${code}` : ''}${meaningOf(code)}.`,
    remedy: ({ words: { code } }) =>
      code === '3221225781' ? DLL_MISSING : (REMEDY_OF_CODE[code ?? ''] ?? NO_LINE_OF_THE_PROGRAM),
    link: `${DOCKER}/build/building/best-practices/`,
  },
  {
    id: 'build-failed',
    vague: true,
    repeats: true,
    nature: 'permanent',
    ...OF_BUILD_OUTPUT,
    subject: 'build',
    failure: 'failed',
    match: [/failed to (?:solve|build|compute|load|export|copy)|^(?:ERROR|error): /im],
    cause: (found) => lastResort(found).cause,
    remedy: (found) => lastResort(found).remedy,
    link: `${DOCKER}/build/`,
  },
];

function meaningOf(exitCode: string | undefined): string {
  const ended = windowsEnd(Number(exitCode));
  if (ended !== undefined) return ` (${ended})`;
  if (exitCode === '100')
    return of('debian', ' (apt-get ends so when it could not read its lists or install a package)');
  if (exitCode === '132')
    return ': it ran an instruction that the CPU of the builder does not know (illegal instruction)';
  if (exitCode === '126') return ': its command may not be executed (permission)';
  if (exitCode === '139') return ': it crashed (segmentation fault)';
  return '';
}
