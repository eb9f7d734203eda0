import { of } from '../say.ts';
import { AGAIN_NETWORK, OF_C, TOKEN, type Tool } from './tool.ts';

const GO_VERSION = of(
  'go',
  'Use a newer base image (FROM golang:VERSION) that has at least the Go version of go.mod, or lower the go line.',
);
const GO_PRIVATE = of(
  'go',
  `For a private module set ENV GOPRIVATE=HOST/OWNER and give Git a token as ${TOKEN} (git config url."https://TOKEN@HOST/".insteadOf) or an SSH agent (input \`ssh\`, RUN --mount=type=ssh).`,
);

/** A program that a tool has just downloaded is there: what is missing is the loader that its header names. */
const LOADER: Tool = {
  form: /\/(?:\.cache|\.npm|\.local|node_modules|tmp)\/\S{1,200}:? (?:no such file or directory|not found|ENOENT)/i,
  rows: [
    [
      /fork\/exec (?<name>\/\S{0,100}\/(?:\.cache|\.npm|\.local|node_modules|tmp)\/\S{1,160}): no such file or directory/,
      'the program {name}, which a tool has downloaded, could not be started; where the file is there, what is missing is its loader: it was built for glibc, and Alpine has musl',
      'Build on an image with glibc (Debian instead of Alpine: FROM IMAGE without -alpine), or use a release of that tool that has a build for musl. Where ls shows no such file there, the download before it failed.',
      { technology: ['alpine', 'debian', 'native'] },
    ],
  ],
};

