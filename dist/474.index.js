export const id = 474;
export const ids = [474];
export const modules = {

/***/ 5553:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   Ap: () => (/* binding */ familyOf),
/* harmony export */   GW: () => (/* binding */ problemsOf),
/* harmony export */   OS: () => (/* binding */ ecrPlace),
/* harmony export */   QR: () => (/* binding */ targetsOf),
/* harmony export */   eO: () => (/* binding */ entryBefore),
/* harmony export */   om: () => (/* binding */ historyOf)
/* harmony export */ });
/* harmony import */ var _failure_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(1633);
/* harmony import */ var _image_reference_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(3564);
/* harmony import */ var _apply_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(6035);



/** ECS keeps 90 days of service deployments; so many are looked at. */
const DEPLOYMENTS = 100;
const REVISIONS = 100;
const LISTED = 20;
/** The successful deployments that ECS remembers (90 days), or where it does not let us see them the family's revisions. */
async function historyOf(service, family, ecs) {
    const told = await deployments(service, ecs);
    if (typeof told !== 'string' && told.length > 0)
        return { entries: told };
    const arns = await ecs.listTaskDefinitions(family, REVISIONS);
    const running = service.deployments.map(({ taskDefinitionArn }) => taskDefinitionArn);
    return {
        entries: [...new Set([...running, ...arns])].map((arn) => ({ arn })),
        guessed: typeof told === 'string' ? told : 'ECS remembers no successful deployment of this service',
    };
}
async function deployments(service, ecs) {
    try {
        const succeeded = await ecs.listServiceDeployments({
            cluster: service.clusterArn,
            service: service.name,
            statuses: ['SUCCESSFUL'],
            limit: DEPLOYMENTS,
        });
        const revisions = [...new Set(succeeded.flatMap((one) => one.targetServiceRevisionArn ?? []))];
        const described = await ecs.describeServiceRevisions(revisions);
        const taskDefinitions = new Map(described.map(({ arn, taskDefinitionArn }) => [arn, taskDefinitionArn]));
        const newest = new Map();
        for (const { targetServiceRevisionArn = '', createdAt } of succeeded) {
            const arn = taskDefinitions.get(targetServiceRevisionArn);
            if (arn !== undefined && !newest.has(arn))
                newest.set(arn, { arn, deployedAt: createdAt });
        }
        return [...newest.values()];
    }
    catch (thrown) {
        const { code, api, message } = (0,_failure_js__WEBPACK_IMPORTED_MODULE_0__/* .asFailure */ .h)(thrown);
        if (code === 'ACCESS_DENIED')
            return `${api ? `ecs:${api.operation}` : 'ECS'} is denied`;
        if (code === 'REFUSED')
            return message; // a partition or endpoint without this API
        throw thrown;
    }
}
/**
 * What ran well before the present revision: the newest successful deployment of another one. Not "the revision before", which
 * may be the bad one. Undefined when there is none.
 */
function entryBefore(service, { entries, guessed }) {
    const primary = (0,_apply_js__WEBPACK_IMPORTED_MODULE_2__/* .primaryOf */ .Os)(service);
    const present = primary?.taskDefinitionArn ?? service.taskDefinitionArn;
    const others = entries.filter(({ arn }) => arn !== present);
    if (guessed === undefined)
        return others[0];
    const replaced = primary && primary.rolloutState !== 'COMPLETED' ? (0,_apply_js__WEBPACK_IMPORTED_MODULE_2__/* .replacedBy */ ._0)(primary, service) : undefined;
    if (replaced)
        return { arn: replaced.taskDefinitionArn };
    return others.find(({ arn }) => familyOf(arn) === familyOf(present) && numberOf(arn) < numberOf(present));
}
/** The newest entries as targets, each looked at: ACTIVE, and its images still there. */
async function targetsOf(service, history, ports) {
    const seen = new Map();
    return Promise.all(history.entries.slice(0, LISTED).map(async ({ arn, deployedAt }) => {
        const revision = await ports.ecs.describeTaskDefinition(arn);
        return {
            revision,
            current: arn === (0,_apply_js__WEBPACK_IMPORTED_MODULE_2__/* .primaryOf */ .Os)(service)?.taskDefinitionArn,
            problems: await problemsOf(revision, ports.ecr, seen),
            ...(deployedAt === undefined ? {} : { deployedAt }),
        };
    }));
}
/**
 * Why the revision cannot be deployed. What IAM does not let us see is no problem: ECS will tell.
 * @param seen images that were looked up already
 */
