export const id = 891;
export const ids = [891];
export const modules = {

/***/ 3564:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   F2: () => (/* binding */ parseReference),
/* harmony export */   FH: () => (/* binding */ formatReference),
/* harmony export */   SU: () => (/* binding */ parseRepository),
/* harmony export */   VI: () => (/* binding */ PUBLIC_ECR),
/* harmony export */   wl: () => (/* binding */ parseEcrHost)
/* harmony export */ });
/* harmony import */ var _failure_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(1633);

const REFERENCE = /^([^@]+?)(?::([\w][\w.-]{0,127}))?(?:@(sha256:[0-9a-f]{64}))?$/;
const PATH = /^[a-z0-9]+(?:(?:\.|_{1,2}|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:\.|_{1,2}|-+)[a-z0-9]+)*)*$/;
/** @throws Failure INVALID_INPUT for what is no image reference */
function parseReference(text) {
    const slash = text.indexOf('/');
    const first = slash < 0 ? '' : text.slice(0, slash);
    // Docker's own rule: the first part is a host when it has a dot or a port, or is localhost.
    const host = /[.:]/.test(first) || first === 'localhost' ? first : undefined;
    const [, path = '', tag, digest] = REFERENCE.exec(host === undefined ? text : text.slice(slash + 1)) ?? [];
    if (!PATH.test(path)) {
        throw new _failure_js__WEBPACK_IMPORTED_MODULE_0__/* .Failure */ .H('INVALID_INPUT', `\`${text}\` is no image reference.`, {
            remedy: 'Write `HOST/NAME:TAG` or `HOST/NAME@sha256:DIGEST`, the name in lower case.',
        });
    }
    return { path, ...(host ? { host } : {}), ...(tag ? { tag } : {}), ...(digest ? { digest } : {}) };
}
/** The inverse of parseReference. */
function formatReference({ host, path, tag, digest }) {
    return `${host ? `${host}/` : ''}${path}${tag ? `:${tag}` : ''}${digest ? `@${digest}` : ''}`;
}
/**
 * `ACCOUNT.dkr.ecr[-fips].REGION.amazonaws.com[.cn]` (and the isolated partitions' domains) and the dual-stack
 * `ACCOUNT.dkr-ecr[-fips].REGION.on.aws`. https://docs.aws.amazon.com/general/latest/gr/ecr.html
 */
const ECR_HOST = /^(\d{12})\.dkr[.-]ecr(?:-fips)?\.([a-z0-9-]+)\.(?:amazonaws\.com(?:\.cn)?|on\.(?:aws|amazonwebservices\.com\.cn)|c2s\.ic\.gov|sc2s\.sgov\.gov|cloud\.adc-e\.uk|csp\.hci\.ic\.gov)$/;
const PUBLIC_ECR = 'public.ecr.aws';
function parseEcrHost(host) {
    const [, registryId, region] = ECR_HOST.exec(host) ?? [];
    return registryId && region ? { registryId, region } : undefined;
}
/**
 * The input `repository`: an ECR name or a full URI.
 * @param region of the credentials, for a bare name
 * @throws Failure INVALID_INPUT, also for a tag or digest, which belong to `tags`
 */
function parseRepository(text, region) {
    const { host, path, tag, digest } = parseReference(text);
    if (tag || digest) {
        throw new _failure_js__WEBPACK_IMPORTED_MODULE_0__/* .Failure */ .H('INVALID_INPUT', `repository: \`${text}\` has a ${tag ? 'tag' : 'digest'}.`, {
            remedy: `Write \`${formatReference({ path, ...(host ? { host } : {}) })}\`, and the tag in the input \`tags\`.`,
        });
    }
    if (host === undefined)
        return { kind: 'own', name: path, region };
    if (host === PUBLIC_ECR)
        return { kind: 'public', name: path };
    const ecr = parseEcrHost(host);
    return ecr ? { kind: 'ecr', name: path, host, ...ecr } : { kind: 'other', name: path, host };
}


/***/ }),

/***/ 5468:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

__webpack_require__.r(__webpack_exports__);
/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   outputsOf: () => (/* binding */ outputsOf)
/* harmony export */ });
/* harmony import */ var _links_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(3303);
/* harmony import */ var _words_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(2691);


/** GitHub takes 1 MB of outputs a job; a later step gets them through its environment, which is smaller still. */
const LARGE = 100_000;
const MOMENTS = 200;
/** Outputs of the step by name, for as much as is known; what is not known is left out. */
function outputsOf(known) {
    const { image, service, revision, previous, deployment, serviceDeploymentArn, kind } = known;
    const url = urlOf(known);
    return {
        ...(image
            ? {
                image: image.reference,
                ...(image.digest ? { 'image-digest': image.digest } : {}),
                'image-tags': image.tags.join('\n'),
                ...(image.metadata ? { metadata: metadataText(image.metadata) } : {}),
            }
            : {}),
        ...(revision ? { 'task-definition-arn': revision.arn } : {}),
        ...(previous ? { 'previous-task-definition-arn': previous.arn } : {}),
        ...(deployment ? { 'deployment-id': deployment.id } : {}),
        ...(serviceDeploymentArn ? { 'service-deployment-arn': serviceDeploymentArn } : {}),
        ...(service && url ? { url } : {}),
        ...(kind ? { outcome: kind, summary: summaryText(known, kind) } : {}),
    };
}
const urlOf = ({ service, deployment }) => service && (deployment ? (0,_links_js__WEBPACK_IMPORTED_MODULE_0__/* .deploymentsLink */ .HG)(service) : (0,_links_js__WEBPACK_IMPORTED_MODULE_0__/* .serviceLink */ .oT)(service));
/** buildx repeats its provenance in the metadata; that is the part that grows, and it is attached to the image anyway. */
function metadataText(metadata) {
    const whole = JSON.stringify(metadata);
    if (whole.length <= LARGE)
        return whole;
    return JSON.stringify(Object.fromEntries(Object.entries(metadata).filter(([key]) => !key.includes('buildx.build.provenance'))));
}
/** Cut from the front of the timeline where it would be too large: the end is what tells. */
function summaryText(known, kind) {
    for (const moments of [MOMENTS, 50, 10, 0]) {
        const text = JSON.stringify(summaryValue(known, kind, moments));
        if (text.length <= LARGE)
            return text;
    }
    return JSON.stringify({ ...summaryValue(known, kind, 0), differences: [], causes: [] });
}
function summaryValue(known, kind, moments) {
    const { service, image, revision, previous, deployment, serviceDeploymentArn, verdict } = known;
    const url = urlOf(known);
    return {
        version: 1,
        outcome: kind,
        headline: (0,_words_js__WEBPACK_IMPORTED_MODULE_1__/* .oneLine */ .TN)(known.headline ?? '', 2000),
        ...(service ? { service: { name: service.name, arn: service.arn, clusterArn: service.clusterArn } } : {}),
        ...(url ? { url } : {}),
        ...(image
            ? {
                image: {
                    reference: image.reference,
                    ...(image.digest ? { digest: image.digest } : {}),
                    tags: image.tags,
                    ...(image.platforms ? { platforms: image.platforms } : {}),
                },
            }
            : {}),
        ...(revision ? { taskDefinition: revision.arn } : {}),
        ...(previous ? { previousTaskDefinition: previous.arn } : {}),
        ...(deployment ? { deployment: { id: deployment.id, startedAt: iso(deployment.startedAt) } } : {}),
        ...(serviceDeploymentArn ? { serviceDeployment: serviceDeploymentArn } : {}),
        ...(verdict?.kind === 'succeeded' ? { running: { count: verdict.runningCount, digests: verdict.digests } } : {}),
        causes: (known.diagnoses ?? []).slice(0, 10).map(causeValue),
        warnings: (known.warnings ?? []).slice(0, 20).map((warning) => (0,_words_js__WEBPACK_IMPORTED_MODULE_1__/* .oneLine */ .TN)(warning, 1000)),
        differences: (known.differences ?? []).slice(0, 200),
        timeline: (known.timeline ?? [])
            .filter((moment) => moment.kind !== 'log' && moment.kind !== 'heartbeat')
            .slice(-moments || Number.POSITIVE_INFINITY)
            .map(momentValue),
    };
}
const causeValue = (diagnosis) => ({
    rule: diagnosis.rule,
    severity: diagnosis.severity,
    transient: diagnosis.transient,
    cause: (0,_words_js__WEBPACK_IMPORTED_MODULE_1__/* .oneLine */ .TN)(diagnosis.cause, 2000),
    remedy: (0,_words_js__WEBPACK_IMPORTED_MODULE_1__/* .oneLine */ .TN)(diagnosis.remedy, 2000),
    ...(diagnosis.link ? { link: diagnosis.link } : {}),
    evidence: { surface: diagnosis.evidence.surface, text: (0,_words_js__WEBPACK_IMPORTED_MODULE_1__/* .oneLine */ .TN)(diagnosis.evidence.text, 2000) },
    ...(diagnosis.taskId ? { task: diagnosis.taskId } : {}),
    ...(diagnosis.container ? { container: diagnosis.container } : {}),
});
const momentValue = ({ at, kind, severity, text, taskId, state }) => ({
    at: iso(at),
    kind,
    severity,
    text: (0,_words_js__WEBPACK_IMPORTED_MODULE_1__/* .oneLine */ .TN)(text, 700),
    ...(taskId ? { task: taskId } : {}),
    ...(state ? { state } : {}),
});
const iso = (at) => new Date(at * 1000).toISOString();


/***/ }),

/***/ 9615:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   AS: () => (/* binding */ planChange),
/* harmony export */   TJ: () => (/* binding */ plannedWaves),
/* harmony export */   _x: () => (/* binding */ checkService)
/* harmony export */ });
/* harmony import */ var _failure_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(1633);
/* harmony import */ var _rolling_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(1978);


/** The service as it will be, where the inputs set something; for the arithmetic and its refusal. */
function plannedWaves(inputs, state) {
    return (0,_rolling_js__WEBPACK_IMPORTED_MODULE_1__/* .planWaves */ .K)({
        desiredCount: inputs.desiredCount ?? state.desiredCount,
        minimumHealthyPercent: inputs.minimumHealthyPercent ?? state.minimumHealthyPercent,
        maximumPercent: inputs.maximumPercent ?? state.maximumPercent,
        schedulingStrategy: state.schedulingStrategy,
    });
}
/**
 * Whether this service can be deployed to in this way at all. To be called before anything is registered.
 * @throws Failure INVALID_INPUT, IMPOSSIBLE_ROLLOUT or CONFLICT
 */
function checkService(inputs, state) {
    if (state.status !== 'ACTIVE') {
        throw new _failure_js__WEBPACK_IMPORTED_MODULE_0__/* .Failure */ .H('CONFLICT', `The service ${state.name} is ${state.status}, so nothing can be deployed to it.`, {
            remedy: 'Create it anew, or correct the input `service`.',
        });
    }
    if (state.deploymentController !== 'ECS') {
        throw new _failure_js__WEBPACK_IMPORTED_MODULE_0__/* .Failure */ .H('INVALID_INPUT', `The service ${state.name} is deployed by ${state.deploymentController}, not by ECS itself.`, {
            remedy: 'Change its deployment controller to ECS (aws ecs update-service --deployment-controller type=ECS), or deploy with that controller.',
        });
    }
    const mistakes = [];
    if (state.schedulingStrategy === 'DAEMON') {
        if (inputs.desiredCount !== undefined) {
            mistakes.push({
                subject: 'desired-count',
                problem: 'is not for a DAEMON service, which runs one task an instance.',
                remedy: 'Leave it out.',
            });
        }
        if ((inputs.maximumPercent ?? 100) > 100) {
            mistakes.push({
                subject: 'maximum-percent',
                problem: 'must be 100 for a DAEMON service.',
                remedy: 'Leave it out.',
            });
        }
    }
    if (inputs.healthCheckGracePeriodSeconds !== undefined && state.loadBalancers.length === 0) {
        mistakes.push({
            subject: 'health-check-grace-period-seconds',
            problem: 'is only for a service behind a load balancer.',
            remedy: 'Use the startPeriod of the container health check instead.',
        });
    }
    if (mistakes.length > 0) {
        throw new _failure_js__WEBPACK_IMPORTED_MODULE_0__/* .Failure */ .H('INVALID_INPUT', `The service ${state.name} does not take these inputs; nothing was changed.`, {
            mistakes,
        });
    }
    const waves = plannedWaves(inputs, state);
    if (waves.stuck && state.strategy === 'ROLLING') {
        throw new _failure_js__WEBPACK_IMPORTED_MODULE_0__/* .Failure */ .H('IMPOSSIBLE_ROLLOUT', waves.sentence, { remedy: 'Change the percents; nothing was changed.' });
    }
    return waves;
}
/**
 * The UpdateService call that brings the service to the inputs and the revision: only what the user set and what
 * differs. A deployment configuration goes out whole, so that ECS resets none of the members the user did not name.
 */
function planChange(inputs, taskDefinitionArn, state) {
    const settings = [];
    const changed = (name, wanted, now) => {
        const differ = wanted !== undefined && JSON.stringify(wanted) !== JSON.stringify(now);
        if (differ)
            settings.push(difference(name, wanted, now));
        return differ;
    };
    const newRevision = taskDefinitionArn !== primaryRevision(state);
    const configuration = deploymentConfiguration(inputs, state, changed);
    const forced = inputs.forceNewDeployment;
    const { enableExecuteCommand, enableEcsManagedTags, propagateTags, platformVersion, desiredCount } = inputs;
    const grace = inputs.healthCheckGracePeriodSeconds;
    const update = {
        ...(newRevision || forced ? { taskDefinition: taskDefinitionArn } : {}),
        ...(forced ? { forceNewDeployment: true } : {}),
        ...(configuration ? { deploymentConfiguration: configuration } : {}),
        ...(changed('desired-count', desiredCount, state.desiredCount) && desiredCount !== undefined
            ? { desiredCount }
            : {}),
        ...(changed('health-check-grace-period-seconds', grace, state.healthCheckGracePeriodSeconds) && grace !== undefined
            ? { healthCheckGracePeriodSeconds: grace }
            : {}),
        ...(changed('enable-execute-command', enableExecuteCommand, state.enableExecuteCommand) &&
            enableExecuteCommand !== undefined
            ? { enableExecuteCommand }
            : {}),
        ...(changed('enable-ecs-managed-tags', enableEcsManagedTags, state.enableEcsManagedTags) &&
            enableEcsManagedTags !== undefined
            ? { enableECSManagedTags: enableEcsManagedTags }
            : {}),
        ...(changed('propagate-tags', propagateTags, state.propagateTags) && propagateTags ? { propagateTags } : {}),
        ...(changed('platform-version', platformVersion, state.platformVersion) && platformVersion
            ? { platformVersion }
            : {}),
    };
    return {
        settings,
        desiredCount: desiredCount ?? state.desiredCount,
        waves: plannedWaves(inputs, state),
        ...(Object.keys(update).length > 0
            ? { update: { cluster: state.clusterArn, service: state.name, ...update } }
            : {}),
    };
}
function difference(subject, wanted, now) {
    const text = (value) => (typeof value === 'object' ? JSON.stringify(value) : String(value));
    if (now === undefined)
        return { subject, kind: 'added', after: text(wanted) };
    return { subject, kind: 'changed', before: text(now), after: text(wanted) };
}
/** Where the service is going: the revision of its PRIMARY deployment, which `taskDefinition` names as well. */
const primaryRevision = (state) => state.deployments.find(({ status }) => status === 'PRIMARY')?.taskDefinitionArn ?? state.taskDefinitionArn;
function deploymentConfiguration(inputs, state, changed) {
    const { circuitBreaker, alarms } = inputs;
    const now = state.circuitBreaker ?? { enable: false, rollback: false };
    const wantedBreaker = circuitBreaker && { ...circuitBreaker, threshold: circuitBreaker.threshold ?? now.threshold };
    const wantedAlarms = alarms && { names: alarms, enable: alarms.length > 0, rollback: alarms.length > 0 };
    const any = [
        changed('minimum-healthy-percent', inputs.minimumHealthyPercent, state.minimumHealthyPercent),
        changed('maximum-percent', inputs.maximumPercent, state.maximumPercent),
        changed('circuit-breaker', wantedBreaker, { enable: now.enable, rollback: now.rollback, threshold: now.threshold }),
        changed('alarms', wantedAlarms, state.alarms ?? { names: [], enable: false, rollback: false }),
    ].some(Boolean);
    if (!any)
        return undefined;
    const breaker = wantedBreaker ?? state.circuitBreaker;
    const watched = wantedAlarms ?? state.alarms;
    return {
        minimumHealthyPercent: inputs.minimumHealthyPercent ?? state.minimumHealthyPercent,
        maximumPercent: inputs.maximumPercent ?? state.maximumPercent,
        ...(breaker
            ? {
                deploymentCircuitBreaker: {
                    enable: breaker.enable,
                    rollback: breaker.rollback,
                    ...(breaker.threshold
                        ? { thresholdConfiguration: { type: breaker.threshold.type, value: breaker.threshold.value } }
                        : {}),
                },
            }
            : {}),
        ...(watched ? { alarms: { alarmNames: watched.names, enable: watched.enable, rollback: watched.rollback } } : {}),
    };
}


