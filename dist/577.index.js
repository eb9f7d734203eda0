export const id = 577;
export const ids = [577,93];
export const modules = {

/***/ 2594:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   TG: () => (/* binding */ failedStepOutput),
/* harmony export */   Yc: () => (/* binding */ rootCauseLine),
/* harmony export */   nl: () => (/* binding */ isTransientPush)
/* harmony export */ });
/* unused harmony export errorLines */
/** What a failed `docker buildx build` says, read for the one line that matters. */
/** The registry or the way to it failed, not the build: trying again is cheap, as all layers are built. */
const TRANSIENT_PUSH = /\b429\b|too ?many ?requests|rate exceeded|\b50[0234]\b|bad gateway|service unavailable|gateway timeout|connection (?:reset|refused)|broken pipe|i\/o timeout|tls handshake timeout|unexpected EOF|use of closed network connection/i;
const PUSHING = /pushing|failed to push|failed to do request: (?:Head|Put|Post|Patch)|exporting to image|\/blobs\/uploads\//i;
const isTransientPush = (output) => {
    const error = errorLines(output).join('\n');
    return TRANSIENT_PUSH.test(error) && PUSHING.test(output);
};
/** Everything from the first `ERROR`, without BuildKit's progress prefixes. */
function errorLines(output) {
    const lines = output.split('\n').map((line) => line.replace(/^#\d+ (?:\d+\.\d+ )?/, '').trimEnd());
    return lines.filter((line) => /^(ERROR|error)\b|failed to|^\s*>>>/.test(line));
}
/**
 * The root cause in one line: BuildKit closes with `ERROR: failed to solve: ...` or `ERROR: failed to build: ...`,
 * which names the step and what it said.
 */
function rootCauseLine(output) {
    const errors = errorLines(output).filter((line) => /^ERROR/i.test(line));
    const last = errors.at(-1) ?? output.trim().split('\n').at(-1) ?? '';
    return last
        .replace(/^ERROR:\s*/i, '')
        .replace(/^failed to (?:build|solve):\s*/i, '')
        .replace(/^failed to solve:\s*/i, '');
}
/** What the failing step printed last, for the log of the failure. */
function failedStepOutput(output, limit) {
    const step = /^#(\d+) ERROR:/m.exec(output)?.[1];
    if (step === undefined)
        return [];
    const own = new RegExp(`^#${step} \\d+\\.\\d+ (.*)$`, 'gm');
    return [...output.matchAll(own)].map(([, line = '']) => line).slice(-limit);
}


/***/ }),

/***/ 4557:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   W: () => (/* binding */ platformsOf),
/* harmony export */   m: () => (/* binding */ inspectImage)
/* harmony export */ });
/* harmony import */ var _failure_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(1633);
/* harmony import */ var _platforms_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(2929);
/* harmony import */ var _reference_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(3564);



/**
 * An image that is there already (input `image`): in ECR its digest and platforms are looked up, and the service gets
 * it by digest; what another registry holds is taken as given.
 * @throws Failure NOT_FOUND when ECR has no such image
 */
async function inspectImage(text, ecr) {
    const reference = (0,_reference_js__WEBPACK_IMPORTED_MODULE_1__/* .parseReference */ .F2)(text);
    const { tag, digest, ...name } = reference;
    const given = {
        reference: text,
        repository: (0,_reference_js__WEBPACK_IMPORTED_MODULE_1__/* .formatReference */ .FH)(name),
        tags: tag ? [tag] : [],
        ...(digest ? { digest } : {}),
    };
    const host = (0,_reference_js__WEBPACK_IMPORTED_MODULE_1__/* .parseEcrHost */ .wl)(reference.host ?? '');
    if (!host)
        return given;
    const repository = { ...host, name: reference.path };
    const found = await lookUp(repository, reference, ecr);
    if (found === 'unknown')
        return given;
    if (!found) {
        throw new _failure_js__WEBPACK_IMPORTED_MODULE_0__/* .Failure */ .H('NOT_FOUND', `ECR has no image ${text}.`, {
            remedy: 'Look at the tag or digest in the input `image`, and at the region and account in its host.',
        });
    }
    return {
        ...given,
        reference: (0,_reference_js__WEBPACK_IMPORTED_MODULE_1__/* .formatReference */ .FH)({ ...name, digest: found.digest }),
        digest: found.digest,
        platforms: await platformsOf(found.manifest, repository, ecr),
    };
}
async function lookUp(repository, { tag, digest }, ecr) {
    try {
        return await ecr.getImage(repository, digest ? { digest } : { tag: tag ?? 'latest' });
    }
    catch (thrown) {
        // A role that only deploys needs no right to read ECR; then the image is taken as given.
        if (thrown instanceof _failure_js__WEBPACK_IMPORTED_MODULE_0__/* .Failure */ .H && thrown.code === 'ACCESS_DENIED')
            return 'unknown';
        throw thrown;
    }
}
/** Platforms of an index, or of a single manifest by its config blob. */
async function platformsOf(manifest, repository, ecr) {
    const platforms = (0,_platforms_js__WEBPACK_IMPORTED_MODULE_2__/* .indexPlatforms */ .DB)(manifest);
    if (platforms)
        return platforms;
    const config = (0,_platforms_js__WEBPACK_IMPORTED_MODULE_2__/* .configDigest */ .xv)(manifest);
    return config ? (0,_platforms_js__WEBPACK_IMPORTED_MODULE_2__/* .platformOf */ .tj)(await ecr.getBlob(repository, config)) : [];
}


