export const id = 15;
export const ids = [15];
export const modules = {

/***/ 3254:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   T: () => (/* binding */ call),
/* harmony export */   w: () => (/* binding */ toFailure)
/* harmony export */ });
/* harmony import */ var _failure_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(1633);

/** Names and messages by which AWS says the same thing in different services; the first row that matches decides. */
const KINDS = [
    [
        'CREDENTIALS',
        /ExpiredToken|TokenRefreshRequired|InvalidClientTokenId|UnrecognizedClient|CredentialsProvider|InvalidIdentityToken|IDPRejectedClaim|InvalidAccessKeyId|SignatureDoesNotMatch|InvalidSignature|IncompleteSignature/,
    ],
    ['ACCESS_DENIED', /AccessDenied|Unauthorized|NotAuthorized|Forbidden/],
    ['THROTTLED', /Throttl|TooManyRequests|RequestLimitExceeded|SlowDown|Rate exceeded/],
    ['NOT_FOUND', /NotFound|DoesNotExist|NoSuch|ParameterNotFound/],
    [
        'UNAVAILABLE',
        /Server(Exception|Error)|ServiceUnavailable|InternalFailure|InternalServer|Timeout|ECONN|ENOTFOUND|EAI_AGAIN|EPIPE|socket hang up|NetworkingError/,
    ],
];
/** What to do, for the kinds whose remedy does not depend on the operation. */
const REMEDIES = {
    CREDENTIALS: () => 'Give the step valid credentials: role-to-assume with `permissions: id-token: write`, or a configure-aws-credentials step before it. Credentials that end during a long wait are refreshed only with role-to-assume.',
    ACCESS_DENIED: ({ service, operation }) => `Allow ${service}:${operation} for the role that this job uses.`,
    THROTTLED: () => 'The account calls this API too often. Try again later, or ask for a higher rate.',
    UNAVAILABLE: ({ service }) => `Look whether ${service} can be reached from this runner (network, proxy, endpoint) and try again.`,
};
/**
 * Whatever an SDK call threw, as a Failure that names the call.
 * @param service endpoint prefix as IAM writes it: ecs, ecr, sts, logs, ...
 * @param operation as IAM writes it: UpdateService, ...
 */
function toFailure(service, operation, thrown) {
    if (thrown instanceof _failure_js__WEBPACK_IMPORTED_MODULE_0__/* .Failure */ .H)
        return thrown;
    const { name = 'Error', message = String(thrown), code = '', $metadata = {} } = thrown;
    const said = message || code || name;
    const api = {
        service,
        operation,
        name: name === 'Error' && code ? code : name,
        message: said,
        ...($metadata.requestId ? { requestId: $metadata.requestId } : {}),
    };
    const kind = codeOf(`${name} ${code}`, said, $metadata.httpStatusCode);
    const remedy = REMEDIES[kind]?.(api);
    return new _failure_js__WEBPACK_IMPORTED_MODULE_0__/* .Failure */ .H(kind, `${service}:${operation} failed: ${said}`, {
        api,
        cause: thrown,
        ...(remedy ? { remedy } : {}),
    });
}
function codeOf(name, message, status) {
    for (const [code, pattern] of KINDS)
        if (pattern.test(name))
            return code;
    // Only some services name their errors well; ECS says "Rate exceeded" in a ClientException.
    if (/Rate exceeded/i.test(message))
        return 'THROTTLED';
    if (/is not authorized to perform/i.test(message))
        return 'ACCESS_DENIED';
    if (/ECONN|ENOTFOUND|EAI_AGAIN|socket hang up|timed out/i.test(message))
        return 'UNAVAILABLE';
    if (status === 403)
        return 'ACCESS_DENIED'; // S3 answers HEAD without a body, so without a name
    if (status === 429)
        return 'THROTTLED';
    if (status !== undefined && status >= 500)
        return 'UNAVAILABLE';
    if (/Could not load credentials/i.test(message))
        return 'CREDENTIALS';
    return 'REFUSED';
}
/** Runs one SDK call; what it throws becomes a Failure that names the call. */
async function call(service, operation, send) {
    try {
        return await send();
    }
    catch (thrown) {
        throw toFailure(service, operation, thrown);
    }
}


/***/ }),

/***/ 7972:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   F2: () => (/* binding */ unlessMissing),
/* harmony export */   QE: () => (/* binding */ batched),
/* harmony export */   xg: () => (/* binding */ lazyClients)
/* harmony export */ });
/* harmony import */ var _failure_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(1633);

/** Preflight is a help, not a need: an API that cannot be reached from here must not hold up the deployment. */
const ATTEMPTS = 2;
/** A library and its client for a region, both made when they are first asked for. */
function lazyClients(config, load, make) {
    const clients = new Map();
    return async (region) => {
        const sdk = await load();
        const client = clients.get(region) ?? make(sdk, { ...config, region, maxAttempts: Math.min(ATTEMPTS, config.maxAttempts) });
        clients.set(region, client);
        return { sdk, client };
    };
}
/** `question`, or `undefined` where AWS says that there is no such thing. */
async function unlessMissing(question) {
    try {
        return await question();
    }
    catch (thrown) {
        if (thrown instanceof _failure_js__WEBPACK_IMPORTED_MODULE_0__/* .Failure */ .H && thrown.code === 'NOT_FOUND')
            return undefined;
        throw thrown;
    }
}
/** Any number of items through calls that take `size` at most, side by side. */
function batched(items, size, send) {
    const batches = Array.from({ length: Math.ceil(items.length / size) }, (_, i) => items.slice(i * size, (i + 1) * size));
    return Promise.all(batches.map(send)).then((answers) => answers.flat());
}


/***/ }),

/***/ 9771:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   q: () => (/* binding */ createFiles)
/* harmony export */ });
/* harmony import */ var node_fs_promises__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(1455);
/* harmony import */ var node_fs_promises__WEBPACK_IMPORTED_MODULE_0___default = /*#__PURE__*/__webpack_require__.n(node_fs_promises__WEBPACK_IMPORTED_MODULE_0__);
/* harmony import */ var node_os__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(8161);
/* harmony import */ var node_os__WEBPACK_IMPORTED_MODULE_1___default = /*#__PURE__*/__webpack_require__.n(node_os__WEBPACK_IMPORTED_MODULE_1__);
/* harmony import */ var node_path__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(6760);
/* harmony import */ var node_path__WEBPACK_IMPORTED_MODULE_2___default = /*#__PURE__*/__webpack_require__.n(node_path__WEBPACK_IMPORTED_MODULE_2__);
/* harmony import */ var _failure_js__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(1633);




