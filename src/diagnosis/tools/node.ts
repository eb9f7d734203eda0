import { NEWER_BUILTIN } from '../application-words.ts';
import { of } from '../say.ts';
import { AGAIN_NETWORK, COPY_BEFORE, LOCK, TOKEN, type Tool } from './tool.ts';

const NPMRC = `Mount an .npmrc with a valid token as ${TOKEN}, at the path where the package manager reads it (/root/.npmrc); a token for GitHub Packages needs read:packages.`;
const NODE_VERSION = of(
  'node',
  'Use a base image with the required Node.js version (FROM node:VERSION), the same for build and runtime stage.',
);
const DEV_TOOLS =
  'tsc|tsup|tsx|ts-node|vite|next|nest|nuxt|nuxi|webpack|webpack-cli|react-scripts|ng|vue-cli-service|rollup|esbuild|rimraf|cross-env|husky|prisma|turbo|nx|eslint|jest|vitest|astro|remix|gatsby|parcel|babel|patch-package|svelte-kit|tailwindcss|postcss|copyfiles|cpx|shx|npm-run-all|run-s|run-p|concurrently|craco|env-cmd|dotenv|gulp|grunt|lerna|medusa|strapi|tsc-alias|ncc|swc|lefthook|is-ci|only-allow|ember|hexo|vuepress|vitepress|docusaurus|expo|storybook|payload|wrangler|drizzle-kit|graphql-codegen|orval|microbundle|unbuild|pkgroll|bunchee|tsdown|tsconfig-paths|cpy|del-cli|mkdirp|ncp|nodemon|pm2';

/** Packages that projects have for development, which the build of the image needs nevertheless. */
const DEV_PACKAGES =
  '@angular-devkit\\/[\\w-]{1,60}|@angular\\/(?:cli|build|compiler-cli)|@vitejs\\/[\\w-]{1,60}|@babel\\/[\\w-]{1,60}|@sveltejs\\/(?:kit|vite-plugin-svelte|adapter-[\\w-]{1,40})|@nestjs\\/cli|@tailwindcss\\/[\\w-]{1,60}|@types\\/[\\w-]{1,60}|@rollup\\/plugin-[\\w-]{1,60}|@swc\\/(?:cli|core)|@next\\/[\\w-]{1,60}|typescript|ts-node|tsx|vite|vite-tsconfig-paths|vite-plugin-[\\w-]{1,60}|tailwindcss|autoprefixer|postcss(?:-[\\w-]{1,60})?|webpack(?:-[\\w-]{1,60})?|[\\w-]{1,40}-loader|[\\w-]{1,40}-webpack-plugin|eslint[\\w-]{0,60}|sass|less|cssnano|nodemon|cross-env|rimraf|husky|lint-staged|dotenv-cli|tsconfig-paths|esbuild|rollup';
const DEV_INSTALL = of(
  'node',
  'Install with development dependencies in the build stage (npm ci --include=dev; no NODE_ENV=production, --omit=dev or --production before it), and leave them out only in the final stage. Where it is installed nowhere, add it to package.json.',
);
const OTHER_PLATFORM = of(
  'node',
  'Leave node_modules out of the context (**/node_modules in .dockerignore), and install in the image with the same Node.js version as the stage that runs it (npm ci, or npm rebuild).',
);