/***/ }),

/***/ 3275:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   R: () => (/* binding */ lookAhead)
/* harmony export */ });
/* harmony import */ var _report_plan_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(1307);

/**
 * The preflight, read aloud: everything that the tasks will need is looked at before anything is changed. Nothing where the user
 * does not want it. Its room is loaded for that alone.
 */
async function lookAhead({ present: { service, fargate }, definition, image, standIn }, inputs, world, account) {
    if (!inputs.preflight)
        return [];
    const { preflight } = await Promise.all(/* import() */[__webpack_require__.e(327), __webpack_require__.e(93)]).then(__webpack_require__.bind(__webpack_require__, 7327));
    const subject = {
        definition,
        service,
        inputs: inputs.service,
        fargate,
        ...(image ? { image } : {}),
        ...(standIn === undefined ? {} : { standIn }),
    };
    const checks = await preflight(subject, world);
    account.step(`preflight: ${countsOf(checks)}`);
    (0,_report_plan_js__WEBPACK_IMPORTED_MODULE_0__.tellChecks)(world.console, checks);
    return checks;
}
function countsOf(checks) {
    const words = { ok: 'ok', warn: 'to be looked at', skip: 'skipped', bad: 'bad' };
    const count = (wanted) => checks.filter(({ status }) => status === wanted).length;
    return ['ok', 'warn', 'skip', 'bad']
        .flatMap((status) => (count(status) > 0 ? [`${count(status)} ${words[status]}`] : []))
        .join(', ');
}


/***/ }),

/***/ 9347:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   H5: () => (/* binding */ REF_TAG),
/* harmony export */   MU: () => (/* binding */ isOurs),
/* harmony export */   VD: () => (/* binding */ tagsOfReuse),
/* harmony export */   _T: () => (/* binding */ withOwnTags),
/* harmony export */   cO: () => (/* binding */ tagOf),
/* harmony export */   g3: () => (/* binding */ commitsOf)
/* harmony export */ });
/* unused harmony exports COMMIT_TAG, RUN_TAG, taggable */
/** Written on each revision, so that a later rollback finds it by commit, ref or run. */
const COMMIT_TAG = 'ecs-rollout:commit';
const REF_TAG = 'ecs-rollout:ref';
const RUN_TAG = 'ecs-rollout:run';
/** https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-using-tags.html#tag-restrictions */
const TAGS_AT_MOST = 50;
const VALUE_AT_MOST = 256;
/**
 * The tags of this run beside the user's own, which come first: ECS takes 50, and the commit is what a rollback needs most.
 * Nothing for what a run outside GitHub does not know.
 */
function withOwnTags(tags, context) {
    const own = [
        [COMMIT_TAG, context.sha],
        [REF_TAG, context.ref],
        [RUN_TAG, runOf(context)],
    ];
    const written = own.filter(([, value]) => value !== '').map(([key, value]) => ({ key, value: taggable(value) }));
    return [...tags, ...written].slice(0, Math.max(tags.length, TAGS_AT_MOST));
}
/**
 * What to write on a revision that an earlier commit made and this one deploys again: a later rollback may ask for
 * either. The newest commit comes first, as many as fit. Undefined when all is there.
 */
function tagsOfReuse({ tags }, context) {
    const commits = commitsOf(tags);
    const room = tags.length < TAGS_AT_MOST || commits.length > 0;
    if (context.sha === '' || commits.includes(context.sha) || !room)
        return undefined;
    let value = taggable(context.sha);
    for (const commit of commits)
        if (value.length + 1 + commit.length <= VALUE_AT_MOST)
            value += ` ${commit}`;
    return [{ key: COMMIT_TAG, value }];
}
/** Commits that were deployed with this revision, newest first. */
const commitsOf = (tags) => (tagOf(tags, COMMIT_TAG) ?? '').split(' ').filter(Boolean);
/** Whether this run, in this attempt or an earlier one, made the revision or deployed it. */
const isOurs = (tags, context) => (context.sha !== '' && commitsOf(tags).includes(context.sha)) ||
    (runOf(context) !== '' && tagOf(tags, RUN_TAG) === taggable(runOf(context)));
const tagOf = (tags, key) => tags.find((tag) => tag.key === key)?.value;
const runOf = ({ serverUrl, repository, runId }) => repository && runId ? `${serverUrl}/${repository}/actions/runs/${runId}` : '';
/** Characters that an AWS tag takes; a branch name may hold others. */
const taggable = (value) => value.replaceAll(/[^\p{L}\p{Z}\p{N}_.:/=+\-@]/gu, '-').slice(0, VALUE_AT_MOST);


/***/ }),

/***/ 4356:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   O: () => (/* binding */ rollOut),
/* harmony export */   e: () => (/* binding */ publishOutputs)
/* harmony export */ });
/* harmony import */ var _failure_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(1633);
/* harmony import */ var _report_links_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(3303);
/* harmony import */ var _report_live_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(4790);
/* harmony import */ var _report_outputs_js__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(5468);
/* harmony import */ var _service_apply_js__WEBPACK_IMPORTED_MODULE_4__ = __webpack_require__(6035);
/* harmony import */ var _service_watch_js__WEBPACK_IMPORTED_MODULE_5__ = __webpack_require__(1088);
/* harmony import */ var _world_js__WEBPACK_IMPORTED_MODULE_7__ = __webpack_require__(3079);
/* harmony import */ var _intent_js__WEBPACK_IMPORTED_MODULE_8__ = __webpack_require__(4063);
/* harmony import */ var _settle_js__WEBPACK_IMPORTED_MODULE_6__ = __webpack_require__(7382);









/** Begins the deployment, watches it to its verdict, and settles what the verdict asks for. */
async function rollOut(rollout, inputs, world, account) {
    const { deployment, untouched } = await begin(rollout, inputs, world, account);
    const facts = { ...rollout.facts, deployment };
    publishOutputs(facts, world);
    if (!inputs.watch.wait)
        return { ...facts, kind: 'started', headline: `${deployment.id} began; nobody watches it.` };
    try {
        const watched = await (0,_service_watch_js__WEBPACK_IMPORTED_MODULE_5__/* .watch */ .w)(deployment, world, account.listener(deployment));
        return await (0,_settle_js__WEBPACK_IMPORTED_MODULE_6__/* .settle */ .G9)(facts, watched, untouched, inputs, world, account);
    }
    catch (thrown) {
        const failure = (0,_failure_js__WEBPACK_IMPORTED_MODULE_0__/* .asFailure */ .h)(thrown);
        if (failure.code === 'CANCELLED')
            return (0,_settle_js__WEBPACK_IMPORTED_MODULE_6__/* .cancelled */ .KW)(facts, inputs, world);
        throw unwatched(failure, deployment, untouched);
    }
}
/**
 * Begins the deployment, or finds the one to judge: an equal revision that already runs or is being rolled out (a
 * re-run after a cancel) is watched, not deployed again.
 */
async function begin(rollout, inputs, world, account) {
    const { present, revision, registered, change } = rollout;
    const { service, live } = present;
    const { definition } = revision;
    const now = world.clock.now();
    if (!change.update) {
        const untouched = (0,_service_apply_js__WEBPACK_IMPORTED_MODULE_4__/* .primaryOf */ .Os)(service)?.rolloutState === 'COMPLETED';
        account.step(untouched
            ? `${service.name} already is what was asked for; looking whether it is healthy`
            : `${(0,_world_js__WEBPACK_IMPORTED_MODULE_7__/* .nameOf */ .V)(revision)} is being rolled out already; watching that deployment`);
        return { deployment: { ...(0,_service_apply_js__WEBPACK_IMPORTED_MODULE_4__/* .pinned */ .dp)(service, inputs.watch, now), definition }, untouched };
    }
    const intent = {
        cluster: service.clusterArn,
        service: service.name,
        previous: live.arn,
        next: revision.arn,
        registered,
    };
    try {
        world.signal.throwIfAborted();
        (0,_intent_js__WEBPACK_IMPORTED_MODULE_8__/* .declare */ .xe)(intent, world);
        const deployment = await (0,_service_apply_js__WEBPACK_IMPORTED_MODULE_4__/* .apply */ .Bb)(change.update, service, inputs.watch, world);
        if (!deployment) {
            account.step('settings changed; ECS needs no new deployment for them');
            return { deployment: { ...(0,_service_apply_js__WEBPACK_IMPORTED_MODULE_4__/* .pinned */ .dp)(service, inputs.watch, now), definition }, untouched: false };
        }
        (0,_intent_js__WEBPACK_IMPORTED_MODULE_8__/* .declare */ .xe)({ ...intent, deployment: deployment.id }, world);
        const url = (0,_report_links_js__WEBPACK_IMPORTED_MODULE_1__/* .serviceLink */ .oT)(service);
        (0,_report_live_js__WEBPACK_IMPORTED_MODULE_2__.tellHeader)(world.console, {
            service: service.name,
            cluster: service.clusterArn.split('/').at(-1) ?? '',
            from: (0,_world_js__WEBPACK_IMPORTED_MODULE_7__/* .nameOf */ .V)(live),
            to: (0,_world_js__WEBPACK_IMPORTED_MODULE_7__/* .nameOf */ .V)(revision),
            waves: change.waves.sentence,
            ...(url ? { url } : {}),
        });
        return { deployment: { ...deployment, definition }, untouched: false };
    }
    catch (thrown) {
        if (registered)
            await withdraw(revision, world);
        throw thrown;
    }
}
/** A revision that was made for a deployment which never began. */
async function withdraw(revision, { ecs, console }) {
    await ecs.deregisterTaskDefinition(revision.arn).catch((thrown) => {
        console.warning(`${(0,_world_js__WEBPACK_IMPORTED_MODULE_7__/* .nameOf */ .V)(revision)} was registered and is not used; it could not be deregistered: ${(0,_failure_js__WEBPACK_IMPORTED_MODULE_0__/* .asFailure */ .h)(thrown).message}`);
    });
}
/** We cannot look any more, and ECS goes on: nobody must take the error for the end of the deployment. */
function unwatched(failure, deployment, untouched) {
    if (untouched)
        return failure;
    const next = deployment.taskDefinitionArn.split('/').at(-1);
    const told = `${failure.remedy ? `${failure.remedy} ` : ''}ECS goes on rolling out ${next} (${deployment.id}), unwatched.${(0,_settle_js__WEBPACK_IMPORTED_MODULE_6__/* .undo */ .tN)(deployment)}`;
    return new _failure_js__WEBPACK_IMPORTED_MODULE_0__/* .Failure */ .H(failure.code, failure.message, {
        remedy: told,
        mistakes: failure.mistakes,
        cause: failure.cause ?? failure,
        ...(failure.api ? { api: failure.api } : {}),
    });
}
/** Outputs as soon as they are known, so that a step that fails later still has them. */
function publishOutputs(known, { runner }) {
    for (const [name, value] of Object.entries((0,_report_outputs_js__WEBPACK_IMPORTED_MODULE_3__.outputsOf)(known)))
        runner.setOutput(name, value);
}


/***/ }),

/***/ 464:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  HA: () => (/* binding */ latestRevision),
  EN: () => (/* binding */ renderFor),
  se: () => (/* binding */ surveyPresent),
  _h: () => (/* binding */ surveyService)
});

// EXTERNAL MODULE: ./src/failure.ts
var failure = __webpack_require__(1633);
// EXTERNAL MODULE: ./src/image/reference.ts
var reference = __webpack_require__(3564);
// EXTERNAL MODULE: ./src/service/apply.ts
var apply = __webpack_require__(6035);
// EXTERNAL MODULE: ./src/service/change.ts
var change = __webpack_require__(9615);
// EXTERNAL MODULE: ./src/taskdef/check.ts + 5 modules
var check = __webpack_require__(3320);
// EXTERNAL MODULE: ./src/taskdef/register.ts
var register = __webpack_require__(5551);
// EXTERNAL MODULE: ./src/taskdef/template.ts
var taskdef_template = __webpack_require__(1912);
;// CONCATENATED MODULE: ./src/taskdef/load.ts



/**
 * The template that the inputs name: a JSON or YAML file, the latest revision of a family, one revision by ARN, or,
 * where nothing is named, what the service runs now (`live` gives it, described once by the caller).
 * @throws Failure NOT_FOUND or INVALID_TASK_DEFINITION
 */
async function loadTemplate(source, live, { ecs, files }) {
    switch (source.kind) {
        case 'file':
            return (0,taskdef_template/* toTemplate */.Cn)(await parseFile(source.path, await files.readText(source.path)), source.path);
        case 'family':
            return ofRevision(await ecs.describeTaskDefinition(source.family));
        case 'arn':
            return ofRevision(await ecs.describeTaskDefinition(source.arn));
        case 'service':
            return ofRevision(await live());
    }
}
async function parseFile(path, text) {
    if (text.trim() === '') {
        throw new failure/* Failure */.H('INVALID_TASK_DEFINITION', `${path} is empty.`, { remedy: 'Give a task definition in it.' });
    }
    if (!/\.ya?ml$/i.test(path))
        return (0,taskdef_template/* parseJson */.qF)(text, path);
    const { parseYaml } = await Promise.all(/* import() */[__webpack_require__.e(815), __webpack_require__.e(213)]).then(__webpack_require__.bind(__webpack_require__, 8213));
    return parseYaml(text, path);
}
/** A live revision says what it means: a `${NAME}` in it is for the container's shell, not for us. */
function ofRevision({ arn, definition, tags }) {
    const own = tags.filter(({ key }) => !register/* OWN_TAG */.im.test(key) && !register/* AWS_TAG */.xE.test(key));
    return { name: arn.split('/').at(-1) ?? arn, definition: escaped(definition), tags: own, dropped: [] };
}
function escaped(value) {
    if (typeof value === 'string')
        return value.replaceAll(/\$\{(?=[A-Za-z_]\w*(?:\}|:-|:\?))/g, '$$$${');
    if (Array.isArray(value))
        return value.map(escaped);
    if (!(0,taskdef_template/* isObject */.Gv)(value))
        return value;
    return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, escaped(member)]));
}

// EXTERNAL MODULE: ./src/spelling.ts
var spelling = __webpack_require__(9229);
;// CONCATENATED MODULE: ./src/taskdef/edits.ts

/** One container with the inputs' edits. What is not edited stays, in its order. */
function editContainer(container, edits) {
    const edited = { ...container };
    const variables = edits.environmentVariables;
    if (variables.length > 0) {
        edited.environment = upsert(container.environment, variables, 'value');
        // ECS refuses a name that is both: the newer wish wins.
        withoutNames(edited, 'secrets', variables);
    }
    if (edits.secrets.length > 0) {
        edited.secrets = upsert(edited.secrets, edits.secrets, 'valueFrom');
        withoutNames(edited, 'environment', edits.secrets);
    }
    if (edits.envFiles.length > 0)
        edited.environmentFiles = edits.envFiles.map((value) => ({ value, type: 's3' }));
    if (edits.dockerLabels.length > 0) {
        edited.dockerLabels = {
            ...((0,taskdef_template/* isObject */.Gv)(container.dockerLabels) ? container.dockerLabels : {}),
            ...Object.fromEntries(edits.dockerLabels),
        };
    }
    const log = logConfiguration(container.logConfiguration, edits);
    if (log)
        edited.logConfiguration = log;
    if (edits.command)
        edited.command = edits.command;
    return edited;
}
/** Entries of a `{name, ...}` list: a known name changes in place (each time it is there), a new one goes to the end. */
function upsert(list, pairs, field) {
    const wanted = new Map(pairs);
    const present = new Set();
    const kept = (Array.isArray(list) ? list : []).map((entry) => {
        if (!(0,taskdef_template/* isObject */.Gv)(entry) || typeof entry.name !== 'string')
            return entry;
        const value = wanted.get(entry.name);
        present.add(entry.name);
        return value === undefined ? entry : { ...entry, [field]: value };
    });
    const added = [...wanted].filter(([name]) => !present.has(name));
    return [...kept, ...added.map(([name, value]) => ({ name, [field]: value }))];
}
function withoutNames(container, field, pairs) {
    const list = container[field];
    if (!Array.isArray(list))
        return;
    const names = new Set(pairs.map(([name]) => name));
    container[field] = list.filter((entry) => !((0,taskdef_template/* isObject */.Gv)(entry) && names.has(String(entry.name))));
}
/** A new driver starts with no options of the old one's; options alone are added to the present driver's. */
function logConfiguration(present, { logDriver, logOptions }) {
    if (logDriver === undefined && logOptions.length === 0)
        return undefined;
    const old = (0,taskdef_template/* isObject */.Gv)(present) ? present : {};
    const same = logDriver === undefined || logDriver === old.logDriver;
    const kept = same ? old : {};
    const options = { ...((0,taskdef_template/* isObject */.Gv)(kept.options) ? kept.options : {}), ...Object.fromEntries(logOptions) };
    return {
        ...kept,
        logDriver: logDriver ?? old.logDriver ?? 'awslogs',
        ...(Object.keys(options).length > 0 ? { options } : {}),
    };
}