/***/ }),

/***/ 2929:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   DB: () => (/* binding */ indexPlatforms),
/* harmony export */   WN: () => (/* binding */ normalisePlatform),
/* harmony export */   tj: () => (/* binding */ platformOf),
/* harmony export */   xv: () => (/* binding */ configDigest)
/* harmony export */ });
/** `linux/arm64/v8` is `linux/arm64`: the variant is the default one (containerd's own normalisation). */
function normalisePlatform(platform) {
    const plain = platform
        .toLowerCase()
        .replace(/\/aarch64\b/, '/arm64')
        .replace(/\/x86[_-]64\b/, '/amd64');
    return plain === 'linux/arm64/v8' ? 'linux/arm64' : plain;
}
const isObject = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);
/** Platforms of an index; undefined for a single manifest, whose config tells. Attestations are no platforms. */
function indexPlatforms(manifest) {
    if (!Array.isArray(manifest.manifests))
        return undefined;
    return manifest.manifests.flatMap((child) => {
        if (!isObject(child) || !isObject(child.platform))
            return [];
        const annotations = isObject(child.annotations) ? child.annotations : {};
        if (annotations['vnd.docker.reference.type'] !== undefined)
            return [];
        return platformOf(child.platform);
    });
}
/** Digest of a single manifest's config blob. */
function configDigest(manifest) {
    return isObject(manifest.config) && typeof manifest.config.digest === 'string' ? manifest.config.digest : undefined;
}
/** `linux/arm64` from an image config or a descriptor's platform; nothing for `unknown/unknown`. */
function platformOf({ os, architecture, variant }) {
    if (typeof os !== 'string' || typeof architecture !== 'string' || os === 'unknown')
        return [];
    return [
        normalisePlatform([os, architecture, ...(typeof variant === 'string' && variant ? [variant] : [])].join('/')),
    ];
}


/***/ }),

/***/ 9577:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

// ESM COMPAT FLAG
__webpack_require__.r(__webpack_exports__);

// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  aheadOf: () => (/* binding */ aheadOf),
  deploy: () => (/* binding */ deploy),
  propose: () => (/* binding */ propose)
});

// EXTERNAL MODULE: ./src/failure.ts
var failure = __webpack_require__(1633);
// EXTERNAL MODULE: ./src/image/inspect.ts
var inspect = __webpack_require__(4557);
// EXTERNAL MODULE: ./src/image/reference.ts
var reference = __webpack_require__(3564);
;// CONCATENATED MODULE: ./src/image/arguments.ts

/** The inputs as arguments of `docker`: build all platforms as one index, tag it, push it, and write its metadata. */
function buildArguments(build, plan) {
    const platforms = build.platforms.join(',');
    return [
        'buildx',
        'build',
        '--progress=plain',
        '--push',
        `--metadata-file=${plan.metadataFile}`,
        ...(plan.builder ? [`--builder=${plan.builder}`] : []),
        ...(platforms ? [`--platform=${platforms}`] : []),
        ...(build.file ? [`--file=${build.file}`] : []),
        ...(build.target ? [`--target=${build.target}`] : []),
        ...plan.references.flatMap((reference) => ['--tag', reference]),
        ...each('--build-arg', build.buildArgs),
        ...each('--build-context', build.buildContexts),
        ...plan.secretFiles.flatMap(([id, path]) => ['--secret', `id=${id},src=${path}`]),
        ...build.secretFiles.flatMap(([id, path]) => ['--secret', `id=${id},src=${path}`]),
        ...build.secretEnvs.flatMap(([id, name]) => ['--secret', `id=${id},env=${name}`]),
        ...each('--ssh', build.ssh),
        ...each('--cache-from', build.cacheFrom),
        ...each('--cache-to', build.cacheTo.map(cacheTo)),
        ...each('--label', build.labels),
        ...each('--annotation', build.annotations.map((annotation) => levelled(annotation, build.platforms))),
        ...(build.provenance ? [`--attest=${attestation('provenance', build.provenance)}`] : []),
        ...(build.sbom ? [`--attest=${attestation('sbom', build.sbom)}`] : []),
        ...(build.pull ? ['--pull'] : []),
        ...(build.noCache ? ['--no-cache'] : []),
        build.context,
    ];
}
const each = (flag, values) => values.flatMap((value) => [flag, value]);
/**
 * ECR takes a cache only as an image manifest, and a cache that cannot be written is no reason to fail a release.
 * https://docs.docker.com/build/cache/backends/registry/
 */