/** npm, by its codes: https://docs.npmjs.com/common-errors */
const NPM: Tool = {
  technology: 'node',
  form: /^npm (?:ERR!|error)|\bnpm (?:ci|install|i|run)\b|could not determine executable to run|\b(?:edgesOut|edgesIn|pickAlgorithm)\b/im,
  rows: [
    [
      /npm (?:ERR!|error) path (?<name>\/\S{1,200})\n(?:npm (?:ERR!|error) errno -?\d{1,5}\n)?npm (?:ERR!|error) (?:enoent )?spawn (?:sh|bash) ENOENT|npm (?:ERR!|error) enoent spawn (?:sh|bash) ENOENT/,
      'npm was to run a script in {name|a folder} that is not in that stage (npm says it of the shell, which is there)',
      'COPY that folder before the step; or install without scripts (npm ci --ignore-scripts) where the stage does not need what the script makes, as a postinstall that installs a second package.json.',
      { lines: 3 },
    ],
    [
      /Failed to replace env in config: \$\{(?<name>\w{1,80})\}/,
      '.npmrc takes a token from the variable {name}, which is not set in that step',
      'Pass it as a build secret (input `build-secrets`, RUN --mount=type=secret,id={name},env={name}), or mount a whole .npmrc in that step.',
    ],
    [
      /`?npm ci`? can only install with an existing package-lock|The `npm ci` command can only install/i,
      'npm ci found no package-lock.json (lock file) in the stage',
      'Commit package-lock.json and COPY it with package.json before `npm ci`; check .dockerignore and the build context.',
    ],
    [
      /npm (?:ERR!|error).{0,60}(?:package\.json and package-lock\.json.{0,60}in sync|Missing: \S+ from lock file|lock file's \S+ does not satisfy)/i,
      'package-lock.json (lock file) does not fit package.json',
      `Run npm install on your machine with the same npm version. ${LOCK}`,
    ],
    [
      /Unsupported URL Type "(?<name>workspace|catalog|link|portal|patch):/,
      'npm does not know the protocol {name}: in package.json, which pnpm, yarn or bun write',
      'Install with the package manager that the project uses (corepack enable, then pnpm install or yarn install) instead of npm.',
    ],
    [
      /npm (?:ERR!|error) (?:code )?(?:ENOTEMPTY|EEXIST)\b(?:: .{0,80}?'(?<name>[^'\n]{1,200})')?/,
      'npm cannot move a package into node_modules{ name}: the folder is there already, from another install or from your machine',
      'Put node_modules into .dockerignore, and run npm ci (which empties the folder) in one step; do not share node_modules by a cache mount between steps or builds.',
    ],
    [
      /npm (?:ERR!|error).{0,40}(?:EBADPLATFORM|notsup Unsupported platform for (?<name>[@\w./-]{1,120}))/,
      'the package {name|that the line names} is not for the platform of the image (operating system or CPU)',
      'Move it to optionalDependencies (or take it out of dependencies) and write the lock file again, so that npm skips it on other platforms.',
    ],
    [
      /npm (?:ERR!|error).{0,40}(?:EBADENGINE|Not compatible with your version of node)/,
      'the Node.js version of the base image does not fit what the packages require',
      NODE_VERSION,
    ],
    [
      /npm (?:ERR!|error) (?:code )?(?:EJSONPARSE|JSON\.parse)|Failed to parse (?:JSON|json)/,
      'package.json (or package-lock.json) is not valid JSON',
      'Correct the place that the lines name: often a comma, a comment, or conflict marks (<<<<<<<) left by a merge.',
    ],
    [
      /npm (?:ERR!|error)(?:.{0,160}?open '(?<name>[^']{0,200}package\.json)'|.{0,60}Could not read package\.json)/i,
      'npm does not find {name|a package.json in the working directory} in that stage',
      'COPY it there before the install step (package.json and the lock file into the WORKDIR; a package that is taken by path, with its folder), and check WORKDIR, .dockerignore and the build context.',
    ],
    [
      /npm (?:ERR!|error) Could not install from "(?<name>[^"\n]{1,200})" as it does not contain a package\.json/,
      'package.json takes a package from the folder {name}, which is not in that stage',
      'COPY that folder with its package.json to the same place before the install step, and check .dockerignore; it must lie in the build context (input `context`).',
    ],
    [
      /npm (?:ERR!|error).{0,40}cannot run ssh: No such file or directory/,
      'npm was to fetch a dependency from Git over SSH, and there is no ssh in that stage',
      [
        'Name the dependency by https (git+https://github.com/OWNER/NAME.git in package.json and the lock file, or git config --global url."https://github.com/".insteadOf ssh://git@github.com/ before the step), or install ssh in that stage',
        { examples: [{ for: 'alpine', words: 'apk add openssh-client', else: 'openssh-client' }] },
        ' and give it a key (input `ssh`, RUN --mount=type=ssh).',
      ],
    ],
    [
      /npm (?:ERR!|error).{0,80}(?:An unknown git error occurred|spawn git ENOENT|syscall spawn git|git (?:--no-replace-objects )?ls-remote)/i,
      'npm could not fetch a dependency from Git: git is not in that stage, or it has no credentials for the repository',
      [
        'Install git in that stage',
        { examples: [{ for: 'alpine', words: 'apk add git' }] },
        '. For a private repository use an SSH agent (input `ssh`, RUN --mount=type=ssh) or a token as a build secret (input `build-secrets`).',
      ],
    ],
    [
      /npm (?:ERR!|error).{0,40}EBUSY: resource busy or locked, \w{1,10} '(?<name>[^']{1,200})'/,
      'npm cannot remove {name}: the folder is a mount of that RUN (a cache mount inside node_modules)',
      'Mount the cache at a folder outside of node_modules (RUN --mount=type=cache,target=/root/.npm), or mount it only in the build step and not in the one that runs npm ci.',
    ],
    [
      /npm (?:ERR!|error).{0,40}Tracker "idealTree" already exists/,
      'npm ran in the root folder of the image, which it cannot use as a project',
      'Set WORKDIR (for instance WORKDIR /app) in the Dockerfile before the COPY and RUN of the project.',
    ],
    [
      /Cannot read propert(?:y|ies) (?:of (?:null|undefined) \(reading )?['"](?<name>edgesOut|edgesIn|matches|isDescendantOf|extraneous|package|pickAlgorithm|spec|target|loose|children|name)['"]/,
      'npm itself failed while it resolved the packages (its resolver stumbled over {name}): no code of the project is the cause',
      'Install exactly what a committed package-lock.json says (npm ci), without node_modules of the context (.dockerignore). If npm ci does so as well, write the lock file again (delete it and node_modules, npm install), or use another version of npm in that stage (RUN npm install -g npm@VERSION).',
      { when: /\bnpm\b|edgesOut|edgesIn|pickAlgorithm/ },
    ],
    [
      /Exit handler never called|cb\(\) never called/,
      'npm itself broke off (a fault of npm, often after network errors)',
      'Run the job again; if it persists, use a newer npm in that stage (RUN npm install -g npm@latest, or a newer Node.js base image).',
    ],
    [
      /npm (?:ERR!|error).{0,20}(?:No workspaces found|Workspaces? .{0,80}not found)/i,
      'the workspace that the command names is not in that stage',
      'COPY the package.json of every workspace (with its folder) before the install step, or correct the name after --workspace.',
    ],
    [
      /npm (?:ERR!|error).{0,20}could not determine executable to run/i,
      'npx found no such program: the package is not installed in that stage, or has no program of that name',
      'Install the package in that stage before the step (development dependencies included), or name it with npx --package=NAME PROGRAM.',
    ],
    [
      /npm (?:ERR!|error) (?:code )?(?:EACCES|EPERM)\b|npm (?:ERR!|error).{0,40}permission denied/i,
      'npm may not write into the folder of the project: it belongs to another user',
      'Put USER behind the install step, or give the folder to the user first (RUN chown, COPY --chown) in the Dockerfile.',
    ],
    [
      /npm (?:ERR!|error).{0,20}(?:code )?(?:E404|404)\b.{0,200}npm\.pkg\.github\.com|https:\/\/npm\.pkg\.github\.com\/\S{1,200} - (?:401|403|404)/i,
      'GitHub Packages refused the package: no token, or one that may not read it',
      NPMRC,
    ],
    [
      /npm (?:ERR!|error).{0,80}(?:E401|ENEEDAUTH|EOTP|Unable to authenticate|Incorrect or missing password|authentication token)/i,
      'the npm registry refused the login (private package)',
      NPMRC,
    ],
    [
      /npm (?:ERR!|error).{0,20}(?:code )?(?:EAI_AGAIN|ENOTFOUND|ECONNRESET|ECONNREFUSED|ETIMEDOUT|ESOCKETTIMEDOUT|ERR_SOCKET_TIMEOUT|EHOSTUNREACH|ENETUNREACH|ERR_STREAM_PREMATURE_CLOSE|network (?:request|This is a problem))/,
      'a download of npm failed: the network, or the registry, did not answer',
      AGAIN_NETWORK,
      { rule: 'build-network' },
    ],
    [
      /npm (?:ERR!|error) (?:code )?(?:E5\d\d|E429)\b/,
      'the npm registry answered with an error of its own or a limit',
      'Run the job again in some minutes (status.npmjs.org); fewer jobs at once where it is a rate limit.',
      { rule: 'build-network' },
    ],
  ],
};

