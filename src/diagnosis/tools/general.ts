import { of, type Text } from '../say.ts';
import type { Technology } from '../technologies.ts';
import { LOCK, OF_C, type StepRule, type Words } from './tool.ts';

/** What several tools say, or one says in many forms. */
export interface General {
  readonly rule?: StepRule;
  readonly match: RegExp;
  /** Of several lines the last is the one that ended the step: those before it were probes or retries. */
  readonly last?: true;
  /** What all lines of the step must say as well. */
  readonly when?: (lines: string) => boolean;
  readonly cause: (words: Words) => Text;
  readonly remedy: Text | ((words: Words) => Text);
  /** What the lines show to be at work: what the words may name. */
  readonly technology?: Technology | readonly Technology[];
}

/** The packages with the development files of a library, by distribution: Debian and Ubuntu, Alpine, Fedora and Red Hat. */
const DEV_PACKAGES: readonly (readonly [library: RegExp, debian: string, alpine: string, redhat: string])[] = [
  [/libpq|postgres/i, 'libpq-dev', 'libpq-dev', 'libpq-devel'],
  [/mysql|maria/i, 'default-libmysqlclient-dev', 'mariadb-dev', 'mariadb-connector-c-devel'],
  [/Python\.h/, 'python3-dev and build-essential', 'python3-dev and build-base', 'python3-devel and gcc'],
  [/ffi/i, 'libffi-dev', 'libffi-dev', 'libffi-devel'],
  [/openssl|ssl/i, 'libssl-dev', 'openssl-dev', 'openssl-devel'],
  [/xmlsec/i, 'libxmlsec1-dev', 'xmlsec-dev', 'xmlsec1-devel'],
  [
    /png/i,
    'libpng-dev (for gd also libjpeg-dev and libfreetype-dev)',
    'libpng-dev (for gd also libjpeg-turbo-dev and freetype-dev)',
    'libpng-devel',
  ],
  [/jpeg|jpeglib/i, 'libjpeg-dev', 'libjpeg-turbo-dev', 'libjpeg-turbo-devel'],
  [/freetype|ft2build/i, 'libfreetype-dev', 'freetype-dev', 'freetype-devel'],
  [/xslt/i, 'libxslt1-dev', 'libxslt-dev', 'libxslt-devel'],
  [/xml/i, 'libxml2-dev', 'libxml2-dev', 'libxml2-devel'],
  [/bzlib|bz2/i, 'libbz2-dev', 'bzip2-dev', 'bzip2-devel'],
  [/zip/i, 'libzip-dev', 'libzip-dev', 'libzip-devel'],
  [/zlib/i, 'zlib1g-dev', 'zlib-dev', 'zlib-devel'],
  [/lzma/i, 'liblzma-dev', 'xz-dev', 'xz-devel'],
  [/onig/i, 'libonig-dev', 'oniguruma-dev', 'oniguruma-devel'],
  [/icu|unicode\/u/i, 'libicu-dev', 'icu-dev', 'libicu-devel'],
  [/curl/i, 'libcurl4-openssl-dev', 'curl-dev', 'libcurl-devel'],
  [/yaml/i, 'libyaml-dev', 'yaml-dev', 'libyaml-devel'],
  [/sqlite/i, 'libsqlite3-dev', 'sqlite-dev', 'sqlite-devel'],
  [/gmp/i, 'libgmp-dev', 'gmp-dev', 'gmp-devel'],
  [/readline/i, 'libreadline-dev', 'readline-dev', 'readline-devel'],
  [/ldap/i, 'libldap2-dev', 'openldap-dev', 'openldap-devel'],
  [/sasl/i, 'libsasl2-dev', 'cyrus-sasl-dev', 'cyrus-sasl-devel'],
  [/gssapi|krb5/i, 'libkrb5-dev', 'krb5-dev', 'krb5-devel'],
  [/magick|MagickWand/i, 'libmagickwand-dev', 'imagemagick-dev', 'ImageMagick-devel'],
  [/vips/i, 'libvips-dev', 'vips-dev', 'vips-devel'],
  [/geos/i, 'libgeos-dev', 'geos-dev', 'geos-devel'],
  [/cairo/i, 'libcairo2-dev and libpango1.0-dev', 'cairo-dev and pango-dev', 'cairo-devel and pango-devel'],
];
/** @returns the packages that have the development files, in the distribution of the stage where that is known */
function packagesFor(library: string, base: string | undefined): string {
  const [, debian, alpine, redhat] = DEV_PACKAGES.find(([match]) => match.test(library)) ?? [];
  const own = { alpine, redhat, debian }[base ?? 'debian'] ?? debian;
  return own ?? `the ${base === 'redhat' ? '-devel' : '-dev'} package that has ${library}`;
}

/** Programs that come with a base image or are of another system. */
const PROGRAMS: readonly (readonly [RegExp, string])[] = of(
  ['alpine', 'node', 'python', 'php', 'jvm', 'go', 'rust', 'dotnet', 'ruby', 'elixir', 'ghcr'],
  [
    [
      /^(?:docker-php-\w|install-php-extensions|pecl|phpize|composer$|php$)/,
      'Use the base image php:VERSION for that stage (composer comes with COPY --from=composer:2 /usr/bin/composer /usr/bin/composer).',
    ],
    [
      /^(?:node|npm|npx|corepack)$/,
      'Use the base image node:VERSION for that stage, or install nodejs and npm in it before this step.',
    ],
    [
      /^(?:yarn|pnpm)$/,
      'Enable it in that stage before this step (RUN corepack enable, or npm install -g), and use a base image with Node.js.',
    ],
    [
      /^(?:pip3?|python3?)$/,
      'Use the base image python:VERSION for that stage, or install python3 and python3-pip in it before this step.',
    ],
    [
      /^(?:mvn|java|javac)$/,
      'Use the base image maven:3-eclipse-temurin-VERSION (or an eclipse-temurin JDK) for that stage.',
    ],
    [/^gradle$/, 'Use ./gradlew, or the base image gradle:jdkVERSION for that stage.'],
    [
      /^(?:go|cargo|rustc|dotnet|ruby|bundle|gem|mix)$/,
      'Use the base image of that language for that stage (golang, rust, mcr.microsoft.com/dotnet/sdk, ruby, elixir), and check PATH.',
    ],
    [
      /^(?:uv|uvx)$/,
      'COPY it into that stage (COPY --from=ghcr.io/astral-sh/uv:VERSION /uv /uvx /bin/), or pip install uv; its installer puts it into /root/.local/bin, which PATH must have.',
    ],
    [
      /^(?:poetry|pipenv|pdm)$/,
      'Install it in that stage (pip install, with its version), or put the folder of its own installer into PATH (/root/.local/bin).',
    ],
    [
      /^(?:gunicorn|uvicorn|hypercorn|celery|flask|fastapi|django-admin|alembic|streamlit|pytest|dbt)$/,
      'Install the package in that stage (pip install). Where a virtual environment comes from another stage, COPY it to the same path, as its programs name that path in their first line, and put its bin folder into PATH (ENV PATH=/app/.venv/bin:$PATH).',
    ],
    [/^(?:bash|zsh)$/, 'Install it in that stage before the step (on Alpine apk add --no-cache bash).'],
    [
      /^(?:cmd|powershell|choco|\w{1,20}\.(?:exe|bat|cmd))/i,
      'It is a command of Windows, and the image is Linux: write the command for its shell (cp, rm, sh).',
    ],
  ],
);
/** A relative path, or one below the folders that projects are copied to. */
const isOfProject = (path: string | undefined): boolean =>
  path !== undefined &&
  path !== '' &&
  (!path.startsWith('/') ||
    /^\/(?:app|src|usr\/src|workspace|build|code|work|home|opt\/app|srv|var\/www)\b/.test(path));
/** Programs of the packages with which C is compiled. */
const COMPILERS = /^(?:gcc|g\+\+|cc|c\+\+|make|gmake|ld|as|ar)$/;
const installOf = (name: string): string =>
  COMPILERS.test(name)
    ? 'Install the compilers and make in that stage of the Dockerfile before the step ({toolchain}).'
    : (PROGRAMS.find(([match]) => match.test(name))?.[1] ??
      'Install the tool in that stage of the Dockerfile, or correct its name and PATH.');

/**
 * A runtime that reached the limit of its own heap: the builder may have memory left. What the system refused (V8 could not
 * commit a page, no native thread) or killed is the builder's. .NET and Go have no such limit by default.
 */