/** The port Files; temporary folders go below RUNNER_TEMP, which the runner empties after the job. */
function createFiles(env) {
    return {
        async readText(path) {
            try {
                return await (0,node_fs_promises__WEBPACK_IMPORTED_MODULE_0__.readFile)(path, 'utf8');
            }
            catch (cause) {
                const code = cause.code;
                if (code !== 'ENOENT' && code !== 'EISDIR')
                    throw new _failure_js__WEBPACK_IMPORTED_MODULE_3__/* .Failure */ .H('INTERNAL', `${path} cannot be read.`, { cause });
                throw new _failure_js__WEBPACK_IMPORTED_MODULE_3__/* .Failure */ .H('NOT_FOUND', code === 'EISDIR' ? `${path} is a folder, not a file.` : `There is no file ${path}.`, {
                    remedy: 'Give a path relative to the workspace, and check out the repository (actions/checkout) before this step.',
                    cause,
                });
            }
        },
        writeText: (path, text, mode = 0o600) => (0,node_fs_promises__WEBPACK_IMPORTED_MODULE_0__.writeFile)(path, text, { mode }),
        exists,
        async link(target, path) {
            if (await exists(target))
                await (0,node_fs_promises__WEBPACK_IMPORTED_MODULE_0__.symlink)(target, path);
        },
        makeTemporaryFolder: (prefix) => (0,node_fs_promises__WEBPACK_IMPORTED_MODULE_0__.mkdtemp)((0,node_path__WEBPACK_IMPORTED_MODULE_2__.join)(env.RUNNER_TEMP || (0,node_os__WEBPACK_IMPORTED_MODULE_1__.tmpdir)(), prefix)),
        remove: (path) => (0,node_fs_promises__WEBPACK_IMPORTED_MODULE_0__.rm)(path, { recursive: true, force: true }),
    };
}
const exists = (path) => (0,node_fs_promises__WEBPACK_IMPORTED_MODULE_0__.access)(path).then(() => true, () => false);


/***/ }),

/***/ 5702:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   v: () => (/* binding */ shell)
/* harmony export */ });
/* harmony import */ var node_child_process__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(1421);
/* harmony import */ var node_child_process__WEBPACK_IMPORTED_MODULE_0___default = /*#__PURE__*/__webpack_require__.n(node_child_process__WEBPACK_IMPORTED_MODULE_0__);
/* harmony import */ var node_readline__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(481);
/* harmony import */ var node_readline__WEBPACK_IMPORTED_MODULE_1___default = /*#__PURE__*/__webpack_require__.n(node_readline__WEBPACK_IMPORTED_MODULE_1__);
/* harmony import */ var _failure_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(1633);



/** Between SIGINT and SIGKILL: buildx needs a moment to tell its builder. */
const GRACE_SECONDS = 2;
/**
 * The port Shell. Commands that are waited out run through @actions/exec. It gives no handle on its child, so one that
 * must be stoppable (a build whose sibling failed, a cancelled run) is spawned by us; and so is one with stdin, because
 * @actions/exec lets the whole process die of EPIPE when a program ends without reading it.
 */