const GO: Tool = {
  technology: 'go',
  form: /\$GOPATH\/go|\?go-get=1|-mod=(?:vendor|mod|readonly)\b|declares its path as|\bgo(?:\.mod|\.sum|\.work|: |\s(?:build|mod|get|install|test|run|generate|vet)\b)|\.go:\d|cgo|GOROOT|golang|pattern \S{1,200}: no matching/,
  rows: [
    [
      /\$GOPATH\/go\.mod exists but should not/,
      'the working directory of that stage is GOPATH itself (/go in the image golang), and a module may not stand there: WORKDIR is missing or is /go',
      'Set WORKDIR to another folder (WORKDIR /src) before COPY of go.mod and the code, and run the step there.',
    ],
    [
      /module declares its path as: (?<name>\S{1,200})\n\s{0,40}but was required as: (?<what>\S{1,200})/,
      'the module {what} has another path now: its go.mod says {name}',
      'Write {name} instead in go.mod, in the imports and after go install (go get {name}@latest, go mod tidy). A fork that keeps the old path needs a replace line; or pin the last version before the change.',
      { lines: 2 },
    ],
    [
      /reading (?:https:\/\/)?sum\.golang\.org|(?:server response|reading \S{1,200}):? ?(?:404|410)/,
      'the proxy or checksum database of Go does not know a module, as it is private or misspelt',
      GO_PRIVATE,
    ],
    [
      /invalid version: unknown revision (?<name>[\w./+-]{1,100})|unknown revision (?<name2>[\w./+-]{1,100})/,
      'the module has no version, tag or commit {name}',
      'Correct the version in go.mod (go get MODULE@VERSION, go mod tidy) and commit go.mod and go.sum; the tag must be pushed.',
    ],
    [
      /replacement directory (?<name>\S{1,200}) does not exist|replaced by (?<name2>\.{1,2}\/[^\s)]{0,200})\)?: reading|open (?<name3>\/\S{1,200})\/go\.mod: no such file/,
      'go.mod replaces a module by the folder {name}, which is not in that stage',
      'COPY that folder to the same relative place before go mod download; the build context (input `context`) must contain it.',
    ],
    [
      /go(?:\.work)?: .{0,80}cannot load module (?<name>\S{1,120}) listed in go\.work file/,
      'go.work lists {name}, which is not in that stage',
      'COPY all modules of go.work before the step, or set ENV GOWORK=off in that stage.',
    ],
    [
      /cannot find package "(?<name>[\w./@-]{1,150})" in any of:|build flag -mod=\w{1,10} only valid when using modules/,
      'Go builds without modules (GOPATH), and looks for {name|packages} only there',
      'Use a base image with Go 1.16 or newer (FROM golang:VERSION), which builds with modules by itself (Go before 1.11 has none, and no setting adds them), without GO111MODULE=off. COPY go.mod and go.sum into the working directory before the step; a project without go.mod needs go mod init and go mod tidy first.',
    ],
    [
      /(?<at>[\w./-]{1,150}\.go:\d{1,6}):\d{1,5}: undefined: (?<name>[a-z]\w{0,60}\.[A-Z]\w{0,80})/,
      'the compiler knows no {name} at {at}, in a build without cgo (CGO_ENABLED=0): a package that is written in C has no files then',
      [
        'If that package needs C (confluent-kafka-go, go-sqlite3), set CGO_ENABLED=1 and install a compiler in that stage ({toolchain})',
        '; otherwise correct the name or the version of the module in go.mod.',
      ],
      { when: /CGO_ENABLED=0/ },
    ],
    [
      /package (?<name>[\w./-]{1,150}) is not in (?:std|GOROOT)/,
      'the package {name} is neither of Go itself nor in the module: its folder is not in that stage, or the import path is wrong',
      'COPY its folder before the step (.gitignore and .dockerignore must not leave it out), and compare the path with the module line of go.mod; a new standard package needs a newer Go.',
    ],
    [
      /go\.mod file not found in current directory|cannot find main module/,
      'there is no go.mod in the working directory of that stage',
      'COPY go.mod and go.sum into the WORKDIR before the step, and check .dockerignore and the build context.',
    ],
    [
      /no Go files in (?<name>\S{1,200})/,
      'there is no Go file in {name}',
      'COPY the sources before go build, and name the folder of the main package (go build ./cmd/NAME).',
    ],
    [
      /stat (?<name>\/\S{1,200}): directory not found|cannot find package "?\.?"? ?in|directory (?<name2>\S{1,150}) (?:not found|outside (?:main|available) module)/,
      'the folder {name|of the package} that go build is told to build is not in that stage',
      'Correct the path in the RUN line (go build ./cmd/NAME), and check that COPY has brought the folder and that .gitignore or .dockerignore does not leave it out.',
    ],
    [
      /pattern (?<name>\S{1,200}): (?:no matching files found|cannot embed)/,
      'the files {name} that the code embeds (go:embed) are not in that stage',
      'COPY or build them (the front end) before go build, and check .dockerignore.',
    ],
    [
      /go: download go(?<name>[\d.]{1,10})(?:\.linux-\w{1,8})?(?: for [\w/]{1,20})?: .{0,200}(?:GOSUMDB|checksum|toolchain|dial tcp|i\/o timeout|not found)/,
      'go.mod asks for Go {name}, which is newer than the base image, and it could not be downloaded there',
      GO_VERSION,
    ],
    [
      /requires go >= ?(?<name>[\d.]{1,10})|note: module requires Go (?<name2>[\d.]{1,10})|invalid go version '?(?<name3>[\d.]{0,10})|unknown directive: (?:toolchain|tool|godebug|ignore)|unknown block type: (?:tool|godebug)|toolchain not available/,
      'the Go version of the base image is older than go.mod requires{ name}',
      GO_VERSION,
      // Go notes it below any error of a module that asks for a newer version.
      { unless: OF_C },
    ],
    [
      /missing go\.sum entry|updates to go\.(?:mod|sum) needed|existing contents have changed since last read/,
      'go.mod or go.sum does not fit the code',
      'Run go mod tidy and commit both files; check that COPY puts go.mod and go.sum into the working directory.',
    ],
    [
      /no required module provides package (?<name>[^\s;]{1,150})/,
      'go.mod has no module that provides the package {name}',
      'Run go mod tidy and commit go.mod and go.sum; for an own or generated package check that COPY has brought its folder.',
    ],
    [
      /inconsistent vendoring/,
      'the folder vendor does not fit go.mod',
      'Run go mod vendor and commit the folder, or build with -mod=mod.',
    ],
    [
      /build constraints exclude all Go files in (?<name>\S{1,200})/,
      'no file of {name} is for this platform or set of tags, often because CGO_ENABLED=0 leaves out the files with C',
      ['Set CGO_ENABLED=1 and install a C compiler in that stage ({toolchain}), or use a package in pure Go.'],
    ],
    [
      /runtime\/cgo: .{0,60}|go: -race requires cgo/,
      'a part of the program needs cgo, which does not work in that stage',
      ['Set CGO_ENABLED=1 and install a C compiler ({toolchain}), or build without what needs it (-race).'],
      { when: /cgo: C compiler|-race requires cgo/ },
    ],
    [
      /'go get' is no longer supported outside a module|go: go\.mod file not found.{0,40}go install/,
      'go get works only inside of a module since Go 1.18 (go.mod), and does not install programs any more',
      'For a program use go install PACKAGE@VERSION in the Dockerfile. For a library that the code imports COPY go.mod and go.sum before the step (without one: go mod init NAME), and go build or go mod download fetches it.',
    ],
    [
      /module (?<name>\S{1,150}) found.{0,120}but does not contain package (?<pack>\S{1,150})/,
      'the module {name} is there, but that version has no package {pack}',
      'Correct the import path or the version of the module in go.mod; between major versions the path ends with /v2, /v3.',
    ],
    [
      /cannot load (?<name>\S{1,150}): open (?<name2>\S{0,200}\/vendor\/\S{1,200}): no such file|cannot find module providing package (?<name3>\S{1,150}): import lookup disabled by -mod=vendor|inconsistent vendoring/,
      'go build uses the folder vendor (-mod=vendor), and {name|a package} is not in it',
      'Run go mod vendor and commit (or COPY) the whole folder vendor, or leave -mod=vendor out so that go downloads the modules. .gitignore or .dockerignore may leave vendor out.',
    ],
    [
      /dial tcp \[[0-9a-f:]{2,45}\]:\d{1,5}: connect: (?:cannot assign requested address|network is unreachable)/,
      'the download went to an IPv6 address, and the network of the build has no IPv6',
      'Let the build use the network of the host (input `network`: host) or a DNS server that answers with IPv4, or turn IPv6 on for Docker on the runner; then run again.',
      { rule: 'build-network' },
    ],
    [
      /unrecognized import path "[^"\n]{1,200}": reading https?:\/\/(?<name>(?!proxy\.golang\.org)[\w.-]{1,200})\/\S{0,300}\?go-get=1: (?:50\d|429)\b/,
      'go asked {name} itself for the module, and that server failed; the module and its path are right',
      'Run the job again. Let go use the module proxy, which has a copy: no GOPROXY=direct in the Dockerfile (the default is https://proxy.golang.org,direct), and GOPRIVATE or GONOPROXY only for modules of your own.',
      { rule: 'build-network' },
    ],
    [
      /reading https?:\/\/\S{1,200}: (?:50\d|429)\b|(?:proxy\.golang\.org|sum\.golang\.org|storage\.googleapis\.com).{0,200}(?:timeout|connection|no such host|EOF|TLS handshake)/,
      'a download of Go modules failed: the network, or the Go proxy, did not answer',
      AGAIN_NETWORK,
      { rule: 'build-network' },
    ],
  ],
};