// EXTERNAL MODULE: ./src/taskdef/schema.ts + 1 modules
var schema = __webpack_require__(4617);
;// CONCATENATED MODULE: ./src/taskdef/placeholders.ts



/** `${NAME}`, or how `${NAME:-default}` and `${NAME:?message}` begin; with a second `$` before it, the text itself. */
const START = /(\$?)\$\{([A-Za-z_]\w*)(\}|:-|:\?)/g;
/** Built-in names that have a value only where an image is built or given. */
const OF_THE_IMAGE = ['IMAGE', 'IMAGE_TAG', 'IMAGE_DIGEST'];
/**
 * Replaces placeholders in the strings of a parsed tree, so that a value can never break out of its string. Keys stay
 * as they are; a default may hold placeholders of its own. A string that is exactly one placeholder takes the type of its
 * field (`"cpu": "${CPU}"` becomes 256). Every name without a value is told, with the path and the name that was likely
 * meant. What is no placeholder by the forms above (`$HOME`, `${VAR%suffix}`, `$(date)`) belongs to the container's
 * shell and is left alone.
 */
function substitute(tree, values) {
    const mistakes = [];
    const walk = (value, path, type) => {
        if (typeof value === 'string') {
            const parts = split(value);
            const text = parts.map((part) => resolve(part, path)).join('');
            const [only, ...others] = parts;
            return typeof only === 'object' && others.length === 0 ? typed(text, type) : text;
        }
        if (Array.isArray(value)) {
            const item = type.endsWith('[]') ? type.slice(0, -2) : '';
            return value.map((member, i) => walk(member, `${path}[${i}]`, item));
        }
        if (!(0,taskdef_template/* isObject */.Gv)(value))
            return value;
        return Object.fromEntries(Object.entries(value).map(([key, member]) => {
            const below = path === '' ? key : `${path}.${key}`;
            return [key, walk(member, below, (0,schema/* memberType */.tD)(type, key))];
        }));
    };
    const resolve = (part, path) => {
        if (typeof part === 'string')
            return part;
        const { name, operator, argument } = part;
        const value = values.get(name);
        // As in a shell: the colon makes an empty value as good as none.
        if (value !== undefined && (value !== '' || operator === '}'))
            return value;
        if (operator === ':-')
            return split(argument)
                .map((inner) => resolve(inner, path))
                .join('');
        mistakes.push({
            subject: path,
            problem: `\${${name}} has no value${operator === ':?' && argument !== '' ? `: ${argument.replace(/\.$/, '')}` : ''}.`,
            remedy: remedyFor(name, values),
        });
        return part.text;
    };
    return { value: walk(tree, '', schema/* ROOT */.Dl), mistakes };
}
function remedyFor(name, values) {
    if (OF_THE_IMAGE.includes(name)) {
        return name === 'IMAGE'
            ? 'Build an image (input `repository`), give one (`image`), or name it in the task definition.'
            : `This run's image has none; write \${${name}:-...} for a default.`;
    }
    const meant = (0,spelling/* didYouMean */.a)(name, [...values.keys()]);
    return meant
        ? `Did you mean \${${meant}}? For the container's shell write $\${${name}}.`
        : `Add ${name}=... to the input \`variables\`, or write $\${${name}} to leave it to the container's shell.`;
}
/** A string as its plain text and its placeholders, in order; `$${NAME}` is plain text already. */
function split(text) {
    const parts = [];
    let from = 0;
    const plain = (piece) => void (piece !== '' && parts.push(piece));
    for (const found of text.matchAll(START)) {
        const [all, second = '', name = '', operator = '}'] = found;
        if (found.index < from)
            continue; // inside the default of the one before
        const end = operator === '}' ? found.index + all.length : endOf(text, found.index + all.length);
        if (end === undefined)
            continue;
        plain(text.slice(from, found.index));
        const whole = text.slice(found.index, end);
        if (second)
            plain(whole.slice(1));
        else {
            const argument = operator === '}' ? '' : whole.slice(all.length, -1);
            parts.push({ text: whole, name, operator: operator, argument });
        }
        from = end;
    }
    plain(text.slice(from));
    return parts;
}
/** Just behind the `}` that closes what was opened before `from`; braces in a default pair up (`${A:-${B}}`, `{"a":1}`). */
function endOf(text, from) {
    let depth = 1;
    for (let i = from; i < text.length; i++) {
        if (text[i] === '{')
            depth += 1;
        if (text[i] === '}')
            depth -= 1;
        if (depth === 0)
            return i + 1;
    }
    const first = text.indexOf('}', from); // a brace of its own: the first end counts
    return first === -1 ? undefined : first + 1;
}
/** Text as the type of its field, where it is one; else the text, which the check then refuses with the path. */
function typed(text, type) {
    if (type === 'integer' && /^-?\d{1,15}$/.test(text.trim()))
        return Number(text);
    if (type === 'boolean' && /^(true|false)$/i.test(text.trim()))
        return text.trim().toLowerCase() === 'true';
    return text;
}

// EXTERNAL MODULE: ./src/taskdef/schema-check.ts
var schema_check = __webpack_require__(7508);
;// CONCATENATED MODULE: ./src/taskdef/render.ts





/**
 * The revision to register: the template with its placeholders filled, the image put where it belongs, and the edits
 * that the inputs ask for, each an upsert that keeps the template's order. With no image and no edits it is the
 * template itself. Nothing is thrown: mistakes are collected, so that the check can tell all of them at once.
 */
function render(template, inputs, values) {
    const { image } = values;
    const variables = new Map([...values.builtIns, ...(image ? imageVariables(image) : []), ...inputs.variables]);
    const filled = substitute(template.definition, variables);
    const filledTags = substitute({ tags: template.tags }, variables);
    const mistakes = [...filled.mistakes, ...filledTags.mistakes];
    const definition = { ...filled.value };
    const names = (0,taskdef_template/* containersOf */.Mz)(definition).map(({ name }) => String(name ?? ''));
    const target = targetContainer((0,taskdef_template/* containersOf */.Mz)(template.definition), names, inputs.containerName);
    const images = new Map(inputs.images);
    for (const name of images.keys())
        if (!names.includes(name))
            mistakes.push(noContainer('images', name, names));
    if (target.kind === 'found' && image)
        images.set(target.name, images.get(target.name) ?? image.reference);
    if (target.kind === 'missing')
        mistakes.push(noContainer('container-name', target.name, names));
    // An image that only the template's ${IMAGE} uses, or edits that are not there, need no container.
    const wanted = (image !== undefined && !usesImage(template.definition)) || hasEdits(inputs.edits);
    if (target.kind === 'ambiguous' && wanted && names.length > 0)
        mistakes.push(whichContainer(names));
    if (Array.isArray(definition.containerDefinitions)) {
        definition.containerDefinitions = definition.containerDefinitions.map((container) => {
            if (!(0,taskdef_template/* isObject */.Gv)(container))
                return container;
            const name = String(container.name ?? '');
            const own = images.get(name);
            const withImage = own === undefined ? container : { ...container, image: own };
            return target.kind === 'found' && name === target.name ? editContainer(withImage, inputs.edits) : withImage;
        });
    }
    for (const [field, value] of taskFields(inputs))
        if (value !== undefined)
            definition[field] = value;
    return {
        definition: (0,schema_check/* coerce */.a)(definition),
        tags: upsertTags(filledTags.value.tags, inputs.tags),
        mistakes,
        ...(target.kind === 'found' ? { container: target.name } : {}),
    };
}
const taskFields = (inputs) => [
    ['cpu', inputs.cpu],
    ['memory', inputs.memory],
    ['taskRoleArn', inputs.taskRoleArn],
    ['executionRoleArn', inputs.executionRoleArn],
];
/** A tag or digest that nobody knows is no value: better told than rendered as nothing. */
const imageVariables = ({ reference, tags: [tag], digest }) => [
    ['IMAGE', reference],
    ...(tag === undefined ? [] : [['IMAGE_TAG', tag]]),
    ...(digest === undefined ? [] : [['IMAGE_DIGEST', digest]]),
];
/**
 * The named container, the only one, or the only one that asks for an image: none yet, `${IMAGE}` or a part of it, or a
 * word in angle brackets (`<IMAGE>`, `<image1_name>`), as AWS's own actions and samples write it.
 * @param given containers of the template, placeholders still in them
 * @param names of the same containers, placeholders filled
 */
function targetContainer(given, names, wanted) {
    if (wanted !== undefined)
        return { kind: names.includes(wanted) ? 'found' : 'missing', name: wanted };
    const asks = ({ image }) => typeof image !== 'string' || image.trim() === '' || ASKS.test(image) || /^<[^<>]*>$/.test(image.trim());
    const asking = names.filter((_, i) => given.length === 1 || asks(given[i] ?? {}));
    const [only, another] = asking;
    return only !== undefined && another === undefined ? { kind: 'found', name: only } : { kind: 'ambiguous' };
}
const ASKS = /(?<!\$)\$\{IMAGE(_TAG|_DIGEST)?(\}|:)/;
const usesImage = (definition) => (0,taskdef_template/* containersOf */.Mz)(definition).some(({ image }) => typeof image === 'string' && ASKS.test(image));
function hasEdits(edits) {
    return Object.values(edits).some((edit) => edit.length > 0);
}
function noContainer(input, name, names) {
    const meant = (0,spelling/* didYouMean */.a)(name, names);
    const remedy = meant ? `Did you mean \`${meant}\`?` : `It has ${names.map((n) => `\`${n}\``).join(', ') || 'none'}.`;
    return { subject: input, problem: `the task definition has no container \`${name}\`.`, remedy };
}
const whichContainer = (names) => ({
    subject: 'container-name',
    problem: `is needed: the task definition has the containers ${names.map((name) => `\`${name}\``).join(', ')}, and none of them alone asks for the image.`,
    remedy: `Name the container, use \`images\` for several, or write "image": "\${IMAGE}" in the template.`,
});
function upsertTags(tags, added) {
    const merged = new Map(tags.map(({ key, value }) => [key, value]));
    for (const [key, value] of added)
        merged.set(key, value);
    return [...merged].map(([key, value]) => ({ key, value }));
}

// EXTERNAL MODULE: ./src/world.ts
var src_world = __webpack_require__(3079);
// EXTERNAL MODULE: ./src/stories/own-tags.ts
var own_tags = __webpack_require__(9347);
;// CONCATENATED MODULE: ./src/stories/survey.ts









/** Looks at the service, its present revision and the template, and refuses what could never work. */
async function surveyService(inputs, looking, world, account) {
    const present = surveyPresent(inputs, looking, world);
    const [{ service, live, waves, fargate }, template] = await Promise.all([
        present,
        loadTemplate(inputs.template.source, async () => (await present).live, world),
    ]);
    const survey = { service, live, waves, fargate, template };
    // With a stand-in for the image that is still being built, so that a mistake ends the run now and not after it.
    const image = standIn(inputs, service);
    const rendered = renderFor(inputs, survey, world.runner.context, image);
    const draft = (0,check/* checked */.K)(rendered, template.name, fargate);
    account.step(`${service.name} runs ${(0,src_world/* nameOf */.V)(live)}. ${waves}`);
    if (template.dropped.length > 0) {
        world.console.line(`       read-only fields of ${template.name} left out: ${template.dropped.join(', ')}`);
    }
    return { ...survey, draft, ...(image ? { standIn: image } : {}) };
}
/**
 * The service and what it runs, where a deployment can be begun at all.
 * @throws Failure NOT_FOUND, INVALID_INPUT, IMPOSSIBLE_ROLLOUT, or CONFLICT with a deployment under way
 */
async function surveyPresent(inputs, looking, world) {
    const found = await looking;
    const { sentence } = (0,change/* checkService */._x)(inputs.service, found);
    const { service, live } = await meetActiveDeployment(found, inputs, world);
    const fargate = service.launchType === 'FARGATE' || service.capacityProviders.some((name) => name.startsWith('FARGATE'));
    return { service, live, waves: sentence, fargate };
}
/** An image that is not there yet, under the name it will have. */
function standIn({ image, aws }, { arn }) {
    const digest = `sha256:${'0'.repeat(64)}`;
    switch (image.kind) {
        case 'template':
            return undefined;
        case 'given':
            return { reference: image.reference, repository: image.reference, digest, tags: ['stand-in'] };
        case 'build': {
            const [, partition, , , account] = arn.split(':');
            const { tags } = image.build;
            const repository = (0,reference/* parseRepository */.SU)(image.build.repository, aws.region);
            const domain = partition === 'aws-cn' ? 'amazonaws.com.cn' : 'amazonaws.com';
            const host = {
                own: `${account}.dkr.ecr.${aws.region}.${domain}`,
                public: 'public.ecr.aws',
                ecr: 'host' in repository ? repository.host : '',
                other: 'host' in repository ? repository.host : '',
            }[repository.kind];
            const uri = `${host}/${repository.name}`;
            return { reference: `${uri}:${tags[0] ?? 'latest'}`, repository: uri, digest, tags };
        }
    }
}
/** The template with this run's values. */
function renderFor(inputs, { service, template }, context, image) {
    const builtIns = [
        ['GITHUB_SHA', context.sha],
        ['GITHUB_REF_NAME', context.refName],
        ['GITHUB_RUN_ID', context.runId],
        ['AWS_REGION', inputs.aws.region],
        ['AWS_ACCOUNT_ID', service.arn.split(':')[4] ?? ''],
    ];
    return render(template, inputs.template, { builtIns, ...(image ? { image } : {}) });
}
/** The family's newest revision: often the live one, which is described already. */
async function latestRevision(family, live, { ecs }) {
    try {
        const latest = await ecs.describeTaskDefinition(family);
        return latest.arn === live.arn ? live : latest;
    }
    catch (thrown) {
        const { code } = (0,failure/* asFailure */.h)(thrown);
        if (code === 'NOT_FOUND' || code === 'REFUSED')
            return undefined; // a new family
        throw thrown;
    }
}
/**
 * A deployment that is under way. One that an earlier attempt of this run began is no stranger: the run goes on where
 * that one stopped. Somebody else's is told, waited for, or a reason to stop, as the user wants it.
 */
async function meetActiveDeployment(service, inputs, world) {
    const { console, ecs, runner } = world;
    const revisionOf = (state) => ecs.describeTaskDefinition(state.taskDefinitionArn);
    const busy = busyIn(service);
    const revision = await revisionOf(service);
    if (!busy)
        return { service, live: revision };
    const before = (0,apply/* replacedBy */._0)(busy, service);
    if (busy.id === (0,apply/* primaryOf */.Os)(service)?.id && (0,own_tags/* isOurs */.MU)(revision.tags, runner.context)) {
        console.line(`An earlier attempt of this run began ${busy.id} with ${(0,src_world/* nameOf */.V)(revision)}, which is still under way.`);
        return { service, live: before ? await ecs.describeTaskDefinition(before.taskDefinitionArn) : revision };
    }
    const said = `A deployment of ${service.name} is under way: ${busy.id} with ${busy.taskDefinitionArn.split('/').at(-1)}.`;
    // Looking disturbs nobody; and a rollback is most often wanted because of the very deployment that is under way.
    const policy = inputs.mode === 'deploy' ? inputs.recovery.onActiveDeployment : 'warn';
    switch (policy) {
        case 'warn':
            if (inputs.mode === 'deploy')
                console.warning(`${said} Ours will take its place.`);
            else
                console.line(said);
            return { service, live: revision };
        case 'fail':
            throw new failure/* Failure */.H('CONFLICT', said, {
                remedy: 'Wait for it, or set `on-active-deployment: warn` to take its place.',
            });
        case 'wait': {
            console.line(`${said} Waiting for its end.`);
            const now = await itsEnd(service, said, inputs, world);
            return { service: now, live: await revisionOf(now) };
        }
    }
}
const busyIn = (state) => state.deployments.find(({ rolloutState }) => rolloutState === 'IN_PROGRESS');
async function itsEnd(service, said, inputs, world) {
    const until = world.clock.now() + inputs.watch.timeoutSeconds;
    let now = service;
    while (busyIn(now)) {
        if (world.clock.now() >= until)
            throw new failure/* Failure */.H('CONFLICT', `${said} It did not end in time.`);
        await world.clock.sleep(5, world.signal);
        [now = service] = await world.ecs.describeServices(inputs.service.cluster, [inputs.service.service]);
    }
    return now;
}