const shell = {
    run: (program, args, options = {}) => options.signal || options.stdin !== undefined ? spawned(program, args, options) : executed(program, args, options),
};
async function executed(program, args, options) {
    const { getExecOutput } = await __webpack_require__.e(/* import() */ 260).then(__webpack_require__.bind(__webpack_require__, 1260));
    try {
        return await getExecOutput(program, [...args], {
            silent: true,
            ignoreReturnCode: true,
            ...(options.env ? { env: environment(options.env) } : {}),
            ...(options.onLine ? { listeners: { stdline: options.onLine, errline: options.onLine } } : {}),
        });
    }
    catch (cause) {
        throw /Unable to locate executable/.test(String(cause)) ? missing(program, cause) : broken(program, cause);
    }
}
function spawned(program, args, { stdin, env = {}, onLine, signal }) {
    return new Promise((resolve, reject) => {
        if (signal?.aborted)
            return reject(signal.reason);
        const child = (0,node_child_process__WEBPACK_IMPORTED_MODULE_0__.spawn)(program, args, { env: environment(env), stdio: 'pipe', windowsHide: true });
        const output = { stdout: '', stderr: '' };
        for (const stream of ['stdout', 'stderr']) {
            (0,node_readline__WEBPACK_IMPORTED_MODULE_1__.createInterface)({ input: child[stream] }).on('line', (line) => {
                output[stream] += `${line}\n`;
                onLine?.(line);
            });
        }
        let kill;
        const onAbort = () => {
            child.kill('SIGINT');
            kill = setTimeout(() => child.kill('SIGKILL'), GRACE_SECONDS * 1000);
        };
        signal?.addEventListener('abort', onAbort, { once: true });
        child.on('error', (cause) => {
            signal?.removeEventListener('abort', onAbort);
            reject(cause.code === 'ENOENT' ? missing(program, cause) : broken(program, cause));
        });
        child.on('close', (exitCode) => {
            clearTimeout(kill);
            signal?.removeEventListener('abort', onAbort);
            if (signal?.aborted)
                reject(signal.reason);
            else
                resolve({ exitCode: exitCode ?? 1, ...output });
        });
        child.stdin.on('error', () => { }); // the program ended without reading it; its exit code tells why
        child.stdin.end(stdin ?? '');
    });
}
const environment = (added) => {
    const own = Object.entries(process.env).filter((entry) => entry[1] !== undefined);
    return { ...Object.fromEntries(own), ...added };
};
const missing = (program, cause) => new _failure_js__WEBPACK_IMPORTED_MODULE_2__/* .Failure */ .H('TOOL_MISSING', `\`${program}\` is not on this runner's PATH.`, {
    remedy: program === 'docker'
        ? 'Install Docker with buildx on the runner (GitHub-hosted Linux runners have both), or build elsewhere and give the input `image`.'
        : `Install ${program} on the runner.`,
    cause,
});
const broken = (program, cause) => new _failure_js__WEBPACK_IMPORTED_MODULE_2__/* .Failure */ .H('INTERNAL', `\`${program}\` could not be run: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });


/***/ }),

/***/ 3015:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

// ESM COMPAT FLAG
__webpack_require__.r(__webpack_exports__);

// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  createWorld: () => (/* binding */ createWorld)
});

// EXTERNAL MODULE: external "node:http"
var external_node_http_ = __webpack_require__(7067);
// EXTERNAL MODULE: external "node:https"
var external_node_https_ = __webpack_require__(4708);
// EXTERNAL MODULE: ./src/failure.ts
var src_failure = __webpack_require__(1633);
// EXTERNAL MODULE: ./src/adapters/aws-error.ts
var aws_error = __webpack_require__(3254);
;// CONCATENATED MODULE: ./src/adapters/aws.ts




/** Connections that never answer would hold the watcher for minutes; the SDK's own default is no limit at all. */
const CONNECTION_TIMEOUT_MS = 5_000;
const REQUEST_TIMEOUT_MS = 30_000;
/**
 * The shared client configuration.
 * `github` hands out the job's token for an audience; it is asked only when a role is to be assumed.
 */
function awsConfig(aws, env, github) {
    const base = {
        region: aws.region,
        requestHandler: {
            connectionTimeout: CONNECTION_TIMEOUT_MS,
            requestTimeout: REQUEST_TIMEOUT_MS,
            ...proxyAgents(env),
        },
        maxAttempts: 4,
        customUserAgent: 'ecs-rollout',
    };
    const { role } = aws;
    return role ? { ...base, credentials: assumedRole({ ...aws, role }, base, github) } : base;
}
/**
 * Agents that go through HTTP_PROXY and HTTPS_PROXY and around NO_PROXY, by Node's own rules (http.Agent's proxyEnv,
 * Node 24.5). Without a proxy variable the SDK's own agents stay, which load faster.
 */
function proxyAgents(env) {
    const proxied = ['http_proxy', 'https_proxy', 'HTTP_PROXY', 'HTTPS_PROXY'].some((name) => env[name]);
    if (!proxied)
        return {};
    const options = { keepAlive: true, maxSockets: 50, proxyEnv: env };
    return { httpAgent: new external_node_http_.Agent(options), httpsAgent: new external_node_https_.Agent(options) };
}
/** New credentials are fetched this long before the old ones end, so that a long wait never meets an expired one. */
const REFRESH_BEFORE_SECONDS = 300;
/**
 * Credentials of the role, refreshed by themselves. One exchange serves all clients, whoever asks first; the secret
 * parts are masked before anybody gets them.
 */
function assumedRole(aws, base, github) {
    let current;
    let goodUntil = 0;
    const exchange = async () => {
        const fresh = identity(await assume(aws.role, base, github), aws.role, github);
        refuseOtherAccounts(fresh.accountId, aws.allowedAccountIds);
        goodUntil = (fresh.expiration?.getTime() ?? 0) - REFRESH_BEFORE_SECONDS * 1000;
        return fresh;
    };
    return async () => {
        if (current && Date.now() < goodUntil)
            return current;
        goodUntil = Number.POSITIVE_INFINITY; // the exchange under way serves everybody who asks meanwhile
        current = exchange();
        current.catch(() => {
            current = undefined;
        });
        return current;
    };
}
/**
 * AssumeRoleWithWebIdentity with GitHub's token where the job may have one; else, and always with `role-external-id`
 * (which web identities do not know), AssumeRole from the credentials that the job already has.
 */
async function assume(role, base, github) {
    const request = { RoleArn: role.arn, RoleSessionName: role.sessionName, DurationSeconds: role.durationSeconds };
    if (role.externalId === undefined && github.offersTokens) {
        const [token, { STSClient, AssumeRoleWithWebIdentityCommand }] = await Promise.all([
            idToken(role.audience, github),
            __webpack_require__.e(/* import() */ 695).then(__webpack_require__.t.bind(__webpack_require__, 1695, 19)),
        ]);
        const sts = new STSClient({ ...base, credentials: { accessKeyId: '', secretAccessKey: '' } });
        return sts
            .send(new AssumeRoleWithWebIdentityCommand({ ...request, WebIdentityToken: token }))
            .catch(refused('AssumeRoleWithWebIdentity'));
    }
    const { STSClient, AssumeRoleCommand } = await __webpack_require__.e(/* import() */ 695).then(__webpack_require__.t.bind(__webpack_require__, 1695, 19));
    const command = new AssumeRoleCommand(role.externalId === undefined ? request : { ...request, ExternalId: role.externalId });
    return new STSClient(base).send(command).catch((thrown) => {
        const failure = (0,aws_error/* toFailure */.w)('sts', 'AssumeRole', thrown);
        if (failure.code !== 'CREDENTIALS' || github.offersTokens)
            throw failure;
        throw noToken(thrown);
    });
}
const refused = (operation) => (thrown) => {
    throw (0,aws_error/* toFailure */.w)('sts', operation, thrown);
};
function identity(answer, role, github) {
    const { AccessKeyId, SecretAccessKey, SessionToken, Expiration } = answer.Credentials ?? {};
    if (!AccessKeyId || !SecretAccessKey || !SessionToken) {
        throw new src_failure/* Failure */.H('CREDENTIALS', `STS answered without credentials for ${role.arn}.`);
    }
    for (const secret of [AccessKeyId, SecretAccessKey, SessionToken])
        github.mask(secret);
    const accountId = answer.AssumedRoleUser?.Arn?.split(':')[4];
    return {
        accessKeyId: AccessKeyId,
        secretAccessKey: SecretAccessKey,
        sessionToken: SessionToken,
        ...(Expiration ? { expiration: Expiration } : {}),
        ...(accountId ? { accountId } : {}),
    };
}
async function idToken(audience, github) {
    try {
        return await github.token(audience);
    }
    catch (thrown) {
        throw noToken(thrown);
    }
}
const noToken = (cause) => new src_failure/* Failure */.H('CREDENTIALS', 'GitHub gave this job no OIDC token, so role-to-assume cannot be assumed.', {
    remedy: 'Give the job `permissions: id-token: write`. A pull request from a fork never gets a token: skip this step for it.',
    cause,
});
/** @throws Failure CREDENTIALS when the account is not one of `allowed-account-ids`; an empty list allows any. */
function refuseOtherAccounts(accountId, allowed) {
    if (allowed.length === 0 || (accountId !== undefined && allowed.includes(accountId)))
        return;
    throw new src_failure/* Failure */.H('CREDENTIALS', `The credentials belong to account ${accountId ?? '(unknown)'}, which allowed-account-ids does not list.`, {
        remedy: `Use credentials of ${allowed.join(' or ')}, or add the account to allowed-account-ids.`,
    });
}

;// CONCATENATED MODULE: ./src/adapters/clock.ts
/** The real clock. A sleep that is aborted leaves no timer and no listener behind. */
const realClock = {
    now: () => Date.now() / 1000,
    random: Math.random,
    sleep: (seconds, signal) => new Promise((resolve, reject) => {
        if (signal?.aborted)
            return reject(signal.reason);
        const onAbort = () => {
            clearTimeout(timer);
            reject(signal?.reason);
        };
        const timer = setTimeout(() => {
            signal?.removeEventListener('abort', onAbort);
            resolve();
        }, seconds * 1000);
        signal?.addEventListener('abort', onAbort, { once: true });
    }),
};

// EXTERNAL MODULE: external "node:events"
var external_node_events_ = __webpack_require__(8474);
;// CONCATENATED MODULE: ./src/adapters/ecr.ts



/** An index first: asked for single manifests only, ECR would answer with one platform of it. */
const MEDIA_TYPES = [
    'application/vnd.oci.image.index.v1+json',
    'application/vnd.docker.distribution.manifest.list.v2+json',
    'application/vnd.oci.image.manifest.v1+json',
    'application/vnd.docker.distribution.manifest.v2+json',
];
/** Only here does public ECR have an API (https://docs.aws.amazon.com/general/latest/gr/ecr-public.html). */
const PUBLIC_REGION = 'us-east-1';
/** The port Ecr over the SDK. `mask` gets each password before anybody else does. */
function createEcr(config, mask) {
    const clients = new Map();
    /** One call in a region. The library is loaded with the first one: a run that builds nothing never needs it. */
    const inRegion = (region, operation, send) => (0,aws_error/* call */.T)('ecr', operation, async () => {
        const sdk = await __webpack_require__.e(/* import() */ 249).then(__webpack_require__.t.bind(__webpack_require__, 8249, 19));
        const client = clients.get(region) ?? new sdk.ECRClient({ ...config, region });
        clients.set(region, client);
        return send(client, sdk);
    });
    const described = ({ repositoryUri, imageTagMutability }) => ({
        uri: repositoryUri ?? '',
        immutableTags: imageTagMutability?.startsWith('IMMUTABLE') ?? false,
    });
    return {
        async login(registry) {
            if (registry.public)
                return publicLogin(config, mask);
            const answer = await inRegion(registry.region, 'GetAuthorizationToken', (client, sdk) => client.send(new sdk.GetAuthorizationTokenCommand({})));
            const { authorizationToken = '', proxyEndpoint = '' } = answer.authorizationData?.[0] ?? {};
            return loginOf(authorizationToken, proxyEndpoint.replace(/^https?:\/\//, ''), mask);
        },
        async describeRepository({ registryId, name, region }) {
            try {
                const answer = await inRegion(region, 'DescribeRepositories', (client, sdk) => client.send(new sdk.DescribeRepositoriesCommand({ ...idOf(registryId), repositoryNames: [name] })));
                return answer.repositories?.[0] && described(answer.repositories[0]);
            }
            catch (thrown) {
                if (thrown instanceof src_failure/* Failure */.H && thrown.code === 'NOT_FOUND')
                    return undefined;
                throw thrown;
            }
        },
        async createRepository({ registryId, name, region }) {
            const answer = await inRegion(region, 'CreateRepository', (client, sdk) => client.send(new sdk.CreateRepositoryCommand({ ...idOf(registryId), repositoryName: name })));
            return described(answer.repository ?? {});
        },
        async getImage({ registryId, name, region }, id) {
            const imageIds = ['tag' in id ? { imageTag: id.tag } : { imageDigest: id.digest }];
            const input = { ...idOf(registryId), repositoryName: name, imageIds, acceptedMediaTypes: MEDIA_TYPES };
            const answer = await inRegion(region, 'BatchGetImage', (client, sdk) => client.send(new sdk.BatchGetImageCommand(input)));
            const image = answer.images?.[0];
            if (!image?.imageManifest)
                return undefined;
            return {
                digest: image.imageId?.imageDigest ?? '',
                mediaType: image.imageManifestMediaType ?? '',
                manifest: JSON.parse(image.imageManifest),
            };
        },
        async getBlob({ registryId, name, region }, digest) {
            const input = { ...idOf(registryId), repositoryName: name, layerDigest: digest };
            const answer = await inRegion(region, 'GetDownloadUrlForLayer', (client, sdk) => client.send(new sdk.GetDownloadUrlForLayerCommand(input)));
            return (0,aws_error/* call */.T)('ecr', 'GetDownloadUrlForLayer', () => download(answer.downloadUrl ?? '', config));
        },
    };
}
/**
 * A blob by ECR's presigned URL, parsed. Node's fetch goes round every proxy, so where there is one the request is made
 * with the clients' own agent, which knows it.
 */
async function download(url, { requestHandler }) {
    const secure = url.startsWith('https:');
    const agent = secure ? requestHandler.httpsAgent : requestHandler.httpAgent;
    if (!agent) {
        const response = await fetch(url);
        return JSON.parse(good(response.status, await response.text()));
    }
    const { get } = await (secure ? Promise.resolve(/* import() */).then(__webpack_require__.t.bind(__webpack_require__, 4708, 23)) : Promise.resolve(/* import() */).then(__webpack_require__.t.bind(__webpack_require__, 7067, 23)));
    const [response] = (await (0,external_node_events_.once)(get(url, { agent }), 'response'));
    let body = '';
    for await (const chunk of response.setEncoding('utf8'))
        body += chunk;
    return JSON.parse(good(response.statusCode ?? 0, body));
}
function good(status, body) {
    if (status === 200)
        return body;
    throw new src_failure/* Failure */.H('UNAVAILABLE', `ECR's download URL answered ${status}.`, {
        remedy: 'Let the runner reach the S3 bucket of ECR layers (network, proxy), or drop the tag in `image` for a digest.',
    });
}
const idOf = (registryId) => (registryId ? { registryId } : {});
async function publicLogin(config, mask) {
    const { ECRPUBLICClient, GetAuthorizationTokenCommand: GetPublicToken } = await __webpack_require__.e(/* import() */ 821).then(__webpack_require__.t.bind(__webpack_require__, 9821, 19));
    const client = new ECRPUBLICClient({ ...config, region: PUBLIC_REGION });
    const answer = await (0,aws_error/* call */.T)('ecr-public', 'GetAuthorizationToken', () => client.send(new GetPublicToken({})));
    return loginOf(answer.authorizationData?.authorizationToken ?? '', 'public.ecr.aws', mask);
}
/** The token is base64 of `AWS:password`; both forms open the registry, so both are masked. */
function loginOf(token, registry, mask) {
    mask(token);
    const decoded = Buffer.from(token, 'base64').toString('utf8');
    const password = decoded.slice(decoded.indexOf(':') + 1);
    mask(password);
    if (password === '')
        throw new src_failure/* Failure */.H('CREDENTIALS', 'ECR answered without an authorization token.');
    return { registry, username: 'AWS', password };
}

