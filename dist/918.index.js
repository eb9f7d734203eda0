export const id = 918;
export const ids = [918,790,468];
export const modules = {

/***/ 5371:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   O_: () => (/* binding */ differenceTitle),
/* harmony export */   Ze: () => (/* binding */ differenceLines),
/* harmony export */   dJ: () => (/* binding */ differenceMarkdown)
/* harmony export */ });
/* harmony import */ var _escape_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(4031);
/* harmony import */ var _words_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(2691);


/** Values longer than this are cut: a definition is read elsewhere. */
const VALUE = 160;
const SIGNS = { added: '+', removed: '-', changed: '~' };
/** One line a difference, aligned, for the log: `~ container app: image  1.4.1 -> 1.5.0`. */
function differenceLines(differences) {
    const shown = differences.map(({ subject }) => (0,_words_js__WEBPACK_IMPORTED_MODULE_0__/* .oneLine */ .TN)(subject, VALUE));
    const width = Math.min(48, Math.max(0, ...shown.map((subject) => subject.length)));
    return differences.map((difference, index) => {
        const value = valueText(difference);
        const subject = shown[index] ?? '';
        return `${SIGNS[difference.kind]} ${value === '' ? subject : `${subject.padEnd(width)}  ${value}`}`;
    });
}
/** As a coloured diff for Markdown; of more than `limit` differences the rest is only counted. */
function differenceMarkdown(differences, limit) {
    const shown = differences.slice(0, limit);
    const lines = shown.flatMap((difference) => {
        const { kind, before, after } = difference;
        const subject = (0,_words_js__WEBPACK_IMPORTED_MODULE_0__/* .oneLine */ .TN)(difference.subject, VALUE);
        const was = before === undefined ? subject : `${subject}: ${(0,_words_js__WEBPACK_IMPORTED_MODULE_0__/* .oneLine */ .TN)(before, VALUE)}`;
        const is = after === undefined ? subject : `${subject}: ${(0,_words_js__WEBPACK_IMPORTED_MODULE_0__/* .oneLine */ .TN)(after, VALUE)}`;
        switch (kind) {
            case 'added':
                return [`+ ${is}`];
            case 'removed':
                return [`- ${was}`];
            case 'changed':
                return before === undefined && after === undefined
                    ? [`! ${subject} (value not shown)`]
                    : [`- ${was}`, `+ ${is}`];
            default:
                return kind;
        }
    });
    const rest = differences.length - shown.length;
    return (0,_escape_js__WEBPACK_IMPORTED_MODULE_1__/* .fenced */ .OF)('diff', rest > 0 ? [...lines, `# and ${(0,_words_js__WEBPACK_IMPORTED_MODULE_0__/* .counted */ .hS)(rest, 'difference')} more`] : lines);
}
function valueText({ kind, before, after }) {
    const [was, is] = [before, after].map((value) => (value === undefined ? undefined : (0,_words_js__WEBPACK_IMPORTED_MODULE_0__/* .oneLine */ .TN)(value, VALUE)));
    switch (kind) {
        case 'added':
            return is ?? '';
        case 'removed':
            return was === undefined ? '' : `was ${was}`;
        case 'changed':
            return was === undefined && is === undefined
                ? 'changed (value not shown)'
                : `${was ?? '(unset)'} -> ${is ?? '(unset)'}`;
    }
}
/** `3 differences`, or that there are none. */
const differenceTitle = (differences, from) => {
    const to = from === undefined ? '' : ` to ${from}`;
    return differences.length === 0 ? `No difference${to}` : `${(0,_words_js__WEBPACK_IMPORTED_MODULE_0__/* .counted */ .hS)(differences.length, 'difference')}${to}`;
};


/***/ }),

/***/ 4031:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   CS: () => (/* binding */ prose),
/* harmony export */   EC: () => (/* binding */ preformatted),
/* harmony export */   OF: () => (/* binding */ fenced),
/* harmony export */   TM: () => (/* binding */ folded),
/* harmony export */   aY: () => (/* binding */ code),
/* harmony export */   q: () => (/* binding */ linked)
/* harmony export */ });
/* harmony import */ var _words_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(2691);

/**
 * Text from outside (names, reasons, log lines) inside Markdown of GitHub's. Everything that means something to Markdown or
 * HTML becomes a character reference, which neither reads as markup; so no text can end a table row, a code block or
 * a folded part, or make a link, an image or a comment.
 */
const MEANINGFUL = /[&<>"'`*_~|[\]()\\#!${}]/g;
const reference = (character) => `&#${character.codePointAt(0)};`;
/**
 * Prose on one line. GitHub looks for mentions, issue numbers, emoji (`:secret:` is one) and addresses after the references
 * are resolved, but not inside `<code>`: that is where words go that have the look of a name, so they can be copied whole.
 */
function prose(text) {
    const words = (0,_words_js__WEBPACK_IMPORTED_MODULE_0__/* .plain */ .pj)(text).split(/\s+/).filter(Boolean);
    const shown = words.map((word) => {
        if (/^\W*:\S+:\W*$/.test(word))
            return code(word);
        const [, before = '', name = '', after = ''] = /^(["'`([]*)(.*?)(["'`)\].,;:!?]*)$/.exec(word) ?? [];
        const named = /\S:\S|@|#\d|www\.|\w_\w/i.test(name);
        return named ? escaped(before) + code(name) + escaped(after) : escaped(word);
    });
    return shown.join(' ').replace(/^([-+=>]|\d+(?=[.)]))/, '\u2060$1');
}
const escaped = (text) => text.replaceAll(MEANINGFUL, reference);
/** Names and values on one line, copied as they are: GitHub links and calls nobody inside `<code>`. */
function code(text) {
    const line = (0,_words_js__WEBPACK_IMPORTED_MODULE_0__/* .plain */ .pj)(text).replaceAll(/\s+/g, ' ').trim();
    return line === '' ? '' : `<code>${escaped(line)}</code>`;
}
/** Many lines, shown as they are. A `<pre>` ends at `</pre>` alone, and no `<` is left in it. */
function preformatted(text) {
    return `<pre>\n${(0,_words_js__WEBPACK_IMPORTED_MODULE_0__/* .plain */ .pj)(text).replaceAll(/[&<>]/g, reference)}\n</pre>`;
}
/** Lines in a fence longer than any run of backticks among them. */
function fenced(language, lines) {
    const text = lines.map((line) => (0,_words_js__WEBPACK_IMPORTED_MODULE_0__/* .plain */ .pj)(line).replaceAll(/\s+/g, ' ')).join('\n');
    const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
    const fence = '`'.repeat(longest + 1);
    return `${fence}${language}\n${text}\n${fence}`;
}
/** A link where the address is known, else the name alone. The address comes from links.ts, which encodes its parts. */
function linked(name, address) {
    if (!address || !/^https:\/\/[^\s<>"'()[\]\\`|]+$/.test(address))
        return code(name);
    return `<a href="${address.replaceAll('&', '&amp;')}">${code(name)}</a>`;
}
/** A folded part. The empty lines let Markdown work inside. */
const folded = (title, content) => `<details><summary>${prose(title)}</summary>\n\n${content}\n\n</details>`;


/***/ }),

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

/***/ 4790:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

__webpack_require__.r(__webpack_exports__);
/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   tellDifferences: () => (/* binding */ tellDifferences),
/* harmony export */   tellHeader: () => (/* binding */ tellHeader),
/* harmony export */   tellMoments: () => (/* binding */ tellMoments),
/* harmony export */   tellOutcome: () => (/* binding */ tellOutcome)
/* harmony export */ });
/* harmony import */ var _difference_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(5371);
/* harmony import */ var _words_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(2691);


/** SGR codes alone: a CI log has no cursor. */
const CODES = { red: 31, green: 32, yellow: 33, dim: 2, bold: 1 };
const paint = (console, colour, text) => console.colour && colour && text !== '' ? `\u001b[${CODES[colour]}m${text}\u001b[0m` : text;
/** Before the wait: what is deployed where, in which waves, and where to see it. */
function tellHeader(console, { service, cluster, to, from, image, waves, url }) {
    const instead = from === undefined ? ' (the first deployment)' : from === to ? ' (again)' : ` in place of ${from}`;
    console.line('');
    console.line(paint(console, 'bold', `Deploying ${to} to service ${service}, cluster ${cluster}${instead}`));
    for (const [name, value] of [
        ['image', image],
        ['waves', waves],
        ['console', url],
    ]) {
        if (value)
            console.line(`  ${paint(console, 'dim', `${name}`.padEnd(8))} ${(0,_words_js__WEBPACK_IMPORTED_MODULE_1__/* .oneLine */ .TN)(value, 400)}`);
    }
    console.line('');
}
/** The differences to what runs now: a few as they are, many in a group. */
function tellDifferences(console, differences, from) {
    const lines = (0,_difference_js__WEBPACK_IMPORTED_MODULE_0__/* .differenceLines */ .Ze)(differences).map((line) => paint(console, line.startsWith('+') ? 'green' : line.startsWith('-') ? 'red' : 'yellow', `  ${line}`));
    const title = (0,_difference_js__WEBPACK_IMPORTED_MODULE_0__/* .differenceTitle */ .O_)(differences, from);
    inGroupWhenLong(console, title, title, lines);
}
const MARKS = { normal: ' ', good: '✓', warning: '!', failure: '✗' };
const COLOURS = {
    normal: undefined,
    good: 'green',
    warning: 'yellow',
    failure: 'red',
};
/** So many tasks that did the same in one look get one line. */
const ALIKE = 4;
const LONG = 12;
/** Writes moments as they come: elapsed time, a mark, the text; log tails below their title, long ones in a group. */
function tellMoments(console, startedAt, moments) {
    for (const [moment, ids] of alike(moments)) {
        const time = (0,_words_js__WEBPACK_IMPORTED_MODULE_1__/* .elapsed */ .vk)(moment.at, startedAt).padStart(7);
        const [first = '', ...rest] = moment.text.split('\n');
        const line = `${paint(console, 'dim', time)} ${paint(console, COLOURS[moment.severity], `${MARKS[moment.severity]} ${whose(ids)}${(0,_words_js__WEBPACK_IMPORTED_MODULE_1__/* .oneLine */ .TN)(first, 700)}`)}`;
        const tail = rest.map((text) => setOff(console, text));
        if (moment.kind === 'log')
            inGroupWhenLong(console, (0,_words_js__WEBPACK_IMPORTED_MODULE_1__/* .oneLine */ .TN)(first, 300), line, tail);
        else if (moment.kind === 'heartbeat')
            console.line(paint(console, 'dim', `${time}   ${(0,_words_js__WEBPACK_IMPORTED_MODULE_1__/* .oneLine */ .TN)(first, 700)}`));
        else
            console.line(line);
    }
}
/** Tasks that did the same at the same time stand together. */
function alike(moments) {
    const groups = Map.groupBy(moments, (moment) => moment.kind === 'task' ? `${moment.at} ${moment.severity} ${withoutAge(moment.text)}` : moment);
    return [...groups.values()].flatMap((group) => {
        const [first] = group;
        const ids = (members) => members.flatMap(({ kind, taskId }) => (kind === 'task' && taskId ? [taskId] : []));
        if (first && group.length >= ALIKE)
            return [[{ ...first, text: withoutAge(first.text) }, ids(group)]];
        return group.map((moment) => [moment, ids([moment])]);
    });
}
const withoutAge = (text) => text.replace(/ \((?:ran|runs for|asked for) [^()]*\)$/, '');
function whose(ids) {
    const [first] = ids;
    if (first === undefined)
        return '';
    if (ids.length === 1)
        return `task ${(0,_words_js__WEBPACK_IMPORTED_MODULE_1__/* .shortId */ .m_)(first)} `;
    return `${ids.length} tasks (${(0,_words_js__WEBPACK_IMPORTED_MODULE_1__/* .shortId */ .m_)(first)}, ${ids.length > 2 ? '...' : (0,_words_js__WEBPACK_IMPORTED_MODULE_1__/* .shortId */ .m_)(ids[1] ?? '')}) `;
}
/** Lines of a container are set off, so nobody takes them for ours; their indentation (a stack trace) stays. */
const setOff = (console, line) => `          ${paint(console, 'dim', '|')} ${(0,_words_js__WEBPACK_IMPORTED_MODULE_1__/* .plain */ .pj)(line.slice(0, 1000)).trimEnd()}`;
/** Few lines below their headline, many in a group of that title. */
function inGroupWhenLong(console, title, headline, lines) {
    const long = lines.length > LONG;
    if (long)
        console.startGroup(title);
    else
        console.line(headline);
    for (const line of lines)
        console.line(line);
    if (long)
        console.endGroup();
}
/** The end, as the last thing in the log: how it ended, why, what to do. */
function tellOutcome(console, outcome) {
    const good = outcome.kind === 'deployed' || outcome.kind === 'unchanged' || outcome.kind === 'started';
    console.line('');
    console.line(paint(console, good ? 'green' : 'red', `${good ? '✓' : '✗'} ${outcome.kind}: ${(0,_words_js__WEBPACK_IMPORTED_MODULE_1__/* .oneLine */ .TN)(outcome.headline, 700)}`));
    const [cause] = outcome.diagnoses;
    if (cause && !good) {
        const evidence = (0,_words_js__WEBPACK_IMPORTED_MODULE_1__/* .oneLine */ .TN)(cause.evidence.text, 700);
        const facts = [
            ['cause', cause.cause],
            ['said', evidence === cause.cause ? '' : `${cause.evidence.surface}: ${evidence}`],
            ['to do', cause.remedy],
            ['see', cause.link ?? ''],
        ];
        for (const [name, value] of facts) {
            if (value)
                console.line(`  ${paint(console, 'bold', `${name}`.padEnd(6))} ${(0,_words_js__WEBPACK_IMPORTED_MODULE_1__/* .oneLine */ .TN)(value, 1000)}`);
        }
    }
    for (const warning of outcome.warnings)
        console.line(paint(console, 'yellow', `! ${(0,_words_js__WEBPACK_IMPORTED_MODULE_1__/* .oneLine */ .TN)(warning, 700)}`));
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


/***/ }),

/***/ 6918:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

// ESM COMPAT FLAG
__webpack_require__.r(__webpack_exports__);

// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  deploy: () => (/* binding */ deploy)
});

// EXTERNAL MODULE: ./src/failure.ts
var src_failure = __webpack_require__(1633);
;// CONCATENATED MODULE: ./src/image/platforms.ts
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