/***/ }),

/***/ 3320:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  K: () => (/* binding */ checked)
});

// EXTERNAL MODULE: ./src/failure.ts
var failure = __webpack_require__(1633);
// EXTERNAL MODULE: ./src/taskdef/fargate.ts
var taskdef_fargate = __webpack_require__(3862);
// EXTERNAL MODULE: ./src/spelling.ts
var spelling = __webpack_require__(9229);
// EXTERNAL MODULE: ./src/taskdef/template.ts
var template = __webpack_require__(1912);
;// CONCATENATED MODULE: ./src/taskdef/logging-rules.ts


/** ECS names them when they lack: "Log driver awslogs requires options: awslogs-group". */
const REQUIRED = {
    awslogs: ['awslogs-group', 'awslogs-region'],
    splunk: ['splunk-url', 'splunk-token'],
};
/**
 * Options of awslogs, by the API reference of LogConfiguration and Docker's own. ECS refuses others ("Log driver awslogs
 * disallows options: log_key").
 */
const AWSLOGS = [
    'awslogs-create-group',
    'awslogs-create-stream',
    'awslogs-credentials-endpoint',
    'awslogs-datetime-format',
    'awslogs-endpoint',
    'awslogs-force-flush-interval-seconds',
    'awslogs-format',
    'awslogs-group',
    'awslogs-max-buffered-events',
    'awslogs-multiline-pattern',
    'awslogs-region',
    'awslogs-stream',
    'awslogs-stream-prefix',
    'max-buffer-size',
    'mode',
    'tag',
];
/** A container's log driver and what it needs. Options' values are never shown: they may be tokens. */
function checkLogging(container, path, containers, say) {
    const log = (0,template/* isObject */.Gv)(container.logConfiguration) ? container.logConfiguration : undefined;
    if (!log)
        return;
    const options = (0,template/* isObject */.Gv)(log.options) ? log.options : {};
    const driver = String(log.logDriver ?? '');
    const given = [...Object.keys(options), ...(0,template/* asObjects */.Nt)(log.secretOptions).map(({ name }) => String(name))];
    const at = (option) => `${path}.logConfiguration.options.${option}`;
    for (const option of REQUIRED[driver] ?? []) {
        if (!given.includes(option))
            say(at(option), `is missing, and the log driver ${driver} requires it.`);
    }
    for (const option of driver === 'awslogs' ? Object.keys(options) : []) {
        if (AWSLOGS.includes(option))
            continue;
        const meant = (0,spelling/* didYouMean */.a)(option, AWSLOGS);
        say(at(option), 'is no option of the log driver awslogs.', meant ? `Did you mean \`${meant}\`?` : 'Remove it.');
    }
    if (options['awslogs-datetime-format'] !== undefined && options['awslogs-multiline-pattern'] !== undefined) {
        say(at('awslogs-multiline-pattern'), 'and awslogs-datetime-format exclude each other.', 'Keep one of them.');
    }
    if (driver === 'awsfirelens' && !containers.some(isRouter)) {
        say(`${path}.logConfiguration`, 'awsfirelens needs a container with a `firelensConfiguration` in the task.', 'Add the FireLens router container.');
    }
}
const isRouter = ({ firelensConfiguration }) => firelensConfiguration !== undefined;
/**
 * ECS refuses a router that nobody sends to: "When a firelensConfiguration object is specified, at least one container
 * has to be configured with the awsfirelens log driver."
 */
function checkRouters(containers, say) {
    const routers = containers.filter(isRouter);
    if (routers.length > 1) {
        say('containerDefinitions', 'has more than one FireLens container.', 'Keep one `firelensConfiguration`.');
    }
    const senders = containers.filter(({ logConfiguration }) => (0,template/* isObject */.Gv)(logConfiguration) && logConfiguration.logDriver === 'awsfirelens');
    if (routers.length > 0 && senders.length === 0) {
        say('containerDefinitions', `\`${String(routers[0]?.name)}\` is a FireLens router, but no container has the log driver awsfirelens.`, 'Give a container `"logConfiguration": {"logDriver": "awsfirelens"}`, or remove `firelensConfiguration`.');
    }
}

;// CONCATENATED MODULE: ./src/taskdef/say.ts
/** Families, containers and volumes, by the API reference of RegisterTaskDefinition. */
const NAME = /^[A-Za-z0-9_-]{1,255}$/;

;// CONCATENATED MODULE: ./src/taskdef/volume-rules.ts



/** Whether what a container mounts is there. */
function checkMounts(container, path, definition, say) {
    const volumes = (0,template/* asObjects */.Nt)(definition.volumes).map(({ name }) => String(name));
    for (const [i, { sourceVolume }] of (0,template/* asObjects */.Nt)(container.mountPoints).entries()) {
        if (typeof sourceVolume !== 'string' || volumes.includes(sourceVolume))
            continue;
        const meant = (0,spelling/* didYouMean */.a)(sourceVolume, volumes);
        say(`${path}.mountPoints[${i}].sourceVolume`, `there is no volume \`${sourceVolume}\`.`, meant ? `Did you mean \`${meant}\`?` : 'Declare it under `volumes`.');
    }
    const names = (0,template/* containersOf */.Mz)(definition).map(({ name }) => String(name));
    for (const [i, { sourceContainer }] of (0,template/* asObjects */.Nt)(container.volumesFrom).entries()) {
        if (names.includes(String(sourceContainer)))
            continue;
        say(`${path}.volumesFrom[${i}]`, `there is no container \`${String(sourceContainer)}\`.`);
    }
}
const KINDS = [
    'dockerVolumeConfiguration',
    'efsVolumeConfiguration',
    'fsxWindowsFileServerVolumeConfiguration',
    's3filesVolumeConfiguration',
];
/** The volumes that a task declares. https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Volume.html */
function checkVolumes(definition, say) {
    const volumes = (0,template/* asObjects */.Nt)(definition.volumes);
    for (const [i, volume] of volumes.entries()) {
        const at = `volumes[${i}]`;
        const { name } = volume;
        if (name === undefined)
            say(`${at}.name`, 'is missing.', 'Containers mount a volume by its name.');
        else if (typeof name === 'string' && !NAME.test(name))
            say(`${at}.name`, `\`${name}\` cannot be a volume's name.`, 'Use letters, digits, hyphens and underscores.');
        const kinds = KINDS.filter((kind) => volume[kind] !== undefined);
        if (kinds.length > 1)
            say(at, `is of several kinds: ${kinds.join(', ')}.`, 'Keep one of them.');
        checkFileSystem(volume.efsVolumeConfiguration, `${at}.efsVolumeConfiguration`, say);
    }
    if (volumes.filter(({ configuredAtLaunch }) => configuredAtLaunch === true).length > 1) {
        say('volumes', 'several are configured at launch, but a task definition may have one such.', 'Keep one of them.');
    }
}
/** https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_EFSVolumeConfiguration.html */
function checkFileSystem(efs, at, say) {
    if (!(0,template/* isObject */.Gv)(efs))
        return;
    const authorization = (0,template/* isObject */.Gv)(efs.authorizationConfig) ? efs.authorizationConfig : {};
    const { accessPointId, iam } = authorization;
    if ((accessPointId !== undefined || iam === 'ENABLED') && efs.transitEncryption !== 'ENABLED') {
        say(`${at}.transitEncryption`, `must be ENABLED to use ${accessPointId === undefined ? 'IAM authorization' : 'an access point'}.`, 'Write `"transitEncryption": "ENABLED"`.');
    }
    const { rootDirectory } = efs;
    if (accessPointId !== undefined && typeof rootDirectory === 'string' && rootDirectory !== '/') {
        say(`${at}.rootDirectory`, 'is set by the access point.', 'Remove it, or write "/".');
    }
}

;// CONCATENATED MODULE: ./src/taskdef/container-rules.ts