function cacheTo(value) {
    const fields = new Map(value.split(',').map((field) => field.split('=', 2)));
    const ref = fields.get('ref');
    if (fields.get('type') !== 'registry' || !ref)
        return value;
    const host = (0,reference/* parseReference */.F2)(ref).host;
    if (!host || !(0,reference/* parseEcrHost */.wl)(host))
        return value;
    const needed = { 'image-manifest': 'true', 'oci-mediatypes': 'true', 'ignore-error': 'true' };
    return [value, ...Object.entries(needed).flatMap(([key, set]) => (fields.has(key) ? [] : [`${key}=${set}`]))].join(',');
}
/** Without a level, buildx annotates each platform's manifest only; people look at the index. */
function levelled(annotation, platforms) {
    const hasLevel = /^(?:index|manifest|index-descriptor|manifest-descriptor)(?:\[[^\]]*\])?(?:,[\w-]+)*:/.test(annotation);
    return hasLevel || platforms.length < 2 ? annotation : `index,manifest:${annotation}`;
}
/** `true`, `false`, `mode=max` or buildx's own form -> `type=provenance,...`. */
function attestation(type, value) {
    if (/^(true|false)$/i.test(value))
        return `type=${type}${/false/i.test(value) ? ',disabled=true' : ''}`;
    return `type=${type},${value}`;
}

// EXTERNAL MODULE: ./src/image/failures.ts
var failures = __webpack_require__(2594);
;// CONCATENATED MODULE: ./src/image/metadata.ts

/**
 * buildx's metadata file.
 * @throws Failure BUILD_FAILED when it names no digest, as with builders that did not push
 */
function parseMetadata(text) {
    let all = {};
    try {
        all = JSON.parse(text);
    }
    catch {
        // told below, with the same remedy
    }
    const digest = all['containerimage.digest'];
    if (typeof digest === 'string' && /^sha256:[0-9a-f]{64}$/.test(digest))
        return { digest, all };
    throw new failure/* Failure */.H('BUILD_FAILED', 'The build ended well, but its metadata names no digest of a pushed image.', {
        remedy: 'Update buildx (0.12 or newer) on the runner.',
    });
}

// EXTERNAL MODULE: ./src/image/platforms.ts
var image_platforms = __webpack_require__(2929);
;// CONCATENATED MODULE: ./src/image/repository.ts


/**
 * Where to push, and a login for it. The repository is described (and made, when asked for) while the login runs.
 * @throws Failure NOT_FOUND for a repository that is not there and shall not be created
 */