;// CONCATENATED MODULE: ./src/image/reference.ts

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
        throw new src_failure/* Failure */.H('INVALID_INPUT', `\`${text}\` is no image reference.`, {
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
        throw new src_failure/* Failure */.H('INVALID_INPUT', `repository: \`${text}\` has a ${tag ? 'tag' : 'digest'}.`, {
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

;// CONCATENATED MODULE: ./src/image/inspect.ts



/**
 * An image that is there already (input `image`): in ECR its digest and platforms are looked up, and the service gets
 * it by digest; what another registry holds is taken as given.
 * @throws Failure NOT_FOUND when ECR has no such image
 */
async function inspectImage(text, ecr) {
    const reference = parseReference(text);
    const { tag, digest, ...name } = reference;
    const given = {
        reference: text,
        repository: formatReference(name),
        tags: tag ? [tag] : [],
        ...(digest ? { digest } : {}),
    };
    const host = parseEcrHost(reference.host ?? '');
    if (!host)
        return given;
    const repository = { ...host, name: reference.path };
    const found = await lookUp(repository, reference, ecr);
    if (found === 'unknown')
        return given;
    if (!found) {
        throw new src_failure/* Failure */.H('NOT_FOUND', `ECR has no image ${text}.`, {
            remedy: 'Look at the tag or digest in the input `image`, and at the region and account in its host.',
        });
    }
    return {
        ...given,
        reference: formatReference({ ...name, digest: found.digest }),
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
        if (thrown instanceof src_failure/* Failure */.H && thrown.code === 'ACCESS_DENIED')
            return 'unknown';
        throw thrown;
    }
}
/** Platforms of an index, or of a single manifest by its config blob. */
async function platformsOf(manifest, repository, ecr) {
    const platforms = indexPlatforms(manifest);
    if (platforms)
        return platforms;
    const config = configDigest(manifest);
    return config ? platformOf(await ecr.getBlob(repository, config)) : [];
}

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
    const host = parseReference(ref).host;
    if (!host || !parseEcrHost(host))
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

;// CONCATENATED MODULE: ./src/image/failures.ts
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
    throw new src_failure/* Failure */.H('BUILD_FAILED', 'The build ended well, but its metadata names no digest of a pushed image.', {
        remedy: 'Update buildx (0.12 or newer) on the runner.',
    });
}

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
    const host = repository.kind === 'own' ? registry : repository.kind === 'public' ? PUBLIC_ECR : repository.host;
    const login = await privateConfiguration(world);
    const answer = await shell.run('docker', ['login', '--username', username, '--password-stdin', host], {
        stdin: password,
        env: login.env,
    });
    if (answer.exitCode !== 0) {
        throw new src_failure/* Failure */.H('CREDENTIALS', `docker login to ${host} failed: ${answer.stderr.trim().split('\n').at(-1) ?? ''}`, {
            remedy: 'Look whether the runner reaches the registry, and whether the role may call ecr:GetAuthorizationToken.',
        });
    }
    const described = await found;
    const registryId = repository.kind === 'ecr' ? repository.registryId : (parseEcrHost(registry)?.registryId ?? '');
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
        if (thrown instanceof src_failure/* Failure */.H && thrown.code === 'ACCESS_DENIED' && id.registryId !== '')
            return undefined;
        throw thrown;
    }
    if (found)
        return found;
    if (create)
        return ecr.createRepository(id);
    throw new src_failure/* Failure */.H('NOT_FOUND', `There is no ECR repository \`${id.name}\` in ${id.region}.`, {
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
            .map((platform) => normalisePlatform(platform.trim().replace('*', '')))
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
    const missing = platforms.filter((platform) => !builder.platforms.includes(normalisePlatform(platform)));
    if (missing.length > 0)
        await emulate(missing, shell);
    const able = builder.pushesIndexes || platforms.length < 2;
    if (wanted !== undefined || (able && missing.length === 0)) {
        return { ...(wanted ? { builder: wanted } : {}), created: false };
    }
    if (able && builder.driver === 'docker')
        return { created: false };
    return { builder: await createBuilder(shell), created: true };
}
async function emulate(platforms, shell) {
    const names = platforms.map((platform) => platform.split('/')[1] ?? platform).join(',');
    const installed = await shell.run('docker', ['run', '--rm', '--privileged', BINFMT, '--install', names]);
    if (installed.exitCode === 0)
        return;
    throw new src_failure/* Failure */.H('TOOL_MISSING', `The builder cannot build ${platforms.join(', ')}, and emulation could not be set up.`, {
        remedy: `Build on a runner of that architecture, or allow \`docker run --privileged ${BINFMT}\`, or drop the platform from \`platforms\`.`,
        cause: lastLine(installed.stderr),
    });
}
async function createBuilder(shell) {
    const created = await shell.run('docker', ['buildx', 'create', '--driver=docker-container', '--bootstrap']);
    if (created.exitCode === 0)
        return created.stdout.trim().split('\n').at(-1) ?? '';
    throw new src_failure/* Failure */.H('TOOL_MISSING', `A builder for several platforms could not be made: ${lastLine(created.stderr)}`, {
        remedy: 'Turn on the containerd image store of the Docker engine, or make a builder yourself and name it in the input `builder`.',
    });
}
function cannotInspect(stderr, wanted) {
    const said = lastLine(stderr);
    if (/no builder/i.test(stderr)) {
        return new src_failure/* Failure */.H('TOOL_MISSING', `There is no builder \`${wanted ?? ''}\` on this runner.`, {
            remedy: 'Create it in a step before, or leave out the input `builder`.',
        });
    }
    if (/is not a docker command|unknown command|unknown flag/i.test(stderr)) {
        return new src_failure/* Failure */.H('TOOL_MISSING', 'Docker on this runner has no buildx.', {
            remedy: 'Install the docker-buildx-plugin, or use docker/setup-buildx-action before this step.',
        });
    }
    return new src_failure/* Failure */.H('TOOL_MISSING', `The Docker engine does not answer: ${said}`, {
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
    const repository = parseRepository(build.repository, region);
    const [{ destination, login }, { builder, created }] = await Promise.all([
        openRepository(repository, build.createRepository, world),
        prepareBuilder(build.builder, build.platforms, world.shell),
    ]);
    if (created && builder)
        world.runner.saveState('builder', builder);
    const there = destination.immutableTags ? await alreadyPushed(build, destination, login, world) : undefined;
    if (there)
        return there;
    const folder = await world.files.makeTemporaryFolder('build-');
    try {
        const metadataFile = `${folder}/metadata.json`;
        const secretFiles = await writeSecrets(build, folder, world);
        const references = build.tags.map((tag) => `${destination.uri}:${tag}`);
        const args = buildArguments(build, { references, metadataFile, secretFiles, ...(builder ? { builder } : {}) });
        await buildAndPush(args, login, world);
        const { digest, all } = parseMetadata(await world.files.readText(metadataFile));
        return {
            reference: `${destination.uri}@${digest}`,
            repository: destination.uri,
            digest,
            tags: build.tags,
            metadata: all,
            ...(build.platforms.length > 0 ? { platforms: build.platforms.map(normalisePlatform) } : {}),
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
async function buildAndPush(args, login, world) {
    const { clock, console, shell, signal } = world;
    for (let attempt = 1;; attempt++) {
        console.startGroup(attempt === 1 ? 'Build and push' : `Push again (attempt ${attempt} of ${PUSH_ATTEMPTS})`);
        const { exitCode, stdout, stderr } = await shell
            .run('docker', args, { env: login.env, signal, onLine: (line) => console.line(line) })
            .finally(() => console.endGroup());
        if (exitCode === 0)
            return;
        const output = `${stdout}\n${stderr}`;
        if (!isTransientPush(output) || attempt === PUSH_ATTEMPTS)
            throw buildFailure(output, console);
        const pause = 2 ** attempt + clock.random();
        console.warning(`The push was interrupted (${rootCauseLine(output)}); next try in ${Math.round(pause)} s.`);
        await clock.sleep(pause, signal);
    }
}
function buildFailure(output, console) {
    const cause = rootCauseLine(output);
    for (const line of failedStepOutput(output, 20))
        console.line(`  | ${line}`);
    const pushing = /failed to push|denied|unauthorized|\/blobs\/|tag invalid|name unknown|no basic auth/i.test(cause);
    return new src_failure/* Failure */.H(pushing ? 'PUSH_FAILED' : 'BUILD_FAILED', cause, { cause: output });
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
        throw new src_failure/* Failure */.H('PUSH_FAILED', `The tags ${build.tags.join(', ')} of ${uri} are immutable and name different images already.`, {
            remedy: 'Choose a new version, or leave out the tags that move.',
        });
    }
    const lacking = build.tags.filter((_, i) => found[i] === undefined);
    if (lacking.length > 0) {
        const tags = lacking.flatMap((tag) => ['--tag', `${uri}:${tag}`]);
        const added = await shell.run('docker', ['buildx', 'imagetools', 'create', ...tags, `${uri}@${image.digest}`], login);
        if (added.exitCode !== 0)
            throw new src_failure/* Failure */.H('PUSH_FAILED', rootCauseLine(added.stderr), { cause: added.stderr });
    }
    console.notice(`${uri}:${build.tags[0] ?? ''} is there already and its tags are immutable: using it, not building again.`);
    return {
        reference: `${uri}@${image.digest}`,
        repository: uri,
        digest: image.digest,
        tags: build.tags,
        platforms: await platformsOf(image.manifest, repository, ecr),
    };
}

// EXTERNAL MODULE: ./src/report/live.ts
var live = __webpack_require__(4790);
;// CONCATENATED MODULE: ./src/diagnosis/rules.ts
const GUIDE = 'https://docs.aws.amazon.com/AmazonECS/latest/developerguide';
const named = (kind, name) => (name ? `the ${kind} ${name}` : `the ${kind}`);
const RULES = [
    {
        id: 'image-platform-mismatch',
        nature: 'hopeless',
        match: /does not contain descriptor matching platform '?(?<platform>[\w/]+)|no matching manifest for (?<wanted>[\w/]+)|exec format error|image operating system .* cannot be used/i,
        cause: ({ platform, wanted }) => `The image is not built for the architecture that the task runs on${platform || wanted ? ` (${platform ?? wanted})` : ''}.`,
        remedy: () => 'Add the platform to the input `platforms`, or set runtimePlatform.cpuArchitecture in the task definition to the architecture of the image.',
        link: `${GUIDE}/task_cannot_pull_image.html`,
        example: "CannotPullContainerError: failed to resolve ref: image Manifest does not contain descriptor matching platform 'linux/arm64'.",
    },
    {
        id: 'image-not-found',
        nature: 'hopeless',
        match: /(?<image>\S+): not found|manifest unknown|requested image not found|repository .* not found|manifest for (?<name>\S+) not found/i,
        cause: ({ image, name }) => `ECS cannot find ${named('image', image ?? name)}.`,
        remedy: () => 'Push that tag or digest to the repository, or correct the image in the task definition.',
        link: `${GUIDE}/task_cannot_pull_image.html`,
        example: 'CannotPullContainerError: failed to resolve ref 123456789012.dkr.ecr.us-east-1.amazonaws.com/app:nope: 123456789012.dkr.ecr.us-east-1.amazonaws.com/app:nope: not found',
    },
    {
        id: 'secret-json-key-missing',
        nature: 'hopeless',
        match: /retrieved secret .*did not contain json key (?<key>[\w.-]+)/i,
        cause: ({ key }) => `The secret has no JSON key ${key ?? ''}.`,
        remedy: () => 'Add the key to the secret in Secrets Manager, or correct the valueFrom in the task definition.',
        link: `${GUIDE}/resource-initialization-error.html`,
        example: 'ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: unable to retrieve secret from asm: service call has been retried 1 time(s): retrieved secret from Secrets Manager did not contain json key password',
    },
    {
        id: 'ecr-auth-network',
        nature: 'ambiguous',
        // Said of ECR by name; "unable to pull secrets or registry auth" alone begins messages of both kinds.
        match: /(?:api\.ecr|ecr registry auth|GetAuthorizationToken).*(?:i\/o timeout|deadline exceeded|connection issue|dial tcp|request canceled)|CannotPull.*(?:i\/o timeout|request canceled|dial tcp|deadline exceeded)/is,
        cause: () => 'The task cannot reach ECR over its network.',
        remedy: () => 'In a private subnet add the VPC endpoints com.amazonaws.REGION.ecr.api and .ecr.dkr and the S3 gateway (443 open in the security groups), or a NAT route; in a public one assignPublicIp.',
        link: `${GUIDE}/task_cannot_pull_image.html`,
        example: 'ResourceInitializationError: unable to pull secrets or registry auth: RequestError: send request failed caused by: Post "https://api.ecr.us-east-1.amazonaws.com/": dial tcp 1.2.3.4:443: i/o timeout',
    },
    {
        id: 'secret-network',
        nature: 'ambiguous',
        match: /(?:secret|ssm|parameter|asm).*(?:context deadline exceeded|i\/o timeout|dial tcp|connection issue)/is,
        cause: () => 'The task cannot reach Secrets Manager or Parameter Store over its network.',
        remedy: () => 'In a private subnet add the VPC endpoints com.amazonaws.REGION.secretsmanager and .ssm (443 open in their security group) or a NAT route; in a public one assignPublicIp.',
        link: `${GUIDE}/resource-initialization-error.html`,
        example: 'ResourceInitializationError: unable to pull secrets or registry auth: unable to retrieve secrets from ssm: The task cannot pull secrets: context deadline exceeded',
    },
    {
        id: 'secret-access-denied',
        nature: 'hopeless',
        match: /not authorized to perform: (?<action>secretsmanager:\w+|ssm:\w+|kms:\w+)/i,
        cause: ({ action }) => `The task's execution role may not read a secret (${action ?? 'access denied'}).`,
        remedy: ({ action }) => `Allow ${action ?? 'secretsmanager:GetSecretValue'} on it for the executionRoleArn of the task definition (and kms:Decrypt for an own key).`,
        link: `${GUIDE}/task_execution_IAM_role.html`,
        example: 'ResourceInitializationError: unable to pull secrets: AccessDeniedException: User: arn:aws:sts::1:assumed-role/r/t is not authorized to perform: secretsmanager:GetSecretValue on resource: s',
    },
    {
        id: 'secret-not-found',
        nature: 'hopeless',
        match: /invalid (?:ssm )?parameters?: ?\[?(?<parameter>[^\]\s,]+)|secrets? manager can't find the specified secret|ParameterNotFound/i,
        cause: ({ parameter }) => `A secret of the task definition does not exist${parameter ? `: ${parameter}` : ''}.`,
        remedy: () => 'Create it in the region of the task, or correct the valueFrom in `secrets`.',
        link: `${GUIDE}/resource-initialization-error.html`,
        example: 'ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: invalid ssm parameters: /web/TOKEN',
    },
    {
        id: 'log-network',
        nature: 'hopeless',
        match: /(?:log group|logger).*(?:connection issue|signal: killed|i\/o timeout|deadline exceeded)/is,
        cause: () => 'The task cannot reach CloudWatch Logs over its network.',
        remedy: () => 'Add the VPC endpoint com.amazonaws.REGION.logs (443 open in its security group), or a NAT route.',
        link: `${GUIDE}/resource-initialization-error.html`,
        example: 'ResourceInitializationError: failed to validate logger args: The task cannot find the Amazon CloudWatch log group defined in the task definition. There is a connection issue between the task and Amazon CloudWatch. Check your network configuration. : signal: killed',
    },
    {
        id: 'log-group-missing',
        nature: 'hopeless',
        match: /(?:log group (?<group>\S+ )?does not exist|ResourceNotFoundException: The specified log group)/i,
        cause: () => 'The log group of the task definition does not exist.',
        remedy: () => 'Create it (aws logs create-log-group), or set the option awslogs-create-group with logs:CreateLogGroup for the execution role.',
        link: `${GUIDE}/resource-initialization-error.html`,
        example: 'ResourceInitializationError: failed to validate logger args: create stream: ResourceNotFoundException: The specified log group does not exist.',
    },
    {
        id: 'image-pull-denied',
        nature: 'hopeless',
        match: /pull access denied|not authorized to perform: ecr:\w+|CannotPull\w*.*(?:403|denied|unauthorized)/i,
        cause: () => 'The image may not be pulled.',
        remedy: () => 'Give the execution role ecr:GetAuthorizationToken, ecr:BatchGetImage and ecr:GetDownloadUrlForLayer (AmazonECSTaskExecutionRolePolicy), and the repository policy this account.',
        link: `${GUIDE}/task_cannot_pull_image.html`,
        example: 'CannotPullContainerError: pull access denied for app, repository does not exist or may require authorization',
    },
    {
        id: 'role-assume-failed',
        nature: 'hopeless',
        match: /unable to assume (?:the )?(?:service linked )?role (?<role>\S*)|ECS was unable to assume the role '?(?<arn>[^'\s]+)/i,
        cause: ({ role, arn }) => `ECS cannot assume ${named('role', arn ?? role)}.`,
        remedy: () => 'Let the role trust ecs-tasks.amazonaws.com, and look whether it exists.',
        link: `${GUIDE}/task_execution_IAM_role.html`,
        example: "ECS was unable to assume the role 'arn:aws:iam::123456789012:role/web' that was provided for this task.",
    },
    {
        id: 'oom',
        nature: 'ambiguous',
        match: /OutOfMemory(?:Error)?/,
        cause: () => 'A container used more memory than its limit and was killed.',
        remedy: () => "Raise the container's memory (and the task's), or look for the leak.",
        link: `${GUIDE}/stopped-task-error-codes.html`,
        example: 'OutOfMemoryError: Container killed due to memory usage',
    },
    {
        id: 'entrypoint-not-found',
        nature: 'hopeless',
        match: /exec:? "?(?<program>[^":]+)"?.*(?:executable file not found|no such file or directory)/i,
        cause: ({ program }) => `The image has no program ${program ?? ''} to start.`,
        remedy: () => 'Correct command or entryPoint in the task definition, or the Dockerfile.',
        link: `${GUIDE}/stopped-task-error-codes.html`,
        example: 'CannotStartContainerError: Error response from daemon: failed to create task: exec: "serve": executable file not found in $PATH: unknown',
    },
    {
        id: 'elb-health-check',
        nature: 'ambiguous',
        match: /failed (?:ELB|elastic load balancing)? ?health checks|health checks failed|target.*unhealthy|is unhealthy in.*target-?group/i,
        cause: () => 'The load balancer finds the task unhealthy.',
        remedy: () => "Look at the target group's path, port and success codes, at the security group between load balancer and task, and whether health-check-grace-period-seconds covers the start.",
        link: `${GUIDE}/troubleshoot-service-load-balancers.html`,
        example: 'Task failed ELB health checks in (target-group arn:aws:elasticloadbalancing:us-east-1:1:targetgroup/web/1)',
    },
    {
        id: 'container-health-check',
        nature: 'ambiguous',
        match: /failed container health checks/i,
        cause: () => 'The container health check fails.',
        remedy: () => 'Run its command in the image by hand, and give it a startPeriod that covers the start.',
        link: `${GUIDE}/healthcheck.html`,
        example: 'Task failed container health checks',
    },
    {
        id: 'placement',
        nature: 'blocked',
        match: /unable to place a task because (?<why>[^.]+)/i,
        cause: ({ why }) => `No instance of the cluster can take the task: ${why ?? ''}.`,
        remedy: () => 'Add an instance or a capacity provider with managed scaling, or lower minimum-healthy-percent so that an old task makes room first.',
        link: `${GUIDE}/service-event-messages-list.html`,
        example: '(service web) was unable to place a task because no container instance met all of its requirements. Reason: The closest matching has insufficient memory available.',
    },
    {
        id: 'disruption',
        nature: 'self-heals',
        match: /spot|maintenance|host (?:EC2 )?\(?.*terminated|scaling activity|availability zone rebalanc/i,
        cause: () => 'AWS or a scaling action took the task away.',
        remedy: () => 'Nothing: ECS starts another one.',
        example: 'Your Spot Task was interrupted.',
    },
    {
        id: 'circuit-breaker',
        nature: 'symptom',
        match: /circuit breaker/i,
        cause: () => 'The deployment circuit breaker ended the rollout because too many tasks failed.',
        remedy: () => 'Look at the first stopped task: its reason is the cause.',
        link: `${GUIDE}/deployment-circuit-breaker.html`,
        example: 'ECS deployment circuit breaker: tasks failed to start.',
    },
    {
        id: 'deployment-alarm',
        nature: 'hopeless',
        surfaces: ['service.event', 'deployment.rolloutStateReason'],
        match: /alarm detected|alarms? .*ALARM/i,
        cause: () => 'A CloudWatch alarm of the deployment went to ALARM.',
        remedy: () => 'See which alarm of the service it was and why; the new revision runs, but not well.',
        link: `${GUIDE}/deployment-alarm-failure.html`,
        example: '(service web) deployment ecs-svc/1 deployment failed: alarm detected.',
    },
];

;// CONCATENATED MODULE: ./src/diagnosis/diagnose.ts

const SEVERITY = {
    hopeless: 'failure',
    ambiguous: 'failure',
    symptom: 'failure',
    unknown: 'failure',
    blocked: 'warning',
    'self-heals': 'warning',
    normal: 'normal',
};
/** One message explained; a text that no rule knows is shown as it is and called unknown. */
function diagnose(evidence) {
    for (const rule of RULES) {
        if (rule.surfaces && !rule.surfaces.includes(evidence.surface))
            continue;
        const found = rule.match.exec(evidence.text);
        if (!found)
            continue;
        const words = found.groups ?? {};
        return {
            rule: rule.id,
            nature: rule.nature,
            severity: SEVERITY[rule.nature],
            transient: rule.nature === 'self-heals',
            cause: rule.cause(words),
            remedy: rule.remedy(words),
            evidence,
            ...(rule.link ? { link: rule.link } : {}),
        };
    }
    return {
        rule: 'unknown',
        nature: 'unknown',
        severity: 'failure',
        transient: false,
        cause: evidence.text,
        remedy: 'This message is not known here; look it up in the ECS troubleshooting guide.',
        evidence,
    };
}
/** What ended each container tells more than what ended the task, and both more than an exit code. */
function diagnoseTask(task, essential) {
    if (task.lastStatus !== 'STOPPED' && task.stoppedReason === undefined)
        return undefined;
    const context = { stopCode: task.stopCode, launchType: task.launchType };
    const reasons = task.containers.flatMap(({ name, reason, exitCode }) => reason
        ? [
            {
                ...diagnose({ surface: 'container.reason', text: reason, context: { ...context, exitCode } }),
                container: name,
            },
        ]
        : []);
    const stopped = task.stoppedReason
        ? diagnose({ surface: 'task.stoppedReason', text: task.stoppedReason, context })
        : undefined;
    const known = [...reasons, ...(stopped ? [stopped] : [])].find(({ nature }) => nature !== 'unknown' && nature !== 'symptom');
    const found = known ?? exited(task, essential) ?? reasons[0] ?? stopped;
    return found && { ...found, taskId: task.id };
}
/** The essential container that ended by itself; 143 and 137 are what a sidecar gets when the task is being stopped. */
function exited(task, essential) {
    const ended = task.containers.filter(({ name, exitCode }) => exitCode !== undefined && (essential?.has(name) ?? true));
    const culprit = ended.find(({ exitCode }) => exitCode !== 143 && exitCode !== 137 && exitCode !== 0) ??
        ended.find(({ exitCode }) => exitCode === 137) ??
        ended.find(({ exitCode }) => exitCode === 0);
    if (!culprit || task.stopCode === 'ServiceSchedulerInitiated' || task.stopCode === 'UserInitiated')
        return undefined;
    const { name, exitCode = 0 } = culprit;
    return {
        rule: exitCode === 0 ? 'essential-container-exited-zero' : 'app-crash',
        nature: 'ambiguous',
        severity: 'failure',
        transient: false,
        cause: exitCode === 0
            ? `The essential container ${name} ended by itself (exit code 0), which ends its task.`
            : `The container ${name} ended with exit code ${exitCode}.`,
        remedy: exitCode === 0 ? 'Keep its main process running, or set essential to false.' : 'Read its last log lines.',
        evidence: { surface: 'container.exitCode', text: `exit code ${exitCode}`, context: { exitCode } },
        container: name,
    };
}
const RANK = ['hopeless', 'ambiguous', 'blocked', 'unknown', 'symptom', 'self-heals', 'normal'];
/** Root causes before symptoms, each cause once. */
function rank(diagnoses) {
    const first = new Map();
    for (const diagnosis of diagnoses) {
        const key = `${diagnosis.rule} ${diagnosis.cause}`;
        if (!first.has(key))
            first.set(key, diagnosis);
    }
    return [...first.values()].sort((a, b) => RANK.indexOf(a.nature) - RANK.indexOf(b.nature));
}

;// CONCATENATED MODULE: ./src/service/snapshot.ts

const oursIn = (service, deployment) => service.deployments.find(({ id }) => id === deployment.id);
/** Folds one look into what is known. */
function nextSnapshot(previous, observed, deployment) {
    const tasks = new Map((previous?.tasks ?? []).map((task) => [task.arn, task]));
    for (const task of observed.tasks ?? [])
        if (task.startedBy === deployment.id)
            tasks.set(task.arn, task);
    const events = new Map((previous?.events ?? []).map((event) => [event.id, event]));
    for (const event of observed.service.events)
        if (event.at >= deployment.startedAt - 1)
            events.set(event.id, event);
    const healthy = oursIn(observed.service, deployment)?.runningCount ?? 0;
    const best = previous?.bestHealthy ?? 0;
    const serviceDeployment = observed.serviceDeployment ?? previous?.serviceDeployment;
    const revision = observed.revision ?? previous?.revision;
    const known = {
        at: observed.at,
        service: observed.service,
        tasks: [...tasks.values()].sort((a, b) => (a.createdAt ?? 0) - (b.createdAt ?? 0)),
        events: [...events.values()].sort((a, b) => a.at - b.at),
        targetHealth: previous?.targetHealth ?? new Map(),
        logs: new Map([...(previous?.logs ?? []), ...(observed.logs ?? [])]),
        denied: [...new Set([...(previous?.denied ?? []), ...observed.denied])],
        bestHealthy: Math.max(best, healthy),
        lastProgressAt: previous && healthy <= best ? previous.lastProgressAt : observed.at,
        ...(serviceDeployment ? { serviceDeployment } : {}),
        ...(revision ? { revision } : {}),
    };
    return { ...known, diagnoses: diagnosesOf(known, deployment) };
}
/** Everything that is wrong with our tasks and our deployment, root causes first. */
function diagnosesOf(known, deployment) {
    const containers = deployment.definition?.containerDefinitions;
    const essential = containers && new Set(containers.flatMap(({ name, essential: is }) => (is === false ? [] : [name])));
    const fromTasks = known.tasks.flatMap((task) => {
        const found = diagnoseTask(task, essential);
        if (!found)
            return [];
        const said = (known.logs.get(`${task.id}/${found.container ?? ''}`) ?? []).join('\n');
        // A log line may know better than an exit code: "exec format error" is the wrong architecture.
        const logged = found.rule === 'app-crash' && said !== ''
            ? diagnose({ surface: 'container.log', text: said, context: {} })
            : undefined;
        return [logged?.nature === 'hopeless' ? { ...logged, taskId: task.id } : found];
    });
    const fromEvents = known.events.flatMap(({ message }) => {
        const found = diagnose({ surface: 'service.event', text: message, context: {} });
        return found.nature === 'blocked' || found.rule === 'deployment-alarm' ? [found] : [];
    });
    const reasons = [known.serviceDeployment?.statusReason, oursIn(known.service, deployment)?.rolloutStateReason];
    const fromReasons = reasons.flatMap((text) => {
        const found = text ? diagnose({ surface: 'deployment.rolloutStateReason', text, context: {} }) : undefined;
        return found && found.nature !== 'unknown' ? [found] : [];
    });
    return rank([...fromTasks, ...fromEvents, ...fromReasons]);
}

// EXTERNAL MODULE: ./src/report/words.ts
var words = __webpack_require__(2691);
;// CONCATENATED MODULE: ./src/report/events.ts

const targetGroup = (text) => /targetgroup\/([^/\s)]+)/.exec(text)?.[1] ?? text;
/**
 * AWS's wordings: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-event-messages-list.html, and
 * deployments seen. The service's name in front is taken off first. Reasons stay verbatim: people search for them.
 */
const WORDINGS = [
    {
        match: /^has started (\d+) tasks? (?:in ([\w-]+) )?to AZ Rebalance/i,
        severity: 'normal',
        weight: 'notable',
        tell: ([count, zone], tasks) => `ECS started ${tasksOf(count, tasks)}${zone ? ` in ${zone}` : ''} to balance the zones`,
    },
    {
        match: /^has started (\d+) tasks?:/,
        severity: 'normal',
        weight: 'progress',
        tell: ([count], tasks) => `ECS started ${tasksOf(count, tasks)}`,
    },
    {
        match: /^(?:has )?stopped (\d+) (running|pending) tasks?/,
        severity: 'normal',
        weight: 'notable',
        tell: ([count, state], tasks) => `ECS stopped ${tasksOf(count, tasks, state)}`,
    },
    {
        match: /^has begun draining connections on (\d+) tasks?/,
        severity: 'normal',
        weight: 'notable',
        tell: ([count], tasks) => `connections of ${tasksOf(count, tasks)} are draining`,
    },
    {
        match: /^(de)?registered (\d+) targets? in \(target-group ([^)]+)\)/,
        severity: 'normal',
        weight: 'notable',
        tell: ([from, count, group]) => `${(0,words/* counted */.hS)(Number(count), 'target')} ${from ? 'left' : 'joined'} target group ${targetGroup(group ?? '')}`,
    },
    {
        match: /^has reached a steady state/,
        severity: 'normal',
        weight: 'notable',
        tell: () => 'the service is in a steady state',
    },
    {
        match: /^deployment completed/,
        severity: 'good',
        weight: 'notable',
        tell: () => 'ECS has completed the deployment',
    },
    {
        match: /^(?:deployment \S+ )?deployment failed: (.+)$/s,
        severity: 'failure',
        weight: 'end',
        tell: ([reason]) => `ECS gave the deployment up: ${reason}`,
    },
    {
        match: /^rolling back to deployment (\S+?)\.?$/,
        severity: 'failure',
        weight: 'end',
        tell: ([to = '']) => `ECS rolls back to ${to.startsWith('ecs-svc/') ? 'deployment ' : ''}${to}`,
    },
    {
        match: /^was unable to place (?:a task|tasks)\.? (?:Reason:|because) (.+)$/s,
        severity: 'warning',
        weight: 'notable',
        tell: ([reason]) => `ECS could not place a task: ${withoutPointer(reason ?? '')}`,
    },
    {
        match: /^failed to launch a task with \(error (.+?)\)?\.?$/s,
        severity: 'warning',
        weight: 'notable',
        tell: ([error]) => `ECS could not launch a task: ${error}`,
    },
    {
        match: /^is unhealthy in \((target-group|elb) ([^)]+)\) due to \(reason (.+?)\)\.?$/s,
        severity: 'warning',
        weight: 'notable',
        tell: ([, group, reason], tasks) => `${tasks === '' ? 'a task' : `task ${tasks}`} is unhealthy in target group ${targetGroup(group ?? '')}: ${reason}`,
    },
    {
        match: /unable to scale in due to \(reason (.+?)\)\.?$/s,
        severity: 'normal',
        weight: 'notable',
        tell: ([reason]) => `ECS cannot stop old tasks yet: ${reason}`,
    },
    {
        match: /^is not AZ balanced with (.+?)\. AZ Rebalancing in progress/s,
        severity: 'normal',
        weight: 'notable',
        tell: ([zones]) => `ECS balances the zones (${zones})`,
    },
    {
        match: /Successfully set desired count to (\d+)/,
        severity: 'normal',
        weight: 'notable',
        tell: ([count]) => `auto scaling set the desired count to ${count}`,
    },
];
function tasksOf(count, tasks, state = '') {
    const noun = `${state} task`.trim();
    return `${(0,words/* counted */.hS)(Number(count), noun)}${tasks === '' ? '' : ` (${tasks})`}`;
}
const withoutPointer = (text) => text.replace(/\s*For more information, see the Troubleshooting section.*$/s, '').replace(/\.$/, '');
const TASK = /\(task ([^)\s]+)\)/g;
/** Who speaks, in all the ways AWS has written it: the service, a task set, a task, a port, a deployment. */
const SPEAKERS = /^(?:(?:\((?:service|taskSet|task|port|instance|deployment)\s[^)]*\)|service \([^)]*\)|service [^\s()]+)\s+)+/;
/** A service event of ECS (`message` verbatim) in plain words; a wording that we do not know stays as it is. */
function tellEvent(message) {
    const taskIds = [...message.matchAll(TASK)].map(([, id]) => id ?? '');
    const named = taskIds.slice(0, 4).map(words/* shortId */.m_);
    const tasks = (0,words/* listed */.KE)(taskIds.length > 4 ? [...named.slice(0, 3), `${taskIds.length - 3} more`] : named);
    const said = message.replace(SPEAKERS, '').trim();
    for (const { match, severity, weight, tell } of WORDINGS) {
        const parts = match.exec(said);
        if (parts)
            return { text: (0,words/* oneLine */.TN)(tell(parts.slice(1), tasks), 500), severity, weight, taskIds };
    }
    const severity = /\b(?:unable|failed|unhealthy|could not|error|misconfigured|timed out)\b/i.test(said)
        ? 'warning'
        : 'normal';
    return { text: `ECS: ${(0,words/* oneLine */.TN)(withoutPointer(said), 500)}`, severity, weight: 'unknown', taskIds };
}

