import { ANYWHERE, DOCKER, maybe, OF_BUILD_OUTPUT, OF_BUILDS, type Rule } from './rule.ts';

const DRIVERS = `${DOCKER}/build/builders/drivers/`;

/** Docker, Buildx and its builder, and what they are asked for before anything is built. */
export const BUILD_BUILDER: readonly Rule[] = [
  {
    id: 'build-failed',
    nature: 'ambiguous',
    ...OF_BUILD_OUTPUT,
    subject: 'build',
    failure: 'failed',
    match: [
      /hcsshim::(?<step>PrepareLayer|ActivateLayer|ImportLayer|CreateScratchLayer|CreateSandboxLayer|UnprepareLayer)\b[^\n]{0,80}?(?<code>\(0x[0-9a-f]{1,8}\))?$/im,
    ],
    unless: /no space left|not enough space|0x70\b/i,
    cause: ({ words: { step, code } }) =>
      `Windows on the builder could not set up a layer of the image (${step ?? 'hcsshim'}${maybe(code)}): a fault of the storage of that host, not of the Dockerfile.`,
    remedy:
      'Build on a clean Windows Server (a hosted runner), or take file system filters off that host that get between (fltmc lists them: virus scanner, backup, cloud drive), exclude C:\\ProgramData\\docker from them, and update Windows and Docker.',
    link: 'https://learn.microsoft.com/virtualization/windowscontainers/troubleshooting',
  },
  {
    id: 'build-failed',
    nature: 'permanent',
    ...OF_BUILD_OUTPUT,
    subject: 'build',
    failure: 'failed',
    match: [/fuse-overlayfs: fuse: device not found|fuse: device not found, try 'modprobe fuse' first/],
    cause:
      'The builder (buildah or podman with fuse-overlayfs) runs in a container that has no device /dev/fuse, so it cannot mount the layers of the image: no instruction of the Dockerfile has run in them.',
    remedy:
      'Give the container of the builder the device (--device /dev/fuse), or use the storage driver vfs (--storage-driver vfs), which needs none and is slower.',
    link: 'https://github.com/containers/buildah/blob/main/troubleshooting.md',
  },
  {
    id: 'build-failed',
    nature: 'permanent',
    ...OF_BUILD_OUTPUT,
    subject: 'build',
    failure: 'denied',
    match: [
      /error clearing supplemental groups list: operation not permitted|error (?:during|running) \S{0,20}chroot: operation not permitted|cannot set (?:uid|gid|groups)[^\n]{0,40}operation not permitted|newuidmap[^\n]{0,160}(?:not permitted|not allowed|failed)|unshare: operation not permitted/i,
    ],
    cause:
      'The builder (buildah, podman or a rootless BuildKit) may not start the command of a RUN: the container or user that it runs in lacks rights (user namespaces, SETUID and SETGID). The command itself was not run.',
    remedy:
      'Run the builder where it may make user namespaces (a privileged container, or one with SETUID and SETGID and entries in /etc/subuid and /etc/subgid), with --isolation=chroot, or build on a runner with Docker.',
    link: 'https://github.com/containers/buildah/blob/main/troubleshooting.md',
  },
  {
    id: 'build-dockerfile-syntax',
    nature: 'permanent',
    ...OF_BUILD_OUTPUT,
    subject: 'build',
    failure: 'invalid',
    match: [
      /(?<what>COPY|ADD) only supports the (?<has>--\S{1,60}) flags?\b/,
      /\b[Uu]nknown flag(?:\(s\))?(?: for [A-Z]{2,12})?: (?<flag>--?(?:mount|link|chmod|chown|parents|exclude|checksum|keep-git-dir|network|security)\b\S{0,20})/,
    ],
    cause: ({ words: { what, has, flag } }) =>
      flag === undefined
        ? `The builder knows only ${has ?? 'few'} of the flags of ${what ?? 'COPY'}, and the line has another: it is not BuildKit, or an old one.`
        : `The builder does not know the flag ${flag} of the Dockerfile: it is not BuildKit, or an old one.`,
    remedy:
      'Build with a current BuildKit (docker buildx build; DOCKER_BUILDKIT=1, and `# syntax=docker/dockerfile:1` as the first line for newer flags). Or leave the flag out: an owner or mode can be set by RUN chown or chmod behind the line, or in the stage that is copied from.',
    link: `${DOCKER}/reference/dockerfile/`,
  },
  {
    id: 'build-failed',
    nature: 'permanent',
    ...OF_BUILD_OUTPUT,
    subject: 'build',
    failure: 'failed',
    match: [
      /No buildpack groups passed detection|failed to detect: (?:no buildpacks? participating|buildpack\(s\) failed with err)/,
    ],
    cause: ({ text }) => {
      const failed = /\berr: {1,4}(?<name>[\w./-]{2,120}@\S{1,40}) \((?<code>\d{1,3})\)/.exec(text)?.groups;
      return failed === undefined
        ? 'No buildpack of the builder recognises the source as something that it can build, so nothing was built.'
        : `The detect script of the buildpack ${failed.name} ended with an error (exit code ${failed.code}; 0 means that it applies, 100 that it does not), so no buildpack was left and nothing was built.`;
    },
    remedy: ({ text }) =>
      /\berr: {1,4}\S/.test(text)
        ? 'Correct bin/detect of that buildpack (pack build -v prints its output), or name the buildpack that suits the source (--buildpack).'
        : 'Check the folder that is built (--path; the file by which a buildpack recognises its language, such as the manifest of the packages, must be at its top and not be excluded by project.toml), or name a buildpack (--buildpack) or another builder. pack build -v shows what each one misses.',
    link: 'https://buildpacks.io/docs/for-app-developers/concepts/',
  },
  {
    id: 'build-failed',
    nature: 'permanent',
    ...OF_BUILD_OUTPUT,
    subject: 'build',
    failure: 'failed',
    match: [/failed to (?:stat|find|read) \S{1,40} at path ['"](?<path>\/cnb\/lifecycle\/\S{1,80}?)['"]/],
    cause: ({ words: { path } }) =>
      `The lifecycle of the builder image cannot read its own file ${path ?? 'in /cnb/lifecycle'}: the builder image lacks it, or its folder may not be read by the user of the build. The application is not the cause.`,
    remedy:
      'Use another version of the builder image, or a current one (pack builder inspect shows the version of its lifecycle); in a builder of your own give /cnb/lifecycle and its files the mode 755 and make it with pack builder create.',
    link: 'https://buildpacks.io/docs/for-app-developers/concepts/',
  },
  {
    id: 'build-failed',
    nature: 'permanent',
    ...OF_BUILD_OUTPUT,
    subject: 'build',
    failure: 'failed',
    match: [/runtime: goroutine stack exceeds \d{6,12}-byte limit/],
    unless: /did not complete successfully|^#\d+ \d+\.\d+ /m,
    cause:
      'A program ended because a function called itself without end (stack overflow): where no RUN step printed it, that is the builder itself. The memory of the machine is not the cause.',
    remedy:
      'See in the stack below it which program it was (moby/buildkit or dockerfile2llb: the builder). Then look for stages of the Dockerfile that copy from each other in a circle, and update Docker and BuildKit, which refuse that in words of their own.',
    link: `${DOCKER}/build/building/multi-stage/`,
  },
  {
    id: 'build-daemon-unavailable',
    nature: 'permanent',
    ...OF_BUILDS,
    subject: 'build',
    failure: 'conflict',
    match: [/failed to start daemon: pid file found, ensure docker is not running or delete (?<file>\/\S{1,100})/i],
    cause: ({ words: { file } }) =>
      `The Docker daemon was started a second time: one runs already, or an earlier one has left its file ${file ?? 'docker.pid'} behind.`,
    remedy: ({ words: { file } }) =>
      `Leave the start of dockerd out of the job where the machine or image starts it (privileged images of CodeBuild do), and wait until docker info answers. Where none runs, delete ${file ?? 'that file'} before the start.`,
    link: `${DOCKER}/engine/daemon/troubleshoot/`,
  },
  {
    id: 'build-image-not-local',
    nature: 'permanent',
    surfaces: ['buildx.stderr'],
    producers: ['docker-cli', 'buildkit', 'registry'],
    launch: ANYWHERE,
    subject: 'build',
    failure: 'missing',
    match: [
      /An image does not exist locally with the tag:? ?(?<image>\S{1,400})/i,
      /No such image:? (?<image>\S{1,400})|^(?:ERROR: )?tag does not exist: (?<tag>\S{1,400})/im,
    ],
    cause: ({ words: { image, tag } }) =>
      `Docker has no image${maybe(image ?? tag)} on this runner: it was built under another tag, in another job, or not loaded from the builder.`,
    remedy:
      'Build it in this job under exactly that tag, or `docker pull` it first; a builder of the driver docker-container keeps its result unless `docker build --load` (or --push) is given. This action builds and pushes in one step (input `context`).',
    link: `${DOCKER}/reference/cli/docker/buildx/build/#load`,
  },
  {
    id: 'build-daemon-version',
    nature: 'permanent',
    ...OF_BUILDS,
    subject: 'build',
    failure: 'conflict',
    match: [
      /client version (?<have>[\d.]{1,8}) is too (?:new|old)\. (?:Maximum|Minimum) supported API version is (?<need>[\d.]{1,8})/i,
      // Docker 29 serves 1.44 and newer.
      /Docker API call to '\S{0,80}\/v(?<have>1\.(?:[1-3]\d|4[0-3]))\/[^'\n]{0,400}' failed with status code 400/,
    ],
    cause: ({ words: { have, need }, text }) =>
      need === undefined
        ? `The tool that builds the image speaks version ${have ?? ''} of Docker's API, and the daemon refused the request (400 Bad Request): a current daemon (Docker 29) takes 1.44 and newer alone.`
        : `The docker client speaks API version ${have ?? ''}, and the Docker daemon of the runner supports ${/too new/i.test(text) ? 'at most' : 'at least'} ${need ?? ''}: ${/too new/i.test(text) ? 'the daemon is older than the client' : 'the client is older than the daemon'}.`,
    remedy: ({ words: { need } }) =>
      need === undefined
        ? [
            'Update the tool',
            { for: 'jvm', words: ' (for Spring Boot its Maven or Gradle plugin)' },
            ' to a release that speaks the newer API. Until then let the daemon take the old one (DOCKER_MIN_API_VERSION=1.24 in its environment, or min-api-version in daemon.json), or use an older Docker on the runner.',
          ]
        : `Upgrade the older of the two on the runner (a tool with its own old client, or the daemon). Until then set DOCKER_API_VERSION=${need ?? 'VERSION'} for the job.`,
    link: `${DOCKER}/reference/api/engine/`,
  },
  {
    id: 'build-daemon-unavailable',
    nature: 'permanent',
    ...OF_BUILDS,
    subject: 'build',
    failure: 'failed',
    match: [
      /cannot connect to the docker daemon|couldn't connect to docker daemon|is the docker daemon running|permission denied while trying to connect to the docker|docker(?:\.exe)?: (?:command )?not found|docker: executable file not found|spawn docker ENOENT|error during connect|failed to dial gRPC|dial unix \S+docker[^\n]{0,60}\.sock/i,
    ],
    cause: ({ text }) =>
      /permission denied/i.test(text)
        ? 'The user of the runner may not use the Docker daemon (permission denied on its socket).'
        : 'There is no Docker daemon on this runner, or it cannot be reached.',
    remedy: ({ text }) =>
      /^\[Container\] \d{4}\/|\bCODEBUILD_|codebuild/im.test(text)
        ? 'Turn on privileged mode of the CodeBuild project (environment: privilegedMode), and use an image of CodeBuild (aws/codebuild/standard), which starts the daemon then. An image of your own has to start dockerd itself before the first docker command; wait until docker info answers.'
        : 'Use a runner with Docker (ubuntu-latest), start the daemon on a self-hosted one, and add its user to the group docker; check DOCKER_HOST. In a build container (CodeBuild, a pod) the daemon needs privileged mode, and has to be started before the first docker command.',
    link: `${DOCKER}/engine/daemon/troubleshoot/`,
  },
  {
    id: 'build-builder-missing',
    nature: 'ambiguous',
    ...OF_BUILDS,
    subject: 'build',
    failure: 'failed',
    severity: 'failure',
    match: [
      /expected (?<count>\d{1,3}) replicas to be ready|failed to list workers|buildkitd\.sock|error reading server preface|buildkit(?:d)? [^\n]{0,60}(?:not (?:running|ready)|exited)/i,
      /\[internal\] booting buildkit[\s\S]{0,3000}?(?:ERROR|error|exit code)/,
    ],
    unless:
      /toomanyrequests|pull access denied|no such host|TLS handshake|no space left|Cannot connect to the Docker daemon/i,
    cause: ({ words: { count } }) =>
      `The BuildKit daemon of the builder did not start or was not ready yet${count ? ` (the Kubernetes driver waits for ${count} pods)` : ''}.`,
    remedy: ({ words: { count } }) =>
      count
        ? 'Look at the pods of the builder (kubectl describe pod, kubectl logs in its namespace): image, nodeselector, quota or a security policy keeps them from being ready. Then run the job again.'
        : 'Run the job again. If it comes back, look at the log of the builder (docker logs buildx_buildkit_NAME0) and start it before the build (docker buildx inspect --bootstrap).',
    link: DRIVERS,
  },
  {
    id: 'build-builder-missing',
    nature: 'permanent',
    ...OF_BUILDS,
    subject: 'build',
    failure: 'missing',
    match: [
      /no builder ["']?(?<builder>[\w.-]+)["']? found|builder ["']?(?<builder>[\w.-]+)["']? (?:not found|does not exist)|(?:failed to|could not) find driver|no (?:valid|current) (?:drivers?|builder) found|no running node|no (?:nodes|workers) available|failed to (?:initialize builder|find instance|load node)|existing instance for|could not create a builder instance|instance name \S{1,200} already exists|additional instances of driver|invalid (?:driver option|builder name)|context builder cannot|no (?:running )?buildkit pods/i,
    ],
    cause: ({ words: { builder }, text }) =>
      /existing instance|could not create|already exists|additional instances|invalid/i.test(text)
        ? `The Buildx builder could not be made: ${text.replace(/^ERROR: /, '').slice(0, 300)}`
        : `There is no Buildx builder${maybe(builder)} on this runner, or it does not run.`,
    remedy: ({ words: { builder } }) =>
      `Leave the input \`builder\` out (this action makes one), or create it first: docker buildx create --name ${builder ?? 'NAME'} --use (docker/setup-buildx-action).`,
    link: `${DOCKER}/build/builders/`,
  },
  {
    id: 'build-platform-unknown',
    nature: 'permanent',
    ...OF_BUILDS,
    subject: 'build',
    failure: 'invalid',
    match: [
      /invalid value "(?<value>[^"\n]{1,200})" for platform|"(?<value2>[^"\n]{1,200})": unknown operating system or architecture/i,
    ],
    cause: ({ words: { value, value2 } }) =>
      `The build was given a platform that does not exist: "${value ?? value2 ?? ''}".`,
    remedy: ({ words: { value, value2 } }) =>
      /[; ]/.test(value ?? value2 ?? '')
        ? 'Separate the platforms with commas (input `platforms`: linux/amd64,linux/arm64).'
        : 'Correct the input `platforms` (or --platform, FROM --platform): system and architecture with a slash, as linux/amd64 and linux/arm64, several with commas. A variable in it must have a value.',
    link: `${DOCKER}/build/building/multi-platform/`,
  },
  {
    id: 'build-failed',
    nature: 'permanent',
    ...OF_BUILDS,
    subject: 'build',
    failure: 'invalid',
    match: [/failed to get console: |provided file is not a (?:console|terminal)|the input device is not a TTY/i],
    cause:
      'Docker was asked to use a terminal (--progress=tty, BUILDKIT_PROGRESS=tty, -t), and a job on a runner has none.',
    remedy:
      'Write --progress=plain (or auto) in the build command, remove BUILDKIT_PROGRESS=tty from `env`, and leave -t out of docker run and docker exec.',
    link: `${DOCKER}/reference/cli/docker/buildx/build/#progress`,
  },
  {
    id: 'build-failed',
    nature: 'permanent',
    ...OF_BUILDS,
    subject: 'build',
    failure: 'missing',
    match: [
      /\bsystem tray (?:icons|dock)|\bdocklet\b|The X display to connect to|WindowMaker mode|-display DIS[LP]{2}AY/i,
    ],
    cause:
      'The program docker on this machine is not Docker: it is a small dock for icons of a desktop (X11) of the same name, from a package that older releases of some distributions call docker.',
    remedy:
      'Remove that package and install Docker itself: docker-ce and docker-buildx-plugin from download.docker.com, or what the distribution calls docker.io; `type -a docker` shows which program is found first.',
    link: `${DOCKER}/engine/install/`,
  },
  {
    id: 'build-failed',
    nature: 'permanent',
    ...OF_BUILDS,
    subject: 'build',
    failure: 'invalid',
    match: [
      /unknown (?:shorthand )?flag: ['"]?(?<flag>[^'"\n]{1,40}?)['"]?(?: in (?<option>\S{1,40}))?\s{1,20}(?:\S{1,20} )?See ['"]docker (?<called>(?!build|buildx|compose)[a-z]{2,12})\b[^'"\n]{0,30} --help/i,
    ],
    cause: ({ words: { flag, option, called } }) =>
      `docker ${called} of the installed Docker does not know the option ${option ?? flag}: it was removed or is misspelt. The build itself did not fail with it.`,
    remedy: ({ words: { option, flag, called } }) =>
      `Leave ${option ?? flag} out of docker ${called}. Where a tool or plugin calls docker, use a newer release of it${called === 'tag' ? ' (docker tag has had no -f since Docker 1.12, and replaces a tag without it)' : ''}.`,
    link: `${DOCKER}/reference/cli/docker/`,
  },
  {
    id: 'build-buildx-missing',
    nature: 'permanent',
    ...OF_BUILDS,
    subject: 'build',
    failure: 'missing',
    match: [
      /['"]?buildx['"]? is not a docker command|unknown (?:shorthand )?flag: [^\n]{0,60}|unknown docker command|BuildKit is enabled but the buildx component is missing|buildx: command not found|requires? (?:buildx|buildkit)\b/i,
    ],
    cause: ({ text }) => {
      const flag = /unknown (?:shorthand )?flag: ['"]?([^'"\n]{1,40}?)['"]?(?: in |$|\n)/i.exec(text)?.[1];
      return flag
        ? `Docker does not know the option ${flag}: it is misspelt, Buildx is too old for it, or Buildx is not installed (plain docker build then answers).`
        : 'Docker Buildx is missing on this runner, or too old for what is asked.';
    },
    remedy:
      'Install a current Buildx (docker/setup-buildx-action), or use a hosted runner; then compare the option with docker buildx build --help.',
    link: `${DOCKER}/build/`,
  },
  {
    id: 'build-context-missing',
    nature: 'permanent',
    ...OF_BUILDS,
    subject: 'build',
    failure: 'missing',
    match: [
      /(?:unable to prepare context: )path ["']?(?<path>[^\s"']{1,300})["']? not found|please specify build context|failed to build: resolve ?: lstat (?<folder>[^\s:]+)|requires exactly 1 argument|(?:unable to prepare context|(?<![$\w])path) [^\n]{0,200}(?:not found|no such file)|context must be a directory|build context[^\n]{0,80}(?:not found|missing|empty|invalid)|path ["']?(?<path>\S{1,300}?)["']? not found|could not (?:checkout|clone)|failed to (?:fetch remote|load git)/i,
    ],
    cause: ({ words: { path, folder } }) =>
      `The build context${maybe(path ?? folder)} is missing: no folder was given, or it is not there.`,
    remedy: 'Set the input `context` to a folder of the repository (. by default), and run actions/checkout before.',
    link: `${DOCKER}/build/concepts/context/`,
  },
  {
    id: 'build-driver-unsupported',
    nature: 'permanent',
    ...OF_BUILD_OUTPUT,
    subject: 'build',
    failure: 'conflict',
    match: [
      /(?<what>Attestations) are not supported by the current BuildKit|cannot export (?:multiple platforms|attestations|annotations) (?:with|to)|multi-platform enabled|for multi-node builds currently not supported/i,
      /(?<what>[\w -]{1,60}?) (?:is|are) (?:currently )?not supported (?:for|by|with) the (?<driver>[\w-]+) driver/i,
      /(?:not implemented|can't currently be performed|not supported) (?:for|with|by) (?:the )?(?<driver>[\w-]+) driver/i,
      /(?<what>[\w -]{1,60}?) (?:is |are )?(?:currently )?(?:unsupported|not supported) by (?:the current )?buildkit/i,
      /(?<what>network mode \S{1,100}) not supported by buildkit/i,
      /switch to a different driver|docker exporter does not (?:currently )?support|multiple platforms feature is currently not supported|does not support exporting manifest lists/i,
    ],
    cause: ({ words: { what, driver } }) =>
      `${what?.replace(/^.*ERROR: /, '').trim() || 'What is asked'} is not supported by the ${driver ?? 'docker'} driver of the builder.`,
    remedy:
      'Use a builder with the docker-container driver (docker/setup-buildx-action; leave the input `builder` out), or turn on the containerd image store; upgrade BuildKit where it is too old; or leave the feature out (`provenance: false`, no `cache-to`, one platform in `platforms`).',
    link: DRIVERS,
  },
  {
    id: 'build-entitlement',
    nature: 'permanent',
    ...OF_BUILDS,
    subject: 'build',
    failure: 'failed',
    match: [
      /additional privileges requested(?:: pass ['"]?--allow=(?<name>[\w.]+))?/i,
      /(?:device|entitlement)s? (?<name>\S{1,200}) (?:is|are) requested by the build but not allowed|(?<name>network\.host|security\.insecure|device) is not allowed/i,
    ],
    cause: ({ words: { name } }) => `The builder does not allow the entitlement ${name ?? ''} that the build asks for.`,
    remedy: ({ words: { name } }) =>
      `Create the builder with --allow-insecure-entitlement ${name ?? 'NAME'} (buildkitd-flags of docker/setup-buildx-action), or do without it.`,
    link: `${DOCKER}/reference/cli/docker/buildx/build/#allow`,
  },
  {
    id: 'build-tag-missing',
    nature: 'permanent',
    ...OF_BUILDS,
    subject: 'build',
    failure: 'missing',
    match: [/tag is needed when pushing|can't push with no tags|no tags? (?:were |was )?specified/i],
    cause: 'The image has no tag (name), so it cannot be pushed.',
    remedy: 'Give the build a tag: inputs `repository` and `tags` of this action, --tag of docker buildx build.',
    link: `${DOCKER}/reference/cli/docker/buildx/build/#tag`,
  },
  {
    id: 'build-output-missing',
    nature: 'normal',
    ...OF_BUILDS,
    subject: 'build',
    failure: 'missing',
    severity: 'warning',
    match: [/No output specified (?:with|for)/i],
    cause:
      'The build has no output: its result stays in the build cache and is not pushed, so the image is not in the registry.',
    remedy: 'Add --push (this action does by itself), or --load to keep it in the local Docker.',
    link: `${DOCKER}/build/exporters/`,
  },
  {
    id: 'build-output-invalid',
    nature: 'permanent',
    ...OF_BUILDS,
    subject: 'build',
    failure: 'invalid',
    match: [
      /refusing to write to console|dest (?:file )?(?:is required|cannot be stdout)|type is required for output|outputs configured to write to stdout/i,
    ],
    cause: ({ text }) =>
      `The output of the build is not one that Buildx can write: ${text.replace(/^ERROR: /, '').slice(0, 300)}`,
    remedy:
      'Push with --push (this action does by itself), or give --output a type and a dest: type=docker|oci|tar,dest=FILE, type=local,dest=FOLDER.',
    link: `${DOCKER}/build/exporters/`,
  },
];