async function openRepository(repository, createRepository, world) {
    const { ecr, shell } = world;
    if (repository.kind === 'other') {
        // Not ours to log in to: an earlier docker/login-action did, in the user's own configuration.
        return { destination: { uri: `${repository.host}/${repository.name}`, immutableTags: false }, login: { env: {} } };
    }
    const credentials = ecr.login({
        region: repository.kind === 'public' ? '' : repository.region,
        public: repository.kind === 'public',
    });
    const found = repository.kind === 'public' ? undefined : findOrCreate(idOf(repository), createRepository, ecr);
    found?.catch(() => { }); // told below; it must not count as unhandled while the login runs
    const { registry, username, password } = await credentials;
    const host = repository.kind === 'own' ? registry : repository.kind === 'public' ? reference/* PUBLIC_ECR */.VI : repository.host;
    const login = await privateConfiguration(world);
    const answer = await shell.run('docker', ['login', '--username', username, '--password-stdin', host], {
        stdin: password,
        env: login.env,
    });
    if (answer.exitCode !== 0) {
        throw new failure/* Failure */.H('CREDENTIALS', `docker login to ${host} failed: ${answer.stderr.trim().split('\n').at(-1) ?? ''}`, {
            remedy: 'Look whether the runner reaches the registry, and whether the role may call ecr:GetAuthorizationToken.',
        });
    }
    const described = await found;
    const registryId = repository.kind === 'ecr' ? repository.registryId : ((0,reference/* parseEcrHost */.wl)(registry)?.registryId ?? '');
    return {
        login,
        destination: {
            // ECR's own word for it; a bare name has no host of its own.
            uri: repository.kind === 'own' && described ? described.uri : `${host}/${repository.name}`,
            immutableTags: described?.immutableTags ?? false,
            ...(repository.kind === 'public'
                ? {}
                : { ecr: { registryId, name: repository.name, region: repository.region } }),
        },
    };
}
const idOf = (repository) => ({
    registryId: repository.kind === 'ecr' ? repository.registryId : '',
    name: repository.name,
    region: repository.region,
});
async function findOrCreate(id, create, ecr) {
    let found;
    try {
        found = await ecr.describeRepository(id);
    }
    catch (thrown) {
        // Pushing does not need ecr:DescribeRepositories; without it a full URI is taken at its word.
        if (thrown instanceof failure/* Failure */.H && thrown.code === 'ACCESS_DENIED' && id.registryId !== '')
            return undefined;
        throw thrown;
    }
    if (found)
        return found;
    if (create)
        return ecr.createRepository(id);
    throw new failure/* Failure */.H('NOT_FOUND', `There is no ECR repository \`${id.name}\` in ${id.region}.`, {
        remedy: `Create it (aws ecr create-repository --repository-name ${id.name} --region ${id.region}), set \`create-repository: true\`, or correct the input \`repository\`.`,
    });
}
/**
 * A private DOCKER_CONFIG for the login, so that no token stays on the runner. It begins as a copy of the user's own
 * configuration, whose other logins, credential helpers, plugins and context a build may need; builders stay where
 * they are.
 */
async function privateConfiguration({ files, runner }) {
    const folder = await files.makeTemporaryFolder('docker-config-');
    runner.saveState('docker-config', folder);
    const own = await files.readText(`${runner.dockerConfig}/config.json`).catch(() => '{}');
    await Promise.all([
        files.writeText(`${folder}/config.json`, loginConfiguration(own)),
        files.link(`${runner.dockerConfig}/contexts`, `${folder}/contexts`),
        files.link(`${runner.dockerConfig}/cli-plugins`, `${folder}/cli-plugins`),
    ]);
    return { env: { DOCKER_CONFIG: folder, BUILDX_CONFIG: runner.buildxConfig } };
}
/** Without `credsStore`, which would put the token into the machine's keychain, where it would stay. */
function loginConfiguration(text) {
    try {
        const { credsStore: _, ...rest } = JSON.parse(text);
        return JSON.stringify(rest);
    }
    catch {
        return '{}';
    }
}

;// CONCATENATED MODULE: ./src/image/tools.ts


/** The text of `docker buildx inspect`, which has no machine-readable form. */
function parseBuilder(text) {
    const field = (name) => new RegExp(`^\\s*${name}:\\s*(.*)$`, 'm').exec(text)?.[1]?.trim() ?? '';
    const driver = field('Driver');
    return {
        name: field('Name'),
        driver,
        platforms: field('Platforms')
            .split(',')
            .map((platform) => (0,image_platforms/* normalisePlatform */.WN)(platform.trim().replace('*', '')))
            .filter((platform) => platform !== ''),
        pushesIndexes: driver !== 'docker' || /worker\.containerd\.(?:uuid|namespace)/.test(text),
    };
}
/** The image that registers emulators in the kernel, as docker/setup-qemu-action does. */
const BINFMT = 'tonistiigi/binfmt:latest';
/**
 * A builder that can build `platforms` and push them as one: the user's (or the current) one where it can; else one of
 * our own in a container, which `cleanUp` names so that post removes it. Emulation is set up only for a platform that
 * the builder does not know.
 * @throws Failure TOOL_MISSING with what to install
 */