;// CONCATENATED MODULE: ./src/report/last-words.ts

/**
 * The lines that are new; of a stream that is read again, only what follows the lines told before. Ten tasks that
 * crash in the same words are told as one.
 */
function logsBetween(previous, current) {
    const moments = [];
    const told = new Set([...(previous?.logs.values() ?? [])].map((lines) => lines.join('\n')));
    for (const [key, lines] of current.logs) {
        const fresh = lines.slice(overlap(previous?.logs.get(key) ?? [], lines));
        if (fresh.length === 0 || told.has(lines.join('\n')))
            continue;
        told.add(lines.join('\n'));
        const [taskId = key, container = ''] = key.split('/');
        const exitCode = current.tasks
            .find(({ id }) => id === taskId)
            ?.containers.find(({ name }) => name === container)?.exitCode;
        const exit = exitCode === undefined ? '' : ` (exit code ${exitCode})`;
        const title = `last log lines of task ${(0,words/* shortId */.m_)(taskId)}, container ${container}${exit}`;
        moments.push({ at: current.at, kind: 'log', severity: 'normal', text: [title, ...fresh].join('\n'), taskId });
    }
    return moments;
}
/** How many of the first lines of `now` are the last of `before`. */
function overlap(before, now) {
    for (let length = Math.min(before.length, now.length); length > 0; length -= 1) {
        if (before.slice(-length).every((line, index) => line === now[index]))
            return length;
    }
    return 0;
}

;// CONCATENATED MODULE: ./src/report/stages.ts


