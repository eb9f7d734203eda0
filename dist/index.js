import { createRequire as __WEBPACK_EXTERNAL_createRequire } from "module";
/******/ var __webpack_modules__ = ({

/***/ 5512:
/***/ ((__unused_webpack_module, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   ji: () => (/* binding */ createRunner),
/* harmony export */   so: () => (/* binding */ createConsole),
/* harmony export */   un: () => (/* binding */ readState),
/* harmony export */   wl: () => (/* binding */ githubIdentity)
/* harmony export */ });
/* unused harmony export readRunContext */
/* harmony import */ var node_fs__WEBPACK_IMPORTED_MODULE_0__ = __nccwpck_require__(3024);
/* harmony import */ var node_fs__WEBPACK_IMPORTED_MODULE_0___default = /*#__PURE__*/__nccwpck_require__.n(node_fs__WEBPACK_IMPORTED_MODULE_0__);
/* harmony import */ var node_os__WEBPACK_IMPORTED_MODULE_1__ = __nccwpck_require__(8161);
/* harmony import */ var node_os__WEBPACK_IMPORTED_MODULE_1___default = /*#__PURE__*/__nccwpck_require__.n(node_os__WEBPACK_IMPORTED_MODULE_1__);
/* harmony import */ var node_path__WEBPACK_IMPORTED_MODULE_2__ = __nccwpck_require__(6760);
/* harmony import */ var node_path__WEBPACK_IMPORTED_MODULE_2___default = /*#__PURE__*/__nccwpck_require__.n(node_path__WEBPACK_IMPORTED_MODULE_2__);
/* harmony import */ var _node_modules_actions_core_lib_command_js__WEBPACK_IMPORTED_MODULE_3__ = __nccwpck_require__(9635);
/* harmony import */ var _node_modules_actions_core_lib_file_command_js__WEBPACK_IMPORTED_MODULE_4__ = __nccwpck_require__(7063);
/* harmony import */ var _node_modules_actions_core_lib_summary_js__WEBPACK_IMPORTED_MODULE_5__ = __nccwpck_require__(1170);
/* harmony import */ var _failure_js__WEBPACK_IMPORTED_MODULE_6__ = __nccwpck_require__(1633);
// The package's only door also loads its OIDC client and with it a whole HTTP stack, 35 ms of a start-up of 80. These
// are the same library's own files for the runner's commands; OIDC goes through the door, when it is needed.







/** What the runner offers, over its files (GITHUB_OUTPUT, GITHUB_STATE, GITHUB_STEP_SUMMARY) and commands on stdout. */
function createRunner(env) {
    const context = readRunContext(env);
    const dockerConfig = env.DOCKER_CONFIG || (0,node_path__WEBPACK_IMPORTED_MODULE_2__.join)((0,node_os__WEBPACK_IMPORTED_MODULE_1__.homedir)(), '.docker');
    return {
        context,
        dockerConfig,
        buildxConfig: env.BUILDX_CONFIG || (0,node_path__WEBPACK_IMPORTED_MODULE_2__.join)(dockerConfig, 'buildx'),
        mask: (secret) => {
            if (secret !== '')
                (0,_node_modules_actions_core_lib_command_js__WEBPACK_IMPORTED_MODULE_3__/* .issueCommand */ .L)('add-mask', {}, secret);
        },
        setOutput: (name, value) => {
            if (env.GITHUB_OUTPUT)
                (0,_node_modules_actions_core_lib_file_command_js__WEBPACK_IMPORTED_MODULE_4__/* .issueFileCommand */ .n)('OUTPUT', (0,_node_modules_actions_core_lib_file_command_js__WEBPACK_IMPORTED_MODULE_4__/* .prepareKeyValueMessage */ .v)(name, value));
        },
        saveState: (name, value) => {
            if (env.GITHUB_STATE)
                (0,_node_modules_actions_core_lib_file_command_js__WEBPACK_IMPORTED_MODULE_4__/* .issueFileCommand */ .n)('STATE', (0,_node_modules_actions_core_lib_file_command_js__WEBPACK_IMPORTED_MODULE_4__/* .prepareKeyValueMessage */ .v)(name, value));
        },
        async writeSummary(markdown) {
            if (!env.GITHUB_STEP_SUMMARY)
                return;
            try {
                await _node_modules_actions_core_lib_summary_js__WEBPACK_IMPORTED_MODULE_5__/* .summary */ .z.addRaw(markdown, true).write();
            }
            catch (thrown) {
                // A deploy that went well must not fail for want of its report.
                (0,_node_modules_actions_core_lib_command_js__WEBPACK_IMPORTED_MODULE_3__/* .issueCommand */ .L)('warning', {}, `The job summary could not be written: ${(0,_failure_js__WEBPACK_IMPORTED_MODULE_6__/* .asFailure */ .h)(thrown).message}`);
            }
        },
    };
}
/** What main saved for post. */
const readState = (env, name) => env[`STATE_${name}`] ?? '';
/** The log of the step. Colour is on in GitHub's log, which understands it, and off where NO_COLOR asks for that. */
function createConsole(env) {
    const annotate = (kind) => (text, title) => (0,_node_modules_actions_core_lib_command_js__WEBPACK_IMPORTED_MODULE_3__/* .issueCommand */ .L)(kind, title === undefined ? {} : { title }, text);
    return {
        line: (text) => void process.stdout.write(`${harmless(text)}\n`),
        startGroup: (title) => (0,_node_modules_actions_core_lib_command_js__WEBPACK_IMPORTED_MODULE_3__/* .issueCommand */ .L)('group', {}, title),
        endGroup: () => (0,_node_modules_actions_core_lib_command_js__WEBPACK_IMPORTED_MODULE_3__/* .issueCommand */ .L)('endgroup', {}, ''),
        debug: (text) => (0,_node_modules_actions_core_lib_command_js__WEBPACK_IMPORTED_MODULE_3__/* .issueCommand */ .L)('debug', {}, text),
        notice: annotate('notice'),
        warning: annotate('warning'),
        error: annotate('error'),
        colour: !env.NO_COLOR && env.GITHUB_ACTIONS === 'true',
    };
}
/**
 * A line from outside must never be a command of the runner's. It takes `::` for one after any white space, and `##[`
 * anywhere in a line; its comparisons also pass over characters without a width, so a visible sign has to stand between.
 * https://github.com/actions/runner/blob/main/src/Runner.Common/ActionCommand.cs
 */
const harmless = (text) => text
    .replaceAll(/(?<=^|[\r\n\u0085\u2028\u2029])(?=(?:(?![\r\n])[\s\p{C}\p{M}])*:[\p{C}\p{M}]*:)/gu, '|')
    .replaceAll(/#[\p{C}\p{M}]*#[\p{C}\p{M}]*(?=\[)/gu, '## ');
/** GitHub's OIDC tokens through @actions/core, which retries and masks them. */
function githubIdentity(env, runner) {
    return {
        offersTokens: Boolean(env.ACTIONS_ID_TOKEN_REQUEST_URL),
        async token(audience) {
            const { getIDToken } = await Promise.all(/* import() */[__nccwpck_require__.e(119), __nccwpck_require__.e(260), __nccwpck_require__.e(216)]).then(__nccwpck_require__.bind(__nccwpck_require__, 8216));
            return getIDToken(audience);
        },
        mask: runner.mask,
    };
}
/**
 * What GitHub says about this run. For a pull request GITHUB_SHA is a merge commit that nobody wrote; the commit is
 * then the pull request's head, which is what people look for in ECR.
 */
function readRunContext(env) {
    const read = (name) => env[`GITHUB_${name}`] ?? '';
    const refType = read('REF_TYPE');
    const pullRequest = pullRequestEvent(env);
    return {
        sha: pullRequest?.head?.sha ?? read('SHA'),
        ...(pullRequest?.number === undefined ? {} : { pullRequest: pullRequest.number }),
        ref: read('REF'),
        refName: read('REF_NAME'),
        refType: refType === 'tag' || refType === 'branch' ? refType : '',
        repository: read('REPOSITORY'),
        runId: read('RUN_ID'),
        runAttempt: read('RUN_ATTEMPT') || '1',
        serverUrl: read('SERVER_URL') || 'https://github.com',
        apiUrl: read('API_URL') || 'https://api.github.com',
        eventName: read('EVENT_NAME'),
        actor: read('ACTOR'),
        workflow: read('WORKFLOW'),
        job: read('JOB'),
    };
}
/** The event of a pull request; what cannot be read costs the nicer tag and the comment, nothing else. */
function pullRequestEvent(env) {
    if (!env.GITHUB_EVENT_NAME?.startsWith('pull_request') || !env.GITHUB_EVENT_PATH)
        return undefined;
    try {
        const event = JSON.parse((0,node_fs__WEBPACK_IMPORTED_MODULE_0__.readFileSync)(env.GITHUB_EVENT_PATH, 'utf8'));
        return event?.pull_request;
    }
    catch {
        return undefined;
    }
}


/***/ }),

/***/ 1633:
/***/ ((__unused_webpack_module, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   H: () => (/* binding */ Failure),
/* harmony export */   h: () => (/* binding */ asFailure)
/* harmony export */ });
/**
 * Thrown where we cannot go on. A rollout that went wrong is not a Failure but an Outcome.
 * `message` says symptom and cause in one line; `describe()` adds every mistake and the remedy.
 */
class Failure extends Error {
    name = 'Failure';
    code;
    remedy;
    mistakes;
    api;
    constructor(code, message, parts = {}) {
        super(message, parts.cause === undefined ? undefined : { cause: parts.cause });
        this.code = code;
        this.remedy = parts.remedy;
        this.mistakes = parts.mistakes ?? [];
        this.api = parts.api;
    }
    /** The whole failure as people read it: message, one line per mistake, remedy. */
    describe() {
        const lines = [this.message];
        for (const { subject, problem, remedy } of this.mistakes) {
            lines.push(`  - ${subject}: ${problem}${remedy ? ` ${remedy}` : ''}`);
        }
        if (this.remedy)
            lines.push(`What to do: ${this.remedy}`);
        return lines.join('\n');
    }
}
/** Any thrown value as a Failure; what we did not throw ourselves is our own bug. */
function asFailure(thrown) {
    if (thrown instanceof Failure)
        return thrown;
    const message = thrown instanceof Error ? thrown.message : String(thrown);
    return new Failure('INTERNAL', message, { cause: thrown });
}


/***/ }),