const PNPM: Tool = {
  technology: 'node',
  form: /ERR_PNPM|\bpnpm\b/,
  rows: [
    [
      /(?:configured to use v?(?<need>[\d.]{1,12}) of pnpm|ERR_PNPM_BAD_PM_VERSION)/,
      'package.json asks for pnpm{ need}, and that stage has another version of pnpm',
      'Install that version of pnpm in the Dockerfile (corepack enable with packageManager in package.json, or npm install -g pnpm@VERSION).',
    ],
    [
      /ERR_PNPM_LOCKFILE_BREAKING_CHANGE|pnpm-lock\.yaml not compatible with current pnpm/,
      'pnpm-lock.yaml (lock file) was written by another major version of pnpm than that stage has',
      'Pin in that stage the version of pnpm that wrote it (packageManager in package.json with corepack enable, or npm install -g pnpm@VERSION), or run pnpm install on your machine with the version of the stage and commit the lock file.',
    ],
    [
      /ERR_PNPM_LOCKFILE_CONFIG_MISMATCH(?:.{0,120}?current "(?<name>[\w.]{1,60})" configuration)?/,
      'pnpm-lock.yaml (lock file) was written with another value of the setting{ name} than pnpm has in that stage',
      'COPY the files that set it (pnpm-workspace.yaml, .npmrc; overrides and patches in package.json) beside the lock file before pnpm install, and pin the pnpm that wrote it (packageManager in package.json): other versions have other defaults.',
    ],
    [
      /ERR_PNPM_LINKED_PKG_DIR_NOT_FOUND(?:.{0,40}?from "(?<name>[^"\n]{1,200})")?/,
      'package.json takes a package from the folder {name|that the line names}, which is not in that stage',
      'COPY that folder to the same place before pnpm install, and check .dockerignore; it must lie in the build context (input `context`).',
    ],
    [
      /^\s?ERROR\s{1,4}packages field missing or empty/,
      'this version of pnpm wants a list `packages` in pnpm-workspace.yaml: the file came with settings only, which pnpm 10 and newer accept',
      'Pin in that stage the pnpm that the project uses (packageManager in package.json with corepack enable), or add `packages: ["."]` to pnpm-workspace.yaml.',
    ],
    [
      /ERR_PNPM_(?:OUTDATED_LOCKFILE|NO_LOCKFILE|FROZEN_LOCKFILE\w*|LOCKFILE_MISSING_DEPENDENCY|BROKEN_LOCKFILE)/,
      'pnpm-lock.yaml (lock file) is missing or does not fit package.json',
      `Run pnpm install on your machine with the same pnpm version. ${LOCK}`,
    ],
    [
      /ERR_PNPM_(?:WORKSPACE_PKG_NOT_FOUND|NO_MATCHING_VERSION_INSIDE_WORKSPACE).{0,200}?"?(?<name>@?[\w./-]{1,100})@workspace:/,
      'the workspace package {name} is not in that stage',
      'COPY pnpm-workspace.yaml and the package.json of every workspace package (with its folder) before pnpm install.',
    ],
    [
      /ERR_PNPM_(?:NO_IMPORTER_MANIFEST_FOUND|NO_PKG_MANIFEST)/,
      'there is no package.json in the working directory of that stage',
      'COPY package.json and pnpm-lock.yaml into the WORKDIR before the install step, and check .dockerignore and the build context.',
    ],
    [
      /ERR_PNPM_ABORTED_REMOVE_MODULES_DIR_NO_TTY/,
      'pnpm wants to remove a node_modules folder and cannot ask, as there is no terminal',
      'Set CI=true in that stage (ENV CI=true), and leave node_modules out of the context with .dockerignore.',
    ],
    [
      /ERR_PNPM_NO_GLOBAL_BIN_DIR/,
      'pnpm has no folder for global programs in the image',
      'Set ENV PNPM_HOME=/pnpm and ENV PATH="$PNPM_HOME:$PATH" in that stage before pnpm add -g.',
    ],
    [/ERR_PNPM_(?:FETCH_40[13]|UNAUTHORIZED)/, 'the npm registry refused the login (private package)', NPMRC],
    [
      /ERR_PNPM_FETCH_404.{0,40}?GET (?<name>https?:\/\/[^\s:]{1,200})/,
      'the registry has no package at {name}, or does not show it without a token',
      `Correct the name in package.json. For a private package name its registry in .npmrc and give the token as ${TOKEN}.`,
    ],
    [
      /ERR_PNPM_(?:NO_VERSIONS|NO_MATCHING_VERSION)\b.{0,80}?for (?<name>@?[\w./-]{1,120}(?:@[^\s"]{1,40})?)/,
      'the registry has no version of {name} that package.json asks for',
      'Correct the version in package.json and commit the lock file.',
    ],
    [
      /ERR_PNPM_TARBALL_(?:INTEGRITY|EXTRACT)|Got unexpected checksum for/,
      'a downloaded package is not the one that the lock file has the checksum of',
      'Run the job again without cache. If it stays, the package was published again: update its entry in the lock file, and check the proxy.',
    ],
    [
      /ERR_PNPM_(?:META_FETCH_FAIL|FETCH_5\d\d)|GET https?:\S{1,200} error \((?:ETIMEDOUT|ECONNRESET|EAI_AGAIN|ENOTFOUND|ERR_SOCKET_TIMEOUT|UND_ERR\w*)\)/,
      'a download of pnpm failed: the network, or the registry, did not answer',
      AGAIN_NETWORK,
      { rule: 'build-network' },
    ],
    [
      /ERR_PNPM_(?:UNSUPPORTED_ENGINE|UNSUPPORTED_PLATFORM)|This version of pnpm requires at least Node\.js (?<name>v[\d.]{1,10})/,
      'the Node.js version of the base image does not fit what pnpm or the packages require ({name|engines})',
      NODE_VERSION,
    ],
    [
      /ERR_PNPM_PEER_DEP_ISSUES/,
      'peer dependencies conflict, and strict-peer-dependencies makes that an error',
      'Align the versions that the lines name in package.json, or add them to peerDependencyRules.',
    ],
    [
      /ERR_PNPM_NO_SCRIPT(?:_OR_SERVER)?\b.{0,40}?Missing script(?: start or file)?:? ?(?<name>[\w:.-]{0,80})/,
      'package.json has no script "{name}"',
      'Add the script to package.json or correct the RUN line of the Dockerfile; check that the right package.json is copied.',
    ],
  ],
};

const YARN: Tool = {
  technology: 'node',
  form: /\bYN\d{4}\b|\byarn\b|^error (?!\[)|Usage Error|Internal Error/m,
  rows: [
    [
      /Couldn't find a package\.json file in "?(?<name>[^"\s]{1,200})/,
      'there is no package.json in {name}',
      'COPY package.json and yarn.lock into the WORKDIR before the install step, and check .dockerignore and the build context.',
    ],
    [
      /error Package "[^"\n]{0,80}" refers to a non-existing file '"?(?<name>[^'"\n]{1,200})/,
      'package.json takes a package from {name}, which is not in that stage',
      'COPY it to the same place before yarn install, and check .dockerignore; it must lie in the build context (input `context`).',
    ],
    [
      /Couldn't find package "(?<name>@?[^"@]{1,110})@workspace:[^"]{1,20}"/,
      'the package {name|of the workspace} is asked for from the registry: its folder is not in that stage, or the package manager of the stage does not know workspace:',
      'COPY the package.json of the root and of every workspace before the install step, and use the package manager that wrote the lock file (corepack enable, packageManager in package.json: Yarn 2 or newer, or pnpm).',
    ],
    [
      /Couldn't find package "(?<name>[^"]{1,120})" (?:required by .{1,100} )?on the "npm" registry|Couldn't find any versions for "(?<name2>[^"]{1,120})"/,
      'the npm registry has no package {name} in that version',
      `Correct name and version in package.json. For a private package name its registry in .npmrc and give the token as ${TOKEN}.`,
    ],
    [
      /YN0082.{0,80}?(?<name>@?[\w./-]{1,100}@npm:\S{1,60}?): No candidates found|YN0016.{0,200}(?:Registry returned unknown tag|not found)/,
      'the npm registry has no version {name|that package.json asks for}',
      'Correct the version in package.json and commit yarn.lock.',
    ],
    [
      /YN0035.{0,300}|The remote server failed to provide the requested resource/,
      'the registry did not give a package: it does not exist there, or needs a token',
      `Look at the Response Code below that line: for 404 correct the name or version, for 401 and 403 give npmAuthToken in .yarnrc.yml as ${TOKEN}.`,
    ],
    [
      /YN0041|YN0033|Invalid authentication \(as an anonymous user\)|No authentication configured for request/,
      'the npm registry refused the login (private package)',
      `Give npmAuthToken in .yarnrc.yml (npmScopes for a scope) a token from ${TOKEN}.`,
    ],
    [
      /YN0018.{0,300}|The remote archive doesn't match the expected checksum/,
      'a downloaded package is not the one that yarn.lock has the checksum of',
      'Run the job again without cache. If it stays, write the entry again (YARN_CHECKSUM_BEHAVIOR=update yarn install on your machine) and commit yarn.lock.',
    ],
    [
      /This package doesn't seem to be present in your lockfile|doesn't seem to have been installed - running an install there might help/,
      'yarn.lock or the installed state of the workspace is not in that stage, or does not have that package',
      'COPY yarn.lock, .yarnrc.yml and the package.json of every workspace before yarn install, and run it in that stage.',
    ],
    [
      /Cannot find module '(?<name>[^']{0,120}\.yarn\/releases\/yarn-[\d.]{1,16}\.cjs)'/,
      "yarn's own release ({name}) is not in that stage",
      'COPY .yarn/releases and .yarnrc.yml before yarn install (and do not leave .yarn out with .dockerignore), or use corepack and remove yarnPath.',
    ],
    [
      /defines "packageManager": "(?<name>[^"]{1,60})"\. However the current global version/,
      'the yarn of the image is not the one that packageManager names ({name})',
      'Enable corepack in that stage before the install step (RUN corepack enable).',
    ],
    [
      /^(?:error )?Command "(?<name>[\w:.-]{1,80})" not found|Couldn't find a script named "(?<name2>[\w:.-]{1,80})"/,
      'package.json has no script "{name}", and no package that is installed has a program of that name',
      'Correct the name in the RUN line or the script, or install the package that has it: also development dependencies are needed in the build stage.',
    ],
    [
      /There appears to be trouble with your network connection|ESOCKETTIMEDOUT/,
      'a download of yarn failed: the network, or the registry, did not answer in time',
      'Run the job again with a longer time limit (yarn install --network-timeout 600000). If it persists, check the proxy of the runner (HTTP_PROXY as build argument).',
      { rule: 'build-network' },
    ],
    [
      /error https?:\/\/\S{1,200}\/(?<name>[\w.@-]{1,100})\.tgz: Extracting tar content of \S{1,100} failed, the file appears to be corrupt/,
      'yarn could not unpack {name} in its cache: the download broke off, or several runs of yarn used the same cache at once',
      'Run the job again, with --no-build-cache or an emptied cache mount (yarn cache clean in the step); where stages share a cache mount, give it sharing=locked or let only one install run (yarn install --network-concurrency 1 --mutex network).',
    ],
    [
      /^error (?:Error: )?https?:\/\/[\w.-]{1,100}\/(?<name>[\w.@%-]{1,120}): Not found/,
      'the registry has no package {name}, or does not show it without a token',
      `Correct the name in package.json, or remove it where it was unpublished. For a private package name the registry of its scope in .npmrc (@SCOPE:registry=...) and give the token as ${TOKEN}.`,
    ],
    [
      /error An unexpected error occurred: "(?<name>https?:\/\/[^"\s]{1,200}): Request failed \\?"404/,
      'the registry has no package at {name}, or does not show it without a token',
      `Correct name and version in package.json and yarn.lock. For a private package name its registry in .npmrc and give the token as ${TOKEN}.`,
    ],
  ],
};