/** https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ServiceDeployment.html */
const STAGES = {
    RECONCILE_SERVICE: 'ECS reconciles the service',
    PRE_SCALE_UP: 'before new tasks start',
    SCALE_UP: 'new tasks start',
    POST_SCALE_UP: 'new tasks have started',
    TEST_TRAFFIC_SHIFT: 'test traffic moves to the new tasks',
    POST_TEST_TRAFFIC_SHIFT: 'test traffic has moved',
    PRODUCTION_TRAFFIC_SHIFT: 'production traffic moves to the new tasks',
    POST_PRODUCTION_TRAFFIC_SHIFT: 'production traffic has moved',
    BAKE_TIME: 'bake time, both revisions run while alarms are watched',
    CLEAN_UP: 'the old tasks are removed',
};
/** What the deployment as a whole went through: its status, stage, hooks, circuit breaker, alarms, who is PRIMARY. */
function stagesBetween(previous, current, deployment) {
    const known = new Set(previous ? stagesOf(previous, deployment).map(({ text }) => text) : []);
    return stagesOf(current, deployment)
        .filter(({ text }) => !known.has(text))
        .map(({ severity, text }) => ({ at: current.at, kind: 'step', severity, text: (0,words/* oneLine */.TN)(text, 500) }));
}
/** Everything that holds now and is worth a line when it begins to. */
function stagesOf(snapshot, deployment) {
    const { serviceDeployment } = snapshot;
    return [
        ...(serviceDeployment ? fromServiceDeployment(serviceDeployment, snapshot) : []),
        ...rolloutOf(snapshot, deployment),
    ];
}
function fromServiceDeployment(told, snapshot) {
    const stage = told.lifecycleStage;
    const { circuitBreaker: breaker, alarms } = told;
    return [
        ...(/^STOP/.test(told.status)
            ? [warning(`the service deployment is being stopped${told.statusReason ? `: ${told.statusReason}` : ''}`)]
            : []),
        ...(stage
            ? [normal(`stage ${stage}${Object.hasOwn(STAGES, stage) ? `: ${STAGES[stage]}` : ''}${bake(told)}`)]
            : []),
        ...told.hooks.flatMap((hook) => hookText(hook, snapshot)),
        ...(breaker && breaker.failureCount > 0
            ? [warning(`circuit breaker: ${breaker.failureCount} of ${breaker.threshold} failures`)]
            : []),
        ...(breaker?.status === 'TRIGGERED' ? [failure('the circuit breaker has tripped')] : []),
        ...(alarms && alarms.triggered.length > 0
            ? [failure(`${alarms.triggered.length === 1 ? 'alarm' : 'alarms'} ${(0,words/* listed */.KE)(alarms.triggered)} went off`)]
            : []),
    ];
}
const bake = ({ lifecycleStage, bakeTimeMinutes }) => lifecycleStage === 'BAKE_TIME' && bakeTimeMinutes ? ` (${(0,words/* duration */.p0)(bakeTimeMinutes * 60)})` : '';
function hookText(hook, { at }) {
    const name = hook.id ?? hook.targetType ?? 'a lifecycle hook';
    switch (hook.status) {
        case 'AWAITING_ACTION': {
            const until = hook.expiresAt === undefined ? '' : ` until ${clockTime(hook.expiresAt)} UTC`;
            const expired = hook.expiresAt !== undefined && hook.expiresAt < at ? ' (already past)' : '';
            return [warning(`paused at ${name}${until}${expired}: continue or roll back the deployment in ECS`)];
        }
        case 'FAILED':
        case 'TIMED_OUT':
            return [failure(`the lifecycle hook ${name} has ${hook.status === 'FAILED' ? 'failed' : 'timed out'}`)];
        case 'IN_PROGRESS':
            return [normal(`the lifecycle hook ${name} runs`)];
        default:
            return [];
    }
}
/** `2026-11-21 06:30`, from the instant alone. */
const clockTime = (at) => new Date(at * 1000).toISOString().slice(0, 16).replace('T', ' ');
/** Who has the service now. ECS says that ours has failed in three places; it is told once, with the fullest reason. */
function rolloutOf(snapshot, deployment) {
    const { service } = snapshot;
    const ours = oursIn(service, deployment);
    const primary = service.deployments.find(({ status }) => status === 'PRIMARY');
    const reason = reasonOf(snapshot, deployment);
    const told = [];
    if (isRollingBack(snapshot)) {
        const displaced = primary && primary.id !== deployment.id ? primary.taskDefinitionArn : undefined;
        const to = displaced ?? deployment.previousTaskDefinitionArn;
        told.push(failure(`ECS rolls back to ${to ? (0,words/* revisionName */.pd)(to) : 'the revision before'}${reason ? `: ${reason}` : ''}`));
    }
    else if (ours?.rolloutState === 'FAILED') {
        told.push(failure((0,words/* capitalised */.Iu)(reason ?? 'the rollout has failed')));
    }
    else if (primary && ours && primary.id !== deployment.id) {
        // Before ours appears, PRIMARY is still the old one.
        told.push(warning(`${(0,words/* revisionName */.pd)(primary.taskDefinitionArn)} (${primary.id}) is PRIMARY now, no longer ours`));
    }
    if (service.status !== 'ACTIVE')
        told.push(failure(`the service is ${service.status}`));
    return told;
}
/** Without the service deployment, which IAM may deny, the event says it. */
const isRollingBack = ({ serviceDeployment, events }) => /^ROLLBACK_/.test(serviceDeployment?.status ?? '') ||
    events.some(({ message }) => message.includes('rolling back to deployment '));
function reasonOf({ serviceDeployment: told, service }, deployment) {
    const ours = oursIn(service, deployment);
    const rollout = ours?.rolloutState === 'FAILED' ? ours.rolloutStateReason : undefined;
    return (told?.rollback?.reason ?? told?.statusReason ?? rollout)?.replace(/\.$/, '');
}
/** Whether a stage line tells already that the deployment was given up, and why. */
const failureIsShown = (snapshot, deployment) => isRollingBack(snapshot) || oursIn(snapshot.service, deployment)?.rolloutState === 'FAILED';
const normal = (text) => ({ severity: 'normal', text });
const warning = (text) => ({ severity: 'warning', text });
const failure = (text) => ({ severity: 'failure', text });

;// CONCATENATED MODULE: ./src/report/tasks.ts

/** A line for each task of ours that is new or has moved. */
function tasksBetween(previous, current, revision) {
    const before = new Map(previous?.tasks.map((task) => [task.arn, task]));
    return current.tasks.flatMap((task) => {
        const was = before.get(task.arn);
        const target = current.targetHealth.get(task.id);
        if (was && was === task && previous?.targetHealth.get(task.id) === target)
            return [];
        const told = describe(task, target);
        if (was && describe(was, previous?.targetHealth.get(task.id)).text === told.text)
            return [];
        const text = `${revision} ${told.text}${ageOf(task, current.at)}`;
        return [{ at: current.at, kind: 'task', severity: told.severity, text, taskId: task.id, state: told.state }];
    });
}
/** How many of ours are healthy as the load balancer or the container sees it; undefined where nobody checks. */
function healthyCount({ tasks, targetHealth }) {
    const checked = tasks.some(({ id, healthStatus }) => targetHealth.has(id) || healthStatus !== 'UNKNOWN');
    if (!checked)
        return undefined;
    return tasks.filter((task) => stateOf(task, targetHealth.get(task.id)) === 'HEALTHY').length;
}
function stateOf({ lastStatus, healthStatus }, target) {
    switch (lastStatus) {
        case 'PROVISIONING':
            return 'PROVISIONING';
        case 'PENDING':
        case 'ACTIVATING':
            return 'PENDING';
        case 'RUNNING':
            if (healthStatus === 'UNHEALTHY' || target?.state === 'unhealthy')
                return 'UNHEALTHY';
            if (target)
                return target.state === 'healthy' ? 'HEALTHY' : 'RUNNING';
            return healthStatus === 'HEALTHY' ? 'HEALTHY' : 'RUNNING';
        default:
            return 'STOPPED';
    }
}
function describe(task, target) {
    const state = stateOf(task, target);
    switch (state) {
        case 'PROVISIONING':
        case 'PENDING':
            return { state, severity: 'normal', text: state };
        case 'RUNNING':
        case 'HEALTHY':
        case 'UNHEALTHY': {
            const checks = [
                ...(task.healthStatus === 'UNKNOWN' ? [] : [`container ${task.healthStatus.toLowerCase()}`]),
                ...(target ? [`target ${targetText(target)}`] : []),
            ];
            const severity = state === 'HEALTHY' ? 'good' : state === 'UNHEALTHY' ? 'warning' : 'normal';
            return { state, severity, text: ['RUNNING', ...checks].join(', ') };
        }
        case 'STOPPED': {
            const reason = stopReason(task);
            return { state, severity: severityOfEnd(task), text: reason === '' ? 'STOPPED' : `STOPPED: ${reason}` };
        }
    }
}
function targetText({ state, reason, description }) {
    const why = description ?? reason;
    return state === 'healthy' || !why ? state : `${state} (${(0,words/* oneLine */.TN)(why, 160)})`;
}
/** An end that the service wanted (scaling in, a newer deployment) is none of the task's failures; lost hosts happen. */
function severityOfEnd({ stopCode, stoppedReason }) {
    if (stopCode === 'UserInitiated')
        return 'normal';
    if (stopCode === 'ServiceSchedulerInitiated' && !/health checks?|unhealthy/i.test(stoppedReason ?? ''))
        return 'normal';
    return /^(?:SpotInterruption|TerminationNotice|InfrastructureHealth)$/.test(stopCode ?? '') ? 'warning' : 'failure';
}
/** The reasons verbatim, the container that failed first before its companions that were only ended with it. */
function stopReason({ stoppedReason, containers }) {
    // 143 (SIGTERM) and 0 are what a container says that was ended because another one failed.
    const guilty = containers.filter(({ exitCode, reason }) => reason !== undefined || (exitCode !== undefined && exitCode !== 0 && exitCode !== 143));
    const told = guilty.map(({ name, exitCode, reason }) => {
        const exit = exitCode === undefined ? [] : [`exit code ${exitCode}`];
        // Said twice by ECS, told once: the task's own reason is often the container's.
        const own = reason === undefined || stoppedReason?.includes(reason) ? [] : [(0,words/* oneLine */.TN)(reason, 300)];
        return exit.length + own.length === 0 ? '' : `container ${name}: ${[...exit, ...own].join(', ')}`;
    });
    return [...(stoppedReason ? [(0,words/* oneLine */.TN)(stoppedReason, 400)] : []), ...told.filter((text) => text !== '')].join('; ');
}
/** How long it has run, or ran, or has been on its way: what a person compares with grace periods. */
function ageOf({ lastStatus, createdAt, startedAt, stoppedAt }, now) {
    if (stoppedAt !== undefined)
        return startedAt === undefined ? '' : ` (ran ${(0,words/* duration */.p0)(stoppedAt - startedAt)})`;
    const starting = /^(?:PROVISIONING|PENDING|ACTIVATING)$/.test(lastStatus);
    const since = starting ? createdAt : lastStatus === 'RUNNING' ? startedAt : undefined;
    if (since === undefined || now - since < 10)
        return '';
    return ` (${starting ? 'asked for' : 'runs for'} ${(0,words/* duration */.p0)(now - since)}${starting ? ' ago' : ''})`;
}

;// CONCATENATED MODULE: ./src/report/narrate.ts






/** A silence of this length is broken by a word on what is being waited for. */
const HEARTBEAT_SECONDS = 30;
/**
 * What changed between two looks, each thing told once, by time and then in the order in which people ask: counts, tasks, what ECS
 * said, what is wrong, stages, the last words of failed containers, the verdict. Nothing for a look that saw nothing
 * new, but for a heartbeat after every 30 quiet seconds.
 */
function narrate(previous, current, verdict, deployment) {
    const told = [
        ...countsBetween(previous, current, deployment),
        ...tasksBetween(previous, current, (0,words/* revisionName */.pd)(deployment.taskDefinitionArn)),
        ...eventsBetween(previous, current, deployment),
        ...diagnosesBetween(previous, current, verdict),
        ...stagesBetween(previous, current, deployment),
        ...logsBetween(previous, current),
        ...deniedBetween(previous, current),
    ].sort((one, other) => one.at - other.at);
    if (!('lookAgainInSeconds' in verdict))
        return [...told, ...verdictMoment(current, verdict, deployment)];
    return told.length > 0 ? told : heartbeat(previous, current, verdict, deployment);
}
function countsBetween(previous, current, deployment) {
    const text = countsOf(current, deployment);
    if (text === undefined || (previous && countsOf(previous, deployment) === text))
        return [];
    const ours = oursIn(current.service, deployment);
    const ready = ours && Math.min(ours.runningCount, healthyCount(current) ?? ours.runningCount);
    const whole = ours && ready !== undefined && ours.desiredCount > 0 && ready >= ours.desiredCount;
    return [{ at: current.at, kind: 'counts', severity: whole ? 'good' : 'normal', text }];
}
/** `web:42: 2 of 4 running, 1 healthy, 2 pending | web:41: 3 running`. */
function countsOf(snapshot, deployment) {
    const { deployments } = snapshot.service;
    const ours = oursIn(snapshot.service, deployment);
    if (!ours)
        return undefined;
    const mine = (0,words/* revisionName */.pd)(deployment.taskDefinitionArn);
    const healthy = healthyCount(snapshot);
    const requested = snapshot.serviceDeployment?.target?.requested ?? ours.desiredCount;
    const parts = [
        `${ours.runningCount} of ${ours.desiredCount} running`,
        ...(healthy === undefined || healthy === ours.runningCount ? [] : [`${healthy} healthy`]),
        ...(ours.pendingCount > 0 ? [`${ours.pendingCount} pending`] : []),
        ...(requested < ours.desiredCount && requested > 0 ? [`${requested} asked for so far`] : []),
        ...(ours.failedTasks > 0 ? [`${ours.failedTasks} failed`] : []),
    ];
    const others = deployments
        .filter(({ id, runningCount, pendingCount }) => id !== ours.id && runningCount + pendingCount > 0)
        .map((other) => otherCounts(other, mine));
    return [`${mine}: ${parts.join(', ')}`, ...others].join(' | ');
}
function otherCounts(other, mine) {
    const name = (0,words/* revisionName */.pd)(other.taskDefinitionArn);
    const shown = name === mine ? `${name} of ${other.id}` : name;
    const leaving = other.status !== 'PRIMARY' && other.desiredCount < other.runningCount;
    const pending = other.pendingCount > 0 ? `, ${other.pendingCount} pending` : '';
    return `${shown}: ${other.runningCount} ${leaving ? 'left, draining' : 'running'}${pending}`;
}
function eventsBetween(previous, current, deployment) {
    const knownIds = new Set(previous?.events.map(({ id }) => id));
    // ECS repeats "unable to place a task" for hours: the same words are news once.
    const knownWords = new Set(previous?.events.map(({ message }) => message));
    const ours = new Set(current.tasks.map(({ id }) => id));
    const quoted = current.diagnoses.map(({ evidence }) => evidence.text);
    const moments = [];
    for (const { id, at, message } of current.events) {
        if (knownIds.has(id))
            continue;
        const { text, severity, weight, taskIds } = tellEvent(namingRevisions(message, current));
        const repeated = severity !== 'normal' && severity !== 'good' && knownWords.has(message);
        knownWords.add(message);
        const byTaskLines = weight === 'progress' && taskIds.length > 0 && taskIds.every((task) => ours.has(task));
        const byStages = weight === 'end' && failureIsShown(current, deployment);
        if (repeated || byTaskLines || byStages || quoted.includes(message))
            continue;
        moments.push({ at, kind: 'event', severity, text });
    }
    return moments;
}
/** People know revisions, not `ecs-svc/1111111111111111111`. */
function namingRevisions(message, { service }) {
    return message.replaceAll(/(?<=rolling back to deployment )ecs-svc\/\d+/g, (id) => {
        const found = service.deployments.find((deployment) => deployment.id === id);
        return found ? (0,words/* revisionName */.pd)(found.taskDefinitionArn) : id;
    });
}
const keyOf = ({ rule, cause }) => `${rule} ${cause}`;
function diagnosesBetween(previous, current, verdict) {
    const known = new Set(previous?.diagnoses.map(keyOf));
    const moments = [];
    for (const diagnosis of current.diagnoses) {
        if (known.has(keyOf(diagnosis)) || diagnosis.severity === 'normal')
            continue;
        known.add(keyOf(diagnosis));
        const text = diagnosisText(diagnosis, verdict);
        if (text === undefined)
            continue;
        const severity = text.startsWith('cause: ') ? 'failure' : 'warning';
        moments.push({ at: current.at, kind: 'diagnosis', severity, text: (0,words/* oneLine */.TN)(text, 600) });
    }
    return moments;
}
/** How sure we are, in a word. A symptom has its line already, as an event or a stopped task. */
function diagnosisText({ nature, cause, taskId, container }, verdict) {
    const where = taskId ? ` (task ${(0,words/* shortId */.m_)(taskId)}${container ? `, container ${container}` : ''})` : '';
    switch (nature) {
        case 'hopeless':
            return `cause: ${cause}${where}`;
        case 'ambiguous':
        case 'unknown':
            return `${'causes' in verdict ? 'cause' : 'suspected'}: ${cause}${where}`;
        case 'blocked':
            return `blocked: ${cause}${where}`;
        case 'self-heals':
            // Once the deployment is over, ECS takes our tasks away, and nothing has to heal.
            return verdict.kind !== 'waiting' ? undefined : `this often heals by itself: ${cause}${where}`;
        case 'symptom':
        case 'normal':
            return undefined;
    }
}
function deniedBetween(previous, current) {
    const fresh = current.denied.filter((action) => !previous?.denied.includes(action));
    if (fresh.length === 0)
        return [];
    const text = `IAM denies ${(0,words/* listed */.KE)(fresh)}: watching goes on with what is allowed, and explains less`;
    return [{ at: current.at, kind: 'step', severity: 'warning', text }];
}
/** The newest instant at which anything of the deployment moved, as far as AWS tells. */
function lastChangeAt({ service, tasks, events, lastProgressAt }, deployment) {
    return Math.max(deployment.startedAt, lastProgressAt, events.at(-1)?.at ?? 0, ...service.deployments.map(({ updatedAt }) => updatedAt), ...tasks.map(({ createdAt, startedAt, stoppedAt }) => Math.max(createdAt ?? 0, startedAt ?? 0, stoppedAt ?? 0)));
}
function heartbeat(previous, current, verdict, deployment) {
    if (!previous)
        return [];
    const since = lastChangeAt(current, deployment);
    const beats = (at) => Math.floor((at - since) / HEARTBEAT_SECONDS);
    if (beats(current.at) <= Math.max(0, beats(previous.at)))
        return [];
    const left = deployment.startedAt + deployment.timeoutSeconds - current.at;
    const limit = left > 0 ? `; gives up in ${(0,words/* duration */.p0)(left)}` : '';
    return [{ at: current.at, kind: 'heartbeat', severity: 'normal', text: `${waitingFor(verdict)}${limit}` }];
}
function waitingFor(verdict) {
    switch (verdict.kind) {
        case 'waiting':
            return `still waiting for ${verdict.waitingFor}`;
        case 'awaiting-approval':
            return `still paused at ${verdict.hook}`;
        case 'rolling-back':
            return `still waiting for ECS to restore ${verdict.to ? (0,words/* revisionName */.pd)(verdict.to) : 'the revision before'}`;
    }
}
function verdictMoment(current, verdict, deployment) {
    const ours = (0,words/* revisionName */.pd)(deployment.taskDefinitionArn);
    const moment = (severity, text) => [
        { at: current.at, kind: 'verdict', severity, text: (0,words/* oneLine */.TN)(text, 600) },
    ];
    switch (verdict.kind) {
        case 'succeeded': {
            const digests = [...new Set(Object.values(verdict.digests))].map((digest) => digest.slice(0, 19));
            const image = digests.length > 0 ? `, image ${digests.join(', ')}` : '';
            const tasks = verdict.runningCount === 1 ? '1 task runs' : `${verdict.runningCount} tasks run`;
            return moment('good', `deployed: ${tasks} ${ours}${image}`);
        }
        case 'rolled-back':
            return moment('failure', `rolled back to ${verdict.to ? (0,words/* revisionName */.pd)(verdict.to) : 'the revision before'}: ${verdict.reason}`);
        case 'failed': {
            const next = verdict.ecsRestores ? ' ECS restores the revision before.' : '';
            return moment('failure', `failed: ${verdict.reason}${next}`);
        }
        case 'stuck':
            return moment('failure', `stuck: ${verdict.reason}`);
        case 'timed-out':
            return moment('failure', `timed out: ${verdict.reason}`);
        case 'stopped':
            return moment('failure', `stopped: ${verdict.reason}`);
        case 'superseded': {
            const by = `${(0,words/* revisionName */.pd)(verdict.byTaskDefinition)} (${verdict.byDeployment})`;
            return moment('warning', `superseded: ${by} was deployed while ${ours} was on its way`);
        }
    }
}