/***/ 9407:
/***/ ((module, __unused_webpack___webpack_exports__, __nccwpck_require__) => {

__nccwpck_require__.a(module, async (__webpack_handle_async_dependencies__, __webpack_async_result__) => { try {
/* harmony import */ var node_timers_promises__WEBPACK_IMPORTED_MODULE_0__ = __nccwpck_require__(8500);
/* harmony import */ var node_timers_promises__WEBPACK_IMPORTED_MODULE_0___default = /*#__PURE__*/__nccwpck_require__.n(node_timers_promises__WEBPACK_IMPORTED_MODULE_0__);
/* harmony import */ var _adapters_runner_js__WEBPACK_IMPORTED_MODULE_1__ = __nccwpck_require__(5512);
/* harmony import */ var _failure_js__WEBPACK_IMPORTED_MODULE_2__ = __nccwpck_require__(1633);
/* harmony import */ var _inputs_parse_js__WEBPACK_IMPORTED_MODULE_3__ = __nccwpck_require__(6021);
/* harmony import */ var _stories_intent_js__WEBPACK_IMPORTED_MODULE_5__ = __nccwpck_require__(4063);
/* harmony import */ var _stories_look_js__WEBPACK_IMPORTED_MODULE_4__ = __nccwpck_require__(1386);






/** Ends the step well; every other outcome fails it. */
const GOOD = ['deployed', 'unchanged', 'started'];
/** `detailed-exitcode`, as Terraform has it: 0 nothing to change, 1 an error, 2 there would be a change. */
const WOULD_CHANGE = 2;
const REQUEST_LEAVES_MILLISECONDS = 25;
const { env } = process;
const runner = (0,_adapters_runner_js__WEBPACK_IMPORTED_MODULE_1__/* .createRunner */ .ji)(env);
const console = (0,_adapters_runner_js__WEBPACK_IMPORTED_MODULE_1__/* .createConsole */ .so)(env);
/** The same bundle is main and post; main leaves a mark for post. Each loads only what it needs. */
if ((0,_adapters_runner_js__WEBPACK_IMPORTED_MODULE_1__/* .readState */ .un)(env, 'main') === 'began')
    await post();
else
    await main();
async function main() {
    runner.saveState('main', 'began');
    const cancel = new AbortController();
    for (const signal of ['SIGINT', 'SIGTERM']) {
        process.on(signal, () => cancel.abort(new _failure_js__WEBPACK_IMPORTED_MODULE_2__/* .Failure */ .H('CANCELLED', `The run was cancelled (${signal}).`)));
    }
    try {
        const inputs = read();
        const { createWorld } = await Promise.all(/* import() */[__nccwpck_require__.e(212), __nccwpck_require__.e(15)]).then(__nccwpck_require__.bind(__nccwpck_require__, 3015));
        const world = createWorld(inputs, { runner, console, signal: cancel.signal, env });
        // With credentials of an account that is not allowed nothing is even looked at.
        if (inputs.aws.allowedAccountIds.length > 0)
            await world.identity.caller();
        const looking = (0,_stories_look_js__WEBPACK_IMPORTED_MODULE_4__/* .look */ .O)(inputs, world);
        // Reading the story takes the processor for longer than the request needs to leave; ECS's answer takes longer still.
        await Promise.race([looking.catch(() => { }), (0,node_timers_promises__WEBPACK_IMPORTED_MODULE_0__.setTimeout)(REQUEST_LEAVES_MILLISECONDS)]);
        switch (inputs.mode) {
            case 'plan':
                return await tellPlanOf(inputs, looking, world);
            case 'list':
                return await tellListOf(looking, world);
            case 'deploy':
                await carry(Promise.all(/* import() */[__nccwpck_require__.e(547), __nccwpck_require__.e(175), __nccwpck_require__.e(307), __nccwpck_require__.e(275), __nccwpck_require__.e(891), __nccwpck_require__.e(577)]).then(__nccwpck_require__.bind(__nccwpck_require__, 9577)).then(({ deploy }) => deploy(inputs, looking, world)), inputs, world);
                break;
            case 'rollback':
                await carry(Promise.all(/* import() */[__nccwpck_require__.e(547), __nccwpck_require__.e(175), __nccwpck_require__.e(307), __nccwpck_require__.e(275), __nccwpck_require__.e(891), __nccwpck_require__.e(474)]).then(__nccwpck_require__.bind(__nccwpck_require__, 9093)).then(({ rollback }) => rollback(inputs, looking, world)), inputs, world);
        }
        // What was cancelled, whatever its outcome, is looked after by post.
        if (!cancel.signal.aborted)
            runner.saveState(_stories_intent_js__WEBPACK_IMPORTED_MODULE_5__/* .SETTLED_STATE */ .sf, 'yes');
    }
    catch (thrown) {
        // Whatever was begun ends in an outcome; what is thrown by the cancel itself came before that.
        await fail((0,_failure_js__WEBPACK_IMPORTED_MODULE_2__/* .asFailure */ .h)(thrown), thrown === cancel.signal.reason);
    }
}
function read() {
    const { inputs, notes } = (0,_inputs_parse_js__WEBPACK_IMPORTED_MODULE_3__/* .parseInputs */ .T)((0,_inputs_parse_js__WEBPACK_IMPORTED_MODULE_3__/* .inputsOf */ .V)(env), { context: runner.context, env });
    for (const note of notes)
        console.notice(note);
    return inputs;
}
/** A deploy or a rollback to its report, with GitHub's record of it beside. */
async function carry(rollout, inputs, world) {
    rollout.catch(() => { }); // awaited below; it may fail before that
    // After the first request is on its way: what not every run needs must not stand before it.
    const { beginDeployment, endDeployment, comment } = await Promise.all(/* import() */[__nccwpck_require__.e(307), __nccwpck_require__.e(702)]).then(__nccwpck_require__.bind(__nccwpck_require__, 8702));
    const recorded = beginDeployment(inputs.github, runner.context, world);
    let outcome;
    try {
        outcome = await rollout;
        await report(outcome);
    }
    finally {
        await endDeployment(await recorded, outcome, runner.context, world);
    }
    await comment(inputs.github, { outcome }, runner.context, world);
}
async function tellPlanOf(inputs, looking, world) {
    const { plan } = await Promise.all(/* import() */[__nccwpck_require__.e(547), __nccwpck_require__.e(175), __nccwpck_require__.e(307), __nccwpck_require__.e(275), __nccwpck_require__.e(891), __nccwpck_require__.e(261)]).then(__nccwpck_require__.bind(__nccwpck_require__, 8261));
    const planned = await plan(inputs, looking, world);
    const [{ tellPlan, planSummaryOf, wouldChange }, { comment }] = await Promise.all([
        __nccwpck_require__.e(/* import() */ 307).then(__nccwpck_require__.bind(__nccwpck_require__, 1307)),
        Promise.all(/* import() */[__nccwpck_require__.e(307), __nccwpck_require__.e(702)]).then(__nccwpck_require__.bind(__nccwpck_require__, 8702)),
    ]);
    tellPlan(console, planned);
    const changed = wouldChange(planned);
    runner.setOutput('outcome', 'planned');
    runner.setOutput('changed', String(changed));
    await runner.writeSummary(planSummaryOf(planned, runner.context));
    await comment(inputs.github, { plan: planned }, runner.context, world);
    if (planned.checks.some(({ status }) => status === 'bad'))
        process.exitCode = 1;
    else if (changed && inputs.detailedExitcode)
        process.exitCode = WOULD_CHANGE;
}
async function tellListOf(looking, world) {
    const { list } = await Promise.all(/* import() */[__nccwpck_require__.e(547), __nccwpck_require__.e(175), __nccwpck_require__.e(307), __nccwpck_require__.e(275), __nccwpck_require__.e(891), __nccwpck_require__.e(73)]).then(__nccwpck_require__.bind(__nccwpck_require__, 4073));
    const { service, targets, guessed } = await list(looking, world);
    const { targetRow, tellTargets, targetsSummary } = await __nccwpck_require__.e(/* import() */ 608).then(__nccwpck_require__.bind(__nccwpck_require__, 9608));
    const rows = targets.map(targetRow);
    tellTargets(console, rows, guessed);
    runner.setOutput('outcome', 'listed');
    runner.setOutput('targets', JSON.stringify(rows));
    await runner.writeSummary(targetsSummary(service, rows, guessed));
}
/** Log, outputs, job summary and annotations of a run that came to an end, good or bad. */
async function report(outcome) {
    const [{ tellOutcome }, { outputsOf }, { summaryOf }, { annotationsOf }] = await Promise.all([
        __nccwpck_require__.e(/* import() */ 790).then(__nccwpck_require__.bind(__nccwpck_require__, 4790)),
        __nccwpck_require__.e(/* import() */ 468).then(__nccwpck_require__.bind(__nccwpck_require__, 5468)),
        __nccwpck_require__.e(/* import() */ 360).then(__nccwpck_require__.bind(__nccwpck_require__, 2360)),
        __nccwpck_require__.e(/* import() */ 856).then(__nccwpck_require__.bind(__nccwpck_require__, 856)),
    ]);
    tellOutcome(console, outcome);
    for (const [name, value] of Object.entries(outputsOf(outcome)))
        runner.setOutput(name, value);
    for (const { kind, title, text } of annotationsOf(outcome))
        console[kind](text, title);
    await runner.writeSummary(summaryOf(outcome, runner.context));
    if (!GOOD.includes(outcome.kind))
        process.exitCode = 1;
}
/** A run that could not go on: the whole failure in the log, its gist as the one annotation. */
async function fail(thrown, untouched) {
    const [{ annotationOfFailure }, { failureSummaryOf }] = await Promise.all([
        __nccwpck_require__.e(/* import() */ 856).then(__nccwpck_require__.bind(__nccwpck_require__, 856)),
        __nccwpck_require__.e(/* import() */ 360).then(__nccwpck_require__.bind(__nccwpck_require__, 2360)),
    ]);
    // The table is for what AWS and the build said; our own words need none.
    const foreign = thrown.api !== undefined || thrown.code === 'BUILD_FAILED' || thrown.code === 'PUSH_FAILED';
    const failure = foreign ? (await __nccwpck_require__.e(/* import() */ 175).then(__nccwpck_require__.bind(__nccwpck_require__, 175))).diagnoseFailure(thrown) : thrown;
    process.exitCode = 1;
    const { title, text } = annotationOfFailure(failure);
    console.error(text, title);
    if (untouched)
        console.line('Nothing was changed in ECS: the service is as it was.');
    if (failure.mistakes.length > 0 || failure.remedy)
        console.line(failure.describe());
    if (failure.code === 'INTERNAL' && failure.cause instanceof Error)
        console.debug(failure.cause.stack ?? '');
    runner.setOutput('outcome', failure.code === 'CANCELLED' ? 'cancelled' : 'failed');
    await runner.writeSummary(failureSummaryOf(failure.describe()));
}
/** What main left behind: a deployment that nobody settled, the login's private folder, the builder, GitHub's record. */
async function post() {
    const intent = (0,_adapters_runner_js__WEBPACK_IMPORTED_MODULE_1__/* .readState */ .un)(env, _stories_intent_js__WEBPACK_IMPORTED_MODULE_5__/* .SETTLED_STATE */ .sf) === '' ? (0,_stories_intent_js__WEBPACK_IMPORTED_MODULE_5__/* .intentOf */ .oQ)((0,_adapters_runner_js__WEBPACK_IMPORTED_MODULE_1__/* .readState */ .un)(env, _stories_intent_js__WEBPACK_IMPORTED_MODULE_5__/* .INTENT_STATE */ .Ht)) : undefined;
    const { cleanUp } = await __nccwpck_require__.e(/* import() */ 139).then(__nccwpck_require__.bind(__nccwpck_require__, 2139));
    const cleaned = cleanUp(env, console);
    try {
        if (intent) {
            const inputs = read();
            const [{ createWorld }, { afterwards }, { endDeployment, recordOf }] = await Promise.all([
                Promise.all(/* import() */[__nccwpck_require__.e(212), __nccwpck_require__.e(15)]).then(__nccwpck_require__.bind(__nccwpck_require__, 3015)),
                Promise.all(/* import() */[__nccwpck_require__.e(175), __nccwpck_require__.e(275), __nccwpck_require__.e(473)]).then(__nccwpck_require__.bind(__nccwpck_require__, 7108)),
                Promise.all(/* import() */[__nccwpck_require__.e(307), __nccwpck_require__.e(702)]).then(__nccwpck_require__.bind(__nccwpck_require__, 8702)),
            ]);
            const world = createWorld(inputs, { runner, console, signal: new AbortController().signal, env });
            const outcome = await afterwards(intent, inputs, world);
            console.line(outcome.headline);
            const { summaryOf } = await __nccwpck_require__.e(/* import() */ 360).then(__nccwpck_require__.bind(__nccwpck_require__, 2360));
            await runner.writeSummary(summaryOf(outcome, runner.context));
            await endDeployment(recordOf((0,_adapters_runner_js__WEBPACK_IMPORTED_MODULE_1__/* .readState */ .un)(env, 'github-deployment')), outcome, runner.context, world);
        }
    }
    catch (thrown) {
        const { message, remedy } = (0,_failure_js__WEBPACK_IMPORTED_MODULE_2__/* .asFailure */ .h)(thrown);
        console.warning(`What became of the deployment could not be seen: ${message} ${remedy ?? ''}`.trimEnd());
    }
    finally {
        await cleaned;
    }
}

__webpack_async_result__();
} catch(e) { __webpack_async_result__(e); } }, 1);

/***/ }),