const BUN: Tool = {
  technology: 'node',
  form: /\bbun\b|lockfile/,
  rows: [
    [
      /Workspace dependency "(?<name>[^"\n]{1,100})" not found|error: (?<name2>@?[\w./-]{1,100})@workspace:\S{1,20} failed to resolve/,
      'the workspace package {name} is not in that stage',
      'COPY the package.json of every workspace package (with its folder) beside the root package.json and bun.lock before bun install, and check .dockerignore.',
    ],
    [
      /Couldn't find patch file: '(?<name>[^'\n]{1,200})'/,
      'package.json names the patch {name}, which is not in that stage',
      'COPY the folder of the patches beside package.json and the lock file before the install step, and check .dockerignore.',
    ],
    [
      /error: lockfile had changes, but lockfile is frozen/,
      'the lock file (bun.lock) does not fit package.json',
      `Run bun install on your machine with the same bun version. ${LOCK}`,
    ],
    [
      /error: GET (?<name>https?:\/\/\S{1,200}) - (?:404|401|403)/,
      'the registry did not give {name}: it does not exist there, or needs a token',
      `Correct name and version in package.json. For a private package name its registry and give the token as ${TOKEN}.`,
    ],
  ],
};

/** Corepack, husky and what packages do while they are installed. */
const INSTALL: Tool = {
  technology: 'node',
  form: /corepack|husky|binding|Error parsing|package config|\.node\b|built-?in module|canParse|DYNAMIC_IMPORT|prisma|puppeteer|cypress|playwright|chrom|sharp|sass|esbuild|sentry|canvas|electron|lefthook|packageManager|turbo|\bnx\b|gyp|re2|sqlite|\bswc\b/i,
  rows: [
    [
      /Cannot find module '(?<name>\/[^']{0,120}\/corepack\/[^']{1,120})'/,
      'the package manager that corepack had downloaded is not there ({name}): it lies in the home of the user and stage that fetched it',
      'Run corepack enable and corepack prepare --activate in that stage as the user who calls it; or set ENV COREPACK_HOME to a folder that both have, or install the package manager with npm install -g NAME@VERSION.',
    ],
    [
      /ERR_VM_DYNAMIC_IMPORT_CALLBACK_MISSING|ERR_UNKNOWN_BUILTIN_MODULE|No such built-in module: (?<name>node:[\w/]{1,30})|URL\.canParse is not a function/,
      'the package manager of that stage is newer than its Node.js: it uses{ name} what that version does not have',
      'Pin the version that the project uses (packageManager in package.json, corepack prepare pnpm@VERSION --activate; not @latest), or use a newer base image (FROM node:VERSION).',
      {
        when: /corepack\/(?:v\d\/)?(?:pnpm|yarn)|\/pnpm(?:\/bin)?\/pnpm\.[cm]?js|node_modules\/(?:pnpm|corepack|npm)\/(?:bin|dist|lib)/,
      },
    ],
    [
      /Found bindings for the following environments:\n\s{1,8}- (?<name>(?:OS X|macOS|Darwin|Windows)[\w .-]{0,60})/,
      'node_modules of another system is in the image: its node-sass was built for {name}, and there is none for Linux',
      `${OTHER_PLATFORM} node-sass itself is no longer maintained: sass (Dart Sass) needs no binding.`,
      { lines: 2 },
    ],
    [
      /Node Sass could not find a binding for your current environment: (?<name>[\w .-]{1,80})/,
      'node-sass has no binding for {name}: it was installed for another platform or Node.js version, or its install script did not run',
      `${OTHER_PLATFORM} node-sass itself is no longer maintained: sass (Dart Sass) needs no binding.`,
    ],
    [
      /(?<name>\/\S{1,200}\.node): (?:invalid ELF header|wrong ELF class)|(?<name2>\/\S{1,200}\.node)\b.{0,80}(?:mach-o file|incompatible architecture|slice is not valid mach-o)|(?<name3>\/\S{1,200}\.node): cannot open shared object file/,
      'the native part {name} of a package is of another platform: node_modules was copied into the image, or comes from a stage of another architecture',
      OTHER_PLATFORM,
    ],
    [
      /The module '(?<name>[^'\n]{1,200}\.node)'\n?\s{0,8}was compiled against a different Node\.js version/,
      'the native part {name} was compiled for another Node.js version than that stage has',
      OTHER_PLATFORM,
      { lines: 2 },
    ],
    [
      /Error parsing:? (?<name>\/\S{0,200}node_modules\/\S{1,200}package\.json)|Invalid package config (?<name2>\/\S{0,200}node_modules\/\S{1,200}package\.json)/,
      'a file of an installed package is damaged or empty ({name}): its install was cut off, or node_modules came out of a cache or from another machine',
      'Build once without cache (input `no-cache`: true). Leave node_modules out of the context (.dockerignore), and do not share it by a cache mount between builds that run at once.',
    ],
    [
      /\.git can't be found|(?:husky|lefthook|simple-git-hooks).{0,60}not a git repository/i,
      'a script of the package manager sets up Git hooks (husky, lefthook), and there is no .git in the image',
      'Install without scripts (npm ci --ignore-scripts), or skip the hooks in the image (ENV HUSKY=0, or a prepare script that ends with "|| true").',
    ],
    [
      /error: (?<script>\w{1,20}) script from "(?<name>[^"]{1,100})" exited with/,
      'the {script} script of the package {name} failed',
      [
        'Read its own error above that line. A script that generates code',
        { examples: [{ for: 'prisma', words: 'prisma' }] },
        ' needs its files copied before the install step; others can be skipped (--ignore-scripts).',
      ],
    ],
    [
      /corepack: (?:command )?not found/,
      'corepack is not in the base image (Node.js 25 and newer do not have it)',
      'Install it first (RUN npm install -g corepack), or install the package manager itself (npm install -g pnpm@VERSION).',
    ],
    [
      /Server answered with HTTP (?<name>\d{3}) when performing the request to (?<url>https?:\/\/\S{1,200})/,
      'corepack could not download the package manager from {url} (HTTP {name})',
      'Correct the version in packageManager of package.json; for an own registry set COREPACK_NPM_REGISTRY.',
    ],
    [
      /spawn Unknown system error -8/,
      'a program in node_modules is for another operating system or CPU (the kernel could not start it), as where node_modules of your machine were copied into the image',
      OTHER_PLATFORM,
    ],
    [
      /(?:BEWARE: your OS is not officially supported by Playwright)/,
      'Playwright does not support the distribution of that stage, and its installer looks for apt-get',
      [
        'Use a base image of Debian or Ubuntu for that stage',
        {
          examples: [
            { for: ['debian', 'alpine'], words: 'node:VERSION-bookworm, mcr.microsoft.com/playwright:vVERSION' },
          ],
        },
        ', or leave --with-deps out and set PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1 where the image needs no browser.',
      ],
      { technology: 'debian', when: /apt-get: (?:command )?not found|unsupported|does not support/ },
    ],
    [
      /Error when performing the request to (?<name>https?:\/\/[^\s;]{1,200})/,
      'corepack could not download the package manager from {name}',
      AGAIN_NETWORK,
      { rule: 'build-network' },
    ],
    [
      /Could not find (?:Prisma Schema|a schema\.prisma file)|Could not load `--schema` from provided path|Could not load schema from/i,
      'prisma found no schema in that stage',
      'COPY the folder prisma before the step that runs prisma generate (also where postinstall of npm ci runs it), or name the file with --schema.',
      { technology: 'prisma' },
    ],
    [
      /Not Found https:\/\/binaries\.prisma\.sh\/all_commits\/\w{10,60}\/(?<name>[\w.-]{3,60})\//,
      'this version of prisma has no engine for the platform of that stage ({name})',
      [
        'Upgrade prisma and @prisma/client together, or use a base image for which that version has one',
        { examples: [{ for: ['alpine', 'debian'], words: 'Debian slim instead of Alpine' }] },
        '; for another architecture build with --platform=linux/amd64.',
      ],
      { technology: ['prisma', 'debian'] },
    ],
    [
      /Unknown binaryTarget (?<name>\S{3,60}-openssl-undefined)/,
      'prisma cannot tell which OpenSSL that stage has ({name}): openssl is not installed there, or that version of prisma does not know its release',
      [
        'Install openssl in that stage before the step',
        {
          examples: [
            { for: 'debian', words: 'apt-get install -y openssl' },
            { for: 'alpine', words: 'apk add openssl' },
          ],
        },
        ', or upgrade prisma and @prisma/client.',
      ],
      { technology: 'prisma' },
    ],
    [
      /binaries\.prisma\.sh/,
      'prisma could not download its engine from binaries.prisma.sh',
      AGAIN_NETWORK,
      { technology: 'prisma', rule: 'build-network' },
    ],
    [
      /@prisma\/client did not initialize yet|Module '"?@prisma\/client"?' has no exported member|'"?@prisma\/client"?' has no exported member/,
      'the Prisma client was not generated before the build',
      'Run npx prisma generate in that stage after COPY of the schema and before the build of the code.',
      { technology: 'prisma' },
    ],
    [
      /Failed to install browsers|Host system is missing dependencies|playwright install-deps|Playwright does not support (?<name>\w{1,20}) on/i,
      'the base image lacks the system libraries that the browsers of Playwright need, or is not a system that they support (Alpine)',
      'Use the base image mcr.microsoft.com/playwright:vVERSION-noble, or on Debian run npx playwright install --with-deps.',
      { technology: ['alpine', 'debian'] },
    ],
    [
      /Failed to (?:set up|install) (?:Chrome|chrome|browsers?)|PUPPETEER_SKIP_(?:CHROMIUM_)?DOWNLOAD|chromium binary is not available for arm64/,
      'puppeteer could not download its browser',
      [
        'Set ENV PUPPETEER_SKIP_DOWNLOAD=true before the install step, install chromium in the image',
        {
          examples: [
            { for: 'debian', words: 'apt-get' },
            { for: 'alpine', words: 'apk' },
          ],
        },
        ' and set PUPPETEER_EXECUTABLE_PATH; there is no Chrome for linux/arm64.',
      ],
      { unless: /playwright/i },
    ],
    [
      /Node Sass does not yet support|node-sass.{0,80}(?:not found|failed)/i,
      'node-sass does not support the Node.js version or platform of the base image',
      'Replace node-sass by sass (Dart Sass) in package.json, or use the Node.js version that the installed node-sass supports.',
    ],
    [
      /You installed esbuild for another platform|Host version "(?<name>[\d.]{1,12})" does not match binary version/,
      'node_modules of another machine or platform came into the image, so esbuild does not fit',
      'Leave node_modules out of the context with .dockerignore, and install in the image (npm ci) for its platform.',
    ],
    [
      /Could not load the "sharp" module|sharp: (?:Installation error|Please add)/,
      'the native part of sharp is not installed for the platform of the image',
      [
        'Install in the image with a lock file that has the optional dependencies',
        {
          examples: [
            { for: ['alpine', 'native'], words: 'npm install --os=linux --cpu=x64 --libc=musl sharp for Alpine' },
          ],
        },
        ', and leave node_modules out of the context (.dockerignore).',
      ],
    ],
    [
      /error: Auth token is required for this request/,
      'the upload to Sentry has no token in the build',
      `Pass SENTRY_AUTH_TOKEN as ${TOKEN}, or turn the upload off for the build of the image.`,
    ],
    [
      /Could not find turbo\.json|Missing `?packageManager`? field|no "?packageManager"? field|Could not resolve workspaces/i,
      'turbo did not find turbo.json or packageManager at the root of the workspace in that stage',
      'COPY turbo.json and the root package.json (with packageManager) into that stage; after turbo prune copy out/json and out/full.',
    ],
    [
      /gyp ERR! (?:find Python|stack Error: Could not find any Python)/,
      'a native npm module has to be compiled (node-gyp), and Python is not in that stage',
      [
        'Install its build tools in that stage',
        { examples: [{ for: 'alpine', words: 'apk add python3 make g++', else: 'python3 make g++' }] },
        ', or use a base image for which prebuilt binaries exist',
        { examples: [{ for: 'alpine', words: 'Debian instead of Alpine' }] },
        '.',
      ],
      { technology: 'python' },
    ],
  ],
};

