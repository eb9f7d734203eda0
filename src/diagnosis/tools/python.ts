import { PYTHON_LIBRARY } from '../application-words.ts';
import { of } from '../say.ts';
import { AGAIN_NETWORK, COPY_BEFORE, LOCK, TOKEN, type Tool } from './tool.ts';

const PYTHON_VERSION = of(
  'python',
  'Use a base image with a Python version that the project and its packages support (FROM python:VERSION), or another version of the package.',
);
const COMPILER =
  'Install it in that stage before the step ({toolchain}), or use packages that have ready wheels for the base image.';

const PIP: Tool = {
  technology: 'python',
  form: /\bpip3?\b|No module named|requirement|\bwheel|distribution|python|setup\.py|Traceback|File "|egg_info|meson|Compiler|^\s*(?:error|×|ERROR)/im,
  rows: [
    [
      /have no matching distributions available for your environment:\n\s{1,12}(?<name>[\w.-]{1,80})/,
      'for the Python version and platform of the base image there is no {name} in the version that the requirements or the constraints ask for',
      'Raise that version (also in the constraints file), or use a base image with a Python version and architecture for which {name} has wheels in it (pypi.org, "Download files").',
      { lines: 2 },
    ],
    [
      /Could not open requirements file: .{0,60}?'(?<name>[^']{1,200})'/,
      'pip did not find {name} in that stage',
      COPY_BEFORE,
    ],
    [
      /It looks like a path\. File '(?<name>[^'\n]{1,200})' does not exist/,
      'the requirements take a package from the path {name}, which is not in that stage',
      'COPY it to the same place before the step, and check WORKDIR and .dockerignore; it must lie in the build context (input `context`).',
    ],
    [
      /error: can't copy '(?<name>[^'\n]{1,200})': doesn't exist or not a regular file/,
      'the package is built from its setup.py, and the file {name} that it takes along is not in that stage',
      'COPY that file as well, to the place that the path means from the folder of the package (../ leads out of it), or take it out of data_files and package_data.',
    ],
    [
      /has invalid metadata: .{0,300}|Please use pip<24\.1 if you need to use this version/,
      'pip 24.1 and newer do not take a release whose metadata is not valid, and other releases do not fit the requirements',
      'Use a newer release of that package, or install with an older pip in that stage (pip install "pip<24.1" before the requirements).',
      { when: /Please use pip<24\.1/ },
    ],
    [
      /Invalid requirement: ['"](?<name>[^'"]{0,80})/,
      'pip cannot read a line of the file it was given ({name}): it is not a requirement',
      'Give pip -r a requirements file: one NAME==VERSION per line, UTF-8, no lock file (poetry.lock, Pipfile.lock, uv.lock). For a lock file use its own tool, or export it first (poetry export, uv export).',
    ],
    [
      /ModuleNotFoundError: No module named '(?<name>[\w.]{1,60})'/,
      'a package needs {name} while it is built, and pip builds each package in an environment of its own that does not have it',
      'Install {name} first in a step of its own, then the package with --no-build-isolation; or use a release of it that has a wheel or declares {name} as a build requirement.',
      {
        when: /subprocess-exited-with-error|Preparing metadata|[Gg]etting requirements to build|error originates from a subprocess/,
        unless: /No module named '(?:distutils|imp|pkg_resources|setuptools)/,
      },
    ],
    [
      new RegExp(`^(?:ModuleNotFoundError|ImportError): No module named '?(?<name>${PYTHON_LIBRARY})(?:['.]|$)`),
      'Python in that stage lacks {name}, a module of its own standard library: it is a stripped installation (a minimal package of the distribution), or far older than the program that imports it',
      'Use an official base image (FROM python:3.12-slim), or install the whole Python of the distribution, not its minimal package. pip cannot install that module; get-pip.py for an old Python is at https://bootstrap.pypa.io/pip/VERSION/get-pip.py.',
    ],
    [
      /^(?:ModuleNotFoundError|ImportError): No module named '?(?<name>_(?:ctypes|ssl|sqlite3|bz2|lzma|curses|tkinter|hashlib|uuid)|zlib|readline)\b/,
      'Python in that stage was compiled without {name}: the library behind it had no headers there',
      'Install the headers before Python is compiled (libffi-dev for _ctypes, libssl-dev, libsqlite3-dev, libbz2-dev, liblzma-dev, zlib1g-dev), or use an official base image (FROM python:3.12).',
    ],
    [
      /Hashes are required in --require-hashes mode|In --require-hashes mode/,
      'pip checks hashes, and not every requirement has one',
      'Write the requirements file again with all hashes (pip-compile --generate-hashes, uv export), including dependencies of dependencies.',
    ],
    [
      /Readme (?:file|path) (?:does not exist: |`)(?<name>[^`'"\n]{1,120}?)(?:` does not exist)?\.?$/i,
      'pyproject.toml names the readme {name}, which is not in that stage',
      'COPY it beside pyproject.toml before this step (.dockerignore often leaves *.md out), or take readme out of pyproject.toml.',
    ],
    [
      /does not appear to be a Python project|Directory '(?<name>[^']{1,150})' is not installable|neither 'setup\.py' nor 'pyproject\.toml' found|(?<name2>[\w./@+-]{1,200}) is not a valid editable requirement/,
      'there is no pyproject.toml or setup.py in the folder that pip should install ({name|.})',
      'COPY pyproject.toml (or setup.py) and the sources that it names before the step, and check WORKDIR and .dockerignore.',
    ],
    [
      /Could not install packages due to an (?:OSError|EnvironmentError): \[Errno 13\] Permission denied: '(?<name>[^']{1,200})'/,
      'pip may not write {name}: the stage runs as a user without the right to it',
      'Put USER behind the install step, or install into a virtual environment that belongs to that user.',
    ],
    [
      /Package '?(?<name>[\w.-]{1,80})'? requires a different Python: (?<have>[\d.]{1,10}) not in '(?<need>[^']{1,60})'/,
      '{name} does not support the Python of the base image ({have}); it needs {need}',
      PYTHON_VERSION,
    ],
    [
      /(?:Cannot find command|error: Git executable not found|Cannot find the command) ?'?git'?|Git executable not found|\[Errno 2\] No such file or directory: 'git'|requires? git to be installed/,
      'a dependency comes from Git, and git is not in that stage',
      ['Install git in that stage before the step', { examples: [{ for: 'alpine', words: 'apk add git' }] }, '.'],
    ],
    [
      /AttributeError: (?:module 'pkgutil' has no attribute 'ImpImporter'|cython_sources)|use_2to3 is invalid/,
      'a package is too old for the Python or the build tools (setuptools, Cython) of that stage',
      'Use a newer release of the package that is built (PyYAML 6.0.1, numpy 1.26 or newer for Python 3.12), or a base image with an older Python.',
    ],
    [
      /error: Rust (?<have>[\d.]{1,12}) does not match extension requirement (?<need>[<>=]{1,2}[\d.]{1,12})|can't find Rust compiler|requires Rust(?: and Cargo)? to compile|Rust toolchain(?: is)? not (?:found|installed)|Cargo, the Rust package manager, is not installed/,
      'a Python package has to be compiled with Rust{ need}, as there is no ready wheel of it for this Python version and platform, and that stage has {have|no Rust}',
      [
        'Upgrade pip first and use a release of the package that has a wheel for the Python and platform of the base image',
        { examples: [{ for: 'alpine', words: 'Debian instead of Alpine' }] },
        '; otherwise install Rust{ need} with rustup in that stage (packages of distributions are often too old).',
      ],
      { technology: 'rust', when: /subprocess-exited-with-error|\bpip3?\b|\bwheel\b|maturin|setuptools|poetry|\buv\b/ },
    ],
    [
      /Unknown compiler\(s\): \[\['(?<name>gfortran)'/,
      'a Python package has to be compiled, and the Fortran compiler {name} is not in that stage',
      'Use a release of the package that has a ready wheel for the Python version, the architecture and the libc of the base image; otherwise install the compilers in that stage ({toolchain}; for Fortran gfortran, in distributions of Red Hat gcc-gfortran).',
    ],
    [
      /Unknown compiler\(s\): \[\['(?<name4>[\w+-]{1,20})'|Unknown compiler\(s\)|Broken toolchain|unable to execute '?(?<name>gcc|g\+\+|cc|clang|x86_64-linux-gnu-gcc|aarch64-linux-gnu-gcc)'?: No such file|error: command '(?<name2>gcc|cc|g\+\+|x86_64-linux-gnu-gcc|aarch64-linux-gnu-gcc)' failed: No such file|No such file or directory: '(?<name3>gcc|cc|g\+\+|x86_64-linux-gnu-gcc)'/,
      'a Python package has to be compiled, and the compiler {name|gcc} is not in that stage',
      COMPILER,
    ],
    [
      /mysql_config|MYSQLCLIENT_CFLAGS/,
      'mysqlclient has to be compiled, and the client library of MySQL is not in that stage',
      [
        'Install the compilers ({toolchain}), pkg-config and the development files of that library in that stage before the step',
        { examples: [{ for: 'alpine', words: 'mariadb-dev', else: 'default-libmysqlclient-dev' }] },
        '.',
      ],
      { technology: 'mysql' },
    ],
    [
      /Please make sure the libxml2 and libxslt development packages are installed/,
      'lxml has to be compiled, and the development files of libxml2 and libxslt are not in that stage',
      'Install libxml2-dev, libxslt1-dev and build-essential in that stage before the step, or use a release of lxml with a wheel for this Python.',
    ],
    [
      /ensurepip is not\b|No module named (?:venv|ensurepip)/,
      'Python of the base image has no venv',
      [
        'Install it in that stage',
        { examples: [{ for: 'debian', words: 'apt-get install -y python3-venv', else: 'python3-venv' }] },
        ', or use a python: base image.',
      ],
    ],
    [
      /No module named pip\b/,
      'Python of that stage has no pip',
      [
        'Install it',
        { examples: [{ for: 'alpine', words: 'apk add py3-pip', else: 'python3-pip' }] },
        ', or use a python: base image.',
      ],
    ],
    [
      /Cannot uninstall '?(?<name>[\w.-]{1,60})'?.{0,30}(?:distutils|no RECORD file|installed by)|uninstall-(?:no-record-file|distutils)/,
      'pip cannot replace a package{ name} that the system of the base image installed',
      'Install into a virtual environment (python3 -m venv), or add --ignore-installed for that package.',
    ],
    [
      /(?<name>[\w.-]{1,60})-[\w.]{1,30}-\w{2,12}-\w{2,12}-(?<platform>[\w.]{3,60})\.whl is not a supported wheel on this platform/,
      'the wheel of {name} ({platform}) is not one that pip of that stage takes: pip is too old to know that tag, or Python, CPU or libc are others than where it was built',
      [
        'Run pip install --upgrade pip in that stage first (manylinux_2_28 needs pip 20.3 or newer), and build and install wheels with the same Python version, platform and base',
        {
          examples: [
            { for: 'debian', words: 'Debian' },
            { for: 'alpine', words: 'Alpine' },
          ],
        },
        '.',
      ],
    ],
    [
      /requirement (?<name>install|pip|pip3|python|python3|upgrade|requirements\.txt|-r)(?: \(from versions|$)|No matching distribution found for (?<name2>install|pip3|requirements\.txt|upgrade)$/,
      'pip took the word {name} for a package: it stands twice in the command, or an option lacks its dashes',
      'Correct the command: `pip install PACKAGE`, `pip install -r requirements.txt`, `pip install --upgrade pip`.',
    ],
    [
      /No such file or directory: '(?<name>\/[^']{0,200}(?:conda|\/work|feedstock|tmp\/build\/|home\/conda)[^']{0,200})'|@ file:\/\/(?<name2>\S{1,200})/,
      'the requirements name packages by a path of the machine that wrote them ({name}), as pip freeze of conda does (NAME @ file:///...)',
      'Write the requirements again with names and versions: pip list --format=freeze > requirements.txt, or remove the `@ file:///...` parts.',
    ],
    [
      /from versions: (?!none)[^)]{0,400}.{0,10}|Could not find a version that satisfies the requirement (?<name>torch[\w+.=-]{0,60}\+\w{1,20})/,
      'the index has {name|the package}, but not in the version that is asked for (or not for this Python version and platform)',
      'Use one of the versions that the line lists; for builds with a suffix (torch==X+cpu) name their index (--extra-index-url https://download.pytorch.org/whl/cpu).',
      { unless: /from versions: none/ },
    ],
    [
      /ReadTimeoutError|NewConnectionError|ConnectTimeoutError|ProtocolError\('Connection|IncompleteRead|Max retries exceeded/,
      'a download of pip failed: the network, or the package index, did not answer',
      AGAIN_NETWORK,
      { rule: 'build-network' },
    ],
    [
      /User for (?<name>[\w.-]{1,120}):|401 (?:Client )?Error[:,]? .{0,80}(?:for url|index|simple)|401 Client Error: (?:Unauthorized|Credentials)/,
      'the private package index {name} asks for a login',
      `Give its user and token as ${TOKEN} (a pip.conf or netrc file, PIP_INDEX_URL).`,
    ],
    [
      /The headers or library files could not be found for (?<name>\w{1,20})|RequiredDependencyException: (?<name2>\w{1,20})/,
      'Pillow has to be compiled, and the development files of {name} are not in that stage',
      'Use a release of Pillow that has a wheel for this Python (pip upgraded first), or install libjpeg-dev and zlib1g-dev in that stage.',
    ],
  ],
};

const POETRY: Tool = {
  technology: 'python',
  form: /poetry|pyproject|Group\(s\)|version solving|option "--|requested command|Readme/i,
  rows: [
    [
      /All attempts to connect to (?<name>[\w.-]{1,120}) failed/,
      'Poetry could not connect to {name}',
      AGAIN_NETWORK,
      { rule: 'build-network' },
    ],
    [
      /The option "(?<name>--[\w-]{1,30})" does not exist/,
      'the installed Poetry does not know the option {name}',
      'Pin the version of Poetry that the Dockerfile is written for (pip install poetry==VERSION), or write it as the new one does (--no-dev is --without dev or --only main).',
    ],
    [
      /The (?:requested )?command "?export"? (?:does not exist|is not defined)/,
      'poetry export is a plugin since Poetry 2, and it is not installed',
      'Install it beside Poetry (pip install poetry-plugin-export), or run poetry install --only main in the image.',
    ],
    [
      /Poetry could not find a pyproject\.toml file in (?<name>\S{1,200})/,
      'there is no pyproject.toml in {name} or above',
      'COPY pyproject.toml and poetry.lock into the WORKDIR before the step.',
    ],
    [
      /Readme path `?(?<name>[^`\s]{1,200})`? does not exist|No file\/folder found for package (?<name2>[\w.-]{1,80})|The current project could not be installed|^(?<name3>\/\S{1,150}) does not contain any element/,
      'poetry wants to install the project itself, and its files ({name|sources}) are not in that stage yet',
      'Add --no-root to poetry install in that step (or package-mode = false in pyproject.toml), or COPY the sources and the README before it.',
    ],
    [
      /^(?:\s{0,4})(?:Path|Directory|File) (?<name>[\w./-]{1,200}) for (?<pack>[\w.-]{1,80}) does not exist/,
      'pyproject.toml takes {pack} from {name}, which is not in that stage',
      'COPY that folder (with its pyproject.toml) to the same place before poetry install, and check .dockerignore; it must lie in the build context (input `context`).',
    ],
    [
      /Group\(s\) not found: (?<name>[\w, -]{1,80})/,
      'pyproject.toml has no dependency group {name}',
      'Correct the name after --with, --without or --only, or declare the group in pyproject.toml.',
    ],
    [
      /lock file is not compatible with the current version of Poetry/i,
      'poetry.lock was written by another version of Poetry',
      'Install the version of Poetry that wrote it (its first line names it: pip install poetry==VERSION), or write the lock file again.',
    ],
    [
      /Unable to find installation candidates for (?<name>[\w.-]{1,80})/,
      'there is no file of {name} in the lock file that fits this Python version and platform',
      'Use a base image with a platform and Python for which the package has a wheel, or another version of it, and commit poetry.lock.',
    ],
    [
      /Because .{0,200}requires Python|supported Python range .{0,80}is not compatible/,
      'a package does not support the Python versions that pyproject.toml allows',
      'Narrow requires-python in pyproject.toml or choose another version of the package, and commit the lock file; the base image needs that Python version.',
    ],
  ],
};

const SETUPTOOLS: Tool = {
  technology: 'python',
  form: /flat-layout|setuptools/,
  rows: [
    [
      /Multiple top-level (?<name>packages|modules) discovered in a flat-layout: (?<what>\[[^\]]{1,160}\])/,
      'setuptools finds several top-level {name} {what} and does not choose between them',
      'Name what belongs into the package in pyproject.toml ([tool.setuptools] packages = ["app"], or [tool.setuptools.packages.find] include = ["app*"]); a project that is no package is not installed itself: install only its dependencies.',
    ],
  ],
};

const UV: Tool = {
  technology: 'python',
  form: /\buv\b|uv\.lock|No solution found|Failed to (?:build|download|fetch)|No virtual environment found|hatchling|Distribution not found/i,
  rows: [
    [
      /cannot find binary path|Git executable not found|Ensure that Git is installed/,
      'a dependency comes from a git repository, and git is not in that stage',
      [
        'Install git in that stage before the step',
        { examples: [{ for: 'alpine', words: 'apk add git' }] },
        ', or take the package from an index or as an archive.',
      ],
    ],
    [
      /[╰└]─▶ (?:operation timed out|error sending request|connection (?:closed|reset)|dns error|tls handshake|failed to lookup)/i,
      'a download of uv failed: the network, or the package index, did not answer in time',
      'Run the job again, with a longer limit (ENV UV_HTTP_TIMEOUT=300). If it persists, check the proxy of the runner.',
      { rule: 'build-network' },
    ],
    [
      /Failed to parse `?uv\.lock/,
      'the uv of that stage cannot read uv.lock: a newer uv wrote it, or a merge broke the file',
      [
        'Use the same uv in the image as on your machine',
        { examples: ['uv --version', { for: 'ghcr', words: 'COPY --from=ghcr.io/astral-sh/uv:VERSION' }] },
        ', and write the file again with it (uv lock).',
      ],
      { when: /missing field|unknown (?:field|variant)|unsupported|newer version/ },
    ],
    [
      /TOML parse error at line (?<name>\d{1,6})/,
      'pyproject.toml cannot be read: its line {name} is not valid TOML, or not what uv expects there',
      'Correct that line (uv lock --check on your machine shows the same error), and check that COPY puts the file there that you mean.',
      { when: /Failed to parse:? `?(?:\S{0,100}\/)?pyproject\.toml/ },
    ],
    [
      /(?<name>[\w.-]{1,60})(?:==[\w.+]{1,20})? has no wheels with a matching (?<what>[\w ]{1,30}) tag/,
      'there is no wheel of {name} that fits the Python version or platform of the base image ({what} tag)',
      'Use a base image with a Python version and platform that {name} has wheels for (the lines below list them), or a release of it that has one.',
    ],
    [
      /Unable to find lockfile at `?uv\.lock/,
      'uv.lock (lock file) is not in that stage',
      'Commit uv.lock and COPY it (or bind-mount it) beside pyproject.toml before uv sync; check .dockerignore.',
    ],
    [
      /No `?pyproject\.toml`? found in/,
      'there is no pyproject.toml in the working directory of that stage',
      'COPY (or bind-mount) pyproject.toml and uv.lock into the WORKDIR before the step.',
    ],
    [
      /No virtual environment found|The interpreter at \S{1,200} is externally managed/,
      'uv pip finds no virtual environment to install into',
      'Add --system (or ENV UV_SYSTEM_PYTHON=1) in the image, or create one first (uv venv) and put it into PATH.',
    ],
    [
      /Readme file does not exist: (?<name>\S{1,80})/,
      'the project itself is built, and its {name} is not in that stage',
      'COPY {name} and the sources before the step, or install only the dependencies first (uv sync --no-install-project).',
    ],
    [
      /Unable to determine which files to ship inside the wheel/,
      'the project itself is built, and its package folder is not in that stage',
      'COPY the sources before the step, install only the dependencies first (uv sync --no-install-project), or set packages in tool.hatch.build.targets.wheel.',
    ],
    [
      /Workspace member `(?<name>[^`\n]{1,200})` is missing a `pyproject\.toml`/,
      'the workspace names the member {name}, whose pyproject.toml is not in that stage',
      'COPY the pyproject.toml of every member (in its folder) before uv sync, and check .dockerignore; a folder that is no member belongs under tool.uv.workspace.exclude.',
    ],
    [
      /Distribution not found at: (?<name>\S{1,200})/,
      'a path dependency ({name}) is not in that stage',
      'COPY that folder (with its pyproject.toml) into the same place before uv sync, also other workspace members.',
    ],
    [
      /UV_HTTP_TIMEOUT|Failed to (?:fetch|download):? `.{0,200}|Failed to download distribution due to network/i,
      'a download of uv failed: the network, or the package index, did not answer in time',
      'Run the job again, with a longer limit (ENV UV_HTTP_TIMEOUT=300). If it persists, check the proxy of the runner.',
      { rule: 'build-network', unless: /Google Fonts|fonts\.g/ },
    ],
    [
      /HTTP status client error \((?<name>40[13])[^)]{0,30}\) for url/,
      'the package index refused the download (HTTP status {name})',
      `Give UV_INDEX_NAME_USERNAME and UV_INDEX_NAME_PASSWORD (or a netrc file) as ${TOKEN}.`,
    ],
    [
      /HTTP status client error \(404[^)]{0,30}\) for url \((?<name>[^)]{1,200})/,
      'there is nothing at {name} (HTTP status 404)',
      'Correct the URL or version in pyproject.toml and write the lock file again.',
    ],
  ],
};