// EXTERNAL MODULE: ./node_modules/@aws-sdk/client-ecs/dist-cjs/index.js
var dist_cjs = __webpack_require__(212);
;// CONCATENATED MODULE: ./src/adapters/ecs-shapes.ts
const instant = (date) => (date ? date.getTime() / 1000 : undefined);
const lastSegment = (arn) => arn.slice(arn.lastIndexOf('/') + 1);
function present(parts) {
    return Object.fromEntries(Object.entries(parts).filter(([, value]) => value !== undefined));
}
function serviceState(service) {
    const configuration = service.deploymentConfiguration ?? {};
    const { alarms, deploymentCircuitBreaker: breaker } = configuration;
    const network = service.networkConfiguration?.awsvpcConfiguration;
    const connect = service.deployments?.[0]?.serviceConnectConfiguration;
    const daemon = service.schedulingStrategy === 'DAEMON';
    return {
        arn: service.serviceArn ?? '',
        name: service.serviceName ?? '',
        clusterArn: service.clusterArn ?? '',
        status: service.status ?? 'INACTIVE',
        schedulingStrategy: daemon ? 'DAEMON' : 'REPLICA',
        deploymentController: service.deploymentController?.type ?? 'ECS',
        capacityProviders: (service.capacityProviderStrategy ?? []).flatMap(({ capacityProvider }) => capacityProvider ?? []),
        desiredCount: service.desiredCount ?? 0,
        runningCount: service.runningCount ?? 0,
        pendingCount: service.pendingCount ?? 0,
        taskDefinitionArn: service.taskDefinition ?? '',
        deployments: (service.deployments ?? []).map(deploymentState),
        events: (service.events ?? []).map(({ id, createdAt, message }) => ({
            id: id ?? '',
            at: instant(createdAt) ?? 0,
            message: message ?? '',
        })),
        minimumHealthyPercent: configuration.minimumHealthyPercent ?? (daemon ? 0 : 100),
        maximumPercent: configuration.maximumPercent ?? (daemon ? 100 : 200),
        strategy: configuration.strategy ?? 'ROLLING',
        loadBalancers: (service.loadBalancers ?? []).map(({ targetGroupArn, containerName, containerPort }) => present({ targetGroupArn, containerName, containerPort })),
        subnets: network?.subnets ?? [],
        securityGroups: network?.securityGroups ?? [],
        enableExecuteCommand: service.enableExecuteCommand ?? false,
        enableEcsManagedTags: service.enableECSManagedTags ?? false,
        propagateTags: service.propagateTags ?? 'NONE',
        ...present({
            launchType: service.launchType,
            platformVersion: service.platformVersion,
            assignPublicIp: network && network.assignPublicIp === 'ENABLED',
            serviceConnectPorts: connect?.enabled
                ? (connect.services ?? []).flatMap(({ portName }) => portName ?? [])
                : undefined,
            bakeTimeMinutes: configuration.bakeTimeInMinutes,
            earlySuccessPercent: configuration.earlySuccessCriteria?.enable
                ? configuration.earlySuccessCriteria.healthyPercent
                : undefined,
            healthCheckGracePeriodSeconds: service.healthCheckGracePeriodSeconds,
            circuitBreaker: breaker && {
                enable: breaker.enable ?? false,
                rollback: breaker.rollback ?? false,
                ...present({ threshold: breakerThreshold(breaker) }),
            },
            alarms: alarms && {
                names: alarms.alarmNames ?? [],
                enable: alarms.enable ?? false,
                rollback: alarms.rollback ?? false,
            },
        }),
    };
}
function breakerThreshold(breaker) {
    const { type, value } = breaker.thresholdConfiguration ?? {};
    return type === undefined || value === undefined ? undefined : { type, value };
}
function deploymentState(deployment) {
    return {
        id: deployment.id ?? '',
        status: deployment.status ?? '',
        taskDefinitionArn: deployment.taskDefinition ?? '',
        desiredCount: deployment.desiredCount ?? 0,
        runningCount: deployment.runningCount ?? 0,
        pendingCount: deployment.pendingCount ?? 0,
        failedTasks: deployment.failedTasks ?? 0,
        createdAt: instant(deployment.createdAt) ?? 0,
        updatedAt: instant(deployment.updatedAt) ?? 0,
        ...present({ rolloutState: deployment.rolloutState, rolloutStateReason: deployment.rolloutStateReason }),
    };
}
function taskState(task) {
    const address = task.attachments
        ?.flatMap(({ details }) => details ?? [])
        .find(({ name }) => name === 'privateIPv4Address')?.value;
    return {
        arn: task.taskArn ?? '',
        id: lastSegment(task.taskArn ?? ''),
        taskDefinitionArn: task.taskDefinitionArn ?? '',
        lastStatus: task.lastStatus ?? '',
        desiredStatus: task.desiredStatus ?? '',
        healthStatus: task.healthStatus ?? 'UNKNOWN',
        containers: (task.containers ?? []).map(containerState),
        ...present({
            startedBy: task.startedBy,
            launchType: task.launchType,
            capacityProviderName: task.capacityProviderName,
            availabilityZone: task.availabilityZone,
            privateIp: address,
            createdAt: instant(task.createdAt),
            startedAt: instant(task.startedAt),
            stoppedAt: instant(task.stoppedAt),
            stopCode: task.stopCode,
            stoppedReason: task.stoppedReason,
        }),
    };
}
function containerState(container) {
    return {
        name: container.name ?? '',
        image: container.image ?? '',
        lastStatus: container.lastStatus ?? '',
        healthStatus: container.healthStatus ?? 'UNKNOWN',
        ...present({ imageDigest: container.imageDigest, exitCode: container.exitCode, reason: container.reason }),
    };
}
/** Beside `taskDefinition` in a description, and no part of what was registered. */
const READ_ONLY = new Set([
    'taskDefinitionArn',
    'revision',
    'status',
    'requiresAttributes',
    'compatibilities',
    'registeredAt',
    'registeredBy',
    'deregisteredAt',
    'deleteRequestedAt',
]);
function revision(described, tags) {
    const definition = Object.fromEntries(Object.entries(described).filter(([field, value]) => !READ_ONLY.has(field) && value !== undefined));
    return {
        arn: described.taskDefinitionArn ?? '',
        family: described.family ?? '',
        revision: described.revision ?? 0,
        status: described.status ?? 'ACTIVE',
        definition: {
            ...definition,
            family: described.family ?? '',
            containerDefinitions: (definition.containerDefinitions ??
                []),
        },
        tags: ourTags(tags),
        ...present({ registeredAt: instant(described.registeredAt) }),
    };
}
const ourTags = (tags) => (tags ?? []).map(({ key, value }) => ({ key: key ?? '', value: value ?? '' }));
function serviceDeploymentBrief(brief) {
    return {
        arn: brief.serviceDeploymentArn ?? '',
        status: brief.status ?? '',
        createdAt: instant(brief.createdAt) ?? 0,
        ...present({
            statusReason: brief.statusReason,
            targetServiceRevisionArn: brief.targetServiceRevisionArn,
            finishedAt: instant(brief.finishedAt),
        }),
    };
}
function serviceDeployment(described) {
    const { deploymentConfiguration: configuration = {}, deploymentCircuitBreaker: breaker, alarms, rollback, } = described;
    const early = configuration.earlySuccessCriteria;
    const target = described.targetServiceRevision && revisionCount(described.targetServiceRevision);
    return {
        arn: described.serviceDeploymentArn ?? '',
        clusterArn: described.clusterArn ?? '',
        serviceArn: described.serviceArn ?? '',
        status: described.status ?? '',
        createdAt: instant(described.createdAt) ?? 0,
        sources: (described.sourceServiceRevisions ?? []).map(revisionCount),
        hooks: (described.lifecycleHookDetails ?? []).map((hook) => present({
            id: hook.hookId,
            targetType: hook.targetType,
            status: hook.status,
            expiresAt: instant(hook.expiresAt),
        })),
        ...present({
            statusReason: described.statusReason,
            targetServiceRevisionArn: target?.arn,
            target,
            finishedAt: instant(described.finishedAt),
            startedAt: instant(described.startedAt),
            updatedAt: instant(described.updatedAt),
            rollback: rollback && present({ reason: rollback.reason, serviceRevisionArn: rollback.serviceRevisionArn }),
            circuitBreaker: breaker && {
                status: breaker.status ?? '',
                failureCount: breaker.failureCount ?? 0,
                threshold: breaker.threshold ?? 0,
            },
            alarms: alarms && {
                names: alarms.alarmNames ?? [],
                triggered: alarms.triggeredAlarmNames ?? [],
                ...present({ status: alarms.status }),
            },
            lifecycleStage: described.lifecycleStage,
            strategy: configuration.strategy,
            bakeTimeMinutes: configuration.bakeTimeInMinutes,
            earlySuccessPercent: early?.enable ? early.healthyPercent : undefined,
        }),
    };
}
function revisionCount(summary) {
    return {
        arn: summary.arn ?? '',
        requested: summary.requestedTaskCount ?? 0,
        running: summary.runningTaskCount ?? 0,
        pending: summary.pendingTaskCount ?? 0,
    };
}
function serviceRevision(described) {
    return {
        arn: described.serviceRevisionArn ?? '',
        taskDefinitionArn: described.taskDefinition ?? '',
        images: (described.containerImages ?? []).map(({ containerName, image, imageDigest }) => ({
            containerName: containerName ?? '',
            image: image ?? '',
            ...present({ digest: imageDigest }),
        })),
        ...present({ createdAt: instant(described.createdAt) }),
    };
}