/** Programs of packages that are not installed. */
const MISSING_TOOLS: Tool = {
  technology: 'node',
  form: /not found|Permission denied|not recognized/,
  rows: [
    [
      new RegExp(`(?:^|[ /:])(?<name>${DEV_TOOLS}): Permission denied`),
      'the program {name} of node_modules/.bin is not executable: node_modules of another machine was copied over what that stage installed',
      'Leave node_modules out of the context (**/node_modules in .dockerignore) and install in that stage (npm ci) before this step.',
    ],
    [
      /(?:^|[ :"'])(?:[\w./-]{0,200}\/)?node_modules\/\.bin\/(?<name>[\w.-]{1,60})['"]?: (?:(?:command )?not found|No such file)/,
      'the program {name} of a package is not in node_modules of that stage: it is not installed there, or was left out as a development dependency',
      'Install with development dependencies in the stage that runs it (no NODE_ENV=production, --omit=dev or --production), or do that step in the build stage and copy its result. What the final stage itself needs belongs into dependencies of package.json.',
    ],
    [
      /(?:^|: )(?<name>husky|lefthook|only-allow|is-ci): (?:command )?not found/,
      'a script of package.json (prepare) calls {name}, which is a development dependency and not installed in that stage',
      'Install without scripts there (npm ci --omit=dev --ignore-scripts), or take {name} out of prepare for production ("prepare": "{name} || true").',
    ],
    [
      /No projects found in "(?<name>[^"\n]{1,200})"/,
      'pnpm installed nothing: pnpm-workspace.yaml in {name} names no package that is in that stage, so the programs of the packages are not there',
      'Name the folders of the packages in pnpm-workspace.yaml (packages:), and COPY it and the package.json of each before pnpm install. Or install a package by itself: pnpm install --ignore-workspace in its folder.',
    ],
    [
      new RegExp(
        `^(?:.{0,120}: )?(?:\\d{1,3}: |line \\d{1,4}: )?(?<name>${DEV_TOOLS}): (?:command )?not found|Command "(?<name2>${DEV_TOOLS})" not found`,
      ),
      'the program {name} of a package is not there, although the step installs packages before it: that install leaves {name} out',
      'Look at what the install printed: with NODE_ENV=production, --omit=dev or --production it leaves development dependencies out (install with them in the build stage). Otherwise {name} is not in package.json of that folder, or the folder is not among the packages of the workspace.',
      {
        when: /^[^\n]{0,400}\b(?:npm (?:ci|i|install)|pnpm (?:i|install)|yarn install|bun (?:i|install))\b(?! -g| --global)[^\n&|;]{0,200}&&/,
      },
    ],
    [
      new RegExp(
        `^(?:.{0,120}: )?(?:\\d{1,3}: |line \\d{1,4}: )?(?<name>${DEV_TOOLS}): (?:command )?not found|Command "(?<name2>${DEV_TOOLS})" not found|'(?<name3>${DEV_TOOLS})' is not recognized`,
      ),
      'the program {name} of a package is not there: dependencies are not installed in that stage, or without the development dependencies',
      'Run the install step in that stage before it, with development dependencies: no NODE_ENV=production, --omit=dev or --production there; leave them out only in the final stage.',
    ],
  ],
};