const MAX_ENVIRONMENT_FILES = 10;
/** MiB. Docker 20.10 reserves 6 for a container, Docker 19.03 and older 4: below that nothing starts anywhere. */
const MIN_MEMORY = 4;
/** What RegisterTaskDefinition refuses in one container, for any launch type. */
function checkContainer(container, path, definition, say) {
    const containers = (0,template/* containersOf */.Mz)(definition);
    checkNames(container, path, say);
    checkResources(container, path, definition, say);
    checkNetwork(container, path, definition, say);
    checkHealth(container, path, say);
    checkEnvironment(container, path, say);
    checkMounts(container, path, definition, say);
    checkLogging(container, path, containers, say);
    checkDependencies(container, path, containers, say);
}
function checkNames(container, path, say) {
    const { name, image } = container;
    if (name === undefined)
        say(`${path}.name`, 'is missing, and ECS requires it.');
    else if (typeof name === 'string' && !NAME.test(name)) {
        say(`${path}.name`, `\`${name}\` cannot be a container's name.`, 'Use letters, digits, hyphens and underscores.');
    }
    const at = `${path}.image`;
    if (image === undefined || image === '') {
        say(at, 'is missing.', 'Name the image, or let `container-name` or `images` put one in.');
    }
    else if (typeof image === 'string') {
        const [, digest] = image.split('@');
        if (/[<>[\]{}]|^\s|\s$/.test(image)) {
            say(at, `\`${image}\` is no image reference but a placeholder.`, 'Replace it by the image.');
        }
        else if (/[^\w:./#@-]/.test(image)) {
            say(at, `\`${image}\` has characters that no image reference has.`, 'Letters, digits and - _ : . / # @ are fine.');
        }
        else if (digest !== undefined && !/^sha256:[0-9A-Fa-f]{64}$/.test(digest)) {
            say(at, `\`${digest}\` is no digest.`, 'A digest is `sha256:` and 64 hexadecimal digits.');
        }
    }
}
function checkResources(container, path, definition, say) {
    const { memory, memoryReservation, cpu } = container;
    const taskMemory = typeof definition.memory === 'string' ? (0,taskdef_fargate/* memoryMib */.uD)(definition.memory) : undefined;
    const taskCpu = typeof definition.cpu === 'string' ? (0,taskdef_fargate/* cpuUnits */.MN)(definition.cpu) : undefined;
    if (memory === undefined && memoryReservation === undefined && definition.memory === undefined) {
        say(path, 'At least one of `memory` and `memoryReservation` is needed where the task has no memory.', 'Add for example `"memory": 512`.');
    }
    for (const [field, value] of Object.entries({ memory, memoryReservation })) {
        if (typeof value === 'number' && value < MIN_MEMORY)
            say(`${path}.${field}`, `${value} MiB is less than the ${MIN_MEMORY} MiB that ECS takes.`);
    }
    if (typeof memory === 'number' && typeof memoryReservation === 'number' && memory < memoryReservation) {
        say(`${path}.memoryReservation`, `${memoryReservation} MiB is more than the memory of ${memory} MiB.`, 'Reserve less than the hard limit.');
    }
    const wanted = typeof memory === 'number' ? memory : memoryReservation;
    if (typeof wanted === 'number' && taskMemory !== undefined && wanted > taskMemory) {
        say(`${path}.memory`, `${wanted} MiB is more than the task's ${taskMemory} MiB.`, 'Lower it or raise the task-level memory.');
    }
    if (typeof cpu === 'number' && taskCpu !== undefined && cpu > taskCpu) {
        say(`${path}.cpu`, `${cpu} CPU units is more than the task's ${taskCpu}.`, 'Lower it or raise the task-level cpu.');
    }
    for (const [i, { type, value, sharingStrategy }] of (0,template/* asObjects */.Nt)(container.resourceRequirements).entries()) {
        const at = `${path}.resourceRequirements[${i}]`;
        if (value === undefined && !(type === 'GPU' && sharingStrategy !== undefined))
            say(at, 'has no value.');
        if (type === 'GPU' && typeof value === 'string' && !/^([1-9]\d*|ALL)$/.test(value))
            say(`${at}.value`, `\`${value}\` is no number of GPUs.`, 'Write for example `"1"`, or `"ALL"`.');
        const devices = (0,template/* asObjects */.Nt)(definition.inferenceAccelerators).map(({ deviceName }) => deviceName);
        if (type === 'InferenceAccelerator' && typeof value === 'string' && !devices.includes(value))
            say(`${at}.value`, `there is no accelerator \`${value}\`.`, 'Declare it under `inferenceAccelerators`.');
    }
}
function checkNetwork(container, path, definition, say) {
    const mode = definition.networkMode;
    if (mode === 'none' && (0,template/* asObjects */.Nt)(container.portMappings).length > 0)
        say(`${path}.portMappings`, 'needs a network, but the network mode is none.', 'Remove it, or use another mode.');
    if (mode === 'awsvpc' && typeof container.hostname === 'string')
        say(`${path}.hostname`, 'is not available with the network mode awsvpc.', 'Remove it.');
    for (const [i, mapping] of (0,template/* asObjects */.Nt)(container.portMappings).entries()) {
        const at = `${path}.portMappings[${i}]`;
        const { containerPort, hostPort } = mapping;
        for (const port of [containerPort, hostPort]) {
            if (typeof port === 'number' && (port < 0 || port > 65535))
                say(at, `${port} is no port.`, 'Ports are 1 to 65535.');
        }
        if ((mode === 'awsvpc' || mode === 'host') &&
            typeof hostPort === 'number' &&
            hostPort !== containerPort &&
            hostPort !== 0) {
            say(`${at}.hostPort`, `with the network mode ${mode} it must equal containerPort ${containerPort} or be left out.`, 'Remove hostPort.');
        }
        const range = mapping.containerPortRange;
        if (containerPort === undefined && range === undefined)
            say(at, 'has no containerPort.');
        if (range !== undefined && (containerPort !== undefined || hostPort !== undefined))
            say(at, 'has a containerPortRange beside single ports.', 'Keep one of them.');
        if (typeof range === 'string' && !isRange(range))
            say(`${at}.containerPortRange`, `\`${range}\` is no range of ports.`, 'Write it as `8000-8010`.');
        const { name } = mapping;
        if (typeof name === 'string' && !/^[a-z0-9_][a-z0-9_-]{0,63}$/.test(name))
            say(`${at}.name`, `\`${name}\` cannot be a port's name.`, 'Use up to 64 small letters, digits, _ and -.');
    }
    const links = (0,template/* asStrings */.P7)(container.links);
    if (links.length > 0 && mode !== undefined && mode !== 'bridge') {
        say(`${path}.links`, `links work in bridge mode only, not in ${mode}.`, 'In awsvpc mode containers of a task reach each other at localhost.');
    }
    if (mode === 'awsvpc' && (0,template/* asObjects */.Nt)(container.extraHosts).length > 0) {
        say(`${path}.extraHosts`, 'is not available with the network mode awsvpc.', 'Remove it.');
    }
}
function isRange(text) {
    const [, first = '', last = ''] = /^(\d{1,5})-(\d{1,5})$/.exec(text) ?? [];
    return first !== '' && Number(first) >= 1 && Number(first) < Number(last) && Number(last) <= 65535;
}
/** Limits in seconds and times, by the API reference of HealthCheck. */
const HEALTH_RANGES = [
    ['interval', 5, 300],
    ['timeout', 2, 60],
    ['retries', 1, 10],
    ['startPeriod', 0, 300],
];
function checkHealth(container, path, say) {
    const restart = (0,template/* isObject */.Gv)(container.restartPolicy) ? container.restartPolicy.restartAttemptPeriod : undefined;
    if (typeof restart === 'number' && (restart < 60 || restart > 1800)) {
        const at = `${path}.restartPolicy.restartAttemptPeriod`;
        say(at, `${restart} is out of range.`, 'ECS takes 60 to 1800 seconds.');
    }
    const check = (0,template/* isObject */.Gv)(container.healthCheck) ? container.healthCheck : undefined;
    if (!check)
        return;
    for (const [field, min, max] of HEALTH_RANGES) {
        const value = check[field];
        if (typeof value === 'number' && (value < min || value > max)) {
            say(`${path}.healthCheck.${field}`, `${value} is out of range.`, `ECS takes ${min} to ${max}.`);
        }
    }
    if (Array.isArray(check.command) && check.command.length === 0)
        say(`${path}.healthCheck.command`, 'is empty.');
}
/** An ARN of Secrets Manager or SSM, or a parameter's name; never shown, as people paste the secret itself here. */
const SECRET = /^(arn:[\w-]+:(secretsmanager|ssm):[^\s<>]+|[\w./-]{1,2048})$/;
function checkEnvironment(container, path, say) {
    const names = (0,template/* asObjects */.Nt)(container.environment).map(({ name }) => String(name));
    const secrets = (0,template/* asObjects */.Nt)(container.secrets).map(({ name }) => String(name));
    for (const name of secrets) {
        if (names.includes(name) || secrets.indexOf(name) !== secrets.lastIndexOf(name)) {
            say(`${path}.secrets`, `\`${name}\` is given twice; a secret's name must be unique among secrets and environment variables.`, 'Remove one of them.');
        }
    }
    for (const { name, valueFrom } of (0,template/* asObjects */.Nt)(container.secrets)) {
        if (typeof valueFrom === 'string' && !SECRET.test(valueFrom)) {
            say(`${path}.secrets`, `the valueFrom of \`${String(name)}\` is neither an ARN nor the name of an SSM parameter.`, 'Give the ARN of the secret or parameter.');
        }
    }
    const files = (0,template/* asObjects */.Nt)(container.environmentFiles);
    if (files.length > MAX_ENVIRONMENT_FILES)
        say(`${path}.environmentFiles`, `${files.length} files are more than ${MAX_ENVIRONMENT_FILES}.`);
    for (const { value } of files) {
        if (typeof value === 'string' && !/^arn:aws[\w-]*:s3:::/.test(value)) {
            say(`${path}.environmentFiles`, `\`${value}\` is no S3 object.`, 'Give its ARN, such as arn:aws:s3:::BUCKET/app.env.');
        }
    }
}
function checkDependencies(container, path, containers, say) {
    for (const [i, { containerName, condition }] of (0,template/* asObjects */.Nt)(container.dependsOn).entries()) {
        const at = `${path}.dependsOn[${i}]`;
        const other = containers.find(({ name }) => name === containerName);
        if (containerName === container.name)
            say(at, 'a container cannot wait for itself.');
        else if (!other)
            say(at, `there is no container \`${String(containerName)}\`.`);
        else if (condition === 'HEALTHY' && other.healthCheck === undefined) {
            say(at, `waits for \`${String(containerName)}\` to be HEALTHY, which has no healthCheck.`, "Add one: ECS does not use the Dockerfile's.");
        }
        else if ((condition === 'COMPLETE' || condition === 'SUCCESS') && other.essential !== false) {
            say(at, `waits for \`${String(containerName)}\` to end (${condition}), but that one is essential: its end would end the task.`, 'Set `"essential": false` on it.');
        }
        if (other && other !== container && waitsFor(other, String(container.name), containers, new Set())) {
            say(at, `\`${String(container.name)}\` and \`${String(containerName)}\` wait for each other.`, 'Break the cycle.');
        }
    }
}
function waitsFor(from, name, containers, seen) {
    if (seen.has(from.name))
        return false;
    seen.add(from.name);
    return (0,template/* asObjects */.Nt)(from.dependsOn).some(({ containerName }) => {
        if (containerName === name)
            return true;
        const next = containers.find((container) => container.name === containerName);
        return next !== undefined && waitsFor(next, name, containers, seen);
    });
}

;// CONCATENATED MODULE: ./src/taskdef/rules.ts






/** https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-quotas.html */
const MAX_CONTAINERS = 10;
const MAX_BYTES = 64 * 1024;
const MAX_TAGS = 50;
const MAX_CONSTRAINTS = 10;
/**
 * What RegisterTaskDefinition refuses beyond its service model, for any launch type.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_definition_parameters.html
 */
function checkRules(definition, tags) {
    const mistakes = [];
    const say = (subject, problem, remedy) => void mistakes.push({ subject, problem, ...(remedy ? { remedy } : {}) });
    checkTask(definition, say);
    checkTags(tags, say);
    const containers = (0,template/* containersOf */.Mz)(definition);
    checkSet(definition, containers, say);
    checkSums(definition, containers, say);
    checkHostPorts(definition, containers, say);
    checkRouters(containers, say);
    checkVolumes(definition, say);
    for (const [i, container] of containers.entries()) {
        checkContainer(container, `containerDefinitions[${i}]`, definition, say);
    }
    return mistakes;
}
function checkTask(definition, say) {
    const { family, cpu, memory } = definition;
    if (typeof family === 'string' && !NAME.test(family)) {
        say('family', `\`${family}\` cannot be a family.`, 'Use up to 255 letters, digits, hyphens and underscores.');
    }
    if (typeof cpu === 'string' && (0,taskdef_fargate/* cpuUnits */.MN)(cpu) === undefined) {
        say('cpu', `\`${cpu}\` is no CPU size.`, 'Write CPU units ("256") or vCPUs ("0.25 vCPU").');
    }
    if (typeof memory === 'string' && (0,taskdef_fargate/* memoryMib */.uD)(memory) === undefined) {
        say('memory', `\`${memory}\` is no memory size.`, 'Write MiB ("512") or GB ("0.5 GB").');
    }
    for (const field of ['taskRoleArn', 'executionRoleArn']) {
        const role = definition[field];
        // A bare role name is accepted as well as an ARN.
        if (typeof role === 'string' && !/^(arn:aws[\w-]*:iam::\d{12}:role\/[\w+=,.@/-]+|[\w+=,.@-]{1,64})$/.test(role)) {
            say(field, `\`${role}\` is no role.`, 'Give its ARN, such as arn:aws:iam::123456789012:role/NAME.');
        }
    }
    const bytes = Buffer.byteLength(JSON.stringify(definition));
    if (bytes > MAX_BYTES) {
        say('task definition', `has ${bytes} bytes; ECS takes ${MAX_BYTES}.`, 'Move environment variables to env files or SSM parameters.');
    }
    const proxy = (0,template/* isObject */.Gv)(definition.proxyConfiguration) ? definition.proxyConfiguration : undefined;
    if (proxy && definition.networkMode !== 'awsvpc') {
        say('proxyConfiguration', 'needs the network mode awsvpc.', 'Write `"networkMode": "awsvpc"`.');
    }
    const names = (0,template/* containersOf */.Mz)(definition).map(({ name }) => name);
    if (proxy && typeof proxy.containerName === 'string' && !names.includes(proxy.containerName)) {
        say('proxyConfiguration.containerName', `there is no container \`${proxy.containerName}\`.`);
    }
    // Verbatim: "When you are specifying container secrets, you must also specify a value for 'executionRoleArn'."
    const holders = (0,template/* containersOf */.Mz)(definition).filter(({ secrets }) => (0,template/* asObjects */.Nt)(secrets).length > 0);
    if (holders.length > 0 && definition.executionRoleArn === undefined) {
        say('executionRoleArn', `is missing: ECS needs it to fetch the secrets of ${holders.map(({ name }) => `\`${String(name)}\``).join(', ')}.`, 'Give the execution role in the template or by the input `execution-role-arn`.');
    }
    const storage = (0,template/* isObject */.Gv)(definition.ephemeralStorage) ? definition.ephemeralStorage.sizeInGiB : undefined;
    if (typeof storage === 'number' && (storage < 21 || storage > 200)) {
        say('ephemeralStorage.sizeInGiB', `${storage} GiB is out of range.`, 'ECS gives 21 to 200 GiB (20 without it).');
    }
    if ((0,template/* asObjects */.Nt)(definition.placementConstraints).length > MAX_CONSTRAINTS) {
        say('placementConstraints', `has more than the ${MAX_CONSTRAINTS} that ECS takes.`);
    }
    if ((0,template/* asStrings */.P7)(definition.requiresCompatibilities).includes('EXTERNAL') && definition.networkMode === 'awsvpc') {
        say('networkMode', 'External instances do not support awsvpc.', 'Use bridge, host or none.');
    }
}
function checkTags(tags, say) {
    if (tags.length > MAX_TAGS)
        say('tags', `${tags.length} tags are more than the ${MAX_TAGS} that ECS takes.`);
    for (const { key, value } of tags) {
        if (key.length < 1 || key.length > 128)
            say('tags', `the key \`${key.slice(0, 40)}\` must have 1 to 128 characters.`);
        if (value.length > 256)
            say('tags', `the value of \`${key}\` has more than 256 characters.`);
        if (/[^\p{L}\p{Z}\p{N}_.:/=+\-@]/u.test(key + value))
            say('tags', `\`${key}\` has a character that no tag takes.`, 'Use letters, digits, spaces and _ . : / = + - @.');
        if (/^aws:/i.test(key))
            say('tags', `\`${key}\`: keys that begin with aws: belong to AWS.`, 'Choose another key.');
    }
}
function checkSet(definition, containers, say) {
    if (!Array.isArray(definition.containerDefinitions))
        return;
    if (containers.length === 0) {
        say('containerDefinitions', 'is empty: a task needs at least one container.');
        return;
    }
    if (containers.length > MAX_CONTAINERS) {
        say('containerDefinitions', `${containers.length} containers are more than the ${MAX_CONTAINERS} that ECS takes.`);
    }
    if (containers.every(({ essential }) => essential === false)) {
        say('containerDefinitions', 'has no essential container.', 'Leave out `"essential": false` on the main one.');
    }
    const repeated = (names) => [
        ...new Set(names.filter((name, i) => names.indexOf(name) !== i)),
    ];
    for (const name of repeated(containers.map(({ name }) => String(name)))) {
        say('containerDefinitions', `two containers are called \`${name}\`.`, 'Give each its own name.');
    }
    for (const name of repeated((0,template/* asObjects */.Nt)(definition.volumes).map(({ name }) => String(name)))) {
        say('volumes', `two volumes are called \`${name}\`.`, 'Give each its own name.');
    }
}
/** "The sum of all container 'cpu' values cannot be greater than the value of the task 'cpu'", and so for memory. */
function checkSums(definition, containers, say) {
    const size = (text, read) => typeof text === 'string' ? read(text) : undefined;
    const sum = (field) => containers.reduce((total, { [field]: value }) => total + (typeof value === 'number' ? value : 0), 0);
    const told = (field, limit) => containers.some(({ [field]: value }) => typeof value === 'number' && value > limit);
    const sums = [
        { field: 'cpu', unit: 'CPU units', of: 'cpu', limit: size(definition.cpu, taskdef_fargate/* cpuUnits */.MN) },
        { field: 'memoryReservation', unit: 'MiB', of: 'memory', limit: size(definition.memory, taskdef_fargate/* memoryMib */.uD) },
    ];
    for (const { field, unit, of, limit } of sums) {
        if (limit === undefined || sum(field) <= limit || told(field, limit))
            continue;
        say(of, `${limit} ${unit} is less than what the containers want together (${field}: ${sum(field)}).`, `Raise the task-level ${of}, or lower the containers'.`);
    }
}
/** "TCP host port '3000' is mapped multiple times in task." Containers of an awsvpc or host task share their ports. */
function checkHostPorts(definition, containers, say) {
    const shared = definition.networkMode === 'awsvpc' || definition.networkMode === 'host';
    const users = new Map();
    for (const { name, portMappings } of containers) {
        for (const { hostPort, containerPort, protocol } of (0,template/* asObjects */.Nt)(portMappings)) {
            const port = hostPort === undefined || hostPort === 0 ? (shared ? containerPort : undefined) : hostPort;
            if (typeof port !== 'number')
                continue;
            const key = `${String(protocol ?? 'tcp').toUpperCase()} host port ${port}`;
            users.set(key, [...(users.get(key) ?? []), String(name)]);
        }
    }
    for (const [port, names] of users) {
        if (names.length < 2)
            continue;
        const by = [...new Set(names)].map((name) => `\`${name}\``).join(' and ');
        say('containerDefinitions', `${port} is mapped more than once, by ${by}.`, 'Give each its own port.');
    }
}

// EXTERNAL MODULE: ./src/taskdef/schema-check.ts
var schema_check = __webpack_require__(7508);
;// CONCATENATED MODULE: ./src/taskdef/check.ts





/**
 * A rendered definition that ECS will take, or every reason why it would not, at once.
 * @param fargate whether the service runs on Fargate; a definition that asks for FARGATE is checked for it anyway
 * @throws Failure INVALID_TASK_DEFINITION
 */
function checked(rendered, name, fargate) {
    const { definition, tags } = rendered;
    const mistakes = [...rendered.mistakes, ...(0,schema_check/* checkSchema */._)(definition)];
    const asked = (0,template/* asStrings */.P7)(definition.requiresCompatibilities);
    const told = new Set(mistakes.map(({ subject }) => subject));
    const semantic = [
        ...checkRules(definition, tags),
        ...(asked.includes('FARGATE') || fargate ? (0,taskdef_fargate/* checkFargate */.Rb)(definition) : []),
    ];
    // One mistake a place: what the service model says of it comes first.
    mistakes.push(...semantic.filter(({ subject }) => !told.has(subject)));
    if (fargate && !asked.includes('FARGATE') && asked.length > 0) {
        mistakes.push({
            subject: 'requiresCompatibilities',
            problem: `is ${asked.join(', ')}, but the service runs on FARGATE.`,
            remedy: 'Add "FARGATE".',
        });
    }
    if (mistakes.length === 0)
        return definition;
    const count = mistakes.length === 1 ? 'one mistake' : `${mistakes.length} mistakes`;
    throw new failure/* Failure */.H('INVALID_TASK_DEFINITION', `The task definition ${name} has ${count}; nothing was registered.`, {
        mistakes,
    });
}


/***/ }),

/***/ 5889:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   e: () => (/* binding */ diffDefinitions)
/* harmony export */ });
/* harmony import */ var _normalise_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(8858);
/* harmony import */ var _template_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(1912);