;// CONCATENATED MODULE: ./src/adapters/ecs.ts




/** Limits of one call, by AWS's API reference. */
const SERVICES_A_CALL = 10;
const TASKS_A_CALL = 100;
const DEPLOYMENTS_A_CALL = 20;
/** The port Ecs over the SDK: single commands (the aggregated client loads slower), batched and paged. */
function createEcs(config) {
    const client = new dist_cjs.ECSClient(config);
    return {
        async describeServices(cluster, services) {
            const answers = await inBatches(services, SERVICES_A_CALL, (some) => (0,aws_error/* call */.T)('ecs', 'DescribeServices', () => client.send(new dist_cjs.DescribeServicesCommand({ cluster, services: some }))));
            const found = answers.flatMap((answer) => answer.services ?? []).map(serviceState);
            return services.map((wanted) => {
                const service = found.find(({ name, arn }) => wanted === name || wanted === arn);
                if (service)
                    return service;
                throw new src_failure/* Failure */.H('NOT_FOUND', `There is no service ${wanted} in the cluster ${cluster}.`, {
                    remedy: 'Look at the inputs `service`, `cluster` and `aws-region`, and at the account of the credentials. The service must exist before the first deploy.',
                });
            });
        },
        async describeTaskDefinition(taskDefinition) {
            const answer = await (0,aws_error/* call */.T)('ecs', 'DescribeTaskDefinition', () => client.send(new dist_cjs.DescribeTaskDefinitionCommand({ taskDefinition, include: ['TAGS'] })));
            return revision(answer.taskDefinition ?? {}, answer.tags);
        },
        async registerTaskDefinition(definition, tags) {
            // Checked against the service model before; the SDK's type is as loose as the wire.
            const input = structuredClone(definition);
            const answer = await (0,aws_error/* call */.T)('ecs', 'RegisterTaskDefinition', () => client.send(new dist_cjs.RegisterTaskDefinitionCommand({ ...input, ...(tags.length > 0 ? { tags: [...tags] } : {}) })));
            return revision(answer.taskDefinition ?? {}, answer.tags);
        },
        async deregisterTaskDefinition(taskDefinition) {
            await (0,aws_error/* call */.T)('ecs', 'DeregisterTaskDefinition', () => client.send(new dist_cjs.DeregisterTaskDefinitionCommand({ taskDefinition })));
        },
        async tagResource(resourceArn, tags) {
            await (0,aws_error/* call */.T)('ecs', 'TagResource', () => client.send(new dist_cjs.TagResourceCommand({ resourceArn, tags: [...tags] })));
        },
        async listTaskDefinitions(familyPrefix, limit) {
            const answer = await (0,aws_error/* call */.T)('ecs', 'ListTaskDefinitions', () => client.send(new dist_cjs.ListTaskDefinitionsCommand({ familyPrefix, sort: 'DESC', maxResults: limit })));
            // The parameter is a family name, whole; still, another family must never become a rollback target.
            return (answer.taskDefinitionArns ?? []).filter((arn) => arn.split('/').at(-1)?.split(':')[0] === familyPrefix);
        },
        async updateService(update) {
            const input = structuredClone(update);
            const answer = await (0,aws_error/* call */.T)('ecs', 'UpdateService', () => client.send(new dist_cjs.UpdateServiceCommand(input)));
            return serviceState(answer.service ?? {});
        },
        async listServiceDeployments({ cluster, service, createdAfter, statuses, limit }) {
            const answer = await (0,aws_error/* call */.T)('ecs', 'ListServiceDeployments', () => client.send(new dist_cjs.ListServiceDeploymentsCommand({
                cluster,
                service,
                ...(createdAfter === undefined ? {} : { createdAt: { after: new Date(createdAfter * 1000) } }),
                ...(statuses ? { status: [...statuses] } : {}),
                ...(limit === undefined ? {} : { maxResults: limit }),
            })));
            return (answer.serviceDeployments ?? []).map(serviceDeploymentBrief).sort((a, b) => b.createdAt - a.createdAt);
        },
        async describeServiceDeployments(arns) {
            const answers = await inBatches(arns, DEPLOYMENTS_A_CALL, (serviceDeploymentArns) => (0,aws_error/* call */.T)('ecs', 'DescribeServiceDeployments', () => client.send(new dist_cjs.DescribeServiceDeploymentsCommand({ serviceDeploymentArns }))));
            return answers.flatMap((answer) => answer.serviceDeployments ?? []).map(serviceDeployment);
        },
        async describeServiceRevisions(arns) {
            const answers = await inBatches(arns, DEPLOYMENTS_A_CALL, (serviceRevisionArns) => (0,aws_error/* call */.T)('ecs', 'DescribeServiceRevisions', () => client.send(new dist_cjs.DescribeServiceRevisionsCommand({ serviceRevisionArns }))));
            return answers.flatMap((answer) => answer.serviceRevisions ?? []).map(serviceRevision);
        },
        async stopServiceDeployment(serviceDeploymentArn, stopType) {
            await (0,aws_error/* call */.T)('ecs', 'StopServiceDeployment', () => client.send(new dist_cjs.StopServiceDeploymentCommand({ serviceDeploymentArn, stopType })));
        },
        async continueServiceDeployment(serviceDeploymentArn, hookId, action) {
            await (0,aws_error/* call */.T)('ecs', 'ContinueServiceDeployment', () => client.send(new dist_cjs.ContinueServiceDeploymentCommand({ serviceDeploymentArn, hookId, action })));
        },
        async listTasks({ cluster, service, desiredStatus }) {
            const arns = [];
            let nextToken;
            do {
                const page = nextToken === undefined ? {} : { nextToken };
                const answer = await (0,aws_error/* call */.T)('ecs', 'ListTasks', () => client.send(new dist_cjs.ListTasksCommand({ cluster, serviceName: service, desiredStatus, ...page })));
                arns.push(...(answer.taskArns ?? []));
                nextToken = answer.nextToken;
            } while (nextToken !== undefined);
            return arns;
        },
        async describeTasks(cluster, arns) {
            const answers = await inBatches(arns, TASKS_A_CALL, (tasks) => (0,aws_error/* call */.T)('ecs', 'DescribeTasks', () => client.send(new dist_cjs.DescribeTasksCommand({ cluster, tasks }))));
            return answers.flatMap((answer) => answer.tasks ?? []).map(taskState);
        },
    };
}
/** Any number of items through calls that take `size` at most, side by side. No call for no items. */
function inBatches(items, size, send) {
    const batches = Array.from({ length: Math.ceil(items.length / size) }, (_, i) => items.slice(i * size, (i + 1) * size));
    return Promise.all(batches.map(send));
}