async function prepareBuilder(wanted, platforms, shell) {
    const inspected = await shell.run('docker', ['buildx', 'inspect', '--bootstrap', ...(wanted ? [wanted] : [])]);
    if (inspected.exitCode !== 0)
        throw cannotInspect(inspected.stderr, wanted);
    const builder = parseBuilder(inspected.stdout);
    const missing = platforms.filter((platform) => !builder.platforms.includes((0,image_platforms/* normalisePlatform */.WN)(platform)));
    const unemulated = missing.length === 0 || (await emulate(missing, shell)) ? [] : missing;
    const able = builder.pushesIndexes || platforms.length < 2;
    if (wanted !== undefined || (able && missing.length === 0)) {
        return { ...(wanted ? { builder: wanted } : {}), created: false, unemulated };
    }
    if (able && builder.driver === 'docker')
        return { created: false, unemulated };
    return { builder: await createBuilder(shell), created: true, unemulated };
}
/** Whether it could be set up; a Dockerfile that only copies, or cross-compiles, builds without. */
async function emulate(platforms, shell) {
    const names = platforms.map((platform) => platform.split('/')[1] ?? platform).join(',');
    const installed = await shell.run('docker', ['run', '--rm', '--privileged', BINFMT, '--install', names]);
    return installed.exitCode === 0;
}
/** What a build met that ran a program of a platform which nothing here can run. */
const notEmulated = (platforms, output) => new failure/* Failure */.H('TOOL_MISSING', `This runner cannot run programs for ${platforms.join(', ')}: emulation could not be set up.`, {
    remedy: `Build on a runner of that architecture, allow \`docker run --privileged ${BINFMT}\`, cross-compile (FROM --platform=$BUILDPLATFORM), or drop the platform from \`platforms\`.`,
    cause: output,
});
async function createBuilder(shell) {
    const created = await shell.run('docker', ['buildx', 'create', '--driver=docker-container', '--bootstrap']);
    if (created.exitCode === 0)
        return created.stdout.trim().split('\n').at(-1) ?? '';
    throw new failure/* Failure */.H('TOOL_MISSING', `A builder for several platforms could not be made: ${lastLine(created.stderr)}`, {
        remedy: 'Turn on the containerd image store of the Docker engine, or make a builder yourself and name it in the input `builder`.',
    });
}
function cannotInspect(stderr, wanted) {
    const said = lastLine(stderr);
    if (/no builder/i.test(stderr)) {
        return new failure/* Failure */.H('TOOL_MISSING', `There is no builder \`${wanted ?? ''}\` on this runner.`, {
            remedy: 'Create it in a step before, or leave out the input `builder`.',
        });
    }
    if (/is not a docker command|unknown command|unknown flag/i.test(stderr)) {
        return new failure/* Failure */.H('TOOL_MISSING', 'Docker on this runner has no buildx.', {
            remedy: 'Install the docker-buildx-plugin, or use docker/setup-buildx-action before this step.',
        });
    }
    return new failure/* Failure */.H('TOOL_MISSING', `The Docker engine does not answer: ${said}`, {
        remedy: 'Start Docker on the runner and let its user reach the socket, or build elsewhere and give the input `image`.',
    });
}
const lastLine = (text) => text.trim().split('\n').at(-1) ?? '';

;// CONCATENATED MODULE: ./src/image/publish.ts









const PUSH_ATTEMPTS = 4;
/**
 * Builds all platforms, pushes them as one index under every tag, and hands over the image by digest. Login, the
 * repository and the builder are looked after side by side.
 * @param region of the credentials, for a bare repository name
 * @throws Failure TOOL_MISSING, CREDENTIALS, NOT_FOUND, BUILD_FAILED, PUSH_FAILED
 */