/***/ 6021:
/***/ ((__unused_webpack_module, __webpack_exports__, __nccwpck_require__) => {


// EXPORTS
__nccwpck_require__.d(__webpack_exports__, {
  V: () => (/* binding */ inputsOf),
  T: () => (/* binding */ parseInputs)
});

// EXTERNAL MODULE: ./src/failure.ts
var failure = __nccwpck_require__(1633);
// EXTERNAL MODULE: ./src/spelling.ts
var spelling = __nccwpck_require__(9229);
;// CONCATENATED MODULE: ./src/inputs/aws.ts

const REGION = {
    pattern: /^[a-z]{2,5}(-[a-z]+){1,3}-\d{1,2}$/,
    expected: 'a region such as `eu-central-1`',
};
/** Only to tell a slip of the pen; a region that is not here is taken as it is, for AWS opens new ones. */
const REGIONS = ('us-east-1 us-east-2 us-west-1 us-west-2 us-gov-east-1 us-gov-west-1 ca-central-1 ca-west-1 mx-central-1 sa-east-1 ' +
    'eu-central-1 eu-central-2 eu-west-1 eu-west-2 eu-west-3 eu-north-1 eu-south-1 eu-south-2 eusc-de-east-1 ' +
    'ap-east-1 ap-east-2 ap-northeast-1 ap-northeast-2 ap-northeast-3 ap-south-1 ap-south-2 ap-southeast-1 ap-southeast-2 ' +
    'ap-southeast-3 ap-southeast-4 ap-southeast-5 ap-southeast-6 ap-southeast-7 af-south-1 il-central-1 me-central-1 ' +
    'me-south-1 cn-north-1 cn-northwest-1').split(' ');
const ROLE = {
    pattern: /^arn:(aws[a-z-]*):iam::(\d{12}):role\/[\w+=,.@/-]{1,576}$/,
    expected: 'the ARN of a role, `arn:aws:iam::123456789012:role/name` (aws-cn in China, aws-us-gov in GovCloud)',
};
/** The region, the role and the accounts; `aws-region` wins over AWS_REGION, that over AWS_DEFAULT_REGION. */
function readAws(reader, { context, env }) {
    const region = readRegion(reader, env);
    const allowedAccountIds = reader.list('allowed-account-ids').filter((id) => reader.checkShape('allowed-account-ids', id, {
        pattern: /^\d{12}$/,
        expected: 'account ids of 12 digits, comma-separated (in quotes, or YAML drops leading zeros)',
    }));
    const role = readRole(reader, context);
    if (role)
        checkRole(reader, { role, region, allowedAccountIds });
    return { region, allowedAccountIds, ...(role ? { role } : {}) };
}
function readRegion(reader, env) {
    const given = reader.text('aws-region');
    const region = given ?? (env.AWS_REGION?.trim() || env.AWS_DEFAULT_REGION?.trim() || undefined);
    if (region === undefined) {
        reader.mistake('aws-region', 'is missing, and neither AWS_REGION nor AWS_DEFAULT_REGION is set.', 'Give the region of the service, such as `aws-region: eu-central-1`.');
        return '';
    }
    if (REGIONS.includes(region))
        return region;
    const source = given ? '' : ' (from the environment)';
    const zone = /^(.*-\d+)[a-z]$/.exec(region)?.[1];
    const meant = zone && REGIONS.includes(zone) ? zone : (0,spelling/* didYouMean */.a)(region.toLowerCase().replaceAll('_', '-'), REGIONS);
    if (!REGION.pattern.test(region)) {
        const what = zone ? 'is an availability zone, not a region.' : 'is not a region.';
        reader.mistake('aws-region', `\`${region}\`${source} ${what}`, meant ? `Did you mean \`${meant}\`?` : `Expected ${REGION.expected}.`);
    }
    else if (meant) {
        reader.notes.push(`aws-region: \`${region}\`${source} is not a region known to this release; did you mean \`${meant}\`?`);
    }
    return region;
}
function readRole(reader, context) {
    const sessionName = reader.shaped('role-session-name', {
        pattern: /^[\w+=,.@-]{2,64}$/,
        expected: '2 to 64 letters, digits or any of `+=,.@_-`',
    });
    const durationSeconds = reader.integer('role-duration-seconds', { min: 900, max: 43_200, unit: 'seconds' });
    const externalId = reader.text('role-external-id');
    const audience = reader.text('audience');
    if (!reader.raw('role-to-assume')) {
        for (const name of ['role-session-name', 'role-duration-seconds', 'role-external-id', 'audience']) {
            if (reader.raw(name))
                reader.mistake(name, 'is set, but `role-to-assume` is not.', 'Name the role, or drop it.');
        }
        return undefined;
    }
    const arn = reader.shaped('role-to-assume', ROLE);
    if (arn === undefined)
        return undefined;
    return {
        arn,
        sessionName: sessionName ?? defaultSessionName(context),
        durationSeconds: durationSeconds ?? 3600,
        audience: audience ?? 'sts.amazonaws.com',
        ...(externalId ? { externalId } : {}),
    };
}
/** What contradicts the role already on paper, before STS is asked. */
function checkRole(reader, { role, region, allowedAccountIds }) {
    const [, partition = '', account = ''] = ROLE.pattern.exec(role.arn) ?? [];
    if (allowedAccountIds.length > 0 && !allowedAccountIds.includes(account)) {
        reader.mistake('role-to-assume', `is a role of account ${account}, which \`allowed-account-ids\` does not allow.`, 'Name a role of an allowed account, or allow this one.');
    }
    const expected = partitionOf(region);
    if (region !== '' && expected !== undefined && partition !== expected) {
        reader.mistake('role-to-assume', `is a role of partition ${partition}, but region ${region} is in ${expected}.`, 'Role and region must be of one partition.');
    }
}
/** Undefined for regions of partitions that their name does not tell. */
function partitionOf(region) {
    if (region.startsWith('cn-'))
        return 'aws-cn';
    if (region.startsWith('us-gov-'))
        return 'aws-us-gov';
    return REGIONS.includes(region) && !region.startsWith('eusc-') ? 'aws' : undefined;
}
/** `owner-name-runid` in the alphabet of STS, at most 64 characters; the run id is never cut. */
function defaultSessionName({ repository, runId }) {
    const name = repository.replaceAll(/[^\w+=,.@-]/g, '-') || 'ecs-rollout';
    return `${name.slice(0, 63 - runId.length)}-${runId || 'run'}`.slice(0, 64);
}

;// CONCATENATED MODULE: ./src/image/defaults.ts
/** vMAJOR.MINOR.PATCH with optional prerelease and build, the v optional (semver.org's own grammar, shortened). */
const SEMVER = /^v?(\d+\.\d+\.\d+(?:-[0-9A-Za-z.-]+)?)(?:\+[0-9A-Za-z.-]+)?$/;
/**
 * Tags when the user names none: the commit, and on a push of a semver tag its version first.
 * `refs/tags/v1.2.3` gives `1.2.3`, as docker/metadata-action does; build metadata is dropped because `+` is no tag
 * character.
 */
function defaultTags(context) {
    const version = context.refType === 'tag' ? SEMVER.exec(context.refName)?.[1] : undefined;
    return [...(version ? [version] : []), context.sha].filter((tag) => tag !== '');
}
/**
 * OCI labels from the event, `key=value`. No creation time: it would change the image's digest on each run and so
 * start a deployment where nothing changed. https://github.com/opencontainers/image-spec/blob/main/annotations.md
 */
function eventLabels(context) {
    const repositoryUrl = context.repository ? `${context.serverUrl}/${context.repository}` : '';
    const labels = [
        ['org.opencontainers.image.source', repositoryUrl],
        ['org.opencontainers.image.revision', context.sha],
        ['org.opencontainers.image.version', context.refType === 'tag' ? context.refName : ''],
    ];
    return labels.filter(([, value]) => value !== '').map(([key, value]) => `${key}=${value}`);
}

;// CONCATENATED MODULE: ./src/inputs/known.ts
/**
 * The names of all inputs by section, exactly those of action.yml (a test compares them: a bundled action cannot
 * read its action.yml at run time).
 */
const SECTIONS = {
    mode: ['mode', 'detailed-exitcode'],
    aws: [
        'aws-region',
        'role-to-assume',
        'role-session-name',
        'role-duration-seconds',
        'role-external-id',
        'audience',
        'allowed-account-ids',
    ],
    image: ['image'],
    build: [
        'repository',
        'create-repository',
        'context',
        'file',
        'target',
        'platforms',
        'tags',
        'build-args',
        'build-contexts',
        'build-secrets',
        'build-secret-files',
        'build-secret-envs',
        'ssh',
        'cache-from',
        'cache-to',
        'labels',
        'annotations',
        'provenance',
        'sbom',
        'pull',
        'no-cache',
        'builder',
    ],
    template: [
        'task-definition',
        'task-definition-family',
        'task-definition-arn',
        'container-name',
        'images',
        'variables',
        'environment-variables',
        'secrets',
        'env-files',
        'docker-labels',
        'log-configuration-log-driver',
        'log-configuration-options',
        'command',
        'cpu',
        'memory',
        'task-role-arn',
        'execution-role-arn',
        'task-definition-tags',
    ],
    service: [
        'cluster',
        'service',
        'minimum-healthy-percent',
        'maximum-percent',
        'circuit-breaker',
        'circuit-breaker-threshold',
        'alarms',
        'health-check-grace-period-seconds',
        'desired-count',
        'force-new-deployment',
        'enable-execute-command',
        'enable-ecs-managed-tags',
        'propagate-tags',
        'platform-version',
    ],
    watch: [
        'preflight',
        'on-active-deployment',
        'wait-for-service-stability',
        'wait-for-minutes',
        'no-progress-minutes',
        'log-lines',
    ],
    recovery: ['rollback-on-failure', 'rollback-to', 'deregister-failed-revision', 'on-cancel'],
    github: [
        'github-token',
        'github-environment',
        'github-environment-url',
        'github-environment-transient',
        'github-environment-production',
        'comment',
    ],
};
const INPUT_NAMES = Object.values(SECTIONS).flat();
/**
 * Inputs that other actions of the chain have under another name, so that people who migrate are told ours.
 * Only names that mean something here; what has no counterpart is not listed.
 */
const ELSEWHERE = {
    'cluster-name': 'cluster',
    'service-name': 'service',
    dockerfile: 'file',
    'secret-files': 'build-secret-files',
    'secret-envs': 'build-secret-envs',
    region: 'aws-region',
    role: 'role-to-assume',
};

;// CONCATENATED MODULE: ./src/inputs/syntax.ts
/**
 * How the text of one input is split into values. Nothing here knows what an input is for. Problems never quote a
 * value, only line numbers and names: a value may be a secret.
 */
/** Non-empty lines, trimmed. */
function splitLines(text) {
    return text
        .split(/\r?\n/)
        .map((line) => line.trim())
        .filter((line) => line !== '');
}
/** `a, b` or one a line; a comma inside double quotes belongs to the value, and `""` inside them is a quote. */
function splitList(text) {
    const values = [];
    for (const line of splitLines(text)) {
        for (const [, quoted, plain] of line.matchAll(/\s*(?:"((?:[^"]|"")*)"|([^,"]*))\s*(?:,|$)/g)) {
            const value = quoted === undefined ? (plain ?? '').trim() : quoted.replaceAll('""', '"');
            if (value !== '')
                values.push(value);
        }
        if ((line.match(/"/g)?.length ?? 0) % 2 === 1)
            return { problem: 'has a double quote that is never closed.' };
    }
    return { values };
}
/**
 * Entries, in four forms that may be mixed (the last one stands alone):
 *
 *     NAME=value                 split at the first `=`; the value is taken as it is
 *     NAME<<EOF                  lines up to one that is exactly EOF (any word), as in GITHUB_ENV
 *     "NAME=first line           docker/build-push-action's form: up to the closing quote at a line's end,
 *     second line"               `""` is a quote
 *     {"NAME": "value"}          a JSON object
 *
 * Lines that start with # are comments.
 */
function splitEntries(text) {
    if (text.trimStart().startsWith('{'))
        return entriesOfJson(text);
    const lines = text.split(/\r?\n/);
    const values = [];
    for (let index = 0; index < lines.length; index++) {
        const number = index + 1;
        const line = (lines[index] ?? '').trim();
        if (line === '' || line.startsWith('#'))
            continue;
        let record = line;
        if (line.startsWith('"')) {
            const end = lines.findIndex((candidate, at) => at >= index && closesQuote(candidate, at === index));
            if (end < 0)
                return { problem: `line ${number} opens a double quote that is never closed at the end of a line.` };
            const quoted = lines
                .slice(index, end + 1)
                .join('\n')
                .trim();
            record = quoted.slice(1, -1).replaceAll('""', '"');
            index = end;
        }
        else {
            const heredoc = /^([^=]*?)<<(\S+)$/.exec(line);
            if (heredoc) {
                const [, name = '', delimiter = ''] = heredoc;
                const end = lines.findIndex((candidate, at) => at > index && candidate.trim() === delimiter);
                if (end < 0) {
                    return {
                        problem: `line ${number} begins a value that never ends.`,
                        remedy: `Close it with a line that is exactly \`${delimiter}\`.`,
                    };
                }
                values.push({ name, value: lines.slice(index + 1, end).join('\n') });
                index = end;
                continue;
            }
        }
        const equals = record.indexOf('=');
        values.push(equals < 0 ? { name: record } : { name: record.slice(0, equals), value: record.slice(equals + 1) });
    }
    return { values };
}
/** Whether a quoted record ends with this line: an odd run of quotes at its end (`""` is a quote inside). */
function closesQuote(line, first) {
    const text = first ? line.trim().slice(1) : line.trimEnd();
    const run = /"*$/.exec(text)?.[0].length ?? 0;
    return run % 2 === 1;
}
function entriesOfJson(text) {
    let parsed;
    try {
        parsed = JSON.parse(text);
    }
    catch {
        return {
            problem: 'begins with `{` but is no JSON object.',
            remedy: 'Write a JSON object, or one `NAME=value` a line.',
        };
    }
    const values = [];
    for (const [name, value] of Object.entries(parsed)) {
        if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean') {
            return { problem: `has something other than a string, number or boolean at \`${name}\`.` };
        }
        values.push({ name, value: String(value) });
    }
    return { values };
}
/** A command line as words, POSIX quoting without expansion; or a JSON array of strings. */
function splitWords(text) {
    const trimmed = text.trim();
    if (trimmed.startsWith('[')) {
        try {
            const parsed = JSON.parse(trimmed);
            if (Array.isArray(parsed) && parsed.every((word) => typeof word === 'string'))
                return { values: parsed };
        }
        catch {
            // told below
        }
        // `[ -f x ] && run` is a command that begins with a bracket; only what looks like JSON is held to it.
        if (/^\[\s*["\]]/.test(trimmed))
            return { problem: 'begins as a JSON array but is no array of strings.' };
    }
    const values = [];
    let word;
    let quote;
    for (let index = 0; index < trimmed.length; index++) {
        const character = trimmed.charAt(index);
        const next = trimmed.charAt(index + 1);
        if (quote === "'") {
            if (character === "'")
                quote = undefined;
            else
                word = (word ?? '') + character;
        }
        else if (character === '\\' && (quote === undefined ? next !== '' : /["\\$`]/.test(next))) {
            word = (word ?? '') + next;
            index++;
        }
        else if (quote === '"') {
            if (character === '"')
                quote = undefined;
            else
                word = (word ?? '') + character;
        }
        else if (character === '"' || character === "'") {
            quote = character;
            word ??= '';
        }
        else if (/\s/.test(character)) {
            if (word !== undefined)
                values.push(word);
            word = undefined;
        }
        else {
            word = (word ?? '') + character;
        }
    }
    if (quote)
        return { problem: `has a ${quote === '"' ? 'double' : 'single'} quote that is never closed.` };
    if (word !== undefined)
        values.push(word);
    return { values };
}

;// CONCATENATED MODULE: ./src/inputs/reader.ts


/**
 * Reads inputs by name and collects every mistake instead of stopping at the first. An empty or blank input is an
 * unset one, as the runner passes it. A reading method answers undefined (or an empty list) for what is unset *or*
 * wrong; `mistakes` tells which.
 */
class Reader {
    mistakes = [];
    notes = [];
    #raw;
    constructor(raw) {
        this.#raw = raw;
    }
    mistake(subject, problem, remedy) {
        this.mistakes.push({ subject, problem, ...(remedy === undefined ? {} : { remedy }) });
    }
    /** The text as given, or undefined when blank. */
    raw(name) {
        const text = this.#raw.get(name);
        return text === undefined || text.trim() === '' ? undefined : text;
    }
    text(name) {
        return this.raw(name)?.trim();
    }
    /** Whether the user asked for something with it; `false` asks for nothing. */
    isSet(name) {
        const text = this.text(name);
        return text !== undefined && text.toLowerCase() !== 'false';
    }
    /** One value of a shape, quoted when it is wrong: not for secrets. */
    shaped(name, shape) {
        const text = this.text(name);
        return text === undefined || !this.checkShape(name, text, shape) ? undefined : text;
    }
    checkShape(name, value, { pattern, expected }) {
        if (pattern.test(value))
            return true;
        this.mistake(name, `\`${shorten(value)}\` is not right.`, `Expected ${expected}.`);
        return false;
    }
    /** YAML 1.2's booleans, as the runner's own toolkit takes them. */
    boolean(name) {
        const text = this.text(name);
        if (text === undefined)
            return undefined;
        if (/^(true|True|TRUE)$/.test(text))
            return true;
        if (/^(false|False|FALSE)$/.test(text))
            return false;
        const meant = /^(yes|y|on|1|enabled?)$/i.test(text)
            ? 'true'
            : /^(no|n|off|0|disabled?)$/i.test(text)
                ? 'false'
                : undefined;
        this.mistake(name, `\`${shorten(text)}\` is not a boolean.`, meant ? `Write \`${meant}\`.` : 'Write `true` or `false`.');
        return undefined;
    }
    integer(name, { min, max, unit }) {
        const text = this.text(name);
        if (text === undefined)
            return undefined;
        const value = /^[+-]?\d+$/.test(text) ? Number(text) : Number.NaN;
        if (value >= min && value <= max)
            return value;
        const problem = Number.isNaN(value) ? 'is not a whole number.' : 'is out of range.';
        this.mistake(name, `\`${shorten(text)}\` ${problem}`, `Give ${unit}, from ${min} to ${max}.`);
        return undefined;
    }
    /** One of a few words, whatever their case. */
    choice(name, choices) {
        const text = this.text(name);
        if (text === undefined)
            return undefined;
        const found = choices.find((choice) => choice.toLowerCase() === text.toLowerCase());
        if (found)
            return found;
        const meant = (0,spelling/* didYouMean */.a)(text, choices);
        const all = choices.map((choice) => `\`${choice}\``).join(', ');
        this.mistake(name, `\`${shorten(text)}\` is none of ${all}.`, meant ? `Did you mean \`${meant}\`?` : `Write one of them.`);
        return undefined;
    }
    lines(name) {
        return splitLines(this.raw(name) ?? '');
    }
    list(name) {
        return this.#split(name, splitList);
    }
    words(name) {
        return this.raw(name) === undefined ? undefined : this.#split(name, splitWords);
    }
    /** `NAME=value` entries, with every name once. */
    pairs(name, names) {
        const pairs = [];
        const seen = new Set();
        for (const [index, entry] of this.#split(name, splitEntries).entries()) {
            const said = `entry ${index + 1}`;
            if (entry.value === undefined) {
                this.mistake(name, `${said} has no \`=\`.`, 'Write `NAME=value`; for a value of several lines `NAME<<EOF`, the lines, and `EOF`.');
            }
            else if (entry.name === '') {
                this.mistake(name, `${said} has no name before its \`=\`.`, 'Write `NAME=value`.');
            }
            else if (entry.name !== entry.name.trim()) {
                const bare = entry.name.trim();
                this.mistake(name, `the name \`${bare}\` has a space around it.`, `Write \`${bare}=value\`, without spaces at the \`=\`.`);
            }
            else if (names && !names.pattern.test(entry.name)) {
                this.mistake(name, `\`${shorten(entry.name)}\` (${said}) cannot be a name here.`, `Expected ${names.expected}.`);
            }
            else if (seen.has(entry.name)) {
                this.mistake(name, `\`${entry.name}\` is there twice.`, 'Keep one of them.');
            }
            else {
                seen.add(entry.name);
                pairs.push([entry.name, entry.value]);
            }
        }
        return pairs;
    }
    /** `NAME=value` entries as text for a command line; a bare `NAME` is allowed where `bare` says so. */
    settings(name, bare) {
        const settings = [];
        for (const [index, entry] of this.#split(name, splitEntries).entries()) {
            const misses = entry.name.trim() === '' || (entry.value === undefined && bare === 'value-needed');
            if (misses)
                this.mistake(name, `entry ${index + 1} is not \`name=value\`.`, 'Write one `name=value` a line.');
            else
                settings.push(entry.value === undefined ? entry.name : `${entry.name}=${entry.value}`);
        }
        return settings;
    }
    #split(name, split) {
        const result = split(this.raw(name) ?? '');
        if (result.problem === undefined)
            return result.values;
        this.mistake(name, result.problem, result.remedy);
        return [];
    }
}
/** A user's text in a message: one line of at most 80 characters. */
function shorten(text) {
    const line = text.replaceAll(/\s+/g, ' ');
    return line.length > 80 ? `${line.slice(0, 77)}...` : line;
}

;// CONCATENATED MODULE: ./src/inputs/image.ts




const NAME = '[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*';
const HOST = '(?:[A-Za-z0-9-]+(?:\\.[A-Za-z0-9-]+)*(?::\\d+)?/)?';
const TAG = '[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}';
/** Also the host alone is optional: an ECR name is a path below the caller's own registry. */
const REPOSITORY = {
    pattern: new RegExp(`^${HOST}${NAME}(?:/${NAME})*$`),
    expected: 'the name of an ECR repository such as `team/app` (lower case), or its URI `123456789012.dkr.ecr.REGION.amazonaws.com/team/app`',
};
const IMAGE = {
    pattern: new RegExp(`^${HOST}${NAME}(?:/${NAME})*(?::${TAG})?(?:@sha256:[0-9a-f]{64})?$`),
    expected: 'an image such as `host/name:tag` or `host/name@sha256:...` (64 hexadecimal digits)',
};
const SECRET_ID = { pattern: /^[^\s,"]+$/, expected: 'an id without spaces, commas and quotes' };
const PLATFORMS = ['linux/amd64', 'linux/arm64', 'windows/amd64'];
const SYNONYMS = { x86_64: 'amd64', 'x86-64': 'amd64', aarch64: 'arm64' };
/** Build, take or leave: exactly one of them, and a mistake for every input that belongs to another. */
function readImage(reader, context) {
    const asked = SECTIONS.build.filter((name) => reader.isSet(name));
    const reference = reader.shaped('image', IMAGE);
    const build = readBuild(reader, context);
    if (reader.raw('image')) {
        if (asked.length > 0) {
            reader.mistake('image', `is a ready-made image and skips the build, but the build is described too (${quoteAll(asked)}).`, 'Keep `image`, or the inputs of the build.');
        }
        return { kind: 'given', reference: reference ?? '' };
    }
    if (asked.length === 0)
        return { kind: 'template' };
    if (!reader.raw('repository')) {
        reader.mistake('repository', `is missing, but the build is described (${quoteAll(asked)}).`, 'Name the ECR repository to push to, such as `repository: team/app`.');
    }
    return { kind: 'build', build };
}
function readBuild(reader, context) {
    const tags = reader.list('tags').filter((tag) => isTag(reader, tag));
    const optional = (field, name) => {
        const text = reader.text(name);
        return text === undefined ? {} : { [field]: text };
    };
    return {
        repository: readRepository(reader),
        context: reader.text('context') ?? '.',
        platforms: [...new Set(reader.list('platforms').flatMap((platform) => readPlatform(reader, platform)))],
        tags: tags.length > 0 ? [...new Set(tags)] : defaultTags(context),
        buildArgs: reader.settings('build-args', 'bare-allowed'),
        buildContexts: reader.settings('build-contexts', 'value-needed'),
        secrets: reader.pairs('build-secrets', SECRET_ID),
        secretFiles: reader.pairs('build-secret-files', SECRET_ID),
        secretEnvs: reader.pairs('build-secret-envs', SECRET_ID),
        ssh: reader.lines('ssh'),
        cacheFrom: reader.lines('cache-from'),
        cacheTo: reader.lines('cache-to'),
        labels: [...eventLabels(context), ...reader.settings('labels', 'value-needed')],
        annotations: reader.settings('annotations', 'value-needed'),
        pull: reader.boolean('pull') ?? false,
        noCache: reader.boolean('no-cache') ?? false,
        createRepository: reader.boolean('create-repository') ?? false,
        ...optional('file', 'file'),
        ...optional('target', 'target'),
        ...optional('provenance', 'provenance'),
        ...optional('sbom', 'sbom'),
        ...optional('builder', 'builder'),
    };
}
function readRepository(reader) {
    const text = reader.text('repository');
    if (text === undefined)
        return '';
    const bare = text.replace(/^https?:\/\//, '').replace(/@sha256:.*$|(?<=\/[^/]*):[^/]*$|^([^/:]+):[^/]*$/, '$1');
    if (bare !== text && REPOSITORY.pattern.test(bare)) {
        const extra = text.startsWith('http') ? 'has a scheme.' : 'names a tag or digest too.';
        reader.mistake('repository', `\`${shorten(text)}\` ${extra}`, `Write \`${bare}\`; tags go into \`tags\`.`);
    }
    else {
        reader.checkShape('repository', text, REPOSITORY);
    }
    return text;
}
function isTag(reader, tag) {
    if (new RegExp(`^${TAG}$`).test(tag))
        return true;
    // docker/build-push-action takes whole references here.
    const last = new RegExp(`:(${TAG})$`).exec(tag)?.[1];
    if (last && tag.includes('/')) {
        reader.mistake('tags', `\`${shorten(tag)}\` names the repository too.`, `Write \`${last}\`; the repository is \`repository\`.`);
    }
    else {
        reader.mistake('tags', `\`${shorten(tag)}\` cannot be a tag.`, 'A tag has at most 128 letters, digits, `_`, `.` or `-`, and does not begin with `.` or `-`.');
    }
    return false;
}
/** `arm64` and `linux/aarch64` mean linux/arm64, as they do for Docker. */
function readPlatform(reader, text) {
    const parts = text.toLowerCase().split('/');
    const [os = '', architecture = '', ...variant] = parts.length === 1 ? ['linux', ...parts] : parts;
    const platform = [os, SYNONYMS[architecture] ?? architecture, ...variant].join('/');
    if (PLATFORMS.includes(platform) || /^linux\/(arm64\/v[89]|amd64\/v[1-4])$/.test(platform))
        return [platform];
    const meant = (0,spelling/* didYouMean */.a)(platform, PLATFORMS);
    if (!/^(linux|windows)\/(386|arm|amd64|arm64|ppc64le|s390x|riscv64|mips64le|loong64)(\/\w+)?$/.test(platform)) {
        reader.mistake('platforms', `\`${shorten(text)}\` is not a platform.`, meant ? `Did you mean \`${meant}\`?` : 'Write `linux/amd64`, `linux/arm64` or both.');
        return [];
    }
    reader.notes.push(`platforms: \`${platform}\` is built, but Amazon ECS runs linux/amd64, linux/arm64 and windows/amd64 only.`);
    return [platform];
}
function quoteAll(names) {
    return names.map((name) => `\`${name}\``).join(', ');
}

;// CONCATENATED MODULE: ./src/inputs/service.ts


const CLUSTER = {
    pattern: /^([A-Za-z0-9_-]{1,255}|arn:aws[a-z-]*:ecs:[a-z0-9-]+:\d{12}:cluster\/[A-Za-z0-9_-]{1,255})$/,
    expected: 'the name of a cluster (letters, digits, `_`, `-`), or its ARN `arn:aws:ecs:REGION:ACCOUNT:cluster/name`',
};
const SERVICE = {
    pattern: /^([A-Za-z0-9_-]{1,255}|arn:aws[a-z-]*:ecs:[a-z0-9-]+:\d{12}:service\/([A-Za-z0-9_-]{1,255}\/)?[A-Za-z0-9_-]{1,255})$/,
    expected: 'the name of a service (letters, digits, `_`, `-`), or its ARN `arn:aws:ecs:REGION:ACCOUNT:service/cluster/name`',
};
const PLATFORM_VERSION = { pattern: /^(LATEST|\d+\.\d+\.\d+)$/, expected: '`LATEST`, or a version such as `1.4.0`' };
/** The service and its settings; a setting that the user did not give is absent, and is left as it is. */
function readService(reader, region) {
    const percent = { unit: 'a percentage without the % sign' };
    const minimumHealthyPercent = reader.integer('minimum-healthy-percent', { min: 0, max: 100, ...percent });
    const maximumPercent = reader.integer('maximum-percent', { min: 100, max: 1000, ...percent });
    if (minimumHealthyPercent === 100 && maximumPercent === 100) {
        reader.mistake('maximum-percent', 'with `minimum-healthy-percent: 100` no task may stop and none may start in its place: the rollout could never move.', 'Raise `maximum-percent` (200 is usual), or lower `minimum-healthy-percent`.');
    }
    const circuitBreaker = readCircuitBreaker(reader);
    const alarms = readAlarms(reader);
    const grace = reader.integer('health-check-grace-period-seconds', { min: 0, max: 2_147_483_647, unit: 'seconds' });
    const desiredCount = reader.integer('desired-count', { min: 0, max: 100_000, unit: 'a number of tasks' });
    const enableExecuteCommand = reader.boolean('enable-execute-command');
    const enableEcsManagedTags = reader.boolean('enable-ecs-managed-tags');
    const propagateTags = reader.choice('propagate-tags', ['SERVICE', 'TASK_DEFINITION', 'NONE']);
    const platformVersion = reader.shaped('platform-version', PLATFORM_VERSION);
    return {
        ...readNames(reader, region),
        forceNewDeployment: reader.boolean('force-new-deployment') ?? false,
        ...(minimumHealthyPercent === undefined ? {} : { minimumHealthyPercent }),
        ...(maximumPercent === undefined ? {} : { maximumPercent }),
        ...(circuitBreaker === undefined ? {} : { circuitBreaker }),
        ...(alarms === undefined ? {} : { alarms }),
        ...(grace === undefined ? {} : { healthCheckGracePeriodSeconds: grace }),
        ...(desiredCount === undefined ? {} : { desiredCount }),
        ...(enableExecuteCommand === undefined ? {} : { enableExecuteCommand }),
        ...(enableEcsManagedTags === undefined ? {} : { enableEcsManagedTags }),
        ...(propagateTags === undefined ? {} : { propagateTags }),
        ...(platformVersion === undefined ? {} : { platformVersion }),
    };
}
/** A long service ARN carries its cluster; where `cluster` is given too, they must agree. */
function readNames(reader, region) {
    const cluster = reader.shaped('cluster', CLUSTER);
    const service = reader.shaped('service', SERVICE);
    if (!reader.raw('service')) {
        reader.mistake('service', 'is missing.', 'Name the ECS service to deploy to; it must exist already.');
    }
    for (const [name, arn] of [
        ['cluster', cluster],
        ['service', service],
    ]) {
        const itsRegion = arn?.startsWith('arn:') ? arn.split(':')[3] : undefined;
        if (itsRegion && region !== '' && itsRegion !== region) {
            reader.mistake(name, `is in region ${itsRegion}, but the step works in ${region}.`, 'Set `aws-region` to the same.');
        }
    }
    const [, inArn] = /:service\/([^/]+)\/[^/]+$/.exec(service ?? '') ?? [];
    const given = cluster?.split('/').at(-1);
    if (inArn && given && inArn !== given) {
        reader.mistake('cluster', `is \`${given}\`, but the service's ARN says \`${inArn}\`.`, 'Drop `cluster`, or correct one of them.');
    }
    return { cluster: cluster ?? inArn ?? 'default', service: service?.split('/').at(-1) ?? '' };
}
function readCircuitBreaker(reader) {
    // `on` and `off` are booleans to many YAML readers, and `true` is what people then write.
    const text = reader.text('circuit-breaker')?.toLowerCase();
    const kind = text === 'true' ? 'on' : text === 'false' ? 'off' : reader.choice('circuit-breaker', ['off', 'on', 'rollback']);
    const threshold = readThreshold(reader);
    if (threshold && (kind === undefined || kind === 'off')) {
        reader.mistake('circuit-breaker-threshold', 'has no circuit breaker to set.', 'Add `circuit-breaker: rollback` (or `on`).');
    }
    if (kind === undefined)
        return undefined;
    return { enable: kind !== 'off', rollback: kind === 'rollback', ...(threshold ? { threshold } : {}) };
}
/** `5`, `50%`, `50% unbounded`. */
function readThreshold(reader) {
    const text = reader.text('circuit-breaker-threshold');
    if (text === undefined)
        return undefined;
    const [, digits = '', percent, unbounded] = /^(\d+)(\s*%)?(\s+unbounded)?$/i.exec(text) ?? [];
    const value = Number(digits);
    if (digits !== '' && value >= 1 && (percent ? value <= 100 : !unbounded)) {
        return { type: percent ? (unbounded ? 'UNBOUNDED_PERCENT' : 'BOUNDED_PERCENT') : 'COUNT', value };
    }
    reader.mistake('circuit-breaker-threshold', `\`${shorten(text)}\` is not right.`, 'Write a count such as `5`, a percentage of the desired count such as `50%`, or `50% unbounded`.');
    return undefined;
}
function readAlarms(reader) {
    if (!reader.raw('alarms'))
        return undefined;
    const alarms = reader.list('alarms');
    if (!alarms.includes('none'))
        return alarms;
    if (alarms.length > 1) {
        reader.mistake('alarms', `has \`none\` beside ${quoteAll(alarms.filter((name) => name !== 'none'))}.`, 'Keep one or the other.');
    }
    return [];
}

;// CONCATENATED MODULE: ./src/inputs/template.ts

const FAMILY = { pattern: /^[A-Za-z0-9_-]{1,255}$/, expected: 'up to 255 letters, digits, `_` or `-`' };
const FAMILY_OR_ARN = {
    pattern: /^([A-Za-z0-9_-]{1,255}:\d+|arn:aws[a-z-]*:ecs:[a-z0-9-]+:\d{12}:task-definition\/[A-Za-z0-9_-]{1,255}:\d+)$/,
    expected: 'an ARN, `arn:aws:ecs:REGION:ACCOUNT:task-definition/family:revision`, or `family:revision`',
};
const template_ROLE = {
    pattern: /^(arn:aws[a-z-]*:iam::\d{12}:role\/)?[\w+=,.@/-]{1,576}$/,
    expected: 'the ARN of a role, `arn:aws:iam::123456789012:role/name`, or its name',
};
const ENV_FILE = {
    pattern: /^arn:aws[a-z-]*:s3:::[a-z0-9][a-z0-9.-]{1,62}\/.+\.env$/,
    expected: 'the ARN of a file in S3 whose name ends in .env, `arn:aws:s3:::bucket/path/name.env`',
};
const PLACEHOLDER = {
    pattern: /^[A-Za-z_][A-Za-z0-9_]*$/,
    expected: 'letters, digits and `_`, not beginning with a digit',
};
const SECRET = /^(arn:aws[a-z-]*:(secretsmanager|ssm):[a-z0-9-]+:\d{12}:.+|[A-Za-z0-9_./-]{1,2048})$/;
const CPU = {
    pattern: /^\d+$|^\d*\.?\d+\s*vcpus?$/i,
    expected: 'CPU units such as `256`, or vCPU such as `0.25 vCPU`',
};
const MEMORY = { pattern: /^\d+$|^\d*\.?\d+\s*gb$/i, expected: 'MiB such as `512`, or GB such as `0.5 GB`' };
/** The drivers of LogConfiguration in the ECS API reference. */
const DRIVERS = ['awslogs', 'awsfirelens', 'splunk', 'fluentd', 'gelf', 'json-file', 'journald', 'syslog'];
const SOURCES = ['task-definition', 'task-definition-family', 'task-definition-arn'];
/** What the revision is made from, and the edits of it. */
function readTemplate(reader) {
    const containerName = reader.shaped('container-name', FAMILY);
    return {
        source: readSource(reader),
        images: reader.pairs('images', FAMILY),
        variables: reader.pairs('variables', PLACEHOLDER),
        edits: readEdits(reader),
        tags: readTags(reader),
        ...(containerName === undefined ? {} : { containerName }),
        ...optional(reader, 'cpu', 'cpu', CPU),
        ...optional(reader, 'memory', 'memory', MEMORY),
        ...optional(reader, 'taskRoleArn', 'task-role-arn', template_ROLE),
        ...optional(reader, 'executionRoleArn', 'execution-role-arn', template_ROLE),
    };
}
function readSource(reader) {
    const set = SOURCES.filter((name) => reader.raw(name));
    const [first] = set;
    if (set.length > 1) {
        reader.mistake(first ?? 'task-definition', `is one of several starting points (${quoteAll(set)}).`, 'Keep one of them.');
    }
    const path = reader.text('task-definition');
    const family = reader.shaped('task-definition-family', FAMILY);
    const arn = reader.shaped('task-definition-arn', FAMILY_OR_ARN);
    if (path?.startsWith('arn:')) {
        reader.mistake('task-definition', 'is an ARN, but takes the path of a file.', 'Give the ARN as `task-definition-arn`.');
    }
    if (path)
        return { kind: 'file', path };
    if (family)
        return { kind: 'family', family };
    if (arn)
        return { kind: 'arn', arn };
    return { kind: 'service' };
}
function readEdits(reader) {
    const envFiles = reader.lines('env-files').filter((arn) => reader.checkShape('env-files', arn, ENV_FILE));
    if (envFiles.length > 10) {
        reader.mistake('env-files', `lists ${envFiles.length} files.`, 'A container takes at most 10.');
    }
    const command = reader.words('command');
    const logDriver = reader.choice('log-configuration-log-driver', DRIVERS);
    return {
        environmentVariables: reader.pairs('environment-variables'),
        secrets: readSecrets(reader),
        envFiles,
        dockerLabels: reader.pairs('docker-labels'),
        logOptions: reader.pairs('log-configuration-options'),
        ...(logDriver === undefined ? {} : { logDriver }),
        ...(command === undefined ? {} : { command }),
    };
}
/** Never quotes the value: a secret pasted here by mistake must not reach the log. */
function readSecrets(reader) {
    const pairs = reader.pairs('secrets');
    for (const [name, value] of pairs) {
        if (SECRET.test(value.trim()) || value.includes('${'))
            continue;
        reader.mistake('secrets', `the value of \`${name}\` is neither an ARN of Secrets Manager or SSM nor the name of a parameter.`, 'ECS reads the secret itself, so give where it is, not what it is; secrets of the image build go into `build-secrets`.');
    }
    return pairs.map(([name, value]) => [name, value.trim()]);
}
function readTags(reader) {
    const tags = reader.pairs('task-definition-tags');
    if (tags.length > 50)
        reader.mistake('task-definition-tags', `lists ${tags.length} tags.`, 'A revision takes at most 50.');
    for (const [key, value] of tags) {
        if (key.length > 128 || value.length > 256) {
            reader.mistake('task-definition-tags', `the tag \`${key.slice(0, 40)}\` is too long.`, 'A key has at most 128 characters, a value 256.');
        }
        else if (/^aws:/i.test(key)) {
            reader.mistake('task-definition-tags', `\`${key}\` begins with \`aws:\`, which AWS keeps for itself.`, 'Name it otherwise.');
        }
    }
    return tags;
}
/** `{}` or the one field: with exactOptionalPropertyTypes an unset field must be absent. */
function optional(reader, field, name, shape) {
    const text = reader.shaped(name, shape);
    return (text === undefined ? {} : { [field]: text });
}

;// CONCATENATED MODULE: ./src/inputs/watch.ts
/** How long to watch, and what to show. */
function readWatch(reader) {
    const wait = reader.integer('wait-for-minutes', { min: 1, max: 360, unit: 'minutes' }) ?? 30;
    const noProgress = reader.integer('no-progress-minutes', { min: 1, max: 360, unit: 'minutes' }) ?? 10;
    return {
        wait: reader.boolean('wait-for-service-stability') ?? true,
        timeoutSeconds: wait * 60,
        noProgressSeconds: noProgress * 60,
        logLines: reader.integer('log-lines', { min: 0, max: 500, unit: 'a number of lines' }) ?? 30,
    };
}
/** What happens when the deployment goes wrong, or another one is in the way. */
function readRecovery(reader) {
    return {
        rollbackOnFailure: reader.boolean('rollback-on-failure') ?? true,
        deregisterFailedRevision: reader.boolean('deregister-failed-revision') ?? false,
        onCancel: reader.choice('on-cancel', ['leave', 'rollback']) ?? 'leave',
        onActiveDeployment: reader.choice('on-active-deployment', ['warn', 'wait', 'fail']) ?? 'warn',
    };
}
/** A GitHub deployment is asked for by naming its environment. */
function readGithub(reader) {
    const token = reader.text('github-token');
    const environment = reader.text('github-environment');
    const url = reader.shaped('github-environment-url', {
        pattern: /^https?:\/\/\S+$/,
        expected: 'a URL that begins with https:// (or http://)',
    });
    const transient = reader.boolean('github-environment-transient');
    const production = reader.boolean('github-environment-production');
    const comment = reader.boolean('comment') ?? false;
    if (environment === undefined) {
        for (const name of [
            'github-environment-url',
            'github-environment-transient',
            'github-environment-production',
        ]) {
            if (reader.isSet(name)) {
                reader.mistake(name, 'is set, but `github-environment` is not.', 'Name the environment, or drop it.');
            }
        }
    }
    return {
        comment,
        ...(token === undefined ? {} : { token }),
        ...(environment === undefined
            ? {}
            : {
                deployment: {
                    environment,
                    transient: transient ?? false,
                    // The default of GitHub's own API.
                    production: production ?? environment === 'production',
                    ...(url === undefined ? {} : { url }),
                },
            }),
    };
}

;// CONCATENATED MODULE: ./src/inputs/parse.ts









/**
 * Every input of the step, parsed and checked at once.
 *
 * @param raw text by input name (`aws-region`), as `inputsOf` takes it from the environment
 * @throws Failure INVALID_INPUT with every mistake; no value of a secret is ever in one
 */
function parseInputs(raw, facts) {
    const reader = new Reader(raw);
    const unknown = checkNames(reader, raw);
    const mode = reader.choice('mode', ['deploy', 'plan', 'rollback', 'list']) ?? 'deploy';
    const aws = readAws(reader, facts);
    const common = {
        aws,
        service: readService(reader, aws.region),
        watch: readWatch(reader),
        recovery: readRecovery(reader),
        github: readGithub(reader),
        preflight: reader.boolean('preflight') ?? true,
    };
    const inputs = (() => {
        switch (mode) {
            case 'deploy':
            case 'plan':
                if (reader.raw('rollback-to')) {
                    reader.mistake('rollback-to', `is for \`mode: rollback\`, but the mode is \`${mode}\`.`, 'Set the mode, or drop it.');
                }
                return {
                    mode,
                    ...common,
                    image: readImage(reader, facts.context),
                    template: readTemplate(reader),
                    detailedExitcode: reader.boolean('detailed-exitcode') ?? false,
                };
            case 'rollback': {
                noteUnused(reader, mode);
                const target = reader.text('rollback-to');
                if (!target && reader.raw('image')) {
                    reader.mistake('image', 'does not say where to roll back to.', 'Give the tag or digest as `rollback-to`; without it, the last successful deployment is restored.');
                }
                return { mode, ...common, ...(target ? { target } : {}) };
            }
            case 'list':
                noteUnused(reader, mode);
                return { mode, ...common };
        }
    })();
    const mistakes = [...unknown, ...reader.mistakes];
    if (mistakes.length === 0)
        return { inputs, notes: reader.notes };
    const count = mistakes.length === 1 ? 'one mistake' : `${mistakes.length} mistakes`;
    throw new failure/* Failure */.H('INVALID_INPUT', `The step's inputs have ${count}; nothing was changed.`, {
        mistakes,
        remedy: 'Correct the `with:` block of the step.',
    });
}
/**
 * The runner only warns of an unknown input, and a misspelt `clutser` would deploy to the wrong place: what is
 * close to an input of ours is a mistake. Anything else may be an INPUT_* variable of the job, and is only noted.
 */
function checkNames(reader, raw) {
    const mistakes = [];
    for (const name of raw.keys()) {
        if (INPUT_NAMES.includes(name))
            continue;
        const meant = Object.hasOwn(ELSEWHERE, name) ? ELSEWHERE[name] : (0,spelling/* didYouMean */.a)(name, INPUT_NAMES);
        if (meant)
            mistakes.push({ subject: name, problem: 'is no input of this action.', remedy: `Did you mean \`${meant}\`?` });
        else
            reader.notes.push(`\`${name}\` is no input of this action and is ignored.`);
    }
    return mistakes;
}
/**
 * One step often serves deploy and rollback, its mode chosen by the dispatcher: a rollback at night must not stop at
 * inputs that it merely does not need.
 */
function noteUnused(reader, mode) {
    const names = [...SECTIONS.image, ...SECTIONS.build, ...SECTIONS.template];
    const unused = names.filter((name) => reader.isSet(name));
    if (unused.length > 0)
        reader.notes.push(`mode ${mode} builds and renders nothing: ${quoteAll(unused)} not used.`);
}
/** The inputs in a runner's environment: INPUT_AWS-REGION is `aws-region` (spaces became underscores). */
function inputsOf(environment) {
    const inputs = new Map();
    for (const [variable, value] of Object.entries(environment)) {
        const name = /^INPUT_(.+)$/i.exec(variable)?.[1];
        if (name !== undefined && value !== undefined)
            inputs.set(name.toLowerCase(), value);
    }
    return inputs;
}


/***/ }),

/***/ 9229:
/***/ ((__unused_webpack_module, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   a: () => (/* binding */ didYouMean)
/* harmony export */ });
/* unused harmony export editDistance */
/**
 * The candidate that the user most likely meant, or undefined when none is near.
 * Near is at most a third of the word's letters wrong (at least one, at most three), or a candidate that only differs
 * in case, hyphens, underscores or spaces.
 */
function didYouMean(word, candidates) {
    const plain = bare(word);
    if (plain === '')
        return undefined;
    const limit = Math.min(3, Math.max(1, Math.floor(plain.length / 3)));
    let best;
    let bestDistance = limit + 1;
    for (const candidate of candidates) {
        const distance = editDistance(plain, bare(candidate));
        if (distance < bestDistance) {
            best = candidate;
            bestDistance = distance;
        }
    }
    return best;
}
const bare = (text) => text.toLowerCase().replace(/[-_\s]/g, '');
/** Damerau-Levenshtein distance (optimal string alignment): insert, delete, replace, swap of neighbours. */
function editDistance(a, b) {
    let twoAgo = [];
    let last = Array.from({ length: b.length + 1 }, (_, j) => j);
    for (let i = 1; i <= a.length; i++) {
        const row = [i];
        for (let j = 1; j <= b.length; j++) {
            const same = a[i - 1] === b[j - 1];
            let cost = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + (same ? 0 : 1));
            if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
                cost = Math.min(cost, (twoAgo[j - 2] ?? 0) + 1);
            row.push(cost);
        }
        twoAgo = last;
        last = row;
    }
    return last[b.length] ?? 0;
}


/***/ }),

/***/ 4063:
/***/ ((__unused_webpack_module, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   Ht: () => (/* binding */ INTENT_STATE),
/* harmony export */   oQ: () => (/* binding */ intentOf),
/* harmony export */   sf: () => (/* binding */ SETTLED_STATE),
/* harmony export */   xe: () => (/* binding */ declare)
/* harmony export */ });
const INTENT_STATE = 'rollout';
/** How main ended, once the service needs no more looking after. */
const SETTLED_STATE = 'settled';
/** Written again when more is known; the runner keeps the last. */
const declare = (intent, { runner, clock }) => runner.saveState(INTENT_STATE, JSON.stringify({ ...intent, at: clock.now() }));
/** Undefined when main had not come so far. */
const intentOf = (state) => (state === '' ? undefined : JSON.parse(state));


/***/ }),