// EXTERNAL MODULE: ./src/adapters/files.ts
var files = __webpack_require__(9771);
;// CONCATENATED MODULE: ./src/adapters/github.ts

/** GitHub is beside the deploy, so it may not hold it up. */
const TIMEOUT_MS = 15_000;
const PAGE = 100;
/** Comments looked through for our own: 1000 on one pull request. */
const PAGES = 10;
/** GitHub's limit for the description of a status. */
const DESCRIPTION = 140;
/**
 * GitHub's API through @actions/github, which is loaded with the first call and honours the proxy variables. The
 * address is the runner's own (GITHUB_API_URL), so it works on GitHub Enterprise Server.
 */
function createGithub(token, { apiUrl, repository, sha, pullRequest }) {
    const [owner = '', repo = ''] = repository.split('/');
    const client = remembered(async () => {
        const { getOctokit } = await Promise.all(/* import() */[__webpack_require__.e(119), __webpack_require__.e(413)]).then(__webpack_require__.bind(__webpack_require__, 2413));
        return getOctokit(token, { baseUrl: apiUrl }).rest;
    });
    const place = () => ({ owner, repo, request: { signal: AbortSignal.timeout(TIMEOUT_MS) } });
    return {
        async createDeployment({ environment, transient, production, description }) {
            const { repos } = await client();
            const { data } = await asked('create a deployment', 'deployments: write', () => repos.createDeployment({
                ...place(),
                ref: sha,
                environment,
                description: cut(description),
                transient_environment: transient,
                production_environment: production,
                auto_merge: false,
                // The job that deploys is itself a check that has not ended.
                required_contexts: [],
            }));
            if (!('id' in data))
                throw new src_failure/* Failure */.H('REFUSED', `GitHub made no deployment: ${data.message ?? 'no reason given'}`);
            return data.id;
        },
        async setDeploymentStatus({ deployment, state, description, environment, environmentUrl, logUrl }) {
            const { repos } = await client();
            await asked('set the status of a deployment', 'deployments: write', () => repos.createDeploymentStatus({
                ...place(),
                deployment_id: deployment,
                state,
                description: cut(description),
                environment,
                log_url: logUrl,
                auto_inactive: true,
                ...(environmentUrl ? { environment_url: environmentUrl } : {}),
            }));
        },
        async putComment({ marker, body }) {
            const { issues, repos } = await client();
            if (pullRequest === undefined) {
                await asked('comment on a commit', 'contents: write', async () => {
                    const mine = await find(marker, (page) => repos.listCommentsForCommit({ ...place(), commit_sha: sha, per_page: PAGE, page }));
                    if (mine)
                        await repos.updateCommitComment({ ...place(), comment_id: mine.id, body });
                    else
                        await repos.createCommitComment({ ...place(), commit_sha: sha, body });
                });
                return;
            }
            await asked('comment on a pull request', 'pull-requests: write', async () => {
                const mine = await find(marker, (page) => issues.listComments({ ...place(), issue_number: pullRequest, per_page: PAGE, page }));
                if (mine)
                    await issues.updateComment({ ...place(), comment_id: mine.id, body });
                else
                    await issues.createComment({ ...place(), issue_number: pullRequest, body });
            });
        },
    };
}
async function find(marker, list) {
    for (let page = 1; page <= PAGES; page += 1) {
        const { data } = await list(page);
        const mine = data.find(({ body }) => body?.startsWith(marker));
        if (mine || data.length < PAGE)
            return mine;
    }
    return undefined;
}
/** Asks, and tells a refusal with the permission that would allow it. */
async function asked(what, permission, ask) {
    try {
        return await ask();
    }
    catch (thrown) {
        throw toFailure(thrown, what, permission);
    }
}
function toFailure(thrown, what, permission) {
    const failure = (0,src_failure/* asFailure */.h)(thrown);
    const status = thrown instanceof Error && 'status' in thrown && typeof thrown.status === 'number' ? thrown.status : 0;
    const message = `GitHub did not let this run ${what}: ${failure.message}`;
    const remedy = `Give the job \`permissions: ${permission}\`, or a \`github-token\` that may. Runs for pull requests from forks never may.`;
    switch (status) {
        case 401:
            return new src_failure/* Failure */.H('CREDENTIALS', message, {
                remedy: 'The `github-token` is wrong or has expired.',
                cause: thrown,
            });
        case 403:
        case 404:
            return /rate limit/i.test(failure.message)
                ? new src_failure/* Failure */.H('THROTTLED', message, { cause: thrown })
                : new src_failure/* Failure */.H('ACCESS_DENIED', message, { remedy, cause: thrown });
        case 429:
            return new src_failure/* Failure */.H('THROTTLED', message, { cause: thrown });
        default:
            return new src_failure/* Failure */.H(status >= 400 && status < 500 ? 'REFUSED' : 'UNAVAILABLE', message, { cause: thrown });
    }
}
function remembered(make) {
    let made;
    return () => {
        made ??= make();
        return made;
    };
}
const cut = (text) => (text.length > DESCRIPTION ? `${text.slice(0, DESCRIPTION - 3)}...` : text);