async function problemsOf(revision, ecr, seen = new Map()) {
    const inactive = revision.status === 'ACTIVE' ? [] : [`it is ${revision.status}`];
    const images = [...new Set(revision.definition.containerDefinitions.map(({ image }) => image))];
    const missing = await Promise.all(images.map(async (image) => {
        const there = seen.get(image) ?? isThere(image, ecr);
        seen.set(image, there);
        return (await there) ? [] : [`its image ${image} is not in ECR any more`];
    }));
    return [...inactive, ...missing.flat()];
}
async function isThere(image, ecr) {
    const place = ecrPlace(image);
    if (!place)
        return true;
    try {
        return (await ecr.getImage(place.repository, place.id)) !== undefined;
    }
    catch (thrown) {
        const { code } = (0,_failure_js__WEBPACK_IMPORTED_MODULE_0__/* .asFailure */ .h)(thrown);
        if (code === 'NOT_FOUND')
            return false; // the repository is gone
        if (code === 'ACCESS_DENIED' || code === 'REFUSED')
            return true;
        throw thrown;
    }
}
/** Where in ECR an image is; undefined elsewhere. */
function ecrPlace(image) {
    try {
        const { host = '', path, tag, digest } = (0,_image_reference_js__WEBPACK_IMPORTED_MODULE_1__/* .parseReference */ .F2)(image);
        const place = (0,_image_reference_js__WEBPACK_IMPORTED_MODULE_1__/* .parseEcrHost */ .wl)(host);
        return place && { repository: { ...place, name: path }, id: digest ? { digest } : { tag: tag ?? 'latest' } };
    }
    catch (thrown) {
        if (thrown instanceof _failure_js__WEBPACK_IMPORTED_MODULE_0__/* .Failure */ .H)
            return undefined; // not a name that we can read; ECS may
        throw thrown;
    }
}
const familyOf = (arn) => arn.split('/').at(-1)?.split(':')[0] ?? '';
const numberOf = (arn) => Number(arn.split(':').at(-1));


/***/ }),

/***/ 9093:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

// ESM COMPAT FLAG
__webpack_require__.r(__webpack_exports__);

// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  knownBy: () => (/* binding */ knownBy),
  rollback: () => (/* binding */ rollback)
});

// EXTERNAL MODULE: ./src/failure.ts
var src_failure = __webpack_require__(1633);
// EXTERNAL MODULE: ./src/report/account.ts + 5 modules
var report_account = __webpack_require__(1914);
// EXTERNAL MODULE: ./src/report/live.ts
var report_live = __webpack_require__(4790);
// EXTERNAL MODULE: ./src/service/apply.ts
var apply = __webpack_require__(6035);
// EXTERNAL MODULE: ./src/service/change.ts
var service_change = __webpack_require__(9615);
// EXTERNAL MODULE: ./src/service/restore.ts
var restore = __webpack_require__(8025);
// EXTERNAL MODULE: ./src/image/reference.ts
var reference = __webpack_require__(3564);
// EXTERNAL MODULE: ./src/spelling.ts
var spelling = __webpack_require__(9229);
// EXTERNAL MODULE: ./src/world.ts
var src_world = __webpack_require__(3079);
// EXTERNAL MODULE: ./src/service/targets.ts
var service_targets = __webpack_require__(5553);
;// CONCATENATED MODULE: ./src/service/wanted.ts





/** @param text the input `rollback-to` */
function readWanted(text) {
    if (text === undefined)
        return { kind: 'last-good' };
    if (/^\d{1,9}$/.test(text))
        return { kind: 'number', text };
    if (/^arn:[\w-]+:ecs:[^/]+:task-definition\/[\w-]+:\d+$/.test(text))
        return { kind: 'revision', reference: text };
    const digest = /(?:^|@)(sha256:[0-9a-f]{64})$/.exec(text)?.[1];
    if (digest)
        return { kind: 'digest', digest };
    if (/^[\w-]+:\d+$/.test(text))
        return { kind: 'revision', reference: text };
    // A whole image reference means its tag; only that can be looked up.
    const slash = text.lastIndexOf('/');
    const tag = slash > 0 && !text.startsWith('refs/') ? /:([\w][\w.-]{0,127})$/.exec(text)?.[1] : undefined;
    return { kind: 'name', text: tag ?? text };
}
/** Whether people may mean this revision by that name. */
function isNamed(text, revision, known, digests) {
    const commit = /^[0-9a-f]{7,40}$/.test(text) && known.commits.some((one) => one.startsWith(text));
    const ref = known.ref !== undefined && [text, `refs/tags/${text}`, `refs/heads/${text}`].includes(known.ref);
    return commit || ref || revision.definition.containerDefinitions.some(({ image }) => bears(image, text, digests));
}
function bears(image, text, digests) {
    const [, digest] = /@(sha256:[0-9a-f]{64})$/.exec(image) ?? [];
    if (digest !== undefined && digests.includes(digest))
        return true;
    const name = image.replace(/@.*$/, '');
    return name.slice(name.lastIndexOf('/') + 1).split(':')[1] === text;
}
/** Revisions described at a time while looking for a name. */
const AT_A_TIME = 10;
/**
 * The revision that `rollback-to` means, proven to be deployable: ACTIVE, and its images still in ECR.
 * @throws Failure NOT_FOUND when there is none, CONFLICT when it cannot be deployed; both list what can
 */