export const HEAPS: readonly (General & { readonly remedy: string })[] = [
  {
    rule: 'build-oom',
    technology: 'node',
    match:
      /Reached heap limit|(?<!Committing semi space failed\. Allocation failed - )(?:JavaScript|JS) heap out of memory|ERR_WORKER_OUT_OF_MEMORY/i,
    cause: () => 'Node.js reached the limit of its heap: it ran out of memory before the builder did',
    remedy:
      'Raise the limit in that stage before the step: ENV NODE_OPTIONS=--max-old-space-size=4096 (MiB) in the Dockerfile; it must fit into the memory of the builder. Only if the step is killed then (exit code 137), use a larger runner.',
  },
  {
    rule: 'build-oom',
    technology: 'jvm',
    match:
      /OutOfMemoryError: (?:Java heap space|GC overhead limit exceeded)|GC overhead limit exceeded|JVM heap space is exhausted|Not enough memory to run compilation/i,
    cause: () => 'the JVM reached the limit of its heap: it ran out of memory before the builder did',
    remedy:
      'Raise the limit: org.gradle.jvmargs=-Xmx2g (for Kotlin kotlin.daemon.jvmargs=-Xmx2g) in gradle.properties for Gradle, ENV MAVEN_OPTS=-Xmx2g in the Dockerfile for Maven; what a plugin starts (tests, a compiler) has its own (maxHeapSize, argLine). It must fit into the memory of the builder: only if the step is killed then (exit code 137), use a larger runner.',
  },
  {
    rule: 'build-oom',
    technology: 'jvm',
    match: /OutOfMemoryError: (?:Metaspace|Compressed class space)/i,
    cause: () =>
      'the JVM reached the limit of its memory for classes (Metaspace): it ran out of memory before the builder did',
    remedy:
      'Raise -XX:MaxMetaspaceSize (for example 1g) where the options of the JVM are set: org.gradle.jvmargs in gradle.properties for Gradle, ENV MAVEN_OPTS in the Dockerfile for Maven.',
  },
];