;// CONCATENATED MODULE: ./src/report/account.ts


/** The live account of a run: tells each moment as it comes, and keeps all of them for the summary. */
class Account {
    moments = [];
    #console;
    #clock;
    #began;
    /** By deployment: one that is watched again, while ECS rolls it back, tells nothing twice. */
    #last = new Map();
    constructor({ console, clock }) {
        this.#console = console;
        this.#clock = clock;
        this.#began = clock.now();
    }
    /** A step of the run itself. */
    step(text, severity = 'normal') {
        this.#tell([{ at: this.#clock.now(), kind: 'step', severity, text }]);
    }
    /** For `watch`: tells what changed from one look to the next. */
    listener(deployment) {
        return (snapshot, verdict) => {
            this.#tell(narrate(this.#last.get(deployment.id), snapshot, verdict, deployment));
            this.#last.set(deployment.id, snapshot);
        };
    }
    #tell(moments) {
        this.moments.push(...moments);
        (0,live.tellMoments)(this.#console, this.#began, moments);
    }
}

// EXTERNAL MODULE: ./src/report/links.ts
var links = __webpack_require__(3303);
// EXTERNAL MODULE: ./src/report/outputs.ts
var outputs = __webpack_require__(5468);
;// CONCATENATED MODULE: ./src/service/apply.ts

const primaryOf = (state) => state.deployments.find(({ status }) => status === 'PRIMARY');
/**
 * Calls UpdateService and pins the deployment that it began: the PRIMARY's id in its answer. An id that was there
 * before means that ECS began none (only settings changed); undefined then.
 */
async function apply(update, before, limits, { ecs, clock }) {
    const startedAt = clock.now();
    const after = await ecs.updateService(update);
    const primary = primaryOf(after);
    if (!primary)
        throw new src_failure/* Failure */.H('INTERNAL', `UpdateService of ${before.name} answered without a PRIMARY deployment.`);
    if (before.deployments.some(({ id }) => id === primary.id))
        return undefined;
    return { ...pinned(after, limits, startedAt), previousTaskDefinitionArn: before.taskDefinitionArn };
}
/** The deployment that is PRIMARY in this state, to be watched from now on. */
function pinned(state, limits, now) {
    const primary = primaryOf(state);
    if (!primary)
        throw new src_failure/* Failure */.H('CONFLICT', `The service ${state.name} has no PRIMARY deployment.`);
    return {
        cluster: state.clusterArn,
        service: state.name,
        id: primary.id,
        taskDefinitionArn: primary.taskDefinitionArn,
        startedAt: now,
        timeoutSeconds: limits.timeoutSeconds,
        noProgressSeconds: limits.noProgressSeconds,
    };
}

;// CONCATENATED MODULE: ./src/service/rolling.ts
function planWaves(settings) {
    const { desiredCount: desired, minimumHealthyPercent: min, maximumPercent: max } = settings;
    if (settings.schedulingStrategy === 'DAEMON') {
        const stuck = min >= 100 && max <= 100 && desired > 0;
        const sentence = stuck
            ? `minimum-healthy-percent ${min} lets no daemon task stop, and maximum-percent ${max} lets none start beside it. Set minimum-healthy-percent below 100.`
            : `One daemon task an instance; ${min} % of them stay.`;
        return { lo: Math.ceil((desired * min) / 100), hi: desired, stuck, batch: stuck ? 0 : 1, sentence };
    }
    const lo = Math.ceil((desired * min) / 100);
    const hi = Math.floor((desired * max) / 100);
    if (desired === 0)
        return { lo, hi, stuck: false, batch: 0, sentence: 'No task is wanted, so nothing is replaced.' };
    const stuck = lo >= desired && hi <= desired;
    if (stuck)
        return { lo, hi, stuck, batch: 0, sentence: stuckSentence(settings, lo, hi) };
    const batch = Math.max(hi - desired, desired - lo);
    return { lo, hi, stuck, batch, sentence: `${tasks(hi)} at most, ${lo} healthy at least: ${batch} at a time.` };
}
const tasks = (count) => `${count} task${count === 1 ? '' : 's'}`;
function stuckSentence({ desiredCount, minimumHealthyPercent: min, maximumPercent: max }, lo, hi) {
    // One task more than desired, or one less: the nearest percents whose rounding gives it.
    const raise = Math.ceil(((desiredCount + 1) * 100) / desiredCount);
    const lower = Math.floor(((desiredCount - 1) * 100) / desiredCount);
    return (`With ${tasks(desiredCount)} wanted, minimum-healthy-percent ${min} keeps ceil(${desiredCount} * ${min} / 100) = ${lo} of them, ` +
        `so none may stop, and maximum-percent ${max} allows floor(${desiredCount} * ${max} / 100) = ${hi}, so none may start: ` +
        `this rollout could never move. Set maximum-percent to ${raise} or more, or minimum-healthy-percent to ${lower} or less.`);
}

;// CONCATENATED MODULE: ./src/service/change.ts