/** Lists of {name, value} and maps: only which names came, went or changed is told; CI logs are often public. */
const HIDDEN = ['environment', 'secrets', 'dockerLabels'];
/** Fields whose text can carry a password (a command line, a health check). */
const HIDDEN_FIELDS = ['command', 'entryPoint', 'healthCheck', 'repositoryCredentials'];
/** Maps within a shown field whose values can be passwords (of a network drive, of a log's destination). */
const HIDDEN_MAPS = ['driverOpts', 'options'];
/** What `after` changes of `before`, both normalised first; the image first, then the rest in a stable order. */
function diffDefinitions(before, after) {
    const [old, now] = [(0,_normalise_js__WEBPACK_IMPORTED_MODULE_0__/* .normalise */ .j)(before), (0,_normalise_js__WEBPACK_IMPORTED_MODULE_0__/* .normalise */ .j)(after)];
    const differences = [];
    const containers = (definition) => new Map((0,_template_js__WEBPACK_IMPORTED_MODULE_1__/* .containersOf */ .Mz)(definition).map((container) => [String(container.name), container]));
    const [oldContainers, newContainers] = [containers(old), containers(now)];
    for (const name of new Set([...newContainers.keys(), ...oldContainers.keys()])) {
        const [was, is] = [oldContainers.get(name), newContainers.get(name)];
        const subject = `container ${name}`;
        if (!was)
            differences.push({ subject, kind: 'added', after: String(is?.image ?? '') });
        else if (!is)
            differences.push({ subject, kind: 'removed', before: String(was.image ?? '') });
        else
            differences.push(...diffContainer(was, is, subject));
    }
    differences.push(...diffFields(old, now, '', ['containerDefinitions']));
    return differences;
}
function diffContainer(was, is, subject) {
    const image = diffFields({ image: was.image ?? null }, { image: is.image ?? null }, `${subject}: `, []);
    const hidden = HIDDEN.flatMap((field) => diffNames(was[field], is[field], `${subject}: ${field}`));
    const rest = diffFields(was, is, `${subject}: `, ['image', 'logConfiguration', ...HIDDEN]);
    return [...image, ...hidden, ...diffLog(was.logConfiguration, is.logConfiguration, subject), ...rest];
}
/** The driver is shown, of its options (a token may be among them) only the names. */
function diffLog(before, after, subject) {
    const [was, is] = [(0,_template_js__WEBPACK_IMPORTED_MODULE_1__/* .isObject */ .Gv)(before) ? before : {}, (0,_template_js__WEBPACK_IMPORTED_MODULE_1__/* .isObject */ .Gv)(after) ? after : {}];
    return [
        ...diffFields(was, is, `${subject}: log configuration, `, ['options', 'secretOptions']),
        ...diffNames(was.options, is.options, `${subject}: log option`),
        ...diffNames(was.secretOptions, is.secretOptions, `${subject}: secret log option`),
    ];
}
function diffNames(was, is, prefix) {
    const entries = (given) => (0,_template_js__WEBPACK_IMPORTED_MODULE_1__/* .isObject */ .Gv)(given)
        ? new Map(Object.entries(given).map(([name, value]) => [name, JSON.stringify(value)]))
        : new Map((0,_template_js__WEBPACK_IMPORTED_MODULE_1__/* .asObjects */ .Nt)(given).map((entry) => [String(entry.name), JSON.stringify(entry)]));
    const [old, now] = [entries(was), entries(is)];
    return [...new Set([...old.keys(), ...now.keys()])].sort().flatMap((name) => {
        if (old.get(name) === now.get(name))
            return [];
        const kind = !old.has(name) ? 'added' : !now.has(name) ? 'removed' : 'changed';
        return [{ subject: `${prefix} ${name}`, kind }];
    });
}
function diffFields(was, is, prefix, skipped) {
    const fields = [...new Set([...Object.keys(was), ...Object.keys(is)])]
        .filter((field) => !skipped.includes(field))
        .sort();
    return fields.flatMap((field) => {
        const [before, after] = [was[field], is[field]];
        if (JSON.stringify(before) === JSON.stringify(after))
            return [];
        const kind = before === undefined ? 'added' : after === undefined ? 'removed' : 'changed';
        const subject = `${prefix}${field}`;
        if (HIDDEN_FIELDS.includes(field))
            return [{ subject, kind }];
        return [
            {
                subject,
                kind,
                ...(before === undefined ? {} : { before: shown(before) }),
                ...(after === undefined ? {} : { after: shown(after) }),
            },
        ];
    });
}
function shown(value) {
    const cover = (key, member) => HIDDEN_MAPS.includes(key) && (0,_template_js__WEBPACK_IMPORTED_MODULE_1__/* .isObject */ .Gv)(member) ? Object.keys(member) : member;
    const text = typeof value === 'string' ? value : JSON.stringify(value, cover);
    return text.length > 200 ? `${text.slice(0, 197)}...` : text;
}


/***/ }),

/***/ 3862:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   MN: () => (/* binding */ cpuUnits),
/* harmony export */   Rb: () => (/* binding */ checkFargate),
/* harmony export */   uD: () => (/* binding */ memoryMib)
/* harmony export */ });
/* harmony import */ var _template_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(1912);

/**
 * CPU units -> MiB that Fargate pairs with them.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-tasks-services.html#fargate-tasks-size
 */
const GIB = 1024;
const steps = (from, to, step) => Array.from({ length: (to - from) / step + 1 }, (_, i) => (from + i * step) * GIB);
const SIZES = new Map([
    [256, [512, ...steps(1, 2, 1)]],
    [512, steps(1, 4, 1)],
    [1024, steps(2, 8, 1)],
    [2048, steps(4, 16, 1)],
    [4096, steps(8, 30, 1)],
    [8192, steps(16, 60, 4)],
    [16384, steps(32, 120, 8)],
]);
/** `256`, `.25 vCPU`, `1 vcpu` -> CPU units; undefined for anything else. */
function cpuUnits(text) {
    const [, number = '', unit] = /^\s*(\d+|\d*\.\d+)\s*(vcpu)?\s*$/i.exec(text) ?? [];
    if (number === '')
        return undefined;
    const units = unit ? Number(number) * 1024 : Number(number);
    return Number.isInteger(units) ? units : undefined;
}
/** `512`, `1GB`, `0.5 GB` -> MiB; undefined for anything else. */
function memoryMib(text) {
    const [, number = '', unit] = /^\s*(\d+|\d*\.\d+)\s*(gb)?\s*$/i.exec(text) ?? [];
    if (number === '')
        return undefined;
    const mib = unit ? Number(number) * GIB : Number(number);
    return Number.isInteger(mib) ? mib : undefined;
}
/** What Fargate refuses, at registration or (`compatibilities` lack it) at UpdateService. */
function checkFargate(definition) {
    const mistakes = [];
    const say = (subject, problem, remedy) => void mistakes.push({ subject, problem, ...(remedy ? { remedy } : {}) });
    if (definition.networkMode !== 'awsvpc') {
        say('networkMode', 'Fargate tasks need the network mode awsvpc.', 'Write `"networkMode": "awsvpc"`.');
    }
    checkSize(definition, say);
    for (const field of ['ipcMode', 'placementConstraints', 'inferenceAccelerators']) {
        const value = definition[field];
        if (value !== undefined && !(Array.isArray(value) && value.length === 0))
            say(field, 'is not available on Fargate.', 'Remove it.');
    }
    if (definition.pidMode !== undefined && definition.pidMode !== 'task') {
        say('pidMode', 'Fargate shares processes within the task only.', 'Write `"pidMode": "task"` or remove it.');
    }
    checkExecutionRole(definition, say);
    for (const [i, volume] of (0,_template_js__WEBPACK_IMPORTED_MODULE_0__/* .asObjects */ .Nt)(definition.volumes).entries())
        checkVolume(volume, `volumes[${i}]`, say);
    for (const [i, container] of (0,_template_js__WEBPACK_IMPORTED_MODULE_0__/* .containersOf */ .Mz)(definition).entries()) {
        checkContainer(container, `containerDefinitions[${i}]`, say);
    }
    return mistakes;
}
function checkSize(definition, say) {
    const { cpu, memory } = definition;
    if (typeof cpu !== 'string')
        say('cpu', 'Fargate needs the task-level cpu.', 'Write for example `"cpu": "256"`.');
    if (typeof memory !== 'string')
        say('memory', 'Fargate needs the task-level memory.', 'Write for example `"memory": "512"`.');
    if (typeof cpu !== 'string' || typeof memory !== 'string')
        return;
    const units = cpuUnits(cpu);
    const mib = memoryMib(memory);
    if (units === undefined || mib === undefined)
        return; // the general check says it
    const sizes = SIZES.get(units);
    if (!sizes) {
        say('cpu', `${units} CPU units is no Fargate size.`, `Take one of ${[...SIZES.keys()].join(', ')}.`);
        return;
    }
    if (!sizes.includes(mib)) {
        const nearest = sizes.reduce((best, size) => (Math.abs(size - mib) < Math.abs(best - mib) ? size : best));
        say('memory', `${mib} MiB does not go with ${units} CPU units on Fargate.`, `With ${units} it takes ${rangeOf(sizes)} MiB; the nearest is ${nearest}.`);
    }
    const family = (0,_template_js__WEBPACK_IMPORTED_MODULE_0__/* .isObject */ .Gv)(definition.runtimePlatform)
        ? String(definition.runtimePlatform.operatingSystemFamily ?? '')
        : '';
    if (family.startsWith('WINDOWS') && units < 1024) {
        say('cpu', 'Windows tasks on Fargate start at 1024 CPU units (1 vCPU).', 'Write `"cpu": "1024"` and at least 2048 MiB.');
    }
}
const rangeOf = (sizes) => {
    const [first = 0, second = 0] = sizes;
    const last = sizes.at(-1) ?? 0;
    return sizes.length <= 4 ? sizes.join(', ') : `${first} to ${last} in steps of ${second - first}`;
};
function checkVolume(volume, path, say) {
    const host = (0,_template_js__WEBPACK_IMPORTED_MODULE_0__/* .isObject */ .Gv)(volume.host) ? volume.host : {};
    if (host.sourcePath !== undefined && host.sourcePath !== '') {
        say(`${path}.host.sourcePath`, 'Fargate has no host to take a folder from.', 'Use an EFS volume, or leave `host` empty for task storage.');
    }
    for (const field of ['dockerVolumeConfiguration', 'fsxWindowsFileServerVolumeConfiguration']) {
        if (volume[field] !== undefined)
            say(`${path}.${field}`, 'is not available on Fargate.', 'Use an EFS or EBS volume.');
    }
}
/** "Fargate requires task definition to have execution role ARN to support ECR images" (or: log driver awslogs). */
function checkExecutionRole(definition, say) {
    const containers = (0,_template_js__WEBPACK_IMPORTED_MODULE_0__/* .containersOf */ .Mz)(definition);
    // For secrets every launch type needs it, which the general rules say.
    if (definition.executionRoleArn !== undefined || containers.some(({ secrets }) => (0,_template_js__WEBPACK_IMPORTED_MODULE_0__/* .asObjects */ .Nt)(secrets).length > 0))
        return;
    const reasons = [
        ...(containers.some(({ image }) => PRIVATE_ECR.test(String(image))) ? ['pull images from ECR'] : []),
        ...(containers.some(({ logConfiguration: log }) => (0,_template_js__WEBPACK_IMPORTED_MODULE_0__/* .isObject */ .Gv)(log) && log.logDriver === 'awslogs')
            ? ['write to the log driver awslogs']
            : []),
    ];
    if (reasons.length === 0)
        return;
    say('executionRoleArn', `is missing: Fargate needs it to ${reasons.join(' and to ')}.`, 'Give the execution role in the template or by the input `execution-role-arn`.');
}
const PRIVATE_ECR = /^\d{12}\.dkr[.-]ecr[.-]/;
const DRIVERS = ['awslogs', 'splunk', 'awsfirelens'];
function checkContainer(container, path, say) {
    for (const field of ['links', 'dockerSecurityOptions', 'extraHosts', 'privileged']) {
        const value = container[field];
        const empty = value === undefined || value === false || (Array.isArray(value) && value.length === 0);
        if (!empty)
            say(`${path}.${field}`, 'is not available on Fargate.', 'Remove it.');
    }
    const linux = (0,_template_js__WEBPACK_IMPORTED_MODULE_0__/* .isObject */ .Gv)(container.linuxParameters) ? container.linuxParameters : {};
    for (const field of ['devices', 'sharedMemorySize', 'maxSwap', 'swappiness']) {
        const value = linux[field];
        if (value !== undefined && !(Array.isArray(value) && value.length === 0)) {
            say(`${path}.linuxParameters.${field}`, 'is not available on Fargate.', 'Remove it.');
        }
    }
    const capabilities = (0,_template_js__WEBPACK_IMPORTED_MODULE_0__/* .isObject */ .Gv)(linux.capabilities) ? (0,_template_js__WEBPACK_IMPORTED_MODULE_0__/* .asStrings */ .P7)(linux.capabilities.add) : [];
    const others = capabilities.filter((capability) => capability !== 'SYS_PTRACE');
    if (others.length > 0) {
        say(`${path}.linuxParameters.capabilities.add`, `${others.join(', ')} cannot be added on Fargate.`, 'SYS_PTRACE is the only one.');
    }
    for (const type of new Set((0,_template_js__WEBPACK_IMPORTED_MODULE_0__/* .asObjects */ .Nt)(container.resourceRequirements).map((requirement) => String(requirement.type)))) {
        const what = type === 'GPU' ? 'GPUs' : `${type}s`;
        say(`${path}.resourceRequirements`, `Fargate has no ${what}.`, 'Run the service on EC2 or Managed Instances.');
    }
    for (const field of ['startTimeout', 'stopTimeout']) {
        const seconds = container[field];
        if (typeof seconds === 'number' && (seconds < 2 || seconds > 120))
            say(`${path}.${field}`, `${seconds} seconds is out of range.`, 'Fargate takes 2 to 120.');
    }
    const router = (0,_template_js__WEBPACK_IMPORTED_MODULE_0__/* .isObject */ .Gv)(container.firelensConfiguration) ? container.firelensConfiguration.options : undefined;
    if ((0,_template_js__WEBPACK_IMPORTED_MODULE_0__/* .isObject */ .Gv)(router) && router['config-file-type'] === 's3') {
        say(`${path}.firelensConfiguration.options.config-file-type`, 'must be file on Fargate.', 'Put the configuration into the image of the log router.');
    }
    const log = (0,_template_js__WEBPACK_IMPORTED_MODULE_0__/* .isObject */ .Gv)(container.logConfiguration) ? container.logConfiguration : undefined;
    if (!log)
        return;
    const driver = String(log.logDriver ?? '');
    if (!DRIVERS.includes(driver)) {
        say(`${path}.logConfiguration.logDriver`, `\`${driver}\` is not available on Fargate.`, `Use ${DRIVERS.join(', ')}.`);
    }
    const options = (0,_template_js__WEBPACK_IMPORTED_MODULE_0__/* .isObject */ .Gv)(log.options) ? log.options : {};
    if (driver === 'awslogs' && !options['awslogs-stream-prefix']) {
        say(`${path}.logConfiguration.options.awslogs-stream-prefix`, 'is missing, and Fargate requires it.', 'Add for example `"awslogs-stream-prefix": "ecs"`.');
    }
}


/***/ }),

/***/ 8858:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   j: () => (/* binding */ normalise),
/* harmony export */   u: () => (/* binding */ sameDefinition)
/* harmony export */ });
/* harmony import */ var _fargate_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(3862);
/* harmony import */ var _template_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(1912);


/**
 * One form for all definitions that mean the same to ECS: what it adds by itself (defaults; `enableFaultInjection: false`
 * stands in every description), what it ignores (the order of environment, secrets and ports, empty lists) and what can
 * be written in two ways ("0.25 vCPU" is 256, a role's name is its ARN).
 */