/** The first row whose pattern one of the lines matches decides: named causes before general ones. */
export const GENERAL: readonly General[] = [
  {
    match:
      /Need to disable some ESLint rules\?|✖ \d{1,6} problems? \([1-9]|^\s{0,8}\d{1,6}:\d{1,5}\s{1,8}(?:Error|error)[: ]\s{0,8}\S.{0,200}\s[@\w/-]{3,80}$/,
    cause: () => 'the linter (ESLint) reports errors, and the build treats them as fatal',
    remedy: 'Correct the places that the lines name, or lint in a job of its own and not in the build of the image.',
  },
  {
    technology: 'jvm',
    match:
      /compatible with Java (?<need>\d{1,2}) and the consumer needed a component,? compatible with Java (?<have>\d{1,2})/,
    cause: ({ need, have }) =>
      `the JDK of that stage (Java ${have}) is older than a plugin or dependency needs (Java ${need})`,
    remedy: ({ need }) =>
      `Use a base image with JDK ${need} or newer for the build (FROM eclipse-temurin:${need}-jdk, gradle:jdk${need}).`,
  },
  {
    match:
      /(?:^|error: |[\s'"])(?<name>-{1,2}[\w-]{1,40})['"]?:? (?:option )?(?:does not take a value|doesn't (?:allow|take) an argument|ignored explicit argument .{1,40})|option '(?<name2>-{1,2}[\w-]{1,40})' doesn't allow an argument/,
    cause: ({ name, name2 }) => `the option ${name ?? name2} takes no value, and the command gives it one`,
    remedy: ({ name, name2 }) =>
      `Write it without =VALUE in the RUN line (${name ?? name2} alone), or leave it out where it was meant to be off.`,
  },
  {
    match: /exceeded maximum budget/i,
    cause: () => 'the bundle is larger than the budget in angular.json allows',
    remedy: 'Make the bundle smaller (lazy routes, fewer libraries), or raise maximumError of budgets in angular.json.',
  },
  {
    match: /error obtaining VCS status|dubious ownership in repository/i,
    cause: () =>
      'Git could not be read in the step: no usable .git or no git there, or its folder belongs to another user',
    remedy: [
      'Install git in that stage, COPY .git, and mark the folder (git config --global --add safe.directory PATH)',
      { for: 'go', words: '; or build without it: go build -buildvcs=false' },
      '.',
    ],
  },
  {
    technology: 'php',
    match:
      /Could not authenticate against github\.com|GitHub API (?:limit|rate limit).{0,80}|composer config (?:--global )?github-oauth/i,
    cause: () => 'composer was refused by GitHub: a private repository or the rate limit, and no token',
    remedy:
      'Give composer a token as a build secret: input `build-secrets` and RUN --mount=type=secret,id=composer_auth,env=COMPOSER_AUTH ({"github-oauth":{"github.com":"TOKEN"}}).',
  },
  {
    technology: 'node',
    match: /['"](?<name>@?[\w./-]{1,120})@[^'"]{0,60}['"] is not in (?:this|the npm) registry/,
    cause: ({ name }) => `the package ${name} is not in the npm registry that the step asks`,
    remedy:
      'Correct its name in package.json. For a private package name its registry and token in .npmrc, mounted as a build secret (input `build-secrets`).',
  },
  {
    match:
      /(?:gid|uid|group|user) ['"]?(?<name>[\w-]{1,40})['"]? (?:is )?(?:already exists|in use)|(?:GID|UID) '?(?<name2>\d{1,7})'? already exists/,
    cause: ({ name, name2 }) => `the user or group ${name ?? name2} exists already in the base image`,
    remedy: 'Use the one that is there (node: images have the user node with uid 1000), or choose another name and id.',
  },
  {
    match:
      /DO NOT MATCH THE HASHES|hash(?:es)? (?:mismatch|do(?:es)? not match).{0,80}(?:requirements|lock)|EINTEGRITY|integrity check(?:sum)? failed|checksum mismatch\b.{0,80}(?:go\.sum|SECURITY ERROR)|^verifying .{1,200}: checksum mismatch/i,
    cause: () => 'a downloaded package is not the one that the lock file has the checksum of',
    remedy:
      'Run the job again without cache. If it stays, the package was published again or comes from another index: update its entry in the lock or requirements file, and check the proxy.',
  },
  {
    match: /fatal error: (?<name>numpy\/[\w./]{1,80}\.h)/,
    cause: ({ name }) => `code is compiled against the headers of NumPy, which are not in that stage (${name ?? ''})`,
    remedy:
      'Install numpy before that step for the Python that the code is compiled for (pip install numpy, or python3-numpy of the system), and name its folder to the build (python3 -c "import numpy; print(numpy.get_include())").',
    technology: 'python',
  },
  {
    match: /Can't locate (?<name>[\w/]{1,100})\.pm in @INC/,
    cause: ({ name = '' }) => `the Perl module ${name.replaceAll('/', '::')} is not in that stage`,
    remedy: ({ name = '' }) => [
      `Install it before the step: on Red Hat, Fedora and Amazon Linux its own package (dnf install -y perl-${name.replaceAll('/', '-')}, or perl-core for all of Perl)`,
      { examples: [{ for: 'debian', words: 'on Debian the package perl, as perl-base has few modules' }] },
      '.',
    ],
  },
  {
    match: /failed to add the host \(\S{1,40}\) <=> sandbox|failed to create endpoint .{1,200} on network bridge/,
    cause: () => 'the kernel of the runner could not make the network of the step (veth, bridge)',
    remedy:
      'Load the modules on the self-hosted runner (modprobe veth bridge; after an update of the kernel restart it), or let the build use the network of the host (input `network`: host).',
  },
  {
    technology: 'jvm',
    match: /Reason: An input file was expected to be present but it doesn't exist/,
    cause: () => 'a task of Gradle needs a file or folder as its input that is not in that stage',
    remedy:
      'See in the lines above which one: it is made by a task that the command leaves out (-x test leaves out what tests write, as the snippets of Spring REST Docs), or was not copied (COPY, .dockerignore).',
  },
  {
    technology: 'jvm',
    match: /daemon disappeared unexpectedly/i,
    cause: () => 'the daemon of Gradle was killed or crashed; on a builder this is mostly a lack of memory',
    remedy:
      'Run Gradle with --no-daemon and a heap that fits (org.gradle.jvmargs=-Xmx2g, fewer workers), or use a larger runner; build other architectures on a native runner.',
  },
  {
    technology: 'alpine',
    match: /(?<name>\S{1,200}): (?:BAD|UNTRUSTED) signature/,
    cause: ({ name }) =>
      `apk does not accept the signature of ${name}: it was damaged or changed on the way (proxy, mirror), or the keys of the base image are too old`,
    remedy:
      'Run the job again. If it persists, use a current release of the Alpine base image, another mirror in /etc/apk/repositories, and check the proxy of the runner.',
  },
  {
    technology: 'python',
    match:
      /No interpreter found for Python (?<name>[><=!~\d., ]{1,30})|(?:current|running) Python version (?:\([^)]{1,20}\) )?is not (?:allowed|supported|compatible)|requires a different Python|No Python at/i,
    cause: ({ name }) =>
      `the Python of the base image is not the version that the project asks for${name ? ` (${name.trim()})` : ''}`,
    remedy:
      'Use a base image with that version (FROM python:VERSION), or change requires-python in pyproject.toml and the file .python-version.',
  },
  {
    technology: 'jvm',
    match:
      /(?:Could not (?:transfer|GET|HEAD)|Received status code).{0,300}\b(?:status(?: code)?:? ?)?(?<status>401|403)\b/i,
    cause: ({ status }) => `the repository of Maven or Gradle refused the login (HTTP status ${status})`,
    remedy:
      'Mount settings.xml or gradle.properties with a valid token as a build secret (input `build-secrets`, RUN --mount=type=secret); a token for GitHub Packages needs read:packages.',
  },
  {
    rule: 'build-network',
    match:
      /\b407\b.{0,20}Proxy Authentication Required|Proxy Authentication Required|(?:HTTP code|status(?: ?code)?[:=]?|responded) ?407\b.{0,40}(?:proxy|CONNECT)|407 from proxy|tunneling socket could not be established, statusCode=407/i,
    cause: () => 'the proxy that the step uses wants a login (HTTP status 407)',
    remedy:
      'Give the proxy with its user and password to the build: HTTP_PROXY and HTTPS_PROXY as http://USER:PASSWORD@HOST:PORT (predefined build arguments, which stay out of the image; input `build-args` from secrets, characters such as @ encoded as %40). Or let the proxy pass that host, or name it in NO_PROXY.',
  },
  {
    rule: 'build-network',
    match:
      /proxyconnect tcp: .{0,40}?(?<name>[\w.-]{1,200}:\d{1,5})?: |Unable to tunnel through proxy|Could not resolve proxy(?:: (?<name2>[\w.-]{1,200}))?/i,
    cause: ({ name2, name = name2 }) =>
      `the proxy${name ? ` ${name}` : ''} that the step is told to use cannot be reached from the build`,
    remedy:
      'Correct HTTP_PROXY and HTTPS_PROXY of the build (build arguments, proxies of ~/.docker/config.json on the runner): 127.0.0.1 is the build container itself there.',
  },
  {
    match:
      /is `(?<name>[\w+.-]{1,40})` not installed\?|Could not find [`'"]?(?<name2>protoc|cmake|clang|nasm|pkg-config)\b|(?<name3>cmake|CMake|protoc)(?: executable)? (?:must be installed|(?:was )?not found)|[`'"](?<name4>g?make|gcc|g\+\+|cc|cmake|python3?|perl|git|autoconf|automake|libtool|pkg-config)[`'"] (?:was )?not found in (?:the |your )?(?:\$?PATH|path)\b|Command '(?<name5>[\w+.-]{1,40})' not found\. Is \S{1,40} installed\?/,
    cause: ({ name, name2, name3, name4, name5 }) =>
      `the tool ${name ?? name2 ?? name3 ?? name4 ?? name5} is not in that stage`,
    remedy: ({ name, name2, name3, name4, name5 }) => {
      const tool = (name ?? name2 ?? name3 ?? name4 ?? name5 ?? '').toLowerCase();
      if (/^(?:g?make|gcc|g\+\+|cc)$/.test(tool))
        return 'Install the build tools in that stage of the Dockerfile before the step ({toolchain}): the package is compiled there.';
      return `Install ${tool}${tool === 'protoc' ? ' (package protobuf-compiler)' : ''} in that stage of the Dockerfile before the step.`;
    },
  },
  {
    technology: 'python',
    match: /invalid command ['"]bdist_wheel['"]/,
    cause: () => 'pip builds a package the old way, for which the Python package wheel is missing',
    remedy: 'Install it before the requirements (pip install --upgrade pip setuptools wheel) in the same stage.',
  },
  {
    technology: 'ruby',
    match: /mkmf\.rb can't find header files for ruby|You have to install development tools first/,
    cause: () => 'a gem has to be compiled, and the headers of Ruby or the compiler are not in that stage',
    remedy:
      'Install the compiler before bundle install ({toolchain}); the headers of Ruby are in every ruby: base image, elsewhere in ruby-dev or ruby-devel.',
  },
  {
    match:
      /(?:Can't find the ['"]?|Cannot find |can't find |cannot find |fatal error: |missing header )(?<name>[\w./-]{1,80}\.h)\b|No package '(?<name2>[\w.+-]{1,60})' found|Package requirements \((?<name3>[\w.+-]{1,60})|^(?<name4>mysql client|libxml2|libxslt|libcurl|libffi|libvips) is missing|^(?:configure: error: )?(?<name5>[\w./-]{1,60}\.h|lib[\w.+-]{2,40}) (?:headers? )?not found[.!]?$|^(?:configure: error: )(?<name6>[\w.+-]{2,40}) (?:headers?|library|development files) (?:is |are |was |were )?(?:not found|missing|required)/i,
    cause: ({ name2, name3, name4, name5, name6, name = name2 ?? name3 ?? name4 ?? name5 ?? name6 ?? '' }) =>
      `the development files of a system library are not in that stage (${name})`,
    remedy: ({ base, name2, name3, name4, name5, name6, name = name2 ?? name3 ?? name4 ?? name5 ?? name6 ?? '' }) => [
      `Install ${packagesFor(name, base)} in that stage before the step`,
      ...(base === undefined
        ? [{ examples: [{ for: 'alpine', words: `on Alpine ${packagesFor(name, 'alpine')}` } as const] }]
        : []),
      '.',
    ],
  },
  {
    rule: 'build-disk-full',
    match: /ENOSPC|No space left on device|no space left|don't have enough free space/i,
    cause: () => 'the disk of the builder is full',
    remedy:
      'Free disk before the build (docker builder prune, remove unused folders of the runner), or use a larger runner.',
  },
  ...HEAPS,
  {
    rule: 'build-oom',
    match:
      /heap out of memory|(?:^|[:\d] {1,8})Killed\b(?! or)|non-zero exit (?:value|code) 137\b|\(Exit value: 137\)|^npm (?:ERR!|error) code 137\b|\bSIGKILL\b|signal: (?:killed|9)|Cannot allocate memory|\bENOMEM\b|OutOfMemoryError|System\.OutOfMemoryException|runtime: out of memory|virtual memory exhausted|internal compiler error: Killed/i,
    cause: () => 'it ran out of memory on the builder',
    remedy: [
      'Use a larger runner, or lower the parallelism of the step (make -j2).',
      { for: 'emulation', words: ' Emulated platforms need more memory: build them on a native runner.' },
    ],
  },
  {
    // Before what follows from it: a package list that could not be read knows no package.
    rule: 'build-network',
    match:
      /(?:Temporary failure resolving|Could not resolve) '(?<name>[\w.-]{1,200})'|Temporary failure (?:resolving|in name resolution)|temporary error \(try again later\)|Could not resolve '/i,
    cause: ({ name }) =>
      name
        ? `a download in the step failed: the host name ${name} could not be resolved`
        : 'a download in the step failed: a host name could not be resolved, or the server did not answer',
    remedy:
      'Run the job again. If it persists, check DNS and proxy of the runner (HTTP_PROXY as build argument, input `network`).',
  },
  {
    match: /C compiler "?(?<name>[\w+-]{1,20})"? not found/i,
    cause: ({ name }) => `the C compiler ${name ?? ''} is not in that stage`,
    remedy: [
      'Install it in that stage ({toolchain})',
      { for: 'go', words: ', or for Go build without it (CGO_ENABLED=0)' },
      '.',
    ],
  },
  {
    match: /unknown user(?:\/group)?:? (?<name>[\w.:-]{1,60})|invalid (?:user|group|spec):? ['‘](?<name2>[^'’]{1,60})/i,
    cause: ({ name, name2 }) => `the user or group ${name ?? name2 ?? ''} does not exist in that stage`,
    remedy: 'Create it first in that stage (useradd or adduser, groupadd or addgroup), or use the numeric uid and gid.',
  },
  {
    match: /computed checksums?\b.{0,80}did NOT match/,
    cause: () => 'the checksum of a download is not the expected one',
    remedy:
      'Compare version, architecture and checksum in the RUN line with what the vendor publishes, and let curl fail on errors (curl -fsSL): an error page that was saved has another checksum, too.',
  },
  {
    match:
      /not in gzip format|^gzip: invalid magic|don't know how to extract|Unrecognized archive format|Not a gzipped file|File is not a zip file|End-of-central-directory|does not look like a tar archive|unexpected end of file|invalid (?:tar|zip) (?:header|archive)|not a (?:valid )?zip/i,
    cause: () =>
      'an archive that the step unpacks is damaged or not an archive: the download was cut or was an error page',
    remedy:
      'Check the URL and version that it comes from, let curl fail on errors (curl -fsSL), and compare its checksum.',
  },
  {
    match: /exec: "(?<name>\/bin\/\w{1,8})": stat \/bin\/\w{1,8}: no such file/i,
    cause: ({ name }) => `the image of that stage has no shell (${name}), as scratch and distroless images do not`,
    remedy:
      'Run the command in an earlier stage whose base image has a shell and COPY --from its result, or use the -debug variant of the base image.',
  },
  {
    technology: 'emulation',
    match: /Illegal instruction|Segmentation fault|\bSIGILL\b|\bSIGSEGV\b/i,
    last: true,
    cause: () => 'a program of the step crashed (native code)',
    remedy:
      'If the step is built for another CPU architecture than the runner has, it runs under emulation: build that platform on a native runner (ubuntu-24.04-arm) or in a stage FROM --platform=$BUILDPLATFORM. Otherwise use another version of that program or its base image.',
  },
  {
    technology: 'node',
    match: /`?npm ci`? can only install with an existing package-lock|The `npm ci` command can only install/i,
    cause: () => 'npm ci found no package-lock.json (lock file) in the stage',
    remedy:
      'Commit package-lock.json and COPY it with package.json before `npm ci`; check .dockerignore and the build context.',
  },
  {
    technology: 'node',
    match: /ERR_PNPM_IGNORED_BUILDS|Ignored build scripts: (?<name>[^\s,.]{1,120})/i,
    cause: ({ name }) =>
      `pnpm did not run the build scripts of dependencies${name ? ` (${name})` : ''} that are not approved`,
    remedy: 'Run `pnpm approve-builds` on your machine and commit what it writes (onlyBuiltDependencies).',
  },
  {
    technology: 'node',
    match: /YN0028|lockfile would have been (?:modified|created)/i,
    cause: () =>
      'the lock file (yarn.lock) does not fit package.json or the Yarn of that stage: Yarn 2 or newer runs there (the codes YN are its own) and would have to change the file, as it does with one of Yarn 1',
    remedy: `Let the build use the Yarn that wrote the file: compare yarn --version there and on your machine, name it in package.json ("packageManager": "yarn@VERSION") and run corepack enable before the install. Where both are the same, run yarn install on your machine. ${LOCK}`,
  },
  {
    technology: 'node',
    match: /Your lockfile needs to be updated|frozen lockfile|lockfile had changes, but lockfile is frozen/i,
    cause: () =>
      'the lock file (yarn.lock, bun.lock) does not fit package.json, or another version of the tool wrote it',
    remedy: `Run the install on your machine with the version of the tool that the stage has. ${LOCK}`,
  },
  {
    technology: 'node',
    match: /ERESOLVE|Conflicting peer dependency|peer dep missing|unable to resolve dependency tree/i,
    cause: () => 'npm cannot resolve the dependencies: peer dependencies conflict',
    remedy:
      'Align the versions that the lines name in package.json and commit the lock file; --legacy-peer-deps only hides it.',
  },
  {
    technology: 'node',
    match:
      /(?:npm (?:ERR!|error)|ERR_PNPM|error An unexpected error|YN0041|YN0033).{0,120}(?:E401|E403|401|403|Unauthorized|Forbidden|authentication token|not authorized|need auth)/i,
    cause: () => 'the npm registry refused the login (private package)',
    remedy:
      'Mount an .npmrc with a valid token as a build secret (input `build-secrets`, RUN --mount=type=secret,id=npmrc,target=/root/.npmrc); a token for GitHub Packages needs read:packages.',
  },
  {
    technology: 'node',
    match:
      /(?:E404|404 Not Found).{0,60}(?:npm|registry|['"@])|ERR_PNPM_FETCH_404|npm (?:ERR!|error) (?:code )?(?:E404|404)|ETARGET|No matching version found for (?<name>\S{0,120}[^\s.])/i,
    cause: ({ name }) => `a package${name ? ` (${name})` : ''} is not in the npm registry in that version`,
    remedy:
      'Correct name and version in package.json; for a private package name its registry and token in .npmrc (build secret).',
  },
  {
    technology: 'node',
    match:
      /^(?!npm warn).*?(?:EBADENGINE|engine "?node"? is incompatible|Unsupported engine|requires Node\.js|The engine|ERR_PNPM_UNSUPPORTED_ENGINE|Node\.js version .{0,40}required)/i,
    cause: () => 'the Node.js version of the base image does not fit what the packages require',
    remedy:
      'Use a base image with the required Node.js version (FROM node:VERSION), the same for build and runtime stage.',
  },
  {
    technology: 'node',
    match: /ERR_OSSL_EVP_UNSUPPORTED|digital envelope routines::(?:unsupported|initialization error)/i,
    cause: () => 'the bundler (webpack 4) uses a hash that OpenSSL 3 of Node.js 17 and newer does not offer',
    remedy:
      'Upgrade the bundler (webpack 5, react-scripts 5), or for now set NODE_OPTIONS=--openssl-legacy-provider in that step.',
  },
  {
    technology: 'node',
    match:
      /(?:Cannot find (?:module|native binding)|Could not (?:load|resolve|find)|Failed to load).{0,60}['"](?<name>[@\w./-]{1,120}-(?:linux|darwin|win32|alpine)-?(?:x64|arm64|arm|ia32|musl|gnu)[\w-]{0,20}(?:\.node)?)['"]/i,
    cause: ({ name }) => `the native part ${name} of a package is not installed for the platform of the image`,
    remedy:
      'Install in the image with a lock file that has the optional dependencies of Linux (remove node_modules and the lock file, npm install, commit), and leave node_modules out of the context (.dockerignore). Do not use --omit=optional.',
  },
  {
    technology: 'python',
    match: /No module named ['"]pkg_resources\b/,
    cause: () =>
      'a package needs the Python module pkg_resources, which belongs to setuptools: new releases of setuptools (82 and newer) do not have it, and without setuptools it is missing as well',
    remedy:
      'Use a newer release of the package that imports it. Otherwise install an older setuptools first and build without isolation (pip install "setuptools<81" wheel, then pip install --no-build-isolation ...), or set PIP_CONSTRAINT to a file with setuptools<81.',
  },
  {
    technology: 'python',
    match: /No module named ['"](?<name>distutils|imp|asyncore|cgi)\b/i,
    cause: ({ name }) => `a package needs the Python module ${name}, which newer Python versions no longer bring`,
    remedy:
      'Upgrade the package that imports it, install setuptools before it (distutils), or use a base image with an older Python version (3.11).',
  },
  {
    technology: 'node',
    match: /node-gyp|gyp ERR!|prebuild-install/i,
    cause: () => 'a native npm module could not be compiled (node-gyp)',
    remedy: [
      'Install its build tools in that stage',
      { examples: [{ for: 'alpine', words: 'apk add python3 make g++', else: 'python3 make g++' }] },
      ', or use a base image for which prebuilt binaries exist',
      { examples: [{ for: 'alpine', words: 'Debian slim instead of Alpine' }] },
      '.',
    ],
  },
  {
    technology: 'node',
    match:
      /(?:npm (?:ERR!|error)|ERR_PNPM\w{0,40}|error) .{0,40}Missing script:? ["'`]?(?<name>[\w:.-]{1,80})|Command "(?<name2>[\w:.-]{1,80})" not found/i,
    cause: ({ name, name2 }) => `package.json has no script "${name ?? name2}"`,
    remedy:
      'Add the script to package.json or correct the RUN line of the Dockerfile; check that the right package.json is copied.',
  },
  {
    technology: 'python',
    match:
      /No matching distribution found for (?<name>[^\s(]{1,120})|Could not find a version that satisfies the requirement (?<name2>[^\s(]{1,120})/i,
    cause: ({ name, name2 }) => `pip found no distribution of ${name ?? name2} for this Python version and platform`,
    remedy:
      'Correct the version in the requirements, use a base image with a Python version and architecture for which the package index (PyPI) has a wheel, or name the private index (build secret).',
  },
  {
    technology: 'python',
    match:
      /ResolutionImpossible|conflicting dependencies|versions have conflicting dependencies|SolverProblemError|No solution found when resolving/i,
    cause: () => 'the Python requirements conflict with each other',
    remedy: 'Align the versions that the lines name, and commit the lock file (poetry.lock, uv.lock, pip-compile).',
  },
  {
    technology: 'python',
    match:
      /changed significantly since poetry\.lock|(?:poetry\.lock|uv\.lock|Pipfile\.lock|The lockfile at).{0,120}(?:out of date|not up to date|needs to be updated|significantly|changed|is not consistent)/i,
    cause: () => 'the Python lock file does not fit the manifest',
    remedy: `Run the lock command (poetry lock, uv lock, pipenv lock). ${LOCK}`,
  },
  {
    technology: 'postgres',
    match: /Can't find the '?libpq|pg_config(?: executable not found|\.\.\. no)/i,
    cause: () =>
      'the client library of PostgreSQL (libpq) is not in that stage, and a package has to be compiled against it',
    remedy: [
      'Install the compiler ({toolchain}) and the development files of libpq in that stage before the step',
      { examples: [{ for: 'alpine', words: 'postgresql-dev', else: 'libpq-dev, with dnf libpq-devel' }] },
      { for: 'python', words: '; for Python psycopg[binary] needs neither' },
      '.',
    ],
  },
  {
    technology: 'python',
    match:
      /Failed building wheel for (?<name>\S{1,80})|Failed to build '?(?<name2>[\w.-]{1,80})'? when getting|metadata-generation-failed|Getting requirements to build wheel did not run/i,
    when: (lines) => !/gcc|g\+\+|\bcc\b|\.h: No such|pg_config|mysql_config|rustc|cargo|cmake|compiler/i.test(lines),
    cause: ({ name, name2 }) =>
      `pip found no ready wheel of a package${(name ?? name2) ? ` (${name ?? name2})` : ''} for this Python version and platform, and its own build script failed`,
    remedy:
      'Use a release of that package that has a wheel for the Python version and architecture of the base image (usually a newer one), or a base image with the Python version that it supports.',
  },
  {
    technology: ['python', 'debian'],
    match:
      /mysql_config|error: command ['"]?(?:gcc|cc|g\+\+|x86_64-linux-gnu-gcc|aarch64-linux-gnu-gcc)['"]? failed|unable to execute ['"]?gcc|Failed building wheel for (?<name>\S{1,80})/i,
    cause: ({ name }) =>
      `a Python package${name ? ` (${name})` : ''} had to be compiled and its build tools are missing`,
    remedy:
      'Install the compiler in that stage ({toolchain}) and the -dev packages of the libraries that the lines above name, or use a package with prebuilt wheels (psycopg[binary]) on a Debian base image.',
  },
  {
    match:
      /^(?:curl: \(22\)|wget: |HTTP request sent.{0,60}|\d{4}-.{0,40}ERROR ).{0,80}?\b(?<status>40[0-9])\b|curl: .{0,60}error: (?<status2>40[0-9])/i,
    cause: ({ status, status2 }) => `a download was refused with HTTP status ${status ?? status2}`,
    remedy:
      'Correct the URL or version that the step downloads (404), or give it the token that the server asks for as a build secret (401, 403).',
  },
  {
    technology: 'node',
    match: /Cannot find matching keyid/i,
    cause: () => 'the corepack of the base image is too old: it does not know the signing keys of the package manager',
    remedy: 'Update it before it is used (npm install -g corepack@latest), or use a newer Node.js base image.',
  },
  {
    technology: 'jvm',
    match:
      /(?:Could not find or load main class|ClassNotFoundException:?) (?:org\.gradle\.wrapper\.)?GradleWrapperMain|(?:Unable to access jarfile|Error opening zip file|No such file|not found).{0,80}gradle-wrapper\.jar|gradle-wrapper\.jar.{0,40}(?:not found|No such file|does not exist|missing)/i,
    cause: () => 'gradle/wrapper/gradle-wrapper.jar is not in the stage, so ./gradlew cannot start',
    remedy:
      'Commit gradle/wrapper/gradle-wrapper.jar (a *.jar line in .gitignore or .dockerignore leaves it out) and COPY the folder gradle with gradlew.',
  },
  {
    technology: 'python',
    match: /externally-managed-environment/i,
    cause: () => "pip may not install into the system's Python (PEP 668)",
    remedy:
      'Create a virtual environment in the Dockerfile (python3 -m venv /venv, ENV PATH=/venv/bin:$PATH) and install into it, or use a python: base image. Where nothing else in the image uses that Python, pip install --break-system-packages does as well.',
  },
  {
    technology: 'debian',
    match:
      /Unable to locate package (?<name>\S{1,80})|Package '?(?<name2>[^\s']{1,80})'? has no installation candidate/i,
    cause: ({ name, name2 }) => `apt does not know the package ${name ?? name2}`,
    remedy: ({ updated }) =>
      updated
        ? 'Check that the release of the base image has the package under that name (packages.debian.org, packages.ubuntu.com): a tag without a release moves on to one that may not have it, so correct or drop the name, or pin the release in FROM (python:3.12-slim-bookworm). A package of another vendor needs its own repository first, and may not exist for every architecture.'
        : 'Run apt-get update in the same RUN before apt-get install, and check that the release of the base image has the package under that name. A package of another vendor needs its own repository first, and may not exist for every architecture.',
  },
  {
    technology: 'debian',
    match:
      /(?:^(?:E|W|Err|Ign)(?::\d+)?:? .{0,300}404 +Not Found|^ +404 +Not Found \[IP|Failed to fetch .{0,200}404 +Not Found|is not signed|does not have a Release file|is no longer signed|Hash Sum mismatch|Release file .{0,80}(?:not valid|expired)|File has unexpected size|NO_PUBKEY)/i,
    cause: () =>
      'apt could not read the package lists: they are outdated, changed during the download, or the release is archived',
    remedy:
      'Run apt-get update and apt-get install in one RUN (no cached list), and use a base image whose release is still supported. A hash mismatch goes away with a retry.',
  },
  {
    technology: 'alpine',
    match: /(?<name>\S{1,80}) \((?:no such package|missing)\):?$/,
    cause: ({ name }) => `apk does not know the package ${name ?? ''}`,
    remedy:
      'Correct its name for the Alpine release of the base image (pkgs.alpinelinux.org), or add the repository that has it (community, edge).',
  },
  {
    technology: 'alpine',
    match: /ERROR: (?:unable to select packages|unsatisfiable constraints)/,
    cause: () => 'apk does not know a package in the version that is asked for',
    remedy:
      'Correct the name for the Alpine release of the base image (pkgs.alpinelinux.org), and do not pin versions that the release no longer has.',
  },
  {
    technology: 'go',
    match:
      /go: .{0,200}(?:requires go >= ?(?<version>[\d.]{1,10})|go\.mod requires go)|note: module requires Go (?<version2>[\d.]{1,10})|invalid go version/i,
    when: (lines) => !OF_C.test(lines),
    cause: ({ version, version2 }) =>
      `the Go version of the base image is older than go.mod requires${(version ?? version2) ? ` (${version ?? version2})` : ''}`,
    remedy: 'Use a newer base image (FROM golang:VERSION), or lower the go line of go.mod.',
  },
  {
    technology: 'go',
    match:
      /Repository not found\.?$|fatal: repository '[^']{1,200}' not found|terminal prompts disabled|could not read Username for|fatal: Authentication failed|Permission denied \(publickey|reading .{0,200}(?:410 Gone|404 Not Found)|unrecognized import path/i,
    cause: () => 'a Git repository or Go module could not be read: there is none of that name, or it is private',
    remedy:
      'Compare its path letter by letter. If it is private, give the step a token as a build secret (input `build-secrets`, RUN --mount=type=secret) or an SSH agent (input `ssh`, RUN --mount=type=ssh), and set GOPRIVATE for Go.',
  },
  {
    technology: 'go',
    match:
      /no required module provides package|missing go\.sum entry|updates to go\.(?:mod|sum) needed|go\.mod file not found|inconsistent vendoring/i,
    cause: () => 'go.mod or go.sum does not fit the code, or is not in the stage',
    remedy: 'Run go mod tidy and commit both files; check that COPY puts go.mod and go.sum into the working directory.',
  },
  {
    technology: 'dotnet',
    match:
      /NETSDK1045|does not support targeting \.NET (?<version>[\d.]{1,8})|A compatible \.NET SDK was not found|global\.json/i,
    cause: ({ version }) =>
      `the .NET SDK of the base image is older than the project targets${version ? ` (.NET ${version})` : ''}`,
    remedy: ({ version }) =>
      `Use the SDK base image of that version (FROM mcr.microsoft.com/dotnet/sdk:${version ?? 'VERSION'}), or lower TargetFramework or global.json.`,
  },
  {
    technology: 'dotnet',
    match: /NETSDK100[45]|project\.assets\.json/i,
    cause: () => 'the project was not restored in this stage for the target framework that it builds for',
    remedy:
      'Run dotnet restore in that stage after COPY (or drop --no-restore), keep bin/ and obj/ out with .dockerignore, and let TargetFramework and the SDK base image agree.',
  },
  {
    technology: 'dotnet',
    match: /\bNU1\d{3}\b|Unable to (?:find package|load the service index)|error NU\d+/i,
    cause: () => 'NuGet could not restore a package (unknown, wrong version, or a private feed without login)',
    remedy:
      'Correct the package version; for a private feed mount a NuGet.config with credentials as a build secret (input `build-secrets`).',
  },
  {
    technology: 'dotnet',
    match:
      /error MSB(?:3202|1009|4019|1003)\b.{0,40}?(?:project file|file)? ?"?(?<name>[^"\n]{0,200}?\.\w{2,4}proj)?"/i,
    cause: ({ name }) => `a project file${name ? ` (${name})` : ''} is not in that stage`,
    remedy:
      'COPY every .csproj that the solution or a project refers to, in the same folders, before dotnet restore; or restore only the project that is built. Check .dockerignore and letter case.',
  },
  {
    match: /\berror (?<name>MSB\d{4})\b(?::? (?<why>.{1,160}))?/,
    cause: ({ name, why }) => `MSBuild stopped with ${name}${why ? ` (${why.trim()})` : ''}`,
    remedy: [
      'Correct what that line names in the project file or the RUN line',
      { for: 'dotnet', words: '; the SDK base image must have the .NET version that the project is written for' },
      '.',
    ],
  },
  {
    technology: 'dotnet',
    match: /\berror (?:CS|FS|BC)\d{3,5}\b/,
    cause: () => 'the .NET compiler rejected the code',
    remedy:
      'Correct the file and line that the error names; if the file is missing, check COPY and .dockerignore (Linux distinguishes upper and lower case).',
  },
  {
    technology: 'node',
    match:
      /(?:error|\[ERROR\]) TS(?:2307|7016)\b.{0,80}?['"](?<name>[^'"]{1,200})|Cannot find module ['"](?<name2>\.{0,2}[^'"]{1,200})['"] or its corresponding type/i,
    cause: ({ name, name2 }) => `TypeScript did not find the module ${name ?? name2}`,
    remedy:
      'Check that the file is copied (COPY, .dockerignore) and that its letter case is the same as in the import: Linux is case-sensitive, macOS and Windows are not. For a package, install it (dev dependencies included) before the build.',
  },
  {
    technology: 'node',
    match: /(?:\berror|\[ERROR\]) TS\d{3,5}\b|Type error: /i,
    cause: () => 'the TypeScript compiler rejected the code',
    remedy:
      'Correct the file and line that the error names; run the same build command on a clean checkout (npm ci first).',
  },
  {
    technology: 'node',
    match:
      /^(?:[x⨯✗×] )?Failed to compile\.?$|^webpack [\d.]{1,12} compiled with [1-9]\d{0,4} errors?|Build failed because of webpack errors/i,
    when: (lines) => !/Module not found|Can't resolve|Cannot find module|Could not resolve/i.test(lines),
    cause: () => 'the bundler did not compile the code',
    remedy:
      'Correct the file and line that the lines around it name; run the same build command on a clean checkout (npm ci first).',
  },
  {
    match:
      /(?:failed to resolve import|Module not found|Could not resolve ['"]|Cannot find module|Can't resolve|ModuleNotFoundError: No module named|ModuleNotFoundError|No module named|cannot find package|package \S{1,120} is not in (?:std|GOROOT))(?: for)?[: ]{0,3}(?:module |package )?['"]?(?<name>[^'"\n]{0,160})/i,
    cause: ({ name }) => `a module was not found${name ? `: ${name.trim()}` : ''}`,
    remedy:
      'Check that it is a dependency in the manifest and installed in that stage, or for an own file that it is copied (COPY, .dockerignore) in the same letter case.',
  },
  {
    technology: 'rust',
    match:
      /rustc (?<have>[\d.]{1,12}) is not supported|requires rustc (?<need>[\d.]{1,12})|feature `edition20\d\d` is required|this version of Cargo is older|lock file version `?\d`? requires/i,
    cause: ({ need }) =>
      `the Rust toolchain of the base image is too old for a dependency${need ? ` (needs rustc ${need})` : ''}`,
    remedy:
      'Use a newer base image (FROM rust:VERSION), or pin the dependency to a lower version (cargo update -p NAME --precise VERSION).',
  },
  {
    technology: 'rust',
    match: /error: couldn't read `(?<name>[^`\n]{1,200})`: No such file/,
    cause: ({ name }) => `cargo does not find the source file ${name ?? ''} in that stage`,
    remedy:
      'COPY it before the step (a target of Cargo.toml names it: [[bin]], [lib], [[example]]), or take the target out of Cargo.toml; check .dockerignore.',
  },
  {
    match: /^error(?:\[E\d{4}\]: |: (?!could not compile|aborting|failed to))(?<why>.{1,160})/,
    when: (lines) => /could not compile `|^\s*--> \S{1,200}\.rs:\d/m.test(lines),
    cause: ({ why }) => `rustc rejected the code: ${why ?? ''}`,
    remedy:
      'Correct the code at the place below that line, and build with the toolchain and Cargo.lock of the project.',
  },
  {
    match: /collect2: error: ld returned \d|linker command failed with exit code|(?:^|: )ld: /,
    cause: () => 'the linker failed: the code itself was compiled',
    remedy:
      'Read the lines above that one: a library that it cannot find has to be installed in that stage with its development package (-dev, with dnf -devel), a symbol that is not defined comes with the library in another version or libc.',
  },
  {
    technology: 'rust',
    match: /error\[E\d{4}\]|could not compile `/,
    cause: () => 'cargo could not compile the code',
    remedy: 'Correct the file and line that the error names; commit Cargo.lock and build with the same toolchain.',
  },
  {
    match:
      /linker `?(?<name>[\w-]{1,60})`? not found|cannot find -l(?<lib>\w{1,60})|pkg-config.{0,80}(?:not found|could not be found)|Could not find directory of OpenSSL|Package '?(?<pkg>[\w.+-]{1,60})'?,? (?:was )?not found in the pkg-config/i,
    cause: ({ name, lib, pkg }) =>
      `a linker or library for compiling is missing${(name ?? lib ?? pkg) ? ` (${name ?? lib ?? pkg})` : ''}`,
    remedy:
      'Install it in that stage of the Dockerfile: compilers and linkers with {toolchain}, a library with its own development package (-dev, with dnf -devel) and pkg-config.',
  },
  {
    technology: 'php',
    match:
      /(?:requires? (?:the )?(?:PHP )?(?:extension )?|requested PHP extension )ext-(?<name>[a-z_]{2,30})|(?:PHP )?extension ['"`]?(?<name2>[a-z_]{2,30})['"`]? (?:is )?(?:missing|not (?:loaded|installed))/i,
    cause: ({ name, name2 }) => `the PHP extension ${name ?? name2} is missing in that stage`,
    remedy: ({ name, name2 }) =>
      `Install it before composer (docker-php-ext-install ${name ?? name2}, with its -dev packages; or install-php-extensions), or run composer with --ignore-platform-req=ext-${name ?? name2} where only the runtime image has it.`,
  },
  {
    technology: 'jvm',
    match:
      /Could not find artifact (?<name>[\w.:-]{3,200})|Could not (?:find|transfer artifact) (?<name2>[\w.-]{1,160}:[\w.-]{1,80}:[\w.-]{0,60}[\w-])|Could not (?:resolve dependencies|find artifact|transfer artifact|find \S{1,160}:\S{1,80})|Could not GET '|Non-resolvable (?:parent|import) POM|status: 401 Unauthorized/i,
    cause: ({ name, name2 }) =>
      `Maven or Gradle could not resolve ${name ?? name2 ?? 'a dependency'} (unknown there, or a private repository without login)`,
    remedy:
      'Correct the coordinates and version; for a private repository mount settings.xml or gradle.properties as a build secret (input `build-secrets`).',
  },
  {
    technology: 'jvm',
    match:
      /invalid (?:source|target) release: ?(?<name>[\d.]{1,8})|Unsupported class file major version|release version (?<name2>\d{1,3}) not supported|class file has wrong version/i,
    cause: ({ name, name2 }) =>
      `the JDK of the base image is older than the project asks for${(name ?? name2) ? ` (Java ${name ?? name2})` : ''}`,
    remedy:
      'Use a base image with the JDK version of the project (maven.compiler.release, toolchain), or lower that version in the build file.',
  },
  {
    match:
      /(?:^|\/)(?<name>[\w$-]{1,80}\.(?:java|kt|scala|groovy))(?::\d{1,6}: error: |:\[\d{1,6},\d{1,6}\] )(?<why>.{1,160})/,
    cause: ({ name, why }) => `the compiler rejected ${name}: ${why}`,
    remedy:
      'Correct the code at that place; where a class is missing that is there on your machine, commit its file or add its dependency to the build file.',
  },
  {
    match: /COMPILATION ERROR|Compilation failed; see the compiler|Compilation error\. See log/,
    cause: () => 'the code of the project did not compile',
    remedy: 'Correct the file and line that the compiler names above that line in the log of the build.',
  },
  {
    match:
      /Permission denied.{0,40}(?:mvnw|gradlew)|(?:mvnw|gradlew): Permission denied|\.\/(?<name>\S{1,100}): Permission denied|sh: .{0,120}Permission denied/i,
    cause: ({ name }) => `${name ? `./${name}` : 'the script'} is not executable`,
    remedy:
      'Mark it executable in Git (git update-index --chmod=+x FILE), or call it through its interpreter (sh ./FILE).',
  },
  {
    match: /Your Ruby version is|requires? (?:php|ruby) |your php version.{0,80}does not satisfy/i,
    cause: () => 'the language version of the base image does not fit what the packages require',
    remedy:
      'Use a base image of the required version (FROM ruby:VERSION, FROM php:VERSION), or change the requirement.',
  },
  {
    technology: 'ruby',
    match:
      /bundle only supports platforms|Could not find (?:gem )?\S{1,80}.{0,60}in (?:any of the sources|rubygems)|Bundler::|frozen mode|deployment mode.{0,80}Gemfile/i,
    cause: () => 'bundler could not install the gems: Gemfile.lock does not fit, or lacks the platform of the image',
    remedy:
      'Run bundle lock --add-platform x86_64-linux aarch64-linux, commit Gemfile.lock and COPY it before bundle install.',
  },
  {
    technology: 'ruby',
    match: /Failed to build gem native extension|An error occurred while installing (?<name>[\w.-]{1,60})/i,
    when: (text) =>
      !/Timeout|timed out|execution expired|Failed to open TCP|Could not (?:reach|fetch)|getaddrinfo|401|403|404/.test(
        text,
      ),
    cause: ({ name }) => `a gem${name ? ` (${name})` : ''} could not be compiled`,
    remedy:
      'Install the compiler ({toolchain}) and the development packages of the libraries that the lines above name (-dev, with dnf -devel) in that stage before bundle install; a file mkmf.log holds the exact error.',
  },
  {
    match: /certificate has expired|certificate (?:is )?not yet valid|CERT_HAS_EXPIRED/i,
    cause: () => 'TLS failed inside the step: a certificate in the chain of the server has expired',
    remedy:
      'Use a newer base image or update ca-certificates before the step. If the certificate of the server itself has expired, it has to be renewed there.',
  },
  {
    match:
      /SELF_SIGNED_CERT|self[- ]signed certificate|unable to get local issuer|certificate verify failed|UNABLE_TO_VERIFY|x509: certificate|PKIX path/i,
    cause: () =>
      'TLS failed inside the step: a proxy or registry presents a certificate whose CA the image does not trust',
    remedy: [
      'Add the CA certificate of the proxy to the image before the step',
      {
        examples: [
          'update-ca-certificates',
          { for: 'node', words: 'NODE_EXTRA_CA_CERTS' },
          { for: 'python', words: 'PIP_CERT' },
          'SSL_CERT_FILE',
        ],
      },
      ', for instance as a build secret.',
    ],
  },
  {
    rule: 'build-network',
    match:
      /^(?!\s{0,8}(?:code|syscall|errno|hostname|address|port): |.*\b(?:127\.0\.0\.1|localhost)\b|.*\.(?:internal|local|svc|lan|corp)\b|.*\.(?:rds|cache|docdb|kafka|mq)\.|.*:(?:5432|3306|6379|27017|9092)\b|.*connection to server at "|.*\[?::1\]?:\d).*?(?:Temporary failure (?:in name resolution|resolving)|Could not resolve (?:host|')|\bgetaddrinfo\b|\bEAI_AGAIN\b|\bENOTFOUND\b|spurious network error|Timeout was reached|\bECONNRESET\b|\bE(?:SOCKET)?TIMEDOUT\b|\bECONNREFUSED\b|connection (?:timed out|reset)(?! waiting)|Connection refused(?! by)|Read timed out|network is unreachable|i\/o timeout|socket hang up|\b(?<status>50[234]) (?:Bad Gateway|Service |Gateway )|\b(?<status2>429) Too Many)/i,
    last: true,
    cause: ({ status2, status = status2 }) =>
      status
        ? `a server that the step asks answered with an error of its own (${status})`
        : 'a download in the step failed: the network, or the server it asks, did not answer',
    remedy:
      'Run the job again. If it persists, check that the runner reaches that host (proxy: HTTP_PROXY as build argument, input `network`), and let the step retry.',
  },
  {
    last: true,
    match:
      /(?:^|: )(?<name>\/(?:[\w.+-]{1,60}\/){0,8}bin\/(?![\w.+-]{1,60}\.(?:sh|py|rb|pl)\b)[\w.+-]{1,60}): (?:not found|No such file)/i,
    cause: ({ name }) => `the program ${name} is not in that stage`,
    remedy: [
      'Install it in that stage before this step, or correct its path: the installer may have put it elsewhere (for another user, HOME or version). A file that is there lacks its interpreter or libraries',
      { examples: [{ for: ['alpine', 'native'], words: 'glibc programs on Alpine' }] },
      '.',
    ],
  },
  {
    match:
      /could not (?:run|execute|find program) [`'"](?<name>[\w./+-]{1,80})[`'"]|spawn (?<name2>[\w./+-]{1,80}) ENOENT|(?:[Ff]ailed to (?:execute|spawn|run)|couldn't execute) (?:command )?[`'"](?<name3>[\w./+-]{1,80})[ `'"]|FileNotFoundError: \[Errno 2\] No such file or directory: '(?<name4>[a-z][\w+-]{1,30})'/,
    cause: ({ name, name2, name3, name4, program = name ?? name2 ?? name3 ?? name4 ?? '' }) =>
      program.startsWith('/')
        ? `the program ${program} could not be started: it is not in that stage, or the loader that it names is not (a program for another libc)`
        : `the program ${program}, which the step starts, is not in that stage`,
    remedy: ({ name, name2, name3, name4, program = name ?? name2 ?? name3 ?? name4 ?? '' }) =>
      program.startsWith('/')
        ? [
            'See whether the file is there (RUN ls -l). Where it is, install the package in the image for its libc and CPU, or use a base image with the libc that it was built for',
            {
              examples: [
                { for: ['alpine', 'native', 'debian'], words: 'glibc of Debian and musl of Alpine do not mix' },
              ],
            },
            '; where it is not, run the install script of its package.',
          ]
        : `Install it in that stage of the Dockerfile before the step${COMPILERS.test(program) ? ' ({toolchain})' : ''}, and check that PATH has its folder.`,
    technology: ['native', 'alpine'],
  },
  {
    technology: 'jvm',
    match: /(?:^|: )\.\/(?<name>gradle|mvn): (?:not found|No such file)/,
    cause: ({ name }) => `./${name} is not in that stage: the wrapper script of a project is called ./${name}w`,
    remedy: ({ name }) =>
      `Call ./${name}w in the RUN line, or ${name} of the base image (without ./). The wrapper must be in the repository and the build context: check out the whole repository (actions/checkout), build with its root as input \`context\`, and COPY it before the step.`,
  },
  {
    technology: 'jvm',
    match:
      /(?:^|: )(?:\.\/|\/(?:[\w.-]{1,60}\/){0,6})?(?<name>gradlew|mvnw): (?:not found|No such file|cannot execute: required file)/,
    cause: ({ name }) => `the wrapper script ${name} is not in that stage, or it has Windows line ends`,
    remedy: ({ name }) =>
      `COPY ${name} with its folder (${name === 'mvnw' ? '.mvn' : 'gradle'}) into the WORKDIR before the step: the build needs the whole repository as its context (actions/checkout, input \`context\`, .dockerignore). Where it is there, give it LF line ends (.gitattributes: ${name} text eol=lf).`,
  },
  {
    match: /(?:^|: )(?<name>\.{0,2}\/[\w./+-]{1,100}): (?:not found|No such file|cannot execute: required file)/i,
    cause: ({ name }) => `${name} is not in that stage, or its interpreter is not (a script with Windows line ends)`,
    remedy: ({ name }) =>
      `Check that COPY puts ${name} into the working directory of that stage (.dockerignore), and that the script has LF line ends (.gitattributes: text eol=lf) and an interpreter that the image has.`,
  },
  {
    match:
      /^(?:[\w./-]{0,80}: ){1,2}(?:line )?\d{1,6}: (?:exec: )?(?<name>[\w./+-]{1,100}): (?:command )?not found\b|^(?:\S{1,150} (?:(?:pre|post)?install|prepare): )?(?:\/\S{0,40}\/)?(?:ba|da|a|z|k|c)?sh: (?:line \d{1,6}: )?(?<name3>[\w./+-]{1,100}): (?:command )?not found\b|^(?<name4>[\w./+-]{1,100}): command not found\b|exec: "(?<name2>[\w./+-]{1,100})": executable file not found/i,
    last: true,
    cause: ({ name, name2, name3, name4 }) =>
      `the command ${name ?? name2 ?? name3 ?? name4 ?? ''} is not in that stage of the image`,
    remedy: ({ name, name2, name3, name4 }) => installOf(name ?? name2 ?? name3 ?? name4 ?? ''),
  },
  {
    technology: ['debian', 'alpine'],
    match:
      /^(?:make|env|xargs|time|sudo|nice|nohup|timeout|exec|sh|bash): (?:line \d{1,4}: )?['"`]?(?<name>[a-z][\w+.-]{0,60})['"`]?: (?:No such file or directory|[Cc]ommand not found)/,
    cause: ({ name }) => `the program ${name ?? ''}, which the step starts, is not in that stage`,
    remedy: ({ name = '' }) =>
      `Install ${name} in that stage of the Dockerfile before the step${COMPILERS.test(name) ? ' ({toolchain})' : ''}, and check that PATH has its folder.`,
  },
  {
    match:
      /cannot create regular file ['"‘](?<name>[^'"’]{1,200})['"’]: No such file|(?:can't create|cannot create|cannot touch) ['"‘]?(?<name2>[^'"’:]{1,200})['"’]?: (?:No such file|Directory nonexistent|nonexistent directory)/,
    cause: ({ name, name2 }) => `the folder of ${name ?? name2 ?? ''}, where the step writes, does not exist`,
    remedy:
      'Make the folder before (mkdir -p), or correct the target: the layout of what was downloaded or cloned may have changed in that version.',
  },
  {
    technology: 'emulation',
    match: /Function not implemented/,
    cause: () =>
      'the kernel or the emulator of the builder does not know a system call that the program uses: mostly emulation of another CPU architecture (QEMU)',
    remedy:
      'Build that platform on a native runner (ubuntu-24.04-arm), or run the step in a stage FROM --platform=$BUILDPLATFORM; on a self-hosted runner update Docker, its seccomp profile and QEMU.',
  },
  {
    match: /Cannot change ownership to uid (?<name>\d{1,10})/,
    cause: ({ name }) =>
      `the archive holds files of the user id ${name}, which the builder (rootless, in a user namespace) cannot give them`,
    remedy:
      'Unpack without owners (tar --no-same-owner, or ENV TAR_OPTIONS=--no-same-owner in that stage), or use a builder with a larger range of user ids (/etc/subuid).',
  },
  {
    // Inside of what a package manager keeps for itself no file of the project is missing.
    match:
      /(?:\bENOENT\b|No such file or directory).{0,200}?['"](?<name>\/[^'"\n]{0,160}\/(?:node_modules|\.cache\/yarn|\.yarn\/(?:berry\/)?cache|\.npm\/_cacache|\.pnpm|registry\/(?:src|cache)|\.m2\/repository|\.gradle\/caches)\/[^'"\n]{1,200})/,
    when: (lines) =>
      /\byarn\b|\bYN\d{4}|\bpnpm\b|\bnpm\b/i.test(lines) &&
      /persist|scandir|copyfile|rename|unlink|mkdir|lstat/.test(lines),
    cause: ({ name }) =>
      `the package manager did not find a file of its own (${name}): its cache or node_modules is not whole, or another process changed it at the same time`,
    remedy:
      'Build once without cache (input `no-cache`: true). Leave node_modules out of the context (.dockerignore), give a cache mount sharing=locked, and use a current release of the package manager and Node.js.',
    technology: 'node',
  },
  {
    match:
      /(?:no such file or directory, mkdir|mkdir: (?:can't create|cannot create) directory) ['"‘]?(?<name>[^'"’:]{1,200})/,
    cause: ({ name }) => `the folder above ${name ?? ''} does not exist, so the folder could not be made there`,
    remedy:
      'Compare that path with WORKDIR and with what is copied into the stage; make the folders above it first (mkdir -p), or correct the path in the RUN line.',
  },
  {
    match:
      /\bENOENT: no such file or directory, (?!chmod)\w{2,12} ['"](?<name>[^'"\n]{1,200})|(?:FileNotFoundError|Errno::ENOENT|No such file or directory @ \w{2,20})\b.{0,60}?(?:: | - )['"]?(?<name2>[\w./@+-]{1,200})|(?:^|: )(?:open|stat|lstat|read|chdir) (?<name3>[\w./@+-]{1,200}): no such file|^(?:[\w./-]{1,60}: ){1,2}(?:line \d{1,5}: |\d{1,5}: )?(?:cannot (?:stat|open(?! shared object)|access|remove|create)|can't (?:open|stat|cd to)|failed to (?:open|access))(?: directory)? ?['"‘]?(?<name4>[\w./@+-]{1,200})|^(?<name6>\/[\w./@+-]{1,200}): \w{1,30}:\w{1,30}: does not exist \(No such file|^(?:[\w./-]{1,60}: ){1,2}(?:line \d{1,5}: |\d{1,5}: )?['"‘]?(?<name5>[\w./@+-]{1,200})['"’]?: No such file or directory/i,
    last: true,
    cause: ({ name, name2, name3, name4, name5, name6 }) =>
      `the file ${name ?? name2 ?? name3 ?? name4 ?? name5 ?? name6 ?? ''}, which the step needs, is not in that stage`,
    remedy: ({ name, name2, name3, name4, name5, name6 }) =>
      isOfProject(name ?? name2 ?? name3 ?? name4 ?? name5 ?? name6)
        ? 'Check that an earlier COPY or build step puts it there (WORKDIR, .dockerignore, letter case).'
        : 'See in the lines before it which program looked for it: a package of the system that has it is to be installed in that stage, an own file to be copied, a result to be made by a step before this one.',
  },
  {
    match:
      /^--- FAIL: |^FAILED \(|^\s{0,6}[1-9]\d* failing\b|^=+ .{0,60}\b[1-9]\d* failed\b|Tests?: {1,8}[1-9]\d* failed|There were failing tests|There are test failures|^test result: FAILED/,
    cause: () => 'tests failed in the step',
    remedy: 'Correct the tests that the lines name, or run them in a job before the image is built.',
  },
  {
    match:
      /^(?<name>[@\w./-]{1,100}) (?<name2>(?:pre|post)install|prepare): (?:\S{0,40} )?(?:\w{0,30}Error|Error|error)\b: (?<name3>.{3,200})/,
    cause: ({ name, name2, name3 }) => `the script ${name2} of ${name}, which the install runs, failed: ${name3}`,
    remedy:
      'COPY the files that this script reads (its configuration, schema or source) before the install step, or install without scripts (--ignore-scripts) and run it after everything is copied.',
  },
  {
    technology: 'node',
    match: /^npm (?:ERR!|error) command (?:sh|bash) -c (?<name>.{3,200})$/,
    when: (text) => !/Lifecycle script|ELIFECYCLE/.test(text),
    cause: ({ name }) => `the script \`${name}\`, which npm runs at an install (postinstall, prepare), failed`,
    remedy:
      'Its own error stands above that line. COPY what the script needs before the install step, or install with --ignore-scripts and run it later; where the final stage needs no such script, --ignore-scripts there is enough.',
  },
];