;// CONCATENATED MODULE: ./src/adapters/identity.ts


/**
 * Who we are, by sts:GetCallerIdentity (which needs no permission), asked at most once.
 * @throws Failure CREDENTIALS, also for an account that `allowed-account-ids` does not list.
 */
function createIdentity(config, allowedAccountIds) {
    let answer;
    const ask = async () => {
        const { STSClient, GetCallerIdentityCommand } = await __webpack_require__.e(/* import() */ 695).then(__webpack_require__.t.bind(__webpack_require__, 1695, 19));
        const caller = await new STSClient(config).send(new GetCallerIdentityCommand({})).catch((thrown) => {
            throw (0,aws_error/* toFailure */.w)('sts', 'GetCallerIdentity', thrown);
        });
        const arn = caller.Arn ?? '';
        const accountId = caller.Account ?? '';
        refuseOtherAccounts(accountId, allowedAccountIds);
        return { accountId, arn, partition: arn.split(':')[1] ?? 'aws' };
    };
    return {
        caller() {
            answer ??= ask();
            return answer;
        },
    };
}

;// CONCATENATED MODULE: ./src/adapters/logs.ts


/** The port Logs over CloudWatch Logs, whose client is loaded when the first log is read: most deploys need none. */
function createLogs(config) {
    return {
        async tail({ region, group, stream, limit, since }) {
            const { CloudWatchLogsClient, GetLogEventsCommand } = await __webpack_require__.e(/* import() */ 303).then(__webpack_require__.t.bind(__webpack_require__, 303, 19));
            const client = new CloudWatchLogsClient({ ...config, region });
            try {
                const answer = await (0,aws_error/* call */.T)('logs', 'GetLogEvents', () => client.send(new GetLogEventsCommand({
                    logGroupName: group,
                    logStreamName: stream,
                    limit,
                    startFromHead: false,
                    ...(since === undefined ? {} : { startTime: Math.floor(since * 1000) }),
                })));
                return (answer.events ?? []).map(({ timestamp, message }) => ({
                    at: (timestamp ?? 0) / 1000,
                    message: message ?? '',
                }));
            }
            catch (thrown) {
                // A container that never started has no stream.
                if (thrown instanceof src_failure/* Failure */.H && thrown.code === 'NOT_FOUND')
                    return undefined;
                throw thrown;
            }
        },
    };
}