/***/ 1386:
/***/ ((__unused_webpack_module, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   O: () => (/* binding */ look)
/* harmony export */ });
/* harmony import */ var _failure_js__WEBPACK_IMPORTED_MODULE_0__ = __nccwpck_require__(1633);

/**
 * The service as it is: the first thing that every story wants to know. A file of its own, so that the request is on its way
 * before the rest of the story is loaded.
 */
async function look({ service }, { ecs }) {
    const [found] = await ecs.describeServices(service.cluster, [service.service]);
    if (!found)
        throw new _failure_js__WEBPACK_IMPORTED_MODULE_0__/* .Failure */ .H('NOT_FOUND', `There is no service ${service.service}.`);
    return found;
}


/***/ }),

/***/ 2613:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("assert");

/***/ }),

/***/ 181:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("buffer");

/***/ }),

/***/ 5317:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("child_process");

/***/ }),

/***/ 4434:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("events");

/***/ }),

/***/ 9896:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("fs");

/***/ }),

/***/ 8611:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("http");

/***/ }),

/***/ 5692:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("https");

/***/ }),

/***/ 9278:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("net");

/***/ }),

/***/ 4589:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:assert");

/***/ }),

/***/ 6698:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:async_hooks");

/***/ }),

/***/ 4573:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:buffer");