async function publish(build, region, world) {
    const repository = (0,reference/* parseRepository */.SU)(build.repository, region);
    const [{ destination, login }, { builder, unemulated }] = await Promise.all([
        openRepository(repository, build.createRepository, world),
        prepareBuilder(build.builder, build.platforms, world.shell).then((prepared) => {
            // At once, so that post removes it even where the login beside it fails.
            if (prepared.created && prepared.builder)
                world.runner.saveState('builder', prepared.builder);
            return prepared;
        }),
    ]);
    const there = destination.immutableTags ? await alreadyPushed(build, destination, login, world) : undefined;
    if (there)
        return there;
    const folder = await world.files.makeTemporaryFolder('build-');
    try {
        const metadataFile = `${folder}/metadata.json`;
        const secretFiles = await writeSecrets(build, folder, world);
        const references = build.tags.map((tag) => `${destination.uri}:${tag}`);
        const args = buildArguments(build, { references, metadataFile, secretFiles, ...(builder ? { builder } : {}) });
        if (unemulated.length > 0) {
            world.console.warning(`Emulation of ${unemulated.join(', ')} could not be set up; only a Dockerfile that runs nothing on it builds.`);
        }
        await buildAndPush(args, login, unemulated, world);
        const { digest, all } = parseMetadata(await world.files.readText(metadataFile));
        return {
            reference: `${destination.uri}@${digest}`,
            repository: destination.uri,
            digest,
            tags: build.tags,
            metadata: all,
            ...(build.platforms.length > 0 ? { platforms: build.platforms.map(image_platforms/* normalisePlatform */.WN) } : {}),
        };
    }
    finally {
        await world.files.remove(folder);
    }
}
/** Values of `build-secrets` go through private files: argv can be read by everybody on the machine. */
async function writeSecrets(build, folder, { files, runner }) {
    return Promise.all(build.secrets.map(async ([id, value], i) => {
        runner.mask(value);
        const path = `${folder}/secret-${i}`;
        await files.writeText(path, value, 0o600);
        return [id, path];
    }));
}
async function buildAndPush(args, login, unemulated, world) {
    const { clock, console, shell, signal } = world;
    for (let attempt = 1;; attempt++) {
        console.startGroup(attempt === 1 ? 'Build and push' : `Push again (attempt ${attempt} of ${PUSH_ATTEMPTS})`);
        const { exitCode, stdout, stderr } = await shell
            .run('docker', args, { env: login.env, signal, onLine: (line) => console.line(line) })
            .finally(() => console.endGroup());
        if (exitCode === 0)
            return;
        const output = `${stdout}\n${stderr}`;
        if (unemulated.length > 0 && /exec format error/.test(output))
            throw notEmulated(unemulated, output);
        if (!(0,failures/* isTransientPush */.nl)(output) || attempt === PUSH_ATTEMPTS)
            throw buildFailure(output, console);
        const pause = 2 ** attempt + clock.random();
        console.warning(`The push was interrupted (${(0,failures/* rootCauseLine */.Yc)(output)}); next try in ${Math.round(pause)} s.`);
        await clock.sleep(pause, signal);
    }
}
function buildFailure(output, console) {
    const cause = (0,failures/* rootCauseLine */.Yc)(output);
    for (const line of (0,failures/* failedStepOutput */.TG)(output, 20))
        console.line(`  | ${line}`);
    const pushing = /failed to push|denied|unauthorized|\/blobs\/|tag invalid|name unknown|no basic auth/i.test(cause);
    return new failure/* Failure */.H(pushing ? 'PUSH_FAILED' : 'BUILD_FAILED', cause, { cause: output });
}
/**
 * Tags that cannot be overwritten: a re-run of the same commit finds its own image there, which is then used instead
 * of a build whose push ECR would refuse. Tags that lack are added to it.
 * @throws Failure PUSH_FAILED when the tags that are there name different images
 */
async function alreadyPushed(build, { uri, ecr: repository }, login, { ecr, console, shell }) {
    if (!repository)
        return undefined;
    const found = await Promise.all(build.tags.map((tag) => ecr.getImage(repository, { tag })));
    const [image, ...others] = found.filter((one) => one !== undefined);
    if (!image)
        return undefined;
    if (others.some(({ digest }) => digest !== image.digest)) {
        throw new failure/* Failure */.H('PUSH_FAILED', `The tags ${build.tags.join(', ')} of ${uri} are immutable and name different images already.`, {
            remedy: 'Choose a new version, or leave out the tags that move.',
        });
    }
    const lacking = build.tags.filter((_, i) => found[i] === undefined);
    if (lacking.length > 0) {
        const tags = lacking.flatMap((tag) => ['--tag', `${uri}:${tag}`]);
        const added = await shell.run('docker', ['buildx', 'imagetools', 'create', ...tags, `${uri}@${image.digest}`], login);
        if (added.exitCode !== 0)
            throw new failure/* Failure */.H('PUSH_FAILED', (0,failures/* rootCauseLine */.Yc)(added.stderr), { cause: added.stderr });
    }
    console.notice(`${uri}:${build.tags[0] ?? ''} is there already and its tags are immutable: using it, not building again.`);
    return {
        reference: `${uri}@${image.digest}`,
        repository: uri,
        digest: image.digest,
        tags: build.tags,
        platforms: await (0,inspect/* platformsOf */.W)(image.manifest, repository, ecr),
    };
}