/** The service as it will be, where the inputs set something; for the arithmetic and its refusal. */
function plannedWaves(inputs, state) {
    return planWaves({
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
        throw new src_failure/* Failure */.H('CONFLICT', `The service ${state.name} is ${state.status}, so nothing can be deployed to it.`, {
            remedy: 'Create it anew, or correct the input `service`.',
        });
    }
    if (state.deploymentController !== 'ECS') {
        throw new src_failure/* Failure */.H('INVALID_INPUT', `The service ${state.name} is deployed by ${state.deploymentController}, not by ECS itself.`, {
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
        throw new src_failure/* Failure */.H('INVALID_INPUT', `The service ${state.name} does not take these inputs; nothing was changed.`, {
            mistakes,
        });
    }
    const waves = plannedWaves(inputs, state);
    if (waves.stuck && state.strategy === 'ROLLING') {
        throw new src_failure/* Failure */.H('IMPOSSIBLE_ROLLOUT', waves.sentence, { remedy: 'Change the percents; nothing was changed.' });
    }
    return waves;
}
/**
 * The UpdateService call that brings the service to the inputs and the revision: only what the user set and what
 * differs. A deployment configuration goes out whole, so that ECS resets none of the members the user did not name.
 */
function planChange(inputs, taskDefinitionArn, state) {
    const differs = [];
    const changed = (name, wanted, now) => {
        const differ = wanted !== undefined && JSON.stringify(wanted) !== JSON.stringify(now);
        if (differ)
            differs.push(name);
        return differ;
    };
    const newRevision = changed('task definition', taskDefinitionArn, primaryRevision(state));
    const configuration = deploymentConfiguration(inputs, state, changed);
    const forced = inputs.forceNewDeployment;
    if (forced)
        differs.push('force-new-deployment');
    const { enableExecuteCommand, enableEcsManagedTags, propagateTags, platformVersion, desiredCount } = inputs;
    const grace = inputs.healthCheckGracePeriodSeconds;
    const settings = {
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
        differs,
        desiredCount: desiredCount ?? state.desiredCount,
        waves: plannedWaves(inputs, state),
        ...(differs.length > 0 ? { update: { cluster: state.clusterArn, service: state.name, ...settings } } : {}),
    };
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

;// CONCATENATED MODULE: ./src/diagnosis/logs.ts
const logs_isObject = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);
/**
 * Where a container's log is: for awslogs the stream `prefix/container/task`.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/using_awslogs.html
 */
function logLocation(definition, container, taskId) {
    const found = definition.containerDefinitions.find(({ name }) => name === container);
    const log = logs_isObject(found?.logConfiguration) ? found.logConfiguration : undefined;
    const options = logs_isObject(log?.options) ? log.options : {};
    const prefix = options['awslogs-stream-prefix'];
    if (log?.logDriver === 'awslogs' && typeof prefix === 'string') {
        const group = String(options['awslogs-group'] ?? '');
        return {
            driver: 'awslogs',
            group,
            region: String(options['awslogs-region'] ?? ''),
            stream: `${prefix}/${container}/${taskId}`,
        };
    }
    if (!log)
        return {
            driver: 'other',
            hint: `The container ${container} has no logConfiguration: its output stays on the host.`,
        };
    return {
        driver: 'other',
        hint: `The container ${container} logs through ${String(log.logDriver)}: look there for task ${taskId}.`,
    };
}

;// CONCATENATED MODULE: ./src/service/judge.ts

/** While things move, and while nothing does: a success must be told within 5 s of being true. */
const SOON_SECONDS = 3;
const QUIET_SECONDS = 5;
/** A new role may fail for a minute until IAM has told everybody. */
const IAM_PROPAGATION_SECONDS = 60;
/** A blocked placement may be the old task that is just going away. */
const PLACEMENT_GRACE_SECONDS = 120;
/** DescribeServices may still show what was before our UpdateService. */
const STALE_SECONDS = 30;
/**
 * What is true of our deployment at `now`. Pure: all memory is in the snapshot.
 * Success needs proof: ours is PRIMARY, ECS says COMPLETED or SUCCESSFUL, and it runs what is wanted now.
 */
function judge(snapshot, deployment, now) {
    const ours = oursIn(snapshot.service, deployment);
    const primary = snapshot.service.deployments.find(({ status }) => status === 'PRIMARY');
    const told = snapshot.serviceDeployment;
    switch (told?.status) {
        case 'ROLLBACK_SUCCESSFUL':
            return rolledBack(snapshot, deployment, primary, ours);
        case 'ROLLBACK_FAILED':
            return failed(`ECS could not restore ${shortOf(deployment.previousTaskDefinitionArn)} after ${shortOf(deployment.taskDefinitionArn)}: ${judge_reasonOf(snapshot, ours)}`, snapshot, 'nobody restores');
        case 'ROLLBACK_REQUESTED':
        case 'ROLLBACK_IN_PROGRESS':
            return rollingBack(snapshot, deployment, primary, ours);
        case 'STOPPED':
            if (primary && primary.id !== deployment.id)
                return superseded(primary);
            return { kind: 'stopped', reason: told.statusReason ?? 'The service deployment was stopped.' };
    }
    if (!primary || primary.id !== deployment.id)
        return displaced(snapshot, deployment, primary, ours);
    if (primary.rolloutState === 'FAILED') {
        // ECS puts the predecessor back in a moment; without a completed one its breaker stalls.
        const restorable = snapshot.service.deployments.some(({ rolloutState }) => rolloutState === 'COMPLETED');
        if (restorer(snapshot) === 'ECS restores' && restorable)
            return rollingBack(snapshot, deployment, undefined, primary);
        return failed(judge_reasonOf(snapshot, primary), snapshot, 'nobody restores');
    }
    if (isProven(snapshot, primary))
        return success(snapshot, primary);
    return underWay(snapshot, deployment, primary, now);
}
/** running = desired of now, not of the start: autoscaling may have moved it. */
function isProven({ service, serviceDeployment }, ours) {
    const early = serviceDeployment?.earlySuccessPercent;
    if (early !== undefined && serviceDeployment?.status === 'SUCCESSFUL') {
        return ours.runningCount >= Math.ceil((ours.desiredCount * early) / 100);
    }
    const complete = ours.rolloutState === 'COMPLETED' || serviceDeployment?.status === 'SUCCESSFUL';
    const whole = service.schedulingStrategy === 'DAEMON' || ours.desiredCount >= service.desiredCount;
    return complete && whole && ours.runningCount >= ours.desiredCount;
}
function success({ revision, service, denied }, ours) {
    const images = revision?.images ?? [];
    const nothing = ours.runningCount === 0;
    return {
        kind: 'succeeded',
        runningCount: ours.runningCount,
        digests: Object.fromEntries(images.flatMap(({ containerName, digest }) => (digest ? [[containerName, digest]] : []))),
        warnings: [
            ...(nothing
                ? [`The desired count of ${service.name} is ${service.desiredCount}, so no task runs: nothing was verified.`]
                : []),
            ...denied.map((action) => `${action} is denied; allowing it would let this action prove and explain more.`),
        ],
    };
}
/** PRIMARY is another one: ECS restores the old revision, or somebody deployed a newer one. */
function displaced(snapshot, deployment, primary, ours) {
    if (!primary)
        return wait('ECS to show the deployment', SOON_SECONDS, []);
    const reasons = `${primary.rolloutStateReason ?? ''} ${ours?.rolloutStateReason ?? ''}`;
    const older = primary.createdAt < deployment.startedAt - 1;
    const restoring = ours?.rolloutState === 'FAILED' ||
        /rolling back|rolled back/i.test(reasons) ||
        snapshot.events.some(({ message }) => message.includes(`rolling back to deployment ${primary.id}`));
    if (!restoring) {
        const stale = older && !ours && snapshot.at - deployment.startedAt < STALE_SECONDS;
        if (stale)
            return wait('ECS to show the deployment', SOON_SECONDS, []);
        // A rollback reuses the older deployment; whoever deploys anew gets a younger one.
        if (!older || primary.taskDefinitionArn !== deployment.previousTaskDefinitionArn)
            return superseded(primary);
    }
    const restored = primary.rolloutState === 'COMPLETED' && primary.runningCount >= primary.desiredCount;
    return (restored ? rolledBack : rollingBack)(snapshot, deployment, primary, ours);
}
function underWay(snapshot, deployment, ours, now) {
    const { diagnoses, tasks, serviceDeployment } = snapshot;
    const elapsed = now - deployment.startedAt;
    const siblingRuns = tasks.some(({ lastStatus, healthStatus }) => lastStatus === 'RUNNING' && healthStatus !== 'UNHEALTHY');
    const hopeless = diagnoses.find(({ nature }) => nature === 'hopeless');
    const tooYoung = hopeless?.rule === 'role-assume-failed' && elapsed < IAM_PROPAGATION_SECONDS;
    if (hopeless && !siblingRuns && !tooYoung)
        return failed(hopeless.cause, snapshot, restorer(snapshot));
    const repeated = endedTwice(snapshot);
    if (repeated)
        return failed(`${repeated.cause} (Seen on two tasks.)`, snapshot, restorer(snapshot));
    const awaited = serviceDeployment?.hooks.find(({ status }) => status === 'AWAITING_ACTION');
    if (awaited) {
        return {
            kind: 'awaiting-approval',
            hook: awaited.id ?? awaited.targetType ?? 'a lifecycle hook',
            lookAgainInSeconds: QUIET_SECONDS,
            ...(awaited.expiresAt === undefined ? {} : { until: awaited.expiresAt }),
        };
    }
    if (elapsed >= deployment.timeoutSeconds) {
        return {
            kind: 'timed-out',
            reason: `Not done after ${minutes(deployment.timeoutSeconds)}: ${progressOf(ours)}.`,
            causes: diagnoses,
        };
    }
    const allRun = ours.runningCount >= ours.desiredCount && ours.desiredCount > 0;
    const still = now - snapshot.lastProgressAt;
    const blocked = diagnoses.find(({ nature }) => nature === 'blocked');
    const mayScale = snapshot.service.capacityProviders.length > 0 || ours.pendingCount > 0;
    if (blocked && !mayScale && !allRun && still >= PLACEMENT_GRACE_SECONDS) {
        return { kind: 'stuck', reason: blocked.cause, causes: diagnoses };
    }
    if (!allRun && still >= deployment.noProgressSeconds) {
        return {
            kind: 'stuck',
            reason: `No further task became healthy for ${minutes(still)}: ${progressOf(ours)}.`,
            causes: diagnoses,
        };
    }
    const what = allRun ? 'ECS to finish the deployment (drain, bake time, alarms)' : `its tasks: ${progressOf(ours)}`;
    return wait(what, still < 60 ? SOON_SECONDS : QUIET_SECONDS, diagnoses.filter(({ nature }) => nature === 'ambiguous'));
}
/** An ambiguous cause counts when two tasks of ours ended badly, and none that started since is healthy. */
function endedTwice({ diagnoses, tasks }) {
    const bad = tasks.filter(({ lastStatus, stopCode, stoppedReason }) => lastStatus === 'STOPPED' &&
        (stopCode === 'EssentialContainerExited' ||
            stopCode === 'TaskFailedToStart' ||
            /health checks/i.test(stoppedReason ?? '')));
    const last = Math.max(...bad.map(({ stoppedAt }) => stoppedAt ?? 0));
    const recovered = tasks.some(({ lastStatus, healthStatus, startedAt }) => lastStatus === 'RUNNING' && healthStatus === 'HEALTHY' && (startedAt ?? 0) > last - 300);
    const cause = diagnoses.find(({ nature }) => nature === 'ambiguous') ?? diagnoses.find(({ nature }) => nature === 'unknown');
    return bad.length >= 2 && !recovered ? cause : undefined;
}
const restorer = ({ service }) => {
    const byBreaker = service.circuitBreaker?.enable && service.circuitBreaker.rollback;
    const byAlarm = service.alarms?.enable && service.alarms.rollback;
    return byBreaker || byAlarm ? 'ECS restores' : 'nobody restores';
};
const failed = (reason, { diagnoses }, restores) => ({
    kind: 'failed',
    reason,
    causes: diagnoses,
    ecsRestores: restores === 'ECS restores',
});
const superseded = (primary) => ({
    kind: 'superseded',
    byDeployment: primary.id,
    byTaskDefinition: primary.taskDefinitionArn,
});
const wait = (waitingFor, lookAgainInSeconds, suspected) => ({
    kind: 'waiting',
    waitingFor,
    lookAgainInSeconds,
    suspected,
});
const rolledBack = (snapshot, deployment, primary, ours) => ({
    kind: 'rolled-back',
    ...restoredTo(primary, deployment),
    reason: judge_reasonOf(snapshot, ours),
    causes: snapshot.diagnoses,
});
const rollingBack = (snapshot, deployment, primary, ours) => ({
    kind: 'rolling-back',
    ...restoredTo(primary, deployment),
    reason: judge_reasonOf(snapshot, ours),
    causes: snapshot.diagnoses,
    lookAgainInSeconds: SOON_SECONDS,
});
function restoredTo(primary, deployment) {
    const to = primary && primary.id !== deployment.id ? primary.taskDefinitionArn : deployment.previousTaskDefinitionArn;
    return to === undefined ? {} : { to };
}
function judge_reasonOf({ serviceDeployment, diagnoses }, ours) {
    const cause = diagnoses.find(({ nature }) => nature === 'hopeless' || nature === 'ambiguous')?.cause;
    return cause ?? serviceDeployment?.statusReason ?? ours?.rolloutStateReason ?? 'ECS gave no reason.';
}
const progressOf = ({ runningCount, desiredCount, pendingCount, failedTasks }) => `${runningCount} of ${desiredCount} run, ${pendingCount} pending, ${failedTasks} failed`;
const minutes = (seconds) => `${Math.round(seconds / 60)} min`;
const shortOf = (arn = 'the revision before') => arn.slice(arn.lastIndexOf('/') + 1);

;// CONCATENATED MODULE: ./src/service/watch.ts




const FIRST_BACKOFF_SECONDS = 5;
const LONGEST_BACKOFF_SECONDS = 30;
/** Tasks are asked for when the service's picture changed, and else this often. */
const TASKS_AT_LEAST_EVERY_SECONDS = 12;
const LOG_LINES = 20;
/**
 * Watches our deployment until the verdict is final. A look costs two calls, and two to four more when tasks moved.
 * Throttling and outages slow it down; they never fail a rollout before its time.
 * @throws Failure ACCESS_DENIED (DescribeServices) or CREDENTIALS at once, CANCELLED when the run is
 */
async function watch(deployment, world, listener) {
    const { clock, signal } = world;
    const look = observer(deployment, world);
    let snapshot;
    let backoff = FIRST_BACKOFF_SECONDS;
    for (;;) {
        try {
            snapshot = nextSnapshot(snapshot, await look(snapshot), deployment);
            backoff = FIRST_BACKOFF_SECONDS;
        }
        catch (thrown) {
            const failure = (0,src_failure/* asFailure */.h)(thrown);
            const late = clock.now() - deployment.startedAt > deployment.timeoutSeconds;
            if (late || (failure.code !== 'THROTTLED' && failure.code !== 'UNAVAILABLE'))
                throw failure;
            await clock.sleep(backoff * (0.75 + clock.random() / 2), signal);
            backoff = Math.min(backoff * 2, LONGEST_BACKOFF_SECONDS);
            continue;
        }
        const verdict = judge(snapshot, deployment, clock.now());
        listener(snapshot, verdict);
        if (!('lookAgainInSeconds' in verdict))
            return { verdict, snapshot };
        await clock.sleep(verdict.lookAgainInSeconds, signal);
    }
}
/** One look after another; keeps what costs calls and need not be asked again. */
function observer(deployment, { clock, ecs, logs }) {
    const denied = new Set();
    const logged = new Set();
    let serviceDeploymentArn;
    let lastPicture = '';
    let tasksAt = 0;
    /** What a role may lack: its absence costs knowledge, not the deploy. */
    const allowed = async (action, ask) => {
        if (denied.has(action))
            return undefined;
        try {
            return await ask();
        }
        catch (thrown) {
            const failure = (0,src_failure/* asFailure */.h)(thrown);
            if (failure.code !== 'ACCESS_DENIED')
                throw failure;
            denied.add(action);
            return undefined;
        }
    };
    const findServiceDeployment = async () => {
        if (serviceDeploymentArn === undefined) {
            const { cluster, service, startedAt } = deployment;
            const found = await allowed('ecs:ListServiceDeployments', () => ecs.listServiceDeployments({ cluster, service, createdAfter: startedAt - 60 }));
            // The revision of a service deployment carries the number of ecs-svc/NUMBER.
            const number = deployment.id.slice(deployment.id.indexOf('/') + 1);
            serviceDeploymentArn = found?.find(({ targetServiceRevisionArn }) => targetServiceRevisionArn?.endsWith(`/${number}`))?.arn;
        }
        const arn = serviceDeploymentArn;
        if (arn === undefined)
            return undefined;
        return (await allowed('ecs:DescribeServiceDeployments', () => ecs.describeServiceDeployments([arn])))?.[0];
    };
    const ourTasks = async (service) => {
        const ours = oursIn(service, deployment);
        const picture = JSON.stringify([service.deployments.map((d) => ({ ...d, updatedAt: 0 })), service.events[0]?.id]);
        if (picture === lastPicture && clock.now() - tasksAt < TASKS_AT_LEAST_EVERY_SECONDS)
            return undefined;
        lastPicture = picture;
        tasksAt = clock.now();
        const query = { cluster: deployment.cluster, service: deployment.service };
        const lists = await Promise.all([
            ours && ours.runningCount + ours.pendingCount > 0
                ? allowed('ecs:ListTasks', () => ecs.listTasks({ ...query, desiredStatus: 'RUNNING' }))
                : [],
            ours?.failedTasks === 0 && ours.runningCount >= ours.desiredCount
                ? []
                : allowed('ecs:ListTasks', () => ecs.listTasks({ ...query, desiredStatus: 'STOPPED' })),
        ]);
        const arns = lists.flatMap((list) => list ?? []);
        return allowed('ecs:DescribeTasks', () => ecs.describeTasks(deployment.cluster, arns));
    };
    /** The last words of each container that ended by itself, read once. */
    const lastWords = async (tasks) => {
        const { definition } = deployment;
        const ended = tasks.flatMap((task) => task.startedBy === deployment.id && task.lastStatus === 'STOPPED' && task.stopCode === 'EssentialContainerExited'
            ? task.containers
                .filter(({ exitCode }) => exitCode !== undefined && exitCode !== 0)
                .map(({ name }) => ({ task, name }))
            : []);
        const read = ended.map(async ({ task, name }) => {
            const key = `${task.id}/${name}`;
            if (!definition || logged.has(key))
                return [];
            logged.add(key);
            const place = logLocation(definition, name, task.id);
            if (place.driver !== 'awslogs')
                return [[key, [place.hint]]];
            const { region, group, stream } = place;
            const lines = await allowed('logs:GetLogEvents', () => logs.tail({ region, group, stream, limit: LOG_LINES }));
            return lines ? [[key, lines.map(({ message }) => message)]] : [];
        });
        return new Map((await Promise.all(read)).flat());
    };
    return async (previous) => {
        const [services, serviceDeployment] = await Promise.all([
            ecs.describeServices(deployment.cluster, [deployment.service]),
            findServiceDeployment(),
        ]);
        const [service] = services;
        if (!service)
            throw new src_failure/* Failure */.H('NOT_FOUND', `The service ${deployment.service} is gone.`);
        const tasks = await ourTasks(service);
        const done = serviceDeployment?.status === 'SUCCESSFUL' || oursIn(service, deployment)?.rolloutState === 'COMPLETED';
        const target = serviceDeployment?.target?.arn;
        const [revision] = done && target !== undefined && previous?.revision === undefined
            ? ((await allowed('ecs:DescribeServiceRevisions', () => ecs.describeServiceRevisions([target]))) ?? [])
            : [];
        return {
            at: clock.now(),
            service,
            denied: [...denied],
            ...(tasks ? { tasks, logs: await lastWords(tasks) } : {}),
            ...(serviceDeployment ? { serviceDeployment } : {}),
            ...(revision ? { revision } : {}),
        };
    };
}

;// CONCATENATED MODULE: ./src/service/restore.ts

/**
 * Puts back what ran before a deployment that went wrong. ECS does it itself where it can be asked to
 * (StopServiceDeployment ROLLBACK needs no circuit breaker), so that two rollbacks never meet; else the previous
 * revision is deployed.
 */
async function restore(failed, { serviceDeployment, service }, { ecs, clock }) {
    const previous = failed.previousTaskDefinitionArn;
    if (previous === undefined)
        return { kind: 'nothing-before' };
    if (serviceDeployment && /^(PENDING|IN_PROGRESS|STOP_REQUESTED)$/.test(serviceDeployment.status)) {
        try {
            await ecs.stopServiceDeployment(serviceDeployment.arn, 'ROLLBACK');
            return { kind: 'restoring', deployment: failed, by: 'StopServiceDeployment' };
        }
        catch (thrown) {
            // Denied, or ECS ended it in this very moment; deploying the old revision works in both cases.
            const { code } = (0,src_failure/* asFailure */.h)(thrown);
            if (code === 'CREDENTIALS')
                throw thrown;
        }
    }
    const primary = service.deployments.find(({ status }) => status === 'PRIMARY');
    if (primary?.taskDefinitionArn === previous)
        return { kind: 'restoring', deployment: failed, by: 'ECS' };
    const startedAt = clock.now();
    const after = await ecs.updateService({ cluster: failed.cluster, service: failed.service, taskDefinition: previous });
    const id = after.deployments.find(({ status }) => status === 'PRIMARY')?.id ?? failed.id;
    const { definition: _, ...rest } = failed;
    return {
        kind: 'restoring',
        by: 'UpdateService',
        deployment: {
            ...rest,
            id,
            startedAt,
            taskDefinitionArn: previous,
            previousTaskDefinitionArn: failed.taskDefinitionArn,
        },
    };
}

;// CONCATENATED MODULE: ./src/world.ts
/** `web:42` */
const nameOf = ({ family, revision }) => `${family}:${revision}`;

;// CONCATENATED MODULE: ./src/settle.ts



/** The outcome of what was watched, with the old revision back in place where that was asked for. */
async function settle(facts, { verdict, snapshot }, untouched, inputs, world, account) {
    const name = facts.revision ? nameOf(facts.revision) : '';
    const known = {
        ...facts,
        verdict,
        service: snapshot.service,
        diagnoses: snapshot.diagnoses,
        ...(snapshot.serviceDeployment ? { serviceDeploymentArn: snapshot.serviceDeployment.arn } : {}),
    };
    switch (verdict.kind) {
        case 'succeeded': {
            const many = verdict.runningCount === 1 ? '1 task' : `${verdict.runningCount} tasks`;
            const headline = untouched
                ? `${name} already runs, healthy: ${many}. Nothing was changed.`
                : `${name} runs: ${many}, healthy.`;
            return {
                ...known,
                kind: untouched ? 'unchanged' : 'deployed',
                headline,
                diagnoses: [],
                warnings: verdict.warnings,
            };
        }
        case 'superseded': {
            const by = verdict.byTaskDefinition.split('/').at(-1);
            return {
                ...known,
                kind: 'superseded',
                headline: `A newer deployment took over: ${verdict.byDeployment} with ${by}.`,
            };
        }
        case 'rolled-back':
            return {
                ...known,
                kind: 'rolled-back',
                headline: `${verdict.reason} ECS rolled back to ${verdict.to?.split('/').at(-1) ?? 'the revision before'}.`,
            };
        case 'stopped':
            return { ...known, kind: 'failed', headline: verdict.reason };
        case 'failed':
        case 'stuck':
        case 'timed-out': {
            if (!inputs.recovery.rollbackOnFailure || untouched)
                return { ...known, kind: 'failed', headline: verdict.reason };
            const back = await bringBack(known, facts.deployment, { verdict, snapshot }, world, account);
            if (inputs.recovery.deregisterFailedRevision && back.kind === 'rolled-back' && facts.revision) {
                await world.ecs.deregisterTaskDefinition(facts.revision.arn);
                account.step(`deregistered ${name}`);
            }
            return back;
        }
    }
}
async function bringBack(known, failed, { verdict, snapshot }, world, account) {
    const restoring = await restore(failed, snapshot, world);
    if (restoring.kind === 'nothing-before') {
        return { ...known, kind: 'failed', headline: `${verdict.reason} There is no revision before it to go back to.` };
    }
    account.step(`putting ${failed.previousTaskDefinitionArn?.split('/').at(-1)} back (${restoring.by})`);
    const back = await watch(restoring.deployment, world, account.listener(restoring.deployment));
    const done = back.verdict.kind === 'rolled-back' || back.verdict.kind === 'succeeded';
    const service = back.snapshot.service;
    if (!done)
        return {
            ...known,
            service,
            kind: 'failed',
            headline: `${verdict.reason} Rolling back ended as ${back.verdict.kind}.`,
        };
    const to = failed.previousTaskDefinitionArn?.split('/').at(-1) ?? '';
    return { ...known, service, kind: 'rolled-back', headline: `${verdict.reason} Rolled back to ${to}.` };
}
/**
 * A cancelled run: ECS goes on by itself, so the word is what state the service is in and how to undo it. With
 * `on-cancel: rollback` the old revision is put back, which takes one call; ECS does the rest.
 */
async function cancelled(facts, inputs, world) {
    const { deployment } = facts;
    const previous = deployment.previousTaskDefinitionArn?.split('/').at(-1);
    const next = deployment.taskDefinitionArn.split('/').at(-1);
    if (inputs.recovery.onCancel === 'rollback' && previous !== undefined) {
        const [service] = await world.ecs.describeServices(deployment.cluster, [deployment.service]);
        if (service)
            await restore(deployment, { service }, world);
        return {
            ...facts,
            kind: 'cancelled',
            headline: `Cancelled; ECS was told to put ${previous} back and does so now.`,
        };
    }
    const undo = previous
        ? ` To undo it: aws ecs update-service --cluster ${deployment.cluster} --service ${deployment.service} --task-definition ${previous}`
        : '';
    return { ...facts, kind: 'cancelled', headline: `Cancelled; ECS goes on rolling out ${next}.${undo}` };
}

// EXTERNAL MODULE: ./src/taskdef/template.ts
var taskdef_template = __webpack_require__(1912);
;// CONCATENATED MODULE: ./src/taskdef/fargate.ts

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
    for (const [i, volume] of (0,taskdef_template/* asObjects */.Nt)(definition.volumes).entries())
        checkVolume(volume, `volumes[${i}]`, say);
    for (const [i, container] of (0,taskdef_template/* containersOf */.Mz)(definition).entries()) {
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
    const family = (0,taskdef_template/* isObject */.Gv)(definition.runtimePlatform)
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
    const host = (0,taskdef_template/* isObject */.Gv)(volume.host) ? volume.host : {};
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
    const containers = (0,taskdef_template/* containersOf */.Mz)(definition);
    // For secrets every launch type needs it, which the general rules say.
    if (definition.executionRoleArn !== undefined || containers.some(({ secrets }) => (0,taskdef_template/* asObjects */.Nt)(secrets).length > 0))
        return;
    const reasons = [
        ...(containers.some(({ image }) => PRIVATE_ECR.test(String(image))) ? ['pull images from ECR'] : []),
        ...(containers.some(({ logConfiguration: log }) => (0,taskdef_template/* isObject */.Gv)(log) && log.logDriver === 'awslogs')
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
    const linux = (0,taskdef_template/* isObject */.Gv)(container.linuxParameters) ? container.linuxParameters : {};
    for (const field of ['devices', 'sharedMemorySize', 'maxSwap', 'swappiness']) {
        const value = linux[field];
        if (value !== undefined && !(Array.isArray(value) && value.length === 0)) {
            say(`${path}.linuxParameters.${field}`, 'is not available on Fargate.', 'Remove it.');
        }
    }
    const capabilities = (0,taskdef_template/* isObject */.Gv)(linux.capabilities) ? (0,taskdef_template/* asStrings */.P7)(linux.capabilities.add) : [];
    const others = capabilities.filter((capability) => capability !== 'SYS_PTRACE');
    if (others.length > 0) {
        say(`${path}.linuxParameters.capabilities.add`, `${others.join(', ')} cannot be added on Fargate.`, 'SYS_PTRACE is the only one.');
    }
    for (const type of new Set((0,taskdef_template/* asObjects */.Nt)(container.resourceRequirements).map((requirement) => String(requirement.type)))) {
        const what = type === 'GPU' ? 'GPUs' : `${type}s`;
        say(`${path}.resourceRequirements`, `Fargate has no ${what}.`, 'Run the service on EC2 or Managed Instances.');
    }
    for (const field of ['startTimeout', 'stopTimeout']) {
        const seconds = container[field];
        if (typeof seconds === 'number' && (seconds < 2 || seconds > 120))
            say(`${path}.${field}`, `${seconds} seconds is out of range.`, 'Fargate takes 2 to 120.');
    }
    const router = (0,taskdef_template/* isObject */.Gv)(container.firelensConfiguration) ? container.firelensConfiguration.options : undefined;
    if ((0,taskdef_template/* isObject */.Gv)(router) && router['config-file-type'] === 's3') {
        say(`${path}.firelensConfiguration.options.config-file-type`, 'must be file on Fargate.', 'Put the configuration into the image of the log router.');
    }
    const log = (0,taskdef_template/* isObject */.Gv)(container.logConfiguration) ? container.logConfiguration : undefined;
    if (!log)
        return;
    const driver = String(log.logDriver ?? '');
    if (!DRIVERS.includes(driver)) {
        say(`${path}.logConfiguration.logDriver`, `\`${driver}\` is not available on Fargate.`, `Use ${DRIVERS.join(', ')}.`);
    }
    const options = (0,taskdef_template/* isObject */.Gv)(log.options) ? log.options : {};
    if (driver === 'awslogs' && !options['awslogs-stream-prefix']) {
        say(`${path}.logConfiguration.options.awslogs-stream-prefix`, 'is missing, and Fargate requires it.', 'Add for example `"awslogs-stream-prefix": "ecs"`.');
    }
}

// EXTERNAL MODULE: ./src/spelling.ts
var spelling = __webpack_require__(9229);
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
    const log = (0,taskdef_template/* isObject */.Gv)(container.logConfiguration) ? container.logConfiguration : undefined;
    if (!log)
        return;
    const options = (0,taskdef_template/* isObject */.Gv)(log.options) ? log.options : {};
    const driver = String(log.logDriver ?? '');
    const given = [...Object.keys(options), ...(0,taskdef_template/* asObjects */.Nt)(log.secretOptions).map(({ name }) => String(name))];
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
    const senders = containers.filter(({ logConfiguration }) => (0,taskdef_template/* isObject */.Gv)(logConfiguration) && logConfiguration.logDriver === 'awsfirelens');
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
    const volumes = (0,taskdef_template/* asObjects */.Nt)(definition.volumes).map(({ name }) => String(name));
    for (const [i, { sourceVolume }] of (0,taskdef_template/* asObjects */.Nt)(container.mountPoints).entries()) {
        if (typeof sourceVolume !== 'string' || volumes.includes(sourceVolume))
            continue;
        const meant = (0,spelling/* didYouMean */.a)(sourceVolume, volumes);
        say(`${path}.mountPoints[${i}].sourceVolume`, `there is no volume \`${sourceVolume}\`.`, meant ? `Did you mean \`${meant}\`?` : 'Declare it under `volumes`.');
    }
    const names = (0,taskdef_template/* containersOf */.Mz)(definition).map(({ name }) => String(name));
    for (const [i, { sourceContainer }] of (0,taskdef_template/* asObjects */.Nt)(container.volumesFrom).entries()) {
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
    const volumes = (0,taskdef_template/* asObjects */.Nt)(definition.volumes);
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
    if (!(0,taskdef_template/* isObject */.Gv)(efs))
        return;
    const authorization = (0,taskdef_template/* isObject */.Gv)(efs.authorizationConfig) ? efs.authorizationConfig : {};
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
function container_rules_checkContainer(container, path, definition, say) {
    const containers = (0,taskdef_template/* containersOf */.Mz)(definition);
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
    const taskMemory = typeof definition.memory === 'string' ? memoryMib(definition.memory) : undefined;
    const taskCpu = typeof definition.cpu === 'string' ? cpuUnits(definition.cpu) : undefined;
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
    for (const [i, { type, value, sharingStrategy }] of (0,taskdef_template/* asObjects */.Nt)(container.resourceRequirements).entries()) {
        const at = `${path}.resourceRequirements[${i}]`;
        if (value === undefined && !(type === 'GPU' && sharingStrategy !== undefined))
            say(at, 'has no value.');
        if (type === 'GPU' && typeof value === 'string' && !/^([1-9]\d*|ALL)$/.test(value))
            say(`${at}.value`, `\`${value}\` is no number of GPUs.`, 'Write for example `"1"`, or `"ALL"`.');
        const devices = (0,taskdef_template/* asObjects */.Nt)(definition.inferenceAccelerators).map(({ deviceName }) => deviceName);
        if (type === 'InferenceAccelerator' && typeof value === 'string' && !devices.includes(value))
            say(`${at}.value`, `there is no accelerator \`${value}\`.`, 'Declare it under `inferenceAccelerators`.');
    }
}
function checkNetwork(container, path, definition, say) {
    const mode = definition.networkMode;
    if (mode === 'none' && (0,taskdef_template/* asObjects */.Nt)(container.portMappings).length > 0)
        say(`${path}.portMappings`, 'needs a network, but the network mode is none.', 'Remove it, or use another mode.');
    if (mode === 'awsvpc' && typeof container.hostname === 'string')
        say(`${path}.hostname`, 'is not available with the network mode awsvpc.', 'Remove it.');
    for (const [i, mapping] of (0,taskdef_template/* asObjects */.Nt)(container.portMappings).entries()) {
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
    const links = (0,taskdef_template/* asStrings */.P7)(container.links);
    if (links.length > 0 && mode !== undefined && mode !== 'bridge') {
        say(`${path}.links`, `links work in bridge mode only, not in ${mode}.`, 'In awsvpc mode containers of a task reach each other at localhost.');
    }
    if (mode === 'awsvpc' && (0,taskdef_template/* asObjects */.Nt)(container.extraHosts).length > 0) {
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
    const restart = (0,taskdef_template/* isObject */.Gv)(container.restartPolicy) ? container.restartPolicy.restartAttemptPeriod : undefined;
    if (typeof restart === 'number' && (restart < 60 || restart > 1800)) {
        const at = `${path}.restartPolicy.restartAttemptPeriod`;
        say(at, `${restart} is out of range.`, 'ECS takes 60 to 1800 seconds.');
    }
    const check = (0,taskdef_template/* isObject */.Gv)(container.healthCheck) ? container.healthCheck : undefined;
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
    const names = (0,taskdef_template/* asObjects */.Nt)(container.environment).map(({ name }) => String(name));
    const secrets = (0,taskdef_template/* asObjects */.Nt)(container.secrets).map(({ name }) => String(name));
    for (const name of secrets) {
        if (names.includes(name) || secrets.indexOf(name) !== secrets.lastIndexOf(name)) {
            say(`${path}.secrets`, `\`${name}\` is given twice; a secret's name must be unique among secrets and environment variables.`, 'Remove one of them.');
        }
    }
    for (const { name, valueFrom } of (0,taskdef_template/* asObjects */.Nt)(container.secrets)) {
        if (typeof valueFrom === 'string' && !SECRET.test(valueFrom)) {
            say(`${path}.secrets`, `the valueFrom of \`${String(name)}\` is neither an ARN nor the name of an SSM parameter.`, 'Give the ARN of the secret or parameter.');
        }
    }
    const files = (0,taskdef_template/* asObjects */.Nt)(container.environmentFiles);
    if (files.length > MAX_ENVIRONMENT_FILES)
        say(`${path}.environmentFiles`, `${files.length} files are more than ${MAX_ENVIRONMENT_FILES}.`);
    for (const { value } of files) {
        if (typeof value === 'string' && !/^arn:aws[\w-]*:s3:::/.test(value)) {
            say(`${path}.environmentFiles`, `\`${value}\` is no S3 object.`, 'Give its ARN, such as arn:aws:s3:::BUCKET/app.env.');
        }
    }
}
function checkDependencies(container, path, containers, say) {
    for (const [i, { containerName, condition }] of (0,taskdef_template/* asObjects */.Nt)(container.dependsOn).entries()) {
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
    return (0,taskdef_template/* asObjects */.Nt)(from.dependsOn).some(({ containerName }) => {
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
    const containers = (0,taskdef_template/* containersOf */.Mz)(definition);
    checkSet(definition, containers, say);
    checkSums(definition, containers, say);
    checkHostPorts(definition, containers, say);
    checkRouters(containers, say);
    checkVolumes(definition, say);
    for (const [i, container] of containers.entries()) {
        container_rules_checkContainer(container, `containerDefinitions[${i}]`, definition, say);
    }
    return mistakes;
}
function checkTask(definition, say) {
    const { family, cpu, memory } = definition;
    if (typeof family === 'string' && !NAME.test(family)) {
        say('family', `\`${family}\` cannot be a family.`, 'Use up to 255 letters, digits, hyphens and underscores.');
    }
    if (typeof cpu === 'string' && cpuUnits(cpu) === undefined) {
        say('cpu', `\`${cpu}\` is no CPU size.`, 'Write CPU units ("256") or vCPUs ("0.25 vCPU").');
    }
    if (typeof memory === 'string' && memoryMib(memory) === undefined) {
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
    const proxy = (0,taskdef_template/* isObject */.Gv)(definition.proxyConfiguration) ? definition.proxyConfiguration : undefined;
    if (proxy && definition.networkMode !== 'awsvpc') {
        say('proxyConfiguration', 'needs the network mode awsvpc.', 'Write `"networkMode": "awsvpc"`.');
    }
    const names = (0,taskdef_template/* containersOf */.Mz)(definition).map(({ name }) => name);
    if (proxy && typeof proxy.containerName === 'string' && !names.includes(proxy.containerName)) {
        say('proxyConfiguration.containerName', `there is no container \`${proxy.containerName}\`.`);
    }
    // Verbatim: "When you are specifying container secrets, you must also specify a value for 'executionRoleArn'."
    const holders = (0,taskdef_template/* containersOf */.Mz)(definition).filter(({ secrets }) => (0,taskdef_template/* asObjects */.Nt)(secrets).length > 0);
    if (holders.length > 0 && definition.executionRoleArn === undefined) {
        say('executionRoleArn', `is missing: ECS needs it to fetch the secrets of ${holders.map(({ name }) => `\`${String(name)}\``).join(', ')}.`, 'Give the execution role in the template or by the input `execution-role-arn`.');
    }
    const storage = (0,taskdef_template/* isObject */.Gv)(definition.ephemeralStorage) ? definition.ephemeralStorage.sizeInGiB : undefined;
    if (typeof storage === 'number' && (storage < 21 || storage > 200)) {
        say('ephemeralStorage.sizeInGiB', `${storage} GiB is out of range.`, 'ECS gives 21 to 200 GiB (20 without it).');
    }
    if ((0,taskdef_template/* asObjects */.Nt)(definition.placementConstraints).length > MAX_CONSTRAINTS) {
        say('placementConstraints', `has more than the ${MAX_CONSTRAINTS} that ECS takes.`);
    }
    if ((0,taskdef_template/* asStrings */.P7)(definition.requiresCompatibilities).includes('EXTERNAL') && definition.networkMode === 'awsvpc') {
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
    for (const name of repeated((0,taskdef_template/* asObjects */.Nt)(definition.volumes).map(({ name }) => String(name)))) {
        say('volumes', `two volumes are called \`${name}\`.`, 'Give each its own name.');
    }
}
/** "The sum of all container 'cpu' values cannot be greater than the value of the task 'cpu'", and so for memory. */
function checkSums(definition, containers, say) {
    const size = (text, read) => typeof text === 'string' ? read(text) : undefined;
    const sum = (field) => containers.reduce((total, { [field]: value }) => total + (typeof value === 'number' ? value : 0), 0);
    const told = (field, limit) => containers.some(({ [field]: value }) => typeof value === 'number' && value > limit);
    const sums = [
        { field: 'cpu', unit: 'CPU units', of: 'cpu', limit: size(definition.cpu, cpuUnits) },
        { field: 'memoryReservation', unit: 'MiB', of: 'memory', limit: size(definition.memory, memoryMib) },
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
        for (const { hostPort, containerPort, protocol } of (0,taskdef_template/* asObjects */.Nt)(portMappings)) {
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

;// CONCATENATED MODULE: ./src/taskdef/schema-check.ts



/**
 * Every place where a definition departs from the service model: unknown fields (the SDK would drop them without a
 * word), wrong types (it would send them as they are), values outside an enumeration, required members that lack.
 */
function checkSchema(definition) {
    return [...mistakesOf(definition, ROOT, '')];
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
    const structure = structureOf(type);
    if (structure) {
        if (!(0,taskdef_template/* isObject */.Gv)(value))
            return yield wrong('an object');
        return yield* membersOf(value, type, structure, path);
    }
    const enumeration = enumerationOf(type);
    if (enumeration) {
        if (typeof value !== 'string')
            return yield wrong('a string');
        if (!enumeration.includes(value))
            yield notOneOf(value, enumeration, path);
        return;
    }
    switch (type) {
        case 'map':
            if (!(0,taskdef_template/* isObject */.Gv)(value))
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
            yield* mistakesOf(item, memberType(type, member), at(member));
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
    const meant = (0,spelling/* didYouMean */.a)(member, known);
    return {
        subject: path,
        problem: 'is no field of a task definition here, and ECS would never see it.',
        remedy: meant ? `Did you mean \`${meant}\`?` : 'Remove it.',
    };
}
function notOneOf(value, enumeration, path) {
    const meant = (0,spelling/* didYouMean */.a)(value, enumeration);
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
        const remedy = path.endsWith('.environment') && (0,taskdef_template/* isObject */.Gv)(value) ? 'Write [{"name": ..., "value": ...}].' : undefined;
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
    return coerced(definition, ROOT);
}
function coerced(value, type) {
    if (Array.isArray(value))
        return value.map((item) => coerced(item, type.endsWith('[]') ? type.slice(0, -2) : ''));
    if ((0,taskdef_template/* isObject */.Gv)(value)) {
        return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, coerced(item, memberType(type, key))]));
    }
    return type === 'string' && (typeof value === 'number' || typeof value === 'boolean') ? String(value) : value;
}

;// CONCATENATED MODULE: ./src/taskdef/check.ts





/**
 * A rendered definition that ECS will take, or every reason why it would not, at once.
 * @param fargate whether the service runs on Fargate; a definition that asks for FARGATE is checked for it anyway
 * @throws Failure INVALID_TASK_DEFINITION
 */
function checked(rendered, name, fargate) {
    const { definition, tags } = rendered;
    const mistakes = [...rendered.mistakes, ...checkSchema(definition)];
    const asked = (0,taskdef_template/* asStrings */.P7)(definition.requiresCompatibilities);
    const told = new Set(mistakes.map(({ subject }) => subject));
    const semantic = [
        ...checkRules(definition, tags),
        ...(asked.includes('FARGATE') || fargate ? checkFargate(definition) : []),
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
    throw new src_failure/* Failure */.H('INVALID_TASK_DEFINITION', `The task definition ${name} has ${count}; nothing was registered.`, {
        mistakes,
    });
}

;// CONCATENATED MODULE: ./src/taskdef/normalise.ts


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
        ...(typeof cpu === 'string' ? { cpu: String(cpuUnits(cpu) ?? cpu) } : {}),
        ...(typeof memory === 'string' ? { memory: String(memoryMib(memory) ?? memory) } : {}),
        ...roleName('taskRoleArn', definition),
        ...roleName('executionRoleArn', definition),
        requiresCompatibilities: [...compatibilities].sort(),
        volumes: byKey((0,taskdef_template/* asObjects */.Nt)(definition.volumes), 'name').map(normaliseVolume),
        containerDefinitions: (0,taskdef_template/* containersOf */.Mz)(definition).map((container) => normaliseContainer(container, networkMode)),
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
    if (!(0,taskdef_template/* isObject */.Gv)(efs))
        return volume;
    const { rootDirectory, transitEncryption, authorizationConfig, ...rest } = efs;
    const { iam, ...access } = (0,taskdef_template/* isObject */.Gv)(authorizationConfig) ? authorizationConfig : {};
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
    const ports = (0,taskdef_template/* asObjects */.Nt)(portMappings).map((mapping) => {
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
        ...((0,taskdef_template/* isObject */.Gv)(healthCheck) ? { healthCheck: { interval: 30, timeout: 5, retries: 3, ...healthCheck } } : {}),
        ...((0,taskdef_template/* isObject */.Gv)(restartPolicy) ? { restartPolicy: { restartAttemptPeriod: 300, ...restartPolicy } } : {}),
        portMappings: byKey(ports, 'containerPort', 'protocol'),
        environment: byKey((0,taskdef_template/* asObjects */.Nt)(container.environment), 'name'),
        secrets: byKey((0,taskdef_template/* asObjects */.Nt)(container.secrets), 'name'),
    };
}
function byKey(list, ...keys) {
    const text = (item) => JSON.stringify(keys.map((key) => item[key] ?? null));
    return [...list].sort((a, b) => (text(a) < text(b) ? -1 : text(a) > text(b) ? 1 : 0));
}
function withoutEmpty(value) {
    if (Array.isArray(value))
        return value.map(withoutEmpty);
    if (!(0,taskdef_template/* isObject */.Gv)(value))
        return value;
    return Object.fromEntries(Object.entries(value)
        .map(([key, member]) => [key, withoutEmpty(member)])
        .filter(([key, member]) => !isEmpty(member) && !(member === false && key !== 'essential')));
}
/** Every switch but `essential` is off unless it is set. */
const isEmpty = (value) => (Array.isArray(value) && value.length === 0) || ((0,taskdef_template/* isObject */.Gv)(value) && Object.keys(value).length === 0);
function sortedKeys(value) {
    if (Array.isArray(value))
        return value.map(sortedKeys);
    if (!(0,taskdef_template/* isObject */.Gv)(value))
        return value;
    return Object.fromEntries(Object.keys(value)
        .sort()
        .map((key) => [key, sortedKeys(value[key] ?? null)]));
}

;// CONCATENATED MODULE: ./src/taskdef/register.ts

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
    const same = latest?.status === 'ACTIVE' && sameDefinition(latest.definition, definition) && sameTags(latest.tags, tags);
    if (latest && same)
        return { revision: latest, reused: true };
    return { revision: await ecs.registerTaskDefinition(definition, tags), reused: false };
}
function sameTags(a, b) {
    const text = (tags) => JSON.stringify(tags
        .filter(({ key }) => !OWN_TAG.test(key) && !AWS_TAG.test(key))
        .map(({ key, value }) => [key, value])
        .sort());
    return text(a) === text(b);
}

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
        throw new src_failure/* Failure */.H('INVALID_TASK_DEFINITION', `${path} is empty.`, { remedy: 'Give a task definition in it.' });
    }
    if (!/\.ya?ml$/i.test(path))
        return (0,taskdef_template/* parseJson */.qF)(text, path);
    const { parseYaml } = await Promise.all(/* import() */[__webpack_require__.e(815), __webpack_require__.e(213)]).then(__webpack_require__.bind(__webpack_require__, 8213));
    return parseYaml(text, path);
}
/** A live revision says what it means: a `${NAME}` in it is for the container's shell, not for us. */
function ofRevision({ arn, definition, tags }) {
    const own = tags.filter(({ key }) => !OWN_TAG.test(key) && !AWS_TAG.test(key));
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
            return [key, walk(member, below, memberType(type, key))];
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
            remedy: placeholders_remedyFor(name, values),
        });
        return part.text;
    };
    return { value: walk(tree, '', ROOT), mistakes };
}
function placeholders_remedyFor(name, values) {
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
        definition: coerce(definition),
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

;// CONCATENATED MODULE: ./src/survey.ts






/** Looks at the service, its present revision and the template, and refuses what could never work. */
async function surveyService(inputs, world, account) {
    const described = world.ecs.describeServices(inputs.service.cluster, [inputs.service.service]);
    const present = described.then(async ([found]) => {
        if (!found)
            throw new src_failure/* Failure */.H('NOT_FOUND', `There is no service ${inputs.service.service}.`);
        const waves = checkService(inputs.service, found);
        const service = await meetActiveDeployment(found, inputs, world);
        return { service, waves, revision: await world.ecs.describeTaskDefinition(service.taskDefinitionArn) };
    });
    const [{ service, waves, revision }, template] = await Promise.all([
        present,
        loadTemplate(inputs.template.source, async () => (await present).revision, world),
    ]);
    const fargate = service.launchType === 'FARGATE' || service.capacityProviders.some((name) => name.startsWith('FARGATE'));
    const survey = { service, live: revision, template, fargate };
    // With a stand-in for the image that is still being built, so that a mistake ends the run now and not after it.
    checked(renderFor(inputs, survey, world.runner.context, standIn(inputs)), template.name, fargate);
    account.step(`${service.name} runs ${nameOf(revision)}. ${waves.sentence}`);
    if (template.dropped.length > 0) {
        world.console.line(`       read-only fields of ${template.name} left out: ${template.dropped.join(', ')}`);
    }
    return survey;
}
function standIn({ image }) {
    const digest = `sha256:${'0'.repeat(64)}`;
    const reference = `stand-in.local/image@${digest}`;
    return image.kind === 'template'
        ? undefined
        : { reference, repository: 'stand-in.local/image', digest, tags: ['stand-in'] };
}
/** The template with this run's values. */
function renderFor(inputs, survey, context, image) {
    const builtIns = [
        ['GITHUB_SHA', context.sha],
        ['GITHUB_REF_NAME', context.refName],
        ['GITHUB_RUN_ID', context.runId],
        ['AWS_REGION', inputs.aws.region],
        ['AWS_ACCOUNT_ID', survey.service.arn.split(':')[4] ?? ''],
    ];
    return render(survey.template, inputs.template, { builtIns, ...(image ? { image } : {}) });
}
/** The family's newest revision: often the live one, which is described already. */
async function latestRevision(family, live, { ecs }) {
    try {
        const latest = await ecs.describeTaskDefinition(family);
        return latest.arn === live.arn ? live : latest;
    }
    catch (thrown) {
        const { code } = (0,src_failure/* asFailure */.h)(thrown);
        if (code === 'NOT_FOUND' || code === 'REFUSED')
            return undefined; // a new family
        throw thrown;
    }
}
/** A deployment of somebody else that is under way: told, waited for, or a reason to stop, as the user wants it. */
async function meetActiveDeployment(service, inputs, world) {
    const busyIn = (state) => state.deployments.find(({ rolloutState }) => rolloutState === 'IN_PROGRESS');
    const busy = busyIn(service);
    if (!busy)
        return service;
    const said = `A deployment of ${service.name} is under way: ${busy.id} with ${busy.taskDefinitionArn.split('/').at(-1)}.`;
    switch (inputs.recovery.onActiveDeployment) {
        case 'warn':
            world.console.warning(`${said} Ours will take its place.`);
            return service;
        case 'fail':
            throw new src_failure/* Failure */.H('CONFLICT', said, {
                remedy: 'Wait for it, or set `on-active-deployment: warn` to take its place.',
            });
        case 'wait': {
            world.console.line(`${said} Waiting for its end.`);
            const until = world.clock.now() + inputs.watch.timeoutSeconds;
            let now = service;
            while (busyIn(now)) {
                if (world.clock.now() >= until)
                    throw new src_failure/* Failure */.H('CONFLICT', `${said} It did not end in time.`);
                await world.clock.sleep(5, world.signal);
                [now = service] = await world.ecs.describeServices(inputs.service.cluster, [inputs.service.service]);
            }
            return now;
        }
    }
}

;// CONCATENATED MODULE: ./src/taskdef/architecture.ts

/** ECS's names of architectures -> the OCI image specification's. ECS's default is X86_64. */
const OCI_ARCHITECTURES = { X86_64: 'amd64', ARM64: 'arm64' };
/** `linux/amd64`: the platform that the task asks for by `runtimePlatform`. */
function taskPlatform(definition) {
    const runtime = (0,taskdef_template/* isObject */.Gv)(definition.runtimePlatform) ? definition.runtimePlatform : {};
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
    const runtime = (0,taskdef_template/* isObject */.Gv)(definition.runtimePlatform) ? definition.runtimePlatform : {};
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

;// CONCATENATED MODULE: ./src/taskdef/diff.ts


/** Lists of {name, value} and maps: only which names came, went or changed is told; CI logs are often public. */
const HIDDEN = ['environment', 'secrets', 'dockerLabels'];
/** Fields whose text can carry a password (a command line, a health check). */
const HIDDEN_FIELDS = ['command', 'entryPoint', 'healthCheck', 'repositoryCredentials'];
/** Maps within a shown field whose values can be passwords (of a network drive, of a log's destination). */
const HIDDEN_MAPS = ['driverOpts', 'options'];
/** What `after` changes of `before`, both normalised first; the image first, then the rest in a stable order. */
function diffDefinitions(before, after) {
    const [old, now] = [normalise(before), normalise(after)];
    const differences = [];
    const containers = (definition) => new Map((0,taskdef_template/* containersOf */.Mz)(definition).map((container) => [String(container.name), container]));
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
    const [was, is] = [(0,taskdef_template/* isObject */.Gv)(before) ? before : {}, (0,taskdef_template/* isObject */.Gv)(after) ? after : {}];
    return [
        ...diffFields(was, is, `${subject}: log configuration, `, ['options', 'secretOptions']),
        ...diffNames(was.options, is.options, `${subject}: log option`),
        ...diffNames(was.secretOptions, is.secretOptions, `${subject}: secret log option`),
    ];
}
function diffNames(was, is, prefix) {
    const entries = (given) => (0,taskdef_template/* isObject */.Gv)(given)
        ? new Map(Object.entries(given).map(([name, value]) => [name, JSON.stringify(value)]))
        : new Map((0,taskdef_template/* asObjects */.Nt)(given).map((entry) => [String(entry.name), JSON.stringify(entry)]));
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
    const cover = (key, member) => HIDDEN_MAPS.includes(key) && (0,taskdef_template/* isObject */.Gv)(member) ? Object.keys(member) : member;
    const text = typeof value === 'string' ? value : JSON.stringify(value, cover);
    return text.length > 200 ? `${text.slice(0, 197)}...` : text;
}

;// CONCATENATED MODULE: ./src/stories.ts

















/** A commit, taken to a healthy service. */
async function deploy(inputs, world) {
    const account = new Account(world);
    const [survey, image] = await together(world, (inner) => [
        surveyService(inputs, inner, account),
        obtainImage(inputs, inner, account),
    ]);
    const known = { ...(image ? { image } : {}), service: survey.service, previous: survey.live };
    publishOutputs(known, world);
    const rendered = renderFor(inputs, survey, world.runner.context, image);
    const definition = checked(rendered, survey.template.name, survey.fargate);
    refuseWrongArchitecture(rendered, survey, image);
    const latest = await latestRevision(definition.family, survey.live, world);
    const tags = [...rendered.tags, ...ownTags(world.runner.context)];
    const { revision, reused } = await register(definition, tags, latest, world.ecs);
    account.step(`${reused ? 'reusing' : 'registered'} ${nameOf(revision)}`);
    publishOutputs({ revision }, world);
    const differences = diffDefinitions(survey.live.definition, revision.definition);
    (0,live.tellDifferences)(world.console, differences, nameOf(survey.live));
    const facts = { ...known, revision, differences, warnings: [], diagnoses: [], timeline: account.moments };
    const change = planChange(inputs.service, revision.arn, survey.service);
    const deployment = await begin(inputs, change.update, { survey, revision, reused, waves: change.waves.sentence }, world, account);
    publishOutputs({ deployment }, world);
    if (!inputs.watch.wait)
        return { ...facts, deployment, kind: 'started', headline: `${deployment.id} began; nobody watches it.` };
    try {
        const watched = await watch(deployment, world, account.listener(deployment));
        return await settle({ ...facts, deployment }, watched, change.update === undefined, inputs, world, account);
    }
    catch (thrown) {
        if ((0,src_failure/* asFailure */.h)(thrown).code !== 'CANCELLED')
            throw thrown;
        return cancelled({ ...facts, deployment }, inputs, world);
    }
}
/** Runs side by side what can be; when one fails, the others are stopped and the first failure is what counts. */
async function together(world, start) {
    const stop = new AbortController();
    const both = start({ ...world, signal: AbortSignal.any([world.signal, stop.signal]) });
    try {
        return await Promise.all(both);
    }
    catch (first) {
        stop.abort(new src_failure/* Failure */.H('CANCELLED', 'Stopped, because another part of the run failed.'));
        await Promise.allSettled(both);
        throw first;
    }
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
            return inspectImage(image.reference, world.ecr);
        case 'template':
            return undefined;
    }
}
function refuseWrongArchitecture(rendered, survey, image) {
    const container = rendered.container ?? '';
    const mistakes = checkArchitecture(rendered.definition, { container, platforms: image?.platforms }, survey.fargate);
    if (mistakes.length === 0)
        return;
    throw new src_failure/* Failure */.H('INVALID_TASK_DEFINITION', 'The image does not fit the task; nothing was registered.', {
        mistakes,
    });
}
/** Written on each revision, so that a later rollback finds it by commit, ref or run. */
function ownTags({ sha, ref, serverUrl, repository, runId }) {
    const run = repository && runId ? `${serverUrl}/${repository}/actions/runs/${runId}` : '';
    const tags = [
        ['ecs-rollout:commit', sha],
        ['ecs-rollout:ref', ref],
        ['ecs-rollout:run', run],
    ];
    // Characters that an AWS tag takes; a branch name may hold others.
    return tags
        .filter(([, value]) => value !== '')
        .map(([key, value]) => ({ key, value: value.replaceAll(/[^\p{L}\p{Z}\p{N}_.:/=+\-@]/gu, '-').slice(0, 256) }));
}
/**
 * Begins the deployment, or finds the one to judge: an equal revision that already runs or is being rolled out (a
 * re-run after a cancel) is watched, not deployed again.
 */
async function begin(inputs, update, found, world, account) {
    const { survey, revision, reused } = found;
    const now = world.clock.now();
    const definition = revision.definition;
    if (!update) {
        account.step(`${survey.service.name} already is what was asked for; looking whether it is healthy`);
        return { ...pinned(survey.service, inputs.watch, now), definition };
    }
    world.runner.saveState('deployment', JSON.stringify({ service: survey.service.name, previous: survey.live.arn, next: revision.arn }));
    try {
        const deployment = await apply(update, survey.service, inputs.watch, world);
        if (!deployment) {
            account.step('settings changed; ECS needs no new deployment for them');
            return { ...pinned(survey.service, inputs.watch, now), definition };
        }
        const url = (0,links/* serviceLink */.oT)(survey.service);
        (0,live.tellHeader)(world.console, {
            service: survey.service.name,
            cluster: survey.service.clusterArn.split('/').at(-1) ?? '',
            from: nameOf(survey.live),
            to: nameOf(revision),
            waves: found.waves,
            ...(url ? { url } : {}),
        });
        return { ...deployment, definition };
    }
    catch (thrown) {
        // The revision was made for this deployment alone; nobody else can want it.
        if (!reused)
            await world.ecs.deregisterTaskDefinition(revision.arn).catch(() => { });
        throw thrown;
    }
}
function publishOutputs(known, { runner }) {
    for (const [name, value] of Object.entries((0,outputs.outputsOf)(known)))
        runner.setOutput(name, value);
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