function normalise(definition) {
    const { cpu, memory, networkMode } = definition;
    const compatibilities = Array.isArray(definition.requiresCompatibilities) ? definition.requiresCompatibilities : [];
    const task = {
        ...definition,
        ...(typeof cpu === 'string' ? { cpu: String((0,_fargate_js__WEBPACK_IMPORTED_MODULE_0__/* .cpuUnits */ .MN)(cpu) ?? cpu) } : {}),
        ...(typeof memory === 'string' ? { memory: String((0,_fargate_js__WEBPACK_IMPORTED_MODULE_0__/* .memoryMib */ .uD)(memory) ?? memory) } : {}),
        ...roleName('taskRoleArn', definition),
        ...roleName('executionRoleArn', definition),
        requiresCompatibilities: [...compatibilities].sort(),
        volumes: byKey((0,_template_js__WEBPACK_IMPORTED_MODULE_1__/* .asObjects */ .Nt)(definition.volumes), 'name').map(normaliseVolume),
        containerDefinitions: (0,_template_js__WEBPACK_IMPORTED_MODULE_1__/* .containersOf */ .Mz)(definition).map((container) => normaliseContainer(container, networkMode)),
    };
    return sortedKeys(withoutEmpty(task));
}
/** Whether ECS would run both in the same way. */
const sameDefinition = (a, b) => JSON.stringify(normalise(a)) === JSON.stringify(normalise(b));
/** Within an account a role's name is unique whatever its path, and ECS describes a bare name as an ARN. */
function roleName(field, definition) {
    const role = definition[field];
    return typeof role === 'string' ? { [field]: role.split('/').at(-1) ?? role } : {};
}
function normaliseVolume(volume) {
    const { efsVolumeConfiguration: efs } = volume;
    if (!(0,_template_js__WEBPACK_IMPORTED_MODULE_1__/* .isObject */ .Gv)(efs))
        return volume;
    const { rootDirectory, transitEncryption, authorizationConfig, ...rest } = efs;
    const { iam, ...access } = (0,_template_js__WEBPACK_IMPORTED_MODULE_1__/* .isObject */ .Gv)(authorizationConfig) ? authorizationConfig : {};
    return {
        ...volume,
        efsVolumeConfiguration: {
            ...rest,
            rootDirectory: rootDirectory ?? '/',
            transitEncryption: transitEncryption ?? 'DISABLED',
            authorizationConfig: { ...access, iam: iam ?? 'DISABLED' },
        },
    };
}
function normaliseContainer(container, networkMode) {
    const { cpu, essential, healthCheck, portMappings, restartPolicy, ...rest } = container;
    const ports = (0,_template_js__WEBPACK_IMPORTED_MODULE_1__/* .asObjects */ .Nt)(portMappings).map((mapping) => {
        const { hostPort, protocol, ...others } = mapping;
        // ECS fills in hostPort = containerPort with awsvpc and host; 0 and absent are both "any port" with bridge.
        const same = networkMode === 'awsvpc' || networkMode === 'host';
        const shown = hostPort === 0 || (same && hostPort === mapping.containerPort) ? undefined : hostPort;
        return { ...others, protocol: protocol ?? 'tcp', ...(shown === undefined ? {} : { hostPort: shown }) };
    });
    return {
        ...rest,
        ...(cpu === undefined || cpu === 0 ? {} : { cpu }),
        essential: essential ?? true,
        ...((0,_template_js__WEBPACK_IMPORTED_MODULE_1__/* .isObject */ .Gv)(healthCheck) ? { healthCheck: { interval: 30, timeout: 5, retries: 3, ...healthCheck } } : {}),
        ...((0,_template_js__WEBPACK_IMPORTED_MODULE_1__/* .isObject */ .Gv)(restartPolicy) ? { restartPolicy: { restartAttemptPeriod: 300, ...restartPolicy } } : {}),
        portMappings: byKey(ports, 'containerPort', 'protocol'),
        environment: byKey((0,_template_js__WEBPACK_IMPORTED_MODULE_1__/* .asObjects */ .Nt)(container.environment), 'name'),
        secrets: byKey((0,_template_js__WEBPACK_IMPORTED_MODULE_1__/* .asObjects */ .Nt)(container.secrets), 'name'),
    };
}
function byKey(list, ...keys) {
    const text = (item) => JSON.stringify(keys.map((key) => item[key] ?? null));
    return [...list].sort((a, b) => (text(a) < text(b) ? -1 : text(a) > text(b) ? 1 : 0));
}
function withoutEmpty(value) {
    if (Array.isArray(value))
        return value.map(withoutEmpty);
    if (!(0,_template_js__WEBPACK_IMPORTED_MODULE_1__/* .isObject */ .Gv)(value))
        return value;
    return Object.fromEntries(Object.entries(value)
        .map(([key, member]) => [key, withoutEmpty(member)])
        .filter(([key, member]) => !isEmpty(member) && !(member === false && key !== 'essential')));
}
/** Every switch but `essential` is off unless it is set. */
const isEmpty = (value) => (Array.isArray(value) && value.length === 0) || ((0,_template_js__WEBPACK_IMPORTED_MODULE_1__/* .isObject */ .Gv)(value) && Object.keys(value).length === 0);
function sortedKeys(value) {
    if (Array.isArray(value))
        return value.map(sortedKeys);
    if (!(0,_template_js__WEBPACK_IMPORTED_MODULE_1__/* .isObject */ .Gv)(value))
        return value;
    return Object.fromEntries(Object.keys(value)
        .sort()
        .map((key) => [key, sortedKeys(value[key] ?? null)]));
}


/***/ }),

/***/ 5551:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   Ft: () => (/* binding */ isSame),
/* harmony export */   im: () => (/* binding */ OWN_TAG),
/* harmony export */   kz: () => (/* binding */ register),
/* harmony export */   xE: () => (/* binding */ AWS_TAG)
/* harmony export */ });
/* harmony import */ var _normalise_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(8858);

/** Tags that a deploy writes to find its commit again; they differ on every run and make no new revision. */
const OWN_TAG = /^ecs-rollout:/;
/** Written by AWS (`aws:cloudformation:...`) where nobody else may. */
const AWS_TAG = /^aws:/i;
/**
 * Registers the definition, or reuses the family's latest ACTIVE revision when ECS would run both in the same way: a
 * re-run must not leave a row of equal revisions.
 * @param latest the newest revision of the family, undefined when there is none
 */
async function register(definition, tags, latest, ecs) {
    if (isSame(latest, definition, tags))
        return { revision: latest, reused: true };
    return { revision: await ecs.registerTaskDefinition(definition, tags), reused: false };
}
/** Whether the family's latest revision is this definition already, with the user's tags. */
const isSame = (latest, definition, tags) => latest?.status === 'ACTIVE' && (0,_normalise_js__WEBPACK_IMPORTED_MODULE_0__/* .sameDefinition */ .u)(latest.definition, definition) && sameTags(latest.tags, tags);
function sameTags(a, b) {
    const text = (tags) => JSON.stringify(tags
        .filter(({ key }) => !OWN_TAG.test(key) && !AWS_TAG.test(key))
        .map(({ key, value }) => [key, value])
        .sort());
    return text(a) === text(b);
}


/***/ }),

/***/ 7508:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   _: () => (/* binding */ checkSchema),
/* harmony export */   a: () => (/* binding */ coerce)
/* harmony export */ });
/* harmony import */ var _spelling_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(9229);
/* harmony import */ var _schema_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(4617);
/* harmony import */ var _template_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(1912);



/**
 * Every place where a definition departs from the service model: unknown fields (the SDK would drop them without a
 * word), wrong types (it would send them as they are), values outside an enumeration, required members that lack.
 */
function checkSchema(definition) {
    return [...mistakesOf(definition, _schema_js__WEBPACK_IMPORTED_MODULE_0__/* .ROOT */ .Dl, '')];
}
function* mistakesOf(value, type, path) {
    const wrong = (expected) => ({
        subject: path,
        problem: `is ${kindOf(value)}, but ECS takes ${expected} here.`,
        ...(remedyFor(value, expected, path) ?? {}),
    });
    if (type.endsWith('[]')) {
        if (!Array.isArray(value))
            return yield wrong('a list');
        for (const [i, item] of value.entries())
            yield* mistakesOf(item, type.slice(0, -2), `${path}[${i}]`);
        return;
    }
    const structure = (0,_schema_js__WEBPACK_IMPORTED_MODULE_0__/* .structureOf */ .pH)(type);
    if (structure) {
        if (!(0,_template_js__WEBPACK_IMPORTED_MODULE_1__/* .isObject */ .Gv)(value))
            return yield wrong('an object');
        return yield* membersOf(value, type, structure, path);
    }
    const enumeration = (0,_schema_js__WEBPACK_IMPORTED_MODULE_0__/* .enumerationOf */ .F0)(type);
    if (enumeration) {
        if (typeof value !== 'string')
            return yield wrong('a string');
        if (!enumeration.includes(value))
            yield notOneOf(value, enumeration, path);
        return;
    }
    switch (type) {
        case 'map':
            if (!(0,_template_js__WEBPACK_IMPORTED_MODULE_1__/* .isObject */ .Gv)(value))
                return yield wrong('an object of strings');
            for (const [key, item] of Object.entries(value))
                yield* mistakesOf(item, 'string', `${path}.${key}`);
            return;
        case 'integer':
            if (typeof value !== 'number' || !Number.isInteger(value))
                yield wrong('an integer');
            return;
        case 'boolean':
            if (typeof value !== 'boolean')
                yield wrong('true or false');
            return;
        default:
            if (typeof value !== 'string')
                yield wrong('a string');
    }
}
function* membersOf(value, type, { required, members }, path) {
    const at = (member) => (path === '' ? member : `${path}.${member}`);
    for (const [member, item] of Object.entries(value)) {
        if (Object.hasOwn(members, member))
            yield* mistakesOf(item, (0,_schema_js__WEBPACK_IMPORTED_MODULE_0__/* .memberType */ .tD)(type, member), at(member));
        else
            yield unknownField(at(member), member, Object.keys(members));
    }
    for (const member of required) {
        if (value[member] === undefined)
            yield { subject: at(member), problem: 'is missing, and ECS requires it.', ...(EXAMPLES[at(member)] ?? {}) };
    }
}
const EXAMPLES = {
    family: { remedy: 'Add for example `"family": "web"`, the name that all revisions share.' },
    containerDefinitions: { remedy: 'Add `"containerDefinitions": [{"name": "app", "image": "..."}]`.' },
};
function unknownField(path, member, known) {
    const meant = (0,_spelling_js__WEBPACK_IMPORTED_MODULE_2__/* .didYouMean */ .a)(member, known);
    return {
        subject: path,
        problem: 'is no field of a task definition here, and ECS would never see it.',
        remedy: meant ? `Did you mean \`${meant}\`?` : 'Remove it.',
    };
}
function notOneOf(value, enumeration, path) {
    const meant = (0,_spelling_js__WEBPACK_IMPORTED_MODULE_2__/* .didYouMean */ .a)(value, enumeration);
    return {
        subject: path,
        problem: `\`${value}\` is none of ${enumeration.join(', ')}.`,
        ...(meant ? { remedy: `Did you mean \`${meant}\`?` } : {}),
    };
}
function kindOf(value) {
    if (value === null)
        return 'null';
    if (Array.isArray(value))
        return 'a list';
    if (typeof value === 'number')
        return `the number ${value}`;
    return typeof value === 'string' ? 'a string' : typeof value === 'boolean' ? `${value}` : 'an object';
}
/** Said only where it is sure what was meant. The value itself may be a secret and is not repeated. */
function remedyFor(value, expected, path) {
    if (expected === 'a list') {
        const remedy = path.endsWith('.environment') && (0,_template_js__WEBPACK_IMPORTED_MODULE_1__/* .isObject */ .Gv)(value) ? 'Write [{"name": ..., "value": ...}].' : undefined;
        return { remedy: remedy ?? 'Put it in [ ].' };
    }
    if (expected === 'an object' && Array.isArray(value))
        return { remedy: 'Take it out of [ ].' };
    if (typeof value !== 'string')
        return undefined;
    if (expected === 'an integer' && /^-?\d+$/.test(value))
        return { remedy: 'Write it without quotes.' };
    if (expected === 'true or false' && /^(true|false)$/i.test(value))
        return { remedy: 'Write it without quotes.' };
    return undefined;
}
/**
 * Numbers and booleans where the model has a string become that string: `cpu: 256` in YAML can only mean "256", and
 * nothing is lost. The other way round is a mistake that `checkSchema` tells.
 */
function coerce(definition) {
    return coerced(definition, _schema_js__WEBPACK_IMPORTED_MODULE_0__/* .ROOT */ .Dl);
}
function coerced(value, type) {
    if (Array.isArray(value))
        return value.map((item) => coerced(item, type.endsWith('[]') ? type.slice(0, -2) : ''));
    if ((0,_template_js__WEBPACK_IMPORTED_MODULE_1__/* .isObject */ .Gv)(value)) {
        return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, coerced(item, (0,_schema_js__WEBPACK_IMPORTED_MODULE_0__/* .memberType */ .tD)(type, key))]));
    }
    return type === 'string' && (typeof value === 'number' || typeof value === 'boolean') ? String(value) : value;
}


/***/ }),

/***/ 4617:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  Dl: () => (/* binding */ ROOT),
  F0: () => (/* binding */ enumerationOf),
  tD: () => (/* binding */ memberType),
  pH: () => (/* binding */ structureOf)
});