/***/ }),

/***/ 1421:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:child_process");

/***/ }),

/***/ 7540:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:console");

/***/ }),

/***/ 7598:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:crypto");

/***/ }),

/***/ 3053:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:diagnostics_channel");

/***/ }),

/***/ 610:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:dns");

/***/ }),

/***/ 8474:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:events");

/***/ }),

/***/ 3024:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:fs");

/***/ }),

/***/ 1455:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:fs/promises");

/***/ }),

/***/ 7067:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:http");

/***/ }),

/***/ 2467:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:http2");

/***/ }),

/***/ 4708:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:https");

/***/ }),

/***/ 7030:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:net");

/***/ }),

/***/ 8161:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:os");

/***/ }),

/***/ 6760:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:path");

/***/ }),

/***/ 643:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:perf_hooks");

/***/ }),

/***/ 1708:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:process");

/***/ }),

/***/ 1792:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:querystring");

/***/ }),

/***/ 481:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:readline");

/***/ }),

/***/ 7075:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:stream");

/***/ }),

/***/ 8500:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:timers/promises");

/***/ }),

/***/ 1692:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:tls");

/***/ }),

/***/ 3136:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:url");

/***/ }),

/***/ 7975:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:util");

/***/ }),

/***/ 3429:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:util/types");

/***/ }),