// EXTERNAL MODULE: ./src/adapters/runner.ts
var adapters_runner = __webpack_require__(5512);
// EXTERNAL MODULE: ./src/adapters/shell.ts
var shell = __webpack_require__(5702);
// EXTERNAL MODULE: ./src/adapters/clients.ts
var clients = __webpack_require__(7972);
;// CONCATENATED MODULE: ./src/adapters/targets.ts


/** The port Targets over Elastic Load Balancing, whose client is loaded with the first running task behind a target group. */
function createTargets(config) {
    const balancing = (0,clients/* lazyClients */.xg)(config, () => __webpack_require__.e(/* import() */ 586).then(__webpack_require__.t.bind(__webpack_require__, 586, 19)), (sdk, own) => new sdk.ElasticLoadBalancingV2Client(own));
    return {
        async health(targetGroupArn) {
            // arn:aws:elasticloadbalancing:REGION:...
            const { sdk, client } = await balancing(targetGroupArn.split(':')[3] || config.region);
            const answer = await (0,aws_error/* call */.T)('elasticloadbalancing', 'DescribeTargetHealth', () => client.send(new sdk.DescribeTargetHealthCommand({ TargetGroupArn: targetGroupArn })));
            return (answer.TargetHealthDescriptions ?? []).map(({ Target: target, TargetHealth: health }) => ({
                id: target?.Id ?? '',
                state: health?.State ?? '',
                ...(target?.Port === undefined ? {} : { port: target.Port }),
                ...(health?.Reason ? { reason: health.Reason } : {}),
                ...(health?.Description ? { description: health.Description } : {}),
            }));
        },
    };
}

;// CONCATENATED MODULE: ./src/adapters/world.ts











/** The real world of a run. Nothing is called yet; clients are light until their first request. */
function createWorld(inputs, run) {
    const { runner, console, signal, env } = run;
    const config = awsConfig(inputs.aws, env, (0,adapters_runner/* githubIdentity */.wl)(env, runner));
    return {
        clock: realClock,
        ecs: createEcs(config),
        ecr: createEcr(config, runner.mask),
        logs: createLogs(config),
        targets: createTargets(config),
        resources: async () => (await __webpack_require__.e(/* import() */ 348).then(__webpack_require__.bind(__webpack_require__, 348))).createResources(config, runner.mask),
        identity: createIdentity(config, inputs.aws.allowedAccountIds),
        shell: shell/* shell */.v,
        files: (0,files/* createFiles */.q)(env),
        console,
        runner,
        ...(inputs.github.token ? { github: createGithub(inputs.github.token, runner.context) } : {}),
        signal,
    };
}


/***/ })

};