// EXTERNAL MODULE: ./src/report/account.ts + 5 modules
var report_account = __webpack_require__(1914);
// EXTERNAL MODULE: ./src/report/live.ts
var live = __webpack_require__(4790);
// EXTERNAL MODULE: ./src/service/change.ts
var service_change = __webpack_require__(9615);
// EXTERNAL MODULE: ./src/taskdef/architecture.ts
var architecture = __webpack_require__(3057);
// EXTERNAL MODULE: ./src/taskdef/check.ts + 5 modules
var check = __webpack_require__(3320);
// EXTERNAL MODULE: ./src/taskdef/diff.ts
var diff = __webpack_require__(5889);
// EXTERNAL MODULE: ./src/taskdef/register.ts
var register = __webpack_require__(5551);
// EXTERNAL MODULE: ./src/world.ts
var src_world = __webpack_require__(3079);
// EXTERNAL MODULE: ./src/stories/beforehand.ts
var beforehand = __webpack_require__(3275);
// EXTERNAL MODULE: ./src/stories/own-tags.ts
var own_tags = __webpack_require__(9347);
// EXTERNAL MODULE: ./src/stories/rollout.ts
var rollout = __webpack_require__(4356);
// EXTERNAL MODULE: ./src/stories/survey.ts + 4 modules
var stories_survey = __webpack_require__(464);
// EXTERNAL MODULE: ./src/stories/together.ts
var together = __webpack_require__(9435);
;// CONCATENATED MODULE: ./src/stories/deploy.ts
















/** A commit, taken to a healthy service. */
async function deploy(inputs, looking, world) {
    const account = new report_account/* Account */.g(world);
    const [survey, image] = await (0,together/* together */.b)(world, (inner) => {
        const image = obtainImage(inputs, inner, account);
        return [surveyAhead(inputs, looking, image, inner, account), image];
    });
    const known = { ...(image ? { image } : {}), service: survey.service, previous: survey.live };
    (0,rollout/* publishOutputs */.e)(known, world);
    const { definition, tags, latest } = await propose(inputs, survey, image, world);
    world.signal.throwIfAborted();
    const { revision, reused } = await (0,register/* register */.kz)(definition, tags, latest, world.ecs);
    account.step(`${reused ? 'reusing' : 'registered'} ${(0,src_world/* nameOf */.V)(revision)}`);
    (0,rollout/* publishOutputs */.e)({ revision }, world);
    if (reused)
        await tellReuse(revision, world);
    const differences = (0,diff/* diffDefinitions */.e)(survey.live.definition, revision.definition);
    (0,live.tellDifferences)(world.console, differences, (0,src_world/* nameOf */.V)(survey.live));
    const facts = { ...known, revision, differences, warnings: [], diagnoses: [], timeline: account.moments };
    const change = (0,service_change/* planChange */.AS)(inputs.service, revision.arn, survey.service);
    return (0,rollout/* rollOut */.O)({ present: survey, revision, registered: !reused, change, facts }, inputs, world, account);
}
/** The survey and, while the image is built, the preflight, which ends the run when something is bad. */
async function surveyAhead(inputs, looking, obtaining, world, account) {
    const survey = await (0,stories_survey/* surveyService */._h)(inputs, looking, world, account);
    const image = inputs.image.kind === 'given' ? await obtaining : undefined;
    const checks = await (0,beforehand/* lookAhead */.R)(aheadOf(inputs, survey, image), inputs, world, account);
    if (checks.some(({ status }) => status === 'bad'))
        (await __webpack_require__.e(/* import() */ 327).then(__webpack_require__.bind(__webpack_require__, 7327))).refuseBad(checks);
    return survey;
}
/** What the preflight has to know of a deploy. */
function aheadOf(inputs, survey, image) {
    const standIn = inputs.image.kind === 'build' ? survey.standIn?.reference : undefined;
    return {
        present: survey,
        definition: survey.draft,
        ...(image ? { image } : {}),
        ...(standIn === undefined ? {} : { standIn }),
    };
}
async function obtainImage(inputs, world, account) {
    const { image } = inputs;
    switch (image.kind) {
        case 'build': {
            const built = await publish(image.build, inputs.aws.region, world);
            account.step(`pushed ${built.reference}`);
            return built;
        }
        case 'given':
            return (0,inspect/* inspectImage */.m)(image.reference, world.ecr);
        case 'template':
            return undefined;
    }
}
/**
 * The template with its image, checked.
 * @throws Failure INVALID_TASK_DEFINITION with every mistake
 */