/***/ 5919:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:worker_threads");

/***/ }),

/***/ 8522:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:zlib");

/***/ }),

/***/ 857:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("os");

/***/ }),

/***/ 6928:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("path");

/***/ }),

/***/ 932:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("process");

/***/ }),

/***/ 3193:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("string_decoder");

/***/ }),

/***/ 3557:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("timers");

/***/ }),

/***/ 4756:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("tls");

/***/ }),

/***/ 9023:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("util");

/***/ }),

/***/ 9635:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   L: () => (/* binding */ issueCommand)
/* harmony export */ });
/* unused harmony export issue */
/* harmony import */ var os__WEBPACK_IMPORTED_MODULE_0__ = __nccwpck_require__(857);
/* harmony import */ var _utils_js__WEBPACK_IMPORTED_MODULE_1__ = __nccwpck_require__(4679);


/**
 * Issues a command to the GitHub Actions runner
 *
 * @param command - The command name to issue
 * @param properties - Additional properties for the command (key-value pairs)
 * @param message - The message to include with the command
 * @remarks
 * This function outputs a specially formatted string to stdout that the Actions
 * runner interprets as a command. These commands can control workflow behavior,
 * set outputs, create annotations, mask values, and more.
 *
 * Command Format:
 *   ::name key=value,key=value::message
 *
 * @example
 * ```typescript
 * // Issue a warning annotation
 * issueCommand('warning', {}, 'This is a warning message');
 * // Output: ::warning::This is a warning message
 *
 * // Set an environment variable
 * issueCommand('set-env', { name: 'MY_VAR' }, 'some value');
 * // Output: ::set-env name=MY_VAR::some value
 *
 * // Add a secret mask
 * issueCommand('add-mask', {}, 'secretValue123');
 * // Output: ::add-mask::secretValue123
 * ```
 *
 * @internal
 * This is an internal utility function that powers the public API functions
 * such as setSecret, warning, error, and exportVariable.
 */
function issueCommand(command, properties, message) {
    const cmd = new Command(command, properties, message);
    process.stdout.write(cmd.toString() + os__WEBPACK_IMPORTED_MODULE_0__.EOL);
}
function issue(name, message = '') {
    issueCommand(name, {}, message);
}
const CMD_STRING = '::';
class Command {
    constructor(command, properties, message) {
        if (!command) {
            command = 'missing.command';
        }
        this.command = command;
        this.properties = properties;
        this.message = message;
    }
    toString() {
        let cmdStr = CMD_STRING + this.command;
        if (this.properties && Object.keys(this.properties).length > 0) {
            cmdStr += ' ';
            let first = true;
            for (const key in this.properties) {
                if (this.properties.hasOwnProperty(key)) {
                    const val = this.properties[key];
                    if (val) {
                        if (first) {
                            first = false;
                        }
                        else {
                            cmdStr += ',';
                        }
                        cmdStr += `${key}=${escapeProperty(val)}`;
                    }
                }
            }
        }
        cmdStr += `${CMD_STRING}${escapeData(this.message)}`;
        return cmdStr;
    }
}
function escapeData(s) {
    return (0,_utils_js__WEBPACK_IMPORTED_MODULE_1__/* .toCommandValue */ .E)(s)
        .replace(/%/g, '%25')
        .replace(/\r/g, '%0D')
        .replace(/\n/g, '%0A');
}
function escapeProperty(s) {
    return (0,_utils_js__WEBPACK_IMPORTED_MODULE_1__/* .toCommandValue */ .E)(s)
        .replace(/%/g, '%25')
        .replace(/\r/g, '%0D')
        .replace(/\n/g, '%0A')
        .replace(/:/g, '%3A')
        .replace(/,/g, '%2C');
}
//# sourceMappingURL=command.js.map