async function findTarget(wanted, search, ports) {
    const history = await (0,service_targets/* historyOf */.om)(search.service, search.live.family, ports.ecs);
    const listed = () => usable(search, history, ports);
    const found = await lookUp(wanted, search, history, ports, listed);
    const problems = await (0,service_targets/* problemsOf */.GW)(found.revision, ports.ecr);
    if (problems.length > 0) {
        throw new src_failure/* Failure */.H('CONFLICT', `${(0,src_world/* nameOf */.V)(found.revision)} cannot be gone back to: ${problems.join(', and ')}.`, {
            remedy: await listed(),
        });
    }
    return found;
}
async function lookUp(wanted, search, history, ports, listed) {
    const { service, live } = search;
    switch (wanted.kind) {
        case 'last-good': {
            const entry = (0,service_targets/* entryBefore */.eO)(service, history);
            if (!entry) {
                throw new src_failure/* Failure */.H('NOT_FOUND', `There is nothing to go back to: ${(0,src_world/* nameOf */.V)(live)} is the only revision that ${service.name} is known to have run.`, {
                    remedy: 'Deploy a mended revision (mode: deploy), or name one in `rollback-to`.',
                });
            }
            const revision = await ports.ecs.describeTaskDefinition(entry.arn);
            const guess = `${history.guessed}, so ${(0,src_world/* nameOf */.V)(revision)} is the revision before the present one, not proven to have run well. Allow ecs:ListServiceDeployments and ecs:DescribeServiceRevisions for a proven choice.`;
            return { revision, warnings: history.guessed === undefined ? [] : [guess] };
        }
        case 'revision': {
            const revision = await described(wanted.reference, ports.ecs);
            if (!revision)
                throw await nothing(`There is no revision ${wanted.reference}.`, listed);
            const other = `${(0,src_world/* nameOf */.V)(revision)} is of another family than ${(0,src_world/* nameOf */.V)(live)}.`;
            return { revision, warnings: revision.family === live.family ? [] : [other] };
        }
        case 'number': {
            const revision = await described(`${live.family}:${wanted.text}`, ports.ecs);
            return revision ? { revision, warnings: [] } : named(wanted.text, search, history, ports, listed);
        }
        case 'digest':
            return named(wanted.digest, search, history, ports, listed);
        case 'name':
            return named(wanted.text, search, history, ports, listed);
    }
}
/** What ran well comes first: of several revisions with one name, the one that is known to run. */
async function named(text, { service, live, known }, history, { ecs, ecr }, listed) {
    const [digests, family] = await Promise.all([digestsOf(text, live, ecr), ecs.listTaskDefinitions(live.family, 100)]);
    const arns = [...new Set([...history.entries.map(({ arn }) => arn), ...family])];
    const names = new Set();
    for (let i = 0; i < arns.length; i += AT_A_TIME) {
        const some = await Promise.all(arns.slice(i, i + AT_A_TIME).map((arn) => described(arn, ecs)));
        for (const revision of some) {
            if (!revision)
                continue;
            const how = known(revision);
            if (isNamed(text, revision, how, digests))
                return { revision, warnings: [] };
            for (const name of [how.ref?.replace(/^refs\/(?:tags|heads)\//, ''), ...how.commits])
                if (name)
                    names.add(name);
        }
    }
    const meant = (0,spelling/* didYouMean */.a)(text, [...names]);
    const what = digests.length > 0 && !text.startsWith('sha256:')
        ? `ECR has an image tagged ${text}, but no revision of ${live.family} runs it. Deploy it with the input \`image\`.`
        : `No revision of ${service.name} has the image tag or digest, commit or release tag ${text}.`;
    throw await nothing(`${what}${meant ? ` Did you mean ${meant}?` : ''}`, listed);
}
/** A service gets its image by digest, so a tag is looked up in the repositories of the live revision. */
async function digestsOf(text, live, ecr) {
    if (/^sha256:[0-9a-f]{64}$/.test(text))
        return [text];
    if (!/^[\w][\w.-]{0,127}$/.test(text))
        return [];
    const repositories = new Map(live.definition.containerDefinitions.flatMap(({ image }) => {
        const place = (0,service_targets/* ecrPlace */.OS)(image);
        return place ? [[(0,reference/* parseReference */.F2)(image).path, place.repository]] : [];
    }));
    const found = await Promise.all([...repositories.values()].map((repository) => ecr.getImage(repository, { tag: text }).catch(() => undefined)));
    return found.flatMap((image) => image?.digest ?? []);
}
async function described(reference, ecs) {
    try {
        return await ecs.describeTaskDefinition(reference);
    }
    catch (thrown) {
        const { code } = (0,src_failure/* asFailure */.h)(thrown);
        if (code === 'NOT_FOUND' || code === 'REFUSED')
            return undefined;
        throw thrown;
    }
}
const nothing = async (message, listed) => new src_failure/* Failure */.H('NOT_FOUND', message, { remedy: await listed() });
/** What can be gone back to, for people who named what cannot. */
async function usable({ service, live }, history, ports) {
    const targets = (await (0,service_targets/* targetsOf */.QR)(service, history, ports)).filter(({ problems, current }) => problems.length === 0 && !current);
    if (targets.length === 0)
        return `No revision of ${(0,service_targets/* familyOf */.Ap)(live.arn)} can be gone back to: deploy a new one (mode: deploy).`;
    const names = targets.slice(0, 10).map(({ revision }) => (0,src_world/* nameOf */.V)(revision));
    return `Use one of these as \`rollback-to\`: ${names.join(', ')}. \`mode: list\` tells more of them.`;
}

// EXTERNAL MODULE: ./src/service/watch.ts + 14 modules
var watch = __webpack_require__(1088);
// EXTERNAL MODULE: ./src/taskdef/diff.ts
var diff = __webpack_require__(5889);
// EXTERNAL MODULE: ./src/stories/beforehand.ts
var beforehand = __webpack_require__(3275);
// EXTERNAL MODULE: ./src/stories/own-tags.ts
var own_tags = __webpack_require__(9347);
// EXTERNAL MODULE: ./src/stories/rollout.ts
var rollout = __webpack_require__(4356);
// EXTERNAL MODULE: ./src/stories/survey.ts + 4 modules
var survey = __webpack_require__(464);
;// CONCATENATED MODULE: ./src/stories/rollback.ts














/** Back to a revision that ran before. */
async function rollback(inputs, looking, world) {
    const account = new report_account/* Account */.g(world);
    const present = await (0,survey/* surveyPresent */.se)(inputs, looking, world);
    const { service, live, waves } = present;
    account.step(`${service.name} runs ${(0,src_world/* nameOf */.V)(live)}. ${waves}`);
    const { revision, warnings } = await findTarget(readWanted(inputs.target), { service, live, known: knownBy }, world);
    const differences = (0,diff/* diffDefinitions */.e)(live.definition, revision.definition);
    account.step(`going back to ${(0,src_world/* nameOf */.V)(revision)}${madeBy(revision)}`);
    for (const warning of warnings)
        world.console.warning(warning);
    await tellAhead(present, revision, inputs, world, account);
    (0,report_live.tellDifferences)(world.console, differences, (0,src_world/* nameOf */.V)(live));
    const facts = {
        service,
        previous: live,
        revision,
        differences,
        warnings,
        diagnoses: [],
        timeline: account.moments,
    };
    (0,rollout/* publishOutputs */.e)(facts, world);
    world.signal.throwIfAborted();
    const unfinishedEnd = await stopUnfinished(present, revision, inputs, world, account);
    if (unfinishedEnd?.kind === 'restored') {
        const headline = `Rolled back to ${(0,src_world/* nameOf */.V)(revision)}: ECS ended the unfinished deployment of ${(0,src_world/* nameOf */.V)(live)}.`;
        return { ...facts, ...unfinishedEnd.known, kind: 'deployed', headline };
    }
    const now = unfinishedEnd?.service ?? service;
    const change = (0,service_change/* planChange */.AS)(inputs.service, revision.arn, now);
    // What ran before a rollback is what somebody wanted to leave: it is put back only where it is known to run.
    const rollbackOnFailure = inputs.recovery.rollbackOnFailure && (0,apply/* primaryOf */.Os)(now)?.rolloutState === 'COMPLETED';
    const outcome = await (0,rollout/* rollOut */.O)({ present: { ...present, service: now }, revision, registered: false, change, facts }, { ...inputs, recovery: { ...inputs.recovery, rollbackOnFailure } }, world, account);
    return outcome.kind === 'deployed'
        ? { ...outcome, headline: `Rolled back to ${(0,src_world/* nameOf */.V)(revision)}. ${outcome.headline}` }
        : outcome;
}
/** What is bad is told loudly and stops nothing: a rollback at night must not hang on a check. */
async function tellAhead(present, { definition }, inputs, world, account) {
    const checks = await (0,beforehand/* lookAhead */.R)({ present, definition }, inputs, world, account);
    for (const { status, text } of checks)
        if (status === 'bad')
            world.console.warning(text);
}
/** What a deploy wrote on a revision. */
function knownBy({ tags }) {
    const ref = (0,own_tags/* tagOf */.cO)(tags, own_tags/* REF_TAG */.H5);
    return { commits: (0,own_tags/* commitsOf */.g3)(tags), ...(ref === undefined ? {} : { ref }) };
}
function madeBy(revision) {
    const { commits, ref } = knownBy(revision);
    const [commit] = commits;
    const from = [ref?.replace(/^refs\/(?:tags|heads)\//, ''), commit?.slice(0, 12)].filter(Boolean).join(', ');
    return from === '' ? '' : ` (${from})`;
}
/**
 * An unfinished deployment is stopped properly where that brings back what is wanted, or where its strategy lets no other
 * begin. A rolling one is simply replaced by ours. Undefined when there is nothing to stop.
 */
async function stopUnfinished({ service, live }, target, inputs, world, account) {
    const primary = (0,apply/* primaryOf */.Os)(service);
    if (!primary || primary.rolloutState === 'COMPLETED')
        return undefined;
    const serviceDeployment = await (0,restore/* unfinished */.M1)(service.clusterArn, service.name, world.ecs);
    if (!serviceDeployment)
        return undefined;
    const before = await sourceOf(serviceDeployment, primary, service, world);
    const wouldRestore = before === target.arn;
    const ourTurn = !wouldRestore || !inputs.watch.wait;
    if (before === undefined || (ourTurn && service.strategy === 'ROLLING'))
        return undefined;
    const by = await (0,restore/* stopped */.ce)(serviceDeployment, world.ecs);
    if (!by)
        return undefined;
    const back = before.split('/').at(-1);
    account.step(`stopped the unfinished deployment of ${(0,src_world/* nameOf */.V)(live)} (${by}); ECS puts ${back} back`);
    const deployment = {
        cluster: service.clusterArn,
        service: service.name,
        id: primary.id,
        taskDefinitionArn: primary.taskDefinitionArn,
        previousTaskDefinitionArn: before,
        startedAt: primary.createdAt,
        timeoutSeconds: inputs.watch.timeoutSeconds + world.clock.now() - primary.createdAt,
        noProgressSeconds: inputs.watch.noProgressSeconds,
        definition: live.definition,
    };
    const { verdict, snapshot } = await (0,watch/* watch */.w)(deployment, world, account.listener(deployment)).catch((thrown) => {
        const failure = (0,src_failure/* asFailure */.h)(thrown);
        if (failure.code !== 'CANCELLED')
            throw failure;
        throw new src_failure/* Failure */.H('CANCELLED', `The run was cancelled while ECS puts ${back} back, which goes on.`);
    });
    const restored = verdict.kind === 'rolled-back' && wouldRestore;
    return restored
        ? { kind: 'restored', known: { service: snapshot.service, deployment, verdict } }
        : { kind: 'ended', service: snapshot.service };
}
/** The revision that ECS would go back to: of the deployment that still has tasks, else of the service deployment's source. */
async function sourceOf({ sources }, primary, service, { ecs }) {
    const before = (0,apply/* replacedBy */._0)(primary, service);
    if (before?.rolloutState === 'COMPLETED')
        return before.taskDefinitionArn;
    const arns = sources.map(({ arn }) => arn);
    const [source] = arns.length > 0 ? await ecs.describeServiceRevisions(arns).catch(() => []) : [];
    return source?.taskDefinitionArn;
}


/***/ })

};
