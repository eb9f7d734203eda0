export const id = 468;
export const ids = [468];
export const modules = {

/***/ 3303:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   HG: () => (/* binding */ deploymentsLink),
/* harmony export */   l: () => (/* binding */ repositoryLink),
/* harmony export */   oT: () => (/* binding */ serviceLink),
/* harmony export */   uE: () => (/* binding */ revisionLink)
/* harmony export */ });
/* unused harmony exports taskLink, logStreamLink */
/**
 * Pages of the AWS console. Undefined where the partition's console is not known to us (the secret regions) or where
 * an ARN is none; the report then shows the name alone.
 */
/** Hosts by partition: https://docs.aws.amazon.com/awsconsolehelpdocs/latest/gsg/regional-availability.html */
const CONSOLES = {
    aws: 'console.aws.amazon.com',
    'aws-cn': 'console.amazonaws.cn',
    'aws-us-gov': 'console.amazonaws-us-gov.com',
    'aws-eusc': 'console.amazonaws-eusc.eu',
};
function arnParts(arn) {
    const [, partition, region, resource] = /^arn:([a-z0-9-]+):[a-z0-9-]+:([a-z0-9-]+):\d*:(.+)$/.exec(arn) ?? [];
    return partition && region && resource ? { partition, region, resource } : undefined;
}
function page({ partition, region }, path, view = '') {
    const host = Object.hasOwn(CONSOLES, partition) ? CONSOLES[partition] : undefined;
    if (!host)
        return undefined;
    const parts = path.map((part) => encodeURIComponent(part).replaceAll("'", '%27').replaceAll('%3A', ':'));
    return `https://${region}.${host}/${parts.join('/')}${view}?region=${region}`;
}
const last = (arnOrName) => arnOrName.slice(arnOrName.lastIndexOf('/') + 1);
const serviceLink = (service) => ofService(service, '/health');
/** The service's deployments; the newest, ours, on top. */
const deploymentsLink = (service) => ofService(service, '/deployments');
function ofService({ arn, clusterArn, name }, view) {
    const parts = arnParts(arn);
    return parts && page(parts, ['ecs', 'v2', 'clusters', last(clusterArn), 'services', name], view);
}
/** A revision, `arn:aws:ecs:REGION:ACCOUNT:task-definition/FAMILY:REVISION`. */
function revisionLink(arn) {
    const parts = arnParts(arn);
    const [, family, revision] = /^task-definition\/([^:]+):(\d+)$/.exec(parts?.resource ?? '') ?? [];
    return parts && family && revision
        ? page(parts, ['ecs', 'v2', 'task-definitions', family, revision], '/containers')
        : undefined;
}
/** A task, `arn:aws:ecs:REGION:ACCOUNT:task/CLUSTER/ID`, of the old format without the cluster. */
function taskLink(arn, cluster) {
    const parts = arnParts(arn);
    return parts?.resource.startsWith('task/')
        ? page(parts, ['ecs', 'v2', 'clusters', last(cluster), 'tasks', last(arn)], '/configuration')
        : undefined;
}
/** A log stream. The page reads its path from the fragment, where it wants it encoded twice, with `$` for `%`. */
function logStreamLink(place, group, stream) {
    const twice = (text) => encodeURIComponent(encodeURIComponent(text)).replaceAll('%', '$');
    const home = page(place, ['cloudwatch', 'home']);
    return home && `${home}#logsV2:log-groups/log-group/${twice(group)}/log-events/${twice(stream)}`;
}
const PRIVATE = /^(\d{12})\.dkr[.-]ecr(?:-fips)?\.([a-z0-9-]+)\.(?:amazonaws\.(?:com(?:\.cn)?|eu)|on\.(?:aws|amazonwebservices\.com\.cn))\/(.+)$/;
/** A repository (or one image in it, by digest) from `host/name`, as image references begin. Undefined outside ECR. */
function repositoryLink(repository, digest) {
    const [, gallery] = /^public\.ecr\.aws\/([\w./-]+)$/.exec(repository) ?? [];
    if (gallery)
        return `https://gallery.ecr.aws/${gallery}`;
    const [, accountId, region, name] = PRIVATE.exec(repository) ?? [];
    if (!accountId || !region || !name)
        return undefined;
    const path = ['ecr', 'repositories', 'private', accountId, ...name.split('/')];
    const place = { partition: partitionOf(region), region };
    return digest ? page(place, [...path, '_', 'image', digest], '/details') : page(place, path);
}
function partitionOf(region) {
    if (region.startsWith('cn-'))
        return 'aws-cn';
    if (region.startsWith('us-gov-'))
        return 'aws-us-gov';
    if (region.startsWith('eusc-'))
        return 'aws-eusc';
    return region.startsWith('us-iso') ? 'aws-iso' : 'aws';
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

/***/ 2691:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   Iu: () => (/* binding */ capitalised),
/* harmony export */   KE: () => (/* binding */ listed),
/* harmony export */   TN: () => (/* binding */ oneLine),
/* harmony export */   hS: () => (/* binding */ counted),
/* harmony export */   m_: () => (/* binding */ shortId),
/* harmony export */   p0: () => (/* binding */ duration),
/* harmony export */   pd: () => (/* binding */ revisionName),
/* harmony export */   pj: () => (/* binding */ plain),
/* harmony export */   vk: () => (/* binding */ elapsed)
/* harmony export */ });
/** `web:42` of a task definition's ARN, `ecs-svc/2` of itself: what people call a thing. */
const revisionName = (arn) => arn.slice(arn.lastIndexOf('/') + 1);
/** The eight characters by which people tell tasks apart; an id that is no plain id stays readable. */
const shortId = (taskId) => oneLine(taskId, 36).slice(0, 8);
/** 7 -> `7 s`, 80 -> `1 min 20 s`, 3720 -> `1 h 2 min`. Negative (clocks differ) counts as nothing. */
function duration(seconds) {
    const whole = Math.max(0, Math.round(seconds));
    const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
    if (hours > 0)
        return minutes > 0 ? `${hours} h ${minutes} min` : `${hours} h`;
    if (minutes > 0)
        return rest > 0 ? `${minutes} min ${rest} s` : `${minutes} min`;
    return `${rest} s`;
}
/** Time since the start as a clock shows it: `0:05`, `12:30`, `1:02:03`. */
function elapsed(at, startedAt) {
    const whole = Math.max(0, Math.round(at - startedAt));
    const two = (number) => String(number).padStart(2, '0');
    const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
    return hours > 0 ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`;
}
/** `1 task`, `3 tasks`. */
const counted = (count, noun) => `${count} ${noun}${count === 1 ? '' : 's'}`;
/** Without ANSI sequences and control characters, which a log line of a container may well have. */
function plain(text) {
    return (text
        // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is removed
        .replaceAll(/\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)?|[@-Z\\^_])/g, '')
        .replaceAll(/[^\P{Cc}\n\t]|[\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu, ' '));
}
/** On one line, at most `limit` characters, the end cut away and the cut shown. */
function oneLine(text, limit) {
    // Of a very long text only the beginning is looked at; ANSI sequences and white space may make it shorter.
    const line = plain(text.slice(0, 4 * limit + 1000))
        .replaceAll(/\s+/g, ' ')
        .trim();
    const characters = line.length > limit ? [...line] : [];
    return characters.length > limit
        ? `${characters
            .slice(0, limit - 3)
            .join('')
            .trimEnd()}...`
        : line;
}
/** `a`, `a and b`, `a, b and c`. */
function listed(items) {
    return items.length < 2 ? items.join('') : `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`;
}
/** As a sentence's beginning. */
const capitalised = (text) => text.charAt(0).toUpperCase() + text.slice(1);


/***/ })

};