/***/ }),

/***/ 7063:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __nccwpck_require__) => {


// EXPORTS
__nccwpck_require__.d(__webpack_exports__, {
  n: () => (/* binding */ issueFileCommand),
  v: () => (/* binding */ prepareKeyValueMessage)
});

;// CONCATENATED MODULE: external "crypto"
const external_crypto_namespaceObject = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("crypto");
// EXTERNAL MODULE: external "fs"
var external_fs_ = __nccwpck_require__(9896);
// EXTERNAL MODULE: external "os"
var external_os_ = __nccwpck_require__(857);
// EXTERNAL MODULE: ./node_modules/@actions/core/lib/utils.js
var utils = __nccwpck_require__(4679);
;// CONCATENATED MODULE: ./node_modules/@actions/core/lib/file-command.js
// For internal use, subject to change.
// We use any as a valid input type
/* eslint-disable @typescript-eslint/no-explicit-any */




function issueFileCommand(command, message) {
    const filePath = process.env[`GITHUB_${command}`];
    if (!filePath) {
        throw new Error(`Unable to find environment variable for file command ${command}`);
    }
    if (!external_fs_.existsSync(filePath)) {
        throw new Error(`Missing file at path: ${filePath}`);
    }
    external_fs_.appendFileSync(filePath, `${(0,utils/* toCommandValue */.E)(message)}${external_os_.EOL}`, {
        encoding: 'utf8'
    });
}
function prepareKeyValueMessage(key, value) {
    const delimiter = `ghadelimiter_${external_crypto_namespaceObject.randomUUID()}`;
    const convertedValue = (0,utils/* toCommandValue */.E)(value);
    // These should realistically never happen, but just in case someone finds a
    // way to exploit uuid generation let's not allow keys or values that contain
    // the delimiter.
    if (key.includes(delimiter)) {
        throw new Error(`Unexpected input: name should not contain the delimiter "${delimiter}"`);
    }
    if (convertedValue.includes(delimiter)) {
        throw new Error(`Unexpected input: value should not contain the delimiter "${delimiter}"`);
    }
    return `${key}<<${delimiter}${external_os_.EOL}${convertedValue}${external_os_.EOL}${delimiter}`;
}
//# sourceMappingURL=file-command.js.map

/***/ }),

/***/ 1170:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   z: () => (/* binding */ summary)
/* harmony export */ });
/* unused harmony exports SUMMARY_ENV_VAR, SUMMARY_DOCS_URL, markdownSummary */
/* harmony import */ var os__WEBPACK_IMPORTED_MODULE_0__ = __nccwpck_require__(857);
/* harmony import */ var fs__WEBPACK_IMPORTED_MODULE_1__ = __nccwpck_require__(9896);
var __awaiter = (undefined && undefined.__awaiter) || function (thisArg, _arguments, P, generator) {
    function adopt(value) { return value instanceof P ? value : new P(function (resolve) { resolve(value); }); }
    return new (P || (P = Promise))(function (resolve, reject) {
        function fulfilled(value) { try { step(generator.next(value)); } catch (e) { reject(e); } }
        function rejected(value) { try { step(generator["throw"](value)); } catch (e) { reject(e); } }
        function step(result) { result.done ? resolve(result.value) : adopt(result.value).then(fulfilled, rejected); }
        step((generator = generator.apply(thisArg, _arguments || [])).next());
    });
};


const { access, appendFile, writeFile } = fs__WEBPACK_IMPORTED_MODULE_1__.promises;
const SUMMARY_ENV_VAR = 'GITHUB_STEP_SUMMARY';
const SUMMARY_DOCS_URL = 'https://docs.github.com/actions/using-workflows/workflow-commands-for-github-actions#adding-a-job-summary';
class Summary {
    constructor() {
        this._buffer = '';
    }
    /**
     * Finds the summary file path from the environment, rejects if env var is not found or file does not exist
     * Also checks r/w permissions.
     *
     * @returns step summary file path
     */
    filePath() {
        return __awaiter(this, void 0, void 0, function* () {
            if (this._filePath) {
                return this._filePath;
            }
            const pathFromEnv = process.env[SUMMARY_ENV_VAR];
            if (!pathFromEnv) {
                throw new Error(`Unable to find environment variable for $${SUMMARY_ENV_VAR}. Check if your runtime environment supports job summaries.`);
            }
            try {
                yield access(pathFromEnv, fs__WEBPACK_IMPORTED_MODULE_1__.constants.R_OK | fs__WEBPACK_IMPORTED_MODULE_1__.constants.W_OK);
            }
            catch (_a) {
                throw new Error(`Unable to access summary file: '${pathFromEnv}'. Check if the file has correct read/write permissions.`);
            }
            this._filePath = pathFromEnv;
            return this._filePath;
        });
    }
    /**
     * Wraps content in an HTML tag, adding any HTML attributes
     *
     * @param {string} tag HTML tag to wrap
     * @param {string | null} content content within the tag
     * @param {[attribute: string]: string} attrs key-value list of HTML attributes to add
     *
     * @returns {string} content wrapped in HTML element
     */
    wrap(tag, content, attrs = {}) {
        const htmlAttrs = Object.entries(attrs)
            .map(([key, value]) => ` ${key}="${value}"`)
            .join('');
        if (!content) {
            return `<${tag}${htmlAttrs}>`;
        }
        return `<${tag}${htmlAttrs}>${content}</${tag}>`;
    }
    /**
     * Writes text in the buffer to the summary buffer file and empties buffer. Will append by default.
     *
     * @param {SummaryWriteOptions} [options] (optional) options for write operation
     *
     * @returns {Promise<Summary>} summary instance
     */
    write(options) {
        return __awaiter(this, void 0, void 0, function* () {
            const overwrite = !!(options === null || options === void 0 ? void 0 : options.overwrite);
            const filePath = yield this.filePath();
            const writeFunc = overwrite ? writeFile : appendFile;
            yield writeFunc(filePath, this._buffer, { encoding: 'utf8' });
            return this.emptyBuffer();
        });
    }
    /**
     * Clears the summary buffer and wipes the summary file
     *
     * @returns {Summary} summary instance
     */
    clear() {
        return __awaiter(this, void 0, void 0, function* () {
            return this.emptyBuffer().write({ overwrite: true });
        });
    }
    /**
     * Returns the current summary buffer as a string
     *
     * @returns {string} string of summary buffer
     */
    stringify() {
        return this._buffer;
    }
    /**
     * If the summary buffer is empty
     *
     * @returns {boolen} true if the buffer is empty
     */
    isEmptyBuffer() {
        return this._buffer.length === 0;
    }
    /**
     * Resets the summary buffer without writing to summary file
     *
     * @returns {Summary} summary instance
     */
    emptyBuffer() {
        this._buffer = '';
        return this;
    }
    /**
     * Adds raw text to the summary buffer
     *
     * @param {string} text content to add
     * @param {boolean} [addEOL=false] (optional) append an EOL to the raw text (default: false)
     *
     * @returns {Summary} summary instance
     */
    addRaw(text, addEOL = false) {
        this._buffer += text;
        return addEOL ? this.addEOL() : this;
    }
    /**
     * Adds the operating system-specific end-of-line marker to the buffer
     *
     * @returns {Summary} summary instance
     */
    addEOL() {
        return this.addRaw(os__WEBPACK_IMPORTED_MODULE_0__.EOL);
    }
    /**
     * Adds an HTML codeblock to the summary buffer
     *
     * @param {string} code content to render within fenced code block
     * @param {string} lang (optional) language to syntax highlight code
     *
     * @returns {Summary} summary instance
     */
    addCodeBlock(code, lang) {
        const attrs = Object.assign({}, (lang && { lang }));
        const element = this.wrap('pre', this.wrap('code', code), attrs);
        return this.addRaw(element).addEOL();
    }
    /**
     * Adds an HTML list to the summary buffer
     *
     * @param {string[]} items list of items to render
     * @param {boolean} [ordered=false] (optional) if the rendered list should be ordered or not (default: false)
     *
     * @returns {Summary} summary instance
     */
    addList(items, ordered = false) {
        const tag = ordered ? 'ol' : 'ul';
        const listItems = items.map(item => this.wrap('li', item)).join('');
        const element = this.wrap(tag, listItems);
        return this.addRaw(element).addEOL();
    }
    /**
     * Adds an HTML table to the summary buffer
     *
     * @param {SummaryTableCell[]} rows table rows
     *
     * @returns {Summary} summary instance
     */
    addTable(rows) {
        const tableBody = rows
            .map(row => {
            const cells = row
                .map(cell => {
                if (typeof cell === 'string') {
                    return this.wrap('td', cell);
                }
                const { header, data, colspan, rowspan } = cell;
                const tag = header ? 'th' : 'td';
                const attrs = Object.assign(Object.assign({}, (colspan && { colspan })), (rowspan && { rowspan }));
                return this.wrap(tag, data, attrs);
            })
                .join('');
            return this.wrap('tr', cells);
        })
            .join('');
        const element = this.wrap('table', tableBody);
        return this.addRaw(element).addEOL();
    }
    /**
     * Adds a collapsable HTML details element to the summary buffer
     *
     * @param {string} label text for the closed state
     * @param {string} content collapsable content
     *
     * @returns {Summary} summary instance
     */
    addDetails(label, content) {
        const element = this.wrap('details', this.wrap('summary', label) + content);
        return this.addRaw(element).addEOL();
    }
    /**
     * Adds an HTML image tag to the summary buffer
     *
     * @param {string} src path to the image you to embed
     * @param {string} alt text description of the image
     * @param {SummaryImageOptions} options (optional) addition image attributes
     *
     * @returns {Summary} summary instance
     */
    addImage(src, alt, options) {
        const { width, height } = options || {};
        const attrs = Object.assign(Object.assign({}, (width && { width })), (height && { height }));
        const element = this.wrap('img', null, Object.assign({ src, alt }, attrs));
        return this.addRaw(element).addEOL();
    }
    /**
     * Adds an HTML section heading element
     *
     * @param {string} text heading text
     * @param {number | string} [level=1] (optional) the heading level, default: 1
     *
     * @returns {Summary} summary instance
     */
    addHeading(text, level) {
        const tag = `h${level}`;
        const allowedTag = ['h1', 'h2', 'h3', 'h4', 'h5', 'h6'].includes(tag)
            ? tag
            : 'h1';
        const element = this.wrap(allowedTag, text);
        return this.addRaw(element).addEOL();
    }
    /**
     * Adds an HTML thematic break (<hr>) to the summary buffer
     *
     * @returns {Summary} summary instance
     */
    addSeparator() {
        const element = this.wrap('hr', null);
        return this.addRaw(element).addEOL();
    }
    /**
     * Adds an HTML line break (<br>) to the summary buffer
     *
     * @returns {Summary} summary instance
     */
    addBreak() {
        const element = this.wrap('br', null);
        return this.addRaw(element).addEOL();
    }
    /**
     * Adds an HTML blockquote to the summary buffer
     *
     * @param {string} text quote text
     * @param {string} cite (optional) citation url
     *
     * @returns {Summary} summary instance
     */
    addQuote(text, cite) {
        const attrs = Object.assign({}, (cite && { cite }));
        const element = this.wrap('blockquote', text, attrs);
        return this.addRaw(element).addEOL();
    }
    /**
     * Adds an HTML anchor tag to the summary buffer
     *
     * @param {string} text link text/content
     * @param {string} href hyperlink
     *
     * @returns {Summary} summary instance
     */
    addLink(text, href) {
        const element = this.wrap('a', text, { href });
        return this.addRaw(element).addEOL();
    }
}
const _summary = new Summary();
/**
 * @deprecated use `core.summary`
 */
const markdownSummary = (/* unused pure expression or super */ null && (_summary));
const summary = _summary;
//# sourceMappingURL=summary.js.map

/***/ }),

/***/ 4679:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   E: () => (/* binding */ toCommandValue)
/* harmony export */ });
/* unused harmony export toCommandProperties */
// We use any as a valid input type
/* eslint-disable @typescript-eslint/no-explicit-any */
/**
 * Sanitizes an input into a string so it can be passed into issueCommand safely
 * @param input input to sanitize into a string
 */
function toCommandValue(input) {
    if (input === null || input === undefined) {
        return '';
    }
    else if (typeof input === 'string' || input instanceof String) {
        return input;
    }
    return JSON.stringify(input);
}
/**
 *
 * @param annotationProperties
 * @returns The command properties to send with the actual annotation command
 * See IssueCommandProperties: https://github.com/actions/runner/blob/main/src/Runner.Worker/ActionCommandManager.cs#L646
 */