const OTHERS: Tool = {
  technology: 'python',
  form: /cuda|nvidia|active drivers|keyword argument|pipenv|Pipfile|conda|mamba|Package(?:s)?NotFound|django|Improperly|KeyError|Undefined|pydantic|huggingface|spacy|model/i,
  rows: [
    [
      /Found no NVIDIA driver on your system|No CUDA GPUs are available|CUDA driver initialization failed|CUDA unknown error|\b0 active drivers\b|libcuda\.so(?:\.1)?: cannot open|no CUDA-capable device is detected|nvidia-smi: (?:command )?not found|CUDA driver version is insufficient/,
      'it needs a GPU with its driver, and a build has none: also on a machine with a GPU a RUN step does not see it',
      'Move that command to the start of the container (a task on instances with a GPU), or let it run without GPU in the build (CUDA_VISIBLE_DEVICES="", device cpu). To compile CUDA code no GPU is needed: name the architectures (TORCH_CUDA_ARCH_LIST).',
      { technology: 'gpu' },
    ],
    [
      /CUDA_HOME environment variable is not set|(?:^|[ /:])nvcc: (?:command )?not found|Failed to find nvcc|No CMAKE_CUDA_COMPILER could be found|The nvcc binary could not be located/,
      'CUDA code has to be compiled, and the compiler nvcc is not in that stage',
      'Use the -devel variant of the CUDA image for that stage (FROM nvidia/cuda:VERSION-devel-ubuntu24.04), or a release of the package that has a wheel for that CUDA and Python.',
      { technology: 'gpu' },
    ],
    [
      /TypeError: (?<name>[\w.]{1,120})(?:\(\))? got an unexpected keyword argument ['"](?<what>\w{1,60})/,
      'code calls {name} with the argument {what}, which the installed version does not have: two packages (or the project and a package) are of versions that do not fit together',
      'Pin the versions that work together (== in the requirements, a lock file). The last frame of the stack above names the package that calls: use a release of it that was made for the other one.',
    ],
    [
      /Pipfile\.lock \(\w{0,70}\) out of date|Your Pipfile\.lock .{0,40}(?:out of date|not match)/i,
      'Pipfile.lock (lock file) does not fit Pipfile',
      `Run pipenv lock on your machine. ${LOCK}`,
    ],
    [
      /PackagesNotFoundError|ResolvePackageNotFound|nothing provides (?:requested )?(?<name>[\w.-]{1,60})/,
      'the channels of conda have no package{ name} in that version for this platform',
      'Add the channel that has it (-c conda-forge), correct name and version, and leave build strings and packages of other systems out of environment.yml (conda env export --from-history).',
    ],
    [
      /Run 'conda init' before 'conda activate'|Your shell has not been properly configured to use 'conda activate'/,
      'conda activate does not work in a RUN step, whose shell has not read its set-up',
      'Use conda run -n NAME COMMAND, or SHELL ["conda", "run", "-n", "NAME", "/bin/bash", "-c"] in the Dockerfile.',
    ],
    [
      /The SECRET_KEY setting must not be empty|KeyError: '(?<name>[A-Z][A-Z0-9_]{2,60})'|UndefinedValueError: (?<name2>[A-Z][A-Z0-9_]{2,60}) not found|Set the (?<name3>[A-Z][A-Z0-9_]{2,60}) environment variable/,
      'it needs the environment variable {name|SECRET_KEY}, which is not set while the image is built',
      'Set a placeholder for that step only (RUN {name|SECRET_KEY}=build python manage.py collectstatic --noinput) and give the real value to the container at run time, not with ENV.',
    ],
    [
      /without having set the STATIC_ROOT setting/,
      'collectstatic has no place to write to: STATIC_ROOT is not set',
      'Set STATIC_ROOT in the settings that the build uses (DJANGO_SETTINGS_MODULE).',
    ],
  ],
};

export const PYTHON: readonly Tool[] = [SETUPTOOLS, POETRY, UV, OTHERS, PIP];