async function propose(inputs, survey, image, world) {
    const { context } = world.runner;
    const rendered = (0,stories_survey/* renderFor */.EN)(inputs, survey, context, image);
    const definition = (0,check/* checked */.K)(rendered, survey.template.name, survey.fargate);
    const target = { container: rendered.container ?? '', platforms: image?.platforms };
    const mistakes = (0,architecture/* checkArchitecture */.k)(definition, target, survey.fargate);
    if (mistakes.length > 0) {
        throw new failure/* Failure */.H('INVALID_TASK_DEFINITION', 'The image does not fit the task; nothing was registered.', {
            mistakes,
        });
    }
    const latest = await (0,stories_survey/* latestRevision */.HA)(definition.family, survey.live, world);
    return { definition, tags: (0,own_tags/* withOwnTags */._T)(rendered.tags, context), ...(latest ? { latest } : {}) };
}
/** A revision that an earlier commit made is this commit's as well; without that a rollback to this one finds nothing. */
async function tellReuse(revision, { ecs, runner, console }) {
    const tags = (0,own_tags/* tagsOfReuse */.VD)(revision, runner.context);
    if (!tags)
        return;
    await ecs.tagResource(revision.arn, tags).catch(() => {
        console.line(`       ${(0,src_world/* nameOf */.V)(revision)} could not be tagged with this commit (ecs:TagResource); a rollback will know it by its own commit alone.`);
    });
}


/***/ }),

/***/ 9435:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   b: () => (/* binding */ together)
/* harmony export */ });
/* harmony import */ var _failure_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(1633);

/** Runs side by side what can be; when one fails, the others are stopped and the first failure is what counts. */
async function together(world, start) {
    const stop = new AbortController();
    const both = start({ ...world, signal: AbortSignal.any([world.signal, stop.signal]) });
    try {
        return await Promise.all(both);
    }
    catch (first) {
        stop.abort(new _failure_js__WEBPACK_IMPORTED_MODULE_0__/* .Failure */ .H('CANCELLED', 'Stopped, because another part of the run failed.'));
        await Promise.allSettled(both);
        throw first;
    }
}


/***/ }),

/***/ 3057:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   V: () => (/* binding */ taskPlatform),
/* harmony export */   k: () => (/* binding */ checkArchitecture)
/* harmony export */ });
/* harmony import */ var _template_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(1912);

/** ECS's names of architectures -> the OCI image specification's. ECS's default is X86_64. */
const OCI_ARCHITECTURES = { X86_64: 'amd64', ARM64: 'arm64' };
/** `linux/amd64`: the platform that the task asks for by `runtimePlatform`. */
function taskPlatform(definition) {
    const runtime = (0,_template_js__WEBPACK_IMPORTED_MODULE_0__/* .isObject */ .Gv)(definition.runtimePlatform) ? definition.runtimePlatform : {};
    const os = String(runtime.operatingSystemFamily ?? 'LINUX').startsWith('WINDOWS') ? 'windows' : 'linux';
    const architecture = String(runtime.cpuArchitecture ?? 'X86_64');
    return `${os}/${OCI_ARCHITECTURES[architecture] ?? architecture.toLowerCase()}`;
}
/**
 * Whether the image has what the task asks for. EC2 tasks run on whatever the instances are, so what `runtimePlatform`
 * leaves open is held against the image on Fargate alone, whose default is LINUX and X86_64.
 * @param platforms of the image, as `linux/arm64/v8`; undefined when nobody could tell: then nothing is said
 */
function checkArchitecture(definition, image, fargate) {
    const { container, platforms } = image;
    if (!platforms || platforms.length === 0)
        return [];
    const runtime = (0,_template_js__WEBPACK_IMPORTED_MODULE_0__/* .isObject */ .Gv)(definition.runtimePlatform) ? definition.runtimePlatform : {};
    const fixedOs = fargate || runtime.operatingSystemFamily !== undefined;
    const fixedArchitecture = fargate || runtime.cpuArchitecture !== undefined;
    const wanted = taskPlatform(definition);
    const [os = '', architecture = ''] = wanted.split('/');
    const fits = platforms.some((platform) => {
        const [imageOs, imageArchitecture] = platform.split('/');
        return (!fixedOs || imageOs === os) && (!fixedArchitecture || imageArchitecture === architecture);
    });
    if (fits)
        return [];
    const asked = runtime.cpuArchitecture !== undefined
        ? 'by runtimePlatform.cpuArchitecture'
        : runtime.operatingSystemFamily !== undefined
            ? 'by runtimePlatform.operatingSystemFamily'
            : 'by default, as it has no runtimePlatform';
    const other = Object.entries(OCI_ARCHITECTURES).find(([, oci]) => platforms.some((platform) => `${platform}/`.startsWith(`${os}/${oci}/`)))?.[0];
    return [
        {
            subject: `container ${container}`,
            problem: `its image is built for ${platforms.join(', ')}, but the task runs on ${wanted} (${asked}).`,
            remedy: `Build it for that too (input \`platforms: ${[...platforms, wanted].join(',')}\`)` +
                (other ? `, or set runtimePlatform.cpuArchitecture to ${other} in the task definition.` : '.'),
        },
    ];
}


/***/ })

};