function toCommandProperties(annotationProperties) {
    if (!Object.keys(annotationProperties).length) {
        return {};
    }
    return {
        title: annotationProperties.title,
        file: annotationProperties.file,
        line: annotationProperties.startLine,
        endLine: annotationProperties.endLine,
        col: annotationProperties.startColumn,
        endColumn: annotationProperties.endColumn
    };
}
//# sourceMappingURL=utils.js.map

/***/ })

/******/ });
/************************************************************************/
/******/ // The module cache
/******/ var __webpack_module_cache__ = {};
/******/ 
/******/ // The require function
/******/ function __nccwpck_require__(moduleId) {
/******/ 	// Check if module is in cache
/******/ 	var cachedModule = __webpack_module_cache__[moduleId];
/******/ 	if (cachedModule !== undefined) {
/******/ 		return cachedModule.exports;
/******/ 	}
/******/ 	// Create a new module (and put it into the cache)
/******/ 	var module = __webpack_module_cache__[moduleId] = {
/******/ 		// no module.id needed
/******/ 		// no module.loaded needed
/******/ 		exports: {}
/******/ 	};
/******/ 
/******/ 	// Execute the module function
/******/ 	var threw = true;
/******/ 	try {
/******/ 		__webpack_modules__[moduleId].call(module.exports, module, module.exports, __nccwpck_require__);
/******/ 		threw = false;
/******/ 	} finally {
/******/ 		if(threw) delete __webpack_module_cache__[moduleId];
/******/ 	}
/******/ 
/******/ 	// Return the exports of the module
/******/ 	return module.exports;
/******/ }
/******/ 
/******/ // expose the modules object (__webpack_modules__)
/******/ __nccwpck_require__.m = __webpack_modules__;
/******/ 
/************************************************************************/
/******/ /* webpack/runtime/asset-relocator-loader */
/******/ if (typeof __nccwpck_require__ !== 'undefined') __nccwpck_require__.ab = decodeURIComponent(new URL('.', import.meta.url).pathname).slice(import.meta.url.match(/^file:\/\/\/\w:/) ? 1 : 0, -1) + "/";
/******/ 
/******/ /* webpack/runtime/async module */
/******/ (() => {
/******/ 	var webpackQueues = typeof Symbol === "function" ? Symbol("webpack queues") : "__webpack_queues__";
/******/ 	var webpackExports = typeof Symbol === "function" ? Symbol("webpack exports") : "__webpack_exports__";
/******/ 	var webpackError = typeof Symbol === "function" ? Symbol("webpack error") : "__webpack_error__";
/******/ 	var resolveQueue = (queue) => {
/******/ 		if(queue && queue.d < 1) {
/******/ 			queue.d = 1;
/******/ 			queue.forEach((fn) => (fn.r--));
/******/ 			queue.forEach((fn) => (fn.r-- ? fn.r++ : fn()));
/******/ 		}
/******/ 	}
/******/ 	var wrapDeps = (deps) => (deps.map((dep) => {
/******/ 		if(dep !== null && typeof dep === "object") {
/******/ 			if(dep[webpackQueues]) return dep;
/******/ 			if(dep.then) {
/******/ 				var queue = [];
/******/ 				queue.d = 0;
/******/ 				dep.then((r) => {
/******/ 					obj[webpackExports] = r;
/******/ 					resolveQueue(queue);
/******/ 				}, (e) => {
/******/ 					obj[webpackError] = e;
/******/ 					resolveQueue(queue);
/******/ 				});
/******/ 				var obj = {};
/******/ 				obj[webpackQueues] = (fn) => (fn(queue));
/******/ 				return obj;
/******/ 			}
/******/ 		}
/******/ 		var ret = {};
/******/ 		ret[webpackQueues] = x => {};
/******/ 		ret[webpackExports] = dep;
/******/ 		return ret;
/******/ 	}));
/******/ 	__nccwpck_require__.a = (module, body, hasAwait) => {
/******/ 		var queue;
/******/ 		hasAwait && ((queue = []).d = -1);
/******/ 		var depQueues = new Set();
/******/ 		var exports = module.exports;
/******/ 		var currentDeps;
/******/ 		var outerResolve;
/******/ 		var reject;
/******/ 		var promise = new Promise((resolve, rej) => {
/******/ 			reject = rej;
/******/ 			outerResolve = resolve;
/******/ 		});
/******/ 		promise[webpackExports] = exports;
/******/ 		promise[webpackQueues] = (fn) => (queue && fn(queue), depQueues.forEach(fn), promise["catch"](x => {}));
/******/ 		module.exports = promise;
/******/ 		body((deps) => {
/******/ 			currentDeps = wrapDeps(deps);
/******/ 			var fn;
/******/ 			var getResult = () => (currentDeps.map((d) => {
/******/ 				if(d[webpackError]) throw d[webpackError];
/******/ 				return d[webpackExports];
/******/ 			}))
/******/ 			var promise = new Promise((resolve) => {
/******/ 				fn = () => (resolve(getResult));
/******/ 				fn.r = 0;
/******/ 				var fnQueue = (q) => (q !== queue && !depQueues.has(q) && (depQueues.add(q), q && !q.d && (fn.r++, q.push(fn))));
/******/ 				currentDeps.map((dep) => (dep[webpackQueues](fnQueue)));
/******/ 			});
/******/ 			return fn.r ? promise : getResult();
/******/ 		}, (err) => ((err ? reject(promise[webpackError] = err) : outerResolve(exports)), resolveQueue(queue)));
/******/ 		queue && queue.d < 0 && (queue.d = 0);
/******/ 	};
/******/ })();
/******/ 
/******/ /* webpack/runtime/compat get default export */
/******/ (() => {
/******/ 	// getDefaultExport function for compatibility with non-harmony modules
/******/ 	__nccwpck_require__.n = (module) => {
/******/ 		var getter = module && module.__esModule ?
/******/ 			() => (module['default']) :
/******/ 			() => (module);
/******/ 		__nccwpck_require__.d(getter, { a: getter });
/******/ 		return getter;
/******/ 	};
/******/ })();
/******/ 
/******/ /* webpack/runtime/create fake namespace object */
/******/ (() => {
/******/ 	var getProto = Object.getPrototypeOf ? (obj) => (Object.getPrototypeOf(obj)) : (obj) => (obj.__proto__);
/******/ 	var leafPrototypes;
/******/ 	// create a fake namespace object
/******/ 	// mode & 1: value is a module id, require it
/******/ 	// mode & 2: merge all properties of value into the ns
/******/ 	// mode & 4: return value when already ns object
/******/ 	// mode & 16: return value when it's Promise-like
/******/ 	// mode & 8|1: behave like require
/******/ 	__nccwpck_require__.t = function(value, mode) {
/******/ 		if(mode & 1) value = this(value);
/******/ 		if(mode & 8) return value;
/******/ 		if(typeof value === 'object' && value) {
/******/ 			if((mode & 4) && value.__esModule) return value;
/******/ 			if((mode & 16) && typeof value.then === 'function') return value;
/******/ 		}
/******/ 		var ns = Object.create(null);
/******/ 		__nccwpck_require__.r(ns);
/******/ 		var def = {};
/******/ 		leafPrototypes = leafPrototypes || [null, getProto({}), getProto([]), getProto(getProto)];
/******/ 		for(var current = mode & 2 && value; typeof current == 'object' && !~leafPrototypes.indexOf(current); current = getProto(current)) {
/******/ 			Object.getOwnPropertyNames(current).forEach((key) => (def[key] = () => (value[key])));
/******/ 		}
/******/ 		def['default'] = () => (value);
/******/ 		__nccwpck_require__.d(ns, def);
/******/ 		return ns;
/******/ 	};
/******/ })();
/******/ 
/******/ /* webpack/runtime/define property getters */
/******/ (() => {
/******/ 	// define getter functions for harmony exports
/******/ 	__nccwpck_require__.d = (exports, definition) => {
/******/ 		for(var key in definition) {
/******/ 			if(__nccwpck_require__.o(definition, key) && !__nccwpck_require__.o(exports, key)) {
/******/ 				Object.defineProperty(exports, key, { enumerable: true, get: definition[key] });
/******/ 			}
/******/ 		}
/******/ 	};
/******/ })();
/******/ 
/******/ /* webpack/runtime/ensure chunk */
/******/ (() => {
/******/ 	__nccwpck_require__.f = {};
/******/ 	// This file contains only the entry chunk.
/******/ 	// The chunk loading function for additional chunks
/******/ 	__nccwpck_require__.e = (chunkId) => {
/******/ 		return Promise.all(Object.keys(__nccwpck_require__.f).reduce((promises, key) => {
/******/ 			__nccwpck_require__.f[key](chunkId, promises);
/******/ 			return promises;
/******/ 		}, []));
/******/ 	};
/******/ })();
/******/ 
/******/ /* webpack/runtime/get javascript chunk filename */
/******/ (() => {
/******/ 	// This function allow to reference async chunks
/******/ 	__nccwpck_require__.u = (chunkId) => {
/******/ 		// return url for filenames based on template
/******/ 		return "" + chunkId + ".index.js";
/******/ 	};
/******/ })();
/******/ 
/******/ /* webpack/runtime/hasOwnProperty shorthand */
/******/ (() => {
/******/ 	__nccwpck_require__.o = (obj, prop) => (Object.prototype.hasOwnProperty.call(obj, prop))
/******/ })();
/******/ 
/******/ /* webpack/runtime/make namespace object */
/******/ (() => {
/******/ 	// define __esModule on exports
/******/ 	__nccwpck_require__.r = (exports) => {
/******/ 		if(typeof Symbol !== 'undefined' && Symbol.toStringTag) {
/******/ 			Object.defineProperty(exports, Symbol.toStringTag, { value: 'Module' });
/******/ 		}
/******/ 		Object.defineProperty(exports, '__esModule', { value: true });
/******/ 	};
/******/ })();
/******/ 
/******/ /* webpack/runtime/import chunk loading */
/******/ (() => {
/******/ 	// no baseURI
/******/ 	
/******/ 	// object to store loaded and loading chunks
/******/ 	// undefined = chunk not loaded, null = chunk preloaded/prefetched
/******/ 	// [resolve, Promise] = chunk loading, 0 = chunk loaded
/******/ 	var installedChunks = {
/******/ 		792: 0
/******/ 	};
/******/ 	
/******/ 	var installChunk = (data) => {
/******/ 		var {ids, modules, runtime} = data;
/******/ 		// add "modules" to the modules object,
/******/ 		// then flag all "ids" as loaded and fire callback
/******/ 		var moduleId, chunkId, i = 0;
/******/ 		for(moduleId in modules) {
/******/ 			if(__nccwpck_require__.o(modules, moduleId)) {
/******/ 				__nccwpck_require__.m[moduleId] = modules[moduleId];
/******/ 			}
/******/ 		}
/******/ 		if(runtime) runtime(__nccwpck_require__);
/******/ 		for(;i < ids.length; i++) {
/******/ 			chunkId = ids[i];
/******/ 			if(__nccwpck_require__.o(installedChunks, chunkId) && installedChunks[chunkId]) {
/******/ 				installedChunks[chunkId][0]();
/******/ 			}
/******/ 			installedChunks[ids[i]] = 0;
/******/ 		}
/******/ 	
/******/ 	}
/******/ 	
/******/ 	__nccwpck_require__.f.j = (chunkId, promises) => {
/******/ 			// import() chunk loading for javascript
/******/ 			var installedChunkData = __nccwpck_require__.o(installedChunks, chunkId) ? installedChunks[chunkId] : undefined;
/******/ 			if(installedChunkData !== 0) { // 0 means "already installed".
/******/ 	
/******/ 				// a Promise means "currently loading".
/******/ 				if(installedChunkData) {
/******/ 					promises.push(installedChunkData[1]);
/******/ 				} else {
/******/ 					if(true) { // all chunks have JS
/******/ 						// setup Promise in chunk cache
/******/ 						var promise = import("./" + __nccwpck_require__.u(chunkId)).then(installChunk, (e) => {
/******/ 							if(installedChunks[chunkId] !== 0) installedChunks[chunkId] = undefined;
/******/ 							throw e;
/******/ 						});
/******/ 						var promise = Promise.race([promise, new Promise((resolve) => (installedChunkData = installedChunks[chunkId] = [resolve]))])
/******/ 						promises.push(installedChunkData[1] = promise);
/******/ 					}
/******/ 				}
/******/ 			}
/******/ 	};
/******/ 	
/******/ 	// no prefetching
/******/ 	
/******/ 	// no preloaded
/******/ 	
/******/ 	// no external install chunk
/******/ 	
/******/ 	// no on chunks loaded
/******/ })();
/******/ 
/************************************************************************/
/******/ 
/******/ // startup
/******/ // Load entry module and return exports
/******/ // This entry module used 'module' so it can't be inlined
/******/ var __webpack_exports__ = __nccwpck_require__(9407);
/******/ __webpack_exports__ = await __webpack_exports__;
/******/ 