const RUST: Tool = {
  technology: 'rust',
  form: /\bcargo\b|\brustc\b|error\[E\d{4}\]|Cargo\.(?:toml|lock)|custom build command|rustup|linker|crate|could not compile|DATABASE_URL|lock file|bin target|libclang/i,
  rows: [
    [
      /could not find `Cargo\.toml` in `(?<name>[^`]{1,200})`/,
      'there is no Cargo.toml in {name} or above',
      'COPY Cargo.toml and Cargo.lock into the WORKDIR before the step, and check .dockerignore.',
    ],
    [
      /failed to (?:load manifest for workspace member|read) `(?<name>[^`]{1,200})`/,
      'a member of the workspace or a path dependency ({name}) is not in that stage',
      'COPY the Cargo.toml (and at least an empty src) of every member before the step, or the whole workspace; a path dependency must lie in the build context.',
    ],
    [
      /believes it's in a workspace when it's not|failed to find a workspace root/,
      'the package names a workspace that does not list it, or whose root Cargo.toml is not in that stage',
      'COPY the root Cargo.toml of the workspace (with every member that it names) to the folder above, or add the package to workspace.members; a package that stands alone gets an empty [workspace] table.',
    ],
    [
      /Is `(?<name>musl-gcc|[\w+.-]{1,40})` installed\?/,
      'the tool {name}, which a crate is compiled with, is not in that stage',
      ({ name = '' }) => [
        'Install it in that stage before the step',
        {
          examples: [
            {
              for: 'debian',
              words: `apt-get install -y ${name === 'musl-gcc' ? 'musl-tools' : name}`,
              else: `${name === 'musl-gcc' ? 'musl-tools' : name}`,
            },
          ],
        },
        '.',
      ],
      { technology: 'native' },
    ],
    [
      /no bin target named `(?<name>[^`]{1,80})`/,
      'the workspace has no program named {name}',
      'Correct the name after --bin, and COPY the package that defines it.',
    ],
    [
      /feature `edition(?<name>20\d\d)` is required|lock file version `?(?<lock>\d)`? (?:was found, but this version of Cargo does not|requires)|requires rustc (?<need>[\d.]{1,12})/,
      'the Rust toolchain of the base image is too old: the project or a dependency needs {need|a newer one}',
      'Use a newer base image (FROM rust:VERSION; edition 2024 needs 1.85, lock file version 4 needs 1.78), or pin the dependency to a lower version and commit Cargo.lock.',
    ],
    [
      /(?:needs to be updated|cannot update the lock file \S{1,100}) (?:but|because) --(?:locked|frozen)/,
      'Cargo.lock does not fit Cargo.toml',
      'Run cargo update --workspace (or cargo build) on your machine and commit Cargo.lock; COPY it and every Cargo.toml before the step.',
    ],
    [
      /`SQLX_OFFLINE=true` but there is no cached data/,
      'sqlx finds no cached data for a query: the folder .sqlx is not in that stage, or is older than the code',
      'Run cargo sqlx prepare (in a workspace with --workspace) against the migrated database on your machine, commit .sqlx and COPY it into that stage before cargo build; .dockerignore must not leave it out.',
    ],
    [
      /set `DATABASE_URL` to use query macros online/,
      'sqlx checks its queries against a database while it compiles, and a build has none',
      'Run cargo sqlx prepare on your machine, commit and COPY the folder .sqlx, and set ENV SQLX_OFFLINE=true in that stage.',
    ],
    [
      /OpenSSL (?:library|include|libdir) directory does not exist: \["?(?<name>[^"\]\n]{1,200})/,
      'openssl-sys looks for OpenSSL in {name}, where it is not: OPENSSL_DIR or OPENSSL_LIB_DIR names a folder of another architecture or distribution',
      'Remove that variable in the Dockerfile and install pkg-config and libssl-dev, which find it by themselves; or let it name the folder of the architecture (/usr/lib/aarch64-linux-gnu).',
    ],
    [
      /failed to run custom build command for `(?<name>openssl-sys) |Could not find directory of OpenSSL/,
      'openssl-sys has to be compiled, and the development files of OpenSSL are not in that stage',
      [
        'Install pkg-config and libssl-dev in that stage',
        { examples: [{ for: 'alpine', words: 'on Alpine pkgconf openssl-dev openssl-libs-static' }] },
        ', or use rustls or the feature vendored.',
      ],
    ],
    [
      /error sending request for url \(https?:\/\/(?<name>[\w.-]{1,120})/,
      'a build script could not download from {name}',
      AGAIN_NETWORK,
      { rule: 'build-network', when: /custom build command/ },
    ],
    [
      /The system library `(?<name>[\w.+-]{1,60})` required by crate `(?<crate>[\w-]{1,60})` was not found/,
      'the crate {crate} needs the system library {name}, which is not in that stage',
      [
        'Install its development package',
        {
          examples: [
            'the one that contains {name}.pc',
            { for: 'debian', words: 'apt-file or pkgs.alpinelinux.org find it' },
          ],
        },
        ' and pkg-config before the step.',
      ],
    ],
    [
      /the `(?<name>[\w-]{1,60})` target is not installed|rustup target add (?<name2>[\w-]{3,60})|can't find crate for `(?:core|std)`.{0,20}$/,
      'the Rust toolchain of that stage lacks the target{ name}',
      'Run rustup target add {name|TARGET} in that stage before the build.',
    ],
    [
      /Unable to find libclang/,
      'bindgen needs libclang, which is not in that stage',
      [
        'Install it before the step',
        {
          examples: [
            {
              for: 'alpine',
              words: 'apk add clang-dev, and do not link it statically',
              else: 'clang and libclang-dev',
            },
          ],
        },
        '.',
      ],
    ],
    [
      /the `(?<name>[\w.-]{1,60})` target may not be installed|target '(?<name2>[\w.-]{1,60})' (?:is )?not installed/,
      'the standard library of the target {name} is not in that stage',
      [
        'Install it before the build: RUN rustup target add {name}',
        { for: 'native', words: '; for musl also musl-tools' },
        '.',
      ],
    ],
    [
      /(?:failed to authenticate when downloading repository|failed to (?:clone|fetch) into).{0,200}|failed to get `(?<name>[^`]{1,80})` as a dependency/,
      'cargo could not fetch {name|a dependency} from its Git repository or registry',
      `Read the last "Caused by" below it. For a private repository set ENV CARGO_NET_GIT_FETCH_WITH_CLI=true and give Git a token as ${TOKEN}, or use the input \`ssh\` (RUN --mount=type=ssh).`,
      { when: /authenticat|could not read Username|Permission denied|publickey|ssh|401|403/i },
    ],
    [
      /no matching package named `(?<name>[^`]{1,80})` found|failed to select a version for (?:the requirement )?`(?<name2>[^`]{1,80})/,
      'cargo found no version of {name} that fits',
      'Correct the version or feature in Cargo.toml, and commit Cargo.lock; a private crate needs its registry in .cargo/config.toml, copied before the step.',
    ],
    [
      /spurious network error|failed to download from `(?<name>[^`]{1,150})`|\[28\] Timeout was reached|\[6\] Could(?:n't| not) resolve host/,
      'a download of cargo failed: the network, or the registry, did not answer',
      AGAIN_NETWORK,
      { rule: 'build-network' },
    ],
    [
      /linker `(?<name>[\w.-]{1,60})` not found/,
      'the linker {name} is not in that stage',
      [
        'Install it before the step ({toolchain}; for another target its cross compiler, for instance gcc-aarch64-linux-gnu).',
      ],
    ],
    [
      /^\s{0,8}(?<why>(?:[A-Z]\w{0,20} ){1,5}(?:toolchain|compiler|SDK|CLI) (?:is )?not (?:found|installed).{0,120})/,
      'a build script needs a tool that is not in that stage: {why}',
      'Install it in that stage before cargo build, as that line says.',
      { when: /custom build command/ },
    ],
    [
      /panicked at .{0,200}Os \{ code: 2, kind: NotFound/,
      'a build script did not find a program or a file that it needs (the message does not name it)',
      'Look up in its build.rs what it starts or reads: install that program in that stage, or COPY the file before cargo build (RUST_BACKTRACE=1 shows the line).',
      { when: /custom build command/ },
    ],
    [
      /failed to run custom build command for `(?<name>[\w.-]{1,80}) v/,
      'the build script of the crate {name} failed, mostly for a tool or library that is not in that stage',
      'Read its "--- stderr" below that line, and install what it names (pkg-config, a -dev package, cmake, clang, protobuf-compiler, perl, make).',
      { unless: /\.h\b|pkg-config|protoc|cmake|not installed\?|linker|libclang|No such file|Killed|not found/ },
    ],
  ],
};

const COMPILERS: Tool = {
  form: /make|cmake|protoc|ninja|meson|gcc|g\+\+|clang|cc1plus|configure|ld:|autoreconf|aclocal|fatal error|undefined reference|undefined symbol/i,
  rows: [
    [
      /ld: cannot find (?<name>S?crt[1in]\.o|-l(?:c|m|ssp_nonshared|pthread)\b)/i,
      'the stage has a compiler without the files of the C library to link with ({name})',
      'Install them in that stage: apk add musl-dev (or build-base) on Alpine, apt-get install -y libc6-dev (or build-essential) on Debian and Ubuntu, dnf install glibc-devel on Amazon Linux.',
      { technology: ['debian', 'alpine', 'native'] },
    ],
    [
      /fatal error: (?<name>(?:errno|stdio|stdlib|stdint|string|assert|limits|unistd|sys\/types|features|bits\/libc-header-start)\.h): No such file/,
      'the compiler is in that stage, but not the headers of the C library ({name})',
      'Install them in that stage: musl-dev (or build-base) on Alpine, libc6-dev (or build-essential) on Debian and Ubuntu, glibc-devel on Fedora, Red Hat and Amazon Linux.',
      { technology: ['debian', 'alpine', 'native'] },
    ],
    [
      /The source directory\n\s{0,8}\n?\s{1,8}(?<name>\S{1,200})\n\s{0,8}\n?\s{1,8}does not contain a CMakeLists\.txt file/,
      'CMake finds no CMakeLists.txt in {name}: that folder is empty or was not copied, as a submodule of Git that is not checked out',
      'Check out the submodules (actions/checkout with submodules: recursive, git submodule update --init --recursive) before the build; COPY the folder, and check .dockerignore.',
      { lines: 5 },
    ],
    [
      /^fatal: not a git repository/,
      'a command of the Makefile calls Git (as a rule to fetch submodules or the version), and there is no .git in that stage',
      'Check out the submodules before the build (actions/checkout with submodules: recursive) so that nothing has to be fetched; where only the version is read, pass it as a build argument, or COPY .git and take it out of .dockerignore.',
      { when: /^make(?:\[\d{1,3}\])?: \*\*\* /m },
    ],
    [
      /No rule to make target '?`?(?<name>[^'`\s]{1,200})['`]?,? ?(?:needed by '?`?(?<by>[^'`.]{1,100}))?/,
      'make has no rule for {name}: the target is not in the Makefile, or it is a file that is not in that stage',
      'Correct the target in the RUN line; for a file COPY it (and the Makefile with it) before the step, and check .dockerignore. A folder that is a submodule of Git is empty unless it is checked out (actions/checkout with submodules: recursive).',
    ],
    [
      /No targets specified and no makefile found/,
      'there is no Makefile in the working directory of that stage',
      'COPY the Makefile into the WORKDIR before the step, or run configure or cmake first.',
    ],
    [
      /\*\*\* missing separator/,
      'a line of the Makefile begins with spaces where make wants a tab',
      'Indent the commands in the Makefile with tabs; editors and copies from web pages replace them.',
    ],
    [
      /source directory "?(?<name>[^"\s]{1,200})"? does not (?:appear to contain CMakeLists\.txt|exist)/,
      'there is no CMakeLists.txt in {name}',
      'COPY CMakeLists.txt and the sources before the step, and name their folder with cmake -S; submodules must be checked out (actions/checkout with submodules: recursive).',
    ],
    [
      /^(?<name>[\w./+-]{1,200}\.(?:c|cc|cpp|cxx|cu|m|mm))$/,
      'CMake does not find the source file {name} in that stage',
      'COPY it before cmake (or run its generator, for instance protoc for *.pb.cc), and check .dockerignore and .gitignore.',
      { when: /Cannot find source file/ },
    ],
    [
      /No SOURCES given to target: (?<name>[\w.+-]{1,60})/,
      'CMake finds no source files for the target {name}: they are not in that stage (or are generated and were not)',
      'COPY the sources (or run their generator, for instance protoc) before cmake, and check .dockerignore and .gitignore.',
    ],
    [
      /(?<name>protoc-gen-[\w-]{1,40}): program not found|could not find protoc plugin for name \S{1,40} - please make sure (?<name2>protoc-gen-[\w-]{1,40})/,
      'the plugin {name} of protoc is not in that stage',
      ({ name, name2, plugin = name ?? name2 ?? '' }) =>
        plugin === 'protoc-gen-go'
          ? of(
              'go',
              'Install it before the step (go install google.golang.org/protobuf/cmd/protoc-gen-go@latest) and put its folder (/go/bin) into PATH.',
            )
          : `Install ${plugin} before the step as its project describes, in the version that fits the runtime library, and put its folder into PATH.`,
      { technology: 'go' },
    ],
    [
      /Compatibility with CMake < 3\.5 has been removed/,
      'the CMake of that stage (4 or newer) does not build projects that are written for CMake before 3.5',
      [
        'Set ENV CMAKE_POLICY_VERSION_MINIMUM=3.5 in that stage (or -DCMAKE_POLICY_VERSION_MINIMUM=3.5), or install CMake 3',
        { examples: [{ for: 'python', words: 'pip install "cmake<4"' }] },
        '.',
      ],
    ],
    [
      /CMake (?<need>[\d.]{1,10}) or higher is required\.\s{0,3}You are running version (?<have>[\d.]{1,14})/,
      'the CMake of that stage ({have}) is older than the project needs ({need})',
      [
        'Use a base image with a newer release, or install a current CMake',
        {
          examples: [
            { for: 'python', words: 'pip install cmake' },
            { for: 'debian', words: 'apt.kitware.com' },
          ],
        },
        '.',
      ],
    ],
    [
      /No CMAKE_(?:C|CXX)_COMPILER could be found|no acceptable C compiler found|C compiler cannot create executables|CMAKE_MAKE_PROGRAM is not set/,
      'no C or C++ compiler (or make) that works is in that stage',
      ['Install it before the step ({toolchain}).'],
    ],
    [
      /Could not find a package configuration file provided by "(?<name>[\w.+-]{1,60})"|Could NOT find (?<name2>[\w.+-]{1,60})|Dependency "?(?<name3>[\w.+-]{1,60})"? not found, tried/,
      'the development files of {name} are not in that stage',
      [
        'Install the -dev package of {name} in that stage before the step',
        {
          examples: [
            { for: 'debian', words: 'on Debian lib...-dev' },
            { for: 'alpine', words: 'on Alpine ...-dev' },
          ],
        },
        '.',
      ],
      { unless: /Could NOT find Python|nvcc/ },
    ],
    [
      /all warnings being treated as errors/,
      'the compiler treats warnings as errors (-Werror), and the compiler of the base image warns where another did not',
      'Correct the places that the lines name, build without -Werror, or pin the base image to the older release.',
    ],
    [
      /ld: (?<name>\S{1,200}\.a)\(.{0,80}relocation .{0,160}recompile with -fPIC/,
      'a shared library is linked with the static library {name}, which was compiled without -fPIC',
      'Link the shared version of that library (.so of its -dev package; in CMake prefer it over the .a), or build the library in that stage with -fPIC (CMAKE_POSITION_INDEPENDENT_CODE=ON).',
    ],
    [
      /relocation .{0,160}recompile with -fPIC/,
      'a shared library is linked with objects that were compiled without -fPIC',
      'Compile those objects with -fPIC (CFLAGS, CMAKE_POSITION_INDEPENDENT_CODE=ON), or link the shared version of the library (.so) in place of the static one (.a).',
    ],
    [
      /undefined reference to [`'](?<name>__\w{1,40}_chk|__(?:isoc99|fdelt|errno_location|cxa_thread_atexit_impl)\w{0,40})/,
      'objects that were compiled for glibc are linked in a stage with another C library (musl): {name} is only in glibc',
      [
        'Compile everything in that stage again: leave objects and caches of another system out (.dockerignore, cache mounts), or use a base image with glibc',
        { examples: [{ for: 'debian', words: 'Debian' }] },
        '.',
      ],
      { technology: ['native', 'alpine'] },
    ],
    [
      /undefined reference to [`'](?<name>[^'`]{1,100})/,
      'the linker does not find {name} in the libraries that it is given',
      [
        'Add the library that has it (-l), install its -dev package, or take the one of the same libc',
        { for: ['alpine', 'native', 'debian'], words: ': objects for glibc (Debian) and musl (Alpine) do not mix' },
        '.',
      ],
    ],
  ],
};

export const NATIVE: readonly Tool[] = [LOADER, GO, RUST, COMPILERS];
