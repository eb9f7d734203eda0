export const id = 702;
export const ids = [702];
export const modules = {

/***/ 8702:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

// ESM COMPAT FLAG
__webpack_require__.r(__webpack_exports__);

// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  RECORD_STATE: () => (/* binding */ RECORD_STATE),
  beginDeployment: () => (/* binding */ beginDeployment),
  comment: () => (/* binding */ github_comment),
  endDeployment: () => (/* binding */ endDeployment),
  recordOf: () => (/* binding */ recordOf)
});

// EXTERNAL MODULE: ./src/failure.ts
var failure = __webpack_require__(1633);
// EXTERNAL MODULE: ./src/report/blocks.ts
var blocks = __webpack_require__(3578);
// EXTERNAL MODULE: ./src/report/escape.ts
var report_escape = __webpack_require__(4031);
// EXTERNAL MODULE: ./src/report/plan.ts
var report_plan = __webpack_require__(1307);
;// CONCATENATED MODULE: ./src/report/comment.ts



/** GitHub refuses a longer comment. */
const LIMIT = 65_536;
/**
 * The hidden first line by which a later run finds its comment: one for each service and job, so that two
 * services (or a plan and a deploy) on one pull request do not overwrite each other.
 */
function commentMarker(service, { workflow, job }) {
    // In an HTML comment neither `>` nor `--` may stand.
    const key = [service.arn, workflow, job].map((part) => encodeURIComponent(part).replaceAll('-', '%2D')).join(' ');
    return `<!-- ecs-rollout ${key} -->`;
}
/** The outcome as a comment: what happened, why, and where to read more. */
function outcomeComment(outcome, run) {
    const parts = [`### ${(0,blocks/* titleOf */.Gg)(outcome)}`, (0,blocks/* verdictBlock */.be)(outcome), (0,blocks/* factsTable */.wd)(outcome, run)];
    return comment(commentMarker(outcome.service, run), parts, run);
}
/** The plan as a comment, with the differences, which is what a reviewer wants to see. */
function planComment(plan, run) {
    const marker = commentMarker(plan.service, run);
    for (const lines of [200, 50, 10]) {
        const text = comment(marker, [(0,report_plan.planTitle)(plan), ...(0,report_plan.planParts)(plan, run, lines)], run);
        if (text.length <= LIMIT)
            return text;
    }
    return comment(marker, [(0,report_plan.planTitle)(plan), 'The plan is too long for a comment; the job summary has it.'], run);
}
function comment(marker, parts, run) {
    const from = `<sub>From ${(0,report_escape/* linked */.q)(`run ${run.runId}`, (0,blocks/* runUrl */.Vp)(run))} of ${(0,report_escape/* code */.aY)(run.workflow)}.</sub>`;
    return [marker, ...parts, from].join('\n\n');
}

// EXTERNAL MODULE: ./src/report/words.ts
var words = __webpack_require__(2691);
;// CONCATENATED MODULE: ./src/report/github.ts




const RECORD_STATE = 'github-deployment';
/** The record that main began, as post reads it. */
const recordOf = (state) => (state === '' ? undefined : JSON.parse(state));
const STATES = {
    deployed: 'success',
    unchanged: 'success',
    started: 'in_progress',
    'rolled-back': 'failure',
    failed: 'failure',
    superseded: 'inactive',
    cancelled: 'error',
    paused: 'pending',
};
/**
 * Records that a deploy has begun, where the user asked for it. GitHub is beside the deploy: what fails here is a
 * warning that names the permission, never the end of a deploy. Undefined when there is nothing to end later.
 */
async function beginDeployment(inputs, run, world) {
    const asked = inputs.deployment;
    if (!asked)
        return undefined;
    return withGithub('The GitHub deployment', world, async (github) => {
        const { environment, url, transient, production } = asked;
        const description = `ECS Rollout by ${run.workflow}`;
        const deployment = await github.createDeployment({ environment, transient, production, description });
        const recorded = { deployment, environment, ...(url ? { url } : {}) };
        // So that post can end it, whatever happens to main.
        world.runner.saveState(RECORD_STATE, JSON.stringify(recorded));
        await github.setDeploymentStatus(statusOf(recorded, 'in_progress', 'Deploying', run));
        return recorded;
    });
}
/** Ends the record; `outcome` undefined for a run that broke before it had one. */
async function endDeployment(recorded, outcome, run, world) {
    if (!recorded)
        return;
    const state = outcome ? STATES[outcome.kind] : 'error';
    const description = (0,words/* oneLine */.TN)(outcome?.headline ?? 'The run ended before the deployment began.', 140);
    await withGithub('The GitHub deployment', world, (github) => github.setDeploymentStatus(statusOf(recorded, state, description, run)));
}
const statusOf = ({ deployment, environment, url }, state, description, run) => ({ deployment, state, description, environment, logUrl: (0,blocks/* runUrl */.Vp)(run), ...(url ? { environmentUrl: url } : {}) });
/** One comment with the outcome or the plan, where the user asked for it; the same one in every later run. */
async function github_comment(inputs, told, run, world) {
    if (!inputs.comment)
        return;
    const body = 'plan' in told ? planComment(told.plan, run) : outcomeText(told.outcome, run);
    if (body === undefined)
        return;
    const marker = body.slice(0, body.indexOf('\n'));
    await withGithub('The comment', world, (github) => github.putComment({ marker, body }));
}
function outcomeText(outcome, run) {
    const { service } = outcome;
    return service && outcomeComment({ ...outcome, service }, run);
}
async function withGithub(what, { github, console }, act) {
    if (!github) {
        console.notice(`${what} is skipped: there is no \`github-token\`.`);
        return undefined;
    }
    try {
        return await act(github);
    }
    catch (thrown) {
        const { message, remedy } = (0,failure/* asFailure */.h)(thrown);
        console.warning((0,words/* oneLine */.TN)(`${what} is missing. ${message} ${remedy ?? ''}`, 1000));
        return undefined;
    }
}


/***/ })

};