;// CONCATENATED MODULE: ./src/taskdef/schema.generated.ts
// Made by scripts/task-definition-schema.ts from the AWS SDK's service model: do not edit.
/** `string`, `integer`, `boolean`, `map` (of strings), a structure or an enumeration; `[]` after it: a list. */
const STRUCTURES = {
    "RegisterTaskDefinitionRequest": {
        "required": [
            "family",
            "containerDefinitions"
        ],
        "members": {
            "family": "string",
            "containerDefinitions": "ContainerDefinition[]",
            "taskRoleArn": "string",
            "executionRoleArn": "string",
            "networkMode": "NetworkMode",
            "volumes": "Volume[]",
            "placementConstraints": "TaskDefinitionPlacementConstraint[]",
            "requiresCompatibilities": "Compatibility[]",
            "cpu": "string",
            "memory": "string",
            "tags": "Tag[]",
            "pidMode": "PidMode",
            "ipcMode": "IpcMode",
            "proxyConfiguration": "ProxyConfiguration",
            "inferenceAccelerators": "InferenceAccelerator[]",
            "ephemeralStorage": "EphemeralStorage",
            "runtimePlatform": "RuntimePlatform",
            "enableFaultInjection": "boolean"
        }
    },
    "ContainerDefinition": {
        "required": [],
        "members": {
            "name": "string",
            "image": "string",
            "repositoryCredentials": "RepositoryCredentials",
            "cpu": "integer",
            "memory": "integer",
            "memoryReservation": "integer",
            "links": "string[]",
            "portMappings": "PortMapping[]",
            "essential": "boolean",
            "restartPolicy": "ContainerRestartPolicy",
            "entryPoint": "string[]",
            "command": "string[]",
            "environment": "KeyValuePair[]",
            "environmentFiles": "EnvironmentFile[]",
            "mountPoints": "MountPoint[]",
            "volumesFrom": "VolumeFrom[]",
            "linuxParameters": "LinuxParameters",
            "secrets": "Secret[]",
            "dependsOn": "ContainerDependency[]",
            "startTimeout": "integer",
            "stopTimeout": "integer",
            "versionConsistency": "VersionConsistency",
            "hostname": "string",
            "user": "string",
            "workingDirectory": "string",
            "disableNetworking": "boolean",
            "privileged": "boolean",
            "readonlyRootFilesystem": "boolean",
            "dnsServers": "string[]",
            "dnsSearchDomains": "string[]",
            "extraHosts": "HostEntry[]",
            "dockerSecurityOptions": "string[]",
            "interactive": "boolean",
            "pseudoTerminal": "boolean",
            "dockerLabels": "map",
            "ulimits": "Ulimit[]",
            "logConfiguration": "LogConfiguration",
            "healthCheck": "HealthCheck",
            "systemControls": "SystemControl[]",
            "resourceRequirements": "ResourceRequirement[]",
            "firelensConfiguration": "FirelensConfiguration",
            "credentialSpecs": "string[]"
        }
    },
    "RepositoryCredentials": {
        "required": [
            "credentialsParameter"
        ],
        "members": {
            "credentialsParameter": "string"
        }
    },
    "PortMapping": {
        "required": [],
        "members": {
            "containerPort": "integer",
            "hostPort": "integer",
            "protocol": "TransportProtocol",
            "name": "string",
            "appProtocol": "ApplicationProtocol",
            "containerPortRange": "string"
        }
    },
    "ContainerRestartPolicy": {
        "required": [
            "enabled"
        ],
        "members": {
            "enabled": "boolean",
            "ignoredExitCodes": "integer[]",
            "restartAttemptPeriod": "integer"
        }
    },
    "KeyValuePair": {
        "required": [],
        "members": {
            "name": "string",
            "value": "string"
        }
    },
    "EnvironmentFile": {
        "required": [
            "value",
            "type"
        ],
        "members": {
            "value": "string",
            "type": "EnvironmentFileType"
        }
    },
    "MountPoint": {
        "required": [],
        "members": {
            "sourceVolume": "string",
            "containerPath": "string",
            "readOnly": "boolean"
        }
    },
    "VolumeFrom": {
        "required": [],
        "members": {
            "sourceContainer": "string",
            "readOnly": "boolean"
        }
    },
    "LinuxParameters": {
        "required": [],
        "members": {
            "capabilities": "KernelCapabilities",
            "devices": "Device[]",
            "initProcessEnabled": "boolean",
            "sharedMemorySize": "integer",
            "tmpfs": "Tmpfs[]",
            "maxSwap": "integer",
            "swappiness": "integer"
        }
    },
    "KernelCapabilities": {
        "required": [],
        "members": {
            "add": "string[]",
            "drop": "string[]"
        }
    },
    "Device": {
        "required": [
            "hostPath"
        ],
        "members": {
            "hostPath": "string",
            "containerPath": "string",
            "permissions": "DeviceCgroupPermission[]"
        }
    },
    "Tmpfs": {
        "required": [
            "containerPath",
            "size"
        ],
        "members": {
            "containerPath": "string",
            "size": "integer",
            "mountOptions": "string[]"
        }
    },
    "Secret": {
        "required": [
            "name",
            "valueFrom"
        ],
        "members": {
            "name": "string",
            "valueFrom": "string"
        }
    },
    "ContainerDependency": {
        "required": [
            "containerName",
            "condition"
        ],
        "members": {
            "containerName": "string",
            "condition": "ContainerCondition"
        }
    },
    "HostEntry": {
        "required": [
            "hostname",
            "ipAddress"
        ],
        "members": {
            "hostname": "string",
            "ipAddress": "string"
        }
    },
    "Ulimit": {
        "required": [
            "name",
            "softLimit",
            "hardLimit"
        ],
        "members": {
            "name": "UlimitName",
            "softLimit": "integer",
            "hardLimit": "integer"
        }
    },
    "LogConfiguration": {
        "required": [
            "logDriver"
        ],
        "members": {
            "logDriver": "LogDriver",
            "options": "map",
            "secretOptions": "Secret[]"
        }
    },
    "HealthCheck": {
        "required": [
            "command"
        ],
        "members": {
            "command": "string[]",
            "interval": "integer",
            "timeout": "integer",
            "retries": "integer",
            "startPeriod": "integer"
        }
    },
    "SystemControl": {
        "required": [],
        "members": {
            "namespace": "string",
            "value": "string"
        }
    },
    "ResourceRequirement": {
        "required": [
            "type"
        ],
        "members": {
            "type": "ResourceType",
            "value": "string",
            "sharingStrategy": "SharingStrategy"
        }
    },
    "SharingStrategy": {
        "required": [],
        "members": {
            "nvidiaMps": "NvidiaMpsAllocation"
        }
    },
    "NvidiaMpsAllocation": {
        "required": [
            "memory"
        ],
        "members": {
            "memory": "integer",
            "maxComputePercent": "integer"
        }
    },
    "FirelensConfiguration": {
        "required": [
            "type"
        ],
        "members": {
            "type": "FirelensConfigurationType",
            "options": "map"
        }
    },
    "Volume": {
        "required": [],
        "members": {
            "name": "string",
            "host": "HostVolumeProperties",
            "dockerVolumeConfiguration": "DockerVolumeConfiguration",
            "efsVolumeConfiguration": "EFSVolumeConfiguration",
            "s3filesVolumeConfiguration": "S3FilesVolumeConfiguration",
            "fsxWindowsFileServerVolumeConfiguration": "FSxWindowsFileServerVolumeConfiguration",
            "configuredAtLaunch": "boolean"
        }
    },
    "HostVolumeProperties": {
        "required": [],
        "members": {
            "sourcePath": "string"
        }
    },
    "DockerVolumeConfiguration": {
        "required": [],
        "members": {
            "scope": "Scope",
            "autoprovision": "boolean",
            "driver": "string",
            "driverOpts": "map",
            "labels": "map"
        }
    },
    "EFSVolumeConfiguration": {
        "required": [
            "fileSystemId"
        ],
        "members": {
            "fileSystemId": "string",
            "rootDirectory": "string",
            "transitEncryption": "EFSTransitEncryption",
            "transitEncryptionPort": "integer",
            "authorizationConfig": "EFSAuthorizationConfig"
        }
    },
    "EFSAuthorizationConfig": {
        "required": [],
        "members": {
            "accessPointId": "string",
            "iam": "EFSAuthorizationConfigIAM"
        }
    },
    "S3FilesVolumeConfiguration": {
        "required": [
            "fileSystemArn"
        ],
        "members": {
            "fileSystemArn": "string",
            "rootDirectory": "string",
            "transitEncryptionPort": "integer",
            "accessPointArn": "string"
        }
    },
    "FSxWindowsFileServerVolumeConfiguration": {
        "required": [
            "fileSystemId",
            "rootDirectory",
            "authorizationConfig"
        ],
        "members": {
            "fileSystemId": "string",
            "rootDirectory": "string",
            "authorizationConfig": "FSxWindowsFileServerAuthorizationConfig"
        }
    },
    "FSxWindowsFileServerAuthorizationConfig": {
        "required": [
            "credentialsParameter",
            "domain"
        ],
        "members": {
            "credentialsParameter": "string",
            "domain": "string"
        }
    },
    "TaskDefinitionPlacementConstraint": {
        "required": [],
        "members": {
            "type": "TaskDefinitionPlacementConstraintType",
            "expression": "string"
        }
    },
    "Tag": {
        "required": [],
        "members": {
            "key": "string",
            "value": "string"
        }
    },
    "ProxyConfiguration": {
        "required": [
            "containerName"
        ],
        "members": {
            "containerName": "string",
            "type": "ProxyConfigurationType",
            "properties": "KeyValuePair[]"
        }
    },
    "InferenceAccelerator": {
        "required": [
            "deviceName",
            "deviceType"
        ],
        "members": {
            "deviceName": "string",
            "deviceType": "string"
        }
    },
    "EphemeralStorage": {
        "required": [
            "sizeInGiB"
        ],
        "members": {
            "sizeInGiB": "integer"
        }
    },
    "RuntimePlatform": {
        "required": [],
        "members": {
            "cpuArchitecture": "CPUArchitecture",
            "operatingSystemFamily": "OSFamily"
        }
    }
};
const ENUMERATIONS = {
    "TransportProtocol": [
        "tcp",
        "udp"
    ],
    "ApplicationProtocol": [
        "grpc",
        "http",
        "http2"
    ],
    "EnvironmentFileType": [
        "s3"
    ],
    "DeviceCgroupPermission": [
        "mknod",
        "read",
        "write"
    ],
    "ContainerCondition": [
        "COMPLETE",
        "HEALTHY",
        "START",
        "SUCCESS"
    ],
    "VersionConsistency": [
        "disabled",
        "enabled"
    ],
    "UlimitName": [
        "core",
        "cpu",
        "data",
        "fsize",
        "locks",
        "memlock",
        "msgqueue",
        "nice",
        "nofile",
        "nproc",
        "rss",
        "rtprio",
        "rttime",
        "sigpending",
        "stack"
    ],
    "LogDriver": [
        "awsfirelens",
        "awslogs",
        "fluentd",
        "gelf",
        "journald",
        "json-file",
        "splunk",
        "syslog"
    ],
    "ResourceType": [
        "GPU",
        "InferenceAccelerator",
        "NeuronDevice"
    ],
    "FirelensConfigurationType": [
        "fluentbit",
        "fluentd"
    ],
    "NetworkMode": [
        "awsvpc",
        "bridge",
        "host",
        "none"
    ],
    "Scope": [
        "shared",
        "task"
    ],
    "EFSTransitEncryption": [
        "DISABLED",
        "ENABLED"
    ],
    "EFSAuthorizationConfigIAM": [
        "DISABLED",
        "ENABLED"
    ],
    "TaskDefinitionPlacementConstraintType": [
        "memberOf"
    ],
    "Compatibility": [
        "EC2",
        "EXTERNAL",
        "FARGATE",
        "MANAGED_INSTANCES"
    ],
    "PidMode": [
        "host",
        "task"
    ],
    "IpcMode": [
        "host",
        "none",
        "task"
    ],
    "ProxyConfigurationType": [
        "APPMESH"
    ],
    "CPUArchitecture": [
        "ARM64",
        "X86_64"
    ],
    "OSFamily": [
        "LINUX",
        "WINDOWS_SERVER_2004_CORE",
        "WINDOWS_SERVER_2016_FULL",
        "WINDOWS_SERVER_2019_CORE",
        "WINDOWS_SERVER_2019_FULL",
        "WINDOWS_SERVER_2022_CORE",
        "WINDOWS_SERVER_2022_FULL",
        "WINDOWS_SERVER_2025_CORE",
        "WINDOWS_SERVER_2025_FULL",
        "WINDOWS_SERVER_20H2_CORE"
    ]
};

;// CONCATENATED MODULE: ./src/taskdef/schema.ts

/** The structure that RegisterTaskDefinition takes. */
const ROOT = 'RegisterTaskDefinitionRequest';
const structureOf = (type) => (Object.hasOwn(STRUCTURES, type) ? STRUCTURES[type] : undefined);
const enumerationOf = (type) => Object.hasOwn(ENUMERATIONS, type) ? ENUMERATIONS[type] : undefined;
/** The type of a member: `string`, `integer`, `boolean`, `map`, a structure, an enumeration, `X[]`; '' when unknown. */
function memberType(structure, member) {
    if (structure === 'map')
        return 'string';
    const members = structureOf(structure)?.members;
    return members && Object.hasOwn(members, member) ? (members[member] ?? '') : '';
}


/***/ }),

/***/ 1912:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   Cn: () => (/* binding */ toTemplate),
/* harmony export */   Gv: () => (/* binding */ isObject),
/* harmony export */   Mz: () => (/* binding */ containersOf),
/* harmony export */   Nt: () => (/* binding */ asObjects),
/* harmony export */   P7: () => (/* binding */ asStrings),
/* harmony export */   lP: () => (/* binding */ notParsed),
/* harmony export */   qF: () => (/* binding */ parseJson),
/* harmony export */   rf: () => (/* binding */ exactNumber)
/* harmony export */ });
/* harmony import */ var jsonc_parser__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(9547);
/* harmony import */ var jsonc_parser__WEBPACK_IMPORTED_MODULE_0___default = /*#__PURE__*/__webpack_require__.n(jsonc_parser__WEBPACK_IMPORTED_MODULE_0__);
/* harmony import */ var _failure_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(1633);


/**
 * Fields that DescribeTaskDefinition adds and RegisterTaskDefinition does not take: what a console or CLI export is
 * full of. (API reference of both; `tags` stand beside `taskDefinition` there.)
 */
const READ_ONLY = [
    'taskDefinitionArn',
    'revision',
    'status',
    'requiresAttributes',
    'compatibilities',
    'registeredAt',
    'registeredBy',
    'deregisteredAt',
    'deleteRequestedAt',
];
/**
 * A task definition in JSON; comments and trailing commas are allowed. A number that JavaScript would write in another
 * way (`1.10`, an id of 20 digits) is kept as the text that stands there, so that nothing is lost where ECS takes a string.
 * @throws Failure INVALID_TASK_DEFINITION with line and column
 */
function parseJson(given, name) {
    const text = given.replace(/^\uFEFF/, '');
    const errors = [];
    const root = (0,jsonc_parser__WEBPACK_IMPORTED_MODULE_0__.parseTree)(text, errors, { allowTrailingComma: true });
    const [first] = errors;
    if (!first)
        return root ? jsonOf(root, text) : null;
    const { line, column } = position(text, first.offset);
    throw notParsed(name, 'JSON', `${words((0,jsonc_parser__WEBPACK_IMPORTED_MODULE_0__.printParseErrorCode)(first.error))} at line ${line}, column ${column}`, {
        line,
        column,
        text,
    });
}
function jsonOf(node, text) {
    const { type, children = [] } = node;
    if (type === 'array')
        return children.map((child) => jsonOf(child, text));
    if (type === 'object') {
        return Object.fromEntries(children.flatMap(({ children: [key, value] = [] }) => (key && value ? [[key.value, jsonOf(value, text)]] : [])));
    }
    return type === 'number' ? exactNumber(node.value, text.slice(node.offset, node.offset + node.length)) : node.value;
}
/** The number, or the text that it was written as where the number would be written differently. */
const exactNumber = (value, source) => String(value) === source || (Number.isSafeInteger(value) && /[.eE]/.test(source)) ? value : source;
/** A failure that shows the line, with a mark below the column. Both count from 1. */
function notParsed(name, language, problem, at) {
    const line = covered((at.text.split('\n')[at.line - 1] ?? '').replace(/\r$/, '').replaceAll('\t', ' '));
    // One-line files are common among exports: show what stands around the mistake.
    const from = Math.max(0, at.column - 1 - WIDTH);
    const mark = `${' '.repeat(at.column - 1 - from)}^`;
    return new _failure_js__WEBPACK_IMPORTED_MODULE_1__/* .Failure */ .H('INVALID_TASK_DEFINITION', `${name} is not valid ${language}: ${problem}.\n  ${line.slice(from, from + 2 * WIDTH)}\n  ${mark}`, { remedy: 'Correct the file. Comments and trailing commas are fine.' });
}
const WIDTH = 80;
/** The line with the letters of every `value` (an environment variable's, often a password) covered. */
const covered = (line) => line.replaceAll(/(["']?\bvalue["']?\s*:\s*)("(?:[^"\\]|\\.)*"?|'[^']*'?|[^\s,{}"'][^,{}]*)/g, (_, key, value) => key + value.replaceAll(/[^"',{}[\]]/g, '*'));
const words = (code) => code.replaceAll(/(?<=[a-z])(?=[A-Z])/g, ' ').toLowerCase();
function position(text, offset) {
    const before = text.slice(0, offset).split('\n');
    return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}
/**
 * A parsed file as a template. Takes a console or CLI export as it is: the `{taskDefinition, tags}` wrapper, read-only
 * fields, nulls, empty strings for what is not set.
 * @throws Failure INVALID_TASK_DEFINITION when it is no object, or plainly something else
 */
function toTemplate(value, name) {
    const outer = objectOr(value, name);
    const wrapped = isObject(outer.taskDefinition);
    const inner = isObject(outer.taskDefinition) ? outer.taskDefinition : outer;
    const other = somethingElse(inner);
    if (other)
        throw new _failure_js__WEBPACK_IMPORTED_MODULE_1__/* .Failure */ .H('INVALID_TASK_DEFINITION', `${name} is ${other.what}, not a task definition.`, other);
    const dropped = READ_ONLY.filter((field) => field in inner);
    const kept = Object.entries(inner).filter(([field, member]) => !dropped.includes(field) && field !== 'tags' && !(member === '' && UNSET.includes(field)));
    const tags = wrapped ? (outer.tags ?? inner.tags) : inner.tags;
    return {
        name,
        definition: withoutNulls(Object.fromEntries(kept)),
        tags: readTags(tags, name),
        dropped,
    };
}
/** Fields that skeletons and exports write as "" for "not set", which ECS takes for a role or a size with no name. */
const UNSET = ['taskRoleArn', 'executionRoleArn', 'networkMode', 'cpu', 'memory', 'pidMode', 'ipcMode'];
/** What a file holds that people take for a task definition, where its fields give it away. */
function somethingElse(given) {
    if (given.containerDefinitions !== undefined)
        return undefined;
    const has = (...fields) => fields.some((field) => given[field] !== undefined);
    const describe = 'Give the JSON that `aws ecs describe-task-definition` prints, or name the live one with task-definition-family.';
    if (has('Resources', 'AWSTemplateFormatVersion'))
        return { what: 'a CloudFormation template', remedy: describe };
    if (isObject(given.Properties))
        return { what: 'a CloudFormation resource', remedy: describe };
    if (has('serviceName', 'taskDefinition', 'desiredCount'))
        return { what: 'the definition of a service or of a task to run', remedy: describe };
    if (has('image') && !has('family'))
        return { what: 'a single container', remedy: 'Put it into `{ "family": ..., "containerDefinitions": [...] }`.' };
    return undefined;
}
function objectOr(value, name) {
    if (isObject(value))
        return value;
    const found = value === null ? 'empty' : Array.isArray(value) ? 'a list' : `a ${typeof value}`;
    throw new _failure_js__WEBPACK_IMPORTED_MODULE_1__/* .Failure */ .H('INVALID_TASK_DEFINITION', `${name} holds no task definition: it is ${found}, not an object.`, {
        remedy: found === 'a list'
            ? 'A list of containers goes into `{ "family": ..., "containerDefinitions": [...] }`.'
            : 'Start it with `{ "family": ..., "containerDefinitions": [...] }`.',
    });
}
function readTags(tags, name) {
    if (tags === undefined || tags === null)
        return [];
    const scalar = (value) => ['string', 'number', 'boolean'].includes(typeof value);
    if (!Array.isArray(tags) || !tags.every((tag) => isObject(tag) && scalar(tag.key) && scalar(tag.value ?? ''))) {
        throw new _failure_js__WEBPACK_IMPORTED_MODULE_1__/* .Failure */ .H('INVALID_TASK_DEFINITION', `The tags of ${name} are not a list of {"key", "value"}.`, {
            remedy: 'Write `"tags": [{"key": "team", "value": "web"}]`.',
        });
    }
    return tags.filter(isObject).map(({ key, value }) => ({ key: String(key), value: String(value ?? '') }));
}
function isObject(value) {
    return typeof value === 'object' && value !== null && !Array.isArray(value);
}
/** The containers of a definition that may still be wrong in every way. */
function containersOf(definition) {
    return Array.isArray(definition.containerDefinitions) ? definition.containerDefinitions.filter(isObject) : [];
}
const asObjects = (value) => Array.isArray(value) ? value.filter(isObject) : [];
const asStrings = (value) => Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
/** Exports of some tools write unset members as null, which ECS refuses. */
function withoutNulls(value) {
    if (Array.isArray(value))
        return value.filter((item) => item !== null).map(withoutNulls);
    if (!isObject(value))
        return value;
    return Object.fromEntries(Object.entries(value).flatMap(([key, member]) => (member === null ? [] : [[key, withoutNulls(member)]])));
}


/***/ })

};