/** Bundlers, frameworks and TypeScript. */
const BUILD: Tool = {
  technology: 'node',
  form: /\bTS\d{4,5}\b|Cannot find|Lock ?file|configDir|ESLint|vite|rollup|webpack|next|nuxt|angular|react|\bng\b|svelte|astro|esbuild|prerender|page data|DYNAMIC_SERVER_USAGE|tsc|node|module|compile/i,
  rows: [
    [
      /Missing "(?<name>[^"\n]{1,80})" specifier in "(?<pack>[^"\n]{1,80})" package|Package subpath '(?<name2>[^'\n]{1,80})' is not defined by "exports" in \S{0,200}?node_modules\/(?<pack2>(?:@[\w.-]{1,40}\/)?[\w.-]{1,60})\//,
      'the installed version of the package {pack} does not offer {name}: another package or the code was made for another version of it',
      'Bring both to versions that fit (read in the changelog of the one that imports it which version of {pack} it needs), commit the lock file, and install with it (npm ci).',
    ],
    [
      /This is not the tsc command you are looking for/,
      'TypeScript is not installed in that stage, so npx took another package named tsc',
      'Add typescript to devDependencies and install development dependencies in the build stage (no NODE_ENV=production, no --omit=dev).',
    ],
    [
      new RegExp(
        `(?:Cannot find (?:module|package)|Could not find the|Cannot resolve|Failed to resolve) ['"](?!\\S{1,80}-(?:linux|darwin|win32))(?<name>${DEV_PACKAGES})(?:[/:][\\w./-]{0,80})?['"]`,
      ),
      'the package {name}, which the build needs, is not installed in that stage: as a rule a development dependency that was left out',
      DEV_INSTALL,
      { unless: /error TS/ },
    ],
    [
      /you're trying to use TypeScript but do not have the required packages? installed|Please install (?<name>typescript|@types\/[\w-]{1,40})/,
      'TypeScript ({name|typescript, @types/...}), which the build of Next.js needs, is not installed in that stage: as a rule development dependencies were left out',
      DEV_INSTALL,
    ],
    [
      /Cannot find name '(?<what>[\w$]{1,40})'\. Do you need to install type definitions for .{1,80}? Try `npm i --save-dev (?<name>@types\/[\w-]{1,40})/,
      'TypeScript does not know {what}: the type definitions {name} are not installed in that stage, or not among the `types` of the tsconfig that the build uses',
      'Add {name} to devDependencies, name it in `types` of that tsconfig (tsconfig.app.json), and install development dependencies in the build stage (no NODE_ENV=production, no --omit=dev).',
    ],
    [
      /error TS18003/,
      'tsc found no source files: the sources are not in that stage',
      'COPY the sources (include of tsconfig.json, mostly src) before the build step, and check .dockerignore and WORKDIR.',
    ],
    [
      /error TS(?:5083|5057|5058|5081|6053)\b.{0,60}?(?:'(?<name>[^']{1,200})'|$)/,
      'a file that TypeScript is configured with is not in that stage ({name|tsconfig.json})',
      `COPY tsconfig.json and what it extends or lists. ${COPY_BEFORE}`,
    ],
    [
      /error TS2688: Cannot find type definition file for '(?<name>[^']{1,100})'/,
      'the type definitions of {name} are not installed in that stage',
      'Add @types/{name} to devDependencies and install development dependencies in the build stage (no NODE_ENV=production, no --omit=dev).',
    ],
    [
      /error TS(?:5023|5024|5095|5103|6046): .{0,120}?'(?<name>[^']{1,60})'/,
      'the installed TypeScript does not know the option or value {name} of tsconfig.json',
      'Install the TypeScript version that the project uses (devDependencies, lock file), or correct the option.',
    ],
    [
      /error TS70(?:06|31|53): .{0,60}?'(?<name>[\w$]{1,60})'/,
      'TypeScript finds no type for {name}, as happens where the Prisma client was not generated before the build: what comes from it is any then',
      'Run npx prisma generate in that stage after COPY of the schema and before the build of the code (bun and pnpm do not run its postinstall by themselves). Where the client is there, write the type at that place.',
      { technology: 'prisma', when: /prisma/i },
    ],
    [
      /No configuration files have been found in your configDir: (?<name>\S{1,200})|(?<name2>ESLint) couldn't find (?:a configuration|an eslint\.config)|Couldn't find a (?<name3>jest|babel|postcss|tailwind) config/i,
      'the configuration ({name}) that the tool reads is not in that stage',
      'COPY it (hidden files and folders as well) before the step, and look whether .dockerignore leaves it out (.*, **/.*) and whether the tool runs in its folder.',
    ],
    [
      /^(?:Error: |echo )?Lock ?file not found\.?$/i,
      'the Dockerfile looks for a lock file (yarn.lock, package-lock.json, pnpm-lock.yaml), and none is in that stage',
      'Commit the lock file of the package manager that the project uses, and COPY it beside package.json before that step; .gitignore and .dockerignore must not leave it out, and `context` must be its folder.',
    ],
    [
      /trying to use `?tailwindcss`? directly as a PostCSS plugin/,
      'Tailwind CSS 4 is installed, and the PostCSS configuration is that of version 3',
      'Keep the version of the project (COPY the lock file and install with npm ci, or "tailwindcss": "^3" in package.json); or install @tailwindcss/postcss and name it in postcss.config in place of tailwindcss.',
    ],
    [
      /(?:RollupError|SyntaxError|CompileError|\[plugin[: ][^\]]{1,60}\]).{0,80}?(?<name>[\w@./-]{1,160}\.(?:vue|svelte|astro|[jt]sx?|css|scss|mdx?))\S{0,60} ?\(?(?<at>\d{1,6}:\d{1,5})\)?: (?<why>.{1,160})/,
      'the compiler rejected {name} at {at}: {why}',
      'Correct the code at that place; npm run build on your machine with the packages of the lock file shows the same.',
    ],
    [
      /Treating warnings as errors because process\.env\.CI/,
      'react-scripts treats warnings of the linter as errors, as CI is set',
      'Correct the places that the lines below it name, or set CI=false for that step (RUN CI=false npm run build).',
    ],
    [
      /Could not find a required file/,
      'a file that react-scripts needs (public/index.html or src/index) is not in that stage',
      'COPY the folders public and src before the build step, and check .dockerignore (a line public leaves it out), WORKDIR and letter case.',
    ],
    [
      /Couldn't find any `pages` or `app` directory|Could not find a production build in the/,
      'Next.js did not find its folder (app, pages or .next) in that stage',
      'COPY the sources before next build, set WORKDIR to the folder of the application, and check .dockerignore.',
    ],
    [
      /Failed to fetch (?:font )?[`'"](?<name>[^`'"]{1,60})[`'"](?: from Google Fonts)?|fonts\.(?:googleapis|gstatic)\.com/,
      'Next.js could not download a font ({name|Google Fonts}) during the build',
      'Run the job again; so that the build needs no network for it, put the font into the repository (next/font/local).',
      { rule: 'build-network' },
    ],
    [
      /(?<name>use\w{1,40})\(\) should be wrapped in a suspense boundary at page "(?<page>[^"]{1,100})"/i,
      'Next.js cannot render the page {page} in advance: {name} is used outside of a Suspense boundary',
      'Wrap the component that calls {name} in <Suspense> on that page.',
    ],
    [
      /Invalid environment variables|❌ Invalid env/i,
      'the check of environment variables fails, as they are not set while the image is built',
      'Pass those that the lines name with the input `build-args` (ARG and ENV in the Dockerfile), or skip the check in the build (SKIP_ENV_VALIDATION=1 where the project has it).',
    ],
    [
      /Node\.js version .{0,30}(?:is )?required|(?:Vite|Next\.js|Angular CLI|Astro|Nuxt|Prisma|Wrangler).{0,40}(?:requires|only supports) (?:a minimum )?Node\.js|You are (?:using|running) Node(?:\.js)? v?[\d.]{1,12}|Node\.js v[\d.]{1,10} is not supported/,
      'the Node.js version of the base image is not one that the tool supports',
      NODE_VERSION,
    ],
    [
      /Rollup failed to resolve import "(?<name>[^"]{1,200})"|failed to resolve import "(?<name2>[^"]{1,200})"|Could not resolve entry module "(?<name3>[^"]{1,200})"/i,
      'the bundler did not find {name}',
      'For a package add it to the dependencies and install it in that stage; for an own file COPY it (.dockerignore) and write it in the same letter case.',
    ],
    [
      /Module not found: (?:Error: )?Can't resolve '(?<name>[^']{1,200})'/,
      'the bundler did not find the module {name}',
      'For a package add it to the dependencies and install it in that stage; for an own file COPY it (.dockerignore) and write it in the same letter case.',
    ],
    [
      /Cannot find module '(?<name>\.{1,2}\/[^']{1,200})'/,
      'the packages in that stage are not whole: a program of node_modules/.bin does not find its file {name}, because node_modules was copied and its links became files',
      'Leave node_modules out of the context (**/node_modules in .dockerignore) and install in that stage; from another stage COPY the whole folder of the workspace, with links, and install again where the package manager needs it.',
      { when: /Require stack:[\s\S]{0,80}node_modules\/\.bin\// },
    ],
    [
      /Cannot find module '(?<name>(?:\/|\.{1,2}\/)[^']{1,200})'/,
      'the file {name} is not in that stage',
      `It is not a package but a file of your own or one that an earlier step makes. ${COPY_BEFORE}`,
      { unless: /node_modules\/[^']{1,150}'|error TS|or its corresponding type/ },
    ],
    [
      /Cannot find (?:module|package) '(?<name>\/[^']{0,120}\/node_modules\/(?!\.bin)[^']{1,150})'/,
      'a file of an installed package is not in that stage ({name}): the package is not installed there, or its folder is not whole',
      'Run the install in that stage with the files that steer it copied before (lock file, .npmrc, workspace files), or COPY the whole node_modules of the stage that did, with the folders of the workspace that its links lead to. node_modules of your machine belongs into .dockerignore.',
      { unless: /Require stack:[\s\S]{0,80}node_modules\/\.bin\// },
    ],
    [
      /DYNAMIC_SERVER_USAGE|Dynamic server usage/,
      'a page uses what only a request has (cookies, headers, search parameters, an uncached fetch), but Next.js was to render it while it was built',
      'Mark the pages that the lines below name as dynamic (export const dynamic = "force-dynamic"), or do not catch that error in their code: Next.js throws it to find such pages.',
    ],
    [
      /Failed to collect (?:page data|configuration) for (?<name>\S{1,150})/,
      'Next.js loads the code of {name} while it builds, and that code failed there',
      'Read the error above that line: mostly the module makes a client (a database, an API) as it is loaded, from a variable that is not set in a build. Make it only when a request comes, or pass the variable with `build-args`.',
      { unless: /Cannot find module|Module not found|E(?:CONNREFUSED|NOTFOUND|AI_AGAIN)/ },
    ],
    [
      /Ambiguous route pattern "(?<name>[^"\n]{1,200})" matches multiple routes|You cannot use different slug names for the same dynamic path \('(?<name2>[^\n]{1,80})\)/,
      'two folders of the app stand for the same route ({name})',
      'Give the dynamic part one name: move the code of one folder into the other ([id] or [slug], not both) and remove the empty one.',
    ],
    [
      /Error occurred prerendering page "(?<page>[^"\n]{1,150})"[^\n]{0,200}\n(?:Error: )?ReferenceError: (?<name>window|document|localStorage|sessionStorage|navigator|location|self|HTMLElement) is not defined/,
      'the page {page} was rendered while it was built, and its code uses {name}, which only a browser has',
      'Use {name} only in the browser: in useEffect, in an event or behind a check of typeof window, or load that component with next/dynamic and ssr: false. A library that needs it as it is loaded is imported that way, too.',
      { lines: 2 },
    ],
    [
      new RegExp(`TypeError: (?<name>${NEWER_BUILTIN}) is not a function`),
      'the code that runs in that step uses {name}, which the Node.js of that stage is too old for',
      'Use a base image with a newer Node.js (FROM node:22 or newer) for the build and for the final stage. Where that cannot be, use a release of the package that calls it (the first frame of the stack) for older versions.',
    ],
    [
      /Error occurred prerendering page "(?<page>[^"\n]{1,150})"[^\n]{0,200}\n(?:Error: )?(?<name>(?:Reference|Type|Syntax|Range)Error: [^\n]{1,200})/,
      'the page {page} could not be rendered while it was built: {name}',
      'Correct the code of that page or of a component on it (the first frame of the stack below names the bundle); a name that is not defined lacks its import. npm run build on your machine shows the same.',
      { lines: 2, unless: /suspense boundary|E(?:CONNREFUSED|NOTFOUND|AI_AGAIN)/i },
    ],
    [
      /Error occurred prerendering page "(?<name>[^"]{1,150})"|Export encountered errors? on (?:following paths|\d+ path)/,
      'a page ({name|named below that line}) could not be rendered while it was built',
      'Read the error that stands beside it: data that it fetches (an API, a database) is not reachable in a build and variables are not set. Pass variables with `build-args`, or render that page on request (dynamic = "force-dynamic").',
      { unless: /suspense boundary|E(?:CONNREFUSED|NOTFOUND|AI_AGAIN)/i },
    ],
  ],
};

export const NODE: readonly Tool[] = [MISSING_TOOLS, INSTALL, PNPM, NPM, YARN, BUN, BUILD];
